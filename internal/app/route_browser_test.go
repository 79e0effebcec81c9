package app_test

import (
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

// TestARouteIsDrawnTriedAndSwitchedOnInABrowser draws a step more with a committee beside of
// which two of three are asked, tries it on a case that is over, switches it on, and follows
// an entry that is sent back to an earlier step and approved by a stand-in.
func TestARouteIsDrawnTriedAndSwitchedOnInABrowser(t *testing.T) {
	browsertest.Need(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOnRoute(t, d)
		past := o.Register(apptest.Registration())
		_, err := o.Reviews.Vote(t.Context(), o.as("to1"), o.caseOf(past).ID, review.VoteInput{Kind: review.Refused, Text: "Trùng"})
		o.Must(err)
		site := apptest.Serve(t, o.House)
		b := hands{browsertest.Open(t), t, site.URL}
		people := map[string]*apptest.Client{}
		for _, name := range []string{"quan", "to1", "phuong1"} {
			people[name] = apptest.As(t, site, name)
		}
		route := "/admin/routes/" + o.id
		b.as(people["quan"], route+"/steps", 390)
		b.press("Thêm bước")
		b.Fits(t)
		b.write("s3.name", "Hội đồng cấp tỉnh và tổ thẩm định")
		b.write("s3.days", "5")
		b.write("s3g0.at", "people")
		b.write("s3g0.accounts", "quan")
		b.write("s3g0.rule", "any")
		browsertest.Value[bool](t, b.Browser, `(document.querySelector('button[name="do"][value="group:3"]').focus(), document.documentElement.dataset.left = '1', true)`)
		b.Keys(t, "\r")
		b.Until(t, `document.documentElement.dataset.left === undefined && document.querySelector('[name="s3g1.at"]')`)
		b.write("s3g1.at", "people")
		b.write("s3g1.accounts", "uv1, uv2, uv3")
		b.write("s3g1.rule", "some")
		b.write("s3g1.need", "2")
		b.write("s3g0.accounts", "quan, khongco")
		b.press("Lưu bản thảo")
		if n := browsertest.Value[int](t, b.Browser, `document.querySelectorAll('main .errs').length`); n == 0 {
			t.Error("somebody is named whom nobody knows, and nobody says so")
		}
		if got := browsertest.Value[string](t, b.Browser, `document.querySelector('[name="s3g0.accounts"]').value`); got != "quan, khongco" {
			t.Errorf("of what was typed stands %q", got)
		}
		b.write("s3g0.accounts", "quan")
		b.press("Lưu bản thảo")
		b.reads("drawn", "Hội đồng cấp tỉnh và tổ thẩm định", "Ít nhất 2 người đồng ý")
		b.as(people["quan"], route+"/try?entry="+past.Code, 390)
		b.reads("tried on a case that is over", "Hội đồng cấp tỉnh và tổ thẩm định", "to1", "uv1")
		if c := o.caseOf(past); c.State.Phase != review.PhaseRefused {
			t.Errorf("a trial changed the case to %s", c.State.Phase)
		}
		b.as(people["quan"], route+"/on", 390)
		b.press("Bật quy trình")
		in := apptest.Registration()
		in.Title, in.Subject = "Đi theo bản mới", "Tổ mới"
		a := along{o, o.Register(in), people}
		if n := len(a.caseOf(a.e).State.Plan.Steps); n != 4 {
			t.Fatalf("a new case has %d steps", n)
		}
		vote := func(who, kind string, more ...string) {
			t.Helper()
			b.as(people[who], "/admin/reviews/"+a.caseOf(a.e).ID, 390)
			b.write("kind", kind)
			for i := 0; i < len(more); i += 2 {
				b.write(more[i], more[i+1])
			}
			b.press("Gửi ý kiến")
		}
		vote("to1", "approved")
		a.stands(1, review.PhaseOpen)
		vote("phuong1", "returned", "text", "Nêu rõ cách làm", "to", "0", "reason", "unclear")
		a.stands(0, review.PhaseOpen)
		today := o.Now.Today()
		_, err = o.Reviews.Delegate(t.Context(), o.as("to1"), review.AwayInput{StandIn: "phuong1", From: today, To: today + 3})
		o.Must(err)
		b.as(people["phuong1"], "/admin/reviews/"+a.caseOf(a.e).ID, 1280)
		b.reads("the stand-in sees", "to1", "Nêu rõ cách làm")
		vote("phuong1", "approved")
		a.stands(1, review.PhaseOpen)
		vote("phuong1", "approved")
		a.stands(2, review.PhaseOpen)
		for _, lang := range []string{"en", "vi"} {
			people["quan"].Speak(lang)
			b.Cookies(t, people["quan"].Jar(), site.URL)
			for _, path := range []string{route, route + "/steps", route + "/try?entry=" + past.Code, "/admin/reviews/" + a.caseOf(a.e).ID} {
				for _, width := range browsertest.Widths() {
					b.Look(t, site.URL+path, width, "route-"+lang+"-"+strings.NewReplacer("/", "-", "?", "-").Replace(strings.TrimPrefix(path, "/admin/")))
				}
			}
		}
	})
}
