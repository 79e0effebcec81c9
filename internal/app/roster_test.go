package app_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

// wardAdministrator is an account that looks after those of the first ward.
func (w *twoWards) wardAdministrator() {
	w.t.Helper()
	unit, err := w.Org.Get(w.t.Context(), w.System(), "W1")
	w.Must(err)
	_, err = w.Identity.Create(w.t.Context(), w.System(), identity.Input{
		Login: "quantri1", Name: "Quản trị phường Một", Unit: unit.ID, Password: sample.Password, Settled: true,
		Grants: []identity.GrantInput{{Role: app.RoleAdministrator, Unit: unit.ID}},
	})
	w.Must(err)
}

// wicked is a list in which one line is right, one asks for the role of an administrator, in
// words and by its code, and one for a unit out of the scope of the administrator of W1.
func wicked() string {
	return "Họ và tên;Đơn vị;Vai trò\nNguyễn Văn An;W1;\nTrần Kẻ Gian;W1;" + i18n.Vi.T(i18n.AppRoleAdministrator) +
		"\nLý Kẻ Gian;W1.G;administrator\nHồ Đi Lạc;W2;\n"
}

// TestAListGivesNoMoreThanItMay: each line that asks for more is refused by its own, and
// the list is not taken, by whatever way it comes.
func TestAListGivesNoMoreThanItMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTwoWards(t, d)
		w.wardAdministrator()
		for login, wrong := range map[string]int{"quantri1": 3, "quantri": 2} {
			client := apptest.As(t, w.site, login)
			before := w.records()
			list := url.Values{"role": {app.RoleReporter}, "text": {wicked()}}
			a := client.Post("/admin/people/import", list)
			if a.Status != http.StatusOK || strings.Contains(a.Body, "/import/confirm") {
				t.Errorf("%s: the check: %d", login, a.Status)
			}
			if n := strings.Count(a.Body, "Quyền quản trị không cấp bằng danh sách"); n != 2 {
				t.Errorf("%s: %d lines are refused for their role", login, n)
			}
			if n := strings.Count(a.Body, "Không tìm thấy đơn vị"); n != wrong-2 {
				t.Errorf("%s: %d lines are refused for their unit", login, n)
			}
			if a := client.Post("/admin/people/import/confirm", list); a.Status != http.StatusUnprocessableEntity {
				t.Errorf("%s: it is taken all the same: %d", login, a.Status)
			}
			list.Set("role", app.RoleAdministrator)
			list.Set("text", "Họ và tên;Đơn vị\nNguyễn Văn An;W1\n")
			if a := client.Post("/admin/people/import/confirm", list); a.Status != http.StatusUnprocessableEntity {
				t.Errorf("%s: a list of administrators is taken: %d", login, a.Status)
			}
			if after := w.records(); after != before {
				t.Errorf("%s: something was written", login)
			}
		}
	})
}

// TestAListBecomesSlipsInABrowser goes the way of a list at both widths, in both languages,
// and tries it once more while the pages are seen as another role.
func TestAListBecomesSlipsInABrowser(t *testing.T) {
	browsertest.Need(t)
	t.Parallel()
	w := newTwoWards(t, dbtest.Open(t, db.SQLite))
	w.wardAdministrator()
	b := browsertest.Open(t)
	const send = `(() => { const f = document.querySelector('%'); f.noValidate = true; f.requestSubmit(); return true })()`
	submit := func(selector string) {
		t.Helper()
		browsertest.Value[bool](t, b, strings.Replace(send, "%", selector, 1))
	}
	typed := func(text string) {
		t.Helper()
		browsertest.Value[bool](t, b, `(() => { document.querySelector('textarea[name=text]').value = `+strconv.Quote(text)+`; return true })()`)
	}
	n := 0
	for _, lang := range []string{"vi", "en"} {
		for _, width := range browsertest.Widths() {
			n++
			name := "roster-" + lang
			t.Run(name+"-"+strconv.FormatInt(width, 10), func(t *testing.T) {
				admin := apptest.As(t, w.site, "quantri1")
				admin.Speak(lang)
				b.Cookies(t, admin.Jar(), w.site.URL)
				page := w.site.URL + "/admin/people/import"
				b.Go(t, page, width)
				typed(wicked())
				submit("form:has(textarea[name=text])")
				b.Until(t, `document.querySelectorAll('table.reg tbody tr').length === 4`)
				b.LookHere(t, width, name+"-refused")
				if browsertest.Value[bool](t, b, `!!document.querySelector('form.confirm')`) {
					t.Error("a list with wrong lines can be confirmed")
				}
				b.Go(t, page, width)
				typed("Họ và tên;Đơn vị\nNguyễn Văn Bình " + strings.Repeat("I", n) + ";W1\nLê Thị Bưởi " + strings.Repeat("I", n) + ";W1.G\n")
				submit("form:has(textarea[name=text])")
				b.Until(t, `!!document.querySelector('form.confirm')`)
				b.LookHere(t, width, name+"-checked")
				submit("form.confirm")
				b.Until(t, `document.querySelectorAll('.slip').length === 2`)
				b.LookHere(t, width, name+"-slips")
				if !browsertest.Value[bool](t, b, `[...document.querySelectorAll('.slip-password')].every((p) => /^[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}$/.test(p.textContent))`) {
					t.Error("a slip has no password")
				}
				b.Go(t, page, width)
				typed("Họ và tên;Đơn vị\nNgười Xem Thử;W1\n")
				if a := admin.Post("/admin/preview", url.Values{"role": {app.RoleReporter}, "unit": {"W1"}}); a.Location != "/admin" {
					t.Fatalf("no preview: %d", a.Status)
				}
				before := w.records()
				submit("form:has(textarea[name=text])") // the page was open before the preview began
				b.Until(t, `!!document.querySelector('h1') && !document.querySelector('textarea[name=text]')`)
				b.LookHere(t, width, name+"-preview")
				if a := admin.Post("/admin/people/import/confirm", url.Values{"role": {app.RoleReporter}, "text": {"Họ và tên;Đơn vị\nNgười Xem Thử;W1\n"}}); a.Status != http.StatusForbidden {
					t.Errorf("a list is taken in a preview: %d", a.Status)
				}
				if after := w.records(); after != before {
					t.Error("something was written in a preview")
				}
			})
		}
	}
}
