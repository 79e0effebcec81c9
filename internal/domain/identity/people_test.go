package identity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// TestAResetPasswordOpensOnceAndIsToBeChanged signs in with what stood on the slip.
func TestAResetPasswordOpensOnceAndIsToBeChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		id := h.account("lan", h.ward, "officer").ID
		slips, err := h.ResetPasswords(h.ctx, h.admin, []string{id, id})
		must(t, err)
		if len(slips) != 1 || len(slips[0].Password) != 14 || slips[0].Login != "lan" {
			t.Fatalf("slips %+v", slips)
		}
		if _, err := h.SignIn(h.ctx, identity.SignInInput{Login: "lan", Password: secret}); !errs.Is(err, errs.Invalid) {
			t.Errorf("the former password gives %v", err)
		}
		before, err := h.Get(h.ctx, h.admin, id)
		must(t, err)
		if !before.In(identity.Never) || !before.In(identity.Given) {
			t.Error("nobody has signed in yet")
		}
		a, err := h.SignIn(h.ctx, identity.SignInInput{Login: "lan", Password: slips[0].Password})
		must(t, err)
		if !a.MustChange {
			t.Error("the password of a slip may stay")
		}
		after, err := h.Get(h.ctx, h.admin, id)
		must(t, err)
		if after.LastSignIn.IsZero() || after.Version != before.Version {
			t.Errorf("last sign-in %v, version %d after %d", after.LastSignIn, after.Version, before.Version)
		}
		must(t, h.Disable(h.ctx, h.admin, id))
		if _, err := h.ResetPasswords(h.ctx, h.admin, []string{id}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a closed account gets a password: %v", err)
		}
		closed, err := h.List(h.ctx, h.admin, identity.ListFilter{State: identity.Closed})
		must(t, err)
		if len(closed) != 1 || closed[0].ID != id {
			t.Errorf("closed: %+v", closed)
		}
	})
}

// TestALentRoleHoldsForItsDays lends a role of a ward, and looks what it gives on which day.
func TestALentRoleHoldsForItsDays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.account("truong", h.ward, "judge")
		phoID := h.account("pho", h.ward, "officer").ID
		boss := h.actor("truong")
		self, err := h.Self(h.ctx, boss)
		must(t, err)
		today := clock.DateOf(*h.now)
		in := identity.DelegationInput{Grant: self.Grants[0].ID, To: "Pho", From: today + 1, Until: today + 2}
		if _, err := h.Delegate(h.ctx, h.actor("pho"), in); !errs.Is(err, errs.NotFound) {
			t.Errorf("somebody lends what is another's: %v", err)
		}
		far := in
		far.Until = in.From + 200
		if _, err := h.Delegate(h.ctx, boss, far); !errs.Is(err, errs.Invalid) {
			t.Errorf("lent for 200 days: %v", err)
		}
		lent, err := h.Delegate(h.ctx, boss, in)
		must(t, err)
		if _, err := h.Delegate(h.ctx, boss, in); !errs.Is(err, errs.Conflict) {
			t.Errorf("lent twice: %v", err)
		}
		can := func() bool { return h.actor("pho").Can("practice.judge") }
		for day, want := range []bool{false, true, true, false} {
			if can() != want {
				t.Errorf("day %d: can judge is %t", day, !want)
			}
			*h.now = h.now.Add(24 * time.Hour)
		}
		*h.now = h.now.Add(-3 * 24 * time.Hour)
		if !can() {
			t.Fatal("the clock was turned back")
		}
		if err := h.EndDelegation(h.ctx, h.actor("quan.tri"), "gone"); !errs.Is(err, errs.NotFound) {
			t.Errorf("an unknown grant: %v", err)
		}
		h.account("nguoikhac", h.other, "officer")
		if err := h.EndDelegation(h.ctx, h.actor("nguoikhac"), lent.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("a stranger takes it back: %v", err)
		}
		_, held, err := h.Delegations(h.ctx, h.actor("pho"))
		must(t, err)
		if len(held) != 1 || held[0].InPlaceOf != boss.Account {
			t.Errorf("held %+v", held)
		}
		must(t, h.EndDelegation(h.ctx, boss, lent.ID))
		if can() {
			t.Error("what was taken back still holds")
		}
		in.From, in.Until = today+1, today+5
		_, err = h.Delegate(h.ctx, boss, in)
		must(t, err)
		must(t, h.Disable(h.ctx, h.admin, boss.Account))
		if pho, err := h.Get(h.ctx, h.admin, phoID); err != nil || h.actor("pho").Can("practice.judge") {
			t.Errorf("what a closed account lent still holds: %+v %v", pho.Grants, err)
		}
	})
}

// TestAPreviewGivesNothingOfItsOwn looks as roles that have more than the one who looks.
func TestAPreviewGivesNothingOfItsOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.account("quanly", h.ward, "unitManager")
		manager := h.actor("quanly")
		if _, err := h.BeginPreview(h.ctx, manager, "judge", h.other); !errs.Is(err, errs.Invalid) {
			t.Errorf("a ward that is another's: %v", err)
		}
		p, err := h.BeginPreview(h.ctx, manager, "judge", h.ward)
		must(t, err)
		seen, err := h.Previewed(h.ctx, manager, p)
		must(t, err)
		if seen.Can("practice.judge") || seen.Can(identity.RightManage) || !seen.Can("practice.read") || seen.Account != manager.Account || seen.Scope.All {
			t.Errorf("seen as %+v", seen)
		}
		whole, err := h.BeginPreview(h.ctx, h.admin, "judge", h.ward)
		must(t, err)
		if seen, err = h.Previewed(h.ctx, h.admin, whole); err != nil || seen.Scope.All || !seen.Can("practice.judge") || seen.Can(identity.RightManage) {
			t.Errorf("the administrator sees %+v, %v", seen, err)
		}
		*h.now = h.now.Add(identity.PreviewTime)
		if _, err := h.Previewed(h.ctx, h.admin, whole); !errs.Is(err, errs.Forbidden) {
			t.Errorf("after its time: %v", err)
		}
		if _, err := h.BeginPreview(h.ctx, actor.Actor{Account: "x", Via: actor.API, Rights: h.admin.Rights, Scope: h.admin.Scope}, "judge", h.ward); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a program looks: %v", err)
		}
	})
}

const listVi = "\ufeffHọ và tên;Đơn vị;Tên đăng nhập;Vai trò;Thư điện tử;Điện thoại\r\n" +
	"Nguyễn Văn An;W1;;Cán bộ;an@phuong1.example.vn;0912 345 678\r\n" +
	"Nguyễn Thị Anh;Phường 2;;;;\r\n" +
	"Trần Bình;W1;tran.binh;;;\r\n\r\n"

func roster(t *testing.T, text string) identity.RosterInput {
	t.Helper()
	list, err := identity.ReadRoster([]byte(text))
	must(t, err)
	return identity.RosterInput{Roster: list, Role: "officer", Words: map[string]string{viet.Fold("Cán bộ"): "officer"}}
}

// TestAListBecomesAccounts checks a list, makes its accounts, and takes it a second time.
func TestAListBecomesAccounts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		in := roster(t, listVi)
		plan, err := h.CheckRoster(h.ctx, h.admin, in)
		must(t, err)
		if plan.Count[identity.RosterNew] != 3 || plan.Lines[0].Login != "annv" || plan.Lines[1].Login != "anhnt" || !plan.Lines[0].Proposed || plan.Lines[1].Unit.ID != h.other {
			t.Fatalf("plan %+v", plan)
		}
		if all, err := h.List(h.ctx, h.admin, identity.ListFilter{}); err != nil || len(all) != 2 {
			t.Fatalf("a check has written: %d accounts, %v", len(all), err)
		}
		slips, err := h.ApplyRoster(h.ctx, h.admin, in)
		must(t, err)
		if len(slips) != 3 {
			t.Fatalf("%d slips", len(slips))
		}
		for _, s := range slips {
			a, err := h.SignIn(h.ctx, identity.SignInInput{Login: s.Login, Password: s.Password})
			must(t, err)
			if !a.MustChange || len(a.Grants) != 1 {
				t.Errorf("%s: %+v", s.Login, a)
			}
		}
		if again, err := h.CheckRoster(h.ctx, h.admin, in); err != nil || again.Count[identity.RosterRepeated] != 3 {
			t.Errorf("the same list once more: %+v, %v", again.Count, err)
		}
		if _, err := h.ApplyRoster(h.ctx, h.admin, in); !errs.Is(err, errs.Invalid) {
			t.Errorf("nothing is new: %v", err)
		}
		moved := roster(t, "Name,Unit,Login,Phone\nTrần Văn Bình,W2,tran.binh,0912345678\n")
		if _, err := h.ApplyRoster(h.ctx, h.admin, moved); err != nil {
			t.Fatal(err)
		}
		if a, err := h.ByLogin(h.ctx, h.admin, "tran.binh"); err != nil || a.Unit != h.other || a.Name != "Trần Văn Bình" || a.Phone == "" {
			t.Errorf("changed to %+v, %v", a, err)
		}
	})
}

// TestAWrongRowStopsTheList names each fault by its row and column.
func TestAWrongRowStopsTheList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.account("quanly", h.ward, "unitManager")
		in := roster(t, "name\tunit\tlogin\trole\temail\nA B\tW9\tx y\tking\tnone\nC D\tW1\tquan.tri\t\t\nE F\tW2\t\t\t\nG H\tW1\tgh\t\t\nI K\tW1\tgh\t\t\nL M\tW1\t\tadministrator\t\n")
		plan, err := h.CheckRoster(h.ctx, h.actor("quanly"), in)
		must(t, err)
		for i, want := range []string{"login email unit role", "login", "unit", "", "login", "role"} {
			var fields []string
			for _, e := range plan.Lines[i].Errors {
				fields = append(fields, e.Field)
			}
			if got := strings.Join(fields, " "); got != want {
				t.Errorf("row %d: %q, wanted %q", i, got, want)
			}
		}
		if _, err := h.ApplyRoster(h.ctx, h.actor("quanly"), in); !errs.Is(err, errs.Invalid) {
			t.Errorf("it was applied: %v", err)
		}
		if _, err := h.ByLogin(h.ctx, h.admin, "gh"); !errs.Is(err, errs.NotFound) {
			t.Errorf("a right row of a wrong list was written: %v", err)
		}
	})
}

// TestOneChangesOneself changes the own name and contact, over the version that was read.
func TestOneChangesOneself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.account("lan", h.ward, "officer")
		who := h.actor("lan")
		self, err := h.Self(h.ctx, who)
		must(t, err)
		in := identity.ProfileInput{Name: " Trần Thị Lan ", Email: "lan@example.vn", Phone: "024 3825 1234", Version: self.Version}
		must(t, h.UpdateSelf(h.ctx, who, in))
		if err := h.UpdateSelf(h.ctx, who, in); !errs.Is(err, errs.Conflict) {
			t.Errorf("over a version that is gone: %v", err)
		}
		bad := identity.ProfileInput{Email: "x", Phone: "abc"}
		if n := len(errs.All(h.UpdateSelf(h.ctx, who, bad))); n != 3 {
			t.Errorf("%d errors", n)
		}
		if self, err = h.Self(h.ctx, who); err != nil || self.Name != "Trần Thị Lan" || self.Email != "lan@example.vn" {
			t.Errorf("%+v %v", self, err)
		}
	})
}
