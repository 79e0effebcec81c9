package ledger

import "github.com/nhanrong/nhanrong/internal/platform/i18n"

// Figure names one of the ten figures of a movement.
type Figure string

// The figures, as exports name them.
const (
	FigureRegistered Figure = "registered"
	FigureReceived   Figure = "received"
	FigureCarriedOut Figure = "carriedOut"
	FigureRecognised Figure = "recognised"
	FigureTypical    Figure = "typical"
	FigureReplicated Figure = "replicated"
	FigureAdoptions  Figure = "adoptions"
	FigureFound      Figure = "found"
	FigurePraised    Figure = "praised"
	FigureAwarded    Figure = "awarded"
)

// Counted says what a figure counts.
type Counted uint8

// What figures count.
const (
	OfEntries Counted = iota
	OfLinks
	OfSubjects
)

// Definition is what a figure means. It is written here and nowhere else.
type Definition struct {
	Figure  Figure
	Counted Counted
	Label   i18n.Key
	Text    i18n.Key // the definition in words, for the reader of the figure
}

// Definitions gives the ten figures in the order of the funnel.
func Definitions() []Definition {
	return []Definition{
		// Registered by D and not withdrawn by D. Refused, suspended and ended ones stay.
		{FigureRegistered, OfEntries, i18n.LedgerRegistered, i18n.LedgerRegisteredText},
		// Accepted into the standing body's list by D and not struck off.
		{FigureReceived, OfEntries, i18n.LedgerReceived, i18n.LedgerReceivedText},
		// Started by D; one that ended later still counts.
		{FigureCarriedOut, OfEntries, i18n.LedgerCarriedOut, i18n.LedgerCarriedOutText},
		// In a numbered recognition decision in force on D, once, whatever the number of levels.
		{FigureRecognised, OfEntries, i18n.LedgerRecognised, i18n.LedgerRecognisedText},
		// Named typical by a decision or minutes in force on D.
		{FigureTypical, OfEntries, i18n.LedgerTypical, i18n.LedgerTypicalText},
		// Taken up by at least one other unit, started by D.
		{FigureReplicated, OfEntries, i18n.LedgerReplicated, i18n.LedgerReplicatedText},
		// Adoptions started by D, of sources outside the system too.
		{FigureAdoptions, OfLinks, i18n.LedgerAdoptions, i18n.LedgerAdoptionsText},
		// Exemplars found by D and not struck off.
		{FigureFound, OfSubjects, i18n.LedgerFound, i18n.LedgerFoundText},
		// Named in a praise by D.
		{FigurePraised, OfSubjects, i18n.LedgerPraised, i18n.LedgerPraisedText},
		// Named in an award decision in force on D.
		{FigureAwarded, OfSubjects, i18n.LedgerAwarded, i18n.LedgerAwardedText},
	}
}

// mark is what a figure counts: the entries, subjects or links that have it on the day.
func (f Figure) mark() (mark, bool) {
	switch f {
	case FigureRegistered:
		return mRegistered, true
	case FigureReceived:
		return mReceived, true
	case FigureCarriedOut:
		return mStarted, true
	case FigureRecognised:
		return mRecognised, true
	case FigureTypical:
		return mTypical, true
	case FigureReplicated:
		return mReplicated, true
	case FigureAdoptions:
		return mBegun, true
	case FigureFound:
		return mFound, true
	case FigurePraised:
		return mPraised, true
	case FigureAwarded:
		return mAwarded, true
	default:
		return 0, false
	}
}

// Define finds the definition of a figure by its name.
func Define(name Figure) (Definition, bool) {
	for _, d := range Definitions() {
		if d.Figure == name {
			return d, true
		}
	}
	return Definition{}, false
}

// mark is one thing that is in force, or not, on a day.
type mark int

const (
	mRegistered mark = iota
	mReceived
	mStarted
	mRecognised
	mCommune // recognised on this level, and so on
	mDistrict
	mProvince
	mCentral
	mTypical
	mReplicated
	mSuspended
	mEnded
	entryMarks // how many marks an entry has

	mFound
	mPraised
	mAwarded
	mBegun
	allMarks
)

// column is the stem of the columns that hold the mark in a fact row.
func (m mark) column() string {
	return [...]string{
		"registered", "received", "started", "recognised", "commune", "district", "province", "central", "typical",
		"replicated", "suspended", "ended", "", "found", "praised", "awarded", "begun",
	}[m]
}

// lasting tells whether what once was stays: the fact row has no day of its end.
func (m mark) lasting() bool { return m == mStarted || m == mReplicated || m == mPraised }

// on writes the condition that the mark is in force on the day of the placeholder: the
// one form that every figure, list and table uses.
func (m mark) on(day string) string {
	if m.lasting() {
		return m.column() + "_on <= " + day
	}
	return m.column() + "_on <= " + day + " AND " + m.column() + "_off > " + day
}

// Status is where an entry stands now, whatever the day that is asked about.
type Status uint8

// The states of an entry that has been sent.
const (
	StatusRegistered Status = iota + 1
	StatusReturned
	StatusReceived
	StatusStarted
	StatusRecognised
	StatusSuspended
	StatusEnded
	StatusRefused
	StatusWithdrawn
	StatusStruckOff
)

// Statuses lists the states.
func Statuses() []Status {
	return []Status{
		StatusRegistered, StatusReturned, StatusReceived, StatusStarted, StatusRecognised,
		StatusSuspended, StatusEnded, StatusRefused, StatusWithdrawn, StatusStruckOff,
	}
}

// String is the code used in exports and addresses.
func (s Status) String() string {
	return name(int(s), "registered", "returned", "received", "started", "recognised",
		"suspended", "ended", "refused", "withdrawn", "struckOff")
}
