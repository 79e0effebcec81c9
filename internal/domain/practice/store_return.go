package practice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const returnColumns = `id, entry_id, round, reasons, note, before, after, asked_at, asked_by, answered_at, answered_by`

func scanReturn(row db.Row) (Return, error) {
	var r Return
	var reasons, before, after string
	if err := row.Scan(&r.ID, &r.Entry, &r.Round, &reasons, &r.Note, &before, db.TextTo(&after), db.TimeTo(&r.AskedAt), &r.AskedBy,
		db.TimeTo(&r.AnsweredAt), &r.AnsweredBy); err != nil {
		return r, err
	}
	for reason := range strings.FieldsSeq(reasons) {
		r.Reasons = append(r.Reasons, ReturnReason(reason))
	}
	var err error
	if r.Before, err = readTexts(before); err == nil {
		r.After, err = readTexts(after)
	}
	return r, err
}

// readTexts reads the parts of an entry as they stood; none while there are none.
func readTexts(raw string) (map[string]string, error) {
	if raw == "" {
		return nil, nil //nolint:nilnil // a round that waits has no answer
	}
	var texts map[string]string
	if err := json.Unmarshal([]byte(raw), &texts); err != nil {
		return nil, fmt.Errorf("read the texts of a round: %w", err)
	}
	return texts, nil
}

// returns reads the rounds of an entry, the latest first.
func returns(ctx context.Context, q db.Querier, entry string) ([]Return, error) {
	all, err := db.All(ctx, q, scanReturn, `SELECT `+returnColumns+` FROM practice_return WHERE entry_id = $1 ORDER BY round DESC`, entry)
	for i := range all {
		if err == nil {
			err = flagged(ctx, q, &all[i])
		}
	}
	return all, err
}

// openReturn reads the round that waits for an answer; nil where none does.
func openReturn(ctx context.Context, q db.Querier, entry string) (*Return, error) {
	r, err := db.One(ctx, q, scanReturn, `SELECT `+returnColumns+` FROM practice_return WHERE entry_id = $1 ORDER BY round DESC LIMIT 1`, entry)
	if errors.Is(err, db.ErrNoRow) || err == nil && !r.AnsweredAt.IsZero() {
		return nil, nil //nolint:nilnil // no round waits
	}
	if err != nil {
		return nil, err
	}
	return &r, flagged(ctx, q, &r)
}

// flagged reads the flags of a round into it.
func flagged(ctx context.Context, q db.Querier, r *Return) error {
	var err error
	r.Flags, err = db.All(ctx, q, func(row db.Row) (Flag, error) {
		var f Flag
		return f, row.Scan(&f.Part, &f.Note)
	}, `SELECT part, note FROM practice_return_part WHERE return_id = $1 ORDER BY place`, r.ID)
	return err
}

func insertReturn(ctx context.Context, tx *db.Tx, r Return) error {
	before, err := json.Marshal(r.Before)
	if err != nil {
		return fmt.Errorf("write the texts of a round: %w", err)
	}
	reasons := make([]string, len(r.Reasons))
	for i, reason := range r.Reasons {
		reasons[i] = string(reason)
	}
	if _, err := db.Exec(ctx, tx, `INSERT INTO practice_return (id, entry_id, round, reasons, note, before, asked_at, asked_by, answered_by)
		VALUES ($1, $2, 1 + (SELECT count(*) FROM practice_return WHERE entry_id = $2), $3, $4, $5, $6, $7, '')`,
		r.ID, r.Entry, strings.Join(reasons, " "), r.Note, string(before), db.Time(r.AskedAt), r.AskedBy); err != nil {
		return err
	}
	rows := make([][]any, len(r.Flags))
	for i, f := range r.Flags {
		rows[i] = []any{r.ID, i + 1, f.Part, f.Note}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO practice_return_part (return_id, place, part, note) VALUES `, "", rows)
}

func answerReturn(ctx context.Context, tx *db.Tx, r Return) error {
	after, err := json.Marshal(r.After)
	if err != nil {
		return fmt.Errorf("write the texts of a round: %w", err)
	}
	_, err = db.Exec(ctx, tx, `UPDATE practice_return SET after = $2, answered_at = $3, answered_by = $4 WHERE id = $1`,
		r.ID, string(after), db.Time(r.AnsweredAt), r.AnsweredBy)
	return err
}
