// Package app puts the house together: it alone knows every room, calls their
// constructors and hands each the rooms below it.
package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/id"
	"github.com/nhanrong/nhanrong/internal/platform/jobs"
)

// House is every room of one installation.
type House struct {
	DB          *db.DB
	Now         clock.Clock
	Logger      *slog.Logger
	Queue       *jobs.Queue
	Audit       *audit.Log
	Org         *org.Service
	Identity    *identity.Service
	Rulebook    *rulebook.Service
	Book        *ledger.Book
	Movements   *movement.Service
	Practices   *practice.Service
	Replication *replication.Service
	Awards      *award.Service
	Press       *press.Service
	Reports     *report.Service
}

// Build puts the rooms on an open database. It neither migrates nor writes.
func Build(d *db.DB, now clock.Clock, logger *slog.Logger) *House {
	h := &House{DB: d, Now: now, Logger: logger, Audit: audit.New(now)}
	newID := id.Random
	h.Queue = jobs.New(jobs.Config{DB: d, Now: now, NewID: newID, Logger: logger, Random: mathrand.Float64})
	h.Org = org.New(d, h.Audit, newID)
	h.Identity = identity.New(identity.Config{
		DB: d, Log: h.Audit, Org: h.Org, Now: now, NewID: newID, Roles: Roles(), Random: rand.Reader,
	})
	h.Rulebook = rulebook.New(d, h.Audit)
	h.Book = ledger.New(d, now, newID)
	h.Movements = movement.New(d, movement.Rooms{Log: h.Audit, Org: h.Org, Book: h.Book}, now, newID)
	h.Practices = practice.New(d, practice.Rooms{
		Log: h.Audit, Org: h.Org, Book: h.Book, Movements: h.Movements, Queue: h.Queue,
	}, now, newID)
	h.Replication = replication.New(d, replication.Rooms{Log: h.Audit, Book: h.Book, Practices: h.Practices}, now, newID)
	h.Awards = award.New(d, award.Rooms{
		Log: h.Audit, Org: h.Org, Book: h.Book, Movements: h.Movements, Practices: h.Practices,
	}, now, newID)
	h.Press = press.New(d, press.Rooms{Log: h.Audit, Org: h.Org, Movements: h.Movements, Practices: h.Practices, Queue: h.Queue}, now, newID)
	h.Reports = report.New(d, h.Org, h.Movements, now)
	h.Queue.Handle(practice.JobRegistered, h.tellStandingBody)
	h.Queue.Handle(press.JobPublish, func(ctx context.Context, _ json.RawMessage) error { return h.Press.PublishDue(ctx, h.System()) })
	h.Queue.Handle(press.JobBrigades, func(ctx context.Context, _ json.RawMessage) error { return h.Press.SetAsideBrigades(ctx, h.System()) })
	h.Queue.Handle(jobSweep, h.sweep)
	return h
}

// Open opens the database, brings it to the newest form and builds the house on it.
func Open(ctx context.Context, cfg db.Config, logger *slog.Logger) (*House, error) {
	d, err := db.Open(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open the house: %w", err)
	}
	h := Build(d, clock.System, logger)
	if err := h.prepare(ctx); err != nil {
		if closeErr := d.Close(); closeErr != nil {
			logger.WarnContext(ctx, "close after a failed start", "error", closeErr)
		}
		return nil, err
	}
	return h, nil
}

func (h *House) prepare(ctx context.Context) error {
	if err := h.DB.Migrate(ctx); err != nil {
		return fmt.Errorf("bring the database to the newest form: %w", err)
	}
	return h.Rulebook.Seed(ctx)
}

// Close ends the house.
func (h *House) Close() error { return h.DB.Close() }

// System is the house itself as an actor: for jobs and for the sample.
func (h *House) System() actor.Actor {
	return actor.Actor{
		Account: "system", Login: "system", Name: "system", Roles: []string{RoleAdministrator},
		Rights: Roles()[RoleAdministrator], Scope: actor.Scope{All: true}, Via: actor.System,
	}
}
