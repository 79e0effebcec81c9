package portal

import (
	"net/http"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// homeView is the first page of the site.
type homeView struct {
	movement  movement.Movement
	figures   []ui.Definition
	asOf      string
	featured  []ui.PracticeTile // the first stands in the hero
	news      []ui.NewsTile
	awards    []listRow
	movements []movementRow
}

// headline are the figures of the first page.
func headline() []ledger.Figure {
	return []ledger.Figure{
		ledger.FigureRegistered, ledger.FigureRecognised, ledger.FigureTypical, ledger.FigureReplicated, ledger.FigureAwarded,
	}
}

func (f *Face) front(w http.ResponseWriter, r *http.Request) error {
	ctx, lang := r.Context(), webkit.Lang(r)
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	shown, err := f.Practices.Published(ctx, practice.PublicQuery{Limit: 5, Uncounted: true})
	if err != nil {
		return err
	}
	news, _, err := f.Press.Published(ctx, press.Page{Limit: 4})
	if err != nil {
		return err
	}
	lists, _, err := f.Awards.Lists(ctx, award.ListQuery{Limit: 3})
	if err != nil {
		return err
	}
	movements, err := f.Movements.PublicList(ctx)
	if err != nil {
		return err
	}
	v := homeView{featured: tiles(lang, tree, shown.Rows, 3), awards: listRows(lang, tree, lists)}
	for _, h := range news {
		v.news = append(v.news, newsTile(lang, h, 3))
	}
	for _, m := range movements[:min(3, len(movements))] {
		v.movements = append(v.movements, movementRowOf(tree, m))
	}
	if len(movements) > 0 {
		counted, err := f.Reports.Public(ctx, movements[0].Code, 0)
		if err != nil {
			return err
		}
		v.movement, v.asOf = counted.Movement, lang.T(i18n.PortalAsOf, counted.AsOf)
		v.figures = headlineFigures(lang, counted)
	}
	p, err := f.page(r, "")
	if err != nil {
		return err
	}
	p.Title = p.Site
	f.meta(&p, "/", lang.T(i18n.PortalLead), map[string]any{
		"@type": "WebSite", "name": p.Site, "url": f.at("/"), "inLanguage": "vi",
		"potentialAction": map[string]any{
			"@type": "SearchAction", "target": f.at(practicesPath) + "?q={q}", "query-input": "required name=q",
		},
	})
	return render(w, r, homePage(p, v))
}

// headlineFigures are the figures of the first page, each a link to what it means.
func headlineFigures(lang i18n.Lang, counted report.Public) []ui.Definition {
	var all []ui.Definition
	for _, name := range headline() {
		i := slices.IndexFunc(counted.Figures, func(x report.Figure) bool { return x.Name == name })
		d, _ := ledger.Define(name)
		if i >= 0 {
			all = append(all, ui.Definition{
				Term: lang.T(d.Label), Body: figureLink(lang.Number(counted.Figures[i].Total), lang.T(d.Label), movementPath(counted.Movement.Code)+"#"+string(name)),
			})
		}
	}
	return all
}
