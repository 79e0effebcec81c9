package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/draft"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// DraftsPath is the list of one's own drafts.
const DraftsPath = "/admin/drafts"

// DraftLink leads to a draft.
func DraftLink(id string) string { return DraftsPath + "/" + id }

// BlankFormLink leads to the form of a registration as it is filled by hand.
func BlankFormLink(movement string) string {
	return "/admin/forms/blank?" + url.Values{"movement": {movement}}.Encode()
}

// FilledFormLink leads to an entry as a paper to be signed.
func FilledFormLink(code string) string { return "/admin/forms/" + code }

// TagsLink leads to the tags of a movement.
func TagsLink(movement string) string {
	return "/admin/tags?" + url.Values{"movement": {movement}}.Encode()
}

// DraftName is what a draft is called.
func DraftName(p ui.Page, d draft.Draft) string {
	if d.Title == "" {
		return p.T(i18n.DraftpageNameless)
	}
	return d.Title
}

// Fields of the form of a registration that say something of the draft, and not of the
// practice.
const (
	FieldDraft  = "draft"  // the identity of a draft that is not saved yet
	FieldWriter = "writer" // the page that saves
)

// DraftForm reads what is typed into the form of a registration, as it is.
func DraftForm(r *http.Request) draft.Input {
	in := draft.Input{Movement: r.PostForm.Get("movement"), Writer: r.PostForm.Get(FieldWriter), Form: draft.Form{}}
	for name, values := range r.PostForm {
		if !aside(name) {
			in.Form[name] = slices.Clone(values)
		}
	}
	return in
}

// DraftValues is a draft as the form of a registration holds it.
func DraftValues(form draft.Form) url.Values {
	values := url.Values{}
	for name, of := range form {
		if !aside(name) {
			values[name] = slices.Clone(of)
		}
	}
	return values
}

// aside tells fields that are no part of what is typed.
func aside(name string) bool {
	return strings.HasPrefix(name, "_") ||
		slices.Contains([]string{webkit.VersionField, "movement", FieldDraft, FieldWriter, FieldMore, FieldEdit, "again", "keep", "next"}, name)
}
