package cli_test

import (
	"archive/zip"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/sample"
)

// TestDataOfAnEarlierProgram opens the demo that an earlier version of the program made:
// it is backed up and brought to today's form, counts as it did, is found sound, and its
// pages answer. The backup that was made before can be restored, and counts the same.
func TestDataOfAnEarlierProgram(t *testing.T) {
	t.Parallel()
	all, err := filepath.Glob(filepath.Join("testdata", "demo-*.zip"))
	if err != nil || len(all) == 0 {
		t.Fatalf("the data of earlier programs: %v, %v", all, err)
	}
	for _, name := range all {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), "data")
			unpack(t, name, data)
			addr := freeAddr(t)
			figures := func(data, day string) string {
				return run(t, "report", "--data", data, "--movement", sample.Movement, "--as-of", day, "--json", "--as", "canbo").wants(0).out
			}
			run(t, "migrate", "--data", data).wants(0)
			before, on := figures(data, "2024-09-30"), figures(data, "2024-10-16")
			for _, want := range []string{`"collective": 240`, `"individual": 157`} {
				if !strings.Contains(before, want) {
					t.Errorf("no %s in what the upgraded data count", want)
				}
			}
			for _, want := range []string{`"collective": 21`, `"individual": 9`} {
				if !strings.Contains(on, want) {
					t.Errorf("no %s in what the upgraded data count at the end", want)
				}
			}
			run(t, "audit", "verify", "--data", data).wants(0)
			run(t, "doctor", "--data", data, "--addr", addr).wants(0, "Không có lỗi")
			program, _ := start(t, addr, "serve", "--data", data)
			for _, path := range []string{"/", "/practices", "/articles", "/awards", "/feed.rss", "/login"} {
				if status, body := ask(t, addr, path); status != http.StatusOK || len(body) < 500 {
					t.Errorf("%s: %d, %d bytes", path, status, len(body))
				}
			}
			if code := end(t, program, os.Interrupt); code != 0 {
				t.Errorf("the program ends with %d", code)
			}
			kept, err := filepath.Glob(filepath.Join(data, "backups", "nhanrong-before-upgrade-*.zip"))
			if err != nil || len(kept) != 1 {
				t.Fatalf("backups before the upgrade: %v, %v", kept, err)
			}
			other := filepath.Join(t.TempDir(), "other")
			run(t, "restore", kept[0], "--data", other).wants(0)
			if figures(other, "2024-10-16") != on {
				t.Error("the backup that was made before the upgrade counts otherwise")
			}
		})
	}
}

// unpack unpacks an archive of ours into a folder.
func unpack(t *testing.T, name, to string) {
	t.Helper()
	z, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		path := filepath.Join(to, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		write(t, path, raw)
	}
}
