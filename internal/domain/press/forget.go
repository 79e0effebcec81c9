package press

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// EraseOpinionIn erases an opinion as its writer could, in the caller's transaction; for
// the room above, which has looked at rights and scope and records it.
func (s *Service) EraseOpinionIn(ctx context.Context, tx *db.Tx, id string) error {
	o, err := opinion(ctx, tx, id)
	if err != nil {
		return err
	}
	if o.State != OpinionWithdrawn {
		if err := eraseOpinion(ctx, tx, o.ID, s.now()); err != nil {
			return err
		}
	}
	return s.rooms.Outbox.Forget(ctx, tx, letterAbout(o))
}
