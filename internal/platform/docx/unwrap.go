package docx

import "github.com/beevik/etree"

// unwrap takes off what Word has put around a mark for a part whose other end lies outside:
// the sign that a stretch was put in while changes were tracked, or a content control. What
// was put in stays, as if it had been accepted, and what the control held stays as plain
// text: neither says anything about a paper that is made anew each time. Around a part that
// lies within as a whole they are left.
func (c *compiler) unwrap(el *etree.Element) {
	for _, child := range el.ChildElements() {
		if !c.holding[child] {
			continue
		}
		c.unwrap(child)
		inner := child
		switch {
		case is(child, "sdt"):
			inner = child.SelectElement("w:sdtContent")
		case !is(child, "ins", "moveTo", "smartTag"):
			continue
		}
		if inner != nil && !c.whole(inner) {
			lift(el, child, inner)
		}
	}
}

// whole tells whether all parts that open below an element close there, and no others.
func (c *compiler) whole(el *etree.Element) bool {
	var open []markKind
	for _, run := range c.marksIn(el) {
		switch m := c.marks[run]; {
		case m.opens():
			open = append(open, m.kind)
		case m.control() && len(open) == 0:
			return false
		case m.closes():
			open = open[:len(open)-1]
		}
	}
	return len(open) == 0
}

// lift puts what lies in inner in the place of a child.
func lift(el, child, inner *etree.Element) {
	at := child.Index()
	el.RemoveChild(child)
	for _, token := range append([]etree.Token(nil), inner.Child...) {
		el.InsertChildAt(at, token)
		at++
	}
}
