package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// TestAPreviewChangesNothing posts to every address while an administrator sees the pages as
// a reporter, and looks that the pages are a reporter's.
func TestAPreviewChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTwoWards(t, d)
		var admin *apptest.Client
		before, walked := 0, 0
		for _, rt := range apptest.Web(t, w.House).Routes {
			if rt.Method == http.MethodGet || rt.InPreview || rt.Pattern == "/login" {
				continue
			}
			if walked%100 == 0 { // each site takes so many posts a minute
				admin = apptest.As(t, apptest.Serve(t, w.House), "quantri")
				if a := admin.Post("/admin/preview", url.Values{"role": {app.RoleReporter}, "unit": {"W1"}}); a.Location != "/admin" {
					t.Fatalf("no preview: %d %s", a.Status, a.Body)
				}
				before = w.records()
			}
			walked++
			path := strings.NewReplacer("{code}", w.entry.Code, "{name}", "x", "{id}", "x", "{movement}", "M-2024").Replace(rt.Pattern)
			if a := admin.Post(path, sure()); a.Status != http.StatusForbidden {
				t.Errorf("%s %s answers %d", rt.Method, path, a.Status)
			}
			if after := w.records(); after != before {
				t.Fatalf("%s writes in a preview", path)
			}
		}
		page := admin.Get("/admin")
		if !strings.Contains(page.Body, "preview-bar") || strings.Contains(page.Body, `href="/admin/people"`) {
			t.Error("the page does not say that it is a preview, or offers what a reporter does not have")
		}
		if a := admin.Get("/admin/people"); a.Status != http.StatusForbidden {
			t.Errorf("a reporter reads the accounts: %d", a.Status)
		}
		if a := admin.Get("/admin/entries/" + w.entry.Code); a.Status != http.StatusNotFound {
			t.Errorf("a reporter of W1 reads an entry of W2: %d", a.Status)
		}
		if a := admin.Post("/admin/preview/end", nil); a.Status != http.StatusSeeOther {
			t.Fatalf("it does not end: %d", a.Status)
		}
		if a := admin.Get("/admin/people"); a.Status != http.StatusOK || strings.Contains(a.Body, "preview-bar") {
			t.Errorf("after its end: %d", a.Status)
		}
		v, err := audit.Verify(t.Context(), w.DB)
		w.Must(err)
		if v.Records != before+1 {
			t.Errorf("its end was recorded %d times", v.Records-before)
		}
	})
}

// TestOfficersBeginNoPreview and reach no account's verbs.
func TestOfficersBeginNoPreview(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTwoWards(t, d)
		for _, login := range []string{"canbo1", "phuong1"} {
			if a := apptest.As(t, w.site, login).Post("/admin/preview", url.Values{"role": {app.RoleAdministrator}, "unit": {"W1"}}); a.Status != http.StatusForbidden {
				t.Errorf("%s: %d", login, a.Status)
			}
		}
	})
}

// TestAListBecomesSlips goes the way of a list: checked, confirmed, printed, and the first
// sign-in leads to the change of the password.
func TestAListBecomesSlips(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTwoWards(t, d)
		admin := apptest.As(t, w.site, "quantri")
		list := url.Values{"role": {app.RoleReporter}, "text": {"Họ và tên;Đơn vị;Vai trò\nNguyễn Văn An;W1;\nLê Thị Bưởi;W9;\n"}}
		if a := admin.Post("/admin/people/import", list); a.Status != http.StatusOK || !strings.Contains(a.Body, "Không tìm thấy đơn vị") || strings.Contains(a.Body, "/import/confirm") {
			t.Fatalf("a wrong list: %d", a.Status)
		}
		if a := admin.Post("/admin/people/import/confirm", list); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("a wrong list is confirmed: %d", a.Status)
		}
		list.Set("text", "Họ và tên;Đơn vị;Vai trò\nNguyễn Văn An;W1;\nLê Thị Bưởi;W2;Lãnh đạo (chỉ xem)\n")
		before := w.records()
		if a := admin.Post("/admin/people/import", list); a.Status != http.StatusOK || !strings.Contains(a.Body, "/import/confirm") || w.records() != before {
			t.Fatalf("the check: %d, %d records more", a.Status, w.records()-before)
		}
		a := admin.Post("/admin/people/import/confirm", list)
		passwords := regexp.MustCompile(`slip-password">([a-z0-9-]{14})<`).FindAllStringSubmatch(a.Body, -1)
		if a.Status != http.StatusOK || len(passwords) != 2 || a.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("slips: %d %q", a.Status, passwords)
		}
		fresh := apptest.Visitor(t, w.site)
		in := fresh.Post("/login", url.Values{"login": {"annv"}, "password": {passwords[0][1]}})
		if in.Location != "/admin/password" {
			t.Fatalf("the first sign-in leads to %q", in.Location)
		}
		if a := fresh.Get("/admin/entries"); a.Location != "/admin/password" {
			t.Errorf("the register opens before the change: %d", a.Status)
		}
		if a := fresh.Post("/admin/password", url.Values{"old": {passwords[0][1]}, "password": {sample.Password}}); a.Location != "/admin" {
			t.Fatalf("the change: %d", a.Status)
		}
		if a := fresh.Get("/admin/entries"); a.Status != http.StatusOK {
			t.Errorf("after the change: %d", a.Status)
		}
	})
}
