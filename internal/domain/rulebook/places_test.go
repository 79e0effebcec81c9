package rulebook_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// TestANewerListOfPlaces checks one, takes it, replaces it and goes back to the program's own.
func TestANewerListOfPlaces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := rulebook.New(d, audit.New(clock.Fixed(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC))))
		boss := actor.Actor{Account: "a", Login: "quantri", Scope: actor.Scope{All: true}, Rights: []actor.Right{rulebook.RightManage}}
		ctx := t.Context()
		communes := func() bool {
			list, err := s.Places(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return list.Commune("00070") != nil
		}
		const first = "\ufeffP\t01\tThành phố Hà Nội\r\nC\t00004\tPhường Ba Đình Mới\r\nC\t99999\tPhường Mới\r\n"
		plan, err := s.CheckPlaces(ctx, boss, "moi.tsv", first)
		if err != nil || plan.Provinces != 1 || plan.Communes != 2 || plan.New != 1 || plan.Changed != 1 || plan.Gone != 3320 {
			t.Fatalf("the check: %+v, %v", plan, err)
		}
		if !communes() {
			t.Error("a check writes")
		}
		if _, err := s.LoadPlaces(ctx, boss, "moi.tsv", first); err != nil || communes() {
			t.Errorf("it is not taken: %v", err)
		}
		if now, err := s.PlacesInUse(ctx, boss); err != nil || now.Name != "moi.tsv" || now.SHA256 != plan.SHA256 {
			t.Errorf("in use: %+v, %v", now, err)
		}
		if again, err := s.CheckPlaces(ctx, boss, "moi.tsv", first); err != nil || again.New+again.Changed+again.Gone != 0 {
			t.Errorf("the same once more: %+v, %v", again, err)
		}
		for _, wrong := range []string{"", "x", "P\t01\tA\nC\t1\tB\x00\n", strings.Repeat("#", rulebook.MaxPlaces+1)} {
			if _, err := s.LoadPlaces(ctx, boss, "sai", wrong); !errs.Is(err, errs.Invalid) {
				t.Errorf("%.20q is taken: %v", wrong, err)
			}
		}
		ward := boss
		ward.Scope = actor.Scope{Paths: []string{"0000"}}
		if _, err := s.LoadPlaces(ctx, ward, "moi.tsv", first); !errs.Is(err, errs.Forbidden) {
			t.Errorf("somebody of a ward: %v", err)
		}
		if err := s.ResetPlaces(ctx, ward); !errs.Is(err, errs.Forbidden) {
			t.Errorf("somebody of a ward goes back: %v", err)
		}
		if err := s.ResetPlaces(ctx, boss); err != nil || !communes() {
			t.Errorf("the program's own list is not back: %v", err)
		}
	})
}
