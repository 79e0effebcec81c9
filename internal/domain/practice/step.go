package practice

import (
	"context"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Step is a step in the life of one or many entries: on which day, and why.
type Step struct {
	Entries []string // identities
	On      clock.Date
	Reason  string
}

// maxStep bounds how many entries one step may take along.
const maxStep = 100_000

// rule says what an act asks of an entry on the day of the act, whatever came of it since.
type rule struct {
	kind  ledger.Kind
	right actor.Right
	from  []ledger.Status                                 // where the entry may stand
	needs []ledger.Figure                                 // what must hold
	bars  []ledger.Figure                                 // what must not
	also  func(ledger.Standing, clock.Date) []ledger.Kind // acts that come with it
	keeps []ledger.Status                                 // where it must still stand when an act of an earlier day is recorded late; none is anywhere
}

// before is every state in which the standing body has not decided yet.
func before() []ledger.Status { return []ledger.Status{ledger.StatusRegistered, ledger.StatusReturned} }

// going is every state of an entry that lives in the list.
func going() []ledger.Status {
	return []ledger.Status{ledger.StatusReceived, ledger.StatusStarted, ledger.StatusRecognised}
}

func registered() []ledger.Figure { return []ledger.Figure{ledger.FigureRegistered} }
func received() []ledger.Figure {
	return []ledger.Figure{ledger.FigureRegistered, ledger.FigureReceived}
}

// rules are the steps, in the order in which pages offer them.
func rules() []rule {
	return []rule{
		{kind: ledger.Received, right: RightReceive, from: before(), needs: registered(), keeps: before()},
		{kind: ledger.Returned, right: RightReceive, from: []ledger.Status{ledger.StatusRegistered}, needs: registered(), keeps: before()},
		{kind: ledger.Refused, right: RightReceive, from: before(), needs: registered(), keeps: before()},
		{kind: ledger.Resubmitted, right: RightRegister, from: []ledger.Status{ledger.StatusReturned}, needs: registered(), keeps: before()},
		{kind: ledger.Started, right: RightReceive, from: going(), needs: received(), bars: []ledger.Figure{ledger.FigureCarriedOut}},
		{kind: ledger.Suspended, right: RightReceive, from: going(), needs: received()},
		{
			kind: ledger.Resumed, right: RightReceive, from: []ledger.Status{ledger.StatusSuspended, ledger.StatusEnded},
			needs: received(),
		},
		{kind: ledger.Ended, right: RightReceive, from: append(going(), ledger.StatusSuspended), needs: received()},
		{
			kind: ledger.Withdrawn, right: RightRegister,
			from:  append(before(), ledger.StatusReceived, ledger.StatusStarted, ledger.StatusSuspended, ledger.StatusEnded, ledger.StatusRefused),
			needs: registered(), bars: []ledger.Figure{ledger.FigureRecognised},
			also: func(st ledger.Standing, on clock.Date) []ledger.Kind {
				if st.Has(ledger.FigureReceived, on) {
					return []ledger.Kind{ledger.StruckOff}
				}
				return nil
			},
		},
		{
			kind: ledger.StruckOff, right: RightReceive,
			from:  []ledger.Status{ledger.StatusReceived, ledger.StatusStarted, ledger.StatusSuspended, ledger.StatusEnded},
			needs: received(), bars: []ledger.Figure{ledger.FigureRecognised},
		},
	}
}

// ruleOf is the rule of a step; every step of this package has one.
func ruleOf(kind ledger.Kind) rule {
	all := rules()
	return all[slices.IndexFunc(all, func(r rule) bool { return r.kind == kind })]
}

// Receive takes entries into the standing body's list; their attributes are fixed.
func (s *Service) Receive(ctx context.Context, who actor.Actor, step Step) error {
	return s.take(ctx, who, step, ruleOf(ledger.Received))
}

// Return sends entries back to be completed, with a reason.
func (s *Service) Return(ctx context.Context, who actor.Actor, step Step) error {
	return s.take(ctx, who, step, ruleOf(ledger.Returned))
}

// Resubmit sends entries in again after they were completed.
func (s *Service) Resubmit(ctx context.Context, who actor.Actor, step Step) error {
	return s.take(ctx, who, step, ruleOf(ledger.Resubmitted))
}

// Refuse does not take entries into the list, with a reason. They stay registered.
func (s *Service) Refuse(ctx context.Context, who actor.Actor, step Step) error {
	return s.take(ctx, who, step, ruleOf(ledger.Refused))
}

// Withdraw takes entries back at their unit's wish. One that was received leaves the
// list too; one that is recognised cannot be withdrawn before the recognition is
// revoked.
func (s *Service) Withdraw(ctx context.Context, who actor.Actor, step Step) error {
	return s.take(ctx, who, step, ruleOf(ledger.Withdrawn))
}

// StrikeOff takes entries off the standing body's list, with a reason.
func (s *Service) StrikeOff(ctx context.Context, who actor.Actor, step Step) error {
	return s.take(ctx, who, step, ruleOf(ledger.StruckOff))
}

// Start notes that practices are being carried out: inaugurated, or with a first note
// of progress or result accepted.
func (s *Service) Start(ctx context.Context, who actor.Actor, step Step) error {
	return s.take(ctx, who, step, ruleOf(ledger.Started))
}

// Suspend notes that practices pause.
func (s *Service) Suspend(ctx context.Context, who actor.Actor, step Step) error {
	return s.take(ctx, who, step, ruleOf(ledger.Suspended))
}

// Resume notes that practices go on after a pause, or after an end.
func (s *Service) Resume(ctx context.Context, who actor.Actor, step Step) error {
	return s.take(ctx, who, step, ruleOf(ledger.Resumed))
}

// End notes that practices are over, without blame. They still count as carried out.
func (s *Service) End(ctx context.Context, who actor.Actor, step Step) error {
	return s.take(ctx, who, step, ruleOf(ledger.Ended))
}

// take is the one way of every step: right, rule, act, audit.
func (s *Service) take(ctx context.Context, who actor.Actor, step Step, r rule) error {
	if !who.Can(r.right) {
		return forbidden()
	}
	if err := step.check(s.now.Today()); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := s.taken(ctx, tx, who, step, r)
		return err
	})
}

// taken takes a step in a transaction, and gives the acts that came of it.
func (s *Service) taken(ctx context.Context, tx *db.Tx, who actor.Actor, step Step, r rule) ([]ledger.Act, error) {
	standings, err := s.mine(ctx, tx, who, step.Entries)
	if err != nil {
		return nil, err
	}
	if err := s.inRoute(ctx, tx, r.kind, step.Entries); err != nil {
		return nil, err
	}
	var acts []ledger.Act
	for _, entry := range step.Entries {
		st := standings[entry]
		if err := r.allows(st, step.On); err != nil {
			return nil, err
		}
		for _, kind := range r.kinds(st, step.On) {
			acts = append(acts, step.act(kind, entry, who, st))
		}
	}
	if acts, err = s.book.AppendAll(ctx, tx, acts); err != nil {
		return nil, err
	}
	if r.kind == ledger.Returned {
		if err := s.openRound(ctx, tx, who, SentBack{Step: step}); err != nil {
			return nil, err
		}
	}
	if r.kind == ledger.Resubmitted {
		if err := s.closeRound(ctx, tx, who, step.Entries); err != nil {
			return nil, err
		}
	}
	if err := s.tellRoutes(ctx, tx, who, r.kind, step); err != nil {
		return nil, err
	}
	return acts, s.auditAll(ctx, tx, who, "practice."+string(r.kind), step)
}

func (step *Step) check(today clock.Date) error {
	var l errs.List
	step.Reason = strings.TrimSpace(step.Reason)
	l.Text("reason", step.Reason, maxReason, false)
	switch {
	case step.On == 0:
		l.Add("on", i18n.ErrsRequired)
	case step.On > today:
		l.Add("on", i18n.MovementFuture, step.On)
	}
	if len(step.Entries) == 0 || len(step.Entries) > maxStep {
		l.Add("entries", i18n.PracticeNothingChosen)
	}
	slices.Sort(step.Entries)
	step.Entries = slices.Compact(step.Entries)
	return l.Err()
}

func (step Step) act(kind ledger.Kind, entry string, who actor.Actor, st ledger.Standing) ledger.Act {
	act := ledger.Act{
		Kind: kind, Period: periodOf(st), Entry: entry, On: step.On, By: who.Account, Reason: step.Reason,
	}
	if kind == ledger.StruckOff && act.Reason == "" {
		act.Reason = string(ledger.Withdrawn)
	}
	return act
}

func periodOf(st ledger.Standing) int {
	for _, a := range st.Acts {
		if a.Kind == ledger.Registered {
			return a.Period
		}
	}
	return 0
}

func figureKey(f ledger.Figure) i18n.Key {
	d, _ := ledger.Define(f)
	return d.Label
}

// StatusKey is the word for a state of an entry.
func StatusKey(s ledger.Status) i18n.Key {
	return [...]i18n.Key{
		i18n.PracticeStatusRegistered, i18n.PracticeStatusRegistered, i18n.PracticeStatusReturned, i18n.PracticeStatusReceived,
		i18n.PracticeStatusStarted, i18n.PracticeStatusRecognised, i18n.PracticeStatusSuspended, i18n.PracticeStatusEnded,
		i18n.PracticeStatusRefused, i18n.PracticeStatusWithdrawn, i18n.PracticeStatusStruckOff,
	}[s]
}

// auditAll keeps one record for a single entry, and one for a whole batch.
func (s *Service) auditAll(ctx context.Context, tx *db.Tx, who actor.Actor, action string, step Step) error {
	on := audit.Object{Kind: "entries"}
	if len(step.Entries) == 1 {
		on = audit.Object{Kind: "entry", ID: step.Entries[0]}
	}
	return s.log.Add(ctx, tx, who, action, on, step)
}
