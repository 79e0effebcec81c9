package reporting

import (
	"net/http"
	"net/url"

	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) numberRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get(desk.NumbersPath, paper.RightMake, f.numbers),
		desk.Post(desk.NumbersPath, paper.RightMake, f.numbers),
	}
}

// numbersView is how an office signs its numbers.
type numbersView struct {
	desk.Filled
	unit  org.Unit
	units desk.UnitChoice
	table ui.Table
}

func (f *Face) numbers(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	u, tree, units, err := f.officeOf(r)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := numbersView{Filled: state, unit: u, units: units}
	v.Action = desk.NumbersPath + "?" + url.Values{"unit": {u.Code}}.Encode()
	status := http.StatusOK
	if v.Sent(r) {
		in := paper.Office{From: form.Date("from"), Letters: form.Text("letters", 4*paper.MaxOffice), Term: form.Text("term", 4*paper.MaxOffice)}
		if err = form.Err(); err == nil {
			err = f.Papers.SetOffice(r.Context(), who, u.Code, in)
		}
		if err == nil {
			return desk.Done(w, r, v.Action, i18n.ReportingNumbersSaved)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "from", "letters", "term"); !ok {
			return err
		}
	}
	all, err := f.Papers.Offices(r.Context(), who, u.Code)
	if err != nil {
		return err
	}
	v.Start("from", f.Now.Today().String())
	v.table = ui.Table{
		Caption: desk.UnitName(tree, u.ID, f.Now.Today()), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.ReportingFrom, i18n.ReportingLetters, i18n.ReportingTerm), ui.ColTitle),
		Empty:   ui.EmptyState(ui.IconListOrdered, lang.T(i18n.ReportingNoLetters), lang.T(i18n.ReportingNoLettersText), nil),
	}
	for i, o := range all {
		if i == 0 {
			v.Start("letters", o.Letters, "term", o.Term)
		}
		v.table.Rows = append(v.table.Rows, ui.Row{ID: o.From.String(), Cells: []ui.Cell{{Text: lang.Date(o.From)}, {Text: o.Letters}, {Text: desk.OrDash(o.Term)}}})
	}
	p, err := f.Page(r, lang.T(i18n.ReportingNumbers), ui.Link{Text: lang.T(i18n.ReportingTemplates), Href: desk.TemplatesPath + "?" + url.Values{"unit": {u.Code}}.Encode()})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, numbersPage(p, v))
}
