package worklist_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// account is somebody who works at a unit.
func account(t *testing.T, s apptest.Small, login, role, unit string) actor.Actor {
	t.Helper()
	tree, err := s.Org.Current(t.Context())
	s.Must(err)
	at, _ := tree.ByCode(unit)
	_, err = s.Identity.Create(t.Context(), s.System(), identity.Input{
		Login: login, Name: login, Unit: at.ID, Password: "mat-khau-de-thu", Settled: true, Grants: []identity.GrantInput{{Role: role, Unit: at.ID}},
	})
	s.Must(err)
	who, err := s.Identity.ActorByLogin(t.Context(), login, actor.Web, "")
	s.Must(err)
	return who
}

func TestAViewIsKeptSharedDeletedAndHadBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx := t.Context()
		officer, reporter, other := account(t, s, "canbo", app.RoleOfficer, "W1"), account(t, s, "phuong", app.RoleReporter, "W1"), account(t, s, "xa", app.RoleOfficer, "W2")
		made, err := s.Worklist.SaveView(ctx, officer, worklist.ViewInput{Name: " Chờ  tiếp nhận ", Query: "tab=waiting&cursor=x&back=1&q=&view=all", Shared: true, First: true})
		s.Must(err)
		if made.Name != "Chờ tiếp nhận" || made.Query != "tab=waiting" || !made.Shared() {
			t.Errorf("kept %+v", made)
		}
		sees := func(who actor.Actor) []worklist.View {
			t.Helper()
			all, err := s.Worklist.Views(ctx, who)
			s.Must(err)
			return all
		}
		if len(sees(officer)) != 1 || !sees(officer)[0].First || len(sees(reporter)) != 1 || sees(reporter)[0].First || len(sees(other)) != 0 {
			t.Errorf("seen %v, %v, %v", sees(officer), sees(reporter), sees(other))
		}
		change := worklist.ViewInput{Name: "Khác"}
		for _, who := range []actor.Actor{reporter, other} {
			if err := s.Worklist.ChangeView(ctx, who, made.ID, 0, change); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s changes it: %v", who.Login, err)
			}
			if err := s.Worklist.RemoveView(ctx, who, made.ID); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s deletes it: %v", who.Login, err)
			}
		}
		if _, err := s.Worklist.SaveView(ctx, reporter, worklist.ViewInput{Name: "A", Shared: true}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a reporter shares: %v", err)
		}
		_, err = s.Worklist.BeginWith(ctx, reporter, made.ID)
		s.Must(err)
		if !sees(reporter)[0].First {
			t.Error("a shared view is no default")
		}
		s.Must(s.Worklist.RemoveView(ctx, officer, made.ID))
		if len(sees(reporter)) != 0 || !sees(officer)[0].Removed() {
			t.Error("a deleted view is still there")
		}
		s.Must(s.Worklist.RestoreView(ctx, officer, made.ID))
		if got := sees(reporter); len(got) != 1 || !got[0].First || sees(officer)[0].Removed() {
			t.Errorf("had back: %v", got)
		}
		if err := s.Worklist.ChangeView(ctx, officer, made.ID, 0, change); !errs.Is(err, errs.Conflict) {
			t.Errorf("an old version is kept: %v", err)
		}
		s.Must(s.Worklist.ChangeView(ctx, officer, made.ID, 2, change))
		if got := sees(officer)[0]; got.Name != "Khác" || got.Shared() || got.First || got.Query != "tab=waiting" || len(sees(reporter)) != 0 {
			t.Errorf("changed: %+v", got)
		}
		s.Must(s.Worklist.RemoveView(ctx, officer, made.ID))
		later := s.Now().Add(worklist.ViewKept + time.Hour)
		h := app.Build(d, s.Files, func() time.Time { return later }, s.Logger)
		if err := h.Worklist.RestoreView(ctx, officer, made.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("had back too late: %v", err)
		}
		s.Must(h.Worklist.Sweep(ctx))
		if len(sees(officer)) != 0 {
			t.Error("it is kept for ever")
		}
	})
}

func TestViewsAreBounded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		who := account(t, s, "canbo", app.RoleOfficer, "W1")
		save := func(name, query string) error {
			_, err := s.Worklist.SaveView(t.Context(), who, worklist.ViewInput{Name: name, Query: query})
			return err
		}
		for _, bad := range [][2]string{{"", ""}, {strings.Repeat("ă", 81), ""}, {"A", "q=" + strings.Repeat("x", 3000)}, {"A", "%zz"}} {
			if err := save(bad[0], bad[1]); !errs.Is(err, errs.Invalid) {
				t.Errorf("%.20q %.20q: %v", bad[0], bad[1], err)
			}
		}
		for i := range worklist.MaxViews {
			s.Must(save(strings.Repeat("a", i+1), ""))
		}
		if err := save("Thừa", ""); !errs.Is(err, errs.Invalid) {
			t.Errorf("one view too many: %v", err)
		}
	})
}
