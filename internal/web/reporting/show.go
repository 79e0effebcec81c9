package reporting

import (
	"cmp"
	"net/url"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/table"
	"github.com/nhanrong/nhanrong/internal/web/ui"
)

// at is an address about a report.
func at(path string, q report.Query, pairs ...string) string {
	v := url.Values{"movement": {q.Movement}, "asOf": {q.AsOf.String()}, "unit": {q.Scope}}
	if q.Period != 0 {
		v.Set("period", strconv.Itoa(q.Period))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return path + "?" + v.Encode()
}

// figuresLink is the address of the figures behind a report.
func figuresLink(r report.Report) string {
	return "/admin/figures?" + url.Values{"movement": {r.Movement}, "asOf": {r.AsOf.String()}, "unit": {r.Scope.Code}}.Encode()
}

// behind is the address of the list behind a figure of a report.
func behind(r report.Report, figure ledger.Figure, pairs ...string) string {
	v := url.Values{"movement": {r.Movement}, "asOf": {r.AsOf.String()}}
	if r.Scope.Code != "" {
		v.Set("unit", r.Scope.Code)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return "/admin/figures/" + string(figure) + "?" + v.Encode()
}

// cellLink is where a cell of a report opens: the list behind it, or the figures where it
// has none of its own.
func cellLink(r report.Report, c report.Cell) string {
	figure := func(name string) (ledger.Figure, bool) {
		d, ok := ledger.Define(ledger.Figure(name))
		return d.Figure, ok
	}
	switch c.Table {
	case report.TableFigures:
		f, _ := figure(c.Row)
		if k, ok := ledger.Parse(ledger.SubjectKinds(), c.Column); ok {
			return behind(r, f, "kind", k.String())
		}
		return behind(r, f)
	case report.TableByField:
		if f, ok := figure(c.Column); ok && c.Row != "" {
			return behind(r, f, "field", c.Row)
		}
	case report.TableByUnit:
		if f, ok := figure(c.Column); ok {
			return behind(r, f, "unit", cmp.Or(c.Row, r.Scope.Code))
		}
	}
	return figuresLink(r)
}

// funnelOf draws the ten figures of a report that is still counted; each opens its list.
func funnelOf(lang i18n.Lang, r report.Report) ui.Funnel {
	p, _ := r.Of.Period(r.PeriodNo)
	f := ui.Funnel{Title: lang.T(i18n.FrozenFunnel), Caption: lang.T(i18n.FrozenFunnelOf, r.Scope.Name, p.Name, r.AsOf)}
	for _, d := range ledger.Definitions() {
		one := r.Figures.Get(d.Figure)
		step := ui.FunnelStep{Label: lang.T(d.Label), Total: one.Total, Collective: one.Collective, Individual: one.Individual, Household: one.Household}
		if r.Seal == "" { // the lists of today are not those of a frozen one
			step.Href = behind(r, d.Figure)
			for i, k := range ledger.SubjectKinds() {
				step.PartHref[i] = behind(r, d.Figure, "kind", k.String())
			}
		}
		f.Steps = append(f.Steps, step)
	}
	return f
}

// sheetsOf are the tables of a report as they stand on its paper; the list of entries is for
// files alone.
func sheetsOf(lang i18n.Lang, r report.Report) []ui.Table {
	var all []ui.Table
	for _, t := range paper.ReportTables(lang, r, paper.Head{}) {
		if t.Name == lang.T(i18n.PaperSheetFigures) || t.Name == lang.T(i18n.PaperSheetEntries) {
			continue
		}
		if one := sheet(lang, t); len(one.Rows) > 0 {
			all = append(all, one)
		}
	}
	return all
}

// sheet is a list of a paper as a table of a page.
func sheet(lang i18n.Lang, t table.Table) ui.Table {
	out := ui.Table{Caption: t.Title[0], ShowCaption: true, Pan: true}
	grouped := false
	for i, c := range t.Columns {
		if i == 0 { // the running number
			continue
		}
		col := ui.Column{Label: c.Label, Kind: ui.ColData}
		switch {
		case i == 1:
			col.Kind = ui.ColTitle
		case c.Kind == table.Number:
			col.Kind = ui.ColNumber
		}
		out.Columns = append(out.Columns, col)
		grouped = grouped || c.Group != ""
		if n := len(out.Groups); n > 0 && out.Groups[n-1].Label == c.Group {
			out.Groups[n-1].Span++
		} else {
			out.Groups = append(out.Groups, ui.ColumnGroup{Label: c.Group, Span: 1})
		}
	}
	if !grouped {
		out.Groups = nil
	}
	cells := func(from []table.Cell) ui.Row {
		row := ui.Row{}
		for _, c := range from[1:] {
			row.Cells = append(row.Cells, ui.Cell{Text: c.Words(lang)})
		}
		return row
	}
	for row, err := range t.Rows {
		if err == nil && len(row.Cells) > 0 {
			out.Rows = append(out.Rows, cells(row.Cells))
		}
	}
	if len(t.Total) > 0 {
		out.Foot = []ui.Row{cells(t.Total)}
	}
	return out
}

// brokenOf are the identities of a report that do not hold.
func brokenOf(r report.Report) []report.Identity {
	var all []report.Identity
	for _, one := range r.Identities {
		if !one.Holds {
			all = append(all, one)
		}
	}
	return all
}

// meaning is what a reference stands for, in words.
func meaning(lang i18n.Lang, r report.Report, c report.Cell) string {
	words := report.TableLabel(lang, c.Table) + " · " + r.RowLabel(lang, c)
	return words + " · " + report.ColumnLabel(lang, c)
}
