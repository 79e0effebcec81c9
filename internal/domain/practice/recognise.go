package practice

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Recognise recognises entries by a numbered decision, on its level, from its day on. Each
// needs its papers; see [Service.Require].
func (s *Service) Recognise(ctx context.Context, who actor.Actor, decision string, entries []string) error {
	return s.decide(ctx, who, decision, entries, rule{
		kind: ledger.Recognised, right: RightRecognise, from: going(), needs: received(),
	})
}

// NameTypical names recognised entries typical, by a decision or by minutes.
func (s *Service) NameTypical(ctx context.Context, who actor.Actor, decision string, entries []string) error {
	return s.decide(ctx, who, decision, entries, rule{
		kind: ledger.Typical, right: RightRecognise, from: going(), needs: []ledger.Figure{ledger.FigureRecognised},
		bars: []ledger.Figure{ledger.FigureTypical},
	})
}

func (s *Service) decide(ctx context.Context, who actor.Actor, decision string, entries []string, r rule) error {
	if !who.Can(r.right) {
		return forbidden()
	}
	d, err := s.movements.Decision(ctx, who, decision)
	if err != nil {
		return err
	}
	if r.kind == ledger.Recognised && d.Paper != ledger.PaperDecision {
		return errs.New(errs.Invalid, i18n.LedgerDecisionNeeded).On("decision")
	}
	step := Step{Entries: entries, On: d.On}
	if err := step.check(max(s.now.Today(), d.On)); err != nil { // a decision may take effect later
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		standings, err := s.mine(ctx, tx, who, step.Entries)
		if err != nil {
			return err
		}
		acts := make([]ledger.Act, len(step.Entries))
		for i, entry := range step.Entries {
			st := standings[entry]
			if err := r.allows(st, d.On); err != nil {
				return err
			}
			if r.kind == ledger.Recognised && recognisedOn(st, d.Level, d.On) {
				return errs.New(errs.Conflict, i18n.PracticeAlready, i18n.LedgerRecognised, d.On)
			}
			acts[i] = step.act(r.kind, entry, who, st)
			acts[i].Decision, acts[i].Level = d.ID, d.Level
		}
		if err := s.lacking(ctx, tx, d, step.Entries, r.kind); err != nil {
			return err
		}
		if _, err := s.book.AppendAll(ctx, tx, acts); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "practice."+string(r.kind), audit.Object{Kind: "decision", ID: d.ID}, step)
	})
}

func recognisedOn(st ledger.Standing, level org.Level, on clock.Date) bool {
	for _, a := range st.InForce(ledger.Recognised, on) {
		if a.Level == level {
			return true
		}
	}
	return false
}

// Revoke takes a recognition, or the naming as typical, back from a day on, with a
// reason. An entry that loses its last recognition is no longer typical either.
func (s *Service) Revoke(ctx context.Context, who actor.Actor, key, act string, step Step) error {
	if !who.Can(RightRecognise) {
		return forbidden()
	}
	step.Entries = []string{key}
	if err := step.check(s.now.Today()); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.get(ctx, tx, who, key)
		if err != nil {
			return err
		}
		targets, err := revoked(e.Standing, act, step.On)
		if err != nil {
			return err
		}
		acts := make([]ledger.Act, len(targets))
		for i, target := range targets {
			acts[i] = ledger.Act{Kind: ledger.Revoked, Target: target, On: step.On, By: who.Account, Reason: step.Reason}
		}
		if _, err := s.book.AppendAll(ctx, tx, acts); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "practice.revoke", audit.Object{Kind: "entry", ID: e.ID}, step)
	})
}

// revoked lists the acts that fall with an act: itself, and with the last recognition
// the naming as typical.
func revoked(st ledger.Standing, act string, on clock.Date) ([]string, error) {
	recognitions, typical := st.InForce(ledger.Recognised, on), st.InForce(ledger.Typical, on)
	for _, a := range typical {
		if a.ID == act {
			return []string{act}, nil
		}
	}
	for _, a := range recognitions {
		if a.ID != act {
			continue
		}
		targets := []string{act}
		if len(recognitions) == 1 {
			for _, t := range typical {
				targets = append(targets, t.ID)
			}
		}
		return targets, nil
	}
	return nil, errs.New(errs.NotFound, i18n.LedgerTargetGone)
}
