package report

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// identities checks what must hold in every report: the parts sum to the whole, each
// later step lies within the earlier, and units sum to their parent.
func identities(ctx context.Context, q db.Querier, a asked, c ledger.Cube) ([]Identity, error) {
	all := []Identity{
		sums("kindsSumToTotal", a, c, func(cell ledger.Cell) bool { return slices.Contains(ledger.SubjectKinds(), cell.Kind) }),
		sums("fieldsSumToTotal", a, c, func(cell ledger.Cell) bool { return slices.Contains(ledger.Fields(), cell.Field) }),
		originsSum(a, c),
		sums("childrenSumToParent", a, c, func(cell ledger.Cell) bool {
			_, ok := a.childAt(cell.Path)
			return ok
		}),
	}
	breaches, err := c.Breaches(ctx, q, a.question)
	if err != nil {
		return nil, err
	}
	for _, id := range ledger.Nestings() {
		one := Identity{ID: id, Holds: true, Breaches: []string{}}
		for _, b := range breaches {
			if b.Identity == id {
				one.Holds = false
				one.Breaches = append(one.Breaches, b.Code)
			}
		}
		all = append(all, one)
	}
	return all, nil
}

// sums holds where every cell that counts something has a place among the parts. A
// breach names the unit of the cell that has none.
func sums(id string, a asked, c ledger.Cube, placed func(ledger.Cell) bool) Identity {
	one := Identity{ID: id, Holds: true, Breaches: []string{}, OfUnits: true}
	for cell, counts := range c.Cells {
		if placed(cell) || counts == (ledger.Counts{}) {
			continue
		}
		one.Holds = false
		unit, _ := a.tree.AtPath(cell.Path)
		if !slices.Contains(one.Breaches, unit.Code) {
			one.Breaches = append(one.Breaches, unit.Code)
		}
	}
	slices.Sort(one.Breaches)
	return one
}

// originsSum holds where new, continued, replicated and upgraded sum to registered.
func originsSum(a asked, c ledger.Cube) Identity {
	registered := ledger.Cube{Cells: map[ledger.Cell]ledger.Counts{}}
	for cell, counts := range c.Cells {
		if counts.Of(ledger.FigureRegistered) > 0 {
			registered.Cells[cell] = counts
		}
	}
	return sums("originsSumToRegistered", a, registered, func(cell ledger.Cell) bool {
		return slices.Contains(ledger.Origins(), cell.Origin)
	})
}
