package office

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) viewRoutes() []webkit.Route {
	const one = desk.ViewsPath + "/{view}"
	return []webkit.Route{
		desk.Get(desk.ViewsPath, practice.RightRead, f.views),
		desk.Get(desk.ViewsPath+"/new", practice.RightRead, f.viewNew),
		desk.Post(desk.ViewsPath+"/new", practice.RightRead, f.viewNew),
		desk.Get(one, practice.RightRead, f.viewEdit),
		desk.Post(one, practice.RightRead, f.viewEdit),
		desk.Post(one+"/begin", practice.RightRead, f.viewBegin),
		desk.Post(one+"/remove", practice.RightRead, f.viewRemove),
		desk.Get(one+"/restore", practice.RightRead, f.viewRestore),
		desk.Post(one+"/restore", practice.RightRead, f.viewRestore),
	}
}

// viewForm is a view as it is kept.
type viewForm struct {
	desk.Filled
	back  string
	share bool // the actor may share it
	title string
}

func viewFields() []string { return []string{"name", "shared", "first"} }

func readView(form *webkit.FormReader, query string) worklist.ViewInput {
	return worklist.ViewInput{Name: form.Text("name", worklist.MaxViewName), Query: query, Shared: form.Bool("shared"), First: form.Bool("first")}
}

// viewNew keeps what an address of the register shows under a name.
func (f *Face) viewNew(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	state, form := desk.FilledFrom(r)
	state.Start("back", r.URL.Query().Get("back"))
	state.Action = desk.ViewsPath + "/new"
	v := viewForm{Filled: state, back: listBack(state.Values.Get("back")), title: lang.T(i18n.OfficeViewNew)}
	_, query, _ := strings.Cut(v.back, "?")
	status := http.StatusOK
	if v.Sent(r) {
		in := readView(form, query)
		err := form.Err()
		var made worklist.View
		if err == nil {
			made, err = f.Worklist.SaveView(r.Context(), webkit.Actor(r), in)
		}
		if err == nil {
			return desk.Done(w, r, desk.ViewLink(made.ID, made.Query), i18n.OfficeViewSaved, made.Name)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, viewFields()...); !ok {
			return err
		}
	}
	return f.viewForm(w, r, status, v)
}

// viewEdit renames a view and says who sees it.
func (f *Face) viewEdit(w http.ResponseWriter, r *http.Request) error {
	who, lang := webkit.Actor(r), webkit.Lang(r)
	one, err := f.ownView(r)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	state.Start("name", one.Name, "shared", mark(one.Shared()), "first", mark(one.First), "version", strconv.Itoa(one.Version))
	v := viewForm{Filled: state, back: desk.ViewsPath, title: one.Name}
	status := http.StatusOK
	if v.Sent(r) {
		in, version := readView(form, one.Query), form.Int("version", 0, 1<<30)
		err := form.Err()
		if err == nil {
			err = f.Worklist.ChangeView(r.Context(), who, one.ID, version, in)
		}
		if err == nil {
			return desk.Done(w, r, desk.ViewsPath, i18n.OfficeViewSaved, in.Name)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, viewFields()...); !ok {
			return err
		}
		v.Values.Set("version", strconv.Itoa(one.Version))
	}
	return f.viewForm(w, r, status, v, ui.Link{Text: lang.T(i18n.OfficeViews), Href: desk.ViewsPath})
}

// ownView is the view that an address names, where it is the actor's own.
func (f *Face) ownView(r *http.Request) (worklist.View, error) {
	one, err := f.Worklist.View(r.Context(), webkit.Actor(r), r.PathValue("view"))
	if err == nil && one.Account != webkit.Actor(r).Account {
		err = viewGone()
	}
	return one, err
}

func mark(on bool) string {
	if on {
		return "1"
	}
	return ""
}

func (f *Face) viewForm(w http.ResponseWriter, r *http.Request, status int, v viewForm, crumbs ...ui.Link) error {
	v.share = webkit.Actor(r).Can(practice.RightReceive)
	p, err := f.Page(r, v.title, append([]ui.Link{{Text: webkit.Lang(r).T(i18n.AdminRegister), Href: desk.RegisterPath}}, crumbs...)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, viewFormPage(p, v))
}

// viewList is the views that somebody sees.
type viewList struct {
	there, removed []worklist.View
	names          map[string]string
	account        string
}

func (f *Face) views(w http.ResponseWriter, r *http.Request) error {
	who := webkit.Actor(r)
	all, err := f.Worklist.Views(r.Context(), who)
	if err != nil {
		return err
	}
	v := viewList{account: who.Account}
	ids := make([]string, len(all))
	for i, one := range all {
		ids[i] = one.Account
		if one.Removed() {
			v.removed = append(v.removed, one)
		} else {
			v.there = append(v.there, one)
		}
	}
	if v.names, err = f.NamesOf(r, ids); err != nil {
		return err
	}
	p, err := f.Page(r, webkit.Lang(r).T(i18n.OfficeViews), ui.Link{Text: webkit.Lang(r).T(i18n.AdminRegister), Href: desk.RegisterPath})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, viewsPage(p, v))
}

// about says who sees a view, and whether the register opens with it.
func (v viewList) about(p ui.Page, one worklist.View) string {
	var all []string
	switch {
	case one.Account != v.account:
		all = append(all, p.T(i18n.OfficeViewBy, v.names[one.Account]))
	case one.Shared():
		all = append(all, p.T(i18n.OfficeViewShared))
	default:
		all = append(all, p.T(i18n.OfficeViewOwn))
	}
	if one.First {
		all = append(all, p.T(i18n.OfficeViewFirst))
	}
	return strings.Join(all, " · ")
}

func beginWord(p ui.Page, one worklist.View) string {
	if one.First {
		return p.T(i18n.OfficeViewBeginNot)
	}
	return p.T(i18n.OfficeViewBegin)
}

func (f *Face) viewBegin(w http.ResponseWriter, r *http.Request) error {
	v, err := f.Worklist.BeginWith(r.Context(), webkit.Actor(r), r.PathValue("view"))
	if err != nil {
		return err
	}
	if v.First {
		return desk.Done(w, r, desk.ViewsPath, i18n.OfficeViewBegins, v.Name)
	}
	return desk.Done(w, r, desk.ViewsPath, i18n.OfficeViewBeginsNot)
}

// viewRemove deletes a view; the note that says so leads to having it back.
func (f *Face) viewRemove(w http.ResponseWriter, r *http.Request) error {
	one, err := f.ownView(r)
	if err != nil {
		return err
	}
	if err := f.Worklist.RemoveView(r.Context(), webkit.Actor(r), one.ID); err != nil {
		return err
	}
	if err := webkit.FlashLink(r, desk.ViewsPath+"/"+one.ID+"/restore", i18n.OfficeUndo, i18n.OfficeViewRemoved, one.Name); err != nil {
		return err
	}
	return webkit.Redirect(w, r, desk.ViewsPath)
}

// viewRestore asks whether a view is to be had back, and takes it back.
func (f *Face) viewRestore(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	one, err := f.ownView(r)
	if err != nil {
		return err
	}
	if r.Method != http.MethodPost {
		state, _ := desk.FilledFrom(r)
		ask := state.Ask(lang.T(i18n.OfficeViewRestoreText), desk.ViewsPath, ui.Btn{Text: lang.T(i18n.DraftpageRestore), Icon: ui.IconUndo2, Kind: ui.Primary}, one.Name)
		return f.AskFirst(w, r, ask, lang.T(i18n.OfficeViewRestore), ui.Link{Text: lang.T(i18n.OfficeViews), Href: desk.ViewsPath})
	}
	if err := f.Worklist.RestoreView(r.Context(), webkit.Actor(r), one.ID); err != nil {
		return err
	}
	return desk.Done(w, r, desk.ViewsPath, i18n.OfficeViewRestored, one.Name)
}
