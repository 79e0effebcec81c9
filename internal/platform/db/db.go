// Package db is the only door to the database: SQLite inside the program, or
// PostgreSQL beside it. SQL is written once, for both, within the set that
// docs/ARCHITECTURE.md names; what must differ stands in dialect.go.
//
// Reads go to a pool of readers, writes through [DB.Write]: one transaction, one
// writer at a time on either engine, so that a rule which reads before it writes
// holds on both (docs/adr/0013-one-writer.md).
package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver of PostgreSQL
	_ "modernc.org/sqlite"             // the driver of SQLite
)

// Config says where the data are.
type Config struct {
	// URL is "sqlite:PATH" or "postgres://…".
	URL string
	// Readers is the number of reading connections; 0 chooses by the machine.
	Readers int
	// Replica opens the database for reading only.
	Replica bool
}

// DB is an open database.
type DB struct {
	engine Engine
	path   string // the file of SQLite, or ""
	write  *sql.DB
	read   *sql.DB
	cache  *statements
	watch  *watch
}

// Querier runs reads: the readers of a [DB], or a [Tx].
type Querier interface {
	Engine() Engine
	query(ctx context.Context, text string, args []any) (*sql.Rows, error)
}

// Tx is a write transaction.
type Tx struct {
	engine Engine
	tx     *sql.Tx
	held   map[string]*sql.Stmt // prepared on SQLite, each at its first use
	cache  *statements          // of all reads, where this is one
	own    []string             // what a read prepared that the cache does not hold
	after  []func()
}

// Row is one row of a result, to be scanned.
type Row interface{ Scan(dest ...any) error }

// ErrNoRow is what [One] gives where there is none.
var ErrNoRow = errors.New("no such row")

// Open connects to the database and makes the file of SQLite where it is missing. It
// does not migrate; see [DB.Migrate].
func Open(ctx context.Context, cfg Config) (*DB, error) {
	engine, where, err := parseURL(cfg.URL)
	if err != nil {
		return nil, err
	}
	// As many readers as processors: more read no faster, and a write has to wait for its
	// turn behind each. Where PostgreSQL has a machine of its own, --readers says how many.
	readers := cmp.Or(cfg.Readers, max(2, runtime.NumCPU()))
	if engine == SQLite {
		return openSQLite(ctx, where, readers, cfg.Replica)
	}
	return openPostgres(ctx, where, readers)
}

func openSQLite(ctx context.Context, path string, readers int, replica bool) (*DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find the database file: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(abs), 0o750); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	d := &DB{engine: SQLite, path: abs, cache: newStatements()}
	if !replica {
		if d.write, err = pool("sqlite", sqliteURL(abs, false), 1); err != nil {
			return nil, err
		}
		if err := firstPing(ctx, d.write); err != nil {
			return nil, errors.Join(fmt.Errorf("open %s: %w", abs, err), d.Close())
		}
	}
	if d.read, err = pool("sqlite", sqliteURL(abs, true), readers); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if d.watch, err = newWatch(SQLite, "sqlite", sqliteURL(abs, true)); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// firstPing opens the file. Two programs that turn a new file to write-ahead logging at
// once refuse each other without waiting, whatever the busy timeout says.
func firstPing(ctx context.Context, d *sql.DB) error {
	var err error
	for range 50 {
		if err = d.PingContext(ctx); !isBusy(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return err
}

func openPostgres(ctx context.Context, url string, readers int) (*DB, error) {
	d := &DB{engine: Postgres}
	var err error
	if d.write, err = pool("pgx", url, 4); err != nil {
		return nil, err
	}
	if d.read, err = pool("pgx", url, readers); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if d.watch, err = newWatch(Postgres, "pgx", url); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if err := d.read.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("reach PostgreSQL: %w", err), d.Close())
	}
	return d, nil
}

func pool(driver, url string, size int) (*sql.DB, error) {
	p, err := sql.Open(driver, url)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	p.SetMaxOpenConns(size)
	p.SetMaxIdleConns(size)
	p.SetConnMaxIdleTime(10 * time.Minute)
	return p, nil
}

// Engine tells which engine runs below.
func (d *DB) Engine() Engine { return d.engine }

// Path is the file of SQLite, or "" on PostgreSQL.
func (d *DB) Path() string { return d.path }

// Close ends every connection.
func (d *DB) Close() error {
	var failed []error
	if d.watch != nil {
		failed = append(failed, d.watch.end())
	}
	if d.read != nil {
		failed = append(failed, d.read.Close())
	}
	if d.write != nil {
		failed = append(failed, d.write.Close())
	}
	return errors.Join(failed...)
}

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.read.PingContext(ctx); err != nil {
		return fmt.Errorf("ping the database: %w", err)
	}
	return nil
}

// Write runs fn in one transaction, alone: nobody else writes meanwhile. It commits
// where fn gives nil and rolls back otherwise. What fn registered with [Tx.After] runs
// when the commit is durable.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	if d.write == nil {
		return errors.New("this database is open for reading only")
	}
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin a write: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it says only that there is nothing to undo
	t := newTx(d.engine, tx)
	if d.engine == Postgres {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", writerLock); err != nil {
			return fmt.Errorf("wait for the writer's turn: %w", err)
		}
	}
	if err := fn(t); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	for _, f := range t.after {
		f()
	}
	return nil
}

// Snapshot runs fn on one unmoving view of the data: what several reads must agree on.
func (d *DB) Snapshot(ctx context.Context, fn func(Querier) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if d.engine == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	tx, err := d.read.BeginTx(ctx, opts)
	if err != nil {
		return fmt.Errorf("begin a read: %w", err)
	}
	t := newTx(d.engine, tx)
	t.cache = d.cache
	if d.cache != nil {
		defer func() { d.cache.learn(ctx, d.read, t.own) }()
	}
	defer tx.Rollback() //nolint:errcheck // a read has nothing to undo
	return fn(t)
}

// Engine tells which engine runs below.
func (t *Tx) Engine() Engine { return t.engine }

// After registers what to do once the transaction is durable; it is not done when the
// transaction fails.
func (t *Tx) After(f func()) { t.after = append(t.after, f) }

func (d *DB) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if err := refuseBare(args); err != nil {
		return nil, err
	}
	if d.cache != nil {
		if s := d.cache.get(ctx, d.read, text); s != nil {
			return s.QueryContext(ctx, args...)
		}
	}
	return d.read.QueryContext(ctx, text, args...)
}

func (t *Tx) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if err := refuseBare(args); err != nil {
		return nil, err
	}
	if s := t.prepared(ctx, text); s != nil {
		return s.QueryContext(ctx, args...)
	}
	return t.tx.QueryContext(ctx, text, args...)
}

// One reads the first row with scan, or gives [ErrNoRow].
func One[T any](ctx context.Context, q Querier, scan func(Row) (T, error), text string, args ...any) (T, error) {
	var zero T
	rows, err := q.query(ctx, text, args)
	if err != nil {
		return zero, fmt.Errorf("query: %w", err)
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return zero, fmt.Errorf("query: %w", err)
		}
		return zero, ErrNoRow
	}
	v, err := scan(guarded{rows})
	if err != nil {
		return zero, fmt.Errorf("scan: %w", err)
	}
	return v, rows.Close()
}

// All reads every row with scan.
func All[T any](ctx context.Context, q Querier, scan func(Row) (T, error), text string, args ...any) ([]T, error) {
	var all []T
	err := Each(ctx, q, func(r Row) error {
		v, err := scan(r)
		all = append(all, v)
		return err
	}, text, args...)
	return all, err
}

// Each calls fn for every row.
func Each(ctx context.Context, q Querier, fn func(Row) error, text string, args ...any) error {
	rows, err := q.query(ctx, text, args)
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(guarded{rows}); err != nil {
			return fmt.Errorf("scan: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("query: %w", err)
	}
	return nil
}

// Exec runs a statement that gives no rows, and tells how many rows it touched.
func Exec(ctx context.Context, tx *Tx, text string, args ...any) (int64, error) {
	r, err := tx.exec(ctx, text, args)
	if err != nil {
		return 0, fmt.Errorf("exec: %w", err)
	}
	n, err := r.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("exec: %w", err)
	}
	return n, nil
}

func (t *Tx) exec(ctx context.Context, text string, args []any) (sql.Result, error) {
	if err := refuseBare(args); err != nil {
		return nil, err
	}
	if s := t.prepared(ctx, text); s != nil {
		return s.ExecContext(ctx, args...)
	}
	return t.tx.ExecContext(ctx, text, args...)
}

// Int scans a single whole number.
func Int(r Row) (int, error) {
	var n int
	err := r.Scan(&n)
	return n, err
}

// Text scans a single text.
func Text(r Row) (string, error) {
	var s string
	err := r.Scan(&s)
	return s, err
}

// In writes "($3,$4,$5)" for n values from the placeholder number first on.
func In(first, n int) string {
	var b strings.Builder
	b.WriteByte('(')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", first+i)
	}
	b.WriteByte(')')
	return b.String()
}

// OneWrite runs a statement that writes and gives a row back (RETURNING).
func OneWrite[T any](ctx context.Context, tx *Tx, scan func(Row) (T, error), text string, args ...any) (T, error) {
	return One(ctx, tx, scan, text, args...)
}

// Pool is the state of a pool of connections.
type Pool struct {
	Name        string // "read" or "write"
	InUse, Idle int
}

// Pools tells how the pools stand.
func (d *DB) Pools() []Pool {
	var all []Pool
	for _, p := range []struct {
		name string
		of   *sql.DB
	}{{"read", d.read}, {"write", d.write}} {
		if p.of != nil {
			s := p.of.Stats()
			all = append(all, Pool{p.name, s.InUse, s.Idle})
		}
	}
	return all
}
