package app_test

import (
	"bytes"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// ward is a small house with its public site and a reader.
type ward struct {
	apptest.Small
	t      *testing.T
	reader *apptest.Client
}

func newWard(t *testing.T, d *db.DB) ward {
	t.Helper()
	s := apptest.NewSmall(t, d)
	return ward{s, t, apptest.Visitor(t, apptest.Serve(t, s.House))}
}

// everywhere are the pages and files on which a practice of W1.G may stand.
func everywhere() []string {
	return []string{
		"/", "/practices", "/practices?sort=name", "/practices?field=economy&unit=W1&movement=M-2024", "/units", "/units/W1.G", "/units/W1", "/units/D",
		"/movements", "/movements/M-2024", "/awards", "/articles", "/sitemap.xml", "/feed.rss", "/feed.atom", "/feed.json",
	}
}

// shows tells on which pages some words stand.
func (w ward) shows(words string, pages ...string) []string {
	w.t.Helper()
	var on []string
	for _, path := range pages {
		a := w.reader.Get(path)
		if a.Status >= http.StatusInternalServerError {
			w.t.Errorf("%s: %d", path, a.Status)
		}
		if strings.Contains(a.Body, words) {
			on = append(on, path)
		}
	}
	return on
}

func (w ward) agree(e practice.Entry, in practice.Agreement) {
	w.t.Helper()
	w.Must(w.Practices.Consent(w.t.Context(), w.System(), e.ID, in))
}

// address is where a practice of a title stands.
func address(e practice.Entry, title string) string {
	return "/practices/" + e.Code + "/" + viet.Slug(title)
}

// TestWhatIsPublicAndWhatIsNot: only what is recognised and agreed to stands anywhere on
// the site; what is taken down leaves every page at once, and a note at its address.
func TestWhatIsPublicAndWhatIsNot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWard(t, d)
		in := apptest.Registration()
		in.Title = "Chưa công nhận"
		waiting := w.Register(in)
		w.agree(waiting, practice.Agreement{Agreed: true, Note: "phiếu"})
		in.Title = "Chưa đồng ý"
		silent := w.Recognised(in, "1/QĐ")
		in.Title = "Ngõ phố sáng đèn"
		shown := w.Recognised(in, "2/QĐ")
		page := address(shown, in.Title)
		for _, e := range []practice.Entry{waiting, silent, shown} {
			for _, path := range []string{"/practices/" + e.Code, address(e, e.Title), "/practices/" + e.Code + "/card.png"} {
				if a := w.reader.Get(path); a.Status != http.StatusNotFound {
					t.Errorf("%s: %d", path, a.Status)
				}
			}
			if on := w.shows(e.Title, everywhere()...); len(on) > 0 {
				t.Errorf("%s stands on %v", e.Title, on)
			}
		}
		w.agree(shown, practice.Agreement{Agreed: true, Note: "phiếu"})
		if a := w.reader.Get(page); a.Status != http.StatusOK || !strings.Contains(a.Body, in.Parts.Approach) {
			t.Errorf("what is public: %d", a.Status)
		}
		want := []string{
			"/", "/practices", "/practices?sort=name", "/practices?field=economy&unit=W1&movement=M-2024", "/units/W1.G", "/units/W1", "/units/D", "/movements/M-2024",
		}
		if on := w.shows(in.Title, everywhere()...); !slices.Equal(on, want) {
			t.Errorf("it stands on %v", on)
		}
		if on := w.shows(page, "/sitemap.xml"); len(on) == 0 {
			t.Error("the site map does not lead there")
		}
		if on := w.shows("/units/W1", "/units", "/sitemap.xml"); len(on) != 2 {
			t.Errorf("its unit stands on %v", on)
		}
		w.agree(shown, practice.Agreement{Reason: "Gỡ theo đề nghị <b>của tổ</b>."})
		a := w.reader.Get(page)
		if a.Status != http.StatusGone || !strings.Contains(a.Body, "Gỡ theo đề nghị &lt;b&gt;của tổ&lt;/b&gt;.") || strings.Contains(a.Body, in.Title) {
			t.Errorf("the note: %d\n%s", a.Status, a.Body)
		}
		if on := w.shows("/units/W1", "/units", "/sitemap.xml"); len(on) != 0 {
			t.Errorf("with nothing public its unit stands on %v", on)
		}
		if got := w.reader.Get("/practices/" + shown.Code + "/card.png").Status; got != http.StatusNotFound {
			t.Errorf("its card: %d", got)
		}
		if on := append(w.shows(in.Title, everywhere()...), w.shows(shown.Code, everywhere()...)...); len(on) > 0 {
			t.Errorf("what was taken down stands on %v", on)
		}
		w.agree(shown, practice.Agreement{Agreed: true, Note: "đồng ý lại"})
		if a := w.reader.Get(page); a.Status != http.StatusOK {
			t.Errorf("agreed to again: %d", a.Status)
		}
		step := practice.Step{Entries: []string{shown.ID}, On: w.Now.Today(), Reason: "sửa nhà"}
		w.Must(w.Practices.Suspend(t.Context(), w.System(), step))
		if a := w.reader.Get(page); a.Status != http.StatusGone || strings.Contains(a.Body, "sửa nhà") {
			t.Errorf("suspended: %d", a.Status)
		}
	})
}

// TestWhoIsNamed: without their own agreement the site names no person, not in a title, a
// text, a search, an award list; nor does it show the parts in which people are named.
func TestWhoIsNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWard(t, d)
		in := apptest.Registration()
		in.Kind, in.Subject, in.Title = ledger.Individual, "Ngô Thị Hoạt", "Lớp học của bà NGÔ thị Hoạt"
		in.Parts = practice.Parts{
			Rationale: "Bà Ngô  Thị Hoạt thấy trẻ thiếu chỗ học.", Approach: "Mở lớp.", Area: "Cháu Bé Thụ Hưởng", Forces: "Ông Lực Lượng", Resources: "Bà Ủng Hộ",
			Outputs: "Ngô Thị Hoạt dạy 30 em.",
		}
		e := w.Recognised(in, "1/QĐ")
		paper := w.Decide("7/QĐ", "2024-10-01")
		_, err := w.Awards.Give(t.Context(), w.System(), award.Input{
			Kind: award.Praise, Movement: "M-2024", Decision: paper.ID, Recipients: []award.Recipient{{Exemplar: e.Exemplar, Entry: e.ID}},
		})
		w.Must(err)
		list := "/awards/" + paper.ID
		w.agree(e, practice.Agreement{Agreed: true, Note: "phiếu"})
		page := address(e, "Lớp học của bà […]")
		all := append(everywhere(), page, list, "/practices?q=lop+hoc")
		for _, hidden := range []string{"Hoạt", "hoat", "Thụ Hưởng", "Lực Lượng", "Ủng Hộ"} {
			if on := w.shows(hidden, all...); len(on) > 0 {
				t.Errorf("%s is named on %v", hidden, on)
			}
		}
		if on := w.shows("Lớp học của bà", "/practices?q=hoat", "/practices?q=lop+hoc", page); !slices.Equal(on, []string{"/practices?q=lop+hoc", page}) {
			t.Errorf("it is found on %v", on)
		}
		if on := w.shows("1 cá nhân không được nêu tên", list); len(on) == 0 {
			t.Error("the award list does not count whom it does not name")
		}
		w.agree(e, practice.Agreement{Agreed: true, Named: true, Detail: true, Note: "giấy đồng ý"})
		named := address(e, in.Title)
		if a := w.reader.Get(page); a.Status != http.StatusMovedPermanently || a.Location != named {
			t.Errorf("the address without the name: %d %s", a.Status, a.Location)
		}
		if on := w.shows("Ngô Thị Hoạt", named, list, "/practices?q=hoat"); !slices.Equal(on, []string{named, list, "/practices?q=hoat"}) {
			t.Errorf("who agreed is named on %v", on)
		}
		if on := w.shows("Thụ Hưởng", named); len(on) == 0 {
			t.Error("the parts that may be shown are not")
		}
		w.agree(e, practice.Agreement{})
		if on := w.shows("Hoạt", append(all, named)...); len(on) > 0 {
			t.Errorf("after the agreement was taken back: %v", on)
		}
	})
}

// TestATitleThatChanges keeps the old address, which leads to the new one, and no page
// keeps the old words.
func TestATitleThatChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWard(t, d)
		in := apptest.Registration()
		e := w.Recognised(in, "1/QĐ")
		w.agree(e, practice.Agreement{Agreed: true, Note: "phiếu"})
		old := address(e, in.Title)
		w.shows(in.Title, append(everywhere(), old)...) // now all are on the shelf
		e, err := w.Practices.Get(t.Context(), w.System(), e.ID)
		w.Must(err)
		in.Title = `<script>alert(1)</script>"><img src=x onerror=alert(2)> Đường hoa`
		in.Parts.Outputs = `</script><script>alert(3)</script>`
		in.Indicators = []practice.Indicator{{Name: `<script>alert(4)</script>`, Unit: `<img src=x onerror=alert(2)>`, Actual: viet.Whole(1)}}
		in.Correction = `<script>alert(5)</script>`
		_, err = w.Practices.Edit(t.Context(), w.System(), e.ID, e.Version, in)
		w.Must(err)
		a := w.reader.Get(old)
		if a.Status != http.StatusMovedPermanently || a.Location != address(e, in.Title) {
			t.Fatalf("the old address: %d %s", a.Status, a.Location)
		}
		pages := append(everywhere(), a.Location)
		if on := w.shows("Ngõ phố tự quản", pages...); len(on) > 0 {
			t.Errorf("the old words stand on %v", on)
		}
		for _, payload := range []string{"<script>alert", "<img src=x", "onerror=alert(2)>"} {
			if on := w.shows(payload, pages...); len(on) > 0 {
				t.Errorf("%s comes through on %v", payload, on)
			}
		}
		if on := w.shows("Đường hoa", "/practices", "/practices?q=duong+hoa", "/practices?q=tu+quan", a.Location); len(on) != 3 {
			t.Errorf("the new words stand on %v", on)
		}
	})
}

// TestAnAwardThatIsRevoked stays on its list, marked, and is not counted.
func TestAnAwardThatIsRevoked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWard(t, d)
		e := w.Recognised(apptest.Registration(), "1/QĐ")
		paper := w.Decide("7/QĐ", "2024-10-01")
		given, err := w.Awards.Give(t.Context(), w.System(), award.Input{
			Kind: award.Given, Movement: "M-2024", Decision: paper.ID, Track: "state", Form: "giayKhen", Recipients: []award.Recipient{{Exemplar: e.Exemplar, Entry: e.ID}},
		})
		w.Must(err)
		list := "/awards/" + paper.ID
		if on := w.shows("1 tập thể", "/awards", "/", "/units/W1", "/units/W2"); !slices.Equal(on, []string{"/awards", "/", "/units/W1"}) {
			t.Errorf("the decision stands on %v", on)
		}
		if on := w.shows("Tổ dân phố 1", list); len(on) == 0 {
			t.Error("the collective is not on the list")
		}
		w.Must(w.Awards.Revoke(t.Context(), w.System(), award.Revocation{Award: given[0].ID, On: w.Now.Today(), Reason: "báo cáo sai"}))
		if a := w.reader.Get(list); !strings.Contains(a.Body, "Đã hủy bỏ từ ngày") || strings.Contains(a.Body, "báo cáo sai") {
			t.Errorf("after the revocation: %d", a.Status)
		}
		if on := w.shows("7/QĐ", "/awards", "/units/W1"); len(on) > 0 {
			t.Errorf("nobody holds it any more, and it is listed on %v", on)
		}
	})
}

// TestPublicAddressesAreBounded: whatever an address asks for, the answer is a page, a
// refusal or "not found".
func TestPublicAddressesAreBounded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWard(t, d)
		long := strings.Repeat("a", 300)
		for path, want := range map[string]int{
			"/practices?q=" + long: http.StatusUnprocessableEntity, "/practices?field=nope": http.StatusUnprocessableEntity,
			"/practices?kind=nope": http.StatusUnprocessableEntity, "/practices?sort=nope": http.StatusUnprocessableEntity,
			"/practices?cursor=nope": http.StatusUnprocessableEntity, "/practices?cursor=zz.x&sort=name": http.StatusUnprocessableEntity,
			"/practices?cursor=99999999999.x": http.StatusUnprocessableEntity, "/practices?q=%00": http.StatusUnprocessableEntity,
			"/practices?unit=nope": http.StatusNotFound, "/practices?movement=nope": http.StatusNotFound, "/practices?q=%25_%5C": http.StatusOK,
			"/practices/nope": http.StatusNotFound, "/practices/nope/card.png": http.StatusNotFound, "/units/nope": http.StatusNotFound,
			"/movements/nope": http.StatusNotFound, "/movements/M-2024?period=77": http.StatusNotFound, "/movements/M-2024?period=x": http.StatusUnprocessableEntity,
			"/awards?cursor=nope": http.StatusUnprocessableEntity, "/awards?cursor=2024-01-01.x": http.StatusOK, "/awards/nope": http.StatusNotFound,
			"/articles/nope/card.png": http.StatusNotFound, "/units/W1": http.StatusOK, "/help": http.StatusOK, "/accessibility": http.StatusOK,
		} {
			if got := w.reader.Get(path).Status; got != want {
				t.Errorf("%s: %d, want %d", path, got, want)
			}
		}
	})
}

// TestCards: pages and articles name a picture that is one, and a reader who has it is
// told so.
func TestCards(t *testing.T) {
	h := apptest.Sample(t, db.SQLite)
	reader := apptest.Visitor(t, apptest.Serve(t, h))
	cards := []string{fill(t, h, "{story}") + "/card.png"} // its page names its lead photo
	for _, page := range []string{"/", fill(t, h, "{practice}")} {
		_, after, found := strings.Cut(reader.Get(page).Body, `property="og:image" content="`)
		path, _, _ := strings.Cut(after, `"`)
		if !found {
			t.Errorf("%s names no picture", page)
		}
		cards = append(cards, path)
	}
	for _, path := range cards {
		a := reader.Get(path)
		if img, err := png.Decode(bytes.NewReader([]byte(a.Body))); err != nil || img.Bounds().Dx() != 1200 || a.Header.Get("Content-Type") != "image/png" {
			t.Errorf("%s: %v %v", path, a.Header, err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, reader.Base()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := reader.Get(path + "?x=1"); got.Body != a.Body || got.Header.Get("Etag") != a.Header.Get("Etag") { // the kept one
			t.Errorf("%s with something added: %d", path, got.Status)
		}
		r.Header.Set("If-None-Match", a.Header.Get("Etag"))
		if got := reader.Do(r).Status; got != http.StatusNotModified {
			t.Errorf("%s a second time: %d", path, got)
		}
	}
}
