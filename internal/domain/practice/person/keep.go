package person

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Returned lists the entries that were sent back and wait for an account: it typed them, or
// was handed them, and nobody else was.
func Returned(ctx context.Context, q db.Querier, account string) ([]ledger.EntryRow, error) {
	return db.All(ctx, q, func(r db.Row) (ledger.EntryRow, error) {
		var e ledger.EntryRow
		return e, r.Scan(&e.Entry, &e.Code, &e.Title, &e.Unit)
	}, `SELECT e.id, e.code, e.title, e.unit_id FROM practice_entry e JOIN ledger_entry_fact f ON f.entry_id = e.id
		WHERE f.status = $2 AND (e.keeper = $1 OR (e.keeper = '' AND e.typed_by = $1)) ORDER BY e.code`, account, int(ledger.StatusReturned))
}

// HandOver gives the entries that an account typed or was handed to another to see to, and
// tells how many of them were sent back. Who typed them stays.
func HandOver(ctx context.Context, tx *db.Tx, from, to string) (int, error) {
	all, err := Returned(ctx, tx, from)
	if err != nil {
		return 0, err
	}
	_, err = db.Exec(ctx, tx, `UPDATE practice_entry SET keeper = $2 WHERE keeper = $1 OR (keeper = '' AND typed_by = $1)`, from, to)
	return len(all), err
}

// KeeperOf is who sees to an entry: who was handed it, or else who typed it.
func KeeperOf(ctx context.Context, q db.Querier, entry string) (string, error) {
	return db.One(ctx, q, db.Text, `SELECT CASE WHEN keeper = '' THEN typed_by ELSE keeper END FROM practice_entry WHERE id = $1`, entry)
}
