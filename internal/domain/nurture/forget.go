package nurture

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// ForgetIntroduction takes a person out of what was told of an exemplar, and out of who
// told it; for the room above, which has looked at rights and scope.
func ForgetIntroduction(ctx context.Context, tx *db.Tx, id string, blot func(string) string) error {
	x, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM nurture_introduction WHERE id = $1`, id)
	if err != nil {
		return err
	}
	contact := blot(x.ByContact)
	if blot(x.ByName) != x.ByName { // with who told it goes how to reach them
		contact = ""
	}
	name := blot(x.Name)
	_, err = db.Exec(ctx, tx, `UPDATE nurture_introduction SET name = $2, folded = $3, doing = $4, by_name = $5, by_contact = $6, reason = $7 WHERE id = $1`,
		id, name, viet.Fold(name), blot(x.Doing), blot(x.ByName), contact, blot(x.Reason))
	return err
}

// ForgetNote takes a person out of a note on nurturing.
func ForgetNote(ctx context.Context, tx *db.Tx, id string, blot func(string) string) error {
	n, err := db.One(ctx, tx, scanNote, `SELECT `+noteColumns+` FROM nurture_note WHERE id = $1`, id)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `UPDATE nurture_note SET done = $2, next_step = $3 WHERE id = $1`, id, blot(n.Done), blot(n.Next))
	return err
}
