package worklist_test

import (
	"testing"

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

func step(ids ...string) practice.Step {
	return practice.Step{Entries: ids, On: apptest.Day("2024-03-01"), Reason: "Thử"}
}

func TestWhatWaitsIsListedAndGoesWhenItIsDone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx := t.Context()
		officer, reporter, other := s.At(app.RoleOfficer, "W1"), s.At(app.RoleReporter, "W1"), s.At(app.RoleOfficer, "W2")
		first, second := s.Register(apptest.Registration()), s.Register(apptest.Registration())
		s.Must(s.Practices.Return(ctx, s.System(), step(second.ID)))
		counts := func(who string) map[worklist.Kind]int {
			t.Helper()
			at := map[string]int{"officer": 0, "reporter": 1, "other": 2}[who]
			desk, err := s.Worklist.Desk(ctx, []actor.Actor{officer, reporter, other}[at], "M-2024", first.Period)
			s.Must(err)
			n := map[worklist.Kind]int{}
			for _, src := range desk.Sources {
				n[src.Kind] = src.Total
				if len(src.Items) != src.Total {
					t.Errorf("%s has %d items of %d", src.Kind, len(src.Items), src.Total)
				}
			}
			return n
		}
		if n := counts("officer"); n[worklist.ToReceive] != 1 || n[worklist.Mended] != 0 || n[worklist.SentBack] != 0 {
			t.Errorf("an officer has %v", n)
		}
		if n := counts("reporter"); n[worklist.ToReceive] != 0 || n[worklist.SentBack] != 1 {
			t.Errorf("a reporter has %v", n)
		}
		if n := counts("other"); len(n) != 0 {
			t.Errorf("another ward has %v", n)
		}
		s.Must(s.Practices.Resubmit(ctx, s.System(), step(second.ID)))
		if n := counts("officer"); n[worklist.ToReceive] != 1 || n[worklist.Mended] != 1 {
			t.Errorf("after it came in again an officer has %v", n)
		}
		s.Must(s.Practices.Receive(ctx, s.System(), step(first.ID, second.ID)))
		if n := counts("officer"); len(n) != 0 {
			t.Errorf("after all was received an officer has %v", n)
		}
	})
}

func TestABatchTouchesWhatItMayAndIsTakenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx := t.Context()
		officer, reporter, other := s.At(app.RoleOfficer, "W1"), s.At(app.RoleReporter, "W1"), s.At(app.RoleOfficer, "W2")
		a, b, c := s.Register(apptest.Registration()), s.Register(apptest.Registration()), s.Register(apptest.Registration())
		s.Must(s.Practices.Refuse(ctx, s.System(), step(c.ID)))
		in := worklist.BatchInput{
			Action: worklist.Receive, Period: a.Period, On: apptest.Day("2024-03-02"), All: &practice.Query{Period: a.Period, Tab: practice.TabAll},
		}
		may, left, err := s.Worklist.Preview(ctx, officer, in)
		s.Must(err)
		if len(may) != 2 || len(left) != 1 || left[0].Entry != c.ID || left[0].Why == nil {
			t.Fatalf("the preview touches %d and leaves %v", len(may), left)
		}
		if _, err := s.Worklist.Run(ctx, reporter, in); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a reporter receives: %v", err)
		}
		foreign := in
		foreign.All, foreign.Entries = nil, []string{a.ID}
		if _, err := s.Worklist.Run(ctx, other, foreign); !errs.Is(err, errs.NotFound) {
			t.Errorf("another ward receives: %v", err)
		}
		made, err := s.Worklist.Run(ctx, officer, in)
		s.Must(err)
		if made.Done != 2 || made.Chosen != 3 || !made.Undoable() {
			t.Errorf("made %+v", made)
		}
		status := func(e practice.Entry) ledger.Status {
			got, err := s.Practices.Get(ctx, s.System(), e.ID)
			s.Must(err)
			return got.Standing.Status()
		}
		if status(a) != ledger.StatusReceived || status(b) != ledger.StatusReceived || status(c) != ledger.StatusRefused {
			t.Error("the batch did not do what it said")
		}
		s.Must(s.Practices.Start(ctx, s.System(), practice.Step{Entries: []string{b.ID}, On: apptest.Day("2024-04-01")}))
		if _, err := s.Worklist.Undo(ctx, other, made.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("another ward takes it back: %v", err)
		}
		undone, err := s.Worklist.Undo(ctx, officer, made.ID)
		s.Must(err)
		if undone.Kept != 1 || status(a) != ledger.StatusRegistered || status(b) != ledger.StatusStarted {
			t.Errorf("taken back: %+v, %v, %v", undone, status(a), status(b))
		}
		if _, err := s.Worklist.Undo(ctx, officer, made.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("taken back twice: %v", err)
		}
		kept, items, err := s.Worklist.Batch(ctx, officer, made.ID)
		s.Must(err)
		if kept.Undoable() || len(items) != 3 || items[0].Outcome != worklist.Kept || items[0].Why == "" || items[1].Outcome != worklist.Left {
			t.Errorf("the batch says %+v", items)
		}
		if all, err := s.Worklist.Batches(ctx, other); err != nil || len(all) != 0 {
			t.Errorf("another ward sees %v, %v", all, err)
		}
	})
}

func TestTagsAndFocusAreGivenToManyAndTakenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx := t.Context()
		a, b := s.Register(apptest.Registration()), s.Register(apptest.Registration())
		s.Must(s.Practices.Receive(ctx, s.System(), step(a.ID)))
		tag, err := s.Practices.AddTag(ctx, s.System(), "M-2024", practice.TagInput{Kind: practice.Campaign, Name: "Sau bão"})
		s.Must(err)
		run := func(in worklist.BatchInput) worklist.Batch {
			t.Helper()
			in.Period, in.Entries = a.Period, []string{a.ID, b.ID}
			made, err := s.Worklist.Run(ctx, s.System(), in)
			s.Must(err)
			return made
		}
		tagged := run(worklist.BatchInput{Action: worklist.Tag, Object: tag.ID})
		focused := run(worklist.BatchInput{Action: worklist.Focus})
		if tagged.Done != 2 || focused.Done != 1 { // what was not received is not followed
			t.Errorf("tagged %d, focused %d", tagged.Done, focused.Done)
		}
		shown := func(what string) int {
			list, err := s.Practices.List(ctx, s.System(), practice.Query{Period: a.Period, Tab: practice.TabAll, Tag: what, Slice: ledger.Slice{Sort: ledger.ByDay, Limit: 10}})
			s.Must(err)
			return list.Total
		}
		if shown(tag.ID) != 2 || shown(practice.Focused) != 1 {
			t.Errorf("the lists show %d and %d", shown(tag.ID), shown(practice.Focused))
		}
		for _, made := range []worklist.Batch{tagged, focused} {
			_, err := s.Worklist.Undo(ctx, s.System(), made.ID)
			s.Must(err)
		}
		if shown(tag.ID) != 0 || shown(practice.Focused) != 0 {
			t.Error("a mark is left")
		}
	})
}
