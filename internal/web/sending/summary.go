package sending

import (
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/parcel"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/table"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) sumRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get(sumPath, parcel.RightRead, f.sum),
		desk.Get(sumPath+"/file", parcel.RightRead, f.sumFile),
		desk.Get(path+"/expected", parcel.RightReceive, f.expect),
		desk.Post(path+"/expected", parcel.RightReceive, f.expect),
	}
}

// sumView is the sum with the question that it answers.
type sumView struct {
	query     report.Query
	kind      string // a kind of subject; "" is all
	movements []ui.Option
	sum       parcel.Sum
	may       bool
}

// asked reads what the address asks for; the latest movement where it names none.
func (f *Face) asked(r *http.Request) (sumView, error) {
	q := webkit.Query(r)
	v := sumView{query: report.Query{Movement: q.Text("movement", 64), Period: q.Int("period", 0, 1<<30), AsOf: q.Date("asOf")}, may: webkit.Actor(r).Can(parcel.RightReceive)}
	kinds := []string{""}
	for _, k := range ledger.SubjectKinds() {
		kinds = append(kinds, k.String())
	}
	v.kind = q.Choice("kind", kinds...)
	if err := q.Err(); err != nil {
		return v, err
	}
	all, err := f.Movements.List(r.Context(), webkit.Actor(r))
	for _, m := range all {
		if v.query.Movement == "" {
			v.query.Movement = m.Code
		}
		if _, ok := m.Period(v.query.Period); m.Code == v.query.Movement && v.query.Period != 0 && !ok {
			v.query.Period, v.query.AsOf = 0, 0 // another movement was picked
		}
		v.movements = append(v.movements, ui.Option{Value: m.Code, Text: m.Name})
	}
	return v, err
}

func (f *Face) sum(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	v, err := f.asked(r)
	if err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.SendingSum), crumb(lang))
	if err != nil {
		return err
	}
	if v.query.Movement != "" {
		if v.sum, err = f.Parcels.Sum(r.Context(), webkit.Actor(r), v.query); err != nil {
			return err
		}
		v.query.Period, v.query.AsOf = v.sum.Period.No, v.sum.AsOf
	}
	return desk.Render(w, r, http.StatusOK, sumPage(p, v))
}

// at is an address about what the page shows.
func (v sumView) at(path string) string {
	return path + "?" + url.Values{"movement": {v.query.Movement}, "period": {strconv.Itoa(v.query.Period)}, "asOf": {v.query.AsOf.String()}}.Encode()
}

// periods are those of the movement.
func (v sumView) periods() []ui.OptionGroup {
	var all []ui.Option
	for _, p := range v.sum.Movement.Periods {
		all = append(all, ui.Option{Value: strconv.Itoa(p.No), Text: p.Name})
	}
	return ui.Options(all...)
}

// kinds are the kinds of subject, and all of them.
func (v sumView) kinds(lang i18n.Lang) []ui.OptionGroup {
	all := []ui.Option{{Text: lang.T(i18n.SendingAllKinds)}}
	for _, k := range ledger.SubjectKinds() {
		all = append(all, ui.Option{Value: k.String(), Text: lang.T(k.Label())})
	}
	return ui.Options(all...)
}

// of is a figure, or the chosen kind of it.
func (v sumView) of(all report.Figures, f ledger.Figure) int {
	one := all.Get(f)
	if k, ok := ledger.Parse(ledger.SubjectKinds(), v.kind); ok {
		return one.Of(k)
	}
	return one.Total
}

// stateOf is where a sender stands.
func stateOf(lang i18n.Lang, row parcel.SumRow) (string, ui.Tone) {
	switch {
	case row.Sent:
		return lang.T(i18n.SendingAsOf, row.Package.AsOf, row.Package.Version), ui.OK
	case row.Waits:
		return lang.T(i18n.ParcelWaiting), ui.Wait
	case row.Late:
		return lang.T(i18n.SendingLate, row.Due), ui.Bad
	case row.Due != 0:
		return lang.T(i18n.SendingDue, row.Due), ui.Wait
	default:
		return lang.T(i18n.SendingMissing), ui.Wait
	}
}

func stateText(lang i18n.Lang, row parcel.SumRow) string {
	text, _ := stateOf(lang, row)
	return text
}

func (v sumView) table(p ui.Page) ui.Table {
	t := ui.Table{Caption: p.T(i18n.SendingSum), Pan: true, Columns: []ui.Column{{Label: p.T(i18n.SendingSender), Kind: ui.ColTitle}, {Label: p.T(i18n.FrozenState), Kind: ui.ColStatus}}}
	for _, d := range ledger.Definitions() {
		t.Columns = append(t.Columns, ui.Column{Label: p.T(d.Label), Kind: ui.ColNumber})
	}
	add := func(name, state ui.Cell, figures report.Figures) ui.Row {
		row := ui.Row{Cells: []ui.Cell{name, state}}
		for _, d := range ledger.Definitions() {
			cell := ui.Cell{Text: "–"}
			if figures != nil {
				cell.Text = p.Lang.Number(v.of(figures, d.Figure))
			}
			row.Cells = append(row.Cells, cell)
		}
		return row
	}
	t.Rows = append(t.Rows, add(ui.Cell{Text: p.T(i18n.SendingOwn), Sub: v.sum.Scope.Name}, ui.Cell{Text: p.T(i18n.SendingOwnState), Tone: ui.Info}, v.sum.Own))
	for _, row := range v.sum.Senders {
		text, tone := stateOf(p.Lang, row)
		name, figures := ui.Cell{Text: row.Unit.Name, Sub: row.Unit.Code}, report.Figures(nil)
		if row.Sent {
			name.Href, figures = receivedLink(row.Package.ID), row.Package.Figures
		}
		t.Rows = append(t.Rows, add(name, ui.Cell{Text: text, Tone: tone}, figures))
	}
	t.Foot = append(t.Foot, add(ui.Cell{Text: p.T(i18n.ReportSum)}, ui.Cell{}, v.sum.Total))
	return t
}

// missing names the units that are missing.
func (v sumView) missing() []parcel.SumRow {
	return slices.DeleteFunc(slices.Clone(v.sum.Senders), func(row parcel.SumRow) bool { return !row.Expected || row.Sent })
}

// sheet is the sum as a list with every figure by kind of subject.
func (v sumView) sheet(lang i18n.Lang) table.Table {
	t := table.Table{
		Lang: lang, Name: lang.T(i18n.SendingSum), Title: []string{lang.T(i18n.SendingSum), v.sum.Movement.Name}, Landscape: true,
		Notes: []string{lang.T(i18n.SendingSheetNote, v.sum.Scope.Name, v.sum.Period.Name, v.sum.AsOf, v.sum.Missing)},
		Columns: []table.Column{
			{Label: lang.T(i18n.PaperCode), Width: 14, Kind: table.Short}, {Label: lang.T(i18n.SendingSender), Width: 40}, {Label: lang.T(i18n.FrozenState), Width: 30},
		},
	}
	for _, d := range ledger.Definitions() {
		t.Columns = append(t.Columns, table.Column{Group: lang.T(d.Label), Label: lang.T(i18n.ReportTotal), Width: 12, Kind: table.Number})
		for _, k := range ledger.SubjectKinds() {
			t.Columns = append(t.Columns, table.Column{Group: lang.T(d.Label), Label: lang.T(k.Label()), Width: 12, Kind: table.Number})
		}
	}
	line := func(code, name, state string, figures report.Figures) []table.Cell {
		cells := []table.Cell{table.Text(code), table.Text(name), table.Text(state)}
		for _, d := range ledger.Definitions() {
			one := figures.Get(d.Figure)
			for _, n := range []int{one.Total, one.Collective, one.Individual, one.Household} {
				if figures == nil {
					cells = append(cells, table.Text(""))
				} else {
					cells = append(cells, table.Int(n))
				}
			}
		}
		return cells
	}
	rows := []table.Row{{Cells: line(v.sum.Scope.Code, lang.T(i18n.SendingOwn), lang.T(i18n.SendingOwnState), v.sum.Own)}}
	for _, row := range v.sum.Senders {
		text, _ := stateOf(lang, row)
		rows = append(rows, table.Row{Cells: line(row.Unit.Code, row.Unit.Name, text, row.Package.Figures)})
	}
	t.Rows, t.Total = table.All(rows), line("", lang.T(i18n.ReportSum), "", v.sum.Total)
	return t
}

func (f *Face) sumFile(w http.ResponseWriter, r *http.Request) error {
	v, err := f.asked(r)
	if err != nil {
		return err
	}
	if v.sum, err = f.Parcels.Sum(r.Context(), webkit.Actor(r), v.query); err != nil {
		return err
	}
	a := webkit.Attachment{Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Endings: []string{".xlsx"}}
	return spooled(w, r, a, func(file *os.File) (string, error) {
		return "tong-hop-" + v.sum.Movement.Code + "-" + v.sum.AsOf.String(), table.XLSX(file, v.sheet(webkit.Lang(r)))
	})
}

// expectView is the form that says who should send, and until when.
type expectView struct {
	desk.Filled
	sum   parcel.Sum
	units []ui.Option
	back  string
}

func (f *Face) expect(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	asked, err := f.asked(r)
	if err != nil {
		return err
	}
	sum, err := f.Parcels.Sum(r.Context(), who, asked.query)
	if err != nil {
		return err
	}
	asked.query.Period, asked.query.AsOf = sum.Period.No, sum.AsOf
	fill, form := desk.FilledFrom(r)
	v := expectView{Filled: fill, sum: sum, back: asked.at(sumPath)}
	status := http.StatusOK
	if v.Sent(r) {
		in := parcel.Expectation{Movement: sum.Movement.Code, Period: sum.Period.No, Due: form.Date("due"), Units: form.Texts("units", 64)}
		if err = form.Err(); err == nil {
			err = f.Parcels.Expect(r.Context(), who, in)
		}
		if err == nil {
			return desk.Done(w, r, v.back, i18n.SendingExpectDone)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "due", "units"); !ok {
			return err
		}
	}
	if err := f.expectable(r, &v); err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.SendingExpect), crumb(lang), ui.Link{Text: lang.T(i18n.SendingSum), Href: v.back})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, expectPage(p, v))
}

// expectable offers the communes; those that were chosen are marked.
func (f *Face) expectable(r *http.Request, v *expectView) error {
	all, err := f.Parcels.Expectable(r.Context(), webkit.Actor(r))
	for _, u := range all {
		on := slices.Contains(v.Values["units"], u.Code)
		for _, row := range v.sum.Senders {
			if v.First && v.sum.Chosen && row.Unit.Code == u.Code && row.Expected {
				on = true
				v.Start("due", row.Due.String())
			}
		}
		v.units = append(v.units, ui.Option{Value: u.Code, Text: u.Name, Hint: u.Code, On: on})
	}
	return err
}
