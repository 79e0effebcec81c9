// Package award keeps who was praised and who was awarded, under which paper.
//
// A praise (biểu dương) is no State award and may rest on minutes; an award (khen
// thưởng) rests on a numbered decision of an authority that may give its form on its
// level and in its track, by the rules of its day. Both are acts on a subject: the collective, person or
// household behind practices. An award can be revoked from a day on.
//
// Only hard facts block: no numbered decision, a form that the level may not give, an
// authority of another track, the same achievement of the same subject decided before.
package award

import (
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// The rights of this capability.
const (
	RightRead actor.Right = "award.read"
	RightGive actor.Right = "award.give"
)

// Kind tells praises from awards.
type Kind string

// The kinds.
const (
	Praise Kind = "praise"
	Given  Kind = "award"
)

// Award is one praise or award of one subject.
type Award struct {
	ID          string
	Kind        Kind
	Decision    string
	Exemplar    string
	Entry       string // for what it did in this entry, or ""
	Track       rulebook.Track
	Form        string
	Achievement string
	Period      int
	Act         string // the act of the ledger
	RecordedAt  time.Time
	Voided      bool       // it was recorded in error: as if it had never been
	Revoked     string     // the act that took it back, or ""
	RevokedOn   clock.Date // from which day on
}

// Input names those whom a decision praises or awards in one form.
type Input struct {
	Kind       Kind
	Movement   string // code
	Period     int    // number; 0 is the period of the day on which the paper takes effect
	Decision   string
	Track      rulebook.Track // awards only
	Form       string         // awards only
	Recipients []Recipient
}

// Recipient is one subject with what it is honoured for.
type Recipient struct {
	Exemplar    string
	Entry       string // identity or code; brings unit and field with it
	Field       string // code of a field of the movement, where there is no entry
	Achievement string
}

const (
	maxRecipients  = 10_000
	maxAchievement = 1000
)

// Check gathers everything that is wrong with the input.
func (in *Input) Check() error {
	var l errs.List
	if in.Kind != Praise && in.Kind != Given {
		l.Add("kind", i18n.ErrsBadChoice)
	}
	if in.Kind == Given && in.Form == "" {
		l.Add("form", i18n.ErrsRequired)
	}
	if in.Kind == Given && !slices.Contains([]rulebook.Track{rulebook.State, rulebook.Party, rulebook.Front}, in.Track) {
		l.Add("track", i18n.ErrsBadChoice)
	}
	if in.Decision == "" {
		l.Add("decision", i18n.LedgerDecisionNeeded)
	}
	if len(in.Recipients) == 0 || len(in.Recipients) > maxRecipients {
		l.Add("recipients", i18n.AwardNobody)
	}
	for i := range in.Recipients {
		r := &in.Recipients[i]
		r.Achievement = strings.TrimSpace(r.Achievement)
		if len([]rune(r.Achievement)) > maxAchievement {
			l.Add("recipients", i18n.ErrsTooLong, maxAchievement)
		}
	}
	return l.Err()
}

// Revocation takes an award back from a day on.
type Revocation struct {
	Award  string
	On     clock.Date
	Reason string
}

const maxReason = 2000

// farAway is later than any act.
const farAway clock.Date = 1 << 20

// check gathers everything that is wrong with a revocation that is entered today.
func (in *Revocation) check(today clock.Date) error {
	var l errs.List
	in.Reason = strings.TrimSpace(in.Reason)
	switch {
	case in.On == 0:
		l.Add("on", i18n.ErrsRequired)
	case in.On > today:
		l.Add("on", i18n.MovementFuture, in.On)
	}
	switch {
	case in.Reason == "":
		l.Add("reason", i18n.ErrsRequired)
	case len([]rune(in.Reason)) > maxReason:
		l.Add("reason", i18n.ErrsTooLong, maxReason)
	}
	return l.Err()
}

// Voiding takes back what was recorded in error: that the award was given or, where it
// was revoked, its revocation.
type Voiding struct {
	Award      string
	Revocation bool
	Reason     string
}

// Tracks are those in which a unit may give awards by what sort of unit it is: an
// authority of the State, of the Party, or of the Front and its member unions. The three
// are never mixed. A group, a village, an enterprise gives none; of a unit of no stated
// sort nobody knows better than who entered it.
func Tracks(kind org.Kind) []rulebook.Track {
	switch kind {
	case "commune", "district", "province", "central", "agency", "school", "police", "military", "hospital":
		return []rulebook.Track{rulebook.State}
	case "party":
		return []rulebook.Track{rulebook.Party}
	case "front", "union":
		return []rulebook.Track{rulebook.Front}
	case "other":
		return []rulebook.Track{rulebook.State, rulebook.Party, rulebook.Front}
	default:
		return nil
	}
}

// mayGive finds the form among those that may be given on the day, by the level and in
// the track.
func mayGive(forms []rulebook.Form, in Input, level string, on clock.Date) error {
	for _, f := range forms {
		if f.Code == in.Form && f.Track == in.Track && string(f.Level) == level && f.GivenOn(on) {
			return nil
		}
	}
	return errs.New(errs.Invalid, i18n.AwardWrongAuthority).On("form")
}
