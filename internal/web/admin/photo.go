package admin

import (
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/picture"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// album is the photos of one owner, an article or an entry, with what the actor may do
// about them and how it is done.
type album struct {
	base     string // address of the owner
	back     string // of the page on which the photos stand
	crumbs   []ui.Link
	title    i18n.Key
	hint     i18n.Key
	photos   []photo.Photo
	edit     bool // photos may be added, described and put in order
	takeOff  bool // they may be removed, and consent noted as withdrawn
	whole    bool // nothing may be left open: readers may see it
	add      func(photo.Words, *photo.File) error
	describe func(id string, in photo.Words) error
	place    func(id string, place int) error
	remove   func(id string) error
	withdraw func(id, note string) error
	open     func(id string, width int) (photo.Size, io.ReadCloser, error)
}

func (f *Face) photoRoutes() []webkit.Route {
	return slices.Concat(
		f.albumRoutes("/admin/articles/{article}", press.RightWrite, press.RightRead),
		f.albumRoutes("/admin/entries/{code}", practice.RightRegister, practice.RightRead),
	)
}

func (f *Face) albumRoutes(at string, write, read actor.Right) []webkit.Route {
	one := at + "/photos/{photo}"
	return []webkit.Route{
		get(at+"/photos/new", write, f.photoNew),
		files(post(at+"/photos/new", write, f.photoNew), 1),
		get(one, write, f.photoEdit),
		post(one, write, f.photoEdit),
		post(one+"/place", write, f.photoPlace),
		post(one+"/remove", write, f.photoRemove),
		get(one+"/withdraw", write, f.photoWithdraw),
		post(one+"/withdraw", write, f.photoWithdraw),
		get(one+"/file/{width}", read, f.photoFile),
	}
}

// album opens the album that an address names.
func (f *Face) album(r *http.Request) (album, error) {
	if r.PathValue("article") != "" {
		return f.articleAlbum(r)
	}
	return f.entryAlbum(r)
}

func articleEditLink(id string) string { return articleLink(id) + "/edit" }

// articleAlbum is the photos of an article.
func (f *Face) articleAlbum(r *http.Request) (album, error) {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	a, err := f.Press.Get(ctx, who, r.PathValue("article"))
	if err != nil {
		return album{}, err
	}
	all, err := f.Press.Photos(ctx, who, a.ID)
	return album{
		base: articleLink(a.ID), back: articleEditLink(a.ID), title: i18n.ArticledeskPhotos, hint: i18n.ArticledeskPhotosHint, photos: all,
		crumbs:  []ui.Link{{Text: lang.T(i18n.ArticlepageArticles), Href: "/admin/articles"}, {Text: a.Title, Href: articleEditLink(a.ID)}},
		edit:    press.Editable(who, a.State),
		takeOff: press.MayTakeOff(who, a.State),
		whole:   a.State != press.Draft,
		add: func(in photo.Words, file *photo.File) error {
			_, err := f.Press.AddPhoto(ctx, who, a.ID, in, file)
			return err
		},
		describe: func(id string, in photo.Words) error { return f.Press.DescribePhoto(ctx, who, a.ID, id, in) },
		place:    func(id string, place int) error { return f.Press.PlacePhoto(ctx, who, a.ID, id, place) },
		remove:   func(id string) error { return f.Press.RemovePhoto(ctx, who, a.ID, id) },
		withdraw: func(id, note string) error { return f.Press.WithdrawConsent(ctx, who, a.ID, id, note) },
		open: func(id string, width int) (photo.Size, io.ReadCloser, error) {
			return f.Press.OpenPhoto(ctx, who, a.ID, id, width)
		},
	}, err
}

// entryAlbum is the photos of an entry.
func (f *Face) entryAlbum(r *http.Request) (album, error) {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	e, err := f.Practices.Get(ctx, who, r.PathValue("code"))
	if err != nil {
		return album{}, err
	}
	all, err := f.Practices.Photos(ctx, who, e.ID)
	return album{
		base: entryPath(e.Code), back: entryPath(e.Code, "files"), title: i18n.RegisterPhotos, hint: i18n.RegisterPhotosHint, photos: all,
		crumbs: []ui.Link{
			{Text: lang.T(i18n.AdminRegister), Href: "/admin/entries"},
			{Text: e.Code, Href: entryPath(e.Code)},
			{Text: lang.T(i18n.RegisterFiles), Href: entryPath(e.Code, "files")},
		},
		edit:    practice.MayIllustrate(who, e, f.Now.Today()),
		takeOff: who.Can(practice.RightRegister) || who.Can(practice.RightPublish),
		whole:   e.Public(f.Now.Today()),
		add: func(in photo.Words, file *photo.File) error {
			_, err := f.Practices.AddPhoto(ctx, who, e.ID, in, file)
			return err
		},
		describe: func(id string, in photo.Words) error { return f.Practices.DescribePhoto(ctx, who, e.ID, id, in) },
		place:    func(id string, place int) error { return f.Practices.PlacePhoto(ctx, who, e.ID, id, place) },
		remove:   func(id string) error { return f.Practices.RemovePhoto(ctx, who, e.ID, id) },
		withdraw: func(id, note string) error { return f.Practices.WithdrawPhoto(ctx, who, e.ID, id, note) },
		open: func(id string, width int) (photo.Size, io.ReadCloser, error) {
			return f.Practices.OpenPhoto(ctx, who, e.ID, id, width)
		},
	}, err
}

// find is the photo of the album that an address names.
func (a album) find(r *http.Request) (photo.Photo, error) {
	for _, p := range a.photos {
		if p.ID == r.PathValue("photo") {
			return p, nil
		}
	}
	return photo.Photo{}, photo.NotFound()
}

// photosView is the photos of an album with what can be done about them.
type photosView struct {
	title i18n.Key
	hint  i18n.Key
	all   []photoView
	add   photoForm // the form for one more
	more  bool      // one more may be added
}

// photoView is a photo as those at the desk see it.
type photoView struct {
	photo.Photo
	link          string
	edit, takeOff bool
}

// picture is the photo at the desk, where a draft's are shown, too.
func (v photoView) picture() ui.Picture {
	pic := ui.Picture{Alt: v.Alt}
	for _, z := range v.Sizes {
		pic.Sizes = append(pic.Sizes, ui.PictureSize{Href: v.link + "/file/" + strconv.Itoa(z.Width), Width: z.Width, Height: z.Height})
	}
	return pic
}

// within puts the photos that are there into a text, and gives those that have no place in
// it.
func (v photosView) within(body string) (parts []press.Part, rest []ui.Picture) {
	var there []photo.Photo
	links := map[string]string{}
	for _, p := range v.all {
		if len(p.Sizes) > 0 {
			there, links[p.ID] = append(there, p.Photo), p.link
		}
	}
	parts, others := press.Illustrated(body, there)
	for _, p := range others {
		rest = append(rest, photoView{Photo: p, link: links[p.ID]}.picture())
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
func (v photoView) lacking() bool { return !v.Shown() && v.People != photo.PeopleWithdrawn }

// consent says in words what is recorded of the people in the photo.
func (v photoView) consent(lang i18n.Lang) string {
	switch v.People {
	case photo.PeopleAgreed:
		return lang.T(i18n.ArticledeskConsentOf, v.ConsentOf, v.ConsentOn)
	case photo.PeopleWithdrawn:
		return lang.T(i18n.ArticledeskConsentWithdrawn, v.ConsentOf, v.WithdrawnOn, v.WithdrawnNote)
	default:
		return lang.T(v.People.Label())
	}
}

// view is the album as its page shows it.
func (a album) view(who actor.Actor) photosView {
	v := photosView{title: a.title, hint: a.hint, add: a.form(who), more: len(a.photos) < photo.Max && a.edit}
	for _, p := range a.photos {
		v.all = append(v.all, photoView{
			Photo: p, link: a.base + "/photos/" + p.ID, edit: a.edit && p.People != photo.PeopleWithdrawn, takeOff: a.takeOff,
		})
	}
	return v
}

// photoForm is the form about a photo.
type photoForm struct {
	filled
	title i18n.Key
	back  string
	file  bool // the photo itself comes with it
	all   bool // nothing may be left open
}

// form is the form for one more photo.
func (a album) form(who actor.Actor) photoForm {
	v := photoForm{title: i18n.ArticledeskPhotoAdd, back: a.back, file: true, all: a.whole}
	v.values, v.account, v.first, v.files = map[string][]string{}, who.Account, true, true
	v.action = a.base + "/photos/new"
	return v
}

func photoFields() []string {
	return []string{"photo", "credit", "alt", "caption", "people", "consentOf", "consentOn", "note"}
}

func readPhoto(form *webkit.FormReader) photo.Words {
	return photo.Words{
		Credit: form.Text("credit", 300), Alt: form.Text("alt", 300), Caption: form.Text("caption", 1000),
		People: photo.People(form.Choice("people", texts(photo.PeopleChoices())...)), ConsentOf: form.Text("consentOf", 300), ConsentOn: form.Date("consentOn"),
	}
}

// peopleOptions offers what can be said of the people in a photo.
func peopleOptions(lang i18n.Lang) []ui.Option {
	var all []ui.Option
	for _, p := range photo.PeopleChoices() {
		all = append(all, ui.Option{Value: string(p), Text: lang.T(p.Label())})
	}
	return all
}

func (f *Face) photoNew(w http.ResponseWriter, r *http.Request) error {
	a, err := f.album(r)
	if err != nil {
		return err
	}
	state, form := filledFrom(r)
	v := a.form(webkit.Actor(r))
	v.values, v.first = state.values, state.first
	return f.photoPage(w, r, a, v, func() error {
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
		return a.add(in, &photo.File{Name: up.Name, Content: up, Size: up.Size})
	})
}

// photoPage answers a form about a photo: what was sent is done, and leads back to the
// others.
func (f *Face) photoPage(w http.ResponseWriter, r *http.Request, a album, v photoForm, do func() error) error {
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
	p, err := f.page(r, lang.T(v.title), a.crumbs...)
	if err != nil {
		return err
	}
	if v.title == i18n.ArticledeskPhotoWithdraw {
		return render(w, r, status, photoWithdrawPage(p, v))
	}
	return render(w, r, status, photoFormPage(p, v))
}

func (f *Face) photoEdit(w http.ResponseWriter, r *http.Request) error {
	a, err := f.album(r)
	if err != nil {
		return err
	}
	p, err := a.find(r)
	if err != nil {
		return err
	}
	state, form := filledFrom(r)
	v := photoForm{filled: state, title: i18n.ArticledeskPhotoEdit, back: a.back, all: a.whole}
	v.start("credit", p.Credit, "alt", p.Alt, "caption", p.Caption, "people", string(p.People), "consentOf", p.ConsentOf, "consentOn", day(p.ConsentOn))
	return f.photoPage(w, r, a, v, func() error {
		in := readPhoto(form)
		if err := form.Err(); err != nil {
			return err
		}
		return a.describe(p.ID, in)
	})
}

func (f *Face) photoWithdraw(w http.ResponseWriter, r *http.Request) error {
	a, err := f.album(r)
	if err != nil {
		return err
	}
	p, err := a.find(r)
	if err != nil {
		return err
	}
	state, form := filledFrom(r)
	v := photoForm{filled: state, title: i18n.ArticledeskPhotoWithdraw, back: a.back}
	return f.photoPage(w, r, a, v, func() error {
		note := form.Text("note", 2000)
		if err := form.Err(); err != nil {
			return err
		}
		return a.withdraw(p.ID, note)
	})
}

func (f *Face) photoPlace(w http.ResponseWriter, r *http.Request) error {
	a, err := f.album(r)
	if err != nil {
		return err
	}
	form := webkit.Form(r)
	place := form.Int("place", 1, photo.Max)
	if err := form.Err(); err != nil {
		return err
	}
	if err := a.place(r.PathValue("photo"), place); err != nil {
		return err
	}
	return webkit.Redirect(w, r, a.back+"#photos")
}

func (f *Face) photoRemove(w http.ResponseWriter, r *http.Request) error {
	a, err := f.album(r)
	if err != nil {
		return err
	}
	if err := a.remove(r.PathValue("photo")); err != nil {
		return err
	}
	return done(w, r, a.back+"#photos", i18n.ArticledeskPhotoRemoved)
}

// photoFile shows a photo to those who may see what it belongs to.
func (f *Face) photoFile(w http.ResponseWriter, r *http.Request) error {
	a, err := f.album(r)
	if err != nil {
		return err
	}
	width, err := strconv.Atoi(r.PathValue("width"))
	if err != nil {
		return photo.NotFound()
	}
	size, content, err := a.open(r.PathValue("photo"), width)
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

// needed marks a field as one that must be filled where nothing may be left open.
func (v photoForm) needed(field ui.Field) ui.Field {
	field.Required = v.all
	return field
}
