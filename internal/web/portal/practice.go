package portal

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// tilesPerPage is how many practices the home page shows at a time.
const tilesPerPage = 24

// homeView is the gallery of what is published.
type homeView struct {
	tiles  []ui.PracticeTile
	fields []ui.Tab
	stats  []ui.Stat
	paging ui.Paging
}

func (f *Face) home(w http.ResponseWriter, r *http.Request) error {
	ctx, lang := r.Context(), webkit.Lang(r)
	q := webkit.Query(r)
	field, _ := ledger.Parse(ledger.Fields(), q.Choice("field", "economy", "cultureSociety", "defenceSecurity", "politicalSystem"))
	page := q.Int("page", 1, 1000)
	if err := q.Err(); err != nil {
		return err
	}
	all, err := f.Practices.Published(ctx)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	v := homeView{fields: fieldTabs(lang, all, field), stats: stats(lang, all)}
	var shown []ledger.EntryRow
	for _, e := range all {
		if field == 0 || e.Field == field {
			shown = append(shown, e)
		}
	}
	from := min((page-1)*tilesPerPage, len(shown))
	to := min(from+tilesPerPage, len(shown))
	for _, e := range shown[from:to] {
		v.tiles = append(v.tiles, tile(lang, tree, e))
	}
	v.paging = ui.Paging{Shown: to - from, Total: len(shown)}
	if page > 1 {
		v.paging.Prev = webkit.Link(r, "page", strconv.Itoa(page-1))
	}
	if to < len(shown) {
		v.paging.Next = webkit.Link(r, "page", strconv.Itoa(page+1))
	}
	p, err := f.page(r, lang.T(i18n.PortalHome))
	if err != nil {
		return err
	}
	return render(w, r, homePage(p, v))
}

func tile(lang i18n.Lang, tree *org.Tree, e ledger.EntryRow) ui.PracticeTile {
	unit, _ := tree.Unit(e.Unit)
	return ui.PracticeTile{
		Title: e.Title, Href: "/practices/" + e.Code, Unit: unit.NameOn(e.RecognisedOn), Field: lang.T(e.Field.Label()),
		Cover: int(e.Field), Summary: lang.T(i18n.PortalRecognisedOn, e.RecognisedOn), Level: 2,
	}
}

func fieldTabs(lang i18n.Lang, all []ledger.EntryRow, chosen ledger.Field) []ui.Tab {
	counts := map[ledger.Field]int{}
	for _, e := range all {
		counts[e.Field]++
	}
	tabs := []ui.Tab{{Text: lang.T(i18n.PortalAllFields), Href: "/", Count: len(all), Current: chosen == 0}}
	for _, field := range ledger.Fields() {
		tabs = append(tabs, ui.Tab{
			Text: lang.T(field.Label()), Href: "/?field=" + field.String(), Count: counts[field], Current: chosen == field,
		})
	}
	return tabs
}

// stats are the figures of the home page: of what is published, not of the whole
// register.
func stats(lang i18n.Lang, all []ledger.EntryRow) []ui.Stat {
	units := map[string]bool{}
	for _, e := range all {
		units[e.Unit] = true
	}
	return []ui.Stat{
		{Label: lang.T(i18n.PortalPublished), Value: lang.Number(len(all)), Icon: ui.IconHandHeart},
		{Label: lang.T(i18n.PortalUnits), Value: lang.Number(len(units)), Icon: ui.IconBuilding2},
	}
}

// practiceView is a published practice.
type practiceView struct {
	entry    practice.Entry
	facts    []ui.Definition
	parts    []practice.Part
	adopters []string
}

func (f *Face) practice(w http.ResponseWriter, r *http.Request) error {
	ctx, lang := r.Context(), webkit.Lang(r)
	e, err := f.Practices.PublishedEntry(ctx, r.PathValue("code"))
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	today := f.Now.Today()
	attr := e.Standing.AttrOn(today)
	v := practiceView{entry: e}
	recognised := e.Standing.InForce(ledger.Recognised, today)
	unit, _ := tree.Unit(attr.Unit)
	v.facts = []ui.Definition{
		{Term: lang.T(i18n.AdminColUnit), Text: unit.NameOn(recognised[0].On)},
		{Term: lang.T(i18n.PortalSubject), Text: e.Subject},
		{Term: lang.T(i18n.AdminColField), Text: lang.T(attr.Field.Label())},
		{Term: lang.T(i18n.LedgerRecognised), Text: lang.Date(recognised[0].On)},
	}
	var partners []string
	for _, id := range e.Partners {
		u, _ := tree.Unit(id)
		partners = append(partners, u.NameOn(today))
	}
	if len(partners) > 0 {
		v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.PortalPartners), Text: strings.Join(partners, "; ")})
	}
	for _, part := range v.entry.Parts.All() {
		if *part.Text != "" {
			v.parts = append(v.parts, part)
		}
	}
	units, err := f.Replication.Adopters(ctx, e.Practice)
	if err != nil {
		return err
	}
	for _, id := range units {
		u, _ := tree.Unit(id)
		v.adopters = append(v.adopters, u.NameOn(today))
	}
	p, err := f.page(r, e.Title, ui.Link{Text: lang.T(i18n.PortalHome), Href: "/"})
	if err != nil {
		return err
	}
	return render(w, r, practicePage(p, v))
}
