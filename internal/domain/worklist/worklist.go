// Package worklist is the desk of somebody who works with the register: what waits for
// them, how they look at lists, what they do to many entries at once, and which units they
// remind.
//
// What waits is read from the rooms below and kept nowhere: an entry waits while its state
// says so. What is done to many entries is kept as a batch, with the act that came of each,
// so that it can be taken back where nothing rests on it yet.
package worklist

import (
	"cmp"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Kind is why something waits.
type Kind string

// The kinds, from which a list of work is made.
const (
	ToReceive Kind = "receive"  // an entry that came in
	Mended    Kind = "mended"   // an entry that came in again
	ToReview  Kind = "review"   // a case of a route
	ToDo      Kind = "duty"     // a duty of the calendar
	SentBack  Kind = "returned" // an entry that was sent back
	Unsent    Kind = "draft"    // a draft of one's own
	Closing   Kind = "phase"    // a phase that ends soon
)

// Label is the word for the kind. What is to be done with an entry is called here as it is
// on the entry's own page.
func (k Kind) Label() i18n.Key {
	return map[Kind]i18n.Key{
		ToReceive: TaskReceive.Do(), Mended: TaskLookAgain.Do(), ToReview: TaskVote.Do(), SentBack: TaskMend.Do(),
		ToDo: i18n.WorklistToDo, Unsent: i18n.WorklistUnsent, Closing: i18n.WorklistClosing,
	}[k]
}

// task is what is to be done with an entry of the kind.
func (k Kind) task() Task {
	return map[Kind]Task{ToReceive: TaskReceive, Mended: TaskLookAgain, SentBack: TaskMend}[k]
}

// Item is something that waits.
type Item struct {
	Kind     Kind
	Key      string // code of an entry, identity of a case, a duty, a draft or a phase
	Title    string
	Unit     string     // identity, or ""
	Since    clock.Date // when it came; none where it did not come
	Due      clock.Date // none is no deadline
	DaysLeft int        // working days; less than none where it is over
}

// Source is what waits of one kind: how much in all, and the most urgent.
type Source struct {
	Kind  Kind
	Total int
	Items []Item
}

// Desk is everything that waits for somebody in a period.
type Desk struct {
	Movement movement.Movement
	Period   movement.Period
	Sources  []Source
}

// Total is how much waits in all.
func (d Desk) Total() int {
	n := 0
	for _, s := range d.Sources {
		n += s.Total
	}
	return n
}

// Of is what waits of a kind.
func (d Desk) Of(k Kind) Source {
	i := slices.IndexFunc(d.Sources, func(s Source) bool { return s.Kind == k })
	if i < 0 {
		return Source{Kind: k}
	}
	return d.Sources[i]
}

// Urgent lists what of all sources is most urgent: what is due first, then what has waited
// longest.
func (d Desk) Urgent(most int) []Item {
	var all []Item
	for _, s := range d.Sources {
		all = append(all, s.Items...)
	}
	slices.SortStableFunc(all, byUrgency)
	return all[:min(len(all), most)]
}

func byUrgency(a, b Item) int {
	if (a.Due == 0) != (b.Due == 0) {
		return cmp.Compare(b.Due, a.Due)
	}
	return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Since, b.Since))
}
