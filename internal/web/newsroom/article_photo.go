package newsroom

import (
	"io"
	"net/http"

	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/album"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) articlePhotoRoutes() []webkit.Route {
	return album.Pages{Desk: f.Desk, At: "/admin/articles/{article}", Write: press.RightWrite, Read: press.RightRead, Open: f.articleAlbum}.Routes()
}

func articleEditLink(id string) string { return desk.ArticleLink(id) + "/edit" }

// articleAlbum is the photos of an article.
func (f *Face) articleAlbum(r *http.Request) (album.Album, error) {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	a, err := f.Press.Get(ctx, who, r.PathValue("article"))
	if err != nil {
		return album.Album{}, err
	}
	all, err := f.Press.Photos(ctx, who, a.ID)
	return album.Album{
		Base: desk.ArticleLink(a.ID), Back: articleEditLink(a.ID), Title: i18n.ArticledeskPhotos, Hint: i18n.ArticledeskPhotosHint, Photos: all,
		Crumbs:  []ui.Link{{Text: lang.T(i18n.ArticlepageArticles), Href: "/admin/articles"}, {Text: a.Title, Href: articleEditLink(a.ID)}},
		Edit:    press.Editable(who, a.State),
		TakeOff: press.MayTakeOff(who, a.State),
		Whole:   a.State != press.Draft,
		Add: func(in photo.Words, file *photo.File) error {
			_, err := f.Press.AddPhoto(ctx, who, a.ID, in, file)
			return err
		},
		Describe: func(id string, in photo.Words) error { return f.Press.DescribePhoto(ctx, who, a.ID, id, in) },
		Place:    func(id string, place int) error { return f.Press.PlacePhoto(ctx, who, a.ID, id, place) },
		Remove:   func(id string) error { return f.Press.RemovePhoto(ctx, who, a.ID, id) },
		Withdraw: func(id, note string) error { return f.Press.WithdrawConsent(ctx, who, a.ID, id, note) },
		Open: func(id string, width int) (photo.Size, io.ReadCloser, error) {
			return f.Press.OpenPhoto(ctx, who, a.ID, id, width)
		},
	}, err
}
