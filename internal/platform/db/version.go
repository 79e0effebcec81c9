package db

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"github.com/nhanrong/nhanrong/internal/platform/share"
)

// Version is how far a database has come: where two looks give the same one, nobody has
// committed anything between them, in this process or in another. Where they differ,
// something may have changed or not.
type Version struct {
	conn int    // the connection that looked, counted from 1: another one counts anew
	at   string // as the engine tells it
}

// watch is a connection that is kept for looking at the version alone.
type watch struct {
	engine Engine
	pool   *sql.DB
	work   share.Work[Version]
	mu     sync.Mutex // held by a look, and by the end
	conns  int
	conn   *sql.Conn
	stmt   *sql.Stmt
}

func newWatch(e Engine, driver, url string) (*watch, error) {
	p, err := pool(driver, url, 1)
	if err != nil {
		return nil, err
	}
	p.SetConnMaxIdleTime(0)
	return &watch{engine: e, pool: p}, nil
}

// Version tells how far the database has come. It costs some microseconds on SQLite and a
// small trip on PostgreSQL, which callers that come together share.
func (d *DB) Version(ctx context.Context) (Version, error) {
	return d.watch.work.Do(func() (Version, error) { return d.watch.look(ctx) })
}

// look is called by one at a time. Where the connection is lost, another one is made.
func (w *watch) look(ctx context.Context) (Version, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ctx, cancel := lookTime(context.WithoutCancel(ctx), w.engine) // others wait for the answer, too
	defer cancel()
	if w.stmt != nil {
		if v, err := w.ask(ctx); err == nil {
			return v, nil
		}
		w.close()
	}
	if err := w.open(ctx); err != nil {
		w.close()
		return Version{}, fmt.Errorf("look how far the database has come: %w", err)
	}
	return w.ask(ctx)
}

func (w *watch) open(ctx context.Context) (err error) {
	w.conns++
	if w.conn, err = w.pool.Conn(ctx); err != nil {
		return err
	}
	w.stmt, err = w.conn.PrepareContext(ctx, versionQuery(w.engine))
	return err
}

func (w *watch) ask(ctx context.Context) (Version, error) {
	v := Version{conn: w.conns}
	if err := w.stmt.QueryRowContext(ctx).Scan(&v.at); err != nil {
		return Version{}, fmt.Errorf("look how far the database has come: %w", err)
	}
	return v, nil
}

func (w *watch) close() {
	if w.stmt != nil {
		w.stmt.Close() //nolint:errcheck // the connection is given up
	}
	if w.conn != nil {
		w.conn.Close() //nolint:errcheck // likewise
	}
	w.stmt, w.conn = nil, nil
}

// end closes the connection, after a look that may be under way.
func (w *watch) end() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.close()
	return w.pool.Close()
}
