package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

// way is forty entries of ward W2 on their way to one decision.
type way struct {
	*twoWards
	unit, officer *apptest.Client
	codes         []string
	last          practice.Entry
}

func newWay(t *testing.T, w *twoWards, n int) *way {
	t.Helper()
	x := &way{twoWards: w, unit: apptest.As(t, w.site, "phuong2"), officer: apptest.As(t, w.site, "canbo2")}
	var ids []string
	for i := range n {
		in := apptest.Registration()
		in.Movement, in.Unit, in.Title, in.Subject = "M-2024", "W1.G", fmt.Sprint("Mô hình số ", i), fmt.Sprint("Tổ số ", i)
		in.Unit = "W2.G"
		e := w.Register(in)
		c, ok, err := w.Reviews.Latest(t.Context(), w.System(), practice.SubjectEntry, e.ID)
		w.Must(err)
		if ok {
			_, err := w.Reviews.TakeOut(t.Context(), w.System(), c.ID, "thử")
			w.Must(err)
		}
		x.codes, ids, x.last = append(x.codes, e.Code), append(ids, e.ID), e
	}
	w.Must(w.Practices.Receive(t.Context(), w.System(), practice.Step{Entries: ids, On: apptest.Day("2024-03-01")}))
	return x
}

// post sends a form and wants it to be done.
func (x *way) post(c *apptest.Client, path string, pairs ...string) string {
	x.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	a := c.Post(path, form)
	if a.Status != http.StatusSeeOther {
		x.t.Fatalf("%s gives %d:\n%s", path, a.Status, regexp.MustCompile(`(?s)<div class="errs.*?</div>`).FindString(a.Body))
	}
	return a.Location
}

func TestFromANoteToRecognition(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const many = 40
		x := newWay(t, newTwoWards(t, d), many)
		recognise := func() apptest.Answer {
			form := url.Values{"sure": {"1"}, "codes": {strings.Join(x.codes, "\n")}}
			for _, code := range x.codes {
				form.Add("entry", code)
			}
			return x.officer.Post("/admin/decisions/"+x.decision+"/recognise", form)
		}
		if a := recognise(); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "tờ trình") || !strings.Contains(a.Body, x.codes[7]) {
			t.Fatalf("without papers: %d", a.Status)
		}
		for i, code := range x.codes {
			if i > 0 { // one by its pages is enough
				n, err := x.Appraisals.Report(t.Context(), x.System(), appraisal.NoteInput{
					Entry: code, Kind: appraisal.Result, On: apptest.Day("2024-09-01"), Text: "Đã làm", Outputs: "Ngõ sạch",
				})
				x.Must(err)
				x.Must(x.Appraisals.Accept(t.Context(), x.System(), n.ID))
				continue
			}
			x.post(x.unit, "/admin/appraisals/entries/"+code+"/note", "kind", "result", "on", "2024-09-01", "text", "Đã làm", "outputs", "Ngõ sạch")
			notes, err := x.Appraisals.Notes(t.Context(), x.System(), x.idOf(code))
			x.Must(err)
			if a := x.unit.Post("/admin/appraisals/notes/"+notes[0].ID+"/accept", url.Values{}); a.Status != http.StatusForbidden {
				t.Fatalf("a unit accepts its own note: %d", a.Status)
			}
			x.post(x.officer, "/admin/appraisals/notes/"+notes[0].ID+"/accept")
		}
		x.post(x.officer, "/admin/appraisals/entries/"+x.codes[0]+"/verdict", "verdict", "typical", "reason", "Tốt", "version", "0")
		page := x.officer.Get("/admin/appraisals/papers/new?kind=appraisal&entry=" + x.codes[0])
		if page.Status != http.StatusOK || !strings.Contains(page.Body, x.codes[0]) {
			t.Errorf("the form of the minutes: %d", page.Status)
		}
		var lines []string
		for _, code := range x.codes {
			lines = append(lines, code+" 7/9")
		}
		early := x.officer.Post("/admin/appraisals/papers/new", url.Values{
			"kind": {"appraisal"}, "unit": {"W2"}, "on": {"2024-09-05"}, "verdict": {"recognise"}, "codes": {strings.Join(lines, "\n")}, "chair": {"Bà Chủ trì"},
		})
		if early.Status != http.StatusUnprocessableEntity || !strings.Contains(early.Body, x.codes[9]) || !strings.Contains(early.Body, "Bà Chủ trì") {
			t.Errorf("minutes put forward what nobody appraised: %d", early.Status)
		}
		x.post(x.officer, "/admin/appraisals/verdicts", "codes", strings.Join(x.codes[1:], "\n"), "verdict", "recognise")
		minutes := x.post(x.officer, "/admin/appraisals/papers/new", "kind", "appraisal", "unit", "W2", "on", "2024-09-05", "chair", "Bà Chủ trì",
			"codes", strings.Join(lines, "\n"))
		got := x.officer.Get(minutes).Body
		for _, part := range []string{"Bà Chủ trì", "7/9", "……", "Đề nghị tiêu biểu: 1", fmt.Sprint("Đề nghị công nhận: ", many-1)} {
			if !strings.Contains(got, part) {
				t.Errorf("the printed minutes lack %q", part)
			}
		}
		if board := x.officer.Get("/admin/appraisals").Body; strings.Count(board, "Cấp xã") < many {
			t.Error("the board does not say on which level there are minutes")
		}
		if a := recognise(); a.Status != http.StatusUnprocessableEntity || strings.Contains(a.Body, "biên bản thẩm định đề nghị") {
			t.Errorf("without the letter: %d", a.Status)
		}
		x.post(x.officer, "/admin/appraisals/papers/new", "kind", "submission", "unit", "W2", "on", "2024-09-06", "codes", strings.Join(x.codes, "\n"))
		if a := recognise(); a.Status != http.StatusSeeOther {
			t.Fatalf("with all papers: %d", a.Status)
		}
		under, err := x.Practices.Under(t.Context(), x.System(), x.decision)
		x.Must(err)
		if len(under[ledger.Recognised]) != many {
			t.Errorf("%d recognised", len(under[ledger.Recognised]))
		}
		for _, path := range []string{
			"/admin/appraisals", "/admin/appraisals?tab=recognised", "/admin/appraisals/silent", "/admin/appraisals/notes", "/admin/appraisals/papers",
			"/admin/appraisals/proposals", "/admin/visits", "/admin/appraisals/entries/" + x.codes[0], "/admin/decisions/" + x.decision, "/admin/entries/" + x.codes[0],
		} {
			if a := x.officer.Get(path); a.Status != http.StatusOK {
				t.Errorf("%s gives %d", path, a.Status)
			}
		}
		if a := apptest.As(t, x.site, "canbo1").Get(minutes); a.Status != http.StatusNotFound {
			t.Errorf("another ward reads the minutes: %d", a.Status)
		}
	})
}

func (x *way) idOf(code string) string {
	x.t.Helper()
	e, err := x.Practices.Get(x.t.Context(), x.System(), code)
	x.Must(err)
	return e.ID
}

// TestASheetIsFilledWithoutANetwork cuts the line between a browser and the house while the
// sheet of a visit is filled in, opens it again, and restores the line.
func TestASheetIsFilledWithoutANetwork(t *testing.T) {
	browsertest.Need(t)
	for _, lang := range []string{"vi", "en"} {
		t.Run(lang, func(t *testing.T) { dbtest.Each(t, func(t *testing.T, d *db.DB) { sheetWithoutANetwork(t, d, lang) }) })
	}
}

func sheetWithoutANetwork(t *testing.T, d *db.DB, lang string) {
	t.Helper()
	w := newTwoWards(t, d)
	var cut atomic.Bool
	house := w.site.Config.Handler
	w.site.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if cut.Load() {
			panic(http.ErrAbortHandler)
		}
		house.ServeHTTP(rw, r)
	})
	x := newWay(t, w, 1)
	visit := x.post(x.officer, "/admin/visits/new", "unit", "W2", "on", "2024-08-01", "goers", "Bà A", "codes", x.codes[0])
	sheet := visit + "/sheets/" + x.codes[0]
	b := browsertest.Open(t)
	x.officer.Speak(lang)
	b.Cookies(t, x.officer.Jar(), x.site.URL)
	write := func(name, text string) {
		browsertest.Value[bool](t, b, `(() => { const f = document.querySelector('#visit-sheet [name="`+name+`"]'); f.value = `+strconv.Quote(text)+
			`; f.dispatchEvent(new Event('input', {bubbles: true})); return true })()`)
	}
	read := func(name string) string {
		return browsertest.Value[string](t, b, `document.querySelector('#visit-sheet [name="`+name+`"]').value`)
	}
	send := func() {
		browsertest.Value[bool](t, b, `(document.querySelector('#visit-sheet').requestSubmit(), true)`)
	}
	const is = `document.querySelector('[data-sheet-state]').dataset.is === `
	b.Go(t, x.site.URL+sheet, 390)
	b.Fits(t)
	b.Until(t, `document.documentElement.dataset.offline === 'ready'`)
	cut.Store(true)
	write("people", "Ông C, tổ trưởng")
	send()
	b.Until(t, is+`'kept'`)
	if stored := browsertest.Value[int](t, b, `Object.keys(localStorage).filter((k) => k.startsWith('visit:')).length`); stored != 1 {
		t.Errorf("%d sheets are kept in the browser", stored)
	}
	write("conclusion", "Viết dở, chưa gửi")
	b.Kill(t) // the tab dies: nothing can be said any more
	b.Go(t, x.site.URL+sheet, 390)
	b.Until(t, `document.querySelector('#visit-sheet')`)
	if got := read("conclusion"); got != "Viết dở, chưa gửi" {
		t.Errorf("after the tab was killed stands %q", got)
	}
	if got := read("people"); got != "Ông C, tổ trưởng" {
		t.Fatalf("after it was opened again without a network stands %q", got)
	}
	write("conclusion", "Đúng như báo cáo")
	stored := func() appraisal.VisitSheet {
		v, err := x.Appraisals.Visit(t.Context(), x.System(), strings.TrimPrefix(visit, "/admin/visits/"))
		x.Must(err)
		return v.Sheets[0]
	}
	if stored().Version != 0 {
		t.Error("something came through a line that is cut")
	}
	cut.Store(false)
	browsertest.Value[bool](t, b, `dispatchEvent(new Event('online'))`)
	b.Until(t, is+`'sent'`)
	if got := stored(); got.Version != 1 || got.Form["people"] != "Ông C, tổ trưởng" || got.Form["conclusion"] != "Đúng như báo cáo" {
		t.Errorf("sent %+v", got.Form)
	}
	_, err := x.Appraisals.Fill(t.Context(), x.System(), strings.TrimPrefix(visit, "/admin/visits/"), x.codes[0],
		appraisal.Sending{ID: "another-one", Version: 1, Form: map[string]string{"people": "Người khác ghi"}})
	x.Must(err)
	write("people", "Tôi ghi tiếp")
	send()
	b.Until(t, is+`'conflict'`)
	if shown := browsertest.Value[string](t, b, `document.querySelector('[data-sheet-theirs]').innerText`); !strings.Contains(shown, "Người khác ghi") || read("people") != "Tôi ghi tiếp" {
		t.Errorf("a conflict shows %q beside %q", shown, read("people"))
	}
	browsertest.Value[bool](t, b, `(document.querySelector('[data-sheet-mine]').click(), true)`)
	b.Until(t, is+`'sent'`)
	if got := stored(); got.Version != 3 || got.Form["people"] != "Tôi ghi tiếp" {
		t.Errorf("after mine was kept stands %+v", got)
	}
	b.Fits(t)
}
