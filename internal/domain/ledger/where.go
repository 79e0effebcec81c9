package ledger

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
)

// Area is a part of the counting tree: what an actor may see, cut down to what was
// asked for.
type Area struct {
	Scope actor.Scope
	// Under keeps to the subtrees at these paths: every path that one unit has had.
	// None is no further limit.
	Under []string
}

// Covers tells whether a path lies in the area.
func (a Area) Covers(path string) bool {
	if !a.Scope.Covers(path) {
		return false
	}
	return len(a.Under) == 0 || actor.Scope{Paths: a.Under}.Covers(path)
}

// Whole tells whether the area leaves nothing out.
func (a Area) Whole() bool { return a.Scope.All && len(a.Under) == 0 }

// restrict writes the area as ranges of paths.
func (a Area) restrict(w *where, column string) {
	if !a.Whole() {
		w.add(ranges(w, column, a.paths()))
	}
}

// paths are the subtrees that the area comes to: of two of which one lies in the other, the
// inner one. An index follows one pair of bounds and leaves a second to be looked at.
func (a Area) paths() []string {
	if a.Scope.All {
		return a.Under
	}
	if len(a.Under) == 0 {
		return a.Scope.Paths
	}
	var both []string
	under := actor.Scope{Paths: a.Under}
	for _, p := range a.Under {
		if p != "" && a.Scope.Covers(p) {
			both = append(both, p)
		}
	}
	for _, p := range a.Scope.Paths {
		if p != "" && under.Covers(p) && !slices.Contains(both, p) {
			both = append(both, p)
		}
	}
	return both
}

// ranges is "the path begins with one of these" as comparisons that an index can use:
// steps are written in 0–9 and a–z, and "{" comes right after "z".
func ranges(w *where, column string, paths []string) string {
	var either []string
	for _, p := range paths {
		if p != "" {
			either = append(either, column+" >= "+w.arg(p)+" AND "+column+" < "+w.arg(p+"{"))
		}
	}
	if len(either) == 0 {
		return "1 = 0"
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

// where gathers conditions and their arguments.
type where struct {
	conditions []string
	args       []any
}

func newWhere() *where { return &where{} }

// arg adds an argument and gives its placeholder.
func (w *where) arg(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

func (w *where) add(condition string) { w.conditions = append(w.conditions, condition) }

func (w *where) clause() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}
