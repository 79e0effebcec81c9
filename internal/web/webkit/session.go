package webkit

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// What a session holds: texts and truth values only, so that any version can read it.
const (
	keyAccount    = "account"
	keyMustChange = "mustChange"
	keyKept       = "kept"
	keyFlash      = "flash"
)

func newSessions(cfg Config) *scs.SessionManager {
	m := scs.New()
	m.Lifetime = cfg.Session
	m.IdleTimeout = 0 // else each request would write
	m.HashTokenInStore = true
	m.Store = cfg.Identity.SessionStore()
	m.Cookie.Name = "session"
	if cfg.SecureCookies {
		m.Cookie.Name = "__Host-session" // browsers take it over HTTPS from this host only
	}
	m.Cookie.Secure = cfg.SecureCookies
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Persist = false // it ends with the browser: offices share machines
	return m
}

// load finds the session of the request, once. A visitor without a cookie costs nothing.
func (v *visit) load(r *http.Request) error {
	if v.session != nil {
		return nil
	}
	ctx, err := v.kit.sessions.Load(r.Context(), v.kit.sessionToken(r))
	if err != nil {
		return fmt.Errorf("load the session: %w", err)
	}
	v.session = ctx
	v.visitor.Account = v.kit.sessions.GetString(ctx, keyAccount)
	return nil
}

// sessionToken is the token of a session that a request carries, or "". What none of ours
// can be is not looked for: tokens are 32 bytes in base64.
func (k *Kit) sessionToken(r *http.Request) string {
	c, err := r.Cookie(k.sessions.Cookie.Name)
	if err != nil {
		return ""
	}
	if raw, err := base64.RawURLEncoding.DecodeString(c.Value); err != nil || len(raw) != 32 {
		return ""
	}
	return c.Value
}

// nobody tells whether a request is answered as everybody's without an account is. A token
// that may be one of ours costs one look into the table of sessions.
func (v *visit) nobody(r *http.Request) (bool, error) {
	if v.kit.sessionToken(r) == "" {
		return true, nil
	}
	err := v.findActor(r)
	return err == nil && v.actor.Account == "", err
}

// commit writes the session where it was changed, and its cookie. Nobody gets a cookie
// whose session holds nothing.
func (v *visit) commit(h http.Header) error {
	if v.by == programs {
		h.Add("Vary", "Accept-Language, Authorization")
		if h.Get("Cache-Control") == "" {
			h.Set("Cache-Control", "no-store") // what one token may see is nobody else's
		}
		return nil
	}
	h.Add("Vary", "Cookie")
	if v.session == nil {
		return nil
	}
	m := v.kit.sessions
	if v.visitor.Account != "" && h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store") // a shared machine keeps no page of an account
	}
	switch m.Status(v.session) {
	case scs.Modified:
		// The answer may come just after the time is up; what it says must be kept.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(v.session), 5*time.Second)
		defer cancel()
		token, expiry, err := m.Commit(ctx)
		if err != nil {
			return fmt.Errorf("keep the session: %w", err)
		}
		m.WriteSessionCookie(v.session, headerOnly{h}, token, expiry)
	case scs.Destroyed:
		m.WriteSessionCookie(v.session, headerOnly{h}, "", time.Time{})
	case scs.Unmodified:
	}
	return nil
}

// headerOnly is a writer of which only the headers are used.
type headerOnly struct{ h http.Header }

func (w headerOnly) Header() http.Header       { return w.h }
func (w headerOnly) Write([]byte) (int, error) { return 0, http.ErrBodyNotAllowed }
func (w headerOnly) WriteHeader(int)           {}

// Actor is who asks: the account of the session, or of a program's token, with the rights
// it has today, or nobody.
// On a route that is not public it has been found before the handler began.
func Actor(r *http.Request) actor.Actor {
	v := visitOf(r)
	if err := v.findActor(r); err != nil {
		if v.kit != nil {
			v.kit.log(r, v.newErrorID(), err)
		}
		return actor.Nobody(actor.Web)
	}
	return *v.actor
}

func (v *visit) findActor(r *http.Request) error {
	if v.actor != nil {
		return nil
	}
	nobody := actor.Nobody(actor.Web)
	if v.kit == nil {
		v.actor = &nobody
		return nil
	}
	if v.by == programs {
		return v.findByToken(r)
	}
	if err := v.load(r); err != nil {
		return err
	}
	if v.visitor.Account == "" {
		v.actor = &nobody
		return nil
	}
	who, err := v.kit.Identity.Actor(r.Context(), v.visitor.Account, actor.Web)
	switch {
	case errs.Is(err, errs.Forbidden), errs.Is(err, errs.NotFound): // disabled since
		v.visitor.Account = ""
		who = nobody
		if err := v.kit.sessions.Destroy(v.session); err != nil {
			return fmt.Errorf("end the session: %w", err)
		}
	case err != nil:
		return err
	}
	if who.Account != "" {
		if who, err = v.previewed(r, who); err != nil {
			return err
		}
	}
	v.actor = &who
	return nil
}

// SignIn begins the session of an account that has just proved itself, and gives the
// path to go to: that of a kept form, else next, where it stays in the house. The token of
// the session changes, so that a planted one is worth nothing.
func (k *Kit) SignIn(r *http.Request, a identity.Account, next string) (string, error) {
	v := visitOf(r)
	if err := v.load(r); err != nil {
		return "", err
	}
	s := v.session
	if err := k.sessions.RenewToken(s); err != nil {
		return "", fmt.Errorf("renew the session: %w", err)
	}
	if former := k.sessions.GetString(s, keyAccount); former != "" && former != a.ID {
		k.sessions.Remove(s, keyKept)
	}
	k.sessions.Put(s, keyAccount, a.ID)
	k.sessions.Put(s, keyMustChange, a.MustChange)
	v.forgetPreview()
	v.visitor.Account, v.actor = a.ID, nil
	if kept, ok := k.kept(s); ok {
		next = k.bindKept(s, kept, a.ID, next)
		if k.sessions.Exists(s, keyKept) {
			if err := Flash(r, i18n.WebkitKept); err != nil {
				return "", err
			}
		}
	}
	if !localPath(next) {
		next = "/"
	}
	if a.MustChange && k.PasswordPath != "" {
		next = k.PasswordPath
	}
	return next, nil
}

// SignOut ends the session.
func (k *Kit) SignOut(r *http.Request) error {
	v := visitOf(r)
	if err := v.load(r); err != nil {
		return err
	}
	if err := k.sessions.Destroy(v.session); err != nil {
		return fmt.Errorf("end the session: %w", err)
	}
	v.visitor.Account, v.actor = "", nil
	return nil
}

// PasswordChanged lets an account that had to change its password go on.
func (k *Kit) PasswordChanged(r *http.Request) error {
	v := visitOf(r)
	if err := v.load(r); err != nil {
		return err
	}
	k.sessions.Remove(v.session, keyMustChange)
	return nil
}

// admit lets in who may pass the route. done means that the visitor was sent elsewhere.
func (k *Kit) admit(w http.ResponseWriter, r *http.Request, rt Route) (done bool, err error) {
	if err := k.onlyLooks(r, rt); err != nil {
		return false, err
	}
	if rt.Public {
		return false, nil
	}
	v := visitOf(r)
	if err := v.findActor(r); err != nil {
		return false, err
	}
	if v.by == programs {
		return false, v.admitProgram(rt)
	}
	if v.actor.Account == "" {
		return true, k.RequireLogin(w, r)
	}
	if k.PasswordPath != "" && r.URL.Path != k.PasswordPath && k.sessions.GetBool(v.session, keyMustChange) {
		return true, Redirect(w, r, k.PasswordPath)
	}
	if rt.Right != "" && !v.actor.Can(rt.Right) {
		return false, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	return false, nil
}

// RequireLogin sends a visitor to the sign-in page, whose address says where to go on:
// nothing is kept for who merely looks. A form that was posted after the session had run
// out is kept, without its secrets, and waits in the form's page after the sign-in: see
// [Kept].
func (k *Kit) RequireLogin(w http.ResponseWriter, r *http.Request) error {
	next := r.URL.RequestURI()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		if next = formPage(r); next == "" {
			return Redirect(w, r, k.LoginPath)
		}
		v := visitOf(r)
		if err := v.load(r); err != nil {
			return err
		}
		k.keep(v.session, r, next)
	}
	if !localPath(next) || len(next) > maxNext {
		return Redirect(w, r, k.LoginPath)
	}
	return Redirect(w, r, k.LoginPath+"?"+url.Values{NextField: {next}}.Encode())
}

// NextField is the parameter of the sign-in page, and the hidden field of its form, that
// says where to go on.
const NextField = "next"

// maxNext bounds the path to go on to, in bytes.
const maxNext = 2000

// Next is where the sign-in page was asked to lead: a path of this house, or "".
func (k *Kit) Next(r *http.Request) string {
	next := r.FormValue(NextField)
	if !localPath(next) || len(next) > maxNext {
		return ""
	}
	return next
}

// Message is a note that survives one redirect: "Saved."
type Message struct {
	Kind string `json:"kind"` // "good" or "bad"
	Text string `json:"text"`
	Href string `json:"href,omitempty"` // where the note leads, such as to taking it back
	Link string `json:"link,omitempty"` // the words of that link
}

// Flash leaves a note for the next page.
func Flash(r *http.Request, key i18n.Key, args ...any) error {
	return flash(r, Message{Kind: "good", Text: Lang(r).T(key, args...)})
}

// FlashLink leaves a note that leads somewhere, such as to taking back what was done.
func FlashLink(r *http.Request, href string, link, key i18n.Key, args ...any) error {
	return flash(r, Message{Kind: "good", Text: Lang(r).T(key, args...), Href: href, Link: Lang(r).T(link)})
}

// FlashBad leaves a note about something that did not work.
func FlashBad(r *http.Request, key i18n.Key, args ...any) error {
	return flash(r, Message{Kind: "bad", Text: Lang(r).T(key, args...)})
}

func flash(r *http.Request, m Message) error {
	v := visitOf(r)
	if err := v.load(r); err != nil {
		return err
	}
	all := append(readFlashes(v.kit.sessions.GetString(v.session, keyFlash)), m)
	raw, err := json.Marshal(all[max(0, len(all)-5):])
	if err != nil {
		return fmt.Errorf("encode a note: %w", err)
	}
	v.kit.sessions.Put(v.session, keyFlash, string(raw))
	return nil
}

// Flashes takes the notes that were left for this page.
func Flashes(r *http.Request) []Message {
	v := visitOf(r)
	if v.kit == nil || v.load(r) != nil || !v.kit.sessions.Exists(v.session, keyFlash) {
		return nil
	}
	return readFlashes(v.kit.sessions.PopString(v.session, keyFlash))
}

func readFlashes(raw string) []Message {
	var all []Message
	if raw == "" || json.Unmarshal([]byte(raw), &all) != nil {
		return nil // a note of another version is no loss
	}
	return all
}

// Redirect ends a post: the browser gets the page anew (303), so that a reload does not
// send the form again. Only paths of ours are taken.
func Redirect(w http.ResponseWriter, r *http.Request, path string) error {
	if !localPath(path) {
		return fmt.Errorf("a redirect must stay in the house, not lead to %q", path)
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// Local is the path where it stays in the house, else another one of ours.
func Local(path, otherwise string) string {
	if !localPath(path) {
		return otherwise
	}
	return path
}

// localPath tells whether a browser takes s for a path on this host: one slash and no
// second, no backslash (which browsers take for a slash), no control characters.
func localPath(s string) bool {
	if !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || strings.ContainsRune(s, '\\') ||
		strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) >= 0 {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "" && u.Host == ""
}
