// Package conference keeps the meetings of a movement: when and where one is held, in
// honour of what, its programme, who speaks of what, under which decisions somebody is
// honoured there, its papers, and who is invited.
//
// A conference (hội nghị) launches a period (phát động), looks at it half-way (sơ kết) or
// wraps it up (tổng kết). It is planned, and then held or cancelled; both can be taken
// back. Its report is the figures of the movement as of a day. What the public may know of
// it, and only once it was held, is an [Event]: never who was invited, presided, spoke or
// came.
//
// Whoever sees the movement sees its conferences. Who keeps the movement's area changes
// them; who keeps a unit sees the invitation of that unit, and may answer it.
package conference

import (
	"slices"
	"strconv"
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
	RightRead   actor.Right = "conference.read"
	RightManage actor.Right = "conference.manage"
	RightAnswer actor.Right = "conference.answer" // say for one's own units who comes
)

// Kind is what a conference is for.
type Kind string

// The kinds.
const (
	Launch        Kind = "launch"
	InterimReview Kind = "interimReview"
	FinalReview   Kind = "finalReview"
)

// Kinds lists them in the order of a year.
func Kinds() []Kind { return []Kind{Launch, InterimReview, FinalReview} }

// Label is the word for the kind.
func (k Kind) Label() i18n.Key {
	switch k {
	case Launch:
		return i18n.ConferenceKindLaunch
	case InterimReview:
		return i18n.ConferenceKindInterim
	default:
		return i18n.ConferenceKindFinal
	}
}

// State is where a conference stands.
type State string

// The states.
const (
	Planned   State = "planned"
	Held      State = "held"
	Cancelled State = "cancelled"
)

// Label is the word for the state.
func (s State) Label() i18n.Key {
	switch s {
	case Held:
		return i18n.ConferenceStateHeld
	case Cancelled:
		return i18n.ConferenceStateCancelled
	default:
		return i18n.ConferenceStatePlanned
	}
}

// Conference is a meeting of a movement, with all but its invitations.
type Conference struct {
	ID        string
	Movement  string // code
	Period    int
	Kind      Kind
	State     State
	Title     string
	On        clock.Date
	Begins    string // "08:00", in Việt Nam; "" where nobody has set an hour
	Place     string
	Occasion  string
	Presiding string
	Guests    string
	AsOf      clock.Date // the day of the figures of its report; none where it has no report
	Reason    string     // why it was cancelled
	Version   int
	UpdatedAt time.Time
	UpdatedBy string
	Programme []Item
	Speeches  []Speech
	Decisions []string // papers under which somebody is honoured, in their order
	Papers    []Paper
}

// Item is a point of the programme.
type Item struct {
	Begins string // "08:30", or ""
	What   string
	Who    string
}

// String is the item as a line.
func (it Item) String() string { return strings.Join([]string{it.Begins, it.What, it.Who}, " · ") }

// Speech is what somebody says at a conference, and the practice or the exemplar of which
// it tells, where it tells of one.
type Speech struct {
	Speaker  string
	Unit     string // as it is announced
	Title    string
	Entry    string // identity; as an input also the code
	Exemplar string // identity
}

// String is the speech as a line.
func (sp Speech) String() string {
	return strings.Join([]string{sp.Title, sp.Speaker, sp.Unit}, " · ")
}

// Input is what is written of a conference.
type Input struct {
	Movement  string // code; it stays as it is when a conference is edited
	Period    int    // number; 0 is the period in which the day lies
	Kind      Kind
	Title     string
	On        clock.Date
	Begins    string
	Place     string
	Occasion  string
	Presiding string
	Guests    string
	AsOf      clock.Date
}

// Bounds of texts, in characters, and of lists.
const (
	maxLine      = 300
	maxText      = 500
	maxPeople    = 2000
	maxReason    = 2000
	MaxItems     = 60
	MaxSpeeches  = 40
	MaxDecisions = 20
	maxPapers    = 50
)

// Check tidies the input and gathers everything that is wrong with it.
func (in *Input) Check() error {
	var l errs.List
	in.Title, in.Place, in.Occasion = viet.Line(in.Title), viet.Line(in.Place), viet.Line(in.Occasion)
	in.Presiding, in.Guests = strings.TrimSpace(viet.NFC(in.Presiding)), strings.TrimSpace(viet.NFC(in.Guests))
	if !slices.Contains(Kinds(), in.Kind) {
		l.Add("kind", i18n.ErrsBadChoice)
	}
	if in.On == 0 {
		l.Add("on", i18n.ErrsRequired)
	}
	hour(&l, "begins", &in.Begins)
	l.Text("title", in.Title, maxLine, true)
	l.Text("place", in.Place, maxText, true)
	l.Text("occasion", in.Occasion, maxText, false)
	l.Text("presiding", in.Presiding, maxPeople, false)
	l.Text("guests", in.Guests, maxPeople, false)
	if in.AsOf > in.On {
		l.Add("asOf", i18n.ConferenceAsOfLater, in.On)
	}
	return l.Err()
}

// checkItems tidies a programme, leaves out rows without a word, and gathers what is wrong
// with the others; the field of a row has its number.
func checkItems(l *errs.List, rows []Item) []Item {
	var kept []Item
	for i, it := range rows {
		n := strconv.Itoa(i)
		it.What, it.Who, it.Begins = viet.Line(it.What), viet.Line(it.Who), strings.TrimSpace(it.Begins)
		if it == (Item{}) {
			continue
		}
		hour(l, "begins"+n, &it.Begins)
		l.Text("what"+n, it.What, maxText, true)
		l.Text("who"+n, it.Who, maxLine, false)
		kept = append(kept, it)
	}
	if len(kept) > MaxItems {
		l.Add("", i18n.ConferenceTooMany, MaxItems)
	}
	return kept
}

func checkSpeeches(l *errs.List, rows []Speech) []Speech {
	var kept []Speech
	for i, sp := range rows {
		n := strconv.Itoa(i)
		sp.Speaker, sp.Unit, sp.Title = viet.Line(sp.Speaker), viet.Line(sp.Unit), viet.Line(sp.Title)
		if sp == (Speech{}) {
			continue
		}
		l.Text("speaker"+n, sp.Speaker, maxLine, false)
		l.Text("unit"+n, sp.Unit, maxLine, false)
		l.Text("title"+n, sp.Title, maxText, true)
		kept = append(kept, sp)
	}
	if len(kept) > MaxSpeeches {
		l.Add("", i18n.ConferenceTooMany, MaxSpeeches)
	}
	return kept
}

// hour brings an hour as people write it, "8:00", "8h", "8 giờ 30", to "08:30".
func hour(l *errs.List, field string, s *string) {
	plain := strings.NewReplacer("phút", "", "giờ", ":", "gio", ":", "h", ":", "g", ":", ".", ":", " ", "").Replace(strings.ToLower(viet.NFC(*s)))
	if plain == "" {
		*s = ""
		return
	}
	hh, mm, _ := strings.Cut(plain, ":")
	if mm == "" {
		mm = "00"
	}
	h, err := strconv.ParseUint(hh, 10, 8)
	m, err2 := strconv.ParseUint(mm, 10, 8)
	if err != nil || err2 != nil || h > 23 || m > 59 || len(mm) != 2 || len(hh) > 2 {
		l.Add(field, i18n.ConferenceBadHour)
		return
	}
	*s = twoDigits(h) + ":" + twoDigits(m)
}

func twoDigits(n uint64) string {
	s := strconv.FormatUint(n, 10)
	if len(s) < 2 {
		s = "0" + s
	}
	return s
}

// viet.Line brings a line to one form: composed, without doubled spaces.

// Verb moves a conference from one state to another.
type Verb string

// The verbs.
const (
	Hold   Verb = "hold"
	Cancel Verb = "cancel"
	Reopen Verb = "reopen" // it was neither held nor cancelled after all
)

// Possible lists the verbs for a state.
func (s State) Possible() []Verb {
	if s == Planned {
		return []Verb{Hold, Cancel}
	}
	return []Verb{Reopen}
}

// moved is the conference after a verb, or why it cannot be.
func (c Conference) moved(v Verb, reason string, today clock.Date) (Conference, error) {
	reason = strings.TrimSpace(viet.NFC(reason))
	if !slices.Contains(c.State.Possible(), v) {
		return c, errs.New(errs.Conflict, i18n.ConferenceNotNow)
	}
	var l errs.List
	c.Reason = ""
	switch v {
	case Hold:
		c.State = Held
		if c.On > today {
			l.Add("", i18n.ConferenceNotYet, c.On)
		}
	case Cancel:
		c.State, c.Reason = Cancelled, reason
		l.Text("reason", reason, maxReason, true)
	case Reopen:
		c.State = Planned
	}
	return c, l.Err()
}
