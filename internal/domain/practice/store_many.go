package practice

import (
	"context"
	"strconv"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// entriesOfMovement tells which entries belong to a movement.
func entriesOfMovement(ctx context.Context, q db.Querier, movement string, ids []string) (map[string]bool, error) {
	return chosenBy(ctx, q, `SELECT e.id FROM practice_entry e JOIN movement_period p ON p.no = e.period_no WHERE p.movement_id = `, movement, `e.id`, ids)
}

// marks tells which entries have a mark.
func marks(ctx context.Context, q db.Querier, m Mark, ids []string) (map[string]bool, error) {
	if m.Tag == "" {
		return chosenBy(ctx, q, `SELECT id FROM practice_entry WHERE focus_by <> `, "", `id`, ids)
	}
	return chosenBy(ctx, q, `SELECT entry_id FROM practice_entry_tag WHERE tag_id = `, m.Tag, `entry_id`, ids)
}

// chosenBy is those of some entries that a query finds, which compares with one value.
func chosenBy(ctx context.Context, q db.Querier, query, value, column string, ids []string) (map[string]bool, error) {
	found := map[string]bool{}
	err := db.Chunks(ids, func(part []any) error {
		n := strconv.Itoa(len(part) + 1)
		return db.Each(ctx, q, func(row db.Row) error {
			id, err := db.Text(row)
			found[id] = true
			return err
		}, query+`$`+n+` AND `+column+` IN `+db.In(1, len(part)), append(part, value)...)
	})
	return found, err
}

// marking is a mark that is set, by whom and when.
type marking struct {
	Mark
	by string
	at time.Time
}

// setMarks gives entries a mark or takes it, and makes of each a newer version: a form that
// is open elsewhere must not write over it.
func setMarks(ctx context.Context, tx *db.Tx, m marking, ids []string) error {
	if m.Tag != "" && m.On {
		rows := make([][]any, len(ids))
		for i, id := range ids {
			rows[i] = []any{id, m.Tag}
		}
		if err := insertEntryTags(ctx, tx, rows); err != nil {
			return err
		}
	}
	set, args := `updated_at = $1, updated_by = $2`, []any{db.Time(m.at), m.by}
	if m.Tag == "" && m.On {
		set += `, focus_at = $1, focus_by = $2`
	} else if m.Tag == "" {
		set += `, focus_at = NULL, focus_by = ''`
	}
	return db.Chunks(ids, func(part []any) error {
		if _, err := db.Exec(ctx, tx, `UPDATE practice_entry SET version = version + 1, `+set+` WHERE id IN `+db.In(len(args)+1, len(part)),
			append(append([]any{}, args...), part...)...); err != nil || m.Tag == "" || m.On {
			return err
		}
		_, err := db.Exec(ctx, tx, `DELETE FROM practice_entry_tag WHERE tag_id = $1 AND entry_id IN `+db.In(2, len(part)), append([]any{m.Tag}, part...)...)
		return err
	})
}
