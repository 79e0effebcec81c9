package review

import (
	"context"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// JobDeadlines reminds reviewers and tells of what is late.
const JobDeadlines = "review.deadlines"

// Path is the address of a case.
func Path(id string) string { return "/admin/reviews/" + id }

// tell tells those whose turn has come, and whoever sent the subject in what became of it.
// A notice has an identity of its case, seat and turn, so that it is left once.
func (s *Service) tell(ctx context.Context, tx *db.Tx, before State, c Case, e Event) error {
	known := map[string]bool{}
	for _, x := range before.Awaited() {
		known[turn(c.ID, before.Round, x)] = true
	}
	for _, x := range c.State.Awaited() {
		if key := turn(c.ID, c.State.Round, x); !known[key] {
			if err := s.notice(ctx, tx, c, note{x.Account, "turn." + key, i18n.ReviewNoticeTurn, c.State.Plan.Steps[x.Step].Name}); err != nil {
				return err
			}
		}
	}
	key := map[Phase]i18n.Key{
		PhasePassed: i18n.ReviewNoticePassed, PhaseRefused: i18n.ReviewNoticeRefused, PhaseRegistrant: i18n.ReviewNoticeReturned,
		PhaseTakenOut: i18n.ReviewNoticeTakenOut,
	}[c.State.Phase]
	if key == 0 || c.Subject.By == e.By {
		return nil
	}
	return s.notice(ctx, tx, c, note{c.Subject.By, "end." + c.ID + "." + strconv.Itoa(len(c.Events)), key, e.Text})
}

// turn names the turn of a seat.
func turn(id string, round int, x Seat) string {
	return strings.Join([]string{id, strconv.Itoa(round), strconv.Itoa(x.Step), strconv.Itoa(x.Group), x.Account, x.Since.String()}, ".")
}

// note is a notice about a case.
type note struct {
	to    string // account
	id    string // by which it is left once
	key   i18n.Key
	about string
}

// notice leaves a notice about a case, for an account and for whoever stands in for it.
func (s *Service) notice(ctx context.Context, tx *db.Tx, c Case, n note) error {
	account := n.to
	there, err := identity.Standing(ctx, tx, []string{account}, s.now.Today())
	if err != nil || len(there) == 0 { // the house itself, or somebody who has gone
		return err
	}
	to := []string{account}
	away, err := aways(ctx, tx, account, s.now.Today())
	if err != nil {
		return err
	}
	for _, a := range away {
		if a.From <= s.now.Today() {
			to = append(to, a.StandIn)
		}
	}
	for _, one := range to {
		if err := s.rooms.Identity.Notify(ctx, tx, identity.Notice{
			ID: "review." + n.id + "." + one, Account: one, Key: n.key, Args: []any{c.Subject.Code, c.Subject.Title, n.about}, Link: Path(c.ID),
		}); err != nil {
			return err
		}
	}
	return nil
}

// RemindDue reminds who has one working day left, or none, and tells of what is late: the
// reviewer, and whoever votes in the step above, or the overseer of the route after the
// last. Each of it once for a turn, however often it runs.
func (s *Service) RemindDue(ctx context.Context, who actor.Actor) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	ids, err := openCases(ctx, s.db)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.db.Write(ctx, func(tx *db.Tx) error { return s.remind(ctx, tx, who, id) }); err != nil {
			return err
		}
	}
	return nil
}

// remind looks up anew who is to vote in a case, too: where the last one who had not voted
// has gone, nobody else's vote would bring it on.
func (s *Service) remind(ctx context.Context, tx *db.Tx, who actor.Actor, id string) error {
	c, err := findCase(ctx, tx, `c.id = $1`, id)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if c.off, err = s.holidays(ctx, tx); err != nil {
		return err
	}
	if c.State.Phase == PhaseOpen {
		before := c.State
		if err := s.reseat(ctx, tx, who, &c); err != nil {
			return err
		}
		if !sameSeats(before.Seats, c.State.Seats) {
			if err := s.follow(ctx, tx, who, &c, before); err != nil {
				return err
			}
		}
	}
	today := s.now.Today()
	for _, x := range c.State.Awaited() {
		due := c.Due(x)
		if due == 0 {
			continue
		}
		key, step := turn(c.ID, c.State.Round, x), c.State.Plan.Steps[x.Step].Name
		switch left := c.DaysLeft(today, x); {
		case due < today:
			if err := s.late(ctx, tx, c, x); err != nil {
				return err
			}
		case left <= 1:
			if err := s.notice(ctx, tx, c, note{x.Account, "soon." + key, i18n.ReviewNoticeSoon, step}); err != nil {
				return err
			}
		}
	}
	return nil
}

// late tells of a vote that is late.
func (s *Service) late(ctx context.Context, tx *db.Tx, c Case, x Seat) error {
	key, step := turn(c.ID, c.State.Round, x), c.State.Plan.Steps[x.Step].Name
	if err := s.notice(ctx, tx, c, note{x.Account, "late." + key, i18n.ReviewNoticeLate, step}); err != nil {
		return err
	}
	above, err := s.above(ctx, tx, c, x.Step)
	if err != nil {
		return err
	}
	for _, account := range above {
		if account == x.Account {
			continue
		}
		if err := s.notice(ctx, tx, c, note{account, "above." + key, i18n.ReviewNoticeAbove, step}); err != nil {
			return err
		}
	}
	return nil
}

// above finds who hears of what is late in a step.
func (s *Service) above(ctx context.Context, q db.Querier, c Case, step int) ([]string, error) {
	var all []string
	if next := c.State.Above(step); next < len(c.State.Plan.Steps) {
		panels, err := s.panels(ctx, q, c.State.Plan.Steps[next], c.Subject)
		for _, panel := range panels {
			all = append(all, panel...)
		}
		return all, err
	}
	r, err := findRoute(ctx, q, c.Route)
	if err != nil || r.Overseer == "" {
		return nil, err
	}
	found, _, err := s.reviewers(ctx, q, Group{At: AtUnit, Unit: r.Overseer}, c.Subject.Unit)
	for _, a := range found {
		all = append(all, a.ID)
	}
	return all, err
}
