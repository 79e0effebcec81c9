package ui_test

import (
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

func TestScript(t *testing.T) {
	site, b := serveGallery(t), browsertest.Open(t)
	t.Run("the theme turns and is remembered", func(t *testing.T) {
		b.Go(t, site.URL+"/portal-vi", 1280)
		browsertest.Value[bool](t, b, `document.querySelector('[data-theme-toggle]').click(), true`)
		if got := browsertest.Value[string](t, b, `document.documentElement.dataset.theme + getComputedStyle(document.documentElement).colorScheme`); got != "darkdark" {
			t.Errorf("after a click: %s", got)
		}
		b.Go(t, site.URL+"/plain-vi", 1280)
		if got := browsertest.Value[string](t, b, `document.documentElement.dataset.theme`); got != "dark" {
			t.Errorf("on the next page: %s", got)
		}
	})
	t.Run("choosing the page counts", func(t *testing.T) {
		b.Go(t, site.URL+"/desk-list-vi", 1280)
		browsertest.Value[bool](t, b, `document.querySelector('[data-all]').click(), true`)
		if got := browsertest.Value[string](t, b, `document.querySelector('[data-chosen]').textContent`); got != "Đã chọn 6" {
			t.Errorf("it says %q", got)
		}
	})
	t.Run("a doubtful step is asked about", func(t *testing.T) {
		b.Go(t, site.URL+"/desk-list-vi", 1280)
		browsertest.Value[bool](t, b, `document.querySelector('[data-confirm]').click(), true`)
		if got := browsertest.Value[string](t, b, `document.querySelector('dialog[open] p').textContent + location.pathname`); got != "Xóa các mô hình đã chọn khỏi danh mục?/desk-list-vi" {
			t.Errorf("it asks %q", got)
		}
	})
	t.Run("fold-outs close with Escape", func(t *testing.T) {
		b.Go(t, site.URL+"/desk-list-vi", 390)
		browsertest.Value[bool](t, b, `document.querySelector('.burger').open = true`)
		browsertest.Value[bool](t, b, `document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}))`)
		if browsertest.Value[bool](t, b, `document.querySelector('.burger').open`) {
			t.Error("the menu is still open")
		}
	})
}

// Without the script the menu of a phone still opens, and what needs the script is not
// offered.
func TestPagesWorkWithoutTheScript(t *testing.T) {
	site, b := serveGallery(t), browsertest.Open(t)
	b.Go(t, site.URL+"/desk-list-vi", 390)
	browsertest.Value[bool](t, b, `document.documentElement.classList.remove('js'), true`)
	browsertest.Value[bool](t, b, `document.querySelector('.burger').open = true`)
	if !browsertest.Value[bool](t, b, `document.querySelector('.drawer nav').checkVisibility()`) {
		t.Error("the menu does not show")
	}
	if browsertest.Value[bool](t, b, `document.querySelector('[data-theme-toggle]').checkVisibility()`) {
		t.Error("the theme button shows without the script")
	}
}

func TestPolicyIsNotBroken(t *testing.T) {
	site, b := serveGallery(t), browsertest.Open(t)
	for name := range galleries() {
		b.Go(t, site.URL+"/"+name, 1280)
		const script = `[...document.styleSheets].length + ' ' + document.fonts.check('700 16px "Be Vietnam Pro"', 'Nhân rộng') + ' ' + [...document.images].every(i => i.naturalWidth > 0)`
		want := "1 true true"
		if strings.HasPrefix(name, "desk") {
			want = "2 true true" // that of the office, too
		}
		if got := browsertest.Value[string](t, b, script); got != want {
			t.Errorf("%s: sheets, fonts, pictures: %s, want %s", name, got, want)
		}
	}
}
