package paper_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// reports are papers of one office that each want a number.
func reports(n int) []paper.About {
	var all []paper.About
	for i := range n {
		all = append(all, paper.About{Kind: paper.InterimReport, ID: sample.Movement, Part: fmt.Sprintf("2024-06-%02d", i+1)})
	}
	return all
}

func save(tb testing.TB, h *app.House, about paper.About, in paper.SheetInput) (paper.Sheet, error) {
	tb.Helper()
	p, err := h.Papers.Prepare(tb.Context(), h.System(), about)
	if err != nil {
		tb.Fatal(err)
	}
	return h.Papers.Save(tb.Context(), h.System(), about, p.Sheet.Version, in)
}

func office(tb testing.TB, h *app.House, unit string, o paper.Office) {
	tb.Helper()
	o.From = apptest.Day("2020-01-01")
	if err := h.Papers.SetOffice(tb.Context(), h.System(), unit, o); err != nil {
		tb.Fatal(err)
	}
}

// TestNumbersAreGivenOnce: twenty who ask at one time get twenty numbers in a row.
func TestNumbersAreGivenOnce(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		office(t, h, sample.CodeDistrict, paper.Office{Letters: "UBND"})
		all := reports(20)
		for _, about := range all {
			if _, err := save(t, h, about, paper.SheetInput{Dated: apptest.Day("2024-06-30"), Unit: sample.CodeDistrict}); err != nil {
				t.Fatal(err)
			}
		}
		numbers, failed := make([]string, len(all)), make([]error, len(all))
		var wait sync.WaitGroup
		for i, about := range all {
			wait.Go(func() {
				sheet, err := h.Papers.Reserve(t.Context(), h.System(), about, 1)
				numbers[i], failed[i] = sheet.Number, err
			})
		}
		wait.Wait()
		if err := errors.Join(failed...); err != nil {
			t.Fatal(err)
		}
		slices.Sort(numbers)
		for i, got := range numbers {
			if want := fmt.Sprintf("%02d/BC-UBND", i+1); got != want {
				t.Fatalf("%q, want %q at %d", numbers, want, i)
			}
		}
		if _, err := h.Papers.Reserve(t.Context(), h.System(), all[0], 2); !errs.Is(err, errs.Conflict) {
			t.Errorf("a second number: %v", err)
		}
	})
}

// TestNumbersThatAreTyped follow the clerk's book, and none is used twice.
func TestNumbersThatAreTyped(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		office(t, h, sample.CodeDistrict, paper.Office{Letters: "UBND"})
		all := reports(4)
		in := paper.SheetInput{Dated: apptest.Day("2024-06-30"), Unit: sample.CodeDistrict, Number: "40/BC-UBND"}
		if _, err := save(t, h, all[0], in); err != nil {
			t.Fatal(err)
		}
		in.Number = "040/BC-UBND"
		if _, err := save(t, h, all[1], in); !errs.Is(err, errs.Invalid) || errs.All(err)[0].Field != "number" {
			t.Errorf("a number twice: %v", err)
		}
		in.Number = ""
		first, err := save(t, h, all[1], in)
		if err != nil {
			t.Fatal(err)
		}
		reserved, err := h.Papers.Reserve(t.Context(), h.System(), all[1], first.Version)
		if err != nil || reserved.Number != "41/BC-UBND" {
			t.Fatalf("behind 40 comes %q, %v", reserved.Number, err)
		}
		in.Number, in.Dated = "41/BC-UBND", apptest.Day("2025-01-05")
		if _, err := save(t, h, all[1], in); !errs.Is(err, errs.Invalid) || errs.All(err)[0].Field != "dated" {
			t.Errorf("a number of 2024 on a paper of 2025: %v", err)
		}
		in.Number, in.Dated = "50/BC-UBND", apptest.Day("2024-06-30")
		if _, err := save(t, h, all[1], in); err != nil {
			t.Fatal(err)
		}
		in.Number = "41/BC-UBND"
		if _, err := save(t, h, all[2], in); !errs.Is(err, errs.Invalid) {
			t.Errorf("a number that was reserved and given up: %v", err)
		}
		in.Number = "42/BC-UBND"
		if _, err := save(t, h, all[0], in); err != nil { // the clerk had said 42, not 40
			t.Fatal(err)
		}
		in.Number = "40/BC-UBND"
		if _, err := save(t, h, all[2], in); err != nil {
			t.Errorf("a number that was typed in error: %v", err)
		}
		for _, bad := range []paper.SheetInput{{Number: "15/BC-UBND"}, {Number: "BC-15", Dated: 1}, {Number: "0/BC", Dated: 1}} {
			if _, err := save(t, h, all[3], bad); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}

// TestSeriesByTrack: by year of the State, by sort and term of the Party; what is not set is asked for.
func TestSeriesByTrack(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		report := reports(3)
		plan := paper.About{Kind: paper.Plan, ID: sample.Movement}
		ask := func(about paper.About, in paper.SheetInput) (string, error) {
			sheet, err := save(t, h, about, in)
			if err != nil {
				t.Fatal(err)
			}
			sheet, err = h.Papers.Reserve(t.Context(), h.System(), about, sheet.Version)
			return sheet.Number, err
		}
		party := paper.SheetInput{Dated: apptest.Day("2024-06-30"), Unit: sample.CodeCommittee, Profile: rulebook.PartyProfile}
		if _, err := ask(report[0], party); !errs.Is(err, errs.Invalid) {
			t.Errorf("without letters: %v", err)
		}
		office(t, h, sample.CodeCommittee, paper.Office{Letters: "QU"})
		if _, err := ask(report[1], party); !errs.Is(err, errs.Invalid) {
			t.Errorf("without a term: %v", err)
		}
		office(t, h, sample.CodeCommittee, paper.Office{Letters: "QU", Term: "2020-2025"})
		for _, c := range []struct {
			about paper.About
			year  string
			want  string
		}{{report[2], "2024-06-30", "01-BC/QU"}, {plan, "2024-06-30", "01-KH/QU"}, {paper.About{Kind: paper.FinalReport, ID: sample.Movement, Part: "2024-10-15"}, "2025-01-02", "02-BC/QU"}} {
			if c.about.Kind == paper.FinalReport { // another sort of report is counted with the others
				party.Dated = apptest.Day(c.year)
			}
			if got, err := ask(c.about, party); err != nil || got != c.want {
				t.Errorf("%s: %q, %v, want %q", c.about.Kind, got, err, c.want)
			}
		}
	})
}
