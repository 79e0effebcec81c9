package admin

import (
	"net/http"
	"net/url"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// PasswordPath is the page on which one changes one's own password.
const PasswordPath = "/admin/password"

func (f *Face) signInRoutes() []webkit.Route {
	open := func(method, pattern string, h webkit.Handler) webkit.Route {
		return webkit.Route{Method: method, Pattern: pattern, Public: true, Handle: h}
	}
	out, speak := open(http.MethodPost, ui.SignOutPath, f.signOut), open(http.MethodPost, ui.LangPath, f.setLang)
	out.InPreview, speak.InPreview = true, true
	return []webkit.Route{
		open(http.MethodGet, ui.SignInPath, f.signInForm),
		open(http.MethodPost, ui.SignInPath, f.signIn),
		out,
		speak,
		desk.Get(PasswordPath, "", f.passwordForm),
		desk.Post(PasswordPath, "", f.passwordChange),
		desk.Get("/admin/sessions", "", f.sessions),
		desk.Post("/admin/sessions/{id}/revoke", "", f.sessionRevoke),
	}
}

// signInView is what the page for signing in shows.
type signInView struct {
	login  string
	next   string // where to go on
	errors []ui.FieldError
	field  map[string]string
}

func (f *Face) signInForm(w http.ResponseWriter, r *http.Request) error {
	if webkit.Actor(r).Account != "" {
		return webkit.Redirect(w, r, "/admin")
	}
	needed, err := f.Setup.Needed(r.Context())
	if err != nil {
		return err
	}
	if needed {
		return webkit.Redirect(w, r, desk.StartPath)
	}
	return f.showSignIn(w, r, http.StatusOK, signInView{})
}

func (f *Face) showSignIn(w http.ResponseWriter, r *http.Request, status int, v signInView) error {
	p, err := f.Page(r, webkit.Lang(r).T(i18n.AdminSignIn))
	if err != nil {
		return err
	}
	p.Path = ui.SignInPath
	if v.next = f.kit.Next(r); v.next != "" {
		p.Path += "?" + url.Values{webkit.NextField: {v.next}}.Encode()
	}
	return desk.Render(w, r, status, signInPage(p, v))
}

func (f *Face) signIn(w http.ResponseWriter, r *http.Request) error {
	form := webkit.Form(r)
	in := identity.SignInInput{
		Login: form.Text("login", 64), Password: form.Secret("password"), Address: webkit.Address(r), Agent: r.UserAgent(),
	}
	account, err := f.Identity.SignIn(r.Context(), in)
	if err != nil {
		byField, list, ok := desk.FieldErrors(webkit.Lang(r), err)
		if !ok {
			return err
		}
		return f.showSignIn(w, r, http.StatusUnprocessableEntity, signInView{login: in.Login, errors: list, field: byField})
	}
	next, err := f.kit.SignIn(r, account, f.kit.Next(r))
	if err != nil {
		return err
	}
	if next == "/" {
		if next, err = f.firstPage(r, account); err != nil {
			return err
		}
	}
	return webkit.Redirect(w, r, next)
}

// firstPage is where an account begins: at what waits for it or, where it only reads, at the
// overview.
func (f *Face) firstPage(r *http.Request, account identity.Account) (string, error) {
	who, err := f.Identity.Actor(r.Context(), account.ID, actor.Web)
	if err == nil && who.Can(report.RightRead) && !who.Can(practice.RightRegister) {
		return desk.OverviewPath, nil
	}
	return "/admin", err
}

func (f *Face) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := f.kit.SignOut(r); err != nil {
		return err
	}
	return webkit.Redirect(w, r, ui.SignInPath)
}

func (f *Face) setLang(w http.ResponseWriter, r *http.Request) error {
	form := webkit.Form(r)
	lang, ok := i18n.ParseLang(form.Text("to", 2))
	if !ok {
		return errs.New(errs.Invalid, i18n.ErrsBadChoice)
	}
	f.kit.SetLang(w, lang)
	return webkit.Redirect(w, r, webkit.Local(form.Text("back", 2000), "/"))
}

func (f *Face) passwordForm(w http.ResponseWriter, r *http.Request) error {
	return f.showPassword(w, r, http.StatusOK, signInView{})
}

func (f *Face) showPassword(w http.ResponseWriter, r *http.Request, status int, v signInView) error {
	p, err := f.Page(r, webkit.Lang(r).T(i18n.AdminPassword))
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, passwordPage(p, v))
}

func (f *Face) passwordChange(w http.ResponseWriter, r *http.Request) error {
	form := webkit.Form(r)
	err := f.Identity.ChangeOwnPassword(r.Context(), webkit.Actor(r), form.Secret("old"), form.Secret("password"))
	if err != nil {
		byField, list, ok := desk.FieldErrors(webkit.Lang(r), err)
		if !ok {
			return err
		}
		return f.showPassword(w, r, http.StatusUnprocessableEntity, signInView{errors: list, field: byField})
	}
	if err := f.kit.PasswordChanged(r); err != nil {
		return err
	}
	if err := webkit.Flash(r, i18n.AdminPasswordChanged); err != nil {
		return err
	}
	return webkit.Redirect(w, r, "/admin")
}

func (f *Face) sessions(w http.ResponseWriter, r *http.Request) error {
	who := webkit.Actor(r)
	all, err := f.Identity.Sessions(r.Context(), who, who.Account)
	if err != nil {
		return err
	}
	p, err := f.Page(r, webkit.Lang(r).T(i18n.AdminSessions))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, sessionsPage(p, all))
}

func (f *Face) sessionRevoke(w http.ResponseWriter, r *http.Request) error {
	if err := f.Identity.Revoke(r.Context(), webkit.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	if err := webkit.Flash(r, i18n.AdminSessionRevoked); err != nil {
		return err
	}
	return webkit.Redirect(w, r, "/admin/sessions")
}
