package movement

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// PhaseKind is what is done in a phase.
type PhaseKind string

// The kinds of phase. That of registration decides until when units may register.
const (
	PhaseRegistration PhaseKind = "registration"
	PhaseVisits       PhaseKind = "visits"
	PhaseAppraisal    PhaseKind = "appraisal"
	PhaseRecognition  PhaseKind = "recognition"
	PhaseWrapUp       PhaseKind = "wrapUp"
	PhaseOther        PhaseKind = "other"
)

// PhaseKinds lists them in the order of a year.
func PhaseKinds() []PhaseKind {
	return []PhaseKind{PhaseRegistration, PhaseVisits, PhaseAppraisal, PhaseRecognition, PhaseWrapUp, PhaseOther}
}

// Label is the word for the kind.
func (k PhaseKind) Label() i18n.Key {
	switch k {
	case PhaseRegistration:
		return i18n.MovementPhaseRegistration
	case PhaseVisits:
		return i18n.MovementPhaseVisits
	case PhaseAppraisal:
		return i18n.MovementPhaseAppraisal
	case PhaseRecognition:
		return i18n.MovementPhaseRecognition
	case PhaseWrapUp:
		return i18n.MovementPhaseWrapUp
	default:
		return i18n.MovementPhaseOther
	}
}

// Phase is a stretch of days of a period in which something is done.
type Phase struct {
	ID             string
	Period         int
	Kind           PhaseKind
	Name           string
	Opens, Closes  clock.Date
	Grace          int  // days after the deadline in which what comes is still taken
	Rolls          bool // a deadline on a day off moves on to the next working day
	ReopenedUntil  clock.Date
	ReopenedReason string
	ReopenedBy     string // account
	Sample         bool
	Version        int
}

// Deadline is the last day on which things are due.
func (p Phase) Deadline(off Holidays) clock.Date {
	if p.Rolls {
		return off.Working(p.Closes)
	}
	return p.Closes
}

// Last is the last day on which something is still taken: with the days of grace, or until
// which it was reopened.
func (p Phase) Last(off Holidays) clock.Date {
	return max(p.Deadline(off)+clock.Date(p.Grace), p.ReopenedUntil)
}

// OpenOn tells whether the phase is open on a day.
func (p Phase) OpenOn(d clock.Date, off Holidays) bool { return p.Opens <= d && d <= p.Last(off) }

// PhaseState is where a phase stands on a day.
type PhaseState string

// The states of a phase.
const (
	PhaseComing   PhaseState = "coming"
	PhaseOpen     PhaseState = "open"
	PhaseGrace    PhaseState = "grace"
	PhaseReopened PhaseState = "reopened"
	PhaseOver     PhaseState = "over"
)

// Label is the word for the state.
func (s PhaseState) Label() i18n.Key {
	switch s {
	case PhaseComing:
		return i18n.MovementPhaseComing
	case PhaseOpen:
		return i18n.MovementPhaseOpen
	case PhaseGrace:
		return i18n.MovementPhaseGrace
	case PhaseReopened:
		return i18n.MovementPhaseReopened
	default:
		return i18n.MovementPhaseOver
	}
}

// StateOn is where the phase stands on a day.
func (p Phase) StateOn(d clock.Date, off Holidays) PhaseState {
	switch deadline := p.Deadline(off); {
	case d < p.Opens:
		return PhaseComing
	case d <= deadline:
		return PhaseOpen
	case d <= deadline+clock.Date(p.Grace):
		return PhaseGrace
	case d <= p.ReopenedUntil:
		return PhaseReopened
	default:
		return PhaseOver
	}
}

// Schedule is the phases of a period, with the days off by which deadlines move.
type Schedule struct {
	Phases []Phase
	Off    Holidays
}

// ScheduleOf reads the schedule of a period. For the rooms above.
func ScheduleOf(ctx context.Context, q db.Querier, period int) (Schedule, error) {
	var s Schedule
	var err error
	if s.Phases, err = phasesOf(ctx, q, period); err != nil || len(s.Phases) == 0 {
		return s, err
	}
	s.Off, err = holidaysFor(ctx, q)
	return s, err
}

// PhasesOn are the phases that are open on a day.
func (s Schedule) PhasesOn(on clock.Date) []Phase {
	var open []Phase
	for _, p := range s.Phases {
		if p.OpenOn(on, s.Off) {
			open = append(open, p)
		}
	}
	return open
}

// Registration is whether units may register on a day, and the day on which that begins or
// ended.
type Registration struct {
	State PhaseState // coming, open or over
	Day   clock.Date
}

// MayRegister tells whether units may register on a day. Where there is no phase of
// registration they always may; one that stands as it was shipped binds nobody.
func (s Schedule) MayRegister(on clock.Date) Registration {
	var r Registration
	for _, p := range s.Phases {
		switch {
		case p.Kind != PhaseRegistration || p.Sample:
		case p.OpenOn(on, s.Off):
			return Registration{PhaseOpen, p.Last(s.Off)}
		case on < p.Opens:
			if r.State != PhaseComing { // the next one that opens
				r = Registration{PhaseComing, p.Opens}
			}
		case r.State != PhaseComing:
			r = Registration{PhaseOver, max(r.Day, p.Last(s.Off))}
		}
	}
	if r.State == "" {
		r.State = PhaseOpen
	}
	return r
}

// PhaseInput is a phase as a form has it.
type PhaseInput struct {
	Period        int
	Kind          PhaseKind
	Name          string
	Opens, Closes clock.Date
	Grace         int
	Rolls         bool
}

// Bounds of the calendar of a period.
const (
	MaxGrace  = 60
	MaxPhases = 40
)

// Check gathers everything that is wrong with the input.
func (in *PhaseInput) Check() error {
	var l errs.List
	in.Name = strings.TrimSpace(in.Name)
	l.Text("name", in.Name, maxName, true)
	if !slices.Contains(PhaseKinds(), in.Kind) {
		l.Add("kind", i18n.ErrsBadChoice)
	}
	if in.Opens == 0 {
		l.Add("opens", i18n.ErrsRequired)
	}
	switch {
	case in.Closes == 0:
		l.Add("closes", i18n.ErrsRequired)
	case in.Closes < in.Opens:
		l.Add("closes", i18n.MovementPhaseTurned)
	case in.Closes-in.Opens > 5*366:
		l.Add("closes", i18n.MovementPeriodLong)
	}
	if in.Grace < 0 || in.Grace > MaxGrace {
		l.Add("grace", i18n.MovementGraceRange, MaxGrace)
	}
	return l.Err()
}

func (in PhaseInput) into(p Phase) Phase {
	p.Kind, p.Name, p.Opens, p.Closes, p.Grace, p.Rolls, p.Sample = in.Kind, in.Name, in.Opens, in.Closes, in.Grace, in.Rolls, false
	return p
}

// AddPhase puts a phase into the calendar of a period.
func (s *Service) AddPhase(ctx context.Context, who actor.Actor, code string, in PhaseInput) (Phase, error) {
	if !who.Can(RightManage) {
		return Phase{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return Phase{}, err
	}
	var p Phase
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.mine(ctx, tx, who, code)
		if err != nil {
			return err
		}
		if _, ok := m.Period(in.Period); !ok {
			return errs.New(errs.Invalid, i18n.MovementPeriodNotFound).On("period")
		}
		all, err := phasesOf(ctx, tx, in.Period)
		if err != nil {
			return err
		}
		if len(all) >= MaxPhases {
			return errs.New(errs.Invalid, i18n.MovementTooMany, MaxPhases).On("name")
		}
		p = in.into(Phase{ID: s.newID(), Period: in.Period, Version: 1})
		if err := insertPhase(ctx, tx, p); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "movement.phase.add", m.ID, p)
	})
	return p, err
}

// EditPhase changes a phase, over the version that was read.
func (s *Service) EditPhase(ctx context.Context, who actor.Actor, id string, version int, in PhaseInput) (Phase, error) {
	if !who.Can(RightManage) {
		return Phase{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return Phase{}, err
	}
	return s.changePhase(ctx, who, id, version, func(p Phase) (Phase, string, error) {
		return in.into(p), "movement.phase.edit", nil
	})
}

// Reopening lets a phase be open again until a day, for a reason.
type Reopening struct {
	Until  clock.Date
	Reason string
}

// ReopenPhase opens a phase again; who did it and why is kept.
func (s *Service) ReopenPhase(ctx context.Context, who actor.Actor, id string, version int, in Reopening) (Phase, error) {
	if !who.Can(RightManage) {
		return Phase{}, forbidden()
	}
	in.Reason = strings.TrimSpace(in.Reason)
	var l errs.List
	l.Text("reason", in.Reason, maxText, true)
	if in.Until == 0 {
		l.Add("until", i18n.ErrsRequired)
	}
	if l.Err() != nil {
		return Phase{}, l.Err()
	}
	return s.changePhase(ctx, who, id, version, func(p Phase) (Phase, string, error) {
		if in.Until <= p.Closes || in.Until-p.Closes > 5*366 {
			return p, "", errs.New(errs.Invalid, i18n.MovementReopenDay, p.Closes).On("until")
		}
		p.ReopenedUntil, p.ReopenedReason, p.ReopenedBy = in.Until, in.Reason, who.Account
		return p, "movement.phase.reopen", nil
	})
}

func (s *Service) changePhase(ctx context.Context, who actor.Actor, id string, version int, do func(Phase) (Phase, string, error)) (Phase, error) {
	var p Phase
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		old, m, err := s.minePhase(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if old.Version != version {
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		var action string
		if p, action, err = do(old); err != nil {
			return err
		}
		p.Version++
		if err := updatePhase(ctx, tx, p); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, action, m.ID, map[string]Phase{"before": old, "after": p})
	})
	return p, err
}

// RemovePhase takes a phase out of the calendar; its duties stay.
func (s *Service) RemovePhase(ctx context.Context, who actor.Actor, id string, version int) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, m, err := s.minePhase(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if p.Version != version {
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		if err := deletePhase(ctx, tx, id); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "movement.phase.remove", m.ID, p)
	})
}

// minePhase finds a phase of a movement that the actor may change.
func (s *Service) minePhase(ctx context.Context, q db.Querier, who actor.Actor, id string) (Phase, Movement, error) {
	p, err := phaseByID(ctx, q, id)
	if errors.Is(err, db.ErrNoRow) {
		return p, Movement{}, errs.New(errs.NotFound, i18n.MovementPhaseNotFound)
	}
	if err != nil {
		return p, Movement{}, err
	}
	m, err := s.minePeriod(ctx, q, who, p.Period)
	return p, m, err
}

// minePeriod finds the movement of a period, which the actor may change.
func (s *Service) minePeriod(ctx context.Context, q db.Querier, who actor.Actor, period int) (Movement, error) {
	code, err := codeOfPeriod(ctx, q, period)
	if err != nil {
		return Movement{}, err
	}
	return s.mine(ctx, q, who, code)
}
