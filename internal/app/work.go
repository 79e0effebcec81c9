package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/jobs"
)

// jobSweep clears away what has run out: sessions, counted tries to sign in, addresses of
// readers, drafts.
const jobSweep = "identity.sweep"

func (h *House) sweep(ctx context.Context, _ json.RawMessage) error {
	terms, err := h.Rulebook.Terms(ctx)
	if err != nil {
		return err
	}
	old := h.Now().AddDate(0, -terms.Letters, 0)
	failed := []error{h.Outbox.SweepSettled(ctx, old), h.Identity.SweepNotices(ctx, old)}
	for _, room := range []func(context.Context) error{
		h.Identity.Sweep,
		h.Press.ForgetEmails,
		h.Outbox.Sweep,
		h.Drafts.Sweep,
		h.Nurture.Sweep,
		h.Worklist.Sweep,
	} {
		failed = append(failed, room(ctx))
	}
	return errors.Join(failed...)
}

// jobOrphans removes files without a row: whoever sent them gave up, or died, before the
// row was written.
const jobOrphans = "files.orphans"

// orphanAge is how long a file may lie without a row: far longer than any form takes.
const orphanAge = 24 * time.Hour

func (h *House) orphans(ctx context.Context, _ json.RawMessage) error { return h.SweepFiles(ctx) }

// SweepFiles removes the files that have lain without a row for a day.
func (h *House) SweepFiles(ctx context.Context) error {
	n, err := h.Files.Sweep(ctx, h.Now().Add(-orphanAge), h.keptFiles)
	if n > 0 {
		h.Logger.InfoContext(ctx, "files without a row were removed", slog.Int("files", n))
	}
	return err
}

// keptFiles asks every room that has files. A room that gets files is added here first:
// what nobody claims is removed.
func (h *House) keptFiles(ctx context.Context, hashes []string) (map[string]bool, error) {
	kept := map[string]bool{}
	for _, room := range []blob.Kept{h.Movements.KeptFiles, h.Conferences.KeptFiles, h.photoFiles, h.Practices.KeptFiles, h.Drafts.KeptFiles, h.Appraisals.KeptFiles, h.Papers.KeptFiles, h.Parcels.KeptFiles} {
		found, err := room(ctx, hashes)
		if err != nil {
			return nil, err
		}
		maps.Copy(kept, found)
	}
	return kept, nil
}

// photoFiles tells which of some files belong to a photo.
func (h *House) photoFiles(ctx context.Context, hashes []string) (map[string]bool, error) {
	return photo.KeptFiles(ctx, h.DB, hashes)
}

// tellStandingBody leaves a notice for those who work at the standing body: something
// waits to be received.
func (h *House) tellStandingBody(ctx context.Context, payload json.RawMessage) error {
	var in practice.Registered
	if err := json.Unmarshal(payload, &in); err != nil {
		return jobs.Permanent(fmt.Errorf("read what was registered: %w", err))
	}
	m, err := h.Movements.Get(ctx, h.System(), in.Movement)
	if err != nil {
		return err
	}
	accounts, err := h.Identity.List(ctx, h.System(), identity.ListFilter{Unit: m.StandingBody, Limit: 500})
	if err != nil {
		return err
	}
	return h.DB.Write(ctx, func(tx *db.Tx) error {
		for _, a := range accounts {
			if err := h.Identity.Notify(ctx, tx, identity.Notice{
				ID: in.Entry + "." + a.ID, Account: a.ID, Key: i18n.AppRegistered, Args: []any{in.Entry, in.Count},
				Link: "/admin/entries/" + in.Entry,
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// workThrough does a large batch.
func (h *House) workThrough(ctx context.Context, payload json.RawMessage) error {
	var in worklist.BatchJob
	if err := json.Unmarshal(payload, &in); err != nil {
		return jobs.Permanent(fmt.Errorf("read which batch is to be done: %w", err))
	}
	return h.Worklist.WorkThrough(ctx, in.Batch)
}

// giveUp closes a large batch whose job was given up.
func (h *House) giveUp(ctx context.Context, tx *db.Tx, payload json.RawMessage) error {
	var in worklist.BatchJob
	if err := json.Unmarshal(payload, &in); err != nil {
		return fmt.Errorf("read which batch was given up: %w", err)
	}
	return h.Worklist.GiveUp(ctx, tx, in.Batch)
}

// tellWhoAsked leaves a notice for whoever sent an entry back: it came in again, and they
// look at what changed.
func (h *House) tellWhoAsked(ctx context.Context, payload json.RawMessage) error {
	var in practice.Resubmitted
	if err := json.Unmarshal(payload, &in); err != nil {
		return jobs.Permanent(fmt.Errorf("read what came in again: %w", err))
	}
	if in.AskedBy == h.System().Account { // the house itself reads no notices
		return nil
	}
	return h.DB.Write(ctx, func(tx *db.Tx) error {
		return h.Identity.Notify(ctx, tx, identity.Notice{
			ID: in.Return, Account: in.AskedBy, Key: i18n.AppResubmitted, Args: []any{in.Entry}, Link: "/admin/entries/" + in.Entry + "/returns",
		})
	})
}
