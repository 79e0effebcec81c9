package press_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

func TestOneRatingPerDevice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := published(t, s, story("Được chấm điểm"))
		rate := func(device string, score int) {
			s.Must(s.Press.Rate(t.Context(), press.Vote{Article: a.ID, Device: device, Network: device, Score: score}))
		}
		rate("x", 5)
		rate("y", 2)
		rate("x", 4) // it changes its mind
		tally, err := s.Press.Tally(t.Context(), a.ID)
		s.Must(err)
		if tally.Scores != [5]int{0, 1, 0, 1, 0} || tally.Points() != 6 || tally.Mean() != 300 || tally.Standing() != 300 {
			t.Errorf("the tally: %+v", tally)
		}
		if mine, err := s.Press.Mine(t.Context(), a.ID, "x"); err != nil || mine != 4 {
			t.Errorf("the device's own: %d, %v", mine, err)
		}
		for _, score := range []int{0, 6, -1} {
			if err := s.Press.Rate(t.Context(), press.Vote{Article: a.ID, Device: "z", Score: score}); !errs.Is(err, errs.Invalid) {
				t.Errorf("a rating of %d: %v", score, err)
			}
		}
		draft, err := s.Press.Create(t.Context(), s.System(), story("Nháp"))
		s.Must(err)
		if err := s.Press.Rate(t.Context(), press.Vote{Article: draft.ID, Device: "x", Score: 5}); !errs.Is(err, errs.NotFound) {
			t.Errorf("a draft is rated: %v", err)
		}
	})
}

// TestFloodsRobotsAndBrigadesAreSetAside sends what a crowd sends, and finds it kept,
// uncounted and countable.
func TestFloodsRobotsAndBrigadesAreSetAside(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		flooded, pushed := published(t, s, story("Một mạng")), published(t, s, story("Cùng một lúc"))
		for i := range 30 {
			s.Must(s.Press.Rate(t.Context(), press.Vote{Article: flooded.ID, Device: fmt.Sprint(i), Network: "one", Score: 1}))
		}
		s.Must(s.Press.Rate(t.Context(), press.Vote{Article: flooded.ID, Device: "bot", Network: "two", Score: 5, Robot: true}))
		tally, err := s.Press.Tally(t.Context(), flooded.ID)
		s.Must(err)
		if tally.Count() != 20 || tally.Aside != 11 {
			t.Errorf("20 of a network count, the rest and the robot stand aside: %+v", tally)
		}
		for i := range 80 {
			s.Must(s.Press.Rate(t.Context(), press.Vote{Article: pushed.ID, Device: fmt.Sprint(i), Network: fmt.Sprint(i), Score: 5}))
		}
		s.Must(s.Press.SetAsideBrigades(t.Context(), s.System()))
		s.Must(s.Press.SetAsideBrigades(t.Context(), s.System()))
		if tally, err = s.Press.Tally(t.Context(), pushed.ID); err != nil || tally.Count() != 0 || tally.Aside != 80 {
			t.Errorf("a brigade: %+v, %v", tally, err)
		}
		aside, counts, err := s.Press.Aside(t.Context(), s.At(app.RoleOfficer, "W1"), press.AsideQuery{Page: 1, Limit: 10})
		s.Must(err)
		if len(aside) != 3 || counts[press.InFlood] != 1 || counts[press.InBrigade] != 1 || counts[press.ByRobot] != 1 {
			t.Errorf("set aside: %+v %v", aside, counts)
		}
		if b := aside[0]; b.On.ID != pushed.ID || b.Count() != 80 || b.Networks != 80 || b.Scores[4] != 80 || b.Last.Before(b.First) {
			t.Errorf("the brigade: %+v", b)
		}
		if others, counts, err := s.Press.Aside(t.Context(), s.At(app.RoleOfficer, "W2"), press.AsideQuery{Page: 1, Limit: 10}); err != nil || len(others)+len(counts) != 0 {
			t.Errorf("another ward sees %v %v, %v", others, counts, err)
		}
		n, err := s.Press.CountAside(t.Context(), s.At(app.RoleOfficer, "D"), pushed.ID, press.InBrigade)
		s.Must(err)
		if n != 80 {
			t.Errorf("%d were counted", n)
		}
		if _, err := s.Press.CountAside(t.Context(), s.At(app.RoleOfficer, "D"), pushed.ID, press.InBrigade); !errs.Is(err, errs.Conflict) {
			t.Errorf("counted twice: %v", err)
		}
		s.Must(s.Press.SetAsideBrigades(t.Context(), s.System())) // what was looked at stays counted
		if tally, err = s.Press.Tally(t.Context(), pushed.ID); err != nil || tally.Count() != 80 || tally.Aside != 0 {
			t.Errorf("counted after all: %+v, %v", tally, err)
		}
	})
}

// TestRatingsTogether lets many devices rate at once: each is counted once.
func TestRatingsTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		a := published(t, s, story("Đông người"))
		var wait sync.WaitGroup
		failed := make(chan error, 400)
		for i := range 400 {
			wait.Go(func() {
				failed <- s.Press.Rate(t.Context(), press.Vote{Article: a.ID, Device: fmt.Sprint(i % 200), Network: fmt.Sprint(i % 200), Score: 1 + i%5})
			})
		}
		wait.Wait()
		close(failed)
		for err := range failed {
			s.Must(err)
		}
		if tally, err := s.Press.Tally(t.Context(), a.ID); err != nil || tally.Count() != 200 {
			t.Errorf("400 ratings of 200 devices: %+v, %v", tally, err)
		}
	})
}
