package ledger

import (
	"context"
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
	d, ok := Define(f)
	if !ok {
		return 0
	}
	return c[d.mark]
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
	// distinct is how many distinct subjects stand behind what a mark counts.
	distinct Counts
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

// Figures answers a question: one grouped pass over a covering index for all regular
// fact rows, and the few irregular ones from their acts.
func Figures(ctx context.Context, q db.Querier, ask Question) (Cube, error) {
	c := Cube{Cells: map[Cell]Counts{}, Items: map[ItemCell]int{}}
	for _, part := range []func(context.Context, db.Querier, Question, *Cube) error{
		countEntries, countSubjects, countItems, countIrregular,
	} {
		if err := part(ctx, q, ask, &c); err != nil {
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

// sums writes "how many rows have the mark on the day" for each mark. The day is a
// number of ours, so it stands in the text itself.
func sums(marks []mark, day int) string {
	all := make([]string, len(marks))
	for i, m := range marks {
		all[i] = "sum(CASE WHEN " + m.on(strconv.Itoa(day)) + " THEN 1 ELSE 0 END)"
	}
	return strings.Join(all, ", ")
}

func marksBetween(from, to mark) []mark {
	var all []mark
	for m := from; m < to; m++ {
		all = append(all, m)
	}
	return all
}

func countEntries(ctx context.Context, q db.Querier, ask Question, c *Cube) error {
	w := ask.where()
	w.add("NOT irregular")
	marks := marksBetween(0, entryMarks)
	err := db.Each(ctx, q, func(row db.Row) error {
		return c.scan(row, marks, true)
	}, `SELECT substr(path, 1, `+itoa(ask.cut())+`), subject_kind, field, origin, `+sums(marks, dayNo(ask.On))+
		` FROM ledger_entry_fact`+w.clause()+` GROUP BY 1, 2, 3, 4`, w.args...)
	if err != nil {
		return err
	}
	c.distinct = c.Total(nil)
	return nil
}

func countSubjects(ctx context.Context, q db.Querier, ask Question, c *Cube) error {
	w := ask.where()
	w.add("NOT irregular")
	marks := marksBetween(mFound, mBegun)
	return db.Each(ctx, q, func(row db.Row) error {
		return c.scan(row, marks, false)
	}, `SELECT substr(path, 1, `+itoa(ask.cut())+`), subject_kind, field, `+sums(marks, dayNo(ask.On))+
		` FROM ledger_subject_fact`+w.clause()+` GROUP BY 1, 2, 3`, w.args...)
}

func (c *Cube) scan(row db.Row, marks []mark, withOrigin bool) error {
	var cell Cell
	var counts Counts
	to := []any{&cell.Path, &cell.Kind, &cell.Field}
	if withOrigin {
		to = append(to, &cell.Origin)
	}
	for _, m := range marks {
		to = append(to, &counts[m])
	}
	if err := row.Scan(to...); err != nil {
		return err
	}
	c.add(cell, counts)
	return nil
}

func (c *Cube) add(cell Cell, counts Counts) {
	sum := c.Cells[cell]
	sum.add(counts)
	c.Cells[cell] = sum
}

func countItems(ctx context.Context, q db.Querier, ask Question, c *Cube) error {
	w := ask.where()
	w.add(mBegun.on(strconv.Itoa(dayNo(ask.On))))
	adopters, err := db.One(ctx, q, db.Int, `SELECT count(DISTINCT subject_id) FROM ledger_item_fact`+
		w.clause()+` AND kind = 'adoption'`, w.args...)
	if err != nil {
		return err
	}
	c.distinct[mBegun] = adopters
	return db.Each(ctx, q, func(row db.Row) error {
		var cell ItemCell
		var n int
		if err := row.Scan(&cell.Item, &cell.Path, &cell.Kind, &cell.Field, &cell.Form, &cell.Level, &n); err != nil {
			return err
		}
		c.Items[cell] += n
		if cell.Item == Adoption {
			var counts Counts
			counts[mBegun] = n
			c.add(Cell{Path: cell.Path, Kind: cell.Kind, Field: cell.Field}, counts)
		}
		return nil
	}, `SELECT kind, substr(path, 1, `+itoa(ask.cut())+`), subject_kind, field, form, level, count(*)
		FROM ledger_item_fact`+w.clause()+` GROUP BY 1, 2, 3, 4, 5, 6`, w.args...)
}

// countIrregular adds what the grouped pass left out, and corrects the distinct
// subjects: everyone who may stand behind several entries is looked at one by one.
func countIrregular(ctx context.Context, q db.Querier, ask Question, c *Cube) error {
	day := dayNo(ask.On)
	odd, err := irregulars(ctx, q, ask.Period, "ledger_entry_fact", "entry_id")
	if err != nil {
		return err
	}
	seen := [allMarks]map[string]bool{}
	for _, t := range odd {
		c.addOne(ask, t, marksBetween(0, entryMarks), day, &seen)
	}
	if err := sharedSubjects(ctx, q, ask, c, &seen); err != nil {
		return err
	}
	for m, subjects := range seen {
		c.distinct[m] += len(subjects)
	}
	odd, err = irregulars(ctx, q, ask.Period, "ledger_subject_fact", "subject_id")
	if err != nil {
		return err
	}
	for _, t := range odd {
		c.addOne(ask, t, marksBetween(mFound, mBegun), day, nil)
	}
	total := c.Total(nil)
	for m := mFound; m < mBegun; m++ {
		c.distinct[m] = total[m] // these figures count subjects
	}
	return nil
}

func (c *Cube) addOne(ask Question, t timeline, marks []mark, day int, seen *[allMarks]map[string]bool) {
	attr := t.attrOn(day)
	if !ask.Area.Covers(attr.Path) {
		return
	}
	cell := Cell{Path: attr.Path[:min(len(attr.Path), ask.cut())], Kind: attr.Kind, Field: attr.Field, Origin: attr.Origin}
	var counts Counts
	for _, m := range marks {
		if !t.has(m, day) {
			continue
		}
		counts[m] = 1
		if seen != nil {
			note(seen, m, attr.Subject)
		}
	}
	c.add(cell, counts)
}

func note(seen *[allMarks]map[string]bool, m mark, subject string) {
	if seen[m] == nil {
		seen[m] = map[string]bool{}
	}
	seen[m][subject] = true
}

// sharedSubjects takes the regular entries of subjects with several entries out of the
// count of distinct subjects, and notes the subjects instead.
func sharedSubjects(ctx context.Context, q db.Querier, ask Question, c *Cube, seen *[allMarks]map[string]bool) error {
	w := ask.where()
	w.add("NOT irregular AND shared")
	marks := marksBetween(0, entryMarks)
	on := make([]string, len(marks))
	for i, m := range marks {
		on[i] = "CASE WHEN " + m.on(strconv.Itoa(dayNo(ask.On))) + " THEN 1 ELSE 0 END"
	}
	return db.Each(ctx, q, func(row db.Row) error {
		var subject string
		var counts Counts
		to := []any{&subject}
		for _, m := range marks {
			to = append(to, &counts[m])
		}
		if err := row.Scan(to...); err != nil {
			return err
		}
		for _, m := range marks {
			if counts[m] == 1 {
				c.distinct[m]--
				note(seen, m, subject)
			}
		}
		return nil
	}, `SELECT subject_id, `+strings.Join(on, ", ")+` FROM ledger_entry_fact`+w.clause(), w.args...)
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
