package paper

import (
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/docx"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/table"
)

// record is a row of a list by the names of a template; a name that ends with "?" may be empty.
type record map[string]string

func rows(all []record) docx.Value {
	out := make([]docx.Data, len(all))
	for i, r := range all {
		out[i] = docx.Data{}
		for name, text := range r {
			if plain, ok := strings.CutSuffix(name, "?"); ok {
				out[i][plain] = docx.Optional(text)
			} else {
				out[i][name] = docx.Text(text)
			}
		}
	}
	return docx.Rows(out)
}

// get is a value of the row, whether it may be empty or not.
func (r record) get(name string) string {
	if text, ok := r[name]; ok {
		return text
	}
	return r[name+"?"]
}

// paragraphs are the lines of a text; an empty one is a gap where it must be there.
func paragraphs(text string, open bool) docx.Value {
	var all []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	if len(all) == 0 && !open {
		all = []string{""}
	}
	return docx.Texts(all)
}

// listing is the list of a paper as a sheet has it.
type listing struct {
	title   string
	notes   []string
	columns []listColumn
	rows    []record
	section string // above the rows
}

// listColumn is a column with the name of the row's value.
type listColumn struct {
	label i18n.Key
	of    string
	width float64
	kind  table.Kind
}

// sheetsOf are the lists of a paper for a sheet or for pages. Lists with one title stand on one
// sheet, each under its section.
func sheetsOf(lang i18n.Lang, h Head, all []listing) []table.Table {
	var out []table.Table
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j].title == all[i].title {
			j++
		}
		out = append(out, one(lang, h, all[i:j]))
		i = j
	}
	return out
}

func one(lang i18n.Lang, h Head, all []listing) table.Table {
	first := all[0]
	t := table.Table{
		Lang: lang, Name: first.title, Left: sheets{head: h}.left(), Title: []string{strings.ToUpper(first.title)}, Notes: first.notes,
		Columns: []table.Column{{Label: lang.T(i18n.PaperNumber), Width: 13, Kind: table.Short}}, Empty: lang.T(i18n.PaperNone), Landscape: len(first.columns) > 4,
	}
	for _, c := range first.columns {
		t.Columns = append(t.Columns, table.Column{Label: lang.T(c.label), Width: c.width, Kind: c.kind})
	}
	var body []table.Row
	for _, l := range all {
		if l.section != "" && len(l.rows) > 0 {
			body = append(body, table.Row{Section: l.section})
		}
		for i, r := range l.rows {
			cells := []table.Cell{table.Int(i + 1)}
			for _, c := range first.columns {
				cells = append(cells, table.Text(r.get(c.of)))
			}
			body = append(body, table.Row{Cells: cells})
		}
	}
	t.Rows = table.All(body)
	return t
}
