package press

import (
	"context"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Asides lists the reasons for which ratings are set aside, in the order of tabs.
func Asides() []Aside { return []Aside{InFlood, InBrigade, ByRobot} }

// String is the code of the reason.
func (a Aside) String() string { return string(a) }

// AsideRatings are the ratings of one article that were set aside for one reason.
type AsideRatings struct {
	On          Headline
	Reason      Aside
	Scores      [5]int // how many gave 1, 2, 3, 4, 5
	Networks    int    // from how many networks they came
	First, Last time.Time
}

// Count is how many they are.
func (a AsideRatings) Count() int { return Tally{Scores: a.Scores}.Count() }

// AsideQuery asks for a part of what was set aside.
type AsideQuery struct {
	Reason  Aside  // "" is every
	Article string // identity; "" is every
	Page    int    // from 1
	Limit   int
}

// Aside lists the ratings that were set aside, by article and reason, on articles of units
// within the actor's scope, the last that came first; and how many such groups there are
// for each reason.
func (s *Service) Aside(ctx context.Context, who actor.Actor, in AsideQuery) (all []AsideRatings, counts map[Aside]int, err error) {
	if !who.Can(RightModerate) {
		return nil, nil, forbidden()
	}
	in.Page, in.Limit = max(1, min(in.Page, 1000)), max(1, min(in.Limit, MaxPage))
	err = s.db.Snapshot(ctx, func(q db.Querier) error {
		scope, args, err := s.within(ctx, q, who)
		if err != nil {
			return err
		}
		if counts, err = countAsides(ctx, q, scope, args); err != nil {
			return err
		}
		all, err = asideRatings(ctx, q, in, scope, args)
		return err
	})
	return all, counts, err
}

// CountAside counts the ratings of an article that were set aside for a reason after all:
// a moderator has looked at them. It gives how many there were.
func (s *Service) CountAside(ctx context.Context, who actor.Actor, article string, reason Aside) (int, error) {
	if !who.Can(RightModerate) {
		return 0, forbidden()
	}
	if reason != ByRobot && reason != InFlood && reason != InBrigade {
		return 0, errs.New(errs.Invalid, i18n.ErrsBadChoice).On("reason")
	}
	moved := 0
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.mine(ctx, tx, who, article)
		if err != nil {
			return err
		}
		if moved, err = s.moveVotes(ctx, tx, a.ID, Counted, func(v Vote) bool { return v.aside == reason }); err != nil {
			return err
		}
		if moved == 0 {
			return errs.New(errs.Conflict, i18n.RatingdeskGone)
		}
		return s.rooms.Log.Add(ctx, tx, who, countAsideAction, audit.Object{Kind: "article", ID: a.ID}, map[string]any{"reason": reason, "count": moved})
	})
	return moved, err
}

const countAsideAction = "press.count_aside"

// looked tells whether a moderator has counted ratings of an article after all since a
// time: what somebody has looked at is not set aside again.
func looked(ctx context.Context, q db.Querier, article string, since time.Time) (bool, error) {
	records, err := audit.History(ctx, q, audit.Object{Kind: "article", ID: article})
	for _, r := range records {
		if r.Action == countAsideAction && r.At.After(since) {
			return true, err
		}
	}
	return false, err
}

// moveVotes gives the chosen ratings of an article another standing, tells the tally, and
// gives how many they were.
func (s *Service) moveVotes(ctx context.Context, tx *db.Tx, article string, to Aside, chosen func(Vote) bool) (int, error) {
	all, err := votesOn(ctx, tx, article)
	if err != nil {
		return 0, err
	}
	tally, err := oneTally(ctx, tx, article)
	if err != nil {
		return 0, err
	}
	moved := map[voteKey]Vote{}
	for _, v := range all {
		if chosen(v) {
			tally.count(v.Score, v.aside, -1)
			v.aside = to
			tally.count(v.Score, v.aside, 1)
			moved[voteKey{v.Article, v.Device}] = v
		}
	}
	if len(moved) == 0 {
		return 0, nil
	}
	tally.Revision++
	if err := upsertVotes(ctx, tx, moved); err != nil {
		return 0, err
	}
	return len(moved), upsertTallies(ctx, tx, map[string]Tally{article: tally})
}
