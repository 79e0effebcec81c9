package org_test

import (
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

func (h *house) head(unit, on string) org.Letterhead {
	h.t.Helper()
	got, err := h.svc.LetterheadOn(h.t.Context(), h.ids[unit], day(on))
	if err != nil {
		h.t.Fatal(err)
	}
	return got
}

func (h *house) setHead(unit string, head org.Letterhead) {
	h.t.Helper()
	if err := h.svc.SetLetterhead(h.t.Context(), h.boss, unit, head, h.mark(unit, head.From)); err != nil {
		h.t.Fatal(err)
	}
}

// TestAPaperKeepsTheHeadOfItsDay: what is set later, or put right, changes no paper of a
// day before.
func TestAPaperKeepsTheHeadOfItsDay(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		if got := h.head("hb", "2024-03-01"); got.Own != "Phường Hàng Bạc" || got.Above != "Quận Hoàn Kiếm" || got.Place != "" || got.Track != org.StateTrack {
			t.Errorf("nothing was set: %+v", got)
		}
		if got := h.head("hk", "2024-03-01"); got.Own != "Quận Hoàn Kiếm" || got.Above != "" {
			t.Errorf("a root: %+v", got)
		}
		h.setHead("hb", org.Letterhead{From: day("2024-02-01"), Track: org.StateTrack, Own: "Ủy ban nhân dân phường  Hàng Bạc", Place: "Hàng Bạc"})
		h.setHead("hb", org.Letterhead{From: day("2024-06-01"), Track: org.PartyTrack, Above: "Quận ủy Hoàn Kiếm", Own: "Đảng ủy phường Hàng Bạc", Place: "Hàng Bạc", Signing: org.SignOnBehalf})
		for on, own := range map[string]string{
			"2024-01-31": "Phường Hàng Bạc", "2024-02-01": "Ủy ban nhân dân phường Hàng Bạc", "2024-05-31": "Ủy ban nhân dân phường Hàng Bạc", "2024-06-01": "Đảng ủy phường Hàng Bạc",
		} {
			if got := h.head("hb", on); got.Own != own {
				t.Errorf("on %s: %q, want %q", on, got.Own, own)
			}
		}
		if got := h.head("hb", "2024-03-01").Above; got != "Quận Hoàn Kiếm" {
			t.Errorf("the upper body was left open: %q", got)
		}
		h.setHead("hb", org.Letterhead{From: day("2024-06-01"), Track: org.PartyTrack, Own: "Đảng bộ phường Hàng Bạc"})
		if got := h.head("hb", "2024-07-01"); got.Own != "Đảng bộ phường Hàng Bạc" {
			t.Errorf("put right: %+v", got)
		}
		if all, err := h.svc.Letterheads(t.Context(), h.boss, "hb"); err != nil || len(all) != 2 || all[0].From != day("2024-06-01") {
			t.Errorf("history: %+v, %v", all, err)
		}
	})
}

func TestWhoSetsLetterheads(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ok := org.Letterhead{From: day("2024-06-01"), Track: org.StateTrack}
		tree, err := h.svc.Current(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		other := h.boss
		other.Scope = actor.Scope{Paths: tree.Paths(h.ids["cn"])}
		reader := h.boss
		reader.Rights = []actor.Right{org.RightRead}
		if err := h.svc.SetLetterhead(t.Context(), other, "hb", ok, 0); !errs.Is(err, errs.NotFound) {
			t.Errorf("out of scope: %v", err)
		}
		if _, err := h.svc.Letterheads(t.Context(), other, "hb"); !errs.Is(err, errs.NotFound) {
			t.Errorf("read out of scope: %v", err)
		}
		if err := h.svc.SetLetterhead(t.Context(), reader, "hb", ok, 0); !errs.Is(err, errs.Forbidden) {
			t.Errorf("without the right: %v", err)
		}
		bad := org.Letterhead{Track: "x", Signing: "XX", Own: strings.Repeat("a", 201), Place: "a\x00b"}
		fields := map[string]bool{}
		for _, e := range errs.All(h.svc.SetLetterhead(t.Context(), h.boss, "hb", bad, 0)) {
			fields[e.Field] = true
		}
		for _, f := range []string{"from", "track", "signing", "own", "place"} {
			if !fields[f] {
				t.Errorf("nothing is said of %s: %v", f, fields)
			}
		}
		ok.From = day("2023-12-31")
		if err := h.svc.SetLetterhead(t.Context(), h.boss, "hb", ok, 0); !errs.Is(err, errs.Invalid) {
			t.Errorf("before there was the unit: %v", err)
		}
	})
}

func TestLinesOfSigning(t *testing.T) {
	for want, h := range map[string]org.Letterhead{
		"":                             {Track: org.StateTrack, Own: "x"},
		"TM. ỦY BAN NHÂN DÂN PHƯỜNG A": {Track: org.StateTrack, Signing: org.SignOnBehalf, Own: "Ủy ban nhân dân phường A"},
		"KT. CHỦ TỊCH":                 {Track: org.FrontTrack, Signing: org.SignInPlace, For: "Chủ tịch"},
		"T/M BAN THƯỜNG VỤ":            {Track: org.PartyTrack, Signing: org.SignOnBehalf, For: "Ban Thường vụ"},
		"T/L ……":                       {Track: org.PartyTrack, Signing: org.SignByOrder, Own: "x"},
	} {
		if got := h.SignedFor("……"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// mark is the mark of what holds from a day on, 0 where nothing was set for it.
func (h *house) mark(unit string, from clock.Date) int {
	h.t.Helper()
	all, err := h.svc.Letterheads(h.t.Context(), h.boss, unit)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, one := range all {
		if one.From == from {
			return one.Mark()
		}
	}
	return 0
}

// TestALetterheadThatWasChangedMeanwhile is not written over, unless that is meant.
func TestALetterheadThatWasChangedMeanwhile(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := org.Letterhead{From: day("2024-06-01"), Track: org.StateTrack, Signer: "Người Một"}
		h.setHead("hb", first)
		seen := h.mark("hb", first.From)
		second := first
		second.Signer = "Người Hai"
		h.setHead("hb", second)
		third := first
		third.Signer = "Người Ba"
		for _, stale := range []int{0, seen} {
			if err := h.svc.SetLetterhead(t.Context(), h.boss, "hb", third, stale); !errs.Is(err, errs.Conflict) {
				t.Errorf("over a newer one: %v", err)
			}
		}
		if got := h.head("hb", "2024-07-01"); got.Signer != "Người Hai" {
			t.Errorf("it was written over: %q", got.Signer)
		}
		if err := h.svc.SetLetterhead(t.Context(), h.boss, "hb", third, h.mark("hb", first.From)); err != nil {
			t.Errorf("what is meant: %v", err)
		}
	})
}
