package typing

import (
	"net/http"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/draft"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) draftRoutes() []webkit.Route {
	const one = desk.DraftsPath + "/{id}"
	return []webkit.Route{
		desk.Get(desk.DraftsPath, practice.RightRegister, f.drafts),
		desk.Post(one+"/save", practice.RightRegister, f.draftSave),
		desk.Post(one+"/discard", practice.RightRegister, f.draftDiscard),
		desk.Post(one+"/restore", practice.RightRegister, f.draftRestore),
		desk.WithFiles(desk.Post(one+"/files/{file}/remove", practice.RightRegister, f.draftDetach), 2),
	}
}

// draftsView is one's own drafts.
type draftsView struct {
	open, discarded []draft.Draft
	movements       map[string]string
}

// drafts lists the drafts of the one who looks.
func (f *Face) drafts(w http.ResponseWriter, r *http.Request) error {
	who := webkit.Actor(r)
	all, err := f.Drafts.List(r.Context(), who)
	if err != nil {
		return err
	}
	v := draftsView{movements: map[string]string{}}
	for _, d := range all {
		if d.Discarded() {
			v.discarded = append(v.discarded, d)
		} else {
			v.open = append(v.open, d)
		}
	}
	movements, err := f.Movements.List(r.Context(), who)
	if err != nil {
		return err
	}
	for _, m := range movements {
		v.movements[m.Code] = m.Name
	}
	p, err := f.Page(r, webkit.Lang(r).T(i18n.DraftpageTitle), ui.Link{Text: webkit.Lang(r).T(i18n.AdminRegister), Href: "/admin/entries"})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, draftsPage(p, v))
}

// savedAnswer tells the script what was saved.
type savedAnswer struct {
	Version int    `json:"version"`
	At      string `json:"at"` // the time of day in Việt Nam
}

// draftSave keeps what the script sends while somebody types.
func (f *Face) draftSave(w http.ResponseWriter, r *http.Request) error {
	d, err := f.Drafts.Save(r.Context(), webkit.Actor(r), r.PathValue("id"), webkit.Version(r), desk.DraftForm(r))
	if err != nil {
		return err
	}
	if !strings.Contains(r.Header.Get("Accept"), "application/json") {
		return desk.Done(w, r, desk.DraftLink(d.ID), i18n.DraftpageKept, webkit.Lang(r).Instant(d.UpdatedAt))
	}
	return webkit.JSON(w, savedAnswer{d.Version, d.UpdatedAt.In(clock.VietNam()).Format("15:04")})
}

func (f *Face) draftDiscard(w http.ResponseWriter, r *http.Request) error {
	if err := f.Drafts.Discard(r.Context(), webkit.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	return desk.Done(w, r, desk.DraftsPath, i18n.DraftpageDiscarded)
}

func (f *Face) draftRestore(w http.ResponseWriter, r *http.Request) error {
	if err := f.Drafts.Restore(r.Context(), webkit.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	return desk.Done(w, r, desk.DraftLink(r.PathValue("id")), i18n.DraftpageRestoredDone)
}

// draftDetach takes a file off. The button stands in the form, so that what was typed is
// kept with it.
func (f *Face) draftDetach(w http.ResponseWriter, r *http.Request) error {
	who, id := webkit.Actor(r), r.PathValue("id")
	if r.PostForm.Has("title") {
		if _, err := f.Drafts.Save(r.Context(), who, id, webkit.Version(r), desk.DraftForm(r)); err != nil {
			return err
		}
	}
	if err := f.Drafts.Detach(r.Context(), who, id, r.PathValue("file")); err != nil {
		return err
	}
	return desk.Done(w, r, desk.DraftLink(id), i18n.DraftpageDetached)
}
