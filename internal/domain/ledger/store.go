package ledger

import (
	"context"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const actColumns = `id, kind, period_no, entry_id, subject_id, item_id, target_id, decision_id, level, form,
	effective_on, recorded_at, account_id, reason, unit_id, path, subject_kind, field, origin, attr_subject`

func scanAct(row db.Row) (Act, error) {
	var a Act
	var attr Attr
	err := row.Scan(&a.ID, &a.Kind, &a.Period, db.TextTo(&a.Entry), db.TextTo(&a.Subject), db.TextTo(&a.Item),
		db.TextTo(&a.Target), db.TextTo(&a.Decision), &a.Level, &a.Form, db.DateTo(&a.On), db.TimeTo(&a.At), &a.By, &a.Reason,
		db.TextTo(&attr.Unit), db.TextTo(&attr.Path), db.IntTo(&attr.Kind), db.IntTo(&attr.Field), db.IntTo(&attr.Origin),
		db.TextTo(&attr.Subject))
	if attr.Unit != "" {
		a.Attr = &attr
	}
	return a, err
}

func actRow(a Act) []any {
	row := []any{
		a.ID, a.Kind, a.Period, db.Null(a.Entry), db.Null(a.Subject), db.Null(a.Item), db.Null(a.Target),
		db.Null(a.Decision), a.Level, a.Form, db.Date(a.On), db.Time(a.At), a.By, a.Reason,
	}
	if a.Attr == nil {
		return append(row, nil, nil, nil, nil, nil, nil)
	}
	return append(row, a.Attr.Unit, a.Attr.Path, int(a.Attr.Kind), int(a.Attr.Field), int(a.Attr.Origin), a.Attr.Subject)
}

func insertActs(ctx context.Context, tx *db.Tx, acts []Act) error {
	rows := make([][]any, len(acts))
	for i, a := range acts {
		rows[i] = actRow(a)
	}
	return db.InsertAll(ctx, tx, `INSERT INTO ledger_act (`+actColumns+`) VALUES `, "", rows)
}

// lastAct is the identity of the act that was recorded last, or "".
func lastAct(ctx context.Context, q db.Querier) (string, error) {
	return db.One(ctx, q, db.Text, `SELECT coalesce(max(id), '') FROM ledger_act`)
}

func find(ctx context.Context, q db.Querier, id string) (Act, error) {
	return db.One(ctx, q, scanAct, `SELECT `+actColumns+` FROM ledger_act WHERE id = $1`, id)
}

// actsWhere reads the acts whose column is one of the values, in the order in which
// they were recorded.
func actsWhere(ctx context.Context, q db.Querier, column string, values []string) ([]Act, error) {
	var all []Act
	err := db.Chunks(values, func(part []any) error {
		acts, err := db.All(ctx, q, scanAct,
			`SELECT `+actColumns+` FROM ledger_act WHERE `+column+` IN `+db.In(1, len(part))+` ORDER BY id`, part...)
		all = append(all, acts...)
		return err
	})
	return all, err
}

// ActsOnSubject gives every act about a subject, in all periods.
func ActsOnSubject(ctx context.Context, q db.Querier, subject string) ([]Act, error) {
	return actsWhere(ctx, q, "subject_id", []string{subject})
}

// ActsOnItems gives every act about awards and adoptions.
func ActsOnItems(ctx context.Context, q db.Querier, items []string) ([]Act, error) {
	return actsWhere(ctx, q, "item_id", items)
}

// ActsUnder gives every act that rests on a decision.
func ActsUnder(ctx context.Context, q db.Querier, decision string) ([]Act, error) {
	return actsWhere(ctx, q, "decision_id", []string{decision})
}

const decisionColumns = `id, paper, number, authority_id, authority_path, level, signed_on, effective_on, signer, title, recorded_at`

func scanDecision(row db.Row) (Decision, error) {
	var d Decision
	err := row.Scan(&d.ID, &d.Paper, &d.Number, &d.Authority, &d.Path, &d.Level, db.DateTo(&d.SignedOn), db.DateTo(&d.On),
		&d.Signer, &d.Title, db.TimeTo(&d.At))
	return d, err
}

func insertDecision(ctx context.Context, tx *db.Tx, d Decision) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO ledger_decision (`+decisionColumns+`, number_key, year)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		d.ID, d.Paper, d.Number, d.Authority, d.Path, d.Level, db.Date(d.SignedOn), db.Date(d.On), d.Signer, d.Title, db.Time(d.At),
		db.Null(numberKey(d.Number)), d.SignedOn.Year())
	return err
}

func numberTaken(ctx context.Context, q db.Querier, d Decision) (bool, error) {
	n, err := db.One(ctx, q, db.Int, `SELECT count(*) FROM ledger_decision WHERE authority_id = $1 AND year = $2 AND number_key = $3`,
		d.Authority, d.SignedOn.Year(), numberKey(d.Number))
	return n > 0, err
}

// FindDecision reads a decision by its identity, or gives [db.ErrNoRow].
func FindDecision(ctx context.Context, q db.Querier, id string) (Decision, error) {
	return db.One(ctx, q, scanDecision, `SELECT `+decisionColumns+` FROM ledger_decision WHERE id = $1`, id)
}

// DecisionsByID reads papers by their identities.
func DecisionsByID(ctx context.Context, q db.Querier, ids []string) (map[string]Decision, error) {
	all := make(map[string]Decision, len(ids))
	err := db.Chunks(ids, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			d, err := scanDecision(row)
			all[d.ID] = d
			return err
		}, `SELECT `+decisionColumns+` FROM ledger_decision WHERE id IN `+db.In(1, len(part)), part...)
	})
	return all, err
}

// Papers asks for a part of the list of decisions.
type Papers struct {
	Area   Area       // of their authorities
	Also   []string   // authorities beside those in the area
	Before clock.Date // signed before the day; no day is from the latest on
	Limit  int
}

// Decisions lists the papers that are asked for, the latest first: as many as the limit
// says, and the others of the last one's day, so that the next part begins before it.
func Decisions(ctx context.Context, q db.Querier, ask Papers) ([]Decision, error) {
	w := ask.where()
	if ask.Before != 0 {
		w.add("signed_on < " + w.arg(ask.Before.String()))
	}
	all, err := db.All(ctx, q, scanDecision, `SELECT `+decisionColumns+` FROM ledger_decision`+w.clause()+
		` ORDER BY signed_on DESC, id DESC LIMIT `+w.arg(ask.Limit), w.args...)
	if err != nil || len(all) < ask.Limit || ask.Limit == 0 {
		return all, err
	}
	last := all[len(all)-1]
	w = ask.where()
	w.add("signed_on = " + w.arg(last.SignedOn.String()))
	w.add("id < " + w.arg(last.ID))
	rest, err := db.All(ctx, q, scanDecision, `SELECT `+decisionColumns+` FROM ledger_decision`+w.clause()+` ORDER BY id DESC`, w.args...)
	return append(all, rest...), err
}

func (ask Papers) where() *where {
	w := newWhere()
	ask.Area.restrict(w, "authority_path")
	if len(ask.Also) == 0 || len(w.conditions) == 0 {
		return w
	}
	also := make([]string, len(ask.Also))
	for i, unit := range ask.Also {
		also[i] = w.arg(unit)
	}
	w.conditions = []string{"(" + strings.Join(w.conditions, " AND ") + " OR authority_id IN (" + strings.Join(also, ", ") + "))"}
	return w
}
