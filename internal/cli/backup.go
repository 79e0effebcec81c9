package cli

import (
	"errors"
	"io/fs"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/archive"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// backupCmd writes everything into one file, while the program may go on.
type backupCmd struct {
	File string `arg:"" optional:"" type:"path" help:"${cli_backup_file}"`
}

// Run writes the archive and says what it holds.
func (b backupCmd) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		path, m, err := h.BackUp(c.ctx, who, c.cfg, b.File, c.version, archive.Progress(c.progress()))
		if errors.Is(err, fs.ErrExist) {
			return refusal{codeConflict, c.lang.T(i18n.CliBackupExists, path), err}
		}
		if err != nil {
			return err
		}
		c.say(i18n.CliBackupMade, path, m.Rows(), len(m.Tables), len(m.Files), m.Head)
		if len(m.Missing) > 0 {
			return refusal{codeDamaged, c.lang.T(i18n.CliBackupMissing, len(m.Missing), m.Missing[0].SHA256), nil}
		}
		return nil
	})
}

// restoreCmd reads an archive into an empty installation.
type restoreCmd struct {
	File  string `arg:"" type:"path" help:"${cli_restore_file}"`
	Drill bool   `help:"${cli_restore_drill}"`
}

// Run restores, or restores into a throw-away folder to prove that it can be done.
func (r restoreCmd) Run(c *call) error {
	if r.Drill {
		m, err := app.Drill(c.ctx, r.File, archive.Progress(c.progress()))
		return r.told(c, m, err, i18n.CliRestoreProved, r.File)
	}
	m, err := app.Restore(c.ctx, c.cfg, r.File, archive.Progress(c.progress()))
	return r.told(c, m, err, i18n.CliRestoreDone, c.where())
}

// told says what stands there now, or in a sentence why nothing does.
func (r restoreCmd) told(c *call, m archive.Manifest, err error, done i18n.Key, where string) error {
	switch {
	case err == nil:
		c.say(done, where, m.Rows(), len(m.Tables), len(m.Files), m.Records, m.Head)
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return refusal{codeNotFound, c.lang.T(i18n.CliRestoreNoFile, r.File), err}
	case errors.Is(err, archive.ErrNotArchive):
		return refusal{codeDamaged, c.lang.T(i18n.CliRestoreNotArchive, r.File), err}
	case errors.Is(err, archive.ErrNewer):
		return refusal{codeConflict, c.lang.T(i18n.CliRestoreNewer, m.Program), err}
	case errors.Is(err, archive.ErrOpened):
		return refusal{codeConflict, c.lang.T(i18n.CliRestoreOpened, c.where()), err}
	case errors.Is(err, archive.ErrNotEmpty):
		return refusal{codeConflict, c.lang.T(i18n.CliRestoreNotEmpty, c.where()), err}
	case errors.Is(err, archive.ErrUnsound):
		return refusal{codeDamaged, c.lang.T(i18n.CliRestoreUnsound, where, err.Error()), err}
	case errors.Is(err, archive.ErrDiffers):
		return refusal{codeDamaged, c.lang.T(i18n.CliRestoreDiffers, err.Error()), err}
	default:
		return c.explain(err)
	}
}
