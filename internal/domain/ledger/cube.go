package ledger

import (
	"context"
	"math/bits"
	"strconv"
	"strings"

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

// Figures answers a question: one grouped pass over a covering index for all regular
// fact rows, and the few irregular ones from their acts.
func Figures(ctx context.Context, q db.Querier, ask Question) (Cube, error) {
	return answer(ctx, q, ask, countEntries, countOddEntries, countSubjects, countOddSubjects, countItems, countDistinct)
}

// Totals answers a question with the sums of all cells alone, at a fifth of the cost of
// telling them apart.
func Totals(ctx context.Context, q db.Querier, ask Question) (Counts, error) {
	c, err := answer(ctx, q, ask, sumEntries, countOddEntries, sumSubjects, countOddSubjects, countItems)
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

// regular is where for the rows that the grouped passes count.
func (ask Question) regular() *where {
	w := ask.where()
	w.add("NOT irregular")
	return w
}

// marksOn writes the marks that a row has on the day as the bits of one number. The day is
// a number of ours, so it stands in the text itself.
func marksOn(marks []mark, day int) string {
	all := make([]string, len(marks))
	for i, m := range marks {
		all[i] = "CASE WHEN " + m.on(strconv.Itoa(day)) + " THEN " + strconv.Itoa(1<<m) + " ELSE 0 END"
	}
	return strings.Join(all, " + ")
}

// marked is what [marksOn] gave.
type marked uint32

func (b marked) has(m mark) bool { return b&(1<<m) != 0 }

func marksBetween(from, to mark) []mark {
	var all []mark
	for m := from; m < to; m++ {
		all = append(all, m)
	}
	return all
}

// begun writes the condition that a row has, or had, one of the marks by the day.
func begun(marks []mark, day int) string {
	all := make([]string, len(marks))
	for i, m := range marks {
		all[i] = m.column() + "_on <= " + strconv.Itoa(day)
	}
	return "(" + strings.Join(all, " OR ") + ")"
}

// facts is a table of fact rows with the marks that it keeps.
type facts struct {
	table  string
	origin string // its column for the origin, or "0"
	marks  []mark
}

func entryFacts() facts { return facts{"ledger_entry_fact", "origin", marksBetween(0, entryMarks)} }

func subjectFacts() facts { return facts{"ledger_subject_fact", "0", marksBetween(mFound, mBegun)} }

func countEntries(ctx context.Context, q db.Querier, ask Question, c *Cube) error {
	return c.read(ctx, q, ask, entryFacts())
}

func countSubjects(ctx context.Context, q db.Querier, ask Question, c *Cube) error {
	return c.read(ctx, q, ask, subjectFacts())
}

// read takes the rows in their cells and counts their marks here: an engine that groups
// them sorts them, which takes longer than reading two short columns of each.
func (c *Cube) read(ctx context.Context, q db.Querier, ask Question, of facts) error {
	w, day, cut := ask.regular(), dayNo(ask.On), ask.cut()
	w.add(begun(of.marks, day))
	cells := map[Cell]*Counts{}
	err := db.Each(ctx, q, func(row db.Row) error {
		var path string
		var what uint32
		if err := row.Scan(&path, &what); err != nil {
			return err
		}
		cell := Cell{path[:min(len(path), cut)], SubjectKind(what >> 8 & 15), Field(what >> 4 & 15), Origin(what & 15)}
		counts := cells[cell]
		if counts == nil {
			counts = new(Counts)
			cells[cell] = counts
		}
		on := marked(what >> 12)
		counts.mark(on)
		if on.breaksNesting() {
			c.breaking++
		}
		return nil
	}, `SELECT path, (`+marksOn(of.marks, day)+`) * 4096 + subject_kind * 256 + field * 16 + `+of.origin+` FROM `+of.table+w.clause(), w.args...)
	for cell, counts := range cells {
		c.add(cell, *counts)
	}
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

func sumEntries(ctx context.Context, q db.Querier, ask Question, c *Cube) error {
	return c.sum(ctx, q, ask, entryFacts())
}

func sumSubjects(ctx context.Context, q db.Querier, ask Question, c *Cube) error {
	return c.sum(ctx, q, ask, subjectFacts())
}

// sum counts the marks of all rows into one cell.
func (c *Cube) sum(ctx context.Context, q db.Querier, ask Question, of facts) error {
	var counts Counts
	columns, to := make([]string, len(of.marks)), make([]any, len(of.marks))
	for i, m := range of.marks {
		columns[i] = "count(*) FILTER (WHERE " + m.on(strconv.Itoa(dayNo(ask.On))) + ")"
		to[i] = &counts[m]
	}
	w := ask.regular()
	err := db.Each(ctx, q, func(row db.Row) error { return row.Scan(to...) },
		`SELECT `+strings.Join(columns, ", ")+` FROM `+of.table+w.clause(), w.args...)
	c.add(Cell{}, counts)
	return err
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
	w := ask.regular()
	w.add("shared")
	return db.Each(ctx, q, func(row db.Row) error {
		var subject string
		var on marked
		err := row.Scan(&subject, &on)
		for m := range entryMarks {
			if on.has(m) {
				c.distinct[m]--
				seen[m][subject] = true
			}
		}
		return err
	}, `SELECT subject_id, `+marksOn(marksBetween(0, entryMarks), dayNo(ask.On))+` FROM ledger_entry_fact`+w.clause(), w.args...)
}

// irregulars gives the timelines of a period that do not fit a fact row.
func irregulars(ctx context.Context, q db.Querier, period int, table, key string) (map[string]timeline, error) {
	acts, err := db.All(ctx, q, scanAct, `SELECT `+actColumns+` FROM ledger_act
		WHERE `+key+` IN (SELECT `+key+` FROM `+table+` WHERE period_no = $1 AND irregular) ORDER BY id`, period)
	if err != nil {
		return nil, err
	}
	odd := map[string]timeline{}
	byKey := group(acts, func(a Act) string {
		if key == "subject_id" {
			if a.Period != period {
				return ""
			}
			return a.Subject
		}
		return a.Entry
	})
	for id, of := range byKey {
		if id != "" {
			odd[id] = fold(of)
		}
	}
	return odd, nil
}
