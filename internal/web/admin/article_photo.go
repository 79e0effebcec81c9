package admin

import (
	"net/http"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/picture"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) articlePhotoRoutes() []webkit.Route {
	const one = "/admin/articles/{article}/photos/{photo}"
	return []webkit.Route{
		get("/admin/articles/{article}/photos/new", press.RightWrite, f.photoNew),
		files(post("/admin/articles/{article}/photos/new", press.RightWrite, f.photoNew), 1),
		get(one, press.RightWrite, f.photoEdit),
		post(one, press.RightWrite, f.photoEdit),
		post(one+"/place", press.RightWrite, f.photoPlace),
		post(one+"/remove", press.RightWrite, f.photoRemove),
		get(one+"/withdraw", press.RightWrite, f.photoWithdraw),
		post(one+"/withdraw", press.RightWrite, f.photoWithdraw),
		get(one+"/file/{width}", press.RightRead, f.photoFile),
	}
}

func articleEditLink(id string) string { return articleLink(id) + "/edit" }

func photoLink(p press.Photo) string { return articleLink(p.Article) + "/photos/" + p.ID }

// photosView is the photos of an article with what can be done about them.
type photosView struct {
	all  []photoView
	add  photoForm // the form for one more
	more bool      // one more may be added
}

// photoView is a photo as those who write the article see it.
type photoView struct {
	press.Photo
	edit, takeOff bool
}

// picture is the photo at the desk, where a draft's are shown, too.
func (v photoView) picture() ui.Picture {
	pic := ui.Picture{Alt: v.Alt}
	for _, z := range v.Sizes {
		pic.Sizes = append(pic.Sizes, ui.PictureSize{Href: photoLink(v.Photo) + "/file/" + strconv.Itoa(z.Width), Width: z.Width, Height: z.Height})
	}
	return pic
}

// within puts the photos that are there into a text, and gives those that have no place in
// it.
func (v photosView) within(body string) (parts []press.Part, rest []ui.Picture) {
	var there []press.Photo
	for _, p := range v.all {
		if len(p.Sizes) > 0 {
			there = append(there, p.Photo)
		}
	}
	parts, others := press.Illustrated(body, there)
	for _, p := range others {
		rest = append(rest, photoView{Photo: p}.picture())
	}
	return parts, rest
}

// choices are the photos that can be put into the text.
func (v photosView) choices(lang i18n.Lang) []ui.PhotoChoice {
	var all []ui.PhotoChoice
	for _, p := range v.all {
		if len(p.Sizes) == 0 {
			continue
		}
		name := p.Alt
		if name == "" {
			name = p.Name
		}
		all = append(all, ui.PhotoChoice{ID: p.ID, Text: lang.T(i18n.ArticledeskPhotoNo, p.Place) + ": " + name, Src: p.picture().Sizes[len(p.Sizes)-1].Href})
	}
	return all
}

// lacking tells whether something has still to be said before it may be published.
func (v photoView) lacking() bool { return !v.Shown() && v.People != press.PeopleWithdrawn }

// consent says in words what is recorded of the people in the photo.
func (v photoView) consent(lang i18n.Lang) string {
	switch v.People {
	case press.PeopleAgreed:
		return lang.T(i18n.ArticledeskConsentOf, v.ConsentOf, v.ConsentOn)
	case press.PeopleWithdrawn:
		return lang.T(i18n.ArticledeskConsentWithdrawn, v.ConsentOf, v.WithdrawnOn, v.WithdrawnNote)
	default:
		return lang.T(v.People.Label())
	}
}

func (f *Face) photosView(r *http.Request, a press.Article) (photosView, error) {
	who := webkit.Actor(r)
	all, err := f.Press.Photos(r.Context(), who, a.ID)
	if err != nil {
		return photosView{}, err
	}
	v := photosView{add: newPhotoForm(who, a), more: len(all) < press.MaxPhotos && press.Editable(who, a.State)}
	for _, p := range all {
		v.all = append(v.all, photoView{
			Photo: p, edit: press.Editable(who, a.State) && p.People != press.PeopleWithdrawn, takeOff: press.MayTakeOff(who, a.State),
		})
	}
	return v, nil
}

// photoForm is the form about a photo.
type photoForm struct {
	filled
	title i18n.Key
	about string // title of the article
	back  string
	file  bool // the photo itself comes with it
	all   bool // nothing may be left open: the article is more than a draft
}

func newPhotoForm(who actor.Actor, a press.Article) photoForm {
	v := photoForm{title: i18n.ArticledeskPhotoAdd, about: a.Title, back: articleEditLink(a.ID), file: true, all: a.State != press.Draft}
	v.values, v.account, v.first, v.files = map[string][]string{}, who.Account, true, true
	v.action = articleLink(a.ID) + "/photos/new"
	return v
}

func photoFields() []string {
	return []string{"photo", "credit", "alt", "caption", "people", "consentOf", "consentOn", "note"}
}

func readPhoto(form *webkit.FormReader) press.PhotoWords {
	return press.PhotoWords{
		Credit: form.Text("credit", 300), Alt: form.Text("alt", 300), Caption: form.Text("caption", 1000),
		People: press.People(form.Choice("people", texts(press.PeopleChoices())...)), ConsentOf: form.Text("consentOf", 300), ConsentOn: form.Date("consentOn"),
	}
}

// peopleOptions offers what can be said of the people in a photo.
func peopleOptions(lang i18n.Lang) []ui.Option {
	var all []ui.Option
	for _, p := range press.PeopleChoices() {
		all = append(all, ui.Option{Value: string(p), Text: lang.T(p.Label())})
	}
	return all
}

func (f *Face) photoNew(w http.ResponseWriter, r *http.Request) error {
	ctx, who := r.Context(), webkit.Actor(r)
	a, err := f.Press.Get(ctx, who, r.PathValue("article"))
	if err != nil {
		return err
	}
	state, form := filledFrom(r)
	v := newPhotoForm(who, a)
	v.values, v.first = state.values, state.first
	return f.photoPage(w, r, v, func() error {
		in := readPhoto(form)
		if err := form.Err(); err != nil {
			return err
		}
		up, ok, err := webkit.File(r, "photo")
		if err != nil {
			return err
		}
		if !ok {
			return errs.New(errs.Invalid, i18n.ErrsRequired).On("photo")
		}
		defer up.Close() //nolint:errcheck // it was only read
		_, err = f.Press.AddPhoto(ctx, who, a.ID, in, &press.PhotoFile{Name: up.Name, Content: up, Size: up.Size})
		return err
	})
}

// photoPage answers a form about a photo: what was sent is done, and leads back to the
// article.
func (f *Face) photoPage(w http.ResponseWriter, r *http.Request, v photoForm, do func() error) error {
	lang, status := webkit.Lang(r), http.StatusOK
	if r.Method == http.MethodPost {
		err := do()
		if err == nil {
			return done(w, r, v.back+"#photos", i18n.ArticledeskPhotoSaved)
		}
		var ok bool
		if status, ok = v.refuse(lang, err, photoFields()...); !ok {
			return err
		}
	}
	p, err := f.page(r, lang.T(v.title), ui.Link{Text: lang.T(i18n.ArticlepageArticles), Href: "/admin/articles"}, ui.Link{Text: v.about, Href: v.back})
	if err != nil {
		return err
	}
	if v.title == i18n.ArticledeskPhotoWithdraw {
		return render(w, r, status, photoWithdrawPage(p, v))
	}
	return render(w, r, status, photoFormPage(p, v))
}

// photoAsked finds the article and the photo that an address names.
func (f *Face) photoAsked(r *http.Request) (press.Article, press.Photo, error) {
	a, err := f.Press.Get(r.Context(), webkit.Actor(r), r.PathValue("article"))
	if err != nil {
		return a, press.Photo{}, err
	}
	all, err := f.Press.Photos(r.Context(), webkit.Actor(r), a.ID)
	if err != nil {
		return a, press.Photo{}, err
	}
	for _, p := range all {
		if p.ID == r.PathValue("photo") {
			return a, p, nil
		}
	}
	return a, press.Photo{}, errs.New(errs.NotFound, i18n.PressPhotoNotFound)
}

func (f *Face) photoEdit(w http.ResponseWriter, r *http.Request) error {
	a, photo, err := f.photoAsked(r)
	if err != nil {
		return err
	}
	state, form := filledFrom(r)
	v := photoForm{filled: state, title: i18n.ArticledeskPhotoEdit, about: a.Title, back: articleEditLink(a.ID), all: a.State != press.Draft}
	v.start("credit", photo.Credit, "alt", photo.Alt, "caption", photo.Caption, "people", string(photo.People), "consentOf", photo.ConsentOf, "consentOn", day(photo.ConsentOn))
	return f.photoPage(w, r, v, func() error {
		in := readPhoto(form)
		if err := form.Err(); err != nil {
			return err
		}
		return f.Press.DescribePhoto(r.Context(), webkit.Actor(r), a.ID, photo.ID, in)
	})
}

func (f *Face) photoWithdraw(w http.ResponseWriter, r *http.Request) error {
	a, photo, err := f.photoAsked(r)
	if err != nil {
		return err
	}
	state, form := filledFrom(r)
	v := photoForm{filled: state, title: i18n.ArticledeskPhotoWithdraw, about: a.Title, back: articleEditLink(a.ID)}
	return f.photoPage(w, r, v, func() error {
		note := form.Text("note", 2000)
		if err := form.Err(); err != nil {
			return err
		}
		return f.Press.WithdrawConsent(r.Context(), webkit.Actor(r), a.ID, photo.ID, note)
	})
}

func (f *Face) photoPlace(w http.ResponseWriter, r *http.Request) error {
	form := webkit.Form(r)
	place := form.Int("place", 1, press.MaxPhotos)
	if err := form.Err(); err != nil {
		return err
	}
	if err := f.Press.PlacePhoto(r.Context(), webkit.Actor(r), r.PathValue("article"), r.PathValue("photo"), place); err != nil {
		return err
	}
	return webkit.Redirect(w, r, articleEditLink(r.PathValue("article"))+"#photos")
}

func (f *Face) photoRemove(w http.ResponseWriter, r *http.Request) error {
	if err := f.Press.RemovePhoto(r.Context(), webkit.Actor(r), r.PathValue("article"), r.PathValue("photo")); err != nil {
		return err
	}
	return done(w, r, articleEditLink(r.PathValue("article"))+"#photos", i18n.ArticledeskPhotoRemoved)
}

// photoFile shows a photo to those who may see the article.
func (f *Face) photoFile(w http.ResponseWriter, r *http.Request) error {
	width, err := strconv.Atoi(r.PathValue("width"))
	if err != nil {
		return errs.New(errs.NotFound, i18n.PressPhotoNotFound)
	}
	size, content, err := f.Press.OpenPhoto(r.Context(), webkit.Actor(r), r.PathValue("article"), r.PathValue("photo"), width)
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // it was only read
	return webkit.ShowImage(w, r, webkit.Image{Type: blob.JPEG.MediaType(), Tag: size.SHA256, Size: size.Bytes, Content: content})
}

// photoField takes the photo itself. No browser fills one in again, which the hint says.
func (v photoForm) photoField(p ui.Page) ui.Field {
	field := mustFill(v.field(p, "photo", i18n.ArticledeskPhotoFile))
	field.Value, field.Accept = "", accepted(picture.Kinds())
	field.Hint = p.T(i18n.ArticledeskPhotoFileHint, picture.MaxBytes>>20, picture.MaxPixels/1_000_000)
	if !v.first {
		field.Hint = p.T(i18n.MovementpageFileAgain) + " " + field.Hint
	}
	return field
}

// needed marks a field as one that must be filled where the article is more than a draft.
func (v photoForm) needed(field ui.Field) ui.Field {
	field.Required = v.all
	return field
}
