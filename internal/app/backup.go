package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/nhanrong/nhanrong/internal/app/archive"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/config"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// BackUp keeps everything in a file, or in one of its own name in the data folder where
// path is "". A copy of everything about everyone leaves its record.
func (h *House) BackUp(ctx context.Context, who actor.Actor, cfg *config.Config, path, program string, progress archive.Progress) (string, archive.Manifest, error) {
	if !who.Scope.All || !who.Can(identity.RightManage) {
		return path, archive.Manifest{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	if path == "" {
		path = h.backupPath(cfg, "")
	}
	m, err := archive.Keep(ctx, h.store(), path, program, h.Now(), progress)
	if err != nil {
		return path, m, err
	}
	return path, m, h.DB.Write(ctx, func(tx *db.Tx) error {
		return h.Audit.Add(ctx, tx, who, "archive.write", audit.Object{Kind: "archive", ID: filepath.Base(path)},
			map[string]any{"rows": m.Rows(), "files": len(m.Files), "head": m.Head})
	})
}

func (h *House) store() archive.Store { return archive.Store{DB: h.DB, Files: h.Files} }

func (h *House) backupPath(cfg *config.Config, what string) string {
	return filepath.Join(cfg.Data, "backups", archive.Name(what, h.Now().In(clock.VietNam())))
}

// backUpFirst keeps everything as it is before an upgrade changes it.
func (h *House) backUpFirst(ctx context.Context, cfg *config.Config) error {
	pending, err := h.DB.Pending(ctx)
	if err != nil || pending == 0 || !cfg.UpgradeBackup {
		return err
	}
	version, err := h.DB.SchemaVersion(ctx)
	if err != nil || version == 0 { // there is nothing yet
		return err
	}
	path := h.backupPath(cfg, "before-upgrade-")
	m, err := archive.Keep(ctx, h.store(), path, "", h.Now(), func(int, int) {})
	if err != nil {
		return fmt.Errorf("back up before the upgrade: %w", err)
	}
	if len(m.Missing) > 0 {
		h.Logger.WarnContext(ctx, "files that cannot be read are not in the backup", slog.Int("files", len(m.Missing)), slog.String("first", m.Missing[0].SHA256))
	}
	h.Logger.InfoContext(ctx, "backed up before the upgrade", slog.String("file", path), slog.Int("rows", m.Rows()))
	return nil
}

// Restore reads a backup into the database and the files that the settings name, where
// there is nothing yet.
func Restore(ctx context.Context, cfg *config.Config, path string, progress archive.Progress) (archive.Manifest, error) {
	d, err := db.Open(ctx, db.Config{URL: cfg.Database})
	if err != nil {
		return archive.Manifest{}, err
	}
	files, err := OpenFiles(cfg, clock.System)
	if err != nil {
		return archive.Manifest{}, errors.Join(err, d.Close())
	}
	m, err := archive.RestoreFile(ctx, archive.Store{DB: d, Files: files}, path, progress)
	return m, errors.Join(err, CloseFiles(files), d.Close())
}

// Drill restores a backup into a folder that is removed again, and so proves that it can
// be done.
func Drill(ctx context.Context, path string, progress archive.Progress) (m archive.Manifest, err error) {
	folder, err := os.MkdirTemp("", "nhanrong-drill-")
	if err != nil {
		return m, fmt.Errorf("make a folder for the drill: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	return Restore(ctx, &config.Config{
		Database: "sqlite:" + filepath.Join(folder, "nhanrong.db"), Files: "folder:" + filepath.Join(folder, "files"),
	}, path, progress)
}
