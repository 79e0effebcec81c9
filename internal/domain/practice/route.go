package practice

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// SubjectEntry is the kind of subject that an entry is in a route.
const SubjectEntry = "entry"

// subjectOf is an entry as a route judges it.
func subjectOf(e Entry, movement, national string) review.Subject {
	return review.Subject{
		Kind: SubjectEntry, ID: e.ID, Code: e.Code, Title: e.Title, Unit: e.Unit, Movement: movement, SubjectKind: e.Kind.String(), Field: national,
	}
}

// Subject is an entry as a route would judge it, for trials.
func (s *Service) Subject(ctx context.Context, who actor.Actor, key string) (review.Subject, error) {
	if !who.Can(RightRead) {
		return review.Subject{}, forbidden()
	}
	e, err := s.Get(ctx, who, key)
	if err != nil {
		return review.Subject{}, err
	}
	m, err := s.movements.ByPeriod(ctx, who, e.Period)
	if err != nil {
		return review.Subject{}, err
	}
	field, _ := m.Field(e.Field)
	return subjectOf(e, m.Code, field.National.String()), nil
}

// Judged finds the entry of a case in which the actor has a seat, wherever it lies: who is
// to judge something must be able to read it.
func (s *Service) Judged(ctx context.Context, who actor.Actor, c review.Case) (Entry, error) {
	if !who.Can(RightRead) {
		return Entry{}, forbidden()
	}
	seen, err := s.reviews.Case(ctx, who, c.ID)
	if err != nil {
		return Entry{}, err
	}
	return s.Get(ctx, throughout(who), seen.Subject.ID)
}

// beginRoutes puts what was registered on its way, where a route covers it.
func (r *registration) beginRoutes(ctx context.Context) error {
	all := make([]review.Subject, len(r.entries))
	for i, e := range r.entries {
		field, _ := r.movement.Field(e.Field)
		all[i] = subjectOf(e, r.movement.Code, field.National.String())
	}
	return r.s.reviews.Start(ctx, r.tx, r.who, review.Registration, all)
}

// inRoute refuses a decision by hand on what a route is to decide.
func (s *Service) inRoute(ctx context.Context, q db.Querier, kind ledger.Kind, entries []string) error {
	if !slices.Contains(byRoute(), kind) {
		return nil
	}
	running, err := review.RunningOf(ctx, q, SubjectEntry, entries)
	if err != nil {
		return err
	}
	for _, id := range entries {
		if running[id] != "" {
			e, err := find(ctx, q, id)
			if err != nil {
				return err
			}
			return errs.New(errs.Conflict, i18n.ReviewInRoute, e.Code)
		}
	}
	return nil
}

// byRoute are the steps that a route takes in place of a person.
func byRoute() []ledger.Kind { return []ledger.Kind{ledger.Received, ledger.Returned, ledger.Refused} }

// tellRoutes tells the cases of entries what their unit did.
func (s *Service) tellRoutes(ctx context.Context, tx *db.Tx, who actor.Actor, kind ledger.Kind, step Step) error {
	if kind != ledger.Resubmitted && kind != ledger.Withdrawn {
		return nil
	}
	running, err := review.RunningOf(ctx, tx, SubjectEntry, step.Entries)
	if err != nil {
		return err
	}
	for _, id := range step.Entries {
		of := review.Subject{Kind: SubjectEntry, ID: id}
		switch {
		case running[id] == "":
		case kind == ledger.Resubmitted:
			err = s.reviews.Resubmit(ctx, tx, who, of)
		default:
			err = s.reviews.Withdraw(ctx, tx, who, of, step.Reason)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// voidInRoute ends the case of an entry whose registration is voided, and refuses to void
// anything else while a route has it.
func (s *Service) voidInRoute(ctx context.Context, tx *db.Tx, who actor.Actor, e Entry, act, reason string) error {
	if e.Case == "" {
		return nil
	}
	for _, a := range e.Standing.Acts {
		if a.ID == act && a.Kind == ledger.Registered {
			return s.reviews.Withdraw(ctx, tx, who, review.Subject{Kind: SubjectEntry, ID: e.ID}, reason)
		}
	}
	return errs.New(errs.Conflict, i18n.ReviewInRoute, e.Code)
}

// withCase notes which case has an entry.
func withCase(ctx context.Context, q db.Querier, e *Entry) error {
	running, err := review.RunningOf(ctx, q, SubjectEntry, []string{e.ID})
	e.Case = running[e.ID]
	return err
}

// Routed is the register as the engine of routes sees it.
type Routed struct{ s *Service }

// Routed is what the engine calls where a case of an entry is settled.
func (s *Service) Routed() Routed { return Routed{s} }

// Settled records in the ledger what a case came to, as the act of whoever voted last: the
// route has given the right.
func (r Routed) Settled(ctx context.Context, tx *db.Tx, who actor.Actor, c review.Case, last review.Event) error {
	kind := map[review.Phase]ledger.Kind{
		review.PhasePassed: ledger.Received, review.PhaseRefused: ledger.Refused, review.PhaseRegistrant: ledger.Returned,
	}[c.State.Phase]
	standings, err := ledger.Standings(ctx, tx, []string{c.Subject.ID})
	if err != nil {
		return err
	}
	step, st := Step{Entries: []string{c.Subject.ID}, On: r.s.now.Today(), Reason: reasonOf(last)}, standings[c.Subject.ID]
	if err := ruleOf(kind).allows(st, step.On); err != nil {
		return err
	}
	act := step.act(kind, c.Subject.ID, who, st)
	if act.By == "" {
		act.By = last.By
	}
	if _, err := r.s.book.AppendAll(ctx, tx, []ledger.Act{act}); err != nil {
		return err
	}
	if kind == ledger.Returned {
		if err := r.s.openRound(ctx, tx, throughout(who), sentBackBy(last, step)); err != nil {
			return err
		}
	}
	return r.s.log.Add(ctx, tx, who, "practice."+string(kind), audit.Object{Kind: "entry", ID: c.Subject.ID}, map[string]any{
		"case": c.ID, "on": step.On, "reason": step.Reason,
	})
}

// sentBackBy is what a reviewer asks for: the parts that the vote flags are open again.
func sentBackBy(last review.Event, step Step) SentBack {
	in := SentBack{Step: step}
	for _, part := range last.Parts {
		in.Flags = append(in.Flags, Flag{Part: part})
	}
	return in
}

// reasonOf is the reasons of a vote in words, and its text.
func reasonOf(e review.Event) string {
	var all []string
	for _, reason := range e.Reasons {
		all = append(all, i18n.Vi.T(reason.Label()))
	}
	text := strings.Join(all, "; ")
	if text != "" && e.Text != "" {
		text += ": "
	}
	return text + e.Text
}

// Marks tells what the parts of an entry are like, each by a hash.
func (r Routed) Marks(ctx context.Context, q db.Querier, subject string) (map[string]string, error) {
	e, err := find(ctx, q, subject)
	if err != nil {
		return nil, err
	}
	texts, err := r.s.textsOf(ctx, q, throughout(actor.Actor{Rights: []actor.Right{RightRead, movement.RightRead}}), e.ID)
	if err != nil {
		return nil, err
	}
	marks := make(map[string]string, len(texts))
	for part, text := range texts {
		sum := sha256.Sum256([]byte(text))
		marks[part] = hex.EncodeToString(sum[:8])
	}
	return marks, nil
}

// throughout is the actor in every unit: who has a seat in a case may lie beside its subject.
func throughout(who actor.Actor) actor.Actor {
	who.Scope = actor.Scope{All: true}
	return who
}
