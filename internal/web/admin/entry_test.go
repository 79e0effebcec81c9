package admin_test

import (
	"net/http"
	"testing"
)

func TestEntryPage(t *testing.T) {
	each(t, func(s *site) {
		e := s.entry("HK.A.1", "Nuôi tôm lúa")
		who := s.as("canbo")
		page := "/admin/entries/" + e.Code
		who.get(page).wants(http.StatusOK).has("Nuôi tôm lúa", "Chờ tiếp nhận", "Tập thể HK.A.1 (Tập thể)", "Mục tiêu ban đầu", "Hệ thống", "Yêu cầu bổ sung")
		who.get("/admin/entries/NOPE-1").wants(http.StatusNotFound)
		who.get(page+"/receive").wants(http.StatusOK).has("Tiếp nhận: 1 mô hình", "2024-09-30")
		who.post(page+"/receive", "on", "2024-05-01", "sure", "1").wants(http.StatusUnprocessableEntity).has("chưa ở bước", `value="2024-05-01"`)
		who.post(page+"/receive", "on", "2024-06-01", "sure", "1").wants(http.StatusSeeOther)
		who.get(page).has("Đã tiếp nhận", "Tiếp nhận vào danh mục", "Cán bộ Hà", "1/6/2024")
		s.as("lanhdao").get(page).wants(http.StatusOK).lacks("Việc có thể làm", "Sửa phiếu", "Gạch bỏ do ghi nhầm")
	})
}
