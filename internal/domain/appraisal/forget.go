package appraisal

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// ForgetNote takes a person out of a note on how an entry goes; for the room above, which
// has looked at rights and scope.
func ForgetNote(ctx context.Context, tx *db.Tx, id string, blot func(string) string) error {
	type texts struct{ body, outputs, evidence, reason string }
	x, err := db.One(ctx, tx, func(r db.Row) (x texts, err error) {
		err = r.Scan(&x.body, &x.outputs, &x.evidence, &x.reason)
		return x, err
	}, `SELECT body, outputs, evidence, reason FROM appraisal_note WHERE id = $1`, id)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `UPDATE appraisal_note SET body = $2, outputs = $3, evidence = $4, reason = $5, version = version + 1 WHERE id = $1`,
		id, blot(x.body), blot(x.outputs), blot(x.evidence), blot(x.reason))
	return err
}
