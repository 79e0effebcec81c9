package review

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// HandOver makes another account the one that hears of the cases that run which an account
// had sent in, in the transaction in which that one is closed; for the room above, which has
// looked at rights. Who sent them in stays in their events.
func HandOver(ctx context.Context, tx *db.Tx, from, to string) (int, error) {
	n, err := db.Exec(ctx, tx, `UPDATE review_case SET registrant = $2 WHERE registrant = $1 AND phase IN ('open', 'registrant')`, from, to)
	return int(n), err
}
