package docx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// maxDepth bounds how deep parts lie in each other. Text boxes in tables in tables stay
// below sixty.
const maxDepth = 256

// parse reads a part. A document type, the only way in for entities, is refused.
func parse(content []byte) (*etree.Document, error) {
	doc := etree.NewDocument()
	doc.ReadSettings = etree.ReadSettings{MaxDepth: maxDepth}
	if err := doc.ReadFromBytes(content); err != nil {
		return nil, errors.Join(ErrNotDocument, err)
	}
	if doc.Root() == nil {
		return nil, ErrNotDocument
	}
	for _, token := range doc.Child {
		if _, ok := token.(*etree.Directive); ok {
			return nil, fmt.Errorf("%w: it declares a document type", ErrNotDocument)
		}
	}
	return doc, nil
}

// is tells whether an element is that of WordprocessingML.
func is(el *etree.Element, tags ...string) bool {
	return el.Space == "w" && slices.Contains(tags, el.Tag)
}

// piece is a stretch of the text of a paragraph; a break or tab is one without an element.
type piece struct {
	el   *etree.Element
	text string
}

// pieces are the stretches of text of a paragraph, without those of text boxes in it and
// without what is marked as deleted.
func pieces(el *etree.Element) []piece {
	var all []piece
	for _, child := range el.ChildElements() {
		switch {
		case is(child, "t") && is(el, "r"):
			all = append(all, piece{child, child.Text()})
		case is(child, "tab", "br", "cr", "ptab", "sym") && is(el, "r"):
			all = append(all, piece{text: "\n"})
		case is(child, "del", "moveFrom", "drawing", "pict", "object", "pPr", "rPr") || child.Space == "mc":
		default:
			all = append(all, pieces(child)...)
		}
	}
	return all
}

func joined(all []piece) string {
	var b strings.Builder
	for _, p := range all {
		b.WriteString(p.text)
	}
	return b.String()
}

// near is the text of a paragraph as a problem cites it.
func near(text string) string {
	const most = 60
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// isolate gives each mark of a paragraph a run of its own, in the looks of the run where the
// mark begins, and returns those runs. It tells whether braces are left over.
func isolate(p *etree.Element) (runs []*etree.Element, leftOver bool) {
	all := pieces(p)
	text := joined(all)
	if !strings.Contains(text, "{{") && !strings.Contains(text, "}}") {
		return nil, false
	}
	found := anyMark.FindAllStringIndex(text, maxMarks+1)
	rest := anyMark.ReplaceAllString(text, "")
	leftOver = strings.Contains(rest, "{{") || strings.Contains(rest, "}}")
	for _, one := range slices.Backward(found) {
		gather(all, one[0], one[1])
	}
	for _, one := range all {
		if one.el != nil {
			one.el.SetText(one.text)
			keepSpaces(one.el)
		}
	}
	for _, one := range all {
		if one.el != nil && anyMark.MatchString(one.text) {
			runs = append(runs, split(one.el)...)
		}
	}
	return runs, leftOver
}

// gather moves the text between two offsets of the joined text into the piece where it begins.
func gather(all []piece, from, to int) {
	at, first := 0, -1
	var taken strings.Builder
	for i := range all {
		one := &all[i]
		start, end := at, at+len(one.text)
		at = end
		if end <= from || start >= to {
			continue
		}
		low, high := max(from, start)-start, min(to, end)-start
		if first < 0 {
			if to <= end {
				return // it lies in one piece already
			}
			first = i
			taken.WriteString(one.text[low:high])
			one.text = one.text[:low]
			continue
		}
		taken.WriteString(one.text[low:high])
		one.text = one.text[high:]
	}
	all[first].text += taken.String()
}

func keepSpaces(t *etree.Element) { t.CreateAttr("xml:space", "preserve") }

// split takes the run of a text apart so that each mark in that text has a run of its own,
// and returns these.
func split(t *etree.Element) []*etree.Element {
	run := t.Parent()
	parent, at := run.Parent(), run.Index()
	text := t.Text()
	after := sibling(run) // what follows the text in its run
	for _, child := range followers(t) {
		after.AddChild(child)
	}
	run.RemoveChild(t)
	parts := []*etree.Element{run}
	var marks []*etree.Element
	add := func(s string) *etree.Element {
		one := sibling(run)
		keepSpaces(one.CreateElement("w:t"))
		one.ChildElements()[len(one.ChildElements())-1].SetText(s)
		parts = append(parts, one)
		return one
	}
	last := 0
	for _, found := range anyMark.FindAllStringIndex(text, -1) {
		if found[0] > last {
			add(text[last:found[0]])
		}
		marks = append(marks, add(text[found[0]:found[1]]))
		last = found[1]
	}
	if last < len(text) {
		add(text[last:])
	}
	parts = append(parts, after)
	parent.RemoveChild(run)
	for _, one := range parts {
		if empty(one) {
			continue
		}
		parent.InsertChildAt(at, one)
		at++
	}
	return marks
}

// sibling is a run with the same looks and nothing in it.
func sibling(run *etree.Element) *etree.Element {
	one := etree.NewElement("w:r")
	if looks := run.SelectElement("w:rPr"); looks != nil {
		one.AddChild(looks.Copy())
	}
	return one
}

func followers(t *etree.Element) []etree.Token {
	return append([]etree.Token(nil), t.Parent().Child[t.Index()+1:]...)
}

// empty tells whether a run shows nothing.
func empty(run *etree.Element) bool {
	for _, child := range run.ChildElements() {
		if !is(child, "rPr") {
			return false
		}
	}
	return true
}

// highlighted is a copy of the looks of a run with a yellow ground. The order of what
// stands in it is fixed (ECMA-376-1 §17.3.2.28).
func highlighted(looks *etree.Element) *etree.Element {
	if looks == nil {
		looks = etree.NewElement("w:rPr")
	} else {
		looks = looks.Copy()
	}
	if old := looks.SelectElement("w:highlight"); old != nil {
		looks.RemoveChild(old)
	}
	ground := etree.NewElement("w:highlight")
	ground.CreateAttr("w:val", "yellow")
	for _, child := range looks.ChildElements() {
		if is(child, "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath", "rPrChange") {
			looks.InsertChildAt(child.Index(), ground)
			return looks
		}
	}
	looks.AddChild(ground)
	return looks
}

// settings close each element by a tag of its own, so that what ends with a paragraph ends with its tag.
func settings() *etree.WriteSettings { return &etree.WriteSettings{CanonicalEndTags: true} }

func writeToken(b *bytes.Buffer, token etree.Token) { token.WriteTo(b, settings()) }

func writeOpening(b *bytes.Buffer, el *etree.Element) {
	b.WriteByte('<')
	b.WriteString(el.FullTag())
	for _, attr := range el.Attr {
		b.WriteByte(' ')
		b.WriteString(attr.FullKey())
		b.WriteString(`="`)
		_ = xml.EscapeText(b, []byte(attr.Value)) // a buffer takes all
		b.WriteByte('"')
	}
	b.WriteByte('>')
}

func writeClosing(b *bytes.Buffer, el *etree.Element) {
	b.WriteString("</")
	b.WriteString(el.FullTag())
	b.WriteByte('>')
}
