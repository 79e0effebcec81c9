package outbox

import (
	"context"
	"time"

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

// SweepSettled erases what letters said, and to whom, that were settled before an instant,
// those that failed among them; one that waits since before it, as all do where no server is
// set, is given up and erased too. It belongs into a daily job. That there was a letter, and
// when it went, stays.
func (s *Service) SweepSettled(ctx context.Context, before time.Time) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE outbox_letter SET recipient = '', subject = '', body = '', link = '', last_error = '',
			settled_at = CASE WHEN state = 'waiting' THEN $2 ELSE settled_at END, state = CASE WHEN state = 'waiting' THEN 'expired' ELSE state END
			WHERE CASE WHEN state = 'waiting' THEN created_at ELSE settled_at END < $1 AND body <> ''`, db.Time(before), db.Time(s.now()))
		return err
	})
}
