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
)

// Away says that an account is away from a day to another, both included, and who votes
// for it meanwhile. It is not handed on: a stand-in's stand-in votes for the stand-in alone.
type Away struct {
	ID       string
	Account  string
	StandIn  string
	From, To clock.Date
	By       string // who said so
}

// AwayInput says who stands in, and when.
type AwayInput struct {
	StandIn  string // login
	From, To clock.Date
}

// maxAway bounds how long somebody is away, in days.
const maxAway = 366

func (in AwayInput) check(today clock.Date) error {
	var l errs.List
	l.Text("standIn", in.StandIn, 64, true)
	switch {
	case in.From == 0:
		l.Add("from", i18n.ErrsRequired)
	case in.To == 0:
		l.Add("to", i18n.ErrsRequired)
	case in.To < in.From || in.To < today || in.To-in.From > maxAway:
		l.Add("to", i18n.ReviewAwayTurned)
	}
	return l.Err()
}

// Delegate says that the actor is away, and who votes meanwhile: somebody with the same
// scope or a wider one.
func (s *Service) Delegate(ctx context.Context, who actor.Actor, in AwayInput) (Away, error) {
	if !who.Can(RightRead) || who.Account == "" {
		return Away{}, forbidden()
	}
	if err := in.check(s.now.Today()); err != nil {
		return Away{}, err
	}
	var a Away
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		if a, err = s.delegated(ctx, tx, who, in); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO review_away (`+awayColumns+`, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			a.ID, a.Account, a.StandIn, db.Date(a.From), db.Date(a.To), a.By, db.Time(s.now())); err != nil {
			return err
		}
		if err := s.rooms.Identity.Notify(ctx, tx, identity.Notice{
			ID: a.ID, Account: a.StandIn, Key: i18n.ReviewNoticeStandIn, Args: []any{who.Name, a.From, a.To}, Link: "/admin/reviews",
		}); err != nil {
			return err
		}
		return s.rooms.Log.Add(ctx, tx, who, "review.delegate", audit.Object{Kind: "account", ID: a.Account}, a)
	})
	return a, err
}

func (s *Service) delegated(ctx context.Context, q db.Querier, who actor.Actor, in AwayInput) (Away, error) {
	other, err := s.rooms.Identity.ActorByLogin(ctx, in.StandIn, who.Via, "")
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Forbidden) || err == nil && (!other.Can(RightRead) || other.Account == who.Account) {
		return Away{}, errs.New(errs.Invalid, i18n.ReviewNoStandIn, in.StandIn).On("standIn")
	}
	if err != nil {
		return Away{}, err
	}
	if !wider(other.Scope, who.Scope) {
		return Away{}, errs.New(errs.Invalid, i18n.ReviewNarrower, other.Name).On("standIn")
	}
	known, err := aways(ctx, q, who.Account, in.From)
	if err != nil {
		return Away{}, err
	}
	if slices.ContainsFunc(known, func(a Away) bool { return a.From <= in.To && in.From <= a.To }) {
		return Away{}, errs.New(errs.Conflict, i18n.ReviewAwayTwice).On("from")
	}
	return Away{ID: s.newID(), Account: who.Account, StandIn: other.Account, From: in.From, To: in.To, By: who.Account}, nil
}

// wider tells whether a scope covers all that another does.
func wider(a, b actor.Scope) bool {
	if a.All || b.All {
		return a.All
	}
	for _, path := range b.Paths {
		if !a.Covers(path) {
			return false
		}
	}
	return true
}

// ComeBack says that the actor is back earlier, or not away after all.
func (s *Service) ComeBack(ctx context.Context, who actor.Actor, id string) error {
	if !who.Can(RightRead) {
		return forbidden()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := findAway(ctx, tx, id)
		if err != nil {
			return err
		}
		if a.Account != who.Account {
			return errs.New(errs.NotFound, i18n.ReviewAwayNotFound)
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM review_away WHERE id = $1`, id); err != nil {
			return err
		}
		return s.rooms.Log.Add(ctx, tx, who, "review.comeBack", audit.Object{Kind: "account", ID: a.Account}, a)
	})
}

// Aways lists when the actor is away, from today on.
func (s *Service) Aways(ctx context.Context, who actor.Actor) ([]Away, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	return aways(ctx, s.db, who.Account, s.now.Today())
}

// StandIns offers the accounts in the actor's reach whose scope is as wide as the actor's.
func (s *Service) StandIns(ctx context.Context, who actor.Actor) ([]identity.Account, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	tree, err := s.rooms.Org.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	all, err := identity.Everybody(ctx, s.db, s.now.Today())
	return slices.DeleteFunc(all, func(a identity.Account) bool {
		return a.ID == who.Account || a.Login == identity.Operator || !wider(scopeOf(tree, a, s.now.Today()), who.Scope)
	}), err
}

func scopeOf(tree *org.Tree, a identity.Account, on clock.Date) actor.Scope {
	var scope actor.Scope
	for _, g := range a.GrantsOn(on) {
		if g.Unit == "" {
			scope.All = true
		} else {
			scope.Paths = append(scope.Paths, tree.Paths(g.Unit)...)
		}
	}
	return scope
}

// standsIn refuses to vote in the place of somebody who is not away.
func (s *Service) standsIn(ctx context.Context, q db.Querier, account, in string) error {
	own, err := s.chairs(ctx, q, account)
	if err == nil && !slices.Contains(own, in) {
		return errs.New(errs.Forbidden, i18n.ReviewNotSeated)
	}
	return err
}
