package admin_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestAViewOfTheRegisterIsSavedOpenedDeletedAndRestored(t *testing.T) {
	each(t, func(s *site) {
		s.entry("HK.A.1", "Nuôi tôm lúa")
		s.entry("HK.B.1", "Bữa cơm nghĩa tình")
		who := s.as("canbo")
		who.post("/admin/views/new", "back", "/admin/entries?q=tom", "name", "").wants(http.StatusUnprocessableEntity)
		a := who.post("/admin/views/new", "back", "/admin/entries?q=tom", "name", "Nuôi trồng", "shared", "1", "first", "1").wants(http.StatusSeeOther)
		at := a.at
		who.get(at).wants(http.StatusOK).has("Đã lưu cách xem", "Nuôi tôm lúa", "Nuôi trồng").lacks("Bữa cơm nghĩa tình")
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
