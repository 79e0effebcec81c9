package practice

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// measured reads the indicators, the resources and the corrections of an entry into it.
func measured(ctx context.Context, q db.Querier, e *Entry) error {
	var err error
	if e.Indicators, err = db.All(ctx, q, scanIndicator, `SELECT name, unit, baseline, target, actual, source, beneficiary
		FROM practice_indicator WHERE entry_id = $1 ORDER BY place`, e.ID); err != nil {
		return err
	}
	if e.Means, err = db.All(ctx, q, scanResource, `SELECT kind, amount, note, funding FROM practice_resource
		WHERE entry_id = $1 ORDER BY place`, e.ID); err != nil {
		return err
	}
	e.Corrections, err = db.All(ctx, q, scanCorrection, `SELECT id, note, corrected_at, corrected_by FROM practice_correction
		WHERE entry_id = $1 ORDER BY corrected_at DESC, id DESC`, e.ID)
	return err
}

func scanIndicator(row db.Row) (Indicator, error) {
	var x Indicator
	err := row.Scan(&x.Name, &x.Unit, &x.Baseline, &x.Target, &x.Actual, &x.Source, &x.Beneficiary)
	return x, err
}

func scanResource(row db.Row) (Resource, error) {
	var x Resource
	err := row.Scan(&x.Kind, &x.Amount, &x.Text, &x.Funding)
	return x, err
}

func scanCorrection(row db.Row) (Correction, error) {
	var c Correction
	err := row.Scan(&c.ID, &c.Note, db.TimeTo(&c.At), &c.By)
	return c, err
}

// replaceMeasures writes the indicators and the resources of an entry anew.
func replaceMeasures(ctx context.Context, tx *db.Tx, e Entry) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM practice_indicator WHERE entry_id = $1`, e.ID); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM practice_resource WHERE entry_id = $1`, e.ID); err != nil {
		return err
	}
	return insertMeasures(ctx, tx, []Entry{e})
}

func insertMeasures(ctx context.Context, tx *db.Tx, entries []Entry) error {
	var indicators, resources [][]any
	for _, e := range entries {
		for i, x := range e.Indicators {
			indicators = append(indicators, []any{
				e.ID, i + 1, x.Name, x.Unit, x.Baseline.Stored(), x.Target.Stored(), x.Actual.Stored(), x.Source, x.Beneficiary,
			})
		}
		for i, x := range e.Means {
			resources = append(resources, []any{e.ID, i + 1, x.Kind, x.Amount.Stored(), x.Text, x.Funding})
		}
	}
	if err := db.InsertAll(ctx, tx, `INSERT INTO practice_indicator (entry_id, place, name, unit, baseline, target, actual, source, beneficiary) VALUES `,
		"", indicators); err != nil {
		return err
	}
	return db.InsertAll(ctx, tx, `INSERT INTO practice_resource (entry_id, place, kind, amount, note, funding) VALUES `, "", resources)
}

func insertCorrection(ctx context.Context, tx *db.Tx, entry string, c Correction) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO practice_correction (id, entry_id, note, corrected_at, corrected_by) VALUES ($1, $2, $3, $4, $5)`,
		c.ID, entry, c.Note, db.Time(c.At), c.By)
	return err
}
