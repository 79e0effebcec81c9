// Package outbox keeps the letters that go out by mail (hộp thư đi): to readers who asked
// for an answer, to units that are to be reminded. A letter is written in the transaction
// of what it is about, so that there is none without its cause.
//
// It waits until a job sends it, is tried again with longer and longer waits, and ends as
// sent, failed, cancelled or expired. It is sent at least once: where the program dies
// between the server's "yes" and its own note of it, the letter goes out a second time,
// with the same Message-ID. Where no server is set, letters wait and nothing is sent.
//
// A private letter is to somebody whose address is known for this letter alone: nobody
// sees it, and it is erased when the letter was sent or given up, or after thirty days.
package outbox

import (
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/mail"
)

// The rights of this capability.
const (
	RightRead   actor.Right = "outbox.read"   // see the letters of units within the scope
	RightManage actor.Right = "outbox.manage" // try again, cancel
)

// State is where a letter stands.
type State string

// The states.
const (
	Waiting   State = "waiting"
	Sent      State = "sent"
	Failed    State = "failed" // after the last try, or refused for good
	Cancelled State = "cancelled"
	Expired   State = "expired" // nobody sent it within the time
)

// States lists them in the order of tabs.
func States() []State { return []State{Waiting, Failed, Sent, Cancelled, Expired} }

// String is the code of the state.
func (s State) String() string { return string(s) }

// Label is the word for the state.
func (s State) Label() i18n.Key {
	switch s {
	case Sent:
		return i18n.OutboxSent
	case Failed:
		return i18n.OutboxFailed
	case Cancelled:
		return i18n.OutboxCancelled
	case Expired:
		return i18n.OutboxExpired
	default:
		return i18n.OutboxWaiting
	}
}

// About names the record that a letter is about.
type About struct{ Kind, ID string }

// Letter is a letter.
type Letter struct {
	ID      string
	Unit    string // identity of the unit in whose name it goes
	About   About
	To      string // "" for readers of a private one, and when it was erased
	Private bool
	Subject string
	Text    string
	Link    string // path of a page of this house, put below the text where its name is known; or ""
	State   State
	// Attempts is how often it was tried, DueAt when it is tried next.
	Attempts  int
	DueAt     time.Time
	LastError string
	CreatedAt time.Time
	CreatedBy string    // account
	SettledAt time.Time // when it was sent or given up
	Erased    bool      // its address is gone
}

// Check gathers everything that is wrong with a letter.
func (l Letter) Check() error {
	var all errs.List
	if !mail.Address(l.To) {
		all.Add("to", i18n.OutboxBadAddress)
	}
	if l.Unit == "" || l.About.Kind == "" || l.About.ID == "" {
		all.Add("about", i18n.ErrsRequired)
	}
	if !strings.HasPrefix(l.Link, "/") && l.Link != "" {
		all.Add("link", i18n.ErrsBadText)
	}
	if err := (mail.Letter{ID: "x", To: "x@example.vn", Subject: l.Subject, Text: l.Text}).Check(); err != nil {
		all.Add("text", i18n.ErrsBadText)
	}
	return all.Err()
}

// maxAttempts is how often a letter is tried: over some three days.
const maxAttempts = 8

// PrivateDays is how long the address of a private letter is kept that does not go out.
const PrivateDays = 30

// Times of a letter's life.
const (
	firstWait   = time.Minute
	longestWait = 24 * time.Hour
	claimTime   = 10 * time.Minute // longer than any conversation with a server
	privateTime = PrivateDays * 24 * time.Hour
)

// wait is how long a letter rests after so many tries: a minute, then four times as long
// each time, up to a day.
func wait(attempts int) time.Duration {
	d := firstWait
	for range attempts - 1 {
		d = min(4*d, longestWait)
	}
	return d
}

// mayRetry tells whether somebody may have a letter tried now: not one that is just being
// sent, or it would go out twice.
func (l Letter) mayRetry(now time.Time) bool {
	return (l.State == Failed || l.State == Waiting && !l.onItsWay(now)) && !l.Erased
}

// onItsWay tells whether a letter is claimed by somebody who sends it: no error of this try
// is noted yet.
func (l Letter) onItsWay(now time.Time) bool {
	return l.State == Waiting && l.Attempts > 0 && l.LastError == "" && l.DueAt.After(now)
}

// mayCancel tells whether a letter can still be kept from going out.
func (l Letter) mayCancel(time.Time) bool { return l.State == Failed || l.State == Waiting }
