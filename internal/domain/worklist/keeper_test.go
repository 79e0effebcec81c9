package worklist_test

import (
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// TestWhoWasHandedAnEntrySeesToIt: it is among the own entries, comes next to do, and is
// nobody's to judge who sees to it or typed it.
func TestWhoWasHandedAnEntrySeesToIt(t *testing.T) {
	eachStaff(t, func(t *testing.T, s staff) {
		ctx := t.Context()
		e := s.leaves(t)
		_, err := s.Worklist.CloseAccount(ctx, s.System(), s.from.ID, "ketiep")
		s.Must(err)
		heir, err := s.Identity.Actor(ctx, s.to.ID, actor.Web)
		s.Must(err)
		e, err = s.Practices.Get(ctx, heir, e.Code)
		s.Must(err)
		if e.Keeper() != s.to.ID {
			t.Errorf("%q sees to it", e.Keeper())
		}
		if all, err := s.Worklist.Typed(ctx, heir, e.Period, 10); err != nil || len(all) != 1 || all[0].Entry != e.ID {
			t.Errorf("own entries: %+v, %v", all, err)
		}
		m, err := s.Movements.Get(ctx, s.System(), "M-2024")
		s.Must(err)
		both := s.At(app.RoleOfficer, "W1") // an officer who may do both mends only what is the own
		both.Account = s.to.ID
		if next, err := s.Worklist.Next(ctx, both, e, m); err != nil || next.Task != worklist.TaskMend || !next.Mine {
			t.Errorf("comes next: %+v, %v", next, err)
		}
		s.Must(s.Practices.Resubmit(ctx, s.System(), practice.Step{Entries: []string{e.ID}, On: s.Now.Today()}))
		s.Must(s.Practices.Receive(ctx, s.System(), practice.Step{Entries: []string{e.ID}, On: s.Now.Today()}))
		for name, account := range map[string]string{"who typed it": s.from.ID, "who was handed it": s.to.ID} {
			judge := s.At(app.RoleOfficer, "D")
			judge.Account = account
			_, err := s.Appraisals.Judge(ctx, judge, appraisal.At{Entry: e.ID}, appraisal.VerdictInput{Verdict: appraisal.Recognise})
			if all := errs.All(err); len(all) != 1 || all[0].Key != i18n.AppraisalRegistrant {
				t.Errorf("%s judges it: %v", name, err)
			}
		}
	})
}

// TestAClosedAccountStandsInForNobody: nobody waits for its vote, and no letter goes to it.
func TestAClosedAccountStandsInForNobody(t *testing.T) {
	eachStaff(t, func(t *testing.T, s staff) {
		ctx := t.Context()
		s.leaves(t)
		away, err := s.Identity.Actor(ctx, s.to.ID, actor.Web)
		s.Must(err)
		today := s.Now.Today()
		_, err = s.Reviews.Delegate(ctx, away, review.AwayInput{StandIn: "roidi", From: today, To: today + 5})
		s.Must(err)
		s.Must(s.restarted(t, s.Now().Add(time.Minute), &post{}).Worklist.SendDigests(ctx))
		hand, err := s.Worklist.InHandOf(ctx, s.System(), s.from.ID)
		if err != nil || len(hand.StandIns) != 1 || hand.Nothing() {
			t.Errorf("in hand: %+v, %v", hand, err)
		}
		_, err = s.Worklist.CloseAccount(ctx, s.System(), s.from.ID, "")
		s.Must(err)
		if all, err := s.Reviews.Aways(ctx, away); err != nil || len(all) != 0 {
			t.Errorf("it still stands in: %+v, %v", all, err)
		}
		found := false
		notices, err := s.Identity.Inbox(ctx, away, 10)
		s.Must(err)
		for _, n := range notices {
			found = found || n.Key == i18n.WorklistNoticeStandInGone
		}
		if !found {
			t.Errorf("who is away hears of it not: %+v", notices)
		}
		all, _, err := s.Outbox.List(ctx, s.System(), outbox.Query{About: outbox.About{Kind: worklist.AboutAccount, ID: s.from.ID}, Limit: 10})
		if err != nil || len(all) != 1 || all[0].State != outbox.Cancelled {
			t.Errorf("letters to it: %+v, %v", all, err)
		}
	})
}

// TestAPreviewIsOfWhomOneManages: who manages accounts reads no reminders of stronger ones.
func TestAPreviewIsOfWhomOneManages(t *testing.T) {
	eachStaff(t, func(t *testing.T, s staff) {
		ctx := t.Context()
		unit, err := s.Org.Get(ctx, s.System(), "D")
		s.Must(err)
		_, err = s.Identity.Create(ctx, s.System(), identity.Input{
			Login: "quantriquan", Name: "Quản trị quận", Unit: unit.ID, Grants: []identity.GrantInput{{Role: app.RoleAdministrator, Unit: unit.ID}},
		})
		s.Must(err)
		keeper, err := s.Identity.ActorByLogin(ctx, "quantriquan", actor.Web, "")
		s.Must(err)
		boss, err := s.Identity.Create(ctx, s.System(), identity.Input{
			Login: "caphon", Name: "Cấp hơn", Unit: unit.ID, Grants: []identity.GrantInput{{Role: app.RoleAdministrator}},
		})
		s.Must(err)
		want := s.Identity.SetLetters(ctx, keeper, boss.ID, false)
		if _, err := s.Worklist.PreviewDigest(ctx, keeper, boss.ID); err == nil || want == nil {
			t.Errorf("reads the letter to a stronger account: %v (switches it: %v)", err, want)
		}
		if _, err := s.Worklist.PreviewDigest(ctx, keeper, s.from.ID); err != nil {
			t.Errorf("does not read that of one who is managed: %v", err)
		}
	})
}
