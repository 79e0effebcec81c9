// Package replication spreads what works: it links a source to the unit that took it
// up, so that replication is a list and not a number.
//
// The source is a practice of the register, or a text that names one outside the
// system. The adopting unit may register what it does as an entry of its own, of the
// origin "replicated". A link counts from the day on which the adopting unit started. A
// unit does not replicate itself: what it goes on doing is continued.
package replication

import (
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// The rights of this capability.
const (
	RightRead  actor.Right = "replication.read"
	RightAdopt actor.Right = "replication.adopt"
	RightVoid  actor.Right = "replication.void" // take back what was recorded in error
)

// Mode says how close an adoption keeps to its source.
type Mode string

// The modes.
const (
	Exact    Mode = "exact"
	Adapted  Mode = "adapted"
	Extended Mode = "extended"
)

// Modes lists them in the order of forms.
func Modes() []Mode { return []Mode{Exact, Adapted, Extended} }

// Link is one adoption.
type Link struct {
	ID            string
	Practice      string // source, or "" where it lies outside the system
	SourceEntry   string // its entry in the period of the adoption, or the latest before
	SourceText    string
	SourcePlace   string
	AdoptingUnit  string
	AdoptingEntry string
	Mode          Mode
	Period        int
	StartedOn     clock.Date
	Note          string
	RecordedAt    time.Time
}

// Input is an adoption to be recorded. The adopting side is an entry, which brings its
// unit with it.
type Input struct {
	Source        string // code or identity of an entry of ours, or ""
	SourceText    string // what was taken up, where the source lies outside
	SourcePlace   string // where it comes from
	AdoptingEntry string // code or identity
	Mode          Mode
	StartedOn     clock.Date
	Note          string
}

const maxText = 500

// Check gathers everything that is wrong with the input.
func (in *Input) Check() error {
	var l errs.List
	in.SourceText = strings.TrimSpace(in.SourceText)
	if in.Source == "" && in.SourceText == "" {
		l.Add("source", i18n.ReplicationSourceNeeded)
	}
	for _, text := range [][2]string{{"sourceText", in.SourceText}, {"sourcePlace", in.SourcePlace}, {"note", in.Note}} {
		if len([]rune(text[1])) > maxText {
			l.Add(text[0], i18n.ErrsTooLong, maxText)
		}
	}
	if in.AdoptingEntry == "" {
		l.Add("adoptingEntry", i18n.ErrsRequired)
	}
	if !slices.Contains(Modes(), in.Mode) {
		l.Add("mode", i18n.ErrsBadChoice)
	}
	if in.StartedOn == 0 {
		l.Add("startedOn", i18n.ErrsRequired)
	}
	return l.Err()
}
