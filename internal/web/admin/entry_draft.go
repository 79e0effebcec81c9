package admin

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/draft"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// errOvertaken says that a draft was saved elsewhere since its form was filled.
var errOvertaken = errors.New("the draft was saved elsewhere")

// draftOf is the draft that a form is about: that of its address, or one to come.
func (f *Face) draftOf(r *http.Request, q *webkit.FormReader) (draft.Draft, error) {
	if at := r.PathValue("id"); at != "" {
		return f.Drafts.Get(r.Context(), webkit.Actor(r), at)
	}
	named := ""
	if r.Method == http.MethodPost {
		named = q.Text(desk.FieldDraft, 64)
	}
	if named == "" {
		return draft.Draft{ID: id.Random()}, nil
	}
	d, err := f.Drafts.Get(r.Context(), webkit.Actor(r), named)
	if errs.Is(err, errs.NotFound) { // nothing of it is saved yet
		return draft.Draft{ID: named}, nil
	}
	return d, err
}

// handedIn leads to the entry that a draft became.
func (f *Face) handedIn(w http.ResponseWriter, r *http.Request, entry string) error {
	e, err := f.Practices.Get(r.Context(), webkit.Actor(r), entry)
	if err != nil {
		return err
	}
	return desk.Done(w, r, entryPath(e.Code), i18n.DraftHandedIn)
}

// handIn saves what the form says and, unless it is only to be kept, hands it in: nothing
// is lost where something is wrong with it. No entry means that it was kept.
func (f *Face) handIn(r *http.Request, q *webkit.FormReader, v *entryForm) (practice.Entry, error) {
	ctx, who := r.Context(), webkit.Actor(r)
	d, err := f.Drafts.Save(ctx, who, v.draft.ID, webkit.Version(r), desk.DraftForm(r))
	if errs.Is(err, errs.Conflict) {
		return practice.Entry{}, errOvertaken
	}
	if err != nil {
		return practice.Entry{}, err
	}
	d.Files = v.draft.Files
	v.draft = d
	v.values.Set(webkit.VersionField, strconv.Itoa(d.Version))
	v.action, v.page = desk.DraftLink(d.ID), desk.DraftLink(d.ID)
	if err := f.draftFiles(r, v); err != nil || q.Bool("keep") {
		return practice.Entry{}, err
	}
	in := readEntry(q, v.tree, who.Scope, v.on)
	in.Movement = v.movement.Code
	if err := f.continued(r, q, &in); err != nil {
		return practice.Entry{}, err
	}
	if err := gathered(q, in.Check()); err != nil {
		return practice.Entry{}, gathered(q, v.draft.Lacks(who, in)) // all at once
	}
	return f.Drafts.Submit(ctx, who, d.ID, d.Version, in)
}

// continued finds the practice that the form continues.
func (f *Face) continued(r *http.Request, q *webkit.FormReader, in *practice.Input) error {
	code := q.Text("practice", 64)
	if code == "" || (in.Origin != ledger.OriginContinued && in.Origin != ledger.OriginUpgraded) {
		return nil
	}
	e, err := f.Practices.Get(r.Context(), webkit.Actor(r), code)
	if errs.Is(err, errs.NotFound) {
		q.Errors.Add("practice", i18n.PracticeNotFound)
		return nil
	}
	in.Practice, in.Exemplar = e.Practice, e.Exemplar
	return err
}

// draftFiles keeps the files that came with a form.
func (f *Face) draftFiles(r *http.Request, v *entryForm) error {
	for field, kind := range map[string]practice.DocumentKind{"document": practice.Evidence, "signedForm": practice.SignedForm} {
		up, ok, err := webkit.File(r, field)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		kept, err := f.Drafts.Attach(r.Context(), webkit.Actor(r), v.draft.ID, kind, &practice.File{Name: up.Name, Content: up, Size: up.Size})
		err = errors.Join(err, up.Close())
		if err != nil {
			var l errs.List
			for _, e := range errs.All(err) {
				l.Add(field, e.Key, e.Args...)
			}
			if len(l) == 0 {
				return err
			}
			return l.Err()
		}
		v.draft.Files = append(v.draft.Files, kept)
	}
	return nil
}

// keptFields are what the next form takes over where one types many.
func keptFields() []string { return []string{"unit", "field", "kind", "declaredBy", "on"} }

// nextLink leads to a new form that begins with what the last one said.
func nextLink(v entryForm) string {
	q := url.Values{"movement": {v.movement.Code}}
	for _, name := range keptFields() {
		if text := v.values.Get(name); text != "" {
			q.Set(name, text)
		}
	}
	return "/admin/entries/new?" + q.Encode()
}

// draftConflict shows what was typed here beside what was saved elsewhere.
func (f *Face) draftConflict(w http.ResponseWriter, r *http.Request, p ui.Page, v entryForm) error {
	saved, err := f.Drafts.Get(r.Context(), webkit.Actor(r), v.draft.ID)
	if err != nil {
		return err
	}
	if saved.Entry != "" {
		return f.handedIn(w, r, saved.Entry)
	}
	if saved.Discarded() {
		return desk.Done(w, r, desk.DraftsPath, i18n.DraftDiscarded)
	}
	mine := desk.DraftForm(r).Form
	c := conflictView{
		mine: desk.DraftValues(mine), account: v.account, page: desk.DraftLink(saved.ID), take: desk.DraftLink(saved.ID), draft: true, saved: p.Lang.Instant(saved.UpdatedAt),
	}
	c.mine.Set(webkit.VersionField, strconv.Itoa(saved.Version))
	c.mine.Set("movement", v.movement.Code)
	for _, name := range draftNames(mine, saved.Form) {
		line := conflictLine{fieldWord(p.Lang, name), v.draftWords(p, name, mine[name]), v.draftWords(p, name, saved.Form[name])}
		if line.yours == line.saved {
			c.same = append(c.same, line.label)
		} else {
			c.lines = append(c.lines, line)
		}
	}
	if len(c.lines) == 0 { // both typed the same
		return desk.Done(w, r, desk.DraftLink(saved.ID), i18n.DraftpageKept, c.saved)
	}
	p.Title = p.T(i18n.RegisterConflictTitle)
	return desk.Render(w, r, http.StatusConflict, conflictPage(p, c))
}

// draftNames are the fields that two forms hold, in the order of their names.
func draftNames(forms ...draft.Form) []string {
	all := map[string]bool{}
	for _, form := range forms {
		for name := range form {
			all[name] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// fieldWord is what a field of the form is called.
func fieldWord(lang i18n.Lang, name string) string {
	if word, ok := formWords()[name]; ok {
		return lang.T(word)
	}
	return cmp.Or(measureWord(lang, name), name)
}

// draftWords is what was typed into a field, as a person reads it.
func (v entryForm) draftWords(p ui.Page, name string, values []string) string {
	words := make([]string, len(values))
	for i, value := range values {
		words[i] = value
		switch name {
		case "kind":
			kind, _ := ledger.Parse(ledger.SubjectKinds(), value)
			words[i] = label(p.Lang, ledger.SubjectKinds(), kind)
		case "origin":
			origin, _ := ledger.Parse(ledger.Origins(), value)
			words[i] = label(p.Lang, ledger.Origins(), origin)
		case "field":
			field, _ := v.movement.Field(value)
			words[i] = field.Name
		case "running":
			words[i] = p.T(i18n.RegisterYes)
		case "tags":
			if at := slices.IndexFunc(v.tags, func(t practice.Tag) bool { return t.ID == value }); at >= 0 {
				words[i] = v.tags[at].Name
			}
		}
	}
	return strings.Join(words, "\n")
}
