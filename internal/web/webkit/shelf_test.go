package webkit_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// library is a site with a shelf, and how often its answers were made.
type library struct {
	*site
	pages, pictures atomic.Int64
	slowest         atomic.Int64 // pictures that were made at one time
	head            atomic.Int64
}

func newLibrary(t *testing.T, change ...func(*webkit.Config)) *library {
	t.Helper()
	l := &library{site: newSite(t, change...)}
	shelf := webkit.NewShelf(1<<20, func(context.Context, int) (int64, error) { return l.head.Load(), nil }, func(r *http.Request) string {
		if c, err := r.Cookie("theme"); err == nil && c.Value == "dark" {
			return "dark"
		}
		return ""
	}, func(*http.Request, int64, int64) bool { return false })
	page := func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		return text(w, "page %d for %q in %s %s", l.pages.Add(1), webkit.Actor(r).Login, webkit.Lang(r).Code(), strings.Repeat("dân vận khéo ", 100))
	}
	var now atomic.Int64
	picture := func(w http.ResponseWriter, _ *http.Request) error {
		l.slowest.Store(max(l.slowest.Load(), now.Add(1)))
		for range 1000 { // others may come in while it is drawn
			runtime.Gosched()
		}
		now.Add(-1)
		w.Header().Set("Content-Type", "image/png")
		return text(w, "picture %d %s", l.pictures.Add(1), strings.Repeat("x", 2000))
	}
	routes := append(l.routes(),
		webkit.Route{Method: "GET", Pattern: "/page", Public: true, Handle: shelf.Keep(func(*http.Request) int { return 0 }, page)},
		webkit.Route{Method: "GET", Pattern: "/picture/{name}", Public: true, Handle: shelf.KeepForAll(picture)},
	)
	front, err := shelf.Front(l.kit, l.kit.Handler(routes))
	must(t, err)
	server := httptest.NewServer(front)
	t.Cleanup(server.Close)
	l.URL = server.URL
	return l
}

// madeUp is a cookie that looks like one of ours.
func madeUp(t *testing.T) string {
	t.Helper()
	raw := make([]byte, 32)
	_, err := rand.Read(raw)
	must(t, err)
	return "session=" + base64.RawURLEncoding.EncodeToString(raw)
}

// TestNoHeaderLeadsPastTheShelf asks with all that could make a kept answer be made again.
func TestNoHeaderLeadsPastTheShelf(t *testing.T) {
	l := newLibrary(t)
	kept := l.get("/page", "Accept-Encoding", "identity")
	kept.want(t, 200, `page 1 for "" in vi`)
	for _, headers := range [][]string{
		{"Cookie", "session=planted"},
		{"Cookie", madeUp(t)},
		{"Cookie", madeUp(t), "Accept-Encoding", "identity"},
		{"Accept-Encoding", "identity"},
		{"Accept-Encoding", "br"},
		{"Accept-Encoding", "gzip;q=0"},
		{"Cookie", "session=" + strings.Repeat("x", 10_000)},
		{"Cookie", "session="},
		{"Cookie", "session=" + strings.Repeat("*", 43)},
		{"X-Forwarded-Host", "evil.example"},
		{"Range", "bytes=0-3"},
		{"Authorization", "Bearer x"},
	} {
		got := l.get("/page", headers...) // the client unpacks what came packed unless the test asked for it
		if got.body != kept.body || got.Header.Get("Etag") != kept.Header.Get("Etag") || got.Header.Get("Set-Cookie") != "" {
			t.Errorf("%.60v gets %d %.60q", headers, got.StatusCode, got.body)
		}
	}
	plain := l.get("/page", "Accept-Encoding", "identity")
	if plain.Header.Get("Content-Encoding") != "" || plain.Header.Get("Content-Length") != fmt.Sprint(len(plain.body)) || !strings.Contains(strings.Join(plain.Header.Values("Vary"), ","), "Accept-Encoding") {
		t.Errorf("unpacked: %v", plain.Header)
	}
	same := l.get("/page", "Accept-Encoding", "identity", "If-None-Match", kept.Header.Get("Etag"))
	if same.StatusCode != http.StatusNotModified || same.body != "" {
		t.Errorf("unchanged: %d %q", same.StatusCode, same.body)
	}
	if n := l.pages.Load(); n != 1 {
		t.Errorf("made %d times", n)
	}
	l.head.Add(1)
	l.get("/page", "Cookie", madeUp(t), "Accept-Encoding", "identity").want(t, 200, "page 2 ")
	l.get("/page").want(t, 200, "page 2 ")
}

// TestTheShelfIsNobodys: who is signed in gets a page of one's own, of which nothing stays
// there; a stranger's kept form is no account.
func TestTheShelfIsNobodys(t *testing.T) {
	l := newLibrary(t)
	l.post("/form", url.Values{"name": {"x"}, webkit.PageField: {"/form"}}).want(t, 303)
	l.get("/page").want(t, 200, `page 1 for ""`)
	l.get("/page").want(t, 200, `page 1 for ""`)
	l.signIn().want(t, 303)
	for n := 2; n < 4; n++ {
		mine := l.get("/page")
		mine.want(t, 200, fmt.Sprintf(`page %d for "quantri"`, n))
		if mine.Header.Get("Cache-Control") != "no-store" || mine.Header.Get("Etag") != "" {
			t.Errorf("a page of an account may be kept: %v", mine.Header)
		}
	}
	l.get("/picture/a").want(t, 200, "picture 1 ")
	account := l.client
	l.client = l.browser()
	l.get("/page").want(t, 200, `page 1 for ""`)
	l.get("/picture/a").want(t, 200, "picture 1 ")
	l.head.Add(1)
	l.client = account
	l.get("/page").want(t, 200, `page 4 for "quantri"`)
	l.client = l.browser()
	l.get("/page").want(t, 200, `page 5 for ""`)
	l.post("/logout", nil)
	l.client = account
	l.post("/logout", nil).want(t, 303)
	l.get("/page").want(t, 200, `page 5 for ""`)
}

// TestAPictureIsMadeOnce for everybody, whatever stands behind its address, and few are
// made at one time.
func TestAPictureIsMadeOnce(t *testing.T) {
	l := newLibrary(t, func(c *webkit.Config) { c.BaseURL = "https://thidua.example.vn" })
	for i, headers := range [][]string{nil, {"Cookie", "theme=dark"}, {"Cookie", madeUp(t)}, {"Accept-Encoding", "identity"}} {
		l.get(fmt.Sprintf("/picture/a?x=%d", i), headers...).want(t, 200, "picture 1 ")
	}
	for _, host := range []string{"evil.example", "other.example:99"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, l.URL+"/picture/a", nil)
		must(t, err)
		r.Host = host
		l.do(l.client, r).want(t, 200, "picture 1 ")
	}
	var wait sync.WaitGroup
	for i := range 12 {
		wait.Go(func() {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/picture/%d", l.URL, i), nil)
			if err != nil {
				t.Error(err)
				return
			}
			res, err := l.client.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			var body bytes.Buffer
			if _, err := body.ReadFrom(res.Body); err != nil || res.StatusCode != http.StatusOK {
				t.Errorf("%d %v", res.StatusCode, err)
			}
			res.Body.Close()
		})
	}
	wait.Wait()
	if n := l.slowest.Load(); n > 2 || n == 0 {
		t.Errorf("%d were made at one time", n)
	}
}

// TestARenewalThatBreaksOffBreaksNothing lets the page that is made anew behind a storm
// break off: nobody waits for it, and the house stands.
func TestARenewalThatBreaksOffBreaksNothing(t *testing.T) {
	var later, head atomic.Int64
	begun := clock.System()
	s := newSite(t, func(c *webkit.Config) { c.Now = func() time.Time { return begun.Add(time.Duration(later.Load())) } })
	broken := make(chan struct{})
	shelf := webkit.NewShelf(1<<20, func(context.Context, int) (int64, error) { return head.Load(), nil },
		func(*http.Request) string { return "" }, func(*http.Request, int64, int64) bool { return later.Load() > 0 })
	front, err := shelf.Front(s.kit, s.kit.Handler([]webkit.Route{{Method: "GET", Pattern: "/page", Public: true, Handle: shelf.Keep(
		func(*http.Request) int { return 0 }, func(w http.ResponseWriter, _ *http.Request) error {
			if later.Load() > 0 {
				defer close(broken)
				panic(http.ErrAbortHandler)
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			return text(w, "page at %d", head.Load())
		},
	)}}))
	must(t, err)
	server := httptest.NewServer(front)
	t.Cleanup(server.Close)
	s.URL = server.URL
	for n := range 9 {
		head.Add(1)
		s.get("/page").want(t, 200, fmt.Sprintf("page at %d", n+1))
	}
	head.Add(1)
	later.Store(int64(1100 * time.Millisecond))
	s.get("/page").want(t, 200, "page at 9")
	<-broken
	s.get("/page").want(t, 200, "page at 9")
}
