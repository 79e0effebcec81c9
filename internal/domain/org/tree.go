package org

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// StepLen is the length of one step of a path.
const StepLen = 4

// Tree is all units as they stood at one revision. It does not change, so it may be
// read by many at once.
type Tree struct {
	revision int
	byID     map[string]*Unit
	byCode   map[string]*Unit
	byStep   map[string]*Unit
	children map[string][]*Unit // by identity of any counting parent, ever
	all      []*Unit

	ready   sync.Once           // guards what is worked out at its first use
	paths   map[string][]string // by identity
	byCodes []*Unit             // all, in the order of their codes
}

func newTree(revision int, units []*Unit) *Tree {
	t := &Tree{
		revision: revision,
		byID:     make(map[string]*Unit, len(units)),
		byCode:   make(map[string]*Unit, len(units)),
		byStep:   make(map[string]*Unit, len(units)),
		children: map[string][]*Unit{},
	}
	for _, u := range units {
		t.add(u)
	}
	return t
}

// add is for a tree that nobody else has yet.
func (t *Tree) add(u *Unit) {
	t.all = append(t.all, u)
	t.byID[u.ID], t.byCode[u.Code], t.byStep[u.step] = u, u, u
	for _, p := range u.Parents { // all links of one unit come together, so a look at the last child is enough
		if below := t.children[p.Unit]; p.Counts && (len(below) == 0 || below[len(below)-1] != u) {
			t.children[p.Unit] = append(below, u)
		}
	}
	if t.paths != nil {
		t.paths[u.ID] = t.pathsOf(u.ID)
		at, _ := slices.BinarySearchFunc(t.byCodes, u.Code, func(o *Unit, code string) int { return cmp.Compare(o.Code, code) })
		t.byCodes = slices.Insert(t.byCodes, at, u)
	}
}

// Revision is counted up by every change of the units.
func (t *Tree) Revision() int { return t.revision }

// Len is the number of units.
func (t *Tree) Len() int { return len(t.all) }

// Unit finds a unit by its identity.
func (t *Tree) Unit(id string) (Unit, bool) { return deref(t.byID[id]) }

// ByCode finds a unit by its code.
func (t *Tree) ByCode(code string) (Unit, bool) { return deref(t.byCode[code]) }

// AtPath finds the unit at the end of a path.
func (t *Tree) AtPath(path string) (Unit, bool) {
	if len(path) < StepLen {
		return Unit{}, false
	}
	return deref(t.byStep[path[len(path)-StepLen:]])
}

func deref(u *Unit) (Unit, bool) {
	if u == nil {
		return Unit{}, false
	}
	return *u, true
}

// PathOn is the unit's path in the counting tree on the day; "" where there is no such
// unit. A unit without a counting parent is the root of a tree of its own.
func (t *Tree) PathOn(id string, d clock.Date) string {
	var steps []string
	for u := t.byID[id]; u != nil && len(steps) < maxDepth; u = t.byID[u.countingParent(d)] {
		steps = append(steps, u.step)
	}
	slices.Reverse(steps)
	return strings.Join(steps, "")
}

// maxDepth bounds the walk upwards; a circle is refused when a link is made.
const maxDepth = 16

// Paths is every path that the unit has had: the scope of someone who was given it,
// records of earlier boundaries included.
func (t *Tree) Paths(id string) []string {
	t.ready.Do(t.workOut)
	return t.paths[id]
}

// workOut works out what a page asks of every unit at once.
func (t *Tree) workOut() {
	t.paths = make(map[string][]string, len(t.all))
	for _, u := range t.all {
		t.paths[u.ID] = t.pathsOf(u.ID)
	}
	t.byCodes = slices.Clone(t.all)
	slices.SortFunc(t.byCodes, func(a, b *Unit) int { return cmp.Compare(a.Code, b.Code) })
}

func (t *Tree) pathsOf(id string) []string {
	var all []string
	for _, d := range t.turningDays(id) {
		if p := t.PathOn(id, d); p != "" && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// turningDays are the days on which the way from the unit upwards may have changed.
func (t *Tree) turningDays(id string) []clock.Date {
	u := t.byID[id]
	if u == nil {
		return nil
	}
	days := []clock.Date{u.From}
	seen := map[string]bool{}
	for queue := []*Unit{u}; len(queue) > 0; queue = queue[1:] {
		for _, p := range queue[0].Parents {
			if !p.Counts {
				continue
			}
			days = append(days, p.From)
			if up := t.byID[p.Unit]; up != nil && !seen[up.ID] {
				seen[up.ID] = true
				queue = append(queue, up)
			}
		}
	}
	return days
}

// Above lists the ancestors on the day, the root first, the unit itself last.
func (t *Tree) Above(id string, d clock.Date) []Unit {
	var all []Unit
	path := t.PathOn(id, d)
	for i := StepLen; i <= len(path); i += StepLen {
		if u, ok := t.AtPath(path[:i]); ok {
			all = append(all, u)
		}
	}
	return all
}

// Children lists the units below a unit in the counting tree on the day, in the order
// of their codes.
func (t *Tree) Children(id string, d clock.Date) []Unit {
	var all []Unit
	for _, c := range t.children[id] {
		if c.On(d) && c.countingParent(d) == id {
			all = append(all, *c)
		}
	}
	sortByCode(all)
	return all
}

// Roots lists the units without a counting parent on the day.
func (t *Tree) Roots(d clock.Date) []Unit {
	var all []Unit
	for _, u := range t.all {
		if u.On(d) && u.countingParent(d) == "" {
			all = append(all, *u)
		}
	}
	sortByCode(all)
	return all
}

// Visible lists the units of a scope that were valid on the day; every one where the
// day is zero.
func (t *Tree) Visible(s actor.Scope, d clock.Date) []Unit {
	t.ready.Do(t.workOut)
	all := make([]Unit, 0, len(t.all))
	for _, u := range t.byCodes {
		if (d == 0 || u.On(d)) && t.InScope(s, u.ID) {
			all = append(all, *u)
		}
	}
	return all
}

// InScope tells whether any path that the unit ever had lies in the scope.
func (t *Tree) InScope(s actor.Scope, id string) bool {
	return s.All || slices.ContainsFunc(t.Paths(id), s.Covers)
}

func sortByCode(units []Unit) {
	slices.SortFunc(units, func(a, b Unit) int { return cmp.Compare(a.Code, b.Code) })
}

// ChildPath cuts a path to the step below prefix: the child of prefix's unit in which
// the path is counted; prefix itself where the path ends there.
func ChildPath(prefix, path string) string {
	return path[:min(len(path), len(prefix)+StepLen)]
}
