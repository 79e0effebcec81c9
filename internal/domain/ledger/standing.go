package ledger

import (
	"context"
	"slices"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Standing is what the acts on one entry, or on one subject in a period, amount to:
// what the rules of the rooms above decide by.
type Standing struct {
	Acts []Act // all, as recorded
	line timeline
}

// StandingOf folds acts that are all about one thing.
func StandingOf(acts []Act) Standing { return Standing{Acts: acts, line: fold(acts)} }

// Status is where the entry stands now.
func (s Standing) Status() Status { return s.line.status }

// On is the standing at the end of a day, by what is known now: without the acts that
// take effect later.
func (s Standing) On(d clock.Date) Standing {
	if !slices.ContainsFunc(s.Acts, func(a Act) bool { return a.On > d }) {
		return s
	}
	var acts []Act
	for _, a := range s.Acts {
		if a.On <= d {
			acts = append(acts, a)
		}
	}
	return StandingOf(acts)
}

// Before is the standing right before one of its acts.
func (s Standing) Before(act Act) Standing {
	var acts []Act
	for _, a := range s.Acts {
		if a.On < act.On || (a.On == act.On && (a.ID < act.ID || a.Kind == Voided)) {
			acts = append(acts, a)
		}
	}
	return StandingOf(acts)
}

// With is the standing as it would be with further acts, recorded after all others.
func (s Standing) With(acts ...Act) Standing {
	all := slices.Clone(s.Acts)
	for i, a := range acts {
		a.ID = afterAll + strconv.Itoa(i)
		all = append(all, a)
	}
	return StandingOf(all)
}

// afterAll sorts after every identity.
const afterAll = "~"

// Has tells whether a figure counts it as of the day.
func (s Standing) Has(f Figure, d clock.Date) bool {
	m, ok := f.mark()
	return ok && s.line.has(m, dayNo(d))
}

// AttrOn gives the attributes in force on the day.
func (s Standing) AttrOn(d clock.Date) Attr { return s.line.attrOn(dayNo(d)) }

// Living gives the acts that have not been voided, as recorded, without the voids.
func (s Standing) Living() []Act { return living(s.Acts) }

// InForce gives the living acts of a kind that no revocation has taken back by the day.
func (s Standing) InForce(kind Kind, d clock.Date) []Act {
	revoked := map[string]bool{}
	live := s.Living()
	for _, a := range live {
		if a.Kind == Revoked && a.On <= d {
			revoked[a.Target] = true
		}
	}
	var all []Act
	for _, a := range live {
		if a.Kind == kind && a.On <= d && !revoked[a.ID] {
			all = append(all, a)
		}
	}
	return all
}

// Stands tells whether an act lives and no revocation has taken it back by the day; it
// may itself take effect later.
func (s Standing) Stands(act string, d clock.Date) bool {
	stands := false
	for _, a := range s.Living() {
		if a.ID == act {
			stands = true
		}
		if a.Kind == Revoked && a.Target == act && a.On <= d {
			return false
		}
	}
	return stands
}

// Standings reads where entries stand, by their identities.
func Standings(ctx context.Context, q db.Querier, entries []string) (map[string]Standing, error) {
	acts, err := actsWhere(ctx, q, "entry_id", entries)
	if err != nil {
		return nil, err
	}
	all := make(map[string]Standing, len(entries))
	for id, of := range group(acts, func(a Act) string { return a.Entry }) {
		all[id] = StandingOf(of)
	}
	return all, nil
}

// Without is the standing as it would be had the act never been.
func (s Standing) Without(act string) Standing {
	var rest []Act
	for _, a := range s.Acts {
		if a.ID != act && a.Target != act {
			rest = append(rest, a)
		}
	}
	return StandingOf(rest)
}

// Consistent tells whether on every day what is recognised is received, what is typical
// is recognised, and what is received is registered.
func (s Standing) Consistent() bool {
	for _, a := range s.Acts {
		for _, pair := range nested() {
			if s.Has(pair[0], a.On) && !s.Has(pair[1], a.On) {
				return false
			}
		}
	}
	return true
}

// nested lists the figures of which each first lies within the second.
func nested() [][2]Figure {
	return [][2]Figure{
		{FigureReceived, FigureRegistered}, {FigureRecognised, FigureReceived}, {FigureTypical, FigureRecognised},
	}
}
