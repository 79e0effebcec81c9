package outbox

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// EraseIn cancels a letter that waits and erases what it said and to whom, in the caller's
// transaction; for the room above, which has looked at rights and scope. That there was a
// letter, and when, stays.
func (s *Service) EraseIn(ctx context.Context, tx *db.Tx, id string) error {
	_, err := db.Exec(ctx, tx, `UPDATE outbox_letter SET recipient = '', subject = '', body = '', link = '', last_error = '',
		settled_at = CASE WHEN state IN ('waiting', 'failed') THEN $2 ELSE settled_at END,
		state = CASE WHEN state IN ('waiting', 'failed') THEN 'cancelled' ELSE state END WHERE id = $1`, id, db.Time(s.now()))
	return err
}
