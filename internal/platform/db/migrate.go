package db

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations is the tree of migration files as they are run on PostgreSQL.
func Migrations() fs.FS {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

// Migrate brings the tables up to the version of the program. Two programs that start
// at once take turns.
func (d *DB) Migrate(ctx context.Context) error { return d.migrate(ctx, 0) }

// MigrateTo brings the tables up to a version and no further, for data that were written
// at that version.
func (d *DB) MigrateTo(ctx context.Context, version int) error { return d.migrate(ctx, version) }

// migrate runs the migrations up to a version; all of them where that is 0.
func (d *DB) migrate(ctx context.Context, version int) error {
	release, err := d.migrationTurn(ctx)
	if err != nil {
		return err
	}
	defer release()
	if err := d.refuseForeign(ctx); err != nil {
		return err
	}
	provider, err := d.provider()
	if err != nil {
		return err
	}
	up := provider.Up
	if version > 0 {
		up = func(ctx context.Context) ([]*goose.MigrationResult, error) { return provider.UpTo(ctx, int64(version)) }
	}
	ran, err := up(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if len(ran) == 0 {
		return nil
	}
	return d.Optimise(ctx) // a new index without statistics draws the planner away from better ones
}

// SchemaVersion is the last migration that has run.
func (d *DB) SchemaVersion(ctx context.Context) (int, error) {
	if err := d.refuseForeign(ctx); err != nil {
		return 0, err
	}
	provider, err := d.provider()
	if err != nil {
		return 0, err
	}
	n, err := provider.GetDBVersion(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the version of the tables: %w", err)
	}
	return int(n), nil
}

// SchemaAt is [DB.SchemaVersion] as a view of the data has it.
func SchemaAt(ctx context.Context, q Querier) (int, error) {
	return One(ctx, q, Int, `SELECT max(version_id) FROM goose_db_version`)
}

// Newest is the last migration that this program knows.
func Newest() (int, error) {
	files, err := fs.Glob(Migrations(), "*.sql")
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("list the migrations: %w", err)
	}
	n, err := goose.NumericComponent(slices.Max(files))
	return int(n), err
}

// Pending tells how many migrations are still to be run.
func (d *DB) Pending(ctx context.Context) (int, error) {
	if err := d.refuseForeign(ctx); err != nil {
		return 0, err
	}
	provider, err := d.provider()
	if err != nil {
		return 0, err
	}
	have, want, err := provider.GetVersions(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the version of the tables: %w", err)
	}
	return int(max(0, want-have)), nil
}

func (d *DB) provider() (*goose.Provider, error) {
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler))}
	dialect, tree := goose.DialectSQLite3, fs.FS(plainSQL{Migrations()})
	if d.engine == Postgres {
		dialect, tree = goose.DialectPostgres, Migrations()
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // looks every second, for five minutes
		if err != nil {
			return nil, fmt.Errorf("make the lock of migrations: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(dialect, d.write, tree, options...)
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return p, nil
}

// migrationTurn waits until no other program migrates the same file of SQLite. The
// lock is a little database of its own, because SQLite's locks work alike on every
// system; PostgreSQL has a lock by session.
func (d *DB) migrationTurn(ctx context.Context) (func(), error) {
	if d.engine == Postgres {
		return func() {}, nil
	}
	gate, err := sql.Open("sqlite", "file:"+d.path+".lock?_pragma=busy_timeout(60000)&_txlock=exclusive")
	if err != nil {
		return nil, fmt.Errorf("open the lock of migrations: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	tx, err := gate.BeginTx(ctx, nil)
	if err != nil {
		cancel()
		return nil, errors.Join(fmt.Errorf("another program is migrating this data folder: %w", err), gate.Close())
	}
	return func() {
		tx.Rollback() //nolint:errcheck // nothing was written
		gate.Close()  //nolint:errcheck // nothing was written
		cancel()
	}, nil
}

// plainSQL reads migrations for SQLite: it knows no COLLATE "C", and needs none,
// because comparing bytes is what it does anyway.
type plainSQL struct{ fs.FS }

// ReadFile gives the file without the collations of PostgreSQL.
func (p plainSQL) ReadFile(name string) ([]byte, error) {
	raw, err := fs.ReadFile(p.FS, name)
	return bytes.ReplaceAll(raw, []byte(` COLLATE "C"`), nil), err
}

// Open gives the file without the collations of PostgreSQL.
func (p plainSQL) Open(name string) (fs.File, error) {
	file, err := p.FS.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil || info.IsDir() {
		return file, err
	}
	raw, err := p.ReadFile(name)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &plainFile{File: file, r: bytes.NewReader(raw)}, nil
}

type plainFile struct {
	fs.File
	r *bytes.Reader
}

// Read reads the text without the collations.
func (f *plainFile) Read(p []byte) (int, error) { return f.r.Read(p) }
