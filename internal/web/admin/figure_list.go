package admin

import (
	"net/http"
	"net/url"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

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

// behindView is the list behind a figure.
type behindView struct {
	chosen
	definition ledger.Definition
	asOf       clock.Date
	scope      string
	unit       string // code, and the level: what the address narrows to beside the filters
	level      string
	own        bool // what stands at the unit itself alone
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
	v.chosen = c
	in := practice.ReadBehind(q, d.Figure, v.asOf)
	in.Period, in.Slice.Backward, in.Slice.Limit = c.period.No, q.Bool("back"), behindLimit
	in.Own = q.Bool("own")
	if err := q.Err(); err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	v.unit, v.level, v.own = in.Unit, in.Behind.Level, in.Own
	if u, ok := tree.ByCode(in.Unit); ok {
		v.scope = u.NameOn(v.asOf)
		if v.own {
			v.scope = lang.T(i18n.DashboardOwn, v.scope)
		}
	}
	var next, prev string
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
	v.back = "/admin/figures?" + v.funnel().Encode()
	p, err := f.Page(r, lang.T(d.Label), ui.Link{Text: lang.T(i18n.AdminFigures), Href: v.back})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, behindPage(p, v))
}

// funnel is what the address of the funnel asks for in which the figure stands.
func (v behindView) funnel() url.Values {
	q := url.Values{"movement": {v.movement.Code}, "asOf": {v.asOf.String()}}
	if v.unit != "" {
		q.Set("unit", v.unit)
	}
	return q
}

func (f *Face) entriesBehind(r *http.Request, in practice.Query, tree *org.Tree, v *behindView) (next, prev string, err error) {
	lang := webkit.Lang(r)
	list, err := f.Practices.List(r.Context(), webkit.Actor(r), in)
	if err != nil {
		return "", "", err
	}
	v.total = list.Total
	v.columns = desk.Kinds(desk.Columns(lang, i18n.AdminColCode, i18n.AdminColTitle, i18n.AdminColUnit, i18n.AdminColKind, i18n.AdminColField,
		i18n.AdminColRegistered), ui.ColCode, ui.ColTitle)
	for _, e := range list.Rows {
		unit, _ := tree.Unit(e.Unit)
		v.rows = append(v.rows, ui.Row{ID: e.Entry, Cells: []ui.Cell{
			{Text: e.Code},
			{Text: e.Title, Href: desk.EntryLink(e.Code)},
			{Text: unit.NameOn(v.asOf)},
			{Text: lang.T(e.Kind.Label())},
			{Text: lang.T(e.Field.Label())},
			{Text: lang.Date(e.RegisteredOn)},
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
	v.columns = desk.Kinds(desk.Columns(lang, i18n.AdminColName, i18n.AdminColUnit, i18n.AdminColKind, i18n.AdminColField, i18n.AdminColFound,
		i18n.AdminColAwarded), ui.ColTitle)
	for _, s := range page.Rows {
		s = s.AsOf(v.asOf)
		unit, _ := tree.Unit(s.Unit)
		v.rows = append(v.rows, ui.Row{ID: s.Subject, Cells: []ui.Cell{
			{Text: s.Title, Href: desk.ExemplarLink(s.Subject)},
			{Text: unit.NameOn(v.asOf)},
			{Text: lang.T(s.Kind.Label())},
			{Text: lang.T(s.Field.Label())},
			{Text: lang.Date(s.FoundOn)},
			{Text: lang.Date(s.AwardedOn)},
		}})
	}
	return page.Next, nil
}

func (f *Face) linksBehind(r *http.Request, in practice.Query, tree *org.Tree, v *behindView) (next string, err error) {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	filter, err := f.Practices.Filter(r.Context(), who, in)
	if err != nil {
		return "", err
	}
	page, err := f.Replication.List(r.Context(), who, filter, v.asOf, in.Slice)
	if err != nil {
		return "", err
	}
	v.total = page.Total
	v.columns = desk.Kinds(desk.Columns(lang, i18n.AdminColSource, i18n.AdminColAdopting, i18n.AdminColMode, i18n.AdminColStarted), ui.ColTitle)
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
			source,
			{Text: unit.NameOn(v.asOf), Sub: sources[l.AdoptingEntry].Text, Href: sources[l.AdoptingEntry].Href},
			{Text: lang.T(modeWord(l.Mode))},
			{Text: lang.Date(l.StartedOn)},
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
		cells[e.Entry] = ui.Cell{Text: e.Title, Href: desk.EntryLink(e.Code)}
	}
	return cells, nil
}

func modeWord(m replication.Mode) i18n.Key {
	return map[replication.Mode]i18n.Key{
		replication.Exact: i18n.AdminModeExact, replication.Adapted: i18n.AdminModeAdapted, replication.Extended: i18n.AdminModeExtended,
	}[m]
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
	out := ui.Filter{
		Action: "/admin/figures/" + string(v.definition.Figure),
		Search: &ui.Field{Name: "q", Label: lang.T(i18n.AdminColTitle), Type: "search", MaxLength: 200},
		Keep:   []ui.Hidden{{Name: "movement", Value: v.movement.Code}, {Name: "asOf", Value: v.asOf.String()}},
	}
	for _, kept := range []ui.Hidden{{Name: "unit", Value: v.unit}, {Name: "level", Value: v.level}} {
		if kept.Value != "" {
			out.Keep = append(out.Keep, kept)
		}
	}
	if v.own {
		out.Keep = append(out.Keep, ui.Hidden{Name: "own", Value: "1"})
	}
	return out
}
