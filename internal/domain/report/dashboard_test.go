package report_test

import (
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// TestADashboardSaysWhatTheReportSays holds every number of the pictures of each figure
// against the report: on each day of its course, of each unit and of each field.
func TestADashboardSaysWhatTheReportSays(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		reports := map[string]report.Report{}
		on := func(day, scope string) report.Report {
			if _, ok := reports[day+scope]; !ok {
				reports[day+scope] = ask(t, h, day, scope)
			}
			return reports[day+scope]
		}
		for _, d := range ledger.Definitions() {
			for _, day := range []string{"2024-06-15", "2024-10-16"} {
				board := dashboard(t, h, report.DashboardQuery{Query: report.Query{Movement: "HK-2024", AsOf: apptest.Day(day)}, Figure: d.Figure})
				whole := on(day, "")
				if want := whole.Figures.Get(d.Figure).Total; board.Total != want || sum(board.Units) != want {
					t.Errorf("%s on %s: drawn %d, the units %d, the report %d", d.Figure, day, board.Total, sum(board.Units), want)
				}
				if want := whole.Figures.Get(ledger.FigureRegistered).Total; board.Registered() != want {
					t.Errorf("registered on %s: drawn %d, the report %d", day, board.Registered(), want)
				}
				courseAgrees(t, d.Figure, board, on)
				unitsAgree(t, d.Figure, board, whole)
			}
		}
	})
}

func courseAgrees(t *testing.T, f ledger.Figure, board report.Dashboard, on func(day, scope string) report.Report) {
	t.Helper()
	came := 0
	for _, s := range board.Course {
		if s.Ahead {
			if s.Count != 0 {
				t.Errorf("%s on %s, which has not come: %d", f, s.On, s.Count)
			}
			continue
		}
		came++
		if want := on(s.On.String(), "").Figures.Get(f).Total; s.Count != want {
			t.Errorf("%s on %s: drawn %d, the report %d", f, s.On, s.Count, want)
		}
	}
	if last := board.Course[came-1]; last.On != board.AsOf || last.Count != board.Total {
		t.Errorf("%s: the course ends on %s with %d, asked was %s with %d", f, last.On, last.Count, board.AsOf, board.Total)
	}
}

// unitsAgree holds the units against table 1 of the report, and those without entries.
func unitsAgree(t *testing.T, f ledger.Figure, board report.Dashboard, whole report.Report) {
	t.Helper()
	rows := map[string]report.Row{}
	for _, row := range whole.Table(report.TableByUnit).Rows {
		rows[row.Text("unit")] = row
	}
	silent := 0
	for _, u := range board.Units {
		row := rows[u.Unit.Code]
		if _, ok := row[string(f)]; ok && row.Int(string(f)) != u.Count {
			t.Errorf("%s of %s: drawn %d, the report %d", f, u.Name, u.Count, row.Int(string(f)))
		}
		if got := sum(u.Parts); got != u.Count && !u.Own {
			t.Errorf("%s of %s: %d in all, %d below and of its own", f, u.Name, u.Count, got)
		}
		if !u.Own && row.Int("registered") == 0 {
			silent++
		}
	}
	if silent != len(board.Silent) {
		t.Errorf("%d units are silent, drawn are %d", silent, len(board.Silent))
	}
	for _, field := range board.Fields {
		if got := whole.Table(report.TableByUnit).Totals[field.Field.String()]; field.Count != got {
			t.Errorf("%s: drawn %d, the report %d", field.Field, field.Count, got)
		}
	}
}

func sum(all []report.UnitCount) int {
	n := 0
	for _, u := range all {
		n += u.Count
	}
	return n
}

func dashboard(t *testing.T, h *app.House, in report.DashboardQuery) report.Dashboard {
	t.Helper()
	d, err := h.Reports.Dashboard(t.Context(), h.System(), in)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDashboardOfAWardIsOfTheWard(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		s.Register(apptest.Registration())
		in := apptest.Registration()
		in.Unit = "W2.G"
		s.Register(in)
		ward := s.At(app.RoleReporter, "W1")
		q := report.DashboardQuery{Query: report.Query{Movement: "M-2024", AsOf: apptest.Day("2024-06-01")}, Pace: report.ByWeek}
		got, err := s.Reports.Dashboard(t.Context(), ward, q)
		s.Must(err)
		if got.Scope.Code != "W1" || got.Total != 1 || len(got.Course) < 52 || got.Fields[0].Count+got.Fields[1].Count+got.Fields[2].Count+got.Fields[3].Count != 1 {
			t.Errorf("a ward's dashboard: %+v", got)
		}
		q.Scope = "W2"
		if _, err := s.Reports.Dashboard(t.Context(), ward, q); !errs.Is(err, errs.NotFound) {
			t.Errorf("the dashboard of another ward: %v", err)
		}
		q.Scope, q.Figure = "", "wealth"
		if _, err := s.Reports.Dashboard(t.Context(), ward, q); !errs.Is(err, errs.Invalid) {
			t.Errorf("an unknown figure: %v", err)
		}
	})
}

func TestAFieldIsShort(t *testing.T) {
	for _, one := range []struct {
		field report.FieldCount
		all   int
		want  bool
	}{
		{report.FieldCount{Count: 0}, 0, false},
		{report.FieldCount{Count: 12}, 100, true},
		{report.FieldCount{Count: 13}, 100, false},
		{report.FieldCount{Count: 50, Target: 51}, 100, true},
		{report.FieldCount{Count: 5, Target: 5}, 100, false},
	} {
		if got := one.field.Short(one.all); got != one.want {
			t.Errorf("%+v of %d: %v", one.field, one.all, got)
		}
	}
}
