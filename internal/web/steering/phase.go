package steering

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// under are the crumbs of a page below the calendar.
func (c calendarOf) under(lang i18n.Lang) []ui.Link {
	return c.crumbs(lang, ui.Link{Text: lang.T(i18n.SteeringCalendar), Href: c.in("/calendar")})
}

func readPhase(form *webkit.FormReader, period int) movement.PhaseInput {
	return movement.PhaseInput{
		Period: period, Kind: movement.PhaseKind(form.Choice("kind", desk.Texts(movement.PhaseKinds())...)), Name: form.Text("name", 400),
		Opens: form.Date("opens"), Closes: form.Date("closes"), Grace: form.Int("grace", 0, movement.MaxGrace), Rolls: form.Bool("rolls"),
	}
}

func phaseLabel(lang i18n.Lang) func(string) string {
	return labelled(lang, map[string]i18n.Key{
		"kind": i18n.SteeringPhaseKind, "name": i18n.SteeringPhaseName, "opens": i18n.SteeringOpens, "closes": i18n.SteeringCloses,
		"grace": i18n.SteeringGrace, "rolls": i18n.SteeringRolls,
	})
}

// labelled names fields by their words.
func labelled(lang i18n.Lang, words map[string]i18n.Key) func(string) string {
	return func(name string) string {
		if key, ok := words[name]; ok {
			return lang.T(key)
		}
		return ""
	}
}

func (f *Face) phaseNew(w http.ResponseWriter, r *http.Request) error {
	c, err := f.calendarAsked(r)
	if err != nil {
		return err
	}
	if err := c.mustKeep(); err != nil {
		return err
	}
	return f.answer(w, r, page{
		title: i18n.SteeringPhaseNew, crumbs: c.under(webkit.Lang(r)), back: c.in("/calendar"), saved: url.Values{"grace": {"0"}, "rolls": {"1"}},
		save: func(form *webkit.FormReader, _ int) (string, i18n.Key, error) {
			in := readPhase(form, c.period.No)
			if err := form.Err(); err != nil {
				return "", 0, err
			}
			_, err := f.Movements.AddPhase(r.Context(), webkit.Actor(r), c.movement.Code, in)
			return c.in("/calendar"), i18n.SteeringPhaseSaved, err
		},
		show: phaseFormPage,
	})
}

// phaseAsked is the phase that the address names, in the calendar of its period.
func (f *Face) phaseAsked(r *http.Request) (calendarOf, movement.Phase, error) {
	c, err := f.calendarAsked(r)
	if err != nil {
		return c, movement.Phase{}, err
	}
	p, ok := c.Phase(r.PathValue("phase"))
	if !ok {
		return c, p, errs.New(errs.NotFound, i18n.MovementPhaseNotFound)
	}
	return c, p, c.mustKeep()
}

func (f *Face) phaseEdit(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	c, x, err := f.phaseAsked(r)
	if err != nil {
		return err
	}
	saved := url.Values{
		"kind": {string(x.Kind)}, "name": {x.Name}, "opens": {desk.Day(x.Opens)}, "closes": {desk.Day(x.Closes)}, "grace": {strconv.Itoa(x.Grace)},
	}
	if x.Rolls {
		saved.Set("rolls", "1")
	}
	return f.answer(w, r, page{
		title: i18n.SteeringPhaseEdit, crumbs: c.under(lang), back: c.in("/calendar"), saved: saved, version: x.Version, label: phaseLabel(lang),
		save: func(form *webkit.FormReader, version int) (string, i18n.Key, error) {
			in := readPhase(form, x.Period)
			if err := form.Err(); err != nil {
				return "", 0, err
			}
			_, err := f.Movements.EditPhase(r.Context(), webkit.Actor(r), x.ID, version, in)
			return c.in("/calendar"), i18n.SteeringPhaseSaved, err
		},
		show: phaseFormPage,
	})
}

// phaseReopen opens a phase again until a day.
func (f *Face) phaseReopen(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	c, x, err := f.phaseAsked(r)
	if err != nil {
		return err
	}
	return f.answer(w, r, page{
		title: i18n.SteeringReopen, crumbs: c.under(lang), back: c.in("/calendar"), version: x.Version,
		saved: url.Values{"until": {desk.Day(x.ReopenedUntil)}, "reason": {x.ReopenedReason}},
		label: labelled(lang, map[string]i18n.Key{"until": i18n.SteeringUntil, "reason": i18n.SteeringReason}),
		save: func(form *webkit.FormReader, version int) (string, i18n.Key, error) {
			in := movement.Reopening{Until: form.Date("until"), Reason: form.Text("reason", 600)}
			if err := form.Err(); err != nil {
				return "", 0, err
			}
			_, err := f.Movements.ReopenPhase(r.Context(), webkit.Actor(r), x.ID, version, in)
			return c.in("/calendar"), i18n.SteeringReopened, err
		},
		show: func(p ui.Page, v formView) templ.Component { return reopenPage(p, v, x) },
	})
}

// phaseRemove takes a phase out of the calendar; it asks first.
func (f *Face) phaseRemove(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	c, x, err := f.phaseAsked(r)
	if err != nil {
		return err
	}
	return f.ask(w, r, sure{
		title: i18n.SteeringPhaseRemove, text: lang.T(i18n.SteeringPhaseRemoveAsk), back: c.in("/calendar"), version: x.Version, crumbs: c.under(lang),
		items: []string{x.Name}, done: i18n.SteeringRemovedDone, danger: true,
		do: func(version int) error { return f.Movements.RemovePhase(r.Context(), webkit.Actor(r), x.ID, version) },
	})
}
