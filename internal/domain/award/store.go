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

// toExemplars reads what the subjects of awards were given before, by subject.
func toExemplars(ctx context.Context, q db.Querier, given []Award) (map[string][]Award, error) {
	ids := make([]string, len(given))
	for i, a := range given {
		ids[i] = a.Exemplar
	}
	earlier := map[string][]Award{}
	err := db.Chunks(ids, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			a, err := scan(row)
			earlier[a.Exemplar] = append(earlier[a.Exemplar], a)
			return err
		}, `SELECT `+columns+` FROM award_award WHERE exemplar_id IN `+db.In(1, len(part)), part...)
	})
	return earlier, err
}

func underDecision(ctx context.Context, q db.Querier, decision string) ([]Award, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM award_award WHERE decision_id = $1 ORDER BY id`, decision)
}

func toExemplar(ctx context.Context, q db.Querier, exemplar string) ([]Award, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM award_award WHERE exemplar_id = $1 ORDER BY id DESC`, exemplar)
}
