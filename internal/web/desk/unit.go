package desk

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
	MostSuggestions = 500
)

// UnitName is a unit with the one that it lies in: names repeat from ward to ward.
func UnitName(tree *org.Tree, id string, on clock.Date) string {
	unit, _ := tree.Unit(id)
	if above := UnitAbove(tree, id, on); above != "" {
		return unit.NameOn(on) + ", " + above
	}
	return unit.NameOn(on)
}

// UnitAbove is the name of the unit in which a unit lies, unless that is a root.
func UnitAbove(tree *org.Tree, id string, on clock.Date) string {
	above := tree.Above(id, on)
	if len(above) < 3 {
		return ""
	}
	name, unit := above[len(above)-2].NameOn(on), above[len(above)-1].NameOn(on)
	if strings.Contains(strings.ToLower(unit), strings.ToLower(name)) {
		return "" // it says so itself
	}
	return name
}

// UnitChoice is how a field for a unit is offered.
type UnitChoice struct {
	Options []ui.Option
	Typed   bool // a text field with suggestions, not a select
}

// UnitChoiceOf offers the units of an actor that were valid on a day.
func UnitChoiceOf(tree *org.Tree, scope actor.Scope, on clock.Date) UnitChoice {
	units := tree.Visible(scope, on)
	c := UnitChoice{Typed: len(units) > mostInSelect}
	if len(units) > MostSuggestions {
		slices.SortStableFunc(units, func(a, b org.Unit) int { return cmp.Compare(depth(tree, a), depth(tree, b)) })
		units = units[:MostSuggestions]
	}
	for _, u := range units {
		c.Options = append(c.Options, ui.Option{Value: u.Code, Text: UnitName(tree, u.ID, cmp.Or(on, u.From))})
	}
	return c
}

// depth is how far below its root a unit first stood.
func depth(tree *org.Tree, u org.Unit) int { return len(tree.Paths(u.ID)[0]) }

// UnitCode finds the code of the unit that somebody typed: its code, or its name, with the
// unit that it lies in or without, where only one unit in reach is called so. Anything else
// is given back as it is.
func UnitCode(tree *org.Tree, scope actor.Scope, on clock.Date, typed string) string {
	typed = strings.TrimSpace(typed)
	if _, ok := tree.ByCode(typed); ok || typed == "" {
		return typed
	}
	if u, ok := tree.ByCode(strings.ToUpper(typed)); ok {
		return u.Code
	}
	wanted, found := viet.Fold(typed), ""
	for _, u := range tree.Visible(scope, on) {
		if viet.Fold(u.NameOn(on)) != wanted && viet.Fold(UnitName(tree, u.ID, on)) != wanted {
			continue
		}
		if found != "" {
			return typed
		}
		found = u.Code
	}
	return cmp.Or(found, typed)
}

// UnitCodes reads several units, one to a line or parted by commas.
func UnitCodes(tree *org.Tree, on clock.Date, typed string) []string {
	var all []string
	for part := range strings.FieldsFuncSeq(typed, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		// A partner may be any unit of the house.
		if code := UnitCode(tree, actor.Scope{All: true}, on, part); code != "" && !slices.Contains(all, code) {
			all = append(all, code)
		}
	}
	return all
}
