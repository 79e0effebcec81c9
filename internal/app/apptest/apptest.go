// Package apptest builds whole houses for tests: on a real database, with the sample of
// the reference case or empty, and clients that speak to the app's own handler.
package apptest

import (
	"bytes"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/config"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// Sample is a house with the reference case in it, on an engine.
func Sample(tb testing.TB, engine db.Engine) *app.House {
	tb.Helper()
	if err := told().story.Tell(); err != nil {
		tb.Fatal(err)
	}
	d, folder := told().story.Open(tb, engine), tb.TempDir()
	if err := os.CopyFS(folder, told().files.Load()); err != nil {
		tb.Fatal(err)
	}
	return app.Build(d, filesIn(tb, folder), clock.System, slog.New(slog.DiscardHandler))
}

// EachSample runs fn as a sub-test on each engine, with a house that has the reference case
// in it.
func EachSample(t *testing.T, fn func(t *testing.T, h *app.House)) {
	t.Helper()
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) { fn(t, Sample(t, engine)) })
	}
}

// Empty is a house with nothing in it but the award forms.
func Empty(tb testing.TB, d *db.DB) *app.House {
	tb.Helper()
	return EmptyAt(tb, d, Files(tb), clock.System)
}

// EmptyAt is an empty house with files and a clock of the test's own.
func EmptyAt(tb testing.TB, d *db.DB, files blob.Store, now clock.Clock) *app.House {
	tb.Helper()
	h := app.Build(d, files, now, slog.New(slog.DiscardHandler))
	if err := h.Rulebook.Seed(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return h
}

// Files is an empty store of files.
func Files(tb testing.TB) blob.Store {
	tb.Helper()
	return filesIn(tb, tb.TempDir())
}

func filesIn(tb testing.TB, folder string) blob.Store {
	tb.Helper()
	f, err := blob.OpenFolder(folder, clock.System)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := f.Close(); err != nil {
			tb.Error(err)
		}
	})
	return f
}

// Open opens a fresh database on an engine.
func Open(tb testing.TB, engine db.Engine) *db.DB {
	tb.Helper()
	return dbtest.Open(tb, engine)
}

// Config is the settings of a test: the defaults, with a clear of the rate limit.
func Config(tb testing.TB) *config.Config {
	tb.Helper()
	cfg, err := config.Parse(nil, func(name string) string {
		return map[string]string{"NHANRONG_DATA": tb.TempDir()}[name]
	})
	if err != nil {
		tb.Fatal(err)
	}
	return cfg
}

// Web makes the faces of a house.
func Web(tb testing.TB, h *app.House) app.Web {
	tb.Helper()
	web, err := h.Web(Config(tb), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return web
}

// Serve serves a house to clients.
func Serve(tb testing.TB, h *app.House) *httptest.Server {
	tb.Helper()
	site := httptest.NewServer(Web(tb, h).Handler)
	tb.Cleanup(site.Close)
	return site
}

// Client is a visitor with cookies, or a program with a token, that follows no redirect by
// itself.
type Client struct {
	tb    testing.TB
	http  *http.Client
	base  string
	token string
}

// Visitor is a client without an account.
func Visitor(tb testing.TB, site *httptest.Server) *Client {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return &Client{tb: tb, base: site.URL, http: &http.Client{
		Jar: jar, Timeout: time.Minute, Transport: site.Client().Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// As is a client signed in with a login of the sample.
func As(tb testing.TB, site *httptest.Server, login string) *Client {
	tb.Helper()
	c := Visitor(tb, site)
	a := c.Post("/login", url.Values{"login": {login}, "password": {sample.Password}})
	if a.Status != http.StatusSeeOther {
		tb.Fatalf("sign in as %s: %d\n%s", login, a.Status, a.Body)
	}
	return c
}

// Token makes a token of an account of the sample; with all of its rights where none are
// named.
func Token(tb testing.TB, h *app.House, login string, rights ...actor.Right) (string, identity.Token) {
	tb.Helper()
	who, err := h.Identity.ActorByLogin(tb.Context(), login, actor.CommandLine, "")
	if err != nil {
		tb.Fatal(err)
	}
	if len(rights) == 0 {
		rights = who.Rights
	}
	text, token, err := h.Identity.CreateToken(tb.Context(), who, identity.TokenInput{Name: "thử", Rights: rights, Expires: h.Now.Today()})
	if err != nil {
		tb.Fatal(err)
	}
	return text, token
}

// Program is a client that sends a token and has no cookies.
func Program(tb testing.TB, site *httptest.Server, token string) *Client {
	tb.Helper()
	c := Visitor(tb, site)
	c.token = token
	return c
}

// Base is the address of the site.
func (c *Client) Base() string { return c.base }

// Jar is the client's cookies.
func (c *Client) Jar() http.CookieJar { return c.http.Jar }

// Answer is what came back.
type Answer struct {
	Status   int
	Body     string
	Location string
	Header   http.Header
}

// Get asks for a page.
func (c *Client) Get(path string) Answer {
	c.tb.Helper()
	r, err := http.NewRequestWithContext(c.tb.Context(), http.MethodGet, c.base+path, nil)
	if err != nil {
		c.tb.Fatal(err)
	}
	return c.Do(r)
}

// Post sends a form.
func (c *Client) Post(path string, form url.Values) Answer {
	c.tb.Helper()
	r, err := http.NewRequestWithContext(c.tb.Context(), http.MethodPost, c.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		c.tb.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.Do(r)
}

// Upload is a file that a form carries.
type Upload struct {
	Field, Name string
	Content     []byte
}

// PostFiles sends a form with files, its fields first.
func (c *Client) PostFiles(path string, form url.Values, files ...Upload) Answer {
	c.tb.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		for _, v := range values {
			if err := w.WriteField(name, v); err != nil {
				c.tb.Fatal(err)
			}
		}
	}
	for _, f := range files {
		part, err := w.CreateFormFile(f.Field, f.Name)
		if err != nil {
			c.tb.Fatal(err)
		}
		if _, err := part.Write(f.Content); err != nil {
			c.tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		c.tb.Fatal(err)
	}
	r, err := http.NewRequestWithContext(c.tb.Context(), http.MethodPost, c.base+path, &body)
	if err != nil {
		c.tb.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return c.Do(r)
}

// Do sends any request.
func (c *Client) Do(r *http.Request) Answer {
	c.tb.Helper()
	if c.token != "" && r.Header.Get("Authorization") == "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if r.Header.Get("User-Agent") == "" {
		r.Header.Set("User-Agent", "Mozilla/5.0 (a person)")
	}
	res, err := c.http.Do(r)
	if err != nil {
		c.tb.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // it was read to its end
	body, err := io.ReadAll(res.Body)
	if err != nil {
		c.tb.Fatal(err)
	}
	return Answer{Status: res.StatusCode, Body: string(body), Location: res.Header.Get("Location"), Header: res.Header}
}

// Speak chooses the language of the answers.
func (c *Client) Speak(lang string) {
	c.tb.Helper()
	if a := c.Post("/lang", url.Values{"to": {lang}, "back": {"/"}}); a.Status != http.StatusSeeOther {
		c.tb.Fatalf("choose the language: %d", a.Status)
	}
}
