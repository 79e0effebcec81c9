package steering

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// dutyForm is what the form of a duty offers.
type dutyForm struct {
	phases, accounts []ui.OptionGroup
	units            desk.UnitChoice
	remove           string
}

// offered are the phases, units and people that a duty can be given to.
func (f *Face) offered(r *http.Request, c calendarOf) (dutyForm, error) {
	area := actor.Scope{Paths: c.tree.Paths(c.movement.Unit)}
	d := dutyForm{units: desk.UnitChoiceOf(c.tree, area, max(c.period.From, min(c.today, c.period.To)))}
	var phases, accounts []ui.Option
	for _, p := range c.Phases {
		phases = append(phases, ui.Option{Value: p.ID, Text: p.Name})
	}
	d.phases = ui.Options(phases...)
	if who := webkit.Actor(r); who.Can(identity.RightRead) {
		all, err := f.Identity.List(r.Context(), who, identity.ListFilter{Unit: c.movement.Unit, Limit: 500})
		if err != nil {
			return d, err
		}
		for _, a := range all {
			if !a.Disabled {
				accounts = append(accounts, ui.Option{Value: a.ID, Text: a.Name + " (" + a.Login + ")"})
			}
		}
	}
	d.accounts = ui.Options(accounts...)
	return d, nil
}

func (f *Face) readDuty(form *webkit.FormReader, c calendarOf) movement.DutyInput {
	return movement.DutyInput{
		Period: c.period.No, Phase: form.Text("phase", 64), Title: form.Text("title", 400), Account: form.Text("account", 64), Due: form.Date("due"),
		Unit: desk.UnitCode(c.tree, actor.Scope{All: true}, c.period.From, form.Text("unit", 300)), Note: form.Text("note", 2500),
	}
}

func (f *Face) dutyNew(w http.ResponseWriter, r *http.Request) error {
	c, err := f.calendarAsked(r)
	if err != nil {
		return err
	}
	if err := c.mustKeep(); err != nil {
		return err
	}
	d, err := f.offered(r, c)
	if err != nil {
		return err
	}
	return f.answer(w, r, page{
		title: i18n.SteeringDutyNew, crumbs: c.under(webkit.Lang(r)), back: c.in("/calendar"), saved: url.Values{},
		save: func(form *webkit.FormReader, _ int) (string, i18n.Key, error) {
			in := f.readDuty(form, c)
			if err := form.Err(); err != nil {
				return "", 0, err
			}
			_, err := f.Movements.AddDuty(r.Context(), webkit.Actor(r), c.movement.Code, in)
			return c.in("/calendar"), i18n.SteeringDutySaved, err
		},
		show: func(p ui.Page, v formView) templ.Component { return dutyFormPage(p, v, d) },
	})
}

// dutyAsked is the duty that the address names, in the calendar of its period.
func (f *Face) dutyAsked(r *http.Request) (calendarOf, movement.Duty, error) {
	c, err := f.calendarAsked(r)
	if err != nil {
		return c, movement.Duty{}, err
	}
	d, ok := c.Duty(r.PathValue("duty"))
	if !ok {
		return c, d, errs.New(errs.NotFound, i18n.MovementDutyNotFound)
	}
	return c, d, nil
}

func (f *Face) dutyEdit(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	c, x, err := f.dutyAsked(r)
	if err != nil {
		return err
	}
	if err := c.mustKeep(); err != nil {
		return err
	}
	d, err := f.offered(r, c)
	if err != nil {
		return err
	}
	d.remove = c.in("/duties/" + x.ID + "/remove")
	unit, _ := c.tree.Unit(x.Unit)
	return f.answer(w, r, page{
		title: i18n.SteeringDutyEdit, crumbs: c.under(lang), back: c.in("/calendar"), version: x.Version,
		saved: url.Values{"title": {x.Title}, "due": {desk.Day(x.Due)}, "phase": {x.Phase}, "unit": {unit.Code}, "account": {x.Account}, "note": {x.Note}},
		label: labelled(lang, map[string]i18n.Key{
			"title": i18n.SteeringDuty, "due": i18n.SteeringDue, "unit": i18n.SteeringOwnerUnit, "note": i18n.SteeringNote,
		}),
		save: func(form *webkit.FormReader, version int) (string, i18n.Key, error) {
			in := f.readDuty(form, c)
			if err := form.Err(); err != nil {
				return "", 0, err
			}
			_, err := f.Movements.EditDuty(r.Context(), webkit.Actor(r), x.ID, version, in)
			return c.in("/calendar"), i18n.SteeringDutySaved, err
		},
		show: func(p ui.Page, v formView) templ.Component { return dutyFormPage(p, v, d) },
	})
}

func (f *Face) dutyDone(w http.ResponseWriter, r *http.Request) error {
	return f.finish(w, r, true, i18n.SteeringFinished)
}

func (f *Face) dutyUndone(w http.ResponseWriter, r *http.Request) error {
	return f.finish(w, r, false, i18n.SteeringUndone)
}

// finish says that a duty was done, or takes that back.
func (f *Face) finish(w http.ResponseWriter, r *http.Request, done bool, key i18n.Key) error {
	c, x, err := f.dutyAsked(r)
	if err != nil {
		return err
	}
	if _, err := f.Movements.FinishDuty(r.Context(), webkit.Actor(r), x.ID, webkit.Version(r), done); err != nil {
		return err
	}
	return desk.Done(w, r, c.in("/calendar"), key)
}

// dutyRemove takes a duty out of the calendar; it asks first.
func (f *Face) dutyRemove(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	c, x, err := f.dutyAsked(r)
	if err != nil {
		return err
	}
	if err := c.mustKeep(); err != nil {
		return err
	}
	return f.ask(w, r, sure{
		title: i18n.SteeringDutyRemove, text: lang.T(i18n.SteeringDutyRemoveAsk), back: c.in("/calendar"), version: x.Version, crumbs: c.under(lang),
		items: []string{x.Title}, done: i18n.SteeringRemovedDone, danger: true,
		do: func(version int) error { return f.Movements.RemoveDuty(r.Context(), webkit.Actor(r), x.ID, version) },
	})
}
