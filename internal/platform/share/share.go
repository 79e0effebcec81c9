// Package share lets callers that come together share one piece of work, without giving
// any of them a result that was begun before it asked.
package share

import (
	"errors"
	"sync"
	"sync/atomic"
)

// Work is a piece of work that is done once at a time. Who comes while it is being done
// waits, and all that wait share the next doing: what each gets was begun after it asked.
// So a crowd that asks how things stand costs one look at a time, and nobody is told how
// they stood before.
//
// An error is not shared: the next in line tries again.
type Work[T any] struct {
	begun atomic.Uint64 // how often the work was begun
	mu    sync.Mutex    // held while it is being done
	last  T
	err   error
}

// Do gives what fn gives, to this caller or to one that came together with it.
func (w *Work[T]) Do(fn func() (T, error)) (T, error) {
	asked := w.begun.Load()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.begun.Load() > asked && w.err == nil {
		return w.last, nil // begun after we asked, and done, for we hold the lock
	}
	w.begun.Add(1)
	w.err = errUnfinished
	w.last, w.err = fn()
	return w.last, w.err
}

// errUnfinished stays where fn panics, so that nobody takes what was there before for what
// it should have given.
var errUnfinished = errors.New("the shared work was not finished")
