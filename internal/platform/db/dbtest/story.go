package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"os"
	"sync"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Story is data with which many tests begin. Each test program tells it once on each
// engine, and every test has a copy of its own.
type Story struct {
	tell func(context.Context, *db.DB) error
	file func() ([]byte, error)
}

// NewStory is a story that is told into a migrated database.
func NewStory(tell func(context.Context, *db.DB) error) *Story {
	whole := func(ctx context.Context, d *db.DB) error {
		if err := migrated(ctx, d); err != nil {
			return err
		}
		return tell(ctx, d)
	}
	return &Story{tell: whole, file: sync.OnceValues(func() ([]byte, error) { return fileOf(whole) })}
}

// Tell tells the story on SQLite, if this test program has not yet.
func (s *Story) Tell() error {
	_, err := s.file()
	return err
}

// Open gives a copy that is open and ends with the test.
func (s *Story) Open(t testing.TB, engine db.Engine) *db.DB {
	t.Helper()
	if engine == db.Postgres {
		return Connect(t, clone(t, s.template))
	}
	content, err := s.file()
	if err != nil {
		t.Fatal(err)
	}
	return Connect(t, file(t, content))
}

// template is the story on PostgreSQL, by the test program that tells it: a program that
// was built anew may tell another.
func (s *Story) template(ctx context.Context, server *url.URL) (string, error) {
	hash, err := programHash()
	if err != nil {
		return "", err
	}
	return made(ctx, server, "story_"+hash, func(ctx context.Context, address string) error { return filled(ctx, address, s.tell) })
}

var programHash = sync.OnceValues(func() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find the test program: %w", err)
	}
	in, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the test program: %w", err)
	}
	defer in.Close() //nolint:errcheck // it was only read
	h := sha256.New()
	if _, err := io.Copy(h, in); err != nil {
		return "", fmt.Errorf("read the test program: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil))[:16], nil
})
