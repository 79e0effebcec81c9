package paper

import (
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
)

// headSize and smallSize are those of the head and of the list of recipients, in points.
const (
	headSize  = 13
	smallSize = 11
)

func centred(text string, bold bool, size float64) docx.Paragraph {
	return docx.Paragraph{Align: docx.Centre, Runs: []docx.Run{{Text: text, Bold: bold, Size: size}}}
}

// rule is a line of a length in the middle of a column, in millimetres.
func rule(column, length float64) docx.Paragraph {
	return docx.Paragraph{In: max(0, (column-length)/2-1), Rule: true}
}

// head is the head of a paper: on the left who issues it and, of papers that are numbered, the
// number, on the right the country or the Party, the place and the day.
func head(l rulebook.Layout, numbered bool) docx.Block {
	width := page(l).Width()
	left, right := width*0.39, width*0.61 // the country's name on one line
	if l.Motto == "" {
		left, right = width*0.5, width*0.5
	}
	issuer := []docx.Block{centred("{{#if co_quan_tren}}{{co_quan_tren}}{{/if}}", false, headSize), centred("{{co_quan}}", true, headSize)}
	if l.Star {
		issuer = append(issuer, centred("*", false, headSize))
	} else {
		issuer = append(issuer, rule(left, 22))
	}
	number := centred("", false, headSize)
	if numbered {
		number = centred(l.Number+"{{so_ky_hieu}}", false, headSize)
	}
	number.Before = 4
	country := []docx.Block{centred(l.Country, true, l.CountrySize)}
	if l.Motto != "" {
		country = append(country, centred(l.Motto, true, l.MottoSize))
	}
	country = append(country, rule(right, l.Rule))
	day := docx.Paragraph{Align: docx.Centre, Before: 4, Runs: []docx.Run{{Text: "{{dia_danh}}, {{ngay_thang_nam}}", Italic: true, Size: headSize}}}
	return docx.Table{Widths: []float64{left, right}, Rows: []docx.TableRow{
		{Cells: []docx.TableCell{{Blocks: issuer}, {Blocks: country}}},
		{Cells: []docx.TableCell{{Blocks: []docx.Block{number}}, {Blocks: []docx.Block{day}}}},
	}}
}

// foot is the foot of a paper: who receives it, and where it is signed. Between title and
// name is room for the hand; nothing is drawn there.
func foot(l rulebook.Layout) docx.Block {
	width := page(l).Width()
	recipients := []docx.Block{
		docx.Paragraph{Runs: []docx.Run{{Text: "Nơi nhận:", Bold: !l.RecipientsUnderlined, Italic: !l.RecipientsUnderlined, Under: l.RecipientsUnderlined, Size: 12}}},
	}
	for _, line := range []string{"{{#each noi_nhan}}", "- {{.}};", "{{/each}}", "- Lưu: VT."} {
		recipients = append(recipients, docx.Paragraph{Runs: []docx.Run{{Text: line, Size: smallSize}}})
	}
	sign := []docx.Block{
		centred("{{#if ky_thay}}{{ky_thay}}{{/if}}", true, 0),
		centred("{{chuc_vu}}", l.TitleBold, 0),
	}
	for range 4 {
		sign = append(sign, docx.Paragraph{Align: docx.Centre})
	}
	sign = append(sign, centred("{{nguoi_ky}}", true, 0))
	return docx.Table{Widths: []float64{width * 0.5, width * 0.5}, Rows: []docx.TableRow{{Cells: []docx.TableCell{{Blocks: recipients}, {Blocks: sign}}}}}
}

// signs are places to sign side by side. Each says who signs, perhaps what is to be done
// there, and the name where it is known; between them is room for the hand.
func signs(width float64, all []string) docx.Block {
	row := docx.TableRow{}
	widths := make([]float64, len(all))
	for i, one := range all {
		widths[i] = width / float64(len(all))
		parts := strings.Split(one, "/")
		var cell []docx.Block
		for j, part := range parts {
			p := centred(strings.TrimSpace(part), j != 1, 0)
			p.Runs[0].Italic, p.Together = j == 1, true
			if j == 2 {
				for range 4 {
					cell = append(cell, docx.Paragraph{Align: docx.Centre, Together: true})
				}
			}
			cell = append(cell, p)
		}
		row.Cells = append(row.Cells, docx.TableCell{Blocks: cell})
	}
	return docx.Table{Widths: widths, Rows: []docx.TableRow{row}}
}
