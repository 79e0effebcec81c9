package app_test

import (
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

// TestTheWayOfADraftInABrowser types a registration as a unit does: the browser dies, it
// goes on in another one, it is handed in, two parts are sent back, only these are open,
// and both sides see what changed.
func TestTheWayOfADraftInABrowser(t *testing.T) {
	browsertest.Need(t)
	t.Parallel()
	h := apptest.Sample(t, db.SQLite)
	site := apptest.Serve(t, h)
	for i, lang := range []string{"vi", "en"} {
		width := browsertest.Widths()[i]
		t.Run(lang+"-"+strconv.FormatInt(width, 10), func(t *testing.T) {
			j := &journey{t: t, site: site, width: width, title: "Ngõ sạch mỗi sáng " + lang}
			j.unit, j.officer = apptest.As(t, site, "phuong"), apptest.As(t, site, "canbo")
			j.unit.Speak(lang)
			j.officer.Speak(lang)
			j.typed()
			j.offline()
			j.resumed()
			j.sentBack()
			j.mended()
		})
	}
}

// journey is a draft on its way.
type journey struct {
	t             *testing.T
	site          *httptest.Server
	unit, officer *apptest.Client
	width         int64
	title         string
	draft, entry  string // addresses
}

// browser is a fresh browser of the unit: nothing is left in it of another.
func (j *journey) browser() *browsertest.Browser {
	b := browsertest.Open(j.t)
	b.Cookies(j.t, j.unit.Jar(), j.site.URL)
	return b
}

// write puts a text into a field as typing does.
func (j *journey) write(b *browsertest.Browser, name, text string) {
	j.t.Helper()
	browsertest.Value[bool](j.t, b, `(() => { const f = document.querySelector('#draft-form [name="`+name+`"]'); f.value = `+strconv.Quote(text)+
		`; f.dispatchEvent(new Event('input', {bubbles: true})); return true })()`)
}

const saved = `document.querySelector('[data-draft-state]')?.dataset.is === 'saved'`

func (j *journey) typed() {
	b := j.browser()
	b.Go(j.t, j.site.URL+"/admin/entries/new?movement="+sample.Movement, j.width)
	b.Fits(j.t)
	browsertest.Value[bool](j.t, b, `(document.querySelector('#f-title').focus(), true)`)
	b.Keys(j.t, "N")
	j.write(b, "title", j.title)
	j.write(b, "rationale", "Rác còn để qua đêm.")
	b.Until(j.t, saved)
	j.draft = browsertest.Value[string](j.t, b, `location.pathname`)
	if !strings.HasPrefix(j.draft, "/admin/drafts/") {
		j.t.Fatalf("the draft stands at %s", j.draft)
	}
	if left := browsertest.Value[int](j.t, b, `Object.keys(localStorage).filter((k) => k.startsWith('draft:')).length`); left != 0 {
		j.t.Errorf("%d drafts are left in the browser after they were saved", left)
	}
}

// offline types while nothing reaches the server, and opens the page again.
func (j *journey) offline() {
	b := j.browser()
	b.Go(j.t, j.site.URL+j.draft, j.width)
	browsertest.Value[bool](j.t, b, `(window.fetch = () => Promise.reject(new Error('offline')), navigator.sendBeacon = () => false, true)`)
	j.write(b, "goals", "Không còn rác qua đêm.")
	b.Until(j.t, `document.querySelector('[data-draft-state]').dataset.is === 'failed'`)
	b.Go(j.t, j.site.URL+j.draft, j.width)
	if got := browsertest.Value[string](j.t, b, `document.querySelector('[name=goals]').value`); got != "Không còn rác qua đêm." {
		j.t.Errorf("after the break stands %q", got)
	}
	b.Until(j.t, saved)
}

// resumed goes on in a fresh browser and hands it in.
func (j *journey) resumed() {
	if home := j.unit.Get("/admin").Body; !strings.Contains(home, j.title) || !strings.Contains(home, j.draft) {
		j.t.Error("the first page does not tell of the draft")
	}
	b := j.browser()
	b.Go(j.t, j.site.URL+j.draft, j.width)
	if got := browsertest.Value[string](j.t, b, `document.querySelector('[name=title]').value + '|' + document.querySelector('[name=goals]').value`); got != j.title+"|Không còn rác qua đêm." {
		j.t.Fatalf("elsewhere stands %q", got)
	}
	browsertest.Value[bool](j.t, b, `(document.querySelector('#draft-form').requestSubmit(), true)`)
	b.Until(j.t, `document.querySelector('.errs a[href="#f-approach"]')`)
	b.Fits(j.t)
	for _, part := range (&practice.Parts{}).All() {
		if part.Field != "goals" && part.Field != "rationale" {
			j.write(b, part.Field, "Nội dung "+part.Field)
		}
	}
	j.write(b, "subject", "Tổ dân phố số 9")
	j.write(b, "on", "2024-05-02")
	browsertest.Value[bool](j.t, b, `(document.querySelector('[name=field]').value = 'economy', document.querySelector('[name=unit]').value = '`+sample.CodeWard+`', true)`)
	browsertest.Value[bool](j.t, b, `(document.querySelector('#draft-form').requestSubmit(), true)`)
	b.Until(j.t, `/^\/admin\/entries\/[A-Z]+-\d+$/.test(location.pathname) && document.querySelector('a[href$="/files"]')`)
	j.entry = browsertest.Value[string](j.t, b, `location.pathname`)
	b.Fits(j.t)
	if again := j.unit.Get(j.draft); again.Location != j.entry {
		j.t.Errorf("the draft leads to %q", again.Location)
	}
}

// sentBack returns two parts.
func (j *journey) sentBack() {
	form := url.Values{
		"on": {"2024-05-03"}, "reasons": {"unclear", "incomplete"}, "part.goals": {"1"}, "part.approach": {"1"},
		"note.goals": {"Nêu con số"}, "note.approach": {"Ai làm, làm khi nào"},
	}
	if a := j.officer.Post(j.entry+"/return", form); a.Location != j.entry {
		j.t.Fatalf("sent back: %d %s", a.Status, a.Body)
	}
}

// mended changes what is open, tries what is not, and looks at what both sides see.
func (j *journey) mended() {
	b := j.browser()
	b.Go(j.t, j.site.URL+j.entry+"/edit", j.width)
	b.Fits(j.t)
	open := browsertest.Value[string](j.t, b, `[...document.querySelectorAll('main textarea, main #f-title')].filter((f) => !f.readOnly).map((f) => f.name).join(' ')`)
	if open != "goals approach" {
		j.t.Errorf("open are %q", open)
	}
	browsertest.Value[bool](j.t, b, `(() => { const f = document.querySelector('[name=rationale]'); f.readOnly = false; f.value = 'Lén sửa'; document.querySelector('[name=goals]').value = 'Dưới 1 kg rác mỗi đêm.'; f.form.requestSubmit(); return true })()`)
	b.Until(j.t, `document.querySelector('.errs a[href="#f-rationale"]')`)
	browsertest.Value[bool](j.t, b, `(() => { const f = document.querySelector('[name=rationale]'); f.value = 'Rác còn để qua đêm.'; f.form.requestSubmit(); return true })()`)
	b.Until(j.t, `location.pathname === '`+j.entry+`'`)
	if a := j.unit.Post(j.entry+"/resubmit", url.Values{"on": {"2024-05-06"}, "sure": {"1"}}); a.Location != j.entry {
		j.t.Fatalf("sent in again: %d %s", a.Status, a.Body)
	}
	for side, client := range map[string]*apptest.Client{"the unit": j.unit, "the officer": j.officer} {
		for _, path := range []string{j.entry, j.entry + "/returns"} {
			if got := client.Get(path).Body; !strings.Contains(got, "<ins>Dưới 1 kg") || strings.Contains(got, "Lén sửa") {
				j.t.Errorf("%s does not see at %s what changed", side, path)
			}
		}
	}
}
