package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/sample"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

func measures() url.Values {
	form := filled()
	for name, value := range map[string]string{
		"indicator.0.name": "Hộ tham gia", "indicator.0.unit": "hộ", "indicator.0.baseline": "12", "indicator.0.target": "1.234,5", "indicator.0.actual": "-42,25",
		"indicator.0.source": "Sổ tổ", "indicator.0.beneficiary": "poor", "indicator.2.name": "Rác thu gom", "indicator.2.unit": "tấn/tháng",
		"resource.0.kind": "money", "resource.0.amount": "250.000.000", "resource.0.funding": "socialised", "resource.0.text": "Quỹ chung",
		"resource.1.kind": "inKind", "resource.1.amount": "1.200", "resource.1.text": "m² đất hiến", "resource.1.funding": "socialised",
		"resource.2.kind": "work", "resource.2.funding": "budget",
	} {
		form.Set(name, value)
	}
	return form
}

// TestResultsAreMeasured types indicators and resources as Vietnamese writes numbers, sees
// them on the page and in the form again, changes them and takes one out.
func TestResultsAreMeasured(t *testing.T) {
	each(t, func(s *site) {
		unit := s.as("phuong")
		page := unit.postForm("/admin/entries/new", measures()).wants(http.StatusSeeOther).at
		unit.get(page).has("Hộ tham gia", "1.234,5", "−42,25", "Hộ nghèo, hộ cận nghèo", "Sổ tổ", "Rác thu gom", "250.000.000 đồng", "1.200 m² đất hiến", "Xã hội hóa").
			lacks("Ngày công")
		code := page[strings.LastIndexByte(page, '/')+1:]
		e, err := s.house.Practices.Get(t.Context(), s.house.System(), code)
		s.must(err)
		if len(e.Indicators) != 2 || len(e.Means) != 2 || e.Indicators[0].Target != viet.Tenths(12345) || e.Indicators[1].Actual.Known() || e.Means[0].Amount != viet.Whole(250_000_000) {
			t.Fatalf("%+v %+v", e.Indicators, e.Means)
		}
		form := unit.get(page + "/edit").wants(http.StatusOK).form()
		for name, want := range map[string]string{
			"indicator.0.target": "1.234,5", "indicator.0.actual": "−42,25", "indicator.0.beneficiary": "poor", "indicator.1.name": "Rác thu gom", "resource.1.amount": "1.200",
		} {
			if form.Get(name) != want {
				t.Errorf("%s came back as %q, want %q", name, form.Get(name), want)
			}
		}
		if _, spare := form["indicator.3.name"]; !spare {
			t.Error("there is no empty row")
		}
		form.Set("more", "1")
		more := unit.postForm(page+"/edit", form).wants(http.StatusOK).form()
		if _, row := more["indicator.7.name"]; !row || more.Get("indicator.0.name") != "Hộ tham gia" {
			t.Errorf("more rows: %v", row)
		}
		more.Del("more")
		for _, name := range []string{"name", "unit", "baseline", "target", "actual", "source", "beneficiary"} {
			more.Set("indicator.0."+name, "")
		}
		unit.postForm(page+"/edit", anew(more)).wants(http.StatusSeeOther)
		unit.get(page).has("Rác thu gom").lacks("Hộ tham gia")
	})
}

func TestWrongNumbersComeBackBesideTheirFields(t *testing.T) {
	each(t, func(s *site) {
		bad := measures()
		bad.Set("indicator.0.actual", "12.5")
		bad.Set("indicator.2.name", " ")
		bad.Set("resource.0.amount", "1,5")
		bad.Set("resource.1.text", "")
		bad.Set("resource.2.text", "Đào mương")
		r := s.as("phuong").postForm("/admin/entries/new", bad).wants(http.StatusUnprocessableEntity).
			has("Chỉ số 1, Kết quả: Ghi số như 1.234,5", "Chỉ số 3, Tên chỉ số: Cần nhập mục này", "Nguồn lực 1, Số lượng: Số tiền ghi đến đồng", "Nguồn lực 2, Nội dung",
				"Nguồn lực 3, Số lượng: Cần nhập mục này", `href="#f-indicator.0.actual"`, `id="f-indicator.0.actual-err"`)
		if back := r.form(); back.Get("indicator.0.actual") != "12.5" || back.Get("indicator.2.unit") != "tấn/tháng" || back.Get("resource.2.text") != "Đào mương" {
			t.Errorf("what was typed is lost: %v", back)
		}
		below := measures()
		below.Set("resource.0.amount", "-5")
		s.as("phuong").postForm("/admin/entries/new", below).wants(http.StatusUnprocessableEntity).has("Không thể nhỏ hơn 0")
	})
}

// TestTwoWhoMeasureAtOnceSeeBoth: a conflict shows the rows of both.
func TestTwoWhoMeasureAtOnceSeeBoth(t *testing.T) {
	each(t, func(s *site) {
		unit, officer := s.as("phuong"), s.as("canbo")
		page := unit.postForm("/admin/entries/new", measures()).wants(http.StatusSeeOther).at
		mine, theirs := unit.get(page+"/edit").form(), officer.get(page+"/edit").form()
		theirs.Set("indicator.0.actual", "50")
		officer.postForm(page+"/edit", theirs).wants(http.StatusSeeOther)
		mine.Set("indicator.0.actual", "60")
		conflict := unit.postForm(page+"/edit", mine).wants(http.StatusConflict).has("Chỉ số kết quả", "Kết quả 60 hộ", "Kết quả 50 hộ")
		kept := conflict.form()
		unit.postForm(page+"/edit", anew(kept)).wants(http.StatusSeeOther)
		unit.get(page).has("60").lacks("−42,25")
	})
}

// public is an entry that is recognised and agreed to, with a figure.
func (s *site) public(title string) practice.Entry {
	s.t.Helper()
	ctx, who := s.t.Context(), s.house.System()
	e := s.entry("HK.A.1", title)
	for _, step := range []func() error{
		func() error {
			return s.house.Practices.Receive(ctx, who, practice.Step{Entries: []string{e.ID}, On: clock.MustDate("2024-06-01")})
		},
		func() error {
			return s.house.Practices.Start(ctx, who, practice.Step{Entries: []string{e.ID}, On: clock.MustDate("2024-06-10")})
		},
		func() error {
			d, err := s.house.Movements.Decide(ctx, who, movement.DecisionInput{
				Paper: ledger.PaperDecision, Number: "1/QĐ", Authority: "HK", Level: org.District, SignedOn: clock.MustDate("2024-09-01"), Title: "Công nhận",
			})
			s.must(err)
			s.must(sample.Papers(ctx, s.house, who, sample.Chain{Decision: d, Entries: []string{e.ID}, Text: "Đã làm xong."}))
			return s.house.Practices.Recognise(ctx, who, d.ID, []string{e.ID})
		},
		func() error {
			return s.house.Practices.Consent(ctx, who, e.ID, practice.Agreement{Agreed: true, Note: "phiếu"})
		},
	} {
		s.must(step())
	}
	return e
}

// TestWhatWasPublishedIsCorrectedInSight: a text or a figure that readers have seen changes
// only with a note for them, which stays on the public page with its day; what they do not
// see changes without one.
func TestWhatWasPublishedIsCorrectedInSight(t *testing.T) {
	each(t, func(s *site) {
		e := s.public("Ngõ sáng")
		officer, reader := s.as("canbo"), s.visitor()
		page, public := "/admin/entries/"+e.Code, "/practices/"+e.Code+"/ngo-sang"
		form := officer.get(page + "/edit").wants(http.StatusOK).has("Điều được đính chính").form()
		form.Set("goals", "Mục tiêu đúng")
		officer.postForm(page+"/edit", form).wants(http.StatusUnprocessableEntity).has("điều gì được đính chính", `href="#f-correction"`, "Mục tiêu đúng")
		reader.get(public).wants(http.StatusOK).has("Mục tiêu ban đầu").lacks("Đính chính")
		form.Set("correction", "Mục tiêu ghi nhầm,\nnay sửa.")
		officer.postForm(page+"/edit", anew(form)).wants(http.StatusSeeOther)
		reader.get(public).has("Mục tiêu đúng", "Mục tiêu ghi nhầm,", "nay sửa.", "30/9/2024")
		officer.get(page).has("Đính chính đã công bố", "Mục tiêu ghi nhầm,", "Cán bộ Hà")

		form = officer.get(page + "/edit").form()
		if form.Get("correction") != "" {
			t.Errorf("the form offers the old note again: %q", form.Get("correction"))
		}
		form.Set("indicator.0.name", "Hộ tham gia")
		form.Set("indicator.0.actual", "40")
		officer.postForm(page+"/edit", form).wants(http.StatusUnprocessableEntity).has(`href="#f-correction"`)
		form.Set("correction", "Bổ sung số hộ.")
		officer.postForm(page+"/edit", anew(form)).wants(http.StatusSeeOther)
		reader.get(public).has("Hộ tham gia", "Bổ sung số hộ.", "Mục tiêu ghi nhầm,")

		form = officer.get(page + "/edit").form()
		form.Set("forces", "Lực lượng mới") // readers do not see it
		officer.postForm(page+"/edit", form).wants(http.StatusSeeOther)
		if e, err := s.house.Practices.Get(t.Context(), s.house.System(), e.ID); err != nil || len(e.Corrections) != 2 {
			t.Errorf("%+v, %v", e.Corrections, err)
		}
		s.must(s.house.Practices.Consent(t.Context(), s.house.System(), e.ID, practice.Agreement{}))
		form = officer.get(page + "/edit").lacks("Điều được đính chính").form()
		form.Set("goals", "Viết lại")
		officer.postForm(page+"/edit", form).wants(http.StatusSeeOther)
		s.must(s.house.Practices.Consent(t.Context(), s.house.System(), e.ID, practice.Agreement{Agreed: true, Note: "phiếu"}))
		reader.get(public).has("Viết lại", "Bổ sung số hộ.", "Mục tiêu ghi nhầm,")
	})
}
