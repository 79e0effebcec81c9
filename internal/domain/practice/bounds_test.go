package practice_test

import (
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

func TestARecognitionToComeIsNotPublic(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		e := s.Register(apptest.Registration())
		s.Must(s.Practices.Receive(t.Context(), s.System(), practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-01")}))
		s.Must(s.Practices.Consent(t.Context(), s.System(), e.ID, practice.Agreement{Agreed: true, Note: "theo phiếu đăng ký"}))
		today := s.Now.Today()
		later, err := s.Movements.Decide(t.Context(), s.System(), movement.DecisionInput{
			Paper: ledger.PaperDecision, Number: "9/QĐ", Authority: "W1", Level: org.Commune, SignedOn: today,
			On: today + 30, Title: "Quyết định có hiệu lực sau",
		})
		s.Must(err)
		s.Papers(later, e.ID)
		s.Must(s.Practices.Recognise(t.Context(), s.System(), later.ID, []string{e.ID}))
		all, err := s.Practices.Published(t.Context(), practice.PublicQuery{})
		s.Must(err)
		if len(all.Rows) != 0 {
			t.Errorf("published before it is recognised: %+v", all)
		}
		if _, err := s.Practices.PublishedEntry(t.Context(), e.Code); !errs.Is(err, errs.NotFound) {
			t.Errorf("the page of an entry that will be recognised: %v", err)
		}
	})
}

func TestReclassifyRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		open := s.Register(apptest.Registration())
		fixed := s.Recognised(apptest.Registration(), "1/QĐ")
		to := func(e practice.Entry) practice.NewAttributes {
			return practice.NewAttributes{
				Entry: e.ID, On: apptest.Day("2024-10-01"), Reason: "Chuyển đơn vị", Unit: "W2.G", Kind: e.Kind, Field: e.Field, Origin: e.Origin,
			}
		}
		if err := s.Practices.Reclassify(t.Context(), s.System(), to(open)); !errs.Is(err, errs.Conflict) {
			t.Errorf("one that is not received: %v", err)
		}
		for name, spoil := range map[string]func(*practice.NewAttributes){
			"kind":   func(in *practice.NewAttributes) { in.Kind = 9 },
			"origin": func(in *practice.NewAttributes) { in.Origin = 0 },
			"reason": func(in *practice.NewAttributes) { in.Reason = strings.Repeat("x", 2001) },
		} {
			in := to(fixed)
			spoil(&in)
			if err := s.Practices.Reclassify(t.Context(), s.System(), in); !errs.Is(err, errs.Invalid) {
				t.Errorf("a bad %s: %v", name, err)
			}
		}
	})
}

func TestVoidAsksForABoundedReason(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		e := s.Recognised(apptest.Registration(), "1/QĐ")
		last := e.Standing.Living()[len(e.Standing.Living())-1]
		for _, reason := range []string{" ", strings.Repeat("x", 2001)} {
			if err := s.Practices.Void(t.Context(), s.System(), e.ID, last.ID, reason); !errs.Is(err, errs.Invalid) {
				t.Errorf("a reason of %d letters: %v", len(reason), err)
			}
		}
		s.Must(s.Practices.Void(t.Context(), s.System(), e.ID, last.ID, "ghi nhầm"))
	})
}

func TestAnExemplarOutOfScopeIsNotTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		in := apptest.Registration()
		in.Unit, in.Subject = "W2.G", "Tập thể phường Hai"
		other := s.Register(in)
		mine := apptest.Registration()
		mine.Subject, mine.Exemplar = "", other.Exemplar
		if _, err := s.Practices.Register(t.Context(), s.At(app.RoleReporter, "W1"), mine); !errs.Is(err, errs.Invalid) {
			t.Errorf("an exemplar of another ward: %v", err)
		}
		mine.Kind = ledger.Individual
		if _, err := s.Practices.Register(t.Context(), s.System(), mine); !errs.Is(err, errs.Invalid) {
			t.Errorf("a collective that registers as an individual: %v", err)
		}
	})
}

func TestAFindingIsVoided(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		x, err := s.Practices.Find(ctx, who, practice.ExemplarInput{
			Movement: "M-2024", On: apptest.Day("2024-05-01"), Name: "Bà Mẫu", Kind: ledger.Individual, Unit: "W1.G", Field: "economy",
		})
		s.Must(err)
		acts := func() []ledger.Act {
			_, all, err := s.Practices.Exemplar(ctx, who, x.ID)
			s.Must(err)
			return all
		}
		found := acts()[0]
		s.Must(s.Practices.Drop(ctx, who, x.ID, found.Period, practice.Step{On: apptest.Day("2024-06-01"), Reason: "đưa ra"}))
		dropped := acts()[1]
		if err := s.Practices.VoidFound(ctx, who, x.ID, found.ID, "ghi nhầm"); !errs.Is(err, errs.Conflict) {
			t.Errorf("under the striking off that rests on it: %v", err)
		}
		if offered := practice.VoidableFound(who, acts()); len(offered) != 1 || offered[0] != dropped.ID {
			t.Errorf("offered: %v", offered)
		}
		for name, err := range map[errs.Kind]error{
			errs.Forbidden: s.Practices.VoidFound(ctx, s.At(app.RoleReporter, "W1"), x.ID, dropped.ID, "ghi nhầm"),
			errs.NotFound:  s.Practices.VoidFound(ctx, s.At(app.RoleOfficer, "W2"), x.ID, dropped.ID, "ghi nhầm"),
			errs.Invalid:   s.Practices.VoidFound(ctx, who, x.ID, dropped.ID, " "),
		} {
			if !errs.Is(err, name) {
				t.Errorf("want %v, got %v", name, err)
			}
		}
		s.Must(s.Practices.VoidFound(ctx, who, x.ID, dropped.ID, "ghi nhầm"))
		if !ledger.StandingOf(acts()).Has(ledger.FigureFound, apptest.Day("2024-07-01")) {
			t.Error("the voided striking off counts")
		}
		s.Must(s.Practices.VoidFound(ctx, who, x.ID, found.ID, "ghi nhầm"))
		if ledger.StandingOf(acts()).Has(ledger.FigureFound, apptest.Day("2024-07-01")) {
			t.Error("the voided finding counts")
		}
		if err := s.Practices.VoidFound(ctx, who, x.ID, found.ID, "ghi nhầm"); !errs.Is(err, errs.NotFound) {
			t.Errorf("voided twice: %v", err)
		}
	})
}

// TestYearsAreInTheOrderOfTheirPeriods enters the period of an earlier year last: its
// number is the greatest, its day is not.
func TestYearsAreInTheOrderOfTheirPeriods(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		now := s.Register(apptest.Registration())
		earlier, err := s.Movements.OpenPeriod(ctx, who, "M-2024", movement.PeriodInput{
			Name: "Năm 2023", From: apptest.Day("2023-01-01"), To: apptest.Day("2023-12-31"),
		})
		s.Must(err)
		in := apptest.Registration()
		in.Period, in.On, in.Practice, in.Origin = earlier.No, apptest.Day("2023-02-01"), now.Practice, ledger.OriginContinued
		old := s.Register(in)
		years, err := s.Practices.Years(ctx, who, now.Practice)
		s.Must(err)
		if len(years) != 2 || years[0].Entry != now.ID {
			t.Errorf("the years, the latest first: %+v", years)
		}
		of, err := s.Practices.Of(ctx, who, now.Exemplar)
		s.Must(err)
		if len(of) != 2 || of[0].Entry != now.ID {
			t.Errorf("the entries of the exemplar: %+v", of)
		}
		for period, want := range map[int]string{now.Period: now.ID, earlier.No: old.ID} {
			ask := practice.SourceAsk{Key: now.Code, Period: period}
			found, err := s.Practices.Sources(ctx, who, []practice.SourceAsk{ask})
			s.Must(err)
			if found[ask].ID != want {
				t.Errorf("an adoption in period %d counts on %s", period, found[ask].Code)
			}
		}
	})
}

// TestContinuedByTheSameKind refuses what would make one exemplar of two kinds.
func TestContinuedByTheSameKind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		old := s.Register(apptest.Registration())
		next, err := s.Movements.OpenPeriod(t.Context(), s.System(), "M-2024", movement.PeriodInput{
			Name: "Năm 2025", From: apptest.Day("2025-01-01"), To: apptest.Day("2025-12-31"),
		})
		s.Must(err)
		in := apptest.Registration()
		in.Period, in.On, in.Practice, in.Origin, in.Kind = next.No, apptest.Day("2025-02-01"), old.Practice, ledger.OriginContinued, ledger.Household
		if _, err := s.Practices.Register(t.Context(), s.System(), in); !errs.Is(err, errs.Invalid) || fields(err)[0] != "kind" {
			t.Errorf("continued as another kind: %v", err)
		}
		in.Kind = ledger.Collective
		s.Register(in)
	})
}
