package worklist

import (
	"context"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// viewsFor reads the views of an account and those shared at a unit.
func viewsFor(ctx context.Context, q db.Querier, account, unit string) ([]View, error) {
	first := map[string]bool{}
	if err := db.Each(ctx, q, func(row db.Row) error {
		var id string
		err := row.Scan(&id)
		first[id] = true
		return err
	}, `SELECT view_id FROM worklist_default WHERE account_id = $1`, account); err != nil {
		return nil, err
	}
	return db.All(ctx, q, func(row db.Row) (View, error) {
		var v View
		err := row.Scan(&v.ID, &v.Account, db.TextTo(&v.Unit), &v.Name, &v.key, &v.Query, &v.Version, db.TimeTo(&v.RemovedAt))
		v.First = first[v.ID]
		return v, err
	}, `SELECT id, account_id, unit_id, name, name_key, query, version, removed_at FROM worklist_view
		WHERE account_id = $1 OR unit_id = $2 ORDER BY name_key, id`, account, db.Null(unit))
}

func insertView(ctx context.Context, tx *db.Tx, v View) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO worklist_view (id, account_id, unit_id, name, name_key, query, version, removed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, v.ID, v.Account, db.Null(v.Unit), v.Name, v.key, v.Query, v.Version, db.Time(v.RemovedAt))
	return err
}

func updateView(ctx context.Context, tx *db.Tx, v View) error {
	_, err := db.Exec(ctx, tx, `UPDATE worklist_view SET unit_id = $2, name = $3, name_key = $4, query = $5, version = $6, removed_at = $7 WHERE id = $1`,
		v.ID, db.Null(v.Unit), v.Name, v.key, v.Query, v.Version, db.Time(v.RemovedAt))
	return err
}

func setDefault(ctx context.Context, tx *db.Tx, account, view string) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO worklist_default (account_id, view_id) VALUES ($1, $2)
		ON CONFLICT (account_id) DO UPDATE SET view_id = excluded.view_id`, account, view)
	return err
}

func dropDefault(ctx context.Context, tx *db.Tx, account, view string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM worklist_default WHERE account_id = $1 AND view_id = $2`, account, view)
	return err
}

// forgetViews deletes views that were removed before an instant.
func forgetViews(ctx context.Context, tx *db.Tx, before time.Time) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM worklist_default WHERE view_id IN (SELECT id FROM worklist_view WHERE removed_at < $1)`, db.Time(before)); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM worklist_view WHERE removed_at < $1`, db.Time(before))
	return err
}
