package office

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/chart"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) dashboardRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get(desk.DashboardPath, report.RightRead, f.dashboard),
		desk.Get(desk.DashboardPath+"/units", report.RightRead, f.dashboardUnits),
	}
}

// dashboardView is the pictures of one figure.
type dashboardView struct {
	report.Dashboard
	all  []movement.Movement
	lang i18n.Lang
	pace report.Pace

	course, tree, areas, tiles drawn
	shades                     []chart.Shade
	bars                       ui.Bars
	fields                     ui.Table
	silence                    string
	units, remind              string // addresses
}

// drawn is a drawing in both widths, with the table of the same figures.
type drawn struct {
	title, lead  string
	narrow, wide chart.Drawing
	table        ui.Table
}

// Bounds of drawings that grow with the number of units; who has no room is put together.
const (
	mostLines = 44
	mostAreas = 40
)

// dashboard draws a figure: over the year, over the units; and who and what is left out.
func (f *Face) dashboard(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	v, err := f.dashboardOf(r)
	if err != nil {
		return err
	}
	if v.Of.Code != "" {
		v.draw()
		if webkit.Actor(r).Can(practice.RightReceive) && len(v.Silent) > 0 {
			v.remind = desk.SilentPath + "?" + url.Values{"movement": {v.Of.Code}}.Encode()
		}
	}
	page, err := f.Page(r, lang.T(i18n.DashboardTitle))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, dashboardPage(page, v))
}

// dashboardOf reads what an address asks for; with no movement at all there is nothing.
func (f *Face) dashboardOf(r *http.Request) (dashboardView, error) {
	ctx, who, q := r.Context(), webkit.Actor(r), webkit.Query(r)
	v := dashboardView{lang: webkit.Lang(r)}
	var err error
	if v.all, err = f.Movements.List(ctx, who); err != nil || len(v.all) == 0 {
		return v, err
	}
	m, p, err := f.place(r, q)
	if err != nil {
		return v, err
	}
	in := report.DashboardQuery{Query: report.Query{Movement: m.Code, AsOf: q.Date("asOf"), Scope: q.Text("unit", 64)}}
	if in.AsOf == 0 {
		in.AsOf = max(p.From, min(f.Now.Today(), p.To))
	}
	var names []string
	for _, d := range ledger.Definitions() {
		names = append(names, string(d.Figure))
	}
	in.Figure = ledger.Figure(q.Choice("figure", names...))
	in.Pace = report.Pace(q.Choice("pace", string(report.ByMonth), string(report.ByWeek)))
	if err := q.Err(); err != nil {
		return v, err
	}
	v.pace = cmp.Or(in.Pace, report.ByMonth)
	v.Dashboard, err = f.Reports.Dashboard(ctx, who, in)
	return v, err
}

// label is the word for the figure.
func (v dashboardView) label() string {
	d, _ := ledger.Define(v.Figure)
	return v.lang.T(d.Label)
}

// list is the address of the list behind a figure on a day.
func (v dashboardView) list(figure ledger.Figure, in string, on clock.Date, pairs ...string) string {
	q := url.Values{"movement": {in}, "asOf": {on.String()}}
	if v.Scope.Code != "" {
		q.Set("unit", v.Scope.Code)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "/admin/figures/" + string(figure) + "?" + q.Encode()
}

// own is the address of the same pictures of a unit.
func (v dashboardView) own(unit string) string {
	return desk.DashboardPath + "?" + url.Values{
		"movement": {v.Of.Code}, "asOf": {v.AsOf.String()}, "figure": {string(v.Figure)}, "pace": {string(v.pace)}, "unit": {unit},
	}.Encode()
}

// without is the address of the list of units that have nothing, or nothing in a field.
func (v dashboardView) without(field string) string {
	q := url.Values{"movement": {v.Of.Code}, "asOf": {v.AsOf.String()}}
	if v.Scope.Code != "" {
		q.Set("unit", v.Scope.Code)
	}
	if field != "" {
		q.Set("field", field)
	}
	return desk.DashboardPath + "/units?" + q.Encode()
}

func (v *dashboardView) draw() {
	v.drawCourse()
	v.drawUnits()
	v.drawFields()
	v.silence, v.units = v.lang.T(i18n.DashboardSilentOf, len(v.Silent), v.Looked), v.without("")
}

// drawCourse draws how the figure grew.
func (v *dashboardView) drawCourse() {
	lang, label := v.lang, v.label()
	c := chart.Course{Title: lang.T(i18n.DashboardCourse, label), Now: v.Period.Name, Number: lang.Number}
	v.course.lead = lang.T(i18n.DashboardCourseAlone)
	t := ui.Table{
		Caption: lang.T(i18n.DashboardTableOf, c.Title), Pan: true,
		Columns: []ui.Column{{Label: lang.T(i18n.DashboardDay), Kind: ui.ColTitle}, {Label: v.Period.Name, Kind: ui.ColNumber}},
	}
	if v.Before.No != 0 {
		c.Then = v.Before.Name
		v.course.lead = lang.T(i18n.DashboardCourseLead, v.Period.Name, v.Before.Name)
		t.Columns = append(t.Columns, ui.Column{Label: v.Before.Name, Kind: ui.ColNumber})
	}
	for _, s := range v.Course {
		p := chart.Point{
			Label: fmt.Sprintf("%d/%d", s.On.Day(), s.On.Month()), Value: s.Count, Then: s.Before, Ahead: s.Ahead,
			Say: lang.T(i18n.DashboardStageSay, label, s.On, s.Count), Href: v.list(v.Figure, v.Of.Code, s.On),
		}
		c.Points = append(c.Points, p)
		row := ui.Row{ID: s.On.String(), Cells: []ui.Cell{{Text: lang.Date(s.On)}, {Text: lang.Number(s.Count), Href: p.Href}}}
		if s.Ahead {
			row.Cells[1] = ui.Cell{Text: "–"}
		}
		if v.Before.No != 0 {
			row.Cells = append(row.Cells, v.earlier(s.Before, v.Figure, s.Then))
		}
		t.Rows = append(t.Rows, row)
	}
	v.course.title, v.course.table = c.Title, t
	v.course.narrow, v.course.wide = chart.Line(c, chart.Narrow), chart.Line(c, chart.Wide)
}

// earlier is a figure of the period before, which opens its list where the actor sees it.
func (v dashboardView) earlier(n int, figure ledger.Figure, on clock.Date, pairs ...string) ui.Cell {
	cell := ui.Cell{Text: v.lang.Number(n)}
	if v.BeforeIn != "" {
		cell.Href = v.list(figure, v.BeforeIn, on, pairs...)
	}
	return cell
}

// item is a unit as drawings show it.
func (v dashboardView) item(u report.UnitCount) chart.Item {
	it := chart.Item{Name: u.Name, Value: u.Count, Text: v.lang.Number(u.Count), Href: v.list(v.Figure, v.Of.Code, v.AsOf, "unit", u.Unit.Code)}
	if u.Own {
		it.Name = v.lang.T(i18n.DashboardOwn, u.Name)
		it.Href = v.list(v.Figure, v.Of.Code, v.AsOf, "unit", u.Unit.Code, "own", "1")
	}
	it.Say = v.lang.T(i18n.DashboardSay, it.Name, it.Text)
	return it
}

// rest names the units that have no room of their own; their figures stand in the table.
func (v dashboardView) rest(table string) func(units, sum int) chart.Item {
	return func(units, sum int) chart.Item {
		it := chart.Item{Name: v.lang.T(i18n.DashboardRest, units), Value: sum, Text: v.lang.Number(sum), Href: "#" + table}
		it.Say = v.lang.T(i18n.DashboardSay, it.Name, it.Text)
		return it
	}
}

// drawUnits draws how the figure is spread over the units.
func (v *dashboardView) drawUnits() {
	label := v.label()
	v.tree.title, v.tree.lead = v.lang.T(i18n.DashboardTree, label), v.lang.T(i18n.DashboardTreeLead)
	v.areas.title, v.areas.lead = v.lang.T(i18n.DashboardAreas, label), v.lang.T(i18n.DashboardAreasLead)
	v.tiles.title, v.tiles.lead = v.lang.T(i18n.DashboardTiles, label), v.lang.T(i18n.DashboardTilesLead)
	v.drawTree()
	inOrder := make([]chart.Item, len(v.Units))
	for i, u := range v.Units {
		inOrder[i] = v.item(u)
	}
	ranked := slices.Clone(inOrder)
	slices.SortStableFunc(ranked, func(a, b chart.Item) int { return b.Value - a.Value })
	for i := range inOrder {
		inOrder[i].No, ranked[i].No = i+1, i+1
	}
	v.tiles.table, v.areas.table = v.numbered(v.tiles.title, inOrder), v.numbered(v.areas.title, ranked)
	v.shades = chart.Shades(inOrder)
	v.tiles.narrow, v.tiles.wide = chart.Tiles(v.tiles.title, inOrder, chart.Narrow), chart.Tiles(v.tiles.title, inOrder, chart.Wide)
	areas := chart.Rest(ranked, mostAreas, v.rest("areas"))
	v.areas.narrow, v.areas.wide = chart.Treemap(v.areas.title, areas, chart.Narrow), chart.Treemap(v.areas.title, areas, chart.Wide)
}

// drawTree draws the units below each other, with those below them where there is room.
func (v *dashboardView) drawTree() {
	root := chart.Item{Name: v.Scope.Name, Value: v.Total, Text: v.lang.Number(v.Total), Href: v.list(v.Figure, v.Of.Code, v.AsOf)}
	root.Say = v.lang.T(i18n.DashboardSay, root.Name, root.Text)
	t := ui.Table{Caption: v.lang.T(i18n.DashboardTableOf, v.tree.title), Pan: true, Columns: v.columns()}
	n := 0
	for _, u := range v.Units {
		n += 1 + len(u.Parts)
	}
	for i, u := range v.Units {
		if len(u.Parts) == 1 && u.Parts[0].Own { // it would say the same twice
			u.Parts = nil
		}
		it := v.item(u)
		it.No = i + 1
		t.Rows = append(t.Rows, v.unitRow(u, it))
		for _, part := range u.Parts {
			below := v.item(part)
			row := v.unitRow(part, below)
			row.Cells[0] = ui.Cell{Text: "– " + below.Name, Href: row.Cells[0].Href}
			t.Rows = append(t.Rows, row)
			if n <= mostLines {
				it.Parts = append(it.Parts, below)
			}
		}
		root.Parts = append(root.Parts, it)
	}
	t.Foot = []ui.Row{{ID: "sum", Cells: []ui.Cell{{Text: root.Name}, {Text: root.Text, Href: root.Href}}}}
	root.Parts = chart.Rest(root.Parts, mostLines, v.rest("tree"))
	v.tree.table = t
	v.tree.narrow, v.tree.wide = chart.Tree(v.tree.title, root, chart.Narrow), chart.Tree(v.tree.title, root, chart.Wide)
}

func (v dashboardView) columns() []ui.Column {
	return []ui.Column{{Label: v.lang.T(i18n.AdminColUnit), Kind: ui.ColTitle}, {Label: v.label(), Kind: ui.ColNumber}}
}

func (v dashboardView) unitRow(u report.UnitCount, it chart.Item) ui.Row {
	name := ui.Cell{Text: it.Name}
	if !u.Own {
		name.Href = v.own(u.Unit.Code)
	}
	return ui.Row{ID: u.Unit.Code, Cells: []ui.Cell{name, {Text: it.Text, Href: it.Href}}}
}

// numbered is the table of a drawing whose marks may stand for a row by its number.
func (v dashboardView) numbered(title string, all []chart.Item) ui.Table {
	t := ui.Table{
		Caption: v.lang.T(i18n.DashboardTableOf, title), Pan: true,
		Columns: append(append([]ui.Column{{Label: v.lang.T(i18n.DashboardNo), Kind: ui.ColNumber}}, v.columns()...), ui.Column{Label: v.lang.T(i18n.DashboardShare), Kind: ui.ColNumber}),
	}
	for _, it := range all {
		share := "–"
		if v.Total > 0 {
			share = percent(v.lang, it.Value, v.Total)
		}
		t.Rows = append(t.Rows, ui.Row{ID: it.Href, Cells: []ui.Cell{{Text: v.lang.Number(it.No)}, {Text: it.Name}, {Text: it.Text, Href: it.Href}, {Text: share}}})
	}
	return t
}

// percent writes a share in tenths of a hundredth.
func percent(lang i18n.Lang, n, of int) string {
	tenths := (n*2000 + of) / (2 * of)
	point := ","
	if lang == i18n.En {
		point = "."
	}
	return fmt.Sprintf("%d%s%d%%", tenths/10, point, tenths%10)
}

// drawFields sets the fields beside each other.
func (v *dashboardView) drawFields() {
	lang, registered := v.lang, v.Registered()
	v.bars = ui.Bars{Title: lang.T(i18n.DashboardFields), Caption: lang.T(i18n.DashboardFieldsLead), Unit: lang.T(i18n.LedgerRegistered)}
	v.fields = ui.Table{
		Caption: lang.T(i18n.DashboardTableOf, lang.T(i18n.DashboardFields)), Pan: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.AdminColField, i18n.OfficeNow, i18n.OfficeThen, i18n.OfficeTarget, i18n.DashboardFieldWithout, i18n.DashboardState),
			ui.ColTitle, ui.ColNumber, ui.ColNumber, ui.ColNumber, ui.ColNumber, ui.ColStatus),
	}
	for _, one := range v.Fields {
		name, code := lang.T(one.Field.Label()), one.Field.String()
		href := v.list(ledger.FigureRegistered, v.Of.Code, v.AsOf, "field", code)
		v.bars.Items = append(v.bars.Items, ui.Bar{Label: name, Href: href, Value: one.Count, Target: one.Target})
		state := ui.Cell{Text: lang.T(i18n.DashboardFieldFair), Tone: ui.OK}
		if one.Short(registered) {
			state = ui.Cell{Text: lang.T(i18n.DashboardFieldFew), Tone: ui.Wait}
		}
		before := ui.Cell{Text: "–"}
		if v.Before.No != 0 {
			before = v.earlier(one.Before, ledger.FigureRegistered, v.then(), "field", code)
		}
		v.fields.Rows = append(v.fields.Rows, ui.Row{ID: code, Cells: []ui.Cell{
			{Text: name},
			{Text: lang.Number(one.Count), Href: href},
			before,
			{Text: orNone(lang, one.Target)},
			{Text: lang.Number(len(one.Without)), Href: v.without(code)},
			state,
		}})
	}
}

// then is the day of the period before that is compared with that of the dashboard.
func (v dashboardView) then() clock.Date {
	var on clock.Date
	for _, s := range v.Course {
		if !s.Ahead {
			on = s.Then
		}
	}
	return on
}

// dashboardUnits lists the units that have registered nothing, or nothing in a field.
func (f *Face) dashboardUnits(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	v, err := f.dashboardOf(r)
	if err != nil {
		return err
	}
	q := webkit.Query(r)
	title := lang.T(i18n.DashboardSilent)
	field, _ := ledger.Parse(ledger.Fields(), q.Choice("field", ledger.Codes(ledger.Fields())...))
	if err := q.Err(); err != nil {
		return err
	}
	if field != 0 {
		title = lang.T(i18n.DashboardWithout, lang.T(field.Label()))
	}
	t := ui.Table{
		Caption: title, Columns: desk.Kinds(desk.Columns(lang, i18n.AdminUnitCode, i18n.AdminColUnit), ui.ColData, ui.ColTitle),
		Empty: ui.EmptyState(ui.IconCircleCheck, lang.T(i18n.DashboardSilentNone), lang.T(i18n.DashboardSilentNoneText, v.Looked), nil),
	}
	for _, u := range v.Without(field) {
		t.Rows = append(t.Rows, ui.Row{ID: u.Code, Cells: []ui.Cell{{Text: u.Code}, {Text: u.NameOn(v.AsOf), Href: v.own(u.Code)}}})
	}
	page, err := f.Page(r, title, ui.Link{Text: lang.T(i18n.DashboardTitle), Href: v.own(v.Scope.Code)})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, dashboardUnitsPage(page, v, t))
}

// shadeWords are a class of tiles in words.
func (v dashboardView) shadeWords(s chart.Shade) string {
	if s.From == s.To {
		return v.lang.T(i18n.DashboardShadeOne, s.From)
	}
	return v.lang.T(i18n.DashboardShade, s.From, s.To)
}
