package appraisal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const visitColumns = `v.id, v.period_no, v.unit_id, v.path, v.on_day, v.goers, v.purpose, v.created_at, v.created_by`

func scanVisit(row db.Row) (Visit, error) {
	var v Visit
	err := row.Scan(&v.ID, &v.Period, &v.Unit, &v.Path, db.DateTo(&v.On), &v.Goers, &v.Purpose, db.TimeTo(&v.CreatedAt), &v.CreatedBy)
	return v, err
}

func insertVisit(ctx context.Context, tx *db.Tx, v Visit) error {
	if _, err := db.Exec(ctx, tx, `INSERT INTO appraisal_visit (id, period_no, unit_id, path, on_day, goers, purpose, created_at, created_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, v.ID, v.Period, v.Unit, v.Path, db.Date(v.On), v.Goers, v.Purpose, db.Time(v.CreatedAt), v.CreatedBy); err != nil {
		return err
	}
	rows := make([][]any, len(v.Sheets))
	for i, x := range v.Sheets {
		rows[i] = []any{v.ID, x.Entry.Entry, i, x.Criteria, "{}", false, 0, db.Time(v.CreatedAt), v.CreatedBy}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO appraisal_sheet (visit_id, entry_id, place, criteria_id, form, closed, version, updated_at, updated_by) VALUES `, "", rows)
}

func visits(ctx context.Context, q db.Querier, scope actor.Scope, x Page) ([]Visit, error) {
	within, args := withinScope(scope, []any{x.Period}, "v.path")
	older := x.older("appraisal_visit", "v.on_day, v.id", &args)
	return db.All(ctx, q, scanVisit, `SELECT `+visitColumns+` FROM appraisal_visit v WHERE v.period_no = $1 AND `+within+older+` ORDER BY v.on_day DESC, v.id DESC LIMIT 101`, args...)
}

func visitsOf(ctx context.Context, q db.Querier, entry string) ([]Visit, error) {
	return db.All(ctx, q, scanVisit, `SELECT `+visitColumns+` FROM appraisal_visit v JOIN appraisal_sheet s ON s.visit_id = v.id
		WHERE s.entry_id = $1 ORDER BY v.on_day DESC, v.id DESC`, entry)
}

// myVisit finds a visit of a unit within the actor's scope, with its sheets.
func myVisit(ctx context.Context, q db.Querier, who actor.Actor, id string) (Visit, error) {
	v, err := db.One(ctx, q, scanVisit, `SELECT `+visitColumns+` FROM appraisal_visit v WHERE v.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) || err == nil && !who.Scope.Covers(v.Path) {
		return Visit{}, noVisit()
	}
	if err != nil {
		return v, err
	}
	all, err := db.All(ctx, q, func(row db.Row) (VisitSheet, error) {
		x := VisitSheet{Visit: id}
		var form string
		if err := row.Scan(&x.Entry.Entry, &x.Criteria, &form, &x.Closed, &x.Version, db.TimeTo(&x.UpdatedAt), &x.UpdatedBy); err != nil {
			return x, err
		}
		if err := json.Unmarshal([]byte(form), &x.Form); err != nil {
			return x, fmt.Errorf("read a sheet of visit %s: %w", id, err)
		}
		return x, nil
	}, `SELECT entry_id, criteria_id, form, closed, version, updated_at, updated_by FROM appraisal_sheet WHERE visit_id = $1 ORDER BY place`, id)
	if err != nil {
		return v, err
	}
	ids := make([]string, len(all))
	for i, x := range all {
		ids[i] = x.Entry.Entry
	}
	rows, err := seen(ctx, q, who, ids)
	for _, x := range all {
		if row, ok := rows[x.Entry.Entry]; ok {
			x.Entry = row
			v.Sheets = append(v.Sheets, x)
		}
	}
	return v, err
}

// sentBefore tells of which sheet a sending was.
func sentBefore(ctx context.Context, q db.Querier, id string) (VisitSheet, error) {
	return db.One(ctx, q, func(row db.Row) (VisitSheet, error) {
		var x VisitSheet
		err := row.Scan(&x.Visit, &x.Entry.Entry, &x.Version)
		return x, err
	}, `SELECT visit_id, entry_id, version FROM appraisal_send WHERE id = $1`, id)
}

func updateSheet(ctx context.Context, tx *db.Tx, x VisitSheet, send string) error {
	form, err := formText(x.Form)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE appraisal_sheet SET form = $3, closed = $4, version = $5, updated_at = $6, updated_by = $7
		WHERE visit_id = $1 AND entry_id = $2`, x.Visit, x.Entry.Entry, form, x.Closed, x.Version, db.Time(x.UpdatedAt), x.UpdatedBy); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO appraisal_send (id, visit_id, entry_id, version, at) VALUES ($1, $2, $3, $4, $5)`,
		send, x.Visit, x.Entry.Entry, x.Version, db.Time(x.UpdatedAt))
	return err
}
