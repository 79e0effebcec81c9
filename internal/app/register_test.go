package app_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

// officer is an officer of the sample in front of a browser.
type officer struct {
	*testing.T
	*browsertest.Browser
	house *app.House
	site  *httptest.Server
	lang  i18n.Lang
	width int64
}

// eachOfficer goes a way in both languages and at both widths.
func eachOfficer(t *testing.T, way func(o officer)) {
	t.Helper()
	browsertest.Need(t)
	t.Parallel()
	h := apptest.Sample(t, db.SQLite)
	site := apptest.Serve(t, h)
	b := browsertest.Open(t)
	for _, lang := range []i18n.Lang{i18n.Vi, i18n.En} {
		who := apptest.As(t, site, "canbo")
		who.Speak(lang.Code())
		b.Cookies(t, who.Jar(), site.URL)
		for _, width := range browsertest.Widths() {
			t.Run(fmt.Sprintf("%s-%d", lang.Code(), width), func(t *testing.T) { way(officer{t, b, h, site, lang, width}) })
		}
	}
}

func (o officer) goTo(path string) {
	o.Helper()
	o.Go(o.T, o.site.URL+path, o.width)
}

// run runs statements in the page.
func (o officer) run(statements string) {
	o.Helper()
	browsertest.Value[bool](o.T, o.Browser, statements+`; true`)
}

func (o officer) click(selector string) {
	o.Helper()
	o.run(fmt.Sprintf(`document.querySelector(%q).click()`, selector))
}

// wants waits for a condition and holds the page to its width.
func (o officer) wants(condition string) {
	o.Helper()
	o.Until(o.T, `document.readyState === 'complete' && (`+condition+`)`) // a page comes in parts
	o.Fits(o.T)
}

// wantsText waits for a text of the catalogue to stand in the page.
func (o officer) wantsText(key i18n.Key, args ...any) {
	o.Helper()
	o.wants(fmt.Sprintf(`document.body.textContent.includes(%q)`, o.lang.T(key, args...)))
}

func (o officer) is(what, expression, want string) {
	o.Helper()
	if got := browsertest.Value[string](o.T, o.Browser, `String(`+expression+`)`); got != want {
		o.Errorf("%s: %q, want %q", what, got, want)
	}
}

func (o officer) waiting() int {
	o.Helper()
	m, err := o.house.Movements.Get(o.Context(), o.house.System(), "HK-2024")
	if err != nil {
		o.Fatal(err)
	}
	list, err := o.house.Practices.List(o.Context(), o.house.System(), practice.Query{Period: m.Periods[0].No, Tab: practice.TabWaiting, Slice: ledger.Slice{Limit: 1}})
	if err != nil {
		o.Fatal(err)
	}
	return list.Total
}

// TestManyAreReceivedAndThatIsUndoneInABrowser goes the whole way: choose, see what happens
// with its counts, do it, take it back.
func TestManyAreReceivedAndThatIsUndoneInABrowser(t *testing.T) {
	eachOfficer(t, func(o officer) {
		before := o.waiting()
		o.goTo("/admin/entries?movement=HK-2024&tab=waiting")
		o.click("[data-all]")
		o.wants(fmt.Sprintf(`document.querySelector('[data-chosen]').textContent.includes('%d')`, before))
		o.click(`[formaction="/admin/batches/new"]`)
		o.wants(`location.pathname === '/admin/batches/new'`)
		o.run(`document.querySelector('[name=action]').value = 'receive'; document.querySelector('[name=on]').value = '2024-10-01'; document.querySelector('main form').requestSubmit()`)
		o.wants(`document.querySelector('.confirm .count')`)
		items := browsertest.Value[int](t, o.Browser, `document.querySelectorAll('.confirm .list li').length`)
		o.wantsText(i18n.UiAffected, items)
		if items == 0 || o.waiting() != before {
			o.Fatalf("the question is about %d entries, and %d wait", items, o.waiting())
		}
		o.click(".confirm .btn.main")
		o.wants(`/^\/admin\/batches\/(?!new)/.test(location.pathname) && document.querySelector('form[action$="/undo"]')`)
		if got := o.waiting(); got != before-items {
			o.Errorf("after it was done %d wait, of %d", got, before)
		}
		o.click(`form[action$="/undo"] .btn`)
		o.wants(`document.querySelector('dialog[open]')`)
		o.click("dialog[open] .btn.main")
		o.wantsText(i18n.OfficeUndone, items, 0)
		if got := o.waiting(); got != before {
			o.Errorf("after it was undone %d wait, of %d", got, before)
		}
	})
}

// TestColumnsAreChosenAndKeptInABrowser chooses columns, keeps them as a view and looks at
// the file.
func TestColumnsAreChosenAndKeptInABrowser(t *testing.T) {
	eachOfficer(t, func(o officer) {
		const heads = `[...document.querySelectorAll('.reg thead th:not(.c-pick)')].map((th) => th.textContent.trim()).join('|')`
		words := func(keys ...i18n.Key) string {
			var all []string
			for _, k := range keys {
				all = append(all, o.lang.T(k))
			}
			return strings.Join(all, "|")
		}
		o.goTo("/admin/entries?movement=HK-2024&tab=typical")
		o.click(".cols-panel summary")
		o.wants(`document.querySelector('.cols-panel[open] form')`)
		o.run(`for (const box of document.querySelectorAll('.cols-panel [name=col][type=checkbox]')) box.checked = ['code', 'unit', 'subject', 'recognised'].includes(box.value)`)
		o.click(".cols-panel .btn.main")
		o.wants(`new URLSearchParams(location.search).get('cols') === 'code,title,unit,subject,recognised'`)
		o.click(`.cols-panel summary`)
		o.click(`[value="recognised.up"]`)
		want := words(i18n.AdminColCode, i18n.AdminColTitle, i18n.AdminColUnit, i18n.WorklistColRecognised, i18n.WorklistColSubject)
		o.wants(`new URLSearchParams(location.search).get('cols') === 'code,title,unit,recognised,subject' && document.querySelector('.cols-panel[open]')`)
		o.is("the columns", heads, want)
		o.click(".more summary")
		o.wants(`document.querySelector('.more[open] .sheetlet').checkVisibility()`)
		name := o.Name()
		o.click(`.more [href^="/admin/views/new"]`)
		o.wants(`location.pathname === '/admin/views/new'`)
		o.run(fmt.Sprintf(`document.querySelector('[name=name]').value = %q; document.querySelector('main form').requestSubmit()`, name))
		o.wants(`location.pathname === '/admin/entries' && new URLSearchParams(location.search).get('view')`)
		o.is("the columns of the view", heads, want)
		file := browsertest.Value[string](t, o.Browser, `fetch(document.querySelector('.more [href^="/admin/entries.csv"]').href).then((a) => a.text())`)
		lines := strings.Split(strings.TrimSpace(strings.TrimPrefix(file, "\uFEFF")), "\r\n")
		if lines[0] != strings.ReplaceAll(want, "|", ",") {
			o.Errorf("the file has the columns %s", lines[0])
		}
		o.is("how many are typical, and in the file", `document.querySelector('.tabs [aria-current] span').textContent.trim()`, fmt.Sprint(len(lines)-1))
	})
}

func TestTheKeysOfTheRegisterInABrowser(t *testing.T) {
	eachOfficer(t, func(o officer) {
		o.goTo("/admin/entries?movement=HK-2024")
		const at = `[...document.querySelectorAll('.reg tbody tr')].findIndex((row) => row.contains(document.activeElement))`
		press := func(what, want string, keys ...string) {
			o.Helper()
			o.Keys(o.T, keys...)
			o.is(what, at, want)
		}
		press("the first j", "0", "j")
		press("two more", "2", "j", "j")
		press("back", "1", "k")
		o.Keys(o.T, "x")
		o.is("x selects", `document.querySelectorAll('.reg tbody tr')[1].querySelector('input').checked`, "true")
		o.Keys(o.T, "x")
		o.is("x again", `document.querySelectorAll('.c-pick input:checked').length`, "0")
		o.Keys(o.T, "/")
		o.is("/ leads to the search", `document.activeElement.name`, "q")
		o.run(`document.activeElement.value = ''`) // the robot types what a keyboard would not, once the key was taken
		o.Keys(o.T, "j", "?", "x")
		o.is("what is typed is typed", `document.activeElement.value + document.querySelector('dialog').open`, "j?xfalse")
		o.run(`document.activeElement.blur()`)
		o.Keys(o.T, "?")
		o.is("? tells the keys", `document.querySelector('dialog#keys').open`, "true")
		o.wantsText(i18n.RegisterKeySearch)
		o.run(`document.querySelector('[data-keys-off]').click(); document.querySelector('dialog#keys .btn').click()`)
		o.wants(`!document.querySelector('dialog#keys').open`)
		o.goTo("/admin/entries?movement=HK-2024")
		press("turned off", "-1", "j")
		o.run(`localStorage.removeItem('keys')`)
		o.goTo("/admin/entries?movement=HK-2024")
		press("turned on again", "0", "j")
		path := browsertest.Value[string](o.T, o.Browser, `document.activeElement.pathname`)
		o.Keys(o.T, "\r")
		o.wants(fmt.Sprintf(`location.pathname === %q`, path))
	})
}

// TestTheOverviewIsOneSheet prints it as a leader would: on one sheet of A4, and on a phone
// without drawing anything sideways.
func TestTheOverviewIsOneSheet(t *testing.T) {
	eachOfficer(t, func(o officer) {
		o.goTo("/admin/overview?movement=HK-2024")
		o.wants(`document.querySelectorAll('.one-sheet .reg').length === 2`)
		o.is("what must be drawn sideways", `[...document.querySelectorAll('.pan')].filter((p) => p.scrollWidth > p.clientWidth).length`, "0")
		if n := o.Sheets(o.T); n != 1 {
			o.Errorf("it prints on %d sheets", n)
		}
		o.goTo("/admin/entries?movement=HK-2024")
		if n := o.Sheets(o.T); n < 2 {
			o.Errorf("fifty entries print on %d sheets: they are not counted", n)
		}
	})
}

// TestWhatWaitsForAVoteIsReadPageByPage walks through more than fit on a page, forwards and
// back, while one of them goes.
func TestWhatWaitsForAVoteIsReadPageByPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOnRoute(t, d)
		const many = 60
		for i := range many {
			in := apptest.Registration()
			in.Title = fmt.Sprintf("Mô hình %02d", i)
			o.Register(in)
		}
		who := o.as("to1")
		page := func(cursor string, back bool) review.WaitingPage {
			t.Helper()
			p, err := o.Reviews.WaitingPage(t.Context(), who, review.WaitingCut{Cursor: cursor, Backward: back, Limit: 25})
			o.Must(err)
			return p
		}
		whole, err := o.Reviews.Waiting(t.Context(), who)
		o.Must(err)
		first := page("", false)
		second := page(first.Next, false)
		third := page(second.Next, false)
		var read []string
		for _, p := range []review.WaitingPage{first, second, third} {
			for _, w := range p.Rows {
				read = append(read, w.Case)
				if w.Subject.Title == "" || w.StepName != "Tổ dân phố" || w.Due == 0 {
					t.Errorf("a row says %+v", w)
				}
			}
		}
		if len(whole) != many || len(read) != many || first.Total != many || first.Prev != "" || third.Next != "" || len(third.Rows) != 10 {
			t.Fatalf("%d wait, %d are read, the last page has %d and leads to %q", len(whole), len(read), len(third.Rows), third.Next)
		}
		for i, w := range whole {
			if w.Case != read[i] {
				t.Fatalf("the pages are in another order than the whole at %d", i)
			}
		}
		if back := page(third.Prev, true); back.Rows[0].Case != second.Rows[0].Case || back.Next == "" || back.Prev == "" {
			t.Errorf("back from the third page: %+v", back)
		}
		gone := first.Rows[24] // the row from which the second page begins is settled meanwhile
		_, err = o.Reviews.Vote(t.Context(), who, gone.Case, review.VoteInput{Step: 0, For: who.Account, Kind: review.Approved})
		o.Must(err)
		if after := page(first.Next, false); after.Rows[0].Case != second.Rows[0].Case || after.Total != many-1 {
			t.Errorf("after one went the second page begins elsewhere, of %d", after.Total)
		}
		for _, bad := range []string{"x", "1.2.3", "1.2.x.a.b", "1.2.99999999999.a.b"} {
			if _, err := o.Reviews.WaitingPage(t.Context(), who, review.WaitingCut{Cursor: bad, Limit: 5}); !errs.Is(err, errs.Invalid) {
				t.Errorf("%.20s: %v", bad, err)
			}
		}
		client := apptest.As(t, apptest.Serve(t, o.House), "to1")
		shown := client.Get("/admin/reviews")
		if shown.Status != 200 || !strings.Contains(shown.Body, i18n.Vi.T(i18n.UiShown, 50, many-1)) || !strings.Contains(shown.Body, `rel="next"`) {
			t.Errorf("the page is answered %d: %.300s", shown.Status, shown.Body)
		}
	})
}
