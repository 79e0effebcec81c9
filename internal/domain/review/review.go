// Package review is the one step engine for every route: who looks at a subject in which
// order, what they decide, and what follows. It judges a [Subject] and knows no practice.
//
// A route (quy trình) is data: a [Plan] of steps in order. A step has groups of reviewers
// side by side, each with its own rule (any one of them, all of them, n of them), a deadline
// in working days and what may be done there. A plan is a draft until it is switched on;
// a case keeps the version under which it began. Of the routes that cover a subject, one of
// its movement goes before one for all movements, and the one of the higher unit before
// that of a lower: nobody goes round the route of the unit above.
//
// A case (hồ sơ) is an append-only list of events; where it stands is worked out from
// them by [Advance] and from nothing else.
//
//   - A group has passed when as many of its seats approve as its rule asks for, and is
//     refused when so many refuse that this can no longer be reached. A step has passed when
//     all its groups have; one refused group refuses the case. So it does not matter in which
//     order approvals and refusals of a step come.
//   - The open step is the first that has not passed. After the last the case has passed.
//   - One person gives one vote in a step, whether for the own seat or in the place of
//     another, unless the step allows two. Who sits in two groups of a step that does not,
//     sits in the first alone.
//   - Only who asked reviews again. A return lets the vote of the one who returns stay open
//     and leaves every other vote as it is, but for these: a return to a step opens all votes
//     of that step again; when the registrant sends in again, a vote is open again if a part
//     has changed that the same seat had flagged before, and so is every refusal, since what
//     was refused is no longer on the table. Steps between keep theirs.
//   - Whoever is to vote is looked up anew when a step opens and at each vote. A vote that
//     was given stays, whatever becomes of who gave it.
//   - The days of a reviewer begin on the day on which the vote was first awaited in this
//     turn; the deadline is so many working days after it.
package review

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// The rights of this capability. Who may vote follows from the route, not from a right.
const (
	RightRead     actor.Right = "review.read"     // see cases, and vote where one sits
	RightManage   actor.Right = "review.manage"   // draw routes and switch them on
	RightOverride actor.Right = "review.override" // take a case out of its route, give a seat to another
)

// Purpose is what a route decides about.
type Purpose string

// The purposes.
const (
	Registration Purpose = "registration"
	Appraisal    Purpose = "appraisal"
	Proposal     Purpose = "proposal"
)

// Purposes lists them in the order of forms.
func Purposes() []Purpose { return []Purpose{Registration, Appraisal, Proposal} }

// Label is the word for the purpose.
func (p Purpose) Label() i18n.Key {
	switch p {
	case Appraisal:
		return i18n.ReviewPurposeAppraisal
	case Proposal:
		return i18n.ReviewPurposeProposal
	default:
		return i18n.ReviewPurposeRegistration
	}
}

// At says where the reviewers of a group are found.
type At string

// The places.
const (
	AtOwn    At = "own"    // the unit of the subject
	AtAbove  At = "above"  // the nearest unit on a level, from that of the subject upwards
	AtUnit   At = "unit"   // a named unit, such as a committee or the standing body
	AtPeople At = "people" // named accounts
)

// Places lists them in the order of forms.
func Places() []At { return []At{AtOwn, AtAbove, AtUnit, AtPeople} }

// Label is the word for the place.
func (a At) Label() i18n.Key {
	switch a {
	case AtAbove:
		return i18n.ReviewAtAbove
	case AtUnit:
		return i18n.ReviewAtUnit
	case AtPeople:
		return i18n.ReviewAtPeople
	default:
		return i18n.ReviewAtOwn
	}
}

// Rule says how many of a group must approve.
type Rule string

// The rules.
const (
	Any  Rule = "any"
	All  Rule = "all"
	Some Rule = "some" // as many as Group.Need says
)

// Rules lists them in the order of forms.
func Rules() []Rule { return []Rule{Any, All, Some} }

// Label is the word for the rule.
func (r Rule) Label() i18n.Key {
	switch r {
	case All:
		return i18n.ReviewRuleAll
	case Some:
		return i18n.ReviewRuleSome
	default:
		return i18n.ReviewRuleAny
	}
}

// Group is some reviewers who decide by a rule of their own.
type Group struct {
	Name     string    `json:"name,omitempty"`
	At       At        `json:"at"`
	Level    org.Level `json:"level,omitempty"`    // of AtAbove
	Unit     string    `json:"unit,omitempty"`     // of AtUnit: its identity
	Accounts []string  `json:"accounts,omitempty"` // of AtPeople: their identities
	Role     string    `json:"role,omitempty"`     // "" is any role
	Rule     Rule      `json:"rule"`
	Need     int       `json:"need,omitempty"` // of Some
}

// needs is how many approvals a group of so many seats asks for.
func (g Group) needs(seats int) int {
	switch g.Rule {
	case All:
		return seats
	case Some:
		return g.Need
	default:
		return 1
	}
}

// Step is one step of a route.
type Step struct {
	Name   string   `json:"name"`
	Days   int      `json:"days,omitempty"`   // working days; 0 is no deadline
	Return bool     `json:"return,omitempty"` // may be sent back
	Refuse bool     `json:"refuse,omitempty"` // may be refused
	Twice  bool     `json:"twice,omitempty"`  // one person may vote for two groups, or for two seats
	Kinds  []string `json:"kinds,omitempty"`  // only for these kinds of subject; none is all
	Fields []string `json:"fields,omitempty"` // only for these fields; none is all
	Groups []Group  `json:"groups"`
}

// applies tells whether a subject goes through the step.
func (s Step) applies(to Subject) bool {
	return (len(s.Kinds) == 0 || slices.Contains(s.Kinds, to.SubjectKind)) && (len(s.Fields) == 0 || slices.Contains(s.Fields, to.Field))
}

// Plan is the steps of a route in their order.
type Plan struct {
	Steps []Step `json:"steps"`
}

// skips are the steps through which a subject does not go.
func (p Plan) skips(of Subject) []int {
	var all []int
	for i, s := range p.Steps {
		if !s.applies(of) {
			all = append(all, i)
		}
	}
	return all
}

// Bounds of texts, in characters, and of lists.
const (
	maxName     = 200
	maxText     = 2000
	MaxSteps    = 12
	MaxGroups   = 6
	MaxAccounts = 30
	maxDays     = 250
	maxNeed     = 30
	maxParts    = 40
)

// Check gathers everything that is wrong with the plan. The fields of a step are named
// "s0.name", those of a group "s0g1.unit".
func (p *Plan) Check() error {
	var l errs.List
	if len(p.Steps) == 0 || len(p.Steps) > MaxSteps {
		l.Add("steps", i18n.ReviewStepsNeeded, MaxSteps)
	}
	for i := range p.Steps {
		p.Steps[i].check(&l, StepField(i, ""))
	}
	return l.Err()
}

// StepField names a field of a step.
func StepField(i int, name string) string { return "s" + strconv.Itoa(i) + "." + name }

// GroupField names a field of a group.
func GroupField(i, j int, name string) string {
	return "s" + strconv.Itoa(i) + "g" + strconv.Itoa(j) + "." + name
}

func (s *Step) check(l *errs.List, prefix string) {
	s.Name = viet.Line(s.Name)
	l.Text(prefix+"name", s.Name, maxName, true)
	if s.Days < 0 || s.Days > maxDays {
		l.Add(prefix+"days", i18n.ReviewDaysBound, maxDays)
	}
	if len(s.Groups) == 0 || len(s.Groups) > MaxGroups {
		l.Add(prefix+"name", i18n.ReviewGroupsNeeded, MaxGroups)
	}
	if len(s.Kinds)+len(s.Fields) > maxParts {
		l.Add(prefix+"kinds", i18n.ErrsBadChoice)
	}
	for j := range s.Groups {
		s.Groups[j].check(l, strings.TrimSuffix(prefix, ".")+"g"+strconv.Itoa(j)+".")
	}
}

func (g *Group) check(l *errs.List, prefix string) {
	g.Name = viet.Line(g.Name)
	l.Text(prefix+"name", g.Name, maxName, false)
	switch {
	case !slices.Contains(Places(), g.At):
		l.Add(prefix+"at", i18n.ErrsBadChoice)
	case g.At == AtAbove && !slices.Contains(org.Levels(), g.Level):
		l.Add(prefix+"level", i18n.ErrsRequired)
	case g.At == AtUnit && g.Unit == "":
		l.Add(prefix+"unit", i18n.ErrsRequired)
	case g.At == AtPeople && (len(g.Accounts) == 0 || len(g.Accounts) > MaxAccounts):
		l.Add(prefix+"accounts", i18n.ReviewPeopleNeeded, MaxAccounts)
	}
	if !slices.Contains(Rules(), g.Rule) {
		l.Add(prefix+"rule", i18n.ErrsBadChoice)
	}
	if g.Rule == Some && (g.Need < 1 || g.Need > maxNeed) {
		l.Add(prefix+"need", i18n.ReviewNeedBound, maxNeed)
	}
	g.clear()
}

// clear empties what another choice of the group has no use for.
func (g *Group) clear() {
	if g.At != AtAbove {
		g.Level = org.NoLevel
	}
	if g.At != AtUnit {
		g.Unit = ""
	}
	if g.At != AtPeople {
		g.Accounts = nil
	}
	if g.Rule != Some {
		g.Need = 0
	}
}

// Subject is what a case is about.
type Subject struct {
	Kind        string // "entry"
	ID          string
	Code        string
	Title       string
	Unit        string // identity
	Movement    string // code
	SubjectKind string
	Field       string
	By          string // the account that sent it in
}

// Route is a route with its versions.
type Route struct {
	ID        string
	Name      string
	Purpose   Purpose
	Movement  string // code; "" is every movement
	Unit      string // identity: it is for subjects there and below; "" is the whole house
	Overseer  string // identity of the unit that hears of what is late in the last step; ""
	Active    int    // the version under which cases begin; 0 is none
	Version   int
	UpdatedAt time.Time
	UpdatedBy string
	Versions  []Version // the latest first
}

// Version is a plan of a route as it was drawn.
type Version struct {
	No         int
	Plan       Plan
	SwitchedOn time.Time // zero is a draft
	UpdatedAt  time.Time
	UpdatedBy  string
	Running    int // cases on their way under it
}

// Draft is the version that is not switched on yet.
func (r Route) Draft() (Version, bool) {
	if len(r.Versions) > 0 && r.Versions[0].SwitchedOn.IsZero() {
		return r.Versions[0], true
	}
	return Version{}, false
}

// Current is the version under which cases begin.
func (r Route) Current() (Version, bool) { return r.Numbered(r.Active) }

// Numbered finds a version.
func (r Route) Numbered(no int) (Version, bool) {
	i := slices.IndexFunc(r.Versions, func(v Version) bool { return v.No == no })
	if i < 0 {
		return Version{}, false
	}
	return r.Versions[i], true
}

// Running is how many cases are on their way under any version.
func (r Route) Running() int {
	n := 0
	for _, v := range r.Versions {
		n += v.Running
	}
	return n
}

// Input is what is written of a route beside its steps.
type Input struct {
	Name     string
	Purpose  Purpose
	Movement string // code, or ""
	Unit     string // code; "" is the whole house
	Overseer string // code, or ""
}

// Check gathers everything that is wrong with the input.
func (in *Input) Check() error {
	var l errs.List
	in.Name = viet.Line(in.Name)
	l.Text("name", in.Name, maxName, true)
	l.Text("movement", in.Movement, 64, false)
	if !slices.Contains(Purposes(), in.Purpose) {
		l.Add("purpose", i18n.ErrsBadChoice)
	}
	return l.Err()
}

// Reason says by a word why something is sent back.
type Reason string

// Reasons lists them in the order of forms.
func Reasons() []Reason {
	return []Reason{"missing", "unclear", "wrong", "evidence", "duplicate", "other"}
}

// Label is the word for the reason.
func (r Reason) Label() i18n.Key {
	switch r {
	case "missing":
		return i18n.ReviewReasonMissing
	case "unclear":
		return i18n.ReviewReasonUnclear
	case "wrong":
		return i18n.ReviewReasonWrong
	case "evidence":
		return i18n.ReviewReasonEvidence
	case "duplicate":
		return i18n.ReviewReasonDuplicate
	default:
		return i18n.ReviewReasonOther
	}
}
