package ui_test

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"
)

// value is what an expression gives in the page.
func value[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func TestScript(t *testing.T) {
	site, ctx := serveGallery(t), browser(t)
	t.Run("the theme turns and is remembered", func(t *testing.T) {
		look(t, ctx, site.URL+"/portal-vi", "light", 1280)
		value[bool](t, ctx, `document.querySelector('[data-theme-toggle]').click(), true`)
		if got := value[string](t, ctx, `document.documentElement.dataset.theme + getComputedStyle(document.documentElement).colorScheme`); got != "darkdark" {
			t.Errorf("after a click: %s", got)
		}
		look(t, ctx, site.URL+"/plain-vi", "light", 1280)
		if got := value[string](t, ctx, `document.documentElement.dataset.theme`); got != "dark" {
			t.Errorf("on the next page: %s", got)
		}
	})
	t.Run("choosing the page counts", func(t *testing.T) {
		look(t, ctx, site.URL+"/desk-list-vi", "light", 1280)
		value[bool](t, ctx, `document.querySelector('[data-all]').click(), true`)
		if got := value[string](t, ctx, `document.querySelector('[data-chosen]').textContent`); got != "Đã chọn 6" {
			t.Errorf("it says %q", got)
		}
	})
	t.Run("a doubtful step is asked about", func(t *testing.T) {
		look(t, ctx, site.URL+"/desk-list-vi", "light", 1280)
		value[bool](t, ctx, `document.querySelector('[data-confirm]').click(), true`)
		if got := value[string](t, ctx, `document.querySelector('dialog[open] p').textContent + location.pathname`); got != "Xóa các mô hình đã chọn khỏi danh mục?/desk-list-vi" {
			t.Errorf("it asks %q", got)
		}
	})
	t.Run("fold-outs close with Escape", func(t *testing.T) {
		look(t, ctx, site.URL+"/desk-list-vi", "light", 390)
		value[bool](t, ctx, `document.querySelector('.burger').open = true`)
		value[bool](t, ctx, `document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}))`)
		if value[bool](t, ctx, `document.querySelector('.burger').open`) {
			t.Error("the menu is still open")
		}
	})
}

// Without the script the menu of a phone still opens, and what needs the script is not
// offered.
func TestPagesWorkWithoutTheScript(t *testing.T) {
	site, ctx := serveGallery(t), browser(t)
	look(t, ctx, site.URL+"/desk-list-vi", "light", 390)
	value[bool](t, ctx, `document.documentElement.classList.remove('js'), true`)
	value[bool](t, ctx, `document.querySelector('.burger').open = true`)
	if !value[bool](t, ctx, `document.querySelector('.drawer nav').checkVisibility()`) {
		t.Error("the menu does not show")
	}
	if value[bool](t, ctx, `document.querySelector('[data-theme-toggle]').checkVisibility()`) {
		t.Error("the theme button shows without the script")
	}
}

func TestPolicyIsNotBroken(t *testing.T) {
	site, ctx := serveGallery(t), browser(t)
	for name := range galleries() {
		look(t, ctx, site.URL+"/"+name, "light", 1280)
		const script = `[...document.styleSheets].length + ' ' + document.fonts.check('600 16px "Be Vietnam Pro"', 'Nhân rộng') + ' ' + [...document.images].every(i => i.naturalWidth > 0)`
		if got := value[string](t, ctx, script); got != "1 true true" {
			t.Errorf("%s: sheets, fonts, pictures: %s", name, got)
		}
	}
}
