package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
)

// TestAPaperOnItsPage: what is open is named, what the office says is kept, a number is taken
// once, and the file comes as what it says it is.
func TestAPaperOnItsPage(t *testing.T) {
	t.Parallel()
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		site := apptest.Serve(t, h)
		officer, reporter := apptest.As(t, site, "canbo"), apptest.As(t, site, "phuong")
		const at = "/admin/papers/plan/" + sample.Movement
		page := officer.Get(at)
		for _, words := range []string{"Còn trống", "mục đích", "Hãy ghi ngày văn bản trước", "Mẫu của chương trình"} {
			if !strings.Contains(page.Body, words) {
				t.Errorf("the page does not say %q", words)
			}
		}
		form := url.Values{"version": {"0"}, "dated": {"2024-01-10"}, "recipients": {"Như trên\n- Các phường;"}, "muc_dich": {"Huy động sức dân."}, "unit": {sample.CodeDistrict}}
		bad := url.Values{"version": {"0"}, "number": {"KH-15"}, "muc_dich": {"Không được mất."}}
		if a := officer.Post(at, bad); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Không được mất.") || !strings.Contains(a.Body, "bắt đầu bằng chữ số") {
			t.Errorf("a bad number: %d", a.Status)
		}
		if a := officer.Post(at, form); a.Status != http.StatusSeeOther {
			t.Fatalf("saved: %d %s", a.Status, a.Body)
		}
		if a := officer.Post(at, form); a.Status != http.StatusConflict || !strings.Contains(a.Body, "Người khác đã lưu") {
			t.Errorf("saved over another's: %d", a.Status)
		}
		if a := reporter.Post(at, form); a.Status != http.StatusForbidden {
			t.Errorf("saved by a reporter: %d", a.Status)
		}
		if err := h.Papers.SetOffice(t.Context(), h.System(), sample.CodeDistrict, paper.Office{From: apptest.Day("2024-01-01"), Letters: "UBND"}); err != nil {
			t.Fatal(err)
		}
		if page := officer.Get(at); !strings.Contains(page.Body, "Lấy số 01/KH-UBND") {
			t.Error("the number is not offered")
		}
		for range 2 { // the second time nothing happens
			if a := officer.Post(at+"/number", url.Values{"version": {"1"}}); a.Status != http.StatusSeeOther {
				t.Fatalf("a number: %d %s", a.Status, a.Body)
			}
		}
		if page := officer.Get(at); !strings.Contains(page.Body, "01/KH-UBND (lấy tự động)") {
			t.Error("the number is not on the page")
		}
		for format, begins := range map[string]string{"docx": "PK\x03\x04", "pdf": "%PDF-1."} {
			a := officer.Get(at + "/file?format=" + format)
			if format == "pdf" && a.Status == http.StatusUnprocessableEntity && strings.Contains(a.Body, "LibreOffice") {
				continue // nothing is installed here that writes pages
			}
			if a.Status != http.StatusOK || !strings.HasPrefix(a.Body, begins) {
				t.Errorf("%s: %d %.60q", format, a.Status, a.Body)
			}
		}
		for _, wrong := range []string{"/admin/papers/poem/HK-2024", "/admin/papers/plan/nope", "/admin/papers/visit_sheet/nope?part=x", "/admin/papers/final_report/HK-2024?part=never"} {
			if a := officer.Get(wrong); a.Status != http.StatusNotFound {
				t.Errorf("%s: %d", wrong, a.Status)
			}
		}
		if a := officer.Get(at + "/file?format=exe"); a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusBadRequest {
			t.Errorf("a format that there is not: %d", a.Status)
		}
	})
}

// TestAnOfficesTemplateOnItsPages goes from the upload to the paper and back to the shipped one.
func TestAnOfficesTemplateOnItsPages(t *testing.T) {
	t.Parallel()
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		site := apptest.Serve(t, h)
		officer := apptest.As(t, site, "canbo")
		const of = "/admin/templates/of/plan?unit=" + sample.CodeDistrict
		layout, err := rulebook.LayoutOn(rulebook.StateProfile, apptest.Day("2024-10-15"))
		if err != nil {
			t.Fatal(err)
		}
		content, err := paper.Shipped(paper.Plan, layout)
		if err != nil {
			t.Fatal(err)
		}
		state := url.Values{"profile": {"state"}}
		if a := officer.PostFiles(of, state, apptest.Upload{Field: "file", Name: "Mẫu.docx", Content: []byte("{{phong_trao}}")}); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "không phải là văn bản Word") {
			t.Errorf("a text as a template: %d", a.Status)
		}
		a := officer.PostFiles(of, state, apptest.Upload{Field: "file", Name: "Mẫu.docx", Content: content})
		if a.Status != http.StatusSeeOther {
			t.Fatalf("put up: %d %s", a.Status, a.Body)
		}
		version := a.Location
		page := officer.Get(version)
		if !strings.Contains(page.Body, "Thử trên một bản ghi") || strings.Contains(page.Body, "Bật mẫu này") {
			t.Error("it can be switched on before it was tried")
		}
		if a := officer.Post(version+"/on", url.Values{}); a.Status != http.StatusSeeOther || !strings.Contains(officer.Get(version).Body, "Hãy thử mẫu") {
			t.Errorf("switched on untried: %d", a.Status)
		}
		if a := officer.Post(version, url.Values{"about": {"nope|"}}); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("tried on nothing: %d", a.Status)
		}
		a = officer.Post(version, url.Values{"about": {sample.Movement + "|"}})
		if a.Status != http.StatusSeeOther {
			t.Fatalf("tried: %d %s", a.Status, a.Body)
		}
		page = officer.Get(a.Location)
		trial := regexp.MustCompile(`href="(/admin/templates/[^"]*/trial[^"]*)"`).FindStringSubmatch(page.Body)
		if len(trial) == 0 || !strings.Contains(page.Body, "Còn trống") {
			t.Fatalf("the trial is not shown")
		}
		if a := officer.Get(strings.ReplaceAll(trial[1], "&amp;", "&")); !strings.HasPrefix(a.Body, "PK") {
			t.Errorf("the paper of the trial: %d", a.Status)
		}
		if a := officer.Post(version+"/on", url.Values{}); a.Status != http.StatusSeeOther {
			t.Errorf("switched on: %d", a.Status)
		}
		if page := officer.Get(version); !strings.Contains(page.Body, "Đang dùng") || !strings.Contains(page.Body, "Dùng lại mẫu của chương trình") {
			t.Error("it is not on")
		}
		if _, err := h.Papers.Save(t.Context(), h.System(), paper.About{Kind: paper.Plan, ID: sample.Movement}, 0, paper.SheetInput{Unit: sample.CodeDistrict}); err != nil {
			t.Fatal(err)
		}
		if page := officer.Get("/admin/papers/plan/" + sample.Movement); !strings.Contains(page.Body, "Mẫu riêng, bản 1") {
			t.Error("the paper is not made of it")
		}
		if a := officer.Post(version+"/off", url.Values{}); a.Status != http.StatusSeeOther {
			t.Errorf("switched off: %d", a.Status)
		}
		for _, file := range []string{version + "/file", "/admin/templates/of/plan/file?unit=" + sample.CodeDistrict, "/admin/templates/of/plan/file?shipped=1&profile=party&unit=" + sample.CodeDistrict} {
			if a := officer.Get(file); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "PK") {
				t.Errorf("%s: %d", file, a.Status)
			}
		}
		const numbers = "/admin/numbers?unit=" + sample.CodeDistrict
		if a := officer.Post(numbers, url.Values{"from": {""}, "letters": {""}}); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("letters that are none: %d", a.Status)
		}
		if a := officer.Post(numbers, url.Values{"from": {"2024-01-01"}, "letters": {"UBND"}}); a.Status != http.StatusSeeOther || !strings.Contains(officer.Get(numbers).Body, "UBND") {
			t.Errorf("letters: %d", a.Status)
		}
	})
}
