package webkit_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// forPrograms turns a site into one that programs use.
func (s *site) forPrograms() {
	s.Config.Handler = s.kit.Programs(s.routes())
}

func (s *site) token(right actor.Right) string {
	s.t.Helper()
	who, err := s.people.ActorByLogin(s.t.Context(), "quantri", actor.CommandLine, "")
	must(s.t, err)
	text, _, err := s.people.CreateToken(s.t.Context(), who, identity.TokenInput{Name: "x", Rights: []actor.Right{right}, Expires: clock.Clock(clock.System).Today()})
	must(s.t, err)
	return text
}

// problem wants a problem document with a status and a code.
func (a answer) problem(t *testing.T, status int, code string) webkit.Problem {
	t.Helper()
	a.want(t, status)
	var p webkit.Problem
	if err := json.Unmarshal([]byte(a.body), &p); err != nil || a.Header.Get("Content-Type") != webkit.ProblemType {
		t.Fatalf("%s %q: %v", a.Header.Get("Content-Type"), a.body, err)
	}
	if p.Status != status || p.Code != code || p.Type != "about:blank" || p.Title == "" || p.Detail == "" || p.Instance != "urn:uuid:"+a.Header.Get("X-Request-Id") {
		t.Errorf("%+v, want %d %s", p, status, code)
	}
	return p
}

func TestAProgramIsKnownByItsToken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := siteOn(t, d)
		s.signIn().want(t, 303, "/")
		s.get("/mine").want(t, 200)
		s.forPrograms()
		a := s.get("/mine") // the session of the browser is worth nothing here
		a.problem(t, 401, "webkit.token_needed")
		if got := a.Header.Get("WWW-Authenticate"); got != `Bearer realm="nhanrong"` {
			t.Errorf("challenge %s", got)
		}
		a = s.get("/mine", "Authorization", "Bearer nr_wrong")
		a.problem(t, 401, "identity.token_bad")
		if got := a.Header.Get("WWW-Authenticate"); !strings.Contains(got, `error="invalid_token"`) {
			t.Errorf("challenge %s", got)
		}
		s.get("/mine", "Authorization", "Basic cXVhbnRyaTp4").problem(t, 401, "webkit.token_needed")
		a = s.get("/mine", "Authorization", "bearer "+s.token(identity.RightRead))
		a.want(t, 200, `mine "quantri"`)
		if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Set-Cookie") != "" || !strings.Contains(strings.Join(a.Header.Values("Vary"), ", "), "Authorization") {
			t.Errorf("headers %v", a.Header)
		}
		a = s.get("/mine", "Authorization", "Bearer "+s.token(identity.RightManage))
		a.problem(t, 403, "errs.forbidden")
		if got := a.Header.Get("WWW-Authenticate"); !strings.Contains(got, `error="insufficient_scope", scope="identity.read"`) {
			t.Errorf("challenge %s", got)
		}
	})
}

func TestErrorsForProgramsAreProblems(t *testing.T) {
	s := newSite(t)
	s.forPrograms()
	s.get("/error/invalid", "Accept-Language", "en").problem(t, 422, "errs.too_long")
	s.get("/error/notfound").problem(t, 404, "errs.not_found")
	s.get("/error/conflict").problem(t, 409, "errs.conflict")
	s.get("/nowhere").problem(t, 404, "errs.not_found")
	a := s.get("/post")
	a.problem(t, 405, "webkit.method")
	if a.Header.Get("Allow") != "POST" {
		t.Errorf("allow %v", a.Header)
	}
	for _, path := range []string{"/panic", "/error/disk"} {
		p := s.get(path).problem(t, 500, "errs.internal")
		if p.ID == "" || strings.Contains(p.Detail, "bí mật") || !strings.Contains(s.log(), p.ID) {
			t.Errorf("%s: %+v", path, p)
		}
	}
	s.post("/post", nil, "Sec-Fetch-Site", "cross-site").problem(t, 403, "webkit.cross_origin")
}

func TestCallsOfProgramsAreBounded(t *testing.T) {
	s := newSite(t, func(c *webkit.Config) { c.CallsPerMinute = 3 })
	s.forPrograms()
	for range 3 {
		s.get("/").want(t, http.StatusOK)
	}
	a := s.get("/")
	a.problem(t, http.StatusTooManyRequests, "webkit.too_many")
	if a.Header.Get("Retry-After") == "" {
		t.Errorf("headers %v", a.Header)
	}
}
