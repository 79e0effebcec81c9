package docx

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// markKind says what a mark does.
type markKind int

const (
	valueMark markKind = iota
	eachMark
	ifMark
	elseMark
	endEachMark
	endIfMark
	badMark
)

// mark is what stands between double braces.
type mark struct {
	kind markKind
	name string // of the value or list
	text string // as it stands, braces included
}

func (m mark) opens() bool  { return m.kind == eachMark || m.kind == ifMark }
func (m mark) closes() bool { return m.kind == endEachMark || m.kind == endIfMark }
func (m mark) control() bool {
	return m.opens() || m.closes() || m.kind == elseMark
}

// anyMark finds marks in the joined text of a paragraph; one is at most 200 letters long.
var anyMark = regexp.MustCompile(`\{\{[^{}\n]{0,200}\}\}`)

var markName = regexp.MustCompile(`^(?:\.|[\p{L}_][\p{L}\p{N}_.]*)$`)

// readMark reads a mark. Word likes to write the first letter large and to put hard spaces:
// both are as nothing.
func readMark(text string) mark {
	inner := strings.Join(strings.FieldsFunc(norm.NFC.String(text[2:len(text)-2]), unicode.IsSpace), " ")
	inner = strings.ToLower(inner)
	m := mark{text: text}
	for _, word := range []struct {
		begin string
		kind  markKind
	}{{"#each ", eachMark}, {"#if ", ifMark}} {
		if name, ok := strings.CutPrefix(inner, word.begin); ok {
			m.kind, m.name = word.kind, name
			return m.checked()
		}
	}
	switch inner {
	case "else":
		m.kind = elseMark
	case "/each":
		m.kind = endEachMark
	case "/if":
		m.kind = endIfMark
	default:
		m.kind, m.name = valueMark, inner
		return m.checked()
	}
	return m
}

// checked is the mark, or a bad one where its name is none.
func (m mark) checked() mark {
	if !markName.MatchString(m.name) {
		m.kind = badMark
	}
	return m
}
