package admin

import (
	"net/http"

	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) conferenceFileRoute() webkit.Route {
	rt := desk.Get(desk.ConferencesPath+"/{conference}/papers/{paper}/file", conference.RightRead, f.conferenceFile)
	rt.MaxAnswer = movement.MaxFile
	return rt
}

// conferenceFile sends the file of a paper.
func (f *Face) conferenceFile(w http.ResponseWriter, r *http.Request) error {
	p, content, err := f.Conferences.OpenPaper(r.Context(), webkit.Actor(r), r.PathValue("conference"), r.PathValue("paper"))
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // it was only read
	return webkit.Download(w, r, webkit.Attachment{
		Name: p.FileName, Type: p.FileKind.MediaType(), Endings: p.FileKind.Endings(), Size: p.FileSize, Content: content,
	})
}

func (f *Face) conferencePaperNew(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	c, _, err := f.conferenceOf(r)
	if err != nil {
		return err
	}
	if err := f.mustKeep(r, c); err != nil {
		return err
	}
	fill, form := desk.FilledFrom(r)
	fill.Files = true
	v := conferenceForm{Filled: fill, conference: c, send: i18n.MovementpagePaperNew, back: desk.ConferenceLink(c.ID)}
	status := http.StatusOK
	if v.Sent(r) {
		err := f.addConferencePaper(r, c, form)
		if err == nil {
			return desk.Done(w, r, v.back, i18n.MovementpagePaperMade)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, v.names()...); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(v.send), conferenceCrumbs(lang, c)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, conferencePaperPage(p, v))
}

func (f *Face) addConferencePaper(r *http.Request, c conference.Conference, form *webkit.FormReader) error {
	in := conference.PaperInput{Kind: conference.PaperKind(form.Choice("kind", desk.Texts(conference.PaperKinds())...)), Title: form.Text("title", 600)}
	up, ok, err := webkit.File(r, "file")
	if err != nil {
		return err
	}
	if ok {
		defer up.Close() //nolint:errcheck // it was only read
		in.File = &movement.File{Name: up.Name, Content: up, Size: up.Size}
	}
	if err := form.Err(); err != nil {
		return err
	}
	return f.Conferences.AddPaper(r.Context(), webkit.Actor(r), c.ID, in)
}

// file takes the file of a paper. No browser fills one in again, which the hint says.
func (v conferenceForm) file(p ui.Page) ui.Field {
	field := v.Field(p, "file", i18n.MovementpageFile)
	field.Value, field.Accept = "", desk.Accepted(movement.FileKinds())
	field.Hint = p.T(i18n.MovementpageFileHint, movement.MaxFile>>20)
	if !v.First {
		field.Hint = p.T(i18n.MovementpageFileAgain) + " " + field.Hint
	}
	return field
}

// conferencePaperRemove takes a paper off; it asks first.
func (f *Face) conferencePaperRemove(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	c, _, err := f.conferenceOf(r)
	if err != nil {
		return err
	}
	if err := f.mustKeep(r, c); err != nil {
		return err
	}
	p, ok := c.Paper(r.PathValue("paper"))
	if !ok {
		return errs.New(errs.NotFound, i18n.ConferencePaperNotFound)
	}
	v, _ := desk.FilledFrom(r)
	back := desk.ConferenceLink(c.ID)
	if v.Sent(r) && v.Sure() {
		if err := f.Conferences.RemovePaper(r.Context(), webkit.Actor(r), c.ID, p.ID); err != nil {
			return err
		}
		return desk.Done(w, r, back, i18n.ConferencepagePaperRemoved)
	}
	if v.Values.Has(desk.FieldEdit) {
		return webkit.Redirect(w, r, back)
	}
	send := ui.Btn{Text: lang.T(i18n.ConferencepagePaperRemove), Kind: ui.DangerPrimary}
	return f.AskFirst(w, r, v.Ask(lang.T(i18n.ConferencepagePaperAsk), back, send, p.Title), lang.T(i18n.ConferencepagePaperRemove), conferenceCrumbs(lang, c)...)
}
