package docx

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
)

// filler writes nodes with the data.
type filler struct {
	out     bytes.Buffer
	scopes  []Data
	rows    []int // the row's number of each scope but the first
	gap     func(string) string
	lists   []string // that are open
	missing []string
	steps   int

	annexes  int // that were counted
	drawings int // the last number that a picture was given
}

// maxSteps bounds the nodes that are written, for lists in lists that write nothing.
const maxSteps = 5_000_000

func (f *filler) write(nodes []node) error {
	for i := range nodes {
		if err := f.node(&nodes[i]); err != nil {
			return err
		}
		if f.steps++; f.out.Len() > maxFilled || f.steps > maxSteps {
			return ErrTooLarge
		}
	}
	return nil
}

func (f *filler) node(n *node) error {
	start := f.out.Len()
	switch n.kind {
	case rawNode:
		f.out.Write(n.raw)
		return nil
	case valueNode:
		f.value(n)
		return nil
	case drawingNode:
		f.drawings++
		f.out.WriteString(strconv.Itoa(f.drawings))
		return nil
	case eachNode:
		return f.each(n)
	case ifNode:
		if v, ok := f.find(n.name); ok && v.there() {
			return f.write(n.body)
		}
		return f.write(n.other)
	}
	if err := f.write(n.body); err != nil {
		return err
	}
	written := f.out.Bytes()[start:]
	switch n.kind {
	case cellNode:
		if bytes.LastIndex(written, []byte("</w:p>")) <= bytes.LastIndex(written, []byte("</w:tbl>")) {
			f.out.WriteString("<w:p></w:p>")
		}
	case tableNode:
		if !holds(written, "<w:tr") {
			f.out.Truncate(start)
		}
	default: // a line
		if !holds(written, "<w:t") {
			f.out.Truncate(start)
		}
	}
	return nil
}

// holds tells whether an element of that beginning was written.
func holds(written []byte, opening string) bool {
	return bytes.Contains(written, []byte(opening+">")) || bytes.Contains(written, []byte(opening+" "))
}

// find is the value of a name: of the innermost row first.
func (f *filler) find(name string) (Value, bool) {
	for i, scope := range slices.Backward(f.scopes) {
		if v, ok := scope[name]; ok {
			return v, true
		}
		if name == number && i > 0 {
			return Text(strconv.Itoa(f.rows[i-1])), true
		}
	}
	return Value{}, false
}

func (f *filler) each(n *node) error {
	v, ok := f.find(n.name)
	if !ok {
		f.miss(n.name)
	}
	depth := len(f.scopes)
	f.lists = append(f.lists, n.name)
	for i, row := range v.rows {
		if f.steps++; f.steps > maxSteps {
			return ErrTooLarge
		}
		f.scopes, f.rows = append(f.scopes[:depth], row), append(f.rows[:depth-1], i+1)
		if err := f.write(n.body); err != nil {
			return err
		}
	}
	f.scopes, f.rows, f.lists = f.scopes[:depth], f.rows[:depth-1], f.lists[:len(f.lists)-1]
	return nil
}

// miss notes a missing name, and gives it with the list in which it is.
func (f *filler) miss(name string) string {
	if len(f.lists) > 0 {
		name = f.lists[len(f.lists)-1] + "." + name
	}
	if !slices.Contains(f.missing, name) {
		f.missing = append(f.missing, name)
	}
	return name
}

func (f *filler) value(n *node) {
	v, ok := f.find(n.name)
	if !ok && n.name == annex {
		f.annexes++
		f.run(n.raw, roman(f.annexes))
		return
	}
	if ok && !v.list && (v.optional || v.there()) {
		f.run(n.raw, v.text)
		return
	}
	f.run(n.gap, f.gap(f.miss(n.name)))
}

// roman is a number as annexes and parts of papers bear it.
func roman(n int) string {
	var b strings.Builder
	for _, step := range []struct {
		worth int
		sign  string
	}{{100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= step.worth; n -= step.worth {
			b.WriteString(step.sign)
		}
	}
	return b.String()
}

// run writes a run of text, with its breaks and tabs.
func (f *filler) run(opening []byte, text string) {
	if text == "" {
		return
	}
	f.out.Write(opening)
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			f.out.WriteString("<w:br/>")
		}
		for j, part := range strings.Split(line, "\t") {
			if j > 0 {
				f.out.WriteString("<w:tab/>")
			}
			f.out.WriteString(`<w:t xml:space="preserve">`)
			_ = xml.EscapeText(&f.out, []byte(plain(part))) // a buffer takes all
			f.out.WriteString("</w:t>")
		}
	}
	f.out.WriteString("</w:r>")
}

// plain is the text without the signs that XML cannot hold (XML 1.0 §2.2).
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xFFFE || r == 0xFFFF || 0xD800 <= r && r <= 0xDFFF {
			return -1
		}
		return r
	}, s)
}
