package app_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

// TestAPersonsDataOnItsPage goes the way of a request: found, given out, asked about, made
// anonymous, and found no more; and what another ward may not see stays out of its sight.
func TestAPersonsDataOnItsPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTwoWards(t, d)
		w.wardAdministrator()
		x, err := w.Practices.Find(t.Context(), w.System(), practice.ExemplarInput{
			Movement: "M-2024", On: apptest.Day("2024-09-02"), Name: "Bà Trịnh Thị Mơ", Kind: ledger.Individual, Unit: "W2", Field: "economy",
		})
		w.Must(err)
		admin, ward, officer := apptest.As(t, w.site, "quantri"), apptest.As(t, w.site, "quantri1"), apptest.As(t, w.site, "canbo1")
		if a := admin.Get("/admin"); !strings.Contains(a.Body, `href="/admin/privacy"`) {
			t.Error("the menu does not lead there")
		}
		if a := officer.Get("/admin/privacy"); a.Status != http.StatusForbidden {
			t.Errorf("an officer: %d", a.Status)
		}
		if a := admin.Post("/admin/privacy", url.Values{"name": {"Mơ"}}); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("one word finds everybody: %d", a.Status)
		}
		who := url.Values{"name": {"trinh thi mo"}}
		found := admin.Post("/admin/privacy", who)
		refs := regexp.MustCompile(`value="(exemplar\.[^"]+)"`).FindStringSubmatch(found.Body)
		if found.Status != http.StatusOK || len(refs) != 2 || refs[1] != "exemplar."+x.ID {
			t.Fatalf("found: %d %v", found.Status, refs)
		}
		if a := ward.Post("/admin/privacy", who); a.Status != http.StatusOK || strings.Contains(a.Body, x.ID) || strings.Contains(a.Body, "Trịnh") {
			t.Errorf("another ward finds her: %d", a.Status)
		}
		chosen := url.Values{"name": who["name"], "id": {refs[1]}}
		for _, path := range []string{"/admin/privacy/export", "/admin/privacy/anonymise"} {
			if a := ward.Post(path, chosen); a.Status != http.StatusNotFound || strings.Contains(a.Body, x.ID) || !strings.Contains(a.Body, `value="trinh thi mo"`) || !strings.Contains(a.Body, "Tìm lại rồi chọn lại") {
				t.Errorf("another ward: %s answers %d, or what was searched is lost", path, a.Status)
			}
			none := url.Values{"name": who["name"]}
			if a := admin.Post(path, none); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Chọn ít nhất một bản ghi") || !strings.Contains(a.Body, refs[1]) {
				t.Errorf("nothing chosen: %s answers %d, or what was found is lost", path, a.Status)
			}
		}
		if a := ward.Get("/admin/privacy/exemplars/" + x.ID); a.Status != http.StatusNotFound {
			t.Errorf("another ward reads what she agreed to: %d", a.Status)
		}
		copied := admin.Post("/admin/privacy/export", chosen)
		if !json.Valid([]byte(copied.Body)) || !strings.Contains(copied.Body, "Trịnh Thị Mơ") || !strings.HasPrefix(copied.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("the copy: %d %s", copied.Status, copied.Body)
		}
		ask := admin.Post("/admin/privacy/anonymise", chosen)
		if ask.Status != http.StatusOK || !strings.Contains(ask.Body, "không hoàn tác được") || !strings.Contains(ask.Body, "Sẽ xóa tên khỏi 1 bản ghi") {
			t.Errorf("the question: %d", ask.Status)
		}
		chosen.Set("ask", "1")
		chosen.Set("reason", "Đơn ngày 12/6")
		if a := admin.Post("/admin/privacy/anonymise", chosen); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Đơn ngày 12/6") {
			t.Errorf("without the confirmation: %d", a.Status)
		}
		chosen.Set("sure", "1")
		if a := admin.Post("/admin/privacy/anonymise", chosen); a.Location != "/admin/privacy" {
			t.Fatalf("it is not done: %d %s", a.Status, a.Body)
		}
		if a := admin.Post("/admin/privacy", who); strings.Contains(a.Body, x.ID) {
			t.Error("she is found still")
		}
		if a := admin.Get("/admin/exemplars/" + x.ID); a.Status != http.StatusOK || strings.Contains(a.Body, "Trịnh") {
			t.Errorf("her page: %d", a.Status)
		}
	})
}

// TestAConsentIsTakenBackOnItsPage with a note; without a good one the page comes again, and
// nothing typed is lost.
func TestAConsentIsTakenBackOnItsPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTwoWards(t, d)
		admin := apptest.As(t, w.site, "quantri")
		page := "/admin/privacy/exemplars/" + w.entry.Exemplar
		if a := admin.Post(page, url.Values{"purpose": {"publish"}, "how": {"paper"}, "on": {"2024-05-01"}}); a.Location != page {
			t.Fatalf("it is not noted: %d %s", a.Status, a.Body)
		}
		id := regexp.MustCompile(`/consents/([^/"]+)/withdraw`).FindStringSubmatch(admin.Get(page).Body)
		if len(id) != 2 {
			t.Fatal("the page has no form to take it back")
		}
		path, long := "/admin/privacy/consents/"+id[1]+"/withdraw", strings.Repeat("Không muốn nữa. ", 150)
		for _, note := range []string{" ", long} {
			a := admin.Post(path, url.Values{"note-" + id[1]: {note}})
			if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `id="f-note-`+id[1]+`-err"`) || !strings.Contains(a.Body, strings.TrimSpace(note)) ||
				!strings.Contains(a.Body, `action="`+page+`"`) {
				t.Errorf("a bad note answers %d, or what was typed is lost: %s", a.Status, a.Body)
			}
		}
		if a := admin.Post(path, url.Values{"note-" + id[1]: {"Không muốn nữa"}}); a.Location != page {
			t.Errorf("it is not taken back: %d", a.Status)
		}
	})
}

// TestPlacesAreResetAfterAQuestion, which counts; and the menu leads to them for who looks
// after the whole house alone.
func TestPlacesAreResetAfterAQuestion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTwoWards(t, d)
		w.wardAdministrator()
		admin, ward := apptest.As(t, w.site, "quantri"), apptest.As(t, w.site, "quantri1")
		if a := admin.Get("/admin"); !strings.Contains(a.Body, `href="/admin/places"`) || !strings.Contains(a.Body, `href="/admin/terms"`) {
			t.Error("the menu leads neither to the places nor to the terms")
		}
		if a := ward.Get("/admin"); strings.Contains(a.Body, `href="/admin/places"`) {
			t.Error("the menu leads the administrator of a ward to the places")
		}
		if a := admin.Get("/admin/places"); a.Status != http.StatusOK {
			t.Errorf("the places: %d", a.Status)
		}
		list, err := w.Rulebook.Places(t.Context())
		w.Must(err)
		first := list.Provinces[0]
		content := "P\t" + first.Code + "\t" + first.Name + "\nC\t" + first.Communes[0].Code + "\t" + first.Communes[0].Name + "\n"
		_, err = w.Rulebook.LoadPlaces(t.Context(), w.System(), "moi.tsv", content)
		w.Must(err)
		ask := admin.Post("/admin/places/reset", url.Values{})
		if ask.Status != http.StatusOK || !strings.Contains(ask.Body, "moi.tsv") || !strings.Contains(ask.Body, "đơn vị đã lập giữ nguyên") {
			t.Errorf("the question: %d %s", ask.Status, ask.Body)
		}
		if now, err := w.Rulebook.PlacesInUse(t.Context(), w.System()); err != nil || now.Name != "moi.tsv" {
			t.Errorf("the question did it: %+v, %v", now, err)
		}
		if a := admin.Post("/admin/places/reset", url.Values{"sure": {"1"}}); a.Location != "/admin/places" {
			t.Errorf("the reset: %d", a.Status)
		}
		if now, err := w.Rulebook.PlacesInUse(t.Context(), w.System()); err != nil || now.Name != "" {
			t.Errorf("after it: %+v, %v", now, err)
		}
	})
}

// TestTermsOnTheirPage are set within their bounds, and not over what somebody else set.
func TestTermsOnTheirPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTwoWards(t, d)
		admin := apptest.As(t, w.site, "quantri")
		form := url.Values{"receive": {"9"}, "refused": {"6"}, "teller": {"12"}, "reader": {"60"}, "letters": {"24"}, "version": {"0"}}
		bad := url.Values{"receive": {"99"}, "refused": {"6"}, "teller": {"12"}, "reader": {"60"}, "letters": {"24"}, "version": {"0"}}
		if a := admin.Post("/admin/terms", bad); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `value="99"`) {
			t.Errorf("out of bounds: %d", a.Status)
		}
		if a := admin.Post("/admin/terms", form); a.Location != "/admin/terms" {
			t.Fatalf("they are not set: %d %s", a.Status, a.Body)
		}
		if a := admin.Post("/admin/terms", form); a.Status != http.StatusConflict {
			t.Errorf("over a newer version: %d", a.Status)
		}
		if a := admin.Get("/admin/terms"); !strings.Contains(a.Body, `value="9"`) {
			t.Error("the page does not show what was set")
		}
	})
}

// TestAdministratorsPagesInABrowser looks at the pages that officers do not have, with what
// was posted to them, in both languages and at both widths.
func TestAdministratorsPagesInABrowser(t *testing.T) {
	browsertest.Need(t)
	t.Parallel()
	h := apptest.Sample(t, db.SQLite)
	site := apptest.Serve(t, h)
	b := browsertest.Open(t)
	exemplar := fill(t, h, "{exemplar}")
	x, _, err := h.Practices.Exemplar(t.Context(), h.System(), exemplar)
	if err != nil {
		t.Fatal(err)
	}
	account := fill(t, h, "{account}")
	html := map[string]string{}
	for _, lang := range []string{"vi", "en"} {
		admin := apptest.As(t, site, "quantri")
		admin.Speak(lang)
		b.Cookies(t, admin.Jar(), site.URL)
		for name, path := range map[string]string{
			"privacy": "/admin/privacy", "consents": "/admin/privacy/exemplars/" + exemplar, "terms": "/admin/terms", "places": "/admin/places",
			"close": "/admin/people/" + account + "/close", "letters": "/admin/people/" + account + "/letters", "account": "/admin/people/" + account,
			"profile": "/admin/profile", "exemplar": "/admin/exemplars/" + exemplar, "outbox": "/admin/outbox?account=" + account, "queue": "/admin/introductions",
		} {
			html[name+"-"+lang] = admin.Get(path).Body
			for _, width := range browsertest.Widths() {
				t.Run(name+"-"+lang+"-"+strconv.FormatInt(width, 10), func(t *testing.T) { b.Look(t, site.URL+path, width, "admin-"+name+"-"+lang) })
			}
		}
		for _, width := range browsertest.Widths() {
			t.Run("found-"+lang+"-"+strconv.FormatInt(width, 10), func(t *testing.T) {
				b.Go(t, site.URL+"/admin/privacy", width)
				browsertest.Value[bool](t, b, `(() => { const f = document.querySelector('form:has(input[name=name])'); f.elements.name.value = `+strconv.Quote(x.Name)+`; f.requestSubmit(); return true })()`)
				b.Until(t, `!!document.querySelector('input[name=id]')`)
				b.LookHere(t, width, "admin-found-"+lang)
				browsertest.Value[bool](t, b, `(() => { document.querySelectorAll('input[name=id]').forEach((i) => { i.checked = true }); document.querySelector('button[formaction$=anonymise]').click(); return true })()`)
				b.Until(t, `!!document.querySelector('textarea[name=reason]')`)
				b.LookHere(t, width, "admin-forget-"+lang)
			})
		}
	}
	browsertest.Nu(t, html)
}
