package review

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// EventKind is what happened to a case.
type EventKind string

// The events.
const (
	Started     EventKind = "started"
	Seated      EventKind = "seated" // who is to vote in the open step, from now on
	Approved    EventKind = "approved"
	Returned    EventKind = "returned"
	Refused     EventKind = "refused"
	Resubmitted EventKind = "resubmitted"
	Withdrawn   EventKind = "withdrawn"
	TakenOut    EventKind = "takenOut"
	Reassigned  EventKind = "reassigned"
)

// Label is the word for the event.
func (k EventKind) Label() i18n.Key {
	return map[EventKind]i18n.Key{
		Started: i18n.ReviewEventStarted, Seated: i18n.ReviewEventSeated, Approved: i18n.ReviewEventApproved, Returned: i18n.ReviewEventReturned,
		Refused: i18n.ReviewEventRefused, Resubmitted: i18n.ReviewEventResubmitted, Withdrawn: i18n.ReviewEventWithdrawn,
		TakenOut: i18n.ReviewEventTakenOut, Reassigned: i18n.ReviewEventReassigned,
	}[k]
}

// Registrant is the step to which a return goes that goes to whoever sent the subject in.
const Registrant = -1

// Event is one thing that happened to a case.
type Event struct {
	Seq   int
	Kind  EventKind
	At    time.Time
	By    string // the account that acted
	For   string // of a vote: the account whose seat it is; in the place of another where it is not By
	Step  int
	Group int
	Detail
}

// Detail is what some events say beside.
type Detail struct {
	To      int               `json:"to"`                // of a return
	Reasons []Reason          `json:"reasons,omitempty"` // of a return
	Text    string            `json:"text,omitempty"`
	Parts   []string          `json:"parts,omitempty"`  // of a return: what is flagged
	Marks   map[string]string `json:"marks,omitempty"`  // of a return and a resubmission: what the parts were then
	Panels  [][]string        `json:"panels,omitempty"` // of a seating, by group
	Skips   []int             `json:"skips,omitempty"`  // of the start: steps through which the subject does not go
	From    string            `json:"from,omitempty"`   // of a reassignment: whose seat it was, or ""
	Into    string            `json:"into,omitempty"`   // of a reassignment: whose seat it is
}

// Vote tells whether the event is one.
func (e Event) Vote() bool { return e.Kind == Approved || e.Kind == Refused || e.Kind == Returned }

// Phase is where a case stands as a whole.
type Phase string

// The phases.
const (
	PhaseOpen       Phase = "open"
	PhaseRegistrant Phase = "registrant" // sent back to whoever sent it in
	PhasePassed     Phase = "passed"
	PhaseRefused    Phase = "refused"
	PhaseWithdrawn  Phase = "withdrawn"
	PhaseTakenOut   Phase = "takenOut"
)

// Running tells whether the case is not over.
func (p Phase) Running() bool { return p == PhaseOpen || p == PhaseRegistrant }

// Label is the word for the phase.
func (p Phase) Label() i18n.Key {
	return map[Phase]i18n.Key{
		PhaseOpen: i18n.ReviewPhaseOpen, PhaseRegistrant: i18n.ReviewPhaseRegistrant, PhasePassed: i18n.ReviewPhasePassed,
		PhaseRefused: i18n.ReviewPhaseRefused, PhaseWithdrawn: i18n.ReviewPhaseWithdrawn, PhaseTakenOut: i18n.ReviewPhaseTakenOut,
	}[p]
}

// Seat is a place in a group of a step.
type Seat struct {
	Step    int
	Group   int
	Account string
	Since   clock.Date // the day from which the vote is awaited in this turn
	Vote    *Event     // the vote that counts, or nil
}

// State is where a case stands.
type State struct {
	Plan  Plan
	Phase Phase
	Step  int   // the open one, or the number of steps where none is
	Skips []int // steps through which the subject does not go
	Round int   // 1, and one more for each return
	Seats []Seat

	flags map[string]map[string]bool // the parts that a seat has flagged, by account
	marks map[string]string          // of the latest return
	swaps []Event                    // reassignments
}

// Advance works out where a case stands: a plan and what happened, and nothing else. An
// event that could not happen then is an error, and the state is the one before it.
func Advance(plan Plan, events []Event) (State, error) {
	s := State{Plan: plan, flags: map[string]map[string]bool{}}
	for _, e := range events {
		if err := s.apply(e); err != nil {
			return s, fmt.Errorf("event %d, %s: %w", e.Seq, e.Kind, err)
		}
	}
	return s, nil
}

// With is the state after one more event.
func (s State) With(e Event) (State, error) {
	next := s
	next.Seats, next.swaps = slices.Clone(s.Seats), slices.Clone(s.swaps)
	next.flags = map[string]map[string]bool{}
	for account, parts := range s.flags {
		next.flags[account] = maps.Clone(parts)
	}
	if err := next.apply(e); err != nil {
		return s, err
	}
	return next, nil
}

func notNow() error { return errs.New(errs.Conflict, i18n.ReviewNotNow) }

func (s *State) apply(e Event) error {
	switch {
	case (e.Kind == Started) != (s.Phase == ""):
		return notNow()
	case e.Kind == Started:
		s.Phase, s.Skips, s.Round = PhaseOpen, e.Skips, 1
	case e.Vote() || e.Kind == Seated || e.Kind == Reassigned:
		if s.Phase != PhaseOpen || e.Step != s.Step {
			return notNow()
		}
		if err := s.inStep(e); err != nil {
			return err
		}
	case e.Kind == Resubmitted:
		if s.Phase != PhaseRegistrant {
			return notNow()
		}
		s.resubmit(e)
	case !s.Phase.Running():
		return notNow()
	case e.Kind == Withdrawn:
		s.Phase = PhaseWithdrawn
	case e.Kind == TakenOut:
		s.Phase = PhaseTakenOut
	default:
		return notNow()
	}
	s.settle(clock.DateOf(e.At), e.Kind == Started || e.Kind == Resubmitted || e.Kind == Returned)
	return nil
}

// inStep takes an event of the open step.
func (s *State) inStep(e Event) error {
	switch e.Kind {
	case Seated:
		return s.seat(e)
	case Reassigned:
		return s.reassign(e)
	}
	i, err := s.seatOf(e)
	if err != nil {
		return err
	}
	if e.Kind == Returned {
		return s.sendBack(e)
	}
	if e.Kind == Refused && !s.Plan.Steps[e.Step].Refuse {
		return notNow()
	}
	s.Seats[i].Vote = &e
	return nil
}

// seatOf finds the open seat for which a vote is given.
func (s *State) seatOf(e Event) (int, error) {
	i := slices.IndexFunc(s.Seats, func(x Seat) bool { return x.Step == e.Step && x.Group == e.Group && x.Account == e.For })
	if i < 0 {
		return 0, errs.New(errs.Forbidden, i18n.ReviewNotSeated)
	}
	if s.Seats[i].Vote != nil || s.Passed(e.Step, e.Group) {
		return 0, errs.New(errs.Conflict, i18n.ReviewVotedAlready)
	}
	if !s.Plan.Steps[e.Step].Twice {
		for _, x := range s.Seats {
			if x.Step == e.Step && x.Vote != nil && x.Vote.By == e.By {
				return 0, errs.New(errs.Conflict, i18n.ReviewOneVote)
			}
		}
	}
	return i, nil
}

func (s *State) sendBack(e Event) error {
	if !s.Plan.Steps[e.Step].Return || e.To < Registrant || e.To >= e.Step || slices.Contains(s.Skips, e.To) {
		return errs.New(errs.Invalid, i18n.ReviewBadReturn).On("to")
	}
	if s.flags[e.For] == nil {
		s.flags[e.For] = map[string]bool{}
	}
	for _, part := range e.Parts {
		s.flags[e.For][part] = true
	}
	s.Round++
	s.marks = e.Marks
	if e.To == Registrant {
		s.Phase = PhaseRegistrant
		return nil
	}
	s.lapse(func(x Seat) bool { return x.Step == e.To })
	return nil
}

// lapse opens votes again.
func (s *State) lapse(which func(Seat) bool) {
	for i := range s.Seats {
		if s.Seats[i].Vote != nil && which(s.Seats[i]) {
			s.Seats[i].Vote = nil
		}
	}
}

func (s *State) resubmit(e Event) {
	s.Phase = PhaseOpen
	changed := map[string]bool{}
	for part, mark := range e.Marks {
		changed[part] = s.marks[part] != mark
	}
	s.lapse(func(x Seat) bool {
		if x.Vote.Kind == Refused {
			return true
		}
		for part := range s.flags[x.Account] {
			if changed[part] {
				return true
			}
		}
		return false
	})
}

// seat says who is to vote in the open step. Who has voted keeps the seat.
func (s *State) seat(e Event) error {
	groups := s.Plan.Steps[e.Step].Groups
	if len(e.Panels) != len(groups) {
		return notNow()
	}
	var seats, before []Seat
	for _, x := range s.Seats {
		if x.Step == e.Step {
			before = append(before, x)
		} else {
			seats = append(seats, x)
		}
	}
	taken := map[string]bool{}
	for g := range groups {
		for _, account := range s.panel(e, g, before) {
			if taken[account] && !s.Plan.Steps[e.Step].Twice {
				continue
			}
			taken[account] = true
			next := Seat{Step: e.Step, Group: g, Account: account, Since: clock.DateOf(e.At)}
			if i := slices.IndexFunc(before, func(x Seat) bool { return x.Group == g && x.Account == account }); i >= 0 {
				next = before[i]
			}
			seats = append(seats, next)
		}
	}
	s.Seats = seats
	return nil
}

// panel is the accounts of a group: those found, as reassigned, with those who have voted
// before all others.
func (s *State) panel(e Event, group int, before []Seat) []string {
	var voted []string
	elsewhere := map[string]bool{}
	for _, x := range before {
		if x.Vote != nil && x.Group == group {
			voted = append(voted, x.Account)
		} else if x.Vote != nil {
			elsewhere[x.Account] = true
		}
	}
	panel := slices.Clone(e.Panels[group])
	for _, swap := range s.swaps {
		if swap.Step != e.Step || swap.Group != group {
			continue
		}
		panel = slices.DeleteFunc(panel, func(a string) bool { return a == swap.From || a == swap.Into })
		panel = append(panel, swap.Into)
	}
	slices.Sort(panel)
	if !s.Plan.Steps[e.Step].Twice { // the seat in which one has voted is the one that one has
		panel = slices.DeleteFunc(panel, func(a string) bool { return elsewhere[a] })
	}
	panel = slices.DeleteFunc(slices.Compact(panel), func(a string) bool { return slices.Contains(voted, a) })
	return append(voted, panel...)
}

func (s *State) reassign(e Event) error {
	groups := s.Plan.Steps[e.Step].Groups
	if e.Group < 0 || e.Group >= len(groups) || e.Into == "" {
		return notNow()
	}
	from := -1
	for i, x := range s.Seats {
		switch {
		case x.Step != e.Step:
		case x.Account == e.Into && (x.Group == e.Group || !s.Plan.Steps[e.Step].Twice):
			return errs.New(errs.Conflict, i18n.ReviewSitsAlready).On("into")
		case x.Group == e.Group && x.Account == e.From:
			from = i
		}
	}
	if e.From != "" && (from < 0 || s.Seats[from].Vote != nil) {
		return errs.New(errs.Conflict, i18n.ReviewVotedAlready).On("from")
	}
	if from >= 0 {
		s.Seats = slices.Delete(s.Seats, from, from+1)
	}
	s.swaps = append(s.swaps, e)
	s.Seats = append(s.Seats, Seat{Step: e.Step, Group: e.Group, Account: e.Into, Since: clock.DateOf(e.At)})
	return nil
}

// settle works out the open step and lets the days begin of whoever is awaited in one that
// has just opened.
func (s *State) settle(on clock.Date, turn bool) {
	if s.Phase != PhaseOpen {
		return
	}
	before := s.Step
	s.Step = 0
	for s.Step < len(s.Plan.Steps) && s.StepPassed(s.Step) {
		s.Step++
	}
	if s.Step == len(s.Plan.Steps) {
		s.Phase = PhasePassed
		return
	}
	for g := range s.Plan.Steps[s.Step].Groups {
		if s.groupRefused(s.Step, g) {
			s.Phase = PhaseRefused
			return
		}
	}
	for i := range s.Seats {
		if x := &s.Seats[i]; (turn || s.Step != before) && x.Step == s.Step && x.Vote == nil {
			x.Since = on
		}
	}
}

// counted is how many seats a group has, and how many of them approve and refuse.
func (s *State) counted(step, group int) (seats, approve, refuse int) {
	for _, x := range s.Seats {
		if x.Step != step || x.Group != group {
			continue
		}
		seats++
		if x.Vote == nil {
			continue
		}
		if x.Vote.Kind == Approved {
			approve++
		} else {
			refuse++
		}
	}
	return seats, approve, refuse
}

// Passed tells whether a group of a step has passed.
func (s *State) Passed(step, group int) bool {
	seats, approve, _ := s.counted(step, group)
	return seats > 0 && approve >= s.Plan.Steps[step].Groups[group].needs(seats)
}

func (s *State) groupRefused(step, group int) bool {
	seats, _, refuse := s.counted(step, group)
	return refuse > 0 && refuse > seats-s.Plan.Steps[step].Groups[group].needs(seats)
}

// StepPassed tells whether a step has passed, or the subject does not go through it.
func (s *State) StepPassed(step int) bool {
	if slices.Contains(s.Skips, step) {
		return true
	}
	for g := range s.Plan.Steps[step].Groups {
		if !s.Passed(step, g) {
			return false
		}
	}
	return true
}

// Awaited are the seats whose vote is awaited now.
func (s *State) Awaited() []Seat {
	var all []Seat
	for _, x := range s.Seats {
		if s.Phase == PhaseOpen && x.Step == s.Step && x.Vote == nil && !s.Passed(x.Step, x.Group) {
			all = append(all, x)
		}
	}
	return all
}

// Above is the step after one, through which the subject goes; the number of steps where
// there is none.
func (s *State) Above(step int) int {
	for step++; step < len(s.Plan.Steps) && slices.Contains(s.Skips, step); step++ {
	}
	return step
}

// Back lists the steps to which the open one may send back, and [Registrant] first.
func (s *State) Back() []int {
	if s.Phase != PhaseOpen || !s.Plan.Steps[s.Step].Return {
		return nil
	}
	all := []int{Registrant}
	for i := range s.Step {
		if !slices.Contains(s.Skips, i) {
			all = append(all, i)
		}
	}
	return all
}
