package worklist

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// lastRound is on which day entries were last sent back, or came in again.
func lastRound(ctx context.Context, q db.Querier, kind Kind, rows []ledger.EntryRow) (map[string]clock.Date, error) {
	column := map[Kind]string{Mended: "answered_at", SentBack: "asked_at"}[kind]
	if column == "" {
		return map[string]clock.Date{}, nil
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.Entry
	}
	last := map[string]clock.Date{}
	err := db.Chunks(ids, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			var entry string
			var at time.Time
			err := row.Scan(&entry, db.TimeTo(&at))
			last[entry] = clock.DateOf(at)
			return err
		}, `SELECT entry_id, `+column+` FROM practice_return WHERE `+column+` IS NOT NULL AND entry_id IN `+db.In(1, len(part))+` ORDER BY round`, part...)
	})
	return last, err
}

// unitOf is where an account works; "" is nowhere.
func unitOf(ctx context.Context, q db.Querier, account string) (string, error) {
	unit, err := db.One(ctx, q, func(row db.Row) (string, error) {
		var unit string
		err := row.Scan(db.TextTo(&unit))
		return unit, err
	}, `SELECT unit_id FROM identity_account WHERE id = $1`, account)
	if errors.Is(err, db.ErrNoRow) { // the house itself
		return "", nil
	}
	return unit, err
}

const batchColumns = `id, account_id, unit_id, action, period_no, on_day, reason, object_id, state, failure, chosen, done, kept,
	made_at, done_at, undone_at, undone_by`

func scanBatch(row db.Row) (Batch, error) {
	var b Batch
	err := row.Scan(&b.ID, &b.Account, db.TextTo(&b.Unit), &b.Action, &b.Period, db.DateTo(&b.On), &b.Reason, &b.Object, &b.State, &b.Failure,
		&b.Chosen, &b.Done, &b.Kept, db.TimeTo(&b.MadeAt), db.TimeTo(&b.DoneAt), db.TimeTo(&b.UndoneAt), &b.UndoneBy)
	return b, err
}

func findBatch(ctx context.Context, q db.Querier, id string) (Batch, error) {
	b, err := db.One(ctx, q, scanBatch, `SELECT `+batchColumns+` FROM worklist_batch WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return b, errs.New(errs.NotFound, i18n.WorklistBatchNotFound)
	}
	return b, err
}

// maxBatches bounds the list of batches.
const maxBatches = 200

// batches lists the latest batches, or those of an account and of some units.
func batches(ctx context.Context, q db.Querier, of *owners) ([]Batch, error) {
	where, args := "", []any(nil)
	if of != nil {
		where, args = `WHERE account_id = $1`, []any{of.account}
		if len(of.units) > 0 {
			where, args = where+` OR unit_id IN `+db.In(2, len(of.units)), append(args, of.units...)
		}
	}
	return db.All(ctx, q, scanBatch, `SELECT `+batchColumns+` FROM worklist_batch `+where+` ORDER BY made_at DESC, id DESC LIMIT `+strconv.Itoa(maxBatches), args...)
}

// owners are whose batches somebody sees.
type owners struct {
	account string
	units   []any // identities
}

// batchUnits are the units at which batches were made.
func batchUnits(ctx context.Context, q db.Querier) ([]string, error) {
	return db.All(ctx, q, db.Text, `SELECT DISTINCT unit_id FROM worklist_batch WHERE unit_id IS NOT NULL`)
}

func insertBatch(ctx context.Context, tx *db.Tx, b Batch, items [][]any) error {
	if _, err := db.Exec(ctx, tx, `INSERT INTO worklist_batch (`+batchColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
		$14, $15, $16, $17)`, b.ID, b.Account, db.Null(b.Unit), string(b.Action), b.Period, db.Date(b.On), b.Reason, b.Object, b.State, b.Failure,
		b.Chosen, b.Done, b.Kept, db.Time(b.MadeAt), db.Time(b.DoneAt), db.Time(b.UndoneAt), b.UndoneBy); err != nil {
		return err
	}
	return insertItems(ctx, tx, items)
}

func insertItems(ctx context.Context, tx *db.Tx, items [][]any) error {
	return db.InsertAll(ctx, tx, `INSERT INTO worklist_batch_item (batch_id, entry_id, act_id, outcome, why) VALUES `, "", items)
}

func updateBatch(ctx context.Context, tx *db.Tx, b Batch) error {
	_, err := db.Exec(ctx, tx, `UPDATE worklist_batch SET state = $2, failure = $3, done = $4, kept = $5, done_at = $6, undone_at = $7, undone_by = $8
		WHERE id = $1`, b.ID, b.State, b.Failure, b.Done, b.Kept, db.Time(b.DoneAt), db.Time(b.UndoneAt), b.UndoneBy)
	return err
}

func deleteItems(ctx context.Context, tx *db.Tx, batch string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM worklist_batch_item WHERE batch_id = $1`, batch)
	return err
}

// setOutcome notes what became of items of a batch when it was taken back.
func setOutcome(ctx context.Context, tx *db.Tx, batch, outcome, why string, entries ...string) error {
	return db.Chunks(entries, func(part []any) error {
		_, err := db.Exec(ctx, tx, `UPDATE worklist_batch_item SET outcome = $1, why = $2 WHERE batch_id = $3 AND entry_id IN `+db.In(4, len(part)),
			append([]any{outcome, why, batch}, part...)...)
		return err
	})
}

// items reads the items of a batch with an outcome, or with any, some at most.
func items(ctx context.Context, q db.Querier, batch, outcome string, most int) ([]BatchItem, error) {
	where, args := `batch_id = $1`, []any{batch}
	if outcome != "" {
		where, args = where+` AND outcome = $2`, append(args, outcome)
	}
	return db.All(ctx, q, func(row db.Row) (BatchItem, error) {
		var i BatchItem
		return i, row.Scan(&i.Entry, &i.act, &i.Outcome, &i.Why)
	}, `SELECT entry_id, act_id, outcome, why FROM worklist_batch_item WHERE `+where+` ORDER BY outcome DESC, entry_id LIMIT `+strconv.Itoa(most), args...)
}
