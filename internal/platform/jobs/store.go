package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

type row struct {
	id, kind, unique, claim string
	payload                 json.RawMessage
	due, created            time.Time
	attempts                int
}

type lease struct {
	id    string
	until time.Time
}

func insert(ctx context.Context, tx *db.Tx, j row) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO jobs_job (id, kind, payload, unique_key, state, due_at, attempts, last_error, created_at)
		VALUES ($1, $2, $3, $4, 'waiting', $5, 0, '', $6)
		ON CONFLICT (unique_key) WHERE state = 'waiting' AND unique_key IS NOT NULL DO UPDATE SET payload = excluded.payload,
			due_at = CASE WHEN excluded.due_at < jobs_job.due_at THEN excluded.due_at ELSE jobs_job.due_at END`,
		j.id, j.kind, string(j.payload), db.Null(j.unique), db.Time(j.due), db.Time(j.created))
	return err
}

func anyDue(ctx context.Context, q db.Querier, now time.Time) (bool, error) {
	n, err := db.One(ctx, q, db.Int, `SELECT count(*) FROM (SELECT 1 AS due FROM jobs_job WHERE state <> 'dead' AND due_at <= $1 LIMIT 1) AS first_due`, db.Time(now))
	return n > 0, err
}

// claim gives the longest waiting job that is due, or whose lease has run out, to the
// lease. Of two jobs with one unique key the second waits until the first is done.
func claim(ctx context.Context, tx *db.Tx, kinds []string, now time.Time, l lease) (row, error) {
	args := []any{db.Time(l.until), l.id, db.Time(now)}
	for _, k := range kinds {
		args = append(args, k)
	}
	return db.One(ctx, tx, func(r db.Row) (row, error) {
		var j row
		var payload string
		err := r.Scan(&j.id, &j.kind, &payload, db.TextTo(&j.unique), &j.claim, &j.attempts)
		j.payload = json.RawMessage(payload)
		return j, err
	}, `UPDATE jobs_job SET state = 'running', due_at = $1, claim = $2, attempts = attempts + 1 WHERE id = (
			SELECT j.id FROM jobs_job j WHERE j.state <> 'dead' AND j.due_at <= $3 AND j.kind IN `+db.In(4, len(kinds))+`
			AND NOT EXISTS (SELECT 1 FROM jobs_job o WHERE o.unique_key = j.unique_key AND o.state = 'running' AND o.id <> j.id)
			ORDER BY j.due_at, j.id LIMIT 1`+db.SkipLocked(tx.Engine())+`)
		RETURNING id, kind, payload, unique_key, claim, attempts`, args...)
}

// extend renews a lease; it tells whether the job still belongs to it.
func extend(ctx context.Context, tx *db.Tx, j row, until time.Time) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE jobs_job SET due_at = $1 WHERE id = $2 AND claim = $3`, db.Time(until), j.id, j.claim)
	return n > 0 || err != nil, err
}

func remove(ctx context.Context, tx *db.Tx, j row) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM jobs_job WHERE id = $1 AND claim = $2`, j.id, j.claim)
	return err
}

// putBack lets a job wait again. Where another with its unique key waits already, that
// one does its work.
func putBack(ctx context.Context, tx *db.Tx, j row, due time.Time, failed string) error {
	if j.unique != "" {
		n, err := db.One(ctx, tx, db.Int, `SELECT count(*) FROM jobs_job WHERE unique_key = $1 AND state = 'waiting'`, j.unique)
		if err != nil {
			return err
		}
		if n > 0 {
			return remove(ctx, tx, j)
		}
	}
	_, err := db.Exec(ctx, tx, `UPDATE jobs_job SET state = 'waiting', due_at = $1, claim = NULL, attempts = $2, last_error = $3
		WHERE id = $4 AND claim = $5`, db.Time(due), j.attempts, shorten(failed), j.id, j.claim)
	return err
}

func bury(ctx context.Context, tx *db.Tx, j row, now time.Time, failed string) error {
	_, err := db.Exec(ctx, tx, `UPDATE jobs_job SET state = 'dead', due_at = $1, claim = NULL, last_error = $2 WHERE id = $3 AND claim = $4`,
		db.Time(now), shorten(failed), j.id, j.claim)
	return err
}

// shorten bounds what is kept of an error, and drops what PostgreSQL takes for no text.
func shorten(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "\x00", "?")
	r := []rune(s)
	return string(r[:min(len(r), 2000)])
}

func nextTurn(ctx context.Context, q db.Querier, name string) (time.Time, error) {
	next, err := db.One(ctx, q, func(r db.Row) (time.Time, error) {
		var t time.Time
		err := r.Scan(db.TimeTo(&t))
		return t, err
	}, `SELECT next_at FROM jobs_schedule WHERE name = $1`, name)
	if errors.Is(err, db.ErrNoRow) {
		return time.Time{}, nil
	}
	return next, err
}

func putTurn(ctx context.Context, tx *db.Tx, name string, next time.Time) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO jobs_schedule (name, next_at) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at`, name, db.Time(next))
	return err
}

// Stats is the state of the queue, for gauges.
type Stats struct {
	Waiting, Running, Dead int
	// Late is how long the job that has waited longest could have been done already.
	Late time.Duration
}

// Stats counts the jobs.
func (q *Queue) Stats(ctx context.Context) (Stats, error) {
	var s Stats
	now := q.Now()
	err := db.Each(ctx, q.DB, func(r db.Row) error {
		var state string
		var n int
		var first time.Time
		if err := r.Scan(&state, &n, db.TimeTo(&first)); err != nil {
			return err
		}
		switch state {
		case "waiting":
			s.Waiting, s.Late = n, max(0, now.Sub(first))
		case "running":
			s.Running = n
		case "dead":
			s.Dead = n
		}
		return nil
	}, `SELECT state, count(*), min(due_at) FROM jobs_job GROUP BY state`)
	return s, err
}

// Dead is a job that was given up.
type Dead struct {
	ID, Kind, Error string
	Payload         json.RawMessage
	Attempts        int
	Created, Died   time.Time
}

// Dead lists the jobs that were given up, the latest first.
func (q *Queue) Dead(ctx context.Context, limit int) ([]Dead, error) {
	return db.All(ctx, q.DB, func(r db.Row) (Dead, error) {
		var d Dead
		var payload string
		err := r.Scan(&d.ID, &d.Kind, &d.Error, &payload, &d.Attempts, db.TimeTo(&d.Created), db.TimeTo(&d.Died))
		d.Payload = json.RawMessage(payload)
		return d, err
	}, `SELECT id, kind, last_error, payload, attempts, created_at, due_at FROM jobs_job WHERE state = 'dead'
		ORDER BY due_at DESC, id LIMIT $1`, limit)
}

// Retry lets a dead job start again from its first try; it gives way to one with the
// same unique key that waits already. It takes the caller's transaction, for the record
// of who did it.
func (q *Queue) Retry(ctx context.Context, tx *db.Tx, id string) error {
	n, err := db.Exec(ctx, tx, `DELETE FROM jobs_job WHERE id = $1 AND state = 'dead' AND EXISTS (
		SELECT 1 FROM jobs_job o WHERE o.unique_key = jobs_job.unique_key AND o.state = 'waiting')`, id)
	if err != nil || n > 0 {
		return err
	}
	n, err = db.Exec(ctx, tx, `UPDATE jobs_job SET state = 'waiting', due_at = $1, attempts = 0 WHERE id = $2 AND state = 'dead'`, db.Time(q.Now()), id)
	tx.After(q.poke)
	return found(n, err)
}

// Forget removes a dead job for good.
func (q *Queue) Forget(ctx context.Context, tx *db.Tx, id string) error {
	return found(db.Exec(ctx, tx, `DELETE FROM jobs_job WHERE id = $1 AND state = 'dead'`, id))
}

func found(n int64, err error) error {
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, i18n.JobsNotFound)
	}
	return err
}
