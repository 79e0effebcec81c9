package movement

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// CriteriaSet is one version of the criteria (bộ tiêu chí) by which a kind of subject is
// scored. Points and weights are hundredths: 250 is 2.5 points, a weight of 100 counts once.
type CriteriaSet struct {
	ID        string
	Movement  string // code of the movement that it belongs to
	Kind      ledger.SubjectKind
	No        int        // of the version, from 1
	On        clock.Date // in force from; no day is a draft
	BonusCap  int        // the most that all bonus points together count; 0 is no cap
	Reason    string     // why it took the place of the version before
	Sample    bool       // as it was shipped, nobody has looked at it
	Used      bool       // something was scored by it
	Version   int
	UpdatedAt time.Time
	UpdatedBy string
	Groups    []CriteriaGroup
}

// CriteriaGroup is some criteria under one heading.
type CriteriaGroup struct {
	Name     string
	Cap      int // the most that the group counts; 0 is no cap
	Criteria []Criterion
}

// Criterion is what points are given for. It keeps its identity from version to version.
type Criterion struct {
	ID        string
	Name      string
	Help      string
	Most      int
	Weight    int
	Bonus     bool // counts beside the groups, up to the cap of bonus points
	Mandatory bool // without a point for it the whole fails
	Evidence  Evidence
}

// Evidence says what must be shown for points.
type Evidence string

// What must be shown.
const (
	NoEvidence       Evidence = ""
	EvidenceDocument Evidence = "document"
	EvidencePhoto    Evidence = "photo"
	EvidenceFigures  Evidence = "figures"
	EvidenceList     Evidence = "list"
	EvidenceVisit    Evidence = "visit"
)

// Evidences lists them in the order of forms.
func Evidences() []Evidence {
	return []Evidence{NoEvidence, EvidenceDocument, EvidencePhoto, EvidenceFigures, EvidenceList, EvidenceVisit}
}

// Label is the word for it.
func (e Evidence) Label() i18n.Key {
	switch e {
	case EvidenceDocument:
		return i18n.MovementEvidenceDocument
	case EvidencePhoto:
		return i18n.MovementEvidencePhoto
	case EvidenceFigures:
		return i18n.MovementEvidenceFigures
	case EvidenceList:
		return i18n.MovementEvidenceList
	case EvidenceVisit:
		return i18n.MovementEvidenceVisit
	default:
		return i18n.MovementEvidenceNone
	}
}

// Draft tells whether the version is not in force on any day.
func (c CriteriaSet) Draft() bool { return c.On == 0 }

// All are the criteria of every group, in their order.
func (c CriteriaSet) All() []Criterion {
	var all []Criterion
	for _, g := range c.Groups {
		all = append(all, g.Criteria...)
	}
	return all
}

// Find finds a criterion by its identity.
func (c CriteriaSet) Find(id string) (Criterion, bool) {
	all := c.All()
	i := slices.IndexFunc(all, func(x Criterion) bool { return x.ID == id })
	if i < 0 {
		return Criterion{}, false
	}
	return all[i], true
}

// MustScoreAgain tells whether what was scored by one version must be scored again by
// this one.
func (c CriteriaSet) MustScoreAgain(used string) bool { return used != "" && used != c.ID }

// CriteriaInput is a set as a form has it: criteria name their group.
type CriteriaInput struct {
	BonusCap int
	Groups   []CriteriaGroup // names and caps; a group that only a criterion names has no cap
	Rows     []CriterionInput
}

// CriterionInput is a criterion with the name of its group.
type CriterionInput struct {
	Group string
	Criterion
}

// Bounds of a set of criteria.
const (
	MaxGroups   = 20
	MaxCriteria = 100
	MaxPoints   = 1000_00
	MaxWeight   = 10_00
	maxHelp     = 1000
)

// Check gathers everything that is wrong with the input; a field is named with the number
// of its row behind: "name0".
func (in *CriteriaInput) Check() error {
	var l errs.List
	if in.BonusCap < 0 || in.BonusCap > MaxPoints {
		l.Add("bonusCap", i18n.MovementPointsRange)
	}
	if len(in.Groups) > MaxGroups {
		l.Add("group0", i18n.MovementTooMany, MaxGroups)
	}
	if len(in.Rows) > MaxCriteria {
		l.Add("name0", i18n.MovementTooMany, MaxCriteria)
	}
	seen := map[string]bool{}
	for i := range in.Groups {
		g, field := &in.Groups[i], "group"+strconv.Itoa(i)
		g.Name = strings.TrimSpace(g.Name)
		l.Text(field, g.Name, maxName, true)
		if g.Cap < 0 || g.Cap > MaxPoints {
			l.Add("cap"+strconv.Itoa(i), i18n.MovementPointsRange)
		}
		if key := viet.Fold(g.Name); key != "" && seen[key] {
			l.Add(field, i18n.MovementGroupTwice, g.Name)
		} else {
			seen[key] = true
		}
	}
	ids := map[string]bool{}
	for i := range in.Rows {
		in.Rows[i].check(&l, strconv.Itoa(i))
		if id := in.Rows[i].ID; id != "" && ids[id] {
			in.Rows[i].ID = ""
		}
		ids[in.Rows[i].ID] = true
	}
	return l.Err()
}

func (c *CriterionInput) check(l *errs.List, n string) {
	c.Group, c.Name, c.Help = strings.TrimSpace(c.Group), strings.TrimSpace(c.Name), strings.TrimSpace(c.Help)
	l.Text("of"+n, c.Group, maxName, true)
	l.Text("name"+n, c.Name, maxText, true)
	l.Text("help"+n, c.Help, maxHelp, false)
	if c.Most <= 0 || c.Most > MaxPoints {
		l.Add("most"+n, i18n.MovementPointsRange)
	}
	if c.Weight <= 0 || c.Weight > MaxWeight {
		l.Add("weight"+n, i18n.MovementWeightRange)
	}
	if !slices.Contains(Evidences(), c.Evidence) {
		l.Add("evidence"+n, i18n.ErrsBadChoice)
	}
}

// grouped puts the criteria under their groups. One whose identity is not known gets one.
func (in CriteriaInput) grouped(known map[string]bool, newID func() string) []CriteriaGroup {
	var groups []CriteriaGroup
	for _, g := range in.Groups {
		groups = append(groups, CriteriaGroup{Name: g.Name, Cap: g.Cap})
	}
	for _, row := range in.Rows {
		at := slices.IndexFunc(groups, func(g CriteriaGroup) bool { return viet.Fold(g.Name) == viet.Fold(row.Group) })
		if at < 0 {
			at = len(groups)
			groups = append(groups, CriteriaGroup{Name: row.Group})
		}
		if !known[row.ID] {
			row.ID = newID()
		}
		groups[at].Criteria = append(groups[at].Criteria, row.Criterion)
	}
	return slices.DeleteFunc(groups, func(g CriteriaGroup) bool { return len(g.Criteria) == 0 })
}

// CriteriaAt names the draft that is changed, and over which version; 0 is none yet.
type CriteriaAt struct {
	Movement string // code
	Kind     ledger.SubjectKind
	Version  int
}

// CriteriaSets gives every version of a movement's criteria, the newest of each kind
// first, and those of the movement that it answers for the kinds of which it has none in
// force itself.
func (s *Service) CriteriaSets(ctx context.Context, who actor.Actor, code string) (own, inherited []CriteriaSet, err error) {
	if !who.Can(RightRead) {
		return nil, nil, forbidden()
	}
	m, err := s.seen(ctx, s.db, who, code)
	if err != nil {
		return nil, nil, err
	}
	if own, err = criteriaOf(ctx, s.db, m.ID); err != nil {
		return nil, nil, err
	}
	for _, k := range ledger.SubjectKinds() {
		set, err := CriteriaIn(ctx, s.db, m, k, s.now.Today())
		switch {
		case errs.Is(err, errs.NotFound):
		case err != nil:
			return nil, nil, err
		case set.Movement != m.Code:
			inherited = append(inherited, set)
		}
	}
	return own, inherited, nil
}

// CriteriaIn gives the version by which a kind of subject is scored on a day: the
// movement's own or, where it has none, that of the movement that it answers. Whoever
// scores keeps its identity; see [CriteriaSet.MustScoreAgain]. For the rooms above.
func CriteriaIn(ctx context.Context, q db.Querier, m Movement, kind ledger.SubjectKind, on clock.Date) (CriteriaSet, error) {
	for range maxLevels {
		set, err := criteriaInForce(ctx, q, m.ID, kind, on)
		if !errors.Is(err, db.ErrNoRow) {
			return set, err
		}
		if m.Upper == "" {
			break
		}
		if m, err = byID(ctx, q, m.Upper); err != nil {
			return CriteriaSet{}, err
		}
	}
	return CriteriaSet{}, errs.New(errs.NotFound, i18n.MovementNoCriteria)
}

// maxLevels is how far up is looked: further than there are levels.
const maxLevels = 8

// CriteriaVersion finds a version by its identity, in force or not any more. For the rooms
// above.
func CriteriaVersion(ctx context.Context, q db.Querier, id string) (CriteriaSet, error) {
	return criteriaByID(ctx, q, id)
}

// CriteriaUsed marks a version as one by which something was scored, in the caller's
// transaction. For the rooms above.
func CriteriaUsed(ctx context.Context, tx *db.Tx, set string) error { return markUsed(ctx, tx, set) }

// DraftCriteria writes the draft of a kind's criteria, over the version that was read; it
// is begun where there is none.
func (s *Service) DraftCriteria(ctx context.Context, who actor.Actor, at CriteriaAt, in CriteriaInput) (CriteriaSet, error) {
	if !who.Can(RightManage) {
		return CriteriaSet{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return CriteriaSet{}, err
	}
	var set CriteriaSet
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.mine(ctx, tx, who, at.Movement)
		if err != nil {
			return err
		}
		known, err := knownCriteria(ctx, tx, m, at.Kind)
		if err != nil {
			return err
		}
		if set, err = draftAt(ctx, tx, m, at); err != nil {
			return err
		}
		if set.ID == "" {
			set.ID = s.newID()
		}
		set.Groups, set.BonusCap, set.Sample = in.grouped(known, s.newID), in.BonusCap, false
		set.Version, set.UpdatedAt, set.UpdatedBy = set.Version+1, s.now(), who.Account
		if err := putCriteria(ctx, tx, m.ID, set); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "movement.criteria.draft", m.ID, set)
	})
	return set, err
}

// draftAt is the draft that is to be changed, or a new one with the next number.
func draftAt(ctx context.Context, q db.Querier, m Movement, at CriteriaAt) (CriteriaSet, error) {
	if !slices.Contains(ledger.SubjectKinds(), at.Kind) {
		return CriteriaSet{}, errs.New(errs.Invalid, i18n.ErrsBadChoice).On("kind")
	}
	all, err := criteriaOf(ctx, q, m.ID)
	if err != nil {
		return CriteriaSet{}, err
	}
	draft := CriteriaSet{Movement: m.Code, Kind: at.Kind, No: 1}
	for _, set := range all {
		switch {
		case set.Kind != at.Kind:
		case set.Draft():
			draft = set
		default:
			draft.No = max(draft.No, set.No+1)
		}
	}
	if draft.Version != at.Version {
		return CriteriaSet{}, errs.New(errs.Conflict, i18n.ErrsConflict)
	}
	return draft, nil
}

// knownCriteria are the identities of criteria that a draft may take over.
func knownCriteria(ctx context.Context, q db.Querier, m Movement, kind ledger.SubjectKind) (map[string]bool, error) {
	known := map[string]bool{}
	all, err := criteriaOf(ctx, q, m.ID)
	if err != nil {
		return nil, err
	}
	upper, err := upperCriteria(ctx, q, m, kind, maxDay)
	if err != nil {
		return nil, err
	}
	for _, set := range append(all, upper) {
		if set.Kind != kind {
			continue
		}
		for _, c := range set.All() {
			known[c.ID] = true
		}
	}
	return known, nil
}

// maxDay lies after every day that is asked about.
const maxDay = clock.Date(3_000_000)

// upperCriteria are those of the movement that one answers; none has no identity.
func upperCriteria(ctx context.Context, q db.Querier, m Movement, kind ledger.SubjectKind, on clock.Date) (CriteriaSet, error) {
	if m.Upper == "" {
		return CriteriaSet{}, nil
	}
	upper, err := byID(ctx, q, m.Upper)
	if err != nil {
		return CriteriaSet{}, err
	}
	set, err := CriteriaIn(ctx, q, upper, kind, on)
	if errs.Is(err, errs.NotFound) {
		return CriteriaSet{}, nil
	}
	return set, err
}

// Enforcement says from when a draft is in force, and why it takes the place of the
// version before.
type Enforcement struct {
	On     clock.Date
	Reason string
}

// EnforceCriteria puts a draft in force. Where something was scored by the version before,
// a reason is needed: all of it must be scored again. What the level above made mandatory
// stays so.
func (s *Service) EnforceCriteria(ctx context.Context, who actor.Actor, at CriteriaAt, in Enforcement) (CriteriaSet, error) {
	if !who.Can(RightManage) {
		return CriteriaSet{}, forbidden()
	}
	in.Reason = strings.TrimSpace(in.Reason)
	var l errs.List
	if in.On == 0 {
		l.Add("on", i18n.ErrsRequired)
	}
	l.Text("reason", in.Reason, maxText, false)
	if l.Err() != nil {
		return CriteriaSet{}, l.Err()
	}
	var set CriteriaSet
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.mine(ctx, tx, who, at.Movement)
		if err != nil {
			return err
		}
		if set, err = draftAt(ctx, tx, m, at); err != nil {
			return err
		}
		if err := mayEnforce(ctx, tx, m, set, in); err != nil {
			return err
		}
		set.On, set.Reason, set.Sample = in.On, in.Reason, false
		set.Version, set.UpdatedAt, set.UpdatedBy = set.Version+1, s.now(), who.Account
		if err := putCriteria(ctx, tx, m.ID, set); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "movement.criteria.enforce", m.ID,
			map[string]any{"criteria": set.ID, "kind": set.Kind.String(), "no": set.No, "on": in.On, "reason": in.Reason})
	})
	return set, err
}

func mayEnforce(ctx context.Context, q db.Querier, m Movement, set CriteriaSet, in Enforcement) error {
	if set.Version == 0 || len(set.All()) == 0 {
		return errs.New(errs.Invalid, i18n.MovementCriteriaEmpty)
	}
	before, err := criteriaInForce(ctx, q, m.ID, set.Kind, maxDay)
	switch {
	case errors.Is(err, db.ErrNoRow):
	case err != nil:
		return err
	case in.On < before.On:
		return errs.New(errs.Invalid, i18n.MovementCriteriaBefore, before.On).On("on")
	case before.Used && in.Reason == "":
		return errs.New(errs.Invalid, i18n.MovementCriteriaReason).On("reason")
	}
	upper, err := upperCriteria(ctx, q, m, set.Kind, in.On)
	if err != nil {
		return err
	}
	for _, c := range upper.All() {
		if own, kept := set.Find(c.ID); c.Mandatory && (!kept || !own.Mandatory) {
			return errs.New(errs.Invalid, i18n.MovementCriteriaWeaker, c.Name)
		}
	}
	return nil
}

// DropCriteria throws a draft away.
func (s *Service) DropCriteria(ctx context.Context, who actor.Actor, at CriteriaAt) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.mine(ctx, tx, who, at.Movement)
		if err != nil {
			return err
		}
		set, err := draftAt(ctx, tx, m, at)
		if err != nil {
			return err
		}
		if set.Version == 0 {
			return errs.New(errs.NotFound, i18n.MovementNoCriteria)
		}
		if err := removeCriteria(ctx, tx, set.ID); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "movement.criteria.drop", m.ID, set)
	})
}
