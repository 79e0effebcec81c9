package steering

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// formView is a form as it is shown.
type formView struct {
	desk.Filled
	back  string
	other ui.Table // where somebody else was faster: what differs
	rows  int
}

// page is a form that changes something over the version that it was made from.
type page struct {
	title   i18n.Key
	crumbs  []ui.Link
	back    string
	saved   url.Values // as it stands
	version int
	// label names a field for who compares; "" is not compared.
	label func(name string) string
	// prepare looks at what was filled, before it is sent or shown.
	prepare func(v *formView)
	save    func(form *webkit.FormReader, version int) (to string, done i18n.Key, err error)
	show    func(ui.Page, formView) templ.Component
}

// answer shows a form, refuses it, does what it says or, where somebody else was faster,
// shows both.
func (f *Face) answer(w http.ResponseWriter, r *http.Request, in page) error {
	lang := webkit.Lang(r)
	fill, form := desk.FilledFrom(r)
	v := formView{Filled: fill, back: in.back}
	if v.First {
		for name, values := range in.saved {
			v.Values[name] = slices.Clone(values)
		}
		v.Values.Set(webkit.VersionField, strconv.Itoa(in.version))
	}
	if in.prepare != nil {
		in.prepare(&v)
	}
	status := http.StatusOK
	if v.Sent(r) {
		to, done, err := in.save(form, webkit.Version(r))
		if err == nil {
			return desk.Done(w, r, to, done)
		}
		if errs.Is(err, errs.Conflict) && webkit.Version(r) != in.version {
			v.other, status = in.compared(lang, v.Values), http.StatusConflict
			v.Values.Set(webkit.VersionField, strconv.Itoa(in.version))
		} else {
			var ok bool
			if status, ok = v.Refuse(lang, err, slices.Collect(maps.Keys(v.Values))...); !ok {
				return err
			}
		}
	}
	p, err := f.Page(r, lang.T(in.title), in.crumbs...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, in.show(p, v))
}

// compared lists the fields in which what was filled is not what was saved.
func (in page) compared(lang i18n.Lang, filled url.Values) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.SteeringConflict), ShowCaption: true, Pan: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.SteeringField, i18n.SteeringYours, i18n.SteeringSaved), ui.ColTitle),
	}
	names := map[string]bool{}
	for _, values := range []url.Values{filled, in.saved} {
		for name := range values {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		label := ""
		if in.label != nil && !strings.HasPrefix(name, "_") && name != webkit.VersionField {
			label = in.label(name)
		}
		if yours, saved := filled.Get(name), in.saved.Get(name); label != "" && yours != saved {
			t.Rows = append(t.Rows, ui.Row{ID: name, Cells: []ui.Cell{{Text: label}, {Text: desk.OrDash(yours)}, {Text: desk.OrDash(saved)}}})
		}
	}
	return t
}

// sure is the question before something is done, and the doing.
type sure struct {
	title   i18n.Key
	text    string
	back    string
	version int
	crumbs  []ui.Link
	items   []string
	done    i18n.Key
	danger  bool
	do      func(version int) error
}

// ask answers a question: shown, taken back, or done.
func (f *Face) ask(w http.ResponseWriter, r *http.Request, in sure) error {
	lang := webkit.Lang(r)
	v, _ := desk.FilledFrom(r)
	if v.Sent(r) && v.Sure() {
		if err := in.do(webkit.Version(r)); err != nil {
			return err
		}
		return desk.Done(w, r, in.back, in.done)
	}
	if v.Values.Has(desk.FieldEdit) {
		return webkit.Redirect(w, r, in.back)
	}
	v.Values.Set(webkit.VersionField, strconv.Itoa(in.version))
	send := ui.Btn{Text: lang.T(in.title), Kind: ui.Primary}
	if in.danger {
		send.Kind = ui.DangerPrimary
	}
	return f.AskFirst(w, r, v.Ask(in.text, in.back, send, in.items...), lang.T(in.title), in.crumbs...)
}

// numbered is the name of a field in a row.
func numbered(name string, i int) string { return name + strconv.Itoa(i) }

// rowOf tells whether a field is one of a row, and of which.
func rowOf(name, of string) (int, bool) {
	rest, ok := strings.CutPrefix(name, of)
	n, err := strconv.Atoi(rest)
	return n, ok && err == nil
}

// squeeze closes the gaps between the rows of a form, in which nothing stands, and tells
// how many are left.
func squeeze(values url.Values, most int, names ...string) int {
	n := 0
	for i := range most {
		texts, empty := make([]string, len(names)), true
		for j, name := range names {
			texts[j] = values.Get(numbered(name, i))
			empty = empty && strings.TrimSpace(texts[j]) == ""
			values.Del(numbered(name, i))
		}
		if empty {
			continue
		}
		for j, name := range names {
			values.Set(numbered(name, n), texts[j])
		}
		n++
	}
	return n
}

// shown is how many rows a form shows: some more than are filled.
func (v formView) shown(filled, most int) int {
	more := 1
	if v.Values.Has(desk.FieldMore) || filled == 0 {
		more = 4
	}
	return max(filled, min(filled+more, most))
}

func (v formView) version() string { return v.Values.Get(webkit.VersionField) }
