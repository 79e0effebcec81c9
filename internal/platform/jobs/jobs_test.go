package jobs_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/id"
	"github.com/nhanrong/nhanrong/internal/platform/jobs"
)

// line is a queue on a clock that the test turns.
type line struct {
	*jobs.Queue
	t   *testing.T
	db  *db.DB
	now time.Time
	ran []string
}

func newLine(t *testing.T, d *db.DB) *line {
	t.Helper()
	l := &line{t: t, db: d, now: time.Date(2024, 9, 30, 3, 0, 0, 0, time.UTC)}
	l.Queue = jobs.New(jobs.Config{
		DB: d, Now: func() time.Time { return l.now }, NewID: id.Random, Logger: slog.New(slog.DiscardHandler),
		Random: func() float64 { return 0.5 }, MaxAttempts: 3,
	})
	l.Handle("note", func(_ context.Context, raw json.RawMessage) error {
		var text []string
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
		l.ran = append(l.ran, text...)
		return nil
	})
	return l
}

func (l *line) put(j jobs.Job) {
	l.t.Helper()
	must(l.t, l.db.Write(l.t.Context(), func(tx *db.Tx) error { return l.Enqueue(l.t.Context(), tx, j) }))
}

func (l *line) expect(want ...string) {
	l.t.Helper()
	l.ran = nil
	if _, err := l.RunOnce(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
	if !slices.Equal(l.ran, want) {
		l.t.Errorf("ran %q, want %q", l.ran, want)
	}
}

func (l *line) stats() jobs.Stats {
	l.t.Helper()
	s, err := l.Stats(l.t.Context())
	must(l.t, err)
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAJobIsThereWithItsTransactionOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLine(t, d)
		stop := errors.New("stop")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := l.Enqueue(t.Context(), tx, jobs.Job{Kind: "note", Payload: []string{"lost"}}); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		l.put(jobs.Job{Kind: "note", Payload: []string{"later"}, RunAt: l.now.Add(time.Hour)})
		l.put(jobs.Job{Kind: "note", Payload: []string{"kept"}})
		l.put(jobs.Job{Kind: "of another program"})
		l.expect("kept")
		l.now = l.now.Add(time.Hour)
		if s := l.stats(); s.Waiting != 2 || s.Late != time.Hour {
			t.Errorf("stats %+v", s)
		}
		l.expect("later")
		l.expect()
		err = d.Write(t.Context(), func(tx *db.Tx) error { return l.Enqueue(t.Context(), tx, jobs.Job{Kind: "note", Payload: 5}) })
		if err == nil {
			t.Error("a bare number was taken as a payload")
		}
	})
}

func TestOneUniqueJobWaitsAtATime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLine(t, d)
		l.put(jobs.Job{Kind: "note", Payload: []string{"old"}, Unique: "u", RunAt: l.now.Add(time.Hour)})
		l.put(jobs.Job{Kind: "note", Payload: []string{"new"}, Unique: "u"})
		l.put(jobs.Job{Kind: "note", Payload: []string{"newest"}, Unique: "u", RunAt: l.now.Add(time.Hour)})
		l.expect("newest")
		// What comes while one runs, runs afterwards.
		l.Handle("again", func(ctx context.Context, _ json.RawMessage) error {
			l.ran = append(l.ran, "again")
			if len(l.ran) < 3 {
				return d.Write(ctx, func(tx *db.Tx) error { return l.Enqueue(ctx, tx, jobs.Job{Kind: "again", Unique: "v"}) })
			}
			return nil
		})
		l.put(jobs.Job{Kind: "again", Unique: "v"})
		l.expect("again", "again", "again")
		// A failed one gives way to the one that came meanwhile.
		l.Handle("fails once", func(ctx context.Context, _ json.RawMessage) error {
			l.ran = append(l.ran, "tried")
			if len(l.ran) > 1 {
				return nil
			}
			return errors.Join(errors.New("once"), d.Write(ctx, func(tx *db.Tx) error {
				return l.Enqueue(ctx, tx, jobs.Job{Kind: "fails once", Unique: "w"})
			}))
		})
		l.put(jobs.Job{Kind: "fails once", Unique: "w"})
		l.ran = nil
		if _, err := l.RunOnce(t.Context()); err == nil || len(l.ran) != 2 || l.stats().Waiting != 0 {
			t.Errorf("ran %q, %v, %+v", l.ran, err, l.stats())
		}
	})
}

func TestAFailedJobWaitsLongerAndDies(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLine(t, d)
		tries := 0
		l.Handle("bad", func(context.Context, json.RawMessage) error {
			if tries++; tries == 2 {
				panic("a mistake\x00")
			}
			return errors.New("no luck")
		})
		l.put(jobs.Job{Kind: "bad"})
		for try, wait := range []time.Duration{10 * time.Second, 20 * time.Second, 0} {
			if _, err := l.RunOnce(t.Context()); err == nil || tries != try+1 {
				t.Fatalf("try %d: %d tries, %v", try, tries, err)
			}
			if wait > 0 {
				l.now = l.now.Add(wait - time.Microsecond)
				l.expect()
				l.now = l.now.Add(time.Microsecond)
			}
		}
		dead, err := l.Dead(t.Context(), 10)
		must(t, err)
		if len(dead) != 1 || dead[0].Error != "no luck" || dead[0].Attempts != 3 || l.stats().Dead != 1 {
			t.Fatalf("dead %+v, %+v", dead, l.stats())
		}
		must(t, d.Write(t.Context(), func(tx *db.Tx) error { return l.Retry(t.Context(), tx, dead[0].ID) }))
		if _, err := l.RunOnce(t.Context()); err == nil || tries != 4 || l.stats().Waiting != 1 {
			t.Errorf("after the retry %d tries, %+v", tries, l.stats())
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error { return l.Forget(t.Context(), tx, dead[0].ID) })
		if !errs.Is(err, errs.NotFound) {
			t.Errorf("a job that lives was forgotten: %v", err)
		}
	})
}

func TestAPermanentErrorIsNotTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLine(t, d)
		l.Handle("bad", func(context.Context, json.RawMessage) error {
			return fmt.Errorf("so: %w", jobs.Permanent(errors.New("never")))
		})
		l.put(jobs.Job{Kind: "bad"})
		if _, err := l.RunOnce(t.Context()); err == nil || l.stats().Dead != 1 {
			t.Errorf("%v, %+v", err, l.stats())
		}
	})
}

func TestSchedulesComeOnceForAllProcesses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, b := newLine(t, d), newLine(t, d)
		for _, l := range []*line{a, b} {
			l.Repeat(jobs.Schedule{Name: "nightly", Job: jobs.Job{Kind: "note", Payload: []string{"night"}}, Next: jobs.Daily(2, 30)})
		}
		a.expect() // 10:00 in Việt Nam
		b.expect()
		a.now = time.Date(2024, 9, 30, 19, 30, 0, 0, time.UTC) // 2:30 on the next day
		b.now = a.now
		b.expect("night")
		a.expect()
		b.expect()
		a.now = a.now.AddDate(0, 0, 3) // nobody ran for three nights
		a.expect("night")
		a.expect()
	})
	at := time.Date(2024, 9, 30, 3, 7, 0, 0, time.UTC)
	if got := jobs.Every(15 * time.Minute)(at); !got.Equal(at.Add(8 * time.Minute)) {
		t.Errorf("the next quarter of an hour after %s is %s", at, got)
	}
}

func TestAStoppedWorkerGivesItsJobBackUntried(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLine(t, d)
		started := make(chan struct{})
		l.Handle("long", func(ctx context.Context, _ json.RawMessage) error {
			close(started)
			<-ctx.Done()
			return ctx.Err()
		})
		l.put(jobs.Job{Kind: "long"})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); l.Run(ctx) }()
		<-started
		if s := l.stats(); s.Running != 1 {
			t.Errorf("while it runs %+v", s)
		}
		cancel()
		<-done
		n, err := db.One(t.Context(), d, db.Int, `SELECT attempts FROM jobs_job WHERE state = 'waiting'`)
		if err != nil || n != 0 {
			t.Errorf("%d tries counted, %v", n, err)
		}
	})
}

func TestTheLeaseIsRenewedAndALostOneStopsTheHandler(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := jobs.New(jobs.Config{
			DB: d, Now: clock.System, NewID: id.Random, Logger: slog.New(slog.DiscardHandler),
			Random: func() float64 { return 0.5 }, Lease: 60 * time.Millisecond,
		})
		due := func(ctx context.Context) (int, error) {
			return db.One(ctx, d, func(r db.Row) (int, error) {
				var at time.Time
				err := r.Scan(db.TimeTo(&at))
				return int(at.UnixMicro()), err
			}, `SELECT due_at FROM jobs_job`)
		}
		q.Handle("long", func(ctx context.Context, _ json.RawMessage) error {
			first, err := due(ctx)
			for now := first; err == nil && now == first; now, err = due(ctx) {
			}
			if err != nil {
				return jobs.Permanent(err)
			}
			err = d.Write(ctx, func(tx *db.Tx) error { // as if another had claimed it
				_, err := db.Exec(ctx, tx, `UPDATE jobs_job SET claim = 'another'`)
				return err
			})
			if err != nil {
				return jobs.Permanent(err)
			}
			<-ctx.Done()
			return ctx.Err()
		})
		must(t, d.Write(t.Context(), func(tx *db.Tx) error { return q.Enqueue(t.Context(), tx, jobs.Job{Kind: "long"}) }))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if _, err := q.RunOnce(ctx); !errors.Is(err, context.Canceled) {
			t.Fatalf("the handler ended with %v", err)
		}
	})
}

// The test below kills workers. They are this program, started again with the variable.
const workerVariable = "NHANRONG_TEST_JOBS_WORKER"

func TestMain(m *testing.M) {
	if url := os.Getenv(workerVariable); url != "" {
		if err := work(url); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func work(url string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{URL: url})
	if err != nil {
		return err
	}
	q := jobs.New(jobs.Config{
		DB: d, Now: clock.System, NewID: id.Random, Logger: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Random: func() float64 { return 0.5 }, Lease: 200 * time.Millisecond, Poll: 20 * time.Millisecond,
		Workers: 4, MaxAttempts: 100,
	})
	q.Handle("effect", effect(d))
	q.Run(ctx)
	return nil
}

// effect writes down that a job was done, once however often it is called.
func effect(d *db.DB) jobs.Handler {
	return func(ctx context.Context, raw json.RawMessage) error {
		var n []int
		if err := json.Unmarshal(raw, &n); err != nil {
			return err
		}
		return d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO effect (n) VALUES ($1) ON CONFLICT (n) DO NOTHING`, n[0])
			tx.After(func() { fmt.Println(n[0]) })
			return err
		})
	}
}

func TestKilledWorkersLoseNothing(t *testing.T) {
	const all, kills = 200, 6
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			url := dbtest.URL(t, engine)
			d := dbtest.Connect(t, url)
			q := jobs.New(jobs.Config{
				DB: d, Now: clock.System, NewID: id.Random, Logger: slog.New(slog.DiscardHandler), Random: func() float64 { return 0.5 },
			})
			must(t, d.Write(t.Context(), func(tx *db.Tx) error {
				if _, err := db.Exec(t.Context(), tx, `CREATE TABLE effect (n INTEGER PRIMARY KEY)`); err != nil {
					return err
				}
				for n := range all {
					if err := q.Enqueue(t.Context(), tx, jobs.Job{Kind: "effect", Payload: []int{n}}); err != nil {
						return err
					}
				}
				return nil
			}))
			for range kills {
				killAfter(t, url, all/kills/2)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			finish(t, ctx, q, d, url)
			n, err := db.One(t.Context(), d, db.Int, `SELECT count(*) FROM effect`)
			if err != nil || n != all {
				t.Errorf("%d of %d jobs were done, %v", n, all, err)
			}
			if s, err := q.Stats(t.Context()); err != nil || s != (jobs.Stats{}) {
				t.Errorf("left over: %+v, %v", s, err)
			}
		})
	}
}

// start starts a worker process; lines come from it as it does jobs.
func start(t *testing.T, ctx context.Context, url string) (*exec.Cmd, io.Reader) {
	t.Helper()
	worker := exec.CommandContext(ctx, os.Args[0])
	worker.Env = append(os.Environ(), workerVariable+"="+url)
	worker.Stderr = os.Stderr
	out, err := worker.StdoutPipe()
	must(t, err)
	must(t, worker.Start())
	return worker, out
}

// killAfter lets a worker do so many jobs and kills it without warning.
func killAfter(t *testing.T, url string, lines int) {
	t.Helper()
	worker, out := start(t, t.Context(), url)
	scanner := bufio.NewScanner(out)
	for range lines {
		if !scanner.Scan() {
			break
		}
	}
	must(t, worker.Process.Kill()) // SIGKILL
	if err := worker.Wait(); err == nil || !strings.Contains(err.Error(), "killed") && !strings.Contains(err.Error(), "exit status") {
		t.Errorf("the worker ended by itself: %v", err)
	}
}

// finish lets two workers do the rest side by side, until the queue is empty.
func finish(t *testing.T, ctx context.Context, q *jobs.Queue, d *db.DB, url string) {
	t.Helper()
	other, out := start(t, ctx, url)
	go io.Copy(io.Discard, out)
	mine := jobs.New(jobs.Config{
		DB: d, Now: clock.System, NewID: id.Random, Logger: slog.New(slog.DiscardHandler),
		Random: func() float64 { return 0.5 }, Poll: 20 * time.Millisecond, MaxAttempts: 100,
	})
	mine.Handle("effect", effect(d))
	run, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); mine.Run(run) }()
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		<-ticker.C
		s, err := q.Stats(ctx)
		must(t, err)
		if s.Waiting+s.Running == 0 {
			break
		}
	}
	stop()
	<-done
	must(t, other.Process.Kill())
	other.Wait()
}
