package admin

import (
	"net/http"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/album"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) entryFileRoutes() []webkit.Route {
	const at, one = "/admin/entries/{code}/files", "/admin/entries/{code}/documents/{document}"
	load := desk.Get(one+"/file", practice.RightRead, f.documentFile)
	load.MaxAnswer = practice.MaxFile
	return []webkit.Route{
		desk.Get(at, practice.RightRead, f.entryFiles),
		desk.WithFiles(desk.Post(at, practice.RightRegister, f.entryFiles), 1),
		load,
		desk.Post(one+"/remove", practice.RightRegister, f.documentRemove),
		desk.Post(one+"/restore", practice.RightRegister, f.documentRestore),
		desk.Get(one+"/delete", practice.RightRegister, f.documentDelete),
		desk.Post(one+"/delete", practice.RightRegister, f.documentDelete),
		desk.Post(one+"/share", practice.RightPublish, f.documentShare),
	}
}

// filesView is the photos and the documents of an entry.
type filesView struct {
	desk.Filled
	entry    practice.Entry
	photos   album.View
	there    []documentView
	removed  []documentView
	mayAdd   bool // documents
	mayShare bool
	shares   bool // what is shared is to be had by readers, once the practice is public
}

// documentView is a document as those at the desk see it.
type documentView struct {
	practice.Document
	link   string
	remark string
	change bool // it may be taken off, or put back
}

func documentLink(e practice.Entry, id string) string { return entryPath(e.Code, "documents", id) }

func (f *Face) filesView(r *http.Request, e practice.Entry) (filesView, error) {
	who, lang := webkit.Actor(r), webkit.Lang(r)
	v := filesView{entry: e, mayAdd: practice.MayAddDocument(who), mayShare: who.Can(practice.RightPublish), shares: e.SharesDocuments()}
	photos, err := f.entryAlbum(r)
	if err != nil {
		return v, err
	}
	v.photos = photos.View(who)
	all, err := f.Practices.Documents(r.Context(), who, e.ID)
	if err != nil {
		return v, err
	}
	ids := make([]string, 0, 2*len(all))
	for _, d := range all {
		ids = append(ids, d.AddedBy, d.RemovedBy)
	}
	names, err := f.NamesOf(r, ids)
	for _, d := range all {
		one := documentView{Document: d, link: documentLink(e, d.ID), change: practice.MayDocument(who, e)}
		one.remark = lang.T(i18n.RegisterDocumentRemark, desk.FileWord(d.FileKind), (d.FileSize+1023)/1024, lang.Instant(d.AddedAt), names[d.AddedBy])
		if d.Removed() {
			one.remark = lang.T(i18n.RegisterDocumentRemoved, lang.Instant(d.RemovedAt), names[d.RemovedBy])
			v.removed = append(v.removed, one)
			continue
		}
		v.there = append(v.there, one)
	}
	return v, err
}

// entryFiles shows the photos and the documents of an entry, and takes one more document.
func (f *Face) entryFiles(w http.ResponseWriter, r *http.Request) error {
	e, _, _, err := f.entryOf(r)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	status := http.StatusOK
	if r.Method == http.MethodPost {
		err := f.documentAdd(r, form, e)
		if err == nil {
			return desk.Done(w, r, entryPath(e.Code, "files")+"#documents", i18n.RegisterDocumentAdded)
		}
		var ok bool
		if status, ok = state.Refuse(webkit.Lang(r), err, "document", "documentTitle"); !ok {
			return err
		}
	}
	v, err := f.filesView(r, e)
	if err != nil {
		return err
	}
	v.Filled, v.Files = state, true
	p, err := f.entryFrame(r, e, webkit.Lang(r).T(i18n.RegisterFiles))
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, filesPage(p, v))
}

func (f *Face) documentAdd(r *http.Request, form *webkit.FormReader, e practice.Entry) error {
	title := form.Text("documentTitle", 300)
	up, ok, err := webkit.File(r, "document")
	if err != nil {
		return err
	}
	if !ok {
		form.Errors.Add("document", i18n.ErrsRequired)
	}
	if err := form.Err(); err != nil {
		return err
	}
	defer up.Close() //nolint:errcheck // it was only read
	_, err = f.Practices.AddDocument(r.Context(), webkit.Actor(r), e.ID, title, &practice.File{Name: up.Name, Content: up, Size: up.Size})
	return err
}

// documentFile sends a document to those who may see the entry.
func (f *Face) documentFile(w http.ResponseWriter, r *http.Request) error {
	d, content, err := f.Practices.OpenDocument(r.Context(), webkit.Actor(r), r.PathValue("code"), r.PathValue("document"))
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // it was only read
	return webkit.Download(w, r, webkit.Attachment{
		Name: d.FileName, Type: d.FileKind.MediaType(), Endings: d.FileKind.Endings(), Size: d.FileSize, Content: content,
	})
}

func (f *Face) documentRemove(w http.ResponseWriter, r *http.Request) error {
	if err := f.Practices.RemoveDocument(r.Context(), webkit.Actor(r), r.PathValue("code"), r.PathValue("document")); err != nil {
		return err
	}
	return documentDone(w, r, i18n.RegisterDocumentRemovedDone)
}

func (f *Face) documentRestore(w http.ResponseWriter, r *http.Request) error {
	if err := f.Practices.RestoreDocument(r.Context(), webkit.Actor(r), r.PathValue("code"), r.PathValue("document")); err != nil {
		return err
	}
	return documentDone(w, r, i18n.RegisterDocumentRestored)
}

func (f *Face) documentShare(w http.ResponseWriter, r *http.Request) error {
	shared := webkit.Form(r).Bool("shared")
	if err := f.Practices.ShareDocument(r.Context(), webkit.Actor(r), r.PathValue("code"), r.PathValue("document"), shared); err != nil {
		return err
	}
	if shared {
		return documentDone(w, r, i18n.RegisterDocumentShared)
	}
	return documentDone(w, r, i18n.RegisterDocumentUnshared)
}

// documentDelete asks before a document is forgotten: that cannot be undone.
func (f *Face) documentDelete(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	e, _, _, err := f.entryOf(r)
	if err != nil {
		return err
	}
	all, err := f.Practices.Documents(r.Context(), who, e.ID)
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.ID != r.PathValue("document") {
			continue
		}
		fill, _ := desk.FilledFrom(r)
		if fill.Sent(r) && fill.Sure() {
			if err := f.Practices.DeleteDocument(r.Context(), who, e.ID, d.ID); err != nil {
				return err
			}
			return documentDone(w, r, i18n.RegisterDocumentDeleted)
		}
		return f.AskFirst(w, r, fill.Ask(lang.T(i18n.RegisterDocumentDeleteAsk), entryPath(e.Code, "files"),
			ui.Btn{Text: lang.T(i18n.RegisterDocumentDelete), Icon: ui.IconTrash2, Kind: ui.DangerPrimary}, d.Title),
			lang.T(i18n.RegisterDocumentDelete), ui.Link{Text: e.Code, Href: entryPath(e.Code)}, ui.Link{Text: lang.T(i18n.RegisterFiles), Href: entryPath(e.Code, "files")})
	}
	return errs.New(errs.NotFound, i18n.PracticeDocumentNotFound)
}

func documentDone(w http.ResponseWriter, r *http.Request, key i18n.Key) error {
	return desk.Done(w, r, entryPath(r.PathValue("code"), "files")+"#documents", key)
}

// documentField takes a document. No browser fills one in again, which the hint says.
func (v filesView) documentField(p ui.Page) ui.Field {
	field := desk.MustFill(v.Field(p, "document", i18n.RegisterDocumentFile))
	field.Value, field.Accept = "", desk.Accepted(practice.FileKinds())
	field.Hint = p.T(i18n.RegisterDocumentFileHint, practice.MaxFile>>20)
	if !v.First {
		field.Hint = p.T(i18n.MovementpageFileAgain) + " " + field.Hint
	}
	return field
}

// mention is an article that is about an entry.
type mention struct {
	ui.Link
	state i18n.Key
}

// mentions lists the articles that are about an entry: what becomes of its agreement, they
// must follow.
func (f *Face) mentions(r *http.Request, e practice.Entry) ([]mention, error) {
	who := webkit.Actor(r)
	if !who.Can(press.RightRead) {
		return nil, nil
	}
	all, err := f.Press.About(r.Context(), who, press.Link{Kind: press.ToPractice, ID: e.ID})
	if err != nil {
		return nil, err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return nil, err
	}
	var found []mention
	for _, h := range all {
		m := mention{ui.Link{Text: h.Title, Href: desk.ArticleLink(h.ID)}, h.State.Label()}
		if !tree.InScope(who.Scope, h.Unit) { // another unit's: to be read, not to be dealt with
			m.Href = h.Path()
		}
		found = append(found, m)
	}
	return found, nil
}

// orphaned tells whether articles may still show what is no longer agreed to.
func orphaned(e practice.Entry, all []mention) bool {
	return len(all) > 0 && !e.Consent && e.Standing.Status() == ledger.StatusRecognised && e.TakenDownOn != 0
}
