package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

const octoberReport = "/admin/reports?movement=HK-2024&asOf=2024-10-15"

// TestAReportIsWrittenFrozenAndFollowedInABrowser: a report is chosen, its words are written
// with references, of which a wrong one is refused with the right one named, it is frozen,
// somebody records something of before, and the note says what that changed; at both widths
// and in both languages, each page held to WCAG.
func TestAReportIsWrittenFrozenAndFollowedInABrowser(t *testing.T) {
	browsertest.Need(t)
	h := apptest.Sample(t, db.SQLite)
	site := apptest.Serve(t, h)
	b := hands{browsertest.Open(t), t, site.URL}
	for i, width := range []int64{390, 1280} {
		for j, lang := range []i18n.Lang{i18n.Vi, i18n.En} {
			officer := apptest.As(t, site, "canbo")
			officer.Speak(lang.Code())
			b.Cookies(t, officer.Jar(), site.URL)
			b.Go(t, site.URL+octoberReport, width)
			look := func(name string) { b.LookHere(t, width, "frozen-"+name+"-"+lang.Code()) }
			look("choose")
			b.press(lang.T(i18n.FrozenWrite))
			b.write("results", "Phát hiện {{phat_hienn}} điển hình.")
			b.press(lang.T(i18n.FrozenSave))
			b.reads("with a wrong name", lang.T(i18n.ReportUnknownMeant, "phat_hienn", "phat_hien"))
			look("refused")
			b.write("results", "Phát hiện {{phat_hien_tap_the}} tập thể, gõ tay 157 cá nhân, lần "+strings.Repeat("i", 2*i+j+1)+".")
			b.press(lang.T(i18n.FrozenSave))
			b.reads("written", "{{phat_hien_ca_nhan}}")
			look("written")
			b.press(lang.T(i18n.FrozenFreeze))
			look("ask")
			b.press(lang.T(i18n.FrozenFreeze))
			b.reads("frozen", "SHA-256", "tập thể, gõ tay 157")
			look("frozen")
			late(t, h, "Tổ ghi muộn "+lang.Code()+strings.Repeat("x", i))
			b.press(lang.T(i18n.FrozenChanges))
			b.reads("after a late record", "Tổ ghi muộn "+lang.Code(), "+1", lang.T(ledger.Found.Label()))
			look("changes")
		}
	}
}

// late records an exemplar that had been found before the day of the report.
func late(t *testing.T, h *app.House, name string) {
	t.Helper()
	if _, err := h.Practices.Find(t.Context(), h.System(), practice.ExemplarInput{
		Movement: "HK-2024", On: apptest.Day("2024-09-29"), Name: name, Kind: ledger.Collective, Unit: "HN.HK.HBU", Field: "economy",
	}); err != nil {
		t.Fatal(err)
	}
}

// TestWordsThatTwoWriteAtOnce: the slower one sees both, and nothing is lost; an earlier
// version comes back into the form.
func TestWordsThatTwoWriteAtOnce(t *testing.T) {
	t.Parallel()
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		site := apptest.Serve(t, h)
		officer := apptest.As(t, site, "canbo")
		words := "/admin/reports/words?movement=HK-2024&asOf=2024-10-15&unit=HK"
		if tree, err := h.Org.Current(t.Context()); err != nil {
			t.Fatal(err)
		} else if m, err := h.Movements.Get(t.Context(), h.System(), "HK-2024"); err != nil {
			t.Fatal(err)
		} else {
			u, _ := tree.Unit(m.Unit)
			words = "/admin/reports/words?movement=HK-2024&asOf=2024-10-15&unit=" + u.Code
		}
		write := func(version, text string) apptest.Answer {
			return officer.Post(words, url.Values{"version": {version}, "results": {text}})
		}
		if a := write("0", "Bản đầu {{dang_ky}}."); a.Status != http.StatusSeeOther {
			t.Fatalf("the first: %d", a.Status)
		}
		if a := write("1", "Bản hai {{dang_ky}}."); a.Status != http.StatusSeeOther {
			t.Fatalf("the second: %d", a.Status)
		}
		a := write("1", "Bản chậm {{dang_ky}}.")
		if a.Status != http.StatusConflict || !strings.Contains(a.Body, "Bản chậm") || !strings.Contains(a.Body, "Bản hai") {
			t.Errorf("a slower one: %d", a.Status)
		}
		versions := officer.Get(strings.Replace(words, "/words?", "/words/versions?", 1)).Body
		if !strings.Contains(versions, "Bản đầu") || !strings.Contains(versions, "Bản hai") || strings.Contains(versions, "Bản chậm") {
			t.Error("the versions are not those that were saved")
		}
		if back := officer.Get(words + "&from=1").Body; !strings.Contains(back, "Bản đầu") || !strings.Contains(back, `value="2"`) {
			t.Error("the first version does not come back over the second")
		}
	})
}
