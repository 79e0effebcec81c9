// Package table writes lists for people: as a sheet to work with (XLSX) and as pages to print
// and hang up (PDF). One Table is both, so that they cannot differ in what they say.
package table

import (
	"iter"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Table is a list with all that is written around it.
type Table struct {
	Lang      i18n.Lang
	Name      string   // of the sheet and the file's title
	Left      []string // of the letterhead, the last line bold
	Right     []string // of the letterhead, the last line bold
	Title     []string // lines in the middle, bold
	Notes     []string // lines below the title, slanted: what the list belongs to, the day it counts as of
	Columns   []Column // at least one
	Rows      iter.Seq2[Row, error]
	Total     []Cell // the last row, bold; none where nothing is summed
	Empty     string // what is said where there are no rows
	Landscape bool
}

// Column is a column of a table.
type Column struct {
	Label string
	Group string  // a word above several columns side by side that share it
	Width float64 // in millimetres on an A4 page; widths are stretched to fill it
	Kind  Kind
}

// Kind says what a column holds and so how it is set.
type Kind int

// The kinds of column.
const (
	Words  Kind = iota // to the left, broken into lines
	Short              // in the middle: numbers of a list, codes
	Number             // to the right
	Day                // in the middle
)

// Row is a row of cells, or a heading across all columns where it has a Section.
type Row struct {
	Cells   []Cell
	Section string // "I. Tập thể"
}

// Cell is a text, a whole number or a day.
type Cell struct {
	text   string
	number int
	day    clock.Date
	is     cellKind
}

type cellKind int

const (
	isText cellKind = iota
	isNumber
	isDay
)

// Text is a cell with words. They are never read as a formula.
func Text(s string) Cell { return Cell{text: s} }

// Int is a cell with a whole number.
func Int(n int) Cell { return Cell{number: n, is: isNumber} }

// On is a cell with a day; an empty one where there is none.
func On(d clock.Date) Cell {
	if d == 0 {
		return Cell{}
	}
	return Cell{day: d, is: isDay}
}

// Words is the cell as a person reads it: for who shows a list in another way.
func (c Cell) Words(lang i18n.Lang) string { return c.in(lang) }

func (c Cell) in(lang i18n.Lang) string {
	switch c.is {
	case isNumber:
		return lang.Number(c.number)
	case isDay:
		return lang.Date(c.day)
	default:
		return c.text
	}
}

// All are the rows of a list that is at hand.
func All(rows []Row) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// grouped tells whether there is a row of groups above the labels.
func (t Table) grouped() bool {
	return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Group != "" })
}

// span is how many columns from i on share a group; 1 where a column has none.
func (t Table) span(i int) int {
	n := 1
	for t.Columns[i].Group != "" && i+n < len(t.Columns) && t.Columns[i+n].Group == t.Columns[i].Group {
		n++
	}
	return n
}

// widths are those of the columns in millimetres, stretched to a whole.
func (t Table) widths(whole float64) []float64 {
	sum := 0.0
	for _, c := range t.Columns {
		sum += c.Width
	}
	all := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		all[i] = c.Width * whole / sum
	}
	return all
}

// cell is one of a row; an empty one where the row is too short.
func (r Row) cell(i int) Cell {
	if i < len(r.Cells) {
		return r.Cells[i]
	}
	return Cell{}
}

// Plain keeps a spreadsheet that opens a CSV from taking a cell for a formula.
func Plain(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
