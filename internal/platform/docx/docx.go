// Package docx fills papers that people edit in Word (Office Open XML, ECMA-376 part 1).
//
// A template is a .docx that holds marks in double braces:
//
//	{{so_ky_hieu}}                                 the value of that name
//	{{#each mo_hinh}} … {{/each}}                  once for each row of a list
//	{{#if kho_khan}} … {{else}} … {{/if}}          the one or the other
//
// A mark for a part that stands alone in a paragraph takes whole paragraphs, one that opens
// in the first cell of a table's row and closes in the last takes whole rows, and one within
// a line takes words. Inside a list the names of its row come first, then those outside;
// {{stt}} is the row's number from 1 and {{.}} the row itself where it is but a text;
// {{so_phu_luc}} counts the annexes of a paper, I, II …, in the order in which they are
// written. Marks work in the text, headers, footers, foot- and endnotes and in text boxes. Word may have
// torn a mark into any number of runs: they are joined before they are read.
//
// Open reads a template once into runs of bytes and the holes between them; Fill writes the
// bytes and fills the holes. A value that is missing is written as a visible gap and named
// in what Fill returns; it is never left out in silence.
package docx

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// What may be wrong with a file that should be a template.
var (
	// ErrNotDocument says that the file is no text of Word, or a damaged one.
	ErrNotDocument = errors.New("docx: not a document that can be read")
	// ErrTooLarge says that a template, or what became of it, is larger than papers are.
	ErrTooLarge = errors.New("docx: larger than papers are")
	// ErrActive says that the file holds macros or fetches something from elsewhere.
	ErrActive = errors.New("docx: it holds macros or fetches parts from elsewhere")
)

// Template is a document with holes. It does not change, and many may fill it at once.
type Template struct {
	files    []file // in the order of the archive
	problems []Problem
	drawings int // the greatest number of a picture in it
}

// Open reads a template of that many bytes. Marks that do not fit are no error: they are
// what Check tells.
func Open(r io.ReaderAt, size int64) (*Template, error) {
	files, err := unpack(r, size)
	if err != nil {
		return nil, err
	}
	t := &Template{files: files}
	for i := range t.files {
		f := &t.files[i]
		if !f.marked() {
			continue
		}
		c := compiler{part: f.part()}
		if f.nodes, err = c.compile(f.content); err != nil {
			return nil, err
		}
		f.content = nil
		t.problems = append(t.problems, c.problems...)
		t.drawings = max(t.drawings, c.drawings)
	}
	return t, nil
}

// Data is what a template is filled with: a value by its name.
type Data map[string]Value

// Value is a text or a list of rows.
type Value struct {
	text     string
	rows     []Data
	list     bool
	optional bool
}

// Text is a value that must be there: an empty one is a gap. A line break in it is one on
// the paper.
func Text(s string) Value { return Value{text: s} }

// Optional is a value that may be empty.
func Optional(s string) Value { return Value{text: s, optional: true} }

// Rows is a list whose rows have names of their own.
func Rows(rows []Data) Value { return Value{rows: rows, list: true} }

// Texts is a list of texts, each {{.}} in its turn.
func Texts(lines []string) Value {
	rows := make([]Data, len(lines))
	for i, line := range lines {
		rows[i] = Data{itself: Text(line)}
	}
	return Rows(rows)
}

// itself is the name of a row that is but a text; number is that of its place in the list,
// annex that of an annex of the paper.
const (
	itself = "."
	number = "stt"
	annex  = "so_phu_luc"
)

// there tells whether a condition on the value holds.
func (v Value) there() bool {
	if v.list {
		return len(v.rows) > 0
	}
	return strings.TrimSpace(v.text) != ""
}

// Fill writes the document with its holes filled. gap says what stands where the value of a
// name is missing. It returns the missing names, each once, in the order of the paper; one in
// the rows of a list has the name of the list and a point before it.
func (t *Template) Fill(w io.Writer, data Data, gap func(name string) string) ([]string, error) {
	if len(t.problems) > 0 {
		return nil, fmt.Errorf("docx: fill a template with %d problems: %s", len(t.problems), t.problems[0])
	}
	f := filler{scopes: []Data{data}, gap: gap, drawings: t.drawings}
	if err := pack(w, t.files, &f); err != nil {
		return nil, err
	}
	return f.missing, nil
}
