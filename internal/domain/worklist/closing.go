package worklist

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/practice/person"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// InHand is what an account has to see to.
type InHand struct {
	Duties   []movement.Duty
	Drafts   int
	Returned []ledger.EntryRow // that were sent back to it
	Cases    int               // that wait for its vote
	StandIns []review.Away     // for whom it votes, or will
}

// Nothing tells whether it has nothing to see to.
func (h InHand) Nothing() bool {
	return len(h.Duties)+h.Drafts+len(h.Returned)+h.Cases+len(h.StandIns) == 0
}

// InHandOf gathers what an account has to see to, for who looks after it.
func (s *Service) InHandOf(ctx context.Context, who actor.Actor, account string) (InHand, error) {
	if !who.Can(identity.RightManage) {
		return InHand{}, forbidden()
	}
	a, err := s.rooms.Identity.Get(ctx, who, account)
	if err != nil {
		return InHand{}, err
	}
	var h InHand
	if h.Duties, err = s.rooms.Movements.OpenDuties(ctx, who, account); err != nil {
		return h, err
	}
	if h.Drafts, err = s.rooms.Drafts.CountOf(ctx, who, account); err != nil {
		return h, err
	}
	if h.Returned, err = person.Returned(ctx, s.db, account); err != nil {
		return h, err
	}
	if h.StandIns, err = review.StandsIn(ctx, s.db, account, s.now.Today()); err != nil {
		return h, err
	}
	h.Cases, err = s.casesOf(ctx, a)
	return h, err
}

// casesOf counts the cases that wait for the vote of an account.
func (s *Service) casesOf(ctx context.Context, a identity.Account) (int, error) {
	them, err := s.rooms.Identity.Actor(ctx, a.ID, actor.Web)
	if errs.Is(err, errs.Forbidden) { // it is closed
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	page, err := s.rooms.Reviews.WaitingPage(ctx, them, review.WaitingCut{Limit: 1})
	if errs.Is(err, errs.Forbidden) { // it votes on nothing
		return 0, nil
	}
	return page.Total, err
}

// Closed is what went with an account that was closed.
type Closed struct{ Duties, Drafts, Returned int }

// CloseAccount closes an account and hands what it has to see to on to another, all in one
// transaction; to nobody where no login is named. Nobody votes in its place for others any
// more, and its letters that wait do not go out. Cases that wait for its vote are seated
// anew by the next round of deadlines.
func (s *Service) CloseAccount(ctx context.Context, who actor.Actor, account, to string) (Closed, error) {
	if !who.Can(identity.RightManage) {
		return Closed{}, forbidden()
	}
	var done Closed
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		from, err := s.rooms.Identity.Get(ctx, who, account)
		if err != nil {
			return err
		}
		if to != "" {
			if done, err = s.handOn(ctx, tx, who, from, to); err != nil {
				return err
			}
		}
		if err := s.letGo(ctx, tx, from); err != nil {
			return err
		}
		return s.rooms.Identity.DisableIn(ctx, tx, who, account)
	})
	if err != nil {
		return Closed{}, err
	}
	return done, nil
}

// letGo ends what an account does for others, whom it tells, and the letters to it.
func (s *Service) letGo(ctx context.Context, tx *db.Tx, from identity.Account) error {
	ended, err := review.EndStandIns(ctx, tx, from.ID, s.now.Today())
	if err != nil {
		return err
	}
	for _, a := range ended {
		if err := s.rooms.Identity.Notify(ctx, tx, identity.Notice{
			ID: a.ID + ".gone", Account: a.Account, Key: i18n.WorklistNoticeStandInGone, Args: []any{from.Name, a.From, a.To}, Link: "/admin/reviews",
		}); err != nil {
			return err
		}
	}
	return s.rooms.Outbox.Cancel(ctx, tx, outbox.About{Kind: AboutAccount, ID: from.ID})
}

// handOn hands over what an account has to see to.
func (s *Service) handOn(ctx context.Context, tx *db.Tx, who actor.Actor, from identity.Account, login string) (Closed, error) {
	to, err := s.rooms.Identity.ByLogin(ctx, who, login)
	if errs.Is(err, errs.NotFound) || err == nil && (to.ID == from.ID || to.Disabled || to.Login == identity.Operator) {
		return Closed{}, errs.New(errs.Invalid, i18n.WorklistSuccessor).On("to").Because(err)
	}
	if err != nil {
		return Closed{}, err
	}
	var done Closed
	if done.Drafts, err = s.rooms.Drafts.HandOverIn(ctx, tx, who, from.ID, to.ID); err != nil {
		return done, err
	}
	if done.Duties, err = s.rooms.Movements.HandDutiesIn(ctx, tx, who, from.ID, to.ID); err != nil {
		return done, err
	}
	if done.Returned, err = person.HandOver(ctx, tx, from.ID, to.ID); err != nil {
		return done, err
	}
	cases, err := review.HandOver(ctx, tx, from.ID, to.ID)
	if err != nil {
		return done, err
	}
	return done, s.rooms.Log.Add(ctx, tx, who, "worklist.handOn", audit.Object{Kind: "account", ID: from.ID}, map[string]any{
		"to": to.ID, "duties": done.Duties, "drafts": done.Drafts, "returned": done.Returned, "cases": cases,
	})
}
