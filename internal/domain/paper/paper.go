// Package paper makes the papers of a movement: it brings what the other rooms know into
// templates that an office edits in Word, laid out by the rules of the State, the Party, the
// Front or the Youth Union that hold on the paper's day.
//
// A Kind is a sort of paper with the names that its templates may use; for each the program
// ships a template, which is written as plain text (shipped/*.txt) and set by the layout. A
// value that is not known stands on the paper as a visible gap and is named to who prints
// it. Papers are in Vietnamese whatever the language of the pages. No seal, no signature and
// no emblem is drawn.
//
// What a paper is about is a record of another room; whoever may see that may make the paper.
// A Sheet (phiếu soạn) keeps what only the office knows of it: whose paper it is, its day, its
// number, who receives it, and what is typed. Numbers (số văn bản) come out of a series of the
// authority: by year for the State and the Front, by sort of paper and term of the committee
// for the Party. An office may put a template of its own (mẫu riêng) in the place of the
// shipped one, once it was checked and tried on a record.
package paper

import (
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Head is what a paper carries of who issues it, as on its day.
type Head struct {
	Above      string // the upper body
	Own        string // the body that issues it
	Number     string // "15/BC-UBND"
	Place      string
	Dated      clock.Date // the day that stands on it; none where it is not signed yet
	SignedFor  string     // "TM. ỦY BAN NHÂN DÂN", or "" where one signs in one's own name
	Title      string
	Signer     string
	Authority  string // who decides: the body, or its head
	Recipients []string
}

func (h Head) data() docx.Data {
	d := docx.Data{
		"co_quan_tren": docx.Optional(strings.ToUpper(h.Above)), "co_quan": docx.Text(strings.ToUpper(h.Own)), "so_ky_hieu": docx.Text(h.Number),
		"dia_danh": docx.Text(h.Place), "ngay_thang_nam": docx.Text(dated(h.Dated)),
		"tham_quyen": docx.Text(strings.ToUpper(h.Authority)), "ky_thay": docx.Optional(h.SignedFor), "chuc_vu": docx.Text(strings.ToUpper(h.Title)), "nguoi_ky": docx.Text(h.Signer),
	}
	if len(h.Recipients) == 0 {
		h.Recipients = []string{""} // a gap
	}
	d["noi_nhan"], d["ten_co_quan"] = docx.Texts(h.Recipients), docx.Text(h.Own)
	return d
}

// dated is a day as papers write it; "" where there is none.
func dated(d clock.Date) string {
	if d == 0 {
		return ""
	}
	return i18n.PaperDay(d)
}

// page is the paper that a layout sets.
func page(l rulebook.Layout) docx.Page {
	return docx.Page{Top: l.Top, Bottom: l.Bottom, Left: l.Left, Right: l.Right, Size: l.Size, Numbered: true, Begins: true}
}
