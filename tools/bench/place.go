package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // to make a database on the server
)

// engine is a database that holds the data of the benchmarks.
type engine struct{ name, url string }

// places finds the databases; their names hold a fingerprint of what makes the data, so
// that a change of it loads them anew.
func places(ctx context.Context, s settings, folder string) ([]engine, error) {
	mark, err := fingerprint(s)
	if err != nil {
		return nil, err
	}
	file, err := filepath.Abs(filepath.Join(folder, mark+".db"))
	if err != nil {
		return nil, err
	}
	all := []engine{{"SQLite", "sqlite:" + file}}
	server := os.Getenv("NHANRONG_TEST_POSTGRES")
	if server == "" {
		return nil, fmt.Errorf("NHANRONG_TEST_POSTGRES names no server: run this through tools/pgtest")
	}
	at, err := makeDatabase(ctx, server, "bench_"+mark)
	if err != nil {
		return nil, err
	}
	return append(all, engine{"PostgreSQL", at}), nil
}

// fingerprint is a hash of the migrations, of the code that makes the data and of their
// size.
func fingerprint(s settings) (string, error) {
	files, err := filepath.Glob("internal/platform/db/migrations/*.sql")
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%v", s.size())
	for _, name := range append(files, "internal/app/sample/bench.go", "internal/app/sample/text.go") {
		raw, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		h.Write(raw)
	}
	return hex.EncodeToString(h.Sum(nil))[:12], nil
}

func makeDatabase(ctx context.Context, server, name string) (string, error) {
	d, err := sql.Open("pgx", server)
	if err != nil {
		return "", err
	}
	defer d.Close() //nolint:errcheck // nothing was written through it
	if _, err := d.ExecContext(ctx, "CREATE DATABASE "+name); err != nil && !strings.Contains(err.Error(), "already exists") {
		return "", err
	}
	u, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

// build builds the program as a release does.
func build(ctx context.Context, binary string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, "./cmd/nhanrong")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return nil
}

func fileSize(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
