package ceremony

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// callView is the order in which those honoured are called.
type callView struct {
	desk.Filled
	conference.CallOrder
	keeps bool
	lang  i18n.Lang
	table ui.Table
}

// maxPlace bounds a place in the order.
const maxPlace = 9999

// call shows the order, and puts it as the numbers say.
func (f *Face) call(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	state, form := desk.FilledFrom(r)
	v := callView{Filled: state, lang: lang}
	var err error
	if v.CallOrder, err = f.conferences.CallOrder(ctx, who, r.PathValue("conference")); err != nil {
		return err
	}
	c := v.Conference
	if v.keeps, err = f.conferences.Keeps(ctx, who, c.Movement); err != nil {
		return err
	}
	v.keeps = v.keeps && c.State != conference.Cancelled
	status := http.StatusOK
	if v.Sent(r) {
		keys := v.inOrder(form)
		if err = form.Err(); err == nil {
			if err = f.conferences.SetCallOrder(ctx, who, c.ID, webkit.Version(r), keys); err == nil {
				return desk.Done(w, r, desk.ConferenceLink(c.ID)+"/call", i18n.CeremonySaved)
			}
		}
		var ok bool
		if status, ok = v.Refuse(lang, err); !ok {
			return err
		}
	}
	v.table = v.tableOf()
	page, err := f.Page(r, lang.T(i18n.CeremonyCall), crumbs(lang, c)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, callPage(page, v))
}

func (f *Face) callUndo(w http.ResponseWriter, r *http.Request) error {
	return f.undone(w, r, "call", f.conferences.UndoCallOrder(r.Context(), webkit.Actor(r), r.PathValue("conference"), webkit.Version(r)))
}

// inOrder reads the numbers of a form: the smaller first, of two with the same the one that
// was changed.
func (v callView) inOrder(form *webkit.FormReader) []string {
	type line struct {
		key     string
		at, was int
	}
	lines := make([]line, len(v.All))
	for i, h := range v.All {
		lines[i] = line{h.Key, i + 1, i + 1}
		if n := form.Int("at."+h.Key, 1, maxPlace); n != 0 {
			lines[i].at = n
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(unmoved(a.at == a.was), unmoved(b.at == b.was)), cmp.Compare(a.was, b.was))
	})
	keys := make([]string, len(lines))
	for i, l := range lines {
		keys[i] = l.key
	}
	return keys
}

func unmoved(same bool) int {
	if same {
		return 1
	}
	return 0
}

func (v callView) tableOf() ui.Table {
	t := ui.Table{
		Caption: v.lang.T(i18n.CeremonyCall), Pan: true,
		Columns: desk.Kinds(desk.Columns(v.lang, i18n.CeremonyPlace, i18n.CeremonyWho, i18n.AdminColKind, i18n.CeremonyGets), ui.ColData, ui.ColTitle, ui.ColExtra),
		Empty:   ui.EmptyState(ui.IconUsers, v.lang.T(i18n.CeremonyNobody), v.lang.T(i18n.CeremonyNobodyText), nil),
	}
	for i, h := range v.All {
		name := ui.Cell{Text: h.Name, Sub: h.Unit, Href: desk.ExemplarLink(h.Exemplar)}
		switch {
		case h.Anonymous():
			name = ui.Cell{Text: v.lang.T(i18n.CeremonyAnonymous)}
		case h.Name == h.Unit:
			name.Sub = ""
		}
		about := v.lang.T(i18n.CeremonyNoPhoto)
		if h.Photo != nil {
			about = v.lang.T(i18n.CeremonyPhoto)
		}
		place := ui.Cell{Text: strconv.Itoa(i + 1)}
		if v.keeps {
			place.Body = placeField(h.Key, v.place(h.Key, i), v.lang.T(i18n.CeremonyPlaceOf, cmp.Or(name.Text, h.Unit)))
		}
		t.Rows = append(t.Rows, ui.Row{ID: h.Key, Cells: []ui.Cell{
			place, name, {Text: v.lang.T(h.Kind.Label())}, {Text: gets(v.lang, h), Sub: v.lang.T(i18n.CeremonyDecision, h.Number) + " · " + about},
		}})
	}
	return t
}

// place is what stands in the field: what was typed, else where it is.
func (v callView) place(key string, i int) string {
	return cmp.Or(v.Values.Get("at."+key), strconv.Itoa(i+1))
}

// slide is one page on the screen.
type slide struct {
	conference.Honoured
	id, next, previous string // anchors
	no                 int
	gets, citation     string
	picture            string // address
	alt                string
	after, before      string // names
}

// screenView is the pages of a screen.
type screenView struct {
	conference.Conference
	slides []slide
	total  int
	back   string
}

// most is the greatest width in which a photo is projected.
const most = 1280

func (f *Face) screen(r *http.Request) (screenView, error) {
	lang := webkit.Lang(r)
	order, err := f.conferences.CallOrder(r.Context(), webkit.Actor(r), r.PathValue("conference"))
	v := screenView{Conference: order.Conference, back: desk.ConferenceLink(order.Conference.ID)}
	called := order.Called()
	v.total = len(called)
	for i, h := range called {
		s := slide{Honoured: h, no: i + 1, id: anchor(i + 1), next: anchor(min(i+2, len(called))), previous: anchor(i), gets: gets(lang, h), citation: strings.Join(h.Citation, "; ")}
		if i > 0 {
			s.before = called[i-1].Name
		}
		if i+1 < len(called) {
			s.after = called[i+1].Name
		}
		if h.Photo != nil {
			for _, size := range h.Photo.Sizes { // the largest first
				if size.Width <= most || s.picture == "" {
					s.picture = desk.EntryLink(h.Entry) + "/photos/" + h.Photo.ID + "/file/" + strconv.Itoa(size.Width)
				}
				if size.Width <= most {
					break
				}
			}
			s.alt = cmp.Or(h.Photo.Alt, lang.T(i18n.CeremonyPhotoOf, h.Name))
		}
		v.slides = append(v.slides, s)
	}
	return v, err
}

func anchor(no int) string { return "p" + strconv.Itoa(no) }

// long is how long a name is, so that it is set as large as it fits.
func (s slide) long() string {
	switch n := len([]rune(s.Name)); {
	case n > 70:
		return "name longest"
	case n > 34:
		return "name longer"
	default:
		return "name"
	}
}

// citationClass sets a long citation smaller.
func (s slide) citationClass() string {
	if len([]rune(s.citation)) > 140 {
		return "for longer"
	}
	return "for"
}

// projector is what is shown in the hall: one page for each who is called.
func (f *Face) projector(w http.ResponseWriter, r *http.Request) error {
	v, err := f.screen(r)
	if err != nil {
		return err
	}
	page, err := f.Page(r, webkit.Lang(r).T(i18n.CeremonyProjector))
	if err != nil {
		return err
	}
	page.Module = "projector.js"
	return desk.Render(w, r, http.StatusOK, projectorPage(page, v))
}

// announcer is the same order for who reads the names.
func (f *Face) announcer(w http.ResponseWriter, r *http.Request) error {
	v, err := f.screen(r)
	if err != nil {
		return err
	}
	page, err := f.Page(r, webkit.Lang(r).T(i18n.CeremonyAnnouncer))
	if err != nil {
		return err
	}
	page.Module = "projector.js"
	return desk.Render(w, r, http.StatusOK, announcerPage(page, v))
}
