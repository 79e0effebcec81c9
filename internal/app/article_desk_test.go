package app_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// bodyOf is what stands in the area for the text of an article.
func bodyOf(page string) string {
	m := regexp.MustCompile(`(?s)<textarea[^>]* name="body"[^>]*>(.*?)</textarea>`).FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

// TestADraftOutOfADecision makes a draft in one press: its figures are those of the
// register, and nobody is named whose practice is not published.
func TestADraftOutOfADecision(t *testing.T) {
	t.Parallel()
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		officer := apptest.As(t, apptest.Serve(t, h), "canbo")
		decision := fill(t, h, "{decision}")
		if page := officer.Get("/admin/decisions/" + decision).Body; !strings.Contains(page, `/admin/articles/new?decision=`+decision) {
			t.Error("the page of the decision does not lead to a draft")
		}
		body := bodyOf(officer.Get("/admin/articles/new?decision=" + decision).Body)
		for _, want := range []string{
			`<data value="HK-2024/2024-10-16/awarded/collective">21</data> tập thể`, `<data value="HK-2024/2024-10-16/awarded/individual">9</data> cá nhân`,
		} {
			if !strings.Contains(body, want) {
				t.Errorf("the draft lacks %s: %s", want, body)
			}
		}
		open := published(t, h)
		given, err := h.Awards.Under(t.Context(), h.System(), decision)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range given {
			x, _, err := h.Practices.Exemplar(t.Context(), h.System(), a.Exemplar)
			if err != nil {
				t.Fatal(err)
			}
			if named := strings.Contains(body, "<li>"+x.Name+"</li>"); named != (open[a.Entry].Subject != "") {
				t.Errorf("%s is named: %v, published: %+v", x.Name, named, open[a.Entry])
			}
		}
	})
}

// TestWhatAnArticleIsAbout ties an article to records and unties it, and finds the article
// beside it that is about the same.
func TestWhatAnArticleIsAbout(t *testing.T) {
	t.Parallel()
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		officer := apptest.As(t, apptest.Serve(t, h), "canbo")
		code, decision, exemplar := fill(t, h, "{entry}"), fill(t, h, "{decision}"), fill(t, h, "{exemplar}")
		form := url.Values{
			"unit": {"HN.HK"}, "category": {"news"}, "title": {"Thử"}, "body": {"<p>Chuyện.</p>"},
			"addLinks": {code + "\nhttps://example.vn/admin/decisions/" + decision + "\n/admin/exemplars/" + exemplar},
		}
		made := officer.Post("/admin/articles/new", form)
		if made.Status != http.StatusSeeOther {
			t.Fatalf("%d\n%s", made.Status, made.Body)
		}
		id := made.Location[strings.LastIndexByte(made.Location, '/')+1:]
		about := func() []press.Link {
			a, err := h.Press.Get(t.Context(), h.System(), id)
			if err != nil {
				t.Fatal(err)
			}
			return a.Links
		}
		if got := about(); len(got) != 3 {
			t.Fatalf("it is about %v", got)
		}
		page := officer.Get(made.Location + "/edit").Body
		if strings.Count(page, `name="link"`) != 3 || !strings.Contains(page, code+" · ") {
			t.Error("the edit page does not name what it is about")
		}
		form.Set("version", "1")
		form.Set("addLinks", "")
		form["link"] = []string{"decision:" + decision, "practice:" + strings.Repeat("0", 36)}
		if a := officer.Post(made.Location+"/edit", form); a.Status != http.StatusSeeOther {
			t.Fatalf("%d\n%s", a.Status, a.Body)
		}
		if got := about(); len(got) != 1 || got[0] != (press.Link{Kind: press.ToDecision, ID: decision}) {
			t.Errorf("then it is about %v", got)
		}
		form.Set("version", "2")
		form.Set("addLinks", "HK-9999\n/admin/secrets/1")
		if a := officer.Post(made.Location+"/edit", form); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "“HK-9999”") || !strings.Contains(a.Body, `href="#f-addLinks"`) {
			t.Errorf("a code that is none: %d", a.Status)
		}
	})
}

// TestEachVersionTellsWhatItChanged edits a draft and reads the difference.
func TestEachVersionTellsWhatItChanged(t *testing.T) {
	h := apptest.Sample(t, db.SQLite)
	site := apptest.Serve(t, h)
	officer := apptest.As(t, site, "canbo")
	page := draftOf(t, officer, "<p>Phố Hàng Mã cũ.</p>")
	form := url.Values{"unit": {"HN.HK"}, "category": {"news"}, "title": {"Thử"}, "body": {"<p>Phố Hàng Mắm cũ.</p>"}, "version": {"1"}}
	if a := officer.Post(page+"/edit", form); a.Status != http.StatusSeeOther {
		t.Fatalf("%d\n%s", a.Status, a.Body)
	}
	if got := officer.Get(page).Body; !strings.Contains(got, page+"/versions/2") {
		t.Error("the history does not lead to the difference")
	}
	got := officer.Get(page + "/versions/2").Body
	if !strings.Contains(got, "<del>Mã </del>") || !strings.Contains(got, "<ins>Mắm </ins>") {
		t.Errorf("the difference: %s", regexp.MustCompile(`(?s)<p class="changes".*?</p>`).FindAllString(got, -1))
	}
	for _, path := range []string{"/versions/3", "/versions/0", "/versions/x"} {
		if a := officer.Get(page + path); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}

// TestAPreviewIsFramedByUsAlone looks at the headers of the preview, of the page around it
// and of another page.
func TestAPreviewIsFramedByUsAlone(t *testing.T) {
	h := apptest.Sample(t, db.SQLite)
	site := apptest.Serve(t, h)
	officer, ward := apptest.As(t, site, "canbo"), apptest.As(t, site, "phuong")
	page := draftOf(t, officer, "<p>Chưa ai đọc.</p>")
	preview := "/preview" + strings.TrimPrefix(page, "/admin")
	for path, want := range map[string][3]string{
		preview:           {"frame-ancestors 'self'", "SAMEORIGIN", "no-store"},
		page + "/preview": {"frame-ancestors 'none'; frame-src 'self'", "DENY", "no-store"},
		"/articles":       {"frame-ancestors 'none'", "DENY", "no-store"},
	} {
		a := officer.Get(path)
		policy := a.Header.Get("Content-Security-Policy")
		if a.Status != http.StatusOK || !strings.HasSuffix(policy, want[0]) || strings.Contains(policy, "unsafe") ||
			a.Header.Get("X-Frame-Options") != want[1] || a.Header.Get("Cache-Control") != want[2] {
			t.Errorf("%s: %d %v", path, a.Status, a.Header)
		}
	}
	if a := officer.Get(preview).Body; !strings.Contains(a, "Chưa ai đọc.") || !strings.Contains(a, `name="robots" content="noindex"`) {
		t.Error("the preview does not show the draft")
	}
	if a := ward.Get(preview); a.Status != http.StatusNotFound {
		t.Errorf("a ward sees the district's draft: %d", a.Status)
	}
	if a := apptest.Visitor(t, site).Get(preview); a.Status != http.StatusSeeOther {
		t.Errorf("a citizen gets %d", a.Status)
	}
}

// published are the entries that everybody may see.
func published(t *testing.T, h *app.House) map[string]practice.PublicRow {
	t.Helper()
	open := map[string]practice.PublicRow{}
	for in := (practice.PublicQuery{Limit: practice.MaxPublic}); ; {
		page, err := h.Practices.Published(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Rows {
			open[e.Entry] = e
		}
		if in.Cursor = page.Next; in.Cursor == "" {
			return open
		}
	}
}
