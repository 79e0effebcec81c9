package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strings"
)

// Page is the paper that a document is set on: A4, margins in millimetres, letters in points.
type Page struct {
	Top, Bottom, Left, Right float64
	Size                     float64 // of the letters
	Landscape                bool
	Numbered                 bool // the number in the middle above
	Begins                   bool // a paper: its first page has no number
}

// A4, in millimetres.
const (
	pageShort = 210.0
	pageLong  = 297.0
)

// Width is that of the text, in millimetres.
func (p Page) Width() float64 {
	if p.Landscape {
		return pageLong - p.Left - p.Right
	}
	return pageShort - p.Left - p.Right
}

// Align is where the lines of a paragraph stand.
type Align string

// The ways to align.
const (
	Left    Align = "left"
	Centre  Align = "center"
	Right   Align = "right"
	Justify Align = "both"
)

// Run is a stretch of text in one look.
type Run struct {
	Text                string
	Bold, Italic, Under bool
	Size                float64 // in points; 0 is the page's
}

// Block is a paragraph or a table.
type Block interface{ write(b *bytes.Buffer) }

// Paragraph is a paragraph. Measures are in millimetres, distances in points.
type Paragraph struct {
	Runs          []Run
	Align         Align   // none is Left
	First         float64 // indent of the first line
	In            float64 // indent on both sides
	Before, After float64
	Rule          bool    // a line below, as long as the indents leave it
	Together      bool    // on one page with what follows
	PageBreak     bool    // begins a page
	Dots          float64 // a tab leads to there by dots, in millimetres
}

// Table is a table of columns of such widths, in millimetres.
type Table struct {
	Widths   []float64
	Bordered bool
	Rows     []TableRow
}

// TableRow is a row; a head comes again on each page.
type TableRow struct {
	Cells []TableCell
	Head  bool
}

// TableCell is a cell over Span columns; 0 is one.
type TableCell struct {
	Blocks []Block
	Span   int
	Below  bool // goes on with the cell above it
	Opens  bool // goes on in the cell below it
}

// Section ends what stands before it: that is set on its page, and what follows begins a new one.
type Section Page

func (s Section) write(b *bytes.Buffer) {
	b.WriteString("<w:p><w:pPr>")
	Page(s).section(b)
	b.WriteString("</w:pPr></w:p>")
}

// Write makes a document of the blocks. Times New Roman is named and not embedded, as
// offices have it.
func Write(page Page, title string, blocks ...Block) ([]byte, error) {
	var body bytes.Buffer
	for _, block := range blocks {
		block.write(&body)
	}
	if n := len(blocks); n > 0 {
		if _, ok := blocks[n-1].(Table); ok { // a text must not end with one
			Paragraph{}.write(&body)
		}
	}
	page.section(&body)
	parts := []file{
		{name: "[Content_Types].xml", content: []byte(contentTypes)},
		{name: "_rels/.rels", content: []byte(packageRelations)},
		{name: "docProps/core.xml", content: []byte(coreProperties(title))},
		{name: "word/_rels/document.xml.rels", content: []byte(documentRelations)},
		{name: "word/styles.xml", content: []byte(page.styles())},
		{name: "word/header1.xml", content: []byte(pageNumber)},
		{name: "word/document.xml", content: []byte(prolog + "<w:document" + namespaces + "><w:body>" + body.String() + "</w:body></w:document>")},
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: firstDay()})
		if err == nil {
			_, err = w.Write(part.content)
		}
		if err != nil {
			return nil, fmt.Errorf("docx: write part %s: %w", part.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("docx: end the archive: %w", err)
	}
	return out.Bytes(), nil
}

// twips are twentieths of a point, in which Word measures (ECMA-376-1 §17.18.74).
func twips(mm float64) int      { return int(math.Round(mm * 1440 / 25.4)) }
func ofPoints(pt float64) int   { return int(math.Round(pt * 20)) }
func halfPoints(pt float64) int { return int(math.Round(pt * 2)) }

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(plain(s))) // a buffer takes all
	return b.String()
}

func (p Page) section(b *bytes.Buffer) {
	b.WriteString("<w:sectPr>")
	if p.Numbered {
		b.WriteString(`<w:headerReference w:type="default" r:id="rId2"/>`)
	}
	width, height, orientation := pageShort, pageLong, ""
	if p.Landscape {
		width, height, orientation = pageLong, pageShort, ` w:orient="landscape"`
	}
	fmt.Fprintf(b, `<w:pgSz w:w="%d" w:h="%d"%s/>`, twips(width), twips(height), orientation)
	fmt.Fprintf(b, `<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="%d" w:footer="%d" w:gutter="0"/>`,
		twips(p.Top), twips(p.Right), twips(p.Bottom), twips(p.Left), twips(p.Top/2), twips(p.Bottom/2))
	if p.Begins {
		b.WriteString("<w:titlePg/>")
	}
	b.WriteString("</w:sectPr>")
}

func (p Page) styles() string {
	return fmt.Sprintf(prolog+`<w:styles%s><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman" w:cs="Times New Roman"/>`+
		`<w:sz w:val="%d"/><w:szCs w:val="%d"/><w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr></w:pPrDefault></w:docDefaults>`+
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>`, namespaces, halfPoints(p.Size), halfPoints(p.Size))
}

func (p Paragraph) write(b *bytes.Buffer) {
	b.WriteString("<w:p><w:pPr>")
	if p.Together {
		b.WriteString("<w:keepNext/>")
	}
	if p.PageBreak {
		b.WriteString("<w:pageBreakBefore/>")
	}
	if p.Rule {
		b.WriteString(`<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>`)
	}
	if p.Dots > 0 {
		fmt.Fprintf(b, `<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="%d"/></w:tabs>`, twips(p.Dots))
	}
	fmt.Fprintf(b, `<w:spacing w:before="%d" w:after="%d"/>`, ofPoints(p.Before), ofPoints(p.After))
	if p.First != 0 || p.In != 0 {
		fmt.Fprintf(b, `<w:ind w:left="%d" w:right="%d" w:firstLine="%d"/>`, twips(p.In), twips(p.In), twips(p.First))
	}
	if p.Align != "" {
		fmt.Fprintf(b, `<w:jc w:val="%s"/>`, p.Align)
	}
	if p.Rule && len(p.Runs) == 0 { // as low as a line can be
		b.WriteString(`<w:rPr><w:sz w:val="4"/><w:szCs w:val="4"/></w:rPr>`)
	}
	b.WriteString("</w:pPr>")
	for _, r := range p.Runs {
		r.write(b)
	}
	b.WriteString("</w:p>")
}

func (r Run) write(b *bytes.Buffer) {
	b.WriteString("<w:r><w:rPr>")
	if r.Bold {
		b.WriteString("<w:b/>")
	}
	if r.Italic {
		b.WriteString("<w:i/>")
	}
	if r.Size != 0 {
		fmt.Fprintf(b, `<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, halfPoints(r.Size), halfPoints(r.Size))
	}
	if r.Under {
		b.WriteString(`<w:u w:val="single"/>`)
	}
	b.WriteString("</w:rPr>")
	for i, line := range strings.Split(r.Text, "\n") {
		if i > 0 {
			b.WriteString("<w:br/>")
		}
		for j, part := range strings.Split(line, "\t") {
			if j > 0 {
				b.WriteString("<w:tab/>")
			}
			fmt.Fprintf(b, `<w:t xml:space="preserve">%s</w:t>`, escape(part))
		}
	}
	b.WriteString("</w:r>")
}

func (t Table) write(b *bytes.Buffer) {
	whole := 0.0
	for _, w := range t.Widths {
		whole += w
	}
	fmt.Fprintf(b, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:jc w:val="center"/>`, twips(whole))
	if t.Bordered {
		b.WriteString("<w:tblBorders>")
		for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
			fmt.Fprintf(b, `<w:%s w:val="single" w:sz="4" w:space="0" w:color="auto"/>`, side)
		}
		b.WriteString("</w:tblBorders>")
	}
	b.WriteString(`<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`)
	for _, w := range t.Widths {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, twips(w))
	}
	b.WriteString("</w:tblGrid>")
	for _, row := range t.Rows {
		t.row(b, row)
	}
	b.WriteString("</w:tbl>")
}

func (t Table) row(b *bytes.Buffer, row TableRow) {
	b.WriteString("<w:tr><w:trPr><w:cantSplit/>")
	if row.Head {
		b.WriteString("<w:tblHeader/>")
	}
	b.WriteString("</w:trPr>")
	at := 0
	for _, cell := range row.Cells {
		span := max(1, cell.Span)
		width := 0.0
		for _, w := range t.Widths[at:min(at+span, len(t.Widths))] {
			width += w
		}
		at += span
		fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, twips(width))
		if span > 1 {
			fmt.Fprintf(b, `<w:gridSpan w:val="%d"/>`, span)
		}
		switch {
		case cell.Opens:
			b.WriteString(`<w:vMerge w:val="restart"/>`)
		case cell.Below:
			b.WriteString("<w:vMerge/>")
		}
		if row.Head {
			b.WriteString(`<w:vAlign w:val="center"/>`)
		}
		b.WriteString("</w:tcPr>")
		for _, block := range cell.Blocks {
			block.write(b)
		}
		if len(cell.Blocks) == 0 {
			Paragraph{}.write(b)
		}
		b.WriteString("</w:tc>")
	}
	b.WriteString("</w:tr>")
}

const (
	prolog     = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	namespaces = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	officeKind = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	relations  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

	contentTypes = prolog + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="` + officeKind + `document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="` + officeKind + `styles+xml"/>` +
		`<Override PartName="/word/header1.xml" ContentType="` + officeKind + `header+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

	packageRelations = prolog + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + relations + `officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

	documentRelations = prolog + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + relations + `styles" Target="styles.xml"/>` +
		`<Relationship Id="rId2" Type="` + relations + `header" Target="header1.xml"/></Relationships>`

	// pageNumber is a field that Word counts (ECMA-376-1 §17.16.5.44).
	pageNumber = prolog + "<w:hdr" + namespaces + `><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r>` +
		`<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:hdr>`
)

func coreProperties(title string) string {
	return prolog + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>` +
		escape(title) + `</dc:title></cp:coreProperties>`
}
