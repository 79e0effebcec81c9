package report

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Difference is what has come to differ from a snapshot by what was recorded since: the
// note that is put beside it.
type Difference struct {
	Changes []Change
	Entries []ListChange
	Was, Is Report // without their lists
	// UnitsChanged tells that units were changed since. What no act explains is then theirs.
	UnitsChanged bool
}

// Change is a cell whose number is another one now.
type Change struct {
	Cell
	Was, Is int
	Causes  []Cause
	// Rest is what of the change no act explains: the boundaries, or the days of a period,
	// were set anew.
	Rest int
}

// Cause is an act that was recorded since and changed a cell.
type Cause struct {
	Act   ledger.Act
	Thing Thing
	By    int // how much it added; 0 where it changed who is counted in a cell of distinct ones
}

// Thing is what an act is about.
type Thing struct {
	Entry, Code, Title string // of an entry; of others what they are called
	Subject            string
}

// ListChange is an entry whose place in the list, or among what the figures count, is
// another one now.
type ListChange struct {
	Thing
	Columns []ColumnChange
	Causes  []ledger.Act
}

// ColumnChange is a column of the list that says something else now.
type ColumnChange struct{ Column, Was, Is string }

// Difference tells what has changed in a frozen report since it was frozen, cell by cell,
// and by which acts. Cells that did not change are not in it.
func (s *Service) Difference(ctx context.Context, who actor.Actor, id string) (Difference, error) {
	if !who.Can(RightRead) {
		return Difference{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	f, err := s.Snapshot(ctx, who, id)
	if err != nil {
		return Difference{}, err
	}
	a, err := s.ask(ctx, who, Query{Movement: f.Movement, Period: f.PeriodNo, AsOf: f.AsOf, Scope: f.Scope})
	if err != nil {
		return Difference{}, err
	}
	a = a.whole()
	d := Difference{UnitsChanged: a.tree.Revision() != f.revision}
	d.Was = f.Summary()
	t := tally{asked: a, sources: map[string]replication.Source{}, causes: map[Cell][]Cause{}}
	earlier := s.earlier(ctx, a)
	err = s.db.Snapshot(ctx, func(q db.Querier) (err error) {
		if d.Is, err = counted(ctx, q, a); err != nil {
			return err
		}
		return t.read(ctx, q, f.lastAct)
	})
	before, beforeErr := earlier()
	if err := cmp.Or(err, beforeErr); err != nil {
		return d, err
	}
	d.Is.compare(a, before)
	d.Changes = t.explain(d.Was.cells(), d.Is.cells())
	d.Entries, err = t.listed(ctx, s.db)
	return d, err
}

// RowLabel names the row of a cell, whether it stands in the report of then or of now.
func (d Difference) RowLabel(lang i18n.Lang, c Cell) string {
	if _, ok := d.Is.Table(c.Table).Find(c); ok {
		return d.Is.RowLabel(lang, c)
	}
	return d.Was.RowLabel(lang, c)
}

// tally gathers what acts did to the cells of a report.
type tally struct {
	asked
	sources map[string]replication.Source // of adoptions, by their identities
	causes  map[Cell][]Cause
	stories []ledger.Story // of entries of the period
}

func (t *tally) read(ctx context.Context, q db.Querier, mark string) error {
	now, err := ledger.Since(ctx, q, t.question, mark)
	if err != nil {
		return err
	}
	var then []ledger.Story
	if t.before.No != 0 {
		if then, err = ledger.Since(ctx, q, t.then(), mark); err != nil {
			return err
		}
	}
	things, err := t.things(ctx, q, slices.Concat(now, then))
	if err != nil {
		return err
	}
	for _, story := range now {
		t.count(story, things, t.share)
		if story.Entry != "" {
			t.stories = append(t.stories, story)
		}
	}
	for _, story := range then {
		t.count(story, things, t.shareThen)
	}
	return nil
}

// part is what a share comes to in the cells: numbers that add up, and in the cells that
// count distinct ones, who is counted.
type part struct {
	numbers map[Cell]int
	who     map[Cell]string
}

// count notes what each act of a story changed.
func (t *tally) count(story ledger.Story, things map[string]Thing, part func(ledger.Story, ledger.Share) part) {
	for _, step := range story.Steps {
		was, is := part(story, step.Was), part(story, step.Is)
		by := map[Cell]int{}
		for cell, n := range is.numbers {
			by[cell] += n
		}
		for cell, n := range was.numbers {
			by[cell] -= n
		}
		for cell, n := range by {
			if n == 0 {
				delete(by, cell)
			}
		}
		for _, one := range []struct{ a, b map[Cell]string }{{was.who, is.who}, {is.who, was.who}} {
			for cell := range one.a {
				if one.a[cell] != one.b[cell] {
					by[cell] += 0
				}
			}
		}
		for cell, n := range by {
			t.causes[cell] = append(t.causes[cell], Cause{Act: step.Act, Thing: things[cmp.Or(story.Item, story.Entry, story.Subject)], By: n})
		}
	}
}

// share is what a share of the period comes to.
func (t *tally) share(story ledger.Story, s ledger.Share) part {
	p := part{map[Cell]int{}, map[Cell]string{}}
	t.inFigures(p, s)
	unit, placed := t.childAt(cmp.Or(s.Cell.Path, s.Item.Path))
	if !placed {
		return p
	}
	row := Row{}
	countInto(row, s.Cell, s.Counts)
	for column := range row {
		if n := row.Int(column); n != 0 {
			p.numbers[Cell{TableByUnit, unit.Code, column}] = n
			p.numbers[Cell{TableByUnit, "", column}] = n
		}
	}
	switch {
	case s.Item.Item == ledger.Adoption:
		src := t.sources[story.Item]
		for _, row := range []string{cmp.Or(src.Code, src.Title), ""} {
			p.numbers[Cell{TableReplication, row, "adoptions"}] = 1
			p.who[Cell{TableReplication, row, "adoptingUnits"}] = s.Unit
			if row != "" {
				p.who[Cell{TableReplication, row, "coverage"}] = unit.ID
				p.who[Cell{TableReplication, row, "possible"}] = "all" // it stands there with its row
			}
		}
	case s.Item.Item != "":
		row := awardKey(unit.Code, string(s.Item.Item), s.Item.Form, string(s.Item.Level))
		for _, column := range []string{"total", s.Item.Kind.String()} {
			p.numbers[Cell{TableAwards, row, column}] = 1
			p.numbers[Cell{TableAwards, "", column}] = 1
		}
	}
	return p
}

// inFigures counts a share in the figures, in those by field, and in the comparison.
func (t *tally) inFigures(p part, s ledger.Share) {
	for _, d := range ledger.Definitions() {
		if s.Counts.Of(d.Figure) == 0 {
			continue
		}
		row := string(d.Figure)
		p.numbers[Cell{TableFigures, row, "total"}] = 1
		p.numbers[Cell{TableFigures, row, s.Cell.Kind.String()}] = 1
		if d.Counted == ledger.OfSubjects {
			p.numbers[Cell{TableFigures, row, "subjects"}] = 1
		} else {
			p.who[Cell{TableFigures, row, "subjects"}] = s.Whose
		}
		if slices.Contains(fieldFigures(), d.Figure) {
			p.numbers[Cell{TableByField, s.Cell.Field.String(), row}] = 1
			p.numbers[Cell{TableByField, "", row}] = 1
		}
		if t.before.No != 0 {
			p.numbers[Cell{TableComparison, row, "current"}] = 1
			p.numbers[Cell{TableComparison, row, "difference"}] = 1
		}
	}
}

// shareThen is what a share of the period before comes to: it stands in the comparison alone.
func (t *tally) shareThen(_ ledger.Story, s ledger.Share) part {
	p := part{map[Cell]int{}, nil}
	for _, d := range ledger.Definitions() {
		if s.Counts.Of(d.Figure) > 0 {
			p.numbers[Cell{TableComparison, string(d.Figure), "previous"}] = 1
			p.numbers[Cell{TableComparison, string(d.Figure), "difference"}] = -1
		}
	}
	return p
}

// explain lists the cells whose numbers differ, each with the acts behind it.
func (t *tally) explain(was, is map[Cell]int) []Change {
	var all []Change
	look := func(cell Cell) {
		if was[cell] == is[cell] {
			return
		}
		c := Change{Cell: cell, Was: was[cell], Is: is[cell], Causes: t.causes[cell]}
		if !distinct(cell) || len(c.Causes) == 0 {
			c.Rest = c.Is - c.Was
			for _, cause := range c.Causes {
				c.Rest -= cause.By
			}
		}
		slices.SortFunc(c.Causes, func(a, b Cause) int { return strings.Compare(a.Act.ID, b.Act.ID) })
		all = append(all, c)
	}
	for cell := range is {
		look(cell)
	}
	for cell := range was {
		if _, ok := is[cell]; !ok {
			look(cell)
		}
	}
	slices.SortFunc(all, func(a, b Change) int {
		return cmp.Or(slices.Index(order(), a.Table)-slices.Index(order(), b.Table), byFunnel(a.Cell, b.Cell), strings.Compare(a.Row, b.Row), strings.Compare(a.Column, b.Column))
	})
	return all
}

// distinct tells whether a cell counts distinct ones: its parts do not add up.
func distinct(c Cell) bool {
	counted, _ := ledger.Define(ledger.Figure(c.Row))
	return slices.Contains([]string{"adoptingUnits", "coverage", "possible"}, c.Column) || (c.Table == TableFigures && c.Column == "subjects" && counted.Counted != ledger.OfSubjects)
}

// order is that of the tables in a report.
func order() []string {
	return []string{TableFigures, TableByUnit, TableByField, TableAwards, TableReplication, TableComparison}
}

// byFunnel puts rows of figures, and columns of one row, in the order of the funnel.
func byFunnel(a, b Cell) int {
	place := func(name string) int {
		return slices.IndexFunc(ledger.Definitions(), func(d ledger.Definition) bool { return string(d.Figure) == name })
	}
	if a.Table == TableFigures || a.Table == TableComparison {
		return place(a.Row) - place(b.Row)
	}
	return 0
}
