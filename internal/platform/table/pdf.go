package table

import (
	"embed"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

//go:embed fonts/*.ttf
var fonts embed.FS

// The measures of a page, in millimetres, and of its letters, in points. Margins are those
// of Decree 30/2020/NĐ-CP, appendix I.
const (
	marginTop    = 20.0
	marginBottom = 20.0
	marginLeft   = 30.0
	marginRight  = 15.0
	lineHeight   = 5.2
	padding      = 1.2
	textSize     = 12.0
	cellSize     = 11.0
)

const family = "Tinos"

// PDF writes the tables as A4 pages, each table from a page of its own: its head comes again
// on each page, which says its number and how many there are. The same tables give the same
// bytes.
func PDF(w io.Writer, tables ...Table) error {
	pdf := fpdf.New("P", "mm", "A4", "")
	if err := prepare(pdf, tables[0]); err != nil {
		return err
	}
	known, err := signs()
	if err != nil {
		return err
	}
	for _, t := range tables {
		p := &pages{Table: t, pdf: pdf, signs: known}
		p.add()
		p.above()
		p.head()
		if err := p.body(); err != nil {
			return err
		}
	}
	if err := pdf.Output(w); err != nil {
		return fmt.Errorf("write pages: %w", err)
	}
	return nil
}

// pages is a table on its way to paper.
type pages struct {
	Table
	pdf    *fpdf.Fpdf
	widths []float64
	bottom float64 // where a page ends
	signs  *sfnt.Font
	buffer sfnt.Buffer
}

// prepare sets what all pages share.
func prepare(pdf *fpdf.Fpdf, first Table) error {
	for style, file := range map[string]string{"": "tinos-400", "I": "tinos-400-italic", "B": "tinos-700"} {
		font, err := fonts.ReadFile("fonts/" + file + ".ttf")
		if err != nil {
			return fmt.Errorf("read a font: %w", err)
		}
		pdf.AddUTF8FontFromBytes(family, style, font)
	}
	pdf.SetMargins(marginLeft, marginTop, marginRight)
	pdf.SetAutoPageBreak(false, marginBottom)
	pdf.SetCatalogSort(true)
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // the bytes do not depend on when they are made
	pdf.SetCreationDate(day)
	pdf.SetModificationDate(day)
	pdf.SetTitle(first.Name, true)
	pdf.SetLang(first.Lang.Locale())
	pdf.AliasNbPages("{nb}")
	pdf.SetFooterFunc(func() {
		pdf.SetY(-marginBottom + 5)
		pdf.SetFont(family, "", cellSize)
		pdf.CellFormat(0, lineHeight, fmt.Sprintf("%d/{nb}", pdf.PageNo()), "", 0, "C", false, 0, "")
	})
	return nil
}

// add begins a page.
func (p *pages) add() {
	const short, long = 210.0, 297.0 // A4, in millimetres
	orientation, width, height := "P", short, long
	if p.Landscape {
		orientation, width, height = "L", long, short
	}
	p.pdf.AddPageFormat(orientation, fpdf.SizeType{Wd: short, Ht: long})
	p.widths = p.Table.widths(width - marginLeft - marginRight)
	p.bottom = height - marginBottom
}

func (p *pages) failed() error {
	if err := p.pdf.Error(); err != nil {
		return fmt.Errorf("write pages: %w", err)
	}
	return nil
}

func (p *pages) whole() float64 {
	sum := 0.0
	for _, w := range p.widths {
		sum += w
	}
	return sum
}

// above writes the letterhead, the title and the notes.
func (p *pages) above() {
	half := p.whole() / 2
	top := p.pdf.GetY()
	ends := []float64{p.block(marginLeft, half*0.9, p.Left), top}
	p.pdf.SetY(top)
	ends[1] = p.block(marginLeft+half*0.9, half*1.1, p.Right)
	p.pdf.SetY(max(ends[0], ends[1]))
	if len(p.Left)+len(p.Right) > 0 {
		p.pdf.Ln(lineHeight)
	}
	for _, text := range p.Title {
		p.middle("B", 14, text)
	}
	for _, text := range p.Notes {
		p.middle("I", textSize, text)
	}
	if len(p.Title)+len(p.Notes) > 0 {
		p.pdf.Ln(lineHeight / 2)
	}
}

// block writes one side of the letterhead, with a short rule below its bold last line, and
// returns where it ends.
func (p *pages) block(x, width float64, all []string) float64 {
	for i, text := range all {
		style := ""
		if i == len(all)-1 {
			style = "B"
		}
		p.pdf.SetFont(family, style, textSize)
		for _, part := range p.split(text, width, true) {
			p.pdf.SetX(x)
			p.pdf.CellFormat(width, lineHeight, part, "", 2, "C", false, 0, "")
		}
	}
	y := p.pdf.GetY()
	if len(all) == 0 {
		return y
	}
	rule := width / 3
	p.pdf.Line(x+(width-rule)/2, y+0.8, x+(width+rule)/2, y+0.8)
	return y + 1.6
}

func (p *pages) middle(style string, size float64, text string) {
	p.pdf.SetFont(family, style, size)
	for _, part := range p.split(text, p.whole(), true) {
		p.pdf.SetX(marginLeft)
		p.pdf.CellFormat(p.whole(), lineHeight*1.15, part, "", 2, "C", false, 0, "")
	}
}

// signs are those that the letters of the pages have.
var signs = sync.OnceValues(func() (*sfnt.Font, error) {
	raw, err := fonts.ReadFile("fonts/tinos-400.ttf")
	if err != nil {
		return nil, fmt.Errorf("read a font: %w", err)
	}
	font, err := sfnt.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("read a font: %w", err)
	}
	return font, nil
})

// unknown stands for a sign that the letters do not have, such as an emoji.
const unknown = '□'

// printable is a text as it can be printed: composed, without control characters, and with a
// box where a sign has no letter.
func (p *pages) printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || unicode.Is(unicode.Cf, r):
			return -1
		}
		if i, err := p.signs.GlyphIndex(&p.buffer, r); err != nil || i == 0 || r > 0xFFFF {
			return unknown
		}
		return r
	}, norm.NFC.String(s))
}

// split breaks a text into lines of a width in the font that is set, between words; a word
// that is wider than the line is cut where cut says so, else it stands out.
func (p *pages) split(text string, width float64, cut bool) []string {
	var all []string
	for part := range strings.SplitSeq(p.printable(text), "\n") {
		line := ""
		for word := range strings.FieldsSeq(part) {
			if line != "" && p.pdf.GetStringWidth(line+" "+word) <= width {
				line += " " + word
				continue
			}
			if line != "" {
				all = append(all, line)
			}
			for cut && p.pdf.GetStringWidth(word) > width {
				n := p.fits(word, width)
				all, word = append(all, word[:n]), word[n:]
			}
			line = word
		}
		all = append(all, line)
	}
	return all
}

// fits is how many bytes of a word fit into a width, one letter at the least.
func (p *pages) fits(word string, width float64) int {
	last := 0
	for i := range word {
		if i > 0 && p.pdf.GetStringWidth(word[:i]) > width {
			break
		}
		last = i
	}
	if last == 0 {
		_, last = utf8.DecodeRuneInString(word)
	}
	return last
}

// head writes the labels of the columns, under their groups.
func (p *pages) head() {
	p.pdf.SetFont(family, "B", cellSize)
	p.pdf.SetFillColor(232, 236, 244)
	labels, height := make([][]string, len(p.Columns)), 1
	for i, c := range p.Columns {
		labels[i] = p.split(c.Label, p.widths[i]-2*padding, false)
		height = max(height, len(labels[i]))
	}
	groups := 0.0
	if p.grouped() {
		groups = lineHeight + 2*padding
	}
	y, x := p.pdf.GetY(), marginLeft
	low := float64(height)*lineHeight + 2*padding
	for i, c := range p.Columns {
		top, tall := y, groups+low
		if c.Group != "" {
			top, tall = y+groups, low
		}
		p.draw(box{x, top, p.widths[i], tall}, labels[i], headLook)
		x += p.widths[i]
	}
	x = marginLeft
	for i := 0; i < len(p.Columns); i += p.span(i) {
		wide := 0.0
		for _, w := range p.widths[i : i+p.span(i)] {
			wide += w
		}
		if group := p.Columns[i].Group; group != "" {
			p.draw(box{x, y, wide, groups}, p.split(group, wide-2*padding, false), headLook)
		}
		x += wide
	}
	p.pdf.SetY(y + groups + low)
}

// box is where a cell stands, in millimetres.
type box struct{ x, y, width, height float64 }

// headLook is how the cells of a head look; those of the list are named by how they align.
const headLook = "head"

// draw draws a cell with its lines; those of a head stand in the middle of a ground.
func (p *pages) draw(b box, all []string, look string) {
	style, align, top := "D", look, b.y+padding
	if look == headLook {
		style, align, top = "FD", "C", b.y+(b.height-float64(len(all))*lineHeight)/2
	}
	p.pdf.SetDrawColor(90, 90, 90)
	p.pdf.Rect(b.x, b.y, b.width, b.height, style)
	for i, text := range all {
		p.pdf.SetXY(b.x, top+float64(i)*lineHeight)
		if wide, room := p.pdf.GetStringWidth(text), b.width-2*padding; wide > room { // a number or a word of a head is not torn
			p.pdf.SetFontSize(cellSize * room / wide)
		}
		p.pdf.CellFormat(b.width, lineHeight, text, "", 0, align, false, 0, "")
		p.pdf.SetFontSize(cellSize)
	}
}

func (p *pages) body() error {
	empty := true
	for row, err := range p.Rows {
		if err != nil {
			return err
		}
		empty = false
		p.row(row, "")
		if err := p.failed(); err != nil {
			return err
		}
	}
	if empty && p.Empty != "" {
		p.row(Row{Section: p.Empty}, "I")
	}
	if !empty && len(p.Total) > 0 {
		p.row(Row{Cells: p.Total}, "B")
	}
	return p.failed()
}

// row writes a row; one that does not fit goes to the next page, one that fits on none is
// broken over several.
func (p *pages) row(row Row, style string) {
	if row.Section != "" && style == "" {
		style = "B"
	}
	p.pdf.SetFont(family, style, cellSize)
	cells := p.lines(row)
	for first := true; first || longest(cells) > 0; first = false {
		fits := int((p.bottom - p.pdf.GetY() - 2*padding) / lineHeight)
		if need := longest(cells); need > fits && (fits < 2 || need <= p.most()) {
			p.add()
			p.head()
			p.pdf.SetFont(family, style, cellSize)
			fits = p.most()
		}
		p.part(row, cells, min(longest(cells), max(fits, 1)))
	}
}

// most is how many lines fit on a page below the head, at the least.
func (p *pages) most() int {
	const head = 40.0
	return int((p.bottom - marginTop - head) / lineHeight)
}

func longest(cells [][]string) int {
	n := 0
	for _, c := range cells {
		n = max(n, len(c))
	}
	return n
}

func (p *pages) lines(row Row) [][]string {
	if row.Section != "" {
		return [][]string{p.split(row.Section, p.whole()-2*padding, true)}
	}
	cells := make([][]string, len(p.Columns))
	for i := range p.Columns {
		cells[i] = p.split(row.cell(i).in(p.Lang), p.widths[i]-2*padding, p.Columns[i].Kind == Words)
	}
	return cells
}

// part writes the first lines of the cells and takes them off.
func (p *pages) part(row Row, cells [][]string, n int) {
	y, x := p.pdf.GetY(), marginLeft
	height := float64(n)*lineHeight + 2*padding
	for i := range cells {
		width, align := p.whole(), "L"
		if row.Section == "" {
			width, align = p.widths[i], p.Columns[i].Kind.align()
		}
		m := min(n, len(cells[i]))
		p.draw(box{x, y, width, height}, cells[i][:m], align)
		cells[i] = cells[i][m:]
		x += width
	}
	p.pdf.SetY(y + height)
}

func (k Kind) align() string {
	switch k {
	case Number:
		return "R"
	case Short, Day:
		return "C"
	default:
		return "L"
	}
}
