package conference

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// ForgetGuest takes a person out of an invitation; for the room above, which has looked at
// rights and scope.
func ForgetGuest(ctx context.Context, tx *db.Tx, id string, blot func(string) string) error {
	type texts struct{ guest, note string }
	x, err := db.One(ctx, tx, func(r db.Row) (x texts, err error) {
		err = r.Scan(&x.guest, &x.note)
		return x, err
	}, `SELECT guest, note FROM conference_invitation WHERE id = $1`, id)
	if err != nil {
		return err
	}
	guest := blot(x.guest)
	_, err = db.Exec(ctx, tx, `UPDATE conference_invitation SET guest = $2, name_key = $3, note = $4 WHERE id = $1`, id, guest, viet.SortKey(guest), blot(x.note))
	return err
}
