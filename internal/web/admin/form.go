package admin

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// filled is a form as it was filled, with what is wrong with it.
type filled struct {
	values  url.Values
	byField map[string]string
	errors  []ui.FieldError
	account string // who fills it: a form kept over a sign-in is kept for no other
	action  string
	files   bool // files may come with it
	first   bool // shown for the first time
}

// filledFrom reads the form of a page that answers GET and POST at one address: what was
// posted, or what was kept while the session had run out, or nothing yet.
func filledFrom(r *http.Request) (filled, *webkit.FormReader) {
	form := webkit.Form(r)
	first := r.Method != http.MethodPost
	if first {
		form.Values = url.Values{}
		if kept := webkit.Kept(r); kept != nil {
			form.Values, first = kept, false
		}
	}
	return filled{values: form.Values, account: webkit.Actor(r).Account, action: r.URL.RequestURI(), first: first}, form
}

// start gives a field its first value, where the form is shown for the first time.
func (f filled) start(pairs ...string) {
	for i := 0; f.first && i+1 < len(pairs); i += 2 {
		f.values.Set(pairs[i], pairs[i+1])
	}
}

// sent tells whether the form was sent in earnest, and not to be changed once more.
func (f filled) sent(r *http.Request) bool {
	return r.Method == http.MethodPost && !f.values.Has(fieldEdit) && !f.values.Has(fieldMore)
}

// The fields by which a form is taken further: confirmed, changed once more, made
// longer by some rows.
const (
	fieldSure = "sure"
	fieldEdit = "edit"
	fieldMore = "more"
)

// sure tells whether what the form asks for was confirmed.
func (f filled) sure() bool { return f.values.Get(fieldSure) != "" }

// asking is what a form asks to be confirmed.
type asking struct {
	ui.Confirm
	form filled
}

// ask makes the question before something is done: the form goes along, hidden.
func (f filled) ask(text, back string, submit ui.Btn, items ...string) asking {
	c := ui.Confirm{Action: f.action, Text: text, Count: len(items), Items: items, Submit: submit, Cancel: back}
	c.Hidden = append(c.Hidden, ui.Hidden{Name: fieldSure, Value: "1"}, ui.Hidden{Name: webkit.AccountField, Value: f.account})
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		if name == fieldSure || name == fieldEdit || name == fieldMore || strings.HasPrefix(name, "_") {
			continue
		}
		for _, value := range f.values[name] {
			c.Hidden = append(c.Hidden, ui.Hidden{Name: name, Value: value})
		}
	}
	return asking{c, f}
}

// askFirst shows the question on a page of its own.
func (f *Face) askFirst(w http.ResponseWriter, r *http.Request, a asking, title string, crumbs ...ui.Link) error {
	p, err := f.page(r, title, crumbs...)
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, askPage(p, a))
}

// done says that it was done and leads on.
func done(w http.ResponseWriter, r *http.Request, path string, key i18n.Key, args ...any) error {
	if err := webkit.Flash(r, key, args...); err != nil {
		return err
	}
	return webkit.Redirect(w, r, path)
}

// refuse takes the errors about an input into the form and gives the status of the
// answer; false where the error is none that the form can show. An error on none of the
// form's fields stands as plain text above it.
func (f *filled) refuse(lang i18n.Lang, err error, fields ...string) (int, bool) {
	all := errs.All(err)
	if len(all) > 0 && all[0].Kind == errs.Forbidden && all[0].Field == "" && all[0].Key == i18n.ErrsForbidden {
		return 0, false
	}
	byField, list, ok := fieldErrors(lang, err)
	if !ok {
		return 0, false
	}
	for i := range list {
		if !slices.Contains(fields, list[i].Field) {
			list[i].Field = ""
		}
	}
	f.byField, f.errors = byField, list
	status := webkit.Status(err)
	if status == http.StatusNotFound { // what a field names, not the page
		status = http.StatusUnprocessableEntity
	}
	return status, true
}

// field is a field of the form with its value and its error.
func (f filled) field(p ui.Page, name string, label i18n.Key) ui.Field {
	return ui.Field{Name: name, Label: p.T(label), Value: f.values.Get(name), Error: f.byField[name]}
}

// mustFill marks a field as one that must be filled.
func mustFill(f ui.Field) ui.Field {
	f.Required = true
	return f
}

// hinted gives a field its hint.
func hinted(f ui.Field, hint string) ui.Field {
	f.Hint = hint
	return f
}

// bounded says how long the text of a field may be.
func bounded(f ui.Field, most int) ui.Field {
	f.MaxLength = most
	return f
}

// wordOptions offers codes with their words.
func wordOptions[T ~string](lang i18n.Lang, all []T, word func(T) i18n.Key) []ui.OptionGroup {
	options := make([]ui.Option, len(all))
	for i, v := range all {
		options[i] = ui.Option{Value: string(v), Text: lang.T(word(v))}
	}
	return ui.Options(options...)
}

// withNone puts an empty choice first.
func withNone(groups []ui.OptionGroup, text string) []ui.OptionGroup {
	return append([]ui.OptionGroup{{Options: []ui.Option{{Text: text}}}}, groups...)
}

// texts are codes as plain texts.
func texts[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}
