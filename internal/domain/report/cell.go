package report

import (
	"cmp"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Cell is where a number of a report stands. Without a row it is the sum of a column.
type Cell struct {
	Table  string `json:"table"`
	Row    string `json:"row"`
	Column string `json:"column"`
}

// Tables that a report has beside the five: the ten figures, and six of them by field.
const (
	TableFigures = "figures"
	TableByField = "byField"
)

// fieldFigures are the figures that count entries: those that have a field.
func fieldFigures() []ledger.Figure {
	return []ledger.Figure{
		ledger.FigureRegistered, ledger.FigureReceived, ledger.FigureCarriedOut, ledger.FigureRecognised, ledger.FigureTypical, ledger.FigureReplicated,
	}
}

// byField is what was registered and what became of it, by field.
func byField(c ledger.Cube) Table {
	columns := []string{"field"}
	for _, f := range fieldFigures() {
		columns = append(columns, string(f))
	}
	t := newTable(TableByField, columns...)
	for _, field := range ledger.Fields() {
		counts := c.Total(func(cell ledger.Cell) bool { return cell.Field == field })
		row := Row{"field": field.String()}
		for _, f := range fieldFigures() {
			row[string(f)] = counts.Of(f)
		}
		t.add(row)
	}
	return t
}

// ByField is what was registered and what became of it, by field.
func (r Report) ByField() Table {
	if t := r.Table(TableByField); t.ID != "" {
		return t
	}
	return byField(r.Cube)
}

// key names a row of a table.
func (t Table) key(r Row) string {
	switch t.ID {
	case TableByUnit:
		return r.Text("unit")
	case TableByField:
		return r.Text("field")
	case TableAwards:
		return awardKey(r.Text("unit"), r.Text("kind"), r.Text("form"), r.Text("level"))
	case TableReplication:
		return cmp.Or(r.Text("source"), r.Text("title"))
	case TableComparison:
		return r.Text("figure")
	default:
		return r.Text("code")
	}
}

func awardKey(unit, kind, form, level string) string {
	return unit + "|" + kind + "|" + form + "|" + level
}

// Find is the row of a table that a cell stands in.
func (t Table) Find(c Cell) (Row, bool) {
	for _, r := range t.Rows {
		if t.key(r) == c.Row {
			return r, true
		}
	}
	return nil, false
}

// cells are all numbers of a report that are not 0, by where they stand. The list of entries
// is no part of it.
func (r Report) cells() map[Cell]int {
	all := map[Cell]int{}
	put := func(table, row, column string, n int) {
		if n != 0 {
			all[Cell{table, row, column}] = n
		}
	}
	for _, f := range r.Figures {
		row := string(f.Name)
		put(TableFigures, row, "total", f.Total)
		put(TableFigures, row, "subjects", f.Subjects)
		for _, k := range ledger.SubjectKinds() {
			put(TableFigures, row, k.String(), f.Of(k))
		}
	}
	tables := []Table{r.ByField()}
	for _, t := range r.Tables {
		if t.ID != TableEntries && t.ID != TableByField {
			tables = append(tables, t)
		}
	}
	for _, t := range tables {
		for _, row := range t.Rows {
			for _, column := range t.Columns {
				put(t.ID, t.key(row), column, row.Int(column))
			}
		}
		for column, n := range t.Totals {
			put(t.ID, "", column, n)
		}
	}
	return all
}

// RowLabel names the row of a cell in words; "" is the row of sums.
func (r Report) RowLabel(lang i18n.Lang, c Cell) string {
	if c.Row == "" {
		return lang.T(i18n.ReportSum)
	}
	row, _ := r.Table(c.Table).Find(c)
	switch c.Table {
	case TableFigures, TableComparison:
		d, _ := ledger.Define(ledger.Figure(c.Row))
		return lang.T(d.Label)
	case TableByField:
		f, _ := ledger.Parse(ledger.Fields(), c.Row)
		return lang.T(f.Label())
	case TableAwards:
		name := row.Text("name") + ", " + FormName(lang, row.Text("form"))
		if level := row.Text("level"); level != "" {
			name += ", " + lang.T(org.Level(level).Label())
		}
		return name
	case TableReplication:
		return row.Text("title")
	case TableEntries:
		return c.Row
	default:
		return cmp.Or(row.Text("name"), c.Row)
	}
}

// ColumnLabel names the column of a cell in words.
func ColumnLabel(lang i18n.Lang, c Cell) string {
	if f, ok := ledger.Define(ledger.Figure(c.Column)); ok {
		return lang.T(f.Label)
	}
	for _, o := range ledger.Origins() {
		if OriginColumn(o) == c.Column {
			return lang.T(o.Label())
		}
	}
	for _, l := range org.Levels() {
		if LevelColumn(l) == c.Column {
			return lang.T(i18n.ReportRecognisedOn, lang.T(l.Label()))
		}
	}
	if k, ok := ledger.Parse(ledger.SubjectKinds(), c.Column); ok {
		return lang.T(k.Label())
	}
	if f, ok := ledger.Parse(ledger.Fields(), c.Column); ok {
		return lang.T(f.Label())
	}
	key, ok := map[string]i18n.Key{
		"total": i18n.ReportTotal, "subjects": i18n.ReportSubjects, "suspended": i18n.ReportSuspended, "ended": i18n.ReportEnded,
		"adoptingUnits": i18n.ReportAdoptingUnits, "coverage": i18n.ReportCoverage, "possible": i18n.ReportPossible,
		"previous": i18n.ReportPrevious, "current": i18n.ReportCurrent, "difference": i18n.ReportDifference,
		"kind": i18n.ReportKind, "field": i18n.ReportField, "origin": i18n.ReportOrigin, "unit": i18n.ReportUnit,
		"registeredOn": i18n.ReportDayRegistered, "recognisedOn": i18n.ReportDayRecognised,
	}[c.Column]
	if !ok {
		return c.Column
	}
	return lang.T(key)
}

// TableLabel names the table of a cell in words.
func TableLabel(lang i18n.Lang, table string) string {
	key, ok := map[string]i18n.Key{
		TableFigures: i18n.ReportTableFigures, TableByField: i18n.ReportTableByField, TableByUnit: i18n.ReportTableByUnit, TableAwards: i18n.ReportTableAwards,
		TableEntries: i18n.ReportTableEntries, TableReplication: i18n.ReportTableReplication, TableComparison: i18n.ReportTableComparison,
	}[table]
	if !ok {
		return table
	}
	return lang.T(key)
}

// CodeLabel is a code of the columns kind, field and origin in words.
func CodeLabel(lang i18n.Lang, column, code string) string {
	switch column {
	case "kind":
		if k, ok := ledger.Parse(ledger.SubjectKinds(), code); ok {
			return lang.T(k.Label())
		}
	case "field":
		if f, ok := ledger.Parse(ledger.Fields(), code); ok {
			return lang.T(f.Label())
		}
	case "origin":
		if o, ok := ledger.Parse(ledger.Origins(), code); ok {
			return lang.T(o.Label())
		}
	}
	return code
}
