package admin

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
	"github.com/nhanrong/nhanrong/internal/web/ui"
)

// Up to so many units stand in a select; more are suggested while one types, and of a
// very large tree only the upper ones: any code or name can be typed all the same.
const (
	mostInSelect    = 60
	mostSuggestions = 500
)

// unitChoice is how a field for a unit is offered.
type unitChoice struct {
	options []ui.Option
	typed   bool // a text field with suggestions, not a select
}

// unitChoiceOf offers the units of an actor that were valid on a day.
func unitChoiceOf(tree *org.Tree, scope actor.Scope, on clock.Date) unitChoice {
	units := tree.Visible(scope, on)
	depth := map[string]int{}
	for _, u := range units {
		depth[u.ID] = len(tree.PathOn(u.ID, on))
	}
	c := unitChoice{typed: len(units) > mostInSelect}
	if len(units) > mostSuggestions {
		slices.SortStableFunc(units, func(a, b org.Unit) int { return cmp.Compare(depth[a.ID], depth[b.ID]) })
		units = units[:mostSuggestions]
	}
	for _, u := range units {
		name := u.NameOn(on)
		if above := tree.Above(u.ID, on); len(above) > 1 {
			name += " – " + above[len(above)-2].NameOn(on)
		}
		c.options = append(c.options, ui.Option{Value: u.Code, Text: name})
	}
	return c
}

// unitCode finds the code of the unit that somebody typed: its code, or its name where
// only one unit in reach is called so. Anything else is given back as it is.
func unitCode(tree *org.Tree, scope actor.Scope, on clock.Date, typed string) string {
	typed = strings.TrimSpace(typed)
	if _, ok := tree.ByCode(typed); ok || typed == "" {
		return typed
	}
	if u, ok := tree.ByCode(strings.ToUpper(typed)); ok {
		return u.Code
	}
	wanted, found := viet.Fold(typed), ""
	for _, u := range tree.Visible(scope, on) {
		if viet.Fold(u.NameOn(on)) != wanted {
			continue
		}
		if found != "" {
			return typed
		}
		found = u.Code
	}
	return cmp.Or(found, typed)
}

// unitCodes reads several units, one to a line or parted by commas.
func unitCodes(tree *org.Tree, on clock.Date, typed string) []string {
	var all []string
	for part := range strings.FieldsFuncSeq(typed, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		// A partner may be any unit of the house.
		if code := unitCode(tree, actor.Scope{All: true}, on, part); code != "" && !slices.Contains(all, code) {
			all = append(all, code)
		}
	}
	return all
}
