package office

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/table"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) exportRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get(desk.RegisterCSVPath, practice.RightRead, f.export),
		desk.Get(desk.RegisterXLSXPath, practice.RightRead, f.exportSheet),
	}
}

// export is the part of the register that the address of the list shows, as a file that a
// spreadsheet opens: all of it and not the page alone, in the same order and columns.
func (f *Face) export(w http.ResponseWriter, r *http.Request) error {
	query, m, err := f.listAt(r, "?"+r.URL.RawQuery)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	file := listFile{w: w, out: csv.NewWriter(w), lang: webkit.Lang(r), tree: tree, columns: worklist.ReadColumns(r.URL.Query().Get("cols"))}
	file.name = m.Code + "-" + f.Now.Today().String() + ".csv"
	file.out.UseCRLF = true
	if r.URL.Query().Get("separator") == "semicolon" {
		file.out.Comma = ';'
	}
	return f.listed(r, query, file.columns, file.write)
}

// listed gives the register in stretches, with what the columns need beside the rows.
func (f *Face) listed(r *http.Request, query practice.Query, columns []worklist.Column, visit func([]ledger.EntryRow, map[string]worklist.More) error) error {
	return f.Worklist.Export(r.Context(), webkit.Actor(r), query, func(rows []ledger.EntryRow) error {
		if !worklist.Further(columns) {
			return visit(rows, nil)
		}
		ids := make([]string, len(rows))
		for i, e := range rows {
			ids[i] = e.Entry
		}
		more, err := f.Worklist.More(r.Context(), webkit.Actor(r), ids)
		if err != nil {
			return err
		}
		return visit(rows, more)
	})
}

// errEnough ends a list of which no more is wanted.
var errEnough = errors.New("no more is wanted")

// exportSheet is the same as a sheet to work with, numbered, under the name of the movement.
func (f *Face) exportSheet(w http.ResponseWriter, r *http.Request) error {
	query, m, err := f.listAt(r, "?"+r.URL.RawQuery)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	lang, columns := webkit.Lang(r), worklist.ReadColumns(r.URL.Query().Get("cols"))
	t := sheetOf(lang, columns)
	t.Title, t.Notes = []string{lang.T(i18n.OfficeSheetTitle)}, []string{m.Name, lang.T(i18n.PaperAsOf, f.Now.Today())}
	t.Rows = func(yield func(table.Row, error) bool) {
		n := 0
		err := f.listed(r, query, columns, func(rows []ledger.EntryRow, more map[string]worklist.More) error {
			for _, e := range rows {
				n++
				cells := []table.Cell{table.Int(n)}
				for _, c := range columns {
					cells = append(cells, sheetCell(lang, tree, c, desk.Listed{EntryRow: e, More: more[e.Entry]}))
				}
				if !yield(table.Row{Cells: cells}, nil) {
					return errEnough
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(table.Row{}, err)
		}
	}
	var b bytes.Buffer
	if err := table.XLSX(&b, t); err != nil {
		return err
	}
	return webkit.Download(w, r, webkit.Attachment{
		Name: m.Code + "-" + f.Now.Today().String(), Type: blob.XLSX.MediaType(), Endings: blob.XLSX.Endings(), Size: int64(b.Len()), Content: &b,
	})
}

// sheetOf is the sheet of the register with such columns, without its rows.
func sheetOf(lang i18n.Lang, columns []worklist.Column) table.Table {
	t := table.Table{
		Lang: lang, Name: lang.T(i18n.OfficeSheetTitle), Landscape: true, Empty: lang.T(i18n.PaperNone),
		Columns: []table.Column{{Label: lang.T(i18n.PaperNumber), Width: 13, Kind: table.Short}},
	}
	for _, c := range columns {
		column := table.Column{Label: lang.T(c.Label()), Width: 30}
		switch c {
		case worklist.ColTitle:
			column.Width = 80
		case worklist.ColUnit, worklist.ColSubject, worklist.ColAddress:
			column.Width = 50
		case worklist.ColCode:
			column.Width, column.Kind = 22, table.Short
		case worklist.ColRegistered, worklist.ColRecognised:
			column.Width, column.Kind = 24, table.Day
		}
		t.Columns = append(t.Columns, column)
	}
	return t
}

// sheetCell is what a column says of an entry: days as days, by which a sheet can sort.
func sheetCell(lang i18n.Lang, tree *org.Tree, c worklist.Column, e desk.Listed) table.Cell {
	switch c {
	case worklist.ColRegistered:
		return table.On(e.RegisteredOn)
	case worklist.ColRecognised:
		return table.On(e.RecognisedOn)
	default:
		return table.Text(desk.ColumnText(lang, tree, c, e))
	}
}

// listFile is the register on its way into a file.
type listFile struct {
	w       http.ResponseWriter
	out     *csv.Writer
	lang    i18n.Lang
	tree    *org.Tree
	columns []worklist.Column
	name    string
	begun   bool
}

// write writes rows; before the first of them, when nothing can be refused any more, the
// head.
func (l *listFile) write(rows []ledger.EntryRow, more map[string]worklist.More) error {
	if !l.begun {
		if err := l.begin(); err != nil {
			return err
		}
	}
	for _, e := range rows {
		cells := make([]string, len(l.columns))
		for i, c := range l.columns {
			cells[i] = desk.ColumnText(l.lang, l.tree, c, desk.Listed{EntryRow: e, More: more[e.Entry]})
		}
		if err := l.out.Write(plain(cells...)); err != nil {
			return fmt.Errorf("write the list: %w", err)
		}
	}
	l.out.Flush()
	if err := l.out.Error(); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	return nil
}

func (l *listFile) begin() error {
	l.begun = true
	l.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	l.w.Header().Set("Content-Disposition", `attachment; filename="`+l.name+`"`)
	if _, err := l.w.Write([]byte("\xEF\xBB\xBF")); err != nil { // by which spreadsheets know the encoding
		return fmt.Errorf("write the list: %w", err)
	}
	head := make([]string, len(l.columns))
	for i, c := range l.columns {
		head[i] = l.lang.T(c.Label())
	}
	if err := l.out.Write(head); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	return nil
}

// plain keeps a spreadsheet from taking a text for a formula.
func plain(cells ...string) []string {
	for i, c := range cells {
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			cells[i] = "'" + c
		}
	}
	return cells
}
