package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/markup"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

// addPhotos puts photos of people who agreed on the draft; what is said of each holds
// markup.
func (n newsroom) addPhotos(t *testing.T, count int) []photo.Photo {
	t.Helper()
	for i := range count {
		form := photoWords()
		form.Set("alt", fmt.Sprintf(`Ảnh số %d "><planted onload=x>`, i+1))
		form.Set("caption", fmt.Sprintf(`Lời ảnh %d <planted onload=x>`, i+1))
		form.Set("credit", `<planted onload=x>`)
		form.Set("people", "agreed")
		form.Set("consentOf", "Bà Mẫu")
		form.Set("consentOn", "2024-05-02")
		if a := n.writer.PostFiles(n.photos, form, uploadOf(jpegOf(t, scene(200+i, 200)))); a.Status != http.StatusSeeOther {
			t.Fatalf("add: %d\n%s", a.Status, a.Body)
		}
	}
	all, err := n.Press.Photos(t.Context(), n.System(), n.draft.ID)
	n.Must(err)
	return all
}

// edit sends the form of the article with a text.
func (n newsroom) edit(t *testing.T, id, body string) apptest.Answer {
	t.Helper()
	a, err := n.Press.Get(t.Context(), n.System(), id)
	n.Must(err)
	return n.officer.Post("/admin/articles/"+id+"/edit", url.Values{
		"version": {fmt.Sprint(a.Version)}, "unit": {"W1"}, "category": {"news"}, "title": {a.Title}, "lead": {a.Lead}, "author": {"Tổ thông tin"}, "body": {body},
		"correction": {"Đặt ảnh."},
	})
}

// publishEdited takes the draft the whole way as it stands now.
func (n newsroom) publishEdited(t *testing.T) press.Article {
	t.Helper()
	var err error
	n.draft, err = n.Press.Get(t.Context(), n.System(), n.draft.ID)
	n.Must(err)
	return n.publish(t)
}

func (n newsroom) body(t *testing.T, id string) string {
	t.Helper()
	a, err := n.Press.Get(t.Context(), n.System(), id)
	n.Must(err)
	return a.Body
}

// TestACallWithinAParagraphPartsIt: a figure stands between paragraphs, never in one, and no
// end tag is left over.
func TestACallWithinAParagraphPartsIt(t *testing.T) {
	n := openNewsroom(t, apptest.Open(t, db.SQLite))
	all := n.addPhotos(t, 3)
	if a := n.edit(t, n.draft.ID, "<p>Một.\n[ảnh 1]\nHai.</p><p>[ảnh 2]\nBa.</p><p>Bốn.\n[ảnh 3]</p><ul><li>\n[ảnh 1]\n</li></ul>"); a.Status != http.StatusSeeOther {
		t.Fatalf("edit: %d %s", a.Status, a.Body)
	}
	place := func(i int) string { return markup.PhotoPlace(all[i].ID) }
	want := "<p>Một.\n</p>" + place(0) + "<p>\nHai.</p>" + place(1) + "<p>\nBa.</p><p>Bốn.\n</p>" + place(2) + "<ul><li>\n" + place(0) + "\n</li></ul>"
	if got := n.body(t, n.draft.ID); got != want {
		t.Errorf("kept as\n%s, not\n%s", got, want)
	}
}

// TestPhotosInTheText places photos by lines and by marks, reads them, and takes the consent
// of one back.
func TestPhotosInTheText(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		all := n.addPhotos(t, 3)
		if a := n.edit(t, n.draft.ID, "<p>Một.</p>\n[ảnh 2]\n<p>Hai.</p><p> [Ảnh 03] </p><p>Ba, xem [ảnh 1].</p>"); a.Status != http.StatusSeeOther {
			t.Fatalf("edit: %d %s", a.Status, a.Body)
		}
		want := "<p>Một.</p>\n" + markup.PhotoPlace(all[1].ID) + "\n<p>Hai.</p>" + markup.PhotoPlace(all[2].ID) + "<p>Ba, xem [ảnh 1].</p>"
		if got := n.body(t, n.draft.ID); got != want {
			t.Errorf("kept as %s, not %s", got, want)
		}
		n.writer.Post("/admin/articles/"+n.draft.ID+"/photos/"+all[2].ID+"/place", url.Values{"place": {"2"}}) // the place in the text stays
		desk := fmt.Sprintf("/admin/articles/%s/photos/%s/file/201", n.draft.ID, all[1].ID)
		preview := n.writer.Get("/preview/articles/" + n.draft.ID).Body
		inOrder(t, preview, all[0].ID, "Một.", desk, "Hai.", all[2].ID, "Ba, xem")
		a := n.publishEdited(t)
		page := n.citizen.Get(a.Path())
		inOrder(t, page.Body, all[0].Sizes[0].Path(), "<p>Một.</p>", all[1].Sizes[0].Path(), "<p>Hai.</p>", all[2].Sizes[0].Path(), "<p>Ba, xem")
		if strings.Count(page.Body, `<figure class="photo">`) != 3 || strings.Contains(page.Body, "data-photo") {
			t.Errorf("%d photos stand on the page", strings.Count(page.Body, `<figure class="photo">`))
		}
		for _, body := range []string{page.Body, preview, n.officer.Get("/admin/articles/" + a.ID).Body, n.officer.Get("/admin/articles/" + a.ID + "/edit").Body} {
			for node := range nodes(t, body) {
				if _, on := attr(node, "onload"); node.Data == "planted" || on {
					t.Error("what is said of a photo becomes markup")
				}
			}
		}
		if got := n.officer.Post("/admin/articles/"+a.ID+"/photos/"+all[1].ID+"/withdraw", url.Values{"note": {"Bà Mẫu gọi điện."}}); got.Status != http.StatusSeeOther {
			t.Fatalf("withdraw: %d", got.Status)
		}
		for _, path := range []string{a.Path(), "/articles", "/feed.rss", "/feed.atom", "/feed.json", "/preview/articles/" + a.ID, "/admin/articles/" + a.ID} {
			who := n.citizen
			if strings.HasPrefix(path, "/preview") || strings.HasPrefix(path, "/admin") {
				who = n.officer
			}
			if got := who.Get(path); got.Status != http.StatusOK || strings.Contains(got.Body, all[1].Sizes[0].SHA256) || strings.Contains(got.Body, "Lời ảnh 2") || strings.Contains(got.Body, desk) {
				t.Errorf("%s still shows it (%d)", path, got.Status)
			}
		}
		inOrder(t, n.citizen.Get(a.Path()).Body, "<p>Một.</p>", "<p>Hai.</p>", all[2].Sizes[0].Path())
	})
}

// inOrder fails where parts do not stand in a page one after the other.
func inOrder(t *testing.T, page string, parts ...string) {
	t.Helper()
	at := strings.Index(page, "<article")
	for _, part := range parts {
		i := strings.Index(page[max(at, 0):], part)
		if i < 0 {
			t.Errorf("%q does not follow: %s", part, page[max(at, 0):min(len(page), max(at, 0)+300)])
			return
		}
		at = max(at, 0) + i
	}
}

// TestPhotosOfOthersAreRefused: a mark of another article's photo, of none at all, and a line
// that calls for what is not there.
func TestPhotosOfOthersAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := openNewsroom(t, d)
		all := n.addPhotos(t, 2)
		other := n.write(t, "Bài khác")
		for _, id := range []string{all[0].ID, "0192aaaa-0000-7000-8000-000000000000"} {
			if a := n.edit(t, other.ID, "<p>Một.</p>"+markup.PhotoPlace(id)); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `href="#f-body"`) {
				t.Errorf("the photo of another article: %d", a.Status)
			}
			_, err := n.Press.Create(t.Context(), n.System(), press.Input{Unit: "W1", Category: press.News, Title: "Mới", Body: "<p>x</p>" + markup.PhotoPlace(id)})
			if err == nil {
				t.Error("a new article takes it")
			}
			_, err = n.Press.Bring(t.Context(), n.System(), []press.Brought{{Input: press.Input{
				Unit: "W1", Category: press.News, Title: "Cũ", Lead: "x", Author: "x", Body: "<p>x</p>" + markup.PhotoPlace(id),
			}, PublishedAt: n.Now().AddDate(0, 0, -1)}})
			if err == nil {
				t.Error("one that is brought takes it")
			}
		}
		if a := n.edit(t, other.ID, "<p>Một.</p><p>[ảnh 7]</p>"); a.Status != http.StatusSeeOther {
			t.Errorf("a draft may call for what is still to come: %d", a.Status)
		}
		if a := n.writer.Post("/admin/articles/"+other.ID+"/submit", url.Values{"version": {"2"}}); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "[ảnh 7]") {
			t.Errorf("put to review with a call for nothing: %d", a.Status)
		}
		n.edit(t, n.draft.ID, "<p>Một.</p>"+markup.PhotoPlace(all[1].ID)+markup.PhotoPlace(all[1].ID)+`<figure data-photo="`+all[0].ID+`" onload="x"><script>x</script><img src="/media/x/960.jpg"></figure>`)
		if got := n.body(t, n.draft.ID); got != "<p>Một.</p>"+markup.PhotoPlace(all[1].ID)+markup.PhotoPlace(all[1].ID)+markup.PhotoPlace(all[0].ID) {
			t.Errorf("kept as %s", got)
		}
		n.writer.Post("/admin/articles/"+n.draft.ID+"/photos/"+all[0].ID+"/remove", nil)
		a := n.publishEdited(t)
		if page := n.citizen.Get(a.Path()).Body; strings.Count(page, `<figure class="photo">`) != 1 {
			t.Errorf("a photo stands %d times", strings.Count(page, `<figure class="photo">`))
		}
		if got := n.body(t, a.ID); strings.Contains(got, all[0].ID) {
			t.Errorf("the place of a photo that is gone stays: %s", got)
		}
	})
}

// TestPhotosInTheEditorInABrowser puts a photo into the text by the button, and keeps it
// through the editor.
func TestPhotosInTheEditorInABrowser(t *testing.T) {
	t.Parallel()
	b := browsertest.Open(t)
	h := apptest.Sample(t, db.SQLite)
	site := apptest.Serve(t, h)
	officer := apptest.As(t, site, "canbo")
	officer.Speak("vi")
	b.Cookies(t, officer.Jar(), site.URL)
	illustrated, photo := illustratedArticle(t, h)
	b.Go(t, site.URL+"/admin/articles/"+illustrated.ID+"/edit", 1280)
	opened(t, b)
	browsertest.Value[bool](t, b, `(document.querySelector('[role=textbox]').focus(), document.querySelector('[data-do=photo]').click(), true)`)
	b.Until(t, `!document.querySelector('[data-panel=photo]').hidden`)
	browsertest.Value[bool](t, b, `(document.querySelector('[data-panel=photo] [data-set]').click(), true)`)
	made := browsertest.Value[string](t, b, `document.querySelector('textarea[name=body]').value`)
	if !strings.Contains(made, markup.PhotoPlace(photo)) || !strings.Contains(markup.Clean(made), markup.PhotoPlace(photo)) {
		t.Fatalf("the text is %s", made)
	}
	b.Until(t, `document.querySelector('[role=textbox] figure img').naturalWidth > 0`)
	browsertest.Value[bool](t, b, `(document.querySelector('[data-do=source]').click(), document.querySelector('[data-do=source]').click(), true)`)
	if again := browsertest.Value[string](t, b, `document.querySelector('textarea[name=body]').value`); strings.Count(again, markup.PhotoPlace(photo)) != 1 {
		t.Errorf("through the source it is %s", again)
	}
	if violations := browsertest.Value[int](t, b, `new Promise((ok) => { let n = 0; new ReportingObserver((all) => { n += all.length }, {types: ['csp-violation'], buffered: true}).observe(); setTimeout(() => ok(n), 200) })`); violations != 0 {
		t.Errorf("the policy was broken %d times", violations)
	}
}
