package review

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// barred asks the room of a subject which of some accounts have a hand in it.
func (s *Service) barred(ctx context.Context, q db.Querier, of Subject, accounts []identity.Account) (map[string]bool, error) {
	room := s.subjects[of.Kind]
	if room == nil || len(accounts) == 0 {
		return map[string]bool{}, nil
	}
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return nil, err
	}
	var people []actor.Actor
	for _, a := range accounts {
		roles := s.rooms.Identity.RolesAt(tree, a, of.Unit)
		for _, rights := range roles {
			people = append(people, actor.Actor{Account: a.ID, Rights: rights})
		}
		if len(roles) == 0 {
			people = append(people, actor.Actor{Account: a.ID})
		}
	}
	return room.Barred(ctx, q, of, people)
}

// impartial refuses whoever has a hand in a subject.
func (s *Service) impartial(ctx context.Context, q db.Querier, of Subject, account string) error {
	found, err := identity.Standing(ctx, q, []string{account}, s.now.Today())
	if err != nil {
		return err
	}
	barred, err := s.barred(ctx, q, of, []identity.Account{found[account]})
	if err == nil && barred[account] {
		err = errs.New(errs.Forbidden, i18n.ReviewPartial)
	}
	return err
}

// Partial tells whether the actor has a hand in the subject of a case, and so may not judge
// it.
func (s *Service) Partial(ctx context.Context, who actor.Actor, c Case) (bool, error) {
	if !who.Can(RightRead) {
		return false, forbidden()
	}
	err := s.impartial(ctx, s.db, c.Subject, who.Account)
	if errs.Is(err, errs.Forbidden) {
		return true, nil
	}
	return false, err
}
