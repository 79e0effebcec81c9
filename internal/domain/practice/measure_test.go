package practice_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

func TestRowsAreBounded(t *testing.T) {
	row := practice.Indicator{Name: "Hộ"}
	for _, c := range []struct {
		name  string
		spoil func(*practice.Input)
		field string
	}{
		{"no name", func(in *practice.Input) { in.Indicators = []practice.Indicator{{}, {Unit: "hộ"}} }, "indicator.1.name"},
		{"a long name", func(in *practice.Input) { in.Indicators = []practice.Indicator{{Name: strings.Repeat("ă", 201)}} }, "indicator.0.name"},
		{"a zero byte", func(in *practice.Input) { in.Indicators = []practice.Indicator{{Name: "a", Source: "\x00"}} }, "indicator.0.source"},
		{"nobody's beneficiary", func(in *practice.Input) { in.Indicators = []practice.Indicator{{Name: "a", Beneficiary: "x"}} }, "indicator.0.beneficiary"},
		{"too many", func(in *practice.Input) { in.Indicators = slices.Repeat([]practice.Indicator{row}, 21) }, "indicator.0.name"},
		{"too many resources", func(in *practice.Input) {
			in.Means = slices.Repeat([]practice.Resource{{Kind: practice.Work, Amount: viet.Whole(1), Funding: practice.Budget}}, 21)
		}, "resource.0.kind"},
		{"no kind", func(in *practice.Input) {
			in.Means = []practice.Resource{{Amount: viet.Whole(1), Funding: practice.Budget}}
		}, "resource.0.kind"},
		{"from nobody", func(in *practice.Input) { in.Means = []practice.Resource{{Amount: viet.Whole(1), Kind: practice.Work}} }, "resource.0.funding"},
		{"half a đồng", func(in *practice.Input) {
			in.Means = []practice.Resource{{Amount: viet.Tenths(5), Kind: practice.Money, Funding: practice.Budget}}
		}, "resource.0.amount"},
		{"a thing without a word", func(in *practice.Input) {
			in.Means = []practice.Resource{{Amount: viet.Whole(5), Kind: practice.InKind, Funding: practice.Budget}}
		}, "resource.0.text"},
		{"a correction too long", func(in *practice.Input) { in.Correction = strings.Repeat("ă", 2001) }, "correction"},
	} {
		in := apptest.Registration()
		c.spoil(&in)
		if err := in.Check(); !slices.Contains(fields(err), c.field) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	in := apptest.Registration()
	in.Indicators = []practice.Indicator{{}, row, {}}
	if err := in.Check(); err != nil || len(in.Indicators) != 1 {
		t.Errorf("empty rows: %v, %v", in.Indicators, err)
	}
}

// TestWhatWasVoidedIsNotUnderItsDecision: a recognition recorded in error is none of the
// decision's; one that was revoked stays, for the decision named it.
func TestWhatWasVoidedIsNotUnderItsDecision(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		paper := s.Decide("5/QĐ", "2024-09-01")
		var entries []practice.Entry
		for _, title := range []string{"Giữ", "Ghi nhầm", "Hủy bỏ"} {
			in := apptest.Registration()
			in.Title, in.Subject = title, "Tổ "+title
			e := s.Register(in)
			s.Must(s.Practices.Receive(ctx, who, practice.Step{Entries: []string{e.ID}, On: day("2024-03-01")}))
			s.Must(s.Practices.Start(ctx, who, practice.Step{Entries: []string{e.ID}, On: day("2024-04-01")}))
			s.Papers(paper, e.ID)
			s.Must(s.Practices.Recognise(ctx, who, paper.ID, []string{e.ID}))
			e, err := s.Practices.Get(ctx, who, e.ID)
			s.Must(err)
			entries = append(entries, e)
		}
		act := func(e practice.Entry) string { return e.Standing.InForce(ledger.Recognised, day("2024-09-01"))[0].ID }
		s.Must(s.Practices.Void(ctx, who, entries[1].ID, act(entries[1]), "ghi nhầm"))
		s.Must(s.Practices.Revoke(ctx, who, entries[2].ID, act(entries[2]), practice.Step{On: day("2024-10-01"), Reason: "sai"}))
		under, err := s.Practices.Under(ctx, s.At(app.RoleOfficer, "D"), paper.ID)
		s.Must(err)
		var titles []string
		for _, row := range under[ledger.Recognised] {
			titles = append(titles, row.Title)
		}
		slices.Sort(titles)
		if !slices.Equal(titles, []string{"Giữ", "Hủy bỏ"}) {
			t.Errorf("under the decision: %v", titles)
		}
		honours, err := s.Press.HonoursOf(ctx, who, paper.ID)
		if err != nil || honours.Others != 2 {
			t.Errorf("a draft counts %d, %v", honours.Others, err)
		}
	})
}

// TestTitlesOfDecisionsHideNames: the name of a person on a decision is blotted out of its
// title until the person agreed to be named in a practice that is public.
func TestTitlesOfDecisionsHideNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		in := apptest.Registration()
		in.Kind, in.Subject = ledger.Individual, "Ông Lê Văn Ẩn"
		e := s.Recognised(in, "1/QĐ")
		paper := e.Standing.InForce(ledger.Recognised, day("2024-09-01"))[0].Decision
		title := func() string {
			all := []ledger.Decision{{ID: paper, Title: "Công nhận mô hình của ông LE VAN AN, tổ 1"}, {ID: "x", Title: "Lê Văn Ẩn"}}
			s.Must(s.Practices.HideNames(t.Context(), d, all))
			if all[1].Title != "Lê Văn Ẩn" {
				t.Errorf("a decision without anybody: %s", all[1].Title)
			}
			return all[0].Title
		}
		agree := func(in practice.Agreement) {
			in.Note = "phiếu"
			s.Must(s.Practices.Consent(t.Context(), s.System(), e.ID, in))
		}
		const hidden = "Công nhận mô hình của ông […], tổ 1"
		if got := title(); got != hidden {
			t.Errorf("nothing agreed: %s", got)
		}
		agree(practice.Agreement{Agreed: true})
		if got := title(); got != hidden {
			t.Errorf("not agreed to be named: %s", got)
		}
		agree(practice.Agreement{Agreed: true, Named: true})
		if got := title(); got != "Công nhận mô hình của ông LE VAN AN, tổ 1" {
			t.Errorf("agreed: %s", got)
		}
		agree(practice.Agreement{})
		if got := title(); got != hidden {
			t.Errorf("taken back: %s", got)
		}
	})
}

// TestOldEntriesChangeWithoutANote: what nobody has seen needs no correction.
func TestOldEntriesChangeWithoutANote(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		in := apptest.Registration()
		e := s.Recognised(in, "1/QĐ")
		in.Parts.Approach = "Cách khác."
		e, err := s.Practices.Edit(t.Context(), s.System(), e.ID, e.Version, in)
		s.Must(err)
		s.Must(s.Practices.Consent(t.Context(), s.System(), e.ID, practice.Agreement{Agreed: true, Note: "phiếu"}))
		in.Title = "Tên khác"
		_, err = s.Practices.Edit(t.Context(), s.System(), e.ID, e.Version+1, in)
		if !errs.Is(err, errs.Invalid) || !slices.Equal(fields(err), []string{"correction"}) {
			t.Errorf("a title that readers see: %v", err)
		}
	})
}
