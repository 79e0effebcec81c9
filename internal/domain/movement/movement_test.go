package movement_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

func input() movement.Input {
	return movement.Input{
		Code: "m-2025", Name: "Phong trào năm sau", Level: org.District, Unit: "D", StandingBody: "D.B", Follows: "M-2024",
		LaunchedOn: apptest.Day("2024-10-16"),
		Period:     movement.PeriodInput{Name: "Năm 2025", From: apptest.Day("2025-01-01"), To: apptest.Day("2025-06-30")},
		Fields:     []movement.Field{{Code: "do-thi", Name: "Đô thị văn minh", National: ledger.CultureSociety}},
		Papers:     []movement.PaperInput{{Kind: movement.Plan, Number: "1-KH", SignedOn: apptest.Day("2024-10-10"), Title: "Kế hoạch"}},
	}
}

func fields(err error) []string {
	var all []string
	for _, e := range errs.All(err) {
		all = append(all, e.Field)
	}
	return all
}

func TestLaunch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		made, err := s.Movements.Launch(t.Context(), s.System(), input())
		s.Must(err)
		got, err := s.Movements.Get(t.Context(), s.System(), "M-2025")
		s.Must(err)
		if got.Name != made.Name || len(got.Fields) != 1 || len(got.Papers) != 1 || len(got.Periods) != 1 || got.Follows == "" {
			t.Errorf("what was launched is not what is read: %+v", got)
		}
		before, ok, err := s.Movements.Before(t.Context(), d, got, got.Periods[0])
		if err != nil || !ok || before.Name != "Năm 2024" {
			t.Errorf("the period before: %+v, %v, %v", before, ok, err)
		}
		if _, err := s.Movements.Launch(t.Context(), s.System(), input()); !errs.Is(err, errs.Conflict) {
			t.Errorf("one code twice: %v", err)
		}
	})
}

func TestLaunchRefusesBadInput(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		for _, c := range []struct {
			name  string
			spoil func(*movement.Input)
			field string
		}{
			{"from after to", func(in *movement.Input) { in.Period.From, in.Period.To = in.Period.To, in.Period.From }, "to"},
			{"no code", func(in *movement.Input) { in.Code = "" }, "code"},
			{"a code that breaks an address", func(in *movement.Input) { in.Code = "a/b" }, "code"},
			{"a field under no national one", func(in *movement.Input) { in.Fields[0].National = 9 }, "fields"},
			{"a field twice", func(in *movement.Input) { in.Fields = append(in.Fields, in.Fields[0]) }, "fields"},
			{"a paper without a number", func(in *movement.Input) { in.Papers[0].Number = "" }, "paperNumber"},
			{"a district after its end", func(in *movement.Input) { in.LaunchedOn = org.DistrictEnd() }, "level"},
			{"no such unit", func(in *movement.Input) { in.Unit = "X" }, "unit"},
			{"no such movement to follow", func(in *movement.Input) { in.Follows = "X" }, "follows"},
		} {
			in := input()
			c.spoil(&in)
			if _, err := s.Movements.Launch(t.Context(), s.System(), in); !errs.Is(err, errs.Invalid) || !slices.Contains(fields(err), c.field) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	})
}

func TestPeriodsDoNotOverlap(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		in := movement.PeriodInput{Name: "Quý IV", From: apptest.Day("2024-12-31"), To: apptest.Day("2025-03-31")}
		if _, err := s.Movements.OpenPeriod(t.Context(), s.System(), "M-2024", in); !errs.Is(err, errs.Conflict) {
			t.Errorf("a period over another: %v", err)
		}
		in.From++
		if _, err := s.Movements.OpenPeriod(t.Context(), s.System(), "M-2024", in); err != nil {
			t.Error(err)
		}
	})
}

func TestTwoEditorsOfOneMovement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		made, err := s.Movements.Launch(t.Context(), s.System(), input())
		s.Must(err)
		in := input()
		in.Name = "Tên mới"
		s.Must(s.Movements.Update(t.Context(), s.System(), made.Code, made.Version, in))
		if err := s.Movements.Update(t.Context(), s.System(), made.Code, made.Version, in); !errs.Is(err, errs.Conflict) {
			t.Errorf("the second editor wrote over the first: %v", err)
		}
		in.Fields[0].National = ledger.Economy
		if err := s.Movements.Update(t.Context(), s.System(), made.Code, made.Version+1, in); !errs.Is(err, errs.Invalid) {
			t.Errorf("a field was mapped elsewhere under its figures: %v", err)
		}
	})
}

func TestADecisionsNumberIsTakenOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		s.Decide("15/QĐ-UBND", "2024-05-01")
		in := movement.DecisionInput{
			Paper: ledger.PaperDecision, Number: "15 / qđ-ubnd", Authority: "D", SignedOn: apptest.Day("2024-06-01"), Title: "Lặp số",
		}
		if _, err := s.Movements.Decide(t.Context(), s.System(), in); !errs.Is(err, errs.Conflict) || !slices.Contains(fields(err), "number") {
			t.Errorf("a number twice in a year: %v", err)
		}
		in.SignedOn = apptest.Day("2025-06-01")
		if _, err := s.Movements.Decide(t.Context(), s.System(), in); err != nil {
			t.Errorf("the same number in another year: %v", err)
		}
		in.Number, in.Authority = "15/QĐ-UBND", "W1"
		if _, err := s.Movements.Decide(t.Context(), s.System(), in); err != nil {
			t.Errorf("the same number of another authority: %v", err)
		}
	})
}

// TestWhoSeesAMovement: those within its area and those whose area it lies in; only the
// latter change it.
func TestWhoSeesAMovement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		_, err := s.Org.Create(t.Context(), s.System(), org.Input{Code: "E", Name: "Quận E", Kind: "district", From: apptest.Day("2010-01-01")})
		s.Must(err)
		if _, err := s.Movements.Get(t.Context(), s.At(app.RoleReporter, "W1"), "M-2024"); err != nil {
			t.Errorf("a ward of the district: %v", err)
		}
		if _, err := s.Movements.Get(t.Context(), s.At(app.RoleOfficer, "E"), "M-2024"); !errs.Is(err, errs.NotFound) {
			t.Errorf("another district: %v", err)
		}
		if err := s.Movements.Update(t.Context(), s.At(app.RoleOfficer, "W1"), "M-2024", 1, input()); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a ward changes the district's movement: %v", err)
		}
	})
}

func TestAPaperHasTheLevelOfItsAuthority(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		in := movement.DecisionInput{
			Paper: ledger.PaperDecision, Number: "1/QĐ", Authority: "W1", Level: org.Province, SignedOn: apptest.Day("2024-10-01"), Title: "Quyết định",
		}
		if _, err := s.Movements.Decide(t.Context(), s.System(), in); !errs.Is(err, errs.Invalid) {
			t.Errorf("a ward decides on the level of the province: %v", err)
		}
		in.Level = org.NoLevel
		made, err := s.Movements.Decide(t.Context(), s.System(), in)
		s.Must(err)
		if made.Level != org.Commune {
			t.Errorf("level %q", made.Level)
		}
		in.Authority, in.SignedOn = "D", org.DistrictEnd()
		if _, err := s.Movements.Decide(t.Context(), s.System(), in); !errs.Is(err, errs.Invalid) {
			t.Errorf("a district after its end: %v", err)
		}
	})
}

func TestPapersOfOneDayStayTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		s.Decide("0/QĐ", "2024-08-01")
		for i := range 3 {
			s.Decide(strconv.Itoa(i+1)+"/QĐ", "2024-09-01")
		}
		first, err := s.Movements.Decisions(t.Context(), s.System(), 0, 2)
		s.Must(err)
		rest, err := s.Movements.Decisions(t.Context(), s.System(), first[len(first)-1].SignedOn, 2)
		s.Must(err)
		if len(first) != 3 || len(rest) != 1 {
			t.Errorf("%d and then %d papers, want 3 and 1", len(first), len(rest))
		}
	})
}

// TestAPaperFromAboveIsEnteredBelow: an officer of a ward enters a decision of its district,
// or of the district's Party board, under a right of its own; never that of another ward.
func TestAPaperFromAboveIsEnteredBelow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		officer := s.At(app.RoleOfficer, "W1")
		in := movement.DecisionInput{Paper: ledger.PaperDecision, SignedOn: apptest.Day("2024-10-01"), Title: "Công nhận"}
		for i, c := range []struct {
			authority, action string
		}{
			{"D", "movement.decideAbove"},
			{"D.B", "movement.decideAbove"},
			{"W1", "movement.decide"},
			{"W1.G", "movement.decide"},
			{"W2", ""},
			{"W2.G", ""},
		} {
			in.Number, in.Authority = strconv.Itoa(i)+"/QĐ", c.authority
			made, err := s.Movements.Decide(t.Context(), officer, in)
			if c.action == "" {
				if !errs.Is(err, errs.Invalid) || !slices.Contains(fields(err), "authority") {
					t.Errorf("a paper of %s: %v", c.authority, err)
				}
				continue
			}
			s.Must(err)
			records, err := audit.History(t.Context(), d, audit.Object{Kind: "decision", ID: made.ID})
			if err != nil || len(records) != 1 || records[0].Action != c.action {
				t.Errorf("a paper of %s is recorded as %+v, %v", c.authority, records, err)
			}
			if _, err := s.Movements.Decision(t.Context(), officer, made.ID); err != nil {
				t.Errorf("a paper of %s is not found: %v", c.authority, err)
			}
		}
		list, err := s.Movements.Decisions(t.Context(), officer, 0, 50)
		s.Must(err)
		if len(list) != 4 {
			t.Errorf("of four papers there are listed %d", len(list))
		}
		without := officer
		without.Rights = slices.DeleteFunc(slices.Clone(officer.Rights), func(r actor.Right) bool { return r == movement.RightDecideAbove })
		in.Number, in.Authority = "8/QĐ", "D"
		if _, err := s.Movements.Decide(t.Context(), without, in); !errs.Is(err, errs.Invalid) {
			t.Errorf("without the right: %v", err)
		}
		e := s.Register(apptest.Registration())
		s.Must(s.Practices.Receive(t.Context(), officer, practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-01")}))
		s.Papers(list[len(list)-1], e.ID)
		s.Must(s.Practices.Recognise(t.Context(), officer, list[len(list)-1].ID, []string{e.ID}))
	})
}
