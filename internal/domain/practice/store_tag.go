package practice

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

const tagColumns = `t.id, t.movement_id, t.kind, t.name, t.from_day, t.to_day, t.version,
	(SELECT count(*) FROM practice_entry_tag e WHERE e.tag_id = t.id)`

func scanTag(row db.Row) (Tag, error) {
	var t Tag
	err := row.Scan(&t.ID, &t.Movement, &t.Kind, &t.Name, db.DateTo(&t.From), db.DateTo(&t.To), &t.Version, &t.Used)
	return t, err
}

func tags(ctx context.Context, q db.Querier, movement string) ([]Tag, error) {
	return db.All(ctx, q, scanTag, `SELECT `+tagColumns+` FROM practice_tag t WHERE t.movement_id = $1 ORDER BY t.kind DESC, t.name_key`, movement)
}

func tagsByID(ctx context.Context, q db.Querier, movement string) (map[string]Tag, error) {
	all, err := tags(ctx, q, movement)
	byID := make(map[string]Tag, len(all))
	for _, t := range all {
		byID[t.ID] = t
	}
	return byID, err
}

// findTag reads a tag and the code of its movement.
func findTag(ctx context.Context, q db.Querier, id string) (Tag, string, error) {
	t, err := db.One(ctx, q, scanTag, `SELECT `+tagColumns+` FROM practice_tag t WHERE t.id = $1`, id)
	if err != nil {
		return t, "", err
	}
	code, err := db.One(ctx, q, db.Text, `SELECT code FROM movement_movement WHERE id = $1`, t.Movement)
	return t, code, err
}

func insertTag(ctx context.Context, tx *db.Tx, t Tag) error {
	n, err := db.Exec(ctx, tx, `INSERT INTO practice_tag (id, movement_id, kind, name, name_key, from_day, to_day, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (movement_id, name) DO NOTHING`,
		t.ID, t.Movement, t.Kind, t.Name, viet.SortKey(t.Name), db.Date(t.From), db.Date(t.To), t.Version)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, i18n.PracticeTagTwice).On("name")
	}
	return err
}

func updateTag(ctx context.Context, tx *db.Tx, t Tag) error {
	other, err := db.One(ctx, tx, db.Int, `SELECT count(*) FROM practice_tag WHERE movement_id = $1 AND name = $2 AND id <> $3`,
		t.Movement, t.Name, t.ID)
	if err != nil {
		return err
	}
	if other > 0 {
		return errs.New(errs.Conflict, i18n.PracticeTagTwice).On("name")
	}
	_, err = db.Exec(ctx, tx, `UPDATE practice_tag SET kind = $2, name = $3, name_key = $4, from_day = $5, to_day = $6, version = version + 1 WHERE id = $1`,
		t.ID, t.Kind, t.Name, viet.SortKey(t.Name), db.Date(t.From), db.Date(t.To))
	return err
}

func deleteTag(ctx context.Context, tx *db.Tx, id string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM practice_tag WHERE id = $1`, id)
	return err
}

func tagsOf(ctx context.Context, q db.Querier, entry string) ([]string, error) {
	return db.All(ctx, q, db.Text, `SELECT tag_id FROM practice_entry_tag WHERE entry_id = $1 ORDER BY tag_id`, entry)
}

func replaceTags(ctx context.Context, tx *db.Tx, e Entry) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM practice_entry_tag WHERE entry_id = $1`, e.ID); err != nil {
		return err
	}
	rows := make([][]any, len(e.Tags))
	for i, tag := range e.Tags {
		rows[i] = []any{e.ID, tag}
	}
	return insertEntryTags(ctx, tx, rows)
}

func insertEntryTags(ctx context.Context, tx *db.Tx, rows [][]any) error {
	return db.InsertAll(ctx, tx, `INSERT INTO practice_entry_tag (entry_id, tag_id) VALUES `, "", rows)
}
