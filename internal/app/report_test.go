package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
)

// TestReportsAsFiles: the page offers the report in three forms, each comes as a file of
// what it says it is, and says what is still open on it.
func TestReportsAsFiles(t *testing.T) {
	t.Parallel()
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		site := apptest.Serve(t, h)
		officer, visitor := apptest.As(t, site, "canbo"), apptest.Visitor(t, site)
		page := officer.Get("/admin/reports?movement=HK-2024&asOf=2024-10-15&list=1&profile=party&on=2024-10-20")
		for _, words := range []string{"Còn trống: 9 mục", "số, ký hiệu văn bản", "Hướng dẫn 36-HD/VPTW", "Chưa đối chiếu với văn bản gốc."} {
			if !strings.Contains(page.Body, words) {
				t.Errorf("the page does not say %q", words)
			}
		}
		for format, begins := range map[string]string{"docx": "PK\x03\x04", "xlsx": "PK\x03\x04", "pdf": "%PDF-1."} {
			path := "/admin/reports/file?movement=HK-2024&asOf=2024-10-15&profile=party&format=" + format
			a := officer.Get(path)
			if a.Status != http.StatusOK || !strings.HasPrefix(a.Body, begins) || !strings.Contains(a.Header.Get("Content-Disposition"), "."+format) {
				t.Errorf("%s: %d %s %.8q", format, a.Status, a.Header.Get("Content-Disposition"), a.Body)
			}
			if a := visitor.Get(path); strings.HasPrefix(a.Body, begins) {
				t.Errorf("a visitor got the report as %s", format)
			}
		}
		for _, bad := range []string{"format=exe", "profile=army", "asOf=never", "asOf=2024-10-15&unit=nope"} {
			if a := officer.Get("/admin/reports/file?movement=HK-2024&" + bad); a.Status < 400 || a.Status > 499 {
				t.Errorf("%s: %d", bad, a.Status)
			}
		}
		if a := officer.Get("/admin/reports/file?movement=nope"); a.Status != http.StatusNotFound {
			t.Errorf("a movement that there is not: %d", a.Status)
		}
	})
}
