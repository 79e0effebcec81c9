package ledger

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Course tells how a figure grew: how much of it there was on each of some days, which are
// in their order, and all counts in their cells as of the question's own day. Both come from
// the same pass, by the same definitions as [Figures]; subjects and links are read only for
// a figure that counts them, and no distinct subjects are counted.
func Course(ctx context.Context, q db.Querier, ask Question, f Figure, days []clock.Date) (Cube, []int, error) {
	m, ok := f.mark()
	if !ok {
		return Cube{}, nil, nil
	}
	c := Cube{Cells: map[Cell]Counts{}, Items: map[ItemCell]int{}}
	g := growth{mark: m, days: make([]int, len(days)), steps: make([]int, len(days)+1)}
	for i, d := range days {
		g.days[i] = dayNo(d)
	}
	err := c.course(ctx, q, ask, &g)
	return c, g.counts(), err
}

// course reads the tables that a figure needs.
func (c *Cube) course(ctx context.Context, q db.Querier, ask Question, g *growth) error {
	if err := c.read(ctx, q, ask, "ledger_entry_fact", g.add); err != nil {
		return err
	}
	if err := c.oddCourse(ctx, q, ask, oddCourse{"ledger_entry_fact", "entry_id", marksBetween(0, entryMarks)}, g); err != nil {
		return err
	}
	switch {
	case g.mark == mBegun:
		if err := countItems(ctx, q, ask, c); err != nil {
			return err
		}
		return g.addItems(ctx, q, ask)
	case g.mark > entryMarks:
		if err := c.read(ctx, q, ask, "ledger_subject_fact", g.add); err != nil {
			return err
		}
		return c.oddCourse(ctx, q, ask, oddCourse{"ledger_subject_fact", "subject_id", marksBetween(mFound, mBegun)}, g)
	default:
		return nil
	}
}

// oddCourse says where irregular timelines are read, and which marks they may have.
type oddCourse struct {
	table, key string
	marks      []mark
}

func (c *Cube) oddCourse(ctx context.Context, q db.Querier, ask Question, from oddCourse, g *growth) error {
	odd, err := irregulars(ctx, q, ask.Period, from.table, from.key)
	for _, t := range odd {
		c.addOne(ask, t, from.marks)
		for i, day := range g.days {
			if t.has(g.mark, day) && ask.Area.Covers(t.attrOn(day).Path) {
				g.steps[i]++
				g.steps[i+1]--
			}
		}
	}
	return err
}

// growth is how many have a mark on each of some days, kept as the steps from each day to
// the next.
type growth struct {
	mark  mark
	days  []int
	steps []int
}

// add counts a stretch of days in which something had a mark.
func (g *growth) add(m mark, s span) {
	if m != g.mark {
		return
	}
	from, _ := slices.BinarySearch(g.days, s.on)
	until, _ := slices.BinarySearch(g.days, s.off)
	g.steps[from]++
	g.steps[until]--
}

// addItems counts the adoptions.
func (g *growth) addItems(ctx context.Context, q db.Querier, ask Question) error {
	w := ask.where()
	w.add("kind = 'adoption'")
	return db.Each(ctx, q, func(row db.Row) error {
		var s span
		err := row.Scan(&s.on, &s.off)
		if s.on < s.off {
			g.add(mBegun, s)
		}
		return err
	}, `SELECT begun_on, begun_off FROM ledger_item_fact`+w.clause(), w.args...)
}

func (g *growth) counts() []int {
	all := make([]int, len(g.days))
	sum := 0
	for i := range all {
		sum += g.steps[i]
		all[i] = sum
	}
	return all
}
