package share_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/share"
)

// TestNobodyGetsWhatWasBegunBefore lets a crowd ask for the value of a counter that each
// raises before it asks: nobody is told less than it raised it to itself.
func TestNobodyGetsWhatWasBegunBefore(t *testing.T) {
	var work share.Work[int64]
	var at, done atomic.Int64
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			for range 200 {
				mine := at.Add(1)
				got, err := work.Do(func() (int64, error) {
					done.Add(1)
					return at.Load(), nil
				})
				if err != nil || got < mine {
					t.Errorf("after %d stands %d, %v", mine, got, err)
				}
			}
		})
	}
	wait.Wait()
	if n := done.Load(); n == 0 || n > 50*200 {
		t.Errorf("%d looks", n)
	}
}

// TestThoseWhoWaitShare lets ten come while the work is being done.
func TestThoseWhoWaitShare(t *testing.T) {
	var work share.Work[int]
	var begun atomic.Int64
	hold, busy := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		if _, err := work.Do(func() (int, error) { close(busy); <-hold; return 1, nil }); err != nil {
			t.Error(err)
		}
	})
	<-busy
	var asking sync.WaitGroup
	for range 10 {
		asking.Add(1)
		wait.Go(func() {
			asking.Done()
			got, err := work.Do(func() (int, error) { begun.Add(1); return 2, nil })
			if err != nil || got != 2 {
				t.Errorf("got %d, %v: what was begun before", got, err)
			}
		})
	}
	asking.Wait()
	close(hold)
	wait.Wait()
	if n := begun.Load(); n == 0 || n > 10 {
		t.Errorf("the work was done %d times for ten", n)
	}
}

func TestAnErrorIsNotShared(t *testing.T) {
	var work share.Work[int]
	failed := errors.New("no disk")
	if _, err := work.Do(func() (int, error) { return 0, failed }); !errors.Is(err, failed) {
		t.Error(err)
	}
	if got, err := work.Do(func() (int, error) { return 3, nil }); got != 3 || err != nil {
		t.Errorf("after an error: %d, %v", got, err)
	}
}
