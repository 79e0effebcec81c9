package replication

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const columns = `id, practice_id, source_entry_id, source_text, source_place, adopting_unit_id, adopting_entry_id, mode,
	period_no, started_on, note, recorded_at`

func scan(row db.Row) (Link, error) {
	var l Link
	err := row.Scan(&l.ID, db.TextTo(&l.Practice), db.TextTo(&l.SourceEntry), &l.SourceText, &l.SourcePlace, &l.AdoptingUnit,
		db.TextTo(&l.AdoptingEntry), &l.Mode, &l.Period, db.DateTo(&l.StartedOn), &l.Note, db.TimeTo(&l.RecordedAt))
	return l, err
}

func insert(ctx context.Context, tx *db.Tx, links []Link) error {
	rows := make([][]any, len(links))
	for i, l := range links {
		rows[i] = []any{
			l.ID, db.Null(l.Practice), db.Null(l.SourceEntry), l.SourceText, l.SourcePlace, l.AdoptingUnit,
			db.Null(l.AdoptingEntry), l.Mode, l.Period, db.Date(l.StartedOn), l.Note, db.Time(l.RecordedAt),
		}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO replication_link (`+columns+`) VALUES `, "", rows)
}

func countSame(ctx context.Context, q db.Querier, l Link) (int, error) {
	return db.One(ctx, q, db.Int, `SELECT count(*) FROM replication_link
		WHERE practice_id = $1 AND adopting_unit_id = $2 AND period_no = $3`, l.Practice, l.AdoptingUnit, l.Period)
}

func ofPractice(ctx context.Context, q db.Querier, practice string) ([]Link, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM replication_link WHERE practice_id = $1 ORDER BY started_on, id`, practice)
}

func byEntry(ctx context.Context, q db.Querier, entry string) ([]Link, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM replication_link WHERE adopting_entry_id = $1 ORDER BY started_on, id`, entry)
}

func byIDs(ctx context.Context, q db.Querier, ids []string) ([]Link, error) {
	var all []Link
	err := db.Chunks(ids, func(part []any) error {
		links, err := db.All(ctx, q, scan,
			`SELECT `+columns+` FROM replication_link WHERE id IN `+db.In(1, len(part))+` ORDER BY id`, part...)
		all = append(all, links...)
		return err
	})
	return all, err
}
