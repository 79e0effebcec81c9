package movement_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

func TestDeadlinesOnDaysOff(t *testing.T) {
	off := movement.Holidays{apptest.Day("2024-04-29"): "Nghỉ bù", apptest.Day("2024-02-12"): "Tết Nguyên đán"}
	for _, c := range []struct {
		closes string
		rolls  bool
		want   string
	}{
		{"2024-03-29", true, "2024-03-29"}, // a Friday
		{"2024-03-30", true, "2024-04-01"}, // a Saturday
		{"2024-03-31", false, "2024-03-31"},
		{"2024-04-27", true, "2024-05-02"}, // a weekend, a day in exchange, 30 April and 1 May
		{"2024-09-02", true, "2024-09-03"}, // National Day
		{"2024-02-10", true, "2024-02-13"},
		{"2026-01-01", true, "2026-01-02"},
	} {
		p := movement.Phase{Opens: apptest.Day("2024-01-01"), Closes: apptest.Day(c.closes), Rolls: c.rolls, Grace: 2}
		if got := p.Deadline(off); got != apptest.Day(c.want) || p.Last(off) != got+2 {
			t.Errorf("%s moves to %s, not %s; the last is %s", c.closes, got, c.want, p.Last(off))
		}
	}
}

func TestStateOfAPhase(t *testing.T) {
	p := movement.Phase{Opens: apptest.Day("2024-03-01"), Closes: apptest.Day("2024-03-29"), Grace: 3, ReopenedUntil: apptest.Day("2024-04-20")}
	for day, want := range map[string]movement.PhaseState{
		"2024-02-29": movement.PhaseComing, "2024-03-01": movement.PhaseOpen, "2024-03-29": movement.PhaseOpen, "2024-03-30": movement.PhaseGrace,
		"2024-04-01": movement.PhaseGrace, "2024-04-02": movement.PhaseReopened, "2024-04-20": movement.PhaseReopened, "2024-04-21": movement.PhaseOver,
	} {
		if got := p.StateOn(apptest.Day(day), nil); got != want {
			t.Errorf("on %s it is %s, not %s", day, got, want)
		}
	}
}

// at is the small house on another day, on the same data.
func at(s apptest.Small, day string) apptest.Small {
	now := clock.Fixed(apptest.Day(day).Midnight().Add(9 * time.Hour))
	s.House = app.Build(s.DB, s.Files, now, slog.New(slog.DiscardHandler))
	return s
}

func period(t *testing.T, s apptest.Small) int {
	t.Helper()
	m, err := s.Movements.Get(t.Context(), s.System(), "M-2024")
	s.Must(err)
	return m.Periods[0].No
}

// TestRegistrationCloses registers around the last day: a reporter no more, an officer
// for somebody still, marked as late.
func TestRegistrationCloses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx := t.Context()
		reporter, officer := s.At(app.RoleReporter, "W1"), s.At(app.RoleOfficer, "D")
		try := func(day string, who actor.Actor) (bool, error) {
			in := apptest.Registration()
			in.On, in.Subject = apptest.Day(day), "Tổ "+day+who.Login
			e, err := at(s, day).Practices.Register(ctx, who, in)
			return e.Late, err
		}
		if _, err := try("2024-04-20", reporter); err != nil {
			t.Errorf("a movement without phases: %v", err)
		}
		p, err := s.Movements.AddPhase(ctx, s.System(), "M-2024", movement.PhaseInput{
			Period: period(t, s), Kind: movement.PhaseRegistration, Name: "Đăng ký", Opens: apptest.Day("2024-02-01"), Closes: apptest.Day("2024-03-30"),
			Grace: 2, Rolls: true, // a Saturday, so Monday 1 April, so Wednesday 3 April
		})
		s.Must(err)
		for day, want := range map[string]bool{"2024-01-31": false, "2024-02-01": true, "2024-04-03": true, "2024-04-04": false} {
			if _, err := try(day, reporter); (err == nil) != want {
				t.Errorf("a reporter on %s: %v", day, err)
			}
			late, err := try(day, officer)
			if err != nil || late != (day == "2024-04-04") {
				t.Errorf("an officer on %s: late %v, %v", day, late, err)
			}
		}
		back := apptest.Registration() // of February, but it is April
		if _, err := at(s, "2024-04-10").Practices.Register(ctx, reporter, back); !errs.Is(err, errs.Invalid) {
			t.Errorf("a reporter gives an earlier day: %v", err)
		}
		p, err = s.Movements.ReopenPhase(ctx, officer, p.ID, p.Version, movement.Reopening{Until: apptest.Day("2024-04-12"), Reason: "Mưa bão"})
		s.Must(err)
		if _, err := try("2024-04-12", reporter); err != nil || p.ReopenedBy != officer.Account {
			t.Errorf("reopened by %q: %v", p.ReopenedBy, err)
		}
		if _, err := try("2024-04-13", reporter); !errs.Is(err, errs.Invalid) {
			t.Errorf("after it was reopened: %v", err)
		}
	})
}

// TestASampleBindsNobody plans a year by the sample: units register on until somebody has
// looked at its phase of registration.
func TestASampleBindsNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx := t.Context()
		_, err := s.Movements.PlanFromSample(ctx, s.System(), "M-2024")
		s.Must(err)
		late := at(s, "2024-08-01")
		in := apptest.Registration()
		if _, err := late.Practices.Register(ctx, s.At(app.RoleReporter, "W1"), in); err != nil {
			t.Errorf("a sample binds: %v", err)
		}
		c, err := s.Movements.Calendar(ctx, s.System(), "M-2024", period(t, s))
		s.Must(err)
		p := c.Phases[0]
		_, err = s.Movements.EditPhase(ctx, s.System(), p.ID, p.Version, movement.PhaseInput{Kind: p.Kind, Name: p.Name, Opens: p.Opens, Closes: p.Closes})
		s.Must(err)
		in.Subject = "Tổ khác"
		if _, err := late.Practices.Register(ctx, s.At(app.RoleReporter, "W1"), in); !errs.Is(err, errs.Invalid) {
			t.Errorf("once it was changed it binds: %v", err)
		}
	})
}

func TestPhasesKeepTheScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, ward := t.Context(), s.At(app.RoleOfficer, "W1")
		in := movement.PhaseInput{Period: period(t, s), Kind: movement.PhaseVisits, Name: "Kiểm tra", Opens: apptest.Day("2024-05-01"), Closes: apptest.Day("2024-06-01")}
		if _, err := s.Movements.AddPhase(ctx, ward, "M-2024", in); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a ward plans the district's year: %v", err)
		}
		p, err := s.Movements.AddPhase(ctx, s.System(), "M-2024", in)
		s.Must(err)
		if _, err := s.Movements.EditPhase(ctx, ward, p.ID, p.Version, in); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a ward changes it: %v", err)
		}
		in.Closes = apptest.Day("2024-04-01")
		if _, err := s.Movements.EditPhase(ctx, s.System(), p.ID, p.Version, in); !errs.Is(err, errs.Invalid) {
			t.Errorf("it closes before it opens: %v", err)
		}
		if err := s.Movements.RemovePhase(ctx, s.System(), p.ID, p.Version+1); !errs.Is(err, errs.Conflict) {
			t.Errorf("over another version: %v", err)
		}
		duty, err := s.Movements.AddDuty(ctx, s.System(), "M-2024", movement.DutyInput{Period: p.Period, Phase: p.ID, Title: "Đi kiểm tra", Unit: "W2", Due: apptest.Day("2024-05-20")})
		s.Must(err)
		if err := s.Movements.RemovePhase(ctx, s.System(), p.ID, p.Version); err != nil {
			t.Errorf("remove it: %v", err)
		}
		mine, err := s.Movements.Calendar(ctx, ward, "M-2024", p.Period)
		if err != nil || len(mine.Duties) != 0 {
			t.Errorf("a ward sees %d duties of another, %v", len(mine.Duties), err)
		}
		if _, err := s.Movements.FinishDuty(ctx, ward, duty.ID, duty.Version+1, true); !errs.Is(err, errs.NotFound) {
			t.Errorf("a ward finishes another's duty: %v", err)
		}
		done, err := s.Movements.FinishDuty(ctx, s.At(app.RoleReporter, "W2"), duty.ID, duty.Version+1, true)
		if err != nil || !done.Done() || done.Phase != "" {
			t.Errorf("whose duty it is: %+v, %v", done, err)
		}
	})
}

// TestReminders goes through the days of a duty, each day with a house that was just
// started: each reminder comes once.
func TestReminders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx := t.Context()
		unit, err := s.Org.Get(ctx, s.System(), "W1")
		s.Must(err)
		account, err := s.Identity.Create(ctx, s.System(), identity.Input{
			Login: "canbophuong", Name: "Cán bộ", Unit: unit.ID, Password: "mot-mat-khau-dai", Settled: true,
			Grants: []identity.GrantInput{{Role: app.RoleReporter, Unit: unit.ID}},
		})
		s.Must(err)
		duty, err := s.Movements.AddDuty(ctx, s.System(), "M-2024", movement.DutyInput{Period: period(t, s), Title: "Nộp báo cáo", Unit: "W1", Due: apptest.Day("2024-06-20")})
		s.Must(err)
		who := actor.Actor{Account: account.ID}
		told := func(day string, want int) {
			t.Helper()
			house := at(s, day)
			for range 2 { // the job runs again, for it was not heard to end
				s.Must(house.Movements.Remind(ctx, house.System()))
			}
			if n, err := house.Identity.Unread(ctx, who); err != nil || n != want {
				t.Errorf("on %s there are %d notices, not %d: %v", day, n, want, err)
			}
		}
		told("2024-06-12", 0)
		told("2024-06-13", 1) // a week before
		told("2024-06-15", 1)
		told("2024-06-14", 1) // the clock was set back
		told("2024-06-19", 2)
		told("2024-06-20", 2)
		told("2024-06-21", 3) // overdue
		told("2024-06-25", 3)
		if _, err := at(s, "2024-06-26").Movements.FinishDuty(ctx, s.System(), duty.ID, duty.Version, true); err != nil {
			t.Fatal(err)
		}
		late, err := s.Movements.AddDuty(ctx, s.System(), "M-2024", movement.DutyInput{Period: duty.Period, Title: "Việc mới", Unit: "W1", Due: apptest.Day("2024-07-01")})
		s.Must(err)
		told("2024-06-29", 4) // the house stood still on the day a week before
		_, err = s.Movements.EditDuty(ctx, s.System(), late.ID, late.Version, movement.DutyInput{Title: "Việc mới", Unit: "W1", Due: apptest.Day("2024-07-05")})
		s.Must(err)
		told("2024-06-30", 5) // it is due on another day
	})
}

func TestTargets(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, no := t.Context(), period(t, s)
		w1, err := s.Org.Get(ctx, s.System(), "W1")
		s.Must(err)
		group, err := s.Org.Get(ctx, s.System(), "W1.G")
		s.Must(err)
		in := movement.TargetInput{Period: no, All: []movement.Target{
			{Unit: w1.ID, Figure: ledger.FigureRegistered, Number: 5}, {Field: ledger.Economy, Figure: ledger.FigureRecognised, Number: 3},
		}}
		saved, err := s.Movements.SetTargets(ctx, s.At(app.RoleOfficer, "D"), "M-2024", in)
		s.Must(err)
		if _, err := s.Movements.SetTargets(ctx, s.System(), "M-2024", in); !errs.Is(err, errs.Conflict) {
			t.Errorf("over another version: %v", err)
		}
		for name, bad := range map[string]movement.Target{
			"a unit further below": {Unit: group.ID, Figure: ledger.FigureRegistered, Number: 1}, "no such field": {Field: 9, Figure: ledger.FigureRegistered},
			"a figure of links": {Unit: w1.ID, Figure: ledger.FigureAdoptions, Number: 1}, "less than nothing": {Unit: w1.ID, Figure: ledger.FigureFound, Number: -1},
			"found in a field": {Field: ledger.Economy, Figure: ledger.FigureFound, Number: 1},
		} {
			in := movement.TargetInput{Period: no, Version: saved.Version, All: []movement.Target{bad}}
			if _, err := s.Movements.SetTargets(ctx, s.System(), "M-2024", in); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		ward, err := s.Movements.Targets(ctx, s.At(app.RoleReporter, "W1"), "M-2024", no)
		if n, ok := ward.Of(w1.ID, 0, ledger.FigureRegistered); err != nil || len(ward.All) != 1 || !ok || n != 5 {
			t.Errorf("the ward sees %+v, %v", ward.All, err)
		}
		if other, err := s.Movements.Targets(ctx, s.At(app.RoleReporter, "W2"), "M-2024", no); err != nil || len(other.All) != 0 {
			t.Errorf("another ward sees %+v, %v", other.All, err)
		}
		if _, err := s.Movements.SetTargets(ctx, s.At(app.RoleOfficer, "W1"), "M-2024", in); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a ward sets the district's targets: %v", err)
		}
	})
}

func TestHolidaysOfAYear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx := t.Context()
		days := []movement.Holiday{{Day: apptest.Day("2025-01-29"), Name: "Mồng Một Tết"}}
		s.Must(s.Movements.SetHolidays(ctx, s.System(), 2025, days))
		s.Must(s.Movements.SetHolidays(ctx, s.System(), 2024, nil))
		got, err := s.Movements.Holidays(ctx, s.At(app.RoleReporter, "W1"), 2025)
		if err != nil || len(got) != 1 || got[0] != days[0] {
			t.Errorf("%+v, %v", got, err)
		}
		if err := s.Movements.SetHolidays(ctx, s.System(), 2024, days); !errs.Is(err, errs.Invalid) {
			t.Errorf("a day of another year: %v", err)
		}
		if err := s.Movements.SetHolidays(ctx, s.At(app.RoleOfficer, "D"), 2025, days); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an officer: %v", err)
		}
	})
}

func TestCloneMakesTheNextYear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		counts, err := s.Movements.PlanFromSample(ctx, who, "M-2024")
		s.Must(err)
		if counts.Sets != 3 || counts.Criteria < 15 || counts.Phases < 5 || counts.Duties < 5 {
			t.Errorf("the sample has %+v", counts)
		}
		if _, err := s.Movements.PlanFromSample(ctx, who, "M-2024"); !errs.Is(err, errs.Conflict) {
			t.Errorf("the sample twice: %v", err)
		}
		w1, err := s.Org.Get(ctx, who, "W1")
		s.Must(err)
		_, err = s.Movements.SetTargets(ctx, who, "M-2024", movement.TargetInput{Period: period(t, s), All: []movement.Target{
			{Unit: w1.ID, Figure: ledger.FigureRegistered, Number: 5}, {Field: ledger.Economy, Figure: ledger.FigureRecognised, Number: 3},
		}})
		s.Must(err)
		in, offered, err := s.Movements.CloneOf(ctx, who, "M-2024")
		s.Must(err)
		if in.Code != "M-2025" || in.Period.From != apptest.Day("2025-01-01") || in.Period.Name != "Năm 2025" || offered.Targets != 2 {
			t.Errorf("offered: %+v, %+v", in, offered)
		}
		in.Factor, in.Duties = 150, false
		made, copied, err := s.Movements.Clone(ctx, who, "M-2024", in)
		s.Must(err)
		if copied.Duties != 0 || copied.Phases != counts.Phases || copied.Criteria != counts.Criteria {
			t.Errorf("copied: %+v of %+v", copied, counts)
		}
		no := made.Periods[0].No
		targets, err := s.Movements.Targets(ctx, who, "M-2025", no)
		if n, _ := targets.Of(w1.ID, 0, ledger.FigureRegistered); err != nil || n != 8 || !targets.Draft {
			t.Errorf("targets: %+v, %v", targets, err)
		}
		own, _, err := s.Movements.CriteriaSets(ctx, who, "M-2025")
		if err != nil || len(own) != 3 || !own[0].Draft() || own[0].No != 1 || !own[0].Sample {
			t.Errorf("criteria: %+v, %v", own, err)
		}
		c, err := s.Movements.Calendar(ctx, who, "M-2025", no)
		if err != nil || len(c.Duties) != 0 || c.Phases[0].Opens.Year() != 2025 || c.Phases[0].Version != 1 {
			t.Errorf("the calendar: %+v, %v", c.Phases, err)
		}
		if again, err := s.Movements.Calendar(ctx, who, "M-2024", period(t, s)); err != nil || again.Phases[0].Opens.Year() != 2024 || len(again.Duties) != counts.Duties {
			t.Errorf("the year before was changed: %v", err)
		}
		if _, _, err := s.Movements.Clone(ctx, who, "M-2024", in); !errs.Is(err, errs.Conflict) {
			t.Errorf("the same code twice: %v", err)
		}
		if _, _, err := s.Movements.Clone(ctx, s.At(app.RoleOfficer, "W1"), "M-2024", in); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a ward makes the district's: %v", err)
		}
	})
}
