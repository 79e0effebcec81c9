package identity_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

var _ scs.CtxStore = (*identity.SessionStore)(nil)

// open makes a session as the session manager would.
func (h *house) open(account, token string) {
	h.t.Helper()
	ctx := identity.WithVisitor(h.ctx, &identity.Visitor{Account: account, Address: "10.0.0.1", Agent: "Firefox"})
	must(h.t, h.SessionStore().CommitCtx(ctx, token, []byte(token), h.now.Add(time.Hour)))
}

func (h *house) isOpen(token string) bool {
	h.t.Helper()
	data, ok, err := h.SessionStore().FindCtx(h.ctx, token)
	must(h.t, err)
	if ok && string(data) != token {
		h.t.Errorf("session %s holds %q", token, data)
	}
	return ok
}

func TestSessionsEndWithPasswordAndAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		a := h.account("an", h.ward, "officer")
		who := h.actor("an")
		h.open(a.ID, "one")
		h.open(a.ID, "two")
		h.open(h.adminID, "admin")
		v := &identity.Visitor{}
		ctx := identity.WithVisitor(h.ctx, v)
		if _, ok, err := h.SessionStore().FindCtx(ctx, "one"); err != nil || !ok {
			t.Fatal(ok, err)
		}
		list, err := h.Sessions(ctx, who, "")
		must(t, err)
		if len(list) != 2 || list[0].Current == list[1].Current || list[0].Agent != "Firefox" {
			t.Errorf("sessions %+v", list)
		}
		wantKey(t, h.ChangeOwnPassword(ctx, who, "không phải", secret+"!"), errs.Invalid, i18n.IdentityPasswordWrong)
		wantKey(t, h.ChangeOwnPassword(ctx, who, secret, secret), errs.Invalid, i18n.IdentityPasswordSame)
		must(t, h.ChangeOwnPassword(ctx, who, secret, "một câu khác hẳn"))
		if !h.isOpen("one") || h.isOpen("two") {
			t.Error("a change of password ends the other sessions, and not the present one")
		}
		must(t, h.SetPassword(h.ctx, h.admin, a.ID, secret))
		if h.isOpen("one") || !h.isOpen("admin") {
			t.Error("a new password ends the sessions of that account, and no other")
		}
		if self, err := h.Self(h.ctx, who); err != nil || !self.MustChange {
			t.Errorf("a password given by another is to be changed: %+v %v", self, err)
		}
		h.open(a.ID, "three")
		must(t, h.Disable(h.ctx, h.admin, a.ID))
		if h.isOpen("three") {
			t.Error("a disabled account has a session")
		}
	})
}

func TestARevokedSessionDoesNotComeBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.open(h.adminID, "one")
		v := &identity.Visitor{Account: h.adminID}
		ctx := identity.WithVisitor(h.ctx, v)
		if _, ok, err := h.SessionStore().FindCtx(ctx, "one"); err != nil || !ok {
			t.Fatal(ok, err)
		}
		list, err := h.Sessions(h.ctx, h.admin, "")
		must(t, err)
		must(t, h.Revoke(h.ctx, h.admin, list[0].ID))
		must(t, h.SessionStore().CommitCtx(ctx, "one", []byte("one"), h.now.Add(time.Hour)))
		if h.isOpen("one") {
			t.Error("the request that was under way brought the revoked session back")
		}
	})
}

func TestSessionsRunOutAndAreSeenCoarsely(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.open(h.adminID, "one")
		start := *h.now
		for _, tc := range []struct{ at, seen int }{{4, 0}, {6, 6}, {8, 6}, {12, 12}} {
			*h.now = start.Add(time.Duration(tc.at) * time.Minute)
			if !h.isOpen("one") {
				t.Fatal("the session is gone")
			}
			list, err := h.Sessions(h.ctx, h.admin, "")
			must(t, err)
			if got := list[0].LastSeen.Sub(start); got != time.Duration(tc.seen)*time.Minute {
				t.Errorf("at %d min it was seen at %s, want %d min", tc.at, got, tc.seen)
			}
		}
		*h.now = start.Add(time.Hour)
		if h.isOpen("one") {
			t.Error("the session outlived its end")
		}
		must(t, h.Sweep(h.ctx))
		must(t, h.SessionStore().DeleteCtx(h.ctx, "one"))
	})
}

func TestSessionsOfOthersAreForManagers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		a := h.account("an", h.ward, "officer")
		h.open(a.ID, "one")
		h.account("binh", h.ward, "officer")
		binh := h.actor("binh")
		_, err := h.Sessions(h.ctx, binh, a.ID)
		wantKey(t, err, errs.Forbidden, i18n.ErrsForbidden)
		list, err := h.Sessions(h.ctx, h.admin, a.ID)
		must(t, err)
		wantKey(t, h.Revoke(h.ctx, binh, list[0].ID), errs.NotFound, i18n.IdentitySessionNotFound)
		must(t, h.RevokeAll(h.ctx, h.admin, a.ID))
		if h.isOpen("one") {
			t.Error("the session is open still")
		}
	})
}

func TestTokens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		a := h.account("an", h.ward, "judge")
		who, today := h.actor("an"), clock.DateOf(*h.now)
		_, _, err := h.CreateToken(h.ctx, who, identity.TokenInput{Name: "Excel", Rights: []actor.Right{identity.RightManage}, Expires: today + 400})
		wantKey(t, err, errs.Invalid, i18n.IdentityTokenRights)
		wantKey(t, err, errs.Invalid, i18n.IdentityTokenExpires)
		text, made, err := h.CreateToken(h.ctx, who, identity.TokenInput{Name: "Excel", Rights: []actor.Right{"practice.read"}, Expires: today + 30})
		must(t, err)
		if !strings.HasPrefix(text, "nr_") {
			t.Errorf("token %q", text)
		}
		by, err := h.ActorByToken(h.ctx, text)
		must(t, err)
		if !reflect.DeepEqual(by.Rights, []actor.Right{"practice.read"}) || by.Via != actor.API || by.Account != a.ID {
			t.Errorf("actor %+v", by)
		}
		_, _, err = h.CreateToken(h.ctx, by, identity.TokenInput{Name: "Con", Rights: by.Rights, Expires: today})
		wantKey(t, err, errs.Forbidden, i18n.ErrsForbidden)
		_, err = h.ActorByToken(h.ctx, text+"x")
		wantKey(t, err, errs.Forbidden, i18n.IdentityTokenBad)
		must(t, h.EndGrant(h.ctx, h.admin, a.Grants[0].ID, 0))
		if by, err = h.ActorByToken(h.ctx, text); err != nil || len(by.Rights) != 0 {
			t.Errorf("the token outlived the grant: %+v %v", by, err)
		}
		must(t, h.Disable(h.ctx, h.admin, a.ID))
		_, err = h.ActorByToken(h.ctx, text)
		wantKey(t, err, errs.Forbidden, i18n.IdentityTokenBad)
		must(t, h.Enable(h.ctx, h.admin, a.ID))
		must(t, h.RevokeToken(h.ctx, who, made.ID))
		_, err = h.ActorByToken(h.ctx, text)
		wantKey(t, err, errs.Forbidden, i18n.IdentityTokenBad)
		list, err := h.Tokens(h.ctx, who, "")
		must(t, err)
		if len(list) != 1 || list[0].Revoked.IsZero() || list[0].LastUsed.IsZero() {
			t.Errorf("tokens %+v", list)
		}
		*h.now = h.now.AddDate(0, 0, 31)
	})
}

func TestNotices(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		args := []any{"Đơn vị", 5, clock.MustDate("2024-09-30"), *h.now, i18n.ErrsRequired}
		must(t, d.Write(h.ctx, func(tx *db.Tx) error {
			return h.Notify(h.ctx, tx, identity.Notice{Account: h.adminID, Key: i18n.IdentityWaitMinutes, Args: args, Link: "/admin/entries/1"})
		}))
		if err := d.Write(h.ctx, func(tx *db.Tx) error {
			return h.Notify(h.ctx, tx, identity.Notice{Account: h.adminID, Key: i18n.IdentityWaitMinutes, Link: "//evil.example"})
		}); err == nil {
			t.Error("a notice may lead out of the house")
		}
		all, err := h.Inbox(h.ctx, h.admin, 10)
		must(t, err)
		if len(all) != 1 || !reflect.DeepEqual(all[0].Args, args) || all[0].Key != i18n.IdentityWaitMinutes || !all[0].Read.IsZero() {
			t.Fatalf("inbox %+v", all)
		}
		h.account("an", h.ward, "officer")
		must(t, h.MarkRead(h.ctx, h.actor("an"), all[0].ID))
		if n, err := h.Unread(h.ctx, h.admin); err != nil || n != 1 {
			t.Errorf("another person marked it read: %d %v", n, err)
		}
		must(t, h.MarkRead(h.ctx, h.admin))
		if n, err := h.Unread(h.ctx, h.admin); err != nil || n != 0 {
			t.Errorf("%d unread, %v", n, err)
		}
	})
}

// TestNoticesRunOut: those that were read, and those that nobody will read.
func TestNoticesRunOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.account("an", h.ward, "officer")
		closed, open := h.actor("an"), h.admin
		must(t, d.Write(h.ctx, func(tx *db.Tx) error {
			return errors.Join(h.Notify(h.ctx, tx, identity.Notice{Account: closed.Account, Key: i18n.ErrsRequired}),
				h.Notify(h.ctx, tx, identity.Notice{Account: open.Account, Key: i18n.ErrsRequired}))
		}))
		must(t, h.Disable(h.ctx, h.admin, closed.Account))
		left := func() []string {
			all, err := db.All(h.ctx, d, db.Text, `SELECT account_id FROM identity_notice`)
			must(t, err)
			return all
		}
		must(t, h.SweepNotices(h.ctx, *h.now))
		if all := left(); len(all) != 2 {
			t.Errorf("before the term %v are left", all)
		}
		must(t, h.SweepNotices(h.ctx, h.now.Add(time.Second)))
		if all := left(); len(all) != 1 || all[0] != open.Account {
			t.Errorf("left are those of %v", all)
		}
	})
}

func TestNobodyMayDoNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		nobody := actor.Nobody(actor.Web)
		service, walked := reflect.ValueOf(h.Service), 0
		for i := range service.NumMethod() {
			m := service.Method(i)
			if m.Type().NumIn() < 2 || m.Type().In(1) != reflect.TypeFor[actor.Actor]() {
				continue
			}
			args := []reflect.Value{reflect.ValueOf(h.ctx), reflect.ValueOf(nobody)}
			fixed := m.Type().NumIn()
			if m.Type().IsVariadic() {
				fixed--
			}
			for n := 2; n < fixed; n++ {
				args = append(args, reflect.Zero(m.Type().In(n)))
			}
			out := m.Call(args)
			err, _ := reflect.TypeAssert[error](out[len(out)-1])
			if !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s gave nobody %v", service.Type().Method(i).Name, err)
			}
			walked++
		}
		if walked < 15 {
			t.Errorf("only %d methods were walked", walked)
		}
	})
}
