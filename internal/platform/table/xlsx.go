package table

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// maxSheetName is how long the name of a sheet may be, in letters.
const maxSheetName = 31

// a4 is the number of the paper (ECMA-376-1 §18.3.1.63).
const a4 = 9

// serial is a day as spreadsheets count it: from 30 December 1899 (ECMA-376-1 §18.17.4.1).
func serial(d clock.Date) int { return int(d - clock.NewDate(1899, time.December, 30)) }

// XLSX writes the tables as sheets of one file: the head stays in sight and comes again on
// each page, its columns can be filtered, the page is A4.
func XLSX(w io.Writer, tables ...Table) error {
	f := excelize.NewFile()
	err := book(f, tables)
	if err == nil {
		err = f.Write(w)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write a sheet: %w", err)
	}
	return nil
}

func book(f *excelize.File, tables []Table) error {
	err := f.SetDocProps(&excelize.DocProperties{Title: tables[0].Name, Language: tables[0].Lang.Locale()})
	var names []string
	for i, t := range tables {
		s := &sheet{Table: t, file: f, name: sheetName(t.Name, names)}
		names = append(names, s.name)
		if i == 0 {
			err = errors.Join(err, f.SetSheetName("Sheet1", s.name))
		} else {
			_, failed := f.NewSheet(s.name)
			err = errors.Join(err, failed)
		}
		if err == nil {
			err = s.write()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sheetName is a name that a sheet may have and none of those before has, however it is
// written.
func sheetName(s string, before []string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`:\/?*[]`, r) || r < ' ':
			return ' '
		case r == '\'': // breaks the names of ranges
			return '’'
		}
		return r
	}, s))
	if s == "" {
		s = "1"
	}
	for i := 1; ; i++ {
		name := cutName(s, maxSheetName)
		if i > 1 {
			end := fmt.Sprintf(" (%d)", i)
			name = cutName(s, maxSheetName-len(end)) + end
		}
		if !slices.ContainsFunc(before, func(other string) bool { return strings.EqualFold(other, name) }) {
			return name
		}
	}
}

// cutName is a name of at most so many units of UTF-16, in which sheets count.
func cutName(s string, most int) string {
	for len(utf16.Encode([]rune(s))) > most {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return strings.TrimSpace(s)
}

// sheet is a table on its way into a file.
type sheet struct {
	Table
	file   *excelize.File
	name   string
	out    *excelize.StreamWriter
	styles styles
	widths []float64 // of the columns, in letters
	row    int       // the last that was written
	head   int       // the last row of the head
}

type styles struct {
	left, title, note, head, section int
	cell                             [2][4]int // plain and bold, by kind
}

func (s *sheet) write() error {
	if err := s.makeStyles(); err != nil {
		return err
	}
	s.head = 1
	for _, n := range []int{max(len(s.Left), len(s.Right)), len(s.Title) + len(s.Notes)} {
		if n > 0 {
			s.head += n + 1 // a free row below
		}
	}
	if s.grouped() {
		s.head++
	}
	if err := s.page(); err != nil {
		return err
	}
	var err error
	if s.out, err = s.file.NewStreamWriter(s.name); err != nil {
		return err
	}
	if err := s.columns(); err != nil {
		return err
	}
	return errors.Join(s.above(), s.labels(), s.body(), s.filter(), s.out.Flush())
}

// page sets the paper up, before the stream begins.
func (s *sheet) page() error {
	orientation := "portrait"
	if s.Landscape {
		orientation = "landscape"
	}
	number, one, none, fit := a4, 1, 0, true
	top, side := 0.79, 0.6 // inches
	last, err := excelize.ColumnNumberToName(len(s.Columns))
	first := s.head
	if s.grouped() {
		first--
	}
	return errors.Join(
		err,
		s.file.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: &number, Orientation: &orientation, FitToWidth: &one, FitToHeight: &none}),
		s.file.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &fit}),
		s.file.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{Top: &top, Bottom: &top, Left: &side, Right: &side, Horizontally: &fit}),
		s.file.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{OddFooter: "&C&P/&N"}),
		s.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", strings.ReplaceAll(s.name, "'", "''"), first, s.head), Scope: s.name}),
		s.file.AutoFilter(s.name, fmt.Sprintf("A%d:%s%d", s.head, last, s.head), nil),
	)
}

func (s *sheet) makeStyles() error {
	const family = "Times New Roman"
	border := []excelize.Border{{Type: "left", Color: "808080", Style: 1}, {Type: "right", Color: "808080", Style: 1}, {Type: "top", Color: "808080", Style: 1}, {Type: "bottom", Color: "808080", Style: 1}}
	var failed error
	style := func(font excelize.Font, horizontal string, cell bool, format string) int {
		font.Family, font.Size = family, 12
		one := &excelize.Style{Font: &font, Alignment: &excelize.Alignment{Horizontal: horizontal, Vertical: "center", WrapText: true}}
		if cell {
			one.Border = border
			one.Alignment.Vertical = "top"
		}
		if format != "" {
			one.CustomNumFmt = &format
		}
		id, err := s.file.NewStyle(one)
		failed = errors.Join(failed, err)
		return id
	}
	s.styles.left = style(excelize.Font{}, "center", false, "")
	s.styles.title = style(excelize.Font{Bold: true}, "center", false, "")
	s.styles.note = style(excelize.Font{Italic: true}, "center", false, "")
	for i, bold := range []bool{false, true} {
		font := excelize.Font{Bold: bold}
		s.styles.cell[i] = [4]int{
			Words: style(font, "left", true, "@"), Short: style(font, "center", true, ""),
			Number: style(font, "right", true, "#,##0"), Day: style(font, "center", true, "dd/mm/yyyy"),
		}
	}
	id, err := s.file.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true, Family: family, Size: 12}, Border: border, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8ECF4"}},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true},
	})
	s.styles.head = id
	text := "@"
	section, err2 := s.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Family: family, Size: 12}, CustomNumFmt: &text})
	s.styles.section = section
	return errors.Join(failed, err, err2)
}

// columns sets the widths. A millimetre on paper is about half a letter of a sheet.
func (s *sheet) columns() error {
	s.widths = make([]float64, len(s.Columns))
	for i, c := range s.Columns {
		s.widths[i] = max(6, c.Width/2)
		if err := s.out.SetColWidth(i+1, i+1, s.widths[i]); err != nil {
			return err
		}
	}
	return s.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: s.head, TopLeftCell: fmt.Sprintf("A%d", s.head+1), ActivePane: "bottomLeft"})
}

// above writes the letterhead, the title and the notes.
func (s *sheet) above() error {
	half := len(s.Columns) / 2
	for i := range max(len(s.Left), len(s.Right)) {
		row := make([]any, len(s.Columns))
		left, right := line(s.Left, i), line(s.Right, i)
		row[0] = excelize.Cell{StyleID: s.headStyle(s.Left, i), Value: left}
		if half > 0 {
			row[half] = excelize.Cell{StyleID: s.headStyle(s.Right, i), Value: right}
		}
		whole := 0.0
		for _, w := range s.widths {
			whole += w
		}
		if err := s.put(row, max(lines(left, whole*bold/2), lines(right, whole*bold/2))); err != nil {
			return err
		}
		if err := errors.Join(s.merge(s.row, 0, half-1), s.merge(s.row, half, len(s.Columns)-1)); err != nil {
			return err
		}
	}
	s.free(0)
	letterhead := s.row
	for _, text := range s.Title {
		if err := s.across(text, s.styles.title); err != nil {
			return err
		}
	}
	for _, text := range s.Notes {
		if err := s.across(text, s.styles.note); err != nil {
			return err
		}
	}
	s.free(letterhead)
	return nil
}

// free leaves a row empty where some were written since.
func (s *sheet) free(since int) {
	if s.row > since {
		s.row++
	}
}

func line(all []string, i int) string {
	if i < len(all) {
		return all[i]
	}
	return ""
}

func (s *sheet) headStyle(all []string, i int) int {
	if i == len(all)-1 {
		return s.styles.title
	}
	return s.styles.left
}

// across writes a line over all columns.
func (s *sheet) across(text string, style int) error {
	whole := 0.0
	for _, w := range s.widths {
		whole += w
	}
	if err := s.put([]any{excelize.Cell{StyleID: style, Value: text}}, lines(text, whole)); err != nil {
		return err
	}
	return s.merge(s.row, 0, len(s.Columns)-1)
}

// section writes a heading among the rows. Its cells are not joined, or the rows could not be
// sorted.
func (s *sheet) section(text string) error {
	row := make([]any, len(s.Columns))
	for i := range row {
		row[i] = excelize.Cell{StyleID: s.styles.section}
	}
	row[0] = excelize.Cell{StyleID: s.styles.section, Value: text}
	return s.put(row, 1)
}

// labels writes the head of the table.
func (s *sheet) labels() error {
	if s.grouped() {
		row := make([]any, len(s.Columns))
		for i, c := range s.Columns {
			row[i] = excelize.Cell{StyleID: s.styles.head, Value: cmp.Or(c.Group, c.Label)}
		}
		if err := s.put(row, 1); err != nil {
			return err
		}
		for i := 0; i < len(row); i += s.span(i) {
			if s.Columns[i].Group != "" {
				if err := s.merge(s.row, i, i+s.span(i)-1); err != nil {
					return err
				}
				continue
			}
			if err := s.mergeDown(i); err != nil {
				return err
			}
		}
	}
	row := make([]any, len(s.Columns))
	height := 1
	for i, c := range s.Columns {
		row[i] = excelize.Cell{StyleID: s.styles.head, Value: c.Label}
		height = max(height, lines(c.Label, s.widths[i]*bold))
	}
	return s.put(row, height)
}

// mergeDown joins the cell of a column without a group with that below it.
func (s *sheet) mergeDown(column int) error {
	top, err := excelize.CoordinatesToCellName(column+1, s.row)
	bottom, err2 := excelize.CoordinatesToCellName(column+1, s.row+1)
	if err := errors.Join(err, err2); err != nil {
		return err
	}
	return s.out.MergeCell(top, bottom)
}

func (s *sheet) body() error {
	empty := true
	for row, err := range s.Rows {
		if err != nil {
			return err
		}
		empty = false
		if row.Section != "" {
			err = s.section(row.Section)
		} else {
			err = s.cells(row, s.styles.cell[0])
		}
		if err != nil {
			return err
		}
	}
	if empty && s.Empty != "" {
		return s.across(s.Empty, s.styles.note)
	}
	if len(s.Total) > 0 {
		return s.cells(Row{Cells: s.Total}, s.styles.cell[1])
	}
	return nil
}

func (s *sheet) cells(row Row, style [4]int) error {
	values := make([]any, len(s.Columns))
	height := 1
	for i, c := range s.Columns {
		cell := row.cell(i)
		one := excelize.Cell{StyleID: style[c.Kind]}
		switch cell.is {
		case isNumber:
			one.Value = cell.number
		case isDay:
			one.Value = serial(cell.day)
		default:
			one.Value = cell.text
			height = max(height, lines(cell.text, s.widths[i]))
		}
		values[i] = one
	}
	return s.put(values, height)
}

// put writes the next row, so high that so many lines fit.
func (s *sheet) put(values []any, height int) error {
	s.row++
	const line, most = 16.0, 409.0 // points; the most that a row can be
	return s.out.SetRow(fmt.Sprintf("A%d", s.row), values, excelize.RowOpts{Height: min(most, float64(max(height, 1))*line)})
}

func (s *sheet) merge(row, from, to int) error {
	if to <= from {
		return nil
	}
	left, err := excelize.CoordinatesToCellName(from+1, row)
	right, err2 := excelize.CoordinatesToCellName(to+1, row)
	if err := errors.Join(err, err2); err != nil {
		return err
	}
	return s.out.MergeCell(left, right)
}

// fit is how many letters of Times at 12 points go into the width of one of the sheet; bold
// is the part of it that wide letters have.
const (
	fit  = 1.1
	bold = 0.8
)

// lines is how many a text needs in a column of so many letters, broken between words.
func lines(text string, width float64) int {
	room, n := int(max(1, width*fit)), 0
	for part := range strings.SplitSeq(text, "\n") {
		used := 0
		n++
		for word := range strings.FieldsSeq(part) {
			long := utf8.RuneCountInString(word)
			if used > 0 && used+1+long > room {
				n, used = n+1, 0
			}
			if used > 0 {
				used++
			}
			used += long
			n, used = n+(used-1)/room, (used-1)%room+1
		}
	}
	return n
}

// filter is set over the head already; the range grows with the rows that are written.
func (s *sheet) filter() error {
	last, err := excelize.ColumnNumberToName(len(s.Columns))
	if err != nil {
		return err
	}
	end := s.row
	if len(s.Total) > 0 {
		end--
	}
	return s.file.AutoFilter(s.name, fmt.Sprintf("A%d:%s%d", s.head, last, max(end, s.head)), nil)
}
