package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/markup"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

// everything is a text with each thing that an article may hold.
const everything = `<h2>Đề mục</h2><p>Chữ <strong>đậm</strong>, <em>nghiêng</em>, <u>gạch chân</u>, <s>gạch ngang</s>, H<sub>2</sub>O, m<sup>2</sup>; ` +
	`<a href="/practices/HK-1">mô hình</a>, <data value="HK-2024/2024-09-30/found/total">397</data> gương.</p><h3>Nhỏ</h3><h4>Nhỏ nữa</h4>` +
	`<ul><li>một</li><li>hai</li></ul><ol><li>ba</li></ol><blockquote><p>Lời dân.</p></blockquote><hr>` +
	`<table><tbody><tr><th scope="col">Phố</th><th scope="col">Nhà</th></tr><tr><td>Hàng Mã</td><td>12</td></tr></tbody></table>`

// TestTheEditorInABrowser writes a draft as an officer does: by the keyboard alone, with
// the policy of the pages in force.
func TestTheEditorInABrowser(t *testing.T) {
	browsertest.Need(t)
	t.Parallel()
	b := browsertest.Open(t)
	h := apptest.Sample(t, db.SQLite)
	site := apptest.Serve(t, h)
	officer := apptest.As(t, site, "canbo")
	officer.Speak("vi")
	b.Cookies(t, officer.Jar(), site.URL)
	body := func() string {
		return browsertest.Value[string](t, b, `document.querySelector('textarea[name=body]').value`)
	}
	begin := func(path string) {
		b.Go(t, site.URL+path, 1280)
		opened(t, b)
	}

	t.Run("by the keyboard", func(t *testing.T) {
		begin("/admin/articles/new?entry=" + fill(t, h, "{entry}"))
		browsertest.Value[bool](t, b, `(() => { const e = document.querySelector('[role=textbox]'); e.focus(); getSelection().selectAllChildren(e); return true })()`)
		b.Keys(t, kb.Backspace, "Việc làng")
		browsertest.Value[bool](t, b, `new Promise((ok) => { getSelection().selectAllChildren(document.querySelector('[role=textbox]').firstElementChild); setTimeout(() => ok(true), 100) })`)
		// Alt+F10 leads to the toolbar, the arrow to the next button, Escape back to the text.
		browsertest.Value[bool](t, b, `document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'F10', altKey: true, bubbles: true}))`)
		if at := browsertest.Value[string](t, b, `document.activeElement.dataset.do`); at != "h2" {
			t.Fatalf("the toolbar begins at %q", at)
		}
		b.Keys(t, kb.ArrowRight, kb.ArrowRight)
		if at := browsertest.Value[string](t, b, `document.activeElement.title`); at != "Chữ đậm (Ctrl+B)" {
			t.Fatalf("two buttons on stands %q", at)
		}
		b.Keys(t, " ")
		b.Until(t, `document.querySelector('[data-do=bold]').ariaPressed === 'true'`)
		if got := body(); !strings.Contains(got, "<strong>Việc làng</strong>") {
			t.Errorf("the text is %s", got)
		}
		violations := browsertest.Value[int](t, b, `new Promise((ok) => { let n = 0; new ReportingObserver((all) => { n += all.length }, {types: ['csp-violation'], buffered: true}).observe(); setTimeout(() => ok(n), 200) })`)
		if violations != 0 {
			t.Errorf("the policy was broken %d times", violations)
		}
	})
	t.Run("a figure of the register", func(t *testing.T) {
		begin("/admin/articles/new")
		browsertest.Value[bool](t, b, `(document.querySelector('[role=textbox]').focus(), document.querySelector('[data-do=figure]').click(), true)`)
		b.Until(t, `!document.querySelector('[data-panel=figure]').hidden`)
		browsertest.Value[bool](t, b, `(document.querySelector('[data-panel=figure] [data-set]').click(), true)`)
		if got := body(); !regexp.MustCompile(`<data value="HK-2024/[0-9-]+/[a-zA-Z]+/[a-z]+">[0-9.]+</data>`).MatchString(got) {
			t.Errorf("the text is %s", got)
		}
	})
	t.Run("whatever an article may hold comes through the editor and the cleaning", func(t *testing.T) { survives(t, b, h, officer) })
	t.Run("what the editor would not keep stays HTML", func(t *testing.T) {
		page := draftOf(t, officer, `<p>Ảnh:</p><figure><img src="/media/abc/960.jpg" alt="x"><figcaption>Chợ</figcaption></figure>`)
		b.Go(t, site.URL+page+"/edit", 1280)
		b.Until(t, `!document.querySelector('[data-rich-refused]').hidden`)
		if !browsertest.Value[bool](t, b, `document.querySelector('textarea[name=body]').checkVisibility() && !document.querySelector('[data-rich]').checkVisibility()`) {
			t.Error("the plain area does not stand")
		}
	})
}

// opened waits for the editor, and lets the page be left without a question: a browser
// without a person would wait for the answer.
func opened(t *testing.T, b *browsertest.Browser) {
	t.Helper()
	b.Until(t, `document.querySelector('[role=textbox]')`)
	browsertest.Value[bool](t, b, `(document.querySelectorAll('[data-guard]').forEach((f) => f.removeAttribute('data-guard')), true)`)
}

// draftOf writes a draft and gives the address of its page.
func draftOf(t *testing.T, officer *apptest.Client, body string) string {
	t.Helper()
	a := officer.Post("/admin/articles/new", url.Values{"unit": {"HN.HK"}, "category": {"news"}, "title": {"Thử"}, "body": {body}})
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%d\n%s", a.Status, a.Body)
	}
	return a.Location
}

// survives opens a text in the editor, changes nothing and a letter, and looks at what the
// server keeps of it.
func survives(t *testing.T, b *browsertest.Browser, h *app.House, officer *apptest.Client) {
	t.Helper()
	page := draftOf(t, officer, everything+`<script>alert(1)</script><p onclick="x()" style="color:red">cuối</p>`)
	b.Go(t, officer.Base()+page+"/edit", 1280)
	opened(t, b)
	browsertest.Value[bool](t, b, `(() => { const e = document.querySelector('[role=textbox]'); e.focus(); getSelection().selectAllChildren(e.lastElementChild); getSelection().collapseToEnd(); return true })()`)
	b.Keys(t, "!")
	made := browsertest.Value[string](t, b, `document.querySelector('textarea[name=body]').value`)
	kept := markup.Clean(made)
	for _, part := range regexp.MustCompile(`<[a-z0-9]+( (href|value)="[^"]*")?`).FindAllString(everything, -1) {
		if strings.Count(kept, part) < strings.Count(everything, part) {
			t.Errorf("%s is lost: %s", part, kept)
		}
	}
	if strings.Contains(made, "script") || strings.Contains(made, "onclick") || strings.Contains(made, "style=") {
		t.Errorf("the editor makes %s", made)
	}
	if markup.Text(kept) != markup.Text(everything+"<p>cuối!</p>") {
		t.Errorf("the text is %q", markup.Text(kept))
	}
	const send = `((f) => fetch(f.action, {method: 'POST', body: new URLSearchParams(new FormData(f))}).then((a) => new URL(a.url).pathname))(document.querySelector('textarea[name=body]').form)`
	if at := browsertest.Value[string](t, b, send); at != page {
		t.Fatalf("the form leads to %s", at)
	}
	a, err := h.Press.History(t.Context(), h.System(), page[strings.LastIndexByte(page, '/')+1:])
	if err != nil || len(a) != 2 || a[0].Body != kept {
		t.Errorf("%v, %d versions, the newest is %s, want %s", err, len(a), a[0].Body, kept)
	}
}

// TestNothingMovesWhenAPhotoComesInABrowser opens an article with photos, and the page on
// which it is edited: each photo has its room before it is there.
func TestNothingMovesWhenAPhotoComesInABrowser(t *testing.T) {
	t.Parallel()
	b := browsertest.Open(t)
	h := apptest.Sample(t, db.SQLite)
	site := apptest.Serve(t, h)
	officer := apptest.As(t, site, "canbo")
	b.Cookies(t, officer.Jar(), site.URL)
	illustrated, _ := illustratedArticle(t, h)
	for _, path := range []string{illustrated.Path(), "/articles", "/admin/articles/" + illustrated.ID + "/edit"} {
		for _, width := range browsertest.Widths() {
			b.Go(t, site.URL+path, width)
			const boxes = `[...document.querySelectorAll('main img')].map((i) => { const r = i.getBoundingClientRect(); return Math.round(r.width) + 'x' + Math.round(r.height) }).join()`
			before := browsertest.Value[string](t, b, boxes)
			b.Until(t, `[...document.querySelectorAll('main img')].every((i) => (i.loading = 'eager', i.complete && i.naturalWidth > 0))`)
			if after := browsertest.Value[string](t, b, boxes); before == "" || after != before {
				t.Errorf("%s at %d: the photos stood in %s and stand in %s", path, width, before, after)
			}
			const shift = `new Promise((ok) => { let n = 0; new PerformanceObserver((l) => { for (const e of l.getEntries()) n += e.value }).observe({type: 'layout-shift', buffered: true}); setTimeout(() => ok(n), 200) })`
			if moved := browsertest.Value[float64](t, b, shift); moved > 0.1 && !strings.Contains(path, "edit") { // good by the Web Vitals, for letters that come late; there the editor takes the place of the area
				t.Errorf("%s at %d: the page moved by %v", path, width, moved)
			}
		}
	}
}
