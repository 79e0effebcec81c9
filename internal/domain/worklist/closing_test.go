package worklist_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/draft"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/mail"
)

// staff are two reporters of the first ward, with an address each.
type staff struct {
	apptest.Small
	from, to identity.Account
	who      actor.Actor // who leaves
}

func eachStaff(t *testing.T, fn func(t *testing.T, s staff)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := staff{Small: apptest.NewSmall(t, d)}
		_, err := s.Identity.Bootstrap(t.Context(), "quantri", "Quản Trị", "một mật khẩu dài 1")
		s.Must(err)
		unit, err := s.Org.Get(t.Context(), s.System(), "W1")
		s.Must(err)
		made := func(login string) identity.Account {
			a, err := s.Identity.Create(t.Context(), s.System(), identity.Input{
				Login: login, Name: "Người " + login, Unit: unit.ID, Email: login + "@example.vn",
				Grants: []identity.GrantInput{{Role: app.RoleReporter, Unit: unit.ID}},
			})
			s.Must(err)
			return a
		}
		s.from, s.to = made("roidi"), made("ketiep")
		s.who, err = s.Identity.Actor(t.Context(), s.from.ID, actor.Web)
		s.Must(err)
		fn(t, s)
	})
}

// leaves is a draft, a returned entry and a duty of who leaves.
func (s staff) leaves(t *testing.T) practice.Entry {
	t.Helper()
	ctx := t.Context()
	_, err := s.Drafts.Save(ctx, s.who, "00000000-0001", 0, draft.Input{Movement: "M-2024", Form: draft.Form{"title": {"Đang viết"}}})
	s.Must(err)
	e, err := s.Practices.Register(ctx, s.who, apptest.Registration())
	s.Must(err)
	s.Must(s.Practices.Return(ctx, s.System(), step(e.ID)))
	_, err = s.Movements.AddDuty(ctx, s.System(), "M-2024", movement.DutyInput{Period: e.Period, Title: "Nộp báo cáo", Account: s.from.ID, Due: apptest.Day("2024-06-20")})
	s.Must(err)
	return e
}

// TestWhoLeavesHandsOverAll: a draft, a returned entry and a duty go to the successor in one
// transaction, and who typed the entry stays.
func TestWhoLeavesHandsOverAll(t *testing.T) {
	eachStaff(t, func(t *testing.T, s staff) {
		ctx := t.Context()
		e := s.leaves(t)
		hand, err := s.Worklist.InHandOf(ctx, s.System(), s.from.ID)
		if err != nil || len(hand.Duties) != 1 || hand.Drafts != 1 || len(hand.Returned) != 1 || hand.Nothing() {
			t.Fatalf("in hand: %+v, %v", hand, err)
		}
		if _, err := s.Worklist.CloseAccount(ctx, s.System(), s.from.ID, "roidi"); !errs.Is(err, errs.Invalid) {
			t.Errorf("handed to itself: %v", err)
		}
		if _, err := s.Worklist.CloseAccount(ctx, s.At(app.RoleAdministrator, "W2"), s.from.ID, "ketiep"); !errs.Is(err, errs.NotFound) {
			t.Errorf("another ward closes it: %v", err)
		}
		done, err := s.Worklist.CloseAccount(ctx, s.System(), s.from.ID, "ketiep")
		if err != nil || done.Duties != 1 || done.Drafts != 1 || done.Returned != 1 {
			t.Fatalf("closed: %+v, %v", done, err)
		}
		if left, err := s.Worklist.InHandOf(ctx, s.System(), s.from.ID); err != nil || !left.Nothing() {
			t.Errorf("left: %+v, %v", left, err)
		}
		has, err := s.Worklist.InHandOf(ctx, s.System(), s.to.ID)
		if err != nil || len(has.Duties) != 1 || has.Drafts != 1 || len(has.Returned) != 1 {
			t.Errorf("the successor has %+v, %v", has, err)
		}
		got, err := s.Practices.Get(ctx, s.System(), e.Code)
		if err != nil || got.TypedBy != s.from.ID {
			t.Errorf("it was typed by %q, %v", got.TypedBy, err)
		}
		if a, err := s.Identity.Get(ctx, s.System(), s.from.ID); err != nil || !a.Disabled {
			t.Errorf("the account: %+v, %v", a, err)
		}
	})
}

// TestNothingIsHandedOverWhereClosingFails: the successor has too many drafts, so the
// account stays open with everything it had.
func TestNothingIsHandedOverWhereClosingFails(t *testing.T) {
	eachStaff(t, func(t *testing.T, s staff) {
		ctx := t.Context()
		s.leaves(t)
		successor, err := s.Identity.Actor(ctx, s.to.ID, actor.Web)
		s.Must(err)
		for i := range draft.MaxDrafts {
			_, err := s.Drafts.Save(ctx, successor, "00000000-1"+strings.Repeat("0", i%7)+strings.Repeat("1", i/7+1), 0, draft.Input{Form: draft.Form{"title": {"Bận"}}})
			s.Must(err)
		}
		if _, err := s.Worklist.CloseAccount(ctx, s.System(), s.from.ID, "ketiep"); !errs.Is(err, errs.Conflict) {
			t.Fatalf("closed: %v", err)
		}
		hand, err := s.Worklist.InHandOf(ctx, s.System(), s.from.ID)
		if err != nil || len(hand.Duties) != 1 || hand.Drafts != 1 || len(hand.Returned) != 1 {
			t.Errorf("in hand: %+v, %v", hand, err)
		}
		if a, err := s.Identity.Get(ctx, s.System(), s.from.ID); err != nil || a.Disabled {
			t.Errorf("the account: %+v, %v", a, err)
		}
	})
}

// post is a mail server that keeps what it is given.
type post struct{ sent []mail.Letter }

func (p *post) From() string { return "thidua@example.vn" }

func (p *post) Send(_ context.Context, l mail.Letter) error {
	p.sent = append(p.sent, l)
	return nil
}

// restarted is the house as it is started on a day, with a mail server or none.
func (s staff) restarted(t *testing.T, now time.Time, by outbox.Sender) *app.House {
	t.Helper()
	h := app.Build(s.DB, apptest.Files(t), func() time.Time { return now }, slog.New(slog.DiscardHandler))
	h.Outbox.SendBy(by, "https://thidua.example.vn/")
	return h
}

// TestOneLetterADay: what somebody has notices of goes out as one letter a day, over
// restarts, to those who want it and have an address.
func TestOneLetterADay(t *testing.T) {
	eachStaff(t, func(t *testing.T, s staff) {
		ctx := t.Context()
		e := s.leaves(t)
		p, now := &post{}, s.Now()
		notify := func(h *app.House, account string) {
			t.Helper()
			s.Must(h.DB.Write(ctx, func(tx *db.Tx) error {
				return h.Identity.Notify(ctx, tx, identity.Notice{Account: account, Key: i18n.AppRegistered, Args: []any{"M-0007", 1}, Link: "/admin/entries/M-0007"})
			}))
		}
		none := s.restarted(t, now, nil)
		notify(none, s.from.ID)
		s.Must(none.Worklist.SendDigests(ctx)) // without a mail server
		if n := letters(t, s); n != 0 {
			t.Fatalf("without a server %d letters wait", n)
		}
		for range 3 {
			h := s.restarted(t, now.Add(time.Minute), p)
			notify(h, s.from.ID)
			s.Must(h.Worklist.SendDigests(ctx))
			s.Must(h.Outbox.SendDue(ctx))
		}
		if len(p.sent) != 1 || p.sent[0].To != "roidi@example.vn" {
			t.Fatalf("sent: %+v", p.sent)
		}
		text := p.sent[0].Text
		if !strings.Contains(text, e.Code) || !strings.Contains(text, "https://thidua.example.vn/admin/entries/M-0007") || !strings.Contains(text, "Người roidi") {
			t.Errorf("the letter: %s", text)
		}
		tomorrow := s.restarted(t, now.Add(24*time.Hour), p)
		s.Must(tomorrow.Worklist.SendDigests(ctx))
		s.Must(tomorrow.Outbox.SendDue(ctx))
		if len(p.sent) != 2 || strings.Contains(p.sent[1].Text, e.Code) {
			t.Errorf("the next day: %+v", p.sent)
		}
		s.Must(tomorrow.Identity.SetLetters(ctx, s.who, s.from.ID, false))
		later := s.restarted(t, now.Add(48*time.Hour), p)
		notify(later, s.from.ID)
		s.Must(later.Worklist.SendDigests(ctx))
		s.Must(later.Outbox.SendDue(ctx))
		if len(p.sent) != 2 {
			t.Errorf("after it was switched off: %+v", p.sent[2:])
		}
		all, _, err := later.Outbox.List(ctx, s.System(), outbox.Query{Unit: s.from.Unit, Limit: 10})
		if err != nil || len(all) != 2 || !all[0].Erased || all[0].State != outbox.Sent {
			t.Errorf("the log of the unit: %+v, %v", all, err)
		}
		if mine, _, err := later.Outbox.List(ctx, s.At(app.RoleOfficer, "W2"), outbox.Query{Limit: 10}); err != nil || len(mine) != 0 {
			t.Errorf("another ward reads %d letters, %v", len(mine), err)
		}
		if _, err := later.Worklist.PreviewDigest(ctx, s.who, s.to.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a reporter reads another's: %v", err)
		}
		if err := later.Identity.SetLetters(ctx, s.who, s.to.ID, false); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a reporter switches another's: %v", err)
		}
	})
}

func letters(t *testing.T, s staff) int {
	t.Helper()
	n, err := db.One(t.Context(), s.DB, db.Int, `SELECT count(*) FROM outbox_letter`)
	s.Must(err)
	return n
}
