package worklist_test

import (
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// many registers more entries than are done within a request.
func many(t *testing.T, s apptest.Small) []practice.Entry {
	t.Helper()
	in := make([]practice.Input, worklist.Large+1)
	for i := range in {
		in[i] = apptest.Registration()
	}
	all, err := s.Practices.RegisterAll(t.Context(), s.System(), in)
	s.Must(err)
	return all
}

func waitingIn(t *testing.T, s apptest.Small, period int) int {
	t.Helper()
	list, err := s.Practices.List(t.Context(), s.System(), practice.Query{Period: period, Tab: practice.TabWaiting, Slice: ledger.Slice{Sort: ledger.ByDay, Limit: 1}})
	s.Must(err)
	return list.Total
}

// receiveAll asks for all that wait to be received.
func receiveAll(t *testing.T, s apptest.Small, who actor.Actor, period int) worklist.Batch {
	t.Helper()
	made, err := s.Worklist.Run(t.Context(), who, worklist.BatchInput{
		Action: worklist.Receive, Period: period, On: apptest.Day("2024-03-02"), All: &practice.Query{Period: period, Tab: practice.TabWaiting},
	})
	s.Must(err)
	return made
}

func TestALargeBatchIsWorkedThroughByAJobOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, period := t.Context(), many(t, s)[0].Period
		officer := account(t, s, "canbo", app.RoleOfficer, "W1")
		made := receiveAll(t, s, officer, period)
		if made.State != worklist.BatchWaiting || made.Chosen != worklist.Large+1 || made.Undoable() || waitingIn(t, s, period) != worklist.Large+1 {
			t.Fatalf("before the job: %+v, %d wait", made, waitingIn(t, s, period))
		}
		_, err := s.Queue.RunOnce(ctx)
		s.Must(err)
		s.Must(s.Worklist.WorkThrough(ctx, made.ID)) // a job may come twice
		done, items, err := s.Worklist.Batch(ctx, officer, made.ID)
		s.Must(err)
		if done.State != worklist.BatchDone || done.Done != worklist.Large+1 || done.Failure != "" || len(items) == 0 || waitingIn(t, s, period) != 0 {
			t.Errorf("after the job: %+v, %d wait", done, waitingIn(t, s, period))
		}
		if n, err := s.Identity.Unread(ctx, officer); err != nil || n != 1 {
			t.Errorf("whoever made it has %d notices, %v", n, err)
		}
		undone, err := s.Worklist.Undo(ctx, officer, made.ID)
		s.Must(err)
		if undone.Kept != 0 || waitingIn(t, s, period) != worklist.Large+1 {
			t.Errorf("undone: %+v, %d wait", undone, waitingIn(t, s, period))
		}
	})
}

// TestABatchWhoseJobFailsSaysSo breaks the house under the job: while it is tried again the
// batch says that something is wrong, and when it is given up the batch is closed.
func TestABatchWhoseJobFailsSaysSo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, period := t.Context(), many(t, s)[0].Period
		officer := account(t, s, "canbo", app.RoleOfficer, "W1")
		made := receiveAll(t, s, officer, period)
		rename := func(from, to string) {
			s.Must(d.Write(ctx, func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `ALTER TABLE `+from+` RENAME TO `+to)
				return err
			}))
		}
		now := s.Now()
		h := app.Build(d, s.Files, func() time.Time { return now }, s.Logger)
		batch := func() worklist.Batch {
			all, err := h.Worklist.Batches(ctx, officer)
			s.Must(err)
			return all[0]
		}
		rename("worklist_batch_item", "worklist_batch_gone")
		if _, err := h.Queue.RunOnce(ctx); err == nil {
			t.Fatal("the job does not fail")
		}
		if b := batch(); b.State != worklist.BatchWaiting || b.Failure == "" {
			t.Errorf("after one try: %+v", b)
		}
		for range 12 {
			now = now.Add(2 * time.Hour)
			_, err := h.Queue.RunOnce(ctx)
			if b := batch(); b.State != worklist.BatchWaiting {
				break
			} else if err == nil {
				t.Fatalf("nothing is tried, and the batch waits: %+v", b)
			}
		}
		rename("worklist_batch_gone", "worklist_batch_item")
		if b := batch(); b.State != worklist.BatchFailed || b.Failure == "" || b.ID != made.ID {
			t.Errorf("given up: %+v", b)
		}
		if n, err := s.Identity.Unread(ctx, officer); err != nil || n != 1 {
			t.Errorf("whoever made it has %d notices, %v", n, err)
		}
		s.Must(h.Worklist.WorkThrough(ctx, made.ID))
		if waitingIn(t, s, period) != worklist.Large+1 {
			t.Error("a batch that was given up is done after all")
		}
		if _, err := s.Worklist.Undo(ctx, officer, made.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("a batch that was given up is undone: %v", err)
		}
	})
}
