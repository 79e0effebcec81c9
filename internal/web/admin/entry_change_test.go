package admin_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/sample"

	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// started takes an entry to the state of being carried out.
func (s *site) started(unit, title string) practice.Entry {
	s.t.Helper()
	e := s.entry(unit, title)
	ctx, who := s.t.Context(), s.house.System()
	s.must(s.house.Practices.Receive(ctx, who, practice.Step{Entries: []string{e.ID}, On: clock.MustDate("2024-06-01")}))
	s.must(s.house.Practices.Start(ctx, who, practice.Step{Entries: []string{e.ID}, On: clock.MustDate("2024-07-01")}))
	return e
}

// decision enters a numbered decision of the district.
func (s *site) decision(number string) ledger.Decision {
	s.t.Helper()
	d, err := s.house.Movements.Decide(s.t.Context(), s.house.System(), movement.DecisionInput{
		Paper: ledger.PaperDecision, Number: number, Authority: "HK", Level: org.District, SignedOn: clock.MustDate("2024-09-10"), Title: "Công nhận",
	})
	s.must(err)
	return d
}

// addresses finds every address on a page that matches.
func (r reply) addresses(pattern string) []string {
	var all []string
	for _, m := range regexp.MustCompile(`href="(`+pattern+`)"`).FindAllStringSubmatch(r.body, -1) {
		all = append(all, m[1])
	}
	return all
}

// address is the first of them.
func (r reply) address(pattern string) string {
	r.s.t.Helper()
	all := r.addresses(pattern)
	if len(all) == 0 {
		r.s.t.Fatalf("no link %s on the page:\n%s", pattern, r.text())
	}
	return all[0]
}

func TestRecognisedAndRevoked(t *testing.T) {
	each(t, func(s *site) {
		e := s.started("HK.A.1", "Nuôi tôm lúa")
		d := s.decision("15/QĐ-UBND")
		s.must(sample.Papers(t.Context(), s.house, s.house.System(), sample.Chain{Decision: d, Entries: []string{e.ID}, Text: "Đã làm xong."}))
		s.must(s.house.Practices.Recognise(t.Context(), s.house.System(), d.ID, []string{e.ID}))
		page, who := "/admin/entries/"+e.Code, s.as("canbo")
		r := who.get(page).has("Đã công nhận", "Quyết định số 15/QĐ-UBND", "/admin/decisions/"+d.ID)
		revoke := r.address(page + "/revoke/[^\"]*")
		form := who.get(revoke).wants(http.StatusOK).form()
		who.postForm(revoke, form).wants(http.StatusUnprocessableEntity).has("Cần nêu lý do")
		form.Set("reason", "Không còn đạt")
		s.as("phuong").postForm(revoke, form).wants(http.StatusForbidden)
		who.postForm(revoke, form).wants(http.StatusSeeOther)
		who.get(page).has("Hủy bỏ: Công nhận", "Lý do: Không còn đạt", "Đang triển khai").lacks(revoke)
		who.get(revoke + "x").wants(http.StatusNotFound)
	})
}

func TestVoidStrikesAnActOut(t *testing.T) {
	each(t, func(s *site) {
		e := s.started("HK.A.1", "Nuôi tôm lúa")
		page, who := "/admin/entries/"+e.Code, s.as("canbo")
		all := who.get(page).addresses(page + "/void/[^\"]*")
		last := all[len(all)-1]
		who.post(last, "reason", "").wants(http.StatusUnprocessableEntity)
		who.post(last, "reason", "Ghi nhầm mô hình").wants(http.StatusSeeOther)
		who.get(page).has("<s>Bắt đầu triển khai</s>", "Đã gạch bỏ do ghi nhầm", "Ghi nhầm mô hình", "Cán bộ Hà").lacks(last)
		who.post(last, "reason", "Lại").wants(http.StatusNotFound)
	})
}

func TestReclassifyConsentAndFind(t *testing.T) {
	each(t, func(s *site) {
		e := s.started("HK.A.1", "Nuôi tôm lúa")
		page, who := "/admin/entries/"+e.Code, s.as("canbo")
		form := who.get(page + "/reclassify").wants(http.StatusOK).form()
		form.Set("field", "politicalSystem")
		form.Set("on", "2024-08-01")
		who.postForm(page+"/reclassify", form).wants(http.StatusUnprocessableEntity).has("Cần nêu lý do")
		form.Set("reason", "Chọn nhầm lĩnh vực")
		who.postForm(page+"/reclassify", form).wants(http.StatusSeeOther)
		who.get(page).has("Điều chỉnh phân loại", "Xây dựng hệ thống chính trị", "Chọn nhầm lĩnh vực")
		edit := who.get(page + "/edit").form()
		edit.Set("goals", "Sửa sau khi điều chỉnh")
		who.postForm(page+"/edit", edit).wants(http.StatusSeeOther)
		who.post(page+"/consent", "agreed", "1", "note", "").wants(http.StatusUnprocessableEntity)
		who.post(page+"/consent", "agreed", "1", "note", "Biên bản ngày 5/8").wants(http.StatusSeeOther)
		who.get(page).has("Đã đồng ý. Biên bản ngày 5/8", "Sửa sau khi điều chỉnh")
		who.post(page+"/consent", "agreed", "1", "detail", "1", "note", "Biên bản ngày 6/8").wants(http.StatusSeeOther)
		if f := who.get(page + "/consent").wants(http.StatusOK).form(); f.Get("agreed") == "" || f.Get("detail") == "" || f.Has("named") {
			t.Errorf("the agreement of a collective comes back as %v", f)
		}
		who.get(page + "/find").wants(http.StatusOK).has("Tập thể HK.A.1 được ghi nhận là điển hình")
		who.post(page+"/find", "on", "2024-09-01").wants(http.StatusSeeOther)
		r := who.get(page).lacks(`href="` + page + `/find"`)
		who.get(r.address("/admin/exemplars/[^\"]*")).has("Điển hình Năm 2024", "Nuôi tôm lúa", "Phát hiện điển hình")
		s.as("phuong").get(page + "/consent").wants(http.StatusForbidden)
	})
}

func TestAdopt(t *testing.T) {
	each(t, func(s *site) {
		source, adopting := s.started("HK.A.1", "Mô hình gốc"), s.started("HK.B.1", "Làm theo")
		page, who := "/admin/entries/"+adopting.Code, s.as("phuongb")
		form := who.get(page + "/adopt").wants(http.StatusOK).form()
		who.postForm(page+"/adopt", form).wants(http.StatusUnprocessableEntity).has("Cần chọn mô hình gốc")
		form.Set("source", adopting.Code)
		who.postForm(page+"/adopt", form).wants(http.StatusUnprocessableEntity).has("đó là duy trì")
		form.Set("source", strings.ToLower(source.Code))
		who.postForm(page+"/adopt", form).wants(http.StatusSeeOther)
		who.get(page).has("Làm theo mô hình", "Mô hình gốc").lacks(`href="/admin/entries/` + source.Code)
		who.postForm(page+"/adopt", anew(form)).wants(http.StatusConflict)
		who.post(page+"/adopt", "sourceText", "Mô hình của Huế", "sourcePlace", "Huế", "mode", "adapted", "startedOn", "2024-08-01").wants(http.StatusSeeOther)
		who.get(page).has("Mô hình của Huế", "Điều chỉnh cho phù hợp")
		s.as("canbo").get("/admin/entries/"+source.Code).has("Đơn vị nhân rộng", "Phường Hàng Mã", "Được đơn vị khác nhân rộng").
			has(`href="/admin/entries/` + adopting.Code)
	})
}

func TestExemplars(t *testing.T) {
	each(t, func(s *site) {
		who := s.as("canbo")
		form := who.get("/admin/exemplars/new").wants(http.StatusOK).form()
		who.postForm("/admin/exemplars/new", form).wants(http.StatusUnprocessableEntity).has("Cần xem lại 3 mục")
		form.Set("name", "Bà Nguyễn Thị <b>Lành</b>")
		form.Set("kind", "individual")
		form.Set("unit", "HK.B.1")
		form.Set("field", "economy")
		form.Set("note", "Nấu cơm cho bệnh nhân\r\nmỗi ngày")
		page := who.postForm("/admin/exemplars/new", form).wants(http.StatusSeeOther).at
		who.get(page).wants(http.StatusOK).has("Bà Nguyễn Thị <b>Lành</b>", "Cá nhân", "Nấu cơm cho bệnh nhân", "Điển hình Năm 2024", "Chưa đăng ký mô hình nào")
		s.as("phuong").get(page).wants(http.StatusNotFound)
		s.as("phuong").get("/admin/exemplars/new").wants(http.StatusForbidden)
		id := strings.TrimPrefix(page, "/admin/exemplars/")
		_, err := s.house.Awards.Give(t.Context(), s.house.System(), award.Input{
			Kind: award.Praise, Movement: "HK-2024", Decision: s.decision("20/QĐ").ID,
			Recipients: []award.Recipient{{Exemplar: id, Field: "economy", Achievement: "Bữa cơm nghĩa tình"}},
		})
		s.must(err)
		drop := who.get(page).has("Biểu dương", "Quyết định số 20/QĐ", "Bữa cơm nghĩa tình").address(page + `/drop\?period=2`)
		form = who.get(drop).wants(http.StatusOK).form()
		who.postForm(page+"/drop", form).wants(http.StatusUnprocessableEntity).has("Cần nêu lý do")
		form.Set("reason", "Trùng người")
		who.postForm(page+"/drop", form).wants(http.StatusSeeOther)
		who.get(page).has("Đưa ra khỏi danh mục", "Trùng người").lacks("Điển hình Năm 2024")
		who.postForm(page+"/drop", anew(form)).wants(http.StatusConflict)
		who.get(page + "/drop?period=77").wants(http.StatusNotFound)
		who.get("/admin/exemplars/nobody").wants(http.StatusNotFound)
	})
}

func TestAStepIsRecordedLate(t *testing.T) {
	each(t, func(s *site) {
		e := s.entry("HK.A.1", "Nuôi tôm lúa")
		ctx, by := t.Context(), s.house.System()
		s.must(s.house.Practices.Receive(ctx, by, practice.Step{Entries: []string{e.ID}, On: clock.MustDate("2024-06-01")}))
		s.must(s.house.Practices.Suspend(ctx, by, practice.Step{Entries: []string{e.ID}, On: clock.MustDate("2024-08-01")}))
		page, who := "/admin/entries/"+e.Code, s.as("canbo")
		start := who.get(page).has("ghi muộn").address(page + `/start\?on=2024-07-31`)
		form := who.get(start).wants(http.StatusOK).form()
		form.Set("on", "2024-07-01")
		who.postForm(page+"/start", form).wants(http.StatusSeeOther)
		who.get(page).has("Bắt đầu triển khai", "Tạm dừng").lacks("ghi muộn")
	})
}
