package admin_test

import (
	"net/http"
	"testing"
)

// TestADecisionsNumberTwice: the number stands once in a year for its authority, however
// it is spelled, and the form says so at the field.
func TestADecisionsNumberTwice(t *testing.T) {
	each(t, func(s *site) {
		who := s.as("canbo")
		enter := func(number, authority, day string) reply {
			form := who.get("/admin/decisions/new").form()
			form.Set("number", number)
			form.Set("authority", authority)
			form.Set("signedOn", day)
			form.Set("title", "Công nhận mô hình")
			return who.postForm("/admin/decisions/new", form)
		}
		enter("15/QĐ-UBND", "HK", "2024-05-01").wants(http.StatusSeeOther)
		for _, spelled := range []string{
			"15/QĐ-UBND", " 15 / qđ-ubnd", "015/QĐ-UBND", "Số: 15/QĐ-UBND", "15/QĐ–UBND", "15/QD-UBND", "15\u00a0/\u00a0QĐ-UBND", "15/QĐ\u2011UBND", "\uff11\uff15/QĐ-UBND",
		} {
			enter(spelled, "HK", "2024-09-01").wants(http.StatusConflict).has("2024", `href="#f-number"`, `id="f-number-err"`)
		}
		for _, other := range [][3]string{{"151/QĐ-UBND", "HK", "2024-09-01"}, {"15/QĐ-UBND", "HK.A", "2024-09-01"}, {"15/QĐ-UBND", "HK", "2023-09-01"}, {"1/5/QĐ-UBND", "HK", "2024-09-01"}} {
			enter(other[0], other[1], other[2]).wants(http.StatusSeeOther)
		}
		enter("16/QĐ", "HK", "2024-12-01").wants(http.StatusUnprocessableEntity).has(`href="#f-signedOn"`)
		enter("16/QĐ", "HK", "2009-12-31").wants(http.StatusUnprocessableEntity).has(`href="#f-authority"`)
	})
}

// TestDaysThatDoNotFit: a period that ends before it begins or overlaps another, and a
// unit before or after its life.
func TestDaysThatDoNotFit(t *testing.T) {
	each(t, func(s *site) {
		who := s.as("canbo")
		period := func(from, to string) reply {
			return who.post("/admin/movements/HK-2024/periods/new", "periodName", "Kỳ thêm", "from", from, "to", to, "sure", "1")
		}
		period("2025-12-31", "2025-01-01").wants(http.StatusUnprocessableEntity).has(`href="#f-to"`)
		period("2024-06-01", "2025-05-31").wants(http.StatusConflict).has(`href="#f-from"`)
		period("0000-00-00", "9999-12-31").wants(http.StatusUnprocessableEntity).has("Ngày không hợp lệ")
		period("", "").wants(http.StatusUnprocessableEntity)
		who.post("/admin/units/reorganise", "kind", "abolish", "on", "2024-07-01", "from0", "HK.A.1", "sure", "1").wants(http.StatusSeeOther)
		late := filled()
		late.Set("on", "2024-08-01")
		who.postForm("/admin/entries/new", late).wants(http.StatusUnprocessableEntity).has(`href="#f-unit"`)
		who.get("/admin/entries?from=2024-09-30&to=2024-01-01").wants(http.StatusUnprocessableEntity)
		who.get("/admin/units?on=2009-01-01").wants(http.StatusOK)
		who.get("/admin/units?on=9999-12-31").wants(http.StatusUnprocessableEntity)
	})
}
