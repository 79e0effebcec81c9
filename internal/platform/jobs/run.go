package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Run works until the context ends. Jobs that are under way then are told so by their
// context, and go back to the queue without a try counted where they give up.
func (q *Queue) Run(ctx context.Context) {
	var wait sync.WaitGroup
	for n := range q.Workers {
		wait.Go(func() { q.work(ctx, n == 0) })
	}
	wait.Wait()
}

func (q *Queue) work(ctx context.Context, keepsSchedules bool) {
	ticker := time.NewTicker(q.Poll)
	defer ticker.Stop()
	for ctx.Err() == nil {
		if keepsSchedules {
			q.report(ctx, "the schedules cannot be kept", q.fire(ctx))
		}
		did, err := q.step(ctx)
		if _, ok := errors.AsType[*failure](err); !ok { // a failed job is written down where it failed
			q.report(ctx, "the queue cannot be read", err)
		}
		if did {
			continue
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		case <-q.wake:
		}
	}
}

func (q *Queue) report(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		q.Logger.ErrorContext(ctx, "the queue of jobs failed", slog.String("at", what), slog.Any("error", err))
	}
}

// RunOnce does every job that is due, one after the other, and comes back: for the
// command line and for tests. It tells how many it did; the error joins those of the
// jobs that failed.
func (q *Queue) RunOnce(ctx context.Context) (int, error) {
	if err := q.fire(ctx); err != nil {
		return 0, err
	}
	var all []error
	for n := 0; ; {
		did, err := q.step(ctx)
		var failed *failure
		switch {
		case errors.As(err, &failed):
			all = append(all, err)
		case err != nil:
			return n, errors.Join(append(all, err)...)
		case did:
			n++
		}
		if !did {
			return n, errors.Join(all...)
		}
	}
}

// failure is what a handler gave back, told apart from what is wrong with the queue.
type failure struct {
	kind string
	err  error
}

// Error names the kind of the job.
func (f *failure) Error() string { return "job " + f.kind + ": " + f.err.Error() }

// Unwrap gives what the handler gave.
func (f *failure) Unwrap() error { return f.err }

// step claims one job and does it; it tells whether there was one.
func (q *Queue) step(ctx context.Context) (bool, error) {
	j, err := q.claim(ctx)
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	q.poke() // where there was one there may be more, for another worker
	failed := q.do(ctx, j)
	// What became of the job is written even when everybody is told to stop.
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if failed == nil {
		return true, q.finish(end, j)
	}
	if ctx.Err() != nil {
		return true, q.release(end, j)
	}
	if err := q.fail(end, j, failed); err != nil {
		return true, err
	}
	return true, &failure{j.kind, failed}
}

func (q *Queue) claim(ctx context.Context) (row, error) {
	if len(q.kinds) == 0 {
		return row{}, db.ErrNoRow
	}
	now := q.Now()
	due, err := anyDue(ctx, q.DB, now)
	if err != nil {
		return row{}, err
	}
	if !due { // a look costs no lock; most find nothing
		return row{}, db.ErrNoRow
	}
	var j row
	err = q.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		j, err = claim(ctx, tx, q.kinds, now, lease{id: q.NewID(), until: now.Add(q.Lease)})
		return err
	})
	return j, err
}

// do calls the handler while a second goroutine renews the lease.
func (q *Queue) do(ctx context.Context, j row) error {
	if j.attempts > q.MaxAttempts {
		return Permanent(errors.New("each worker that tried it died"))
	}
	ctx, cancel := context.WithCancel(ctx)
	var wait sync.WaitGroup
	wait.Go(func() { q.renew(ctx, cancel, j) })
	defer wait.Wait()
	defer cancel()
	return q.call(ctx, j)
}

func (q *Queue) call(ctx context.Context, j row) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return q.handlers[j.kind](ctx, j.payload)
}

// renew keeps the lease; where the job was given to another, it stops the handler.
func (q *Queue) renew(ctx context.Context, stop context.CancelFunc, j row) {
	ticker := time.NewTicker(q.Lease / 3)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		kept := true
		err := q.DB.Write(ctx, func(tx *db.Tx) error {
			var err error
			kept, err = extend(ctx, tx, j, q.Now().Add(q.Lease))
			return err
		})
		q.report(ctx, "a lease cannot be renewed", err)
		if !kept {
			stop()
		}
	}
}

func (q *Queue) finish(ctx context.Context, j row) error {
	return q.DB.Write(ctx, func(tx *db.Tx) error { return remove(ctx, tx, j) })
}

// release gives a job back untried.
func (q *Queue) release(ctx context.Context, j row) error {
	return q.DB.Write(ctx, func(tx *db.Tx) error {
		j.attempts--
		return putBack(ctx, tx, j, q.Now(), "")
	})
}

func (q *Queue) fail(ctx context.Context, j row, failed error) error {
	dead := j.attempts >= q.MaxAttempts || isPermanent(failed)
	q.Logger.ErrorContext(ctx, "a job failed", slog.String("kind", j.kind), slog.String("job", j.id),
		slog.Int("attempt", j.attempts), slog.Bool("dead", dead), slog.Any("error", failed))
	if dead {
		return q.bury(ctx, j, failed)
	}
	return q.DB.Write(ctx, func(tx *db.Tx) error {
		return putBack(ctx, tx, j, q.Now().Add(q.wait(j.attempts)), failed.Error())
	})
}

// bury gives a job up and tells whoever waits for it. Where that fails too, the job is
// given up all the same: it would be tried for ever else.
func (q *Queue) bury(ctx context.Context, j row, failed error) error {
	if tell := q.givenUp[j.kind]; tell != nil {
		err := q.DB.Write(ctx, func(tx *db.Tx) error {
			if err := tell(ctx, tx, j.payload); err != nil {
				return err
			}
			return bury(ctx, tx, j, q.Now(), failed.Error())
		})
		if err == nil {
			return nil
		}
		q.report(ctx, "nobody could be told of a job that was given up", err)
	}
	return q.DB.Write(ctx, func(tx *db.Tx) error { return bury(ctx, tx, j, q.Now(), failed.Error()) })
}
