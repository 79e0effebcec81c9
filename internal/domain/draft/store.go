package draft

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const columns = `id, account_id, movement, title, missing, form, writer, version, created_at, updated_at, discarded_at, entry_id`

func scan(row db.Row) (Draft, error) {
	var d Draft
	var form string
	if err := row.Scan(&d.ID, &d.Account, &d.Movement, &d.Title, &d.Missing, &form, &d.Writer, &d.Version, db.TimeTo(&d.CreatedAt),
		db.TimeTo(&d.UpdatedAt), db.TimeTo(&d.DiscardedAt), db.TextTo(&d.Entry)); err != nil {
		return d, err
	}
	if err := json.Unmarshal([]byte(form), &d.Form); err != nil {
		return d, fmt.Errorf("read the form of draft %s: %w", d.ID, err)
	}
	return d, nil
}

func find(ctx context.Context, q db.Querier, id string) (Draft, error) {
	return db.One(ctx, q, scan, `SELECT `+columns+` FROM draft_draft WHERE id = $1`, id)
}

// list reads what of the drafts of an account stands in a list.
func list(ctx context.Context, q db.Querier, account string) ([]Draft, error) {
	return db.All(ctx, q, func(row db.Row) (Draft, error) {
		d := Draft{Account: account}
		err := row.Scan(&d.ID, &d.Movement, &d.Title, &d.Missing, &d.Version, db.TimeTo(&d.CreatedAt), db.TimeTo(&d.UpdatedAt), db.TimeTo(&d.DiscardedAt))
		return d, err
	}, `SELECT id, movement, title, missing, version, created_at, updated_at, discarded_at FROM draft_draft
		WHERE account_id = $1 AND entry_id IS NULL ORDER BY discarded_at IS NOT NULL, updated_at DESC, id DESC LIMIT $2`, account, 2*MaxDrafts)
}

// count is how many drafts an account has, those thrown away left aside.
func count(ctx context.Context, q db.Querier, account string) (int, error) {
	return db.One(ctx, q, db.Int, `SELECT count(*) FROM draft_draft WHERE account_id = $1 AND entry_id IS NULL AND discarded_at IS NULL`, account)
}

func insert(ctx context.Context, tx *db.Tx, d Draft) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO draft_draft (id, account_id, movement, title, missing, form, writer, version, created_at, updated_at)
		VALUES ($1, $2, '', '', $3, '{}', '', 0, $4, $5)`, d.ID, d.Account, Parts, db.Time(d.CreatedAt), db.Time(d.UpdatedAt))
	return err
}

func update(ctx context.Context, tx *db.Tx, d Draft) error {
	form, err := json.Marshal(d.Form)
	if err != nil {
		return fmt.Errorf("write the form of a draft: %w", err)
	}
	_, err = db.Exec(ctx, tx, `UPDATE draft_draft SET movement = $2, title = $3, missing = $4, form = $5, writer = $6, version = $7, updated_at = $8,
		discarded_at = $9 WHERE id = $1`, d.ID, d.Movement, d.Title, d.Missing, string(form), d.Writer, d.Version, db.Time(d.UpdatedAt), db.Time(d.DiscardedAt))
	return err
}

// finish ends a draft: what is left of it is the entry that it became.
func finish(ctx context.Context, tx *db.Tx, id, entry string, now time.Time) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM draft_file WHERE draft_id = $1`, id); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE draft_draft SET title = '', form = '{}', writer = '', entry_id = $2, updated_at = $3 WHERE id = $1`,
		id, entry, db.Time(now))
	return err
}

// forget deletes the drafts that were thrown away, or handed in, before an instant.
func forget(ctx context.Context, tx *db.Tx, before time.Time) error {
	const over = ` WHERE discarded_at < $1 OR (entry_id IS NOT NULL AND updated_at < $1)`
	if _, err := db.Exec(ctx, tx, `DELETE FROM draft_file WHERE draft_id IN (SELECT id FROM draft_draft`+over+`)`, db.Time(before)); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM draft_draft`+over, db.Time(before))
	return err
}

func filesOf(ctx context.Context, q db.Querier, draft string) ([]File, error) {
	return db.All(ctx, q, func(row db.Row) (File, error) {
		var f File
		err := row.Scan(&f.ID, &f.Kind, &f.Title, &f.FileName, &f.FileKind, &f.FileHash, &f.FileSize, db.TimeTo(&f.AddedAt))
		return f, err
	}, `SELECT id, kind, title, file_name, file_kind, file_hash, file_size, added_at FROM draft_file WHERE draft_id = $1 ORDER BY added_at, id`, draft)
}

func insertFile(ctx context.Context, tx *db.Tx, draft string, f File) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO draft_file (id, draft_id, kind, title, file_name, file_kind, file_hash, file_size, added_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, f.ID, draft, f.Kind, f.Title, f.FileName, f.FileKind, f.FileHash, f.FileSize, db.Time(f.AddedAt))
	return err
}

func deleteFile(ctx context.Context, tx *db.Tx, draft, file string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM draft_file WHERE draft_id = $1 AND id = $2`, draft, file)
	return err
}

// keptFiles tells which of some files a draft has.
func keptFiles(ctx context.Context, q db.Querier, hashes []string) (map[string]bool, error) {
	kept := map[string]bool{}
	err := db.Chunks(hashes, func(part []any) error {
		found, err := db.All(ctx, q, db.Text, `SELECT DISTINCT file_hash FROM draft_file WHERE file_hash IN `+db.In(1, len(part)), part...)
		for _, sha := range found {
			kept[sha] = true
		}
		return err
	})
	return kept, err
}
