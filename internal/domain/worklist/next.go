package worklist

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Task is what comes next for an entry.
type Task string

// The tasks, in the order of a year.
const (
	TaskReceive    Task = "receive"
	TaskLookAgain  Task = "lookAgain"  // it came in again
	TaskVote       Task = "vote"       // it is on a route
	TaskMend       Task = "mend"       // it was sent back
	TaskSendAgain  Task = "sendAgain"  // it was sent back and changed since
	TaskStart      Task = "start"      // note that it is being carried out
	TaskTell       Task = "tell"       // the unit tells that it began
	TaskAcceptNote Task = "acceptNote" // the unit told something
	TaskAmendNote  Task = "amendNote"  // what it told was sent back
	TaskResult     Task = "result"
	TaskJudge      Task = "judge"
	TaskMinutes    Task = "minutes"
	TaskSubmission Task = "submission"
	TaskRecognise  Task = "recognise"
	TaskConsent    Task = "consent" // ask whether it may be published
	TaskTypical    Task = "typical"
	TaskResume     Task = "resume"
	TaskNone       Task = "none"      // nothing: recognised, and all is said
	TaskBelow      Task = "below"     // nothing: the verdict does not put it forward
	TaskStopped    Task = "stopped"   // nothing: it ended, or left the list
	TaskNotTaken   Task = "notTaken"  // nothing: it was refused
	TaskWithdrawn  Task = "withdrawn" // nothing: its unit took it back
)

// Do is the word for the task to whoever does it.
func (t Task) Do() i18n.Key {
	return map[Task]i18n.Key{
		TaskReceive: i18n.WorklistDoReceive, TaskLookAgain: i18n.WorklistDoLookAgain, TaskVote: i18n.WorklistDoVote, TaskMend: i18n.WorklistDoMend,
		TaskSendAgain: i18n.WorklistDoSendAgain, TaskStart: i18n.WorklistDoStart, TaskTell: i18n.WorklistDoTell, TaskAcceptNote: i18n.WorklistDoAcceptNote,
		TaskAmendNote: i18n.WorklistDoAmendNote, TaskResult: i18n.WorklistDoResult, TaskJudge: i18n.WorklistDoJudge, TaskMinutes: i18n.WorklistDoMinutes,
		TaskSubmission: i18n.WorklistDoSubmission, TaskRecognise: i18n.WorklistDoRecognise, TaskConsent: i18n.WorklistDoConsent,
		TaskTypical: i18n.WorklistTypical, TaskResume: i18n.WorklistDoResume,
	}[t]
}

// Wait is the word for the task to whoever waits for others to do it, or for why there is
// none.
func (t Task) Wait() i18n.Key {
	return map[Task]i18n.Key{
		TaskReceive: i18n.WorklistWaitReceive, TaskLookAgain: i18n.WorklistWaitLookAgain, TaskVote: i18n.WorklistWaitVote, TaskMend: i18n.WorklistWaitMend,
		TaskSendAgain: i18n.WorklistWaitMend, TaskStart: i18n.WorklistWaitStart, TaskTell: i18n.WorklistWaitStart, TaskAcceptNote: i18n.WorklistWaitAcceptNote,
		TaskAmendNote: i18n.WorklistWaitAmendNote, TaskResult: i18n.WorklistWaitResult, TaskJudge: i18n.WorklistWaitJudge, TaskMinutes: i18n.WorklistWaitMinutes,
		TaskSubmission: i18n.WorklistWaitSubmission, TaskRecognise: i18n.WorklistWaitRecognise, TaskResume: i18n.WorklistWaitResume,
		TaskNone: i18n.WorklistNextNone, TaskBelow: i18n.WorklistNextBelow, TaskStopped: i18n.WorklistNextStopped, TaskNotTaken: i18n.WorklistNextNotTaken,
		TaskWithdrawn: i18n.WorklistNextWithdrawn,
	}[t]
}

// Ends tells whether nothing comes next.
func (t Task) Ends() bool {
	return slices.Contains([]Task{TaskNone, TaskBelow, TaskStopped, TaskNotTaken, TaskWithdrawn}, t)
}

// Next is the one thing that comes next for an entry, as somebody sees it.
type Next struct {
	Task     Task
	Mine     bool       // whoever looks does it; else it is awaited of others
	Count    int        // how many parts were sent back, or notes wait
	Key      string     // the case of a route, or the note
	Step     string     // of the route, in the words of whoever made it
	Due      clock.Date // none is no deadline
	DaysLeft int        // working days; less than none where it is over
}

// Label is the word for it.
func (n Next) Label() i18n.Key {
	if n.Mine {
		return n.Task.Do()
	}
	return n.Task.Wait()
}

// Situation is what decides what comes next for an entry: read from the rooms that keep it,
// and kept nowhere.
type Situation struct {
	Status  ledger.Status
	OnRoute bool // a route decides about it
	Vote    bool // a vote of whoever looks is awaited
	Again   bool // it was sent back once, and came in again
	Parts   int  // how many parts were sent back; none is all
	Edited  bool // what was sent back reads otherwise since
	Own     bool // whoever looks sees to it: typed it, maybe for a unit, or was handed it
	Sent    int  // notes that nobody has looked at
	Back    int  // notes that were sent back
	Way     appraisal.Standing
	Typical bool
	Consent bool
}

// Next is what comes next, without its deadline. Whoever decides is asked before whoever
// tells: an officer who may do both waits for the unit, unless the officer typed it.
func (x Situation) Next(who actor.Actor) Next {
	office := who.Can(practice.RightReceive)
	unit := who.Can(practice.RightRegister) && (!office || x.Own)
	switch x.Status {
	case ledger.StatusRegistered:
		switch {
		case x.OnRoute:
			return Next{Task: TaskVote, Mine: x.Vote}
		case x.Again:
			return Next{Task: TaskLookAgain, Mine: office}
		default:
			return Next{Task: TaskReceive, Mine: office}
		}
	case ledger.StatusReturned:
		if unit && x.Edited {
			return Next{Task: TaskSendAgain, Mine: true, Count: x.Parts}
		}
		return Next{Task: TaskMend, Mine: unit, Count: x.Parts}
	case ledger.StatusReceived, ledger.StatusStarted:
		return x.underWay(who)
	case ledger.StatusRecognised:
		switch {
		case x.Way.Verdict == appraisal.Typical && !x.Typical && who.Can(practice.RightRecognise):
			return Next{Task: TaskTypical, Mine: true}
		case !x.Consent && who.Can(practice.RightPublish):
			return Next{Task: TaskConsent, Mine: true}
		default:
			return Next{Task: TaskNone}
		}
	case ledger.StatusSuspended:
		return Next{Task: TaskResume, Mine: office}
	case ledger.StatusRefused:
		return Next{Task: TaskNotTaken}
	case ledger.StatusWithdrawn:
		return Next{Task: TaskWithdrawn}
	default:
		return Next{Task: TaskStopped}
	}
}

// underWay is what comes next between reception and recognition: what was told is looked at
// first, then comes what a decision asks for, in its order.
func (x Situation) underWay(who actor.Actor) Next {
	office := who.Can(appraisal.RightAppraise)
	unit := who.Can(appraisal.RightReport) && (!office || x.Own)
	switch {
	case x.Sent > 0:
		return Next{Task: TaskAcceptNote, Mine: office, Count: x.Sent}
	case x.Back > 0:
		return Next{Task: TaskAmendNote, Mine: unit, Count: x.Back}
	case x.Status == ledger.StatusReceived && who.Can(practice.RightReceive):
		return Next{Task: TaskStart, Mine: true}
	case x.Status == ledger.StatusReceived:
		return Next{Task: TaskTell, Mine: unit}
	case !x.Way.Result:
		return Next{Task: TaskResult, Mine: unit}
	case !x.Way.Minutes && x.Way.Verdict == appraisal.NoVerdict:
		return Next{Task: TaskJudge, Mine: office}
	case !x.Way.Minutes && !x.Way.Verdict.Recommends():
		return Next{Task: TaskBelow}
	case !x.Way.Minutes:
		return Next{Task: TaskMinutes, Mine: office}
	case !x.Way.Submission:
		return Next{Task: TaskSubmission, Mine: office}
	default:
		return Next{Task: TaskRecognise, Mine: who.Can(practice.RightRecognise)}
	}
}

// Next tells what comes next for an entry of a movement that the actor has found.
func (s *Service) Next(ctx context.Context, who actor.Actor, e practice.Entry, m movement.Movement) (Next, error) {
	if !who.Can(practice.RightRead) || !who.Can(movement.RightRead) {
		return Next{}, forbidden()
	}
	c, err := s.rooms.Movements.Calendar(ctx, who, m.Code, e.Period)
	if err != nil {
		return Next{}, err
	}
	terms, err := rulebook.TermsIn(ctx, s.db)
	if err != nil {
		return Next{}, err
	}
	x := Situation{
		Status: e.Standing.Status(), OnRoute: e.Case != "", Own: e.Keeper() == who.Account, Consent: e.Consent,
		Typical: len(e.Standing.InForce(ledger.Typical, s.now.Today())) > 0,
	}
	if e.Open != nil {
		x.Parts = len(e.Open.Flags)
		if x.Edited, err = s.rooms.Practices.Mended(ctx, who, e); err != nil {
			return Next{}, err
		}
	}
	since := e.Standing.Acts[0].On
	for _, a := range e.Standing.Living() {
		if a.Kind == ledger.Resubmitted {
			x.Again, since = true, a.On
		}
	}
	var at Next // where it is done
	if x.OnRoute {
		if at, err = s.seatOf(ctx, who, e, c); err != nil {
			return Next{}, err
		}
		x.Vote = at.Mine
	}
	note, err := s.way(ctx, who, e, m, &x)
	if err != nil {
		return Next{}, err
	}
	next := x.Next(who)
	switch next.Task {
	case TaskVote:
		next.Key, next.Step, next.Due = at.Key, at.Step, at.Due
	case TaskAcceptNote, TaskAmendNote:
		next.Key = note
	default:
		next.Due = s.due(next.Task, since, within{c, terms.Receive})
	}
	next.DaysLeft = review.DaysLeft(s.now.Today(), next.Due, c.Off.Off)
	return next, nil
}

// seatOf is where the case of an entry waits, and whether for a vote of the actor's.
func (s *Service) seatOf(ctx context.Context, who actor.Actor, e practice.Entry, c movement.Calendar) (Next, error) {
	if !who.Can(review.RightRead) {
		return Next{}, nil
	}
	of, found, err := s.rooms.Reviews.Latest(ctx, who, practice.SubjectEntry, e.ID)
	if err != nil || !found {
		return Next{}, err
	}
	chairs, err := s.rooms.Reviews.Chairs(ctx, who)
	n := Next{Key: of.ID}
	for _, seat := range of.State.Awaited() {
		step := of.State.Plan.Steps[seat.Step]
		due := review.Due(seat.Since, step.Days, c.Off.Off)
		if mine := slices.Contains(chairs, seat.Account); mine || n.Step == "" {
			n.Mine, n.Step, n.Due = n.Mine || mine, step.Name, due
		}
	}
	return n, err
}

// way fills in how far an entry has come to a decision, and gives the note to look at.
func (s *Service) way(ctx context.Context, who actor.Actor, e practice.Entry, m movement.Movement, x *Situation) (note string, err error) {
	under := []ledger.Status{ledger.StatusReceived, ledger.StatusStarted, ledger.StatusRecognised}
	if !who.Can(appraisal.RightRead) || !slices.Contains(under, x.Status) {
		return "", nil
	}
	all, err := s.rooms.Appraisals.Standings(ctx, who, m.Level, s.now.Today(), []string{e.ID})
	if err != nil {
		return "", err
	}
	x.Way = all[e.ID]
	notes, err := s.rooms.Appraisals.Notes(ctx, who, e.ID)
	back := ""
	for _, n := range slices.Backward(notes) { // the oldest first
		switch n.State {
		case appraisal.Sent:
			if x.Sent++; note == "" {
				note = n.ID
			}
		case appraisal.Returned:
			if x.Back++; back == "" {
				back = n.ID
			}
		}
	}
	if note == "" {
		note = back
	}
	return note, err
}

// due is by when a task is done: within so many days of what came in, or until the phase of
// the calendar in which it is done ends.
func (s *Service) due(t Task, since clock.Date, c within) clock.Date {
	switch t {
	case TaskReceive, TaskLookAgain:
		return review.Due(since, c.receive, c.Off.Off)
	case TaskMend, TaskSendAgain:
		if r := (movement.Schedule{Phases: c.Phases, Off: c.Off}).MayRegister(s.now.Today()); r.State == movement.PhaseOpen {
			return r.Day
		}
	case TaskJudge, TaskMinutes:
		return lastOf(c.Calendar, movement.PhaseAppraisal)
	case TaskSubmission, TaskRecognise:
		return lastOf(c.Calendar, movement.PhaseRecognition)
	}
	return 0
}

// lastOf is the last day of the phases of a kind; none where the calendar has none.
func lastOf(c movement.Calendar, kind movement.PhaseKind) clock.Date {
	var last clock.Date
	for _, p := range c.Phases {
		if p.Kind == kind && !p.Sample {
			last = max(last, p.Last(c.Off))
		}
	}
	return last
}
