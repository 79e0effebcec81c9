package report_test

import (
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// twoYears is the small house with the movement of the year after, a new ward W3 of that
// year, and entries in both: in 2024 two of W1's group and one of W2 itself, in 2025 one of
// W1's group and one of W3.
func twoYears(t *testing.T, d *db.DB) apptest.Small {
	t.Helper()
	s := apptest.NewSmall(t, d)
	_, err := s.Movements.Launch(t.Context(), s.System(), movement.Input{
		Code: "M-2025", Name: "Phong trào 2025", Level: org.District, Unit: "D", StandingBody: "D.B", LaunchedOn: apptest.Day("2025-01-02"), Follows: "M-2024",
		Period: movement.PeriodInput{Name: "Năm 2025", From: apptest.Day("2025-01-01"), To: apptest.Day("2025-12-31")},
	})
	s.Must(err)
	_, err = s.Org.Create(t.Context(), s.System(), org.Input{
		Code: "W3", Name: "Phường Ba", Kind: "commune", Level: org.Commune, From: apptest.Day("2025-03-01"),
		Parents: []org.ParentInput{{Unit: unitID(t, s, "D"), Tree: org.State, Counts: true}},
	})
	s.Must(err)
	for _, one := range []struct{ movement, unit, on string }{
		{"M-2024", "W1.G", "2024-02-01"},
		{"M-2024", "W1.G", "2024-02-02"},
		{"M-2024", "W2", "2024-02-01"},
		{"M-2025", "W1.G", "2025-02-01"},
		{"M-2025", "W3", "2025-04-01"},
	} {
		in := apptest.Registration()
		in.Movement, in.Unit, in.On = one.movement, one.unit, apptest.Day(one.on)
		s.Register(in)
	}
	return s
}

func unitID(t *testing.T, s apptest.Small, code string) string {
	t.Helper()
	tree, err := s.Org.Current(t.Context())
	s.Must(err)
	u, ok := tree.ByCode(code)
	if !ok {
		t.Fatalf("no unit %s", code)
	}
	return u.ID
}

func compared(t *testing.T, s apptest.Small, by report.Boundaries) (report.Compared, map[string][2]int) {
	t.Helper()
	c, err := s.Reports.Compare(t.Context(), s.System(), report.Query{Movement: "M-2025", AsOf: apptest.Day("2025-12-31")}, by)
	s.Must(err)
	rows := map[string][2]int{}
	for _, r := range c.Rows {
		rows[r.Code] = [2]int{r.Was.Of(ledger.FigureRegistered), r.Is.Of(ledger.FigureRegistered)}
	}
	return c, rows
}

// TestAMergedUnitIsFollowed: by today's boundaries what W2 had is counted in W3, which took
// it over whole; by those of then, what W3 has is counted in W2.
func TestAMergedUnitIsFollowed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := twoYears(t, d)
		s.Must(s.Org.Reorganise(t.Context(), s.System(), org.Event{
			Kind: org.Merge, On: apptest.Day("2025-03-01"), Decision: "NQ 1", Successions: []org.Succession{{From: unitID(t, s, "W2"), To: unitID(t, s, "W3"), Whole: true}},
		}))
		_, today := compared(t, s, report.ByToday)
		if today["W1"] != [2]int{2, 1} || today["W3"] != [2]int{1, 1} || len(today) != 2 {
			t.Errorf("by today's boundaries: %v", today)
		}
		_, then := compared(t, s, report.ByThen)
		if then["W1"] != [2]int{2, 1} || then["W2"] != [2]int{1, 1} || len(then) != 2 {
			t.Errorf("by the boundaries then: %v", then)
		}
	})
}

// TestASplitUnitIsRefusedByName: nobody knows to which part what W2 itself had belongs; a
// group that lies below goes its own way and is no reason.
func TestASplitUnitIsRefusedByName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := twoYears(t, d)
		s.Must(s.Org.Reorganise(t.Context(), s.System(), org.Event{
			Kind: org.Split, On: apptest.Day("2025-03-01"), Decision: "NQ 2",
			Successions: []org.Succession{{From: unitID(t, s, "W2"), To: unitID(t, s, "W3")}, {From: unitID(t, s, "W2"), To: unitID(t, s, "W1")}},
		}))
		c, _ := compared(t, s, report.ByToday)
		if len(c.Rows) != 0 || len(c.Refused) != 1 || c.Refused[0].Code != "W2" || c.Refused[0].Count != 1 || len(c.Refused[0].Others) != 2 {
			t.Errorf("a split: %+v", c)
		}
		then, rows := compared(t, s, report.ByThen)
		if len(then.Refused) != 0 || rows["W2"] != [2]int{1, 1} || rows["W1"] != [2]int{2, 1} {
			t.Errorf("by the boundaries then W3 was a part of W2 alone: %+v %v", then.Refused, rows)
		}
	})
}
