// Package ledger is the heart of the house: the acts, and the figures that follow from
// them.
//
// An act is a fact with a day: an entry was registered, received, recognised; a subject
// was found, praised, awarded; a practice was taken up elsewhere. Acts are appended and
// never changed. A wrong one is voided by another, as if it had never been; a rightful
// one that is taken back is revoked from a day on.
//
// [Book.Append] is the only way an act comes to be. In the same transaction it brings
// the fact row of the entry, subject or item up to date: what it is and the days
// between which each act was in force. Every figure reads fact rows, so no definition
// is decided twice: they stand in figure.go, after the table in which the movement
// defines its figures.
//
// "As of D" means: effective on D or before, with the attributes in force on D.
package ledger

import (
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// Kind says what an act does.
type Kind string

// Acts on an entry.
const (
	Registered   Kind = "registered"   // entered in the register by its unit
	Described    Kind = "described"    // its attributes set right before reception
	Returned     Kind = "returned"     // sent back, with a reason, to be completed
	Resubmitted  Kind = "resubmitted"  // completed and sent again
	Received     Kind = "received"     // accepted into the standing body's list; attributes are fixed
	StruckOff    Kind = "struckOff"    // taken off that list; also of an exemplar found
	Refused      Kind = "refused"      // not accepted, with a reason
	Withdrawn    Kind = "withdrawn"    // taken back by its unit
	Started      Kind = "started"      // inaugurated, or a first progress note or result accepted
	Suspended    Kind = "suspended"    // paused
	Resumed      Kind = "resumed"      // going on after a pause or an end
	Ended        Kind = "ended"        // over, without blame
	Recognised   Kind = "recognised"   // by a numbered decision, on a level
	Typical      Kind = "typical"      // named typical, by decision or minutes
	Adopted      Kind = "adopted"      // taken up by another unit
	Reclassified Kind = "reclassified" // attributes changed from a day on, with a reason
)

// Acts on a subject, and on acts.
const (
	Found   Kind = "found"   // an exemplar was found
	Praised Kind = "praised" // named in a praise
	Awarded Kind = "awarded" // named in an award decision
	Revoked Kind = "revoked" // an act by decision taken back from a day on
	Voided  Kind = "voided"  // an act recorded in error: as if it had never been
)

// SubjectKind says who is behind a practice.
type SubjectKind uint8

// The kinds of subject.
const (
	Collective SubjectKind = iota + 1
	Individual
	Household
)

// SubjectKinds lists them in the order of every table.
func SubjectKinds() []SubjectKind { return []SubjectKind{Collective, Individual, Household} }

// String is the code used in exports and addresses.
func (k SubjectKind) String() string {
	return name(int(k), "collective", "individual", "household")
}

// Field is one of the four national fields; local fields map to one of them.
type Field uint8

// The fields.
const (
	Economy Field = iota + 1
	CultureSociety
	DefenceSecurity
	PoliticalSystem
)

// Fields lists them in the order of every table.
func Fields() []Field { return []Field{Economy, CultureSociety, DefenceSecurity, PoliticalSystem} }

// String is the code used in exports and addresses.
func (f Field) String() string {
	return name(int(f), "economy", "cultureSociety", "defenceSecurity", "politicalSystem")
}

// Origin says where an entry of a year comes from.
type Origin uint8

// The origins.
const (
	OriginNew Origin = iota + 1
	OriginContinued
	OriginReplicated
	OriginUpgraded
)

// Origins lists them in the order of every table.
func Origins() []Origin {
	return []Origin{OriginNew, OriginContinued, OriginReplicated, OriginUpgraded}
}

// String is the code used in exports and addresses.
func (o Origin) String() string { return name(int(o), "new", "continued", "replicated", "upgraded") }

func name(i int, names ...string) string {
	if i < 1 || i > len(names) {
		return ""
	}
	return names[i-1]
}

// Parse finds the code among all, by its String; false where there is none.
func Parse[T interface{ String() string }](all []T, code string) (T, bool) {
	for _, v := range all {
		if v.String() == code {
			return v, true
		}
	}
	var none T
	return none, false
}

// Codes gives the codes of choices, as exports and addresses have them.
func Codes[T interface{ String() string }](all []T) []string {
	codes := make([]string, len(all))
	for i, v := range all {
		codes[i] = v.String()
	}
	return codes
}

// Attr is what classifies an entry, a subject or an item in every table.
type Attr struct {
	Unit    string // lead unit: the one that counts it
	Path    string // path of that unit on the day from which the attributes hold
	Kind    SubjectKind
	Field   Field
	Origin  Origin // entries only
	Subject string // whom it belongs to
}

// Label is how an entry or a subject is called; it is no part of an act, and is
// refreshed whenever it is given.
type Label struct{ Code, Title string }

// Act is one fact with a day.
type Act struct {
	ID       string
	Kind     Kind
	Period   int    // number of the period in which it counts
	Entry    string // the entry it is about; for Adopted the source, if it is one of ours
	Subject  string // the subject it is about
	Item     string // the award or the adoption
	Target   string // the act that this one voids or revokes
	Decision string
	Level    org.Level
	Form     string // award form
	On       clock.Date
	At       time.Time // recorded
	By       string    // account
	Reason   string
	Attr     *Attr
	Label    *Label
}

// Paper says what sort of paper an act rests on.
type Paper string

// The papers.
const (
	PaperDecision Paper = "decision"
	PaperMinutes  Paper = "minutes"
)

// Decision is a numbered paper of an authority, or the minutes of a meeting.
type Decision struct {
	ID        string
	Paper     Paper
	Number    string
	Authority string // unit
	Path      string // the authority's path on the day of signing
	Level     org.Level
	SignedOn  clock.Date
	On        clock.Date // effective from
	Signer    string
	Title     string
	At        time.Time
}

// dayZero is the day that a fact row writes as 0.
const dayZero clock.Date = 730119

// never is the day of what has not come to be, or not ceased: later than any other. It
// keeps the days of a fact row within two bytes each.
const never = 32767

// dayNo is the day as a fact row writes it; days out of its range are cut to the edge.
func dayNo(d clock.Date) int {
	return max(-32768, min(never-1, int(d-dayZero)))
}
