package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// TestPapersCarryTheLetterheadOfTheirDay sets a letterhead on its page, from before a
// registration on and from after it, and reads the paper of the registration.
func TestPapersCarryTheLetterheadOfTheirDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTwoWards(t, d)
		admin := apptest.As(t, w.site, "quantri")
		tree, err := w.Org.Current(t.Context())
		w.Must(err)
		unit, _ := tree.Unit(w.entry.Unit)
		page := "/admin/units/" + unit.Code + "/letterhead"
		head := func(from, track, own string) url.Values {
			return url.Values{"from": {from}, "track": {track}, "own": {own}, "place": {"Phường Hai"}, "signing": {"KT"}, "for": {"Chủ tịch"}, "title": {"Phó Chủ tịch"}}
		}
		on := w.entry.Standing.Acts[0].On
		for _, v := range []url.Values{head(on.String(), "party", "Đảng ủy của ngày ấy"), head((on + 1).String(), "state", "Tên của ngày sau")} {
			if a := admin.Post(page, v); a.Location != page {
				t.Fatalf("it is not set: %d %s", a.Status, a.Body)
			}
		}
		paper := admin.Get("/admin/forms/" + w.entry.Code).Body
		for _, want := range []string{"Đảng ủy của ngày ấy", "ĐẢNG CỘNG SẢN VIỆT NAM", "Phường Hai, ngày"} {
			if !strings.Contains(paper, want) {
				t.Errorf("the paper does not say %q", want)
			}
		}
		if strings.Contains(paper, "Tên của ngày sau") || strings.Contains(paper, "CỘNG HÒA XÃ HỘI") {
			t.Error("the paper of an earlier day carries a later letterhead")
		}
		if a := admin.Get(page).Body; !strings.Contains(a, "Đảng ủy của ngày ấy") || !strings.Contains(a, "Tên của ngày sau") {
			t.Error("the page does not show the history")
		}
		stale := head(on.String(), "state", "Tên gõ sau")
		stale.Set("version", "0") // from a form that was opened before anything was set
		if a := admin.Post(page, stale); a.Status != http.StatusConflict || !strings.Contains(a.Body, "Tên gõ sau") || !strings.Contains(a.Body, "Phần người khác đã lưu") {
			t.Errorf("what was changed meanwhile: %d", a.Status)
		}
		if a := admin.Post(page, head("", "nothing", "Tên đã gõ")); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Tên đã gõ") {
			t.Errorf("what is wrong: %d, or what was typed is lost", a.Status)
		}
		if a := apptest.As(t, w.site, "canbo1").Get(page); a.Status != http.StatusNotFound {
			t.Errorf("the officer of the other ward: %d", a.Status)
		}
	})
}
