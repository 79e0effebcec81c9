package practice

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// MayIllustrate tells whether an actor may add photos to an entry and change what is said
// of them: whoever registers; of what everybody sees, those who publish.
func MayIllustrate(who actor.Actor, e Entry, on clock.Date) bool {
	return who.Can(RightPublish) || (who.Can(RightRegister) && !e.Public(on))
}

// mayTakeOff tells whether an actor may remove a photo or note that consent is withdrawn:
// nobody has to wait for another before that is done.
func mayTakeOff(who actor.Actor) bool { return who.Can(RightRegister) || who.Can(RightPublish) }

// AddPhoto makes a photo fit for the page and puts it behind the others of the entry.
func (s *Service) AddPhoto(ctx context.Context, who actor.Actor, key string, in photo.Words, file *photo.File) (photo.Photo, error) {
	if !mayTakeOff(who) {
		return photo.Photo{}, forbidden()
	}
	if err := in.Check(s.now.Today()); err != nil {
		return photo.Photo{}, err
	}
	if _, err := s.illustrated(ctx, s.db, who, key, in); err != nil { // before a photo is made for nothing
		return photo.Photo{}, err
	}
	sizes, err := s.album.Make(ctx, file)
	if err != nil {
		return photo.Photo{}, err
	}
	p := photo.Photo{Name: file.Name, Words: in, Sizes: sizes}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.illustrated(ctx, tx, who, key, in)
		if err != nil {
			return err
		}
		p.Owner = photo.Owner{Kind: photo.Entry, ID: e.ID}
		p, err = s.album.Add(ctx, tx, who, p)
		return err
	})
	return p, err
}

// illustrated finds an entry whose photos the actor may change now; where everybody sees
// it, a photo may have no gaps.
func (s *Service) illustrated(ctx context.Context, q db.Querier, who actor.Actor, key string, in photo.Words) (Entry, error) {
	e, err := s.get(ctx, q, who, key)
	switch {
	case err != nil:
		return Entry{}, err
	case !MayIllustrate(who, e, s.now.Today()):
		return Entry{}, errs.New(errs.Conflict, i18n.PracticePhotoPublic)
	case e.Public(s.now.Today()):
		return e, in.Lacks().Err()
	}
	return e, nil
}

// DescribePhoto says anew what is said of a photo.
func (s *Service) DescribePhoto(ctx context.Context, who actor.Actor, key, id string, in photo.Words) error {
	if !mayTakeOff(who) {
		return forbidden()
	}
	if err := in.Check(s.now.Today()); err != nil {
		return err
	}
	return s.changePhoto(ctx, who, key, id, func(tx *db.Tx, p photo.Photo) error {
		if _, err := s.illustrated(ctx, tx, who, key, in); err != nil {
			return err
		}
		return s.album.Describe(ctx, tx, who, p, in)
	})
}

// PlacePhoto moves a photo to a place in the order; at the first it is the lead photo.
func (s *Service) PlacePhoto(ctx context.Context, who actor.Actor, key, id string, place int) error {
	return s.changePhoto(ctx, who, key, id, func(tx *db.Tx, p photo.Photo) error {
		if _, err := s.illustrated(ctx, tx, who, key, p.Words); err != nil {
			return err
		}
		return s.album.Move(ctx, tx, who, p, place)
	})
}

// RemovePhoto takes a photo off the entry and forgets it.
func (s *Service) RemovePhoto(ctx context.Context, who actor.Actor, key, id string) error {
	return s.changePhoto(ctx, who, key, id, func(tx *db.Tx, p photo.Photo) error {
		return s.album.Remove(ctx, tx, who, p)
	})
}

// WithdrawPhoto notes that those shown in a photo do not agree any more.
func (s *Service) WithdrawPhoto(ctx context.Context, who actor.Actor, key, id, note string) error {
	if !mayTakeOff(who) {
		return forbidden()
	}
	note, err := photo.CheckNote(note)
	if err != nil {
		return err
	}
	return s.changePhoto(ctx, who, key, id, func(tx *db.Tx, p photo.Photo) error {
		return s.album.Withdraw(ctx, tx, who, p, note)
	})
}

// changePhoto finds a photo of an entry within the actor's scope and changes it; the album
// records the change.
func (s *Service) changePhoto(ctx context.Context, who actor.Actor, key, id string, do func(*db.Tx, photo.Photo) error) error {
	if !mayTakeOff(who) {
		return forbidden()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.get(ctx, tx, who, key)
		if err != nil {
			return err
		}
		p, err := photo.Find(ctx, tx, e.ID, id)
		if err != nil {
			return err
		}
		return do(tx, p)
	})
}

// Photos lists the photos of an entry for those who may see it, in their order.
func (s *Service) Photos(ctx context.Context, who actor.Actor, key string) ([]photo.Photo, error) {
	e, err := s.Get(ctx, who, key)
	if err != nil {
		return nil, err
	}
	return photo.Of(ctx, s.db, e.ID)
}

// OpenPhoto opens a photo in one width for those who may see the entry; who asks closes it.
func (s *Service) OpenPhoto(ctx context.Context, who actor.Actor, key, id string, width int) (photo.Size, io.ReadCloser, error) {
	e, err := s.Get(ctx, who, key)
	if err != nil {
		return photo.Size{}, nil, err
	}
	p, err := photo.Find(ctx, s.db, e.ID, id)
	if err != nil {
		return photo.Size{}, nil, err
	}
	return s.album.Open(ctx, p, width)
}

// IsPublic tells whether everybody may see an entry, by its identity.
func (s *Service) IsPublic(ctx context.Context, id string) (bool, error) {
	_, public, err := SeenIn(ctx, s.db, id, s.now.Today())
	return public, err
}

// SeenIn is an entry as readers see it on a day, for the rooms above; false where nobody
// may see it.
func SeenIn(ctx context.Context, q db.Querier, id string, on clock.Date) (seen Entry, public bool, err error) {
	e, err := find(ctx, q, id)
	if errors.Is(err, db.ErrNoRow) {
		return Entry{}, false, nil
	}
	if err != nil {
		return Entry{}, false, err
	}
	standings, err := ledger.Standings(ctx, q, []string{e.ID})
	if e.Standing = standings[e.ID]; err != nil || !e.Public(on) {
		return Entry{}, false, err
	}
	err = measured(ctx, q, &e)
	return e.ForReaders(), true, err
}

// photosForReaders are the photos of a published entry, with nothing in their words that
// is hidden.
func photosForReaders(ctx context.Context, q db.Querier, e Entry) ([]photo.Photo, error) {
	all, err := photo.Of(ctx, q, e.ID)
	return shownOf(all, e.hiding()), err
}

// shownOf are those of some photos that readers see, with what is hidden blotted out.
func shownOf(all []photo.Photo, hide func(string) string) []photo.Photo {
	all = photo.Shown(all)
	for i := range all {
		p := &all[i]
		p.Alt, p.Caption, p.Credit = hide(p.Alt), hide(p.Caption), hide(p.Credit)
		p.Name, p.ConsentOf, p.ConsentOn, p.ConsentBy = "", "", 0, ""
	}
	return all
}

// illustrate gives published practices their lead photos.
func illustrate(ctx context.Context, q db.Querier, rows []PublicRow) error {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.Entry
	}
	leads, err := photo.Leads(ctx, q, slices.Compact(ids))
	for i, r := range rows {
		if lead, ok := leads[r.Entry]; ok {
			rows[i].Photo = shownOf([]photo.Photo{lead}, r.hide)[0]
		}
	}
	return err
}
