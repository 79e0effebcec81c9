package admin_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestAViewOfTheRegisterIsSavedOpenedDeletedAndRestored(t *testing.T) {
	each(t, func(s *site) {
		s.entry("HK.A.1", "Nuôi tôm lúa")
		s.entry("HK.B.1", "Bữa cơm nghĩa tình")
		who := s.as("canbo")
		who.post("/admin/views/new", "back", "/admin/entries?q=tom", "name", "").wants(http.StatusUnprocessableEntity)
		a := who.post("/admin/views/new", "back", "/admin/entries?q=tom", "name", "Nuôi trồng", "shared", "1", "first", "1").wants(http.StatusSeeOther)
		at := a.at
		current := regexp.MustCompile(`aria-current="[a-z]+"[^>]*>\s*Nuôi trồng`)
		if page := who.get(at).wants(http.StatusOK).has("Đã lưu cách xem", "Nuôi tôm lúa", "Nuôi trồng").lacks("Bữa cơm nghĩa tình"); !current.MatchString(page.body) {
			t.Error("the view that is shown is not the current one")
		}
		if page := who.get(at + "&tab=waiting").wants(http.StatusOK).has("Nuôi trồng"); current.MatchString(page.body) {
			t.Error("a view that was narrowed further is the current one still")
		}
		if got := who.get("/admin/entries").wants(http.StatusSeeOther).at; got != at {
			t.Errorf("the register opens with %s, not %s", got, at)
		}
		who.get("/admin/entries?tab=waiting").has("Bữa cơm nghĩa tình", "tab=waiting&amp;view=all")
		who.get("/admin/entries?view=all").has("Bữa cơm nghĩa tình", `href="/admin/entries?view=all"`)
		id := regexp.MustCompile(`view=([^&]+)`).FindStringSubmatch(at)[1]
		s.as("phuong").get("/admin/views/" + id).wants(http.StatusNotFound)
		who.post("/admin/views/"+id, "name", "Tôm", "version", "7", "shared", "1").wants(http.StatusConflict)
		who.post("/admin/views/"+id, "name", "Tôm", "version", "0", "shared", "1").wants(http.StatusSeeOther)
		who.post("/admin/views/" + id + "/remove").wants(http.StatusSeeOther)
		page := who.get("/admin/views").wants(http.StatusOK).has("Hoàn tác", "Đã xóa cách xem “Tôm”", "Đã xóa trong 7 ngày qua")
		if !strings.Contains(page.body, "/admin/views/"+id+"/restore") {
			t.Error("the note does not lead to having it back")
		}
		who.get("/admin/entries").wants(http.StatusOK)
		who.get("/admin/views/" + id + "/restore").wants(http.StatusOK).has("Tôm")
		who.post("/admin/views/"+id+"/restore", "sure", "1").wants(http.StatusSeeOther)
		who.get("/admin/entries").wants(http.StatusOK).has("Tôm", "Sửa, xóa cách xem")
	})
}

func TestTheColumnsOfTheRegisterAreChosenOrderedSavedAndDownloaded(t *testing.T) {
	each(t, func(s *site) {
		one := s.entry("HK.A.1", "Nuôi tôm lúa")
		s.entry("HK.B.1", "Bữa cơm nghĩa tình")
		who := s.as("canbo")
		heads := func(a reply) string {
			var all []string
			for _, m := range regexp.MustCompile(`<th [^>]*scope="col"[^>]*>(?:<a[^>]*>)?([^<]*)`).FindAllStringSubmatch(a.body, -1) {
				if name := strings.TrimSpace(m[1]); name != "" {
					all = append(all, name)
				}
			}
			return strings.Join(all, ",")
		}
		if got := heads(who.get("/admin/entries")); got != "Mã,Tên mô hình,Đơn vị,Lĩnh vực,Chủ thể,Nguồn gốc,Trạng thái,Ngày đăng ký" {
			t.Errorf("the usual columns are %s", got)
		}
		a := who.get("/admin/entries?q=tom&col=status&col=nope&col=title&col=subject&move=subject.up").wants(http.StatusSeeOther)
		if a.at != "/admin/entries?cols=status%2Csubject%2Ctitle&panel=cols&q=tom" {
			t.Errorf("choosing leads to %s", a.at)
		}
		page := who.get(a.at).wants(http.StatusOK).has("Nuôi tôm lúa", `<details class="cols-panel" open>`).lacks("panel=cols", "Bữa cơm nghĩa tình")
		if got := heads(page); got != "Trạng thái,Tên chủ thể,Tên mô hình" {
			t.Errorf("the columns are %s", got)
		}
		file := who.get("/admin/entries.csv?cols=status%2Csubject%2Ctitle&q=tom").wants(http.StatusOK)
		if want := "\uFEFFTrạng thái,Tên chủ thể,Tên mô hình\r\nChờ tiếp nhận," + one.Subject + ",Nuôi tôm lúa\r\n"; file.body != want {
			t.Errorf("the file says %q, not %q", file.body, want)
		}
		sheet, err := excelize.OpenReader(strings.NewReader(who.get("/admin/entries.xlsx?cols=status%2Csubject%2Ctitle&q=tom").wants(http.StatusOK).body))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := sheet.GetRows(sheet.GetSheetName(0))
		if want := []string{"1", "Chờ tiếp nhận", one.Subject, "Nuôi tôm lúa"}; err != nil || !slices.Equal(rows[len(rows)-1], want) || len(rows) != 6 {
			t.Errorf("the sheet says %q, %v", rows, err)
		}
		saved := who.post("/admin/views/new", "back", "/admin/entries?cols=status%2Cnope%2Ctitle&panel=cols", "name", "Gọn").wants(http.StatusSeeOther).at
		if !strings.Contains(saved, "cols=status%2Ctitle&") || strings.Contains(saved, "panel") {
			t.Errorf("the view is %s", saved)
		}
		if got := heads(who.get(saved)); got != "Trạng thái,Tên mô hình" {
			t.Errorf("the view has the columns %s", got)
		}
		who.get("/admin/entries?cols=%00&q=x").wants(http.StatusOK)
		who.get("/admin/entries?col=" + strings.Repeat("x", 99)).wants(http.StatusUnprocessableEntity)
	})
}
