package app_test

import (
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

// TestEveryNumberOfADashboardOpensItsList follows every number of the tables and every mark
// of the drawings, for several figures, and finds as many records behind it as it says.
func TestEveryNumberOfADashboardOpensItsList(t *testing.T) {
	t.Parallel()
	alone(t)
	number := regexp.MustCompile(`<a href="(/admin/figures/[^"]+)">\s*([0-9.]+)\s*</a>`)
	mark := regexp.MustCompile(`<a href="(/admin/figures/[^"]+)" class="[^"]+">\s*<title>[^<]*: ([0-9.]+)</title>`)
	without := regexp.MustCompile(`<a href="(/admin/dashboard/units[^"]+)">\s*([0-9.]+)\s*</a>`)
	pager := regexp.MustCompile(`(?s)<div class="pager">\s*<p>([^<]*)</p>`)
	total := regexp.MustCompile(`[0-9.]+`)
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		officer := apptest.As(t, apptest.Serve(t, h), "canbo")
		seen, silent, marks := map[string]string{}, map[string]string{}, 0
		for _, page := range []string{"figure=registered&asOf=2024-06-15", "figure=recognised&asOf=2024-10-16&unit=HN.HK", "figure=adoptions&asOf=2024-10-16", "figure=found&asOf=2024-10-16&pace=week"} {
			body := officer.Get("/admin/dashboard?movement=HK-2024&" + page).Body
			for _, link := range number.FindAllStringSubmatch(body, -1) {
				seen[html.UnescapeString(link[1])] = link[2]
			}
			for _, link := range mark.FindAllStringSubmatch(body, -1) {
				marks++
				if path := html.UnescapeString(link[1]); seen[path] != link[2] {
					t.Errorf("%s is drawn as %s, and the table says %q", path, link[2], seen[path])
				}
			}
			for _, link := range without.FindAllStringSubmatch(body, -1) {
				silent[html.UnescapeString(link[1])] = link[2]
			}
		}
		if len(seen) < 60 || len(silent) < 4 || marks < 100 {
			t.Errorf("%d numbers, %d lists of units, %d marks", len(seen), len(silent), marks)
		}
		for path, want := range seen {
			a := officer.Get(path)
			said := pager.FindStringSubmatch(a.Body)
			if want == "0" && a.Status == http.StatusOK {
				if said != nil && !strings.Contains(said[1], "0") {
					t.Errorf("%s opens %q, and the figure is 0", path, said[1])
				}
				continue
			}
			if a.Status != http.StatusOK || said == nil {
				t.Errorf("%s: %d, without a count", path, a.Status)
				continue
			}
			numbers := total.FindAllString(said[1], -1)
			if len(numbers) == 0 || strings.Trim(numbers[len(numbers)-1], ".") != want {
				t.Errorf("%s opens %q, and the figure is %s", path, said[1], want)
			}
		}
		for path, want := range silent {
			body := officer.Get(path).Body
			if got := strings.Count(body, "<th scope=\"row\""); strconv.Itoa(got) != want {
				t.Errorf("%s lists %d units, and the figure is %s", path, got, want)
			}
		}
	})
}

// TestADashboardInABrowser looks at the drawings: words stand apart and within, one sheet of
// paper holds them, and their marks are reached by keyboard.
func TestADashboardInABrowser(t *testing.T) {
	browsertest.Need(t)
	t.Parallel()
	site := apptest.Serve(t, apptest.Sample(t, db.SQLite))
	b := browsertest.Open(t)
	officer := apptest.As(t, site, "canbo")
	for _, lang := range []string{"vi", "en"} {
		officer.Speak(lang)
		b.Cookies(t, officer.Jar(), site.URL)
		for _, width := range browsertest.Widths() {
			b.Look(t, site.URL+"/admin/dashboard?movement=HK-2024&asOf=2024-10-16", width, "dashboard-"+lang)
			wrong := browsertest.Value[string](t, b, `(() => {
				const wrong = []
				for (const svg of document.querySelectorAll('.chart svg.drawn')) {
					if (!svg.checkVisibility()) continue
					const all = [...svg.querySelectorAll('text')].map((e) => [e, e.getBoundingClientRect()])
					const edge = svg.getBoundingClientRect()
					for (const [i, [e, r]] of all.entries()) {
						if (r.left < edge.left - 1 || r.right > edge.right + 1 || r.top < edge.top - 1 || r.bottom > edge.bottom + 3) wrong.push('outside: ' + e.textContent)
						const box = e.parentNode.querySelector?.(':scope > rect')?.getBoundingClientRect()
						if (box && (r.left < box.left - 1 || r.right > box.right + 1)) wrong.push('beyond its mark: ' + e.textContent)
						for (const [o, q] of all.slice(0, i)) if (r.left < q.right - 1 && q.left < r.right - 1 && r.top < q.bottom - 3 && q.top < r.bottom - 3) wrong.push('meets: ' + e.textContent + ' / ' + o.textContent)
						if (parseFloat(getComputedStyle(e).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width < 11) wrong.push('too small: ' + e.textContent)
					}
				}
				return wrong.slice(0, 20).join('\n')
			})()`)
			if wrong != "" {
				t.Errorf("%s at %d: %s", lang, width, wrong)
			}
			reached := browsertest.Value[int](t, b, `[...document.querySelectorAll('.chart a')].filter((a) => a.checkVisibility() && (a.focus(), document.activeElement === a) && a.querySelector('title').textContent).length`)
			if all := browsertest.Value[int](t, b, `[...document.querySelectorAll('.chart a')].filter((a) => a.checkVisibility()).length`); reached != all || all < 40 {
				t.Errorf("%d of %d marks are reached", reached, all)
			}
		}
		if n := b.Sheets(t); n != 1 {
			t.Errorf("%s: the dashboard prints on %d sheets", lang, n)
		}
	}
}

// TestTheProjectorInABrowser goes through the pages by key, without a network once they are
// loaded, and holds every page to the screen of a projector.
func TestTheProjectorInABrowser(t *testing.T) {
	browsertest.Need(t)
	t.Parallel()
	h := apptest.Sample(t, db.SQLite)
	meeting, _ := sampleConference(t, h)
	server := apptest.Serve(t, h)
	at := server.URL + "/admin/conferences/" + meeting.ID
	b := browsertest.Open(t)
	officer := apptest.As(t, server, "canbo")
	for _, lang := range []string{"vi", "en"} {
		officer.Speak(lang)
		b.Cookies(t, officer.Jar(), server.URL)
		for _, width := range []int64{390, 1280, 1920} {
			for _, page := range []string{"/projector", "/projector#p1", "/announcer#p2", "/call", "/seating"} {
				b.Go(t, at+"/call", width)
				b.Look(t, at+page, width, "ceremony"+strings.NewReplacer("/", "-", "#", "-").Replace(page)+"-"+lang)
			}
		}
	}
	b.Go(t, at+"/projector#p3", 1280)
	b.Until(t, `document.readyState === 'complete' && [...document.images].every((i) => i.complete && i.naturalWidth > 0)`)
	const shown = `[...document.querySelectorAll('.slide')].filter((s) => s.checkVisibility()).map((s) => s.id).join()`
	if got := browsertest.Value[string](t, b, shown); got != "p3" {
		t.Errorf("the address of the third page shows %s", got)
	}
	last := "p" + strconv.Itoa(browsertest.Value[int](t, b, `document.querySelectorAll('.slide').length - 1`))
	server.CloseClientConnections()
	server.Close()
	for _, step := range []struct{ key, want string }{
		{"\u0304", "p4"}, {" ", "p5"}, {"\u0302", "p4"}, {"\u0308", "p5"}, {"\u0306", "p0"}, {"\u0302", "p0"}, {"\u0305", last}, {"\u0304", last},
	} {
		press := map[string]string{"\u0304": "ArrowRight", "\u0302": "ArrowLeft", "\u0308": "PageDown", "\u0306": "Home", "\u0305": "End", " ": " "}[step.key]
		browsertest.Value[bool](t, b, `dispatchEvent(new KeyboardEvent('keydown', {key: '`+press+`', bubbles: true, cancelable: true})) || true`)
		b.Until(t, shown+` === '`+step.want+`'`)
	}
	const tooLarge = `[...document.querySelectorAll('.slide')].filter((s) => { location.replace('#' + s.id); return document.documentElement.scrollHeight > innerHeight + 1 || s.querySelector('.leaf-words').getBoundingClientRect().bottom > s.querySelector('.leaf').getBoundingClientRect().top }).map((s) => s.id).join()`
	if over := browsertest.Value[string](t, b, tooLarge); over != "" {
		t.Errorf("pages that do not fit on a screen: %s", over)
	}
}
