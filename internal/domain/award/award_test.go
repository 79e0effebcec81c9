package award_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

func given(e practice.Entry, decision string) award.Input {
	return award.Input{
		Kind: award.Given, Movement: "M-2024", Decision: decision, Track: rulebook.State, Form: "giayKhen",
		Recipients: []award.Recipient{{Exemplar: e.Exemplar, Entry: e.ID, Achievement: "Thành tích năm 2024"}},
	}
}

func awarded(t *testing.T, s apptest.Small, on string) int {
	t.Helper()
	r, err := s.Reports.Report(t.Context(), s.System(), report.Query{Movement: "M-2024", AsOf: apptest.Day(on)})
	s.Must(err)
	return r.Figures.Get(ledger.FigureAwarded).Total
}

func TestGiveAndRevoke(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		e := s.Recognised(apptest.Registration(), "1/QĐ")
		list, err := s.Awards.Give(t.Context(), s.System(), given(e, s.Decide("2/QĐ", "2024-10-16").ID))
		s.Must(err)
		if n, m := awarded(t, s, "2024-10-15"), awarded(t, s, "2024-10-16"); n != 0 || m != 1 {
			t.Errorf("awarded the day before and on the day: %d, %d", n, m)
		}
		back := award.Revocation{Award: list[0].ID, On: apptest.Day("2024-11-20"), Reason: "khai sai"}
		for name, spoil := range map[string]func(*award.Revocation){
			"reason": func(in *award.Revocation) { in.Reason = " " },
			"day":    func(in *award.Revocation) { in.On = s.Now.Today() + 1 },
		} {
			in := back
			spoil(&in)
			if err := s.Awards.Revoke(t.Context(), s.System(), in); !errs.Is(err, errs.Invalid) {
				t.Errorf("a bad %s: %v", name, err)
			}
		}
		s.Must(s.Awards.Revoke(t.Context(), s.System(), back))
		if err := s.Awards.Revoke(t.Context(), s.System(), back); !errs.Is(err, errs.Conflict) {
			t.Errorf("revoked twice: %v", err)
		}
		_, err = s.Awards.Give(t.Context(), s.System(), given(e, s.Decide("3/QĐ", "2024-12-01").ID))
		s.Must(err) // what was revoked no longer stands in the way
		if n, m := awarded(t, s, "2024-11-19"), awarded(t, s, "2024-11-20"); n != 1 || m != 0 {
			t.Errorf("awarded before and after the revocation: %d, %d", n, m)
		}
	})
}

func TestHardFactsBlock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		e := s.Recognised(apptest.Registration(), "1/QĐ")
		other := apptest.Registration()
		other.Subject, other.Unit = "Tập thể khác", "W2.G"
		f := s.Recognised(other, "2/QĐ")
		decision := s.Decide("3/QĐ", "2024-10-16")
		minutes, err := s.Movements.Decide(t.Context(), s.System(), movement.DecisionInput{
			Paper: ledger.PaperMinutes, Authority: "D", Level: org.District, SignedOn: apptest.Day("2024-10-10"), Title: "Biên bản",
		})
		s.Must(err)
		late := s.Decide("4/QĐ", "2024-12-01")
		_, err = s.Awards.Give(t.Context(), s.System(), given(e, decision.ID))
		s.Must(err)
		for _, c := range []struct {
			name  string
			kind  errs.Kind
			spoil func(*award.Input)
		}{
			{"minutes for an award", errs.Invalid, func(in *award.Input) { in.Decision = minutes.ID }},
			{"no decision", errs.Invalid, func(in *award.Input) { in.Decision = "" }},
			{"a form of another level", errs.Invalid, func(in *award.Input) { in.Form = "bangKhen" }},
			{"an unknown track", errs.Invalid, func(in *award.Input) { in.Track = "own" }},
			{"an entry of somebody else", errs.Invalid, func(in *award.Input) { in.Recipients[0].Entry = f.ID }},
			{"one achievement twice", errs.Conflict, func(in *award.Input) { in.Decision = late.ID }},
			{"somebody twice under other words", errs.Invalid, func(in *award.Input) {
				in.Recipients = []award.Recipient{{Exemplar: f.Exemplar, Entry: f.ID}, {Exemplar: f.Exemplar, Entry: f.ID, Achievement: "Lời khác"}}
			}},
			{"nobody", errs.Invalid, func(in *award.Input) { in.Recipients = nil }},
		} {
			in := given(e, late.ID)
			c.spoil(&in)
			if _, err := s.Awards.Give(t.Context(), s.System(), in); !errs.Is(err, c.kind) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	})
}

func TestAnAwardToComeBlocksAnother(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		e := s.Recognised(apptest.Registration(), "1/QĐ")
		today := s.Now.Today()
		later, err := s.Movements.Decide(t.Context(), s.System(), movement.DecisionInput{
			Paper: ledger.PaperDecision, Number: "2/QĐ", Authority: "W1", Level: org.Commune, SignedOn: today, On: today + 30, Title: "Có hiệu lực sau",
		})
		s.Must(err)
		in := given(e, later.ID)
		in.Period = e.Period
		_, err = s.Awards.Give(t.Context(), s.System(), in)
		s.Must(err)
		if _, err := s.Awards.Give(t.Context(), s.System(), given(e, s.Decide("3/QĐ", "2024-12-01").ID)); !errs.Is(err, errs.Conflict) {
			t.Errorf("a second award for one achievement: %v", err)
		}
	})
}

// TestVoid strikes out an award that was recorded in error, and a revocation.
func TestVoid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		e := s.Recognised(apptest.Registration(), "1/QĐ")
		list, err := s.Awards.Give(ctx, who, given(e, s.Decide("2/QĐ", "2024-10-16").ID))
		s.Must(err)
		void := award.Voiding{Award: list[0].ID, Reason: "ghi nhầm"}
		for _, reason := range []string{" ", strings.Repeat("x", 2001)} {
			if err := s.Awards.Void(ctx, who, award.Voiding{Award: list[0].ID, Reason: reason}); !errs.Is(err, errs.Invalid) {
				t.Errorf("a reason of %d letters: %v", len(reason), err)
			}
		}
		if err := s.Awards.Void(ctx, s.At(app.RoleReporter, "W1"), void); !errs.Is(err, errs.Forbidden) {
			t.Errorf("by a reporter: %v", err)
		}
		if err := s.Awards.Void(ctx, s.At(app.RoleOfficer, "W2"), void); !errs.Is(err, errs.NotFound) {
			t.Errorf("by another ward: %v", err)
		}
		back := void
		back.Revocation = true
		if err := s.Awards.Void(ctx, who, back); !errs.Is(err, errs.NotFound) {
			t.Errorf("a revocation that is not there: %v", err)
		}
		s.Must(s.Awards.Revoke(ctx, who, award.Revocation{Award: list[0].ID, On: apptest.Day("2024-11-20"), Reason: "khai sai"}))
		if err := s.Awards.Void(ctx, who, void); !errs.Is(err, errs.Conflict) {
			t.Errorf("under its revocation: %v", err)
		}
		s.Must(s.Awards.Void(ctx, who, back))
		if n := awarded(t, s, "2024-12-01"); n != 1 {
			t.Errorf("awarded once the revocation is voided: %d", n)
		}
		s.Must(s.Awards.Void(ctx, who, void))
		if n := awarded(t, s, "2024-12-01"); n != 0 {
			t.Errorf("a voided award counts: %d", n)
		}
		if err := s.Awards.Void(ctx, who, void); !errs.Is(err, errs.NotFound) {
			t.Errorf("voided twice: %v", err)
		}
		got, err := s.Awards.Get(ctx, who, list[0].ID)
		s.Must(err)
		if !got.Voided || got.Revoked != "" {
			t.Errorf("it stands as %+v", got)
		}
		if records, err := audit.History(ctx, d, audit.Object{Kind: "award", ID: list[0].ID}); err != nil || len(records) != 3 {
			t.Errorf("records of a revocation and two voids: %v, %v", records, err)
		}
		in := given(e, s.Decide("3/QĐ", "2024-12-01").ID)
		if _, err := s.Awards.Give(ctx, who, in); err != nil {
			t.Errorf("given anew: %v", err)
		}
		in.Kind, in.Form, in.Track = award.Praise, "", ""
		praise, err := s.Awards.Give(ctx, who, in)
		s.Must(err)
		s.Must(s.Awards.Void(ctx, who, award.Voiding{Award: praise[0].ID, Reason: "ghi nhầm"}))
	})
}

// TestARevocationIsNotVoidedUnderAnotherAward: what was given since for the same
// achievement stands in the way.
func TestARevocationIsNotVoidedUnderAnotherAward(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		e := s.Recognised(apptest.Registration(), "1/QĐ")
		list, err := s.Awards.Give(t.Context(), s.System(), given(e, s.Decide("2/QĐ", "2024-10-16").ID))
		s.Must(err)
		s.Must(s.Awards.Revoke(t.Context(), s.System(), award.Revocation{Award: list[0].ID, On: apptest.Day("2024-11-20"), Reason: "khai sai"}))
		_, err = s.Awards.Give(t.Context(), s.System(), given(e, s.Decide("3/QĐ", "2024-12-01").ID))
		s.Must(err)
		err = s.Awards.Void(t.Context(), s.System(), award.Voiding{Award: list[0].ID, Revocation: true, Reason: "ghi nhầm"})
		if !errs.Is(err, errs.Conflict) {
			t.Errorf("two awards for one achievement: %v", err)
		}
	})
}

func TestTheTrackIsThatOfTheAuthority(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		e := s.Recognised(apptest.Registration(), "1/QĐ")
		for i, c := range []struct {
			authority string
			track     rulebook.Track
			allowed   bool
		}{
			{"D", rulebook.Party, false},
			{"D", rulebook.Front, false},
			{"D.B", rulebook.State, false},
			{"D.B", rulebook.Front, false},
			{"D.B", rulebook.Party, true},
		} {
			paper, err := s.Movements.Decide(t.Context(), s.System(), movement.DecisionInput{
				Paper: ledger.PaperDecision, Number: strconv.Itoa(i) + "/KT", Authority: c.authority, SignedOn: apptest.Day("2024-10-16"), Title: "Khen thưởng",
			})
			s.Must(err)
			in := given(e, paper.ID)
			in.Track = c.track
			_, err = s.Awards.Give(t.Context(), s.System(), in)
			if c.allowed && err != nil || !c.allowed && !errs.Is(err, errs.Invalid) {
				t.Errorf("%s gives in the track %s: %v", c.authority, c.track, err)
			}
		}
		for _, kind := range org.Kinds() {
			if tracks := award.Tracks(kind); kind != "other" && len(tracks) > 1 {
				t.Errorf("%s gives in several tracks: %v", kind, tracks)
			}
		}
	})
}
