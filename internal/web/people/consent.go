package people

import (
	"net/http"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/privacy"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// consentView is what an exemplar agreed to.
type consentView struct {
	desk.Filled
	name      string
	back      string
	published []ui.Link
	all       []consentItem
}

type consentItem struct {
	privacy.Consent
	by string
}

func (f *Face) consents(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	x, _, err := f.Practices.Exemplar(ctx, who, r.PathValue("exemplar"))
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := consentView{Filled: state}
	f.consentStart(v)
	status := http.StatusOK
	if v.Sent(r) {
		in := privacy.ConsentInput{
			Purpose: privacy.Purpose(form.Text("purpose", 16)), How: privacy.How(form.Text("how", 16)), On: form.Date("on"), Note: form.Text("note", 8000),
		}
		err := form.Err()
		if err == nil {
			_, err = f.Privacy.Agree(ctx, who, x.ID, in)
		}
		if err == nil {
			return desk.Done(w, r, desk.PrivacyLink(x.ID), i18n.PrivacyConsentSaved)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "purpose", "how", "on", "note"); !ok {
			return err
		}
	}
	return f.consentShow(w, r, status, v, x)
}

// consentStart fills the form for another consent with what is likely.
func (f *Face) consentStart(v consentView) {
	v.Start("on", f.Now.Today().String(), "purpose", string(privacy.ForPublish), "how", string(privacy.OnPaper))
}

func (f *Face) consentShow(w http.ResponseWriter, r *http.Request, status int, v consentView, x practice.Exemplar) error {
	v.Action, v.name, v.back = desk.PrivacyLink(x.ID), x.Name, desk.ExemplarLink(x.ID)
	if err := f.consentState(r, &v, x.ID); err != nil {
		return err
	}
	p, err := f.Page(r, webkit.Lang(r).T(i18n.PrivacySubject, x.Name), ui.Link{Text: webkit.Lang(r).T(i18n.PrivacyTitle), Href: desk.PrivacyPath}, ui.Link{Text: x.Name, Href: v.back})
	if err != nil {
		return err
	}
	p.Path = v.Action // the language switch must not lead to a form
	return desk.Render(w, r, status, consentPage(p, v))
}

func (f *Face) consentState(r *http.Request, v *consentView, exemplar string) error {
	all, err := f.Privacy.Consents(r.Context(), webkit.Actor(r), exemplar)
	if err != nil {
		return err
	}
	var ids []string
	for _, c := range all {
		ids = append(ids, c.By)
	}
	names, err := f.NamesOf(r, ids)
	if err != nil {
		return err
	}
	for _, c := range all {
		v.all = append(v.all, consentItem{c, names[c.By]})
	}
	v.published, err = f.publicOf(r, exemplar)
	return err
}

// publicOf are the models of an exemplar that everybody may see now.
func (f *Face) publicOf(r *http.Request, exemplar string) ([]ui.Link, error) {
	rows, err := f.Practices.Of(r.Context(), webkit.Actor(r), exemplar)
	if err != nil {
		return nil, err
	}
	var all []ui.Link
	for _, row := range rows {
		public, err := f.Practices.IsPublic(r.Context(), row.Entry)
		if err != nil {
			return nil, err
		}
		if public {
			all = append(all, ui.Link{Text: row.Code + " – " + row.Title, Href: desk.EntryLink(row.Code) + "/consent"})
		}
	}
	return slices.Clip(all), nil
}

func (f *Face) consentBack(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("consent")
	form := webkit.Form(r)
	note := form.Text("note-"+id, 8000)
	err := form.Err()
	var c privacy.Consent
	if err == nil {
		c, err = f.Privacy.TakeBack(r.Context(), webkit.Actor(r), id, note)
	}
	if errs.Is(err, errs.Invalid) {
		return f.consentAgain(w, r, id, err)
	}
	if err != nil {
		return err
	}
	public, err := f.publicOf(r, c.Exemplar)
	if err != nil {
		return err
	}
	return desk.Done(w, r, desk.PrivacyLink(c.Exemplar), i18n.PrivacyWithdrawDone, len(public))
}

// consentAgain shows the page again with what was typed, and what is wrong with it at the
// consent that was to be taken back.
func (f *Face) consentAgain(w http.ResponseWriter, r *http.Request, id string, refused error) error {
	c, err := f.Privacy.Consent(r.Context(), webkit.Actor(r), id)
	if err != nil {
		return err
	}
	x, _, err := f.Practices.Exemplar(r.Context(), webkit.Actor(r), c.Exemplar)
	if err != nil {
		return err
	}
	state, _ := desk.FilledFrom(r)
	state.First = true // the form for another consent was not sent
	v := consentView{Filled: state}
	f.consentStart(v)
	field := "note-" + id
	for _, e := range errs.All(refused) {
		if e.Field == "reason" {
			refused = e.On(field)
		}
	}
	status, ok := v.Refuse(webkit.Lang(r), refused, field)
	if !ok {
		return refused
	}
	return f.consentShow(w, r, status, v, x)
}
