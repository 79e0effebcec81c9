package practice

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Possible is what an actor may do with an entry on a day: what a page offers. The
// services decide by the same rules when it is done.
type Possible struct {
	Steps      []ledger.Kind // in the order in which they are offered
	Late       []LateStep    // those that can be recorded of an earlier day only
	Edit       bool
	NoEdit     error // why not, to whom it may be given at all
	Fixed      bool  // what classifies it changes only by a reclassification
	Reclassify bool
	Publish    bool     // note consent to publication
	Correct    bool     // readers must be told what a change of its texts and numbers corrects
	Void       []string // acts that nothing rests on
	Revoke     []string // recognitions and namings in force
}

// PossibleWith tells what an actor may do with an entry that it has found.
func PossibleWith(who actor.Actor, e Entry, on clock.Date) Possible {
	p := Possible{
		NoEdit:     noEdit(who, e),
		Fixed:      fixed(e.Standing),
		Reclassify: who.Can(RightReclassify) && fixed(e.Standing),
		Publish:    who.Can(RightPublish),
		Correct:    e.Public(on),
	}
	for _, r := range rules() {
		if e.Case != "" && slices.Contains(byRoute(), r.kind) {
			continue // the route decides
		}
		if who.Can(r.right) && r.allows(e.Standing, on) == nil {
			p.Steps = append(p.Steps, r.kind)
		}
	}
	p.Edit = p.NoEdit == nil && (who.Can(RightRegister) || who.Can(RightReceive))
	p.Late = lateSteps(who, e.Standing, on)
	if who.Can(RightReclassify) {
		for _, a := range e.Standing.Living() {
			if mayVoid(e.Standing, a.ID) == nil {
				p.Void = append(p.Void, a.ID)
			}
		}
	}
	if who.Can(RightRecognise) {
		for _, kind := range []ledger.Kind{ledger.Recognised, ledger.Typical} {
			for _, a := range e.Standing.InForce(kind, on) {
				p.Revoke = append(p.Revoke, a.ID)
			}
		}
	}
	return p
}

// Steps lists the steps that the actor has the right to, whatever the entry.
func Steps(who actor.Actor) []ledger.Kind {
	var all []ledger.Kind
	for _, r := range rules() {
		if who.Can(r.right) {
			all = append(all, r.kind)
		}
	}
	return all
}

// Ready parts entries into those that may take a step on the day and those that stand
// otherwise. One outside the actor's scope is not found.
func (s *Service) Ready(ctx context.Context, who actor.Actor, kind ledger.Kind, step Step) (may, mayNot []ledger.EntryRow, err error) {
	if !slices.Contains(Steps(who), kind) || !who.Can(RightRead) {
		return nil, nil, forbidden()
	}
	if err := step.check(s.now.Today()); err != nil {
		return nil, nil, err
	}
	err = s.db.Snapshot(ctx, func(q db.Querier) error {
		standings, err := s.mine(ctx, q, who, step.Entries)
		if err != nil {
			return err
		}
		rows, err := ledger.EntryRows(ctx, q, step.Entries)
		for _, row := range rows {
			if ruleOf(kind).allows(standings[row.Entry], step.On) == nil {
				may = append(may, row)
			} else {
				mayNot = append(mayNot, row)
			}
		}
		return err
	})
	return may, mayNot, err
}
