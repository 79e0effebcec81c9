package practice

import (
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Correction tells readers what was wrong in something that was published of a practice.
// It stays for ever.
type Correction struct {
	ID   string
	Note string
	At   time.Time
	By   string // account
}

// Public tells whether everybody may see the entry on a day: it is recognised, and those
// concerned agreed.
func (e Entry) Public(on clock.Date) bool {
	return e.Consent && e.Standing.Status() == ledger.StatusRecognised && e.Standing.Has(ledger.FigureRecognised, on)
}

// corrected holds a change of an entry against what readers see of it: where that changes,
// a note for them is asked for. It gives the note that is to be kept, if any.
func corrected(old, changed Entry, note string, today clock.Date) (string, error) {
	if !old.Public(today) {
		return "", nil
	}
	if note == "" && !SameToReaders(old.ForReaders(), changed.ForReaders()) {
		return "", errs.New(errs.Invalid, i18n.PracticeCorrectionNeeded).On("correction")
	}
	return note, nil
}

// SameToReaders compares the texts and the numbers of two entries as readers see them.
func SameToReaders(a, b Entry) bool {
	if a.Title != b.Title || !slices.Equal(a.Indicators, b.Indicators) || !slices.Equal(a.Means, b.Means) {
		return false
	}
	parts := b.Parts.All()
	for i, part := range a.Parts.All() {
		if strings.TrimSpace(*part.Text) != strings.TrimSpace(*parts[i].Text) {
			return false
		}
	}
	return true
}
