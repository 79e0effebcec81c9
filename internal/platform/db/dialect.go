package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"
)

// Engine names a database engine.
type Engine string

// The two engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// writerLock is the number of the advisory lock that makes writers on PostgreSQL take
// turns, as SQLite does by itself. Any constant serves; this one spells "nhanrong".
const writerLock int64 = 0x6e68616e726f6e67

func parseURL(raw string) (Engine, string, error) {
	switch {
	case strings.HasPrefix(raw, "sqlite:"):
		return SQLite, strings.TrimPrefix(raw, "sqlite:"), nil
	case strings.HasPrefix(raw, "postgres://"), strings.HasPrefix(raw, "postgresql://"):
		return Postgres, raw, nil
	default:
		return "", "", errors.New(`the database must be given as "sqlite:PATH" or "postgres://…"`)
	}
}

// sqliteURL carries the measured settings: every commit is flushed to disk
// (synchronous FULL), instants are integers of microseconds, and a write transaction
// takes its lock at once, because one that begins by reading fails under load.
func sqliteURL(path string, readOnly bool) string {
	q := url.Values{}
	for _, pragma := range []string{
		"busy_timeout(20000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
		"cache_size(-8192)", "temp_store(memory)", "mmap_size(0)",
	} {
		q.Add("_pragma", pragma)
	}
	q.Set("_time_integer_format", "unix_micro")
	q.Set("_inttotime", "1")
	if readOnly {
		q.Set("mode", "ro")
	} else {
		q.Set("_txlock", "immediate")
	}
	return "file:" + pathURL(path) + "?" + q.Encode()
}

func pathURL(path string) string { return (&url.URL{Path: path}).EscapedPath() }

// tablesOf counts the tables that are ours and those that are not: the first migration
// makes audit_entry, and the book of migrations may stand alone where it was cut short.
func tablesOf(e Engine) string {
	names := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'`
	if e == Postgres {
		names = `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	return `SELECT count(*) FILTER (WHERE name = 'audit_entry'),
		count(*) FILTER (WHERE name NOT IN ('audit_entry', 'goose_db_version')) FROM (` + names + `) AS t`
}

// By makes SQLite read a table by an index, where we know that it holds every column of
// the filter and its planner, which counts columns and not the rows that they leave, might
// take another. PostgreSQL chooses by itself.
func By(e Engine, index string) string {
	if e == SQLite {
		return " INDEXED BY " + index
	}
	return ""
}

// Unordered writes a column in an ORDER BY so that PostgreSQL does not
// walk an index that has its order: where we know that the list is short, finding it and
// sorting it is quicker. SQLite is told the index instead, see [By].
func Unordered(e Engine, column string) string {
	if e == Postgres {
		return "GREATEST(" + column + ")"
	}
	return column
}

// IsUnique tells whether err says that a value stands already where it may stand once.
func IsUnique(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "23505"
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		return lite.Code() == sqlitelib.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlitelib.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// IsDamaged tells whether err says that the file is not a whole database.
func IsDamaged(err error) bool {
	var lite *sqlite.Error
	return errors.As(err, &lite) && (lite.Code()&0xff == sqlitelib.SQLITE_NOTADB || lite.Code()&0xff == sqlitelib.SQLITE_CORRUPT)
}

// isBusy tells whether err says that another program holds the file of SQLite.
func isBusy(err error) bool {
	lite, ok := errors.AsType[*sqlite.Error](err)
	return ok && (lite.Code()&0xff == sqlitelib.SQLITE_BUSY || lite.Code()&0xff == sqlitelib.SQLITE_LOCKED)
}

// SkipLocked is the suffix of a claim on rows that several processes want: PostgreSQL
// passes over rows another holds; SQLite has one writer and needs none.
func SkipLocked(e Engine) string {
	if e == Postgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// Optimise lets the engine bring its statistics up to date, and on PostgreSQL its map of
// what all can see, without which a covering index is read for nothing; worth a call after
// a bulk load.
func (d *DB) Optimise(ctx context.Context) error {
	statement := "PRAGMA optimize(0x10002)"
	if d.engine == Postgres {
		statement = "VACUUM (ANALYZE)"
	}
	if _, err := d.write.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("bring the statistics up to date: %w", err)
	}
	return nil
}

// versionQuery tells how far a database has come. SQLite counts, for each connection, what
// others have committed. PostgreSQL names the transactions that are visible: as long as
// that is the same, so is all that can be read (its position in the log would not do: it
// moves a moment before a commit can be seen).
func versionQuery(e Engine) string {
	if e == Postgres {
		return `SELECT CAST(pg_current_snapshot() AS TEXT)`
	}
	return `PRAGMA data_version`
}

// lookTime bounds a look at the version where a network lies between. On SQLite nothing
// can keep a reader waiting, and a context that can end costs more than the look.
func lookTime(ctx context.Context, e Engine) (context.Context, context.CancelFunc) {
	if e == Postgres {
		return context.WithTimeout(ctx, 5*time.Second)
	}
	return ctx, func() {}
}

// statements keeps prepared statements of SQLite, where preparing costs more than many
// a query; pgx keeps its own. It holds a bounded number and then lets the rest pass.
type statements struct {
	mu    sync.RWMutex
	held  map[string]*sql.Stmt
	asked map[string]int // how often read transactions ran what is not held
}

const (
	maxStatements = 1024
	maxAsked      = 4 * maxStatements
	// worthHolding is how often a read transaction has run a text before it is held: lists
	// have a text for each way of narrowing them, of which most come once.
	worthHolding = 3
)

func newStatements() *statements {
	return &statements{held: map[string]*sql.Stmt{}, asked: map[string]int{}}
}

// get is the prepared statement, or nil where it is to run unprepared.
func (s *statements) get(ctx context.Context, on *sql.DB, text string) *sql.Stmt {
	s.mu.RLock()
	stmt, n := s.held[text], len(s.held)
	s.mu.RUnlock()
	if stmt != nil || n >= maxStatements {
		return stmt
	}
	stmt, err := on.PrepareContext(context.WithoutCancel(ctx), text)
	if err != nil {
		return nil // the unprepared run will report it
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other := s.held[text]; other != nil {
		stmt.Close() //nolint:errcheck // a spare that was never used
		return other
	}
	s.held[text] = stmt
	return stmt
}

// has is the statement where it is held already.
func (s *statements) has(text string) *sql.Stmt {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.held[text]
}

// learn holds those of the texts that were asked often enough. It prepares on a connection
// of the pool, so that it must not be called while one is held: all would wait for all.
func (s *statements) learn(ctx context.Context, on *sql.DB, texts []string) {
	var often []string
	s.mu.Lock()
	for _, text := range texts {
		if len(s.asked) >= maxAsked {
			clear(s.asked)
		}
		if s.asked[text]++; s.asked[text] >= worthHolding {
			delete(s.asked, text)
			often = append(often, text)
		}
	}
	s.mu.Unlock()
	for _, text := range often {
		s.get(ctx, on, text)
	}
}

func newTx(engine Engine, tx *sql.Tx) *Tx {
	t := &Tx{engine: engine, tx: tx}
	if engine == SQLite {
		t.held = map[string]*sql.Stmt{}
	}
	return t
}

// prepared is the statement as this transaction prepared it at its first use, or nil
// where it is to run unprepared; it ends with the transaction. A thousand inserts take
// 4.8 ms instead of 8.1, a single one costs the same (BenchmarkWrite). A read runs what is
// held for all reads: ten short questions take 0.25 ms instead of 0.44 (BenchmarkSnapshot).
func (t *Tx) prepared(ctx context.Context, text string) *sql.Stmt {
	if t.held == nil {
		return nil
	}
	if stmt := t.held[text]; stmt != nil || len(t.held) >= maxStatements {
		return stmt
	}
	if t.cache != nil {
		if stmt := t.cache.has(text); stmt != nil {
			t.held[text] = t.tx.StmtContext(context.WithoutCancel(ctx), stmt)
			return t.held[text]
		}
		t.own = append(t.own, text)
	}
	stmt, err := t.tx.PrepareContext(context.WithoutCancel(ctx), text)
	if err != nil {
		return nil // the unprepared run will report it
	}
	t.held[text] = stmt
	return stmt
}

// IsUnwritable tells whether err says that the file cannot be made or written.
func IsUnwritable(err error) bool {
	var lite *sqlite.Error
	if !errors.As(err, &lite) {
		return false
	}
	code := lite.Code() & 0xff
	return code == sqlitelib.SQLITE_CANTOPEN || code == sqlitelib.SQLITE_READONLY || code == sqlitelib.SQLITE_PERM
}
