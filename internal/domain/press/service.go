package press

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
	"github.com/nhanrong/nhanrong/internal/platform/jobs"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Service is the capability.
type Service struct {
	db    *db.DB
	rooms Rooms
	now   clock.Clock
	newID id.Source
	votes *db.Group[Vote, error]
	said  *db.Group[saying, error]
	heads *db.Group[int, Head]
	known knownHeads
	shown unmoved[int, Shown]
	talks unmoved[string, talk]
	key   atomic.Pointer[[]byte]
}

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Log         *audit.Log
	Org         *org.Service
	Movements   *movement.Service
	Practices   *practice.Service
	Awards      *award.Service
	Conferences *conference.Service
	Outbox      *outbox.Service
	Queue       *jobs.Queue
	Album       *photo.Album
}

// New makes the service.
func New(d *db.DB, rooms Rooms, now clock.Clock, newID id.Source) *Service {
	s := &Service{db: d, rooms: rooms, now: now, newID: newID}
	s.votes, s.said, s.heads = db.NewGroup(s.commitVotes), db.NewGroup(s.commitSayings), db.NewGroup(s.readHeads)
	return s
}

// Create drafts an article.
func (s *Service) Create(ctx context.Context, who actor.Actor, in Input) (Article, error) {
	if !who.Can(RightWrite) {
		return Article{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return Article{}, err
	}
	var a Article
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		no, err := nextNo(ctx, tx, 1)
		if err != nil {
			return err
		}
		now := s.now()
		a = Article{ID: s.newID(), No: no, State: Draft, Version: 1, CreatedAt: now, CreatedBy: who.Account}
		if a, err = s.written(ctx, tx, who, a, in); err != nil {
			return err
		}
		if err := insert(ctx, tx, []Article{a}); err != nil {
			return err
		}
		if err := insertVersions(ctx, tx, []Article{a}, ""); err != nil {
			return err
		}
		if err := replaceParts(ctx, tx, []Article{a}); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "press.create", a, map[string]any{"title": a.Title})
	})
	return a, err
}

// written puts an input into an article.
func (s *Service) written(ctx context.Context, tx *db.Tx, who actor.Actor, a Article, in Input) (Article, error) {
	tree, err := s.rooms.Org.Tree(ctx, tx)
	if err != nil {
		return a, err
	}
	unit, ok := tree.ByCode(in.Unit)
	if !ok || !tree.InScope(who.Scope, unit.ID) {
		return a, errs.New(errs.Invalid, i18n.OrgNotFound).On("unit")
	}
	before := a.Body
	a.Unit, a.Category, a.Title, a.Slug, a.Lead, a.Body = unit.ID, in.Category, in.Title, viet.Slug(in.Title), in.Lead, in.Body
	a.Author, a.SourceName, a.SourceURL, a.Event, a.EventOn = in.Author, in.SourceName, in.SourceURL, in.Event, in.EventOn
	a.Tags, a.Links = in.Tags, in.Links
	a.UpdatedAt, a.UpdatedBy = s.now(), who.Account
	err = settlePhotos(ctx, tx, &a, before)
	return a, err
}

// Edit rewrites an article over the version that the writer had read. What is published
// is corrected: the correction says to readers what was wrong, and is asked for.
func (s *Service) Edit(ctx context.Context, who actor.Actor, id string, version int, in Input, correction string) (Article, error) {
	if !who.Can(RightWrite) && !who.Can(RightPublish) {
		return Article{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return Article{}, err
	}
	correction = strings.TrimSpace(correction)
	var a Article
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := s.mine(ctx, tx, who, id)
		if err != nil {
			return err
		}
		switch {
		case !Editable(who, old.State):
			return errs.New(errs.Conflict, i18n.PressNotNow)
		case old.Version != version:
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		case old.State == Published && correction == "":
			return errs.New(errs.Invalid, i18n.PressCorrectionNeeded).On("correction")
		case len([]rune(correction)) > maxNote:
			return errs.New(errs.Invalid, i18n.ErrsTooLong, maxNote).On("correction")
		}
		if a, err = s.written(ctx, tx, who, old, in); err != nil {
			return err
		}
		if a.State == Published {
			a.Correction, a.CorrectedAt = correction, a.UpdatedAt
			if err := a.missing().Err(); err != nil {
				return err
			}
		}
		return s.save(ctx, tx, who, "press.edit", &a, correction)
	})
	return a, err
}

// save writes an article, its parts and its version.
func (s *Service) save(ctx context.Context, tx *db.Tx, who actor.Actor, action string, a *Article, note string) error {
	if err := update(ctx, tx, *a); err != nil {
		return err
	}
	a.Version++
	if err := insertVersions(ctx, tx, []Article{*a}, note); err != nil {
		return err
	}
	if err := replaceParts(ctx, tx, []Article{*a}); err != nil {
		return err
	}
	if err := replaceWords(ctx, tx, []Article{*a}); err != nil {
		return err
	}
	return s.audit(ctx, tx, who, action, *a, map[string]any{"state": a.State, "version": a.Version, "note": note})
}

// Step says which version of an article is moved on, and why.
type Step struct {
	Version int
	Note    string    // why it is returned; what readers are told of one that is taken down
	At      time.Time // when a scheduled one is to be published
}

// Submit puts a draft before those who approve.
func (s *Service) Submit(ctx context.Context, who actor.Actor, id string, in Step) (Article, error) {
	return s.take(ctx, who, id, "submit", in)
}

// Return gives an article back to its writer, with a reason.
func (s *Service) Return(ctx context.Context, who actor.Actor, id string, in Step) (Article, error) {
	return s.take(ctx, who, id, "return", in)
}

// Approve says that an article may be published.
func (s *Service) Approve(ctx context.Context, who actor.Actor, id string, in Step) (Article, error) {
	return s.take(ctx, who, id, "approve", in)
}

// Schedule sets the time at which an approved article is published.
func (s *Service) Schedule(ctx context.Context, who actor.Actor, id string, in Step) (Article, error) {
	return s.take(ctx, who, id, "schedule", in)
}

// Recall takes the time off a scheduled article; it stays approved.
func (s *Service) Recall(ctx context.Context, who actor.Actor, id string, in Step) (Article, error) {
	return s.take(ctx, who, id, "recall", in)
}

// Publish puts an article before readers, at once.
func (s *Service) Publish(ctx context.Context, who actor.Actor, id string, in Step) (Article, error) {
	return s.take(ctx, who, id, "publish", in)
}

// Archive takes a published article down. Its address stays and says when and why.
func (s *Service) Archive(ctx context.Context, who actor.Actor, id string, in Step) (Article, error) {
	return s.take(ctx, who, id, "archive", in)
}

// take is the one way of every step: right, rule, change, audit.
func (s *Service) take(ctx context.Context, who actor.Actor, id, verb string, in Step) (Article, error) {
	st := steps()[verb]
	if !who.Can(st.right) {
		return Article{}, forbidden()
	}
	in.Note = strings.TrimSpace(in.Note)
	var l errs.List
	l.Text("note", in.Note, maxNote, verb == "return" || verb == "archive")
	if l.Err() != nil {
		return Article{}, l.Err()
	}
	var a Article
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		if a, err = s.mine(ctx, tx, who, id); err != nil {
			return err
		}
		switch {
		case !slices.Contains(st.from, a.State):
			return errs.New(errs.Conflict, i18n.PressNotNow)
		case a.Version != in.Version:
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		if err := s.move(ctx, tx, &a, st.to, in); err != nil {
			return err
		}
		a.UpdatedAt, a.UpdatedBy = s.now(), who.Account
		return s.save(ctx, tx, who, "press."+verb, &a, in.Note)
	})
	return a, err
}

// move brings an article into a state, with what belongs to it.
func (s *Service) move(ctx context.Context, tx *db.Tx, a *Article, to State, in Step) error {
	a.State = to
	if to != Scheduled {
		a.PublishAt = time.Time{}
	}
	if to != Draft && to != Archived {
		if err := settlePhotos(ctx, tx, a, a.Body); err != nil {
			return err
		}
		if err := s.ready(ctx, tx, *a); err != nil {
			return err
		}
	}
	switch to {
	case Scheduled:
		if in.At.Before(s.now()) || in.At.After(s.now().AddDate(2, 0, 0)) {
			return errs.New(errs.Invalid, i18n.PressBadTime).On("at")
		}
		a.PublishAt = in.At
		return s.rooms.Queue.Enqueue(ctx, tx, jobs.Job{Kind: JobPublish, Unique: "press.publish." + a.ID, RunAt: in.At})
	case Published:
		a.ArchivedOn, a.ArchiveNote = 0, ""
		if a.PublishedAt.IsZero() {
			a.PublishedAt = s.now()
		}
	case Archived:
		a.ArchivedOn, a.ArchiveNote = s.now.Today(), in.Note
	case Draft, Review, Approved:
	}
	return nil
}

// ready gathers what an article and its photos lack before readers may see them.
func (s *Service) ready(ctx context.Context, q db.Querier, a Article) error {
	all, err := photo.Of(ctx, q, a.ID)
	if err != nil {
		return err
	}
	return append(a.missing(), photo.Lacking(all)...).Err()
}

// JobPublish publishes the scheduled articles whose time has come.
const JobPublish = "press.publish"

// PublishDue is the work of [JobPublish]. An article that somebody moved on meanwhile is
// left alone.
func (s *Service) PublishDue(ctx context.Context, who actor.Actor) error {
	if !who.Can(RightPublish) {
		return forbidden()
	}
	ids, err := due(ctx, s.db, s.now())
	if err != nil {
		return err
	}
	var failed []error
	for _, id := range ids {
		a, err := find(ctx, s.db, id)
		if err == nil {
			_, err = s.Publish(ctx, who, id, Step{Version: a.Version})
		}
		if err != nil && !errs.Is(err, errs.Conflict) {
			failed = append(failed, fmt.Errorf("publish article %s: %w", id, err))
		}
	}
	return errors.Join(failed...)
}

// Get finds an article by its identity; one of a unit outside the actor's scope is not
// found.
func (s *Service) Get(ctx context.Context, who actor.Actor, id string) (Article, error) {
	if !who.Can(RightRead) {
		return Article{}, forbidden()
	}
	return s.mine(ctx, s.db, who, id)
}

func (s *Service) mine(ctx context.Context, q db.Querier, who actor.Actor, id string) (Article, error) {
	a, err := find(ctx, q, id)
	if err != nil {
		return Article{}, err
	}
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return Article{}, err
	}
	if !tree.InScope(who.Scope, a.Unit) {
		return Article{}, errs.New(errs.NotFound, i18n.PressNotFound)
	}
	a.Links, err = links(ctx, q, a.ID)
	return a, err
}

// History gives the wordings of an article, the newest first.
func (s *Service) History(ctx context.Context, who actor.Actor, id string) ([]Version, error) {
	if _, err := s.Get(ctx, who, id); err != nil {
		return nil, err
	}
	return versions(ctx, s.db, id)
}

func (s *Service) audit(ctx context.Context, tx *db.Tx, who actor.Actor, action string, a Article, detail any) error {
	return s.rooms.Log.Add(ctx, tx, who, action, audit.Object{Kind: "article", ID: a.ID}, detail)
}

func forbidden() error { return errs.New(errs.Forbidden, i18n.ErrsForbidden) }
