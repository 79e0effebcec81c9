package dbtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// templateLock makes the test programs, which run in parallel, take turns at making the
// template. Any constant serves.
const templateLock = 7_034_201

// clone makes a database of the test's own from a template and drops it afterwards.
func clone(t testing.TB, from func(context.Context, *url.URL) (string, error)) string {
	t.Helper()
	raw := os.Getenv(Variable)
	if raw == "" && os.Getenv("NHANRONG_TEST_ALL") != "" {
		t.Fatalf("every test is to run, and %s is not set", Variable)
	}
	if raw == "" {
		t.Skipf("PostgreSQL is skipped: %s is not set; run this through \"make test\" or \"go run ./tools/pgtest -- go test …\"", Variable)
	}
	server, err := url.Parse(raw)
	if err != nil {
		t.Fatalf("%s: %v", Variable, err)
	}
	source, err := from(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	name := "test_" + strings.ToLower(rand.Text())
	if err := admin(t.Context(), server, fmt.Sprintf(`CREATE DATABASE %s TEMPLATE %s`, name, source)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin(context.WithoutCancel(t.Context()), server, fmt.Sprintf(`DROP DATABASE %s WITH (FORCE)`, name)); err != nil {
			t.Error(err)
		}
	})
	return at(server, name)
}

// template makes the migrated template where it is not there yet. Its name holds a hash
// of the migrations, so a server that outlives a change of them makes a new one.
func template(ctx context.Context, server *url.URL) (string, error) {
	hash, err := migrationsHash()
	if err != nil {
		return "", err
	}
	return made(ctx, server, "template_"+hash, func(ctx context.Context, address string) error { return filled(ctx, address, migrated) })
}

// made makes a template of a name by filling it, where it is not there yet.
func made(ctx context.Context, server *url.URL, name string, fill func(context.Context, string) error) (string, error) {
	conn, err := pgx.Connect(ctx, server.String())
	if err != nil {
		return "", fmt.Errorf("reach PostgreSQL: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // it also gives the lock back
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, templateLock); err != nil {
		return "", fmt.Errorf("wait for the template: %w", err)
	}
	var done bool
	if err := conn.QueryRow(ctx, `SELECT count(*) > 0 FROM pg_database WHERE datname = $1 AND datistemplate`, name).Scan(&done); err != nil {
		return "", fmt.Errorf("look for the template: %w", err)
	}
	if done {
		return name, nil
	}
	for _, statement := range []string{`DROP DATABASE IF EXISTS ` + name, `CREATE DATABASE ` + name + ` TEMPLATE template0`} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return "", fmt.Errorf("make the template: %w", err)
		}
	}
	if err := fill(ctx, at(server, name)); err != nil {
		return "", err
	}
	if _, err := conn.Exec(ctx, `ALTER DATABASE `+name+` WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`); err != nil {
		return "", fmt.Errorf("close the template: %w", err)
	}
	return name, nil
}

var migrationsHash = sync.OnceValues(func() (string, error) {
	h := sha256.New()
	files, err := fs.Glob(db.Migrations(), "*.sql")
	if err != nil {
		return "", fmt.Errorf("list the migrations: %w", err)
	}
	for _, name := range files {
		content, err := fs.ReadFile(db.Migrations(), name)
		if err != nil {
			return "", fmt.Errorf("read the migrations: %w", err)
		}
		fmt.Fprintf(h, "%s %d\n%s", name, len(content), content)
	}
	return hex.EncodeToString(h.Sum(nil))[:16], nil
})

// at is the address of another database on the same server.
func at(server *url.URL, name string) string {
	u := *server
	u.Path = "/" + name
	return u.String()
}

func admin(ctx context.Context, server *url.URL, statement string) error {
	conn, err := pgx.Connect(ctx, server.String())
	if err != nil {
		return fmt.Errorf("reach PostgreSQL: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // the statement has been answered
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
