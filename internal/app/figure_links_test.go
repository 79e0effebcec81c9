package app_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
)

// TestEveryNumberOpensItsList follows every number of the figures page, on two days and
// for one ward, and finds as many records behind it as it says.
func TestEveryNumberOpensItsList(t *testing.T) {
	t.Parallel()
	alone(t)
	number := regexp.MustCompile(`<a href="(/admin/figures/[^"]+)">\s*([0-9.]+)\s*</a>`)
	pager := regexp.MustCompile(`(?s)<div class="pager">\s*<p>([^<]*)</p>`)
	total := regexp.MustCompile(`[0-9.]+`)
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		officer := apptest.As(t, apptest.Serve(t, h), "canbo")
		seen := map[string]string{}
		for _, page := range []string{"asOf=2024-09-30", "asOf=2024-10-16", "asOf=2024-10-16&unit=HN.HK.HBO", "asOf=2024-06-15"} {
			for _, link := range number.FindAllStringSubmatch(officer.Get("/admin/figures?movement=HK-2024&"+page).Body, -1) {
				seen[html.UnescapeString(link[1])] = link[2]
			}
		}
		if len(seen) < 300 {
			t.Errorf("only %d numbers open a list", len(seen))
		}
		for path, want := range seen {
			a := officer.Get(path)
			said := pager.FindStringSubmatch(a.Body)
			if a.Status != http.StatusOK || said == nil {
				t.Errorf("%s: %d, without a count", path, a.Status)
				continue
			}
			numbers := total.FindAllString(said[1], -1)
			if len(numbers) == 0 || strings.Trim(numbers[len(numbers)-1], ".") != want {
				t.Errorf("%s opens %q, and the figure is %s", path, said[1], want)
			}
		}
	})
}
