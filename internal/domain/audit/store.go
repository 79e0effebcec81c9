package audit

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const columns = `seq, at, account_id, login, via, os_user, action, object_kind, object_id, detail, previous_hash, hash`

func scan(row db.Row) (Record, error) {
	var r Record
	var detail string
	err := row.Scan(&r.Seq, db.TimeTo(&r.At), &r.Account, &r.Login, &r.Via, &r.OSUser, &r.Action,
		&r.Object.Kind, &r.Object.ID, &detail, &r.Previous, &r.Hash)
	r.Detail = json.RawMessage(detail)
	return r, err
}

// head is the last record of the chain, or the zero record where it is empty.
func head(ctx context.Context, q db.Querier) (Record, error) {
	r, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM audit_entry ORDER BY seq DESC LIMIT 1`)
	if errors.Is(err, db.ErrNoRow) {
		return Record{}, nil
	}
	return r, err
}

func insert(ctx context.Context, tx *db.Tx, r Record) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO audit_entry (`+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		r.Seq, db.Time(r.At), r.Account, r.Login, r.Via, r.OSUser, r.Action,
		r.Object.Kind, r.Object.ID, string(r.Detail), r.Previous, r.Hash)
	return err
}

func each(ctx context.Context, q db.Querier, fn func(Record) error) error {
	return db.Each(ctx, q, func(row db.Row) error {
		r, err := scan(row)
		if err != nil {
			return err
		}
		return fn(r)
	}, `SELECT `+columns+` FROM audit_entry ORDER BY seq`)
}

func list(ctx context.Context, q db.Querier, on Object) ([]Record, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM audit_entry
		WHERE object_kind = $1 AND object_id = $2 ORDER BY seq`, on.Kind, on.ID)
}
