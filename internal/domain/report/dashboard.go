package report

import (
	"context"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Pace is how far apart the days of a course lie.
type Pace string

// The paces.
const (
	ByMonth Pace = "month"
	ByWeek  Pace = "week"
)

// Paces lists them.
func Paces() []Pace { return []Pace{ByMonth, ByWeek} }

// DashboardQuery asks for the pictures of one figure.
type DashboardQuery struct {
	Query
	Figure ledger.Figure // "" is registered
	Pace   Pace          // "" is by month
}

// Dashboard is how one figure grew over the period beside the one before, how it is spread
// over the units, and what is served too little: fields with few entries, units with none.
type Dashboard struct {
	Of     movement.Movement
	Period movement.Period
	AsOf   clock.Date
	Before movement.Period // none has no number
	// BeforeIn is the code of the movement of the period before, where the actor sees it.
	BeforeIn string
	Scope    Place
	Figure   ledger.Figure
	Total    int
	Course   []Stage
	Units    []UnitCount
	Fields   []FieldCount
	Silent   []org.Unit // of those below, the ones that have registered nothing
	Looked   int        // of how many
}

// Stage is the figure on a day, beside the same day of the period before.
type Stage struct {
	On, Then      clock.Date
	Count, Before int
	Ahead         bool // the day had not come: there is no count
}

// UnitCount is the figure of a unit with all below it, or of the unit itself alone.
type UnitCount struct {
	Unit  org.Unit
	Name  string
	Own   bool // of the unit itself, without what lies below
	Count int
	Parts []UnitCount
}

// FieldCount is how many entries are registered in a field, and which of the units below
// have none in it.
type FieldCount struct {
	Field         ledger.Field
	Count, Before int
	Target        int // 0 is none
	Without       []org.Unit
}

// Short tells whether a field is served too little: below its target or, where it has none,
// below half of what a field has on average.
func (f FieldCount) Short(registered int) bool {
	if f.Target > 0 {
		return f.Count < f.Target
	}
	return f.Count*2*len(ledger.Fields()) < registered
}

// Dashboard computes the pictures of a figure: one pass over the period, and one over the
// period before.
func (s *Service) Dashboard(ctx context.Context, who actor.Actor, in DashboardQuery) (Dashboard, error) {
	if !who.Can(RightRead) {
		return Dashboard{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	if in.Figure == "" {
		in.Figure = ledger.FigureRegistered
	}
	if _, ok := ledger.Define(in.Figure); !ok {
		return Dashboard{}, errs.New(errs.Invalid, i18n.ErrsBadChoice).On("figure")
	}
	a, err := s.ask(ctx, who, in.Query)
	if err != nil {
		return Dashboard{}, err
	}
	d := Dashboard{Of: a.movement, Period: a.period, AsOf: a.question.On, Before: a.before, Scope: a.place(), Figure: in.Figure}
	d.Course = a.stages(in.Pace)
	now, then, err := s.courses(ctx, a, &d)
	if err != nil {
		return d, err
	}
	targets, err := s.movements.Targets(ctx, who, a.movement.Code, a.period.No)
	if err != nil {
		return d, err
	}
	d.spread(a, now)
	d.fields(a, now, then, targets)
	if d.Before.No == 0 {
		return d, nil
	}
	all, err := s.movements.List(ctx, who)
	for _, m := range all {
		if _, ok := m.Period(d.Before.No); ok {
			d.BeforeIn = m.Code
		}
	}
	return d, err
}

// courses reads both periods side by side, and fills the stages; it gives the cells of both.
func (s *Service) courses(ctx context.Context, a asked, d *Dashboard) (now, then ledger.Cube, err error) {
	days, before := make([]clock.Date, len(d.Course)), make([]clock.Date, len(d.Course))
	for i, at := range d.Course {
		days[i], before[i] = at.On, at.Then
	}
	type answer struct {
		cube   ledger.Cube
		counts []int
		err    error
	}
	earlier := make(chan answer, 1)
	go func() {
		var got answer
		if a.before.No != 0 {
			q := a.then()
			q.Depth = 0
			got.cube, got.counts, got.err = ledger.Course(ctx, s.db, q, d.Figure, before)
		}
		earlier <- got
	}()
	q := a.question
	q.Depth++ // two steps below the root
	var counts []int
	err = s.db.Snapshot(ctx, func(r db.Querier) error {
		now, counts, err = ledger.Course(ctx, r, q, d.Figure, days)
		return err
	})
	got := <-earlier // waited for in any case: nothing is left behind
	if err == nil {
		err = got.err
	}
	if err != nil {
		return now, then, err
	}
	for i := range d.Course {
		if at := &d.Course[i]; !at.Ahead {
			at.Count = counts[i]
		}
		if len(got.counts) > 0 {
			d.Course[i].Before = got.counts[i]
		}
	}
	return now, got.cube, nil
}

// longestByWeek is how many days a period has at most whose weeks are told apart.
const longestByWeek = 400

// stages are the days of a course: the ends of its months or weeks, and in place of the one
// in which the day lies, the day itself.
func (a asked) stages(p Pace) []Stage {
	from, to, on := a.period.From, a.period.To, a.question.On
	if to-from > longestByWeek {
		p = ByMonth
	}
	var all []Stage
	for begin := from; begin <= to; {
		next := clock.NewDate(begin.Year(), begin.Month()+1, 1)
		if p == ByWeek {
			next = begin + 7
		}
		end := min(next-1, to)
		st := Stage{On: end, Ahead: begin > on}
		if begin <= on {
			st.On = min(end, on)
		}
		if next > to && on > to { // asked about a day after the period
			st.On = on
		}
		if a.before.No != 0 {
			st.Then = sameDay(a.period, a.before, st.On)
		}
		all = append(all, st)
		begin = next
	}
	return all
}

// spread adds up the figure by unit.
func (d *Dashboard) spread(a asked, c ledger.Cube) {
	rows := map[string]*UnitCount{}
	below := map[string]map[string]*UnitCount{}
	registered := map[string]int{}
	begin := func(u org.Unit) *UnitCount {
		if rows[u.ID] == nil {
			rows[u.ID] = &UnitCount{Unit: u, Name: u.NameOn(d.AsOf), Own: len(a.several) == 0 && u.ID == a.root.ID}
			below[u.ID] = map[string]*UnitCount{}
		}
		return rows[u.ID]
	}
	for _, u := range a.parts() {
		if a.tree.InScope(a.question.Area.Scope, u.ID) {
			begin(u)
		}
	}
	for cell, counts := range c.Cells {
		u, ok := a.childAt(cell.Path)
		if !ok {
			continue
		}
		n := counts.Of(d.Figure)
		begin(u).Count += n
		d.Total += n
		registered[u.ID] += counts.Of(ledger.FigureRegistered)
		if part, ok := a.tree.AtPath(cell.Path); ok && !rows[u.ID].Own && n > 0 {
			if below[u.ID][part.ID] == nil {
				below[u.ID][part.ID] = &UnitCount{Unit: part, Name: part.NameOn(d.AsOf), Own: part.ID == u.ID}
			}
			below[u.ID][part.ID].Count += n
		}
	}
	for id, row := range rows {
		row.Parts = inOrder(below[id])
		if row.Own {
			if row.Count == 0 && len(rows) > 1 {
				delete(rows, id)
			}
			continue
		}
		d.Looked++
		if registered[id] == 0 {
			d.Silent = append(d.Silent, row.Unit)
		}
	}
	d.Units = inOrder(rows)
	byCode(d.Silent)
}

func byCode(units []org.Unit) {
	slices.SortFunc(units, func(x, y org.Unit) int { return strings.Compare(x.Code, y.Code) })
}

// inOrder are counts in the order of the codes of their units; what a unit has of its own
// comes first.
func inOrder(rows map[string]*UnitCount) []UnitCount {
	all := make([]UnitCount, 0, len(rows))
	for _, row := range rows {
		all = append(all, *row)
	}
	slices.SortFunc(all, func(x, y UnitCount) int {
		switch {
		case x.Own != y.Own && x.Own:
			return -1
		case x.Own != y.Own:
			return 1
		default:
			return strings.Compare(x.Unit.Code, y.Unit.Code)
		}
	})
	return all
}

// fields adds up what is registered by field, and names the units that have none in one.
func (d *Dashboard) fields(a asked, now, then ledger.Cube, targets movement.Targets) {
	whole := len(a.several) == 0 && a.root.ID == a.movement.Unit // a target is that of the whole movement
	for _, field := range ledger.Fields() {
		f := FieldCount{Field: field, Before: then.Total(func(c ledger.Cell) bool { return c.Field == field }).Of(ledger.FigureRegistered)}
		if whole {
			f.Target, _ = targets.Of("", field, ledger.FigureRegistered)
		}
		has := map[string]bool{}
		for cell, counts := range now.Cells {
			n := counts.Of(ledger.FigureRegistered)
			if cell.Field != field || n == 0 {
				continue
			}
			f.Count += n
			if u, ok := a.childAt(cell.Path); ok {
				has[u.ID] = true
			}
		}
		for _, u := range d.Units {
			if !u.Own && !has[u.Unit.ID] {
				f.Without = append(f.Without, u.Unit)
			}
		}
		d.Fields = append(d.Fields, f)
	}
}

// Registered is how many entries are registered, whatever figure is drawn.
func (d Dashboard) Registered() int {
	n := 0
	for _, f := range d.Fields {
		n += f.Count
	}
	return n
}

// Without are the units that have registered nothing, or nothing in a field.
func (d Dashboard) Without(field ledger.Field) []org.Unit {
	for _, f := range d.Fields {
		if f.Field == field {
			return f.Without
		}
	}
	return d.Silent
}
