package identity_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

const secret = "cây đa bến nước sân đình"

// house is a service on a database with two wards in a province, and a clock to turn.
type house struct {
	*identity.Service
	t        *testing.T
	ctx      context.Context
	db       *db.DB
	now      *time.Time
	admin    actor.Actor
	adminID  string
	province string
	ward     string
	other    string
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	now := time.Date(2024, 9, 30, 3, 0, 0, 0, time.UTC)
	tell := clock.Clock(func() time.Time { return now })
	log := audit.New(tell)
	units := org.New(d, log, id.Random)
	h := &house{t: t, ctx: t.Context(), db: d, now: &now}
	h.Service = identity.New(identity.Config{
		DB: d, Log: log, Org: units, Now: tell, NewID: id.Random, Random: rand.Reader,
		Roles: map[string][]actor.Right{
			identity.Administrator: {identity.RightRead, identity.RightManage, org.RightManage, org.RightRead, "practice.read", "practice.judge"},
			"unitManager":          {identity.RightRead, identity.RightManage, "practice.read"},
			"officer":              {"practice.read"},
			"judge":                {"practice.read", "practice.judge"},
		},
	})
	first, err := h.Bootstrap(h.ctx, "Quan.Tri", "Quản trị", secret)
	must(t, err)
	h.adminID = first.ID
	h.admin = h.actor("quan.tri")
	made, err := units.CreateAll(h.ctx, h.admin, []org.Input{{Code: "P", Name: "Tỉnh", Kind: "province", From: clock.MustDate("2000-01-01")}})
	must(t, err)
	h.province = made[0].ID
	under := []org.ParentInput{{Unit: h.province, Tree: org.State, Counts: true}}
	made, err = units.CreateAll(h.ctx, h.admin, []org.Input{
		{Code: "W1", Name: "Phường 1", Kind: "commune", From: clock.MustDate("2000-01-01"), Parents: under},
		{Code: "W2", Name: "Phường 2", Kind: "commune", From: clock.MustDate("2000-01-01"), Parents: under},
	})
	must(t, err)
	h.ward, h.other = made[0].ID, made[1].ID
	return h
}

func (h *house) actor(login string) actor.Actor {
	h.t.Helper()
	who, err := h.ActorByLogin(h.ctx, login, actor.Web, "")
	must(h.t, err)
	return who
}

func (h *house) account(login, unit, role string) identity.Account {
	h.t.Helper()
	a, err := h.Create(h.ctx, h.admin, identity.Input{
		Login: login, Name: "Tên " + login, Unit: unit, Password: secret, Settled: true,
		Grants: []identity.GrantInput{{Role: role, Unit: unit}},
	})
	must(h.t, err)
	return a
}

func (h *house) signIn(login, password, address string) error {
	_, err := h.SignIn(h.ctx, identity.SignInInput{Login: login, Password: password, Address: address})
	return err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKey(t *testing.T, err error, kind errs.Kind, key i18n.Key) {
	t.Helper()
	for _, e := range errs.All(err) {
		if e.Kind == kind && e.Key == key {
			return
		}
	}
	t.Errorf("got %v, want %s (kind %d)", err, key, kind)
}

func TestBootstrapWorksOnceAndMakesTheOperator(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		_, err := h.Bootstrap(h.ctx, "other", "X", secret)
		wantKey(t, err, errs.Conflict, i18n.IdentityAlreadySetUp)
		who, err := h.ActorByLogin(h.ctx, identity.Operator, actor.CommandLine, "root")
		must(t, err)
		if !who.Scope.All || !who.Can(identity.RightManage) || who.SystemUser != "root" || who.Via != actor.CommandLine {
			t.Errorf("the operator is %+v", who)
		}
		for _, password := range []string{"", secret} {
			wantKey(t, h.signIn(identity.Operator, password, "10.0.0.1"), errs.Invalid, i18n.IdentityBadCredentials)
		}
		wantKey(t, h.SetPassword(h.ctx, h.admin, who.Account, secret), errs.Conflict, i18n.IdentityOperatorFixed)
		wantKey(t, h.Disable(h.ctx, h.admin, who.Account), errs.Conflict, i18n.IdentityOperatorFixed)
	})
}

func TestActorHasWhatItsGrantsGiveOnTheDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		a, err := h.Create(h.ctx, h.admin, identity.Input{
			Login: "an", Name: "An", Unit: h.ward, Grants: []identity.GrantInput{
				{Role: "officer", Unit: h.ward},
				{Role: "judge", Unit: h.ward, Span: org.Span{From: clock.MustDate("2024-10-01"), To: clock.MustDate("2024-10-03")}},
			},
		})
		must(t, err)
		for day, want := range map[int]string{30: "officer", 31: "judge,officer", 32: "judge,officer", 33: "officer"} {
			*h.now = time.Date(2024, 9, day, 3, 0, 0, 0, time.UTC)
			who, err := h.Actor(h.ctx, a.ID, actor.Web)
			must(t, err)
			if got := strings.Join(who.Roles, ","); got != want || who.Can("practice.judge") != strings.Contains(want, "judge") {
				t.Errorf("September %d: roles %s, want %s; rights %v", day, got, want, who.Rights)
			}
			if who.Scope.All || len(who.Scope.Paths) != 1 || len(who.Scope.Paths[0]) != 2*org.StepLen {
				t.Errorf("scope %+v", who.Scope)
			}
		}
	})
}

func TestNobodyGrantsBeyondHisOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.account("truong", h.ward, "unitManager")
		boss := h.actor("truong")
		mine, err := h.Create(h.ctx, boss, identity.Input{Login: "moi", Name: "Mới", Unit: h.ward})
		must(t, err)
		for _, tc := range []struct {
			in   identity.GrantInput
			kind errs.Kind
			key  i18n.Key
		}{
			{identity.GrantInput{Role: "judge", Unit: h.ward}, errs.Forbidden, i18n.IdentityGrantBeyond},
			{identity.GrantInput{Role: "officer", Unit: h.other}, errs.NotFound, i18n.IdentityUnitNotFound},
			{identity.GrantInput{Role: "officer", Unit: h.province}, errs.NotFound, i18n.IdentityUnitNotFound},
			{identity.GrantInput{Role: "officer"}, errs.Invalid, i18n.IdentityUnitRequired},
			{identity.GrantInput{Role: "unitManager"}, errs.Forbidden, i18n.IdentityGrantBeyond},
			{identity.GrantInput{Role: "king", Unit: h.ward}, errs.Invalid, i18n.IdentityRoleUnknown},
		} {
			_, err := h.Grant(h.ctx, boss, mine.ID, tc.in)
			wantKey(t, err, tc.kind, tc.key)
		}
		_, err = h.Grant(h.ctx, boss, mine.ID, identity.GrantInput{Role: "officer", Unit: h.ward})
		must(t, err)
		// An account of one's own ward that holds more than oneself is out of reach.
		judge := h.account("giamkhao", h.ward, "judge")
		wantKey(t, h.SetPassword(h.ctx, boss, judge.ID, secret), errs.Forbidden, i18n.IdentityStronger)
		stranger := h.account("la", h.other, "officer")
		wantKey(t, h.SetPassword(h.ctx, boss, stranger.ID, secret), errs.NotFound, i18n.IdentityAccountNotFound)
		wantKey(t, h.Disable(h.ctx, boss, h.adminID), errs.NotFound, i18n.IdentityAccountNotFound)
		_, err = h.Get(h.ctx, boss, stranger.ID)
		wantKey(t, err, errs.NotFound, i18n.IdentityAccountNotFound)
		seen, err := h.List(h.ctx, boss, identity.ListFilter{})
		must(t, err)
		if len(seen) != 3 {
			t.Errorf("the ward's manager sees %d accounts, want 3", len(seen))
		}
		_, err = h.Create(h.ctx, boss, identity.Input{Login: "ngoai", Name: "Ngoài", Unit: h.other})
		wantKey(t, err, errs.NotFound, i18n.IdentityUnitNotFound)
	})
}

func TestGrantsDoNotMix(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		a := h.account("an", h.ward, "officer")
		_, err := h.Grant(h.ctx, h.admin, a.ID, identity.GrantInput{Role: "judge", Unit: h.other})
		wantKey(t, err, errs.Conflict, i18n.IdentityGrantMixed)
		_, err = h.Grant(h.ctx, h.admin, a.ID, identity.GrantInput{Role: "officer", Unit: h.other})
		must(t, err)
		_, err = h.Grant(h.ctx, h.admin, a.ID, identity.GrantInput{Role: "judge", Unit: h.other})
		wantKey(t, err, errs.Conflict, i18n.IdentityGrantMixed)
		must(t, h.EndGrant(h.ctx, h.admin, a.Grants[0].ID, 0))
		_, err = h.Grant(h.ctx, h.admin, a.ID, identity.GrantInput{Role: "judge", Unit: h.other})
		must(t, err)
		wantKey(t, h.EndGrant(h.ctx, h.admin, a.Grants[0].ID, clock.MustDate("2030-01-01")), errs.Conflict, i18n.ErrsConflict)
	})
}

func TestAnAdministratorIsLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		first, err := h.Get(h.ctx, h.admin, h.adminID)
		must(t, err)
		wantKey(t, h.Disable(h.ctx, h.admin, first.ID), errs.Conflict, i18n.IdentityLastAdministrator)
		wantKey(t, h.EndGrant(h.ctx, h.admin, first.Grants[0].ID, clock.MustDate("2025-01-01")), errs.Conflict, i18n.IdentityLastAdministrator)
		if a, err := h.Get(h.ctx, h.admin, first.ID); err != nil || a.Disabled {
			t.Errorf("the refused change stayed: %+v, %v", a, err)
		}
		h.account("hai", "", identity.Administrator)
		must(t, h.Disable(h.ctx, h.admin, first.ID))
		_, err = h.Actor(h.ctx, first.ID, actor.Web)
		wantKey(t, err, errs.Forbidden, i18n.IdentityDisabled)
		wantKey(t, h.signIn("quan.tri", secret, "10.0.0.1"), errs.Invalid, i18n.IdentityBadCredentials)
	})
}

func TestPasswordsThatAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for password, key := range map[string]i18n.Key{
			"ngắn":                   i18n.IdentityPasswordShort,
			strings.Repeat("ab", 65): i18n.IdentityPasswordLong,
			"matkhau123456":          i18n.IdentityPasswordWeak,
			"Password!2024":          i18n.IdentityPasswordWeak,
			"1234567890":             i18n.IdentityPasswordWeak,
			"aaaaaaaaaaaa":           i18n.IdentityPasswordWeak,
			"DanVanKheo@2024":        i18n.IdentityPasswordWeak,
			"nguyenvana123":          i18n.IdentityPasswordWeak,
			"\xff\xfe3456789abcdef":  i18n.ErrsBadText,
		} {
			_, err := h.Create(h.ctx, h.admin, identity.Input{Login: "nguyenvana", Name: "A", Unit: h.ward, Password: password})
			wantKey(t, err, errs.Invalid, key)
		}
	})
}

func TestSignInIsSlowedDownOverAllProcesses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.account("an", h.ward, "officer")
		must(t, h.signIn(" AN ", secret, "10.0.0.1"))
		for range 6 {
			wantKey(t, h.signIn("an", "sai mật khẩu", "10.0.0.1"), errs.Invalid, i18n.IdentityBadCredentials)
		}
		err := h.signIn("an", secret, "10.9.9.9")
		wantKey(t, err, errs.Invalid, i18n.IdentityWaitMinutes)
		if got := errs.All(err)[0].Args[0]; got != 1 {
			t.Errorf("wait %v minutes, want 1", got)
		}
		*h.now = h.now.Add(time.Minute)
		wantKey(t, h.signIn("an", "sai nữa", "10.0.0.1"), errs.Invalid, i18n.IdentityBadCredentials)
		*h.now = h.now.Add(time.Minute)
		wantKey(t, h.signIn("an", secret, "10.0.0.1"), errs.Invalid, i18n.IdentityWaitMinutes)
		*h.now = h.now.Add(time.Minute)
		must(t, h.signIn("an", secret, "10.0.0.1"))
		must(t, h.signIn("an", secret, "10.0.0.1"))
	})
}

func TestManyTriesAtOnceAreNoWayAround(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.account("an", h.ward, "officer")
		var mu sync.Mutex
		looked := 0
		var wait sync.WaitGroup
		for i := range 20 {
			wait.Go(func() {
				err := h.signIn("an", "đoán mò", fmt.Sprintf("10.0.1.%d", i))
				mu.Lock()
				defer mu.Unlock()
				if all := errs.All(err); len(all) == 1 && all[0].Key == i18n.IdentityBadCredentials {
					looked++
				}
			})
		}
		wait.Wait()
		if looked != 6 {
			t.Errorf("%d passwords were looked at, want 6", looked)
		}
	})
}

func TestAnAddressIsSlowedDown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for i := range 31 {
			wantKey(t, h.signIn(fmt.Sprintf("ai%02d", i), "x", fmt.Sprintf("2001:db8:1:2::%x", i)), errs.Invalid, i18n.IdentityBadCredentials)
		}
		wantKey(t, h.signIn("quan.tri", secret, "2001:db8:1:2:ffff::1"), errs.Invalid, i18n.IdentityWaitMinutes)
		must(t, h.signIn("quan.tri", secret, "2001:db8:1:3::1"))
	})
}

func TestAuditKnowsSignInsAndNoSecrets(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		must(t, h.signIn("quan.tri", secret, "10.0.0.1"))
		wantKey(t, h.signIn("quan.tri", "thử vận may", "10.0.0.1"), errs.Invalid, i18n.IdentityBadCredentials)
		wantKey(t, h.signIn("mật khẩu gõ nhầm ô", "x", "10.0.0.1"), errs.Invalid, i18n.IdentityBadCredentials)
		actions := map[string]int{}
		must(t, audit.Export(h.ctx, d, func(r audit.Record) error {
			actions[r.Action]++
			for _, no := range []string{secret, "thử vận may", "gõ nhầm", "argon2"} {
				if strings.Contains(string(r.Detail)+r.Login, no) {
					t.Errorf("%s holds %q", r.Action, no)
				}
			}
			return nil
		}))
		if actions["identity.signIn"] != 1 || actions["identity.signInFailed"] != 2 {
			t.Errorf("the audit has %v", actions)
		}
	})
}
