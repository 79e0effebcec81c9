package admin

import (
	"io"
	"net/http"

	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/album"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) entryPhotoRoutes() []webkit.Route {
	return album.Pages{Desk: f.Desk, At: "/admin/entries/{code}", Write: practice.RightRegister, Read: practice.RightRead, Open: f.entryAlbum}.Routes()
}

// entryAlbum is the photos of an entry.
func (f *Face) entryAlbum(r *http.Request) (album.Album, error) {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	e, err := f.Practices.Get(ctx, who, r.PathValue("code"))
	if err != nil {
		return album.Album{}, err
	}
	all, err := f.Practices.Photos(ctx, who, e.ID)
	return album.Album{
		Base: entryPath(e.Code), Back: entryPath(e.Code, "files"), Title: i18n.RegisterPhotos, Hint: i18n.RegisterPhotosHint, Photos: all,
		Crumbs: []ui.Link{
			{Text: lang.T(i18n.AdminRegister), Href: "/admin/entries"},
			{Text: e.Code, Href: entryPath(e.Code)},
			{Text: lang.T(i18n.RegisterFiles), Href: entryPath(e.Code, "files")},
		},
		Edit:    practice.MayIllustrate(who, e, f.Now.Today()),
		TakeOff: who.Can(practice.RightRegister) || who.Can(practice.RightPublish),
		Whole:   e.Public(f.Now.Today()),
		Add: func(in photo.Words, file *photo.File) error {
			_, err := f.Practices.AddPhoto(ctx, who, e.ID, in, file)
			return err
		},
		Describe: func(id string, in photo.Words) error { return f.Practices.DescribePhoto(ctx, who, e.ID, id, in) },
		Place:    func(id string, place int) error { return f.Practices.PlacePhoto(ctx, who, e.ID, id, place) },
		Remove:   func(id string) error { return f.Practices.RemovePhoto(ctx, who, e.ID, id) },
		Withdraw: func(id, note string) error { return f.Practices.WithdrawPhoto(ctx, who, e.ID, id, note) },
		Open: func(id string, width int) (photo.Size, io.ReadCloser, error) {
			return f.Practices.OpenPhoto(ctx, who, e.ID, id, width)
		},
	}, err
}
