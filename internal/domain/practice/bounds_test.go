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
		s.Must(s.Practices.Consent(t.Context(), s.System(), e.ID, true, "theo phiếu đăng ký"))
		today := s.Now.Today()
		later, err := s.Movements.Decide(t.Context(), s.System(), movement.DecisionInput{
			Paper: ledger.PaperDecision, Number: "9/QĐ", Authority: "W1", Level: org.Commune, SignedOn: today,
			On: today + 30, Title: "Quyết định có hiệu lực sau",
		})
		s.Must(err)
		s.Must(s.Practices.Recognise(t.Context(), s.System(), later.ID, []string{e.ID}))
		all, err := s.Practices.Published(t.Context())
		s.Must(err)
		if len(all) != 0 {
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
