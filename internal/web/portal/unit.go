package portal

import (
	"net/http"

	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

const unitsPath = "/units"

func unitPath(code string) string { return unitsPath + "/" + code }

// units lists the units with a level of their own in which something is public.
func (f *Face) units(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	shown, err := f.Practices.Published(r.Context(), practice.PublicQuery{Limit: 1})
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	var links []ui.Link
	for _, o := range unitOptions(tree, shown.Units, "", f.Now.Today()) {
		links = append(links, ui.Link{Text: o.Text, Href: unitPath(o.Value)})
	}
	p, err := f.page(r, lang.T(i18n.PortalUnits))
	if err != nil {
		return err
	}
	p.Crumbs = []ui.Link{f.home(lang), {Text: p.Title}}
	f.meta(&p, unitsPath, lang.T(i18n.PortalUnitsLead))
	return render(w, r, unitsPage(p, links))
}

// unitLink names a unit as it was called on a day, and leads to its page.
func unitLink(u org.Unit, on clock.Date) ui.Link {
	if u.Code == "" {
		return ui.Link{}
	}
	return ui.Link{Text: u.NameOn(on), Href: unitPath(u.Code)}
}

// unitView is what is public of a unit.
type unitView struct {
	meta    []ui.MetaItem
	above   []ui.Link
	former  []string
	ended   string
	tiles   []ui.PracticeTile
	total   int
	more    string
	news    []ui.NewsTile
	awards  []listRow
	nothing bool
}

func (f *Face) unit(w http.ResponseWriter, r *http.Request) error {
	ctx, lang, today := r.Context(), webkit.Lang(r), f.Now.Today()
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	u, ok := tree.ByCode(r.PathValue("code"))
	if !ok || u.From > today {
		return errs.New(errs.NotFound, i18n.OrgNotFound)
	}
	v := describeUnit(lang, tree, u, today)
	if err := f.worksOf(r, tree, u, &v); err != nil {
		return err
	}
	p, err := f.page(r, u.NameOn(today))
	if err != nil {
		return err
	}
	p.Crumbs = append([]ui.Link{f.home(lang), {Text: lang.T(i18n.PortalUnits), Href: unitsPath}}, v.above...)
	p.Crumbs = append(p.Crumbs, ui.Link{Text: p.Title})
	f.meta(&p, unitPath(u.Code), lang.T(i18n.PortalUnitLead, p.Title), f.organisation(u, today))
	p.Meta.NoIndex = v.nothing
	return render(w, r, unitPage(p, v))
}

func describeUnit(lang i18n.Lang, tree *org.Tree, u org.Unit, today clock.Date) unitView {
	v := unitView{meta: []ui.MetaItem{{Icon: ui.IconBuilding2, Text: lang.T(u.Kind.Label())}}}
	if level := u.LevelOn(today); level != org.NoLevel {
		v.meta = append(v.meta, ui.MetaItem{Icon: ui.IconLayers, Text: lang.T(level.Label())})
	}
	for _, up := range tree.Above(u.ID, today) {
		if up.ID != u.ID {
			v.above = append(v.above, unitLink(up, today))
		}
	}
	for _, n := range u.Names {
		if n.To != 0 && n.To <= today && n.Name != u.NameOn(today) {
			v.former = append(v.former, n.Name)
		}
	}
	if u.To != 0 && u.To <= today {
		v.ended = lang.T(i18n.PortalUnitEnded, u.To)
	}
	return v
}

// worksOf gathers what a unit and those below it have done that is public, and what it
// has written.
func (f *Face) worksOf(r *http.Request, tree *org.Tree, u org.Unit, v *unitView) error {
	ctx, lang := r.Context(), webkit.Lang(r)
	shown, err := f.Practices.Published(ctx, practice.PublicQuery{Unit: u.Code, Limit: 8})
	if err != nil {
		return err
	}
	v.tiles, v.total = tiles(lang, tree, shown.Rows, 3), shown.Total
	if shown.Next != "" {
		v.more = practicesPath + "?unit=" + u.Code
	}
	news, _, err := f.Press.Published(ctx, press.Page{Unit: u.ID, Limit: 5})
	if err != nil {
		return err
	}
	for _, h := range news {
		v.news = append(v.news, newsTile(lang, h, 3))
	}
	lists, _, err := f.Awards.Lists(ctx, award.ListQuery{Unit: u.ID, Limit: 10})
	v.awards = listRows(lang, tree, lists)
	v.nothing = len(v.tiles)+len(v.news)+len(v.awards) == 0
	return err
}

// organisation is a unit for programs (schema.org).
func (f *Face) organisation(u org.Unit, on clock.Date) map[string]any {
	return map[string]any{"@type": "Organization", "name": u.NameOn(on), "url": f.at(unitPath(u.Code)), "identifier": u.Code}
}
