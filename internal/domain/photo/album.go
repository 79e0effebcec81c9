package press

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/picture"
)

// PhotoFile is a photo as it comes. Its name is a text to be shown, and says nothing about
// what it is.
type PhotoFile struct {
	Name    string
	Content io.ReaderAt
	Size    int64
}

// AddPhoto makes a photo fit for the page and puts it behind the others of the article.
// What was sent is not kept.
func (s *Service) AddPhoto(ctx context.Context, who actor.Actor, article string, in PhotoWords, file *PhotoFile) (Photo, error) {
	if !who.Can(RightWrite) && !who.Can(RightPublish) {
		return Photo{}, forbidden()
	}
	if err := in.Check(s.now.Today()); err != nil {
		return Photo{}, err
	}
	if file == nil || file.Size == 0 {
		return Photo{}, errs.New(errs.Invalid, i18n.ErrsRequired).On("photo")
	}
	if _, err := s.illustrated(ctx, s.db, who, article, in); err != nil { // before a photo is made for nothing
		return Photo{}, err
	}
	sizes, err := s.makeSizes(ctx, *file)
	if err != nil {
		return Photo{}, err
	}
	p := Photo{ID: s.newID(), Article: article, Name: blob.Name(file.Name), PhotoWords: in, ConsentBy: who.Account, Sizes: sizes}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.illustrated(ctx, tx, who, article, in)
		if err != nil {
			return err
		}
		before, err := photos(ctx, tx, article)
		if err != nil {
			return err
		}
		if len(before) >= MaxPhotos {
			return errs.New(errs.Invalid, i18n.PressTooMany, MaxPhotos).On("photo")
		}
		p.Place = len(before) + 1
		if err := insertPhoto(ctx, tx, p, s.now()); err != nil {
			return err
		}
		return s.auditPhoto(ctx, tx, who, "press.photo.add", a, p)
	})
	return p, err
}

// illustrated finds an article whose photos the actor may change now; where it is more
// than a draft, a photo may have no gaps.
func (s *Service) illustrated(ctx context.Context, q db.Querier, who actor.Actor, article string, in PhotoWords) (Article, error) {
	a, err := s.mine(ctx, q, who, article)
	switch {
	case err != nil:
		return Article{}, err
	case !Editable(who, a.State):
		return Article{}, errs.New(errs.Conflict, i18n.PressNotNow)
	case a.State != Draft:
		return a, in.lacks().Err()
	}
	return a, nil
}

// makeSizes makes a photo anew in each size and keeps the files, before the rows that name
// them.
func (s *Service) makeSizes(ctx context.Context, file PhotoFile) ([]Size, error) {
	made, err := s.rooms.Pictures.Make(ctx, file.Content, file.Size)
	if err != nil {
		return nil, photoError(err)
	}
	var sizes []Size
	for _, r := range made {
		ref, err := s.rooms.Files.Put(ctx, bytes.NewReader(r.JPEG), picture.MaxBytes)
		if err != nil {
			return nil, fmt.Errorf("keep a photo: %w", err)
		}
		sizes = append(sizes, Size{Width: r.Width, Height: r.Height, SHA256: ref.SHA256, Bytes: ref.Size})
	}
	return sizes, nil
}

// photoError says in the words of a form what is wrong with a photo.
func photoError(err error) error {
	for _, known := range []struct {
		is  error
		key i18n.Key
	}{{picture.ErrKind, i18n.PressPhotoKind}, {picture.ErrTooLarge, i18n.PressPhotoLarge}, {picture.ErrDamaged, i18n.PressPhotoDamaged}} {
		if errors.Is(err, known.is) {
			return errs.New(errs.Invalid, known.key, picture.MaxBytes>>20, picture.MaxPixels/1_000_000).On("photo").Because(err)
		}
	}
	return err
}

// DescribePhoto says anew what is said of a photo.
func (s *Service) DescribePhoto(ctx context.Context, who actor.Actor, article, photo string, in PhotoWords) error {
	if !who.Can(RightWrite) && !who.Can(RightPublish) {
		return forbidden()
	}
	if err := in.Check(s.now.Today()); err != nil {
		return err
	}
	return s.changePhoto(ctx, who, article, photo, "press.photo.describe", func(tx *db.Tx, a Article, p Photo) (Photo, error) {
		if p.People == PeopleWithdrawn || !Editable(who, a.State) {
			return p, errs.New(errs.Conflict, i18n.PressNotNow)
		}
		if l := in.lacks(); a.State != Draft && len(l) > 0 {
			return p, l.Err()
		}
		p.PhotoWords, p.ConsentBy = in, who.Account
		if err := updatePhoto(ctx, tx, p); err != nil {
			return p, err
		}
		return p, nil
	})
}

// PlacePhoto moves a photo to a place in the order; at the first it is the lead photo.
func (s *Service) PlacePhoto(ctx context.Context, who actor.Actor, article, photo string, place int) error {
	if !who.Can(RightWrite) && !who.Can(RightPublish) {
		return forbidden()
	}
	return s.changePhoto(ctx, who, article, photo, "press.photo.place", func(tx *db.Tx, a Article, p Photo) (Photo, error) {
		if !Editable(who, a.State) {
			return p, errs.New(errs.Conflict, i18n.PressNotNow)
		}
		all, err := photos(ctx, tx, article)
		if err != nil {
			return p, err
		}
		all = slices.DeleteFunc(all, func(o Photo) bool { return o.ID == photo })
		p.Place = max(1, min(place, len(all)+1))
		if err := placeInOrder(ctx, tx, slices.Insert(all, p.Place-1, p)); err != nil {
			return p, err
		}
		return p, nil
	})
}

// RemovePhoto takes a photo off the article and forgets it: it is gone from every page at
// once, and its files go with the next sweep.
func (s *Service) RemovePhoto(ctx context.Context, who actor.Actor, article, photo string) error {
	if !who.Can(RightWrite) && !who.Can(RightPublish) {
		return forbidden()
	}
	return s.changePhoto(ctx, who, article, photo, "press.photo.remove", func(tx *db.Tx, a Article, p Photo) (Photo, error) {
		if !MayTakeOff(who, a.State) {
			return p, errs.New(errs.Conflict, i18n.PressNotNow)
		}
		if err := deletePhoto(ctx, tx, p.ID); err != nil {
			return p, err
		}
		rest, err := photos(ctx, tx, article)
		if err != nil {
			return p, err
		}
		if err := placeInOrder(ctx, tx, rest); err != nil {
			return p, err
		}
		return p, nil
	})
}

// WithdrawConsent notes that those shown in a photo do not agree any more. The photo is
// gone from every page at once, in other articles that show the very same one too, and its
// files go with the next sweep; that they had agreed, and until when, stays on record.
func (s *Service) WithdrawConsent(ctx context.Context, who actor.Actor, article, photo, note string) error {
	if !who.Can(RightWrite) && !who.Can(RightPublish) {
		return forbidden()
	}
	var l errs.List
	note = strings.TrimSpace(note)
	if text(&l, "note", note, maxNote, true); l.Err() != nil {
		return l.Err()
	}
	return s.changePhoto(ctx, who, article, photo, "press.photo.withdraw", func(tx *db.Tx, a Article, p Photo) (Photo, error) {
		if p.People != PeopleAgreed || !MayTakeOff(who, a.State) {
			return p, errs.New(errs.Conflict, i18n.PressNotNow)
		}
		twins, err := twinsOf(ctx, tx, p.ID)
		if err != nil {
			return p, err
		}
		for _, twin := range twins {
			if _, err := s.withdrawn(ctx, tx, twin, note); err != nil {
				return p, err
			}
			if err := s.audit(ctx, tx, who, "press.photo.withdraw", Article{ID: twin.Article}, map[string]any{"photo": twin.ID, "same": p.ID}); err != nil {
				return p, err
			}
		}
		return s.withdrawn(ctx, tx, p, note)
	})
}

// withdrawn takes the files of a photo off and keeps its record.
func (s *Service) withdrawn(ctx context.Context, tx *db.Tx, p Photo, note string) (Photo, error) {
	p.People, p.WithdrawnOn, p.WithdrawnNote = PeopleWithdrawn, s.now.Today(), note
	if err := updatePhoto(ctx, tx, p); err != nil {
		return p, err
	}
	return p, deleteSizes(ctx, tx, p.ID)
}

// changePhoto finds a photo of an article within the actor's scope, changes it and records
// the change.
func (s *Service) changePhoto(ctx context.Context, who actor.Actor, article, photo, action string, do func(*db.Tx, Article, Photo) (Photo, error)) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.mine(ctx, tx, who, article)
		if err != nil {
			return err
		}
		p, err := photoOf(ctx, tx, article, photo)
		if err != nil {
			return err
		}
		if p, err = do(tx, a, p); err != nil {
			return err
		}
		return s.auditPhoto(ctx, tx, who, action, a, p)
	})
}

func (s *Service) auditPhoto(ctx context.Context, tx *db.Tx, who actor.Actor, action string, a Article, p Photo) error {
	return s.audit(ctx, tx, who, action, a, map[string]any{"photo": p.ID, "place": p.Place, "words": p.PhotoWords, "files": p.Sizes, "note": p.WithdrawnNote})
}

// Photos lists the photos of an article for those who may see it, in their order.
func (s *Service) Photos(ctx context.Context, who actor.Actor, article string) ([]Photo, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	if _, err := s.mine(ctx, s.db, who, article); err != nil {
		return nil, err
	}
	return photos(ctx, s.db, article)
}

// OpenPhoto opens a photo in one width for those who may see the article; who asks closes
// it.
func (s *Service) OpenPhoto(ctx context.Context, who actor.Actor, article, photo string, width int) (Size, io.ReadCloser, error) {
	if !who.Can(RightRead) {
		return Size{}, nil, forbidden()
	}
	if _, err := s.mine(ctx, s.db, who, article); err != nil {
		return Size{}, nil, err
	}
	p, err := photoOf(ctx, s.db, article, photo)
	if err != nil {
		return Size{}, nil, err
	}
	i := slices.IndexFunc(p.Sizes, func(z Size) bool { return z.Width == width })
	if i < 0 {
		return Size{}, nil, noPhoto()
	}
	content, err := s.openSize(ctx, p.Sizes[i])
	return p.Sizes[i], content, err
}

// PublicPhoto opens a size of a photo by its hash and width, while a published article
// shows it; who asks closes it.
func (s *Service) PublicPhoto(ctx context.Context, sha string, width int) (Size, io.ReadCloser, error) {
	z, err := publicSize(ctx, s.db, sha, width)
	if errors.Is(err, db.ErrNoRow) {
		return Size{}, nil, noPhoto()
	}
	if err != nil {
		return Size{}, nil, err
	}
	content, err := s.openSize(ctx, z)
	return z, content, err
}

func (s *Service) openSize(ctx context.Context, z Size) (io.ReadCloser, error) {
	return s.rooms.Files.Open(ctx, blob.Ref{SHA256: z.SHA256, Size: z.Bytes})
}

// KeptFiles tells which of some files belong to a photo of an article.
func (s *Service) KeptFiles(ctx context.Context, hashes []string) (map[string]bool, error) {
	return keptFiles(ctx, s.db, hashes)
}

func noPhoto() error { return errs.New(errs.NotFound, i18n.PressPhotoNotFound) }
