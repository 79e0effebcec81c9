package nurture

import (
	"context"
	"strconv"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

const columns = `id, name, kind, unit_id, doing, by_name, by_contact, by_account, robot, state, reason, exemplar_id, at`

func scan(r db.Row) (Introduction, error) {
	var x Introduction
	return x, r.Scan(&x.ID, &x.Name, &x.Kind, &x.Unit, &x.Doing, &x.ByName, &x.ByContact, &x.ByAccount, &x.Robot, &x.State, &x.Reason,
		db.TextTo(&x.Exemplar), db.TimeTo(&x.At))
}

// key is by what two introductions name the same exemplar.
func (x Introduction) key() string { return x.Unit + "\n" + x.Kind.String() + "\n" + viet.Fold(x.Name) }

func insert(ctx context.Context, tx *db.Tx, x Introduction) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO nurture_introduction (`+columns+`, folded, network, receipt, decided_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '')`,
		x.ID, x.Name, strconv.Itoa(int(x.Kind)), x.Unit, x.Doing, x.ByName, x.ByContact, x.ByAccount, x.Robot, x.State, x.Reason, db.Null(x.Exemplar), db.Time(x.At),
		viet.Fold(x.Name), x.network, x.receipt)
	return err
}

func inState(ctx context.Context, q db.Querier, state State) ([]Introduction, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM nurture_introduction WHERE state = $1 ORDER BY robot, at, id LIMIT 5000`, state)
}

func toldSince(ctx context.Context, q db.Querier, network string, since time.Time) (int, error) {
	return db.One(ctx, q, db.Int, `SELECT count(*) FROM nurture_introduction WHERE network = $1 AND at > $2`, network, db.Time(since))
}

func waitingOfVisitors(ctx context.Context, q db.Querier) (int, error) {
	return db.One(ctx, q, db.Int, `SELECT count(*) FROM nurture_introduction WHERE state = 'waiting' AND by_account = ''`)
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
		args = append(args, x.Unit, viet.Fold(x.Name), strconv.Itoa(int(x.Kind)))
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
		WHERE place = 1 ORDER BY next_on NULLS LAST, on_day DESC, id LIMIT 1000`)
}
