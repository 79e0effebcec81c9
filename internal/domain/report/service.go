package report

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

// Service is the capability.
type Service struct {
	db        *db.DB
	log       *audit.Log
	org       *org.Service
	movements *movement.Service
	now       clock.Clock
	newID     id.Source
}

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Log       *audit.Log
	Org       *org.Service
	Movements *movement.Service
}

// New makes the service.
func New(d *db.DB, rooms Rooms, now clock.Clock, newID id.Source) *Service {
	return &Service{db: d, log: rooms.Log, org: rooms.Org, movements: rooms.Movements, now: now, newID: newID}
}

// asked is a query with everything it names found.
type asked struct {
	movement movement.Movement
	period   movement.Period
	before   movement.Period // the one to compare with; none has no number
	tree     *org.Tree
	root     org.Unit   // what the report is about with all below it; none where it is about several
	several  []org.Unit // the actor's uppermost units, where none of them holds the others
	paths    []string   // the root's
	question ledger.Question
	list     bool
}

// Report computes a report: figures, tables and identities from one view of the data.
func (s *Service) Report(ctx context.Context, who actor.Actor, in Query) (Report, error) {
	if !who.Can(RightRead) {
		return Report{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	a, err := s.ask(ctx, who, in)
	if err != nil {
		return Report{}, err
	}
	earlier := s.earlier(ctx, a)
	var r Report
	err = s.db.Snapshot(ctx, func(q db.Querier) error {
		r, err = counted(ctx, q, a)
		return err
	})
	before, beforeErr := earlier() // waited for in any case: nothing is left behind
	if err == nil {
		err = beforeErr
	}
	if err == nil {
		r.compare(a, before)
	}
	return r, err
}

// counted is a report but for the comparison, from one view of the data.
func counted(ctx context.Context, q db.Querier, a asked) (Report, error) {
	r := Report{
		Movement: a.movement.Code, AsOf: a.question.On, Period: Span{a.period.From, a.period.To},
		Scope: a.place(),
		Of:    a.movement, PeriodNo: a.period.No, Root: a.root, Tree: a.tree,
	}
	var err error
	if r.Cube, err = ledger.Figures(ctx, q, a.question); err != nil {
		return r, err
	}
	r.Figures = figures(r.Cube)
	if r.Tables, err = tables(ctx, q, a, r); err != nil {
		return r, err
	}
	r.Identities, err = identities(ctx, q, a, r.Cube)
	return r, err
}

// compare puts the comparison among the tables, before the list, where there is one.
func (r *Report) compare(a asked, before ledger.Counts) {
	r.Tables = slices.Insert(r.Tables, 3, comparison(a, before, r.Figures))
}

// earlier begins to sum the period before, side by side with what is counted of this one,
// and gives the function that waits for it. The two are views of different records and
// need not be of one moment.
func (s *Service) earlier(ctx context.Context, a asked) func() (ledger.Counts, error) {
	if a.before.No == 0 {
		return func() (ledger.Counts, error) { return ledger.Counts{}, nil }
	}
	type answer struct {
		counts ledger.Counts
		err    error
	}
	done := make(chan answer, 1)
	go func() {
		counts, err := ledger.Totals(ctx, s.db, a.then())
		done <- answer{counts, err}
	}()
	return func() (ledger.Counts, error) {
		got := <-done
		return got.counts, got.err
	}
}

// then is the question about the period before, as of the day that is compared.
func (a asked) then() ledger.Question {
	q := a.question
	q.Period, q.On = a.before.No, sameDay(a.period, a.before, a.question.On)
	return q
}

func (s *Service) ask(ctx context.Context, who actor.Actor, in Query) (asked, error) {
	m, err := s.movements.Get(ctx, who, in.Movement)
	if err != nil {
		return asked{}, err
	}
	tree, err := s.org.Tree(ctx, s.db)
	if err != nil {
		return asked{}, err
	}
	period, day, err := s.cutOff(m, in)
	if err != nil {
		return asked{}, err
	}
	root, several, err := rootOf(tree, who, m, in.Scope)
	if err != nil {
		return asked{}, err
	}
	before, _, err := s.movements.Before(ctx, s.db, m, period)
	if err != nil {
		return asked{}, err
	}
	a := asked{before: before, movement: m, period: period, tree: tree, root: root, several: several, list: in.List}
	a.question = ledger.Question{Period: period.No, On: day, Area: ledger.Area{Scope: who.Scope}}
	if len(several) > 0 { // all that the actor may see: the units themselves are the rows
		a.question.Depth = len(longest(who.Scope.Paths)) / org.StepLen
		return a, nil
	}
	a.paths = tree.Paths(root.ID)
	a.question.Area.Under, a.question.Depth = a.paths, len(longest(a.paths))/org.StepLen+1
	return a, nil
}

// cutOff is the period that is asked about and the day as of which is counted.
func (s *Service) cutOff(m movement.Movement, in Query) (movement.Period, clock.Date, error) {
	today := s.now.Today()
	if in.Period == 0 {
		p, day, ok := m.CutOff(in.AsOf, today)
		if !ok {
			return p, 0, errs.New(errs.NotFound, i18n.MovementPeriodNotFound)
		}
		return p, day, nil
	}
	p, ok := m.Period(in.Period)
	switch {
	case !ok:
		return p, 0, errs.New(errs.NotFound, i18n.MovementPeriodNotFound).On("period")
	case in.AsOf == 0:
		return p, min(max(today, p.From), p.To), nil
	case in.AsOf < p.From:
		return p, 0, errs.New(errs.Invalid, i18n.ReportBeforePeriod, p.From, p.To).On("asOf")
	}
	return p, in.AsOf, nil
}

// place names what the report is about: one unit, or several that have no code in common.
func (a asked) place() Place {
	if len(a.several) == 0 {
		return Place{a.root.Code, a.root.NameOn(a.question.On)}
	}
	names := make([]string, len(a.several))
	for i, u := range a.several {
		names[i] = u.NameOn(a.question.On)
	}
	return Place{Name: strings.Join(names, "; ")}
}

// parts are the units of which the table by unit begins with a row.
func (a asked) parts() []org.Unit {
	if len(a.several) > 0 {
		return a.several
	}
	return a.tree.Children(a.root.ID, a.question.On)
}

func longest(paths []string) string {
	return slices.MaxFunc(paths, func(a, b string) int { return len(a) - len(b) })
}

// rootOf is the unit that a report is about: the one asked for, else the movement's own
// where the actor may see it, else the one that the actor was given. Of an actor who was
// given several it is none of them, and the report is about all.
func rootOf(tree *org.Tree, who actor.Actor, m movement.Movement, code string) (org.Unit, []org.Unit, error) {
	gone := errs.New(errs.NotFound, i18n.OrgNotFound).On("scope")
	if code != "" {
		u, ok := tree.ByCode(code)
		if !ok || !tree.InScope(who.Scope, u.ID) {
			return org.Unit{}, nil, gone
		}
		return u, nil, nil
	}
	if tree.InScope(who.Scope, m.Unit) {
		u, _ := tree.Unit(m.Unit)
		return u, nil, nil
	}
	switch tops := uppermost(tree, who.Scope.Paths); len(tops) {
	case 0:
		return org.Unit{}, nil, gone
	case 1:
		return tops[0], nil, nil
	default:
		return org.Unit{}, tops, nil
	}
}

// uppermost are the units at the ends of paths, without those that lie below another of
// them, in the order of their codes.
func uppermost(tree *org.Tree, paths []string) []org.Unit {
	paths = slices.Clone(paths)
	slices.SortFunc(paths, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	var tops []org.Unit
	seen := map[string]bool{}
	for _, p := range paths {
		u, ok := tree.AtPath(p)
		if !ok || seen[u.ID] || slices.ContainsFunc(tops, func(top org.Unit) bool {
			return actor.Scope{Paths: tree.Paths(top.ID)}.Covers(p)
		}) {
			continue
		}
		seen[u.ID] = true
		tops = append(tops, u)
	}
	slices.SortFunc(tops, func(a, b org.Unit) int { return strings.Compare(a.Code, b.Code) })
	return tops
}

// tables folds the cube into the tables of the published reports.
func tables(ctx context.Context, q db.Querier, a asked, r Report) ([]Table, error) {
	spread, err := spread(ctx, q, a)
	if err != nil {
		return nil, err
	}
	all := []Table{byUnit(a, r.Cube), awards(a, r.Cube), spread}
	if !a.list {
		return all, nil
	}
	entries, err := entries(ctx, q, a)
	return append(all, entries), err
}

// unitColumns are the numbers of table 1, in the order of the published reports.
func unitColumns() []string {
	columns := []string{"registered"}
	for _, k := range ledger.SubjectKinds() {
		columns = append(columns, k.String())
	}
	for _, o := range ledger.Origins() {
		columns = append(columns, OriginColumn(o))
	}
	for _, f := range ledger.Fields() {
		columns = append(columns, f.String())
	}
	columns = append(columns, "received", "carriedOut", "recognised")
	for _, l := range org.Levels() {
		columns = append(columns, LevelColumn(l))
	}
	return append(columns, "typical", "replicated", "suspended", "ended")
}

// OriginColumn names the column of an origin: "replicated" alone is the figure.
func OriginColumn(o ledger.Origin) string { return "origin" + title(o.String()) }

// LevelColumn names the column of what a level recognised.
func LevelColumn(l org.Level) string { return "recognised" + title(string(l)) }

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// byUnit is table 1: registration, implementation and recognition by unit.
func byUnit(a asked, c ledger.Cube) Table {
	t := newTable(TableByUnit, append([]string{"unit", "name"}, unitColumns()...)...)
	rows := map[string]Row{}
	var order []string
	begin := func(u org.Unit) Row {
		if row, ok := rows[u.ID]; ok {
			return row
		}
		row := Row{"unit": u.Code, "name": u.NameOn(a.question.On)}
		for _, column := range unitColumns() {
			row[column] = 0
		}
		rows[u.ID] = row
		order = append(order, u.ID)
		return row
	}
	for _, u := range a.parts() {
		if a.tree.InScope(a.question.Area.Scope, u.ID) {
			begin(u)
		}
	}
	for cell, counts := range c.Cells {
		if u, ok := a.childAt(cell.Path); ok {
			countInto(begin(u), cell, counts)
		}
	}
	slices.SortFunc(order, func(x, y string) int { return strings.Compare(rows[x].Text("unit"), rows[y].Text("unit")) })
	for _, id := range order {
		t.add(rows[id])
	}
	return t
}

// childAt is the unit directly below the root in which a path is counted; the root
// itself for what it registered of its own. Of several units it is the one that holds
// the path.
func (a asked) childAt(path string) (org.Unit, bool) {
	for _, u := range a.several {
		for _, p := range a.tree.Paths(u.ID) {
			if strings.HasPrefix(path, p) {
				return u, true
			}
		}
	}
	for _, root := range a.paths {
		if strings.HasPrefix(path, root) {
			return a.tree.AtPath(org.ChildPath(root, path))
		}
	}
	return org.Unit{}, false
}

func countInto(row Row, cell ledger.Cell, counts ledger.Counts) {
	add := func(column string, n int) { row[column] = row.Int(column) + n }
	registered := counts.Of(ledger.FigureRegistered)
	add("registered", registered)
	if registered > 0 {
		add(cell.Kind.String(), registered)
		add(OriginColumn(cell.Origin), registered)
		add(cell.Field.String(), registered)
	}
	for _, f := range []ledger.Figure{
		ledger.FigureReceived, ledger.FigureCarriedOut, ledger.FigureRecognised, ledger.FigureTypical, ledger.FigureReplicated,
	} {
		add(string(f), counts.Of(f))
	}
	for _, l := range org.Levels() {
		add(LevelColumn(l), counts.OfLevel(l))
	}
	add("suspended", counts.Suspended())
	add("ended", counts.Ended())
}

// awards is table 2: praises and awards by unit, form and deciding level. It counts
// awards; the figure counts those who were awarded.
func awards(a asked, c ledger.Cube) Table {
	t := newTable(TableAwards, "unit", "name", "kind", "form", "level", "total", "collective", "individual", "household")
	type key struct {
		unit  string
		item  ledger.ItemKind
		form  string
		level org.Level
	}
	rows := map[key]Row{}
	for cell, n := range c.Items {
		u, ok := a.childAt(cell.Path)
		if !ok || cell.Item == ledger.Adoption {
			continue
		}
		k := key{u.ID, cell.Item, cell.Form, cell.Level}
		if rows[k] == nil {
			rows[k] = Row{
				"unit": u.Code, "name": u.NameOn(a.question.On), "kind": string(cell.Item), "form": cell.Form,
				"level": string(cell.Level), "total": 0, "collective": 0, "individual": 0, "household": 0,
			}
		}
		rows[k]["total"] = rows[k].Int("total") + n
		rows[k][cell.Kind.String()] = rows[k].Int(cell.Kind.String()) + n
	}
	for _, k := range sortedRows(rows, "unit", "kind", "form", "level") {
		t.add(rows[k])
	}
	return t
}

// sortedRows orders the keys of rows by the texts of some columns.
func sortedRows[K comparable](rows map[K]Row, columns ...string) []K {
	keys := make([]K, 0, len(rows))
	for k := range rows {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y K) int {
		for _, column := range columns {
			if c := strings.Compare(rows[x].Text(column), rows[y].Text(column)); c != 0 {
				return c
			}
		}
		return 0
	})
	return keys
}

// entryColumns are the columns of table 3.
func entryColumns() []string {
	return []string{"code", "title", "unit", "kind", "field", "origin", "registeredOn", "recognisedOn"}
}

// entries is table 3: the list itself, of all that was registered by the day.
func entries(ctx context.Context, q db.Querier, a asked) (Table, error) {
	t := newTable(TableEntries, entryColumns()...)
	all, err := ledger.EntriesOn(ctx, q, a.question)
	name := a.namer()
	for _, e := range all {
		if e.Counts().Of(ledger.FigureRegistered) == 0 {
			continue
		}
		_, unit := name(e.Unit)
		t.Rows = append(t.Rows, Row{
			"code": e.Code, "title": e.Title, "unit": unit, "kind": e.Kind.String(), "field": e.Field.String(), "origin": e.Origin.String(),
			"registeredOn": e.RegisteredOn.String(), "recognisedOn": e.RecognisedOn.String(),
		})
	}
	return t, err
}
