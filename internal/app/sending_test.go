package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// TestAPackageOnItsPages: made, downloaded, taken in, compared by its fingerprint; what the
// register holds itself is named, and the package is returned with a reason.
func TestAPackageOnItsPages(t *testing.T) {
	t.Parallel()
	h := apptest.Sample(t, db.SQLite)
	packageOnItsPages(t, h)
}

func packageOnItsPages(t *testing.T, h *app.House) {
	t.Helper()
	frozen, err := h.Reports.Freeze(t.Context(), h.System(), report.Query{Movement: "HK-2024", AsOf: apptest.Day("2024-09-30")})
	if err != nil {
		t.Fatal(err)
	}
	site := apptest.Serve(t, h)
	officer := apptest.As(t, site, "canbo")
	see := func(path string, words ...string) apptest.Answer {
		t.Helper()
		a := officer.Get(path)
		for _, w := range words {
			if a.Status != http.StatusOK || !strings.Contains(a.Body, w) {
				t.Errorf("%s: %d does not say %q", path, a.Status, w)
			}
		}
		return a
	}
	see("/admin/packages", "Chưa nhận gói nào")
	see("/admin/packages/keys", "Chưa có khóa")
	see("/admin/packages/sent/"+frozen.ID, "Tạo gói và ký")
	officer.Post("/admin/packages/sent/"+frozen.ID, url.Values{"sure": {"1"}})
	raw := see("/admin/packages/sent/"+frozen.ID+"/file", "PK\x03\x04").Body
	if a := officer.PostFiles("/admin/packages/upload", nil, apptest.Upload{Field: "file", Name: "x.zip", Content: []byte(raw[:len(raw)/2])}); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Gói bị cụt") {
		t.Errorf("half a package: %d", a.Status)
	}
	officer.PostFiles("/admin/packages/upload", nil, apptest.Upload{Field: "file", Name: "x.zip", Content: []byte(raw)})
	all, err := h.Parcels.Inbox(t.Context(), h.System())
	if err != nil || len(all) != 1 {
		t.Fatalf("taken in: %+v, %v", all, err)
	}
	page := "/admin/packages/received/" + all[0].ID
	see(page, "chưa được đối chiếu", "đã có ở đây")
	if a := officer.Post(page+"/key", url.Values{"fingerprint": {"11111 22222"}, "toldBy": {"Chị Lan"}}); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "11111 22222") {
		t.Errorf("a wrong fingerprint: %d", a.Status)
	}
	officer.Post(page+"/key", url.Values{"fingerprint": {all[0].Key.Fingerprint()}, "toldBy": {"Chị Lan"}})
	see("/admin/packages/keys", "Chị Lan", all[0].Key.Fingerprint())
	into := url.Values{"into": {"HK-2024|1"}}
	see(page+"/accept", "Cộng vào")
	if a := officer.Post(page+"/accept", into); a.Status != http.StatusOK && a.Status != http.StatusUnprocessableEntity {
		t.Errorf("the question: %d", a.Status)
	}
	officer.Post(page+"/return", url.Values{"reason": {"Các mô hình đã có trong danh mục."}})
	see(page, "Các mô hình đã có trong danh mục.")
	see("/admin/packages/summary?movement=HK-2024&asOf=2024-09-30", "chưa có gói được nhận")
	see("/admin/packages/summary/file?movement=HK-2024&asOf=2024-09-30", "PK\x03\x04")
	see("/admin/packages/expected?movement=HK-2024&asOf=2024-09-30", "Hạn gửi")
}
