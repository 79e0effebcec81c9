package portal

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// address says where a photo is in one size.
type address func(photo.Photo, photo.Size) string

// public is the address of a photo that a published article shows.
func public(_ photo.Photo, z photo.Size) string { return z.Path() }

// picture is a photo as a page shows it.
func picture(p photo.Photo, at address) ui.Picture {
	pic := ui.Picture{Alt: p.Alt, Caption: p.Caption, Credit: p.Credit}
	for _, z := range p.Sizes {
		pic.Sizes = append(pic.Sizes, ui.PictureSize{Href: at(p, z), Width: z.Width, Height: z.Height})
	}
	return pic
}

// illustrate puts the photos into the text where they have a place there. Of the others the
// lead photo stands above the text and the rest below it.
func (v *articleView) illustrate(body string, all []photo.Photo, at address) {
	parts, rest := press.Illustrated(body, all)
	for _, p := range parts {
		part := bodyPart{html: p.HTML}
		if p.Photo != nil {
			part.photo = picture(*p.Photo, at)
		}
		v.body = append(v.body, part)
	}
	for i, one := range rest {
		if i == 0 && one.ID == all[0].ID {
			v.lead = picture(one, at)
			continue
		}
		v.photos = append(v.photos, picture(one, at))
	}
}

// media sends a photo in one size, as long as a published article shows it.
func (f *Face) media(w http.ResponseWriter, r *http.Request) error {
	number, jpeg := strings.CutSuffix(r.PathValue("file"), ".jpg")
	width, err := strconv.Atoi(number)
	if !jpeg || err != nil || !blob.Valid(r.PathValue("hash")) {
		return errs.New(errs.NotFound, i18n.PhotoNotFound)
	}
	size, content, err := f.Press.PublicPhoto(r.Context(), r.PathValue("hash"), width)
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // it was only read
	return webkit.ShowImage(w, r, webkit.Image{Type: blob.JPEG.MediaType(), Tag: size.SHA256, Size: size.Bytes, Public: true, Content: content})
}

// previewPath is where those who may see a draft see it as its readers will.
const previewPath = "/preview/articles/"

// articlePreview shows an article as its readers will see it, in a frame of the desk. What
// readers do with an article is not there: there is nothing to rate yet.
func (f *Face) articlePreview(w http.ResponseWriter, r *http.Request) error {
	shown, err := f.Press.Preview(r.Context(), webkit.Actor(r), r.PathValue("article"))
	if err != nil {
		return err
	}
	p, err := f.page(r, shown.Title, f.home(webkit.Lang(r)), ui.Link{Text: webkit.Lang(r).T(i18n.ArticlepageArticles), Href: "/articles"})
	if err != nil {
		return err
	}
	v, err := f.articleView(r, shown, func(photo photo.Photo, z photo.Size) string { // photos of a draft are for its writers alone
		return "/admin/articles/" + shown.ID + "/photos/" + photo.ID + "/file/" + strconv.Itoa(z.Width)
	})
	if err != nil {
		return err
	}
	v.draft, p.Module, p.User = true, "article.js", nil // readers have no account
	p.Meta = &ui.Meta{NoIndex: true}
	webkit.Framed(w)
	return render(w, r, articlePage(p, v))
}
