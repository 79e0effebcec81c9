package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/setup"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/places"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

// office is what somebody fills in at the first start.
func office() url.Values {
	return url.Values{
		"place": {"00070"}, "siteName": {"Dân vận khéo phường Hoàn Kiếm"}, "standingBody": {"Ban Xây dựng Đảng Đảng ủy phường Hoàn Kiếm"},
		"movement": {"1"}, "year": {"2027"}, "name": {"Nguyễn Quản Trị"}, "login": {"quantri"}, "password": {"mot ngay dep troi"},
		"name0": {"Trần Cán Bộ"}, "login0": {"canbo"}, "field0": {"Kinh tế vỉa hè"},
	}
}

// TestTheFirstStart goes from an empty house to an officer's desk by the pages alone, with
// mistakes on the way.
func TestTheFirstStart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := apptest.Empty(t, d)
		site := apptest.Serve(t, h)
		who := apptest.Visitor(t, site)
		if got := who.Get("/login"); got.Location != "/start" {
			t.Errorf("an empty house asks for a password: %d %s", got.Status, got.Location)
		}
		for _, path := range []string{"/start/place", "/start/office?place=00070"} {
			if got := who.Get(path); got.Location != "/start" {
				t.Errorf("%s without the code: %d", path, got.Status)
			}
		}
		if got := who.Post("/start/office", office()); got.Location != "/start" {
			t.Errorf("a house was set up without the code: %d", got.Status)
		}
		if got := who.Post("/start", url.Values{"code": {"0000 000x"}}); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "9 lần") {
			t.Errorf("a wrong code: %d", got.Status)
		}
		code, err := h.Setup.Code()
		if err != nil {
			t.Fatal(err)
		}
		if got := who.Post("/start", url.Values{"code": {code}}); got.Location != "/start/place" {
			t.Fatalf("the code: %d %s", got.Status, got.Body)
		}
		for words, found := range map[string]string{"hoan kiem": "00070", "Hàng Bông": "00070", "con dao": "26732"} {
			if got := who.Get("/start/place?q=" + url.QueryEscape(words)); !strings.Contains(got.Body, `href="/start/office?place=`+found+`"`) {
				t.Errorf("%q does not find %s", words, found)
			}
		}
		bare := office()
		for _, name := range []string{"standingBody", "name", "password"} {
			bare.Set(name, "")
		}
		bare.Set("login2", "lanhdao")
		bare.Set("login1", "quantri")
		bare.Set("name1", "Trùng")
		if got := who.Post("/start/office", bare); got.Status != http.StatusUnprocessableEntity || strings.Count(got.Body, `<li><a href="#f-`) != 4 ||
			!strings.Contains(got.Body, `value="Kinh tế vỉa hè"`) {
			t.Errorf("what is missing is not all told at once: %d %s", got.Status, regexp.MustCompile(`<li><a href="#f[^<]*<`).FindAllString(got.Body, -1))
		}
		if needed, err := h.Setup.Needed(t.Context()); err != nil || !needed {
			t.Fatalf("a form with mistakes wrote an account: %v", err)
		}
		done := who.Post("/start/office", office())
		password := regexp.MustCompile(`[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}`).FindString(done.Body)
		if done.Status != http.StatusOK || password == "" {
			t.Fatalf("it was not set up: %d %s", done.Status, done.Body)
		}
		for _, path := range []string{"/start", "/start/place"} {
			if got := who.Get(path); got.Location != "/login" {
				t.Errorf("%s is still there: %d", path, got.Status)
			}
		}
		if got := apptest.Visitor(t, site).Post("/login", url.Values{"login": {"canbo"}, "password": {password}}); got.Location != "/admin/password" {
			t.Errorf("the password that was handed over does not open: %d", got.Status)
		}
		who.Post("/login", url.Values{"login": {"quantri"}, "password": {"mot ngay dep troi"}})
		if got := who.Get("/admin/movements/DVK-2027").Body; !strings.Contains(got, "phường Hoàn Kiếm năm 2027 (theo mẫu)") || !strings.Contains(got, "Kinh tế vỉa hè") {
			t.Errorf("the first movement: %s", got)
		}
		if got := who.Get("/admin/units").Body; !strings.Contains(got, "Ban Xây dựng Đảng Đảng ủy phường Hoàn Kiếm") || !strings.Contains(got, "Thành phố Hà Nội") {
			t.Errorf("the units: %s", got)
		}
	})
}

// TestTheCodeOfTheFirstStartCannotBeGuessed: after ten wrong ones the right one is refused,
// too, until the program is started again.
func TestTheCodeOfTheFirstStartCannotBeGuessed(t *testing.T) {
	h := apptest.Empty(t, apptest.Open(t, db.SQLite))
	code, err := h.Setup.Code()
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if _, err := h.Setup.Enter("0"); err == nil {
			t.Fatal("0 is the code")
		}
	}
	if _, err := h.Setup.Enter(code); err == nil {
		t.Error("after ten wrong codes the right one opens")
	}
	if h.Setup.Admits("") {
		t.Error("no pass at all is admitted")
	}
}

// TestTheFirstStartInABrowser looks at its pages as every page is looked at.
func TestTheFirstStartInABrowser(t *testing.T) {
	browsertest.Need(t)
	t.Parallel()
	b := browsertest.Open(t)
	for _, lang := range []string{"vi", "en"} {
		h := apptest.Empty(t, apptest.Open(t, db.SQLite))
		site := apptest.Serve(t, h)
		who := apptest.Visitor(t, site)
		who.Speak(lang)
		code, err := h.Setup.Code()
		if err != nil {
			t.Fatal(err)
		}
		pages := map[string]string{}
		look := func(path, name string) {
			b.Cookies(t, who.Jar(), site.URL+"/start")
			for _, width := range browsertest.Widths() {
				b.Look(t, site.URL+path, width, "start-"+name+"-"+lang)
			}
			pages[name] = who.Get(path).Body
		}
		look("/start", "code")
		if got := who.Post("/start", url.Values{"code": {code}}); got.Location != "/start/place" {
			t.Fatalf("the code: %d", got.Status)
		}
		look("/start/place?q=hang", "place")
		look("/start/place?q=khongconoinay", "nothing")
		look("/start/office?place=00070", "office")
		browsertest.Nu(t, pages)
	}
}

// TestOfTwoFirstStartsAtOnceOneIsMade lets two forms come at once, each for another place:
// the house is that of one of them and has nothing of the other.
func TestOfTwoFirstStartsAtOnceOneIsMade(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := apptest.Empty(t, d)
		list, err := places.Known()
		if err != nil {
			t.Fatal(err)
		}
		codes := []string{"00070", "26732"}
		failed := make([]error, len(codes))
		var wait sync.WaitGroup
		for i, code := range codes {
			wait.Go(func() {
				_, failed[i] = h.Setup.Begin(t.Context(), list, setup.Input{
					Place: code, SiteName: "Trang " + code, StandingBody: "Ban " + code, Password: "mot ngay dep troi",
					Admin: setup.Person{Login: "quantri" + code, Name: "Nguyễn Quản Trị"},
				})
			})
		}
		wait.Wait()
		first := slices.Index(failed, nil)
		if first < 0 || !errs.Is(failed[1-first], errs.Conflict) {
			t.Fatalf("two first starts: %v", failed)
		}
		tree, err := h.Org.Current(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, found := tree.ByCode(codes[1-first]); found || tree.Len() != 3 {
			t.Errorf("the house of %s has %d units, one of them of the other: %v", codes[first], tree.Len(), found)
		}
		if set, err := h.Rulebook.Settings(t.Context()); err != nil || set.SiteName != "Trang "+codes[first] {
			t.Errorf("the site of %s is called %q, %v", codes[first], set.SiteName, err)
		}
	})
}

// TestAFirstStartThatIsRefusedLeavesNothing: whatever can be refused is, before anything is
// written; else the units of a place that was then given up would stay.
func TestAFirstStartThatIsRefusedLeavesNothing(t *testing.T) {
	h := apptest.Empty(t, apptest.Open(t, db.SQLite))
	list, err := places.Known()
	if err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*setup.Input){
		"login":  func(in *setup.Input) { in.Admin.Login = identity.Operator },
		"login0": func(in *setup.Input) { in.People[0].Login = " QuanTri" },
		"login1": func(in *setup.Input) {
			in.People = append(in.People, setup.Staff{Person: setup.Person{Login: identity.Operator, Name: "Trần Cán Bộ"}, Role: app.RoleReporter})
		},
		"fields":   func(in *setup.Input) { in.Fields = []string{strings.Repeat("ă", 2000)} },
		"password": func(in *setup.Input) { in.Password = "quantri" },
	} {
		in := setup.Input{
			Place: "00070", SiteName: "Trang", StandingBody: "Ban", Movement: true, Year: h.Now.Today().Year(), Password: "mot ngay dep troi",
			Admin: setup.Person{Login: "quantri", Name: "Nguyễn Quản Trị"}, People: []setup.Staff{{Person: setup.Person{Login: "canbo", Name: "Trần Cán Bộ"}, Role: app.RoleOfficer}},
		}
		spoil(&in)
		_, err := h.Setup.Begin(t.Context(), list, in)
		if all := errs.All(err); len(all) == 0 || all[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
		if tree, err := h.Org.Current(t.Context()); err != nil || tree.Len() != 0 {
			t.Fatalf("%s: refused, it leaves %d units, %v", field, tree.Len(), err)
		}
	}
}
