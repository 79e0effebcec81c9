package admin

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) changeRoutes() []webkit.Route {
	both := func(path string, right actor.Right, h webkit.Handler) []webkit.Route {
		at := "/admin/entries/{code}/" + path
		return []webkit.Route{desk.Get(at, right, h), desk.Post(at, right, h)}
	}
	return slices.Concat(
		both("reclassify", practice.RightReclassify, f.entryReclassify),
		both("void/{act}", practice.RightReclassify, f.entryVoid),
		both("revoke/{act}", practice.RightRecognise, f.entryRevoke),
		both("consent", practice.RightPublish, f.entryConsent),
		both("adopt", replication.RightAdopt, f.entryAdopt),
		both("find", practice.RightFind, f.entryFind),
	)
}

// change is a small form page about one entry: what it is called, what it begins with,
// how it looks, and what its post does.
type change struct {
	formState
	entry    practice.Entry
	movement movement.Movement
	period   movement.Period
	path     string
	title    string
	lead     string
	begin    url.Values
	body     func(ui.Page, change) templ.Component
	submit   ui.Btn
	do       func(*webkit.FormReader) error
	done     i18n.Key
	doneArg  string
}

// changeOf is the start of every such page.
func (f *Face) changeOf(r *http.Request) (change, error) {
	e, m, p, err := f.entryOf(r)
	c := change{entry: e, movement: m, period: p, doneArg: e.Code}
	c.begin = url.Values{"on": {stepDay(f.Now.Today(), p).String()}}
	return c, err
}

// showChange shows the page, or does what was posted and goes back to the entry.
func (f *Face) showChange(w http.ResponseWriter, r *http.Request, c change) error {
	lang := webkit.Lang(r)
	c.action, c.back = entryPath(c.entry.Code, c.path), entryPath(c.entry.Code)
	c.page = c.action
	c.fill(r, c.begin)
	status := http.StatusOK
	if r.Method == http.MethodPost {
		err := c.do(webkit.Form(r))
		if err == nil {
			if err := webkit.Flash(r, c.done, c.doneArg); err != nil {
				return err
			}
			return webkit.Redirect(w, r, c.back)
		}
		if status, err = c.refuse(lang, err); err != nil {
			return err
		}
	}
	p, err := f.entryFrame(r, c.entry, c.title)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, changePage(p, c))
}

func (f *Face) entryReclassify(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	c, err := f.changeOf(r)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	on := stepDay(f.Now.Today(), c.period)
	c.path, c.title, c.lead, c.done = "reclassify", lang.T(i18n.RegisterReclassify), lang.T(i18n.RegisterReclassifyLead), i18n.RegisterReclassified
	c.submit = ui.Btn{Text: c.title, Icon: ui.IconTag, Kind: ui.Primary}
	in := inputOf(c.entry, tree)
	for name, value := range map[string]string{"unit": in.Unit, "kind": in.Kind.String(), "field": in.Field, "origin": in.Origin.String()} {
		c.begin.Set(name, value)
	}
	units := desk.UnitChoiceOf(tree, who.Scope, on)
	c.body = func(p ui.Page, c change) templ.Component { return reclassifyFields(p, c, units) }
	c.do = func(q *webkit.FormReader) error {
		typed := readEntry(q, tree, who.Scope, on)
		reason := q.Text("reason", 2000)
		if err := q.Err(); err != nil {
			return err
		}
		return f.Practices.Reclassify(ctx, who, practice.NewAttributes{
			Entry: c.entry.ID, On: typed.On, Reason: reason, Unit: typed.Unit, Kind: typed.Kind, Field: typed.Field, Origin: typed.Origin,
		})
	}
	return f.showChange(w, r, c)
}

// actOf finds the living act that a page is about; one that is not there is not found.
func actOf(r *http.Request, e practice.Entry) (ledger.Act, error) {
	for _, a := range e.Standing.Living() {
		if a.ID == r.PathValue("act") {
			return a, nil
		}
	}
	return ledger.Act{}, errs.New(errs.NotFound, i18n.LedgerTargetGone)
}

func (f *Face) entryVoid(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	c, err := f.changeOf(r)
	if err != nil {
		return err
	}
	a, err := actOf(r, c.entry)
	if err != nil {
		return err
	}
	word := lang.T(a.Kind.Label())
	c.path, c.title, c.lead = "void/"+a.ID, lang.T(i18n.RegisterVoidTitle, word), lang.T(i18n.RegisterVoidLead)
	c.done, c.doneArg = i18n.RegisterVoidedDone, word
	c.submit = ui.Btn{Text: lang.T(i18n.RegisterVoid), Icon: ui.IconX, Kind: ui.DangerPrimary}
	c.body = func(p ui.Page, c change) templ.Component { return actFields(p, c, a, false) }
	c.do = func(q *webkit.FormReader) error {
		reason := q.Text("reason", 2000)
		if err := q.Err(); err != nil {
			return err
		}
		return f.Practices.Void(r.Context(), webkit.Actor(r), c.entry.ID, a.ID, reason)
	}
	return f.showChange(w, r, c)
}

func (f *Face) entryRevoke(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	c, err := f.changeOf(r)
	if err != nil {
		return err
	}
	a, err := actOf(r, c.entry)
	if err != nil {
		return err
	}
	word := lang.T(a.Kind.Label())
	c.path, c.title, c.lead = "revoke/"+a.ID, lang.T(i18n.RegisterRevokeTitle, word), lang.T(i18n.RegisterRevokeLead)
	c.done, c.doneArg = i18n.RegisterRevokedDone, word
	c.submit = ui.Btn{Text: lang.T(i18n.RegisterRevoke), Icon: ui.IconUndo2, Kind: ui.DangerPrimary}
	c.body = func(p ui.Page, c change) templ.Component { return actFields(p, c, a, true) }
	c.do = func(q *webkit.FormReader) error {
		step := practice.Step{On: q.Date("on"), Reason: q.Text("reason", 2000)}
		if err := q.Err(); err != nil {
			return err
		}
		return f.Practices.Revoke(r.Context(), webkit.Actor(r), c.entry.ID, a.ID, step)
	}
	return f.showChange(w, r, c)
}

func (f *Face) entryConsent(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	c, err := f.changeOf(r)
	if err != nil {
		return err
	}
	c.path, c.title, c.lead, c.done = "consent", lang.T(i18n.RegisterConsent), lang.T(i18n.RegisterConsentLead), i18n.RegisterConsented
	c.submit = ui.Btn{Text: lang.T(i18n.RegisterFormSave), Icon: ui.IconSave, Kind: ui.Primary}
	c.begin = url.Values{"note": {c.entry.ConsentNote}, "reason": {c.entry.TakenDownNote}}
	for name, on := range map[string]bool{"agreed": c.entry.Consent, "named": c.entry.Named, "detail": c.entry.Detail} {
		if on {
			c.begin.Set(name, "1")
		}
	}
	mentions, err := f.mentions(r, c.entry)
	if err != nil {
		return err
	}
	c.body = func(p ui.Page, c change) templ.Component { return consentFields(p, c, mentions) }
	c.do = func(q *webkit.FormReader) error {
		in := practice.Agreement{
			Agreed: q.Bool("agreed"), Named: q.Bool("named"), Detail: q.Bool("detail"), Note: q.Text("note", 2000), Reason: q.Text("reason", 2000),
		}
		if err := q.Err(); err != nil {
			return err
		}
		return f.Practices.Consent(r.Context(), webkit.Actor(r), c.entry.ID, in)
	}
	return f.showChange(w, r, c)
}

func (f *Face) entryAdopt(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	c, err := f.changeOf(r)
	if err != nil {
		return err
	}
	c.path, c.title, c.done = "adopt", lang.T(i18n.RegisterAdopt), i18n.RegisterAdopted
	c.lead = lang.T(i18n.RegisterAdoptLead, c.entry.Code)
	c.submit = ui.Btn{Text: lang.T(i18n.RegisterFormSave), Icon: ui.IconSave, Kind: ui.Primary}
	c.begin = url.Values{"startedOn": c.begin["on"], "mode": {string(replication.Exact)}}
	c.body = adoptFields
	c.do = func(q *webkit.FormReader) error {
		in := replication.Input{
			Source: q.Text("source", 64), SourceText: q.Text("sourceText", 500), SourcePlace: q.Text("sourcePlace", 500),
			AdoptingEntry: c.entry.ID, Mode: replication.Mode(q.Choice("mode", modeCodes()...)), StartedOn: q.Date("startedOn"),
			Note: q.Text("note", 500),
		}
		if err := gathered(q, in.Check()); err != nil {
			return err
		}
		_, err := f.Replication.Adopt(r.Context(), webkit.Actor(r), in)
		return err
	}
	return f.showChange(w, r, c)
}

func modeCodes() []string {
	var all []string
	for _, m := range replication.Modes() {
		all = append(all, string(m))
	}
	return all
}

func (f *Face) entryFind(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	c, err := f.changeOf(r)
	if err != nil {
		return err
	}
	c.path, c.title, c.done, c.doneArg = "find", lang.T(i18n.RegisterFind), i18n.RegisterFound, c.entry.Subject
	c.lead = lang.T(i18n.RegisterFindLead, c.entry.Subject, c.period.Name)
	c.submit = ui.Btn{Text: c.title, Icon: ui.IconStar, Kind: ui.Primary}
	c.body = findFields
	c.do = func(q *webkit.FormReader) error {
		in := practice.ExemplarInput{
			Movement: c.movement.Code, Period: c.period.No, On: q.Date("on"), Exemplar: c.entry.Exemplar, Field: c.entry.Field,
		}
		if err := q.Err(); err != nil {
			return err
		}
		_, err := f.Practices.Find(r.Context(), webkit.Actor(r), in)
		return err
	}
	return f.showChange(w, r, c)
}
