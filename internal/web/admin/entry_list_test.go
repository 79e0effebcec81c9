package admin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"testing"
)

func TestRegisterCountsWhatIsInScope(t *testing.T) {
	each(t, func(s *site) {
		mine, other := s.entry("HK.A.1", "Nuôi tôm lúa"), s.entry("HK.B.1", "Bữa cơm nghĩa tình")
		s.as("canbo").get("/admin/entries").wants(http.StatusOK).has("Tất cả 2", "Chờ tiếp nhận 2", mine.Code, other.Code, "Hiện 2 trên tổng số 2")
		a := s.as("phuong")
		a.get("/admin/entries").wants(http.StatusOK).has("Tất cả 1", mine.Title).lacks(other.Title)
		a.get("/admin/entries/" + other.Code).wants(http.StatusNotFound)
		a.get("/admin/entries?unit=HK.B").wants(http.StatusNotFound).lacks(other.Title)
		a.get("/admin/entries/" + other.Code + "/withdraw").wants(http.StatusNotFound)
		a.post("/admin/entries/"+other.Code+"/withdraw", "on", "2024-06-01", "sure", "1").wants(http.StatusNotFound)
		a.post("/admin/entries/"+mine.Code+"/receive", "on", "2024-06-01", "sure", "1").wants(http.StatusForbidden)
		s.as("lanhdao").get("/admin/entries").has(mine.Title, other.Title).lacks(`name="step"`)
	})
}

func TestRegisterFilters(t *testing.T) {
	each(t, func(s *site) {
		s.entry("HK.A.1", "Nuôi tôm lúa")
		s.entry("HK.B.1", "Bữa cơm nghĩa tình")
		who := s.as("canbo")
		who.get("/admin/entries?q=tom+lua").has("Tất cả 1", "Tên có “tom lua”").lacks("Bữa cơm")
		who.get("/admin/entries?unit="+url.QueryEscape("phường hàng mã")).has("Tất cả 1", "Đơn vị: Phường Hàng Mã").lacks("Nuôi tôm")
		who.get("/admin/entries?kind=individual").has("Không có mô hình phù hợp")
		who.get("/admin/entries?from=2024-05-11").has("Không có mô hình phù hợp")
		who.get("/admin/entries?movement=HK-2023").has("Chưa có mô hình nào ở đây")
		for path, status := range map[string]int{
			"?from=2024-02-30": 422, "?from=2024-06-01&to=2024-05-01": 422, "?kind=x": 422, "?cursor=x": 422, "?tab=x": 422,
			"?period=99": 404, "?movement=X": 404, "?unit=NOPE": 404, "?q=%00": 422, "?q='%20OR%201=1--": 200,
		} {
			who.get("/admin/entries" + path).wants(status)
		}
	})
}

func TestRegisterPages(t *testing.T) {
	each(t, func(s *site) {
		for i := range 52 {
			s.entry("HK.A.1", fmt.Sprintf("Mô hình số %02d", i))
		}
		who := s.as("canbo")
		first := who.get("/admin/entries?sort=name").wants(http.StatusOK).has("Mô hình số 00", "Hiện 50 trên tổng số 52").lacks("Mô hình số 51")
		second := who.get(link(first, "next")).wants(http.StatusOK).has("Mô hình số 51", "Hiện 2 trên tổng số 52").lacks("Mô hình số 00")
		who.get(link(second, "prev")).wants(http.StatusOK).has("Mô hình số 00").lacks("Mô hình số 51")
	})
}

func TestStepsForManyAtOnce(t *testing.T) {
	each(t, func(s *site) {
		one, two, three := s.entry("HK.A.1", "Một"), s.entry("HK.B.1", "Hai"), s.entry("HK.B", "Ba")
		who := s.as("canbo")
		who.post("/admin/entries/"+three.Code+"/refuse", "on", "2024-06-01", "reason", "Trùng", "sure", "1").wants(http.StatusSeeOther)
		who.post("/admin/entries/steps", "step", "receive", "period", "2", "back", "https://elsewhere.example/").wants(http.StatusSeeOther)
		ask := who.post("/admin/entries/steps", "step", "receive", "period", "2", "id", one.ID, "id", two.ID, "id", three.ID).
			wants(http.StatusOK).has("1 mô hình đã chọn không ở trạng thái phù hợp", "2 mục sẽ thay đổi", "2024-09-30")
		form := ask.form()
		form.Set("on", "2030-01-01")
		who.postForm("/admin/entries/steps", form).wants(http.StatusUnprocessableEntity).has("2030-01-01", "chưa đến", one.Code)
		form.Set("on", "2024-06-03")
		if at := who.postForm("/admin/entries/steps", form).wants(http.StatusSeeOther).at; at != "/admin/entries" {
			t.Errorf("led to %s", at)
		}
		told := who.get("/admin/entries?tab=inProgress").has("Hoàn tác", "Đang triển khai 2", "Đã thực hiện “Tiếp nhận” cho 2 mô hình.", one.Code, two.Code).lacks(three.Code)
		who.postForm("/admin/entries/steps", anew(form)).wants(http.StatusUnprocessableEntity)
		s.as("phuong").postForm("/admin/entries/steps", form).wants(http.StatusForbidden)
		at := regexp.MustCompile(`/admin/batches/[0-9a-z-]+`).FindString(told.body)
		who.post(at + "/undo").wants(http.StatusSeeOther)
		who.get("/admin/entries?tab=waiting").has(one.Code, two.Code)
		who.post("/admin/entries/steps", "step", "return", "period", "2", "id", "x").wants(http.StatusNotFound)
		who.post("/admin/entries/steps", "step", "drop").wants(http.StatusNotFound)
	})
}
