package approval

import (
	"net/http"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Pages) routeList(w http.ResponseWriter, r *http.Request) error {
	ctx, lang := r.Context(), webkit.Lang(r)
	all, err := f.Reviews.Routes(ctx, webkit.Actor(r))
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	t := ui.Table{
		Caption: lang.T(i18n.ApprovalRoutes),
		Columns: desk.Kinds(desk.Columns(lang, i18n.ApprovalName, i18n.ApprovalCovers, i18n.ApprovalSteps, i18n.ApprovalRunning, i18n.ApprovalState),
			ui.ColTitle, ui.ColData, ui.ColNumber, ui.ColNumber, ui.ColStatus),
		Empty: ui.EmptyState(ui.IconGitBranch, lang.T(i18n.ApprovalNone), lang.T(i18n.ApprovalNoneText), nil),
	}
	for _, one := range all {
		steps := 0
		if len(one.Versions) > 0 {
			steps = len(one.Versions[0].Plan.Steps)
		}
		state, tone := routeState(one)
		t.Rows = append(t.Rows, ui.Row{ID: one.ID, Cells: []ui.Cell{
			{Text: one.Name, Href: routeLink(one.ID), Sub: lang.T(one.Purpose.Label())},
			{Text: f.covers(lang, tree, one)},
			{Text: lang.Number(steps)},
			{Text: lang.Number(one.Running())},
			{Text: lang.T(state), Tone: tone},
		}})
	}
	p, err := f.Page(r, lang.T(i18n.ApprovalRoutes))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, routesPage(p, t))
}

// covers says for which subjects a route is.
func (f *Pages) covers(lang i18n.Lang, tree *org.Tree, one review.Route) string {
	unit := lang.T(i18n.ApprovalWholeHouse)
	if one.Unit != "" {
		unit = desk.UnitName(tree, one.Unit, f.Now.Today())
	}
	if one.Movement != "" {
		return unit + " · " + one.Movement
	}
	return unit + " · " + lang.T(i18n.ApprovalEveryMovement)
}

func routeState(one review.Route) (i18n.Key, ui.Tone) {
	_, draft := one.Draft()
	switch {
	case one.Active != 0 && draft:
		return i18n.ApprovalStateOnDraft, ui.OK
	case one.Active != 0:
		return i18n.ApprovalStateOn, ui.OK
	case draft || len(one.Versions) == 0:
		return i18n.ApprovalStateDraft, ui.Wait
	default:
		return i18n.ApprovalStateOff, ui.Neutral
	}
}

// routeView is a route with its versions.
type routeView struct {
	route    review.Route
	shown    review.Version // the draft, or the latest
	drawing  drawing
	steps    []stepView
	facts    []ui.Definition
	versions ui.Table
	state    i18n.Key
	tone     ui.Tone
	mayOn    bool
}

func (f *Pages) route(w http.ResponseWriter, r *http.Request) error {
	ctx, lang := r.Context(), webkit.Lang(r)
	one, err := f.Reviews.Route(ctx, webkit.Actor(r), r.PathValue("route"))
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	v := routeView{route: one}
	if len(one.Versions) > 0 {
		v.shown = one.Versions[0]
	}
	v.state, v.tone = routeState(one)
	_, draft := one.Draft()
	v.mayOn = len(one.Versions) > 0 && (draft || one.Active == 0)
	v.drawing, v.steps = f.draw(lang, tree, v.shown.Plan), f.planViews(lang, tree, v.shown.Plan)
	v.facts = []ui.Definition{
		{Term: lang.T(i18n.ApprovalPurpose), Text: lang.T(one.Purpose.Label())},
		{Term: lang.T(i18n.ApprovalCovers), Text: f.covers(lang, tree, one)},
		{Term: lang.T(i18n.ApprovalRunning), Text: lang.Number(one.Running())},
	}
	if one.Overseer != "" {
		v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.ApprovalOverseer), Text: desk.UnitName(tree, one.Overseer, f.Now.Today())})
	}
	v.versions = f.versionTable(lang, one)
	p, err := f.Page(r, one.Name, ui.Link{Text: lang.T(i18n.ApprovalRoutes), Href: desk.RoutesPath})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, routePage(p, v))
}

func (f *Pages) versionTable(lang i18n.Lang, one review.Route) ui.Table {
	t := ui.Table{Caption: lang.T(i18n.ApprovalVersions), ShowCaption: true, Columns: desk.Kinds(
		desk.Columns(lang, i18n.ApprovalVersion, i18n.ApprovalSwitchedOn, i18n.ApprovalRunning, i18n.ApprovalState), ui.ColTitle, ui.ColData, ui.ColNumber, ui.ColStatus)}
	for _, v := range one.Versions {
		on, state, tone := "–", i18n.ApprovalStateDraft, ui.Wait
		if !v.SwitchedOn.IsZero() {
			on, state, tone = lang.Instant(v.SwitchedOn), i18n.ApprovalStateOff, ui.Neutral
		}
		if v.No == one.Active {
			state, tone = i18n.ApprovalStateOn, ui.OK
		}
		t.Rows = append(t.Rows, ui.Row{ID: number(v.No), Cells: []ui.Cell{
			{Text: lang.T(i18n.ApprovalVersionNo, v.No)}, {Text: on}, {Text: lang.Number(v.Running)}, {Text: lang.T(state), Tone: tone},
		}})
	}
	return t
}

// routeForm is the form of what a route says of itself.
type routeForm struct {
	desk.Filled
	movements []ui.OptionGroup
	units     desk.UnitChoice
	overseers desk.UnitChoice
	house     string // the choice of the whole house, for whoever has it
	version   int
	back      string
}

func (f *Pages) routeNew(w http.ResponseWriter, r *http.Request) error {
	return f.routeInput(w, r, review.Route{}, func(in review.Input) (string, error) {
		made, err := f.Reviews.Create(r.Context(), webkit.Actor(r), in)
		return made.ID, err
	})
}

func (f *Pages) routeEdit(w http.ResponseWriter, r *http.Request) error {
	one, err := f.Reviews.Route(r.Context(), webkit.Actor(r), r.PathValue("route"))
	if err != nil {
		return err
	}
	return f.routeInput(w, r, one, func(in review.Input) (string, error) {
		return one.ID, f.Reviews.Edit(r.Context(), webkit.Actor(r), one.ID, webkit.Version(r), in)
	})
}

func (f *Pages) routeInput(w http.ResponseWriter, r *http.Request, one review.Route, save func(review.Input) (string, error)) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	v, form, err := f.newRouteForm(r, one, tree)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if v.Sent(r) {
		in := review.Input{
			Name: form.Text("name", 400), Purpose: review.Purpose(form.Choice("purpose", desk.Texts(review.Purposes())...)), Movement: form.Text("movement", 64),
			Unit:     desk.UnitCode(tree, who.Scope, f.Now.Today(), form.Text("unit", 300)),
			Overseer: desk.UnitCode(tree, actor.Scope{All: true}, f.Now.Today(), form.Text("overseer", 300)),
		}
		id, err := "", form.Err()
		if err == nil {
			id, err = save(in)
		}
		if err == nil {
			next := routeLink(id)
			if one.ID == "" {
				next = routeLink(id, "steps")
			}
			return desk.Done(w, r, next, i18n.ApprovalSaved)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "name", "purpose", "movement", "unit", "overseer"); !ok {
			return err
		}
	}
	title := lang.T(i18n.ApprovalNew)
	crumbs := []ui.Link{{Text: lang.T(i18n.ApprovalRoutes), Href: desk.RoutesPath}}
	if one.ID != "" {
		title, crumbs = lang.T(i18n.ApprovalEdit), append(crumbs, ui.Link{Text: one.Name, Href: routeLink(one.ID)})
	}
	p, err := f.Page(r, title, crumbs...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, routeFormPage(p, v))
}

func (f *Pages) newRouteForm(r *http.Request, one review.Route, tree *org.Tree) (routeForm, *webkit.FormReader, error) {
	who, lang, today := webkit.Actor(r), webkit.Lang(r), f.Now.Today()
	filled, form := desk.FilledFrom(r)
	v := routeForm{Filled: filled, version: one.Version, back: desk.RoutesPath, units: desk.UnitChoiceOf(tree, who.Scope, today)}
	v.overseers = v.units
	if who.Scope.All {
		v.house = lang.T(i18n.ApprovalWholeHouse)
	}
	if one.ID != "" {
		v.back = routeLink(one.ID)
	}
	all, err := f.Movements.List(r.Context(), who)
	if err != nil {
		return v, form, err
	}
	var options []ui.Option
	for _, m := range all {
		options = append(options, ui.Option{Value: m.Code, Text: m.Name})
	}
	v.movements = desk.WithNone(ui.Options(options...), lang.T(i18n.ApprovalEveryMovement))
	unit, _ := tree.Unit(one.Unit)
	overseer, _ := tree.Unit(one.Overseer)
	v.Start("name", one.Name, "purpose", string(one.Purpose), "movement", one.Movement, "unit", unit.Code, "overseer", overseer.Code,
		webkit.VersionField, number(one.Version))
	return v, form, nil
}

func (f *Pages) routeOn(w http.ResponseWriter, r *http.Request) error {
	return f.switching(w, r, i18n.ApprovalSwitchOn, i18n.ApprovalSwitchedOnDone, func(one review.Route, version int) error {
		return f.Reviews.SwitchOn(r.Context(), webkit.Actor(r), one.ID, version)
	})
}

func (f *Pages) routeOff(w http.ResponseWriter, r *http.Request) error {
	return f.switching(w, r, i18n.ApprovalSwitchOff, i18n.ApprovalSwitchedOffDone, func(one review.Route, version int) error {
		return f.Reviews.SwitchOff(r.Context(), webkit.Actor(r), one.ID, version)
	})
}

// switching asks, with what it touches, and then switches a route on or off.
func (f *Pages) switching(w http.ResponseWriter, r *http.Request, title, done i18n.Key, do func(review.Route, int) error) error {
	lang := webkit.Lang(r)
	one, err := f.Reviews.Route(r.Context(), webkit.Actor(r), r.PathValue("route"))
	if err != nil {
		return err
	}
	v, _ := desk.FilledFrom(r)
	if v.Sent(r) && v.Sure() {
		if err := do(one, webkit.Version(r)); err != nil {
			return err
		}
		return desk.Done(w, r, routeLink(one.ID), done)
	}
	v.Values.Set(webkit.VersionField, number(one.Version))
	text := lang.T(i18n.ApprovalSwitchText, one.Running())
	c := v.Ask(text, routeLink(one.ID), ui.Btn{Text: lang.T(title), Kind: ui.Primary})
	for _, old := range one.Versions {
		if old.Running > 0 {
			c.Items = append(c.Items, lang.T(i18n.ApprovalStays, old.No, old.Running))
		}
	}
	c.Count = one.Running()
	return f.AskFirst(w, r, c, lang.T(title), ui.Link{Text: lang.T(i18n.ApprovalRoutes), Href: desk.RoutesPath}, ui.Link{Text: one.Name, Href: routeLink(one.ID)})
}

// dueWords says until when somebody has time, and how long that is.
func dueWords(lang i18n.Lang, due clock.Date, left int) (string, ui.Tone) {
	switch {
	case due == 0:
		return lang.T(i18n.ApprovalNoDeadline), ui.Neutral
	case left < 0:
		return lang.T(i18n.ApprovalOverdue, due, -left), ui.Bad
	case left <= 1:
		return lang.T(i18n.ApprovalDueSoon, due, left), ui.Wait
	default:
		return lang.T(i18n.ApprovalDue, due, left), ui.Info
	}
}
