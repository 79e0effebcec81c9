package doctor

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/archive"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// open opens the database for reading, where there is one.
func (e *examination) open(ctx context.Context) (*db.DB, bool) {
	if path, ok := strings.CutPrefix(e.Config.Database, "sqlite:"); ok {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			e.warn(i18n.DoctorDatabase, say(i18n.DoctorDatabaseNone, path), say(i18n.DoctorDatabaseNoneMend))
			return nil, false
		}
	}
	d, err := db.Open(ctx, db.Config{URL: e.Config.Database, Readers: 1, Replica: true})
	if err != nil {
		e.fault(i18n.DoctorDatabase, say(i18n.DoctorDatabaseShut, err.Error()), say(i18n.DoctorDatabaseShutMend))
	}
	return d, err == nil
}

// database looks whether the database is whole and of this version; only then can the rest
// be looked at.
func (e *examination) database(ctx context.Context, d *db.DB) bool {
	part := i18n.DoctorDatabase
	s, err := d.Examine(ctx)
	switch {
	case errors.Is(err, db.ErrForeign):
		e.fault(part, say(i18n.DoctorDatabaseForeign), say(i18n.DoctorDatabaseForeignMend))
	case errors.Is(err, db.ErrEmpty):
		e.warn(part, say(i18n.DoctorDatabaseEmpty), say(i18n.DoctorDatabaseNoneMend))
	case db.IsDamaged(err):
		e.fault(part, say(i18n.DoctorDatabaseBroken, err.Error()), say(i18n.DoctorDatabaseBrokenMend))
	case err != nil:
		e.fault(part, say(i18n.DoctorDatabaseShut, err.Error()), say(i18n.DoctorDatabaseShutMend))
	case len(s.Broken) > 0:
		e.fault(part, say(i18n.DoctorDatabaseBroken, some(s.Broken)), say(i18n.DoctorDatabaseBrokenMend))
	case s.Schema > s.Newest:
		e.fault(part, say(i18n.DoctorDatabaseNewer, s.Schema, s.Newest), say(i18n.DoctorDatabaseNewerMend))
	case s.Schema < s.Newest:
		e.warn(part, say(i18n.DoctorDatabaseOlder, s.Schema, s.Newest), say(i18n.DoctorDatabaseOlderMend))
	case s.Encoding != "" && s.Encoding != "UTF8":
		e.fault(part, say(i18n.DoctorDatabaseText, s.Encoding), say(i18n.DoctorDatabaseTextMend))
	case len(s.Unsafe) > 0:
		e.fault(part, say(i18n.DoctorDatabaseUnsafe, strings.Join(s.Unsafe, ", ")), say(i18n.DoctorDatabaseUnsafeMend))
	default:
		e.sound(part, say(i18n.DoctorDatabaseSound, string(d.Engine()), s.Schema, megabytes(s.Size)))
		return true
	}
	return false
}

// audit walks the chain of records and compares the moment of the last one with the clock.
func (e *examination) audit(ctx context.Context, d *db.DB) {
	v, err := audit.Verify(ctx, d)
	switch {
	case err != nil:
		e.failed(i18n.DoctorAudit, err)
	case v.Broken != 0:
		e.fault(i18n.DoctorAudit, say(i18n.DoctorAuditBroken, v.Broken, v.Reason), say(i18n.DoctorAuditBrokenMend))
	default:
		e.sound(i18n.DoctorAudit, say(i18n.DoctorAuditSound, v.Records, v.Head))
	}
	last, err := audit.LastAt(ctx, d)
	const slack = 5 * time.Minute
	switch now := e.Now(); {
	case err != nil:
		e.failed(i18n.DoctorClock, err)
	case last.After(now.Add(slack)):
		e.fault(i18n.DoctorClock, say(i18n.DoctorClockBack, now, last), say(i18n.DoctorClockMend))
	default:
		e.sound(i18n.DoctorClock, say(i18n.DoctorClockSound, now))
	}
}

// facts folds all acts anew and compares what comes out with what is counted from.
func (e *examination) facts(ctx context.Context, d *db.DB) {
	stale, err := ledger.Stale(ctx, d)
	switch {
	case err != nil:
		e.failed(i18n.DoctorFacts, err)
	case len(stale) > 0:
		e.fault(i18n.DoctorFacts, say(i18n.DoctorFactsStale, len(stale), some(sorted(stale))), say(i18n.DoctorFactsMend))
	default:
		e.sound(i18n.DoctorFacts, say(i18n.DoctorFactsSound))
	}
}

// files reads every file that a row speaks of.
func (e *examination) files(ctx context.Context, s archive.Store) {
	all, missing, err := archive.Missing(ctx, s, e.Progress)
	switch {
	case err != nil:
		e.failed(i18n.DoctorFiles, err)
	case len(missing) > 0:
		names := make([]string, len(missing))
		for i, f := range missing {
			names[i] = f.SHA256
		}
		e.fault(i18n.DoctorFiles, say(i18n.DoctorFilesMissing, len(missing), all, some(names)), say(i18n.DoctorFilesMend))
	default:
		e.sound(i18n.DoctorFiles, say(i18n.DoctorFilesSound, all))
	}
}

// lateJob is how long work may wait for its turn before something is wrong.
const lateJob = 15 * time.Minute

// jobs looks for work that was given up or that nobody does.
func (e *examination) jobs(ctx context.Context, d *db.DB) {
	s, err := app.Build(d, nil, e.Now, slog.New(slog.DiscardHandler)).Queue.Stats(ctx)
	switch {
	case err != nil:
		e.failed(i18n.DoctorJobs, err)
	case s.Dead > 0:
		e.warn(i18n.DoctorJobs, say(i18n.DoctorJobsDead, s.Dead), say(i18n.DoctorJobsDeadMend))
	case s.Late > lateJob:
		e.warn(i18n.DoctorJobs, say(i18n.DoctorJobsLate, s.Waiting, int(s.Late.Minutes())), say(i18n.DoctorJobsLateMend))
	default:
		e.sound(i18n.DoctorJobs, say(i18n.DoctorJobsSound, s.Waiting+s.Running))
	}
}

// accounts looks whether somebody can look after the accounts, and whether strangers can
// sign in with the passwords of the sample.
func (e *examination) accounts(ctx context.Context, d *db.DB) {
	h := app.Build(d, nil, e.Now, slog.New(slog.DiscardHandler))
	set, err := h.Rulebook.Settings(ctx)
	if err != nil {
		e.failed(i18n.DoctorAccounts, err)
		return
	}
	keepers, err := h.Identity.Administrators(ctx)
	if err != nil {
		e.failed(i18n.DoctorAccounts, err)
		return
	}
	switch {
	case set.Sample && !local(e.Config.Addr):
		e.fault(i18n.DoctorAccounts, say(i18n.DoctorAccountsSample, e.Config.Addr), say(i18n.DoctorAccountsSampleMend))
	case keepers == 0:
		e.fault(i18n.DoctorAccounts, say(i18n.DoctorAccountsNone), say(i18n.DoctorAccountsNoneMend))
	default:
		e.sound(i18n.DoctorAccounts, say(i18n.DoctorAccountsSound, keepers))
	}
}
