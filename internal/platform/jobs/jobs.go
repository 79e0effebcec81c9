// Package jobs runs what need not be done while somebody waits: mails, search indexes,
// reminders. A job is a row, written in the transaction of what it is about, so there is
// no job without its cause and no cause without its job.
//
// A worker claims a job by a lease, which it renews while it works. If its process dies,
// the lease runs out and another worker takes the job: a job is done at least once, and
// so every handler must be idempotent. A job that fails waits longer each time, and
// after the last try it is dead and stays in the table until a person looks at it.
package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

// Config is what a queue is made of.
type Config struct {
	DB     *db.DB
	Now    clock.Clock
	NewID  id.Source
	Logger *slog.Logger
	// Random gives the jitter of waiting times: math/rand/v2.Float64 outside tests.
	Random func() float64
	// Lease is how long a worker that is not heard of keeps its job; 0 is one minute.
	Lease time.Duration
	// Poll is how often a worker with nothing to do looks for jobs of other processes;
	// 0 is two seconds.
	Poll time.Duration
	// Workers is how many jobs run at once; 0 is two.
	Workers int
	// MaxAttempts is how often a job is tried before it is dead; 0 is ten.
	MaxAttempts int
}

// Job is something to be done later.
type Job struct {
	Kind string
	// Payload becomes a JSON object or array; nil is an empty object.
	Payload any
	// Unique, where it is not empty, lets one job with this key wait at a time: a second
	// one takes its place and the earlier of the two moments. It runs again where one is
	// running already, after that one.
	Unique string
	// RunAt is the earliest moment; zero is now.
	RunAt time.Time
}

// Handler does a job. It may be called twice for one job and must then do nothing more.
type Handler func(ctx context.Context, payload json.RawMessage) error

// GivenUp is told of a job that is dead, in the transaction that buries it: whoever waits
// for what the job was to do must not wait for ever.
type GivenUp func(ctx context.Context, tx *db.Tx, payload json.RawMessage) error

// Queue is the jobs of one database.
type Queue struct {
	Config
	handlers  map[string]Handler
	givenUp   map[string]GivenUp
	kinds     []string
	schedules []Schedule
	wake      chan struct{}
}

// New makes a queue. Handlers and schedules are given before it runs.
func New(cfg Config) *Queue {
	if cfg.Lease == 0 {
		cfg.Lease = time.Minute
	}
	if cfg.Poll == 0 {
		cfg.Poll = 2 * time.Second
	}
	if cfg.Workers == 0 {
		cfg.Workers = 2
	}
	if cfg.MaxAttempts == 0 {
		cfg.MaxAttempts = 10
	}
	return &Queue{Config: cfg, handlers: map[string]Handler{}, givenUp: map[string]GivenUp{}, wake: make(chan struct{}, 1)}
}

// Handle names the handler of a kind. A queue takes up only kinds that it handles, so
// that an older program beside a newer one leaves it what it does not know.
func (q *Queue) Handle(kind string, h Handler) {
	if q.handlers[kind] != nil {
		panic("jobs: two handlers for " + kind) // a mistake in the house's plan
	}
	q.handlers[kind] = h
	q.kinds = append(q.kinds, kind)
}

// OnGivenUp names who is told where a job of a kind is given up.
func (q *Queue) OnGivenUp(kind string, tell GivenUp) { q.givenUp[kind] = tell }

// Enqueue leaves a job in the caller's transaction.
func (q *Queue) Enqueue(ctx context.Context, tx *db.Tx, j Job) error {
	payload, err := encode(j.Payload)
	if err != nil {
		return err
	}
	now := q.Now()
	if j.RunAt.IsZero() {
		j.RunAt = now
	}
	if err := insert(ctx, tx, row{id: q.NewID(), kind: j.Kind, payload: payload, unique: j.Unique, due: j.RunAt, created: now}); err != nil {
		return err
	}
	tx.After(q.poke)
	return nil
}

func encode(payload any) (json.RawMessage, error) {
	if payload == nil {
		return json.RawMessage("{}"), nil
	}
	raw, err := json.Marshal(payload)
	if err != nil {
		return nil, fmt.Errorf("encode the payload of a job: %w", err)
	}
	if raw[0] != '{' && raw[0] != '[' {
		return nil, fmt.Errorf("the payload of a job must be an object or an array, not %.20s", raw)
	}
	return raw, nil
}

// poke wakes a worker of this process; other processes find the job when they look.
func (q *Queue) poke() {
	select {
	case q.wake <- struct{}{}:
	default: // one is woken already
	}
}

// Permanent marks an error that no further try will mend: the job is dead at once.
func Permanent(err error) error { return permanent{err} }

type permanent struct{ error }

// Unwrap gives the error itself.
func (p permanent) Unwrap() error { return p.error }

func isPermanent(err error) bool {
	var p permanent
	return errors.As(err, &p)
}

// The wait after a failed try: ten seconds, then twice as long each time, up to an hour.
const (
	firstWait = 10 * time.Second
	lastWait  = time.Hour
)

// wait is how long a job rests after so many tries. A quarter more or less by chance
// keeps jobs that failed together from coming back together.
func (q *Queue) wait(attempts int) time.Duration {
	d := math.Min(float64(lastWait), float64(firstWait)*math.Pow(2, float64(attempts-1)))
	return time.Duration(d * (0.75 + 0.5*q.Random()))
}

// Schedule lets a job come again and again. Whatever the number of processes, each turn
// comes once.
type Schedule struct {
	Name string
	Job  Job
	// Next gives the first turn after a moment.
	Next func(after time.Time) time.Time
}

// Repeat adds a schedule. Its first turn is the first after the queue sees it.
func (q *Queue) Repeat(s Schedule) {
	s.Job.Unique = "schedule:" + s.Name
	q.schedules = append(q.schedules, s)
}

// Every is a turn at each whole multiple of d.
func Every(d time.Duration) func(time.Time) time.Time {
	return func(after time.Time) time.Time { return after.Truncate(d).Add(d) }
}

// Daily is a turn each day at a time of day in Việt Nam.
func Daily(hour, minute int) func(time.Time) time.Time {
	return func(after time.Time) time.Time {
		turn := clock.DateOf(after).Midnight().Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
		if !turn.After(after) {
			turn = turn.Add(24 * time.Hour)
		}
		return turn
	}
}

// fire enqueues the turns that have come. The schedule's row is read again under the
// writer's lock, so that one process alone gives each turn; turns that were missed while
// nobody ran come once.
func (q *Queue) fire(ctx context.Context) error {
	for _, s := range q.schedules {
		now := q.Now()
		next, err := nextTurn(ctx, q.DB, s.Name)
		if err != nil {
			return err
		}
		if !next.IsZero() && next.After(now) {
			continue
		}
		err = q.DB.Write(ctx, func(tx *db.Tx) error {
			next, err := nextTurn(ctx, tx, s.Name)
			if err != nil || next.After(now) {
				return err
			}
			if !next.IsZero() {
				if err := q.Enqueue(ctx, tx, s.Job); err != nil {
					return err
				}
			}
			return putTurn(ctx, tx, s.Name, s.Next(now))
		})
		if err != nil {
			return err
		}
	}
	return nil
}
