package ledger

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Renew folds the facts anew that an older version of the program wrote in a form that
// migrations cannot bring up to date by themselves. It finds them by an index that is
// empty otherwise, and does nothing then.
func Renew(ctx context.Context, d *db.DB) error {
	for {
		entries, err := db.All(ctx, d, db.Text, `SELECT entry_id FROM ledger_entry_fact WHERE days = '' LIMIT $1`, renewed)
		if err != nil {
			return err
		}
		subjects, err := db.All(ctx, d, func(row db.Row) (k subjectKey, err error) {
			err = row.Scan(&k.subject, &k.period)
			return k, err
		}, `SELECT subject_id, period_no FROM ledger_subject_fact WHERE days = '' LIMIT $1`, renewed)
		if err != nil || len(entries)+len(subjects) == 0 {
			return err
		}
		err = d.Write(ctx, func(tx *db.Tx) error {
			if err := refreshEntries(ctx, tx, entries, nil); err != nil {
				return err
			}
			return refreshSubjects(ctx, tx, subjects, nil)
		})
		if err != nil {
			return err
		}
	}
}

// renewed is how many facts are folded anew in one transaction.
const renewed = 2000
