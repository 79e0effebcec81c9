package db

import (
	"context"
	"sync"
)

// Group lets many small writes share one durable commit: those that come while one
// commit is on its way go together with the next. Each is acknowledged only when its
// commit is durable, so a crowd costs one flush to disk and not one each.
//
// The writes of one group must not be able to fail by themselves: what fails fails for
// all that share the commit.
type Group[T any] struct {
	db    *DB
	write func(context.Context, *Tx, []T) error

	mu      sync.Mutex
	waiting []member[T]
	running bool
}

type member[T any] struct {
	value T
	done  chan error
}

// maxGroup bounds how many writes share a commit.
const maxGroup = 2000

// NewGroup makes a group whose members are written by fn, in the order in which they
// came.
func NewGroup[T any](d *DB, fn func(context.Context, *Tx, []T) error) *Group[T] {
	return &Group[T]{db: d, write: fn}
}

// Write waits until the value is durable. A caller that goes away earlier does not take
// its write back.
func (g *Group[T]) Write(ctx context.Context, v T) error {
	m := member[T]{v, make(chan error, 1)}
	g.mu.Lock()
	g.waiting = append(g.waiting, m)
	if !g.running {
		g.running = true
		go g.run(context.WithoutCancel(ctx))
	}
	g.mu.Unlock()
	select {
	case err := <-m.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run commits what waits until nothing does.
func (g *Group[T]) run(ctx context.Context) {
	for {
		g.mu.Lock()
		n := min(len(g.waiting), maxGroup)
		batch := g.waiting[:n:n]
		g.waiting = g.waiting[n:]
		if g.running = n > 0; !g.running {
			g.waiting = nil
		}
		g.mu.Unlock()
		if n == 0 {
			return
		}
		values := make([]T, n)
		for i, m := range batch {
			values[i] = m.value
		}
		err := g.db.Write(ctx, func(tx *Tx) error { return g.write(ctx, tx, values) })
		for _, m := range batch {
			m.done <- err
		}
	}
}
