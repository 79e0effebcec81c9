package photo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
	"github.com/nhanrong/nhanrong/internal/platform/picture"
)

// Album keeps photos. Its verbs that change anything run in the transaction of the owner's
// room, which has looked at rights and states before.
type Album struct {
	log      *audit.Log
	files    blob.Store
	pictures *picture.Maker
	now      clock.Clock
	newID    id.Source
}

// New makes an album.
func New(log *audit.Log, files blob.Store, pictures *picture.Maker, now clock.Clock, newID id.Source) *Album {
	return &Album{log: log, files: files, pictures: pictures, now: now, newID: newID}
}

// File is a photo as it comes. Its name is a text to be shown, and says nothing about what
// it is.
type File struct {
	Name    string
	Content io.ReaderAt
	Size    int64
}

// Make makes a photo anew in each size and keeps the files, before the rows that name them.
// What was sent is not kept.
func (a *Album) Make(ctx context.Context, file *File) ([]Size, error) {
	if file == nil || file.Size == 0 {
		return nil, errs.New(errs.Invalid, i18n.ErrsRequired).On("photo")
	}
	made, err := a.pictures.Make(ctx, file.Content, file.Size)
	if err != nil {
		return nil, pictureError(err)
	}
	var sizes []Size
	for _, r := range made {
		ref, err := a.files.Put(ctx, bytes.NewReader(r.JPEG), picture.MaxBytes)
		if err != nil {
			return nil, fmt.Errorf("keep a photo: %w", err)
		}
		sizes = append(sizes, Size{Width: r.Width, Height: r.Height, SHA256: ref.SHA256, Bytes: ref.Size})
	}
	return sizes, nil
}

// pictureError says in the words of a form what is wrong with a photo.
func pictureError(err error) error {
	for _, known := range []struct {
		is  error
		key i18n.Key
	}{{picture.ErrKind, i18n.PhotoKind}, {picture.ErrTooLarge, i18n.PhotoLarge}, {picture.ErrDamaged, i18n.PhotoDamaged}} {
		if errors.Is(err, known.is) {
			return errs.New(errs.Invalid, known.key, picture.MaxBytes>>20, picture.MaxPixels/1_000_000).On("photo").Because(err)
		}
	}
	return err
}

// Add puts a photo, whose sizes were made, behind the others of its owner.
func (a *Album) Add(ctx context.Context, tx *db.Tx, who actor.Actor, p Photo) (Photo, error) {
	before, err := Of(ctx, tx, p.Owner.ID)
	if err != nil {
		return p, err
	}
	if len(before) >= Max {
		return p, errs.New(errs.Invalid, i18n.PhotoTooMany, Max).On("photo")
	}
	p.ID, p.Name, p.ConsentBy, p.Place = a.newID(), blob.Name(p.Name), who.Account, len(before)+1
	if err := insert(ctx, tx, p, a.now()); err != nil {
		return p, err
	}
	return p, a.record(ctx, tx, who, "photo.add", p)
}

// Describe says anew what is said of a photo.
func (a *Album) Describe(ctx context.Context, tx *db.Tx, who actor.Actor, p Photo, in Words) error {
	if p.People == PeopleWithdrawn {
		return errs.New(errs.Conflict, i18n.PhotoConsentGone)
	}
	p.Words, p.ConsentBy = in, who.Account
	if err := update(ctx, tx, p); err != nil {
		return err
	}
	return a.record(ctx, tx, who, "photo.describe", p)
}

// Move moves a photo to a place in the order of its owner; at the first it is the lead
// photo.
func (a *Album) Move(ctx context.Context, tx *db.Tx, who actor.Actor, p Photo, place int) error {
	all, err := Of(ctx, tx, p.Owner.ID)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(o Photo) bool { return o.ID == p.ID })
	p.Place = max(1, min(place, len(all)+1))
	if err := placeInOrder(ctx, tx, slices.Insert(all, p.Place-1, p)); err != nil {
		return err
	}
	return a.record(ctx, tx, who, "photo.place", p)
}

// Remove takes a photo off its owner and forgets it: it is gone from every page at once,
// and its files go with the next sweep.
func (a *Album) Remove(ctx context.Context, tx *db.Tx, who actor.Actor, p Photo) error {
	if err := remove(ctx, tx, p.ID); err != nil {
		return err
	}
	rest, err := Of(ctx, tx, p.Owner.ID)
	if err != nil {
		return err
	}
	if err := placeInOrder(ctx, tx, rest); err != nil {
		return err
	}
	return a.record(ctx, tx, who, "photo.remove", p)
}

// Withdraw notes that those shown in a photo do not agree any more. The photo is gone from
// every page at once, from those of other owners that show the very same one too, and its
// files go with the next sweep; that they had agreed, and until when, stays on record.
func (a *Album) Withdraw(ctx context.Context, tx *db.Tx, who actor.Actor, p Photo, note string) error {
	if p.People != PeopleAgreed {
		return errs.New(errs.Conflict, i18n.PhotoConsentGone)
	}
	same, err := twinsOf(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	for _, one := range append(same, p) {
		one.People, one.WithdrawnOn, one.WithdrawnNote = PeopleWithdrawn, a.now.Today(), note
		if err := update(ctx, tx, one); err != nil {
			return err
		}
		if err := a.record(ctx, tx, who, "photo.withdraw", one); err != nil {
			return err
		}
		if err := deleteSizes(ctx, tx, one.ID); err != nil {
			return err
		}
	}
	return nil
}

// Blot takes somebody out of what is said of a photo and of what its file is called, in any
// state; for the room above, which has looked at rights and scope. Who agreed to be shown,
// and who noted that, stays.
func (a *Album) Blot(ctx context.Context, tx *db.Tx, who actor.Actor, p Photo, blot func(string) string) error {
	p.Alt, p.Caption, p.Credit = blot(p.Alt), blot(p.Caption), blot(p.Credit)
	p.Name, p.WithdrawnNote = blot(p.Name), blot(p.WithdrawnNote)
	if err := update(ctx, tx, p); err != nil {
		return err
	}
	if err := rename(ctx, tx, p); err != nil {
		return err
	}
	p.ConsentOf = "" // the audit is for good: it need not say again who agreed
	return a.record(ctx, tx, who, "photo.blot", p)
}

// record tells the audit what became of a photo.
func (a *Album) record(ctx context.Context, tx *db.Tx, who actor.Actor, action string, p Photo) error {
	return a.log.Add(ctx, tx, who, action, audit.Object{Kind: string(p.Owner.Kind), ID: p.Owner.ID}, map[string]any{
		"photo": p.ID, "place": p.Place, "words": p.Words, "files": p.Sizes, "note": p.WithdrawnNote,
	})
}

// Open opens a photo in one width; who asks closes it.
func (a *Album) Open(ctx context.Context, p Photo, width int) (Size, io.ReadCloser, error) {
	i := slices.IndexFunc(p.Sizes, func(z Size) bool { return z.Width == width })
	if i < 0 {
		return Size{}, nil, NotFound()
	}
	content, err := a.OpenSize(ctx, p.Sizes[i])
	return p.Sizes[i], content, err
}

// OpenSize opens a size; who asks closes it.
func (a *Album) OpenSize(ctx context.Context, z Size) (io.ReadCloser, error) {
	return a.files.Open(ctx, blob.Ref{SHA256: z.SHA256, Size: z.Bytes})
}

// KeptFiles tells which of some files belong to a photo.
func KeptFiles(ctx context.Context, q db.Querier, hashes []string) (map[string]bool, error) {
	return keptFiles(ctx, q, hashes)
}

// NotFound says that there is no such photo.
func NotFound() error { return errs.New(errs.NotFound, i18n.PhotoNotFound) }
