package app_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// TestEveryPageKeepsToItself: the policy has no exceptions but the frame of the preview, no page loads, links or
// sends anything elsewhere, and nothing runs but the script of the house.
func TestEveryPageKeepsToItself(t *testing.T) {
	alone(t)
	h := apptest.Sample(t, db.SQLite)
	site := apptest.Serve(t, h)
	officer, visitor := apptest.As(t, site, "canbo"), apptest.Visitor(t, site)
	for _, page := range append(pages(), more()...) {
		who := officer
		if page == "/login" {
			who = visitor
		}
		a := who.Get(fill(t, h, page))
		policy := a.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || strings.Contains(policy, "http") {
			t.Errorf("%s has the policy %q", page, policy)
		}
		frames, ancestors := "DENY", "frame-ancestors 'none'"
		if strings.HasPrefix(page, "/preview/") { // the one page that pages of ours may frame
			frames, ancestors = "SAMEORIGIN", "frame-ancestors 'self'"
		}
		if a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("X-Frame-Options") != frames || !strings.Contains(policy, ancestors) || a.Header.Get("Server") != "" {
			t.Errorf("%s has the headers %v", page, a.Header)
		}
		for n := range nodes(t, a.Body) {
			if kind, _ := attr(n, "type"); n.Data == "script" && n.FirstChild != nil && kind != "application/ld+json" { // data do not run
				t.Errorf("%s has an inline script", page)
			}
			for _, at := range n.Attr {
				if at.Key == "style" || strings.HasPrefix(at.Key, "on") {
					t.Errorf("%s has the attribute %s", page, at.Key)
				}
				if rel, _ := attr(n, "rel"); n.Data == "link" && (rel == "canonical" || rel == "alternate") || strings.HasPrefix(at.Val, "mailto:?") {
					continue // the page's own full address; a letter that the reader writes
				}
				if slices.Contains([]string{"src", "href", "action", "formaction", "data", "poster", "srcset"}, at.Key) &&
					!strings.HasPrefix(at.Val, "#") && (!strings.HasPrefix(at.Val, "/") || strings.HasPrefix(at.Val, "//")) {
					t.Errorf("%s leads to %s", page, at.Val)
				}
			}
		}
	}
	for _, path := range []string{"/healthz", "/readyz", "/static/nothing"} {
		if got := visitor.Get(path).Header.Get("X-Content-Type-Options"); got != "nosniff" {
			t.Errorf("%s may be sniffed: %q", path, got)
		}
	}
}

// TestReadiness: a program whose database is gone says so, and not why.
func TestReadiness(t *testing.T) {
	d := apptest.Open(t, db.SQLite)
	site := apptest.Serve(t, apptest.Empty(t, d))
	visitor := apptest.Visitor(t, site)
	if got := visitor.Get("/readyz"); got.Status != http.StatusOK {
		t.Errorf("a sound program: %d %s", got.Status, got.Body)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if got := visitor.Get("/readyz"); got.Status != http.StatusServiceUnavailable || strings.Contains(got.Body, "closed") || strings.Contains(got.Body, d.Path()) {
		t.Errorf("without a database: %d %s", got.Status, got.Body)
	}
	if got := visitor.Get("/healthz").Status; got != http.StatusOK {
		t.Errorf("the process lives: %d", got)
	}
	if got := visitor.Get("/"); got.Status != http.StatusInternalServerError || strings.Contains(got.Body, "sql") {
		t.Errorf("a page without a database: %d %s", got.Status, got.Body)
	}
}

// TestNoPostFromAnotherSite walks every address that takes a post.
func TestNoPostFromAnotherSite(t *testing.T) {
	t.Parallel()
	h := apptest.Sample(t, db.SQLite)
	a := newAttacker(t, h, "quantri")
	walked := 0
	for _, rt := range apptest.Web(t, h).Routes {
		if rt.Method == http.MethodGet {
			continue
		}
		for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
			walked++
			r := a.request(rt.Method, fill(t, h, rt.Pattern), "sure=1", formType)
			r.Header.Set(header[0], header[1])
			if got := a.Do(r).Status; got != http.StatusForbidden {
				t.Errorf("%s with %v: %d", rt.Pattern, header, got)
			}
		}
	}
	if walked < 40 {
		t.Errorf("only %d posts were tried", walked)
	}
}

// TestNoWayOut: whatever an address, a form or a header asks for, nobody is led out of
// the house, and no page takes its name from a header.
func TestNoWayOut(t *testing.T) {
	h := apptest.Sample(t, db.SQLite)
	a := newAttacker(t, h, "canbo")
	out := []string{"https://evil.example/", "//evil.example", `/\evil.example`, `\\evil.example`, "/%5cevil.example/..//evil.example", "/\tevil.example", "javascript:alert(1)", "/x\r\nSet-Cookie: a=b", " //evil.example", "http:evil.example"}
	for _, to := range out {
		visitor := apptest.Visitor(t, a.site)
		visitor.Get("/login?next=" + url.QueryEscape(to))
		r := a.request(http.MethodPost, "/login", url.Values{"login": {"canbo"}, "password": {sample.Password}}.Encode(), formType)
		a.staysIn(visitor.Do(r), "next "+to)
		a.staysIn(a.do(http.MethodPost, "/lang", url.Values{"to": {"en"}, "back": {to}}.Encode(), formType), "back "+to)
		a.staysIn(a.do(http.MethodPost, "/admin/entries/steps", url.Values{"step": {"receive"}, "period": {"2"}, "back": {to}}.Encode(), formType), "list "+to)
		late := apptest.Visitor(t, a.site)
		r = a.request(http.MethodPost, "/admin/entries/new", url.Values{"_page": {to}}.Encode(), formType)
		r.Header.Set("Referer", strings.Map(printable, to))
		a.staysIn(late.Do(r), "page "+to)
	}
	for _, page := range []string{"/", "/login", "/admin", "/admin/entries", "/admin/nowhere"} {
		r := a.request(http.MethodGet, page, "", "")
		r.Host = "evil.example"
		r.Header.Set("X-Forwarded-Host", "evil.example")
		r.Header.Set("Forwarded", "host=evil.example")
		r.Header.Set("X-Original-Url", "/evil.example")
		answer := a.Do(r)
		if a.staysIn(answer, "host"); strings.Contains(answer.Body, "evil.example") {
			t.Errorf("%s is poisoned by a header", page)
		}
	}
}

// printable drops what no client can send in a header.
func printable(r rune) rune {
	if r < ' ' {
		return -1
	}
	return r
}

func (a *attacker) staysIn(answer apptest.Answer, by string) {
	a.t.Helper()
	to := answer.Location
	if u, err := url.Parse(to); err != nil || u.Host != "" || u.Scheme != "" || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		a.t.Errorf("%q leads out to %q", by, to)
	}
	if answer.Status >= 500 || strings.Contains(answer.Header.Get("Set-Cookie"), "a=b") {
		a.t.Errorf("%q: %d %v", by, answer.Status, answer.Header)
	}
}

// TestASessionAndItsCookie: a new one at each sign-in, out of reach of scripts and of
// other sites, over HTTPS only where there is one, dead at once when revoked, signed out
// or when the password changes elsewhere; and neither it nor a password nor a token lies
// readable in the database.
func TestASessionAndItsCookie(t *testing.T) {
	h := apptest.Sample(t, db.SQLite)
	d := h.DB
	cfg := apptest.Config(t)
	cfg.SecureCookies, cfg.BaseURL = true, "https://thidua.example.vn"
	web, err := h.Web(cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	signIn := func(cookie string) (string, http.Header) {
		r := httptest.NewRequest(http.MethodPost, "/login", strings.NewReader(url.Values{"login": {"phuong"}, "password": {sample.Password}}.Encode()))
		r.Header.Set("Content-Type", formType)
		r.Header.Set("Cookie", cookie)
		w := httptest.NewRecorder()
		web.Handler.ServeHTTP(w, r)
		value, _, _ := strings.Cut(w.Header().Get("Set-Cookie"), ";")
		return value, w.Header()
	}
	in := func(cookie string) bool {
		r := httptest.NewRequest(http.MethodGet, "/admin/sessions", nil)
		r.Header.Set("Cookie", cookie)
		w := httptest.NewRecorder()
		web.Handler.ServeHTTP(w, r)
		return w.Code == http.StatusOK
	}
	post := func(cookie, path string, form url.Values) int {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", formType)
		r.Header.Set("Cookie", cookie)
		w := httptest.NewRecorder()
		web.Handler.ServeHTTP(w, r)
		return w.Code
	}
	first, header := signIn("")
	for _, flag := range []string{"__Host-session=", "; Path=/", "; HttpOnly", "; Secure", "; SameSite=Lax"} {
		if !strings.Contains(header.Get("Set-Cookie"), flag) {
			t.Errorf("the cookie lacks %q: %s", flag, header.Get("Set-Cookie"))
		}
	}
	if header.Get("Strict-Transport-Security") == "" {
		t.Error("nothing keeps browsers to HTTPS")
	}
	second, _ := signIn(first)
	if second == first || in(first) || !in(second) {
		t.Error("a sign-in goes on with the session from before it")
	}
	third, _ := signIn("")
	who, err := h.Identity.ActorByLogin(t.Context(), "phuong", "", "")
	if err != nil {
		t.Fatal(err)
	}
	const fresh = "mật khẩu hoàn toàn mới 2024"
	if code := post(third, "/admin/password", url.Values{"old": {"sai"}, "password": {fresh}}); code != http.StatusUnprocessableEntity || !in(second) {
		t.Errorf("a wrong old password: %d", code)
	}
	if code := post(third, "/admin/password", url.Values{"old": {sample.Password}, "password": {fresh}}); code != http.StatusSeeOther || in(second) || !in(third) {
		t.Errorf("a new password leaves other sessions alive, or ends its own: %d", code)
	}
	text, _, err := h.Identity.CreateToken(t.Context(), who, identity.TokenInput{Name: "x", Rights: who.Rights[:1], Expires: h.Now.Today() + 1})
	if err != nil {
		t.Fatal(err)
	}
	hidden(t, d.Path(), third, text, fresh, sample.Password)
	if err := h.Identity.RevokeAll(t.Context(), who, ""); err != nil || in(third) {
		t.Errorf("a revoked session lives on: %v", err)
	}
}

// hidden looks for secrets in the bytes of the database.
func hidden(t *testing.T, file string, secrets ...string) {
	t.Helper()
	var all []byte
	for _, suffix := range []string{"", "-wal"} {
		raw, err := os.ReadFile(file + suffix)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, raw...)
	}
	for _, secret := range secrets {
		if _, value, ok := strings.Cut(secret, "session="); ok {
			secret = value
		}
		if len(secret) < 10 || bytes.Contains(all, []byte(secret)) {
			t.Errorf("%q lies in the database", secret)
		}
	}
}

// TestGuessingPasswords: tries are slowed down by account and by address, and an unknown
// login takes as long as a wrong password and says the same.
func TestGuessingPasswords(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		a := newAttacker(t, h, "canbo")
		try := func(login, password, from string) (apptest.Answer, time.Duration) {
			r := a.request(http.MethodPost, "/login", url.Values{"login": {login}, "password": {password}}.Encode(), formType)
			r.Header.Set("X-Forwarded-For", from)
			visitor := apptest.Visitor(t, a.site)
			begin := time.Now()
			answer := visitor.Do(r)
			return answer, time.Since(begin)
		}
		known, unknown := time.Hour, time.Hour
		var said [2]string
		for i := range 4 {
			k, tookK := try("phuong", "sai mật khẩu", "203.0.113.1")
			u, tookU := try("nobody"+string(rune('a'+i)), "sai mật khẩu", "203.0.113.2")
			known, unknown = min(known, tookK), min(unknown, tookU)
			said = [2]string{message(t, k.Body), message(t, u.Body)}
		}
		if said[0] != said[1] || said[0] == "" {
			t.Errorf("a wrong password says %q, an unknown login %q", said[0], said[1])
		}
		if unknown < known/3 || known < unknown/3 {
			t.Errorf("a wrong password takes %s, an unknown login %s", known, unknown)
		}
		for i := range 3 {
			try("phuong", "sai mật khẩu", "203.0.113."+string(rune('3'+i)))
		}
		if last, _ := try("phuong", sample.Password, "203.0.113.9"); last.Status == http.StatusSeeOther {
			t.Error("an account under attack is not slowed down")
		}
		for i := range 40 {
			if last, _ := try("x"+string(rune('a'+i)), "sai", "198.51.100.7"); last.Status != http.StatusUnprocessableEntity {
				t.Fatalf("a guess is answered %d", last.Status)
			}
		}
		if last, _ := try("lanhdao", sample.Password, "198.51.100.7"); last.Status == http.StatusSeeOther {
			t.Error("an address that guesses is not slowed down")
		}
		if last, _ := try("lanhdao", sample.Password, "198.51.100.8"); last.Status != http.StatusSeeOther {
			t.Errorf("others are locked out, too: %d", last.Status)
		}
	})
}

// message is what the sign-in page says is wrong.
func message(t *testing.T, body string) string {
	t.Helper()
	for n := range nodes(t, body) {
		if class, _ := attr(n, "class"); class == "err" || class == "errs" {
			var b strings.Builder
			for c := range n.Descendants() {
				if c.FirstChild == nil {
					b.WriteString(c.Data)
				}
			}
			return b.String()
		}
	}
	return ""
}

// logBook is a log that a test reads.
type logBook struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// logged gives a house a log of everything, and checks at the end that it tells of
// nobody.
func logged(t *testing.T, h *app.House) *logBook {
	t.Helper()
	l := &logBook{}
	h.Logger = slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return l
}

// tellsOfNobody checks that a log holds neither persons nor secrets nor what was typed.
func (l *logBook) tellsOfNobody(t *testing.T) {
	t.Helper()
	all := l.String()
	if strings.Count(all, `"msg":"request"`) < 10 {
		t.Fatalf("nothing was logged:\n%s", all)
	}
	words := []string{planted, "DROP TABLE", "passwd", sample.Password, "127.0.0.1", "10.0.", "Go-http-client", "session=", "Tổ dân phố", "Mô hình"}
	for _, login := range sample.Logins() {
		words = append(words, login.Login, login.Name)
	}
	for _, w := range words {
		if i := strings.Index(all, w); i >= 0 {
			t.Errorf("the log holds %q: %s", w, all[max(0, i-300):min(len(all), i+100)])
		}
	}
}
