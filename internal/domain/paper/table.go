package paper

import (
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/table"
)

// ReportTables are the figures and the five tables of a report as lists for a sheet or for
// pages. The table by unit comes as two, as one page is not wide enough for it.
func ReportTables(lang i18n.Lang, r report.Report, h Head) []table.Table {
	s := sheets{lang: lang, report: r, head: h}
	all := []table.Table{s.figures(), s.registered(), s.carried(), s.awards()}
	if len(r.Table(report.TableEntries).Columns) > 0 { // the list was asked for
		all = append(all, s.entries())
	}
	return append(all, s.spread(), s.comparison())
}

type sheets struct {
	lang   i18n.Lang
	report report.Report
	head   Head
}

// column is a column of a report's table with its words.
type column struct {
	table.Column
	of string // column of the report's table
}

func (s sheets) words(label i18n.Key, of string, width float64) column {
	return column{table.Column{Label: s.lang.T(label), Width: width}, of}
}

func (s sheets) number(group i18n.Key, label i18n.Key, of string) column {
	c := column{table.Column{Label: s.lang.T(label), Width: 14, Kind: table.Number}, of}
	if group != 0 {
		c.Group = s.lang.T(group)
	}
	return c
}

// list is one table of the report, numbered, with those columns.
func (s sheets) list(name, title i18n.Key, t report.Table, columns []column) table.Table {
	out := table.Table{
		Lang: s.lang, Name: s.lang.T(name), Left: s.left(),
		Title: []string{s.lang.T(title)}, Notes: []string{s.report.Of.Name + " – " + s.report.Scope.Name, s.lang.T(i18n.PaperAsOf, s.report.AsOf)},
		Columns: []table.Column{{Label: s.lang.T(i18n.PaperNumber), Width: 13, Kind: table.Short}}, Empty: s.lang.T(i18n.PaperNone), Landscape: true,
	}
	if s.report.Seal != "" {
		out.Notes = append(out.Notes, s.lang.T(i18n.PaperSealed, s.report.Seal))
	}
	for _, c := range columns {
		out.Columns = append(out.Columns, c.Column)
	}
	rows := make([]table.Row, len(t.Rows))
	for i, row := range t.Rows {
		rows[i].Cells = append(make([]table.Cell, 0, len(columns)+1), table.Int(i+1))
		for _, c := range columns {
			rows[i].Cells = append(rows[i].Cells, s.cell(c, row))
		}
	}
	out.Rows = table.All(rows)
	return out
}

// left are the lines of who issues the list, where they are known.
func (s sheets) left() []string {
	return slices.DeleteFunc([]string{strings.ToUpper(s.head.Above), strings.ToUpper(s.head.Own)}, func(line string) bool { return line == "" })
}

func (s sheets) cell(c column, row report.Row) table.Cell {
	switch c.Kind {
	case table.Number:
		return table.Int(row.Int(c.of))
	case table.Day:
		day, err := clock.ParseDate(row.Text(c.of))
		if err != nil {
			day = 0 // there is none
		}
		return table.On(day)
	default:
		return table.Text(s.word(c.of, row.Text(c.of)))
	}
}

// word is what a code of a column means.
func (s sheets) word(column, code string) string {
	switch column {
	case "form":
		return report.FormName(s.lang, code)
	case "figure":
		d, _ := ledger.Define(ledger.Figure(code))
		return s.lang.T(d.Label)
	case "level":
		if code != "" {
			return s.lang.T(org.Level(code).Label())
		}
	case "kind":
		if k, ok := ledger.Parse(ledger.SubjectKinds(), code); ok {
			return s.lang.T(k.Label())
		}
	case "origin":
		if o, ok := ledger.Parse(ledger.Origins(), code); ok {
			return s.lang.T(o.Label())
		}
	case "field":
		if f, ok := ledger.Parse(ledger.Fields(), code); ok {
			return s.lang.T(f.Label())
		}
	}
	return code
}

// summed is a list with the sums of the report below it.
func (s sheets) summed(t table.Table, columns []column, totals map[string]int) table.Table {
	t.Total = make([]table.Cell, len(columns)+1)
	t.Total[1] = table.Text(s.lang.T(i18n.PaperSum))
	for i, c := range columns {
		if n, ok := totals[c.of]; ok {
			t.Total[i+1] = table.Int(n)
		}
	}
	return t
}

func (s sheets) kinds() []column {
	var all []column
	for _, k := range ledger.SubjectKinds() {
		all = append(all, s.number(i18n.PaperKinds, k.Label(), k.String()))
	}
	return all
}

func (s sheets) figures() table.Table {
	columns := append([]column{s.words(i18n.PaperFigure, "figure", 70), s.number(0, i18n.PaperTotal, "total")}, s.kinds()...)
	columns = append(columns, s.number(0, i18n.PaperSubjects, "subjects"))
	var t report.Table
	for _, f := range s.report.Figures {
		t.Rows = append(t.Rows, report.Row{
			"figure": string(f.Name), "total": f.Total, "collective": f.Collective, "individual": f.Individual, "household": f.Household, "subjects": f.Subjects,
		})
	}
	out := s.list(i18n.PaperSheetFigures, i18n.PaperTitleFigures, t, columns)
	out.Landscape = false
	return out
}

func (s sheets) registered() table.Table {
	columns := append([]column{s.words(i18n.PaperUnit, "name", 60), s.number(0, i18n.PaperTotal, "registered")}, s.kinds()...)
	for _, o := range ledger.Origins() {
		columns = append(columns, s.number(i18n.PaperOrigins, o.Label(), report.OriginColumn(o)))
	}
	for _, f := range ledger.Fields() {
		columns = append(columns, s.number(i18n.PaperFields, f.Label(), f.String()))
	}
	t := s.report.Table(report.TableByUnit)
	return s.summed(s.list(i18n.PaperSheetRegistered, i18n.PaperTitleRegistered, t, columns), columns, t.Totals)
}

func (s sheets) carried() table.Table {
	columns := []column{s.words(i18n.PaperUnit, "name", 60)}
	for _, d := range ledger.Definitions()[1:4] {
		columns = append(columns, s.number(0, d.Label, string(d.Figure)))
	}
	for _, l := range org.Levels() {
		columns = append(columns, s.number(i18n.PaperLevels, l.Label(), report.LevelColumn(l)))
	}
	for _, d := range ledger.Definitions()[4:6] {
		columns = append(columns, s.number(0, d.Label, string(d.Figure)))
	}
	columns = append(columns, s.number(0, i18n.PaperSuspended, "suspended"), s.number(0, i18n.PaperEnded, "ended"))
	t := s.report.Table(report.TableByUnit)
	return s.summed(s.list(i18n.PaperSheetCarried, i18n.PaperTitleCarried, t, columns), columns, t.Totals)
}

func (s sheets) awards() table.Table {
	columns := append([]column{
		s.words(i18n.PaperUnit, "name", 70), s.words(i18n.PaperForm, "form", 40), s.words(i18n.PaperLevel, "level", 28), s.number(0, i18n.PaperTotal, "total"),
	}, s.kinds()...)
	t := s.report.Table(report.TableAwards)
	return s.summed(s.list(i18n.PaperSheetAwards, i18n.PaperTitleAwards, t, columns), columns, t.Totals)
}

func (s sheets) entries() table.Table {
	day := func(label i18n.Key, of string) column {
		return column{table.Column{Label: s.lang.T(label), Width: 22, Kind: table.Day}, of}
	}
	code := s.words(i18n.PaperCode, "code", 20)
	code.Kind = table.Short
	columns := []column{
		code, s.words(i18n.PaperPractice, "title", 80), s.words(i18n.PaperUnit, "unit", 50), s.words(i18n.PaperKind, "kind", 22), s.words(i18n.PaperFields, "field", 30), s.words(i18n.PaperOrigins, "origin", 22),
		day(i18n.PaperRegisteredOn, "registeredOn"), day(i18n.PaperRecognisedOn, "recognisedOn"),
	}
	return s.list(i18n.PaperSheetEntries, i18n.PaperTitleEntries, s.report.Table(report.TableEntries), columns)
}

func (s sheets) spread() table.Table {
	columns := []column{
		s.words(i18n.PaperSource, "title", 80), s.words(i18n.PaperUnit, "unit", 60), s.number(0, i18n.LedgerAdoptions, "adoptions"),
		s.number(0, i18n.PaperAdoptingUnits, "adoptingUnits"), s.number(0, i18n.PaperCoverage, "coverage"), s.number(0, i18n.PaperPossible, "possible"),
	}
	t := s.report.Table(report.TableReplication)
	return s.summed(s.list(i18n.PaperSheetSpread, i18n.PaperTitleSpread, t, columns), columns, t.Totals)
}

func (s sheets) comparison() table.Table {
	columns := []column{
		s.words(i18n.PaperFigure, "figure", 70), s.number(0, i18n.PaperPrevious, "previous"), s.number(0, i18n.PaperCurrent, "current"),
		s.number(0, i18n.PaperDifference, "difference"),
	}
	out := s.list(i18n.PaperSheetComparison, i18n.PaperTitleComparison, s.report.Table(report.TableComparison), columns)
	out.Landscape = false
	if day := earlier(s.report); day != "" {
		out.Notes = append(out.Notes, s.lang.T(i18n.PaperPreviousAsOf, day))
	}
	return out
}
