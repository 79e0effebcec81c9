// Package nurture stands around the exemplars (điển hình) of the register: anybody
// introduces one (giới thiệu điển hình), an officer screens what was told, and those that
// were found are nurtured (bồi dưỡng), which is kept as notes with the next step.
//
// An introduction counts nothing. One that is accepted becomes an exemplar that is found,
// by the verb of the register and in the same transaction, so the figures count what they
// always did. Who told it is never public, and is erased after some months.
package nurture

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// State is where an introduction stands.
type State string

// The states.
const (
	Waiting  State = "waiting"
	Accepted State = "accepted"
	Refused  State = "refused"
)

// States lists the states in the order of pages.
func States() []State { return []State{Waiting, Accepted, Refused} }

// Label is the word for a state.
func (s State) Label() i18n.Key {
	return map[State]i18n.Key{Waiting: i18n.NurtureWaiting, Accepted: i18n.NurtureAccepted, Refused: i18n.NurtureRefused}[s]
}

// Introduction is what somebody told of an exemplar.
type Introduction struct {
	ID        string
	Name      string
	Kind      ledger.SubjectKind
	Unit      string // identity
	Doing     string // what they do well
	ByName    string // who told it, or "" where that was not said or is erased
	ByContact string
	ByAccount string // or "" for a visitor
	Robot     bool   // it looks as if a program had sent it
	State     State
	Reason    string // of a refusal
	Exemplar  string // identity, once accepted
	At        time.Time
	Same      int // others that wait and name the same one
	network   string
	receipt   string
}

// Bounds, in characters.
const (
	MaxName    = 200
	MaxDoing   = 3000
	MaxContact = 200
	minDoing   = 20
)

// Input is what is told.
type Input struct {
	Name      string
	Kind      ledger.SubjectKind
	Unit      string // code
	Doing     string
	ByName    string
	ByContact string
	Agreed    bool   // those who are told of know about it, or it is known in public
	Network   string // where it comes from, hashed
	Robot     bool
}

// Check cleans the input and gathers everything that is wrong with it.
func (in *Input) Check() error {
	var l errs.List
	in.Name, in.ByName, in.ByContact = tidy(in.Name), tidy(in.ByName), tidy(in.ByContact)
	in.Doing = strings.TrimSpace(visible(in.Doing))
	bounded(&l, "name", in.Name, MaxName, true)
	bounded(&l, "doing", in.Doing, MaxDoing, true)
	bounded(&l, "byName", in.ByName, MaxName, false)
	bounded(&l, "byContact", in.ByContact, MaxContact, false)
	if n := len([]rune(in.Doing)); n > 0 && n < minDoing {
		l.Add("doing", i18n.NurtureTooShort, minDoing)
	}
	for field, s := range map[string]string{"name": in.Name, "doing": in.Doing, "byName": in.ByName} {
		if strings.ContainsRune(s, '<') || strings.Count(s, "://") > 1 {
			l.Add(field, i18n.NurturePlain)
		}
	}
	if in.Kind.String() == "" || !known(in.Kind) {
		l.Add("kind", i18n.ErrsBadChoice)
	}
	if strings.TrimSpace(in.Unit) == "" {
		l.Add("unit", i18n.ErrsRequired)
	}
	if !in.Agreed {
		l.Add("agreed", i18n.NurtureAgree)
	}
	return l.Err()
}

func known(k ledger.SubjectKind) bool { return slices.Contains(ledger.SubjectKinds(), k) }

func bounded(l *errs.List, field, s string, most int, needed bool) {
	switch {
	case needed && s == "":
		l.Add(field, i18n.ErrsRequired)
	case len([]rune(s)) > most:
		l.Add(field, i18n.ErrsTooLong, most)
	case strings.ContainsRune(s, 0) || strings.ToValidUTF8(s, "") != s:
		l.Add(field, i18n.ErrsBadText)
	}
}

func tidy(s string) string { return strings.Join(strings.Fields(visible(s)), " ") }

// visible leaves out characters that are not seen and could make a text read as another.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, viet.NFC(s))
}

// AcceptInput is what is needed to make an exemplar of an introduction.
type AcceptInput struct {
	Movement string // code
	Field    string // code of a field of the movement
	On       clock.Date
	Exemplar string // identity of a known one that it is, or ""
}

// Note is one step in nurturing an exemplar.
type Note struct {
	ID       string
	Exemplar string
	On       clock.Date
	Done     string
	Next     string     // the next step, or ""
	NextOn   clock.Date // until when; none where there is no day
	By       string     // account
	At       time.Time
}

// NoteInput is what is needed to write a note.
type NoteInput struct {
	On     clock.Date
	Done   string
	Next   string
	NextOn clock.Date
}

// check gathers everything that is wrong with the input.
func (in *NoteInput) check(today clock.Date) error {
	var l errs.List
	in.Done, in.Next = strings.TrimSpace(visible(in.Done)), strings.TrimSpace(visible(in.Next))
	bounded(&l, "done", in.Done, MaxDoing, true)
	bounded(&l, "next", in.Next, MaxDoing, false)
	switch {
	case in.On == 0:
		l.Add("on", i18n.ErrsRequired)
	case in.On > today:
		l.Add("on", i18n.MovementFuture, in.On)
	}
	switch {
	case in.NextOn != 0 && in.Next == "":
		l.Add("next", i18n.ErrsRequired)
	case in.NextOn != 0 && in.NextOn < in.On:
		l.Add("nextOn", i18n.NurtureNextBefore)
	}
	return l.Err()
}

// Nurtured is an exemplar with the last that was done for it.
type Nurtured struct {
	Note
	Name  string
	Unit  string // identity
	Notes int
}

// Due tells whether the next step was to be done by a day.
func (n Nurtured) Due(on clock.Date) bool { return n.Next != "" && n.NextOn != 0 && n.NextOn <= on }
