package paper

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
)

// The text of a shipped template, line by line:
//
//	@head, @foot      the head and the foot of the layout
//	@head form        a head without a number, of sheets and lists
//	@kind Báo cáo     what annexes call the paper
//	@annex Phụ lục I  an annex begins a page; what it belongs to stands below its title
//	@belongs          what a list belongs to, below its title and instead of the rule
//	@sign A / x | B   those who sign side by side: who, what is to be done there, and the name
//	@unnumbered       pages without numbers, and @break a new page
//	= BÁO CÁO         what the paper is, or another line in the middle, bold
//	== about          what it is about; several lines stand below each other, with a rule after the last
//	=~ occasion       one of these lines in slanted letters
//	! name            in the middle, bold, close to what stands around it
//	# I. heading      ## a smaller one
//	> middle          (in slanted letters)
//	_ basis           a paragraph in slanted letters
//	~ label           dots to be written on, to the right margin
//	- item
//	| 10 | 60 | 30    a table: the widths of its columns, in shares; then its rows:
//	|! TT | Tên | …   a head, |= a row of sums, | a row
//	--- landscape     what follows is on pages lying down; --- portrait stands them up
//	{{#if x}}         a mark alone; anything else is a paragraph
//
// @end at the end of a paragraph is the sign that texts of the layout end with.

// blocks sets a text by a layout.
func blocks(text string, l rulebook.Layout) ([]docx.Block, docx.Page, error) {
	m := markup{layout: l, page: page(l), kind: "Văn bản"}
	for i, line := range strings.Split(text, "\n") {
		if err := m.line(strings.TrimSpace(line)); err != nil {
			return nil, docx.Page{}, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	m.endTable()
	m.endAbout()
	return m.all, m.page, nil
}

type markup struct {
	layout  rulebook.Layout
	page    docx.Page
	all     []docx.Block
	table   *docx.Table
	about   bool // lines of what the paper is about were the last
	annexes int  // that have begun
	kind    string
}

func (m *markup) line(line string) error {
	if !strings.HasPrefix(line, "|") {
		m.endTable()
	}
	mark, rest, _ := strings.Cut(line, " ")
	if mark != "==" && mark != "=~" && mark != "@belongs" {
		m.endAbout()
	}
	switch mark {
	case "":
	case "|", "|!", "|=":
		return m.row(mark, rest)
	case "#", "##":
		m.add(docx.Paragraph{First: 10, Before: 6, After: 6, Together: true, Runs: []docx.Run{{Text: rest, Bold: true}}})
	case "---":
		m.turn(rest == "landscape")
	default:
		if strings.HasPrefix(mark, "@") {
			return m.frame(mark, rest)
		}
		if !m.middle(mark, rest) {
			m.add(m.paragraph(line))
		}
	}
	return nil
}

// frame sets what frames a text.
func (m *markup) frame(mark, rest string) error {
	switch mark {
	case "@head":
		m.add(head(m.layout, rest != "form"))
	case "@foot":
		m.add(docx.Paragraph{Together: true}, foot(m.layout))
	case "@sign":
		m.add(docx.Paragraph{Together: true}, signs(m.page.Width(), strings.Split(rest, "|")))
	case "@kind":
		m.kind = rest
	case "@annex":
		p := centred(rest, true, 0)
		p.PageBreak, p.Together = m.annexes > 0, true
		m.annexes++
		m.add(p)
	case "@belongs":
		m.about = false
		m.belongs()
	case "@break":
		m.add(docx.Paragraph{PageBreak: true, Runs: []docx.Run{{Size: 1}}})
	case "@unnumbered":
		m.page.Numbered = false
	default:
		return fmt.Errorf("nothing is called %s", mark)
	}
	return nil
}

// middle sets a line that does not stand as paragraphs do; false where it is one.
func (m *markup) middle(mark, rest string) bool {
	p := centred(rest, true, 0)
	switch mark {
	case "=":
		p.Before, p.Together = 12, true
	case "==":
		p.Together, m.about = true, true
	case "=~":
		p = centred(rest, false, 0)
		p.Runs[0].Italic, p.Together, m.about = true, true, true
	case "!":
		p.Before, p.After = 3, 3
	case ">":
		p = centred(rest, false, 0)
		p.Runs[0].Italic, p.Before, p.After = true, 3, 3
	case "_":
		p = docx.Paragraph{Align: docx.Justify, First: 10, Before: 3, After: 3, Runs: []docx.Run{{Text: rest, Italic: true}}}
	case "~":
		p = docx.Paragraph{Dots: m.page.Width(), Before: 4, After: 4, Runs: []docx.Run{{Text: strings.TrimLeft(rest+" \t", " ")}}}
	default:
		return false
	}
	m.add(p)
	return true
}

// belongs says what a list or an annex belongs to.
func (m *markup) belongs() {
	p := centred("(Kèm theo "+m.kind+" số {{so_ky_hieu}} {{ngay_thang_nam}} của {{ten_co_quan}})", false, 0)
	p.Runs[0].Italic, p.Together, p.After = true, true, 6
	m.add(p)
}

func (m *markup) add(all ...docx.Block) { m.all = append(m.all, all...) }

func (m *markup) paragraph(line string) docx.Paragraph {
	if strings.HasPrefix(line, "{{#") || strings.HasPrefix(line, "{{/") || line == "{{else}}" {
		if strings.Count(line, "{{") == 1 {
			return docx.Paragraph{Runs: []docx.Run{{Text: line}}}
		}
	}
	text := strings.ReplaceAll(line, "@end", m.layout.End)
	return docx.Paragraph{ // the last words stand on the page of the signature
		Align: docx.Justify, First: 10, Before: 3, After: 3, Together: text != line, Runs: []docx.Run{{Text: text}},
	}
}

// endAbout draws the short rule below what a paper is about.
func (m *markup) endAbout() {
	if m.about && m.annexes > 0 {
		m.about = false
		m.belongs()
		return
	}
	if m.about {
		m.about = false
		m.add(rule(m.page.Width(), m.page.Width()/3), docx.Paragraph{})
	}
}

func (m *markup) turn(landscape bool) {
	m.add(docx.Section(m.page))
	m.page.Landscape, m.page.Begins = landscape, false
}

func (m *markup) endTable() {
	if m.table != nil {
		m.add(*m.table, docx.Paragraph{})
		m.table = nil
	}
}

func (m *markup) row(mark, rest string) error {
	cells := strings.Split(rest, "|")
	if m.table == nil {
		return m.begin(cells)
	}
	if len(cells) != len(m.table.Widths) {
		return fmt.Errorf("a row of %d cells in a table of %d columns", len(cells), len(m.table.Widths))
	}
	row := docx.TableRow{Head: mark == "|!"}
	for _, cell := range cells {
		cell = strings.TrimSpace(cell)
		align := docx.Left
		if text, ok := strings.CutPrefix(cell, "^"); ok { // in the middle
			cell, align = text, docx.Centre
		}
		if row.Head {
			align = docx.Centre
		}
		run := docx.Run{Text: cell, Bold: mark != "|", Size: smallSize}
		row.Cells = append(row.Cells, docx.TableCell{Blocks: []docx.Block{docx.Paragraph{Align: align, Before: 1.5, After: 1.5, Runs: []docx.Run{run}}}})
	}
	m.table.Rows = append(m.table.Rows, row)
	return nil
}

// begin begins a table whose columns have such shares of the page's width.
func (m *markup) begin(shares []string) error {
	m.table = &docx.Table{Bordered: true}
	sum := 0.0
	for _, share := range shares {
		n, err := strconv.ParseFloat(strings.TrimSpace(share), 64)
		if err != nil || n <= 0 {
			return fmt.Errorf("the width of a column: %q", share)
		}
		m.table.Widths = append(m.table.Widths, n)
		sum += n
	}
	for i := range m.table.Widths {
		m.table.Widths[i] *= m.page.Width() / sum
	}
	return nil
}
