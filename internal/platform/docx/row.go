package docx

import (
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// items are the children of an element, with the marks among them that open, part or close.
func (c *compiler) items(el *etree.Element) []item {
	var all []item
	for _, token := range append([]etree.Token(nil), el.Child...) {
		child, ok := token.(*etree.Element)
		if !ok || !c.reads(child) {
			all = append(all, item{token: token})
			continue
		}
		if m, ok := c.marks[child]; ok && m.control() {
			all = append(all, item{mark: &m})
			continue
		}
		if m, ok := c.lone(child); ok {
			all = append(all, c.broken(child, item{mark: &m})...)
			continue
		}
		if is(child, "tr") {
			all = append(all, c.row(child)...)
			continue
		}
		all = append(all, item{token: token})
	}
	return all
}

func (c *compiler) reads(el *etree.Element) bool {
	_, marked := c.marks[el]
	return marked || c.holding[el]
}

// lone is the mark of a paragraph or row in which nothing else stands.
func (c *compiler) lone(el *etree.Element) (placed, bool) {
	if !is(el, "p", "tr") {
		return placed{}, false
	}
	runs := c.marksIn(el)
	if len(runs) != 1 || strings.TrimSpace(joined(pieces(el))) != c.marks[runs[0]].text || !c.marks[runs[0]].control() {
		return placed{}, false
	}
	m := c.marks[runs[0]]
	if shows(el) || is(el, "tr") && breaks(el) {
		c.problem(BreaksPage, m)
	}
	return m, true
}

// broken is a mark alone in a paragraph with the page break beside it, in a paragraph of its own:
// LibreOffice writes the break before a paragraph into the one that stands above. One beside a
// mark that opens belongs to what follows; of others, one that stands before.
func (c *compiler) broken(p *etree.Element, m item) []item {
	if !is(p, "p") || !breaks(p) {
		return []item{m}
	}
	run := c.marksIn(p)[0]
	before := slices.ContainsFunc(p.ChildElements()[:place(p, run)], breaks)
	run.Parent().RemoveChild(run)
	c.holding[p] = false
	if m.mark.opens() || m.mark.kind == elseMark || !before {
		return []item{m, {token: p}}
	}
	return []item{{token: p}, m}
}

// place is which child of a paragraph holds a run.
func place(p, run *etree.Element) int {
	for run.Parent() != p {
		run = run.Parent()
	}
	return slices.Index(p.ChildElements(), run)
}

// breaks tells whether the element begins a new page or column.
func breaks(el *etree.Element) bool {
	if kind := el.SelectAttrValue("w:type", ""); is(el, "pageBreakBefore") || is(el, "br") && (kind == "page" || kind == "column") {
		return true
	}
	return slices.ContainsFunc(el.ChildElements(), breaks)
}

// shows tells whether something lies in the element that must not go with a mark.
func shows(el *etree.Element) bool {
	if is(el, "sectPr", "drawing", "pict", "object", "footnoteReference", "endnoteReference", "commentReference") || el.Space == "m" {
		return true
	}
	return slices.ContainsFunc(el.ChildElements(), shows)
}

// marksIn are the runs below el that are a mark, in the order of the text.
func (c *compiler) marksIn(el *etree.Element) []*etree.Element {
	var all []*etree.Element
	for _, child := range el.ChildElements() {
		if _, ok := c.marks[child]; ok {
			all = append(all, child)
		} else if c.holding[child] {
			all = append(all, c.marksIn(child)...)
		}
	}
	return all
}

// row is a row of a table with the marks before it, which open in its first cell and do not
// close there, and those after it, which close in its last cell.
func (c *compiler) row(tr *etree.Element) []item {
	cells := tr.SelectElements("w:tc")
	if len(cells) == 0 {
		return []item{{token: tr}}
	}
	before, _ := c.unmatched(cells[0])
	_, after := c.unmatched(cells[len(cells)-1])
	if opening, closing := c.around(cells); opening != nil {
		before, after = []*etree.Element{opening}, []*etree.Element{closing}
	}
	var all []item
	for _, run := range before {
		all = append(all, item{mark: c.take(run)})
	}
	all = append(all, item{token: tr})
	for _, run := range after {
		all = append(all, item{mark: c.take(run)})
	}
	return all
}

// unmatched are the marks of a cell that open and do not close in it, and those that close
// what does not open in it.
func (c *compiler) unmatched(cell *etree.Element) (opening, closing []*etree.Element) {
	for _, run := range c.marksIn(cell) {
		switch m := c.marks[run]; {
		case m.opens():
			opening = append(opening, run)
		case m.closes() && len(opening) > 0:
			opening = opening[:len(opening)-1]
		case m.closes():
			closing = append(closing, run)
		}
	}
	return opening, closing
}

// around are the marks that open and close the only cell of a row, both within one line.
func (c *compiler) around(cells []*etree.Element) (opening, closing *etree.Element) {
	runs := c.marksIn(cells[0])
	if len(cells) > 1 || len(runs) < 2 {
		return nil, nil
	}
	first, last := runs[0], runs[len(runs)-1]
	line := strings.TrimSpace(joined(pieces(cells[0])))
	depth := 0
	for _, run := range runs[:len(runs)-1] {
		if m := c.marks[run]; m.opens() {
			depth++
		} else if m.closes() {
			depth--
		}
		if depth == 0 {
			return nil, nil
		}
	}
	oneLine := c.marks[first].place == c.marks[last].place
	if oneLine && depth == 1 && strings.HasPrefix(line, c.marks[first].text) && strings.HasSuffix(line, c.marks[last].text) {
		return first, last
	}
	return nil, nil
}

// take takes a mark out of its cell, and its paragraph where nothing else stands in that
// and the cell has another.
func (c *compiler) take(run *etree.Element) *placed {
	m := c.marks[run]
	delete(c.marks, run)
	p := run.Parent()
	p.RemoveChild(run)
	if is(p, "p") && strings.TrimSpace(joined(pieces(p))) == "" && !shows(p) && !breaks(p) && is(p.Parent(), "tc") && len(p.Parent().SelectElements("w:p")) > 1 {
		p.Parent().RemoveChild(p)
	}
	return &m
}

// conditional tells whether all words of a paragraph stand under conditions or in lists.
func (c *compiler) conditional(el *etree.Element) bool {
	if !is(el, "p") || !c.holding[el] || shows(el) || breaks(el) {
		return false
	}
	text := joined(pieces(el))
	depth, at, controls := 0, 0, 0
	for _, run := range c.marksIn(el) {
		m := c.marks[run]
		i := strings.Index(text[at:], m.text)
		if i < 0 || depth == 0 && (!m.opens() || strings.TrimSpace(text[at:at+i]) != "") {
			return false
		}
		at += i + len(m.text)
		if m.opens() {
			depth, controls = depth+1, controls+1
		} else if m.closes() {
			depth--
		}
	}
	return controls > 0 && strings.TrimSpace(text[at:]) == ""
}
