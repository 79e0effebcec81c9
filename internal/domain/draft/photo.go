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

// IsPhoto tells whether a file goes into the album of the entry. What else comes along
// stands among its documents; so does a paper that somebody signed, even where it was
// photographed.
func (f File) IsPhoto() bool {
	return f.Kind == practice.Evidence && (f.FileKind == blob.JPEG || f.FileKind == blob.PNG)
}

// illustrations makes the photos of a draft anew in each size, before the transaction in
// which the entry gets them. One that cannot be read as a picture stays a document.
func (s *Service) illustrations(ctx context.Context, files []File) (photos []photo.Photo, rest []File, err error) {
	for _, f := range files {
		if !f.IsPhoto() {
			rest = append(rest, f)
			continue
		}
		sizes, err := s.sizesOf(ctx, f)
		switch {
		case errs.Is(err, errs.Invalid):
			rest = append(rest, f)
		case err != nil:
			return nil, nil, err
		default:
			photos = append(photos, photo.Photo{Name: f.FileName, Sizes: sizes})
		}
	}
	return photos, rest, nil
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
