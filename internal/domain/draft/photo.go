package draft

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// IsPhoto tells whether a file is shown in the album of the entry, too. It stands among its
// documents all the same: the album makes pictures anew, smaller, and a list or an invoice
// that was photographed is evidence only as it came. A paper that somebody signed is shown in
// no album.
func (f File) IsPhoto() bool {
	return f.Kind == practice.Evidence && (f.FileKind == blob.JPEG || f.FileKind == blob.PNG)
}

// illustrations makes the photos of a draft anew in each size, before the transaction in
// which the entry gets them. One that cannot be read as a picture is a document alone.
func (s *Service) illustrations(ctx context.Context, files []File) ([]photo.Photo, error) {
	var photos []photo.Photo
	for _, f := range files {
		if !f.IsPhoto() {
			continue
		}
		sizes, err := s.sizesOf(ctx, f)
		switch {
		case errs.Is(err, errs.Invalid):
		case err != nil:
			return nil, err
		default:
			photos = append(photos, photo.Photo{Name: f.FileName, Sizes: sizes})
		}
	}
	return photos, nil
}

func (s *Service) sizesOf(ctx context.Context, f File) ([]photo.Size, error) {
	in, err := s.files.Open(ctx, blob.Ref{SHA256: f.FileHash, Size: f.FileSize})
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(in, practice.MaxFile+1))
	if err := errors.Join(err, in.Close()); err != nil {
		return nil, err
	}
	return s.album.Make(ctx, &photo.File{Name: f.FileName, Content: bytes.NewReader(raw), Size: int64(len(raw))})
}

// hang puts photos into the album of an entry. Nobody has said yet who can be recognised in
// them, so no reader sees them before that is said.
func (s *Service) hang(ctx context.Context, tx *db.Tx, who actor.Actor, entry string, photos []photo.Photo) error {
	for _, p := range photos {
		p.Owner = photo.Owner{Kind: photo.Entry, ID: entry}
		if _, err := s.album.Add(ctx, tx, who, p); err != nil {
			return err
		}
	}
	return nil
}
