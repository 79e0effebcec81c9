package person

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// KeptBy is "the account $1 sees to the entry e": it typed it and nobody was handed it
// since, or it was handed it.
const KeptBy = `(e.keeper = $1 OR (e.keeper = '' AND e.typed_by = $1))`

// Returned lists the entries that were sent back and wait for an account: it typed them, or
// was handed them, and nobody else was.
func Returned(ctx context.Context, q db.Querier, account string) ([]ledger.EntryRow, error) {
	return db.All(ctx, q, func(r db.Row) (ledger.EntryRow, error) {
		var e ledger.EntryRow
		return e, r.Scan(&e.Entry, &e.Code, &e.Title, &e.Unit)
	}, `SELECT e.id, e.code, e.title, e.unit_id FROM practice_entry e JOIN ledger_entry_fact f ON f.entry_id = e.id
		WHERE f.status = $2 AND `+KeptBy+` ORDER BY e.code`, account, int(ledger.StatusReturned))
}

// HandOver gives the entries that an account typed or was handed to another to see to, and
// tells how many of them were sent back. Who typed them stays.
func HandOver(ctx context.Context, tx *db.Tx, from, to string) (int, error) {
	all, err := Returned(ctx, tx, from)
	if err != nil {
		return 0, err
	}
	_, err = db.Exec(ctx, tx, `UPDATE practice_entry AS e SET keeper = $2 WHERE `+KeptBy, from, to)
	return len(all), err
}
