package admin

import (
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
)

// fieldLine is a row of the table by field.
type fieldLine struct {
	field  ledger.Field
	counts ledger.Counts
}

// unitColumns are the numbers of the table by unit that the page shows, each with the
// figure and the narrowing of its list.
type unitColumn struct {
	label  i18n.Key
	column string
	figure ledger.Figure
	pairs  []string
}

func unitColumns() []unitColumn {
	all := []unitColumn{{i18n.LedgerRegistered, "registered", ledger.FigureRegistered, nil}}
	for _, k := range ledger.SubjectKinds() {
		all = append(all, unitColumn{k.Label(), k.String(), ledger.FigureRegistered, []string{"kind", k.String()}})
	}
	for _, o := range ledger.Origins() {
		all = append(all, unitColumn{o.Label(), report.OriginColumn(o), ledger.FigureRegistered, []string{"origin", o.String()}})
	}
	for _, x := range ledger.Fields() {
		all = append(all, unitColumn{x.Label(), x.String(), ledger.FigureRegistered, []string{"field", x.String()}})
	}
	for _, d := range ledger.Definitions()[1:6] {
		all = append(all, unitColumn{d.Label, string(d.Figure), d.Figure, nil})
	}
	return append(all, unitColumn{i18n.AdminSuspended, "suspended", "", nil}, unitColumn{i18n.AdminEnded, "ended", "", nil})
}

// unitTable is the table by unit; each number opens its list, each unit its own funnel.
func (v figureView) unitTable(lang i18n.Lang) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.AdminByUnit), ShowCaption: true, Pan: true,
		Columns: []ui.Column{{Label: lang.T(i18n.AdminColUnit), Kind: ui.ColTitle}},
		Groups: []ui.ColumnGroup{
			{Span: 2},
			{Label: lang.T(i18n.AdminColKind), Span: 3},
			{Label: lang.T(i18n.AdminColOrigin), Span: 4},
			{Label: lang.T(i18n.AdminColField), Span: 4},
			{Span: 7},
		},
	}
	for _, c := range unitColumns() {
		t.Columns = append(t.Columns, ui.Column{Label: lang.T(c.label), Kind: ui.ColNumber})
	}
	table := v.report.Table(report.TableByUnit)
	for _, row := range table.Rows {
		unit := row.Text("unit")
		cells := []ui.Cell{{Text: row.Text("name"), Href: figuresLink(v, unit)}}
		for _, c := range unitColumns() {
			if unit == v.report.Scope.Code && len(table.Rows) > 1 {
				c.figure = "" // its own alone: the list of the unit holds those below it, too
			}
			cells = append(cells, v.number(lang, c, row.Int(c.column), unit))
		}
		t.Rows = append(t.Rows, ui.Row{ID: unit, Cells: cells})
	}
	foot := []ui.Cell{{Text: lang.T(i18n.AdminTotal)}}
	for _, c := range unitColumns() {
		foot = append(foot, v.number(lang, c, table.Totals[c.column], v.report.Scope.Code))
	}
	t.Foot = []ui.Row{{ID: "total", Cells: foot}}
	return t
}

func (v figureView) number(lang i18n.Lang, c unitColumn, n int, unit string) ui.Cell {
	cell := ui.Cell{Text: lang.Number(n)}
	if n > 0 && c.figure != "" {
		cell.Href = behindLink(c.figure, v.movement.Code, v.asOf.String(), append([]string{"unit", unit}, c.pairs...)...)
	}
	return cell
}

// fieldTable is the funnel by field.
func (v figureView) fieldTable(lang i18n.Lang) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.AdminByField), ShowCaption: true, Pan: true,
		Columns: []ui.Column{{Label: lang.T(i18n.AdminColField), Kind: ui.ColTitle}},
	}
	for _, d := range ledger.Definitions() {
		t.Columns = append(t.Columns, ui.Column{Label: lang.T(d.Label), Kind: ui.ColNumber})
	}
	for _, line := range v.fields {
		cells := []ui.Cell{{Text: lang.T(line.field.Label())}}
		for _, d := range ledger.Definitions() {
			cells = append(cells, v.number(lang, unitColumn{figure: d.Figure, pairs: []string{"field", line.field.String()}}, line.counts.Of(d.Figure), v.report.Scope.Code))
		}
		t.Rows = append(t.Rows, ui.Row{ID: line.field.String(), Cells: cells})
	}
	return t
}

// plainTable shows a table of the report as it is: words for its columns, numbers as
// numbers.
func plainTable(lang i18n.Lang, t report.Table, caption i18n.Key, words map[string]i18n.Key, texts func(column, code string) string) ui.Table {
	out := ui.Table{Caption: lang.T(caption), ShowCaption: true, Pan: true}
	var shown []string
	for _, c := range t.Columns {
		if key, ok := words[c]; ok {
			shown = append(shown, c)
			kind := ui.ColData
			if c == "title" || c == "name" || c == "figure" {
				kind = ui.ColTitle
			}
			if len(t.Rows) > 0 {
				if _, number := t.Rows[0][c].(int); number {
					kind = ui.ColNumber
				}
			}
			out.Columns = append(out.Columns, ui.Column{Label: lang.T(key), Kind: kind})
		}
	}
	for i, row := range t.Rows {
		var cells []ui.Cell
		for _, c := range shown {
			if n, ok := row[c].(int); ok {
				cells = append(cells, ui.Cell{Text: lang.Number(n)})
				continue
			}
			cells = append(cells, ui.Cell{Text: texts(c, row.Text(c))})
		}
		out.Rows = append(out.Rows, ui.Row{ID: t.ID + strconv.Itoa(i), Cells: cells})
	}
	return out
}

func (v figureView) awardTable(lang i18n.Lang) ui.Table {
	return plainTable(lang, v.report.Table(report.TableAwards), i18n.AdminAwards, map[string]i18n.Key{
		"name": i18n.AdminColUnit, "form": i18n.AdminColForm, "level": i18n.AdminColLevel, "total": i18n.AdminTotal,
		"collective": i18n.LedgerKindCollective, "individual": i18n.LedgerKindIndividual, "household": i18n.LedgerKindHousehold,
	}, func(column, code string) string {
		switch column {
		case "form":
			return report.FormName(lang, code)
		case "level":
			return lang.T(org.Level(code).Label())
		default:
			return code
		}
	})
}

func (v figureView) spreadTable(lang i18n.Lang) ui.Table {
	return plainTable(lang, v.report.Table(report.TableReplication), i18n.AdminSpread, map[string]i18n.Key{
		"source": i18n.AdminColCode, "title": i18n.AdminColSource, "unit": i18n.AdminColUnit, "adoptions": i18n.LedgerAdoptions,
		"adoptingUnits": i18n.AdminColAdoptingUnits, "coverage": i18n.AdminColCoverage, "possible": i18n.AdminColPossible,
	}, func(_, text string) string { return text })
}

func (v figureView) comparisonTable(lang i18n.Lang) ui.Table {
	return plainTable(lang, v.report.Table(report.TableComparison), i18n.AdminComparison, map[string]i18n.Key{
		"figure": i18n.AdminColFigure, "previous": i18n.AdminColPrevious, "current": i18n.AdminColCurrent, "difference": i18n.AdminColDifference,
		"previousAsOf": i18n.AdminColPreviousAsOf,
	}, func(column, text string) string {
		if column == "figure" {
			d, _ := ledger.Define(ledger.Figure(text))
			return lang.T(d.Label)
		}
		return lang.Date(dateOf(text))
	})
}
