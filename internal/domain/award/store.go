package award

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const columns = `id, kind, decision_id, exemplar_id, entry_id, track, form, achievement, period_no, act_id, recorded_at`

func scan(row db.Row) (Award, error) {
	var a Award
	err := row.Scan(&a.ID, &a.Kind, &a.Decision, &a.Exemplar, db.TextTo(&a.Entry), &a.Track, &a.Form, &a.Achievement, &a.Period,
		&a.Act, db.TimeTo(&a.RecordedAt))
	return a, err
}

func find(ctx context.Context, q db.Querier, id string) (Award, error) {
	return db.One(ctx, q, scan, `SELECT `+columns+` FROM award_award WHERE id = $1`, id)
}

func insert(ctx context.Context, tx *db.Tx, all []Award) error {
	rows := make([][]any, len(all))
	for i, a := range all {
		rows[i] = []any{
			a.ID, a.Kind, a.Decision, a.Exemplar, db.Null(a.Entry), a.Track, a.Form, a.Achievement, a.Period, a.Act, db.Time(a.RecordedAt),
		}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO award_award (`+columns+`) VALUES `, "", rows)
}

// sameAchievement lists what the subject was given in the same kind and form for the
// same entry or, where none is named, under the same paper.
func sameAchievement(ctx context.Context, q db.Querier, a Award) ([]Award, error) {
	if a.Entry == "" {
		return db.All(ctx, q, scan, `SELECT `+columns+` FROM award_award
			WHERE exemplar_id = $1 AND kind = $2 AND decision_id = $3`, a.Exemplar, a.Kind, a.Decision)
	}
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM award_award
		WHERE exemplar_id = $1 AND kind = $2 AND entry_id = $3`, a.Exemplar, a.Kind, a.Entry)
}

func underDecision(ctx context.Context, q db.Querier, decision string) ([]Award, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM award_award WHERE decision_id = $1 ORDER BY id`, decision)
}

func toExemplar(ctx context.Context, q db.Querier, exemplar string) ([]Award, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM award_award WHERE exemplar_id = $1 ORDER BY id DESC`, exemplar)
}
