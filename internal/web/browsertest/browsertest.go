// Package browsertest looks at pages with a real Chromium, with axe and with the Nu
// validator: what every page of every face is held to. Where a tool is missing the test
// is skipped and says so; "make test" installs them all.
package browsertest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Tool is the path of a file that tools/vendor -test fetches; without it the test is
// skipped and says so.
func Tool(tb testing.TB, name string) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	path := filepath.Join(dir, ".tools", name)
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("no %s: run go run ./tools/vendor -test", name)
	}
	return path
}

// Browser is a running Chromium.
type Browser struct {
	tb  testing.TB
	ctx context.Context //nolint:containedctx // it is the browser
	axe string
}

// Open starts the system's Chromium, or skips.
func Open(tb testing.TB) *Browser {
	tb.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		tb.Skip("no chromium on this machine: run make setup")
	}
	axe, err := os.ReadFile(Tool(tb, "axe.min.js"))
	if err != nil {
		tb.Fatal(err)
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(tb.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), options...)
	tb.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	tb.Cleanup(cancel)
	return &Browser{tb: tb, ctx: ctx, axe: string(axe)}
}

// View is how a page is looked at.
type View struct {
	Scheme string // "light" or "dark"
	Width  int64  // below 500 it is a phone
}

// String names the view in files and tests.
func (v View) String() string { return v.Scheme + "-" + strconv.FormatInt(v.Width, 10) }

// Views are the four in which every page must be in order.
func Views() []View { return []View{{"light", 1280}, {"dark", 390}, {"dark", 1280}, {"light", 390}} }

// Look opens a page and holds it to its width and to axe (WCAG 2.2 AA).
func (b *Browser) Look(tb testing.TB, address string, v View) {
	tb.Helper()
	b.open(tb, address, v)
	over, err := chromedp.Run(b.ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - innerWidth`))
	if err != nil {
		tb.Fatal(err)
	}
	if over > 0 {
		tb.Errorf("the page is %d px too wide", over)
	}
	b.checkAxe(tb)
}

func (b *Browser) open(tb testing.TB, address string, v View) {
	tb.Helper()
	view := chromedp.EmulateViewport(v.Width, 900)
	if v.Width < 500 {
		view = chromedp.EmulateViewport(v.Width, 844, chromedp.EmulateMobile)
	}
	media := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.Scheme}},
		})
		return err
	})
	if err := chromedp.Do(b.ctx, view, media, chromedp.Navigate(address)); err != nil {
		tb.Fatal(err)
	}
}

// Cookies gives the browser the cookies that a client holds for a site.
func (b *Browser) Cookies(tb testing.TB, jar http.CookieJar, site string) {
	tb.Helper()
	at, err := url.Parse(site)
	if err != nil {
		tb.Fatal(err)
	}
	forget := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.ClearBrowserCookies, cdp.Empty{})
		return err
	})
	if err := chromedp.Do(b.ctx, forget); err != nil {
		tb.Fatal(err)
	}
	for _, c := range jar.Cookies(at) {
		set := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: site})
			return err
		})
		if err := chromedp.Do(b.ctx, set); err != nil {
			tb.Fatal(err)
		}
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

func (b *Browser) checkAxe(tb testing.TB) {
	tb.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[chromedp.Void](b.axe+";undefined")); err != nil {
		tb.Fatal(err)
	}
	const script = `axe.run({runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r => JSON.stringify(r.violations))`
	raw, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		tb.Fatal(err)
	}
	var found []violation
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		tb.Fatal(err)
	}
	for _, v := range found {
		for _, n := range v.Nodes {
			tb.Errorf("%s (%s): %s\n%s", v.ID, v.Help, n.HTML, n.FailureSummary)
		}
	}
}

// Shoot keeps a picture where PAGE_SHOTS names a folder: for people to look at.
func (b *Browser) Shoot(tb testing.TB, name string) {
	tb.Helper()
	dir := os.Getenv("PAGE_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil { //nolint:gosec // the folder is the developer's own
		tb.Fatal(err)
	}
}

// Nu holds pages, given by name, to the Nu validator of HTML.
func Nu(tb testing.TB, pages map[string]string) {
	tb.Helper()
	jar := Tool(tb, "vnu.jar")
	if _, err := exec.LookPath("java"); err != nil {
		tb.Skip("no java on this machine: run make setup")
	}
	dir := tb.TempDir()
	args := []string{"-jar", jar, "--stdout", "--format", "gnu"}
	for name, page := range pages {
		file := filepath.Join(dir, name+".html")
		if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
			tb.Fatal(err)
		}
		args = append(args, file)
	}
	out, err := exec.CommandContext(tb.Context(), "java", args...).Output() //nolint:gosec // a fixed program over files of the test
	for line := range strings.Lines(string(out)) {
		tb.Error(strings.TrimSpace(line))
	}
	if err != nil && len(out) == 0 {
		tb.Fatal(err)
	}
}
