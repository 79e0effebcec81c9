package ui_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/nhanrong/nhanrong/internal/web/ui"
)

// walk calls visit with every element.
func walk(n *html.Node, visit func(*html.Node)) {
	if n.Type == html.ElementNode {
		visit(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, visit)
	}
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func TestGalleryIsSoundHTML(t *testing.T) {
	for name, page := range galleries() {
		t.Run(name, func(t *testing.T) {
			doc, err := html.Parse(strings.NewReader(render(t, page)))
			if err != nil {
				t.Fatal(err)
			}
			ids, refs, heads := map[string]int{}, []string{}, 0
			walk(doc, func(n *html.Node) {
				checkPolicy(t, n)
				if id, ok := attr(n, "id"); ok {
					ids[id]++
				}
				if n.Data == "h1" {
					heads++
				}
				refs = append(refs, references(n)...)
			})
			if heads != 1 {
				t.Errorf("%d h1 elements", heads)
			}
			for id, n := range ids {
				if n > 1 {
					t.Errorf("id %q stands %d times", id, n)
				}
			}
			for _, id := range refs {
				if ids[id] == 0 {
					t.Errorf("nothing has the id %q", id)
				}
			}
		})
	}
}

// references are the ids that an element points to.
func references(n *html.Node) []string {
	var refs []string
	for _, name := range []string{"for", "aria-describedby", "aria-labelledby", "form"} {
		if v, ok := attr(n, name); ok {
			refs = append(refs, strings.Fields(v)...)
		}
	}
	if v, ok := attr(n, "href"); ok && strings.HasPrefix(v, "#") {
		refs = append(refs, v[1:])
	}
	return refs
}

// checkPolicy fails on whatever the content security policy would stop.
func checkPolicy(t *testing.T, n *html.Node) {
	t.Helper()
	if n.Data == "style" {
		t.Error("a style element")
	}
	if _, ok := attr(n, "src"); n.Data == "script" && !ok {
		t.Error("a script in the page")
	}
	for _, a := range n.Attr {
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
			t.Errorf("%s on %s", a.Key, n.Data)
		}
	}
}

func TestEveryInputHasALabel(t *testing.T) {
	for name, page := range galleries() {
		doc, err := html.Parse(strings.NewReader(render(t, page)))
		if err != nil {
			t.Fatal(err)
		}
		labelled := map[string]bool{}
		walk(doc, func(n *html.Node) {
			if id, ok := attr(n, "for"); ok && n.Data == "label" {
				labelled[id] = true
			}
		})
		walk(doc, func(n *html.Node) {
			kind, _ := attr(n, "type")
			if !slices.Contains([]string{"input", "select", "textarea"}, n.Data) || kind == "hidden" {
				return
			}
			id, _ := attr(n, "id")
			_, aria := attr(n, "aria-label")
			if !labelled[id] && !aria && n.Parent.Data != "label" {
				t.Errorf("%s: an input without a label: %v", name, n.Attr)
			}
		})
	}
}

func TestLongNamesAreNeverCutOff(t *testing.T) {
	css := get(t, ui.Asset("app.css"), "").Body.String() + get(t, ui.Asset("office.css"), "").Body.String()
	for _, bad := range []string{"text-overflow:ellipsis", "line-clamp"} {
		if strings.Contains(css, bad) {
			t.Errorf("the style sheet cuts text off: %s", bad)
		}
	}
}

func TestSafeURL(t *testing.T) {
	for in, want := range map[string]string{
		"/a?b=c": "/a?b=c", "?x=1": "?x=1", "#top": "#top", "https://example.vn/a": "https://example.vn/a", "mailto:a@example.vn": "mailto:a@example.vn",
		"javascript:alert(1)": "#", " JaVaScript:alert(1)": "#", "java\nscript:x": "#", "data:text/html,x": "#", "//example.vn": "#", `/\example.vn`: "#", "vbscript:x": "#",
	} {
		if got := string(ui.SafeURL(in)); got != want {
			t.Errorf("SafeURL(%q) = %q, want %q", in, got, want)
		}
	}
}

func get(t *testing.T, path, encoding string) *httptest.ResponseRecorder {
	t.Helper()
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	ui.Static().ServeHTTP(w, r)
	return w
}

func TestStaticFilesKeepForEver(t *testing.T) {
	for _, name := range []string{"app.css", "app.js", "emblem.svg", "drum.svg", "fonts/be-vietnam-pro-vietnamese-700-normal.woff2"} {
		w := get(t, ui.Asset(name), "")
		if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Body.Len() == 0 {
			t.Errorf("%s: %d %v", name, w.Code, w.Header())
		}
	}
	if w := get(t, "/static/app.css", ""); w.Code != http.StatusNotFound {
		t.Errorf("without the hash: %d", w.Code)
	}
}

func TestStaticFilesGoPacked(t *testing.T) {
	plainBody := get(t, ui.Asset("app.css"), "").Body.String()
	w := get(t, ui.Asset("app.css"), "gzip, br")
	if w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() > 12_000 {
		t.Fatalf("%d bytes, %v", w.Body.Len(), w.Header())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil || string(body) != plainBody {
		t.Errorf("the packed sheet differs: %v", err)
	}
}

func TestStyleSheetNamesOnlyHashedFiles(t *testing.T) {
	css := get(t, ui.Asset("app.css"), "").Body.String()
	all := regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(css, -1)
	if len(all) < 6 {
		t.Fatalf("%d files named", len(all))
	}
	for _, m := range all {
		if w := get(t, m[1], ""); w.Code != http.StatusOK {
			t.Errorf("%s: %d", m[1], w.Code)
		}
	}
}

func TestScriptIsSmall(t *testing.T) {
	if n := get(t, ui.Asset("app.js"), "").Body.Len(); n > 4096 {
		t.Errorf("app.js has %d bytes", n)
	}
}
