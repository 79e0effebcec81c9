package admin_test

import (
	"html"
	"net/http"
	"testing"
)

func TestLaunchAMovementOnThePage(t *testing.T) {
	each(t, func(s *site) {
		who := s.as("canbo")
		form := who.get("/admin/movements/new").wants(http.StatusOK).has("Phong trào cấp trên").form()
		for field, value := range map[string]string{
			"code": "HK-A-2024", "name": "Dân vận khéo phường", "level": "commune", "unit": "HK.A", "standingBody": "HK.A",
			"launchedOn": "2024-02-01", "periodName": "Năm 2024", "from": "2024-01-01", "to": "2024-12-31", "upper": "NOPE",
		} {
			form.Set(field, value)
		}
		who.postForm("/admin/movements/new", form).wants(http.StatusUnprocessableEntity)
		form.Set("upper", "hk-2024")
		at := who.postForm("/admin/movements/new", form).wants(http.StatusSeeOther).at
		for _, link := range who.get(at).wants(http.StatusOK).addresses(`/admin/entries\?[^"]*`) {
			who.get(html.UnescapeString(link)).wants(http.StatusOK)
		}
		m, err := s.house.Movements.Get(t.Context(), s.house.System(), "HK-A-2024")
		s.must(err)
		if m.Upper == "" {
			t.Error("the movement answers none")
		}
	})
}

func TestTwoEditorsOfAMovementOnThePage(t *testing.T) {
	each(t, func(s *site) {
		who, page := s.as("canbo"), "/admin/movements/HK-2024"
		s.as("phuong").get(page + "/edit").wants(http.StatusForbidden)
		at := who.get(page).address(page + "/edit")
		first, second := who.get(at).wants(http.StatusOK).form(), who.get(at).form()
		if second.Get("follows") != "HK-2023" || second.Get("unit") != "HK" {
			t.Errorf("the form begins with %v", second)
		}
		first.Set("name", "")
		who.postForm(at, first).wants(http.StatusUnprocessableEntity)
		first.Set("name", "Tên của người thứ nhất")
		who.postForm(at, first).wants(http.StatusSeeOther)
		second.Set("name", "Tên của người thứ hai")
		conflict := who.postForm(at, second).wants(http.StatusConflict).has("Có người đã lưu trước bạn", "Tên của người thứ nhất", "Tên của người thứ hai")
		who.get(page).has("Tên của người thứ nhất")
		mine := conflict.form()
		mine.Set("edit", "1")
		who.postForm(at, mine).wants(http.StatusOK).has("Sửa thông tin phong trào")
		mine.Del("edit")
		who.postForm(at, mine).wants(http.StatusSeeOther)
		who.get(page).has("Tên của người thứ hai")
	})
}
