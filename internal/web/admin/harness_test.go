package admin_test

import (
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/config"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

const password = "mat-khau-de-thu"

// site is a house with its pages on a server: a district of two wards, a movement of
// 2024, an officer of the district, a reporter of each ward, a leader and an
// administrator. It is noon of 30 September 2024.
type site struct {
	*httptest.Server
	t     *testing.T
	house *app.House
	units map[string]string // identity by code
}

// each runs fn on both engines.
func each(t *testing.T, fn func(s *site)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(newSite(t, d)) })
}

func newSite(t *testing.T, d *db.DB) *site {
	t.Helper()
	noon := time.Date(2024, 9, 30, 5, 0, 0, 0, time.UTC)
	s := &site{t: t, house: app.Build(d, apptest.Files(t), clock.Fixed(noon), slog.New(slog.NewTextHandler(testLog{t}, nil))), units: map[string]string{}}
	s.must(s.house.Rulebook.Seed(t.Context()))
	for _, u := range []struct{ code, name, parent string }{
		{"HK", "Quận Hoàn Kiếm", ""},
		{"HK.A", "Phường Hàng Buồm", "HK"},
		{"HK.B", "Phường Hàng Mã", "HK"},
		{"HK.A.1", "Tổ dân phố số 1", "HK.A"},
		{"HK.B.1", "Tổ dân phố số 1", "HK.B"},
		{"BDV", "Ban Dân vận Quận ủy", "HK"},
	} {
		in := org.Input{Code: u.code, Name: u.name, Kind: "other", Level: org.District, From: clock.MustDate("2010-01-01")}
		if u.parent != "" {
			in.Level = org.Commune
			in.Parents = []org.ParentInput{{Unit: s.units[u.parent], Tree: org.State, Counts: true}}
		}
		made, err := s.house.Org.Create(t.Context(), s.house.System(), in)
		s.must(err)
		s.units[u.code] = made.ID
	}
	s.accounts()
	s.launch("HK-2023", "", 2023)
	s.launch("HK-2024", "HK-2023", 2024)
	web, err := s.house.Web(&config.Config{MaxBody: 1 << 20, RequestTimeout: 30 * time.Second, SessionHours: 12}, nil)
	s.must(err)
	s.Server = httptest.NewServer(web.Handler)
	t.Cleanup(s.Close)
	return s
}

// testLog writes the log of the house into that of the test.
type testLog struct{ t *testing.T }

func (l testLog) Write(b []byte) (int, error) {
	l.t.Helper()
	l.t.Logf("%s", b)
	return len(b), nil
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) accounts() {
	s.t.Helper()
	_, err := s.house.Identity.Bootstrap(s.t.Context(), "quantri", "Quản trị", password)
	s.must(err)
	for _, a := range []struct{ login, name, role, unit string }{
		{"canbo", "Cán bộ Hà", app.RoleOfficer, "HK"},
		{"phuong", "Người báo cáo A", app.RoleReporter, "HK.A"},
		{"phuongb", "Người báo cáo B", app.RoleReporter, "HK.B"},
		{"lanhdao", "Lãnh đạo", app.RoleLeader, "HK"},
	} {
		_, err := s.house.Identity.Create(s.t.Context(), s.house.System(), identity.Input{
			Login: a.login, Name: a.name, Unit: s.units[a.unit], Password: password, Settled: true,
			Grants: []identity.GrantInput{{Role: a.role, Unit: s.units[a.unit]}},
		})
		s.must(err)
	}
}

func (s *site) launch(code, follows string, year int) {
	s.t.Helper()
	_, err := s.house.Movements.Launch(s.t.Context(), s.house.System(), movement.Input{
		Code: code, Follows: follows, Name: "Dân vận khéo " + code, Level: org.District, Unit: "HK", StandingBody: "BDV",
		LaunchedOn: clock.NewDate(year, 1, 4),
		Period:     movement.PeriodInput{Name: "Năm " + code[3:], From: clock.NewDate(year, 1, 1), To: clock.NewDate(year, 12, 31)},
	})
	s.must(err)
}

// entry registers a practice straight through the service.
func (s *site) entry(unit, title string) practice.Entry {
	s.t.Helper()
	e, err := s.house.Practices.Register(s.t.Context(), s.house.System(), practice.Input{
		Movement: "HK-2024", On: clock.MustDate("2024-05-10"), Unit: unit, Kind: ledger.Collective, Subject: "Tập thể " + unit,
		Field: "economy", Origin: ledger.OriginNew, Title: title, Parts: practice.Parts{Goals: "Mục tiêu ban đầu"},
	})
	s.must(err)
	return e
}

// visitor is a browser with cookies of its own that follows no redirects.
type visitor struct {
	s      *site
	client *http.Client
	login  string
}

// reply is an answer, read to its end.
type reply struct {
	s      *site
	status int
	at     string // where a redirect leads
	body   string
}

func (s *site) visitor() *visitor {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	s.must(err)
	return &visitor{s: s, client: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// as signs an account in.
func (s *site) as(login string) *visitor {
	s.t.Helper()
	v := s.visitor()
	v.signIn(login)
	return v
}

func (v *visitor) signIn(login string) reply {
	v.s.t.Helper()
	v.login = login
	return v.post("/login", "login", login, "password", password).wants(http.StatusSeeOther)
}

func (v *visitor) send(r *http.Request) reply {
	v.s.t.Helper()
	answer, err := v.client.Do(r)
	v.s.must(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	v.s.must(err)
	return reply{v.s, answer.StatusCode, answer.Header.Get("Location"), string(body)}
}

func (v *visitor) get(path string) reply {
	v.s.t.Helper()
	r, err := http.NewRequestWithContext(v.s.t.Context(), http.MethodGet, v.s.URL+path, nil)
	v.s.must(err)
	return v.send(r)
}

// post sends a form of names and values in turn.
func (v *visitor) post(path string, pairs ...string) reply {
	v.s.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return v.postForm(path, form)
}

func (v *visitor) postForm(path string, form url.Values) reply {
	v.s.t.Helper()
	r, err := http.NewRequestWithContext(v.s.t.Context(), http.MethodPost, v.s.URL+path, strings.NewReader(form.Encode()))
	v.s.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.send(r)
}

// anew is a form as if its page had been opened once more.
func anew(form url.Values) url.Values {
	form.Del(webkit.OnceField)
	return form
}

func (r reply) wants(status int) reply {
	r.s.t.Helper()
	if r.status != status {
		r.s.t.Fatalf("status %d, want %d\n%s", r.status, status, r.text())
	}
	return r
}

// text is what a person reads on the page.
func (r reply) text() string {
	body := r.body
	if _, main, ok := strings.Cut(body, "<main"); ok {
		body = "<main" + main
	}
	return html.UnescapeString(strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, " ")), " "))
}

func (r reply) has(texts ...string) reply {
	r.s.t.Helper()
	for _, want := range texts {
		if !strings.Contains(r.text(), want) && !strings.Contains(r.body, want) {
			r.s.t.Errorf("the page lacks %q:\n%s", want, r.text())
		}
	}
	return r
}

func (r reply) lacks(texts ...string) reply {
	r.s.t.Helper()
	for _, bad := range texts {
		if strings.Contains(r.text(), bad) || strings.Contains(r.body, bad) {
			r.s.t.Errorf("the page has %q:\n%s", bad, r.text())
		}
	}
	return r
}

// form reads every field of the page's forms as a browser would send it.
func (r reply) form() url.Values {
	form := url.Values{}
	attr := func(tag, name string) (string, bool) {
		m := regexp.MustCompile(`\s` + name + `(?:="([^"]*)")?`).FindStringSubmatch(tag)
		if m == nil {
			return "", false
		}
		return html.UnescapeString(m[1]), true
	}
	for _, tag := range regexp.MustCompile(`<input[^>]*>`).FindAllString(r.body, -1) {
		name, ok := attr(tag, "name")
		if !ok {
			continue
		}
		kind, _ := attr(tag, "type")
		_, on := attr(tag, "checked")
		if value, _ := attr(tag, "value"); (kind != "checkbox" && kind != "radio") || on {
			form.Add(name, value)
		}
	}
	for _, m := range regexp.MustCompile(`(?s)<textarea([^>]*)>(.*?)</textarea>`).FindAllStringSubmatch(r.body, -1) {
		if name, ok := attr(" "+m[1], "name"); ok {
			form.Add(name, html.UnescapeString(strings.TrimPrefix(m[2], "\n")))
		}
	}
	for _, m := range regexp.MustCompile(`(?s)<select([^>]*)>(.*?)</select>`).FindAllStringSubmatch(r.body, -1) {
		name, _ := attr(" "+m[1], "name")
		for _, option := range regexp.MustCompile(`<option[^>]*>`).FindAllString(m[2], -1) {
			if _, on := attr(option, "selected"); on {
				value, _ := attr(option, "value")
				form.Set(name, value)
			}
		}
	}
	return form
}

// link is the address of a link with a rel.
func link(r reply, rel string) string {
	r.s.t.Helper()
	m := regexp.MustCompile(`rel="` + rel + `" href="([^"]*)"`).FindStringSubmatch(r.body)
	if m == nil {
		r.s.t.Fatalf("no %s page:\n%s", rel, r.text())
	}
	return html.UnescapeString(m[1])
}
