package desk

import (
	"net/url"

	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Gap stands on a paper where something is not known.
const Gap = "……………………"

// PaperHead is the head of a paper, in Vietnamese on every page: who issues it, its number,
// and the place and the day.
type PaperHead struct {
	org.Letterhead
	Numbered bool // with a line for the number, known or not
	Number   string
	Dated    bool       // with a line for place and day
	On       clock.Date // 0 where it is written by hand
}

func (h PaperHead) party() bool { return h.Track == org.PartyTrack }

// number is the line of the number: "Số: 15/BC-UBND" of the State, "Số 15-BC/ĐU" of the Party.
func (h PaperHead) number() string {
	key, text := i18n.DraftpagePaperNumber, "……/……"
	if h.party() {
		key, text = i18n.DraftpagePaperNumberParty, "……-……/……"
	}
	if h.Number != "" {
		text = h.Number
	}
	return i18n.Vi.T(key, text)
}

// day is the line of place and day.
func (h PaperHead) day() string {
	text := i18n.Vi.T(i18n.DraftpagePaperOpenDay)
	if h.On != 0 {
		text = i18n.PaperDay(h.On)
	}
	return i18n.Vi.T(i18n.DraftpagePaperAt, OrGap(h.Place), text)
}

// OrGap is a text, or a gap that is seen.
func OrGap(s string) string {
	if s == "" {
		return Gap
	}
	return s
}

// signerTitle is what stands above the name of who signs.
func (h PaperHead) signerTitle() string {
	if h.Title == "" && h.Signing == org.SignOwn {
		return i18n.Vi.T(i18n.FieldworkSignHead)
	}
	return OrGap(h.Title)
}

// LetterheadLink is the page about what a unit prints on its papers.
func LetterheadLink(code string) string {
	return "/admin/units/" + url.PathEscape(code) + "/letterhead"
}
