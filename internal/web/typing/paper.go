package typing

import (
	"net/http"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) paperRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get("/admin/forms/blank", practice.RightRegister, f.blankForm),
		desk.Get("/admin/forms/{code}", practice.RightRead, f.filledForm),
	}
}

// paper is the form of a registration as a sheet: filled, or with lines to write on. It is
// Vietnamese in every language of the page.
type paper struct {
	head       desk.PaperHead
	movement   string
	code       string
	signer     string // who declared it
	lines      []paperLine
	indicators []practice.Indicator
	means      []practice.Resource
	blank      bool
}

// paperLine is one line of the form; Rows is how many lines there are to write on.
type paperLine struct {
	label, hint, text string
	rows              int
}

// blankForm is the form as it is filled by hand.
func (f *Face) blankForm(w http.ResponseWriter, r *http.Request) error {
	m, err := f.movementOf(r)
	if err != nil {
		return err
	}
	v := paper{movement: m.Name, blank: true, lines: headLines(nil)}
	v.head.Dated = true
	for _, part := range (&practice.Parts{}).All() {
		v.lines = append(v.lines, paperLine{i18n.Vi.T(part.Label), i18n.Vi.T(part.Hint), "", 3})
	}
	return f.sheet(w, r, i18n.DraftpagePaperBlank, v)
}

// filledForm is an entry as a paper to be signed.
func (f *Face) filledForm(w http.ResponseWriter, r *http.Request) error {
	who := webkit.Actor(r)
	e, err := f.Practices.Get(r.Context(), who, r.PathValue("code"))
	if err != nil {
		return err
	}
	m, err := f.Movements.ByPeriod(r.Context(), who, e.Period)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	v := filledPaper(tree, m, e)
	on := e.Standing.Acts[0].On
	head, err := f.Org.LetterheadOn(r.Context(), e.Unit, on)
	if err != nil {
		return err
	}
	v.head = desk.PaperHead{Letterhead: head, Dated: true, On: on}
	return f.sheet(w, r, i18n.DraftpagePaperFilled, v, ui.Link{Text: e.Code, Href: desk.EntryLink(e.Code)})
}

// headLines are the lines before the nine parts; the values in their order, or none.
func headLines(values []string) []paperLine {
	keys := []i18n.Key{
		i18n.PracticePartTitle, i18n.RegisterFormUnit, i18n.RegisterFormKind, i18n.RegisterFormSubject, i18n.RegisterFormField, i18n.RegisterFormOrigin,
		i18n.RegisterFormAddress, i18n.RegisterFormPartners,
	}
	lines := make([]paperLine, len(keys))
	for i, key := range keys {
		lines[i] = paperLine{label: i18n.Vi.T(key), rows: 1}
		if values != nil {
			lines[i].text = values[i]
		}
	}
	return lines
}

func filledPaper(tree *org.Tree, m movement.Movement, e practice.Entry) paper {
	on := e.Standing.Acts[0].On
	name := func(id string) string {
		unit, _ := tree.Unit(id)
		return unit.NameOn(on)
	}
	partners := make([]string, len(e.Partners))
	for i, id := range e.Partners {
		partners[i] = name(id)
	}
	field, _ := m.Field(e.Field)
	v := paper{
		movement: m.Name, code: e.Code, signer: e.DeclaredBy, indicators: e.Indicators, means: e.Means,
		lines: headLines([]string{
			e.Title, name(e.Unit), i18n.Vi.T(e.Kind.Label()), e.Subject, field.Name, i18n.Vi.T(e.Origin.Label()), e.Address, strings.Join(partners, "; "),
		}),
	}
	for _, part := range e.Parts.All() {
		v.lines = append(v.lines, paperLine{label: i18n.Vi.T(part.Label), text: *part.Text, rows: 1})
	}
	return v
}

func (f *Face) sheet(w http.ResponseWriter, r *http.Request, title i18n.Key, v paper, crumbs ...ui.Link) error {
	p, err := f.Page(r, webkit.Lang(r).T(title), append([]ui.Link{{Text: webkit.Lang(r).T(i18n.AdminRegister), Href: "/admin/entries"}}, crumbs...)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, paperPage(p, v))
}
