package paper

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const sheetColumns = `id, kind, about, part, unit_id, profile, dated, number, series, reserved, recipients, texts, version, updated_at, updated_by`

// scanSheet reads a sheet; its unit is an identity.
func scanSheet(row db.Row) (Sheet, error) {
	var s Sheet
	var recipients, texts string
	if err := row.Scan(&s.ID, &s.About.Kind, &s.About.ID, &s.About.Part, &s.Unit, &s.Profile, db.DateTo(&s.Dated), &s.Number, &s.Series, &s.Reserved,
		&recipients, &texts, &s.Version, db.TimeTo(&s.UpdatedAt), &s.UpdatedBy); err != nil {
		return s, err
	}
	if recipients != "" {
		s.Recipients = strings.Split(recipients, "\n")
	}
	if err := json.Unmarshal([]byte(texts), &s.Texts); err != nil {
		return s, fmt.Errorf("read what is typed on paper %s: %w", s.ID, err)
	}
	return s, nil
}

// findSheet is the sheet of a paper, or an empty one where nothing was saved.
func findSheet(ctx context.Context, q db.Querier, about About) (Sheet, error) {
	s, err := db.One(ctx, q, scanSheet, `SELECT `+sheetColumns+` FROM paper_sheet WHERE kind = $1 AND about = $2 AND part = $3`, string(about.Kind), about.ID, about.Part)
	if errors.Is(err, db.ErrNoRow) {
		return Sheet{About: about}, nil
	}
	return s, err
}

// putSheet writes a sheet; its unit is an identity.
func putSheet(ctx context.Context, tx *db.Tx, s Sheet) error {
	texts, err := encodeTexts(s.Texts)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO paper_sheet (`+sheetColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (kind, about, part) DO UPDATE SET unit_id = excluded.unit_id, profile = excluded.profile, dated = excluded.dated, number = excluded.number,
		series = excluded.series, reserved = excluded.reserved, recipients = excluded.recipients, texts = excluded.texts, version = excluded.version,
		updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
		s.ID, string(s.About.Kind), s.About.ID, s.About.Part, s.Unit, string(s.Profile), db.Date(s.Dated), s.Number, s.Series, s.Reserved,
		strings.Join(s.Recipients, "\n"), texts, s.Version, db.Time(s.UpdatedAt), s.UpdatedBy)
	return err
}

// given tells whether a number of a series was given.
func given(ctx context.Context, q db.Querier, series string, number int) (bool, error) {
	n, err := db.One(ctx, q, db.Int, `SELECT count(*) FROM paper_number WHERE series = $1 AND number = $2`, series, number)
	return n > 0, err
}

// nextNumber is the one behind all that were given in a series, whether reserved or typed.
func nextNumber(ctx context.Context, q db.Querier, series string) (int, error) {
	return db.One(ctx, q, db.Int, `SELECT coalesce(max(number), 0) + 1 FROM paper_number WHERE series = $1`, series)
}

func insertNumber(ctx context.Context, tx *db.Tx, s Sheet, number int) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO paper_number (series, number, sheet_id, reserved, given_at, given_by) VALUES ($1, $2, $3, $4, $5, $6)`,
		s.Series, number, s.ID, s.Reserved, db.Time(s.UpdatedAt), s.UpdatedBy)
	return err
}

// letGo lets go of a number that was typed, so that the clerk's book can be followed; one that was
// reserved is never given again.
func letGo(ctx context.Context, tx *db.Tx, sheet string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM paper_number WHERE sheet_id = $1 AND NOT reserved`, sheet)
	return err
}

func officesOf(ctx context.Context, q db.Querier, unit string) ([]Office, error) {
	return db.All(ctx, q, func(row db.Row) (Office, error) {
		var o Office
		err := row.Scan(db.DateTo(&o.From), &o.Letters, &o.Term)
		return o, err
	}, `SELECT valid_from, letters, term FROM paper_office WHERE unit_id = $1 ORDER BY valid_from DESC`, unit)
}

// officeOn is how a unit signs its numbers on a day; nothing where that was never set.
func officeOn(ctx context.Context, q db.Querier, unit string, on clock.Date) (Office, error) {
	all, err := officesOf(ctx, q, unit)
	for _, o := range all {
		if o.From <= on {
			return o, nil
		}
	}
	return Office{}, err
}

func putOffice(ctx context.Context, tx *db.Tx, unit string, o Office) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO paper_office (unit_id, valid_from, letters, term) VALUES ($1, $2, $3, $4)
		ON CONFLICT (unit_id, valid_from) DO UPDATE SET letters = excluded.letters, term = excluded.term`, unit, db.Date(o.From), o.Letters, o.Term)
	return err
}

const templateColumns = `id, unit_id, kind, profile, no, file_name, file_hash, file_size, added_at, added_by, tried_at, tried_by, tried_on, on_at, on_by, off_at, off_by`

func scanTemplate(row db.Row) (Template, error) {
	var t Template
	err := row.Scan(&t.ID, &t.Unit, &t.Kind, &t.Profile, &t.No, &t.FileName, &t.FileHash, &t.FileSize, db.TimeTo(&t.AddedAt), &t.AddedBy, db.TimeTo(&t.TriedAt), &t.TriedBy,
		&t.TriedOn, db.TimeTo(&t.OnAt), &t.OnBy, db.TimeTo(&t.OffAt), &t.OffBy)
	return t, err
}

func findTemplate(ctx context.Context, q db.Querier, id string) (Template, error) {
	return db.One(ctx, q, scanTemplate, `SELECT `+templateColumns+` FROM paper_template WHERE id = $1`, id)
}

// usedTemplate is the template that an office has switched on; none is db.ErrNoRow.
func usedTemplate(ctx context.Context, q db.Querier, unit string, kind Kind, profile rulebook.Profile) (Template, error) {
	return db.One(ctx, q, scanTemplate, `SELECT `+templateColumns+` FROM paper_template
		WHERE unit_id = $1 AND kind = $2 AND profile = $3 AND on_at IS NOT NULL AND off_at IS NULL`, unit, string(kind), string(profile))
}

// templatesOf are the templates of an office for a sort of paper, the latest first.
func templatesOf(ctx context.Context, q db.Querier, unit string, kind Kind) ([]Template, error) {
	return db.All(ctx, q, scanTemplate, `SELECT `+templateColumns+` FROM paper_template WHERE unit_id = $1 AND kind = $2 ORDER BY added_at DESC, id DESC LIMIT $3`,
		unit, string(kind), maxTemplates)
}

// usedTemplates are all that are switched on.
func usedTemplates(ctx context.Context, q db.Querier) ([]Template, error) {
	return db.All(ctx, q, scanTemplate, `SELECT `+templateColumns+` FROM paper_template WHERE on_at IS NOT NULL AND off_at IS NULL ORDER BY on_at DESC, id DESC`)
}

func lastTemplate(ctx context.Context, q db.Querier, t Template) (int, error) {
	return db.One(ctx, q, db.Int, `SELECT coalesce(max(no), 0) FROM paper_template WHERE unit_id = $1 AND kind = $2 AND profile = $3`, t.Unit, string(t.Kind), string(t.Profile))
}

func insertTemplate(ctx context.Context, tx *db.Tx, t Template) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO paper_template (`+templateColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '', $12, '', $13, '')`,
		t.ID, t.Unit, string(t.Kind), string(t.Profile), t.No, t.FileName, t.FileHash, t.FileSize, db.Time(t.AddedAt), t.AddedBy, db.Time(t.TriedAt), db.Time(t.OnAt), db.Time(t.OffAt))
	return err
}

func updateTemplate(ctx context.Context, tx *db.Tx, t Template) error {
	_, err := db.Exec(ctx, tx, `UPDATE paper_template SET tried_at = $2, tried_by = $3, tried_on = $4, on_at = $5, on_by = $6, off_at = $7, off_by = $8 WHERE id = $1`,
		t.ID, db.Time(t.TriedAt), t.TriedBy, t.TriedOn, db.Time(t.OnAt), t.OnBy, db.Time(t.OffAt), t.OffBy)
	return err
}

// keptFiles tells which of some files are a template.
func keptFiles(ctx context.Context, q db.Querier, hashes []string) (map[string]bool, error) {
	kept := map[string]bool{}
	err := db.Chunks(hashes, func(part []any) error {
		found, err := db.All(ctx, q, db.Text, `SELECT DISTINCT file_hash FROM paper_template WHERE file_hash IN `+db.In(1, len(part)), part...)
		for _, sha := range found {
			kept[sha] = true
		}
		return err
	})
	return kept, err
}
