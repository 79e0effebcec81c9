package report

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// spread is table 4: what was replicated, from where, by how many units, and how many
// of the units below the root that is.
func spread(ctx context.Context, q db.Querier, a asked) (Table, error) {
	t := newTable(TableReplication, "source", "title", "unit", "adoptions", "adoptingUnits", "coverage", "possible")
	f := ledger.Filter{Period: a.period.No, Area: a.question.Area}
	sources, err := replication.Sources(ctx, q, f, a.question.On)
	if err != nil {
		return t, err
	}
	possible := len(a.parts())
	for _, src := range sources {
		reached := map[string]bool{}
		for _, path := range src.Paths {
			if u, ok := a.childAt(path); ok {
				reached[u.ID] = true
			}
		}
		unit, _ := a.tree.Unit(src.Unit)
		place := src.Place
		if src.Unit != "" {
			place = unit.NameOn(a.question.On)
		}
		t.add(Row{
			"source": src.Code, "title": src.Title, "unit": place, "adoptions": len(src.Paths),
			"adoptingUnits": src.Units, "coverage": len(reached), "possible": possible,
		})
	}
	delete(t.Totals, "possible")
	delete(t.Totals, "coverage")
	return t, nil
}

// comparison is table 5: each figure beside that of the period before, as of the same
// day of it.
func comparison(a asked, totals ledger.Counts, now Figures) Table {
	t := newTable(TableComparison, "figure", "previous", "current", "difference", "previousAsOf")
	if a.before.No == 0 {
		return t
	}
	asOf := a.then().On.String()
	for _, f := range now {
		previous := totals.Of(f.Name)
		t.Rows = append(t.Rows, Row{
			"figure": string(f.Name), "previous": previous, "current": f.Total, "difference": f.Total - previous,
			"previousAsOf": asOf,
		})
	}
	return t // figures of different things have no sum
}

// sameDay is the day of the period before that is compared with a day of this one: the
// same date where both begin on the same date of their years, else as many days from the
// beginning; the end of the one with the end of the other.
func sameDay(now, before movement.Period, on clock.Date) clock.Date {
	if on >= now.To {
		return before.To
	}
	years := before.From.Year() - now.From.Year()
	if now.From.AddYears(years) == before.From {
		return min(before.To, on.AddYears(years))
	}
	return min(before.To, before.From+(on-now.From))
}
