package office

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
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
	who, lang := webkit.Actor(r), webkit.Lang(r)
	query, m, err := f.listAt(r, "?"+r.URL.RawQuery)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if r.URL.Query().Get("separator") == "semicolon" {
		out.Comma = ';'
	}
	begun := false
	begin := func() error {
		begun = true
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Disposition", `attachment; filename="`+m.Code+`-`+f.Now.Today().String()+`.csv"`)
		if _, err := w.Write([]byte("\xEF\xBB\xBF")); err != nil { // by which spreadsheets know the encoding
			return fmt.Errorf("write the list: %w", err)
		}
		var head []string
		for _, key := range []i18n.Key{
			i18n.AdminColCode, i18n.AdminColTitle, i18n.AdminColUnit, i18n.AdminColField, i18n.AdminColKind, i18n.AdminColOrigin,
			i18n.RegisterColStatus, i18n.AdminColRegistered,
		} {
			head = append(head, lang.T(key))
		}
		return out.Write(head)
	}
	err = f.Worklist.Export(r.Context(), who, query, func(rows []ledger.EntryRow) error {
		if !begun {
			if err := begin(); err != nil {
				return err
			}
		}
		for _, e := range rows {
			if err := out.Write(plain(
				e.Code, e.Title, desk.UnitName(tree, e.Unit, e.RegisteredOn), lang.T(e.Field.Label()), lang.T(e.Kind.Label()), lang.T(e.Origin.Label()),
				lang.T(practice.StatusKey(e.Status)), lang.Date(e.RegisteredOn),
			)); err != nil {
				return fmt.Errorf("write the list: %w", err)
			}
		}
		out.Flush()
		return out.Error()
	})
	return err
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
