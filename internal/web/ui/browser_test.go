package ui_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/nhanrong/nhanrong/internal/web/browsertest"
	"github.com/nhanrong/nhanrong/internal/web/ui"
)

// policy is the content security policy that the pages are served under.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func serveGallery(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("GET /static/", ui.Static())
	for name, page := range galleries() {
		body := render(t, page)
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", policy)
			fmt.Fprint(w, body)
		})
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestGalleryInABrowser(t *testing.T) {
	site, b := serveGallery(t), browsertest.Open(t)
	for name := range galleries() {
		for _, width := range browsertest.Widths() {
			t.Run(fmt.Sprintf("%s/%d", name, width), func(t *testing.T) { b.Look(t, site.URL+"/"+name, width, name) })
		}
	}
}

func TestGalleryIsValidForNu(t *testing.T) {
	pages := map[string]string{}
	for name, page := range galleries() {
		pages[name] = render(t, page)
	}
	browsertest.Nu(t, pages)
}

// TestNothingScrollsSideways also holds the reflow of WCAG 2.2 (1.4.10): 320 px.
func TestNothingScrollsSideways(t *testing.T) {
	site, b := serveGallery(t), browsertest.Open(t)
	for name := range galleries() {
		for _, width := range []int64{320, 600, 768, 1024, 1920} {
			t.Run(fmt.Sprintf("%s/%d", name, width), func(t *testing.T) {
				b.Go(t, site.URL+"/"+name, width)
				b.Fits(t)
			})
		}
	}
}
