package draft

import (
	"context"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

// Service is the capability. Its right is that to register.
type Service struct {
	db        *db.DB
	practices *practice.Service
	accounts  *identity.Service
	log       *audit.Log
	files     blob.Store
	album     *photo.Album
	now       clock.Clock
	newID     id.Source
}

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Practices *practice.Service
	Identity  *identity.Service
	Log       *audit.Log
	Files     blob.Store
	Album     *photo.Album
}

// New makes the service.
func New(d *db.DB, rooms Rooms, now clock.Clock, newID id.Source) *Service {
	return &Service{db: d, practices: rooms.Practices, accounts: rooms.Identity, log: rooms.Log, files: rooms.Files, album: rooms.Album, now: now, newID: newID}
}

// List gives the actor's own drafts, the latest first, without their forms; those thrown
// away are behind the others.
func (s *Service) List(ctx context.Context, who actor.Actor) ([]Draft, error) {
	if !who.Can(practice.RightRegister) {
		return nil, forbidden()
	}
	return list(ctx, s.db, who.Account)
}

// Get finds a draft of the actor's own; one that became an entry says so.
func (s *Service) Get(ctx context.Context, who actor.Actor, id string) (Draft, error) {
	if !who.Can(practice.RightRegister) {
		return Draft{}, forbidden()
	}
	return own(ctx, s.db, who, id)
}

// own finds a draft with its files; another's is not found.
func own(ctx context.Context, q db.Querier, who actor.Actor, id string) (Draft, error) {
	d, err := find(ctx, q, id)
	if errors.Is(err, db.ErrNoRow) || err == nil && d.Account != who.Account {
		return Draft{}, gone()
	}
	if err != nil {
		return Draft{}, err
	}
	d.Files, err = filesOf(ctx, q, id)
	return d, err
}

var validID = regexp.MustCompile(`^[0-9a-f-]{8,64}$`)

// Save keeps a form over the version that the writer had read. The first save makes the
// draft, under the identity that its page was given. What the same page saved last it
// overwrites even where it never heard of that; what another wrote meanwhile is a conflict.
func (s *Service) Save(ctx context.Context, who actor.Actor, id string, version int, in Input) (Draft, error) {
	if !who.Can(practice.RightRegister) {
		return Draft{}, forbidden()
	}
	if err := in.check(); err != nil {
		return Draft{}, err
	}
	var d Draft
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		d, err = s.saved(ctx, tx, who, target{id, version}, in)
		return err
	})
	return d, err
}

// target names a draft, and the version over which it is written.
type target struct {
	id      string
	version int
}

func (s *Service) saved(ctx context.Context, tx *db.Tx, who actor.Actor, at target, in Input) (Draft, error) {
	d, err := own(ctx, tx, who, at.id)
	switch {
	case errs.Is(err, errs.NotFound) && at.version == 0:
		if d, err = s.begin(ctx, tx, who, at.id); err != nil {
			return Draft{}, err
		}
	case err != nil:
		return Draft{}, err
	case d.Entry != "":
		return Draft{}, errs.New(errs.Conflict, i18n.DraftHandedIn)
	case d.Discarded():
		return Draft{}, errs.New(errs.Conflict, i18n.DraftDiscarded)
	case d.Form.Equal(in.Form) && d.Movement == in.Movement: // saved already
		return d, nil
	case d.Version != at.version && (in.Writer == "" || d.Writer != in.Writer):
		return Draft{}, errs.New(errs.Conflict, i18n.ErrsConflict)
	}
	d.Movement, d.Form, d.Title, d.Missing, d.Writer = in.Movement, in.Form, in.Form.title(), len(in.Form.Missing()), in.Writer
	d.Version, d.UpdatedAt = d.Version+1, s.now()
	return d, update(ctx, tx, d)
}

// begin makes an empty draft.
func (s *Service) begin(ctx context.Context, tx *db.Tx, who actor.Actor, id string) (Draft, error) {
	if !validID.MatchString(id) {
		return Draft{}, gone()
	}
	if _, err := find(ctx, tx, id); !errors.Is(err, db.ErrNoRow) { // another's
		return Draft{}, errors.Join(err, gone())
	}
	n, err := count(ctx, tx, who.Account)
	if err != nil {
		return Draft{}, err
	}
	if n >= MaxDrafts {
		return Draft{}, errs.New(errs.Invalid, i18n.DraftTooMany, MaxDrafts)
	}
	d := Draft{ID: id, Account: who.Account, Form: Form{}, CreatedAt: s.now(), UpdatedAt: s.now()}
	return d, insert(ctx, tx, d)
}

// Discard throws a draft away; for a week it can be had back.
func (s *Service) Discard(ctx context.Context, who actor.Actor, id string) error {
	if !who.Can(practice.RightRegister) {
		return forbidden()
	}
	return s.change(ctx, who, id, func(_ *db.Tx, d *Draft) error {
		if !d.Discarded() {
			d.DiscardedAt = s.now()
		}
		return nil
	})
}

// Restore takes back a draft that was thrown away.
func (s *Service) Restore(ctx context.Context, who actor.Actor, id string) error {
	if !who.Can(practice.RightRegister) {
		return forbidden()
	}
	return s.change(ctx, who, id, func(tx *db.Tx, d *Draft) error {
		n, err := count(ctx, tx, who.Account)
		if err == nil && d.Discarded() && n >= MaxDrafts {
			err = errs.New(errs.Invalid, i18n.DraftTooMany, MaxDrafts)
		}
		d.DiscardedAt = time.Time{}
		return err
	})
}

// change finds a draft of the actor's own that is not handed in yet, and changes it.
func (s *Service) change(ctx context.Context, who actor.Actor, id string, do func(*db.Tx, *Draft) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		d, err := own(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if d.Entry != "" {
			return errs.New(errs.Conflict, i18n.DraftHandedIn)
		}
		if err := do(tx, &d); err != nil {
			return err
		}
		return update(ctx, tx, d)
	})
}

// Submit hands a draft in: it registers what its form says, gives the entry its files, shows
// those that are pictures in its album, too, and ends the draft, all or nothing. Of a draft
// that was handed in already it gives the entry that it became. All nine parts must say something; only what an officer types for another
// from a signed paper, which comes along, may leave some open.
func (s *Service) Submit(ctx context.Context, who actor.Actor, id string, version int, in practice.Input) (practice.Entry, error) {
	if !who.Can(practice.RightRegister) {
		return practice.Entry{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return practice.Entry{}, err
	}
	kept, err := s.Get(ctx, who, id)
	if err != nil {
		return practice.Entry{}, err
	}
	if kept.Entry != "" {
		return s.practices.Get(ctx, who, kept.Entry)
	}
	if err := kept.ready(who, version, in); err != nil { // before photos are made anew for nothing
		return practice.Entry{}, err
	}
	photos, err := s.illustrations(ctx, kept.Files)
	if err != nil {
		return practice.Entry{}, err
	}
	var e practice.Entry
	var before string
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		d, err := own(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if before = d.Entry; before != "" {
			return nil
		}
		if err := d.ready(who, version, in); err != nil {
			return err
		}
		if !slices.EqualFunc(d.Files, kept.Files, func(a, b File) bool { return a.ID == b.ID }) { // one came or went meanwhile
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		if e, err = s.practices.RegisterIn(ctx, tx, who, in); err != nil {
			return err
		}
		if err := s.practices.AttachIn(ctx, tx, who, e.ID, documents(d.Files)); err != nil {
			return err
		}
		if err := s.hang(ctx, tx, who, e.ID, photos); err != nil {
			return err
		}
		return finish(ctx, tx, d.ID, e.ID, s.now())
	})
	if err == nil && before != "" {
		return s.practices.Get(ctx, who, before)
	}
	return e, err
}

// ready refuses to hand in a draft that was thrown away or changed since it was read, or
// that lacks something.
func (d Draft) ready(who actor.Actor, version int, in practice.Input) error {
	switch {
	case d.Discarded():
		return errs.New(errs.Conflict, i18n.DraftDiscarded)
	case d.Version != version:
		return errs.New(errs.Conflict, i18n.ErrsConflict)
	}
	return d.Lacks(who, in)
}

// Lacks names each part that must still say something: all nine must, unless they are typed
// for another from a signed paper that comes along.
func (d Draft) Lacks(who actor.Actor, in practice.Input) error {
	if who.Can(practice.RightOnBehalf) && in.DeclaredBy != "" {
		for _, f := range d.Files {
			if f.Kind == practice.SignedForm {
				return nil
			}
		}
	}
	var l errs.List
	for _, p := range in.Parts.All() {
		if strings.TrimSpace(*p.Text) == "" {
			l.Add(p.Field, i18n.DraftPartNeeded)
		}
	}
	if len(l) > 0 && who.Can(practice.RightOnBehalf) && in.DeclaredBy != "" {
		l.Add("signedForm", i18n.DraftSignedNeeded)
	}
	return l.Err()
}

// documents are the files of a draft as those of an entry.
func documents(files []File) []practice.Document {
	all := make([]practice.Document, len(files))
	for i, f := range files {
		all[i] = practice.Document{
			Kind: f.Kind, Title: f.Title, FileName: f.FileName, FileKind: f.FileKind, FileHash: f.FileHash, FileSize: f.FileSize, AddedAt: f.AddedAt,
		}
	}
	return all
}

// Attach keeps a file that will come along with the entry.
func (s *Service) Attach(ctx context.Context, who actor.Actor, id string, kind practice.DocumentKind, file *practice.File) (File, error) {
	if !who.Can(practice.RightRegister) {
		return File{}, forbidden()
	}
	read, err := practice.ReadDocument("", file)
	if err != nil {
		return File{}, err
	}
	if kind != practice.SignedForm && kind != practice.Evidence {
		return File{}, errs.New(errs.Invalid, i18n.ErrsBadChoice).On("kind")
	}
	if _, err := s.Get(ctx, who, id); err != nil { // before a file is kept for nothing
		return File{}, err
	}
	ref, err := s.files.Put(ctx, io.NewSectionReader(file.Content, 0, file.Size), practice.MaxFile)
	if err != nil {
		return File{}, err
	}
	f := File{
		ID: s.newID(), Kind: kind, Title: read.Title, FileName: read.FileName, FileKind: read.FileKind, FileHash: ref.SHA256, FileSize: ref.Size,
		AddedAt: s.now(),
	}
	return f, s.change(ctx, who, id, func(tx *db.Tx, d *Draft) error {
		if len(d.Files) >= MaxFiles {
			return errs.New(errs.Invalid, i18n.DraftTooManyFiles, MaxFiles).On("document")
		}
		return insertFile(ctx, tx, d.ID, f)
	})
}

// Detach takes a file off a draft.
func (s *Service) Detach(ctx context.Context, who actor.Actor, id, file string) error {
	if !who.Can(practice.RightRegister) {
		return forbidden()
	}
	return s.change(ctx, who, id, func(tx *db.Tx, d *Draft) error {
		return deleteFile(ctx, tx, d.ID, file)
	})
}

// Sweep forgets drafts that were thrown away or handed in long ago. Their files go with the
// next sweep of files.
func (s *Service) Sweep(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return forget(ctx, tx, s.now().Add(-KeptFor)) })
}

// KeptFiles tells which of some files belong to a draft.
func (s *Service) KeptFiles(ctx context.Context, hashes []string) (map[string]bool, error) {
	return keptFiles(ctx, s.db, hashes)
}

func gone() error { return errs.New(errs.NotFound, i18n.DraftNotFound) }

func forbidden() error { return errs.New(errs.Forbidden, i18n.ErrsForbidden) }
