package ui

import (
	"strconv"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// ColKind says what a column holds, and so how it is set, on paper and on a phone.
type ColKind uint8

// The kinds of column. On a phone a row becomes a card: the title its head, the status
// beneath, data and numbers as "label: value", codes and extras not at all.
const (
	ColData ColKind = iota
	ColTitle
	ColNumber
	ColStatus
	ColCode
	ColExtra
	ColAction
)

func (k ColKind) class() string {
	return [...]string{"c-data", "c-title", "num", "c-status", "c-code", "c-data c-extra", "c-act"}[k]
}

// SortState is how the list is sorted by a column.
type SortState uint8

// The states of sorting.
const (
	Unsorted SortState = iota
	Ascending
	Descending
)

// Column is a column of a DataTable.
type Column struct {
	Label string
	Kind  ColKind
	Sort  string // address of the list sorted by it; "" where it cannot be
	State SortState
}

// ColumnGroup is a cell of the upper row of a two-row head; Span counts columns. With
// Label "" it stands over columns of no group.
type ColumnGroup struct {
	Label string
	Span  int
}

// Cell is one cell of a DataTable. Body, if there is one, stands in place of the text.
type Cell struct {
	Text string
	Href string
	Sub  string // a second, smaller line
	Tone Tone   // of the badge in a ColStatus column; Bad marks overdue elsewhere
	Done int    // ColStatus: steps done …
	Of   int    // … of how many; 0 draws no steps
	Body templ.Component
}

func (c Cell) blank() bool {
	return c.Body == nil && c.Sub == "" && (c.Text == "" || c.Text == "–" || c.Text == "—")
}

// Row is one row; with Table.Pick its ID is what the checkbox sends.
type Row struct {
	ID      string
	Label   string // Table.Pick: what the checkbox is for, for screen readers
	Cells   []Cell // one for each column
	Checked bool
}

// Pick gives a table checkboxes and buttons for what is chosen. They go by POST in a
// form around the table.
type Pick struct {
	Action  string
	Name    string // of the checkboxes; "" is "id"
	Buttons []Btn
	Hidden  []Hidden
}

func (pk Pick) name() string {
	if pk.Name == "" {
		return "id"
	}
	return pk.Name
}

// Table is what a DataTable shows.
type Table struct {
	Caption     string
	ShowCaption bool // else it is for screen readers
	Columns     []Column
	Groups      []ColumnGroup // a second head row above
	Rows        []Row
	Foot        []Row           // sums
	Empty       templ.Component // in place of a table without rows
	Pick        *Pick
	Pan         bool // stays a table at every width and scrolls where it must: right for few columns and for report forms
}

func (t Table) class() string {
	pick, cards := "", "cards"
	if t.Pick != nil {
		pick = "pick"
	}
	if t.Pan {
		cards = ""
	}
	return classes("reg", cards, pick)
}

// label is a column's name on a card: with that of its group before it.
func (t Table) label(i int) string {
	at := 0
	for _, g := range t.Groups {
		if i >= at && i < at+g.Span && g.Label != "" {
			return g.Label + ", " + t.Columns[i].Label
		}
		at += g.Span
	}
	return t.Columns[i].Label
}

func (t Table) cellAttributes(i int, c Cell) templ.Attributes {
	blank := ""
	if c.blank() {
		blank = "blank"
	}
	a := templ.Attributes{"class": classes(t.Columns[i].Kind.class(), blank)}
	if k := t.Columns[i].Kind; k == ColData || k == ColNumber || k == ColExtra {
		a["data-label"] = t.label(i)
	}
	return a
}

// isHead tells whether the cell names its row: the title, or the first cell where there
// is none.
func (t Table) isHead(i int) bool {
	for at, c := range t.Columns {
		if c.Kind == ColTitle {
			return at == i
		}
	}
	return i == 0
}

func headAttributes(c Column) templ.Attributes {
	a := templ.Attributes{"scope": "col", "class": c.Kind.class()}
	switch c.State {
	case Ascending:
		a["aria-sort"] = "ascending"
	case Descending:
		a["aria-sort"] = "descending"
	case Unsorted:
	}
	return a
}

func (s SortState) icon() Icon {
	return [...]Icon{IconArrowUpDown, IconChevronUp, IconChevronDown}[s]
}

func span(n int) string { return strconv.Itoa(n) }

// Paging is a Pager: lists go forward and back by key, never by page number.
type Paging struct {
	Prev, Next   string // addresses; "" where there is no such page
	Shown, Total int
}

func (g Paging) text(p Page) string { return p.T(i18n.UiShown, g.Shown, g.Total) }
