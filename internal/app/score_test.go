package app_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

// hands drives a browser in which one person after another fills in forms.
type hands struct {
	*browsertest.Browser
	t    *testing.T
	site string
}

func (h hands) as(c *apptest.Client, path string, width int64) {
	h.t.Helper()
	c.Speak("vi")
	h.Cookies(h.t, c.Jar(), h.site)
	h.Go(h.t, h.site+path, width)
	h.Fits(h.t)
}

// write fills in the field of a form, or chooses it.
func (h hands) write(name, text string) {
	h.t.Helper()
	browsertest.Value[bool](h.t, h.Browser, `(() => { const all = [...document.querySelectorAll('main [name="`+name+`"]')].filter((f) => f.type !== 'hidden');
		const f = all.find((f) => f.type === 'radio' && f.value === `+strconv.Quote(text)+`) ?? all[0];
		if (f.type === 'radio' || f.type === 'checkbox') f.checked = `+strconv.Quote(text)+` !== ''; else f.value = `+strconv.Quote(text)+`;
		f.dispatchEvent(new Event('input', {bubbles: true})); f.dispatchEvent(new Event('change', {bubbles: true})); return true })()`)
}

// press presses Enter on a button, reached by its words, and waits for another page.
func (h hands) press(words string) {
	h.t.Helper()
	browsertest.Value[bool](h.t, h.Browser, `(() => { document.documentElement.dataset.left = '1';
		const b = [...document.querySelectorAll('main button, main a')].find((b) => b.innerText.trim() === `+strconv.Quote(words)+`);
		if (!b) throw new Error('no such button among ' + [...document.querySelectorAll('main button, main a')].map((b) => b.innerText.trim()).join(', '));
		b.focus(); if (document.activeElement !== b) throw new Error('not reached by the keyboard'); return true })()`)
	h.Keys(h.t, "\r")
	h.Until(h.t, `document.documentElement.dataset.left === undefined && document.readyState === 'complete'`)
}

func (h hands) reads(when string, parts ...string) {
	h.t.Helper()
	got := browsertest.Value[string](h.t, h.Browser, `document.querySelector('main').innerText`)
	for _, part := range parts {
		if !strings.Contains(got, part) {
			h.t.Errorf("%s the page lacks %q:\n%s", when, part, got)
		}
	}
}

// capped is a set with a cap on its group, a bonus with a cap, and something mandatory.
func capped(weight int) movement.CriteriaInput {
	return movement.CriteriaInput{
		BonusCap: 200, Groups: []movement.CriteriaGroup{{Name: "Kết quả", Cap: 1500}},
		Rows: []movement.CriterionInput{
			{Group: "Kết quả", Criterion: movement.Criterion{Name: "Có kết quả rõ", Most: 1000, Weight: weight, Mandatory: true, Evidence: movement.EvidenceFigures}},
			{Group: "Kết quả", Criterion: movement.Criterion{Name: "Lan tỏa", Most: 1000, Weight: 100}},
			{Group: "Thưởng", Criterion: movement.Criterion{Name: "Sáng tạo", Most: 500, Weight: 100, Bonus: true}},
		},
	}
}

// TestScoresFromSelfToFinalInABrowser: a unit scores itself, the appraisers verify, the last
// hand decides; the criteria change, and it is flagged.
func TestScoresFromSelfToFinalInABrowser(t *testing.T) {
	browsertest.Need(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWay(t, newTwoWards(t, d), 2)
		login(t, x.Small, "quan", app.RoleOfficer, "D")
		manager := apptest.As(t, x.site, "quan")
		at := movement.CriteriaAt{Movement: "M-2024", Kind: ledger.Collective}
		set, err := x.Movements.DraftCriteria(t.Context(), x.System(), at, capped(100))
		x.Must(err)
		at.Version = set.Version
		set, err = x.Movements.EnforceCriteria(t.Context(), x.System(), at, movement.Enforcement{On: x.Now.Today() - 30})
		x.Must(err)
		all := set.All()
		b := hands{browsertest.Open(t), t, x.site.URL}
		path := "/admin/appraisals/entries/" + x.codes[0]
		score := func(who *apptest.Client, by string, width int64, points ...string) {
			t.Helper()
			b.as(who, path+"/score?by="+by, width)
			for i, p := range points {
				b.write("points."+all[i].ID, p)
			}
			b.press("Lưu")
		}
		b.as(x.unit, path+"/score?by=self", 390)
		b.reads("before anybody scored", "bộ tiêu chí M-2024, bản 1", "Bắt buộc", "Điểm thưởng", "Tính tối đa 15 điểm", "tối đa 10")
		score(x.unit, "self", 390, "11")
		b.reads("after more than the most", "Điểm từ 0 đến 10.")
		if got := browsertest.Value[string](t, b.Browser, `document.querySelector('[name="points.`+all[0].ID+`"]').value`); got != "11" {
			t.Errorf("what was typed is %q", got)
		}
		score(x.unit, "self", 390, "9", "8,5", "4")
		b.reads("scored by its unit", "Tính tối đa 2 điểm", "17", "Căn cứ: bộ tiêu chí M-2024, bản 1")
		score(x.officer, "verified", 1280, "0", "8", "1")
		b.reads("verified", "Thiếu điểm bắt buộc")
		b.as(x.officer, path+"/verdict", 390)
		b.write("verdict", "recognise")
		b.press("Lưu")
		b.reads("put forward without what is mandatory", "Có tiêu chí bắt buộc chưa được điểm nào")
		score(x.officer, "final", 1280, "10", "10", "5")
		b.reads("at last", "15", "17")
		b.as(x.officer, path+"/verdict", 1280)
		b.write("verdict", "recognise")
		b.press("Lưu")
		b.reads("judged", "Đề nghị công nhận")
		x.looks(b, path, path+"/score?by=self", path+"/score?by=final", path+"/verdict")

		// The criteria change after the start: it is asked why, and the work list says what follows.
		at.Version = 0
		_, err = x.Movements.DraftCriteria(t.Context(), x.System(), at, capped(150))
		x.Must(err)
		enforce := "/admin/movements/M-2024/criteria/collective/enforce"
		b.as(manager, enforce, 390)
		b.write("on", x.Now.Today().String())
		b.press("Lưu")
		b.reads("without a reason", "Lý do")
		if n := browsertest.Value[int](t, b.Browser, `document.querySelectorAll('main .errs').length`); n == 0 {
			t.Error("it is not asked why the criteria changed after the start")
		}
		b.write("reason", "Coi trọng kết quả hơn")
		b.press("Lưu")
		for _, width := range browsertest.Widths() {
			b.as(x.officer, "/admin/appraisals?movement=M-2024", width)
			b.reads("in the work list", "1 mô hình trong trang này cần chấm lại", "Cần chấm lại")
		}
		b.as(x.officer, path, 390)
		b.reads("on its page", "Cần chấm lại", "Bộ tiêu chí đã có bản mới")
		b.as(x.officer, path+"/score?by=final", 390)
		b.reads("on the sheet", "bản 2", "Cần chấm lại", "hệ số 1,5")
		x.looks(b, path, path+"/score?by=final", "/admin/appraisals", "/admin/appraisals/verdicts?entry="+x.codes[1])
	})
}

// looks holds pages to axe and to their width, in both languages, light and dark.
func (x *way) looks(b hands, paths ...string) {
	x.t.Helper()
	for _, lang := range []string{"en", "vi"} {
		x.officer.Speak(lang)
		b.Cookies(x.t, x.officer.Jar(), b.site)
		for _, path := range paths {
			for _, width := range browsertest.Widths() {
				if (lang == "vi") != (width < 500) { // the other two are looked at with the pages of the sample
					continue
				}
				b.Look(x.t, b.site+path, width, "look-"+strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(path)+"-"+lang)
			}
		}
	}
}

// TestAProposalUpwardInABrowser: the ward proposes what it recognised, the district scores it
// by itself and returns it or leads it on.
func TestAProposalUpwardInABrowser(t *testing.T) {
	browsertest.Need(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWay(t, newTwoWards(t, d), 2)
		login(t, x.Small, "quan", app.RoleOfficer, "D")
		above := apptest.As(t, x.site, "quan")
		ward, err := x.Movements.Decide(t.Context(), x.System(), movement.DecisionInput{
			Paper: ledger.PaperDecision, Number: "77/QĐ", Authority: "W2", Level: org.Commune, SignedOn: apptest.Day("2024-09-10"), Title: "Công nhận cấp xã",
		})
		x.Must(err)
		ids := []string{x.idOf(x.codes[0]), x.idOf(x.codes[1])}
		x.Papers(ward, ids...)
		x.Must(x.Practices.Recognise(t.Context(), x.System(), ward.ID, ids))
		b := hands{browsertest.Open(t), t, x.site.URL}
		b.as(x.officer, "/admin/appraisals/papers/new?kind=submission&entry="+x.codes[0]+"&entry="+x.codes[1], 390)
		b.write("unit", "W2")
		b.write("level", "district")
		b.write("number", "5/TTr")
		b.press("Lập văn bản")
		b.reads("the letter", "TỜ TRÌNH", "Đề nghị công nhận")
		b.press("Đề nghị cấp trên công nhận")
		b.write("to", "D")
		b.press("Đề nghị cấp trên công nhận")
		proposal := browsertest.Value[string](t, b.Browser, `location.pathname`)
		b.reads("the proposal", "Mô hình số 0", "Mô hình số 1")
		if browsertest.Value[bool](t, b.Browser, `document.querySelector('main').innerText.includes('Việc cần làm')`) {
			t.Error("the ward is offered to judge its own proposal")
		}
		for _, width := range browsertest.Widths() {
			b.as(above, proposal, width)
			b.reads("the level above sees", "Mô hình số 1", "Trả lại", "Kết luận thẩm định")
		}
		b.as(above, "/admin/appraisals/entries/"+x.codes[0]+"/verdict?proposal="+strings.TrimPrefix(proposal, "/admin/appraisals/proposals/"), 390)
		b.write("verdict", "recognise")
		b.press("Lưu")
		b.reads("judged above", "Đề nghị công nhận")
		b.as(above, proposal+"/return?entry="+x.codes[1], 390)
		b.write("reason", "Chưa rõ kết quả")
		b.press("Trả lại")
		b.reads("given back", "Chưa rõ kết quả")
		for _, width := range browsertest.Widths() {
			b.as(x.officer, proposal, width)
			b.reads("the ward sees", "Chưa rõ kết quả")
			b.as(x.officer, "/admin/appraisals?movement=M-2024&tab=recognised", width)
			b.reads("the board", "Cấp xã", "Cấp huyện")
		}
		form := url.Values{"verdict": {"passed"}, "version": {"1"}, "proposal": {strings.TrimPrefix(proposal, "/admin/appraisals/proposals/")}}
		if a := x.officer.Post("/admin/appraisals/entries/"+x.codes[0]+"/verdict", form); a.Status == 303 {
			t.Error("the ward judges for the level above")
		}
		x.looks(b, proposal, "/admin/appraisals/proposals?movement=M-2024", "/admin/appraisals/entries/"+x.codes[0])
	})
}
