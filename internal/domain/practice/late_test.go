package practice_test

import (
	"context"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// TestStepsAreJudgedByTheirOwnDay records steps in the order in which they became known,
// which is not that of their days.
func TestStepsAreJudgedByTheirOwnDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		p := s.Practices
		verbs := map[string]func(context.Context, actor.Actor, practice.Step) error{
			"receive": p.Receive, "return": p.Return, "resubmit": p.Resubmit, "refuse": p.Refuse, "withdraw": p.Withdraw,
			"strikeOff": p.StrikeOff, "start": p.Start, "suspend": p.Suspend, "resume": p.Resume, "end": p.End,
		}
		for _, c := range []struct {
			way  string // verbs with their month and day; one is refused where it begins with "!"
			ends ledger.Status
		}{
			{"receive@03-01 suspend@06-01 start@05-01", ledger.StatusSuspended},
			{"receive@03-01 end@06-01 start@05-01", ledger.StatusEnded},
			{"receive@03-01 suspend@06-01 suspend@04-01 resume@05-01", ledger.StatusSuspended},
			{"receive@03-01 return@02-15 resubmit@02-20", ledger.StatusReceived},
			{"refuse@03-01 !receive@03-02 !receive@02-15", ledger.StatusRefused},
			{"withdraw@06-10 !receive@06-20 !receive@06-01", ledger.StatusWithdrawn},
			{"receive@03-01 start@05-01 !withdraw@04-01 !strikeOff@04-01", ledger.StatusStarted},
			{"receive@03-01 !refuse@02-20 !withdraw@02-20", ledger.StatusReceived},
			{"receive@03-01 start@05-01 !start@04-01", ledger.StatusStarted},
			{"receive@03-01 !start@02-15", ledger.StatusReceived},
			{"receive@03-01 suspend@06-01 !start@06-02", ledger.StatusSuspended},
			{"return@02-20 !receive@02-10", ledger.StatusReturned},
		} {
			e := s.Register(apptest.Registration())
			for step := range strings.FieldsSeq(c.way) {
				verb, on, _ := strings.Cut(step, "@")
				name, refused := strings.CutPrefix(verb, "!")
				err := verbs[name](t.Context(), s.System(), practice.Step{Entries: []string{e.ID}, On: day("2024-" + on), Reason: "vì thế"})
				if (err != nil) != refused {
					t.Errorf("%s: %s gives %v", c.way, step, err)
				}
			}
			got, err := p.Get(t.Context(), s.System(), e.Code)
			s.Must(err)
			if got.Standing.Status() != c.ends || !got.Standing.Consistent() {
				t.Errorf("%s ends as %s", c.way, got.Standing.Status())
			}
		}
	})
}

// TestARecognitionIsJudgedByTheDayOfItsPaper: so it is, and a start, under an end that came
// later.
func TestARecognitionIsJudgedByTheDayOfItsPaper(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		e := s.Register(apptest.Registration())
		at := func(on string) practice.Step {
			return practice.Step{Entries: []string{e.ID}, On: day(on), Reason: "vì thế"}
		}
		s.Must(s.Practices.Receive(ctx, who, at("2024-03-01")))
		s.Must(s.Practices.End(ctx, who, at("2024-10-01")))
		s.Must(s.Practices.Start(ctx, who, at("2024-04-01")))
		paper := s.Decide("1/QĐ", "2024-09-01")
		s.Papers(paper, e.ID)
		s.Must(s.Practices.Recognise(ctx, who, paper.ID, []string{e.ID}))
		if err := s.Practices.StrikeOff(ctx, who, at("2024-08-01")); !errs.Is(err, errs.Conflict) {
			t.Errorf("struck off before a recognition that stands: %v", err)
		}
		got, err := s.Practices.Get(ctx, who, e.ID)
		s.Must(err)
		for f, since := range map[ledger.Figure]string{ledger.FigureCarriedOut: "2024-04-01", ledger.FigureRecognised: "2024-09-01"} {
			if !got.Standing.Has(f, day(since)) || got.Standing.Has(f, day(since)-1) {
				t.Errorf("%s does not hold from %s on", f, since)
			}
		}
		if err := s.Practices.Recognise(ctx, who, s.Decide("2/QĐ", "2024-02-20").ID, []string{e.ID}); !errs.Is(err, errs.Invalid) {
			t.Errorf("recognised before it was received: %v", err)
		}
	})
}

func TestALateStepIsOffered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		e := s.Register(apptest.Registration())
		s.Must(s.Practices.Receive(t.Context(), s.System(), practice.Step{Entries: []string{e.ID}, On: day("2024-03-01")}))
		s.Must(s.Practices.Suspend(t.Context(), s.System(), practice.Step{Entries: []string{e.ID}, On: day("2024-06-01")}))
		e, err := s.Practices.Get(t.Context(), s.System(), e.ID)
		s.Must(err)
		late := practice.PossibleWith(s.At(app.RoleOfficer, "D"), e, day("2024-06-20")).Late
		if len(late) != 1 || late[0].Kind != ledger.Started || late[0].On != day("2024-05-31") {
			t.Errorf("offered late: %+v", late)
		}
		if late := practice.PossibleWith(s.At(app.RoleReporter, "W1"), e, day("2024-06-20")).Late; len(late) != 0 {
			t.Errorf("offered to its unit: %+v", late)
		}
	})
}
