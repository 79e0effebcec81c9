package review

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// Case finds a case; one outside the actor's scope in which the actor has no seat is not
// found.
func (s *Service) Case(ctx context.Context, who actor.Actor, id string) (Case, error) {
	if !who.Can(RightRead) {
		return Case{}, forbidden()
	}
	return s.seen(ctx, s.db, who, id)
}

// Latest finds the latest case of a subject; false where it has none that the actor sees.
func (s *Service) Latest(ctx context.Context, who actor.Actor, kind, subject string) (Case, bool, error) {
	if !who.Can(RightRead) {
		return Case{}, false, forbidden()
	}
	c, err := findCase(ctx, s.db, `c.subject_kind = $1 AND c.subject_id = $2`, kind, subject)
	if err == nil {
		c, err = s.seen(ctx, s.db, who, c.ID)
	}
	if errs.Is(err, errs.NotFound) {
		return Case{}, false, nil
	}
	return c, err == nil, err
}

// RunningOf tells which of some subjects have a case on its way, and which; for the rooms
// of the subjects, which ask for a right themselves.
func RunningOf(ctx context.Context, q db.Querier, kind string, subjects []string) (map[string]string, error) {
	return runningOf(ctx, q, kind, subjects)
}

// Chairs are the accounts for whose seats the actor may vote today: the own first, then
// those of who is away.
func (s *Service) Chairs(ctx context.Context, who actor.Actor) ([]string, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	return s.chairs(ctx, s.db, who.Account)
}
