// Package appraisal is what happens to an entry between its reception and its recognition.
//
// The unit tells what was done: notes of progress, the inauguration, and at last the report
// of its result (báo cáo kết quả) with the numbers of its indicators. The standing body
// accepts a note or returns it with a reason; the first one that is accepted shows that the
// practice is being carried out. The standing body visits the place (kiểm tra, khảo sát) and
// writes down what it found beside what was claimed, without a network if need be.
//
// An entry is scored by the criteria in force: by its unit (tự chấm), by the appraisers
// (thẩm định), and finally; the points rest on one version of the criteria, and where another
// one is in force they must be given again. The verdict says what follows from them.
//
// Three papers lead to the decision: the minutes of the base's selection (biên bản bình xét),
// those of the appraisal (biên bản thẩm định) and the letter of submission (tờ trình), each
// made from the data or kept as a file. Without an accepted result, minutes of the appraisal
// and a letter of submission on the decision's level nothing is recognised.
//
// What is recognised may be proposed to the level above, whose appraisers score it anew, by
// themselves, and send it back with a reason or lead it to a decision of their own.
package appraisal

import (
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// The rights of this capability.
const (
	RightRead     actor.Right = "appraisal.read"
	RightReport   actor.Right = "appraisal.report"   // notes, results, a unit's own score, the minutes of its selection
	RightAppraise actor.Right = "appraisal.appraise" // accept notes, visit, score, give verdicts, make papers, propose
)

// Kind says what a note tells about.
type Kind string

// The kinds of note.
const (
	Progress     Kind = "progress"
	Inauguration Kind = "inauguration"
	Result       Kind = "result"
)

// Kinds lists them in the order of forms.
func Kinds() []Kind { return []Kind{Progress, Inauguration, Result} }

// Label is the word for the kind.
func (k Kind) Label() i18n.Key {
	switch k {
	case Inauguration:
		return i18n.AppraisalInauguration
	case Result:
		return i18n.AppraisalResult
	default:
		return i18n.AppraisalProgress
	}
}

// State is where a note stands.
type State string

// The states of a note.
const (
	Sent     State = "sent"
	Returned State = "returned"
	Accepted State = "accepted"
)

// Label is the word for the state.
func (s State) Label() i18n.Key {
	switch s {
	case Returned:
		return i18n.AppraisalReturned
	case Accepted:
		return i18n.AppraisalAccepted
	default:
		return i18n.AppraisalSent
	}
}

// Note is what a unit tells about an entry on a day.
type Note struct {
	ID        string
	Entry     string
	Kind      Kind
	On        clock.Date
	Text      string // what was done
	Outputs   string // of a result: what came out of it
	Evidence  string // where it can be seen
	Actuals   []Actual
	State     State
	Reason    string // why it was returned
	Version   int
	SentAt    time.Time
	SentBy    string // account
	DecidedAt time.Time
	DecidedBy string
}

// Actual is a number of an indicator as it was told.
type Actual struct {
	Name  string       `json:"name"`
	Unit  string       `json:"unit"`
	Value viet.Decimal `json:"-"`
}

// NoteInput is a note as a form has it.
type NoteInput struct {
	Entry    string // identity or code
	Kind     Kind
	On       clock.Date
	Text     string
	Outputs  string
	Evidence string
	Actuals  []Actual
}

// Bounds of texts, in characters, and of rows.
const (
	MaxText    = 8000
	MaxLine    = 300
	MaxReason  = 2000
	maxActuals = 20
	maxMany    = 100_000
)

// Check gathers everything that is wrong with the input.
func (in *NoteInput) Check(today clock.Date) error {
	var l errs.List
	in.Text, in.Outputs, in.Evidence = tidy(in.Text), tidy(in.Outputs), tidy(in.Evidence)
	if !slices.Contains(Kinds(), in.Kind) {
		l.Add("kind", i18n.ErrsBadChoice)
	}
	l.Text("text", in.Text, MaxText, true)
	l.Text("outputs", in.Outputs, MaxText, in.Kind == Result)
	l.Text("evidence", in.Evidence, MaxReason, false)
	switch {
	case in.On == 0:
		l.Add("on", i18n.ErrsRequired)
	case in.On > today:
		l.Add("on", i18n.MovementFuture, in.On)
	}
	in.Actuals = slices.DeleteFunc(in.Actuals, func(a Actual) bool { return !a.Value.Known() })
	if len(in.Actuals) > maxActuals {
		l.Add("actual0", i18n.PracticeTooManyRows, maxActuals)
	}
	for i := range in.Actuals {
		if in.Actuals[i].Value.Negative() {
			l.Add("actual"+number(i), i18n.PracticeResourceBelow)
		}
	}
	return l.Err()
}

// tidy brings a text to one form.
func tidy(s string) string { return strings.TrimSpace(viet.NFC(s)) }
