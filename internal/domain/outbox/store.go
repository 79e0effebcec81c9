package outbox

import (
	"context"
	"strconv"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const columns = `id, unit_id, about_kind, about_id, recipient, private, subject, body, link, state, attempts, due_at, last_error, created_at, created_by, settled_at`

func scan(row db.Row) (Letter, error) {
	var l Letter
	err := row.Scan(&l.ID, &l.Unit, &l.About.Kind, &l.About.ID, &l.To, &l.Private, &l.Subject, &l.Text, &l.Link, &l.State, &l.Attempts,
		db.TimeTo(&l.DueAt), &l.LastError, db.TimeTo(&l.CreatedAt), &l.CreatedBy, db.TimeTo(&l.SettledAt))
	l.Erased = l.To == ""
	return l, err
}

func insert(ctx context.Context, tx *db.Tx, l Letter) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO outbox_letter (`+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, NULL)`,
		l.ID, l.Unit, l.About.Kind, l.About.ID, l.To, l.Private, l.Subject, l.Text, l.Link, l.State, l.Attempts, db.Time(l.DueAt), l.LastError,
		db.Time(l.CreatedAt), l.CreatedBy)
	return err
}

func find(ctx context.Context, q db.Querier, id string) (Letter, error) {
	return db.One(ctx, q, scan, `SELECT `+columns+` FROM outbox_letter WHERE id = $1`, id)
}

// due lists the letters that may be tried.
func due(ctx context.Context, q db.Querier, now time.Time) ([]string, error) {
	return db.All(ctx, q, db.Text, `SELECT id FROM outbox_letter WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at, id LIMIT `+strconv.Itoa(most), db.Time(now))
}

// claim takes a letter that is due, for one who tries it, until a time. What went wrong
// before is wiped out: by that it is known for one on its way.
func claim(ctx context.Context, tx *db.Tx, id string, now, until time.Time) (Letter, error) {
	return db.OneWrite(ctx, tx, scan, `UPDATE outbox_letter SET attempts = attempts + 1, due_at = $3, last_error = ''
		WHERE id = $1 AND state = 'waiting' AND due_at <= $2 RETURNING `+columns, id, db.Time(now), db.Time(until))
}

// settle writes what a letter came to. A private one that goes nowhere any more loses its
// address; where it failed it keeps it for another try. What was given up meanwhile stays
// so, unless it was sent after all.
func settle(ctx context.Context, tx *db.Tx, l Letter) error {
	_, err := db.Exec(ctx, tx, `UPDATE outbox_letter SET state = $2, attempts = $3, due_at = $4, last_error = $5, settled_at = $6,
		recipient = CASE WHEN private AND $7 THEN '' ELSE recipient END WHERE id = $1 AND (state IN ('waiting', 'failed') OR $8)`,
		l.ID, l.State, l.Attempts, db.Time(l.DueAt), l.LastError, db.Time(l.SettledAt), l.State == Sent || l.State == Cancelled, l.State == Sent)
	return err
}

func reword(ctx context.Context, tx *db.Tx, about About, text string) error {
	_, err := db.Exec(ctx, tx, `UPDATE outbox_letter SET body = $3 WHERE about_kind = $1 AND about_id = $2 AND state IN ('waiting', 'failed')
		AND (attempts = 0 OR last_error <> '')`,
		about.Kind, about.ID, text)
	return err
}

func cancelAbout(ctx context.Context, tx *db.Tx, about About, now time.Time) error {
	_, err := db.Exec(ctx, tx, `UPDATE outbox_letter SET state = 'cancelled', settled_at = $3, recipient = CASE WHEN private THEN '' ELSE recipient END
		WHERE about_kind = $1 AND about_id = $2 AND state IN ('waiting', 'failed')`, about.Kind, about.ID, db.Time(now))
	return err
}

func forget(ctx context.Context, tx *db.Tx, about About, now time.Time) error {
	if err := cancelAbout(ctx, tx, about, now); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE outbox_letter SET recipient = '', subject = '', body = '', link = '' WHERE about_kind = $1 AND about_id = $2`,
		about.Kind, about.ID)
	return err
}

// expire gives up private letters from before a time.
func expire(ctx context.Context, tx *db.Tx, now, before time.Time) error {
	_, err := db.Exec(ctx, tx, `UPDATE outbox_letter SET recipient = '', settled_at = $1, state = CASE WHEN state = 'sent' THEN 'sent' ELSE 'expired' END
		WHERE private AND recipient <> '' AND created_at < $2`, db.Time(now), db.Time(before))
	return err
}

func units(ctx context.Context, q db.Querier) ([]string, error) {
	return db.All(ctx, q, db.Text, `SELECT DISTINCT unit_id FROM outbox_letter`)
}

// list reads one more than is asked for.
func list(ctx context.Context, q db.Querier, in Query, units []string) ([]Letter, error) {
	if len(units) == 0 {
		return nil, nil
	}
	args, where := values(units), `unit_id IN `+db.In(1, len(units))
	args, where = about(args, where, in.About)
	if in.State != "" {
		args = append(args, in.State)
		where += ` AND state = $` + strconv.Itoa(len(args))
	}
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM outbox_letter WHERE `+where+` ORDER BY created_at DESC, id DESC
		LIMIT `+strconv.Itoa(in.Limit+1)+` OFFSET `+strconv.Itoa((in.Page-1)*in.Limit), args...)
}

// about narrows to the letters about one record.
func about(args []any, where string, of About) (narrowed []any, text string) {
	if of == (About{}) {
		return args, where
	}
	args = append(args, of.Kind, of.ID)
	return args, where + ` AND about_kind = $` + strconv.Itoa(len(args)-1) + ` AND about_id = $` + strconv.Itoa(len(args))
}

func countStates(ctx context.Context, q db.Querier, units []string, of About) (map[State]int, error) {
	counts := map[State]int{}
	if len(units) == 0 {
		return counts, nil
	}
	args, where := about(values(units), `unit_id IN `+db.In(1, len(units)), of)
	err := db.Each(ctx, q, func(row db.Row) error {
		var st State
		var n int
		err := row.Scan(&st, &n)
		counts[st] = n
		return err
	}, `SELECT state, count(*) FROM outbox_letter WHERE `+where+` GROUP BY state`, args...)
	return counts, err
}

func values(units []string) []any {
	all := make([]any, len(units))
	for i, u := range units {
		all[i] = u
	}
	return all
}
