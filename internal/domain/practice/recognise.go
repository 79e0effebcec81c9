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
	return s.decide(ctx, who, decision, entries, decidedRule(ledger.Recognised))
}

// NameTypical names recognised entries typical, by a decision or by minutes.
func (s *Service) NameTypical(ctx context.Context, who actor.Actor, decision string, entries []string) error {
	return s.decide(ctx, who, decision, entries, decidedRule(ledger.Typical))
}

// decidedRule is the rule of a step that rests on a paper.
func decidedRule(kind ledger.Kind) rule {
	if kind == ledger.Recognised {
		return rule{kind: kind, right: RightRecognise, from: going(), needs: received()}
	}
	return rule{
		kind: ledger.Typical, right: RightRecognise, from: going(), needs: []ledger.Figure{ledger.FigureRecognised},
		bars: []ledger.Figure{ledger.FigureTypical},
	}
}

func (s *Service) decide(ctx context.Context, who actor.Actor, decision string, entries []string, r rule) error {
	if !who.Can(r.right) {
		return forbidden()
	}
	d, err := s.paperFor(ctx, who, decision, r.kind)
	if err != nil {
		return err
	}
	step := Step{Entries: entries, On: d.On}
	if err := step.check(max(s.now.Today(), d.On)); err != nil { // a decision may take effect later
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := s.decided(ctx, tx, who, ruling{d, r}, step)
		return err
	})
}

// paperFor finds the decision or the minutes on which a step rests.
func (s *Service) paperFor(ctx context.Context, who actor.Actor, decision string, kind ledger.Kind) (ledger.Decision, error) {
	d, err := s.movements.Decision(ctx, who, decision)
	if err == nil && kind == ledger.Recognised && d.Paper != ledger.PaperDecision {
		err = errs.New(errs.Invalid, i18n.LedgerDecisionNeeded).On("decision")
	}
	return d, err
}

// ruling is a rule with the paper on which a step rests.
type ruling struct {
	paper ledger.Decision
	rule
}

// allows judges by the rule and, of a recognition, whether there is one on the level.
func (r ruling) allows(st ledger.Standing) error {
	if err := r.rule.allows(st, r.paper.On); err != nil {
		return err
	}
	if r.kind == ledger.Recognised && recognisedOn(st, r.paper.Level, r.paper.On) {
		return errs.New(errs.Conflict, i18n.PracticeAlready, i18n.LedgerRecognised, r.paper.On)
	}
	return nil
}

// decided takes a step that rests on a paper, in a transaction.
func (s *Service) decided(ctx context.Context, tx *db.Tx, who actor.Actor, r ruling, step Step) ([]ledger.Act, error) {
	standings, err := s.mine(ctx, tx, who, step.Entries)
	if err != nil {
		return nil, err
	}
	acts := make([]ledger.Act, len(step.Entries))
	for i, entry := range step.Entries {
		st := standings[entry]
		if err := r.allows(st); err != nil {
			return nil, err
		}
		acts[i] = step.act(r.kind, entry, who, st)
		acts[i].Decision, acts[i].Level = r.paper.ID, r.paper.Level
	}
	if err := s.lacking(ctx, tx, r.paper, step.Entries, r.kind); err != nil {
		return nil, err
	}
	if acts, err = s.book.AppendAll(ctx, tx, acts); err != nil {
		return nil, err
	}
	return acts, s.log.Add(ctx, tx, who, "practice."+string(r.kind), audit.Object{Kind: "decision", ID: r.paper.ID}, step)
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
