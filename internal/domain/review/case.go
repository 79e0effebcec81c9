package review

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Case is a subject on its way along a route.
type Case struct {
	ID        string
	Route     string
	RouteName string
	No        int // the version of the route
	Subject   Subject
	Phase     Phase // as lists read it
	At        int   // the open step, as lists read it
	StartedAt time.Time
	UpdatedAt time.Time
	Events    []Event
	State     State
	off       Holidays // by which its deadlines move
}

// Start puts subjects on their way, in the transaction in which they were sent in: those
// that a route covers.
func (s *Service) Start(ctx context.Context, tx *db.Tx, who actor.Actor, purpose Purpose, all []Subject) error {
	if !who.Can(RightRead) {
		return forbidden()
	}
	routes, err := active(ctx, tx, purpose)
	if err != nil || len(routes) == 0 {
		return err
	}
	for _, of := range all {
		r, ok, err := s.routeFor(ctx, tx, routes, of)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if err := s.begin(ctx, tx, who, r, of); err != nil {
			return err
		}
	}
	return nil
}

// begin puts a subject on its way along a route, unless the route has no step for it.
func (s *Service) begin(ctx context.Context, tx *db.Tx, who actor.Actor, r Route, of Subject) error {
	plan, err := planOf(ctx, tx, r.ID, r.Active)
	if err != nil {
		return err
	}
	skips := plan.skips(of)
	if len(skips) == len(plan.Steps) {
		return nil
	}
	of.By = who.Account
	c := Case{ID: s.newID(), Route: r.ID, RouteName: r.Name, No: r.Active, Subject: of, StartedAt: s.now(), State: State{Plan: plan, flags: map[string]map[string]bool{}}}
	if err := insertCase(ctx, tx, c); err != nil {
		return err
	}
	return s.happen(ctx, tx, who, &c, Event{Kind: Started, Detail: Detail{Skips: skips}})
}

// VoteInput is a decision of a reviewer.
type VoteInput struct {
	Kind    EventKind // Approved, Returned or Refused
	Step    int       // the step that the reviewer saw open
	Group   int
	For     string // the account whose seat it is; "" is the own
	To      int    // of a return
	Reasons []Reason
	Parts   []string
	Text    string
}

func (in *VoteInput) check() error {
	var l errs.List
	in.Text = strings.TrimSpace(viet.NFC(in.Text))
	l.Text("text", in.Text, maxText, in.Kind != Approved)
	if !(Event{Kind: in.Kind}).Vote() {
		l.Add("kind", i18n.ErrsBadChoice)
	}
	for _, r := range in.Reasons {
		if !slices.Contains(Reasons(), r) {
			l.Add("reason", i18n.ErrsBadChoice)
		}
	}
	if in.Kind == Returned && len(in.Reasons) == 0 {
		l.Add("reason", i18n.ErrsRequired)
	}
	if len(in.Reasons) > maxParts || len(in.Parts) > maxParts || slices.ContainsFunc(in.Parts, func(p string) bool { return len(p) > 64 }) {
		l.Add("part", i18n.ErrsBadChoice)
	}
	return l.Err()
}

// Vote gives a vote for a seat that the actor has, or in the place of somebody who is away.
// Whether the seat is still the one's whose it is, is looked up now.
func (s *Service) Vote(ctx context.Context, who actor.Actor, id string, in VoteInput) (Case, error) {
	if !who.Can(RightRead) || who.Account == "" {
		return Case{}, forbidden()
	}
	if err := in.check(); err != nil {
		return Case{}, err
	}
	var c Case
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		if c, err = s.seen(ctx, tx, who, id); err != nil {
			return err
		}
		if in.For == "" {
			in.For = who.Account
		}
		if err := s.standsIn(ctx, tx, who.Account, in.For); err != nil {
			return err
		}
		if err := s.impartial(ctx, tx, c.Subject, who.Account); err != nil {
			return err
		}
		if c.State.Phase != PhaseOpen || c.State.Step != in.Step {
			return notNow()
		}
		if err := s.reseat(ctx, tx, who, &c); err != nil {
			return err
		}
		e := Event{Kind: in.Kind, By: who.Account, For: in.For, Step: in.Step, Group: in.Group, Detail: Detail{Text: in.Text}}
		if in.Kind == Returned {
			e.To, e.Reasons, e.Parts = in.To, in.Reasons, in.Parts
			if e.Marks, err = s.marks(ctx, tx, c.Subject); err != nil {
				return err
			}
		}
		return s.happen(ctx, tx, who, &c, e)
	})
	return c, err
}

func (s *Service) marks(ctx context.Context, q db.Querier, of Subject) (map[string]string, error) {
	if room := s.subjects[of.Kind]; room != nil {
		return room.Marks(ctx, q, of.ID)
	}
	return map[string]string{}, nil
}

// Resubmit brings the subject of a case back from whoever sent it in, in the transaction
// in which that was done; nothing where no case waits for it.
func (s *Service) Resubmit(ctx context.Context, tx *db.Tx, who actor.Actor, of Subject) error {
	if !who.Can(RightRead) {
		return forbidden()
	}
	c, ok, err := s.running(ctx, tx, of)
	if err != nil || !ok || c.State.Phase != PhaseRegistrant {
		return err
	}
	marks, err := s.marks(ctx, tx, c.Subject)
	if err != nil {
		return err
	}
	return s.happen(ctx, tx, who, &c, Event{Kind: Resubmitted, Detail: Detail{Marks: marks}})
}

// Withdraw ends the case of a subject that was taken back, in the transaction in which that
// was done; nothing where there is none.
func (s *Service) Withdraw(ctx context.Context, tx *db.Tx, who actor.Actor, of Subject, reason string) error {
	if !who.Can(RightRead) {
		return forbidden()
	}
	c, ok, err := s.running(ctx, tx, of)
	if err != nil || !ok {
		return err
	}
	return s.happen(ctx, tx, who, &c, Event{Kind: Withdrawn, Detail: Detail{Text: reason}})
}

// TakeOut takes a case out of its route, with a reason: what follows is decided by hand.
func (s *Service) TakeOut(ctx context.Context, who actor.Actor, id, reason string) (Case, error) {
	if !who.Can(RightOverride) {
		return Case{}, forbidden()
	}
	return s.override(ctx, who, id, Event{Kind: TakenOut, Detail: Detail{Text: reason}})
}

// Swap gives a seat of the open step to another account, or one more where From is "".
type Swap struct {
	Step, Group int
	From        string // account
	Into        string // login
	Reason      string
}

// Reassign gives a seat of the open step to another account, with a reason.
func (s *Service) Reassign(ctx context.Context, who actor.Actor, id string, in Swap) (Case, error) {
	if !who.Can(RightOverride) {
		return Case{}, forbidden()
	}
	a, err := s.rooms.Identity.ByLogin(ctx, who, in.Into)
	if errs.Is(err, errs.NotFound) {
		return Case{}, errs.New(errs.Invalid, i18n.IdentityAccountNotFound).On("into")
	}
	if err != nil {
		return Case{}, err
	}
	if a.Disabled || len(a.GrantsOn(s.now.Today())) == 0 {
		return Case{}, errs.New(errs.Invalid, i18n.ReviewNoStandIn, a.Name).On("into")
	}
	return s.override(ctx, who, id, Event{
		Kind: Reassigned, Step: in.Step, Group: in.Group, Detail: Detail{From: in.From, Into: a.ID, Text: in.Reason},
	})
}

func (s *Service) override(ctx context.Context, who actor.Actor, id string, e Event) (Case, error) {
	var l errs.List
	e.Text = strings.TrimSpace(viet.NFC(e.Text))
	l.Text("text", e.Text, maxText, true)
	if l.Err() != nil {
		return Case{}, l.Err()
	}
	var c Case
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		if c, err = s.seen(ctx, tx, who, id); err != nil {
			return err
		}
		if e.Kind == Reassigned {
			err = s.impartial(ctx, tx, c.Subject, e.Into)
		}
		if errs.Is(err, errs.Forbidden) {
			return errs.New(errs.Invalid, i18n.ReviewPartial).On("into")
		}
		if err != nil {
			return err
		}
		return s.happen(ctx, tx, who, &c, e)
	})
	return c, err
}

// happen takes an event into a case and does all that follows from it: who sits in a step
// that opens, what the subject's room does, what lists read, who is told, what is kept.
func (s *Service) happen(ctx context.Context, tx *db.Tx, who actor.Actor, c *Case, e Event) error {
	before := c.State
	if err := s.add(ctx, tx, who, c, e); err != nil {
		return err
	}
	return s.follow(ctx, tx, who, c, before)
}

// follow does all that follows from the last event of a case.
func (s *Service) follow(ctx context.Context, tx *db.Tx, who actor.Actor, c *Case, before State) error {
	e, told := c.Events[len(c.Events)-1], before
	for c.State.Phase == PhaseOpen && (c.State.Step != before.Step || e.Kind == Started || e.Kind == Returned || e.Kind == Resubmitted) {
		step := c.State.Step
		if err := s.reseat(ctx, tx, who, c); err != nil {
			return err
		}
		if c.State.Step == step {
			break
		}
		before.Step = step
	}
	c.UpdatedAt = s.now()
	if err := keepState(ctx, tx, *c); err != nil {
		return err
	}
	if err := s.tell(ctx, tx, told, *c, e); err != nil {
		return err
	}
	if settled := c.State.Phase == PhasePassed || c.State.Phase == PhaseRefused || c.State.Phase == PhaseRegistrant; settled && s.subjects[c.Subject.Kind] != nil {
		if err := s.subjects[c.Subject.Kind].Settled(ctx, tx, who, *c, e); err != nil {
			return err
		}
	}
	return s.rooms.Log.Add(ctx, tx, who, "review."+string(e.Kind), audit.Object{Kind: c.Subject.Kind, ID: c.Subject.ID}, map[string]any{
		"case": c.ID, "step": e.Step, "group": e.Group, "for": e.For, "to": e.To, "reasons": e.Reasons, "parts": e.Parts, "text": e.Text,
		"from": e.From, "into": e.Into, "phase": c.State.Phase,
	})
}

// add takes an event into a case and keeps it.
func (s *Service) add(ctx context.Context, tx *db.Tx, who actor.Actor, c *Case, e Event) error {
	e.Seq, e.At = len(c.Events)+1, s.now()
	if e.By == "" {
		e.By = who.Account
	}
	next, err := c.State.With(e)
	if err != nil {
		return err
	}
	c.State, c.Events = next, append(c.Events, e)
	return insertEvent(ctx, tx, c.ID, e)
}

// reseat looks up who is to vote in the open step; an event is kept only where somebody
// has come or gone.
func (s *Service) reseat(ctx context.Context, tx *db.Tx, who actor.Actor, c *Case) error {
	panels, err := s.panels(ctx, tx, c.State.Plan.Steps[c.State.Step], c.Subject)
	if err != nil {
		return err
	}
	e := Event{Kind: Seated, Step: c.State.Step, At: s.now(), Detail: Detail{Panels: panels}}
	next, err := c.State.With(e)
	if err != nil {
		return err
	}
	if sameSeats(c.State.Seats, next.Seats) {
		return nil
	}
	return s.add(ctx, tx, who, c, e)
}

func sameSeats(a, b []Seat) bool {
	names := func(all []Seat) []Seat {
		out := make([]Seat, len(all))
		for i, x := range all {
			out[i] = Seat{Step: x.Step, Group: x.Group, Account: x.Account}
		}
		slices.SortFunc(out, func(x, y Seat) int {
			return strings.Compare(GroupField(x.Step, x.Group, x.Account), GroupField(y.Step, y.Group, y.Account))
		})
		return out
	}
	return slices.Equal(names(a), names(b))
}

// panels finds who is to vote in a step about a subject, group by group: nobody who has a
// hand in it.
func (s *Service) panels(ctx context.Context, q db.Querier, step Step, of Subject) ([][]string, error) {
	all, found := make([][]string, len(step.Groups)), make([][]identity.Account, len(step.Groups))
	for i, g := range step.Groups {
		var err error
		if found[i], _, err = s.reviewers(ctx, q, g, of.Unit); err != nil {
			return nil, err
		}
	}
	barred, err := s.barred(ctx, q, of, slices.Concat(found...)) // all at once
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i] = []string{}
		for _, a := range found[i] {
			if !barred[a.ID] {
				all[i] = append(all[i], a.ID)
			}
		}
	}
	return all, nil
}

// reviewers finds the accounts of a group for a subject of a unit, and the unit at which
// they were looked for; "" where there is none.
func (s *Service) reviewers(ctx context.Context, q db.Querier, g Group, of string) (found []identity.Account, unit string, err error) {
	today := s.now.Today()
	if g.At == AtPeople {
		there, err := identity.Standing(ctx, q, g.Accounts, today)
		for _, id := range g.Accounts {
			if a, ok := there[id]; ok {
				found = append(found, a)
			}
		}
		return found, "", err
	}
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return nil, "", err
	}
	switch g.At {
	case AtUnit:
		unit = g.Unit
	case AtAbove:
		above := tree.Above(of, today)
		for i := len(above) - 1; i >= 0 && unit == ""; i-- {
			if above[i].LevelOn(today) == g.Level {
				unit = above[i].ID
			}
		}
	default:
		unit = of
	}
	if unit == "" {
		return nil, "", nil
	}
	found, err = identity.StandingAt(ctx, q, tree, unit, g.Role, today)
	return found, unit, err
}

// running finds the case of a subject that is on its way.
func (s *Service) running(ctx context.Context, q db.Querier, of Subject) (Case, bool, error) {
	c, err := findCase(ctx, q, `c.subject_kind = $1 AND c.subject_id = $2 AND c.phase IN ('open', 'registrant')`, of.Kind, of.ID)
	if errs.Is(err, errs.NotFound) {
		return c, false, nil
	}
	return c, err == nil, err
}

// seen finds a case whose subject lies in the actor's scope, or in which the actor, or
// somebody in whose place the actor votes, has a seat.
func (s *Service) seen(ctx context.Context, q db.Querier, who actor.Actor, id string) (Case, error) {
	c, err := findCase(ctx, q, `c.id = $1`, id)
	if err != nil {
		return c, err
	}
	if c.off, err = s.holidays(ctx, q); err != nil {
		return c, err
	}
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return c, err
	}
	if tree.InScope(who.Scope, c.Subject.Unit) {
		return c, nil
	}
	own, err := s.chairs(ctx, q, who.Account)
	if err != nil {
		return c, err
	}
	if slices.ContainsFunc(c.State.Seats, func(x Seat) bool { return slices.Contains(own, x.Account) }) {
		return c, nil
	}
	return Case{}, errs.New(errs.NotFound, i18n.ReviewCaseNotFound)
}

// chairs are the accounts for whose seats one may vote today: the own, and those of who is
// away.
func (s *Service) chairs(ctx context.Context, q db.Querier, account string) ([]string, error) {
	others, err := standsInFor(ctx, q, account, s.now.Today())
	return append([]string{account}, others...), err
}

// Due is the last day of a seat.
func (c Case) Due(x Seat) clock.Date {
	return Due(x.Since, c.State.Plan.Steps[x.Step].Days, c.off)
}

// DaysLeft is how many working days a seat has left on a day.
func (c Case) DaysLeft(today clock.Date, x Seat) int { return DaysLeft(today, c.Due(x), c.off) }
