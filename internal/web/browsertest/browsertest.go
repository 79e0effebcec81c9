// Package browsertest looks at pages with a real Chromium, with axe and with the Nu
// validator: what every page of every face is held to. Where a tool is missing the test
// is skipped and says so; "make test" installs them all and lets no test be skipped.
package browsertest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// missing skips the test and says why, or fails it where NHANRONG_TEST_ALL is set.
func missing(tb testing.TB, what string) {
	tb.Helper()
	if os.Getenv("NHANRONG_TEST_ALL") != "" {
		tb.Fatal("this machine has no " + what)
	}
	tb.Skip("this machine has no " + what)
}

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
		missing(tb, name+": run go run ./tools/vendor -test")
	}
	return path
}

// Browser is a running Chromium.
type Browser struct {
	tb  testing.TB
	ctx context.Context //nolint:containedctx // it is the browser
	axe string
}

// Need skips a test where there is no browser, before it goes to the trouble of a house.
func Need(tb testing.TB) {
	tb.Helper()
	if testing.Short() {
		tb.Skip("a browser takes minutes and shows no races: make test and make e2e look at the pages")
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		missing(tb, "chromium: run make setup")
	}
}

// Open starts the system's Chromium, or skips.
func Open(tb testing.TB) *Browser {
	tb.Helper()
	Need(tb)
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

// Widths are those at which every page must be in order: a desk's and a phone's.
func Widths() []int64 { return []int64{1280, 390} }

// Go opens a page at a width; below 500 px it is a phone.
func (b *Browser) Go(tb testing.TB, address string, width int64) {
	tb.Helper()
	view := chromedp.EmulateViewport(width, 900)
	if width < 500 {
		view = chromedp.EmulateViewport(width, 844, chromedp.EmulateMobile)
	}
	if err := chromedp.Do(b.ctx, view, scheme("light"), chromedp.Navigate(address)); err != nil {
		tb.Fatal(err)
	}
}

// Value is what an expression gives in the page.
func Value[T any](tb testing.TB, b *Browser, expression string) T {
	tb.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		tb.Fatalf("%.200s: %v", expression, err)
	}
	return v
}

// Kill lets the open page die as a tab that crashes does, without a word to it, and goes on in
// another tab of the same browser.
func (b *Browser) Kill(tb testing.TB) {
	tb.Helper()
	limit, done := context.WithTimeout(b.ctx, time.Second)
	defer done()
	crash := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.Crash, cdp.Empty{})
		return err
	})
	if err := chromedp.Do(limit, crash); err == nil {
		tb.Error("the tab answers after it was killed")
	}
	next, cancel := chromedp.NewContext(b.ctx)
	tb.Cleanup(cancel)
	b.ctx = next
}

// Keys types keys, one after the other, where the page's focus is.
func (b *Browser) Keys(tb testing.TB, keys ...string) {
	tb.Helper()
	for _, key := range keys {
		if err := chromedp.Do(b.ctx, chromedp.KeyEvent(key)); err != nil {
			tb.Fatal(err)
		}
	}
}

// Until waits for a condition in the page to hold, up to ten seconds.
func (b *Browser) Until(tb testing.TB, condition string) {
	tb.Helper()
	const wait = `new Promise((ok) => { let n = 0; const look = () => (%) ? ok(true) : ++n > 500 ? ok(false) : setTimeout(look, 20); look() })`
	var err error
	for range 20 { // a page that is left while it is looked at gives no answer: the next one does
		var held bool
		held, err = chromedp.Run(b.ctx, chromedp.Evaluate[bool](strings.Replace(wait, "%", condition, 1), chromedp.EvalAwaitPromise))
		if err == nil && !held {
			tb.Fatalf("it never comes to %s", condition)
		}
		if err == nil {
			return
		}
	}
	tb.Fatalf("looking for %s: %v", condition, err)
}

// Sheets is on how many sheets of A4 the page prints.
func (b *Browser) Sheets(tb testing.TB) int {
	tb.Helper()
	var pdf []byte
	printing := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		const width, height = 8.27, 11.69 // inches
		byCSS := true
		got, err := cdp.Call(ctx, target, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: width, PaperHeight: height, PreferCSSPageSize: &byCSS})
		pdf = got.Data
		return err
	})
	if err := chromedp.Do(b.ctx, printing); err != nil {
		tb.Fatal(err)
	}
	return len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(pdf, -1))
}

// Fits fails where the page scrolls sideways.
func (b *Browser) Fits(tb testing.TB) {
	tb.Helper()
	if over := Value[int](tb, b, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		tb.Errorf("the page is %d px too wide", over)
	}
}

// Look opens a page at a width and holds it to that width and, light and dark, to axe
// (WCAG 2.2 AA). Pictures are kept under the name where PAGE_SHOTS says so.
func (b *Browser) Look(tb testing.TB, address string, width int64, name string) {
	tb.Helper()
	b.Go(tb, address, width)
	b.LookHere(tb, width, name)
}

// LookHere is [Browser.Look] at the page that is open, as after a form was sent.
func (b *Browser) LookHere(tb testing.TB, width int64, name string) {
	tb.Helper()
	b.Fits(tb)
	if n := Value[int](tb, b, `[...document.querySelectorAll('dialog:not([open])')].filter((d) => d.checkVisibility()).length`); n > 0 {
		tb.Errorf("%d dialogues are shown that are closed", n)
	}
	Value[bool](tb, b, b.axe+";true")
	for _, light := range []string{"light", "dark"} {
		if err := chromedp.Do(b.ctx, scheme(light)); err != nil {
			tb.Fatal(err)
		}
		b.checkAxe(tb, light, axeRules(light))
		b.shoot(tb, name+"-"+light+"-"+strconv.FormatInt(width, 10))
	}
}

// scheme makes the browser prefer light or dark pages, which then change at once.
func scheme(prefer string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: prefer}, {Name: "prefers-reduced-motion", Value: "reduce"}},
		})
		return err
	})
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

// axeRules are the rules a page is held to: all when it is light; when it is dark, the
// same page in other colours, those about colours.
func axeRules(light string) string {
	if light == "dark" {
		return `{type: 'rule', values: ['color-contrast', 'link-in-text-block']}`
	}
	return `['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']`
}

func (b *Browser) checkAxe(tb testing.TB, light, rules string) {
	tb.Helper()
	script := `axe.run({resultTypes: ['violations'], runOnly: ` + rules + `}).then((r) => JSON.stringify(r.violations))`
	var found []violation
	if err := json.Unmarshal([]byte(Value[string](tb, b, script)), &found); err != nil {
		tb.Fatal(err)
	}
	for _, v := range found {
		for _, n := range v.Nodes {
			tb.Errorf("%s: %s (%s): %s\n%s", light, v.ID, v.Help, n.HTML, n.FailureSummary)
		}
	}
}

// shoot keeps a picture where PAGE_SHOTS names a folder: for people to look at.
func (b *Browser) shoot(tb testing.TB, name string) {
	tb.Helper()
	dir := os.Getenv("PAGE_SHOTS")
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o750); err != nil { //nolint:gosec // the folder is the developer's own
		tb.Fatal(err)
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
		missing(tb, "java: run make setup")
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
