package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
)

// planted is the name of the element and of the attribute that the payloads try to plant
// into a page.
const planted = "planted"

// payloads are what an ill-willed or unlucky visitor puts into a field.
func payloads() []string {
	return []string{
		`'"><` + planted + ` onload=alert(1)></textarea></select></title></script><` + planted + `>`,
		`" ` + planted + `="1" onfocus="alert(1)" autofocus x="`,
		`'); DROP TABLE practice_entry; --`,
		`' OR '1'='1' UNION SELECT login, hash FROM identity_account --`,
		`javascript:` + planted + `()`,
		"Mo\u0302 hi\u0300nh \u202etheo chie\u0302\u0300u ngu\u031bo\u031b\u0323c",
		"a\x00b", "\xff\xfe\xc0\x80", "dòng\r\nSet-Cookie: " + planted + "=1",
		strings.Repeat("dài ", 8_000),
		"99999999999999999999999999", "-9223372036854775809", "1e309", "0000-00-00", "9999-12-31", "31/2/2024",
		"%s%n{{.}}${7*7}", "../../../../etc/passwd",
	}
}

// attacker is a signed-in client whose posts come from ever other addresses, so that the
// bound on posts does not end the attack.
type attacker struct {
	*apptest.Client
	t     *testing.T
	house *app.House
	site  *httptest.Server
	as    string
	sent  int
}

func newAttacker(t *testing.T, h *app.House, login string) *attacker {
	t.Helper()
	cfg := apptest.Config(t)
	cfg.TrustedProxies = []string{"127.0.0.1"}
	web, err := h.Web(cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewServer(web.Handler)
	t.Cleanup(site.Close)
	return &attacker{Client: apptest.As(t, site, login), t: t, house: h, site: site, as: login}
}

// request is one from ever another address.
func (a *attacker) request(method, path, body, kind string) *http.Request {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), method, a.site.URL+path, strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	a.sent++
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.7", a.sent/250%250, a.sent%250))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return r
}

func (a *attacker) do(method, path, body, kind string) apptest.Answer {
	a.t.Helper()
	r := a.request(method, path, body, kind)
	answer := a.Do(r)
	a.judge(answer, method+" "+path, body)
	if answer.Location == "/login" { // the attack ended its own session
		a.Client = apptest.As(a.t, a.site, a.as)
	}
	return answer
}

const formType = "application/x-www-form-urlencoded"

// judge looks at what came back: no fault of the program, and nothing of the payload
// that a browser would take for markup.
func (a *attacker) judge(answer apptest.Answer, to, sent string) {
	a.t.Helper()
	if answer.Status >= http.StatusInternalServerError {
		a.t.Errorf("%s answers %d to %.300q", to, answer.Status, sent)
	}
	if answer.Header.Get("Set-Cookie") != "" && strings.Contains(answer.Header.Get("Set-Cookie"), planted) {
		a.t.Errorf("%s lets a header in: %v", to, answer.Header)
	}
	for n := range nodes(a.t, answer.Body) {
		if n.Data == planted {
			a.t.Errorf("%s lets markup through for %.300q", to, sent)
		}
		for _, at := range n.Attr {
			if at.Key == planted || strings.HasPrefix(at.Key, "on") || at.Key == "style" || strings.HasPrefix(strings.ToLower(strings.TrimSpace(at.Val)), "javascript:") && at.Key != "value" {
				a.t.Errorf("%s has the attribute %s=%q for %.300q", to, at.Key, at.Val, sent)
			}
		}
	}
}

// nodes walks the elements of a page as a browser reads it.
func nodes(t *testing.T, body string) func(func(*html.Node) bool) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(*html.Node) bool) {
		for n := range doc.Descendants() {
			if n.Type == html.ElementNode && !yield(n) {
				return
			}
		}
	}
}

// form is a form of a page, with the values that it was shown with.
type form struct {
	method, action string
	values         url.Values
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// forms reads every form of a page but those that end the session or are the same on
// every page.
func forms(t *testing.T, body string) []form {
	t.Helper()
	var all []form
	for n := range nodes(t, body) {
		if n.Data != "form" {
			continue
		}
		action, _ := attr(n, "action")
		method, _ := attr(n, "method")
		f := form{method: strings.ToUpper(method), action: action, values: url.Values{}}
		for field := range n.Descendants() {
			if name, ok := attr(field, "name"); ok && field.Type == html.ElementNode {
				f.values.Add(name, valueOf(field))
			}
		}
		if action != "/logout" {
			all = append(all, f)
		}
	}
	return all
}

func valueOf(field *html.Node) string {
	switch field.Data {
	case "textarea":
		if field.FirstChild != nil {
			return field.FirstChild.Data
		}
	case "select":
		last := ""
		for o := range field.Descendants() {
			if o.Data == "option" {
				value, _ := attr(o, "value")
				if _, chosen := attr(o, "selected"); chosen {
					return value
				}
				last = value
			}
		}
		return last
	}
	value, _ := attr(field, "value")
	return value
}

// send posts or asks for the form with its values changed.
func (a *attacker) send(f form, change func(url.Values)) apptest.Answer {
	a.t.Helper()
	values := url.Values{}
	for name, all := range f.values {
		values[name] = append([]string(nil), all...)
	}
	change(values)
	if f.method == http.MethodPost {
		return a.do(http.MethodPost, f.action, values.Encode(), formType)
	}
	path, _, _ := strings.Cut(f.action, "?")
	return a.do(http.MethodGet, path+"?"+values.Encode(), "", "")
}

// TestPayloadsInEveryField walks every form of every page: every payload goes into all of
// its fields at once, and each field alone gets a payload, several values, or is left out.
// Nothing of it comes back as markup, nothing breaks the program, and the log of it all
// tells of nobody.
func TestPayloadsInEveryField(t *testing.T) {
	t.Parallel()
	alone(t)
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		log := logged(t, h)
		a := newAttacker(t, h, "quantri")
		seen := map[string]bool{}
		fields := 0
		for _, page := range append(pages(), more()...) {
			for _, f := range forms(t, a.Get(fill(t, h, page)).Body) {
				key := f.method + " " + f.action
				if seen[key] {
					continue
				}
				seen[key] = true
				fields += len(f.values)
				a.everyField(f)
			}
		}
		if len(seen) < 20 || fields < 150 {
			t.Errorf("only %d forms with %d fields were walked", len(seen), fields)
		}
		for _, page := range pages() { // what was planted must not come up later
			path := fill(t, h, page)
			a.judge(a.Get(path), path, "an earlier payload")
		}
		log.tellsOfNobody(t)
	})
}

// more are the pages with forms that pages does not show.
func more() []string {
	return []string{
		"/admin/decisions/{decision}/recognise", "/admin/decisions/{decision}/typical", "/admin/movements/{movement}/papers/new",
		"/admin/units/{unit}/move", "/admin/entries/{waiting}/receive", "/admin/entries/{waiting}/withdraw", "/admin/entries/{entry}/find",
		"/admin/entries/{waiting}/edit", "/admin/exemplars/{exemplar}/drop?period=2",
	}
}

// rowMark is the part of a field's name that says in which row of a table it stands.
var rowMark = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|\d+`)

// kinds are the names of the fields, of those that repeat from row to row the first one.
func (f form) kinds() []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(f.values)), func(name string) bool {
		kind := rowMark.ReplaceAllString(name, "#")
		again := seen[kind]
		seen[kind] = true
		return again
	})
}

func (a *attacker) everyField(f form) {
	a.t.Helper()
	all := payloads()
	for i, name := range f.kinds() { // each field gets one of them, each form all
		payload := all[i%len(all)]
		a.send(f, func(v url.Values) { v.Set(name, "a\x00\xff") }) // bytes that one engine takes and the other does not
		switch i % 3 {
		case 0:
			a.send(f, func(v url.Values) { v.Set(name, payload) })
		case 1:
			a.send(f, func(v url.Values) { v[name] = []string{"a", payload, "b"} })
		case 2:
			a.send(f, func(v url.Values) { v.Del(name) })
		}
	}
	for _, payload := range all {
		a.send(f, func(v url.Values) {
			for name := range v {
				v.Set(name, payload)
			}
		})
	}
}

// TestPayloadsInAddresses puts payloads where an address names a record, and into every
// parameter that a link of the pages carries.
func TestPayloadsInAddresses(t *testing.T) {
	t.Parallel()
	alone(t)
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		a := newAttacker(t, h, "quantri")
		names := []string{"%00", "%FF%C0", "%27%20OR%201=1--", "%3Cplanted%3E", strings.Repeat("x", 5000)}
		for _, rt := range apptest.Web(t, h).Routes {
			if !strings.Contains(rt.Pattern, "{") || strings.HasSuffix(rt.Pattern, "{$}") {
				continue
			}
			for _, name := range names {
				path := parameter.ReplaceAllLiteralString(rt.Pattern, name)
				if got := a.do(rt.Method, path, "", "").Status; got < 400 {
					t.Errorf("%s %.80s is found: %d", rt.Method, path, got)
				}
			}
		}
		walked := 0
		for path, parameters := range a.linked(pages()) {
			for name := range parameters {
				for range 4 { // in turn: over all parameters each payload comes often
					payload := payloads()[walked%len(payloads())]
					walked++
					a.do(http.MethodGet, path+"?"+url.Values{name: {payload}}.Encode(), "", "")
				}
			}
		}
		if walked < 100 {
			t.Errorf("only %d addresses were walked", walked)
		}
	})
}

var parameter = regexp.MustCompile(`\{[a-z]+\}`)

// linked gathers, for each path that the pages link to or ask by a form, the names of
// its parameters.
func (a *attacker) linked(pages []string) map[string]map[string]bool {
	a.t.Helper()
	all := map[string]map[string]bool{}
	note := func(path string, names url.Values) {
		if all[path] == nil {
			all[path] = map[string]bool{}
		}
		for name := range names {
			all[path][name] = true
		}
	}
	for _, page := range pages {
		if strings.Contains(page, "{") {
			continue
		}
		body := a.Get(page).Body
		for n := range nodes(a.t, body) {
			if href, ok := attr(n, "href"); ok && strings.HasPrefix(href, "/") {
				if u, err := url.Parse(href); err == nil && u.RawQuery != "" {
					note(u.Path, u.Query())
				}
			}
		}
		for _, f := range forms(a.t, body) {
			if f.method == http.MethodGet {
				note(f.action, f.values)
			}
		}
	}
	return all
}
