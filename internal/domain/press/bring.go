package press

import (
	"context"
	"fmt"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Brought is an article that was published before it came into this house.
type Brought struct {
	Input
	PublishedAt time.Time
}

// maxBrought bounds how many come at once.
const maxBrought = 5000

// Bring takes in articles that were published before, on another site or on paper, with
// the time of that day, all or none.
func (s *Service) Bring(ctx context.Context, who actor.Actor, all []Brought) ([]Article, error) {
	if !who.Can(RightPublish) {
		return nil, forbidden()
	}
	if len(all) == 0 || len(all) > maxBrought {
		return nil, errs.New(errs.Invalid, i18n.PressTooMany, maxBrought)
	}
	for i := range all {
		if err := all[i].Check(); err != nil {
			return nil, fmt.Errorf("article %d: %w", i+1, err)
		}
		if all[i].PublishedAt.IsZero() || all[i].PublishedAt.After(s.now()) {
			return nil, errs.New(errs.Invalid, i18n.PressBroughtTime).On("publishedAt")
		}
	}
	made := make([]Article, len(all))
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		last, err := nextNo(ctx, tx, len(all))
		if err != nil {
			return err
		}
		now := s.now()
		for i, in := range all {
			a := Article{
				ID: s.newID(), No: last - len(all) + 1 + i, State: Published, Version: 1, PublishedAt: in.PublishedAt, CreatedAt: now, CreatedBy: who.Account,
			}
			if a, err = s.written(ctx, tx, who, a, in.Input); err != nil {
				return err
			}
			if err := a.missing().Err(); err != nil {
				return fmt.Errorf("article %d: %w", i+1, err)
			}
			made[i] = a
		}
		if err := insert(ctx, tx, made); err != nil {
			return err
		}
		if err := insertVersions(ctx, tx, made, ""); err != nil {
			return err
		}
		if err := replaceParts(ctx, tx, made); err != nil {
			return err
		}
		if err := replaceWords(ctx, tx, made); err != nil {
			return err
		}
		return s.rooms.Log.Add(ctx, tx, who, "press.bring", audit.Object{Kind: "articles", ID: made[0].ID}, map[string]any{"count": len(made)})
	})
	return made, err
}
