package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// everyRole is a house in which one person of each role, and a second officer, sits in the
// only step of the route for ward W1.
type everyRole struct {
	*onRoute
	people []string
}

func newEveryRole(t *testing.T, d *db.DB) everyRole {
	t.Helper()
	x := everyRole{newOnRoute(t, d), []string{app.RoleAdministrator, app.RoleOfficer, app.RoleReporter, app.RoleLeader, "officer2"}}
	var seats []string
	for _, name := range x.people {
		login(t, x.Small, name, strings.TrimSuffix(name, "2"), "W1")
		seats = append(seats, x.account(name))
	}
	r, err := x.Reviews.Route(t.Context(), x.System(), x.id)
	x.Must(err)
	x.Must(x.Reviews.Draw(t.Context(), x.System(), x.id, r.Version, review.Plan{Steps: []review.Step{{
		Name: "Phường", Return: true, Refuse: true, Groups: []review.Group{{At: review.AtPeople, Accounts: seats, Rule: review.All}},
	}}}))
	x.Must(x.Reviews.SwitchOn(t.Context(), x.System(), x.id, r.Version+1))
	return x
}

func (x everyRole) registeredBy(who, title, declaredBy string) practice.Entry {
	x.t.Helper()
	in := apptest.Registration()
	in.Title, in.Subject, in.DeclaredBy = title, "Tổ "+title, declaredBy
	e, err := x.Practices.Register(x.t.Context(), x.as(who), in)
	x.Must(err)
	return e
}

// refusedTo tells whether a vote is refused because of an own interest.
func (x everyRole) refusedTo(who string, e practice.Entry) bool {
	_, err := x.Reviews.Vote(x.t.Context(), x.as(who), x.caseOf(e).ID, review.VoteInput{Kind: review.Approved})
	all := errs.All(err)
	if err != nil && (len(all) != 1 || all[0].Key != i18n.ReviewPartial || all[0].Kind != errs.Forbidden) {
		x.t.Errorf("%s votes: %v", who, err)
	}
	return err != nil
}

func TestNobodyReviewsWhatIsTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newEveryRole(t, d)
		for _, registrant := range []string{app.RoleAdministrator, app.RoleOfficer, app.RoleReporter} {
			e := x.registeredBy(registrant, "Của "+registrant, "")
			for _, who := range x.people {
				own := who == registrant || who == app.RoleReporter
				if got := x.refusedTo(who, e); got != own {
					t.Errorf("what %s registered: %s is refused: %v", registrant, who, got)
				}
			}
			if c := x.caseOf(e); c.State.Phase != review.PhasePassed {
				t.Errorf("what %s registered is %s after all others approved", registrant, c.State.Phase)
			}
		}
		behalf := x.registeredBy(app.RoleOfficer, "Nhập thay", "Bà Mẫu")
		if x.refusedTo(app.RoleOfficer, behalf) {
			t.Error("who typed what another declared may not review it")
		}
		own, today := x.registeredBy(app.RoleOfficer, "Đi vắng", ""), x.Now.Today()
		_, err := x.Reviews.Delegate(t.Context(), x.as("officer2"), review.AwayInput{StandIn: app.RoleOfficer, From: today, To: today + 3})
		x.Must(err)
		_, err = x.Reviews.Vote(t.Context(), x.as(app.RoleOfficer), x.caseOf(own).ID, review.VoteInput{Kind: review.Approved, For: x.account("officer2")})
		if !errs.Is(err, errs.Forbidden) {
			t.Errorf("who registered it votes in the place of another: %v", err)
		}
		_, err = x.Reviews.Reassign(t.Context(), x.as("quantri"), x.caseOf(own).ID, review.Swap{From: x.account("officer2"), Into: app.RoleOfficer, Reason: "thử"})
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("the seat goes to who registered it: %v", err)
		}
		trial, err := x.Reviews.Try(t.Context(), x.System(), x.id, 2, x.caseOf(own).Subject, nil)
		x.Must(err)
		if g := trial.Steps[0].Groups[0]; len(g.Accounts) != 3 || len(g.Warnings) != 1 {
			t.Errorf("a trial seats %d with %d warnings", len(g.Accounts), len(g.Warnings))
		}
		site := apptest.Serve(t, x.House)
		for who, sees := range map[string]bool{app.RoleOfficer: true, app.RoleReporter: true, app.RoleLeader: false, app.RoleAdministrator: false} {
			page := apptest.As(t, site, who).Get("/admin/reviews/" + x.caseOf(own).ID)
			if page.Status != http.StatusOK || strings.Contains(page.Body, "xung đột lợi ích") != sees || strings.Contains(page.Body, `name="kind"`) == sees {
				t.Errorf("%s sees %d of the case, and that it is their own: %v", who, page.Status, !sees)
			}
		}
	})
}

// TestWhoLeadsAndReportsMayReview: only the own registrations are barred to somebody who has
// both roles at a unit.
func TestWhoLeadsAndReportsMayReview(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newEveryRole(t, d)
		found, err := x.Identity.Get(t.Context(), x.System(), x.account(app.RoleLeader))
		x.Must(err)
		_, err = x.Identity.Grant(t.Context(), x.System(), found.ID, identity.GrantInput{Role: app.RoleReporter, Unit: found.Unit})
		x.Must(err)
		if x.refusedTo(app.RoleLeader, x.registeredBy(app.RoleOfficer, "Của người khác", "")) {
			t.Error("who leads and reports may review nothing of the unit")
		}
		if !x.refusedTo(app.RoleLeader, x.registeredBy(app.RoleLeader, "Của mình", "")) {
			t.Error("who registered it reviews it")
		}
	})
}

func TestWhatIsReviewedIsNotChangedByItsUnit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newEveryRole(t, d)
		e := x.registeredBy(app.RoleAdministrator, "Đang xét", "")
		edit := func(who string) error {
			now, err := x.Practices.Get(t.Context(), x.System(), e.ID)
			x.Must(err)
			in := apptest.Registration()
			in.Title, in.Subject = "Đang xét", "Tổ Đang xét"
			in.Parts.Goals = "Sửa bởi " + who
			_, err = x.Practices.Edit(t.Context(), x.as(who), e.ID, now.Version, in)
			return err
		}
		for who, ok := range map[string]bool{app.RoleAdministrator: false, app.RoleReporter: false, app.RoleOfficer: true} {
			if err := edit(who); (err == nil) != ok || err != nil && !errs.Is(err, errs.Conflict) {
				t.Errorf("%s changes what is reviewed: %v", who, err)
			}
		}
		if err := edit(app.RoleLeader); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a leader changes it: %v", err)
		}
		site := apptest.Serve(t, x.House)
		if a := apptest.As(t, site, app.RoleReporter).Get("/admin/entries/" + e.Code + "/edit"); a.Status != http.StatusConflict || !strings.Contains(a.Body, "đang được xét duyệt") {
			t.Errorf("the form of what is reviewed: %d", a.Status)
		}
		_, err := x.Reviews.Vote(t.Context(), x.as(app.RoleOfficer), x.caseOf(e).ID, review.VoteInput{
			Kind: review.Returned, To: review.Registrant, Text: "Bổ sung", Reasons: []review.Reason{"missing"}, Parts: []string{"goals"},
		})
		x.Must(err)
		if err := edit(app.RoleReporter); err != nil {
			t.Errorf("what was sent back is not open to its unit: %v", err)
		}
	})
}

func TestNobodyAppraisesWhatIsTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newEveryRole(t, d)
		for _, registrant := range []string{app.RoleAdministrator, app.RoleOfficer, app.RoleReporter} {
			e := x.registeredBy(registrant, "Của "+registrant, "")
			_, err := x.Reviews.TakeOut(t.Context(), x.as("quantri"), x.caseOf(e).ID, "thử")
			x.Must(err)
			x.Must(x.Practices.Receive(t.Context(), x.System(), practice.Step{Entries: []string{e.ID}, On: x.Now.Today()}))
			version := 0
			for _, who := range append(x.people, "quan") {
				got, err := x.Appraisals.Judge(t.Context(), x.as(who), appraisal.At{Entry: e.ID}, appraisal.VerdictInput{Verdict: appraisal.Passed, Version: version})
				may := who != registrant && who != app.RoleReporter && who != app.RoleLeader
				if (err == nil) != may || err != nil && !errs.Is(err, errs.Forbidden) {
					t.Errorf("%s judges what %s registered: %v", who, registrant, err)
				}
				if err == nil {
					version = got.Version
				}
				if who == registrant && registrant != app.RoleReporter && errs.All(err)[0].Key != i18n.AppraisalRegistrant {
					t.Errorf("%s is not told why: %v", who, err)
				}
			}
		}
	})
}
