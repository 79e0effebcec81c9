package people

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) letterheadRoutes() []webkit.Route {
	const page = "/admin/units/{code}/letterhead"
	return []webkit.Route{
		desk.Get(page, org.RightRead, f.letterhead),
		desk.Post(page, org.RightManage, f.letterhead),
	}
}

// letterheadView is what a unit's papers carry, and the form that sets it.
type letterheadView struct {
	desk.Filled
	now      desk.PaperHead // of a paper of today
	fallback desk.PaperHead // what is printed where a line is left empty
	may      bool
	form     string // its heading
	table    ui.Table
	back     string
	// What somebody else saved for the day of the form meanwhile; 0 is nothing.
	overtaken clock.Date
	saved     desk.PaperHead
}

func (f *Face) letterhead(w http.ResponseWriter, r *http.Request) error {
	lang, who, today := webkit.Lang(r), webkit.Actor(r), f.Now.Today()
	u, err := f.Org.Get(r.Context(), who, r.PathValue("code"))
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := letterheadView{Filled: state, may: who.Can(org.RightManage), back: "/admin/units/" + u.Code, form: lang.T(i18n.LetterheadSet)}
	v.Action = desk.LetterheadLink(u.Code)
	status := http.StatusOK
	if v.Sent(r) {
		in := readLetterhead(form)
		mark := webkit.Version(r)
		if err = form.Err(); err == nil {
			err = f.Org.SetLetterhead(r.Context(), who, u.Code, in, mark)
		}
		if err == nil {
			return desk.Done(w, r, v.Action, i18n.LetterheadSaved, u.NameOn(today))
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "from", "track", "above", "own", "place", "signing", "for", "title", "signer"); !ok {
			return err
		}
		if errs.Is(err, errs.Conflict) {
			v.overtaken = in.From
		}
	}
	if err := f.letterheadState(r, &v, u); err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.LetterheadTitle), ui.Link{Text: lang.T(i18n.AdminUnits), Href: "/admin/units"}, ui.Link{Text: u.NameOn(today), Href: v.back})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, letterheadPage(p, v))
}

func readLetterhead(form *webkit.FormReader) org.Letterhead {
	line := func(name string) string { return form.Text(name, 4*org.MaxLetterLine) }
	return org.Letterhead{
		From: form.Date("from"), Track: org.Track(form.Text("track", 16)), Signing: org.Signing(form.Text("signing", 16)),
		Above: line("above"), Own: line("own"), Place: line("place"), For: line("for"), Title: line("title"), Signer: line("signer"),
	}
}

// letterheadState reads what holds today and what was set before. The form begins with what
// holds today, to be changed from today on, or with the one that the address names.
func (f *Face) letterheadState(r *http.Request, v *letterheadView, u org.Unit) error {
	lang, today := webkit.Lang(r), f.Now.Today()
	all, err := f.Org.Letterheads(r.Context(), webkit.Actor(r), u.Code)
	if err != nil {
		return err
	}
	now, err := f.Org.LetterheadOn(r.Context(), u.ID, today)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	v.now = desk.PaperHead{Letterhead: now, Numbered: true, Dated: true, On: today}
	v.fallback.Own = u.NameOn(today)
	if above := tree.Above(u.ID, today); len(above) > 1 {
		v.fallback.Above = above[len(above)-2].NameOn(today)
	}
	q := webkit.Query(r)
	asked := q.Date("from")
	if err := q.Err(); err != nil {
		return err
	}
	if i := slices.IndexFunc(all, func(h org.Letterhead) bool { return v.overtaken != 0 && h.From == v.overtaken }); i >= 0 {
		v.saved = desk.PaperHead{Letterhead: all[i], Numbered: true, Dated: true, On: all[i].From}
		v.Values.Set(webkit.VersionField, strconv.Itoa(all[i].Mark())) // saved once more, it is meant
	}
	start, from := org.Letterhead{Track: org.StateTrack}, today
	if u.Kind == "party" {
		start.Track = org.PartyTrack
	}
	if i := slices.IndexFunc(all, func(h org.Letterhead) bool { return h.From <= today || h.From == asked }); i >= 0 {
		start = all[i]
	}
	if i := slices.IndexFunc(all, func(h org.Letterhead) bool { return h.From == asked }); i >= 0 {
		start, from = all[i], asked
		v.form = lang.T(i18n.LetterheadCorrect, asked)
	}
	mark := 0
	if i := slices.IndexFunc(all, func(h org.Letterhead) bool { return h.From == from }); i >= 0 {
		mark = all[i].Mark()
	}
	v.Start(webkit.VersionField, strconv.Itoa(mark), "from", from.String(), "track", string(start.Track), "above", start.Above, "own", start.Own, "place", start.Place,
		"signing", string(start.Signing), "for", start.For, "title", start.Title, "signer", start.Signer)
	v.table = v.history(lang, all, today)
	return nil
}

func (v *letterheadView) history(lang i18n.Lang, all []org.Letterhead, today clock.Date) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.LetterheadHistory), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.LetterheadFrom, i18n.LetterheadOwn, i18n.LetterheadPlace, i18n.LetterheadSigner), ui.ColData, ui.ColTitle, ui.ColData, ui.ColData),
		Empty:   ui.EmptyState(ui.IconFileText, lang.T(i18n.LetterheadNone), lang.T(i18n.LetterheadNoneText), nil),
	}
	holds := false
	for _, h := range all {
		from := ui.Cell{Text: lang.Date(h.From)}
		if v.may {
			from.Href = v.Action + "?from=" + h.From.String()
		}
		if !holds && h.From <= today {
			holds, from.Sub = true, lang.T(i18n.LetterheadNow)
		}
		t.Rows = append(t.Rows, ui.Row{ID: h.From.String(), Cells: []ui.Cell{
			from,
			{Text: desk.OrDash(h.Own), Sub: strings.Trim(lang.T(h.Track.Label())+" · "+h.Above, " ·")},
			{Text: desk.OrDash(h.Place)},
			{Text: desk.OrDash(h.Signer), Sub: strings.Trim(h.SignedFor(desk.Gap)+" "+h.Title, " ")},
		}})
	}
	return t
}
