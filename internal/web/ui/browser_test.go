package ui_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/nhanrong/nhanrong/internal/web/ui"
)

// policy is the content security policy that the pages are served under.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// tool is the path of a file that tools/vendor -test fetches; without it the test is
// skipped and says so.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "..", ".tools", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no %s: run go run ./tools/vendor -test", name)
	}
	return path
}

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

// browser starts the system's Chromium, or skips.
func browser(t *testing.T) context.Context {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("no chromium on this machine")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	return ctx
}

// look opens a page at a width and in a colour scheme.
func look(t *testing.T, ctx context.Context, url, scheme string, width int64) {
	t.Helper()
	view := chromedp.EmulateViewport(width, 900)
	if width < 500 {
		view = chromedp.EmulateViewport(width, 844, chromedp.EmulateMobile)
	}
	media := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
	if err := chromedp.Do(ctx, view, media, chromedp.Navigate(url)); err != nil {
		t.Fatal(err)
	}
}

// violation is one finding of axe.
type violation struct {
	ID    string
	Help  string
	Nodes []struct {
		HTML           string
		FailureSummary string
	}
}

func TestGalleryInABrowser(t *testing.T) {
	axe, err := os.ReadFile(tool(t, "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	site, ctx := serveGallery(t), browser(t)
	for name := range galleries() {
		for _, scheme := range []string{"light", "dark"} {
			for _, width := range []int64{390, 1280} {
				t.Run(fmt.Sprintf("%s/%s/%d", name, scheme, width), func(t *testing.T) {
					look(t, ctx, site.URL+"/"+name, scheme, width)
					checkWidth(t, ctx)
					checkAxe(t, ctx, string(axe))
					shoot(t, ctx, fmt.Sprintf("%s-%s-%d.png", name, scheme, width))
				})
			}
		}
	}
}

// checkWidth fails where the page scrolls sideways.
func checkWidth(t *testing.T, ctx context.Context) {
	t.Helper()
	over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - innerWidth`))
	if err != nil {
		t.Fatal(err)
	}
	if over > 0 {
		t.Errorf("the page is %d px too wide", over)
	}
}

func checkAxe(t *testing.T, ctx context.Context, axe string) {
	t.Helper()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[chromedp.Void](axe+";undefined")); err != nil {
		t.Fatal(err)
	}
	const script = `axe.run({runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r => JSON.stringify(r.violations))`
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	var found []violation
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		for _, n := range v.Nodes {
			t.Errorf("%s (%s): %s\n%s", v.ID, v.Help, n.HTML, n.FailureSummary)
		}
	}
}

// shoot keeps a picture where UI_SHOTS names a folder: for people to look at.
func shoot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("UI_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), png, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestGalleryIsValidForNu(t *testing.T) {
	jar := tool(t, "vnu.jar")
	if _, err := exec.LookPath("java"); err != nil {
		t.Skip("no java on this machine")
	}
	dir := t.TempDir()
	args := []string{"-jar", jar, "--stdout", "--format", "gnu"}
	for name, page := range galleries() {
		file := filepath.Join(dir, name+".html")
		if err := os.WriteFile(file, []byte(render(t, page)), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	out, err := exec.Command("java", args...).Output()
	for line := range strings.Lines(string(out)) {
		t.Error(strings.TrimSpace(line))
	}
	if err != nil && len(out) == 0 {
		t.Fatal(err)
	}
}

// TestNothingScrollsSideways also holds the reflow of WCAG 2.2 (1.4.10): 320 px.
func TestNothingScrollsSideways(t *testing.T) {
	site, ctx := serveGallery(t), browser(t)
	for name := range galleries() {
		for _, width := range []int64{320, 600, 768, 1024, 1920} {
			t.Run(fmt.Sprintf("%s/%d", name, width), func(t *testing.T) {
				look(t, ctx, site.URL+"/"+name, "light", width)
				checkWidth(t, ctx)
				shoot(t, ctx, fmt.Sprintf("%s-%d.png", name, width))
			})
		}
	}
}
