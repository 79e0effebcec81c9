package scan_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/blob/blobtest"
	"github.com/nhanrong/nhanrong/internal/platform/blob/scan"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// program writes a scanner: a script of the shell.
func program(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "scanner")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// guarded is a folder with a scanner before it.
func guarded(t *testing.T, command string, now clock.Clock) (scan.Store, string) {
	t.Helper()
	dir := t.TempDir()
	folder, err := blob.OpenFolder(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	scanner, err := scan.New(command)
	if err != nil {
		t.Fatal(err)
	}
	s := scan.Guard(folder, scanner, slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, dir
}

func TestAGuardedStoreKeepsFiles(t *testing.T) {
	t.Parallel()
	now := &blobtest.Clock{}
	s, dir := guarded(t, program(t, "exit 0"), now.Now)
	blobtest.Conform(t, blobtest.Subject{Store: s, Clock: now, Damage: func(ref blob.Ref, content string) {
		path := filepath.Join(dir, ref.SHA256[:2], ref.SHA256[2:4], ref.SHA256)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}})
}

// TestWhatAScannerRefusesIsNotKept looks at a scanner that reads the file, at one that
// cannot look, and at where the path stands in the command.
func TestWhatAScannerRefusesIsNotKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, command, content string
		kept                   bool
		says                   i18n.Key
	}{
		{"clean", program(t, `! grep -q EVIL "$1"`), "mô hình", true, 0},
		{"infected", program(t, `! grep -q EVIL "$1"`), "mô hình EVIL", false, i18n.BlobInfected},
		{"named within", program(t, `[ "$1" = --file ] && [ "$3" = -q ] && ! grep -q EVIL "$2"`) + " --file {} -q", "EVIL", false, i18n.BlobInfected},
		{"cannot look", program(t, "exit 2"), "mô hình", false, i18n.BlobUnscanned},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, dir := guarded(t, c.command, clock.System)
			ref, err := s.Put(t.Context(), strings.NewReader(c.content), 1<<20)
			if c.kept {
				in, openErr := s.Open(t.Context(), ref)
				if err := errors.Join(err, openErr); err != nil {
					t.Fatal(err)
				}
				raw, err := io.ReadAll(in)
				if err := errors.Join(err, in.Close()); err != nil || string(raw) != c.content {
					t.Errorf("%q came back: %v", raw, err)
				}
				return
			}
			told, ok := errors.AsType[*errs.Error](err)
			if !ok || told.Kind != errs.Invalid || told.Key != c.says {
				t.Errorf("a file that is not to be kept: %v", err)
			}
			if left := files(t, dir); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// files lists what a folder of files holds.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	if err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAScannerThatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"", "  ", "/khong/co/chuong/trinh"} {
		if _, err := scan.New(command); err == nil {
			t.Errorf("%q is taken for a scanner", command)
		}
	}
}

func TestAScannerIsNotWaitedForByNobody(t *testing.T) {
	t.Parallel()
	s, _ := guarded(t, program(t, "exec sleep 60"), clock.System)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := s.Put(ctx, strings.NewReader("mô hình"), 1<<20); err == nil {
		t.Error("a file was kept that was not looked at")
	}
}
