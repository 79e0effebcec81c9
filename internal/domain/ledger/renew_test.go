package ledger_test

import (
	"io/fs"
	"regexp"
	"testing"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// The migration that brought the packed days fills those of regular rows, and the program
// those of the others: together they say what the acts say.
func TestOldFactsAreRenewed(t *testing.T) {
	text, err := fs.ReadFile(db.Migrations(), "0015_ledger_fact_days.sql")
	if err != nil {
		t.Fatal(err)
	}
	fill := regexp.MustCompile(`(?s)UPDATE ledger_(?:entry|subject)_fact SET days = .*?;`).FindAllString(string(text), -1)
	if len(fill) != 2 {
		t.Fatalf("the migration has %d statements that fill", len(fill))
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 5)
		w.history(40, 200)
		w.must(d.Write(t.Context(), func(tx *db.Tx) error {
			for _, statement := range append([]string{
				"UPDATE ledger_entry_fact SET days = ''", "UPDATE ledger_subject_fact SET days = ''",
			}, fill...) {
				if _, err := db.Exec(t.Context(), tx, statement); err != nil {
					return err
				}
			}
			return nil
		}))
		odd, err := db.One(t.Context(), d, db.Int, `SELECT count(*) FROM ledger_entry_fact WHERE days = ''`)
		if err != nil || odd == 0 {
			t.Fatalf("%d rows are left to the program, %v", odd, err)
		}
		w.must(ledger.Renew(t.Context(), d))
		if stale, err := ledger.Stale(t.Context(), d); err != nil || len(stale) > 0 {
			t.Errorf("stale: %v, %v", stale, err)
		}
	})
}
