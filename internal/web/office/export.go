package office

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) exportRoutes() []webkit.Route {
	return []webkit.Route{desk.Get(desk.RegisterCSVPath, practice.RightRead, f.export)}
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
	return f.Worklist.Export(r.Context(), webkit.Actor(r), query, func(rows []ledger.EntryRow) error {
		more := map[string]worklist.More{}
		if worklist.Further(file.columns) {
			ids := make([]string, len(rows))
			for i, e := range rows {
				ids[i] = e.Entry
			}
			if more, err = f.Worklist.More(r.Context(), webkit.Actor(r), ids); err != nil {
				return err
			}
		}
		return file.write(rows, more)
	})
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
