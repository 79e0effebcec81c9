package movement

import (
	"context"
	"errors"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// targetsOf reads the targets of a period; where there are none, their version is 0.
func targetsOf(ctx context.Context, q db.Querier, period int) (Targets, error) {
	t, err := db.One(ctx, q, func(row db.Row) (Targets, error) {
		var t Targets
		return t, row.Scan(&t.Period, &t.Draft, &t.Version, db.TimeTo(&t.UpdatedAt), &t.UpdatedBy)
	}, `SELECT period_no, draft, version, updated_at, updated_by FROM movement_target_plan WHERE period_no = $1`, period)
	if errors.Is(err, db.ErrNoRow) {
		return Targets{Period: period}, nil
	}
	if err != nil {
		return t, err
	}
	if t.All, err = db.All(ctx, q, func(row db.Row) (Target, error) {
		var x Target
		return x, row.Scan(&x.Unit, &x.Figure, &x.Number)
	}, `SELECT unit_id, figure, number FROM movement_unit_target WHERE period_no = $1 ORDER BY unit_id, figure`, period); err != nil {
		return t, err
	}
	fields, err := db.All(ctx, q, func(row db.Row) (Target, error) {
		var x Target
		return x, row.Scan(&x.Field, &x.Figure, &x.Number)
	}, `SELECT national, figure, number FROM movement_field_target WHERE period_no = $1 ORDER BY national, figure`, period)
	t.All = append(t.All, fields...)
	return t, err
}

func putTargets(ctx context.Context, tx *db.Tx, t Targets) error {
	if _, err := db.Exec(ctx, tx, `INSERT INTO movement_target_plan (period_no, draft, version, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (period_no) DO UPDATE SET draft = excluded.draft, version = excluded.version, updated_at = excluded.updated_at,
		updated_by = excluded.updated_by`, t.Period, t.Draft, t.Version, db.Time(t.UpdatedAt), t.UpdatedBy); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM movement_unit_target WHERE period_no = $1`, t.Period); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM movement_field_target WHERE period_no = $1`, t.Period); err != nil {
		return err
	}
	var units, fields [][]any
	for _, x := range t.All {
		if x.Unit != "" {
			units = append(units, []any{t.Period, x.Unit, string(x.Figure), x.Number})
		} else {
			fields = append(fields, []any{t.Period, int(x.Field), string(x.Figure), x.Number})
		}
	}
	if err := db.InsertAll(ctx, tx, `INSERT INTO movement_unit_target (period_no, unit_id, figure, number) VALUES `, "", units); err != nil {
		return err
	}
	return db.InsertAll(ctx, tx, `INSERT INTO movement_field_target (period_no, national, figure, number) VALUES `, "", fields)
}
