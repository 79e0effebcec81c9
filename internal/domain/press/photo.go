package press

import (
	"context"
	"io"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// MayTakeOff tells whether an actor may remove a photo or note that consent is withdrawn:
// whoever may edit the article, and at any time those who publish.
func MayTakeOff(who actor.Actor, s State) bool { return who.Can(RightPublish) || Editable(who, s) }

// AddPhoto makes a photo fit for the page and puts it behind the others of the article.
func (s *Service) AddPhoto(ctx context.Context, who actor.Actor, article string, in photo.Words, file *photo.File) (photo.Photo, error) {
	if !who.Can(RightWrite) && !who.Can(RightPublish) {
		return photo.Photo{}, forbidden()
	}
	if err := in.Check(s.now.Today()); err != nil {
		return photo.Photo{}, err
	}
	if err := s.mayIllustrate(ctx, s.db, who, article, in); err != nil { // before a photo is made for nothing
		return photo.Photo{}, err
	}
	sizes, err := s.rooms.Album.Make(ctx, file)
	if err != nil {
		return photo.Photo{}, err
	}
	p := photo.Photo{Owner: photo.Owner{Kind: photo.Article, ID: article}, Name: file.Name, Words: in, Sizes: sizes}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.mayIllustrate(ctx, tx, who, article, in); err != nil {
			return err
		}
		p, err = s.rooms.Album.Add(ctx, tx, who, p)
		return err
	})
	return p, err
}

// mayIllustrate tells whether the actor may change the photos of an article now; where it
// is more than a draft, a photo may have no gaps.
func (s *Service) mayIllustrate(ctx context.Context, q db.Querier, who actor.Actor, article string, in photo.Words) error {
	a, err := s.mine(ctx, q, who, article)
	switch {
	case err != nil:
		return err
	case !Editable(who, a.State):
		return errs.New(errs.Conflict, i18n.PressNotNow)
	case a.State != Draft:
		return in.Lacks().Err()
	}
	return nil
}

// DescribePhoto says anew what is said of a photo.
func (s *Service) DescribePhoto(ctx context.Context, who actor.Actor, article, id string, in photo.Words) error {
	if !who.Can(RightWrite) && !who.Can(RightPublish) {
		return forbidden()
	}
	if err := in.Check(s.now.Today()); err != nil {
		return err
	}
	return s.changePhoto(ctx, who, article, id, func(tx *db.Tx, a Article, p photo.Photo) error {
		if !Editable(who, a.State) {
			return errs.New(errs.Conflict, i18n.PressNotNow)
		}
		if l := in.Lacks(); a.State != Draft && len(l) > 0 {
			return l.Err()
		}
		return s.rooms.Album.Describe(ctx, tx, who, p, in)
	})
}

// PlacePhoto moves a photo to a place in the order; at the first it is the lead photo.
func (s *Service) PlacePhoto(ctx context.Context, who actor.Actor, article, id string, place int) error {
	if !who.Can(RightWrite) && !who.Can(RightPublish) {
		return forbidden()
	}
	return s.changePhoto(ctx, who, article, id, func(tx *db.Tx, a Article, p photo.Photo) error {
		if !Editable(who, a.State) {
			return errs.New(errs.Conflict, i18n.PressNotNow)
		}
		return s.rooms.Album.Move(ctx, tx, who, p, place)
	})
}

// RemovePhoto takes a photo off the article and forgets it.
func (s *Service) RemovePhoto(ctx context.Context, who actor.Actor, article, id string) error {
	if !who.Can(RightWrite) && !who.Can(RightPublish) {
		return forbidden()
	}
	return s.changePhoto(ctx, who, article, id, func(tx *db.Tx, a Article, p photo.Photo) error {
		if !MayTakeOff(who, a.State) {
			return errs.New(errs.Conflict, i18n.PressNotNow)
		}
		return s.rooms.Album.Remove(ctx, tx, who, p)
	})
}

// WithdrawConsent notes that those shown in a photo do not agree any more.
func (s *Service) WithdrawConsent(ctx context.Context, who actor.Actor, article, id, note string) error {
	if !who.Can(RightWrite) && !who.Can(RightPublish) {
		return forbidden()
	}
	note, err := photo.CheckNote(note)
	if err != nil {
		return err
	}
	return s.changePhoto(ctx, who, article, id, func(tx *db.Tx, a Article, p photo.Photo) error {
		if !MayTakeOff(who, a.State) {
			return errs.New(errs.Conflict, i18n.PressNotNow)
		}
		return s.rooms.Album.Withdraw(ctx, tx, who, p, note)
	})
}

// changePhoto finds a photo of an article within the actor's scope and changes it; the
// album records the change.
func (s *Service) changePhoto(ctx context.Context, who actor.Actor, article, id string, do func(*db.Tx, Article, photo.Photo) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := s.mine(ctx, tx, who, article)
		if err != nil {
			return err
		}
		p, err := photo.Find(ctx, tx, article, id)
		if err != nil {
			return err
		}
		return do(tx, a, p)
	})
}

// Photos lists the photos of an article for those who may see it, in their order.
func (s *Service) Photos(ctx context.Context, who actor.Actor, article string) ([]photo.Photo, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	if _, err := s.mine(ctx, s.db, who, article); err != nil {
		return nil, err
	}
	return photo.Of(ctx, s.db, article)
}

// OpenPhoto opens a photo in one width for those who may see the article; who asks closes
// it.
func (s *Service) OpenPhoto(ctx context.Context, who actor.Actor, article, id string, width int) (photo.Size, io.ReadCloser, error) {
	if !who.Can(RightRead) {
		return photo.Size{}, nil, forbidden()
	}
	if _, err := s.mine(ctx, s.db, who, article); err != nil {
		return photo.Size{}, nil, err
	}
	p, err := photo.Find(ctx, s.db, article, id)
	if err != nil {
		return photo.Size{}, nil, err
	}
	return s.rooms.Album.Open(ctx, p, width)
}

// PublicPhoto opens a size of a photo by its hash and width, while a published article or a
// published practice shows it; who asks closes it.
func (s *Service) PublicPhoto(ctx context.Context, sha string, width int) (photo.Size, io.ReadCloser, error) {
	holders, err := photo.Holders(ctx, s.db, sha, width)
	if err != nil {
		return photo.Size{}, nil, err
	}
	for _, h := range holders {
		public, err := s.isPublic(ctx, h.Owner)
		if err != nil {
			return photo.Size{}, nil, err
		}
		if public {
			content, err := s.rooms.Album.OpenSize(ctx, h.Size)
			return h.Size, content, err
		}
	}
	return photo.Size{}, nil, photo.NotFound()
}

func (s *Service) isPublic(ctx context.Context, of photo.Owner) (bool, error) {
	if of.Kind == photo.Entry {
		return s.rooms.Practices.IsPublic(ctx, of.ID)
	}
	a, err := find(ctx, s.db, of.ID)
	return a.State == Published, err
}

// illustrate gives headlines their lead photos: of each article the first that readers
// may see.
func illustrate(ctx context.Context, q db.Querier, all []Headline) error {
	ids := make([]string, len(all))
	for i, h := range all {
		ids[i] = h.ID
	}
	leads, err := photo.Leads(ctx, q, ids)
	for i := range all {
		all[i].Photo = leads[all[i].ID]
	}
	return err
}
