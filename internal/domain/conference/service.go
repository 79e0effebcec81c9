package conference

import (
	"context"
	"errors"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

// Service is the capability.
type Service struct {
	db       *db.DB
	rooms    Rooms
	now      clock.Clock
	newID    id.Source
	consents PhotoConsents
}

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Log       *audit.Log
	Org       *org.Service
	Movements *movement.Service
	Practices *practice.Service
	Awards    *award.Service
	Files     blob.Store
}

// New makes the service.
func New(d *db.DB, rooms Rooms, now clock.Clock, newID id.Source) *Service {
	none := func(context.Context, db.Querier, []string, clock.Date) (map[string]bool, error) {
		return map[string]bool{}, nil
	}
	return &Service{db: d, rooms: rooms, now: now, newID: newID, consents: none}
}

// Plan sets a conference up.
func (s *Service) Plan(ctx context.Context, who actor.Actor, in Input) (Conference, error) {
	if !who.Can(RightManage) {
		return Conference{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return Conference{}, err
	}
	var c Conference
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.keeps(ctx, tx, who, in.Movement)
		if err != nil {
			return err
		}
		c = Conference{ID: s.newID(), State: Planned, Version: 1}
		if c, err = s.written(who, c, m, in); err != nil {
			return err
		}
		if err := insert(ctx, tx, c, m.ID); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "conference.plan", c.ID, in)
	})
	return c, err
}

// written puts an input into a conference.
func (s *Service) written(who actor.Actor, c Conference, m movement.Movement, in Input) (Conference, error) {
	period, ok := m.PeriodOn(in.On)
	if in.Period != 0 {
		period, ok = m.Period(in.Period)
	}
	switch {
	case !ok:
		return c, errs.New(errs.Invalid, i18n.MovementPeriodNotFound).On("period")
	case in.AsOf != 0 && (in.AsOf < period.From || in.AsOf > period.To):
		return c, errs.New(errs.Invalid, i18n.ConferenceAsOfOutside, period.From, period.To).On("asOf")
	case c.State == Held && in.On > s.now.Today():
		return c, errs.New(errs.Invalid, i18n.ConferenceNotYet, in.On).On("on")
	}
	c.Movement, c.Period, c.Kind, c.Title, c.On, c.Begins = m.Code, period.No, in.Kind, in.Title, in.On, in.Begins
	c.Place, c.Occasion, c.Presiding, c.Guests, c.AsOf = in.Place, in.Occasion, in.Presiding, in.Guests, in.AsOf
	c.UpdatedAt, c.UpdatedBy = s.now(), who.Account
	return c, nil
}

// keeps finds a movement of whose area the actor keeps the whole.
func (s *Service) keeps(ctx context.Context, q db.Querier, who actor.Actor, code string) (movement.Movement, error) {
	m, err := s.rooms.Movements.GetIn(ctx, q, who, code)
	if err != nil {
		return m, err
	}
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return m, err
	}
	if !tree.InScope(who.Scope, m.Unit) {
		return m, errs.New(errs.Forbidden, i18n.MovementOutOfScope)
	}
	return m, nil
}

// Edit rewrites what a conference says of itself, over the version that the writer read.
func (s *Service) Edit(ctx context.Context, who actor.Actor, id string, version int, in Input) (Conference, error) {
	if !who.Can(RightManage) {
		return Conference{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return Conference{}, err
	}
	return s.change(ctx, who, target{id, version, "conference.edit"}, func(_ *db.Tx, c *Conference, m movement.Movement) (any, error) {
		var err error
		*c, err = s.written(who, *c, m, in)
		return in, err
	})
}

// SetProgramme writes the programme anew. Rows without a word are left out.
func (s *Service) SetProgramme(ctx context.Context, who actor.Actor, id string, version int, rows []Item) (Conference, error) {
	if !who.Can(RightManage) {
		return Conference{}, forbidden()
	}
	var l errs.List
	rows = checkItems(&l, rows)
	if l.Err() != nil {
		return Conference{}, l.Err()
	}
	return s.change(ctx, who, target{id, version, "conference.programme"}, func(tx *db.Tx, c *Conference, _ movement.Movement) (any, error) {
		c.Programme = rows
		return map[string]any{"items": rows}, replaceItems(ctx, tx, c.ID, rows)
	})
}

// SetSpeeches writes the speeches anew. Rows without a word are left out.
func (s *Service) SetSpeeches(ctx context.Context, who actor.Actor, id string, version int, rows []Speech) (Conference, error) {
	if !who.Can(RightManage) {
		return Conference{}, forbidden()
	}
	rows, err := s.toldOf(ctx, who, rows)
	if err != nil {
		return Conference{}, err
	}
	return s.change(ctx, who, target{id, version, "conference.speeches"}, func(tx *db.Tx, c *Conference, _ movement.Movement) (any, error) {
		c.Speeches = rows
		return map[string]any{"speeches": rows}, replaceSpeeches(ctx, tx, c.ID, rows)
	})
}

// toldOf checks speeches and finds the records of which they tell, among those that the
// actor sees.
func (s *Service) toldOf(ctx context.Context, who actor.Actor, rows []Speech) ([]Speech, error) {
	var l errs.List
	for i := range rows {
		field := "about" + strconv.Itoa(i)
		var err error
		switch sp := &rows[i]; {
		case sp.Entry != "":
			var e practice.Entry
			e, err = s.rooms.Practices.Get(ctx, who, sp.Entry)
			sp.Entry = e.ID
		case sp.Exemplar != "":
			_, _, err = s.rooms.Practices.Exemplar(ctx, who, sp.Exemplar)
		}
		if errs.Is(err, errs.NotFound) {
			l.Add(field, i18n.ConferenceNoSuchPractice)
		} else if err != nil {
			return nil, err
		}
	}
	rows = checkSpeeches(&l, rows)
	return rows, l.Err()
}

// SetDecisions says under which papers somebody is honoured at a conference.
func (s *Service) SetDecisions(ctx context.Context, who actor.Actor, id string, version int, decisions []string) (Conference, error) {
	if !who.Can(RightManage) {
		return Conference{}, forbidden()
	}
	if len(decisions) > MaxDecisions {
		return Conference{}, errs.New(errs.Invalid, i18n.ConferenceTooMany, MaxDecisions).On("decision")
	}
	var kept []string
	for _, one := range decisions {
		d, err := s.rooms.Movements.Decision(ctx, who, one)
		if errs.Is(err, errs.NotFound) {
			return Conference{}, errs.New(errs.Invalid, i18n.MovementDecisionNotFound).On("decision")
		}
		if err != nil {
			return Conference{}, err
		}
		kept = append(kept, d.ID)
	}
	return s.change(ctx, who, target{id, version, "conference.honoured"}, func(tx *db.Tx, c *Conference, _ movement.Movement) (any, error) {
		c.Decisions = kept
		return map[string]any{"decisions": kept}, replaceDecisions(ctx, tx, c.ID, kept)
	})
}

// Move says that a conference was held, or is cancelled for a reason, or takes that back.
func (s *Service) Move(ctx context.Context, who actor.Actor, id string, version int, step Step) (Conference, error) {
	if !who.Can(RightManage) {
		return Conference{}, forbidden()
	}
	return s.changeIn(ctx, who, target{id, version, "conference." + string(step.Verb)}, func(_ *db.Tx, c *Conference, _ movement.Movement) (any, error) {
		var err error
		*c, err = c.moved(step.Verb, step.Reason, s.now.Today())
		return map[string]any{"state": c.State, "reason": c.Reason}, err
	})
}

// Step is a verb, with the reason of a cancellation.
type Step struct {
	Verb   Verb
	Reason string
}

// target names the conference that is changed, over which version, and what the audit
// calls the change.
type target struct {
	id      string
	version int
	action  string
}

// change is [Service.changeIn] for all that is not done to a conference that is cancelled.
func (s *Service) change(ctx context.Context, who actor.Actor, at target, do func(*db.Tx, *Conference, movement.Movement) (any, error)) (Conference, error) {
	return s.changeIn(ctx, who, at, func(tx *db.Tx, c *Conference, m movement.Movement) (any, error) {
		if c.State == Cancelled {
			return nil, errs.New(errs.Conflict, i18n.ConferenceNotNow)
		}
		return do(tx, c, m)
	})
}

// changeIn is the one way in which a conference is changed: found, compared with the
// version that was read, ruled on, written, recorded.
func (s *Service) changeIn(ctx context.Context, who actor.Actor, at target, do func(*db.Tx, *Conference, movement.Movement) (any, error)) (Conference, error) {
	var c Conference
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var m movement.Movement
		var err error
		if c, m, err = s.mine(ctx, tx, who, at.id); err != nil {
			return err
		}
		if c.Version != at.version {
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		detail, err := do(tx, &c, m)
		if err != nil {
			return err
		}
		c.UpdatedAt, c.UpdatedBy = s.now(), who.Account
		if err := update(ctx, tx, c); err != nil {
			return err
		}
		c.Version++
		return s.audit(ctx, tx, who, at.action, c.ID, detail)
	})
	return c, err
}

// mine finds a conference that the actor may change.
func (s *Service) mine(ctx context.Context, q db.Querier, who actor.Actor, id string) (Conference, movement.Movement, error) {
	c, err := s.seen(ctx, q, who, id)
	if err != nil {
		return c, movement.Movement{}, err
	}
	m, err := s.keeps(ctx, q, who, c.Movement)
	return c, m, err
}

// seen finds a conference of a movement that the actor sees.
func (s *Service) seen(ctx context.Context, q db.Querier, who actor.Actor, id string) (Conference, error) {
	gone := errs.New(errs.NotFound, i18n.ConferenceNotFound)
	c, err := find(ctx, q, id)
	if errors.Is(err, db.ErrNoRow) {
		return Conference{}, gone
	}
	if err != nil {
		return Conference{}, err
	}
	if _, err := s.rooms.Movements.GetIn(ctx, q, who, c.Movement); errs.Is(err, errs.NotFound) {
		return Conference{}, gone
	} else if err != nil {
		return Conference{}, err
	}
	return c, nil
}

// Get finds a conference by its identity; one of a movement outside the actor's scope is
// not found.
func (s *Service) Get(ctx context.Context, who actor.Actor, id string) (Conference, error) {
	if !who.Can(RightRead) {
		return Conference{}, forbidden()
	}
	return s.seen(ctx, s.db, who, id)
}

// Keeps tells whether the actor may change the conferences of a movement.
func (s *Service) Keeps(ctx context.Context, who actor.Actor, movementCode string) (bool, error) {
	if !who.Can(RightRead) {
		return false, forbidden()
	}
	if !who.Can(RightManage) {
		return false, nil
	}
	_, err := s.keeps(ctx, s.db, who, movementCode)
	if errs.Is(err, errs.Forbidden) {
		return false, nil
	}
	return err == nil, err
}

// Query asks for a part of the conferences.
type Query struct {
	Movement string // code; "" is every movement that the actor sees
	Cursor   string // as the page before gave it
	Limit    int
}

// MaxPage bounds a page of conferences, and of invitations.
const MaxPage = 500

// List gives the conferences of movements that the actor sees, the latest first, without
// their parts, and the cursor of the next page.
func (s *Service) List(ctx context.Context, who actor.Actor, in Query) ([]Conference, string, error) {
	if !who.Can(RightRead) {
		return nil, "", forbidden()
	}
	all, err := s.rooms.Movements.List(ctx, who)
	if err != nil {
		return nil, "", err
	}
	var ids []string
	for _, m := range all {
		if in.Movement == "" || m.Code == in.Movement {
			ids = append(ids, m.ID)
		}
	}
	if len(ids) == 0 && in.Movement != "" {
		return nil, "", errs.New(errs.NotFound, i18n.MovementNotFound)
	}
	in.Limit = max(1, min(in.Limit, MaxPage))
	return list(ctx, s.db, ids, in)
}

func (s *Service) audit(ctx context.Context, tx *db.Tx, who actor.Actor, action, id string, detail any) error {
	return s.rooms.Log.Add(ctx, tx, who, action, audit.Object{Kind: "conference", ID: id}, detail)
}

func forbidden() error { return errs.New(errs.Forbidden, i18n.ErrsForbidden) }
