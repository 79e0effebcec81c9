package admin

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) figureRoutes() []webkit.Route {
	return []webkit.Route{
		get("/admin/figures", report.RightRead, f.figures),
		get("/admin/figures/{figure}", report.RightRead, f.figureList),
	}
}

// figureView is the funnel of a movement with its tables.
type figureView struct {
	chosen
	report report.Report
	asOf   clock.Date
	field  ledger.Field
	fields []fieldLine
	above  []org.Unit
}

// fieldLine is a row of the table by field.
type fieldLine struct {
	field  ledger.Field
	counts ledger.Counts
}

func (f *Face) figures(w http.ResponseWriter, r *http.Request) error {
	ctx, who := r.Context(), webkit.Actor(r)
	q := webkit.Query(r)
	lang := webkit.Lang(r)
	c, err := f.chosen(ctx, who, q)
	if err != nil {
		return err
	}
	p, err := f.page(r, lang.T(i18n.AdminFigures))
	if err != nil {
		return err
	}
	if c.movement.Code == "" {
		return render(w, r, http.StatusOK, homePage(p, homeView{}))
	}
	v := figureView{chosen: c, asOf: q.Date("asOf")}
	if v.asOf == 0 {
		v.asOf = c.cutOff(f.Now.Today())
	}
	if err := q.Err(); err != nil {
		return err
	}
	if v.report, err = f.Reports.Report(ctx, who, report.Query{Movement: c.movement.Code, AsOf: v.asOf, Scope: q.Text("unit", 64)}); err != nil {
		return err
	}
	for _, field := range ledger.Fields() {
		v.fields = append(v.fields, fieldLine{field, v.report.Cube.Total(func(cell ledger.Cell) bool { return cell.Field == field })})
	}
	for _, u := range v.report.Tree.Above(v.report.Root.ID, v.asOf) {
		if v.report.Tree.InScope(who.Scope, u.ID) {
			v.above = append(v.above, u)
		}
	}
	return render(w, r, http.StatusOK, figuresPage(p, v))
}

// behindLink is the address of the list behind a figure; the pairs narrow it.
func behindLink(figure ledger.Figure, movement, asOf string, pairs ...string) string {
	q := url.Values{"movement": {movement}, "asOf": {asOf}}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return "/admin/figures/" + string(figure) + "?" + q.Encode()
}

// figuresLink is the address of the funnel of a unit.
func figuresLink(v figureView, unit string) string {
	return "/admin/figures?" + url.Values{"movement": {v.movement.Code}, "asOf": {v.asOf.String()}, "unit": {unit}}.Encode()
}

// registerLink is the address of the register of the movement at hand.
func registerLink(c chosen, pairs ...string) string {
	q := url.Values{"movement": {c.movement.Code}, "period": {strconv.Itoa(c.period.No)}}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "/admin/entries?" + q.Encode()
}

// registerNewLink is the address of the form for a new registration.
func registerNewLink(c chosen) string {
	return "/admin/entries/new?" + url.Values{"movement": {c.movement.Code}}.Encode()
}

// funnelOf draws the ten figures; each opens its list.
func funnelOf(lang i18n.Lang, figures report.Figures, movement, asOf, unit, caption string) ui.Funnel {
	f := ui.Funnel{Title: lang.T(i18n.AdminFunnel), Caption: caption}
	for _, d := range ledger.Definitions() {
		one := figures.Get(d.Figure)
		f.Steps = append(f.Steps, ui.FunnelStep{
			Label: lang.T(d.Label), Note: lang.T(countedWord(d.Counted)), Href: behindLink(d.Figure, movement, asOf, "unit", unit),
			Total: one.Total, Collective: one.Collective, Individual: one.Individual, Household: one.Household,
		})
	}
	return f
}

func countedWord(c ledger.Counted) i18n.Key {
	return [...]i18n.Key{i18n.AdminCountedEntries, i18n.AdminCountedLinks, i18n.AdminCountedSubjects}[c]
}

func dateOf(s string) clock.Date {
	d, err := clock.ParseDate(s)
	if err != nil {
		return 0
	}
	return d
}

// tabIcon and tabTone are the look of a tab of the register.
func tabIcon(t practice.Tab) ui.Icon {
	return map[practice.Tab]ui.Icon{
		practice.TabAll: ui.IconClipboardList, practice.TabWaiting: ui.IconInbox, practice.TabReturned: ui.IconRotateCcw,
		practice.TabInProgress: ui.IconRefreshCw, practice.TabRecognised: ui.IconCircleCheck, practice.TabStopped: ui.IconBan,
	}[t]
}

func tabTone(t practice.Tab, n int) ui.Tone {
	switch {
	case n == 0:
		return ui.Neutral
	case t == practice.TabWaiting || t == practice.TabReturned:
		return ui.Wait
	case t == practice.TabRecognised:
		return ui.OK
	default:
		return ui.Neutral
	}
}

// entryEvents shows entries as points in time.
func entryEvents(lang i18n.Lang, rows []ledger.EntryRow) []ui.TimelineEvent {
	events := make([]ui.TimelineEvent, len(rows))
	for i, e := range rows {
		events[i] = ui.TimelineEvent{
			On: e.RegisteredOn, Title: e.Title, By: e.Code, Href: "/admin/entries/" + e.Code,
			Text: lang.T(practice.StatusKey(e.Status)), Tone: statusTone(e.Status),
		}
	}
	return events
}

// behindView is the list behind a figure.
type behindView struct {
	chosen
	definition ledger.Definition
	asOf       clock.Date
	scope      string
	total      int
	rows       []ui.Row
	columns    []ui.Column
	paging     ui.Paging
	back       string
}

const behindLimit = 50

func (f *Face) figureList(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	q := webkit.Query(r)
	d, ok := ledger.Define(ledger.Figure(r.PathValue("figure")))
	if !ok {
		return errs.New(errs.NotFound, i18n.ErrsNotFound)
	}
	c, err := f.chosen(ctx, who, q)
	if err != nil {
		return err
	}
	v := behindView{chosen: c, definition: d, asOf: q.Date("asOf")}
	if v.asOf == 0 {
		v.asOf = c.cutOff(f.Now.Today())
	}
	c.period, _ = c.movement.PeriodOn(v.asOf)
	in, err := behindQuery(q, c, d, v.asOf)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	if u, ok := tree.ByCode(in.Unit); ok {
		v.scope = u.NameOn(v.asOf)
	}
	next, prev := "", ""
	switch d.Counted {
	case ledger.OfSubjects:
		next, err = f.subjectsBehind(r, in, tree, &v)
	case ledger.OfLinks:
		next, err = f.linksBehind(r, in, tree, &v)
	default:
		next, prev, err = f.entriesBehind(r, in, tree, &v)
	}
	if err != nil {
		return err
	}
	v.paging = ui.Paging{Shown: len(v.rows), Total: v.total}
	if next != "" {
		v.paging.Next = webkit.Link(r, "cursor", next, "back", "")
	}
	if prev != "" {
		v.paging.Prev = webkit.Link(r, "cursor", prev, "back", "1")
	}
	v.back = "/admin/figures?" + url.Values{"movement": {c.movement.Code}, "asOf": {v.asOf.String()}}.Encode()
	p, err := f.page(r, lang.T(d.Label), ui.Link{Text: lang.T(i18n.AdminFigures), Href: v.back})
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, behindPage(p, v))
}

// behindQuery reads how the list behind a figure is narrowed.
func behindQuery(q *webkit.FormReader, c chosen, d ledger.Definition, asOf clock.Date) (practice.Query, error) {
	kind, _ := ledger.Parse(ledger.SubjectKinds(), q.Choice("kind", codes(ledger.SubjectKinds())...))
	field, _ := ledger.Parse(ledger.Fields(), q.Choice("field", codes(ledger.Fields())...))
	origin, _ := ledger.Parse(ledger.Origins(), q.Choice("origin", codes(ledger.Origins())...))
	in := practice.Query{
		Period: c.period.No, Unit: q.Text("unit", 64), Kind: kind, Field: field, Origin: origin, Name: q.Text("q", 200),
		Behind: &ledger.Behind{Figure: d.Figure, On: asOf, Level: q.Choice("level", "commune", "district", "province", "central")},
		Slice:  ledger.Slice{Sort: ledger.ByName, Cursor: q.Text("cursor", 400), Backward: q.Bool("back"), Limit: behindLimit},
	}
	return in, q.Err()
}

// codes are the codes of a list of choices.
func codes[T interface{ String() string }](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = v.String()
	}
	return out
}

func (f *Face) entriesBehind(r *http.Request, in practice.Query, tree *org.Tree, v *behindView) (next, prev string, err error) {
	lang := webkit.Lang(r)
	list, err := f.Practices.List(r.Context(), webkit.Actor(r), in)
	if err != nil {
		return "", "", err
	}
	v.total = list.Total
	v.columns = kinds(columns(lang, i18n.AdminColCode, i18n.AdminColTitle, i18n.AdminColUnit, i18n.AdminColKind, i18n.AdminColField,
		i18n.AdminColRegistered), ui.ColCode, ui.ColTitle)
	for _, e := range list.Rows {
		unit, _ := tree.Unit(e.Unit)
		v.rows = append(v.rows, ui.Row{ID: e.Entry, Cells: []ui.Cell{
			{Text: e.Code}, {Text: e.Title, Href: "/admin/entries/" + e.Code}, {Text: unit.NameOn(v.asOf)},
			{Text: lang.T(e.Kind.Label())}, {Text: lang.T(e.Field.Label())}, {Text: lang.Date(e.RegisteredOn)},
		}})
	}
	return list.Next, list.Prev, nil
}

func (f *Face) subjectsBehind(r *http.Request, in practice.Query, tree *org.Tree, v *behindView) (next string, err error) {
	lang := webkit.Lang(r)
	page, total, err := f.Practices.ListSubjects(r.Context(), webkit.Actor(r), in)
	if err != nil {
		return "", err
	}
	v.total = total
	v.columns = kinds(columns(lang, i18n.AdminColName, i18n.AdminColUnit, i18n.AdminColKind, i18n.AdminColField, i18n.AdminColFound,
		i18n.AdminColAwarded), ui.ColTitle)
	for _, s := range page.Rows {
		unit, _ := tree.Unit(s.Unit)
		v.rows = append(v.rows, ui.Row{ID: s.Subject, Cells: []ui.Cell{
			{Text: s.Title, Href: "/admin/exemplars/" + s.Subject}, {Text: unit.NameOn(v.asOf)}, {Text: lang.T(s.Kind.Label())},
			{Text: lang.T(s.Field.Label())}, {Text: lang.Date(until(s.FoundOn, v.asOf))}, {Text: lang.Date(until(s.AwardedOn, v.asOf))},
		}})
	}
	return page.Next, nil
}

// kinds gives each column its kind.
func kinds(columns []ui.Column, kinds ...ui.ColKind) []ui.Column {
	for i, k := range kinds {
		columns[i].Kind = k
	}
	return columns
}

// until hides a day that had not come on the day as of which is counted.
func until(d, asOf clock.Date) clock.Date {
	if d > asOf {
		return 0
	}
	return d
}

func (f *Face) linksBehind(r *http.Request, in practice.Query, tree *org.Tree, v *behindView) (next string, err error) {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	filter := ledger.Filter{Period: in.Period, Kind: in.Kind, Field: in.Field}
	if in.Unit != "" {
		unit, err := f.Org.Get(r.Context(), who, in.Unit)
		if err != nil {
			return "", err
		}
		filter.Area.Under = tree.Paths(unit.ID)
	}
	page, err := f.Replication.List(r.Context(), who, filter, v.asOf, in.Slice)
	if err != nil {
		return "", err
	}
	v.total = page.Total
	v.columns = kinds(columns(lang, i18n.AdminColSource, i18n.AdminColAdopting, i18n.AdminColMode, i18n.AdminColStarted), ui.ColTitle)
	sources, err := f.linkTitles(r, page.Links)
	if err != nil {
		return "", err
	}
	for _, l := range page.Links {
		unit, _ := tree.Unit(l.AdoptingUnit)
		source := ui.Cell{Text: l.SourceText, Sub: l.SourcePlace}
		if l.SourceEntry != "" {
			source = sources[l.SourceEntry]
		}
		v.rows = append(v.rows, ui.Row{ID: l.ID, Cells: []ui.Cell{
			source, {Text: unit.NameOn(v.asOf), Sub: sources[l.AdoptingEntry].Text, Href: sources[l.AdoptingEntry].Href},
			{Text: lang.T(modeWord(l.Mode))}, {Text: lang.Date(l.StartedOn)},
		}})
	}
	return page.Next, nil
}

// linkTitles names the entries at both ends of adoptions.
func (f *Face) linkTitles(r *http.Request, links []replication.Link) (map[string]ui.Cell, error) {
	var ids []string
	for _, l := range links {
		ids = append(ids, l.SourceEntry, l.AdoptingEntry)
	}
	rows, err := f.Practices.Rows(r.Context(), webkit.Actor(r), ids)
	if err != nil {
		return nil, err
	}
	cells := map[string]ui.Cell{}
	for _, e := range rows {
		cells[e.Entry] = ui.Cell{Text: e.Title, Href: "/admin/entries/" + e.Code}
	}
	return cells, nil
}

func modeWord(m replication.Mode) i18n.Key {
	return map[replication.Mode]i18n.Key{
		replication.Exact: i18n.AdminModeExact, replication.Adapted: i18n.AdminModeAdapted, replication.Extended: i18n.AdminModeExtended,
	}[m]
}

func columns(lang i18n.Lang, keys ...i18n.Key) []ui.Column {
	all := make([]ui.Column, len(keys))
	for i, k := range keys {
		all[i] = ui.Column{Label: lang.T(k)}
	}
	return all
}

// unitColumns are the numbers of the table by unit that the page shows, each with the
// figure and the narrowing of its list.
type unitColumn struct {
	label  i18n.Key
	column string
	figure ledger.Figure
	pairs  []string
}

func unitColumns() []unitColumn {
	all := []unitColumn{{i18n.LedgerRegistered, "registered", ledger.FigureRegistered, nil}}
	for _, k := range ledger.SubjectKinds() {
		all = append(all, unitColumn{k.Label(), k.String(), ledger.FigureRegistered, []string{"kind", k.String()}})
	}
	for _, o := range ledger.Origins() {
		all = append(all, unitColumn{o.Label(), o.String(), ledger.FigureRegistered, []string{"origin", o.String()}})
	}
	for _, x := range ledger.Fields() {
		all = append(all, unitColumn{x.Label(), x.String(), ledger.FigureRegistered, []string{"field", x.String()}})
	}
	for _, d := range ledger.Definitions()[1:6] {
		all = append(all, unitColumn{d.Label, string(d.Figure), d.Figure, nil})
	}
	return append(all, unitColumn{i18n.AdminSuspended, "suspended", "", nil}, unitColumn{i18n.AdminEnded, "ended", "", nil})
}

// unitTable is the table by unit; each number opens its list, each unit its own funnel.
func (v figureView) unitTable(lang i18n.Lang) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.AdminByUnit), ShowCaption: true, Pan: true,
		Columns: []ui.Column{{Label: lang.T(i18n.AdminColUnit), Kind: ui.ColTitle}},
		Groups: []ui.ColumnGroup{
			{Span: 2}, {Label: lang.T(i18n.AdminColKind), Span: 3}, {Label: lang.T(i18n.AdminColOrigin), Span: 4},
			{Label: lang.T(i18n.AdminColField), Span: 4}, {Span: 7},
		},
	}
	for _, c := range unitColumns() {
		t.Columns = append(t.Columns, ui.Column{Label: lang.T(c.label), Kind: ui.ColNumber})
	}
	table := v.report.Table(report.TableByUnit)
	for _, row := range table.Rows {
		unit := row.Text("unit")
		cells := []ui.Cell{{Text: row.Text("name"), Href: figuresLink(v, unit)}}
		for _, c := range unitColumns() {
			cells = append(cells, v.number(lang, c, row.Int(c.column), unit))
		}
		t.Rows = append(t.Rows, ui.Row{ID: unit, Cells: cells})
	}
	foot := []ui.Cell{{Text: lang.T(i18n.AdminTotal)}}
	for _, c := range unitColumns() {
		foot = append(foot, v.number(lang, c, table.Totals[c.column], v.report.Root.Code))
	}
	t.Foot = []ui.Row{{ID: "total", Cells: foot}}
	return t
}

func (v figureView) number(lang i18n.Lang, c unitColumn, n int, unit string) ui.Cell {
	cell := ui.Cell{Text: lang.Number(n)}
	if n > 0 && c.figure != "" {
		cell.Href = behindLink(c.figure, v.movement.Code, v.asOf.String(), append([]string{"unit", unit}, c.pairs...)...)
	}
	return cell
}

// fieldTable is the funnel by field.
func (v figureView) fieldTable(lang i18n.Lang) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.AdminByField), ShowCaption: true, Pan: true,
		Columns: []ui.Column{{Label: lang.T(i18n.AdminColField), Kind: ui.ColTitle}},
	}
	for _, d := range ledger.Definitions() {
		t.Columns = append(t.Columns, ui.Column{Label: lang.T(d.Label), Kind: ui.ColNumber})
	}
	for _, line := range v.fields {
		cells := []ui.Cell{{Text: lang.T(line.field.Label())}}
		for _, d := range ledger.Definitions() {
			cells = append(cells, v.number(lang, unitColumn{figure: d.Figure, pairs: []string{"field", line.field.String()}}, line.counts.Of(d.Figure), v.report.Root.Code))
		}
		t.Rows = append(t.Rows, ui.Row{ID: line.field.String(), Cells: cells})
	}
	return t
}

// plainTable shows a table of the report as it is: words for its columns, numbers as
// numbers.
func plainTable(lang i18n.Lang, t report.Table, caption i18n.Key, words map[string]i18n.Key, texts func(column, code string) string) ui.Table {
	out := ui.Table{Caption: lang.T(caption), ShowCaption: true, Pan: true}
	var shown []string
	for _, c := range t.Columns {
		if key, ok := words[c]; ok {
			shown = append(shown, c)
			kind := ui.ColData
			if c == "title" || c == "name" || c == "figure" {
				kind = ui.ColTitle
			}
			if len(t.Rows) > 0 {
				if _, number := t.Rows[0][c].(int); number {
					kind = ui.ColNumber
				}
			}
			out.Columns = append(out.Columns, ui.Column{Label: lang.T(key), Kind: kind})
		}
	}
	for i, row := range t.Rows {
		var cells []ui.Cell
		for _, c := range shown {
			if n, ok := row[c].(int); ok {
				cells = append(cells, ui.Cell{Text: lang.Number(n)})
				continue
			}
			cells = append(cells, ui.Cell{Text: texts(c, row.Text(c))})
		}
		out.Rows = append(out.Rows, ui.Row{ID: t.ID + strconv.Itoa(i), Cells: cells})
	}
	return out
}

func (v figureView) awardTable(lang i18n.Lang) ui.Table {
	return plainTable(lang, v.report.Table(report.TableAwards), i18n.AdminAwards, map[string]i18n.Key{
		"name": i18n.AdminColUnit, "kind": i18n.AdminColForm, "level": i18n.AdminColLevel, "total": i18n.AdminTotal,
		"collective": i18n.LedgerKindCollective, "individual": i18n.LedgerKindIndividual, "household": i18n.LedgerKindHousehold,
	}, func(column, code string) string {
		switch column {
		case "kind":
			if code == string(ledger.Praise) {
				return lang.T(i18n.LedgerPraised)
			}
			return lang.T(i18n.LedgerAwarded)
		case "level":
			return lang.T(org.Level(code).Label())
		default:
			return code
		}
	})
}

func (v figureView) spreadTable(lang i18n.Lang) ui.Table {
	return plainTable(lang, v.report.Table(report.TableReplication), i18n.AdminSpread, map[string]i18n.Key{
		"source": i18n.AdminColCode, "title": i18n.AdminColSource, "unit": i18n.AdminColUnit, "adoptions": i18n.LedgerAdoptions,
		"adoptingUnits": i18n.AdminColAdoptingUnits, "coverage": i18n.AdminColCoverage, "possible": i18n.AdminColPossible,
	}, func(_, text string) string { return text })
}

func (v figureView) comparisonTable(lang i18n.Lang) ui.Table {
	return plainTable(lang, v.report.Table(report.TableComparison), i18n.AdminComparison, map[string]i18n.Key{
		"figure": i18n.AdminColFigure, "previous": i18n.AdminColPrevious, "current": i18n.AdminColCurrent, "difference": i18n.AdminColDifference,
		"previousAsOf": i18n.AdminColPreviousAsOf,
	}, func(column, text string) string {
		if column == "figure" {
			d, _ := ledger.Define(ledger.Figure(text))
			return lang.T(d.Label)
		}
		return lang.Date(dateOf(text))
	})
}

// checked counts the identities that hold and lists those that do not.
func checked(all []report.Identity) (whole int, broken []report.Identity) {
	for _, one := range all {
		if one.Holds {
			whole++
		} else {
			broken = append(broken, one)
		}
	}
	return whole, broken
}

// definitionTexts are the ten definitions in words.
func definitionTexts(lang i18n.Lang) []ui.Definition {
	var all []ui.Definition
	for _, d := range ledger.Definitions() {
		all = append(all, ui.Definition{Term: lang.T(d.Label), Text: lang.T(d.Text)})
	}
	return all
}

// movementOptions offers the movements that the actor may see.
func movementOptions(c chosen) []ui.OptionGroup {
	options := make([]ui.Option, len(c.all))
	for i, m := range c.all {
		options[i] = ui.Option{Value: m.Code, Text: m.Name, On: m.Code == c.movement.Code}
	}
	return ui.Options(options...)
}

// labelled is a choice with a code and a word.
type labelled interface {
	String() string
	Label() i18n.Key
}

// choiceOptions offers the choices of a filter; the one in the address is on.
func choiceOptions[T labelled](p ui.Page, name string, all []T) []ui.OptionGroup {
	asked := queryOf(p.Path).Get(name)
	options := []ui.Option{{Text: p.Lang.T(i18n.AdminAny)}}
	for _, v := range all {
		options = append(options, ui.Option{Value: v.String(), Text: p.Lang.T(v.Label()), On: v.String() == asked})
	}
	return ui.Options(options...)
}

func queryOf(path string) url.Values {
	u, err := url.Parse(path)
	if err != nil {
		return url.Values{}
	}
	return u.Query()
}

// about says what the list behind a figure is of.
func (v behindView) about(lang i18n.Lang) []string {
	all := []string{v.movement.Name, lang.T(i18n.AdminAsOf, v.period.Name, v.asOf)}
	if v.scope != "" {
		all = append(all, v.scope)
	}
	return append(all, lang.T(i18n.AdminCount, v.total))
}

// filter is the bar above the list behind a figure.
func (v behindView) filter(lang i18n.Lang) ui.Filter {
	return ui.Filter{
		Action: "/admin/figures/" + string(v.definition.Figure),
		Search: &ui.Field{Name: "q", Label: lang.T(i18n.AdminColTitle), Type: "search", MaxLength: 200},
		Keep:   []ui.Hidden{{Name: "movement", Value: v.movement.Code}, {Name: "asOf", Value: v.asOf.String()}},
	}
}
