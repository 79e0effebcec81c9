package app_test

import (
	"encoding/base64"
	"strconv"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

// offer puts a file into the field for one.
func (h hands) offer(name string, content []byte) {
	h.t.Helper()
	browsertest.Value[bool](h.t, h.Browser, `(() => { const raw = Uint8Array.from(atob('`+base64.StdEncoding.EncodeToString(content)+`'), (c) => c.charCodeAt(0));
		const t = new DataTransfer(); t.items.add(new File([raw], `+strconv.Quote(name)+`));
		const f = document.querySelector('main input[type=file]'); f.files = t.files; f.dispatchEvent(new Event('change', {bubbles: true})); return true })()`)
}

// speaking opens a page in a language, at a width.
func (h hands) speaking(c *apptest.Client, lang i18n.Lang, path string, width int64) {
	h.t.Helper()
	c.Speak(lang.Code())
	h.Cookies(h.t, c.Jar(), h.site)
	h.Go(h.t, h.site+path, width)
	h.Fits(h.t)
}

// TestATemplateInABrowser puts up a template with a fault and one without, tries it, switches it on,
// finds the paper made of it with its number, and takes the shipped one back, at both widths and in
// both languages.
func TestATemplateInABrowser(t *testing.T) {
	browsertest.Need(t)
	t.Parallel()
	h := apptest.Sample(t, db.SQLite)
	site := apptest.Serve(t, h)
	officer := apptest.As(t, site, "canbo")
	faulty, err := docx.Write(docx.Page{Top: 20, Bottom: 20, Left: 30, Right: 15, Size: 14}, "x", docx.Paragraph{Runs: []docx.Run{{Text: "{{phong_tro}}"}}})
	if err != nil {
		t.Fatal(err)
	}
	layout, err := rulebook.LayoutOn(rulebook.StateProfile, apptest.Day("2024-01-10"))
	if err != nil {
		t.Fatal(err)
	}
	good, err := paper.Shipped(paper.Plan, layout)
	if err != nil {
		t.Fatal(err)
	}
	b := hands{browsertest.Open(t), t, site.URL}
	version := 0
	for _, lang := range []i18n.Lang{i18n.Vi, i18n.En} {
		for _, width := range browsertest.Widths() {
			const of = "/admin/templates/of/plan?unit=" + sample.CodeDistrict
			b.speaking(officer, lang, of, width)
			b.offer("Sai.docx", faulty)
			b.press(lang.T(i18n.ReportingUploadNow))
			b.reads("with a fault", lang.T(i18n.PaperTemplateBad, 1), "phong_trao", lang.T(i18n.ReportingMendAgain))
			b.Fits(t)
			b.speaking(officer, lang, of, width)
			b.offer("Kế hoạch của quận.docx", good)
			b.press(lang.T(i18n.ReportingUploadNow))
			version += 2
			b.write("about", sample.Movement+"|")
			b.press(lang.T(i18n.ReportingTryNow))
			b.reads("tried", lang.T(i18n.ReportingTrialFile), "mục đích")
			b.Fits(t)
			b.press(lang.T(i18n.ReportingSwitchNow))
			b.reads("switched on", lang.T(i18n.ReportingSwitchedOn, version), lang.T(i18n.ReportingBackText))
			own := browsertest.Value[string](t, b.Browser, `location.pathname`)
			b.speaking(officer, lang, "/admin/papers/plan/"+sample.Movement, width)
			b.write("unit", sample.CodeDistrict)
			b.write("profile", "state")
			b.write("dated", "2024-01-10")
			b.write("recipients", "Như trên\nCác phường "+strconv.Itoa(version))
			b.press(lang.T(i18n.ReportingSheetSave))
			b.reads("saved", lang.T(i18n.ReportingOwn, version, "Kế hoạch của quận.docx"))
			if version == 2 {
				b.press(lang.T(i18n.ReportingReserveNow, "01/KH-UBND"))
			}
			b.reads("with its number", lang.T(i18n.ReportingReserved, "01/KH-UBND"))
			b.Fits(t)
			b.speaking(officer, lang, own, width)
			b.press(lang.T(i18n.ReportingBackNow))
			b.reads("taken back", lang.T(i18n.ReportingSwitchedOff, version))
			b.speaking(officer, lang, "/admin/papers/plan/"+sample.Movement, width)
			b.reads("of the shipped one again", lang.T(i18n.ReportingShipped))
		}
	}
}
