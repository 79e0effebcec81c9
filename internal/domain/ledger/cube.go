package ledger

import (
	"context"
	"math/bits"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Question asks for the figures of a period as of a day.
type Question struct {
	Period int
	On     clock.Date
	Area   Area
	// Depth is how many steps of the counting tree the units are told apart: 2 is a
	// province's communes with the groups below each taken together.
	Depth int
}

// Cell is where something is counted: the unit's path, cut to the question's depth, and
// what it is.
type Cell struct {
	Path   string
	Kind   SubjectKind
	Field  Field
	Origin Origin
}

// Counts is a number for each mark.
type Counts [allMarks]int

func (c *Counts) add(other Counts) {
	for m, n := range other {
		c[m] += n
	}
}

// Of is the number that a figure shows.
func (c Counts) Of(f Figure) int {
	m, ok := f.mark()
	if !ok {
		return 0
	}
	return c[m]
}

// OfLevel is how many entries are recognised on a level.
func (c Counts) OfLevel(level org.Level) int {
	for i, l := range org.Levels() {
		if l == level {
			return c[mCommune+mark(i)]
		}
	}
	return 0
}

// Suspended is how many entries are paused on the day.
func (c Counts) Suspended() int { return c[mSuspended] }

// Ended is how many entries are over on the day.
func (c Counts) Ended() int { return c[mEnded] }

// ItemCell is where an award, a praise or an adoption is counted.
type ItemCell struct {
	Item  ItemKind
	Path  string
	Kind  SubjectKind
	Field Field
	Form  string
	Level org.Level
}

// Cube is the answer to a [Question]: every count in its cell. Tables are folded from
// it; nothing is asked twice.
type Cube struct {
	Cells map[Cell]Counts
	Items map[ItemCell]int

	distinct Counts              // how many distinct subjects stand behind what a mark counts
	odd      map[string]timeline // the irregular entries of the period
	breaking int                 // how many regular entries break a nesting
}

// Subjects is how many distinct subjects stand behind a figure.
func (c Cube) Subjects(f Figure) int { return c.distinct.Of(f) }

// Total sums the cells that keep says yes to; nil keeps all.
func (c Cube) Total(keep func(Cell) bool) Counts {
	var sum Counts
	for cell, counts := range c.Cells {
		if keep == nil || keep(cell) {
			sum.add(counts)
		}
	}
	return sum
}

// part is a part of the answer to a question.
type part func(context.Context, db.Querier, Question, *Cube) error

// Figures answers a question: one pass over an index that joins the packed days of each
// unit's entries, and the few irregular ones from their acts.
func Figures(ctx context.Context, q db.Querier, ask Question) (Cube, error) {
	return answer(ctx, q, ask, countEntries, countOddEntries, countSubjects, countOddSubjects, countItems, countDistinct)
}

// Totals answers a question with the sums of all cells alone.
func Totals(ctx context.Context, q db.Querier, ask Question) (Counts, error) {
	ask.Depth = 0
	c, err := answer(ctx, q, ask, countEntries, countOddEntries, countSubjects, countOddSubjects, countItems)
	return c.Total(nil), err
}

func answer(ctx context.Context, q db.Querier, ask Question, parts ...part) (Cube, error) {
	c := Cube{Cells: map[Cell]Counts{}, Items: map[ItemCell]int{}}
	for _, count := range parts {
		if err := count(ctx, q, ask, &c); err != nil {
			return Cube{}, err
		}
	}
	return c, nil
}

// cut shortens a path to the question's depth below the roots.
func (ask Question) cut() int { return ask.Depth * org.StepLen }

func (ask Question) where() *where {
	w := newWhere()
	w.add("period_no = " + w.arg(ask.Period))
	ask.Area.restrict(w, "path")
	return w
}

// marked is a set of marks, one bit each.
type marked uint32

func (b marked) has(m mark) bool { return b&(1<<m) != 0 }

func (b marked) counts() Counts {
	var c Counts
	c.mark(b)
	return c
}

func marksBetween(from, to mark) []mark {
	var all []mark
	for m := from; m < to; m++ {
		all = append(all, m)
	}
	return all
}

func countEntries(ctx context.Context, q db.Querier, ask Question, c *Cube) error {
	return c.read(ctx, q, ask, "ledger_entry_fact", nil)
}

func countSubjects(ctx context.Context, q db.Querier, ask Question, c *Cube) error {
	return c.read(ctx, q, ask, "ledger_subject_fact", nil)
}

// read counts the regular rows of a table of facts into their cells, and shows who asks for
// it every stretch of days that it comes by.
func (c *Cube) read(ctx context.Context, q db.Querier, ask Question, table string, seen func(mark, span)) error {
	w, day, cut := ask.where(), dayNo(ask.On), ask.cut()
	here, at := "", map[what]*Counts{} // the cells of one path
	flush := func() {
		for of, counts := range at {
			c.add(of.on(here), *counts)
		}
		clear(at)
	}
	err := db.Each(ctx, q, func(row db.Row) error {
		var path, texts string
		if err := row.Scan(&path, &texts); err != nil {
			return err
		}
		if path = path[:min(len(path), cut)]; path != here {
			flush()
			here = path
		}
		unpack(texts, day, seen, func(of what, on marked) {
			if at[of] == nil {
				at[of] = new(Counts)
			}
			at[of].mark(on)
			if on.breaksNesting() {
				c.breaking++
			}
		})
		return nil
	}, `SELECT path, string_agg(days, '`+joiner+`') FROM `+table+w.clause()+` GROUP BY path`, w.args...)
	flush()
	return err
}

// mark counts one row with its marks.
func (c *Counts) mark(b marked) {
	for b != 0 {
		m := bits.TrailingZeros32(uint32(b))
		c[m]++
		b &^= 1 << m
	}
}

func (c *Cube) add(cell Cell, counts Counts) {
	sum := c.Cells[cell]
	sum.add(counts)
	c.Cells[cell] = sum
}

func countItems(ctx context.Context, q db.Querier, ask Question, c *Cube) error {
	w := ask.where()
	w.add(mBegun.on(strconv.Itoa(dayNo(ask.On))))
	return db.Each(ctx, q, func(row db.Row) error {
		var cell ItemCell
		var n int
		if err := row.Scan(&cell.Path, &cell.Kind, &cell.Field, &cell.Item, &cell.Form, &cell.Level, &n); err != nil {
			return err
		}
		c.Items[cell] += n
		if cell.Item == Adoption {
			var counts Counts
			counts[mBegun] = n
			c.add(Cell{Path: cell.Path, Kind: cell.Kind, Field: cell.Field}, counts)
		}
		return nil
	}, `SELECT substr(path, 1, `+strconv.Itoa(ask.cut())+`), subject_kind, field, kind, form, level, count(*) FROM ledger_item_fact`+
		w.clause()+` GROUP BY 1, 2, 3, 4, 5, 6`, w.args...)
}

// countOddEntries adds the entries that the grouped pass left out.
func countOddEntries(ctx context.Context, q db.Querier, ask Question, c *Cube) error {
	odd, err := irregulars(ctx, q, ask.Period, "ledger_entry_fact", "entry_id")
	for _, t := range odd {
		c.addOne(ask, t, marksBetween(0, entryMarks))
	}
	c.odd = odd
	return err
}

func countOddSubjects(ctx context.Context, q db.Querier, ask Question, c *Cube) error {
	odd, err := irregulars(ctx, q, ask.Period, "ledger_subject_fact", "subject_id")
	for _, t := range odd {
		c.addOne(ask, t, marksBetween(mFound, mBegun))
	}
	return err
}

func (c *Cube) addOne(ask Question, t timeline, marks []mark) {
	day := dayNo(ask.On)
	attr := t.attrOn(day)
	if !ask.Area.Covers(attr.Path) {
		return
	}
	cell := Cell{Path: attr.Path[:min(len(attr.Path), ask.cut())], Kind: attr.Kind, Field: attr.Field, Origin: attr.Origin}
	var counts Counts
	for _, m := range marks {
		if t.has(m, day) {
			counts[m] = 1
		}
	}
	c.add(cell, counts)
}

// countDistinct tells how many distinct subjects stand behind each mark. Most have one
// entry, so that their entries count them; everyone who may stand behind several, or
// behind an irregular one, is looked at one by one.
func countDistinct(ctx context.Context, q db.Querier, ask Question, c *Cube) error {
	seen := [entryMarks]map[string]bool{}
	for m := range seen {
		seen[m] = map[string]bool{}
	}
	c.distinct = c.Total(nil) // the figures that count subjects have them so
	day := dayNo(ask.On)
	for _, t := range c.odd {
		attr := t.attrOn(day)
		for m := range entryMarks {
			if ask.Area.Covers(attr.Path) && t.has(m, day) {
				c.distinct[m]--
				seen[m][attr.Subject] = true
			}
		}
	}
	if err := sharedSubjects(ctx, q, ask, c, &seen); err != nil {
		return err
	}
	for m, subjects := range seen {
		c.distinct[m] += len(subjects)
	}
	w := ask.where()
	w.add("kind = 'adoption' AND " + mBegun.on(strconv.Itoa(day)))
	adopters, err := db.One(ctx, q, db.Int, `SELECT count(DISTINCT subject_id) FROM ledger_item_fact`+w.clause(), w.args...)
	c.distinct[mBegun] = adopters
	return err
}

// sharedSubjects takes the regular entries of subjects with several entries out of the
// count of distinct subjects, and notes the subjects instead.
func sharedSubjects(ctx context.Context, q db.Querier, ask Question, c *Cube, seen *[entryMarks]map[string]bool) error {
	w, day := ask.where(), dayNo(ask.On)
	w.add("shared")
	return db.Each(ctx, q, func(row db.Row) error {
		var subject, text string
		err := row.Scan(&subject, &text)
		unpack(text, day, nil, func(_ what, on marked) {
			for m := range entryMarks {
				if on.has(m) {
					c.distinct[m]--
					seen[m][subject] = true
				}
			}
		})
		return err
	}, `SELECT subject_id, days FROM ledger_entry_fact`+w.clause(), w.args...)
}

// irregulars gives the timelines of a period that are more than the columns of days say.
func irregulars(ctx context.Context, q db.Querier, period int, table, key string) (map[string]timeline, error) {
	odd := map[string]timeline{}
	err := db.Each(ctx, q, func(row db.Row) error {
		var id, text string
		err := row.Scan(&id, &text)
		if err == nil {
			odd[id], err = unpackLine(text)
		}
		return err
	}, `SELECT `+key+`, days FROM `+table+` WHERE period_no = $1 AND irregular`, period)
	return odd, err
}
