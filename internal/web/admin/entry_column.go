package admin

import (
	"net/http"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// columnPanel is where the columns of the register are chosen and put in order.
type columnPanel struct {
	open  bool
	shown []worklist.Column // in their order
	keep  []ui.Hidden       // the rest of the address
	usual string            // address of the list with the usual columns; "" where it has them
}

// others are the columns that are not shown.
func (c columnPanel) others() []worklist.Column {
	return slices.DeleteFunc(worklist.AllColumns(), func(one worklist.Column) bool { return slices.Contains(c.shown, one) })
}

// columnsChosen is the address of the list as the panel asks for it: with the columns that
// are ticked, in their order there, and one of them moved where that was asked for.
func columnsChosen(r *http.Request) (to string, asked bool, err error) {
	q := webkit.Query(r)
	names, move := q.Texts("col", 32), q.Text("move", 32)
	if len(names) == 0 && move == "" || q.Err() != nil {
		return "", false, q.Err()
	}
	all, panel := worklist.ColumnsOf(names), ""
	if name, way, ok := strings.Cut(move, "."); ok {
		all, panel = worklist.MoveColumn(all, worklist.Column(name), way == "down"), "cols"
	}
	return webkit.Link(r, "col", "", "move", "", "cursor", "", "back", "", "cols", worklist.WriteColumns(all), "panel", panel), true, nil
}

// panelOf reads which columns an address shows. That the panel is open is forgotten at once:
// no other link leads to it.
func panelOf(r *http.Request) columnPanel {
	q := r.URL.Query()
	p := columnPanel{open: q.Get("panel") == "cols", shown: worklist.ReadColumns(q.Get("cols"))}
	if q.Has("panel") {
		q.Del("panel")
		r.URL.RawQuery = q.Encode()
	}
	if worklist.WriteColumns(p.shown) != "" {
		p.usual = webkit.Link(r, "cols", "", "cursor", "", "back", "")
	}
	return p
}

// keepFrom notes the rest of an address, for the form of the panel.
func (c *columnPanel) keepFrom(r *http.Request) {
	q := r.URL.Query()
	names := make([]string, 0, len(q))
	for name := range q {
		if !slices.Contains([]string{"cols", "cursor", "back"}, name) && q.Get(name) != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		c.keep = append(c.keep, ui.Hidden{Name: name, Value: q.Get(name)})
	}
}

// entryTable shows rows of the register in the columns that were chosen.
func (f *Face) entryTable(r *http.Request, rows []ledger.EntryRow, tree *org.Tree, v entryListView) (ui.Table, error) {
	lang := webkit.Lang(r)
	t := ui.Table{Caption: lang.T(i18n.AdminRegister)}
	for _, c := range v.columns.shown {
		t.Columns = append(t.Columns, v.column(r, c))
	}
	more := map[string]worklist.More{}
	if worklist.Further(v.columns.shown) {
		ids := make([]string, len(rows))
		for i, e := range rows {
			ids[i] = e.Entry
		}
		var err error
		if more, err = f.Worklist.More(r.Context(), webkit.Actor(r), ids); err != nil {
			return t, err
		}
	}
	for _, e := range rows {
		row := ui.Row{ID: e.Entry, Label: e.Code}
		for _, c := range v.columns.shown {
			row.Cells = append(row.Cells, entryCell(lang, tree, c, desk.Listed{EntryRow: e, More: more[e.Entry]}))
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// column is the head of a column of the register.
func (v entryListView) column(r *http.Request, c worklist.Column) ui.Column {
	col := ui.Column{Label: webkit.Lang(r).T(c.Label())}
	byName := v.in.Slice.Sort == ledger.ByName
	switch c {
	case worklist.ColCode:
		col.Kind = ui.ColCode
	case worklist.ColTitle:
		col.Kind, col.Sort = ui.ColTitle, webkit.Link(r, "sort", string(ledger.ByName), "cursor", "", "back", "")
		if byName {
			col.State = ui.Ascending
		}
	case worklist.ColStatus:
		col.Kind = ui.ColStatus
	case worklist.ColRegistered:
		col.Sort = webkit.Link(r, "sort", "", "cursor", "", "back", "")
		if !byName {
			col.State = ui.Descending
		}
	case worklist.ColOrigin:
		if v.columns.usual == "" { // nobody asked for it: it goes where there is no room
			col.Kind = ui.ColExtra
		}
	}
	return col
}

// entryCell is an entry in a column of the register.
func entryCell(lang i18n.Lang, tree *org.Tree, c worklist.Column, e desk.Listed) ui.Cell {
	cell := ui.Cell{Text: desk.OrDash(desk.ColumnText(lang, tree, c, e))}
	switch c {
	case worklist.ColTitle:
		cell.Href = desk.EntryLink(e.Code)
	case worklist.ColUnit:
		unit, _ := tree.Unit(e.Unit)
		cell.Text, cell.Sub = unit.NameOn(e.RegisteredOn), desk.UnitAbove(tree, e.Unit, e.RegisteredOn)
	case worklist.ColStatus:
		cell.Tone, cell.Done, cell.Of = statusTone(e.Status), statusSteps(e.Status), 4
	}
	return cell
}

// statusSteps is how far an entry has come on its way of four steps: registered,
// received, started, recognised.
func statusSteps(s ledger.Status) int {
	switch s {
	case ledger.StatusReceived:
		return 2
	case ledger.StatusStarted, ledger.StatusSuspended, ledger.StatusEnded:
		return 3
	case ledger.StatusRecognised:
		return 4
	default:
		return 1
	}
}

// keys are the keys of the register and what each does.
func keys() []ui.Key {
	return []ui.Key{
		{Key: "j", Does: i18n.RegisterKeyNext},
		{Key: "k", Does: i18n.RegisterKeyPrevious},
		{Key: "Enter", Does: i18n.RegisterKeyOpen},
		{Key: "x", Does: i18n.RegisterKeySelect},
		{Key: "/", Does: i18n.RegisterKeySearch},
		{Key: "?", Does: i18n.RegisterKeyHelp},
	}
}
