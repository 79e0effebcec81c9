package apptest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing/fstest"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// reference is the reference case as it is told once: its rows by engine, and its files,
// which are the same on each.
type reference struct {
	story *dbtest.Story
	files atomic.Pointer[fstest.MapFS]
}

var told = sync.OnceValue(func() *reference {
	r := &reference{}
	r.story = dbtest.NewStory(r.tell)
	return r
})

func (r *reference) tell(ctx context.Context, d *db.DB) (err error) {
	folder, err := os.MkdirTemp("", "nhanrong-files-")
	if err != nil {
		return fmt.Errorf("make a folder for the files of the sample: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	files, err := blob.OpenFolder(folder, clock.System)
	if err != nil {
		return err
	}
	h := app.Build(d, files, clock.System, slog.New(slog.DiscardHandler))
	if err := h.Rulebook.Seed(ctx); err != nil {
		return err
	}
	err = sample.Load(ctx, h, func(int, int) {})
	return errors.Join(err, files.Close(), r.keep(folder))
}

// keep takes the files of a folder into memory.
func (r *reference) keep(folder string) error {
	kept := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(filepath.Join(folder, path))
		kept[path] = &fstest.MapFile{Data: raw, Mode: 0o600}
		return err
	})
	r.files.CompareAndSwap(nil, &kept)
	return err
}
