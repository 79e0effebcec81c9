package admin

import (
	"net/http"

	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) paperFileRoute() webkit.Route {
	rt := desk.Get("/admin/movements/{movement}/papers/{paper}/file", movement.RightRead, f.paperFile)
	rt.MaxAnswer = movement.MaxFile
	return rt
}

// paperFile sends the file of a paper.
func (f *Face) paperFile(w http.ResponseWriter, r *http.Request) error {
	p, content, err := f.Movements.OpenPaper(r.Context(), webkit.Actor(r), r.PathValue("movement"), r.PathValue("paper"))
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // it was only read
	return webkit.Download(w, r, webkit.Attachment{
		Name: p.FileName, Type: p.FileKind.MediaType(), Endings: p.FileKind.Endings(), Size: p.FileSize, Content: content,
	})
}

func paperFileCell(lang i18n.Lang, m movement.Movement, p movement.Paper) ui.Cell {
	if !p.HasFile() {
		return ui.Cell{Text: "–"}
	}
	return ui.Cell{
		Text: p.FileName, Href: desk.MovementLink(m.Code) + "/papers/" + p.ID + "/file",
		Sub: desk.FileWord(p.FileKind) + ", " + lang.T(i18n.MovementpageFileSize, (p.FileSize+1023)/1024),
	}
}

func paperWord(k movement.PaperKind) i18n.Key {
	return map[movement.PaperKind]i18n.Key{
		movement.Plan: i18n.MovementpagePlan, movement.Guidance: i18n.MovementpageGuidance, movement.Decree: i18n.MovementpageDecree,
	}[k]
}

// paperRow stands before the names of the fields of a paper in the form of a new movement,
// which has one paper of each kind.
func paperRow(k movement.PaperKind) string { return string(k) + "." }

// movementFieldNames are the names of all fields of the forms about a movement.
func movementFieldNames() []string {
	all := []string{
		"code", "name", "slogan", "occasion", "level", "unit", "standingBody", "upper", "follows", "launchedOn", "periodName", "from", "to", "fields",
	}
	rows := []string{""}
	for _, k := range movement.PaperKinds() {
		rows = append(rows, paperRow(k))
	}
	for _, row := range rows {
		all = append(all, row+"paperKind", row+"paperNumber", row+"paperSignedOn", row+"paperTitle", row+"paperFile")
	}
	return all
}

// paperRows reads the papers of a new movement; a row with nothing in it is none. The files
// stay open until shut is called.
func paperRows(r *http.Request, form *webkit.FormReader) (papers []movement.PaperInput, shut func(), err error) {
	var closers []func()
	shut = func() {
		for _, c := range closers {
			c()
		}
	}
	for _, k := range movement.PaperKinds() {
		p, closer, err := readPaper(r, form, paperRow(k))
		if err != nil {
			return nil, shut, err
		}
		closers = append(closers, closer)
		if p.Number != "" || p.Title != "" || p.SignedOn != 0 || p.File != nil {
			p.Kind = k
			papers = append(papers, p)
		}
	}
	return papers, shut, nil
}

// readPaper reads all of a paper but its kind.
func readPaper(r *http.Request, form *webkit.FormReader, row string) (movement.PaperInput, func(), error) {
	p := movement.PaperInput{
		Row: row, Number: form.Text(row+"paperNumber", 600), SignedOn: form.Date(row + "paperSignedOn"), Title: form.Text(row+"paperTitle", 600),
	}
	up, ok, err := webkit.File(r, row+"paperFile")
	if err != nil || !ok {
		return p, func() {}, err
	}
	p.File = &movement.File{Name: up.Name, Content: up, Size: up.Size}
	return p, func() { up.Close() }, nil //nolint:errcheck // it was only read
}

func (f *Face) paperNew(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("movement")
	if _, err := f.Movements.Get(r.Context(), webkit.Actor(r), code); err != nil {
		return err
	}
	return f.movementForm(w, r, i18n.MovementpagePaperNew, func(v movementFormView, form *webkit.FormReader) (string, i18n.Key, error) {
		in, shut, err := readPaper(r, form, "")
		defer shut()
		in.Kind = movement.PaperKind(form.Choice("paperKind", desk.Texts(movement.PaperKinds())...))
		if err == nil {
			err = form.Err()
		}
		if err == nil {
			err = f.Movements.AddPaper(r.Context(), webkit.Actor(r), code, in)
		}
		return v.back, i18n.MovementpagePaperMade, err
	}, paperNewPage)
}

// fileField takes the file of a paper. No browser fills one in again, which the hint says.
func (v movementFormView) fileField(p ui.Page, row string) ui.Field {
	field := v.Field(p, row+"paperFile", i18n.MovementpageFile)
	field.Value, field.Accept = "", desk.Accepted(movement.FileKinds())
	field.Hint = p.T(i18n.MovementpageFileHint, movement.MaxFile>>20)
	if !v.First {
		field.Hint = p.T(i18n.MovementpageFileAgain) + " " + field.Hint
	}
	return field
}
