// Package dbtest gives tests real databases: one of SQLite in the test's own folder, one
// of PostgreSQL cloned from a migrated template and dropped afterwards. Nothing is
// shared between tests, so they may run side by side.
//
// PostgreSQL is looked for at the address in NHANRONG_TEST_POSTGRES; tools/pgtest starts
// a throw-away server and sets it, which is what "make test" does. Where the variable is
// missing the tests on PostgreSQL are skipped and say so.
package dbtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Variable is the environment variable with the address of PostgreSQL.
const Variable = "NHANRONG_TEST_POSTGRES"

// Engines lists the engines on which every test runs.
func Engines() []db.Engine { return []db.Engine{db.SQLite, db.Postgres} }

// Each runs fn as a sub-test on each engine, with an open, migrated database.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	for _, engine := range Engines() {
		t.Run(string(engine), func(t *testing.T) { fn(t, Open(t, engine)) })
	}
}

// Open gives an open, migrated database that ends with the test.
func Open(t testing.TB, engine db.Engine) *db.DB {
	t.Helper()
	return Connect(t, URL(t, engine))
}

// Connect opens the database at an address and closes it when the test ends. There is one
// reading connection: code that holds one and asks for a second would bring a busy house
// to a standstill, and hangs in its test.
func Connect(t testing.TB, address string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), db.Config{URL: address, Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	return d
}

// URL gives the address of a migrated database that ends with the test; for tests that
// start processes.
func URL(t testing.TB, engine db.Engine) string {
	t.Helper()
	if engine == db.Postgres {
		return clone(t, template)
	}
	content, err := migratedFile()
	if err != nil {
		t.Fatal(err)
	}
	return file(t, content)
}

// file gives the address of a copy of a database of SQLite.
func file(t testing.TB, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "nhanrong.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// Empty gives the address of a database without any table; for tests of migrations.
func Empty(t testing.TB, engine db.Engine) string {
	t.Helper()
	if engine == db.Postgres {
		return clone(t, func(context.Context, *url.URL) (string, error) { return "template0", nil })
	}
	return "sqlite:" + filepath.Join(t.TempDir(), "nhanrong.db")
}

// migratedFile is a migrated database of SQLite, made once by each test program: to
// migrate afresh for each test would cost more than most tests.
var migratedFile = sync.OnceValues(func() ([]byte, error) { return fileOf(migrated) })

// fileOf is a filled database of SQLite. It is read after the last connection has closed,
// so no lock of this process can be lost.
func fileOf(fill func(context.Context, *db.DB) error) ([]byte, error) {
	folder, err := os.MkdirTemp("", "nhanrong-sqlite-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the template: %w", err)
	}
	defer os.RemoveAll(folder) //nolint:errcheck // the system clears its temporary folder
	path := filepath.Join(folder, "template.db")
	if err := filled(context.Background(), "sqlite:"+path, fill); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// filled opens an empty database, fills it and closes it.
func filled(ctx context.Context, address string, fill func(context.Context, *db.DB) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	d, err := db.Open(ctx, db.Config{URL: address, Readers: 1})
	if err != nil {
		return fmt.Errorf("open the template: %w", err)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return fill(ctx, d)
}

func migrated(ctx context.Context, d *db.DB) error { return d.Migrate(ctx) }
