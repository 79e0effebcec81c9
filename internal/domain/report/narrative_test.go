package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

func results(text string) report.Texts { return report.Texts{report.Results: text} }

// TestWordsKeepTheirVersions: each is kept, the same once more makes none, over a newer one
// nothing is saved, and two reports of other units do not share them.
func TestWordsKeepTheirVersions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		s.Register(apptest.Registration())
		q := september()
		write := func(over int, text string) error {
			_, err := s.Reports.Write(t.Context(), s.System(), report.NarrativeInput{Query: q, Over: over, Texts: results(text)})
			return err
		}
		first, err := s.Reports.Narrative(t.Context(), s.System(), q)
		s.Must(err)
		if first.Version != 0 || !strings.Contains(first.Filled()[report.Results], "có 1 mô hình đăng ký (tập thể 1,") {
			t.Errorf("the draft: %d %q", first.Version, first.Filled()[report.Results])
		}
		s.Must(write(0, "Có {{dang_ky}} mô hình."))
		s.Must(write(1, "Có cả thảy {{dang_ky}} mô hình."))
		s.Must(write(1, "Có cả thảy {{dang_ky}} mô hình.")) // sent twice
		if err := write(1, "Khác."); !errs.Is(err, errs.Conflict) {
			t.Errorf("over a newer one: %v", err)
		}
		all, err := s.Reports.Narratives(t.Context(), s.System(), q)
		if err != nil || len(all) != 2 || all[0].Version != 2 || all[1].Texts[report.Results] != "Có {{dang_ky}} mô hình." {
			t.Errorf("the versions: %+v %v", all, err)
		}
		q.Scope = "W1"
		ward, err := s.Reports.Narrative(t.Context(), s.System(), q)
		if err != nil || ward.Version != 0 {
			t.Errorf("a ward's words: %d %v", ward.Version, err)
		}
		if _, err := s.Reports.Write(t.Context(), s.At(app.RoleLeader, "D"), report.NarrativeInput{Query: september()}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a leader wrote: %v", err)
		}
	})
}

// TestReferencesAndNumbersTypedByHand: a wrong name is refused with the one that was meant, a
// mark that is not closed is refused, and numbers that the report counts are told of, with
// the references that say the same; days, years, articles and numbers of papers are none.
func TestReferencesAndNumbersTypedByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		for range 3 {
			s.Register(apptest.Registration())
		}
		try := func(text string) (report.Written, error) {
			latest, err := s.Reports.Narrative(t.Context(), s.System(), september())
			s.Must(err)
			return s.Reports.Write(t.Context(), s.System(), report.NarrativeInput{Query: september(), Over: latest.Version, Texts: results(text)})
		}
		for text, key := range map[string]i18n.Key{
			"{{dang_kyy}}": i18n.ReportUnknownMeant, "{{bang_don_vi.W1.dang_kí}}": i18n.ReportUnknownMeant, "{{khong_co_gi_nhu_the}}": i18n.ReportUnknownName,
			"Có {{dang_ky mô hình": i18n.ReportOpenMark, "Có dang_ky}} mô hình": i18n.ReportOpenMark,
		} {
			_, err := try(text)
			if all := errs.All(err); len(all) != 1 || all[0].Key != key || all[0].Field != "results" {
				t.Errorf("%s: %v", text, err)
			}
		}
		w, err := try("Ở phường Một {{bang_don_vi.W1.dang_ky}} mô hình, cả quận {{dang_ky}}; tập thể {{linh_vuc.kinh_te.dang_ky}}.")
		s.Must(err)
		if got := w.Filled()[report.Results]; got != "Ở phường Một 3 mô hình, cả quận 3; tập thể 3." || len(w.Typed) != 0 {
			t.Errorf("filled: %q, typed %v", got, w.Typed)
		}
		w, err = try("Năm 2024, ngày 3/9, theo Kế hoạch số 3/KH-BDV, điều 3, tăng 3%, T3: có 3 mô hình đăng ký và 17 điển hình, 12 buổi họp.")
		s.Must(err)
		var typed []string
		for _, one := range w.Typed {
			typed = append(typed, one.Number)
		}
		if !slices.Equal(typed, []string{"3", "17"}) || w.Typed[0].Offers[0].Name != "dang_ky" || len(w.Typed[1].Offers) != 0 {
			t.Errorf("typed by hand: %v %+v", typed, w.Typed)
		}
	})
}
