package review

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// EndStandIns ends that an account votes in the place of others, from a day on, and gives
// what was ended; in the transaction in which the account is closed, for the room above.
func EndStandIns(ctx context.Context, tx *db.Tx, account string, on clock.Date) ([]Away, error) {
	all, err := StandsIn(ctx, tx, account, on)
	if err == nil && len(all) > 0 {
		_, err = db.Exec(ctx, tx, `DELETE FROM review_away WHERE stand_in_id = $1 AND to_day >= $2`, account, db.Date(on))
	}
	return all, err
}

// StandsIn lists for whom an account votes, or will, from a day on; for the room above.
func StandsIn(ctx context.Context, q db.Querier, account string, on clock.Date) ([]Away, error) {
	return db.All(ctx, q, scanAway, `SELECT `+awayColumns+` FROM review_away WHERE stand_in_id = $1 AND to_day >= $2 ORDER BY from_day, id`, account, db.Date(on))
}

// HandOver makes another account the one that hears of the cases that run which an account
// had sent in, in the transaction in which that one is closed; for the room above, which has
// looked at rights. Who sent them in stays in their events.
func HandOver(ctx context.Context, tx *db.Tx, from, to string) (int, error) {
	n, err := db.Exec(ctx, tx, `UPDATE review_case SET registrant = $2 WHERE registrant = $1 AND phase IN ('open', 'registrant')`, from, to)
	return int(n), err
}
