package movement

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Duty is something that somebody is to do by a day (đầu việc). It belongs to an account
// or to a unit, or to nobody yet.
type Duty struct {
	ID      string
	Period  int
	Phase   string // identity of a phase, or ""
	Title   string
	Unit    string // identity, or ""
	Account string // identity, or ""
	Due     clock.Date
	Note    string
	DoneAt  time.Time // zero until it is done
	DoneBy  string    // account
	Sample  bool
	Version int
}

// Done tells whether it was done.
func (d Duty) Done() bool { return !d.DoneAt.IsZero() }

// Overdue tells whether it was to be done before a day and is not.
func (d Duty) Overdue(on clock.Date) bool { return !d.Done() && d.Due < on }

// Calendar is what a period has in store: its phases, duties and days off.
type Calendar struct {
	Movement Movement
	Period   Period
	Phases   []Phase
	Duties   []Duty // by the day on which they are due
	Off      Holidays
}

// Phase finds a phase by its identity.
func (c Calendar) Phase(id string) (Phase, bool) {
	i := slices.IndexFunc(c.Phases, func(p Phase) bool { return p.ID == id })
	if i < 0 {
		return Phase{}, false
	}
	return c.Phases[i], true
}

// Duty finds a duty by its identity.
func (c Calendar) Duty(id string) (Duty, bool) {
	i := slices.IndexFunc(c.Duties, func(d Duty) bool { return d.ID == id })
	if i < 0 {
		return Duty{}, false
	}
	return c.Duties[i], true
}

// Calendar gives the calendar of a period: duties to who keeps the movement, to others
// their own and those of their units.
func (s *Service) Calendar(ctx context.Context, who actor.Actor, code string, period int) (Calendar, error) {
	if !who.Can(RightRead) {
		return Calendar{}, forbidden()
	}
	m, err := s.seen(ctx, s.db, who, code)
	if err != nil {
		return Calendar{}, err
	}
	p, ok := m.Period(period)
	if !ok {
		return Calendar{}, errs.New(errs.NotFound, i18n.MovementPeriodNotFound)
	}
	tree, err := s.org.Tree(ctx, s.db)
	if err != nil {
		return Calendar{}, err
	}
	c := Calendar{Movement: m, Period: p}
	if c.Phases, err = phasesOf(ctx, s.db, p.No); err != nil {
		return c, err
	}
	if c.Duties, err = dutiesOf(ctx, s.db, p.No); err != nil {
		return c, err
	}
	if !tree.InScope(who.Scope, m.Unit) {
		c.Duties = slices.DeleteFunc(c.Duties, func(d Duty) bool { return !isOf(tree, who, d) })
	}
	c.Off, err = holidaysFor(ctx, s.db)
	return c, err
}

// isOf tells whether a duty is the actor's own or that of one of the actor's units.
func isOf(tree *org.Tree, who actor.Actor, d Duty) bool {
	return d.Account != "" && d.Account == who.Account || d.Unit != "" && tree.InScope(who.Scope, d.Unit)
}

// DutyInput is a duty as a form has it.
type DutyInput struct {
	Period  int
	Phase   string // identity, or ""
	Title   string
	Unit    string // code, or ""
	Account string // identity, or ""
	Due     clock.Date
	Note    string
}

// MaxDuties is how many duties a period has at most.
const MaxDuties = 300

// Check gathers everything that is wrong with the input.
func (in *DutyInput) Check() error {
	var l errs.List
	in.Title, in.Note = strings.TrimSpace(in.Title), strings.TrimSpace(in.Note)
	l.Text("title", in.Title, maxName, true)
	l.Text("note", in.Note, 2000, false)
	if in.Due == 0 {
		l.Add("due", i18n.ErrsRequired)
	}
	if in.Unit != "" && in.Account != "" {
		l.Add("unit", i18n.MovementDutyOneOwner)
	}
	return l.Err()
}

// dutyOf resolves what the input names.
func (s *Service) dutyOf(ctx context.Context, q db.Querier, m Movement, in DutyInput, d Duty) (Duty, error) {
	if _, ok := m.Period(d.Period); !ok {
		return d, errs.New(errs.Invalid, i18n.MovementPeriodNotFound).On("period")
	}
	d.Title, d.Note, d.Due, d.Phase, d.Account, d.Unit, d.Sample = in.Title, in.Note, in.Due, in.Phase, in.Account, "", false
	if in.Phase != "" {
		p, err := phaseByID(ctx, q, in.Phase)
		if errors.Is(err, db.ErrNoRow) || err == nil && p.Period != d.Period {
			return d, errs.New(errs.Invalid, i18n.MovementPhaseNotFound).On("phase")
		}
		if err != nil {
			return d, err
		}
	}
	tree, err := s.org.Tree(ctx, q)
	if err != nil {
		return d, err
	}
	if in.Unit != "" {
		u, ok := tree.ByCode(in.Unit)
		if !ok || !tree.InScope(actor.Scope{Paths: tree.Paths(m.Unit)}, u.ID) {
			return d, errs.New(errs.Invalid, i18n.MovementOutOfScope).On("unit")
		}
		d.Unit = u.ID
	}
	return d, s.ownerStands(ctx, q, tree, m, d)
}

// ownerStands refuses an account that does not work in the movement's area.
func (s *Service) ownerStands(ctx context.Context, q db.Querier, tree *org.Tree, m Movement, d Duty) error {
	if d.Account == "" {
		return nil
	}
	unit, err := unitOfAccount(ctx, q, d.Account)
	if errors.Is(err, db.ErrNoRow) || err == nil && (unit == "" || !tree.InScope(actor.Scope{Paths: tree.Paths(m.Unit)}, unit)) {
		return errs.New(errs.Invalid, i18n.MovementOutOfScope).On("account")
	}
	return err
}

// AddDuty puts a duty into the calendar of a period.
func (s *Service) AddDuty(ctx context.Context, who actor.Actor, code string, in DutyInput) (Duty, error) {
	if !who.Can(RightManage) {
		return Duty{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return Duty{}, err
	}
	var d Duty
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.mine(ctx, tx, who, code)
		if err != nil {
			return err
		}
		if d, err = s.dutyOf(ctx, tx, m, in, Duty{ID: s.newID(), Period: in.Period, Version: 1}); err != nil {
			return err
		}
		all, err := dutiesOf(ctx, tx, d.Period)
		if err != nil {
			return err
		}
		if len(all) >= MaxDuties {
			return errs.New(errs.Invalid, i18n.MovementTooMany, MaxDuties).On("title")
		}
		if err := insertDuty(ctx, tx, d); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "movement.duty.add", m.ID, d)
	})
	return d, err
}

// EditDuty changes a duty, over the version that was read.
func (s *Service) EditDuty(ctx context.Context, who actor.Actor, id string, version int, in DutyInput) (Duty, error) {
	if !who.Can(RightManage) {
		return Duty{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return Duty{}, err
	}
	return s.changeDuty(ctx, who, dutyChange{id, version, "movement.duty.edit"}, func(tx *db.Tx, m Movement, d Duty) (Duty, error) {
		return s.dutyOf(ctx, tx, m, in, d)
	})
}

// FinishDuty says that a duty was done, or takes that back. Whoever keeps the movement may,
// and whose duty it is.
func (s *Service) FinishDuty(ctx context.Context, who actor.Actor, id string, version int, done bool) (Duty, error) {
	if !who.Can(RightRead) {
		return Duty{}, forbidden()
	}
	action := "movement.duty.finish"
	if !done {
		action = "movement.duty.reopen"
	}
	return s.changeDuty(ctx, who, dutyChange{id, version, action}, func(_ *db.Tx, _ Movement, d Duty) (Duty, error) {
		d.DoneAt, d.DoneBy = time.Time{}, ""
		if done {
			d.DoneAt, d.DoneBy = s.now(), who.Account
		}
		return d, nil
	})
}

// dutyChange names the duty that is changed, over which version, and what the audit calls
// the change.
type dutyChange struct {
	id      string
	version int
	action  string
}

func (s *Service) changeDuty(ctx context.Context, who actor.Actor, at dutyChange, do func(*db.Tx, Movement, Duty) (Duty, error)) (Duty, error) {
	var d Duty
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		old, m, err := s.mineDuty(ctx, tx, who, at.id)
		if err != nil {
			return err
		}
		if old.Version != at.version {
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		if d, err = do(tx, m, old); err != nil {
			return err
		}
		d.Version++
		if err := updateDuty(ctx, tx, d); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, at.action, m.ID, map[string]Duty{"before": old, "after": d})
	})
	return d, err
}

// RemoveDuty takes a duty out of the calendar.
func (s *Service) RemoveDuty(ctx context.Context, who actor.Actor, id string, version int) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		d, m, err := s.mineDuty(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if d.Version != version {
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		if err := deleteDuty(ctx, tx, id); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "movement.duty.remove", m.ID, d)
	})
}

// mineDuty finds a duty that the actor may change: one of a movement that the actor keeps,
// or the actor's own.
func (s *Service) mineDuty(ctx context.Context, q db.Querier, who actor.Actor, id string) (Duty, Movement, error) {
	gone := errs.New(errs.NotFound, i18n.MovementDutyNotFound)
	d, err := dutyByID(ctx, q, id)
	if errors.Is(err, db.ErrNoRow) {
		return d, Movement{}, gone
	}
	if err != nil {
		return d, Movement{}, err
	}
	code, err := codeOfPeriod(ctx, q, d.Period)
	if err != nil {
		return d, Movement{}, err
	}
	m, err := s.seen(ctx, q, who, code)
	if errs.Is(err, errs.NotFound) {
		return d, m, gone
	}
	if err != nil {
		return d, m, err
	}
	tree, err := s.org.Tree(ctx, q)
	switch keeps := err == nil && tree.InScope(who.Scope, m.Unit); {
	case err != nil:
		return d, m, err
	case keeps && who.Can(RightManage), isOf(tree, who, d):
		return d, m, nil
	case keeps:
		return d, m, forbidden()
	default:
		return d, m, gone
	}
}
