package webkit_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

const secret = "cây đa bến nước sân đình"

// site is a small face behind a real server.
type site struct {
	*httptest.Server
	t      *testing.T
	kit    *webkit.Kit
	people *identity.Service
	client *http.Client
	mu     sync.Mutex
	logged bytes.Buffer
}

// Write takes a line of the log.
func (s *site) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logged.Write(p)
}

func (s *site) log() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logged.String()
}

func newSite(t *testing.T, change ...func(*webkit.Config)) *site {
	t.Helper()
	return siteOn(t, dbtest.Open(t, db.SQLite), change...)
}

func siteOn(t *testing.T, d *db.DB, change ...func(*webkit.Config)) *site {
	t.Helper()
	s := &site{t: t}
	log := audit.New(clock.System)
	s.people = identity.New(identity.Config{
		DB: d, Log: log, Org: org.New(d, log, id.Random), Now: clock.System, NewID: id.Random, Random: rand.Reader,
		Roles: map[string][]actor.Right{identity.Administrator: {identity.RightManage, identity.RightRead}},
	})
	_, err := s.people.Bootstrap(t.Context(), "quantri", "Quản trị", secret)
	must(t, err)
	cfg := webkit.Config{
		Logger: slog.New(slog.NewTextHandler(s, nil)), Identity: s.people, Now: clock.System, NewID: id.Random,
		LoginPath: "/login", PasswordPath: "/password", PostsPerMinute: 1000,
		ErrorPage: func(w io.Writer, _ *http.Request, p webkit.ErrorPage) error {
			_, err := fmt.Fprintf(w, "<h1>%d</h1> %s [%s]", p.Status, strings.Join(p.Messages, " "), p.ID)
			return err
		},
	}
	for _, f := range change {
		f(&cfg)
	}
	s.kit, err = webkit.New(cfg)
	must(t, err)
	s.Server = httptest.NewUnstartedServer(nil)
	s.Config = webkit.Server(s.kit.Handler(append(s.routes(), s.fileRoutes()...)), "")
	s.Start()
	t.Cleanup(s.Close)
	s.client = s.browser()
	return s
}

// browser is a client with cookies of its own that does not follow redirects.
func (s *site) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	must(s.t, err)
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func text(w io.Writer, format string, args ...any) error {
	_, err := fmt.Fprintf(w, format, args...)
	return err
}

func (s *site) routes() []webkit.Route {
	say := func(format string, args ...any) webkit.Handler {
		return func(w http.ResponseWriter, _ *http.Request) error { return text(w, format, args...) }
	}
	return []webkit.Route{
		{Method: "GET", Pattern: "/{$}", Public: true, Handle: say("xin chào")},
		{Method: "GET", Pattern: "/long", Public: true, Handle: func(w http.ResponseWriter, _ *http.Request) error {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			return text(w, "%s", strings.Repeat("dân vận khéo ", 1000))
		}},
		{Method: "GET", Pattern: "/panic", Public: true, Handle: func(http.ResponseWriter, *http.Request) error { panic("bí mật bên trong") }},
		{Method: "GET", Pattern: "/error/{kind}", Public: true, Handle: s.failing},
		{Method: "GET", Pattern: "/who", Public: true, Handle: func(w http.ResponseWriter, r *http.Request) error {
			var notes []string
			for _, m := range webkit.Flashes(r) {
				notes = append(notes, m.Kind+":"+m.Text)
			}
			return text(w, "%q %s %s %q", webkit.Actor(r).Login, webkit.Lang(r).Code(), webkit.Address(r), notes)
		}},
		{Method: "POST", Pattern: "/post", Public: true, Handle: func(w http.ResponseWriter, r *http.Request) error {
			return text(w, "got %q", webkit.Form(r).Text("name", 10000))
		}},
		{Method: "POST", Pattern: "/raw", Public: true, Handle: func(w http.ResponseWriter, r *http.Request) error {
			raw, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			return text(w, "%d", len(raw))
		}},
		{Method: "POST", Pattern: "/login", Public: true, Handle: s.login},
		{Method: "GET", Pattern: "/login", Public: true, Handle: func(w http.ResponseWriter, r *http.Request) error {
			return text(w, "sign in, then %q", s.kit.Next(r))
		}},
		{Method: "POST", Pattern: "/logout", Public: true, Handle: func(w http.ResponseWriter, r *http.Request) error {
			return errors.Join(s.kit.SignOut(r), webkit.Redirect(w, r, "/"))
		}},
		{Method: "GET", Pattern: "/password", Handle: say("change it")},
		{Method: "GET", Pattern: "/forbidden", Right: "nobody.has", Handle: say("in")},
		{Method: "GET", Pattern: "/mine", Right: identity.RightRead, Handle: func(w http.ResponseWriter, r *http.Request) error {
			return text(w, "mine %q", webkit.Actor(r).Login)
		}},
		{Method: "GET", Pattern: "/form", Right: identity.RightRead, Handle: func(w http.ResponseWriter, r *http.Request) error {
			kept := webkit.Kept(r)
			return text(w, "form %q %q %d", kept.Get("name"), kept.Get("password"), len(kept))
		}},
		{Method: "POST", Pattern: "/form", Right: identity.RightRead, Handle: func(w http.ResponseWriter, r *http.Request) error {
			return errors.Join(webkit.Flash(r, i18n.ErrsConflict), webkit.Redirect(w, r, "/who"))
		}},
	}
}

func (s *site) failing(_ http.ResponseWriter, r *http.Request) error {
	switch r.PathValue("kind") {
	case "invalid":
		return errs.New(errs.Invalid, i18n.ErrsTooLong, 5)
	case "notfound":
		return errs.New(errs.NotFound, i18n.ErrsNotFound)
	case "forbidden":
		return errs.New(errs.Forbidden, i18n.ErrsForbidden)
	case "conflict":
		return fmt.Errorf("wrapped: %w", errs.New(errs.Conflict, i18n.ErrsConflict))
	case "slow":
		<-r.Context().Done()
		return r.Context().Err()
	}
	return errors.New("the disk is gone")
}

func (s *site) login(w http.ResponseWriter, r *http.Request) error {
	f := webkit.Form(r)
	a, err := s.people.SignIn(r.Context(), identity.SignInInput{Login: f.Text("login", 64), Password: f.Secret("password"), Address: webkit.Address(r)})
	if err != nil {
		return err
	}
	next, err := s.kit.SignIn(r, a, s.kit.Next(r))
	if err != nil {
		return err
	}
	return webkit.Redirect(w, r, next)
}

type answer struct {
	*http.Response
	body string
}

func (s *site) do(client *http.Client, req *http.Request) answer {
	s.t.Helper()
	res, err := client.Do(req)
	must(s.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(s.t, err)
	return answer{res, string(body)}
}

func (s *site) get(path string, headers ...string) answer {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.URL+path, nil)
	must(s.t, err)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return s.do(s.client, req)
}

func (s *site) post(path string, form url.Values, headers ...string) answer {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.URL+path, strings.NewReader(form.Encode()))
	must(s.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return s.do(s.client, req)
}

// signIn sends the form of the sign-in page, with where it was asked to lead.
func (s *site) signIn(next ...string) answer {
	s.t.Helper()
	return s.post("/login", url.Values{"login": {"quantri"}, "password": {secret}, webkit.NextField: next})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (a answer) want(t *testing.T, status int, parts ...string) {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("%s %s: status %d, want %d: %s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.body)
	}
	for _, p := range parts {
		if !strings.Contains(a.body+a.Header.Get("Location"), p) {
			t.Errorf("%s %s: %q is not in %q %q", a.Request.Method, a.Request.URL.Path, p, a.body, a.Header.Get("Location"))
		}
	}
}

func TestEachErrorHasItsStatus(t *testing.T) {
	s := newSite(t, func(c *webkit.Config) { c.Timeout = 50 * time.Millisecond })
	s.get("/error/invalid").want(t, 422, "Dài quá 5 ký tự")
	s.get("/error/notfound", "Accept-Language", "en").want(t, 404, "no such page")
	s.get("/error/forbidden").want(t, 403)
	s.get("/error/conflict").want(t, 409)
	s.get("/error/slow").want(t, 503, "đang bận")
	s.get("/nowhere").want(t, 404, "<h1>404</h1>")
	s.get("/post").want(t, 405, "<h1>405</h1>")
	if allow := s.get("/post").Header.Get("Allow"); allow != "POST" {
		t.Errorf("Allow: %q", allow)
	}
}

func TestATechnicalErrorShowsANumberThatTheLogHasOnce(t *testing.T) {
	s := newSite(t)
	for path, cause := range map[string]string{"/panic": "bí mật bên trong", "/error/technical": "the disk is gone"} {
		a := s.get(path)
		a.want(t, 500, "ngoài dự kiến")
		_, number, _ := strings.Cut(a.body, "[")
		number = strings.TrimSuffix(number, "]")
		if len(number) != 8 || strings.Count(s.log(), "id="+number) != 1 || strings.Count(s.log(), cause) != 1 {
			t.Errorf("%s: number %q in the log:\n%s", path, number, s.log())
		}
		if strings.Contains(a.body, cause) {
			t.Errorf("the visitor is told %q", a.body)
		}
	}
}

func TestAnErrorPageThatFailsIsPlainText(t *testing.T) {
	s := newSite(t, func(c *webkit.Config) {
		c.ErrorPage = func(w io.Writer, _ *http.Request, _ webkit.ErrorPage) error {
			fmt.Fprint(w, "<half a")
			panic("the page, too")
		}
	})
	a := s.get("/panic")
	a.want(t, 500, "ngoài dự kiến")
	if strings.Contains(a.body, "<half") || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("%s: %s", a.Header.Get("Content-Type"), a.body)
	}
}

func TestHeadersAndNoCookieForAVisitor(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/", "/who", "/nowhere", "/panic"} {
		a := s.get(path)
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options":  "nosniff",
			"Referrer-Policy":         "same-origin",
			"Set-Cookie":              "",
		} {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%s: %s: %q, want %q", path, name, got, want)
			}
		}
		if a.Header.Get("X-Request-Id") == "" {
			t.Errorf("%s has no number", path)
		}
	}
}

func TestABodyThatIsTooLargeIsRefused(t *testing.T) {
	s := newSite(t)
	declared := func(path, kind, length, body string) answer {
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		must(t, err)
		defer conn.Close()
		must(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
		_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\n%s\r\n\r\n%s", path, kind, length, body)
		must(t, err)
		res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: http.MethodPost, URL: &url.URL{Path: path}})
		must(t, err)
		defer res.Body.Close()
		raw, err := io.ReadAll(res.Body)
		must(t, err)
		return answer{res, string(raw)}
	}
	const form, bytes = "application/x-www-form-urlencoded", "application/octet-stream"
	a := declared("/post", form, "Content-Length: 2147483648", "name=x")
	a.want(t, 413, "quá lớn")
	if !a.Close {
		t.Error("the connection stays open for two gigabytes")
	}
	chunk := strings.Repeat("a", 1<<16)
	lie := strings.Repeat(fmt.Sprintf("%x\r\n%s\r\n", len(chunk), chunk), 17) + "0\r\n\r\n"
	declared("/post", form, "Transfer-Encoding: chunked", lie).want(t, 413, "quá lớn")
	declared("/raw", bytes, "Transfer-Encoding: chunked", lie).want(t, 413, "quá lớn")
	part := "--b\r\nContent-Disposition: form-data; name=name\r\n\r\n"
	declared("/post", "multipart/form-data; boundary=b", "Transfer-Encoding: chunked", fmt.Sprintf("%x\r\n%s\r\n", len(part), part)+lie).want(t, 413)
	declared("/post", form, "Content-Length: 6", "name=x").want(t, 200, `got "x"`)
	declared("/post", form, "Content-Length: 8", "name=%zz").want(t, 400, "Không đọc được")
}

func TestWhatComesFromAnotherSiteIsRefused(t *testing.T) {
	s := newSite(t)
	form := url.Values{"name": {"x"}}
	s.post("/post", form, "Sec-Fetch-Site", "cross-site").want(t, 403, "từ một trang khác")
	s.post("/post", form, "Sec-Fetch-Site", "", "Origin", "https://evil.example").want(t, 403)
	s.post("/post", form).want(t, 200)
	s.get("/", "Sec-Fetch-Site", "cross-site").want(t, 200)
}

func TestPostsOfOneAddressAreBounded(t *testing.T) {
	s := newSite(t, func(c *webkit.Config) { c.PostsPerMinute = 3 })
	last := 0
	for range 8 { // the limiter weighs two windows; whatever the second, eight are too many
		last = s.post("/post", url.Values{}).StatusCode
	}
	if last != 429 {
		t.Errorf("the eighth post got %d", last)
	}
	s.get("/").want(t, 200)
}

func TestTextIsPackedForWhoAsks(t *testing.T) {
	s := newSite(t)
	a := s.get("/long", "Accept-Encoding", "gzip")
	if a.Header.Get("Content-Encoding") != "gzip" || len(a.body) > 1000 {
		t.Fatalf("%d bytes, %v", len(a.body), a.Header)
	}
	plain, err := gzip.NewReader(strings.NewReader(a.body))
	must(t, err)
	body, err := io.ReadAll(plain)
	if err != nil || string(body) != strings.Repeat("dân vận khéo ", 1000) {
		t.Errorf("unpacked %d bytes, %v", len(body), err)
	}
	if b := s.get("/long", "Accept-Encoding", "gzip;q=0"); b.Header.Get("Content-Encoding") != "" || b.body != string(body) {
		t.Error("packed against the browser's wish")
	}
	s.get("/panic", "Accept-Encoding", "identity").want(t, 500, "<h1>500</h1>")
}

func TestLanguage(t *testing.T) {
	s := newSite(t)
	for header, want := range map[string]string{
		"": "vi", "en": "en", "en-US,en;q=0.9": "en", "fr,en;q=0.5,vi;q=0.8": "vi", "fr": "vi", "vi;q=0,en;q=0.1": "en",
	} {
		s.get("/who", "Accept-Language", header).want(t, 200, " "+want+" ")
	}
	s.get("/who", "Accept-Language", "vi", "Cookie", "lang=en").want(t, 200, " en ")
}

func TestAddressBehindAProxy(t *testing.T) {
	s := newSite(t)
	s.get("/who", "X-Forwarded-For", "203.0.113.9").want(t, 200, " 127.0.0.1 ")
	s = newSite(t, func(c *webkit.Config) {
		c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}
	})
	s.get("/who", "X-Forwarded-For", "6.6.6.6, 203.0.113.9, 10.1.2.3").want(t, 200, " 203.0.113.9 ")
}

func TestSignInFlashAndSignOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := siteOn(t, d)
		s.get("/form").want(t, 303, "/login?next=%2Fform")
		looked := s.get("/login?next=%2Fform")
		if looked.want(t, 200, `then "/form"`); looked.Header.Get("Set-Cookie") != "" {
			t.Errorf("who merely looks is given %q", looked.Header.Get("Set-Cookie"))
		}
		a := s.signIn("/form")
		a.want(t, 303, "/form")
		if c := a.Header.Get("Set-Cookie"); !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Lax") {
			t.Errorf("cookie %s", c)
		}
		b := s.get("/form")
		b.want(t, 200, `form ""`)
		if b.Header.Get("Cache-Control") != "no-store" || b.Header.Get("Set-Cookie") != "" {
			t.Errorf("a plain page of an account has %v", b.Header)
		}
		s.get("/forbidden").want(t, 403)
		s.post("/form", nil).want(t, 303, "/who")
		s.get("/who").want(t, 200, `"quantri"`, "good:Nội dung này đã được người khác thay đổi")
		s.get("/who").want(t, 200, `"quantri"`, "[]")
		if strings.Contains(s.log(), "quantri") || strings.Contains(s.log(), "127.0.0.1") {
			t.Errorf("the log holds personal data:\n%s", s.log())
		}
		s.post("/logout", nil).want(t, 303, "/")
		s.get("/who").want(t, 200, `""`)
	})
}

func TestATokenPlantedBeforeTheSignInIsWorthNothing(t *testing.T) {
	s := newSite(t)
	s.post("/form", url.Values{"name": {"x"}, webkit.PageField: {"/form"}}).want(t, 303)
	at, err := url.Parse(s.URL)
	must(t, err)
	planted := s.client.Jar.Cookies(at)
	if len(planted) != 1 {
		t.Fatalf("planted: %v", planted)
	}
	s.signIn().want(t, 303)
	s.client = s.browser()
	s.client.Jar.SetCookies(at, planted)
	s.get("/who").want(t, 200, `""`)
}

func TestARedirectStaysInTheHouse(t *testing.T) {
	for _, bad := range []string{"//evil.example", "https://evil.example", `/\evil.example`, "/\tx", ""} {
		s := newSite(t)
		s.get("/login?next="+url.QueryEscape(bad)).want(t, 200, `then ""`)
		a := s.signIn(bad)
		a.want(t, 303)
		if to := a.Header.Get("Location"); to != "/" {
			t.Errorf("next=%q leads to %q", bad, to)
		}
	}
}

func TestAFormOutlivesItsSession(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := siteOn(t, d)
		s.signIn().want(t, 303)
		who, err := s.people.ActorByLogin(t.Context(), "quantri", actor.Web, "")
		must(t, err)
		must(t, s.people.RevokeAll(t.Context(), who, ""))
		form := url.Values{"name": {"Mô hình ghế đá"}, "password": {"không được giữ"}, webkit.PageField: {"/form?from=list"}, webkit.AccountField: {who.Account}}
		s.post("/form", form).want(t, 303, "/login")
		s.get("/form?from=list").want(t, 303) // nobody sees it before the sign-in
		s.signIn().want(t, 303, "/form?from=list")
		s.get("/form?from=list").want(t, 200, `form "Mô hình ghế đá" "" 1`)
		s.get("/form?from=list").want(t, 200, `form "" "" 0`)
		s.get("/who").want(t, 200, "Phiên làm việc đã hết hạn")
	})
}

func TestAKeptFormIsForWhoFilledIt(t *testing.T) {
	s := newSite(t)
	s.post("/form", url.Values{"name": {"của người khác"}, webkit.AccountField: {"another"}}, "Referer", s.URL+"/form").want(t, 303, "/login")
	s.signIn().want(t, 303)
	s.get("/form").want(t, 200, `form ""`)
	s.client = s.browser()
	large := s.post("/form", url.Values{"name": {strings.Repeat("x", 100_000)}}, "Referer", s.URL+"/form")
	large.want(t, 303, "/login?next=%2Fform") // too large to keep, the way back is not lost
	if large.Header.Get("Set-Cookie") != "" {
		t.Error("a session is made for nothing")
	}
	s.signIn("/form").want(t, 303, "/form")
	s.client = s.browser()
	s.post("/form", url.Values{"name": {"x"}}, "Referer", "https://evil.example/form").want(t, 303, "/login")
	s.signIn().want(t, 303, "/")
}

func TestAGivenPasswordIsChangedFirst(t *testing.T) {
	s := newSite(t)
	who, err := s.people.ActorByLogin(t.Context(), "quantri", actor.Web, "")
	must(t, err)
	_, err = s.people.Create(t.Context(), who, identity.Input{Login: "moi", Name: "Mới", Password: secret})
	must(t, err)
	s.post("/login", url.Values{"login": {"moi"}, "password": {secret}}).want(t, 303, "/password")
	s.get("/form").want(t, 303, "/password")
	s.get("/password").want(t, 200, "change it")
}

func TestADisabledAccountIsSignedOut(t *testing.T) {
	s := newSite(t)
	who, err := s.people.ActorByLogin(t.Context(), "quantri", actor.Web, "")
	must(t, err)
	a, err := s.people.Create(t.Context(), who, identity.Input{Login: "hai", Name: "Hai", Password: secret, Settled: true})
	must(t, err)
	s.post("/login", url.Values{"login": {"hai"}, "password": {secret}}).want(t, 303)
	s.get("/who").want(t, 200, `"hai"`)
	must(t, s.people.Disable(t.Context(), who, a.ID))
	s.get("/who").want(t, 200, `""`)
}

func TestFormReader(t *testing.T) {
	f := &webkit.FormReader{Values: url.Values{
		"name": {"  Mo\u0302 hi\u0300nh\r\nhai  "}, "long": {"năm ký tự"}, "bad": {"\xff"}, "nul": {"a\x00"},
		"iso": {"2024-09-30"}, "slash": {"30/9/2024"}, "noday": {"31/9/2024"}, "none": {""},
		"n": {"7"}, "big": {"11"}, "nan": {"bảy"}, "box": {"on"}, "pick": {"b"}, "other": {"z"}, "many": {"a", "b", "z"},
	}}
	got := fmt.Sprintf("%q %s %s %q %d %d %t %t %s %q",
		f.Text("name", 20), f.Date("iso"), f.Date("slash"), f.Date("none"), f.Int("n", 1, 10), f.Int("none", 2, 10),
		f.Bool("box"), f.Bool("nobox"), f.Choice("pick", "a", "b"), f.Choices("many", "a", "b"))
	if want := `"Mô hình\nhai" 2024-09-30 2024-09-30 "" 7 2 true false b ["a" "b"]`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	f.Text("long", 5)
	f.Text("bad", 5)
	f.Text("nul", 5)
	f.Date("noday")
	f.Int("big", 1, 10)
	f.Int("nan", 1, 10)
	f.Choice("other", "a")
	var fields []string
	for _, e := range f.Errors {
		fields = append(fields, e.Field)
	}
	if want := "many long bad nul noday big nan other"; strings.Join(fields, " ") != want {
		t.Errorf("errors on %s, want %s", fields, want)
	}
	r := httptest.NewRequest(http.MethodGet, "/list?q=a&after=x&tab=2", nil)
	if got := webkit.Link(r, "after", "y z", "tab", ""); got != "/list?after=y+z&q=a" {
		t.Errorf("link %s", got)
	}
	r.Header.Set("If-Match", `"4"`)
	if webkit.Version(r) != 4 {
		t.Errorf("version %d", webkit.Version(r))
	}
}
