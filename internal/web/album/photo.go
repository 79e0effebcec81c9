// Package album is the pages about photos, which articles and entries have alike: one more,
// its words, its place, and consent that was withdrawn. The face of the owner opens the
// album and says at which address it stands.
package album

import (
	"io"
	"net/http"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/picture"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Album is the photos of one owner, an article or an entry, with what the actor may do
// about them and how it is done.
type Album struct {
	Base     string // address of the owner
	Back     string // of the page on which the photos stand
	Crumbs   []ui.Link
	Title    i18n.Key
	Hint     i18n.Key
	Photos   []photo.Photo
	Edit     bool // photos may be added, described and put in order
	TakeOff  bool // they may be removed, and consent noted as withdrawn
	Whole    bool // nothing may be left open: readers may see it
	Add      func(photo.Words, *photo.File) error
	Describe func(id string, in photo.Words) error
	Place    func(id string, place int) error
	Remove   func(id string) error
	Withdraw func(id, note string) error
	Open     func(id string, width int) (photo.Size, io.ReadCloser, error)
}

// Pages are the pages of the albums at one kind of address.
type Pages struct {
	Desk        *desk.Desk
	At          string                               // the address of the owner, as a pattern
	Write, Read actor.Right                          // to change photos, and to see them
	Open        func(r *http.Request) (Album, error) // the album that an address names
}

// Routes lists every address of the photos of an album.
func (f Pages) Routes() []webkit.Route {
	at, one := f.At+"/photos/new", f.At+"/photos/{photo}"
	return []webkit.Route{
		desk.Get(at, f.Write, f.photoNew),
		desk.WithFiles(desk.Post(at, f.Write, f.photoNew), 1),
		desk.Get(one, f.Write, f.photoEdit),
		desk.Post(one, f.Write, f.photoEdit),
		desk.Post(one+"/place", f.Write, f.photoPlace),
		desk.Post(one+"/remove", f.Write, f.photoRemove),
		desk.Get(one+"/withdraw", f.Write, f.photoWithdraw),
		desk.Post(one+"/withdraw", f.Write, f.photoWithdraw),
		desk.Get(one+"/file/{width}", f.Read, f.photoFile),
	}
}

// find is the photo of the album that an address names.
func (a Album) find(r *http.Request) (photo.Photo, error) {
	for _, p := range a.Photos {
		if p.ID == r.PathValue("photo") {
			return p, nil
		}
	}
	return photo.Photo{}, photo.NotFound()
}

// View is the photos of an album with what can be done about them.
type View struct {
	title i18n.Key
	hint  i18n.Key
	All   []PhotoView
	add   photoForm // the form for one more
	more  bool      // one more may be added
}

// PhotoView is a photo as those at the desk see it.
type PhotoView struct {
	photo.Photo
	link          string
	edit, takeOff bool
}

// Picture is the photo at the desk, where a draft's are shown, too.
func (v PhotoView) Picture() ui.Picture {
	pic := ui.Picture{Alt: v.Alt}
	for _, z := range v.Sizes {
		pic.Sizes = append(pic.Sizes, ui.PictureSize{Href: v.link + "/file/" + strconv.Itoa(z.Width), Width: z.Width, Height: z.Height})
	}
	return pic
}

// Within puts the photos that are there into a text, and gives those that have no place in
// it.
func (v View) Within(body string) (parts []press.Part, rest []ui.Picture) {
	var there []photo.Photo
	links := map[string]string{}
	for _, p := range v.All {
		if len(p.Sizes) > 0 {
			there, links[p.ID] = append(there, p.Photo), p.link
		}
	}
	parts, others := press.Illustrated(body, there)
	for _, p := range others {
		rest = append(rest, PhotoView{Photo: p, link: links[p.ID]}.Picture())
	}
	return parts, rest
}

// Choices are the photos that can be put into the text.
func (v View) Choices(lang i18n.Lang) []ui.PhotoChoice {
	var all []ui.PhotoChoice
	for _, p := range v.All {
		if len(p.Sizes) == 0 {
			continue
		}
		name := p.Alt
		if name == "" {
			name = p.Name
		}
		all = append(all, ui.PhotoChoice{ID: p.ID, Text: lang.T(i18n.ArticledeskPhotoNo, p.Place) + ": " + name, Src: p.Picture().Sizes[len(p.Sizes)-1].Href})
	}
	return all
}

// lacking tells whether something has still to be said before it may be published.
func (v PhotoView) lacking() bool { return !v.Shown() && v.People != photo.PeopleWithdrawn }

// consent says in words what is recorded of the people in the photo.
func (v PhotoView) consent(lang i18n.Lang) string {
	switch v.People {
	case photo.PeopleAgreed:
		return lang.T(i18n.ArticledeskConsentOf, v.ConsentOf, v.ConsentOn)
	case photo.PeopleWithdrawn:
		return lang.T(i18n.ArticledeskConsentWithdrawn, v.ConsentOf, v.WithdrawnOn, v.WithdrawnNote)
	default:
		return lang.T(v.People.Label())
	}
}

// View is the album as its page shows it.
func (a Album) View(who actor.Actor) View {
	v := View{title: a.Title, hint: a.Hint, add: a.form(who), more: len(a.Photos) < photo.Max && a.Edit}
	for _, p := range a.Photos {
		v.All = append(v.All, PhotoView{
			Photo: p, link: a.Base + "/photos/" + p.ID, edit: a.Edit && p.People != photo.PeopleWithdrawn, takeOff: a.TakeOff,
		})
	}
	return v
}

// photoForm is the form about a photo.
type photoForm struct {
	desk.Filled
	title i18n.Key
	back  string
	file  bool // the photo itself comes with it
	all   bool // nothing may be left open
}

// form is the form for one more photo.
func (a Album) form(who actor.Actor) photoForm {
	v := photoForm{title: i18n.ArticledeskPhotoAdd, back: a.Back, file: true, all: a.Whole}
	v.Values, v.Account, v.First, v.Files = map[string][]string{}, who.Account, true, true
	v.Action = a.Base + "/photos/new"
	return v
}

func photoFields() []string {
	return []string{"photo", "credit", "alt", "caption", "people", "consentOf", "consentOn", "note"}
}

func readPhoto(form *webkit.FormReader) photo.Words {
	return photo.Words{
		Credit: form.Text("credit", 300), Alt: form.Text("alt", 300), Caption: form.Text("caption", 1000),
		People: photo.People(form.Choice("people", desk.Texts(photo.PeopleChoices())...)), ConsentOf: form.Text("consentOf", 300), ConsentOn: form.Date("consentOn"),
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

func (f Pages) photoNew(w http.ResponseWriter, r *http.Request) error {
	a, err := f.Open(r)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := a.form(webkit.Actor(r))
	v.Values, v.First = state.Values, state.First
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
		return a.Add(in, &photo.File{Name: up.Name, Content: up, Size: up.Size})
	})
}

// photoPage answers a form about a photo: what was sent is done, and leads back to the
// others.
func (f Pages) photoPage(w http.ResponseWriter, r *http.Request, a Album, v photoForm, do func() error) error {
	lang, status := webkit.Lang(r), http.StatusOK
	if r.Method == http.MethodPost {
		err := do()
		if err == nil {
			return desk.Done(w, r, v.back+"#photos", i18n.ArticledeskPhotoSaved)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, photoFields()...); !ok {
			return err
		}
	}
	p, err := f.Desk.Page(r, lang.T(v.title), a.Crumbs...)
	if err != nil {
		return err
	}
	if v.title == i18n.ArticledeskPhotoWithdraw {
		return desk.Render(w, r, status, photoWithdrawPage(p, v))
	}
	return desk.Render(w, r, status, photoFormPage(p, v))
}

func (f Pages) photoEdit(w http.ResponseWriter, r *http.Request) error {
	a, err := f.Open(r)
	if err != nil {
		return err
	}
	p, err := a.find(r)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := photoForm{Filled: state, title: i18n.ArticledeskPhotoEdit, back: a.Back, all: a.Whole}
	v.Start("credit", p.Credit, "alt", p.Alt, "caption", p.Caption, "people", string(p.People), "consentOf", p.ConsentOf, "consentOn", desk.Day(p.ConsentOn))
	return f.photoPage(w, r, a, v, func() error {
		in := readPhoto(form)
		if err := form.Err(); err != nil {
			return err
		}
		return a.Describe(p.ID, in)
	})
}

func (f Pages) photoWithdraw(w http.ResponseWriter, r *http.Request) error {
	a, err := f.Open(r)
	if err != nil {
		return err
	}
	p, err := a.find(r)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := photoForm{Filled: state, title: i18n.ArticledeskPhotoWithdraw, back: a.Back}
	return f.photoPage(w, r, a, v, func() error {
		note := form.Text("note", 2000)
		if err := form.Err(); err != nil {
			return err
		}
		return a.Withdraw(p.ID, note)
	})
}

func (f Pages) photoPlace(w http.ResponseWriter, r *http.Request) error {
	a, err := f.Open(r)
	if err != nil {
		return err
	}
	form := webkit.Form(r)
	place := form.Int("place", 1, photo.Max)
	if err := form.Err(); err != nil {
		return err
	}
	if err := a.Place(r.PathValue("photo"), place); err != nil {
		return err
	}
	return webkit.Redirect(w, r, a.Back+"#photos")
}

func (f Pages) photoRemove(w http.ResponseWriter, r *http.Request) error {
	a, err := f.Open(r)
	if err != nil {
		return err
	}
	if err := a.Remove(r.PathValue("photo")); err != nil {
		return err
	}
	return desk.Done(w, r, a.Back+"#photos", i18n.ArticledeskPhotoRemoved)
}

// photoFile shows a photo to those who may see what it belongs to.
func (f Pages) photoFile(w http.ResponseWriter, r *http.Request) error {
	a, err := f.Open(r)
	if err != nil {
		return err
	}
	width, err := strconv.Atoi(r.PathValue("width"))
	if err != nil {
		return photo.NotFound()
	}
	size, content, err := a.Open(r.PathValue("photo"), width)
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // it was only read
	return webkit.ShowImage(w, r, webkit.Image{Type: blob.JPEG.MediaType(), Tag: size.SHA256, Size: size.Bytes, Content: content})
}

// photoField takes the photo itself. No browser fills one in again, which the hint says.
func (v photoForm) photoField(p ui.Page) ui.Field {
	field := desk.MustFill(v.Field(p, "photo", i18n.ArticledeskPhotoFile))
	field.Value, field.Accept = "", desk.Accepted(picture.Kinds())
	field.Hint = p.T(i18n.ArticledeskPhotoFileHint, picture.MaxBytes>>20, picture.MaxPixels/1_000_000)
	if !v.First {
		field.Hint = p.T(i18n.MovementpageFileAgain) + " " + field.Hint
	}
	return field
}

// needed marks a field as one that must be filled where nothing may be left open.
func (v photoForm) needed(field ui.Field) ui.Field {
	field.Required = v.all
	return field
}
