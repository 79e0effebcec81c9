package app_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// asked is a request of a reader without cookies, changed by headers in pairs.
func asked(t *testing.T, base, method, path string, headers ...string) apptest.Answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip") // as browsers do; the client unpacks nothing then
	for i := 0; i+1 < len(headers); i += 2 {
		if r.Header.Set(headers[i], headers[i+1]); headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.Header.Get("Content-Encoding") == "gzip" && method != http.MethodHead && len(body) > 0 {
		gz, err := gzip.NewReader(strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		if body, err = io.ReadAll(gz); err != nil {
			t.Fatal(err)
		}
	}
	return apptest.Answer{Status: res.StatusCode, Body: string(body), Location: res.Header.Get("Location"), Header: res.Header}
}

// poisons are requests that try to leave something on the shelf for others.
func poisons() [][]string {
	return [][]string{
		{"Host", "evil.example"},
		{"X-Forwarded-Host", "evil.example"},
		{"X-Forwarded-Proto", "https", "X-Forwarded-Port", "443", "X-Forwarded-Prefix", "/evil"},
		{"Forwarded", "host=evil.example;proto=https"},
		{"X-Original-Url", "/login", "X-Rewrite-Url", "/login"},
		{"X-Http-Method-Override", "POST"},
		{"Accept-Language", "en"},
		{"Accept-Language", "vi;q=0.1, en;q=0.9"},
		{"Cookie", "lang=en; theme=dark"},
		{"Cookie", `theme="><script>alert(1)</script>; lang=xx`},
		{"Cookie", "session=planted"},
		{"Cookie", "session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
		{"Cookie", "session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Accept-Encoding", "identity"},
		{"Cookie", "reader=AAAAAAAAAAAAAAAAAAAAAAAAAA"},
		{"Accept-Encoding", "identity"},
		{"Accept-Encoding", "gzip;q=0, br"},
		{"Range", "bytes=0-9"},
		{"If-None-Match", "*"},
		{"If-Modified-Since", "Sat, 01 Jan 2050 00:00:00 GMT"},
		{"User-Agent", "<script>alert(1)</script>"},
		{"Referer", "https://evil.example/"},
		{"Cache-Control", "no-store", "Pragma", "no-cache"},
	}
}

// steady leaves out what differs from answer to answer in any case.
func steady(h http.Header) http.Header {
	h = maps.Clone(h)
	for _, name := range []string{"Date", "X-Request-Id", "Vary"} {
		delete(h, name)
	}
	return h
}

// TestKeptPagesCannotBePoisoned asks for every kept page in every odd way, before and
// after an honest reader did: that reader gets the same page each time, and nobody gets
// what was meant for somebody else.
func TestKeptPagesCannotBePoisoned(t *testing.T) {
	h := apptest.Sample(t, db.SQLite)
	site, other := apptest.Serve(t, h), apptest.Serve(t, h) // two shelves: one is never asked but honestly
	officer := apptest.As(t, site, "canbo")
	for _, page := range []string{"/", "/?field=economy", "{practice}", "/articles", "/articles?category=news", "{story}", "/feed.rss", "/feed.json", "/sitemap.xml"} {
		path := fill(t, h, page)
		clean := asked(t, other.URL, http.MethodGet, path)
		want := strings.NewReplacer(other.URL, site.URL, url.QueryEscape(other.URL), url.QueryEscape(site.URL)).Replace(clean.Body)
		for i, headers := range append(poisons(), nil) {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				asked(t, site.URL, method, path, headers...)
			}
			for _, odd := range []string{"?", "?evil.example", "?x=%22%3E%3Cscript%3E", "#x"} {
				if !strings.Contains(path, "?") {
					asked(t, site.URL, http.MethodGet, path+odd, headers...)
				}
			}
			if i%5 == 0 {
				if a := officer.Get(path); a.Header.Get("Cache-Control") != "no-store" && a.Header.Get("Content-Type") == "text/html; charset=utf-8" {
					t.Errorf("%s of an account may be kept: %s", page, a.Header.Get("Cache-Control"))
				}
			}
			got := asked(t, site.URL, http.MethodGet, path)
			if hidden := regexp.MustCompile(`value="[0-9a-f-]{36}"`); hidden.ReplaceAllString(got.Body, "") != hidden.ReplaceAllString(want, "") || got.Status != http.StatusOK {
				t.Errorf("%s after %v: %d, another page", page, headers, got.Status)
			}
			if strings.Contains(got.Body, "evil") || strings.Contains(got.Body, "canbo") {
				t.Errorf("%s after %v holds what was planted", page, headers)
			}
			if a, b := steady(got.Header), steady(clean.Header); len(a) != len(b) || a.Get("Content-Type") != b.Get("Content-Type") || a.Get("Content-Security-Policy") != b.Get("Content-Security-Policy") || got.Header["Set-Cookie"] != nil {
				t.Errorf("%s after %v has the headers %v, not %v", page, headers, a, b)
			}
		}
		if vary := strings.Join(asked(t, site.URL, http.MethodGet, path).Header.Values("Vary"), ", "); !strings.Contains(vary, "Cookie") || !strings.Contains(vary, "Accept-Language") || !strings.Contains(vary, "Accept-Encoding") {
			t.Errorf("%s varies by %q", page, vary)
		}
	}
	english := asked(t, site.URL, http.MethodGet, "/articles", "Cookie", "lang=en; theme=dark")
	if !strings.Contains(english.Body, `lang="en"`) || !strings.Contains(english.Body, "dark") {
		t.Error("a choice of language and look is lost")
	}
}

// TestCardsHaveOneAddress: another name before the number leads to it, and draws nothing.
func TestCardsHaveOneAddress(t *testing.T) {
	h := apptest.Sample(t, db.SQLite)
	site := apptest.Serve(t, h)
	story := fill(t, h, "{story}")
	card := asked(t, site.URL, http.MethodGet, story+"/card.png")
	if card.Status != http.StatusOK || card.Header.Get("Etag") == "" || !strings.HasPrefix(card.Body, "\x89PNG") {
		t.Fatalf("a card: %d %v", card.Status, card.Header)
	}
	no := story[strings.LastIndexByte(story, '-'):]
	if a := asked(t, site.URL, http.MethodGet, "/articles/khac"+no+"/card.png"); a.Status != http.StatusSeeOther || a.Location != story+"/card.png" {
		t.Errorf("under another name: %d %s", a.Status, a.Location)
	}
	officer := apptest.As(t, site, "canbo")
	for _, path := range []string{story + "/card.png", story + "/card.png?x=1", "/card.png", "/sitemap.xml", "/sitemap.xml?x=2", "/feed.rss"} {
		a, b := officer.Get(path), apptest.Visitor(t, site).Get(path)
		if a.Status != http.StatusOK || a.Body != b.Body || a.Header.Get("Etag") != b.Header.Get("Etag") || a.Header.Get("Etag") == "" || strings.Contains(a.Body, "canbo") {
			t.Errorf("%s differs by who asks: %d %v", path, a.Status, a.Header)
		}
	}
}

// TestTheFrontAnswersAsTheRestDoes compares an answer made now with the one that the front
// of the shelf gives after it.
func TestTheFrontAnswersAsTheRestDoes(t *testing.T) {
	h := apptest.Sample(t, db.SQLite)
	site := apptest.Serve(t, h)
	for _, page := range []string{"/", "{story}", "/articles", "/feed.atom"} {
		path := fill(t, h, page)
		first, second := asked(t, site.URL, http.MethodGet, path), asked(t, site.URL, http.MethodGet, path)
		if first.Header.Get("X-Request-Id") == "" || second.Header.Get("X-Request-Id") != "" {
			t.Fatalf("%s: the second answer did not come from the front", page)
		}
		a, b := steady(first.Header), steady(second.Header)
		if !maps.EqualFunc(a, b, func(x, y []string) bool { return fmt.Sprint(x) == fmt.Sprint(y) }) || first.Body != second.Body || first.Status != second.Status {
			t.Errorf("%s: %v\nand then\n%v", page, a, b)
		}
		head := asked(t, site.URL, http.MethodHead, path)
		if head.Status != http.StatusOK || head.Body != "" || head.Header.Get("Content-Length") != second.Header.Get("Content-Length") {
			t.Errorf("HEAD %s: %d %v", page, head.Status, head.Header)
		}
		same := asked(t, site.URL, http.MethodGet, path, "If-None-Match", `"other", `+second.Header.Get("Etag"))
		if same.Status != http.StatusNotModified || same.Body != "" || same.Header.Get("Content-Encoding") != "" || same.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s again: %d %v", page, same.Status, same.Header)
		}
	}
}

// TestDraftsByGuessing asks for every number there is: what is not published answers as
// what does not exist, to every verb.
func TestDraftsByGuessing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		draft, err := s.Press.Create(ctx, who, press.Input{
			Unit: "W1", Category: press.News, Title: "Chuyện còn giấu", Lead: "Chưa đến lúc.", Body: "<p>Bí mật.</p>", Author: "Tổ thông tin", Tags: []string{"giấu"},
		})
		s.Must(err)
		review, err := s.Press.Create(ctx, who, press.Input{Unit: "W1", Category: press.News, Title: "Chuyện còn giấu hai", Lead: "Chưa.", Body: "<p>Bí mật.</p>", Author: "Tổ thông tin"})
		s.Must(err)
		_, err = s.Press.Submit(ctx, who, review.ID, press.Step{Version: review.Version})
		s.Must(err)
		shown := article(t, s.House, "W1", "Chuyện đã kể")
		site := apptest.Serve(t, s.House)
		reader := apptest.Visitor(t, site)
		hidden := regexp.MustCompile(`\b[0-9a-f]{8}-[0-9a-f-]+\b|[?/]articles[^"]*`)
		bodies := map[string]bool{}
		for _, no := range []int{draft.No, review.No, 4711, 0, -1} {
			for _, name := range []string{"bai", "chuyen-con-giau"} {
				path := fmt.Sprintf("/articles/%s-%d", name, no)
				for what, a := range map[string]apptest.Answer{
					"read": reader.Get(path), "rate": reader.Post(path+"/rate", fields("score", "5")),
					"say": reader.Post(path+"/opinions", fields("name", "Lành", "text", "Cho xem với")),
				} {
					if a.Status != http.StatusNotFound || a.Location != "" {
						t.Errorf("%s %s: %d %s", what, path, a.Status, a.Location)
					}
					bodies[hidden.ReplaceAllString(a.Body, "")] = true
				}
			}
		}
		if len(bodies) != 1 {
			t.Errorf("%d kinds of answer tell one from another", len(bodies))
		}
		for _, path := range []string{"/articles", "/articles?q=giau", "/articles?tag=gi%E1%BA%A5u", shown.Path(), "/feed.rss", "/feed.atom", "/feed.json", "/sitemap.xml"} {
			if strings.Contains(reader.Get(path).Body, "Chuyện còn giấu") || strings.Contains(reader.Get(path).Body, "con-giau") {
				t.Errorf("%s tells of a draft", path)
			}
		}
	})
}

// TestReadersAreLedNowhereElse sends the forms of readers with everything that could lead
// out of the house or put a header into the answer.
func TestReadersAreLedNowhereElse(t *testing.T) {
	s := apptest.NewSmall(t, apptest.Open(t, db.SQLite))
	shown := article(t, s.House, "W1", "Ngõ nhỏ")
	account(t, s, "canbo", app.RoleOfficer, "D")
	a := newAttacker(t, s.House, "canbo")
	said(t, s.House, shown, "Lành", "Một ý kiến")
	id := waiting(t, s.House, press.TabWaiting)[0].ID
	s.Must(s.Press.PassOpinions(t.Context(), s.System(), press.OpinionDecision{IDs: []string{id}, Seen: press.OpinionWaiting}))
	const inject = "x\r\nSet-Cookie: a=b\r\nLocation: https://evil.example/"
	for i, evil := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, inject, "javascript:alert(1)"} {
		for _, f := range []struct {
			path string
			form url.Values
		}{
			{shown.Path() + "/rate", url.Values{"score": {"4"}}},
			{shown.Path() + "/rate?back=" + url.QueryEscape(evil), url.Values{"score": {"4" + evil}}},
			{shown.Path() + "/opinions", url.Values{"name": {"Lành"}, "text": {fmt.Sprintf("Ý kiến %d", i)}}},
			{shown.Path() + "/opinions", url.Values{"name": {evil}, "text": {evil}, "wanted": {"1"}, "email": {"a@b.vn" + evil}}},
			{shown.Path() + "/opinions/" + id + "/report", url.Values{}},
			{shown.Path() + "/opinions/" + url.PathEscape(evil) + "/report", url.Values{}},
			{"/articles/" + url.PathEscape(evil) + fmt.Sprintf("-%d", shown.No) + "/rate", url.Values{"score": {"4"}}},
			{"/opinions/" + url.PathEscape(evil) + "/withdraw", url.Values{}},
		} {
			for _, name := range []string{"back", "next", "return", "url", "_page", "to"} {
				f.form.Set(name, evil)
			}
			r := a.request(http.MethodPost, f.path, f.form.Encode(), formType)
			r.Header.Set("Referer", strings.Map(printable, evil))
			r.Header.Set("X-Forwarded-Host", "evil.example")
			a.staysIn(apptest.Visitor(t, a.site).Do(r), f.path)
		}
		a.staysIn(apptest.Visitor(t, a.site).Get("/articles/"+url.PathEscape(evil)+fmt.Sprintf("-%d", shown.No)), "an article's name")
		a.staysIn(apptest.Visitor(t, a.site).Get("/opinions/"+url.PathEscape(evil)), "a receipt")
	}
}

// TestMarkupInRatings plants markup wherever a rating may carry some, and looks at every
// page that could show it.
func TestMarkupInRatings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := article(t, s.House, "W1", "Ngõ nhỏ")
		account(t, s, "canbo", app.RoleOfficer, "D")
		site := apptest.Serve(t, s.House)
		officer, reader := apptest.As(t, site, "canbo"), apptest.Visitor(t, site)
		const mark = `"'><planted onload=x>{{1}}`
		escaped := url.QueryEscape(mark)
		bodies := map[string]string{}
		for i, form := range []url.Values{
			{"score": {mark}},
			{"score": {"5"}, "website": {mark}},
			{mark: {mark}, "score": {"3"}},
			{"score": {"9"}},
		} {
			bodies[fmt.Sprint("form ", i)] = reader.Post(a.Path()+"/rate?"+escaped, form).Body
		}
		for _, path := range []string{a.Path() + "?rated=" + escaped, a.Path() + "?rated=4&x=" + escaped, a.Path() + "?opinions=" + escaped, "/articles?tag=" + escaped + "&q=" + escaped} {
			bodies[path] = reader.Get(path).Body
			bodies["dark "+path] = asked(t, site.URL, http.MethodGet, path, "Cookie", "theme="+escaped+"; reader="+escaped+"; lang="+escaped, "User-Agent", mark, "X-Forwarded-For", mark).Body
		}
		for _, path := range []string{"/admin/ratings", "/admin/ratings?reason=" + escaped, "/admin/ratings?page=" + escaped, "/admin/ratings/" + a.ID, "/admin/ratings/" + url.PathEscape(mark), "/admin/articles/" + a.ID} {
			bodies[path] = officer.Get(path).Body
		}
		bodies["counted"] = officer.Post("/admin/ratings/"+a.ID, url.Values{"reason": {mark}, "note": {mark}}).Body
		bodies["asked"] = officer.Post("/admin/ratings/"+a.ID, url.Values{"reason": {"robot"}, "note": {mark}, mark: {mark}}).Body
		for name, body := range bodies {
			for n := range nodes(t, body) {
				if _, on := attr(n, "onload"); n.Data == "planted" || on {
					t.Errorf("%s lets markup through", name)
				}
			}
		}
	})
}
