package rulebook

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const columns = `code, track, level, name_vi, name_en, citation, confirmed, valid_from, valid_to`

func scan(row db.Row) (Form, error) {
	var f Form
	err := row.Scan(&f.Code, &f.Track, &f.Level, &f.Vi, &f.En, &f.Citation, &f.Confirmed, db.DateTo(&f.From), db.DateTo(&f.To))
	return f, err
}

func forms(ctx context.Context, q db.Querier) ([]Form, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM rulebook_award_form ORDER BY track, level, code, valid_from`)
}

func countForms(ctx context.Context, q db.Querier) (int, error) {
	return db.One(ctx, q, db.Int, `SELECT count(*) FROM rulebook_award_form`)
}

func insertForms(ctx context.Context, tx *db.Tx, forms []Form) error {
	rows := make([][]any, len(forms))
	for i, f := range forms {
		rows[i] = []any{f.Code, f.Track, f.Level, f.Vi, f.En, f.Citation, f.Confirmed, db.Date(f.From), db.Date(f.To)}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO rulebook_award_form (`+columns+`) VALUES `, ` ON CONFLICT DO NOTHING`, rows)
}

func settings(ctx context.Context, q db.Querier) (map[string]string, error) {
	kept := map[string]string{}
	err := db.Each(ctx, q, func(row db.Row) error {
		var key, value string
		err := row.Scan(&key, &value)
		kept[key] = value
		return err
	}, `SELECT key, value FROM rulebook_setting`)
	return kept, err
}

func put(ctx context.Context, tx *db.Tx, key, value string) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO rulebook_setting (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return err
}
