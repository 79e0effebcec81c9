package desk

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Filled is a form as it was filled, with what is wrong with it.
type Filled struct {
	Values  url.Values
	ByField map[string]string
	Errors  []ui.FieldError
	Account string // who fills it: a form kept over a sign-in is kept for no other
	Action  string
	Files   bool // files may come with it
	First   bool // shown for the first time
}

// FilledFrom reads the form of a page that answers GET and POST at one address: what was
// posted, or what was kept while the session had run out, or nothing yet.
func FilledFrom(r *http.Request) (Filled, *webkit.FormReader) {
	form := webkit.Form(r)
	first := r.Method != http.MethodPost
	if first {
		form.Values = url.Values{}
		if kept := webkit.Kept(r); kept != nil {
			form.Values, first = kept, false
		}
	}
	return Filled{Values: form.Values, Account: webkit.Actor(r).Account, Action: r.URL.RequestURI(), First: first}, form
}

// Start gives a field its first value, where the form is shown for the first time.
func (f Filled) Start(pairs ...string) {
	for i := 0; f.First && i+1 < len(pairs); i += 2 {
		f.Values.Set(pairs[i], pairs[i+1])
	}
}

// Sent tells whether the form was sent in earnest, and not to be changed once more.
func (f Filled) Sent(r *http.Request) bool {
	return r.Method == http.MethodPost && !f.Values.Has(FieldEdit) && !f.Values.Has(FieldMore)
}

// The fields by which a form is taken further: confirmed, changed once more, made
// longer by some rows.
const (
	fieldSure = "sure"
	FieldEdit = "edit"
	FieldMore = "more"
)

// Sure tells whether what the form asks for was confirmed.
func (f Filled) Sure() bool { return f.Values.Get(fieldSure) != "" }

// Ask makes the question before something is done: the form goes along, hidden.
func (f Filled) Ask(text, back string, submit ui.Btn, items ...string) ui.Confirm {
	c := ui.Confirm{Action: f.Action, Text: text, Count: len(items), Items: items, Submit: submit, Cancel: back}
	c.Hidden = append(c.Hidden, ui.Hidden{Name: fieldSure, Value: "1"}, ui.Hidden{Name: webkit.AccountField, Value: f.Account})
	for _, name := range slices.Sorted(maps.Keys(f.Values)) {
		if name == fieldSure || name == FieldEdit || name == FieldMore || strings.HasPrefix(name, "_") {
			continue
		}
		for _, value := range f.Values[name] {
			c.Hidden = append(c.Hidden, ui.Hidden{Name: name, Value: value})
		}
	}
	return c
}

// AskFirst shows the question on a page of its own.
func (d *Desk) AskFirst(w http.ResponseWriter, r *http.Request, c ui.Confirm, title string, crumbs ...ui.Link) error {
	p, err := d.Page(r, title, crumbs...)
	if err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, askPage(p, c))
}

// Done says that it was done and leads on.
func Done(w http.ResponseWriter, r *http.Request, path string, key i18n.Key, args ...any) error {
	if err := webkit.Flash(r, key, args...); err != nil {
		return err
	}
	return webkit.Redirect(w, r, path)
}

// Refuse takes the errors about an input into the form and gives the status of the
// answer; false where the error is none that the form can show. An error on none of the
// form's fields stands as plain text above it.
func (f *Filled) Refuse(lang i18n.Lang, err error, fields ...string) (int, bool) {
	all := errs.All(err)
	if len(all) > 0 && all[0].Kind == errs.Forbidden && all[0].Field == "" && all[0].Key == i18n.ErrsForbidden {
		return 0, false
	}
	byField, list, ok := FieldErrors(lang, err)
	if !ok {
		return 0, false
	}
	for i := range list {
		if !slices.Contains(fields, list[i].Field) {
			list[i].Field = ""
		}
	}
	f.ByField, f.Errors = byField, list
	status := webkit.Status(err)
	if status == http.StatusNotFound { // what a field names, not the page
		status = http.StatusUnprocessableEntity
	}
	return status, true
}

// Field is a field of the form with its value and its error.
func (f Filled) Field(p ui.Page, name string, label i18n.Key) ui.Field {
	return ui.Field{Name: name, Label: p.T(label), Value: f.Values.Get(name), Error: f.ByField[name]}
}

// MustFill marks a field as one that must be filled.
func MustFill(f ui.Field) ui.Field {
	f.Required = true
	return f
}

// Hinted gives a field its hint.
func Hinted(f ui.Field, hint string) ui.Field {
	f.Hint = hint
	return f
}

// Bounded says how long the text of a field may be.
func Bounded(f ui.Field, most int) ui.Field {
	f.MaxLength = most
	return f
}

// WordOptions offers codes with their words.
func WordOptions[T ~string](lang i18n.Lang, all []T, word func(T) i18n.Key) []ui.OptionGroup {
	options := make([]ui.Option, len(all))
	for i, v := range all {
		options[i] = ui.Option{Value: string(v), Text: lang.T(word(v))}
	}
	return ui.Options(options...)
}

// WithNone puts an empty choice first.
func WithNone(groups []ui.OptionGroup, text string) []ui.OptionGroup {
	return append([]ui.OptionGroup{{Options: []ui.Option{{Text: text}}}}, groups...)
}

// Texts are codes as plain texts.
func Texts[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}

// Day is the value of a date field.
func Day(d clock.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}
