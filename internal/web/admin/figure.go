package admin

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) figureRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get("/admin/figures", report.RightRead, f.figures),
		desk.Get("/admin/figures/{figure}", report.RightRead, f.figureList),
	}
}

// figureView is the funnel of a movement with its tables.
type figureView struct {
	chosen
	report report.Report
	asOf   clock.Date
	fields []fieldLine
	above  []org.Unit
}

func (f *Face) figures(w http.ResponseWriter, r *http.Request) error {
	ctx, who := r.Context(), webkit.Actor(r)
	q := webkit.Query(r)
	lang := webkit.Lang(r)
	c, err := f.chosen(ctx, who, q)
	if err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.AdminFigures))
	if err != nil {
		return err
	}
	if c.movement.Code == "" {
		return desk.Render(w, r, http.StatusOK, homePage(p, homeView{}))
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
	v.period, _ = v.movement.Period(v.report.PeriodNo) // the day may lie in another than today's
	for _, field := range ledger.Fields() {
		v.fields = append(v.fields, fieldLine{field, v.report.Cube.Total(func(cell ledger.Cell) bool { return cell.Field == field })})
	}
	for _, u := range v.report.Tree.Above(v.report.Root.ID, v.asOf) {
		if v.report.Tree.InScope(who.Scope, u.ID) {
			v.above = append(v.above, u)
		}
	}
	return desk.Render(w, r, http.StatusOK, figuresPage(p, v))
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

// listLink gives the address of the list behind a figure, narrowed by pairs of a filter
// and its value.
type listLink func(figure ledger.Figure, pairs ...string) string

// funnelOf draws the ten figures; each opens its list, whose address the caller knows.
func funnelOf(lang i18n.Lang, figures report.Figures, caption string, list listLink) ui.Funnel {
	f := ui.Funnel{Title: lang.T(i18n.AdminFunnel), Caption: caption}
	for _, d := range ledger.Definitions() {
		one := figures.Get(d.Figure)
		step := ui.FunnelStep{
			Label: lang.T(d.Label), Note: lang.T(countedWord(d.Counted)), Href: list(d.Figure),
			Total: one.Total, Collective: one.Collective, Individual: one.Individual, Household: one.Household,
		}
		for i, k := range ledger.SubjectKinds() {
			step.PartHref[i] = list(d.Figure, "kind", k.String())
		}
		f.Steps = append(f.Steps, step)
	}
	return f
}

// list is the address of the list behind a figure of the page.
func (v figureView) list(figure ledger.Figure, pairs ...string) string {
	return behindLink(figure, v.movement.Code, v.asOf.String(), append([]string{"unit", v.report.Scope.Code}, pairs...)...)
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
		practice.TabInProgress: ui.IconRefreshCw, practice.TabRecognised: ui.IconCircleCheck,
		practice.TabTypical: ui.IconStar, practice.TabStopped: ui.IconBan,
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
