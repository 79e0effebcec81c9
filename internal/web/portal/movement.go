package portal

import (
	"net/http"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

const movementsPath = "/movements"

func movementPath(code string) string { return movementsPath + "/" + code }

// movementRow is a movement in a list.
type movementRow struct {
	link  ui.Link
	unit  string
	since movement.Movement
}

func movementRowOf(tree *org.Tree, m movement.Movement) movementRow {
	u, _ := tree.Unit(m.Unit)
	return movementRow{ui.Link{Text: m.Name, Href: movementPath(m.Code)}, u.NameOn(m.LaunchedOn), m}
}

func (f *Face) movements(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	all, err := f.Movements.PublicList(r.Context())
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	rows := make([]movementRow, len(all))
	for i, m := range all {
		rows[i] = movementRowOf(tree, m)
	}
	p, err := f.page(r, lang.T(i18n.PortalMovements))
	if err != nil {
		return err
	}
	p.Crumbs = []ui.Link{f.home(lang), {Text: p.Title}}
	f.meta(&p, movementsPath, lang.T(i18n.PortalMovementsLead))
	return render(w, r, movementsPage(p, rows))
}

// movementView is what is public of a movement.
type movementView struct {
	movement movement.Movement
	about    []aboutRow
	periods  []ui.Tab
	funnel   ui.Funnel
	meanings []meaning
	tiles    []ui.PracticeTile
	total    int
	news     []ui.NewsTile
}

// meaning says what a figure counts, and where those of it that are public stand.
type meaning struct {
	id, label, text string
	link            ui.Link
}

func (f *Face) movement(w http.ResponseWriter, r *http.Request) error {
	ctx, lang, q := r.Context(), webkit.Lang(r), webkit.Query(r)
	period := q.Int("period", 0, 1<<30)
	if err := q.Err(); err != nil {
		return err
	}
	counted, err := f.Reports.Public(ctx, r.PathValue("code"), period)
	if err != nil {
		return err
	}
	m := counted.Movement
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	v := movementView{movement: m, about: aboutMovement(lang, tree, m), funnel: publicFunnel(lang, counted), meanings: meanings(lang, counted)}
	if len(m.Periods) > 1 {
		for _, p := range m.Periods {
			v.periods = append(v.periods, ui.Tab{
				Text: p.Name, Href: movementPath(m.Code) + "?period=" + strconv.Itoa(p.No), NoCount: true, Current: p.No == counted.Period.No,
			})
		}
	}
	shown, err := f.Practices.Published(ctx, practice.PublicQuery{Movement: m.Code, Limit: 4})
	if err != nil {
		return err
	}
	v.tiles, v.total = tiles(lang, tree, shown.Rows, 3), shown.Total
	news, _, err := f.Press.Published(ctx, press.Page{Link: press.Link{Kind: press.ToMovement, ID: m.ID}, Limit: 5})
	if err != nil {
		return err
	}
	for _, h := range news {
		v.news = append(v.news, newsTile(lang, h, 3))
	}
	p, err := f.page(r, m.Name)
	if err != nil {
		return err
	}
	p.Crumbs = []ui.Link{f.home(lang), {Text: lang.T(i18n.PortalMovements), Href: movementsPath}, {Text: m.Name}}
	f.meta(&p, webkit.Link(r), lang.T(i18n.PortalMovementLead, m.Name))
	return render(w, r, movementPage(p, v))
}

func aboutMovement(lang i18n.Lang, tree *org.Tree, m movement.Movement) []aboutRow {
	unit, _ := tree.Unit(m.Unit)
	body, _ := tree.Unit(m.StandingBody)
	rows := []aboutRow{
		{lang.T(i18n.PortalScope), []ui.Link{unitLink(unit, m.LaunchedOn)}},
		{lang.T(i18n.PortalStandingBody), []ui.Link{unitLink(body, m.LaunchedOn)}},
		{lang.T(i18n.PortalLaunched), []ui.Link{{Text: lang.Date(m.LaunchedOn)}}},
	}
	if m.Occasion != "" {
		rows = append(rows, aboutRow{lang.T(i18n.PortalOccasion), []ui.Link{{Text: m.Occasion}}})
	}
	var papers []ui.Link
	for _, paper := range m.Papers {
		papers = append(papers, ui.Link{Text: lang.T(i18n.PortalPaper, paper.Title, paper.Number, paper.SignedOn)})
	}
	if len(papers) > 0 {
		rows = append(rows, aboutRow{lang.T(i18n.PortalPapers), papers})
	}
	return rows
}

// publicFunnel draws the public figures; each step leads to what it means.
func publicFunnel(lang i18n.Lang, counted report.Public) ui.Funnel {
	funnel := ui.Funnel{Title: lang.T(i18n.PortalFigures), Caption: lang.T(i18n.PortalFiguresCaption, counted.Period.Name, counted.AsOf)}
	for _, figure := range counted.Figures {
		d, _ := ledger.Define(figure.Name)
		funnel.Steps = append(funnel.Steps, ui.FunnelStep{
			Label: lang.T(d.Label), Href: "#" + string(figure.Name), Total: figure.Total, Collective: figure.Collective,
			Individual: figure.Individual, Household: figure.Household,
		})
	}
	return funnel
}

func meanings(lang i18n.Lang, counted report.Public) []meaning {
	all := make([]meaning, len(counted.Figures))
	for i, figure := range counted.Figures {
		d, _ := ledger.Define(figure.Name)
		all[i] = meaning{id: string(figure.Name), label: lang.T(d.Label), text: lang.T(d.Text)}
		switch figure.Name {
		case ledger.FigureRecognised:
			all[i].link = ui.Link{Text: lang.T(i18n.PortalSeePractices), Href: practicesPath + "?movement=" + counted.Movement.Code}
		case ledger.FigureTypical, ledger.FigureReplicated:
			all[i].link = ui.Link{
				Text: lang.T(i18n.PortalSeePractices), Href: practicesPath + "?figure=" + string(figure.Name) + "&movement=" + counted.Movement.Code,
			}
		case ledger.FigurePraised, ledger.FigureAwarded:
			all[i].link = ui.Link{Text: lang.T(i18n.PortalSeeAwards), Href: awardsPath}
		}
	}
	return all
}
