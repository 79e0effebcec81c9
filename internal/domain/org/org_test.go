package org_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

// house is a district with two wards and three groups: hk › hb › hb1, hb2 and hk › cn › cn1.
type house struct {
	t    *testing.T
	db   *db.DB
	svc  *org.Service
	boss actor.Actor
	ids  map[string]string
}

func day(s string) clock.Date { return clock.MustDate(s) }

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := clock.Fixed(time.Date(2024, 10, 16, 1, 0, 0, 0, time.UTC))
		h := &house{t: t, db: d, svc: org.New(d, audit.New(now), id.Random), boss: boss(), ids: map[string]string{}}
		h.create("hk", "Quận Hoàn Kiếm", org.District, "")
		h.create("hb", "Phường Hàng Bạc", org.Commune, "hk")
		h.create("cn", "Phường Cửa Nam", org.Commune, "hk")
		h.create("hb1", "Tổ dân phố số 1", org.NoLevel, "hb")
		h.create("hb2", "Tổ dân phố số 2", org.NoLevel, "hb")
		h.create("cn1", "Tổ dân phố số 1", org.NoLevel, "cn")
		fn(t, h)
	})
}

func boss() actor.Actor {
	return actor.Actor{
		Account: "a1", Login: "quantri", Via: actor.Web, Scope: actor.Scope{All: true},
		Rights: []actor.Right{org.RightRead, org.RightManage},
	}
}

func (h *house) input(code, name string, level org.Level, parent string) org.Input {
	in := org.Input{Code: code, Name: name, Kind: "commune", Level: level, From: day("2024-01-01")}
	if parent != "" {
		in.Parents = []org.ParentInput{{Unit: h.ids[parent], Tree: org.State, Counts: true}}
	}
	return in
}

func (h *house) create(code, name string, level org.Level, parent string) {
	h.t.Helper()
	u, err := h.svc.Create(h.t.Context(), h.boss, h.input(code, name, level, parent))
	if err != nil {
		h.t.Fatal(err)
	}
	h.ids[code] = u.ID
}

func (h *house) tree() *org.Tree {
	h.t.Helper()
	tree, err := h.svc.Tree(h.t.Context(), h.db)
	if err != nil {
		h.t.Fatal(err)
	}
	return tree
}

func (h *house) get(code string) org.Unit {
	h.t.Helper()
	u, err := h.svc.Get(h.t.Context(), h.boss, code)
	if err != nil {
		h.t.Fatal(err)
	}
	return u
}

// chief may manage one unit and what lies below it.
func (h *house) chief(code string) actor.Actor {
	who := boss()
	who.Scope = actor.Scope{Paths: h.tree().Paths(h.ids[code])}
	return who
}

func codes(units []org.Unit) []string {
	all := make([]string, len(units))
	for i, u := range units {
		all[i] = u.Code
	}
	return all
}

func (h *house) list(who actor.Actor, on string) []string {
	h.t.Helper()
	units, err := h.svc.List(h.t.Context(), who, day(on))
	if err != nil {
		h.t.Fatal(err)
	}
	return codes(units)
}

func (h *house) want(err error, kind errs.Kind) {
	h.t.Helper()
	if !errs.Is(err, kind) {
		h.t.Errorf("got %v, want an error of kind %d", err, kind)
	}
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestWithoutRightsForbidden(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx, who := t.Context(), boss()
		who.Rights = nil
		_, err := h.svc.List(ctx, who, day("2024-06-01"))
		h.want(err, errs.Forbidden)
		_, err = h.svc.Get(ctx, who, "hb")
		h.want(err, errs.Forbidden)
		_, err = h.svc.Events(ctx, who, "hb")
		h.want(err, errs.Forbidden)
		who.Rights = []actor.Right{org.RightRead}
		_, err = h.svc.Create(ctx, who, h.input("x", "X", org.NoLevel, "hb"))
		h.want(err, errs.Forbidden)
		_, err = h.svc.CreateAll(ctx, who, nil)
		h.want(err, errs.Forbidden)
		h.want(h.svc.RenameTo(ctx, who, "hb", "X", org.Commune, day("2024-06-01")), errs.Forbidden)
		h.want(h.svc.MoveTo(ctx, who, "hb1", "cn", org.State, day("2024-06-01")), errs.Forbidden)
		h.want(h.svc.Reorganise(ctx, who, org.Event{Kind: org.Merge, On: day("2024-06-01")}), errs.Forbidden)
		if h.tree().Len() != 6 {
			t.Error("something was made all the same")
		}
	})
}

func TestScope(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx, who := t.Context(), h.chief("hb")
		same(t, "the chief of a ward sees", h.list(who, "2024-06-01"), []string{"hb", "hb1", "hb2"})
		same(t, "nobody sees", h.list(actor.Actor{Rights: who.Rights}, "2024-06-01"), []string{})
		if _, err := h.svc.Get(ctx, who, "hb2"); err != nil {
			t.Error(err)
		}
		for _, code := range []string{"cn", "cn1", "hk", "none"} {
			_, err := h.svc.Get(ctx, who, code)
			h.want(err, errs.NotFound)
			h.want(h.svc.RenameTo(ctx, who, code, "X", org.Commune, day("2024-06-01")), errs.NotFound)
		}
		_, err := h.svc.Create(ctx, who, h.input("cn2", "X", org.NoLevel, "cn"))
		h.want(err, errs.NotFound)
		_, err = h.svc.Create(ctx, who, h.input("x", "X", org.NoLevel, ""))
		h.want(err, errs.Forbidden)
		h.want(h.svc.MoveTo(ctx, who, "hb1", "cn", org.State, day("2024-06-01")), errs.NotFound)
		h.want(h.svc.Reorganise(ctx, who, org.Event{Kind: org.Merge, On: day("2024-06-01"), Successions: []org.Succession{
			{From: h.ids["cn1"], To: h.ids["hb1"], Whole: true},
		}}), errs.NotFound)
		h.want(h.svc.Reorganise(ctx, who, org.Event{Kind: org.Merge, On: day("2024-06-01"), Successions: []org.Succession{
			{From: h.ids["hb1"], To: h.ids["cn1"], Whole: true},
		}}), errs.Invalid)
		if _, err := h.svc.Create(ctx, who, h.input("hb3", "Tổ dân phố số 3", org.NoLevel, "hb")); err != nil {
			t.Error(err)
		}
	})
}

func TestCreateRefuses(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		_, err := h.svc.Create(ctx, h.boss, org.Input{Code: "a b", Name: strings.Repeat("ă", 201), Kind: "x", Level: "y"})
		var fields []string
		for _, e := range errs.All(err) {
			fields = append(fields, e.Field)
		}
		same(t, "wrong fields", fields, []string{"name", "code", "kind", "level", "from"})
		_, err = h.svc.Create(ctx, h.boss, h.input("hb", "X", org.NoLevel, "hk"))
		h.want(err, errs.Conflict)
		early := h.input("x", "X", org.NoLevel, "hb")
		early.From = day("2023-12-31")
		_, err = h.svc.Create(ctx, h.boss, early)
		h.want(err, errs.Invalid)
		twice := h.input("x", "X", org.NoLevel, "hb")
		twice.Parents = append(twice.Parents, org.ParentInput{Unit: h.ids["cn"], Tree: org.State})
		_, err = h.svc.Create(ctx, h.boss, twice)
		h.want(err, errs.Invalid)
		root := h.input("x", "X", org.NoLevel, "hb")
		root.Parents[0].Counts = false
		_, err = h.svc.Create(ctx, h.chief("hb"), root)
		h.want(err, errs.Forbidden)
		// One that is wrong undoes all.
		_, err = h.svc.CreateAll(ctx, h.boss, []org.Input{h.input("x", "X", org.NoLevel, "hb"), h.input("hb", "X", org.NoLevel, "hk")})
		h.want(err, errs.Conflict)
		if _, found := h.tree().ByCode("x"); found {
			t.Error("half of the list was kept")
		}
	})
}

func TestRename(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		if err := h.svc.RenameTo(ctx, h.boss, "hb", " Phường Hàng Bạc mới ", org.Commune, day("2024-07-01")); err != nil {
			t.Fatal(err)
		}
		u := h.get("hb")
		for on, want := range map[string]string{
			"2024-06-30": "Phường Hàng Bạc", "2024-07-01": "Phường Hàng Bạc mới", "2026-01-01": "Phường Hàng Bạc mới",
		} {
			if got := u.NameOn(day(on)); got != want {
				t.Errorf("on %s it was called %q, want %q", on, got, want)
			}
		}
		h.want(h.svc.RenameTo(ctx, h.boss, "hb", "Z", org.Commune, day("2024-07-01")), errs.Invalid)
		h.want(h.svc.RenameTo(ctx, h.boss, "hb", "Z", org.Commune, day("2023-07-01")), errs.Invalid)
		h.want(h.svc.RenameTo(ctx, h.boss, "hb", "  ", org.Commune, day("2024-08-01")), errs.Invalid)
		h.want(h.svc.RenameTo(ctx, h.boss, "hb", strings.Repeat("ă", 201), org.Commune, day("2024-08-01")), errs.Invalid)
		h.want(h.svc.RenameTo(ctx, h.boss, "hb", "Z", "x", day("2024-08-01")), errs.Invalid)
		events, err := h.svc.Events(ctx, h.boss, "hb")
		if err != nil || len(events) != 1 || events[0].Kind != org.Rename || events[0].On != day("2024-07-01") {
			t.Errorf("got %+v, %v", events, err)
		}
	})
}

func TestMove(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		inHB := h.chief("hb")
		if err := h.svc.MoveTo(ctx, h.boss, "hb2", "cn", org.State, day("2024-07-01")); err != nil {
			t.Fatal(err)
		}
		tree := h.tree()
		same(t, "before", codes(tree.Children(h.ids["cn"], day("2024-06-30"))), []string{"cn1"})
		same(t, "after", codes(tree.Children(h.ids["cn"], day("2024-07-01"))), []string{"cn1", "hb2"})
		same(t, "left behind", codes(tree.Children(h.ids["hb"], day("2024-07-01"))), []string{"hb1"})
		same(t, "above", codes(tree.Above(h.ids["hb2"], day("2024-07-01"))), []string{"hk", "cn", "hb2"})
		if n := len(tree.Paths(h.ids["hb2"])); n != 2 {
			t.Errorf("it has %d paths, want 2", n)
		}
		same(t, "the old ward keeps its records", h.list(inHB, "2024-08-01"), []string{"hb", "hb1", "hb2"})
		same(t, "the new ward has it", h.list(h.chief("cn"), "2024-08-01"), []string{"cn", "cn1", "hb2"})
		h.want(h.svc.MoveTo(ctx, h.boss, "hk", "cn1", org.State, day("2024-07-01")), errs.Invalid)
		h.want(h.svc.MoveTo(ctx, h.boss, "hb", "hb", org.State, day("2024-07-01")), errs.Invalid)
		h.want(h.svc.MoveTo(ctx, h.boss, "hb2", "hb", org.State, day("2024-07-01")), errs.Invalid) // the day of the last move
		h.want(h.svc.MoveTo(ctx, h.boss, "hb2", "hb", "own", day("2024-08-01")), errs.Invalid)
		h.want(h.svc.MoveTo(ctx, h.boss, "hb", "none", org.State, day("2024-07-01")), errs.NotFound)
	})
}

func TestAMoveIsNoCircleBecauseStepsLookAlike(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for i := range 31 { // the last one's step is 0010, and hb1 lies on 0000 0001 0003
			h.create("u"+strconv.Itoa(i), "Tổ", org.NoLevel, "cn")
		}
		if err := h.svc.MoveTo(t.Context(), h.boss, "u30", "hb1", org.State, day("2024-07-01")); err != nil {
			t.Error(err)
		}
	})
}

func TestMerge(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx, on := t.Context(), day("2025-07-01")
		in := h.input("hk-moi", "Phường Hoàn Kiếm", org.Commune, "")
		in.From = on
		merged, err := h.svc.Create(ctx, h.boss, in)
		if err != nil {
			t.Fatal(err)
		}
		e := org.Event{Kind: org.Merge, On: on, Decision: "Nghị quyết 1656/NQ-UBTVQH15", Successions: []org.Succession{
			{From: h.ids["hb"], To: merged.ID, Whole: true}, {From: h.ids["cn"], To: merged.ID, Whole: true},
		}}
		if err := h.svc.Reorganise(ctx, h.boss, e); err != nil {
			t.Fatal(err)
		}
		same(t, "the day before", h.list(h.boss, "2025-06-30"), []string{"cn", "cn1", "hb", "hb1", "hb2", "hk"})
		same(t, "on the day", h.list(h.boss, "2025-07-01"), []string{"cn1", "hb1", "hb2", "hk", "hk-moi"})
		for _, code := range []string{"hb", "cn", "hk-moi"} {
			events, err := h.svc.Events(ctx, h.boss, code)
			if err != nil || len(events) != 1 || len(events[0].Successions) != 2 || events[0].Decision != e.Decision {
				t.Errorf("%s: got %+v, %v", code, events, err)
			}
		}
		h.want(h.svc.Reorganise(ctx, h.boss, e), errs.Invalid) // they have ended
		long := e
		long.Decision = strings.Repeat("ă", 301)
		err = h.svc.Reorganise(ctx, h.boss, long)
		if all := errs.All(err); len(all) != 1 || all[0].Field != "decision" {
			t.Errorf("a decision of 301 letters: %v", err)
		}
		h.want(h.svc.RenameTo(ctx, h.boss, "hb", "X", org.Commune, day("2025-08-01")), errs.Invalid)
		if v, err := audit.Verify(ctx, h.db); err != nil || v.Broken != 0 || v.Records != 8 {
			t.Errorf("the audit says %+v, %v", v, err)
		}
	})
}

func TestSplit(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx, on := t.Context(), day("2024-07-01")
		split := org.Event{Kind: org.Split, On: on, Successions: []org.Succession{
			{From: h.ids["hb2"], To: h.ids["hb1"]}, {From: h.ids["hb2"], To: h.ids["cn1"]},
		}}
		if err := h.svc.Reorganise(ctx, h.boss, split); err != nil {
			t.Fatal(err)
		}
		if u := h.get("hb2"); u.To != on || u.Version != 2 || u.NameOn(day("2024-06-30")) != "Tổ dân phố số 2" {
			t.Errorf("got %+v", u)
		}
		events, err := h.svc.Events(ctx, h.boss, "hb2")
		if err != nil || len(events) != 1 || len(events[0].Successions) != 2 || events[0].Successions[0].Whole {
			t.Errorf("got %+v, %v", events, err)
		}
		bad := org.Event{Kind: org.Split, On: on, Successions: []org.Succession{{From: h.ids["hb1"], To: "none"}}}
		h.want(h.svc.Reorganise(ctx, h.boss, bad), errs.Invalid)
		if u := h.get("hb1"); u.To != 0 {
			t.Error("a refused split ended a unit")
		}
	})
}

func TestAbolish(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		e := org.Event{Kind: org.Abolish, On: day("2024-07-01"), Successions: []org.Succession{{From: h.ids["cn1"], To: h.ids["cn1"], Whole: true}}}
		if err := h.svc.Reorganise(t.Context(), h.boss, e); err != nil {
			t.Fatal(err)
		}
		same(t, "on the day", h.list(h.boss, "2024-07-01"), []string{"cn", "hb", "hb1", "hb2", "hk"})
		for _, wrong := range []org.Event{
			{Kind: org.Abolish, On: day("2024-07-01")},
			{Kind: org.Abolish, Successions: []org.Succession{{From: h.ids["hb1"], To: h.ids["hb1"]}}},
			{Kind: org.Move, On: day("2024-07-01"), Successions: []org.Succession{{From: h.ids["hb1"], To: h.ids["hb1"]}}},
		} {
			h.want(h.svc.Reorganise(t.Context(), h.boss, wrong), errs.Invalid)
		}
	})
}

// Two processes on one database: the second sees what the first has changed.
func TestTreeIsReadAnewAfterAChange(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		other := org.New(h.db, audit.New(clock.System), id.Random)
		before, err := other.Tree(t.Context(), h.db)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := other.Tree(t.Context(), h.db); err != nil || again != before {
			t.Errorf("the tree was read again though nothing had changed, %v", err)
		}
		h.create("cn2", "Tổ dân phố số 2", org.NoLevel, "cn")
		after, err := other.Tree(t.Context(), h.db)
		if err != nil || after.Len() != before.Len()+1 {
			t.Errorf("got %d units after %d, %v", after.Len(), before.Len(), err)
		}
	})
}
