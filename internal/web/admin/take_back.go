package admin

import (
	"net/http"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) takeBackRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get("/admin/awards/{award}/revoke", award.RightGive, f.awardRevoke),
		desk.Post("/admin/awards/{award}/revoke", award.RightGive, f.awardRevoke),
		desk.Get("/admin/awards/{award}/void", award.RightGive, f.awardVoid),
		desk.Post("/admin/awards/{award}/void", award.RightGive, f.awardVoid),
		desk.Get("/admin/awards/{award}/void-revocation", award.RightGive, f.awardVoidRevocation),
		desk.Post("/admin/awards/{award}/void-revocation", award.RightGive, f.awardVoidRevocation),
		desk.Get("/admin/exemplars/{id}/void/{act}", practice.RightReclassify, f.exemplarVoid),
		desk.Post("/admin/exemplars/{id}/void/{act}", practice.RightReclassify, f.exemplarVoid),
		desk.Get("/admin/entries/{code}/void-adoption/{link}", replication.RightVoid, f.adoptionVoid),
		desk.Post("/admin/entries/{code}/void-adoption/{link}", replication.RightVoid, f.adoptionVoid),
	}
}

// takeBack is the page on which something that rests on no entry's history is revoked or
// struck out.
type takeBack struct {
	desk.Filled
	lead  string
	facts []ui.Definition
	dated bool
	send  i18n.Key
	done  i18n.Key
	back  string
	crumb ui.Link
}

// showTakeBack shows the page, or does what was posted and goes back.
func (f *Face) showTakeBack(w http.ResponseWriter, r *http.Request, v takeBack, do func(on clock.Date, reason string) error) error {
	lang := webkit.Lang(r)
	fill, form := desk.FilledFrom(r)
	v.Filled = fill
	v.Start("on", f.Now.Today().String())
	status := http.StatusOK
	if v.Sent(r) {
		var on clock.Date
		if v.dated {
			on = form.Date("on")
		}
		reason := form.Text("reason", 2000)
		err := form.Err()
		if err == nil {
			err = do(on, reason)
		}
		if err == nil {
			return desk.Done(w, r, v.back, v.done)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "on", "reason"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(v.send), v.crumb)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, takeBackPage(p, v))
}

// awardTaken is the start of a page that takes an award back: it names who was given
// what, and under which paper.
func (f *Face) awardTaken(r *http.Request) (award.Award, takeBack, error) {
	ctx, lang, who := r.Context(), webkit.Lang(r), webkit.Actor(r)
	given, err := f.Awards.Get(ctx, who, r.PathValue("award"))
	if err != nil {
		return given, takeBack{}, err
	}
	people, err := f.Practices.ExemplarsSeen(ctx, who, []string{given.Exemplar})
	if err != nil {
		return given, takeBack{}, err
	}
	v := takeBack{back: desk.ExemplarLink(given.Exemplar), crumb: ui.Link{Text: people[given.Exemplar].Name, Href: desk.ExemplarLink(given.Exemplar)}}
	v.facts = []ui.Definition{{Term: lang.T(i18n.AdminColName), Text: people[given.Exemplar].Name}}
	d, err := f.Movements.Decision(ctx, who, given.Decision)
	switch {
	case errs.Is(err, errs.NotFound): // a paper out of reach is not named
		v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.AdminColForm), Text: formName(lang, nil, given, "")})
		return given, v, nil
	case err != nil:
		return given, takeBack{}, err
	}
	forms, err := f.Rulebook.Forms(ctx, who, d.SignedOn)
	v.back, v.crumb = desk.DecisionLink(d.ID), ui.Link{Text: paperName(lang, d), Href: desk.DecisionLink(d.ID)}
	v.facts = append(v.facts,
		ui.Definition{Term: lang.T(i18n.AdminColForm), Text: formName(lang, forms, given, d.Level)},
		ui.Definition{Term: lang.T(i18n.DecisionPaper), Text: paperName(lang, d)},
		ui.Definition{Term: lang.T(i18n.DecisionEffective), Text: lang.Date(d.On)})
	if given.Achievement != "" {
		v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.DecisionAchievement), Text: given.Achievement})
	}
	return given, v, err
}

func (f *Face) awardRevoke(w http.ResponseWriter, r *http.Request) error {
	given, v, err := f.awardTaken(r)
	if err != nil {
		return err
	}
	v.lead, v.dated, v.send, v.done = webkit.Lang(r).T(i18n.DecisionRevokeLead), true, i18n.DecisionRevoke, i18n.DecisionRevoked
	return f.showTakeBack(w, r, v, func(on clock.Date, reason string) error {
		return f.Awards.Revoke(r.Context(), webkit.Actor(r), award.Revocation{Award: given.ID, On: on, Reason: reason})
	})
}

func (f *Face) awardVoid(w http.ResponseWriter, r *http.Request) error {
	given, v, err := f.awardTaken(r)
	if err != nil {
		return err
	}
	v.lead, v.send, v.done = webkit.Lang(r).T(i18n.RegisterVoidLead), i18n.DecisionVoid, i18n.DecisionVoided
	if given.Kind == award.Praise {
		v.send = i18n.DecisionVoidPraise
	}
	return f.showTakeBack(w, r, v, func(_ clock.Date, reason string) error {
		return f.Awards.Void(r.Context(), webkit.Actor(r), award.Voiding{Award: given.ID, Reason: reason})
	})
}

func (f *Face) awardVoidRevocation(w http.ResponseWriter, r *http.Request) error {
	given, v, err := f.awardTaken(r)
	if err != nil {
		return err
	}
	v.lead, v.send, v.done = webkit.Lang(r).T(i18n.RegisterVoidLead), i18n.DecisionVoidRevocation, i18n.DecisionVoided
	return f.showTakeBack(w, r, v, func(_ clock.Date, reason string) error {
		return f.Awards.Void(r.Context(), webkit.Actor(r), award.Voiding{Award: given.ID, Revocation: true, Reason: reason})
	})
}

// awardState says whether an award no longer stands; nothing where it does.
func awardState(lang i18n.Lang, a award.Award) string {
	switch {
	case a.Voided:
		return lang.T(i18n.RegisterVoided)
	case a.Revoked != "":
		return lang.T(i18n.DecisionRevokedFrom, a.RevokedOn)
	default:
		return ""
	}
}

// awardActions are what can be done about an award that stands as it does.
func awardActions(lang i18n.Lang, a award.Award) []ui.Btn {
	at := "/admin/awards/" + a.ID
	switch {
	case a.Voided:
		return nil
	case a.Revoked != "":
		return []ui.Btn{{Text: lang.T(i18n.DecisionVoidRevocation), Href: at + "/void-revocation", Small: true}}
	case a.Kind == award.Praise:
		return []ui.Btn{{Text: lang.T(i18n.DecisionVoidPraise), Href: at + "/void", Small: true}}
	default:
		return []ui.Btn{
			{Text: lang.T(i18n.DecisionRevoke), Href: at + "/revoke", Small: true},
			{Text: lang.T(i18n.DecisionVoid), Href: at + "/void", Small: true},
		}
	}
}

// offerAwards says in a history of a subject what can be done about its awards.
func (f *Face) offerAwards(r *http.Request, exemplar string, history []act) error {
	who := webkit.Actor(r)
	if !who.Can(award.RightGive) || !who.Can(award.RightRead) {
		return nil
	}
	all, err := f.Awards.To(r.Context(), who, exemplar)
	if err != nil {
		return err
	}
	for i, h := range history {
		for _, a := range all {
			at := "/admin/awards/" + a.ID
			switch {
			case a.Voided:
			case h.id == a.Act && a.Revoked == "":
				history[i].void = at + "/void"
				if a.Kind == award.Given {
					history[i].revoke = at + "/revoke"
				}
			case h.id == a.Revoked:
				history[i].void = at + "/void-revocation"
			}
		}
	}
	return nil
}

func (f *Face) exemplarVoid(w http.ResponseWriter, r *http.Request) error {
	ctx, lang, who := r.Context(), webkit.Lang(r), webkit.Actor(r)
	x, acts, err := f.Practices.Exemplar(ctx, who, r.PathValue("id"))
	if err != nil {
		return err
	}
	live := ledger.StandingOf(acts).Living()
	i := slices.IndexFunc(live, func(a ledger.Act) bool { return a.ID == r.PathValue("act") && a.Item == "" })
	if i < 0 {
		return errs.New(errs.NotFound, i18n.LedgerTargetGone)
	}
	v := takeBack{
		lead: lang.T(i18n.RegisterVoidLead), send: i18n.RegisterVoid, done: i18n.DecisionVoided, back: desk.ExemplarLink(x.ID),
		facts: []ui.Definition{
			{Term: lang.T(i18n.AdminColName), Text: x.Name},
			{Term: lang.T(live[i].Kind.Label()), Text: lang.Date(live[i].On)},
		},
	}
	v.crumb = ui.Link{Text: x.Name, Href: v.back}
	return f.showTakeBack(w, r, v, func(_ clock.Date, reason string) error {
		return f.Practices.VoidFound(ctx, who, x.ID, live[i].ID, reason)
	})
}

func (f *Face) adoptionVoid(w http.ResponseWriter, r *http.Request) error {
	ctx, lang, who := r.Context(), webkit.Lang(r), webkit.Actor(r)
	e, err := f.Practices.Get(ctx, who, r.PathValue("code"))
	if err != nil {
		return err
	}
	link, err := f.Replication.Get(ctx, who, e.ID, r.PathValue("link"))
	if err != nil {
		return err
	}
	source := link.SourceText
	if link.SourceEntry != "" {
		ask := practice.SourceAsk{Key: link.SourceEntry, Period: link.Period}
		all, err := f.Practices.Sources(ctx, who, []practice.SourceAsk{ask})
		if err != nil {
			return err
		}
		source = all[ask].Title
	}
	v := takeBack{
		lead: lang.T(i18n.RegisterVoidLead), send: i18n.DecisionVoidAdoption, done: i18n.DecisionVoided, back: entryPath(e.Code),
		crumb: ui.Link{Text: e.Code, Href: entryPath(e.Code)},
		facts: []ui.Definition{
			{Term: lang.T(i18n.AdminColAdopting), Text: e.Title},
			{Term: lang.T(i18n.AdminColSource), Text: source},
			{Term: lang.T(i18n.AdminColStarted), Text: lang.Date(link.StartedOn)},
		},
	}
	return f.showTakeBack(w, r, v, func(_ clock.Date, reason string) error {
		return f.Replication.Void(ctx, who, link.ID, reason)
	})
}
