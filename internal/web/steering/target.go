package steering

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) targetRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get(one+"/targets", movement.RightRead, f.targets),
		desk.Get(one+"/targets/edit", movement.RightManage, f.targetEdit),
		desk.Post(one+"/targets/edit", movement.RightManage, f.targetEdit),
	}
}

// goal is what has a target: a unit or a field.
type goal struct {
	unit  string // identity
	field ledger.Field
	code  string
	name  string
}

func (g goal) target(figure ledger.Figure) movement.Target {
	return movement.Target{Unit: g.unit, Field: g.field, Figure: figure}
}

// unitGoals are the units that may have targets, of those that the actor sees.
func (a asked) unitGoals(r *http.Request) []goal {
	var all []goal
	for _, u := range movement.TargetUnits(a.tree, a.movement, a.period) {
		if a.tree.InScope(webkit.Actor(r).Scope, u.ID) {
			all = append(all, goal{unit: u.ID, code: u.Code, name: u.NameOn(min(a.period.To, max(a.period.From, u.From)))})
		}
	}
	return all
}

// fieldGoals are the national fields, with the names of the local ones below each.
func (a asked) fieldGoals(lang i18n.Lang) []goal {
	var all []goal
	for _, n := range ledger.Fields() {
		var local []string
		for _, x := range a.movement.Fields {
			if x.National == n && x.Code != n.String() {
				local = append(local, x.Name)
			}
		}
		g := goal{field: n, code: n.String(), name: lang.T(n.Label())}
		if len(local) > 0 {
			g.name += " (" + strings.Join(local, ", ") + ")"
		}
		all = append(all, g)
	}
	return all
}

// targetsView is how far the targets of a period are reached.
type targetsView struct {
	asked
	targets       movement.Targets
	tabs, periods []ui.Tab
	tables        []ui.Table
	asOf          clock.Date
	differ        bool // the sums of units and of fields
	edit          string
	counted       bool // the actor may see figures
}

func (f *Face) targets(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	a, err := f.asked(r)
	if err != nil {
		return err
	}
	v := targetsView{asked: a, tabs: a.tabs(lang, "/targets"), periods: a.periods("/targets"), counted: who.Can(report.RightRead)}
	if v.targets, err = f.Movements.Targets(r.Context(), who, a.movement.Code, a.period.No); err != nil {
		return err
	}
	if a.keeps {
		v.edit = a.in("/targets/edit")
	}
	v.asOf = max(a.period.From, min(f.Now.Today(), a.period.To))
	var cube ledger.Cube
	if v.counted && len(v.targets.All) > 0 {
		got, err := f.Reports.Report(r.Context(), who, report.Query{Movement: a.movement.Code, AsOf: v.asOf})
		if err != nil {
			return err
		}
		cube = got.Cube
	}
	reached := func(g goal) ledger.Counts { return cube.Total(g.counts(a.tree)) }
	byUnit, unitSum := v.table(lang, i18n.SteeringByUnit, grid{a.unitGoals(r), movement.UnitFigures()}, reached)
	v.tables = append(v.tables, byUnit)
	if a.tree.InScope(who.Scope, a.movement.Unit) {
		byField, fieldSum := v.table(lang, i18n.SteeringByField, grid{a.fieldGoals(lang), movement.FieldFigures()}, reached)
		v.tables = append(v.tables, byField)
		v.differ = differ(unitSum, fieldSum)
	}
	p, err := f.Page(r, lang.T(i18n.SteeringTargets), a.crumbs(lang)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, targetsPage(p, v))
}

// counts tells which cells of the figures belong to a unit or a field.
func (g goal) counts(tree *org.Tree) func(ledger.Cell) bool {
	if g.unit == "" {
		return func(c ledger.Cell) bool { return c.Field == g.field }
	}
	paths := tree.Paths(g.unit)
	return func(c ledger.Cell) bool {
		for _, p := range paths {
			if strings.HasPrefix(c.Path, p) {
				return true
			}
		}
		return false
	}
}

// differ tells whether two sums say two things about a figure that both have.
func differ(a, b map[ledger.Figure]int) bool {
	for figure, n := range b {
		if m := a[figure]; m != 0 && n != 0 && m != n {
			return true
		}
	}
	return false
}

// grid is what has targets, and for which figures.
type grid struct {
	goals   []goal
	figures []ledger.Figure
}

// columns are those of the figures.
func (g grid) columns(lang i18n.Lang, first i18n.Key) []ui.Column {
	columns := desk.Kinds(desk.Columns(lang, first), ui.ColTitle)
	for _, figure := range g.figures {
		d, _ := ledger.Define(figure)
		columns = append(columns, ui.Column{Label: lang.T(d.Label)})
	}
	return columns
}

// table lists what has a target, how far it came and what is missing; and the sums.
func (v targetsView) table(lang i18n.Lang, caption i18n.Key, g grid, reached func(goal) ledger.Counts) (ui.Table, map[ledger.Figure]int) {
	t := ui.Table{
		Caption: lang.T(caption), ShowCaption: true, Columns: g.columns(lang, caption),
		Empty: ui.EmptyState(ui.IconTarget, lang.T(i18n.SteeringNoTargets), lang.T(i18n.SteeringNoTargetsText), nil),
	}
	sums, done := map[ledger.Figure]int{}, map[ledger.Figure]int{}
	for _, one := range g.goals {
		row, has, counts := ui.Row{ID: one.code, Cells: []ui.Cell{{Text: one.name}}}, false, ledger.Counts{}
		if v.counted && len(v.targets.All) > 0 {
			counts = reached(one)
		}
		for _, figure := range g.figures {
			number, ok := v.targets.Of(one.unit, one.field, figure)
			if !ok {
				row.Cells = append(row.Cells, ui.Cell{Text: "–"})
				continue
			}
			has = true
			sums[figure] += number
			done[figure] += counts.Of(figure)
			row.Cells = append(row.Cells, v.cell(lang, counts.Of(figure), number))
		}
		if has {
			t.Rows = append(t.Rows, row)
		}
	}
	foot := ui.Row{Cells: []ui.Cell{{Text: lang.T(i18n.SteeringSum)}}}
	for _, figure := range g.figures {
		if _, ok := sums[figure]; !ok {
			foot.Cells = append(foot.Cells, ui.Cell{Text: "–"})
			continue
		}
		foot.Cells = append(foot.Cells, v.cell(lang, done[figure], sums[figure]))
	}
	if len(t.Rows) > 0 {
		t.Foot = []ui.Row{foot}
	}
	return t, sums
}

// cell says how far a target is reached: in words, and as a bar.
func (v targetsView) cell(lang i18n.Lang, reached, number int) ui.Cell {
	if !v.counted {
		return ui.Cell{Text: lang.Number(number)}
	}
	text := lang.T(i18n.SteeringReached)
	if missing := number - reached; missing > 0 {
		text = lang.T(i18n.SteeringMissing, missing)
	}
	return ui.Cell{Body: progress(lang.T(i18n.SteeringOf, reached, number), text, reached, number)}
}

// share is how much of a target is reached, for a bar.
func share(reached, number int) string {
	if number <= 0 {
		return "100%"
	}
	return strconv.Itoa(min(100, max(0, 100*reached/number))) + "%"
}

// targetEdit writes all targets of a period. What is pasted from a table of a spreadsheet
// fills the fields of the rows that it names.
func (f *Face) targetEdit(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	a, err := f.asked(r)
	if err != nil {
		return err
	}
	if err := a.mustKeep(); err != nil {
		return err
	}
	saved, err := f.Movements.Targets(r.Context(), who, a.movement.Code, a.period.No)
	if err != nil {
		return err
	}
	grids := []grid{{a.unitGoals(r), movement.UnitFigures()}, {a.fieldGoals(lang), movement.FieldFigures()}}
	values, names := url.Values{}, map[string]string{}
	for _, g := range grids {
		for _, one := range g.goals {
			for _, figure := range g.figures {
				d, _ := ledger.Define(figure)
				t := one.target(figure)
				names[t.Name()] = one.name + ", " + lang.T(d.Label)
				if n, ok := saved.Of(one.unit, one.field, figure); ok {
					values.Set(t.Name(), strconv.Itoa(n))
				}
			}
		}
	}
	return f.answer(w, r, page{
		title: i18n.SteeringTargetsEdit, crumbs: a.crumbs(lang, ui.Link{Text: lang.T(i18n.SteeringTargets), Href: a.in("/targets")}),
		back: a.in("/targets"), saved: values, version: saved.Version,
		label: func(name string) string { return names[name] },
		prepare: func(v *formView) {
			paste(v.Values, grids)
		},
		save: func(form *webkit.FormReader, version int) (string, i18n.Key, error) {
			in := movement.TargetInput{Period: a.period.No, Version: version, All: readTargets(form, grids)}
			if err := form.Err(); err != nil {
				return "", 0, err
			}
			_, err := f.Movements.SetTargets(r.Context(), who, a.movement.Code, in)
			return a.in("/targets"), i18n.SteeringTargetsSaved, err
		},
		show: func(p ui.Page, v formView) templ.Component { return targetFormPage(p, v, grids) },
	})
}

// readTargets reads the fields of the grids; an empty one is no target.
func readTargets(form *webkit.FormReader, grids []grid) []movement.Target {
	var all []movement.Target
	for _, g := range grids {
		for _, one := range g.goals {
			for _, figure := range g.figures {
				t := one.target(figure)
				if strings.TrimSpace(form.Values.Get(t.Name())) == "" {
					continue
				}
				t.Number = form.Int(t.Name(), 0, movement.MaxTarget)
				all = append(all, t)
			}
		}
	}
	return all
}

// maxPaste is how much text can be pasted.
const maxPaste = 200_000

// paste fills fields from a table: in each line a code or a name, then numbers in the order
// of the columns, parted by tabs or semicolons. Lines that name nothing stay.
func paste(values url.Values, grids []grid) {
	text := values.Get("paste")
	if len(text) > maxPaste {
		return
	}
	var left []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && !pasteLine(values, grids, line) {
			left = append(left, line)
		}
	}
	values.Set("paste", strings.Join(left, "\n"))
}

func pasteLine(values url.Values, grids []grid, line string) bool {
	cells := strings.FieldsFunc(line, func(r rune) bool { return r == '\t' || r == ';' })
	for _, g := range grids {
		for _, one := range g.goals {
			if !one.called(cells[0]) {
				continue
			}
			for i, figure := range g.figures {
				if i+1 < len(cells) {
					values.Set(one.target(figure).Name(), strings.TrimSpace(strings.ReplaceAll(cells[i+1], ".", "")))
				}
			}
			return true
		}
	}
	return false
}
