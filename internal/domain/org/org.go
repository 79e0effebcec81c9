// Package org keeps the units that take part: committees, wards, neighbourhood groups,
// schools, police posts, hospitals, unions. A unit has a lasting identity; its name,
// its level and its parents hold from one day to another, because wards are merged,
// split and renamed while their practices go on.
//
// A unit has parents in up to three trees (State, Party, sector). One of these links
// counts: along the counting links every unit is counted once, in its parent. The path
// of a unit is the chain of its ancestors' steps in the counting tree, four letters
// each, so that a whole subtree is one range of paths.
package org

import (
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// The rights of this capability.
const (
	RightRead   actor.Right = "org.read"
	RightManage actor.Right = "org.manage"
)

// Kind says what sort of unit it is.
type Kind string

// Kinds lists every kind of unit, in the order in which forms offer them.
func Kinds() []Kind {
	return []Kind{
		"commune", "neighbourhoodGroup", "village", "school", "police", "military", "hospital", "union", "front",
		"party", "agency", "enterprise", "religious", "district", "province", "central", "other",
	}
}

// Level is the administrative level that a unit, a decision or a recognition has.
type Level string

// The levels. The district level ended on 30 June 2025 (Law 72/2025/QH15 on the
// organisation of local government); titles given on it stay history.
const (
	NoLevel  Level = ""
	Commune  Level = "commune"
	District Level = "district"
	Province Level = "province"
	Central  Level = "central"
)

// Levels lists the levels from below.
func Levels() []Level { return []Level{Commune, District, Province, Central} }

// DistrictEnd is the first day without a district level.
func DistrictEnd() clock.Date { return clock.NewDate(2025, 7, 1) }

// TreeKind is one of the trees in which a unit can have a parent.
type TreeKind string

// The trees.
const (
	State  TreeKind = "state"
	Party  TreeKind = "party"
	Sector TreeKind = "sector"
)

// Trees lists the trees in the order in which forms offer them.
func Trees() []TreeKind { return []TreeKind{State, Party, Sector} }

// Span is a stretch of days: from the first, up to but not with To. No To means that
// it has not ended.
type Span struct{ From, To clock.Date }

// On tells whether the day lies in the span.
func (s Span) On(d clock.Date) bool { return s.From <= d && (s.To == 0 || d < s.To) }

// Name is what a unit was called, and its level, in a span.
type Name struct {
	Span
	Name  string
	Level Level
}

// Parent is a link to a parent in one tree, in a span.
type Parent struct {
	Span
	Unit   string
	Tree   TreeKind
	Counts bool
}

// Unit is one unit with its whole history.
type Unit struct {
	Span
	ID      string
	Code    string
	Kind    Kind
	Version int
	Names   []Name
	Parents []Parent
	step    string
}

// NameOn is the name that held on the day; the last known one where none did.
func (u Unit) NameOn(d clock.Date) string { return u.nameOn(d).Name }

// LevelOn is the level that held on the day.
func (u Unit) LevelOn(d clock.Date) Level { return u.nameOn(d).Level }

func (u Unit) nameOn(d clock.Date) Name {
	var last Name
	for _, n := range u.Names {
		if n.On(d) {
			return n
		}
		last = n
	}
	return last
}

// ParentOn is the unit's parent in a tree on the day, or "".
func (u Unit) ParentOn(tree TreeKind, d clock.Date) string {
	for _, p := range u.Parents {
		if p.Tree == tree && p.On(d) {
			return p.Unit
		}
	}
	return ""
}

func (u Unit) countingParent(d clock.Date) string {
	for _, p := range u.Parents {
		if p.Counts && p.On(d) {
			return p.Unit
		}
	}
	return ""
}

// Input is what is needed to set up a unit.
type Input struct {
	Code    string
	Name    string
	Kind    Kind
	Level   Level
	From    clock.Date
	Parents []ParentInput
}

// ParentInput names a parent by its identity.
type ParentInput struct {
	Unit   string
	Tree   TreeKind
	Counts bool
}

// Bounds of texts, in characters.
const (
	maxCode     = 32
	maxName     = 200
	maxDecision = 300
	maxNote     = 1000
)

// Check gathers everything that is wrong with the input.
func (in *Input) Check() error {
	var l errs.List
	in.Code, in.Name = strings.TrimSpace(in.Code), strings.TrimSpace(in.Name)
	checkText(&l, "code", in.Code, maxCode)
	checkText(&l, "name", in.Name, maxName)
	if in.Code != "" && !validCode(in.Code) {
		l.Add("code", i18n.OrgCodeForm)
	}
	if !slices.Contains(Kinds(), in.Kind) {
		l.Add("kind", i18n.ErrsBadChoice)
	}
	if in.Level != NoLevel && !slices.Contains(Levels(), in.Level) {
		l.Add("level", i18n.ErrsBadChoice)
	}
	if in.From == 0 {
		l.Add("from", i18n.ErrsRequired)
	}
	counting, trees := 0, map[TreeKind]bool{}
	for _, p := range in.Parents {
		if trees[p.Tree] {
			l.Add("parent", i18n.OrgOneParentPerTree)
		}
		trees[p.Tree] = true
		if !slices.Contains(Trees(), p.Tree) {
			l.Add("tree", i18n.ErrsBadChoice)
		}
		if p.Counts {
			counting++
		}
	}
	if counting > 1 {
		l.Add("parent", i18n.OrgOneCountingParent)
	}
	return l.Err()
}

// checkName checks what a unit is to be called from a day on.
func checkName(name string, level Level) error {
	var l errs.List
	checkText(&l, "name", name, maxName)
	if level != NoLevel && !slices.Contains(Levels(), level) {
		l.Add("level", i18n.ErrsBadChoice)
	}
	return l.Err()
}

func checkText(l *errs.List, field, text string, limit int) {
	switch {
	case text == "":
		l.Add(field, i18n.ErrsRequired)
	case len([]rune(text)) > limit:
		l.Add(field, i18n.ErrsTooLong, limit)
	}
}

// validCode takes letters, digits, dots and dashes: a code stands in addresses.
func validCode(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '.'
	}) < 0
}

// EventKind is what happened to units on a day.
type EventKind string

// The events.
const (
	Merge   EventKind = "merge"
	Split   EventKind = "split"
	Rename  EventKind = "rename"
	Abolish EventKind = "abolish"
	Move    EventKind = "move"
)

// Succession says that a unit, wholly or in part, went into another.
type Succession struct {
	From, To string
	Whole    bool
}

// Event is a change of the organisation, with the units that followed each other.
type Event struct {
	ID          string
	Kind        EventKind
	On          clock.Date
	Decision    string // number and date of the paper it rests on
	Note        string
	Successions []Succession
}

// check gathers what is wrong with a merge, a split or an abolition.
func (e *Event) check() error {
	var l errs.List
	if !slices.Contains([]EventKind{Merge, Split, Abolish}, e.Kind) {
		l.Add("kind", i18n.ErrsBadChoice)
	}
	if e.On == 0 {
		l.Add("on", i18n.ErrsRequired)
	}
	if len(e.Successions) == 0 {
		l.Add("units", i18n.ErrsRequired)
	}
	if len([]rune(e.Decision)) > maxDecision {
		l.Add("decision", i18n.ErrsTooLong, maxDecision)
	}
	if len([]rune(e.Note)) > maxNote {
		l.Add("note", i18n.ErrsTooLong, maxNote)
	}
	return l.Err()
}
