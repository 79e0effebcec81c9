package app_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// onRoute is a small house with a route from a group over its ward to the district with a
// committee beside, and the accounts to1 (group), phuong1 (ward), quan (district), uv1 to
// uv3 (committee) and quantri.
type onRoute struct {
	apptest.Small
	t  *testing.T
	id string
}

func newOnRoute(t *testing.T, d *db.DB) *onRoute {
	t.Helper()
	s := apptest.NewSmall(t, d)
	o := &onRoute{Small: s, t: t}
	_, err := s.Identity.Bootstrap(t.Context(), "quantri", "Quản trị", sample.Password)
	s.Must(err)
	for name, at := range map[string][2]string{
		"to1": {app.RoleLeader, "W1.G"}, "bao1": {app.RoleReporter, "W1.G"}, "phuong1": {app.RoleOfficer, "W1"}, "quan": {app.RoleOfficer, "D"}, "phuong2": {app.RoleOfficer, "W2"},
		"uv1": {app.RoleLeader, "D"}, "uv2": {app.RoleLeader, "D"}, "uv3": {app.RoleLeader, "W2"},
	} {
		login(t, s, name, at[0], at[1])
	}
	r, err := s.Reviews.Create(t.Context(), s.System(), review.Input{Name: "Đăng ký", Purpose: review.Registration, Movement: "M-2024", Unit: "D", Overseer: "D"})
	s.Must(err)
	o.id = r.ID
	s.Must(s.Reviews.Draw(t.Context(), s.System(), r.ID, 1, o.plan()))
	s.Must(s.Reviews.SwitchOn(t.Context(), s.System(), r.ID, 2))
	return o
}

func (o *onRoute) as(login string) actor.Actor {
	o.t.Helper()
	who, err := o.Identity.ActorByLogin(o.t.Context(), login, actor.Web, "")
	o.Must(err)
	return who
}

func (o *onRoute) account(login string) string { return o.as(login).Account }

func (o *onRoute) plan() review.Plan {
	step := func(name string, groups ...review.Group) review.Step {
		return review.Step{Name: name, Days: 2, Return: true, Refuse: true, Groups: groups}
	}
	return review.Plan{Steps: []review.Step{
		step("Tổ dân phố", review.Group{At: review.AtOwn, Rule: review.Any}),
		step("Phường", review.Group{At: review.AtAbove, Level: "commune", Role: app.RoleOfficer, Rule: review.Any}),
		step("Quận",
			review.Group{At: review.AtAbove, Level: "district", Role: app.RoleOfficer, Rule: review.Any},
			review.Group{Name: "Tổ thẩm định", At: review.AtPeople, Accounts: []string{o.account("uv1"), o.account("uv2"), o.account("uv3")}, Rule: review.Some, Need: 2}),
	}}
}

// caseOf is the case of an entry.
func (o *onRoute) caseOf(e practice.Entry) review.Case {
	o.t.Helper()
	c, ok, err := o.Reviews.Latest(o.t.Context(), o.System(), practice.SubjectEntry, e.ID)
	o.Must(err)
	if !ok {
		o.t.Fatal("the entry has no case")
	}
	return c
}

func (o *onRoute) waits(login string) int {
	o.t.Helper()
	all, err := o.Reviews.Waiting(o.t.Context(), o.as(login))
	o.Must(err)
	return len(all)
}

func (o *onRoute) status(e practice.Entry) ledger.Status {
	o.t.Helper()
	e, err := o.Practices.Get(o.t.Context(), o.System(), e.ID)
	o.Must(err)
	return e.Standing.Status()
}

// ballot is the form of a case as a reviewer fills it.
func ballot(at review.Case, group int, account, kind string, more ...string) url.Values {
	form := url.Values{"step": {strconv.Itoa(at.State.Step)}, "seat": {strconv.Itoa(group) + "." + account}, "kind": {kind}, "to": {"-1"}}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

// along follows one entry along the route by the pages.
type along struct {
	*onRoute
	e      practice.Entry
	people map[string]*apptest.Client
}

func (a along) does(login string, group int, kind string, want int, more ...string) {
	a.t.Helper()
	c := a.caseOf(a.e)
	if got := a.people[login].Post("/admin/reviews/"+c.ID, ballot(c, group, a.account(login), kind, more...)); got.Status != want {
		a.t.Fatalf("%s %s: %d\n%s", login, kind, got.Status, got.Body)
	}
}

func (a along) stands(step int, phase review.Phase) {
	a.t.Helper()
	if c := a.caseOf(a.e); c.State.Step != step || c.State.Phase != phase {
		a.t.Fatalf("the case is %s at step %d, not %s at %d", c.State.Phase, c.State.Step, phase, step)
	}
}

// TestTheWayOfAnEntryAlongARoute goes from the group over the ward to the district with a
// committee beside.
func TestTheWayOfAnEntryAlongARoute(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOnRoute(t, d)
		site := apptest.Serve(t, o.House)
		a := along{o, o.Register(apptest.Registration()), map[string]*apptest.Client{}}
		for _, login := range []string{"to1", "phuong1", "quan", "phuong2", "uv1", "uv2", "uv3"} {
			a.people[login] = apptest.As(t, site, login)
		}
		if p := a.people["quan"].Get("/admin/entries/" + a.e.Code); !strings.Contains(p.Body, "Các bước xét duyệt") || strings.Contains(p.Body, "/"+a.e.Code+"/receive") {
			t.Error("the page of the entry does not show its steps, or offers to receive it by hand")
		}
		if p := a.people["phuong2"].Get("/admin/reviews/" + o.caseOf(a.e).ID); p.Status != http.StatusNotFound {
			t.Errorf("an officer of another ward gets %d for the case", p.Status)
		}
		a.does("phuong1", 0, "approved", http.StatusForbidden)
		a.does("to1", 0, "approved", http.StatusSeeOther)
		a.stands(1, review.PhaseOpen)
		a.does("phuong1", 0, "approved", http.StatusSeeOther)
		a.stands(2, review.PhaseOpen)
		if p := a.people["uv3"].Get("/admin/reviews/" + o.caseOf(a.e).ID); p.Status != http.StatusOK || !strings.Contains(p.Body, "cùng làm") {
			t.Errorf("a member of the committee from another ward cannot read what to judge: %d", p.Status)
		}
		a.does("uv1", 1, "approved", http.StatusSeeOther)
		a.does("quan", 0, "returned", http.StatusUnprocessableEntity, "text", "Bổ sung cách làm")
		a.does("quan", 0, "returned", http.StatusSeeOther, "text", "Bổ sung cách làm", "reason", "unclear", "to", "0", "part", "approach")
		a.stands(0, review.PhaseOpen)
		if o.waits("phuong1") != 0 || o.waits("uv1") != 0 || o.waits("to1") != 1 {
			t.Error("others than who was asked review again")
		}
		a.does("to1", 0, "approved", http.StatusSeeOther)
		a.stands(2, review.PhaseOpen) // the ward keeps its approval, and so does uv1
		a.does("quan", 0, "returned", http.StatusSeeOther, "text", "Nêu rõ hơn", "reason", "unclear", "part", "approach")
		a.stands(2, review.PhaseRegistrant)
		if o.status(a.e) != ledger.StatusReturned {
			t.Errorf("the entry is %s", o.status(a.e))
		}
		o.Must(o.Practices.Resubmit(t.Context(), o.as("bao1"), practice.Step{Entries: []string{a.e.ID}, On: o.Now.Today()}))
		a.stands(2, review.PhaseOpen)
		if o.waits("quan") != 1 || o.waits("to1")+o.waits("phuong1")+o.waits("uv1") != 0 || o.waits("uv2") != 1 {
			t.Error("only who asked, and who has not voted yet, is awaited")
		}
		a.does("quan", 0, "approved", http.StatusSeeOther)
		a.does("uv3", 1, "approved", http.StatusSeeOther)
		a.stands(3, review.PhasePassed)
		if o.status(a.e) != ledger.StatusReceived {
			t.Errorf("the entry is %s", o.status(a.e))
		}
		n := 0
		for _, event := range o.caseOf(a.e).Events {
			if event.Vote() {
				n++
			}
		}
		if n != 8 {
			t.Errorf("%d votes are kept of 8", n)
		}
	})
}

func TestWhatARouteDecidesIsNotDecidedByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOnRoute(t, d)
		ctx, e := t.Context(), o.Register(apptest.Registration())
		step := practice.Step{Entries: []string{e.ID}, On: o.Now.Today(), Reason: "thử"}
		for name, do := range map[string]func() error{
			"receive": func() error { return o.Practices.Receive(ctx, o.System(), step) },
			"return":  func() error { return o.Practices.Return(ctx, o.System(), step) },
			"refuse":  func() error { return o.Practices.Refuse(ctx, o.System(), step) },
		} {
			if err := do(); !errs.Is(err, errs.Conflict) {
				t.Errorf("%s by hand: %v", name, err)
			}
		}
		c := o.caseOf(e)
		if _, err := o.Reviews.TakeOut(ctx, o.as("quan"), c.ID, "vội"); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an officer takes a case out: %v", err)
		}
		if _, err := o.Reviews.TakeOut(ctx, o.as("quantri"), c.ID, " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		_, err := o.Reviews.TakeOut(ctx, o.as("quantri"), c.ID, "Tổ trưởng đã thôi việc")
		o.Must(err)
		o.Must(o.Practices.Receive(ctx, o.System(), step))
		if o.waits("to1") != 0 || o.status(e) != ledger.StatusReceived {
			t.Error("the case still waits")
		}
		in := apptest.Registration()
		in.Title = "Rút lại"
		gone := o.Register(in)
		o.Must(o.Practices.Withdraw(ctx, o.as("bao1"), practice.Step{Entries: []string{gone.ID}, On: o.Now.Today()}))
		if c := o.caseOf(gone); c.State.Phase != review.PhaseWithdrawn {
			t.Errorf("the case of what was withdrawn is %s", c.State.Phase)
		}
		in.Title = "Từ chối"
		no := o.Register(in)
		_, err = o.Reviews.Vote(ctx, o.as("to1"), o.caseOf(no).ID, review.VoteInput{Kind: review.Refused, Text: "Trùng"})
		o.Must(err)
		if o.status(no) != ledger.StatusRefused {
			t.Errorf("the entry is %s", o.status(no))
		}
	})
}

func TestCasesKeepTheVersionUnderWhichTheyBegan(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOnRoute(t, d)
		ctx, old := t.Context(), o.Register(apptest.Registration())
		r, err := o.Reviews.Route(ctx, o.System(), o.id)
		o.Must(err)
		short := review.Plan{Steps: o.plan().Steps[:1]}
		o.Must(o.Reviews.Draw(ctx, o.System(), o.id, r.Version, short))
		o.Must(o.Reviews.SwitchOn(ctx, o.System(), o.id, r.Version+1))
		in := apptest.Registration()
		in.Title = "Mới"
		if got := len(o.caseOf(o.Register(in)).State.Plan.Steps); got != 1 {
			t.Errorf("a new case has %d steps", got)
		}
		if got := len(o.caseOf(old).State.Plan.Steps); got != 3 {
			t.Errorf("the old case has %d steps", got)
		}
		if err := o.Reviews.Draw(ctx, o.System(), o.id, r.Version, short); !errs.Is(err, errs.Conflict) {
			t.Errorf("an older version of the form is taken: %v", err)
		}
		if _, err := o.Reviews.Route(ctx, o.as("phuong1"), o.id); !errs.Is(err, errs.NotFound) {
			t.Errorf("an officer of a ward sees the route of the district: %v", err)
		}
		if _, err := o.Reviews.Create(ctx, o.as("phuong1"), review.Input{Name: "x", Purpose: review.Registration, Unit: "W2"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("an officer draws a route for another ward: %v", err)
		}
		// A ward's own route does not go round that of the district.
		own, err := o.Reviews.Create(ctx, o.as("phuong1"), review.Input{Name: "Riêng", Purpose: review.Registration, Movement: "M-2024", Unit: "W1"})
		o.Must(err)
		o.Must(o.Reviews.Draw(ctx, o.as("phuong1"), own.ID, 1, short))
		o.Must(o.Reviews.SwitchOn(ctx, o.as("phuong1"), own.ID, 2))
		in.Title = "Vẫn theo quận"
		if c := o.caseOf(o.Register(in)); c.Route != o.id {
			t.Error("a ward goes round the route of its district")
		}
	})
}

func TestStandInsAndThoseWhoAreNotEntitled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOnRoute(t, d)
		ctx, e, today := t.Context(), o.Register(apptest.Registration()), o.Now.Today()
		c := o.caseOf(e)
		if _, err := o.Reviews.Delegate(ctx, o.as("phuong1"), review.AwayInput{StandIn: "to1", From: today, To: today + 3}); !errs.Is(err, errs.Invalid) {
			t.Errorf("somebody with less stands in: %v", err)
		}
		_, err := o.Reviews.Delegate(ctx, o.as("to1"), review.AwayInput{StandIn: "phuong1", From: today, To: today + 3})
		o.Must(err)
		instead := review.VoteInput{Kind: review.Approved, For: o.account("to1")}
		if _, err := o.Reviews.Vote(ctx, o.as("quan"), c.ID, instead); !errs.Is(err, errs.Forbidden) {
			t.Errorf("somebody who was not named stands in: %v", err)
		}
		if o.waits("phuong1") != 1 {
			t.Error("the stand-in does not see what waits")
		}
		c, err = o.Reviews.Vote(ctx, o.as("phuong1"), c.ID, instead)
		o.Must(err)
		var last review.Event
		for _, event := range c.Events {
			if event.Vote() {
				last = event
			}
		}
		if last.By != o.account("phuong1") || last.For != o.account("to1") {
			t.Errorf("the vote is kept of %s for %s", last.By, last.For)
		}
		// Who has lost the role since the step opened is refused; another who has it now is not.
		account, err := o.Identity.ByLogin(ctx, o.System(), "phuong1")
		o.Must(err)
		o.Must(o.Identity.EndGrant(ctx, o.System(), account.Grants[0].ID, today))
		gone := o.as("quan")
		gone.Account = account.ID
		if _, err := o.Reviews.Vote(ctx, gone, c.ID, review.VoteInput{Kind: review.Approved, Step: 1}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("who has lost the role votes: %v", err)
		}
		login(t, o.Small, "phuongmoi", app.RoleOfficer, "W1")
		if _, err := o.Reviews.Reassign(ctx, o.as("quan"), c.ID, review.Swap{Step: 1, Into: "quan", Reason: "x"}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an officer gives a seat away: %v", err)
		}
		_, err = o.Reviews.Vote(ctx, o.as("phuongmoi"), c.ID, review.VoteInput{Kind: review.Approved, Step: 1})
		o.Must(err)
		_, err = o.Reviews.Reassign(ctx, o.as("quantri"), c.ID, review.Swap{Step: 2, Group: 1, From: o.account("uv3"), Into: "phuong2", Reason: "Nghỉ ốm"})
		o.Must(err)
		if o.waits("uv3") != 0 || o.waits("phuong2") != 1 {
			t.Error("the seat was not given on")
		}
	})
}

func TestDeadlinesRemindOnceAndEscalate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		first := newOnRoute(t, d)
		at := clock.Clock(clock.System).Today() // the roles of the accounts begin today
		for at.Midnight().In(clock.VietNam()).Weekday() != time.Friday || near(at) {
			at++
		}
		house := func(days int) *onRoute {
			h := app.Build(d, first.Files, clock.Fixed((at + clock.Date(days)).Midnight().Add(9*time.Hour)), first.Logger)
			small := first.Small
			small.House = h
			return &onRoute{Small: small, t: t, id: first.id}
		}
		e := house(0).Register(apptest.Registration())
		unread := func(login string) int {
			n, err := first.Identity.Unread(t.Context(), first.as(login))
			first.Must(err)
			return n
		}
		to1, phuong1 := unread("to1"), unread("phuong1")
		for _, c := range []struct{ days, to1, phuong1 int }{
			{0, 0, 0}, {2, 0, 0}, // two working days after a Friday are the Tuesday: on Sunday two are left
			{3, 1, 0}, {4, 1, 0}, // on Monday one is left, on Tuesday it ends
			{5, 2, 1}, {6, 2, 1}, // late, and told to the step above, once
		} {
			for range 2 {
				first.Must(house(c.days).Reviews.RemindDue(t.Context(), first.System()))
			}
			if a, b := unread("to1")-to1, unread("phuong1")-phuong1; a != c.to1 || b != c.phuong1 {
				t.Errorf("after %d days the reviewer has %d notices and the step above %d", c.days, a, b)
			}
		}
		late, err := house(6).Reviews.Waiting(t.Context(), first.as("to1"))
		first.Must(err)
		if len(late) != 1 || late[0].Subject.Code != e.Code || late[0].DaysLeft != -2 || late[0].Due != at+4 {
			t.Errorf("what waits is %+v", late)
		}
		tuesday := at + 4
		first.Must(first.Movements.SetHolidays(t.Context(), first.System(), tuesday.Year(), []movement.Holiday{{Day: tuesday, Name: "Nghỉ bù"}}))
		late, err = house(6).Reviews.Waiting(t.Context(), first.as("to1"))
		first.Must(err)
		c, err := house(6).Reviews.Case(t.Context(), first.as("to1"), late[0].Case)
		first.Must(err)
		if late[0].DaysLeft != -1 || late[0].Due != at+5 || c.Due(late[0].Seat) != at+5 {
			t.Errorf("over a day off what waits is %+v, in its case due on %s", late, c.Due(late[0].Seat))
		}
	})
}

// near tells whether a holiday with a fixed date lies in the week after a day.
func near(d clock.Date) bool {
	for i := range clock.Date(8) {
		for _, h := range movement.FixedHolidays((d + i).Year()) {
			if h.Day == d+i {
				return true
			}
		}
	}
	return false
}

func TestATrialTellsWhoAndWritesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOnRoute(t, d)
		ctx := t.Context()
		plan := o.plan()
		plan.Steps[1].Groups[0].Role = app.RoleAdministrator // nobody
		plan.Steps[2].Groups[1].Need = 4                     // of three
		plan.Steps[2].Groups = append(plan.Steps[2].Groups, review.Group{At: review.AtOwn, Rule: review.All})
		r, err := o.Reviews.Route(ctx, o.System(), o.id)
		o.Must(err)
		o.Must(o.Reviews.Draw(ctx, o.System(), o.id, r.Version, plan))
		e := o.Register(apptest.Registration())
		of, err := o.Practices.Subject(ctx, o.System(), e.Code)
		o.Must(err)
		before := len(o.caseOf(e).Events)
		trial, err := o.Reviews.Try(ctx, o.System(), o.id, 2, of, []review.VoteInput{{Kind: review.Approved, For: o.account("to1")}})
		o.Must(err)
		steps := trial.Steps
		if len(steps) != 3 || len(steps[0].Groups[0].Accounts) != 1 || trial.Names[steps[0].Groups[0].Accounts[0]] == "" {
			t.Fatalf("the trial has %+v", steps)
		}
		if len(steps[1].Groups[0].Warnings) != 1 || len(steps[2].Groups[1].Warnings) != 1 || len(steps[2].Warnings) != 1 || steps[2].Due <= steps[0].Due {
			t.Errorf("warnings are missing, or days turned: %+v", steps)
		}
		if trial.State.Step != 1 || trial.State.Phase != review.PhaseOpen || len(o.caseOf(e).Events) != before {
			t.Errorf("after the decision it is %s at %d", trial.State.Phase, trial.State.Step)
		}
		site := apptest.Serve(t, o.House)
		quan := apptest.As(t, site, "quan")
		if a := quan.Get("/admin/routes/" + o.id + "/try?entry=" + e.Code); a.Status != http.StatusOK || !strings.Contains(a.Body, "Chưa có ai để xét") {
			t.Errorf("the page of the trial: %d", a.Status)
		}
		// The form of the steps works without a script: a step is added, moved, removed.
		form := url.Values{"version": {"4"}, "steps": {"1"}, "s0.name": {"Một"}, "s0.groups": {"1"}, "s0g0.at": {"own"}, "s0g0.rule": {"any"}, "do": {"add"}}
		a := quan.Post("/admin/routes/"+o.id+"/steps", form)
		if a.Status != http.StatusOK || !strings.Contains(a.Body, `name="s1.name"`) || !strings.Contains(a.Body, `value="Một"`) {
			t.Errorf("a step more: %d", a.Status)
		}
		form.Del("do")
		form.Set("s0.name", "")
		if a := quan.Post("/admin/routes/"+o.id+"/steps", form); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("a step without a name: %d", a.Status)
		}
		form.Set("s0.name", "Một bước")
		if a := quan.Post("/admin/routes/"+o.id+"/steps", form); a.Status != http.StatusSeeOther {
			t.Errorf("a sound draft: %d", a.Status)
		}
	})
}

func TestWithoutARouteEverythingIsAsBefore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOnRoute(t, d)
		ctx := t.Context()
		_, err := o.Movements.Launch(ctx, o.System(), movement.Input{
			Code: "M-KHAC", Name: "Phong trào khác", Level: "district", Unit: "D", StandingBody: "D.B", LaunchedOn: apptest.Day("2024-01-02"),
			Period: movement.PeriodInput{Name: "Năm 2024", From: apptest.Day("2024-01-01"), To: apptest.Day("2024-12-31")},
		})
		o.Must(err)
		in := apptest.Registration()
		in.Movement = "M-KHAC"
		e := o.Register(in)
		if _, ok, err := o.Reviews.Latest(ctx, o.System(), practice.SubjectEntry, e.ID); ok || err != nil {
			t.Fatalf("it has a case: %v", err)
		}
		o.Must(o.Practices.Receive(ctx, o.System(), practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-01")}))
	})
}
