package movement

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

const columns = `id, code, name, slogan, occasion, level, unit_id, standing_body_id, upper_id, follows_id, launched_on, version`

func scan(row db.Row) (Movement, error) {
	var m Movement
	err := row.Scan(&m.ID, &m.Code, &m.Name, &m.Slogan, &m.Occasion, &m.Level, &m.Unit, &m.StandingBody,
		db.TextTo(&m.Upper), db.TextTo(&m.Follows), db.DateTo(&m.LaunchedOn), &m.Version)
	return m, err
}

func byCode(ctx context.Context, q db.Querier, code string) (Movement, error) {
	m, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM movement_movement WHERE code = $1`, code)
	if err != nil {
		return Movement{}, err
	}
	err = loadParts(ctx, q, &m)
	return m, err
}

func byID(ctx context.Context, q db.Querier, id string) (Movement, error) {
	m, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM movement_movement WHERE id = $1`, id)
	if err != nil {
		return Movement{}, err
	}
	err = loadParts(ctx, q, &m)
	return m, err
}

func list(ctx context.Context, q db.Querier) ([]Movement, error) {
	all, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM movement_movement ORDER BY launched_on DESC, code`)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if err := loadParts(ctx, q, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func loadParts(ctx context.Context, q db.Querier, m *Movement) error {
	var err error
	if m.Periods, err = db.All(ctx, q, func(row db.Row) (Period, error) {
		var p Period
		return p, row.Scan(&p.No, &p.Name, db.DateTo(&p.From), db.DateTo(&p.To))
	}, `SELECT no, name, from_day, to_day FROM movement_period WHERE movement_id = $1 ORDER BY from_day`, m.ID); err != nil {
		return err
	}
	if m.Fields, err = db.All(ctx, q, func(row db.Row) (Field, error) {
		var f Field
		return f, row.Scan(&f.Code, &f.Name, &f.National)
	}, `SELECT code, name, national FROM movement_field WHERE movement_id = $1 ORDER BY place`, m.ID); err != nil {
		return err
	}
	m.Papers, err = db.All(ctx, q, func(row db.Row) (Paper, error) {
		var p Paper
		return p, row.Scan(&p.ID, &p.Kind, &p.Number, db.DateTo(&p.SignedOn), &p.Title, &p.FileName, &p.FileKind, &p.FileHash, &p.FileSize)
	}, `SELECT id, kind, number, signed_on, title, file_name, file_kind, file_hash, file_size FROM movement_paper
		WHERE movement_id = $1 ORDER BY signed_on, id`, m.ID)
	return err
}

// Begins gives the first day of every period, by its number; for the rooms above, which
// put records in the order of their periods.
func Begins(ctx context.Context, q db.Querier) (map[int]clock.Date, error) {
	all := map[int]clock.Date{}
	err := db.Each(ctx, q, func(row db.Row) error {
		var no int
		var from clock.Date
		err := row.Scan(&no, db.DateTo(&from))
		all[no] = from
		return err
	}, `SELECT no, from_day FROM movement_period`)
	return all, err
}

func insert(ctx context.Context, tx *db.Tx, m Movement) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO movement_movement (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		m.ID, m.Code, m.Name, m.Slogan, m.Occasion, m.Level, m.Unit, m.StandingBody, db.Null(m.Upper), db.Null(m.Follows), db.Date(m.LaunchedOn), m.Version)
	return err
}

func update(ctx context.Context, tx *db.Tx, m Movement) error {
	n, err := db.Exec(ctx, tx, `UPDATE movement_movement SET name = $1, slogan = $2, occasion = $3, level = $4, unit_id = $5,
		standing_body_id = $6, upper_id = $7, follows_id = $8, launched_on = $9, version = version + 1 WHERE id = $10 AND version = $11`,
		m.Name, m.Slogan, m.Occasion, m.Level, m.Unit, m.StandingBody, db.Null(m.Upper), db.Null(m.Follows), db.Date(m.LaunchedOn), m.ID, m.Version)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, i18n.ErrsConflict)
	}
	return err
}

func nextPeriod(ctx context.Context, tx *db.Tx) (int, error) {
	return db.One(ctx, tx, db.Int, `SELECT coalesce(max(no), 0) + 1 FROM movement_period`)
}

func insertPeriod(ctx context.Context, tx *db.Tx, movement string, p Period) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO movement_period (no, movement_id, name, from_day, to_day) VALUES ($1, $2, $3, $4, $5)`,
		p.No, movement, p.Name, db.Date(p.From), db.Date(p.To))
	return err
}

func replaceFields(ctx context.Context, tx *db.Tx, movement string, fields []Field) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM movement_field WHERE movement_id = $1`, movement); err != nil {
		return err
	}
	rows := make([][]any, len(fields))
	for i, f := range fields {
		rows[i] = []any{movement, f.Code, f.Name, int(f.National), i}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO movement_field (movement_id, code, name, national, place) VALUES `, "", rows)
}

func insertPapers(ctx context.Context, tx *db.Tx, movement string, papers []Paper) error {
	rows := make([][]any, len(papers))
	for i, p := range papers {
		rows[i] = []any{p.ID, movement, p.Kind, p.Number, db.Date(p.SignedOn), p.Title, p.FileName, p.FileKind, p.FileHash, p.FileSize}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO movement_paper
		(id, movement_id, kind, number, signed_on, title, file_name, file_kind, file_hash, file_size) VALUES `, "", rows)
}

func keptFiles(ctx context.Context, q db.Querier, hashes []string) (map[string]bool, error) {
	if len(hashes) == 0 {
		return map[string]bool{}, nil
	}
	args := make([]any, len(hashes))
	for i, h := range hashes {
		args[i] = h
	}
	found, err := db.All(ctx, q, db.Text, `SELECT DISTINCT file_hash FROM movement_paper WHERE file_hash IN `+db.In(1, len(hashes)), args...)
	if err != nil {
		return nil, err
	}
	kept := make(map[string]bool, len(found))
	for _, h := range found {
		kept[h] = true
	}
	return kept, nil
}
