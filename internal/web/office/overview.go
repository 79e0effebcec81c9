package office

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) overviewRoutes() []webkit.Route {
	return []webkit.Route{desk.Get(desk.OverviewPath, report.RightRead, f.overview)}
}

// overviewView is what a leader sees first: the year on one sheet.
type overviewView struct {
	movement movement.Movement
	period   movement.Period
	asOf     clock.Date
	figures  ui.Table // against the year before
	behind   ui.Table // units and fields behind their targets
	facts    []ui.Definition
}

// mostBehind is how many units that are behind stand on the sheet.
const mostBehind = 8

// overview is the year against the last and against the targets, who is behind, what waits,
// and which conference is ahead.
func (f *Face) overview(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	m, p, err := f.place(r, webkit.Query(r))
	if err != nil {
		return err
	}
	v := overviewView{movement: m, period: p, asOf: max(p.From, min(f.Now.Today(), p.To))}
	rep, err := f.Reports.Report(ctx, who, report.Query{Movement: m.Code, AsOf: v.asOf})
	if err != nil {
		return err
	}
	targets, err := f.Movements.Targets(ctx, who, m.Code, p.No)
	if err != nil {
		return err
	}
	v.figures = v.figureTable(lang, rep, targets)
	v.behind = v.behindTable(lang, rep, targets)
	if v.facts, err = f.overviewFacts(r, v); err != nil {
		return err
	}
	page, err := f.Page(r, lang.T(i18n.OfficeOverview))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, overviewPage(page, v))
}

func (v overviewView) behindLink(figure ledger.Figure) string {
	return "/admin/figures/" + string(figure) + "?" + url.Values{"movement": {v.movement.Code}, "asOf": {v.asOf.String()}}.Encode()
}

// figureTable sets each figure beside that of the same day of the period before; below its
// name stands the sum of the targets of the units, for which a phone has no column.
func (v overviewView) figureTable(lang i18n.Lang, rep report.Report, targets movement.Targets) ui.Table {
	before := map[string]report.Row{}
	for _, row := range rep.Table(report.TableComparison).Rows {
		before[row.Text("figure")] = row
	}
	goals := map[ledger.Figure]int{}
	for _, t := range targets.All {
		if t.Unit != "" {
			goals[t.Figure] += t.Number
		}
	}
	table := ui.Table{Caption: lang.T(i18n.OfficeYear), ShowCaption: true, Pan: true, Columns: desk.Kinds(desk.Columns(lang,
		i18n.OfficeFigure, i18n.OfficeNow, i18n.OfficeThen, i18n.OfficeDifference), ui.ColTitle, ui.ColNumber, ui.ColNumber, ui.ColNumber)}
	for _, fig := range rep.Figures {
		d, _ := ledger.Define(fig.Name)
		row := ui.Row{ID: string(fig.Name), Cells: []ui.Cell{
			{Text: lang.T(d.Label), Href: v.behindLink(fig.Name)}, {Text: lang.Number(fig.Total)}, {Text: "–"}, {Text: "–"},
		}}
		if was, ok := before[string(fig.Name)]; ok {
			row.Cells[2] = ui.Cell{Text: lang.Number(was.Int("previous"))}
			row.Cells[3] = ui.Cell{Text: signed(lang, was.Int("difference"))}
		}
		if goal := goals[fig.Name]; goal > 0 {
			row.Cells[0].Sub = lang.T(i18n.OfficeTargetReached, goal, fig.Total*100/goal)
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// signed writes a difference with its sign.
func signed(lang i18n.Lang, n int) string {
	switch {
	case n > 0:
		return "+" + lang.Number(n)
	case n < 0:
		return "−" + lang.Number(-n)
	default:
		return "0"
	}
}

// laggard is a unit or a field that is behind its target of registrations.
type laggard struct {
	name       string
	href       string
	done, goal int
	share      int
}

// behindTable lists the units and fields that are furthest behind.
func (v overviewView) behindTable(lang i18n.Lang, rep report.Report, targets movement.Targets) ui.Table {
	var all []laggard
	for _, t := range targets.All {
		if t.Figure != ledger.FigureRegistered || t.Number == 0 {
			continue
		}
		l := laggard{goal: t.Number}
		at := url.Values{"movement": {v.movement.Code}}
		if t.Unit == "" {
			l.name, l.done = lang.T(t.Field.Label()), rep.Cube.Total(func(c ledger.Cell) bool { return c.Field == t.Field }).Of(t.Figure)
			at.Set("field", t.Field.String())
		} else {
			unit, _ := rep.Tree.Unit(t.Unit)
			paths := rep.Tree.Paths(t.Unit)
			l.name = unit.NameOn(v.asOf)
			l.done = rep.Cube.Total(func(c ledger.Cell) bool {
				return slices.ContainsFunc(paths, func(p string) bool { return strings.HasPrefix(c.Path, p) })
			}).Of(t.Figure)
			at.Set("unit", unit.Code)
		}
		l.href, l.share = desk.RegisterPath+"?"+at.Encode(), l.done*100/l.goal
		if l.share < 100 {
			all = append(all, l)
		}
	}
	slices.SortStableFunc(all, func(a, b laggard) int { return cmp.Or(cmp.Compare(a.share, b.share), cmp.Compare(a.name, b.name)) })
	t := ui.Table{
		Caption: lang.T(i18n.OfficeBehind), ShowCaption: true, Pan: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.OfficeBehindWho, i18n.OfficeNow, i18n.OfficeTarget), ui.ColTitle, ui.ColNumber, ui.ColNumber),
		Empty:   ui.EmptyState(ui.IconCircleCheck, lang.T(i18n.OfficeBehindNone), "", nil),
	}
	for _, l := range all[:min(len(all), mostBehind)] {
		t.Rows = append(t.Rows, ui.Row{ID: l.name, Cells: []ui.Cell{
			{Text: l.name, Href: l.href}, {Text: lang.Number(l.done)}, {Text: lang.T(i18n.OfficeShare, l.goal, l.share)},
		}})
	}
	return t
}

// overviewFacts are what waits, who is silent and which conference is ahead.
func (f *Face) overviewFacts(r *http.Request, v overviewView) ([]ui.Definition, error) {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	var all []ui.Definition
	if who.Can(practice.RightRead) {
		list, err := f.Practices.List(ctx, who, practice.Query{Period: v.period.No, Tab: practice.TabAll, Slice: ledger.Slice{Sort: ledger.ByDay, Limit: 1}})
		if err != nil {
			return nil, err
		}
		for _, t := range []struct {
			tab practice.Tab
			key i18n.Key
		}{{practice.TabWaiting, i18n.OfficeWaitsReception}, {practice.TabInProgress, i18n.OfficeWaitsRecognition}} {
			at := url.Values{"movement": {v.movement.Code}, "tab": {string(t.tab)}}
			all = append(all, ui.Definition{Term: lang.T(t.key), Body: desk.LinkTo(desk.RegisterPath+"?"+at.Encode(), lang.Number(list.Tabs[t.tab]))})
		}
		silence, err := f.Worklist.Silent(ctx, who, v.movement.Code, v.period.No, worklist.AllUnits)
		if err != nil {
			return nil, err
		}
		silent := ui.Definition{Term: lang.T(i18n.OfficeSilent), Text: lang.T(i18n.OfficeSilentOf, len(silence.Units), silence.Looked)}
		if who.Can(practice.RightReceive) {
			silent.Body = desk.LinkTo(desk.SilentPath+"?movement="+url.QueryEscape(v.movement.Code), silent.Text)
		}
		all = append(all, silent)
	}
	if !who.Can(conference.RightRead) {
		return all, nil
	}
	found, _, err := f.Conferences.List(ctx, who, conference.Query{Movement: v.movement.Code, Limit: conference.MaxPage})
	if err != nil {
		return nil, err
	}
	ahead := slices.DeleteFunc(found, func(c conference.Conference) bool { return c.State != conference.Planned || c.On < f.Now.Today() })
	if len(ahead) == 0 {
		return append(all, ui.Definition{Term: lang.T(i18n.OfficeConference), Text: lang.T(i18n.OfficeConferenceNone)}), nil
	}
	next := slices.MinFunc(ahead, func(a, b conference.Conference) int { return cmp.Compare(a.On, b.On) })
	return append(all, ui.Definition{Term: lang.T(i18n.OfficeConference), Body: desk.LinkTo(desk.ConferenceLink(next.ID), lang.Date(next.On)+" · "+next.Title)}), nil
}
