package worklist_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// TestWhatComesNext goes through every state and every role. A task with a "!" is done by
// whoever looks; the others are awaited.
func TestWhatComesNext(t *testing.T) {
	passed := appraisal.Standing{Result: true, Verdict: appraisal.Recognise}
	minutes, letter, typical := passed, passed, passed
	minutes.Minutes, letter.Minutes, letter.Submission = true, true, true
	typical.Minutes, typical.Submission, typical.Verdict = true, true, appraisal.Typical
	type of = worklist.Situation
	rows := []struct {
		name                                     string
		x                                        of
		leader, reporter, officer, administrator string
	}{
		{"registered", of{Status: ledger.StatusRegistered}, "receive", "receive", "receive!", "receive!"},
		{"registered, one's own", of{Status: ledger.StatusRegistered, Own: true}, "receive", "receive", "receive!", "receive!"},
		{"came in again", of{Status: ledger.StatusRegistered, Again: true}, "lookAgain", "lookAgain", "lookAgain!", "lookAgain!"},
		{"on a route", of{Status: ledger.StatusRegistered, OnRoute: true, Again: true}, "vote", "vote", "vote", "vote"},
		{"on a route, one's vote", of{Status: ledger.StatusRegistered, OnRoute: true, Vote: true}, "vote!", "vote!", "vote!", "vote!"},
		{"sent back", of{Status: ledger.StatusReturned, Parts: 2}, "mend", "mend!", "mend", "mend"},
		{"sent back, changed", of{Status: ledger.StatusReturned, Edited: true}, "mend", "sendAgain!", "mend", "mend"},
		{"sent back, typed for a unit", of{Status: ledger.StatusReturned, Own: true}, "mend", "mend!", "mend!", "mend!"},
		{"received", of{Status: ledger.StatusReceived}, "tell", "tell!", "start!", "start!"},
		{"received, told", of{Status: ledger.StatusReceived, Sent: 1}, "acceptNote", "acceptNote", "acceptNote!", "acceptNote!"},
		{"started", of{Status: ledger.StatusStarted}, "result", "result!", "result", "result"},
		{"started, typed for a unit", of{Status: ledger.StatusStarted, Own: true}, "result", "result!", "result!", "result!"},
		{"told and sent back", of{Status: ledger.StatusStarted, Sent: 1, Back: 1}, "acceptNote", "acceptNote", "acceptNote!", "acceptNote!"},
		{"a note sent back", of{Status: ledger.StatusStarted, Back: 1}, "amendNote", "amendNote!", "amendNote", "amendNote"},
		{"with a result", of{Status: ledger.StatusStarted, Way: appraisal.Standing{Result: true}}, "judge", "judge", "judge!", "judge!"},
		{"failed", of{Status: ledger.StatusStarted, Way: appraisal.Standing{Result: true, Verdict: appraisal.Failed}}, "below", "below", "below", "below"},
		{"passed, no more", of{Status: ledger.StatusStarted, Way: appraisal.Standing{Result: true, Verdict: appraisal.Passed}}, "below", "below", "below", "below"},
		{"put forward", of{Status: ledger.StatusStarted, Way: passed}, "minutes", "minutes", "minutes!", "minutes!"},
		{"put forward by minutes alone", of{Status: ledger.StatusStarted, Way: appraisal.Standing{Result: true, Minutes: true}}, "submission", "submission", "submission!", "submission!"},
		{"with minutes", of{Status: ledger.StatusStarted, Way: minutes}, "submission", "submission", "submission!", "submission!"},
		{"with a letter", of{Status: ledger.StatusStarted, Way: letter}, "recognise", "recognise", "recognise!", "recognise!"},
		{"recognised", of{Status: ledger.StatusRecognised, Way: letter}, "none", "none", "consent!", "consent!"},
		{"recognised, to be typical", of{Status: ledger.StatusRecognised, Way: typical}, "none", "none", "typical!", "typical!"},
		{"typical", of{Status: ledger.StatusRecognised, Way: typical, Typical: true}, "none", "none", "consent!", "consent!"},
		{"published", of{Status: ledger.StatusRecognised, Way: letter, Consent: true}, "none", "none", "none", "none"},
		{"suspended", of{Status: ledger.StatusSuspended}, "resume", "resume", "resume!", "resume!"},
		{"ended", of{Status: ledger.StatusEnded}, "stopped", "stopped", "stopped", "stopped"},
		{"refused", of{Status: ledger.StatusRefused}, "notTaken", "notTaken", "notTaken", "notTaken"},
		{"withdrawn", of{Status: ledger.StatusWithdrawn}, "withdrawn", "withdrawn", "withdrawn", "withdrawn"},
		{"struck off", of{Status: ledger.StatusStruckOff}, "stopped", "stopped", "stopped", "stopped"},
	}
	seen, tasks := map[ledger.Status]bool{}, map[worklist.Task]bool{}
	for _, row := range rows {
		seen[row.x.Status] = true
		for role, want := range map[string]string{app.RoleLeader: row.leader, app.RoleReporter: row.reporter, app.RoleOfficer: row.officer, app.RoleAdministrator: row.administrator} {
			got := row.x.Next(actor.Actor{Account: "x", Rights: app.Roles()[role]})
			tasks[got.Task] = true
			task, mine := strings.CutSuffix(want, "!")
			if string(got.Task) != task || got.Mine != mine {
				t.Errorf("%s, to a %s: %s, mine %v; want %s", row.name, role, got.Task, got.Mine, want)
			}
			if got.Label() == 0 || got.Mine && got.Task.Ends() {
				t.Errorf("%s, to a %s: %s has no word, or is done by somebody though it is nothing", row.name, role, got.Task)
			}
		}
	}
	for _, s := range ledger.Statuses() {
		if !seen[s] {
			t.Errorf("%s is not looked at", s)
		}
	}
	if len(tasks) != 22 {
		t.Errorf("%d tasks come of the table", len(tasks))
	}
}

// TestWhatWasSentBackIsMended by what was asked for, a document among it, and not by an
// officer's own correction of something else.
func TestWhatWasSentBackIsMended(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx := t.Context()
		officer, reporter := s.At(app.RoleOfficer, "D"), s.At(app.RoleReporter, "W1")
		e := s.Register(apptest.Registration())
		m, err := s.Movements.Get(ctx, s.System(), "M-2024")
		s.Must(err)
		s.Must(s.Practices.SendBack(ctx, officer, practice.SentBack{
			Step: practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-01")}, Flags: []practice.Flag{{Part: practice.PartEvidence, Note: "Gửi danh sách"}},
			Reasons: []practice.ReturnReason{practice.Incomplete},
		}))
		task := func() worklist.Task {
			t.Helper()
			got, err := s.Practices.Get(ctx, reporter, e.ID)
			s.Must(err)
			next, err := s.Worklist.Next(ctx, reporter, got, m)
			s.Must(err)
			return next.Task
		}
		in := apptest.Registration()
		in.Title += " (sửa lỗi chính tả)"
		_, err = s.Practices.Edit(ctx, officer, e.ID, e.Version, in)
		s.Must(err)
		if got := task(); got != worklist.TaskMend {
			t.Errorf("after an officer's correction it says %s", got)
		}
		pdf := "%PDF-1.4\n%%EOF\n"
		_, err = s.Practices.AddDocument(ctx, reporter, e.ID, "Danh sách", &practice.File{Name: "ds.pdf", Content: strings.NewReader(pdf), Size: int64(len(pdf))})
		s.Must(err)
		if got := task(); got != worklist.TaskSendAgain {
			t.Errorf("after the document came it says %s", got)
		}
	})
}

// TestNextIsReadFromTheRooms lives a year with one entry.
func TestNextIsReadFromTheRooms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx := t.Context()
		officer, reporter := s.At(app.RoleOfficer, "D"), s.At(app.RoleReporter, "W1")
		e := s.Register(apptest.Registration())
		m, err := s.Movements.Get(ctx, s.System(), "M-2024")
		s.Must(err)
		next := func() (string, worklist.Next) {
			t.Helper()
			var said []string
			var last worklist.Next
			for _, who := range []actor.Actor{reporter, officer} {
				got, err := s.Practices.Get(ctx, who, e.ID)
				s.Must(err)
				last, err = s.Worklist.Next(ctx, who, got, m)
				s.Must(err)
				said = append(said, fmt.Sprintf("%s %v", last.Task, last.Mine))
			}
			return strings.Join(said, ", "), last
		}
		wants := func(want string) worklist.Next {
			t.Helper()
			got, last := next()
			if got != want {
				t.Errorf("it says %s, not %s", got, want)
			}
			return last
		}
		if n := wants("receive false, receive true"); n.Due == 0 {
			t.Error("nobody says by when it is received")
		}
		s.Must(s.Practices.SendBack(ctx, officer, practice.SentBack{
			Step: practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-01"), Reason: "Thiếu"}, Flags: []practice.Flag{{Part: "goals", Note: "Nêu số"}, {Part: "title", Note: "Ngắn hơn"}},
			Reasons: []practice.ReturnReason{practice.Incomplete},
		}))
		if n := wants("mend true, mend false"); n.Count != 2 {
			t.Errorf("%d parts", n.Count)
		}
		s.Must(s.Practices.Resubmit(ctx, reporter, step(e.ID)))
		wants("lookAgain false, lookAgain true")
		s.Must(s.Practices.Receive(ctx, officer, step(e.ID)))
		wants("tell true, start true")
		note, err := s.Appraisals.Report(ctx, reporter, appraisal.NoteInput{Entry: e.ID, Kind: appraisal.Progress, On: apptest.Day("2024-04-01"), Text: "Đã bắt đầu"})
		s.Must(err)
		if n := wants("acceptNote false, acceptNote true"); n.Key != note.ID || n.Count != 1 {
			t.Errorf("the note is %+v", n)
		}
		s.Must(s.Appraisals.SendBack(ctx, officer, note.ID, "Chưa rõ"))
		if n := wants("amendNote true, amendNote false"); n.Key != note.ID {
			t.Errorf("the note is %+v", n)
		}
		note, err = s.Appraisals.Note(ctx, reporter, note.ID)
		s.Must(err)
		_, err = s.Appraisals.Amend(ctx, reporter, note.ID, note.Version, appraisal.NoteInput{Entry: e.ID, Kind: appraisal.Progress, On: apptest.Day("2024-04-01"), Text: "Đã bắt đầu"})
		s.Must(err)
		s.Must(s.Appraisals.Accept(ctx, officer, note.ID))
		wants("result true, result false")
		decision := s.Decide("1/QĐ", "2024-09-01")
		s.Papers(decision, e.ID)
		wants("recognise false, recognise true")
		s.Must(s.Practices.Recognise(ctx, officer, decision.ID, []string{e.ID}))
		wants("none false, consent true")
	})
}
