package admin

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) entryRoutes() []webkit.Route {
	routes := []webkit.Route{
		desk.Get("/admin/entries", practice.RightRead, f.entryList),
		desk.Post("/admin/entries/steps", practice.RightRead, f.entrySteps),
		desk.Get("/admin/entries/new", practice.RightRegister, f.entryNew),
		desk.WithFiles(desk.Post("/admin/entries/new", practice.RightRegister, f.entryNew), 2),
		desk.Get(desk.DraftsPath+"/{id}", practice.RightRegister, f.entryNew),
		desk.WithFiles(desk.Post(desk.DraftsPath+"/{id}", practice.RightRegister, f.entryNew), 2),
		desk.Get("/admin/entries/{code}", practice.RightRead, f.entry),
		desk.Get("/admin/entries/{code}/edit", practice.RightRegister, f.entryEdit),
		desk.Post("/admin/entries/{code}/edit", practice.RightRegister, f.entryEdit),
	}
	for _, v := range verbs() {
		if v.kind == ledger.Returned { // part by part
			continue
		}
		at := "/admin/entries/{code}/" + v.path
		routes = append(routes, desk.Get(at, v.right, f.entryStep(v)), desk.Post(at, v.right, f.entryStep(v)))
	}
	return slices.Concat(routes, f.changeRoutes(), f.entryFileRoutes(), f.exemplarRoutes(), f.returnRoutes())
}

const entryLimit = 50

// entryListView is a part of the register.
type entryListView struct {
	chosen
	in       practice.Query
	tabs     []ui.Tab
	views    []ui.Tab
	columns  columnPanel
	filter   ui.Filter
	units    desk.UnitChoice
	tags     []practice.Tag
	table    ui.Table
	paging   ui.Paging
	register bool
	receive  bool   // keeps the tags
	export   string // address of the list as a file
	find     bool   // may introduce an exemplar
	errors   []ui.FieldError
	byField  map[string]string
}

func (f *Face) entryList(w http.ResponseWriter, r *http.Request) error {
	to, asked, err := columnsChosen(r)
	if err != nil {
		return err
	}
	if asked {
		return webkit.Redirect(w, r, to)
	}
	columns := panelOf(r)
	views, first, err := f.savedViews(r)
	if err != nil {
		return err
	}
	columns.keepFrom(r)
	if first != "" {
		return webkit.Redirect(w, r, first)
	}
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	q := webkit.Query(r)
	p, err := f.Page(r, lang.T(i18n.AdminRegister))
	if err != nil {
		return err
	}
	p.Module = "register.js"
	c, err := f.chosenByPeriod(r, q)
	if err != nil {
		return err
	}
	if c.movement.Code == "" {
		return desk.Render(w, r, http.StatusOK, homePage(p, homeView{}))
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	v := entryListView{chosen: c, views: views, columns: columns, in: practice.ReadQuery(q), register: who.Can(practice.RightRegister), receive: who.Can(practice.RightReceive), find: who.Can(practice.RightFind), units: desk.UnitChoiceOf(tree, who.Scope, 0)}
	v.in.Period, v.in.Slice.Backward, v.in.Slice.Limit = c.period.No, q.Bool("back"), entryLimit
	v.in.Unit = desk.UnitCode(tree, who.Scope, 0, v.in.Unit)
	if v.tags, err = f.Practices.Tags(ctx, who, c.movement.Code); err != nil {
		return err
	}
	status, err := http.StatusOK, q.Err()
	var list practice.List
	if err == nil {
		list, err = f.Practices.List(ctx, who, v.in)
	}
	if err != nil { // a filter that cannot be: the page says so and shows nothing
		var ok bool
		if v.byField, v.errors, ok = desk.FieldErrors(lang, err); !ok {
			return err
		}
		v.errors, status = named(lang, v.errors), webkit.Status(err)
	}
	if err := f.listInto(r, &v, list, tree); err != nil {
		return err
	}
	return desk.Render(w, r, status, entryListPage(p, v))
}

// listInto fills in a part of the register as it was found, and what is done with it.
func (f *Face) listInto(r *http.Request, v *entryListView, list practice.List, tree *org.Tree) (err error) {
	lang := webkit.Lang(r)
	v.tabs = entryTabs(r, list, v.in.Tab)
	v.filter = v.filterBar(r, tree)
	if v.table, err = f.entryTable(r, list.Rows, tree, *v); err != nil {
		return err
	}
	v.table.Empty = v.empty(lang)
	if buttons := stepButtons(lang, webkit.Actor(r), v.in.Tab); len(list.Rows) > 0 && v.receive {
		buttons = append(buttons, ui.Btn{Text: lang.T(i18n.OfficeSomethingElse), Icon: ui.IconClipboardList, Small: true, Action: desk.BatchesPath + "/new"})
		v.table.Pick = &ui.Pick{Action: "/admin/entries/steps", Buttons: buttons, Hidden: []ui.Hidden{
			{Name: "back", Value: r.URL.RequestURI()}, {Name: "period", Value: strconv.Itoa(v.period.No)},
		}}
	}
	v.export = "?" + r.URL.RawQuery
	v.paging = entryPaging(r, list)
	return nil
}

func entryPaging(r *http.Request, list practice.List) ui.Paging {
	paging := ui.Paging{Shown: len(list.Rows), Total: list.Total}
	if list.Next != "" {
		paging.Next = webkit.Link(r, "cursor", list.Next, "back", "")
	}
	if list.Prev != "" {
		paging.Prev = webkit.Link(r, "cursor", list.Prev, "back", "1")
	}
	return paging
}

// chosenByPeriod is the movement and the period that the register is about. The number
// of a period says which movement it belongs to.
func (f *Face) chosenByPeriod(r *http.Request, q *webkit.FormReader) (chosen, error) {
	who, no := webkit.Actor(r), q.Int("period", 0, 1<<30)
	if q.Values.Get("movement") == "" && no != 0 {
		m, err := f.Movements.ByPeriod(r.Context(), who, no)
		if err != nil {
			return chosen{}, err
		}
		q.Values.Set("movement", m.Code)
	}
	return f.chosen(r.Context(), who, q)
}

func entryTabs(r *http.Request, list practice.List, open practice.Tab) []ui.Tab {
	var all []ui.Tab
	for _, t := range practice.Tabs() {
		code := string(t)
		if t == practice.TabAll {
			code = ""
		}
		all = append(all, ui.Tab{
			Text: webkit.Lang(r).T(tabWords(t)), Count: list.Tabs[t], Current: t == open,
			Href: webkit.Link(r, "tab", code, "cursor", "", "back", ""),
		})
	}
	return all
}

// cleared is the address of the list without a filter, in the same columns.
func (v entryListView) cleared() string {
	if cols := worklist.WriteColumns(v.columns.shown); cols != "" {
		return registerLink(v.chosen, "cols", cols)
	}
	return registerLink(v.chosen)
}

func (v entryListView) empty(lang i18n.Lang) templ.Component {
	if len(v.filter.Chips) > 0 || v.errors != nil {
		return ui.EmptyState(ui.IconSearch, lang.T(i18n.RegisterNothingFound), lang.T(i18n.AdminNothingText), ui.LinkButton(ui.Btn{
			Text: lang.T(i18n.UiFilterClear), Href: v.cleared(),
		}))
	}
	return ui.EmptyState(ui.IconClipboardList, lang.T(i18n.RegisterNothing), lang.T(i18n.RegisterNothingText), nil)
}

// filterBar says what is filtered by now, and how each filter is taken off.
func (v entryListView) filterBar(r *http.Request, tree *org.Tree) ui.Filter {
	lang, in := webkit.Lang(r), v.in
	f := ui.Filter{
		Action: "/admin/entries", Clear: v.cleared(),
		Search: &ui.Field{
			Name: "q", Label: lang.T(i18n.RegisterSearch), Value: in.Name, MaxLength: 200, Placeholder: lang.T(i18n.RegisterSearchHint),
			Error: v.byField["name"],
		},
	}
	for _, name := range []string{"view", "cols"} {
		if value := r.URL.Query().Get(name); value != "" {
			f.Keep = append(f.Keep, ui.Hidden{Name: name, Value: value})
		}
	}
	if in.Tab != practice.TabAll {
		f.Keep = append(f.Keep, ui.Hidden{Name: "tab", Value: string(in.Tab)})
	}
	if in.Slice.Sort == ledger.ByName {
		f.Keep = append(f.Keep, ui.Hidden{Name: "sort", Value: string(ledger.ByName)})
	}
	chip := func(on bool, text, name string) {
		if on {
			f.Chips = append(f.Chips, ui.Chip{Text: text, Remove: webkit.Link(r, name, "", "cursor", "", "back", "")})
		}
	}
	labelled := func(label i18n.Key, value string) string { return lang.T(i18n.RegisterChip, lang.T(label), value) }
	unit, _ := tree.ByCode(in.Unit)
	name := unit.NameOn(v.period.To)
	if name == "" || !tree.InScope(webkit.Actor(r).Scope, unit.ID) {
		name = in.Unit
	}
	chip(in.Name != "", lang.T(i18n.RegisterChipName, in.Name), "q")
	chip(in.Unit != "", labelled(i18n.AdminColUnit, name), "unit")
	chip(in.Kind != 0, labelled(i18n.AdminColKind, lang.T(in.Kind.Label())), "kind")
	chip(in.Field != 0, labelled(i18n.AdminColField, lang.T(in.Field.Label())), "field")
	chip(in.Origin != 0, labelled(i18n.AdminColOrigin, lang.T(in.Origin.Label())), "origin")
	chip(in.Tag != "", labelled(i18n.RegisterFormTags, v.tagWord(lang)), "tag")
	chip(in.Late, lang.T(i18n.RegisterRegisteredLate), "late")
	chip(in.From != 0, labelled(i18n.RegisterFrom, lang.Date(in.From)), "from")
	chip(in.To != 0, labelled(i18n.RegisterTo, lang.Date(in.To)), "to")
	return f
}

// tagWord is what the tag that is filtered by is called.
func (v entryListView) tagWord(lang i18n.Lang) string {
	if v.in.Tag == practice.Focused {
		return lang.T(i18n.RegisterFocus)
	}
	return cmp.Or(tagNames(v.tags, []string{v.in.Tag}), "–")
}

// periodOptions offers the periods of every movement.
func periodOptions(c chosen) []ui.OptionGroup {
	var all []ui.OptionGroup
	for _, m := range c.all {
		group := ui.OptionGroup{Label: m.Name}
		for _, p := range m.Periods {
			group.Options = append(group.Options, ui.Option{Value: strconv.Itoa(p.No), Text: p.Name})
		}
		all = append(all, group)
	}
	return all
}

// periodOf names a movement with its period, and alone where it has but one: that stands in
// its name already.
func periodOf(lang i18n.Lang, m movement.Movement, p movement.Period) string {
	if len(m.Periods) == 1 {
		return m.Name
	}
	return lang.T(i18n.RegisterLead, m.Name, p.Name)
}
