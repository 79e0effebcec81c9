// Package app puts the house together: it alone knows every room, calls their
// constructors and hands each the rooms below it.
package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/draft"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/nurture"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/parcel"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/domain/privacy"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/domain/setup"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/blob/s3"
	"github.com/nhanrong/nhanrong/internal/platform/blob/scan"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/config"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/id"
	"github.com/nhanrong/nhanrong/internal/platform/jobs"
	"github.com/nhanrong/nhanrong/internal/platform/office"
	"github.com/nhanrong/nhanrong/internal/platform/picture"
)

// House is every room of one installation.
type House struct {
	DB          *db.DB
	Files       blob.Store
	Now         clock.Clock
	Logger      *slog.Logger
	Queue       *jobs.Queue
	Audit       *audit.Log
	Org         *org.Service
	Identity    *identity.Service
	Rulebook    *rulebook.Service
	Book        *ledger.Book
	Movements   *movement.Service
	Reviews     *review.Service
	Practices   *practice.Service
	Drafts      *draft.Service
	Appraisals  *appraisal.Service
	Nurture     *nurture.Service
	Replication *replication.Service
	Awards      *award.Service
	Conferences *conference.Service
	Outbox      *outbox.Service
	Press       *press.Service
	Privacy     *privacy.Service
	Reports     *report.Service
	Papers      *paper.Service
	Parcels     *parcel.Service
	Worklist    *worklist.Service
	Setup       *setup.Service
}

// Build puts the rooms on an open database and a store of files. It neither migrates nor
// writes.
func Build(d *db.DB, files blob.Store, now clock.Clock, logger *slog.Logger) *House {
	h := &House{DB: d, Files: files, Now: now, Logger: logger, Audit: audit.New(now)}
	newID := id.Random
	h.Queue = jobs.New(jobs.Config{DB: d, Now: now, NewID: newID, Logger: logger, Random: mathrand.Float64})
	h.Org = org.New(d, h.Audit, newID)
	h.Identity = identity.New(identity.Config{
		DB: d, Log: h.Audit, Org: h.Org, Now: now, NewID: newID, Roles: Roles(), Random: rand.Reader,
	})
	h.Rulebook = rulebook.New(d, h.Audit)
	h.Book = ledger.New(d, now, newID)
	h.Movements = movement.New(d, movement.Rooms{Log: h.Audit, Org: h.Org, Identity: h.Identity, Book: h.Book, Files: files}, now, newID)
	album := photo.New(h.Audit, files, picture.New(), now, newID)
	h.Reviews = review.New(d, review.Rooms{Log: h.Audit, Org: h.Org, Identity: h.Identity}, now, newID)
	h.Practices = practice.New(d, practice.Rooms{
		Log: h.Audit, Org: h.Org, Book: h.Book, Movements: h.Movements, Reviews: h.Reviews, Queue: h.Queue, Files: files, Album: album,
	}, now, newID)
	h.Reviews.Judge(practice.SubjectEntry, h.Practices.Routed())
	h.Drafts = draft.New(d, draft.Rooms{Practices: h.Practices, Identity: h.Identity, Log: h.Audit, Files: files, Album: album}, now, newID)
	h.Reviews.KeepHolidays(h.daysOff)
	h.Outbox = outbox.New(d, outbox.Rooms{Log: h.Audit, Org: h.Org, Queue: h.Queue}, now, newID)
	h.Appraisals = appraisal.New(d, appraisal.Rooms{Log: h.Audit, Org: h.Org, Movements: h.Movements, Practices: h.Practices, Files: files}, now, newID)
	h.Practices.Require(appraisal.Lacking)
	h.Worklist = worklist.New(d, worklist.Rooms{
		Log: h.Audit, Org: h.Org, Identity: h.Identity, Movements: h.Movements, Reviews: h.Reviews, Practices: h.Practices, Appraisals: h.Appraisals, Drafts: h.Drafts,
		Outbox: h.Outbox, Queue: h.Queue,
	}, now, newID)
	h.Nurture = nurture.New(d, nurture.Rooms{Log: h.Audit, Org: h.Org, Practices: h.Practices}, now, newID)
	h.Replication = replication.New(d, replication.Rooms{Log: h.Audit, Book: h.Book, Practices: h.Practices}, now, newID)
	h.Awards = award.New(d, award.Rooms{
		Log: h.Audit, Org: h.Org, Book: h.Book, Movements: h.Movements, Practices: h.Practices,
	}, now, newID)
	h.Conferences = conference.New(d, conference.Rooms{
		Log: h.Audit, Org: h.Org, Movements: h.Movements, Practices: h.Practices, Awards: h.Awards, Files: files,
	}, now, newID)
	h.Conferences.AskConsents(privacy.ShownOn)
	h.Press = press.New(d, press.Rooms{
		Log: h.Audit, Org: h.Org, Movements: h.Movements, Practices: h.Practices, Awards: h.Awards, Conferences: h.Conferences,
		Outbox: h.Outbox, Queue: h.Queue, Album: album,
	}, now, newID)
	h.Privacy = privacy.New(d, privacy.Rooms{
		Log: h.Audit, Org: h.Org, Identity: h.Identity, Book: h.Book, Practices: h.Practices, Press: h.Press, Outbox: h.Outbox, Album: album,
	}, now, newID)
	h.Reports = report.New(d, report.Rooms{Log: h.Audit, Org: h.Org, Movements: h.Movements}, now, newID)
	h.Papers = paper.New(d, h.paperRooms(), now, newID)
	h.Parcels = parcel.New(d, parcel.Rooms{Log: h.Audit, Org: h.Org, Movements: h.Movements, Reports: h.Reports, Files: files, Random: rand.Reader}, now, newID)
	h.Setup = setup.New(setup.Rooms{Org: h.Org, Identity: h.Identity, Rulebook: h.Rulebook, Movements: h.Movements}, now, rand.Reader, h.System())
	h.Queue.Handle(practice.JobRegistered, h.tellStandingBody)
	h.Queue.Handle(practice.JobResubmitted, h.tellWhoAsked)
	h.Queue.Handle(press.JobPublish, func(ctx context.Context, _ json.RawMessage) error { return h.Press.PublishDue(ctx, h.System()) })
	h.Queue.Handle(press.JobBrigades, func(ctx context.Context, _ json.RawMessage) error { return h.Press.SetAsideBrigades(ctx, h.System()) })
	h.Queue.Handle(movement.JobRemind, func(ctx context.Context, _ json.RawMessage) error { return h.Movements.Remind(ctx, h.System()) })
	h.Queue.Handle(outbox.JobSend, func(ctx context.Context, _ json.RawMessage) error { return h.Outbox.SendDue(ctx) })
	h.Queue.Handle(review.JobDeadlines, func(ctx context.Context, _ json.RawMessage) error { return h.Reviews.RemindDue(ctx, h.System()) })
	h.Queue.Handle(worklist.JobBatch, h.workThrough)
	h.Queue.OnGivenUp(worklist.JobBatch, h.giveUp)
	h.Queue.Handle(worklist.JobDigest, func(ctx context.Context, _ json.RawMessage) error { return h.Worklist.SendDigests(ctx) })
	h.Queue.Handle(jobSweep, h.sweep)
	h.Queue.Handle(jobOrphans, h.orphans)
	return h
}

// paperRooms are the rooms that papers are made of, and what writes pages where it is installed.
func (h *House) paperRooms() paper.Rooms {
	rooms := paper.Rooms{
		Log: h.Audit, Org: h.Org, Rulebook: h.Rulebook, Movements: h.Movements, Practices: h.Practices, Appraisals: h.Appraisals, Awards: h.Awards,
		Conferences: h.Conferences, Reports: h.Reports, Files: h.Files,
	}
	if pages, ok := office.Find(); ok {
		rooms.Writer = pages
	}
	return rooms
}

// Open opens the database and the files that the settings name, brings the database to the
// newest form and builds the house on them.
func Open(ctx context.Context, cfg *config.Config, logger *slog.Logger) (*House, error) {
	d, err := db.Open(ctx, db.Config{URL: cfg.Database, Readers: cfg.Readers})
	if err != nil {
		return nil, fmt.Errorf("open the house: %w", err)
	}
	files, err := OpenFiles(cfg, clock.System)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the house: %w", err), d.Close())
	}
	if files, err = guard(files, cfg.ScanCommand, logger); err != nil {
		return nil, errors.Join(fmt.Errorf("open the house: %w", err), d.Close(), CloseFiles(files))
	}
	h := Build(d, files, clock.System, logger)
	if err := h.prepare(ctx, cfg); err != nil {
		if closeErr := h.Close(); closeErr != nil {
			logger.WarnContext(ctx, "close after a failed start", "error", closeErr)
		}
		return nil, err
	}
	return h, nil
}

// guard puts the virus scanner of the settings before the store of files.
func guard(files blob.Store, command string, logger *slog.Logger) (blob.Store, error) {
	if command == "" {
		return files, nil
	}
	scanner, err := scan.New(command)
	if err != nil {
		return files, fmt.Errorf("--scan-command: %w", err)
	}
	return scan.Guard(files, scanner, logger), nil
}

// OpenFiles opens the store of files that the settings name.
func OpenFiles(cfg *config.Config, now clock.Clock) (blob.Store, error) {
	if dir, ok := strings.CutPrefix(cfg.Files, "folder:"); ok {
		return blob.OpenFolder(dir, now)
	}
	place, err := s3.Parse(cfg.Files)
	if err != nil {
		return nil, fmt.Errorf("--files %w", err)
	}
	return s3.Open(place, cfg.FilesKey, cfg.FilesSecret)
}

func (h *House) prepare(ctx context.Context, cfg *config.Config) error {
	if err := h.backUpFirst(ctx, cfg); err != nil {
		return err
	}
	if err := h.DB.Migrate(ctx); err != nil {
		return fmt.Errorf("bring the database to the newest form: %w", err)
	}
	if err := ledger.Renew(ctx, h.DB); err != nil {
		return fmt.Errorf("bring the facts to the newest form: %w", err)
	}
	if err := press.Renew(ctx, h.DB); err != nil {
		return fmt.Errorf("take the words of articles: %w", err)
	}
	return h.Rulebook.Seed(ctx)
}

// Close ends the house.
func (h *House) Close() error { return errors.Join(h.DB.Close(), CloseFiles(h.Files)) }

// CloseFiles ends a store of files, where it has an end.
func CloseFiles(files blob.Store) error {
	if c, ok := files.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// daysOff are the days on which nobody reviews: those of the calendar.
func (h *House) daysOff(ctx context.Context, q db.Querier) (review.Holidays, error) {
	off, err := movement.DaysOff(ctx, q)
	return off.Off, err
}

// System is the house itself as an actor: for jobs and for the sample.
func (h *House) System() actor.Actor {
	return actor.Actor{
		Account: actor.Machine, Login: actor.Machine, Name: actor.Machine, Roles: []string{RoleAdministrator},
		Rights: Roles()[RoleAdministrator], Scope: actor.Scope{All: true}, Via: actor.System,
	}
}
