package typing

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) tagRoutes() []webkit.Route {
	const at, one = "/admin/tags", "/admin/tags/{id}"
	return []webkit.Route{
		desk.Get(at, practice.RightReceive, f.tagList),
		desk.Post(at, practice.RightReceive, f.tagList),
		desk.Get(one, practice.RightReceive, f.tagEdit),
		desk.Post(one, practice.RightReceive, f.tagEdit),
		desk.Post(one+"/remove", practice.RightReceive, f.tagRemove),
	}
}

// tagsView is the tags of a movement, and the form for one.
type tagsView struct {
	desk.Filled
	movement movement.Movement
	all      []practice.Tag
	tag      practice.Tag // what is edited; the zero tag is a new one
	keeps    bool         // may change them
}

func tagFields() []string { return []string{"kind", "name", "from", "to"} }

// tagList lists the tags of a movement and adds one.
func (f *Face) tagList(w http.ResponseWriter, r *http.Request) error {
	m, err := f.movementOf(r)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	state.Action = desk.TagsLink(m.Code)
	status := http.StatusOK
	if state.Sent(r) {
		in := readTag(form)
		if err = form.Err(); err == nil {
			_, err = f.Practices.AddTag(r.Context(), webkit.Actor(r), m.Code, in)
		}
		if err == nil {
			return desk.Done(w, r, desk.TagsLink(m.Code), i18n.DraftpageTagAdded, in.Name)
		}
		var ok bool
		if status, ok = state.Refuse(webkit.Lang(r), err, tagFields()...); !ok {
			return err
		}
	}
	return f.tagPage(w, r, status, tagsView{Filled: state, movement: m})
}

func (f *Face) tagPage(w http.ResponseWriter, r *http.Request, status int, v tagsView) error {
	var err error
	if v.all == nil {
		if v.all, err = f.Practices.Tags(r.Context(), webkit.Actor(r), v.movement.Code); err != nil {
			return err
		}
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	v.keeps = tree.InScope(webkit.Actor(r).Scope, v.movement.Unit)
	lang := webkit.Lang(r)
	crumbs := []ui.Link{{Text: lang.T(i18n.AdminRegister), Href: "/admin/entries"}}
	title := lang.T(i18n.RegisterFormTags)
	if v.tag.ID != "" {
		crumbs, title = append(crumbs, ui.Link{Text: title, Href: desk.TagsLink(v.movement.Code)}), v.tag.Name
	}
	p, err := f.Page(r, title, crumbs...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, tagsPage(p, v))
}

func readTag(form *webkit.FormReader) practice.TagInput {
	return practice.TagInput{
		Kind: practice.TagKind(form.Choice("kind", desk.Texts(practice.TagKinds())...)), Name: form.Text("name", 200),
		From: form.Date("from"), To: form.Date("to"),
	}
}

// tagOf finds a tag with its movement among those that the actor sees.
func (f *Face) tagOf(r *http.Request) (movement.Movement, []practice.Tag, practice.Tag, error) {
	who := webkit.Actor(r)
	movements, err := f.Movements.List(r.Context(), who)
	if err != nil {
		return movement.Movement{}, nil, practice.Tag{}, err
	}
	for _, m := range movements {
		all, err := f.Practices.Tags(r.Context(), who, m.Code)
		if err != nil {
			return movement.Movement{}, nil, practice.Tag{}, err
		}
		if i := slices.IndexFunc(all, func(t practice.Tag) bool { return t.ID == r.PathValue("id") }); i >= 0 {
			return m, all, all[i], nil
		}
	}
	return movement.Movement{}, nil, practice.Tag{}, errs.New(errs.NotFound, i18n.PracticeTagNotFound)
}

// tagEdit rewrites a tag.
func (f *Face) tagEdit(w http.ResponseWriter, r *http.Request) error {
	m, all, tag, err := f.tagOf(r)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	state.Start("kind", string(tag.Kind), "name", tag.Name, "from", desk.Day(tag.From), "to", desk.Day(tag.To), webkit.VersionField, strconv.Itoa(tag.Version))
	status := http.StatusOK
	if state.Sent(r) {
		in := readTag(form)
		if err = form.Err(); err == nil {
			err = f.Practices.EditTag(r.Context(), webkit.Actor(r), tag.ID, webkit.Version(r), in)
		}
		if err == nil {
			return desk.Done(w, r, desk.TagsLink(m.Code), i18n.DraftpageTagSaved, in.Name)
		}
		var ok bool
		if status, ok = state.Refuse(webkit.Lang(r), err, tagFields()...); !ok {
			return err
		}
		state.Values.Set(webkit.VersionField, strconv.Itoa(tag.Version)) // the list below shows what stands there now
	}
	return f.tagPage(w, r, status, tagsView{Filled: state, movement: m, all: all, tag: tag})
}

func (f *Face) tagRemove(w http.ResponseWriter, r *http.Request) error {
	m, _, tag, err := f.tagOf(r)
	if err != nil {
		return err
	}
	if err := f.Practices.RemoveTag(r.Context(), webkit.Actor(r), tag.ID); err != nil {
		return err
	}
	return desk.Done(w, r, desk.TagsLink(m.Code), i18n.DraftpageTagRemoved, tag.Name)
}

// tagTable lists the tags; each leads to the entries that have it.
func (v tagsView) table(p ui.Page) ui.Table {
	t := ui.Table{Caption: p.T(i18n.RegisterFormTags), Columns: desk.Kinds(desk.Columns(p.Lang,
		i18n.DraftpageTagName, i18n.DraftpageTagKind, i18n.DraftpageTagDays, i18n.DraftpageTagUsed, i18n.DraftpageTagChange), ui.ColTitle)}
	for _, tag := range v.all {
		days := p.T(i18n.DraftpageTagAlways)
		if tag.From != 0 || tag.To != 0 {
			days = desk.OrDash(p.Lang.Date(tag.From)) + " – " + desk.OrDash(p.Lang.Date(tag.To))
		}
		t.Rows = append(t.Rows, ui.Row{ID: tag.ID, Cells: []ui.Cell{
			{Text: tag.Name, Href: "/admin/entries?movement=" + v.movement.Code + "&tag=" + tag.ID},
			{Text: p.T(tag.Kind.Label())},
			{Text: days},
			{Text: p.Lang.Number(tag.Used)},
			{Text: p.T(i18n.DraftpageTagEdit), Href: "/admin/tags/" + tag.ID},
		}})
	}
	t.Empty = ui.EmptyState(ui.IconTag, p.T(i18n.DraftpageTagNone), p.T(i18n.DraftpageTagNoneText), nil)
	return t
}
