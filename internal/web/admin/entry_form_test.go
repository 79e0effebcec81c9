package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// filled is a whole registration as a browser sends it.
func filled() url.Values {
	return url.Values{
		"movement": {"HK-2024"}, "title": {"Phố nghề giữ lửa"}, "unit": {"HK.A.1"}, "kind": {"household"}, "subject": {"Gia đình ông Bình"},
		"field": {"cultureSociety"}, "origin": {"new"}, "on": {"2024-06-02"}, "running": {"1"}, "partners": {"Phường Hàng Mã\r\nBDV"},
		"rationale": {"Nghề mai một.\r\nNgười trẻ ít theo."}, "goals": {"10 hộ"}, "approach": {"Dạy nghề"}, "area": {"Phố"}, "forces": {"Hộ"},
		"resources": {"Tự góp"}, "outputs": {"Lớp học"}, "sustainability": {"Quỹ"},
	}
}

func TestTheWayOfAnEntry(t *testing.T) {
	each(t, func(s *site) {
		unit, officer := s.as("phuong"), s.as("canbo")
		unit.get("/admin/entries/new").wants(http.StatusOK).has("Tên mô hình", `value="2024-09-30"`).lacks("Người khai")
		page := unit.postForm("/admin/entries/new", filled()).wants(http.StatusSeeOther).at
		unit.get(page).wants(http.StatusOK).has("Phố nghề giữ lửa", "Gia đình ông Bình (Hộ gia đình)", "Phường Hàng Mã; Ban Dân vận", "Người trẻ ít theo.",
			"Đang thực hiện", "Chờ tiếp nhận", "Đã đăng ký mô hình", "Người báo cáo A").lacks(page + "/receive")
		officer.post(page+"/return", "on", "2024-06-05", "sure", "1").wants(http.StatusUnprocessableEntity).has("Cần nêu lý do")
		officer.post(page+"/return", "on", "2024-06-05", "reason", "Nêu rõ mục tiêu", "sure", "1").wants(http.StatusSeeOther)
		unit.get(page).has("Cơ quan thường trực yêu cầu bổ sung", "Nêu rõ mục tiêu")
		form := unit.get(page + "/edit").wants(http.StatusOK).form()
		form.Set("goals", "12 hộ")
		form.Set("field", "economy")
		unit.postForm(page+"/edit", form).wants(http.StatusSeeOther)
		unit.get(page).has("12 hộ", "Sửa thông tin đăng ký", "Kinh tế")
		unit.post(page+"/resubmit", "on", "2024-06-08", "sure", "1").wants(http.StatusSeeOther)
		officer.post(page+"/receive", "on", "2024-06-10", "sure", "1").wants(http.StatusSeeOther)
		unit.get(page + "/edit").wants(http.StatusConflict)
		fixed := officer.get(page + "/edit").wants(http.StatusOK).has("Đã chốt khi tiếp nhận").form()
		fixed.Set("outputs", "Ba lớp học")
		officer.postForm(page+"/edit", fixed).wants(http.StatusSeeOther)
		fixed = officer.get(page + "/edit").form()
		fixed.Set("kind", "individual")
		officer.postForm(page+"/edit", fixed).wants(http.StatusUnprocessableEntity).has("đã chốt khi tiếp nhận")
		officer.post(page+"/start", "on", "2024-06-20", "sure", "1").wants(http.StatusSeeOther)
		officer.get(page).has("Đang triển khai", "Ba lớp học", "Tiếp nhận vào danh mục", "Gửi lại sau bổ sung", "20/6/2024")
		s.as("lanhdao").get(page + "/edit").wants(http.StatusForbidden)
		s.as("phuongb").get(page + "/edit").wants(http.StatusNotFound)
	})
}

func TestFormComesBackWithItsMistakes(t *testing.T) {
	each(t, func(s *site) {
		who := s.as("canbo")
		bad := filled()
		bad.Set("title", " ")
		bad.Set("on", "31/02/2024")
		bad.Set("unit", "Không có")
		bad.Set("origin", "continued")
		bad.Set("practice", "HK-9999")
		bad.Set("partners", "HK.A.1")
		r := who.postForm("/admin/entries/new", bad).wants(http.StatusUnprocessableEntity).has("Cần xem lại 3 mục", "Ngày không hợp lệ", "Tên mô hình: Cần nhập mục này", "Không tìm thấy mô hình này")
		back := r.form()
		for _, name := range []string{"practice", "subject", "goals", "sustainability", "kind", "origin", "running"} {
			if back.Get(name) != bad.Get(name) {
				t.Errorf("%s came back as %q, was %q", name, back.Get(name), bad.Get(name))
			}
		}
		good := filled()
		good.Set("on", "2023-06-01")
		who.postForm("/admin/entries/new", good).wants(http.StatusUnprocessableEntity).has("Ngày đăng ký phải thuộc kỳ Năm 2024")
		good.Set("on", "2024-12-01")
		who.postForm("/admin/entries/new", good).wants(http.StatusUnprocessableEntity).has("chưa đến")
		good = filled()
		good.Set("unit", "HK.B.1")
		s.as("phuong").postForm("/admin/entries/new", good).wants(http.StatusUnprocessableEntity)
		s.as("lanhdao").get("/admin/entries/new").wants(http.StatusForbidden)
	})
}

func TestContinuingTheYearBefore(t *testing.T) {
	each(t, func(s *site) {
		who := s.as("canbo")
		first := filled()
		first.Set("movement", "HK-2023")
		first.Set("on", "2023-03-01")
		earlier := who.postForm("/admin/entries/new", first).wants(http.StatusSeeOther).at
		code := strings.TrimPrefix(earlier, "/admin/entries/")
		who.get("/admin/entries/new").has(`<option value="` + code + `">`)
		next := filled()
		next.Set("origin", "continued")
		who.postForm("/admin/entries/new", next).wants(http.StatusUnprocessableEntity).has("Cần chọn mô hình năm trước")
		next.Set("practice", code)
		next.Del("subject")
		page := who.postForm("/admin/entries/new", next).wants(http.StatusSeeOther).at
		who.get(page).has("Qua các năm", code, "Gia đình ông Bình")
		who.postForm("/admin/entries/new", next).wants(http.StatusConflict).has("đã đăng ký trong kỳ")
	})
}

func TestPayloadsComeBackEscaped(t *testing.T) {
	each(t, func(s *site) {
		const payload = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>'); DROP TABLE practice_entry;--`
		who := s.as("canbo")
		form := filled()
		for _, name := range []string{"title", "subject", "declaredBy", "rationale", "goals", "approach", "area", "forces", "resources", "outputs", "sustainability"} {
			form.Set(name, payload)
		}
		page := who.postForm("/admin/entries/new", form).wants(http.StatusSeeOther).at
		for _, path := range []string{page, page + "/edit", page + "/receive", "/admin/entries", "/admin/entries?q=" + url.QueryEscape(payload)} {
			r := who.get(path).wants(http.StatusOK)
			if strings.Contains(r.body, "<script>alert") || strings.Contains(r.body, "<img src=x") {
				t.Errorf("%s lets markup through", path)
			}
			if !strings.Contains(r.text(), "DROP TABLE") {
				t.Errorf("%s does not show the text", path)
			}
		}
		for name := range form {
			bad := filled()
			bad.Set(name, payload)
			bad.Set("title", "") // so that the form comes back
			r := who.postForm("/admin/entries/new", bad)
			if strings.Contains(r.body, "<script>alert") || strings.Contains(r.body, "<img src=x") {
				t.Errorf("%s lets markup through", name)
			}
			if r.status >= 500 || r.status < 400 {
				t.Errorf("%s: status %d", name, r.status)
			}
		}
	})
}

func TestTwoEditors(t *testing.T) {
	each(t, func(s *site) {
		e := s.entry("HK.A.1", "Nuôi tôm lúa")
		page := "/admin/entries/" + e.Code
		unit, officer := s.as("phuong"), s.as("canbo")
		mine, theirs := unit.get(page+"/edit").form(), officer.get(page+"/edit").form()
		theirs.Set("goals", "Mục tiêu của cán bộ")
		officer.postForm(page+"/edit", theirs).wants(http.StatusSeeOther)
		mine.Set("goals", "Mục tiêu của phường")
		both := unit.postForm(page+"/edit", mine).wants(http.StatusConflict).
			has("Có người đã lưu trước bạn", "Cán bộ Hà", "Mục tiêu của cán bộ", "Mục tiêu của phường", "Khác nhau", "Giữ bản của tôi")
		keep := both.form()
		again := both.form()
		again.Set("again", "1")
		unit.postForm(page+"/edit", again).wants(http.StatusOK).has("Mục tiêu của phường", `name="version" value="2"`)
		unit.postForm(page+"/edit", keep).wants(http.StatusSeeOther)
		unit.get(page).has("Mục tiêu của phường").lacks("Mục tiêu của cán bộ")
		officer.post(page+"/receive", "on", "2024-06-10", "sure", "1").wants(http.StatusSeeOther)
		theirs.Set("goals", "Lần nữa")
		officer.postForm(page+"/edit", theirs).wants(http.StatusConflict).has("Lần nữa", "Mục tiêu của phường")
		unit.postForm(page+"/edit", mine).wants(http.StatusSeeOther) // what is saved is what was meant
		mine.Set("goals", "Mục tiêu khác nữa")
		unit.postForm(page+"/edit", mine).wants(http.StatusConflict).lacks("Giữ bản của tôi")
	})
}

func TestAnExpiredSessionComesBackToTheFilledForm(t *testing.T) {
	each(t, func(s *site) {
		e := s.entry("HK.A.1", "Nuôi tôm lúa")
		for path, name := range map[string]string{
			"/admin/entries/new?movement=HK-2024": "rationale", "/admin/entries/" + e.Code + "/edit": "rationale",
			"/admin/entries/" + e.Code + "/withdraw": "reason",
		} {
			form := s.as("phuong").get(path).wants(http.StatusOK).form()
			form.Set(name, "Đã gõ rất lâu")
			late := s.visitor() // the cookie is gone
			action, _, _ := strings.Cut(path, "?")
			late.postForm(action, form).wants(http.StatusSeeOther)
			back := late.signIn("phuong").at
			if back != path {
				t.Fatalf("came back to %s, not %s", back, path)
			}
			late.get(back).wants(http.StatusOK).has("Đã gõ rất lâu")
			other := s.visitor()
			other.postForm(action, form).wants(http.StatusSeeOther)
			other.get(other.signIn("canbo").at).lacks("Đã gõ rất lâu")
		}
	})
}

// TestADoubleClickRegistersOnce: the same form sent twice is one registration, and both
// answers lead to it; filled otherwise, or opened anew, it is another.
func TestADoubleClickRegistersOnce(t *testing.T) {
	each(t, func(s *site) {
		who := s.as("phuong")
		form := filled()
		form.Set(webkit.OnceField, who.get("/admin/entries/new").form().Get(webkit.OnceField))
		if form.Get(webkit.OnceField) == "" {
			t.Fatal("the form carries no token")
		}
		bad := url.Values{webkit.OnceField: form[webkit.OnceField]}
		who.postForm("/admin/entries/new", bad).wants(http.StatusUnprocessableEntity) // a mistake does not use the token up
		who.postForm("/admin/entries/new", bad).wants(http.StatusUnprocessableEntity)
		led := make(chan string, 5)
		for range cap(led) {
			go func() { led <- who.postForm("/admin/entries/new", form).at }()
		}
		first := <-led
		for range cap(led) - 1 {
			if again := <-led; again != first {
				t.Errorf("one form led to %s and to %s", first, again)
			}
		}
		who.get("/admin/entries?tab=all").has("Tất cả 1")
		other := filled()
		other.Set(webkit.OnceField, form.Get(webkit.OnceField))
		other.Set("title", "Một mô hình khác")
		if at := who.postForm("/admin/entries/new", other).wants(http.StatusSeeOther).at; at == first {
			t.Error("another content was taken for the same form")
		}
		if at := who.postForm("/admin/entries/new", anew(form)).wants(http.StatusSeeOther).at; at == first {
			t.Error("a form without a token was taken for an earlier one")
		}
		form.Set(webkit.OnceField, other.Get(webkit.OnceField))
		if at := s.as("canbo").postForm("/admin/entries/new", form).wants(http.StatusSeeOther).at; at == first {
			t.Error("another account was led to what was not its own")
		}
	})
}
