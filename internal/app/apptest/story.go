package apptest

import (
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Small is a house with a district of two wards, W1 and W2, a group in each (W1.G and
// W2.G), the standing body (D.B), and the movement M-2024 with the period of that year.
type Small struct {
	*app.House
	tb testing.TB
}

// NewSmall makes a small house.
func NewSmall(tb testing.TB, d *db.DB) Small {
	tb.Helper()
	return SmallIn(tb, Empty(tb, d))
}

// SmallIn makes the small house of an empty one.
func SmallIn(tb testing.TB, h *app.House) Small {
	tb.Helper()
	s := Small{h, tb}
	ids := map[string]string{}
	for _, u := range []struct {
		code, name, parent string
		kind               org.Kind
		level              org.Level
	}{
		{"D", "Quận D", "", "district", org.District},
		{"D.B", "Ban Dân vận quận D", "D", "party", org.District},
		{"W1", "Phường Một", "D", "commune", org.Commune},
		{"W2", "Phường Hai", "D", "commune", org.Commune},
		{"W1.G", "Tổ dân phố 1 phường Một", "W1", "neighbourhoodGroup", org.NoLevel},
		{"W2.G", "Tổ dân phố 1 phường Hai", "W2", "neighbourhoodGroup", org.NoLevel},
	} {
		in := org.Input{Code: u.code, Name: u.name, Kind: u.kind, Level: u.level, From: Day("2010-01-01")}
		if u.parent != "" {
			in.Parents = []org.ParentInput{{Unit: ids[u.parent], Tree: org.State, Counts: true}}
		}
		made, err := s.Org.Create(tb.Context(), s.System(), in)
		s.Must(err)
		ids[u.code] = made.ID
	}
	_, err := s.Movements.Launch(tb.Context(), s.System(), movement.Input{
		Code: "M-2024", Name: "Phong trào thử", Level: org.District, Unit: "D", StandingBody: "D.B", LaunchedOn: Day("2024-01-02"),
		Period: movement.PeriodInput{Name: "Năm 2024", From: Day("2024-01-01"), To: Day("2024-12-31")},
	})
	s.Must(err)
	return s
}

// Day reads a day.
func Day(s string) clock.Date { return clock.MustDate(s) }

// Must ends the test where there is an error.
func (s Small) Must(err error) {
	s.tb.Helper()
	if err != nil {
		s.tb.Fatal(err)
	}
}

// At is an actor with a role whose scope is a unit.
func (s Small) At(role, unit string) actor.Actor {
	s.tb.Helper()
	tree, err := s.Org.Current(s.tb.Context())
	s.Must(err)
	u, ok := tree.ByCode(unit)
	if !ok {
		s.tb.Fatalf("no unit %s", unit)
	}
	return actor.Actor{
		Account: role + "@" + unit, Login: role, Roles: []string{role}, Rights: app.Roles()[role], Via: actor.Web,
		Scope: actor.Scope{Paths: tree.Paths(u.ID)},
	}
}

// Registration is a sound input for a group's practice; tests change what they are
// about.
func Registration() practice.Input {
	return practice.Input{
		Movement: "M-2024", On: Day("2024-02-01"), Unit: "W1.G", Kind: ledger.Collective, Subject: "Tổ dân phố 1", Field: "economy",
		Origin: ledger.OriginNew, Title: "Ngõ phố tự quản", Parts: practice.Parts{Approach: "Họp dân, phân công, cùng làm."},
	}
}

// Register registers a practice.
func (s Small) Register(in practice.Input) practice.Entry {
	s.tb.Helper()
	e, err := s.Practices.Register(s.tb.Context(), s.System(), in)
	s.Must(err)
	return e
}

// Decide enters a decision of the standing body's district.
func (s Small) Decide(number, on string) ledger.Decision {
	s.tb.Helper()
	d, err := s.Movements.Decide(s.tb.Context(), s.System(), movement.DecisionInput{
		Paper: ledger.PaperDecision, Number: number, Authority: "D", Level: org.District, SignedOn: Day(on), Title: "Quyết định thử",
	})
	s.Must(err)
	return d
}

// Recognised is a registered, received, started and recognised entry.
func (s Small) Recognised(in practice.Input, number string) practice.Entry {
	s.tb.Helper()
	e := s.Register(in)
	ctx, who := s.tb.Context(), s.System()
	s.Must(s.Practices.Receive(ctx, who, practice.Step{Entries: []string{e.ID}, On: Day("2024-03-01")}))
	s.Must(s.Practices.Start(ctx, who, practice.Step{Entries: []string{e.ID}, On: Day("2024-04-01")}))
	d := s.Decide(number, "2024-09-01")
	s.Papers(d, e.ID)
	s.Must(s.Practices.Recognise(ctx, who, d.ID, []string{e.ID}))
	e, err := s.Practices.Get(ctx, who, e.ID)
	s.Must(err)
	return e
}

// Papers gives entries what a decision asks for before it may recognise them: a result that
// was accepted, minutes of an appraisal and a letter of submission, all of the day of the
// decision.
func (s Small) Papers(d ledger.Decision, entries ...string) {
	s.tb.Helper()
	s.Must(sample.Papers(s.tb.Context(), s.House, s.System(), sample.Chain{Decision: d, Entries: entries, Text: "Đã làm xong."}))
}
