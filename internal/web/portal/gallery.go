package portal

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// tilesPerPage is how many practices the gallery shows at a time.
const tilesPerPage = 24

// galleryView is a part of the published practices with the filters above it.
type galleryView struct {
	tiles     []ui.PracticeTile
	fields    []ui.Tab
	filter    ui.Filter
	unit      ui.Field
	units     []ui.OptionGroup
	kind      ui.Field
	kinds     []ui.OptionGroup
	movement  ui.Field
	movements []ui.OptionGroup
	sort      ui.Field
	sorts     []ui.OptionGroup
	total     int
	first     string // address of the first page, where this is a later one
	next      string
}

func (f *Face) gallery(w http.ResponseWriter, r *http.Request) error {
	ctx, lang, q := r.Context(), webkit.Lang(r), webkit.Query(r)
	in := practice.ReadPublic(q)
	in.Limit = tilesPerPage
	if err := q.Err(); err != nil {
		return err
	}
	found, err := f.Practices.Published(ctx, in)
	if err != nil {
		return err
	}
	all, err := f.Practices.Published(ctx, practice.PublicQuery{Limit: 1})
	if err != nil {
		return err
	}
	movements, err := f.Movements.PublicList(ctx)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	v := galleryView{total: found.Total, tiles: tiles(lang, tree, found.Rows, 2), fields: fieldTabs(r, lang, found, in.Field)}
	v.choices(lang, in, unitOptions(tree, all.Units, in.Unit, f.Now.Today()), movements)
	v.filter = galleryFilter(r, lang, in, v)
	if in.Cursor != "" {
		v.first = webkit.Link(r, "cursor", "")
	}
	if found.Next != "" {
		v.next = webkit.Link(r, "cursor", found.Next)
	}
	p, err := f.page(r, lang.T(i18n.PortalPractices))
	if err != nil {
		return err
	}
	p.Crumbs = []ui.Link{f.home(lang), {Text: p.Title}}
	f.meta(&p, webkit.Link(r, "q", "", "sort", ""), lang.T(i18n.PortalPracticesLead))
	p.Meta.NoIndex = in.Words != "" || in.Sort == ledger.ByName
	return render(w, r, galleryPage(p, v))
}

func tiles(lang i18n.Lang, tree *org.Tree, rows []practice.PublicRow, level int) []ui.PracticeTile {
	all := make([]ui.PracticeTile, len(rows))
	for i, e := range rows {
		unit, _ := tree.Unit(e.Unit)
		all[i] = ui.PracticeTile{
			Title: e.Title, Href: practicePath(e.Code, e.Title), Unit: unit.NameOn(e.RecognisedOn), Field: lang.T(e.Field.Label()),
			Cover: int(e.Field), Summary: e.Summary, Level: level,
		}
		if n := len(e.Photo.Sizes); n > 0 {
			all[i].Image = e.Photo.Sizes[n-1].Path() // the words beside it say what it is about
		}
	}
	return all
}

func fieldTabs(r *http.Request, lang i18n.Lang, found practice.PublicPage, chosen ledger.Field) []ui.Tab {
	sum := 0
	for _, n := range found.ByField {
		sum += n
	}
	tabs := []ui.Tab{{Text: lang.T(i18n.PortalAllFields), Href: webkit.Link(r, "field", "", "cursor", ""), Count: sum, Current: chosen == 0}}
	for _, field := range ledger.Fields() {
		tabs = append(tabs, ui.Tab{
			Text: lang.T(field.Label()), Href: webkit.Link(r, "field", field.String(), "cursor", ""), Count: found.ByField[field], Current: chosen == field,
		})
	}
	return tabs
}

// choices fills the lists of the filters.
func (v *galleryView) choices(lang i18n.Lang, in practice.PublicQuery, units []ui.Option, movements []movement.Movement) {
	all := ui.Option{Text: lang.T(i18n.PortalAny)}
	v.unit = ui.Field{Name: "unit", Label: lang.T(i18n.AdminColUnit), Value: in.Unit}
	v.units = ui.Options(append([]ui.Option{all}, units...)...)
	v.kind = ui.Field{Name: "kind", Label: lang.T(i18n.PortalKind)}
	kinds := []ui.Option{all}
	for _, k := range ledger.SubjectKinds() {
		kinds = append(kinds, ui.Option{Value: k.String(), Text: lang.T(k.Label())})
		if k == in.Kind {
			v.kind.Value = k.String()
		}
	}
	v.kinds = ui.Options(kinds...)
	v.movement = ui.Field{Name: "movement", Label: lang.T(i18n.PortalMovement), Value: in.Movement}
	years := []ui.Option{all}
	for _, m := range movements {
		years = append(years, ui.Option{Value: m.Code, Text: m.Name})
	}
	v.movements = ui.Options(years...)
	v.sort = ui.Field{Name: "sort", Label: lang.T(i18n.PortalSort), Value: string(in.Sort)}
	v.sorts = ui.Options(ui.Option{Value: string(ledger.ByDay), Text: lang.T(i18n.PortalNewest)}, ui.Option{Value: string(ledger.ByName), Text: lang.T(i18n.PortalByName)})
}

// unitOptions are the units with a level of their own at or above those that have
// something published, and the chosen one.
func unitOptions(tree *org.Tree, published map[string]int, chosen string, on clock.Date) []ui.Option {
	var all []ui.Option
	add := func(u org.Unit) {
		if !slices.ContainsFunc(all, func(o ui.Option) bool { return o.Value == u.Code }) {
			all = append(all, ui.Option{Value: u.Code, Text: u.NameOn(on)})
		}
	}
	for id := range published {
		for _, u := range tree.Above(id, on) {
			if u.LevelOn(on) != org.NoLevel {
				add(u)
			}
		}
	}
	if u, ok := tree.ByCode(chosen); ok {
		add(u)
	}
	slices.SortFunc(all, func(a, b ui.Option) int { return cmp.Compare(viet.SortKey(a.Text), viet.SortKey(b.Text)) })
	return all
}

// galleryFilter is the form of the filters, with those in force as chips.
func galleryFilter(r *http.Request, lang i18n.Lang, in practice.PublicQuery, v galleryView) ui.Filter {
	filter := ui.Filter{
		Action: practicesPath, Search: &ui.Field{Name: "q", Label: lang.T(i18n.PortalSearch), Value: in.Words, MaxLength: 200}, Clear: practicesPath,
	}
	if in.Field != 0 {
		filter.Keep = []ui.Hidden{{Name: "field", Value: in.Field.String()}}
	}
	if in.Figure != "" {
		filter.Keep = append(filter.Keep, ui.Hidden{Name: "figure", Value: string(in.Figure)})
	}
	chip := func(name, text string) {
		if text != "" {
			filter.Chips = append(filter.Chips, ui.Chip{Text: text, Remove: webkit.Link(r, name, "", "cursor", "")})
		}
	}
	chip("q", in.Words)
	if d, ok := ledger.Define(in.Figure); ok {
		chip("figure", lang.T(d.Label))
	}
	for _, choice := range []struct {
		field  ui.Field
		groups []ui.OptionGroup
	}{{v.unit, v.units}, {v.kind, v.kinds}, {v.movement, v.movements}} {
		for _, o := range choice.groups[0].Options {
			if o.Value != "" && o.Value == choice.field.Value {
				chip(choice.field.Name, o.Text)
			}
		}
	}
	return filter
}
