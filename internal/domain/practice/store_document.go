package practice

import (
	"context"
	"errors"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const documentColumns = `id, entry_id, kind, title, file_name, file_kind, file_hash, file_size, shared, added_at, added_by, removed_at, removed_by`

func scanDocument(row db.Row) (Document, error) {
	var d Document
	err := row.Scan(&d.ID, &d.Entry, &d.Kind, &d.Title, &d.FileName, &d.FileKind, &d.FileHash, &d.FileSize, &d.Shared, db.TimeTo(&d.AddedAt), &d.AddedBy,
		db.TimeTo(&d.RemovedAt), &d.RemovedBy)
	return d, err
}

func documents(ctx context.Context, q db.Querier, entry string) ([]Document, error) {
	return db.All(ctx, q, scanDocument, `SELECT `+documentColumns+` FROM practice_document WHERE entry_id = $1 ORDER BY added_at, id`, entry)
}

func documentOf(ctx context.Context, q db.Querier, entry, id string) (Document, error) {
	d, err := db.One(ctx, q, scanDocument, `SELECT `+documentColumns+` FROM practice_document WHERE entry_id = $1 AND id = $2`, entry, id)
	if errors.Is(err, db.ErrNoRow) {
		return Document{}, noDocument()
	}
	return d, err
}

func insertDocument(ctx context.Context, tx *db.Tx, d Document) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO practice_document (`+documentColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, '')`,
		d.ID, d.Entry, d.Kind, d.Title, d.FileName, d.FileKind, d.FileHash, d.FileSize, d.Shared, db.Time(d.AddedAt), d.AddedBy)
	return err
}

func updateDocument(ctx context.Context, tx *db.Tx, d Document) error {
	_, err := db.Exec(ctx, tx, `UPDATE practice_document SET shared = $2, removed_at = $3, removed_by = $4 WHERE id = $1`,
		d.ID, d.Shared, db.Time(d.RemovedAt), d.RemovedBy)
	return err
}

func deleteDocument(ctx context.Context, tx *db.Tx, id string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM practice_document WHERE id = $1`, id)
	return err
}

// keptFiles tells which of some files a document has.
func keptFiles(ctx context.Context, q db.Querier, hashes []string) (map[string]bool, error) {
	kept := map[string]bool{}
	err := db.Chunks(hashes, func(part []any) error {
		found, err := db.All(ctx, q, db.Text, `SELECT DISTINCT file_hash FROM practice_document WHERE file_hash IN `+db.In(1, len(part)), part...)
		for _, sha := range found {
			kept[sha] = true
		}
		return err
	})
	return kept, err
}

// unshareDocuments takes back what everybody might have of an entry.
func unshareDocuments(ctx context.Context, tx *db.Tx, entry string) error {
	_, err := db.Exec(ctx, tx, `UPDATE practice_document SET shared = FALSE WHERE entry_id = $1 AND shared`, entry)
	return err
}
