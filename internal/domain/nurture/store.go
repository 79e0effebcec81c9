package nurture

import (
	"context"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

const columns = `id, name, kind, unit_id, doing, by_name, by_contact, by_account, robot, state, reason, exemplar_id, at`

func scan(r db.Row) (Introduction, error) {
	var x Introduction
	return x, r.Scan(&x.ID, &x.Name, &x.Kind, &x.Unit, &x.Doing, &x.ByName, &x.ByContact, &x.ByAccount, &x.Robot, &x.State, &x.Reason,
		db.TextTo(&x.Exemplar), db.TimeTo(&x.At))
}

func insert(ctx context.Context, tx *db.Tx, x Introduction) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO nurture_introduction (`+columns+`, folded, network, receipt, decided_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '')`,
		x.ID, x.Name, int(x.Kind), x.Unit, x.Doing, x.ByName, x.ByContact, x.ByAccount, x.Robot, x.State, x.Reason, db.Null(x.Exemplar), db.Time(x.At),
		viet.Fold(x.Name), x.network, x.receipt)
	return err
}

// eachInState walks the introductions in a state in the order of lists, each with its unit
// and a key that those have in common that name the same.
func eachInState(ctx context.Context, q db.Querier, state State, fn func(id, unit, key string)) error {
	order := `at DESC, id DESC`
	if state == Waiting {
		order = `robot, at, id`
	}
	return db.Each(ctx, q, func(r db.Row) error {
		var id, unit, folded string
		var kind ledger.SubjectKind
		if err := r.Scan(&id, &unit, &kind, &folded); err != nil {
			return err
		}
		fn(id, unit, unit+"\n"+kind.String()+"\n"+folded)
		return nil
	}, `SELECT id, unit_id, kind, folded FROM nurture_introduction WHERE state = $1 ORDER BY `+order, state)
}

// introductions reads some introductions by their identities.
func introductions(ctx context.Context, q db.Querier, ids []string) (map[string]Introduction, error) {
	all := map[string]Introduction{}
	err := db.Chunks(ids, func(part []any) error {
		return db.Each(ctx, q, func(r db.Row) error {
			x, err := scan(r)
			all[x.ID] = x
			return err
		}, `SELECT `+columns+` FROM nurture_introduction WHERE id IN `+db.In(1, len(part)), part...)
	})
	return all, err
}

func toldSince(ctx context.Context, q db.Querier, network string, since time.Time) (int, error) {
	return db.One(ctx, q, db.Int, `SELECT count(*) FROM nurture_introduction WHERE network = $1 AND at > $2`, network, db.Time(since))
}

func waitingOfVisitors(ctx context.Context, q db.Querier) (int, error) {
	return db.One(ctx, q, db.Int, `SELECT count(*) FROM nurture_introduction WHERE state = 'waiting' AND by_account = ''`)
}

// visitorsWaiting lists what waits of visitors, the oldest first.
func visitorsWaiting(ctx context.Context, q db.Querier) ([]waits, error) {
	return db.All(ctx, q, func(r db.Row) (w waits, err error) {
		err = r.Scan(&w.id, &w.network, &w.robot)
		return w, err
	}, `SELECT id, network, robot FROM nurture_introduction WHERE state = 'waiting' AND by_account = '' ORDER BY at, id`)
}

func drop(ctx context.Context, tx *db.Tx, id string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM nurture_introduction WHERE id = $1`, id)
	return err
}

// decision is who decided, and when.
type decision struct {
	by string
	at time.Time
}

// decide ends an introduction and, with one that is accepted, those that name the same.
func decide(ctx context.Context, tx *db.Tx, x Introduction, to State, reason string, d decision) (int64, error) {
	which := ` AND id = $6`
	args := []any{to, reason, db.Null(x.Exemplar), db.Time(d.at), d.by, x.ID}
	if to == Accepted {
		which = ` AND (id = $6 OR (unit_id = $7 AND folded = $8 AND kind = $9))`
		args = append(args, x.Unit, viet.Fold(x.Name), int(x.Kind))
	}
	return db.Exec(ctx, tx, `UPDATE nurture_introduction SET state = $1, reason = $2, exemplar_id = $3, decided_at = $4, decided_by = $5
		WHERE state = 'waiting'`+which, args...)
}

// forget erases who told what was told before an instant.
func forget(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := db.Exec(ctx, tx, `UPDATE nurture_introduction SET by_name = '', by_contact = '', network = ''
		WHERE at < $1 AND (by_name <> '' OR by_contact <> '' OR network <> '')`, db.Time(before))
	return err
}

// dropRefused removes what was told and refused before an instant.
func dropRefused(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM nurture_introduction WHERE state = 'refused' AND decided_at < $1`, db.Time(before))
	return err
}

const noteColumns = `id, exemplar_id, on_day, done, next_step, next_on, by_account, at`

func scanNote(r db.Row) (Note, error) {
	var n Note
	return n, r.Scan(&n.ID, &n.Exemplar, db.DateTo(&n.On), &n.Done, &n.Next, db.DateTo(&n.NextOn), &n.By, db.TimeTo(&n.At))
}

func insertNote(ctx context.Context, tx *db.Tx, n Note) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO nurture_note (`+noteColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		n.ID, n.Exemplar, db.Date(n.On), n.Done, n.Next, db.Date(n.NextOn), n.By, db.Time(n.At))
	return err
}

func notesOf(ctx context.Context, q db.Querier, exemplar string) ([]Note, error) {
	return db.All(ctx, q, scanNote, `SELECT `+noteColumns+` FROM nurture_note WHERE exemplar_id = $1 ORDER BY on_day DESC, id DESC`, exemplar)
}

// latestNotes gives the last note on each exemplar, by the day of its next step.
func latestNotes(ctx context.Context, q db.Querier) ([]Nurtured, error) {
	return db.All(ctx, q, func(r db.Row) (Nurtured, error) {
		var n Nurtured
		return n, r.Scan(&n.ID, &n.Exemplar, db.DateTo(&n.On), &n.Done, &n.Next, db.DateTo(&n.NextOn), &n.By, db.TimeTo(&n.At), &n.Notes)
	}, `SELECT `+noteColumns+`, notes FROM (SELECT n.*, count(*) OVER (PARTITION BY exemplar_id) AS notes,
		row_number() OVER (PARTITION BY exemplar_id ORDER BY on_day DESC, id DESC) AS place FROM nurture_note n) AS ranked
		WHERE place = 1 ORDER BY next_on NULLS LAST, on_day DESC, id`)
}
