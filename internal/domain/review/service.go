package review

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/org"
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
	subjects map[string]Subjects
	daysOff  func(context.Context, db.Querier) (Holidays, error)
}

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Log      *audit.Log
	Org      *org.Service
	Identity *identity.Service
}

// Subjects is what the room of a kind of subject does for the engine.
type Subjects interface {
	// Settled is told, in the transaction of the vote, that a case has passed, is refused, or
	// goes back to whoever sent it in.
	Settled(ctx context.Context, tx *db.Tx, who actor.Actor, c Case, last Event) error
	// Marks tells what the parts of a subject are like: a part that is changed has another
	// mark than before.
	Marks(ctx context.Context, q db.Querier, subject string) (map[string]string, error)
	// Barred tells which of some people have a hand in a subject and so may not judge it. Each
	// comes once for each role at the subject’s unit, with the rights of that role.
	Barred(ctx context.Context, q db.Querier, of Subject, people []actor.Actor) (map[string]bool, error)
}

// New makes the service.
func New(d *db.DB, rooms Rooms, now clock.Clock, newID id.Source) *Service {
	return &Service{db: d, rooms: rooms, now: now, newID: newID, subjects: map[string]Subjects{}}
}

// Judge says which room has the subjects of a kind. It is called before the first case.
func (s *Service) Judge(kind string, room Subjects) { s.subjects[kind] = room }

// KeepHolidays says where the days on which nobody works are read.
func (s *Service) KeepHolidays(read func(context.Context, db.Querier) (Holidays, error)) {
	s.daysOff = read
}

// holidays are the days on which nobody works, as they are known now.
func (s *Service) holidays(ctx context.Context, q db.Querier) (Holidays, error) {
	if s.daysOff == nil {
		return func(clock.Date) bool { return false }, nil
	}
	return s.daysOff(ctx, q)
}

// Create draws a new route with an empty draft of one step.
func (s *Service) Create(ctx context.Context, who actor.Actor, in Input) (Route, error) {
	if !who.Can(RightManage) {
		return Route{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return Route{}, err
	}
	r := Route{ID: s.newID(), Version: 1}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		if r, err = s.written(ctx, tx, who, r, in); err != nil {
			return err
		}
		if err := insertRoute(ctx, tx, r); err != nil {
			return err
		}
		return s.rooms.Log.Add(ctx, tx, who, "review.create", object(r.ID), in)
	})
	return r, err
}

// written puts an input into a route; what it names must lie in the actor's scope.
func (s *Service) written(ctx context.Context, q db.Querier, who actor.Actor, r Route, in Input) (Route, error) {
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return r, err
	}
	unit, ok := tree.ByCode(in.Unit)
	if in.Unit != "" && (!ok || !tree.InScope(who.Scope, unit.ID)) || in.Unit == "" && !who.Scope.All {
		return r, errs.New(errs.Invalid, i18n.ReviewOutOfScope).On("unit")
	}
	overseer, ok := tree.ByCode(in.Overseer)
	if in.Overseer != "" && !ok {
		return r, errs.New(errs.Invalid, i18n.OrgNotFound).On("overseer")
	}
	r.Name, r.Purpose, r.Movement, r.Unit, r.Overseer = in.Name, in.Purpose, in.Movement, unit.ID, overseer.ID
	r.UpdatedAt, r.UpdatedBy = s.now(), who.Account
	return r, nil
}

// Edit rewrites what a route says of itself, over the version that the writer read. What
// it covers cannot change while it is switched on.
func (s *Service) Edit(ctx context.Context, who actor.Actor, id string, version int, in Input) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	if err := in.Check(); err != nil {
		return err
	}
	return s.change(ctx, who, target{id, version, "review.edit"}, func(tx *db.Tx, r *Route) (any, error) {
		next, err := s.written(ctx, tx, who, *r, in)
		if err == nil && r.Active != 0 && (next.Unit != r.Unit || next.Movement != r.Movement || next.Purpose != r.Purpose) {
			return nil, errs.New(errs.Conflict, i18n.ReviewSwitchedOn).On("unit")
		}
		*r = next
		return in, err
	})
}

// Draw writes the plan of a route's draft; where there is none, a new one.
func (s *Service) Draw(ctx context.Context, who actor.Actor, id string, version int, plan Plan) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	if err := plan.Check(); err != nil {
		return err
	}
	return s.change(ctx, who, target{id, version, "review.draw"}, func(tx *db.Tx, r *Route) (any, error) {
		if err := s.known(ctx, tx, plan); err != nil {
			return nil, err
		}
		v := Version{No: 1, Plan: plan, UpdatedAt: s.now(), UpdatedBy: who.Account}
		if draft, ok := r.Draft(); ok {
			v.No = draft.No
		} else if len(r.Versions) > 0 {
			v.No = r.Versions[0].No + 1
		}
		return map[string]any{"no": v.No, "plan": plan}, putVersion(ctx, tx, r.ID, v)
	})
}

// known refuses a plan that names units or accounts that are not there.
func (s *Service) known(ctx context.Context, q db.Querier, plan Plan) error {
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return err
	}
	var l errs.List
	for i, step := range plan.Steps {
		for j, g := range step.Groups {
			if _, ok := tree.Unit(g.Unit); g.Unit != "" && !ok {
				l.Add(GroupField(i, j, "unit"), i18n.OrgNotFound)
			}
			there, err := identity.Standing(ctx, q, g.Accounts, s.now.Today())
			if err != nil {
				return err
			}
			if len(there) < len(g.Accounts) {
				l.Add(GroupField(i, j, "accounts"), i18n.IdentityAccountNotFound)
			}
			if _, ok := s.rooms.Identity.Roles[g.Role]; g.Role != "" && !ok {
				l.Add(GroupField(i, j, "role"), i18n.ErrsBadChoice)
			}
		}
	}
	return l.Err()
}

// SwitchOn lets cases begin under the draft of a route. Those that are on their way keep
// the version under which they began.
func (s *Service) SwitchOn(ctx context.Context, who actor.Actor, id string, version int) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	return s.change(ctx, who, target{id, version, "review.switchOn"}, func(tx *db.Tx, r *Route) (any, error) {
		v, ok := r.Draft()
		if !ok {
			if len(r.Versions) == 0 || r.Active != 0 {
				return nil, errs.New(errs.Conflict, i18n.ReviewNoDraft)
			}
			v = r.Versions[0] // switched off, and on again
		}
		if err := v.Plan.Check(); err != nil {
			return nil, err
		}
		r.Active = v.No
		if err := s.alone(ctx, tx, *r); err != nil {
			return nil, err
		}
		return map[string]any{"no": v.No}, switchedOn(ctx, tx, r.ID, v.No, s.now())
	})
}

// alone refuses a second route for the same.
func (s *Service) alone(ctx context.Context, q db.Querier, r Route) error {
	all, err := active(ctx, q, r.Purpose)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(all, func(o Route) bool { return o.ID != r.ID && o.Unit == r.Unit && o.Movement == r.Movement }); i >= 0 {
		return errs.New(errs.Conflict, i18n.ReviewTwoRoutes, all[i].Name)
	}
	return nil
}

// SwitchOff lets no further case begin. Those that are on their way go on.
func (s *Service) SwitchOff(ctx context.Context, who actor.Actor, id string, version int) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	return s.change(ctx, who, target{id, version, "review.switchOff"}, func(_ *db.Tx, r *Route) (any, error) {
		if r.Active == 0 {
			return nil, notNow()
		}
		was := r.Active
		r.Active = 0
		return map[string]any{"no": was}, nil
	})
}

// target names the route that is changed, over which version, and what the audit calls it.
type target struct {
	id      string
	version int
	action  string
}

// change is the one way in which a route is changed.
func (s *Service) change(ctx context.Context, who actor.Actor, at target, do func(*db.Tx, *Route) (any, error)) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := s.mine(ctx, tx, who, at.id)
		if err != nil {
			return err
		}
		if r.Version != at.version {
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		detail, err := do(tx, &r)
		if err != nil {
			return err
		}
		r.UpdatedAt, r.UpdatedBy = s.now(), who.Account
		if err := updateRoute(ctx, tx, r); err != nil {
			return err
		}
		return s.rooms.Log.Add(ctx, tx, who, at.action, object(r.ID), detail)
	})
}

// mine finds a route of which the actor keeps the area.
func (s *Service) mine(ctx context.Context, q db.Querier, who actor.Actor, id string) (Route, error) {
	r, err := findRoute(ctx, q, id)
	if err != nil {
		return r, err
	}
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return r, err
	}
	if !who.Scope.All && (r.Unit == "" || !tree.InScope(who.Scope, r.Unit)) {
		return Route{}, errs.New(errs.NotFound, i18n.ReviewRouteNotFound)
	}
	return r, nil
}

// Route finds a route with all its versions; one outside the actor's scope is not found.
func (s *Service) Route(ctx context.Context, who actor.Actor, id string) (Route, error) {
	if !who.Can(RightManage) {
		return Route{}, forbidden()
	}
	return s.mine(ctx, s.db, who, id)
}

// Routes lists the routes of which the actor keeps the area, by name.
func (s *Service) Routes(ctx context.Context, who actor.Actor) ([]Route, error) {
	if !who.Can(RightManage) {
		return nil, forbidden()
	}
	tree, err := s.rooms.Org.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	all, err := routes(ctx, s.db)
	return slices.DeleteFunc(all, func(r Route) bool {
		return !who.Scope.All && (r.Unit == "" || !tree.InScope(who.Scope, r.Unit))
	}), err
}

// routeFor finds the one of some routes that covers a subject; false where none does.
func (s *Service) routeFor(ctx context.Context, q db.Querier, all []Route, of Subject) (Route, bool, error) {
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return Route{}, false, err
	}
	above := tree.Above(of.Unit, s.now.Today())
	best, rank := -1, 0
	for i, r := range all {
		height := len(above) + 1 // the whole house stands over all
		if r.Unit != "" {
			at := slices.IndexFunc(above, func(u org.Unit) bool { return u.ID == r.Unit })
			if at < 0 {
				continue
			}
			height = len(above) - at
		}
		if r.Movement != "" {
			height += 1000
		}
		if (r.Movement == "" || r.Movement == of.Movement) && height > rank {
			best, rank = i, height
		}
	}
	if best < 0 {
		return Route{}, false, nil
	}
	return all[best], true, nil
}

func object(route string) audit.Object { return audit.Object{Kind: "route", ID: route} }

func forbidden() error { return errs.New(errs.Forbidden, i18n.ErrsForbidden) }
