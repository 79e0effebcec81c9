package docx

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"
)

// nodeKind says how a node is written.
type nodeKind int

const (
	rawNode     nodeKind = iota // its bytes as they are
	valueNode                   // a run with the value of the name
	eachNode                    // body for each row of the list
	ifNode                      // body where the name is there, other where not
	cellNode                    // body, and a paragraph where it does not end with one, as a cell must (ECMA-376-1 §17.4.65)
	tableNode                   // body, or nothing where no row is left in it
	lineNode                    // body, a paragraph of conditions, or nothing where no word is left in it
	drawingNode                 // the number of a picture: another one each time
)

// node is a part of a compiled template.
type node struct {
	kind        nodeKind
	raw         []byte // of a value: what opens its run
	gap         []byte // of a value: what opens its run where it is missing
	name        string
	mark        string // as it stands in the template
	place       Place
	body, other []node
}

// compiler turns a part into nodes.
type compiler struct {
	part     string
	marks    map[*etree.Element]placed // runs that are a mark
	holding  map[*etree.Element]bool   // elements in which a mark lies
	problems []Problem
	lists    int             // that are open
	drawings int             // the greatest number of a picture
	fields   strings.Builder // their codes, as Word has torn them into runs
}

// maxMarks bounds the marks of a part; a report has a few hundred.
const maxMarks = 2000

// placed is a mark and where it stands.
type placed struct {
	mark
	place Place
}

func (c *compiler) problem(kind ProblemKind, p placed) {
	c.problems = append(c.problems, Problem{Kind: kind, Place: p.place, Mark: p.text})
}

// compile reads a part.
func (c *compiler) compile(content []byte) ([]node, error) {
	doc, err := parse(content)
	if err != nil {
		return nil, err
	}
	root := doc.Root()
	if root.Space != "w" {
		return nil, fmt.Errorf("%w: part %s begins with %s", ErrNotDocument, c.part, root.FullTag())
	}
	c.marks, c.holding = map[*etree.Element]placed{}, map[*etree.Element]bool{}
	c.findMarks(root, new(int))
	c.unwrap(root)
	switch {
	case fetches(c.fields.String()):
		return nil, ErrActive
	case len(c.marks) > maxMarks:
		return nil, ErrTooLarge
	}
	b := builder{}
	for _, token := range doc.Child {
		c.token(&b, token)
	}
	return b.done(), nil
}

// findMarks isolates the marks of every paragraph below el.
func (c *compiler) findMarks(el *etree.Element, count *int) {
	if is(el, "p") {
		*count++
		c.paragraph(el, *count)
	}
	if n, ok := drawing(el); ok {
		c.drawings = max(c.drawings, n)
	}
	c.field(el)
	el.RemoveAttr("w14:paraId") // must not come twice
	el.RemoveAttr("w14:textId")
	for _, child := range el.ChildElements() {
		c.findMarks(child, count)
	}
}

// field gathers the codes of fields. A code may lie in several runs.
func (c *compiler) field(el *etree.Element) {
	switch {
	case is(el, "instrText"):
		c.fields.WriteString(el.Text())
	case is(el, "fldChar"):
		c.fields.WriteByte(' ')
	case is(el, "fldSimple"):
		c.fields.WriteString(" " + el.SelectAttrValue("w:instr", "") + " ")
	}
}

var (
	quoted   = regexp.MustCompile(`"[^"]*"`)
	fetching = regexp.MustCompile(`(?i)\b(?:DDE|DDEAUTO|INCLUDE[A-Z]*|LINK|IMPORT)\b`)
)

// fetches tells whether a field would have Word run or fetch something when it opens the
// file (ECMA-376-1 §17.16.5). What is quoted is what a field is about.
func fetches(codes string) bool { return fetching.MatchString(quoted.ReplaceAllString(codes, "")) }

func (c *compiler) paragraph(p *etree.Element, count int) {
	if len(c.marks) > maxMarks {
		return
	}
	text := joined(pieces(p))
	place := Place{Part: c.part, Paragraph: count, Near: near(text)}
	runs, leftOver := isolate(p)
	if leftOver {
		c.problem(OpenBraces, placed{mark{text: near(text)}, place})
	}
	for _, run := range runs {
		m := placed{readMark(run.SelectElement("w:t").Text()), place}
		if m.kind == badMark {
			c.problem(BadMark, m)
		}
		c.marks[run] = m
		for at := run.Parent(); at != nil && !c.holding[at]; at = at.Parent() {
			c.holding[at] = true
		}
	}
}

// builder gathers nodes; bytes that follow each other become one node.
type builder struct {
	nodes []node
	raw   bytes.Buffer
}

func (b *builder) add(all ...node) {
	for _, n := range all {
		if n.kind == rawNode {
			b.raw.Write(n.raw)
			continue
		}
		b.flush()
		b.nodes = append(b.nodes, n)
	}
}

func (b *builder) flush() {
	if b.raw.Len() > 0 {
		b.nodes = append(b.nodes, node{kind: rawNode, raw: bytes.Clone(b.raw.Bytes())})
		b.raw.Reset()
	}
}

func (b *builder) done() []node {
	b.flush()
	return b.nodes
}

func (c *compiler) token(b *builder, token etree.Token) {
	el, ok := token.(*etree.Element)
	if !ok {
		writeToken(&b.raw, token)
		return
	}
	if c.lists > 0 && is(el, "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd") {
		return // their ids must not come twice
	}
	c.element(b, el)
}

func (c *compiler) element(b *builder, el *etree.Element) {
	if m, ok := c.marks[el]; ok {
		b.add(value(el, m))
		return
	}
	if !c.holding[el] && c.lists == 0 {
		writeToken(&b.raw, el)
		return
	}
	if is(el, "sdt") {
		unbind(el)
	}
	if _, ok := drawing(el); ok && c.lists > 0 {
		c.renumbered(b, el)
		return
	}
	if id := el.SelectElement("w:id"); c.lists > 0 && is(el, "sdtPr") && id != nil {
		el.RemoveChild(id)
	}
	inner := builder{}
	writeOpening(&inner.raw, el)
	body := c.sequence(c.items(el))
	if c.holding[el] && is(el, "tc", "txbxContent", "hdr", "ftr", "footnote", "endnote") {
		inner.add(node{kind: cellNode, body: body})
	} else {
		inner.add(body...)
	}
	writeClosing(&inner.raw, el)
	switch {
	case c.holding[el] && is(el, "tbl"):
		b.add(node{kind: tableNode, body: inner.done()})
	case c.conditional(el):
		b.add(node{kind: lineNode, body: inner.done()})
	default:
		b.add(inner.done()...)
	}
}

// unbind takes what would put another text into a content control when Word opens it.
func unbind(sdt *etree.Element) {
	properties := sdt.SelectElement("w:sdtPr")
	if properties == nil {
		return
	}
	for _, child := range properties.ChildElements() {
		if child.Tag == "dataBinding" || child.Tag == "showingPlcHdr" {
			properties.RemoveChild(child)
		}
	}
}

// drawing is the number of a picture (ECMA-376-1 §20.4.2.5), which no other in the text may have.
func drawing(el *etree.Element) (int, bool) {
	if el.Tag != "docPr" || el.Space != "wp" {
		return 0, false
	}
	n, err := strconv.Atoi(el.SelectAttrValue("id", ""))
	return max(0, min(n, maxDrawing)), err == nil
}

// maxDrawing bounds the numbers that a template may bring along, so that there is room behind them.
const maxDrawing = 1 << 30

// renumbered writes what names a picture in a list, with a hole for its number.
func (c *compiler) renumbered(b *builder, el *etree.Element) {
	const hole = "\ue000"
	copied := el.Copy()
	copied.CreateAttr("id", hole)
	var whole bytes.Buffer
	writeToken(&whole, copied)
	before, after, _ := bytes.Cut(whole.Bytes(), []byte(hole))
	b.add(node{kind: rawNode, raw: before}, node{kind: drawingNode}, node{kind: rawNode, raw: after})
}

// value is the node of a run that is a mark for a value.
func value(run *etree.Element, m placed) node {
	opening := func(looks *etree.Element) []byte {
		var b bytes.Buffer
		b.WriteString("<w:r>")
		if looks != nil {
			writeToken(&b, looks)
		}
		return b.Bytes()
	}
	looks := run.SelectElement("w:rPr")
	return node{kind: valueNode, raw: opening(looks), gap: opening(highlighted(looks)), name: m.name, mark: m.text, place: m.place}
}

// item is what a sequence is made of: a token, or a mark that opens, parts or closes.
type item struct {
	token etree.Token
	mark  *placed
}

// frame is a mark that is open.
type frame struct {
	open    placed
	body    []node // of an if, once {{else}} has come
	other   bool
	section bool // one ends within
	builder
}

func (f *frame) node() node {
	n := node{kind: eachNode, name: f.open.name, mark: f.open.text, place: f.open.place}
	if f.open.kind == ifMark {
		n.kind = ifNode
	}
	if n.body = f.done(); f.other {
		n.body, n.other = f.body, n.body
	}
	return n
}

// sequence compiles what lies side by side: paragraphs, rows or runs.
func (c *compiler) sequence(items []item) []node {
	stack := []*frame{{}}
	for _, one := range items {
		top := stack[len(stack)-1]
		switch {
		case one.mark == nil:
			top.section = top.section || endsSection(one.token)
			c.token(&top.builder, one.token)
		case one.mark.opens():
			stack = append(stack, &frame{open: *one.mark})
			c.count(*one.mark, 1)
		case !c.fits(stack, *one.mark):
			c.problem(NotOpened, *one.mark)
		case one.mark.kind == elseMark:
			top.body, top.other = top.done(), true
			top.builder = builder{}
		default:
			c.count(top.open, -1)
			if top.section { // its pages would go with it
				c.problem(BreaksPage, top.open)
			}
			stack = stack[:len(stack)-1]
			stack[len(stack)-1].add(top.node())
		}
	}
	for _, left := range stack[1:] {
		c.count(left.open, -1)
		c.problem(NotClosed, left.open)
	}
	return stack[0].done()
}

// endsSection tells whether a token holds the end of a section.
func endsSection(token etree.Token) bool {
	el, ok := token.(*etree.Element)
	return ok && (is(el, "sectPr") || slices.ContainsFunc(el.ChildElements(), func(child *etree.Element) bool { return endsSection(child) }))
}

func (c *compiler) count(m placed, by int) {
	if m.kind == eachMark {
		c.lists += by
	}
}

// fits tells whether a mark that parts or closes belongs to the one that is open.
func (c *compiler) fits(stack []*frame, m placed) bool {
	if len(stack) == 1 {
		return false
	}
	top := stack[len(stack)-1]
	switch m.kind {
	case endEachMark:
		return top.open.kind == eachMark
	case elseMark:
		return top.open.kind == ifMark && !top.other
	default:
		return top.open.kind == ifMark
	}
}
