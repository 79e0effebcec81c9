package paper_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/papertest"
)

func query(asOf string, format paper.Format) paper.ReportQuery {
	return paper.ReportQuery{Query: report.Query{Movement: "HK-2024", AsOf: apptest.Day(asOf), List: true}, Format: format}
}

func made(tb testing.TB, h *app.House, in paper.ReportQuery) (content []byte, out paper.Made) {
	tb.Helper()
	var b bytes.Buffer
	out, err := h.Papers.Report(tb.Context(), h.System(), in, &b)
	if err != nil {
		tb.Fatal(err)
	}
	return b.Bytes(), out
}

// document is the text of the DOCX, a line for each paragraph and cell.
func document(tb testing.TB, content []byte) []string {
	tb.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		tb.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		tb.Fatal(err)
	}
	raw, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		tb.Fatal(err)
	}
	var all []string
	for p := range strings.SplitSeq(string(raw), "</w:p>") {
		all = append(all, regexp.MustCompile(`<[^>]*>`).ReplaceAllString(p, ""))
	}
	return all
}

// TestAllFormsOfAReportSayTheSame reads the DOCX, the sheet and the pages of the sample's
// report with other programs, and compares each with the document in JSON.
func TestAllFormsOfAReportSayTheSame(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		for _, asOf := range []string{"2024-03-31", "2024-06-15", "2024-10-15"} {
			var doc struct {
				Figures map[string]report.Figure
				Tables  []struct {
					ID     string
					Rows   []map[string]any
					Totals map[string]int
				}
			}
			raw, _ := made(t, h, query(asOf, paper.JSON))
			if err := json.Unmarshal(raw, &doc); err != nil {
				t.Fatal(err)
			}
			sheet, out := made(t, h, query(asOf, paper.XLSX))
			f, err := excelize.OpenReader(bytes.NewReader(sheet))
			if err != nil {
				t.Fatal(err)
			}
			rows, err := f.GetRows(f.GetSheetName(0))
			if err != nil {
				t.Fatal(err)
			}
			for i, figure := range out.Of.Figures {
				cells := rows[len(rows)-len(out.Of.Figures)+i]
				got := doc.Figures[string(figure.Name)]
				want := fmt.Sprint([]string{cells[2], cells[3], cells[4], cells[5], cells[6]})
				if have := fmt.Sprint([]string{grouped(got.Total), grouped(got.Collective), grouped(got.Individual), grouped(got.Household), grouped(got.Subjects)}); have != want {
					t.Errorf("as of %s: %s is %s in JSON, %s in the sheet", asOf, figure.Name, have, want)
				}
			}
			pdf, _ := made(t, h, query(asOf, paper.PDF))
			text := papertest.Text(t, papertest.Keep(t, "report.pdf", pdf))
			word, _ := made(t, h, query(asOf, paper.DOCX))
			lines := document(t, word)
			for _, table := range doc.Tables {
				for _, row := range table.Rows {
					if code, ok := row["code"].(string); ok && (strings.Count(text, code) != 1 || !slices.Contains(lines, code)) {
						t.Errorf("as of %s: %s is missing in the pages or in the DOCX", asOf, code)
					}
				}
			}
			registered := doc.Figures["registered"]
			sentence := fmt.Sprintf("có %d mô hình đăng ký (tập thể %d, cá nhân %d, hộ gia đình %d)", registered.Total, registered.Collective, registered.Individual, registered.Household)
			if !strings.Contains(strings.Join(lines, "\n"), sentence) {
				t.Errorf("as of %s the DOCX does not say %q", asOf, sentence)
			}
			unitTable(t, f, lines, doc.Tables[0].Totals)
		}
	})
}

func grouped(n int) string {
	s := strconv.Itoa(n)
	if len(s) > 3 {
		return s[:len(s)-3] + "," + s[len(s)-3:]
	}
	return s
}

// unitTable compares the sums of the table by unit in the sheet and in the DOCX.
func unitTable(t *testing.T, f *excelize.File, lines []string, totals map[string]int) {
	t.Helper()
	rows, err := f.GetRows(f.GetSheetName(1))
	if err != nil {
		t.Fatal(err)
	}
	columns := []string{
		"registered", "collective", "individual", "household", "originNew", "originContinued", "originReplicated", "originUpgraded",
		"economy", "cultureSociety", "defenceSecurity", "politicalSystem",
	}
	last := rows[len(rows)-1]
	at := slices.Index(lines, "Phụ lục I")
	for at < len(lines) && lines[at] != "Cộng" {
		at++
	}
	for i, column := range columns {
		if last[i+2] != grouped(totals[column]) || lines[at+1+i] != strconv.Itoa(totals[column]) {
			t.Errorf("%s sums to %d in JSON, %s in the sheet, %s in the DOCX", column, totals[column], last[i+2], lines[at+1+i])
		}
	}
}

// TestWhatIsMissingIsNamed: what nobody has written stands open, everything else is known:
// the shipped template uses no name that is not filled.
func TestWhatIsMissingIsNamed(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		for _, profile := range rulebook.Profiles() {
			in := query("2024-10-15", paper.DOCX)
			in.Profile = profile
			content, out := made(t, h, in)
			want := []string{"số, ký hiệu văn bản", "ngày tháng năm ban hành", "công tác lãnh đạo, chỉ đạo", "hạn chế, khó khăn", "phương hướng, kiến nghị", "nơi nhận"}
			if profile != rulebook.StateProfile { // whose names the unit prints
				want = append(want, "cơ quan, tổ chức ban hành", "tên cơ quan, tổ chức ban hành trong câu", "chức vụ người ký", "họ tên người ký")
			}
			if slices.Sort(out.Missing); !slices.Equal(out.Missing, slices.Sorted(slices.Values(want))) {
				t.Errorf("%s: missing %q", profile, out.Missing)
			}
			if lines := strings.Join(document(t, content), "\n"); !strings.Contains(lines, "[…… hạn chế, khó khăn ……]") || strings.Contains(lines, "{{") {
				t.Errorf("%s: the gap does not stand there, or a mark does", profile)
			}
		}
	})
}

func TestInterimReportsSaySo(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		for interim, words := range map[bool]string{true: "Sơ kết phong trào", false: "Tổng kết phong trào"} {
			in := query("2024-06-15", paper.DOCX)
			in.Interim = interim
			content, _ := made(t, h, in)
			if text := strings.Join(document(t, content), "\n"); !strings.Contains(text, words) {
				t.Errorf("the title does not say %q", words)
			}
		}
	})
}

func TestLayoutsByDay(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		for _, c := range []struct {
			profile  rulebook.Profile
			has, not string
		}{
			{rulebook.StateProfile, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ĐẢNG CỘNG SẢN VIỆT NAM"},
			{rulebook.PartyProfile, "ĐẢNG CỘNG SẢN VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"},
			{rulebook.YouthProfile, "ĐOÀN TNCS HỒ CHÍ MINH", "Độc lập - Tự do - Hạnh phúc"},
		} {
			in := query("2024-10-15", paper.DOCX)
			in.Profile = c.profile
			content, _ := made(t, h, in)
			lines := document(t, content)
			if !slices.Contains(lines, c.has) || slices.Contains(lines, c.not) {
				t.Errorf("the head of %s: %q", c.profile, lines[:12])
			}
			state := c.profile == rulebook.StateProfile
			if text := strings.Join(lines, "\n"); strings.Contains(text, "T/M") || state != strings.Contains(text, "TM. ỦY BAN NHÂN DÂN") || state != strings.Contains(text, "Nguyễn Văn Mẫu") {
				t.Errorf("%s carries what another signs", c.profile)
			}
		}
	})
	for day, end := range map[string]string{"2010-01-01": "./.", "2026-05-26": "./.", "2026-05-27": "."} {
		l, err := rulebook.LayoutOn(rulebook.PartyProfile, apptest.Day(day))
		if err != nil || l.End != end || l.TitleBold != (end == "./.") {
			t.Errorf("on %s papers of the Party end with %q (%v)", day, l.End, err)
		}
	}
}

// TestThePaperOnItsPage has LibreOffice set the report and measures where its text stands.
func TestThePaperOnItsPage(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		content, _ := made(t, h, query("2024-10-15", paper.DOCX))
		pdf := papertest.Convert(t, papertest.Keep(t, "report.docx", content), "pdf")
		if shots := os.Getenv("PAPER_SHOTS"); shots != "" {
			raw, err := os.ReadFile(pdf)
			if err != nil {
				t.Fatal(err)
			}
			papertest.Keep(t, "report-office.pdf", raw)
		}
		for i, page := range papertest.Pages(t, pdf) {
			left, right, top, bottom := page.Margins()
			number := i > 0 // above the text stands the number of the page
			if left < 29 || left > 33 || right < 14 || !number && top < 19 || bottom < 19 {
				t.Errorf("page %d: %.1f left, %.1f right, %.1f above, %.1f below", i+1, left, right, top, bottom)
			}
		}
		text := papertest.Text(t, pdf)
		pages := strings.Split(text, "\f")
		signed := slices.IndexFunc(pages, func(p string) bool { return strings.Contains(p, "Nơi nhận") })
		if signed < 0 || !strings.Contains(pages[signed], "Trên đây là báo cáo") {
			t.Error("the signature stands on a page of its own")
		}
	})
}

func TestWhoMayMakeAReport(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		for _, format := range paper.ReportFormats() {
			_, err := h.Papers.Report(t.Context(), actor.Actor{}, query("2024-10-15", format), io.Discard)
			if !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s: %v", format, err)
			}
		}
		for _, in := range []paper.ReportQuery{query("2024-10-15", "exe"), {Query: report.Query{Movement: "HK-2024"}, Format: paper.DOCX, Profile: "army"}} {
			if _, err := h.Papers.Report(t.Context(), h.System(), in, io.Discard); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", in, err)
			}
		}
		in := query("2024-10-15", paper.XLSX)
		in.Lang = i18n.En
		content, _ := made(t, h, in)
		if f, err := excelize.OpenReader(bytes.NewReader(content)); err != nil || f.GetSheetName(0) != "Figures" {
			t.Errorf("in English: %v", err)
		}
	})
}

// TestShippedTemplatesAreGood: what the program ships passes the check that an office's own
// templates must pass, in every layout; one with a fault is told where and what was meant.
func TestShippedTemplatesAreGood(t *testing.T) {
	for _, profile := range rulebook.Profiles() {
		l, err := rulebook.LayoutOn(profile, apptest.Day("2026-11-26"))
		if err != nil {
			t.Fatal(err)
		}
		content, err := paper.Shipped(paper.FinalReport, l)
		if err != nil {
			t.Fatal(err)
		}
		if problems, err := paper.Check(paper.FinalReport, bytes.NewReader(content), int64(len(content))); err != nil || len(problems) > 0 {
			t.Errorf("%s: %v %v", profile, problems, err)
		}
	}
	faulty, err := docx.Write(docx.Page{Size: 14}, "x", docx.Paragraph{Runs: []docx.Run{{Text: "{{phong_tro}} {{#each danh_sach}}"}}})
	if err != nil {
		t.Fatal(err)
	}
	problems, err := paper.Check(paper.FinalReport, bytes.NewReader(faulty), int64(len(faulty)))
	if err != nil || len(problems) != 2 {
		t.Fatalf("%v %v", problems, err)
	}
	for i, want := range []string{"{{#each danh_sach}} mở ra mà không đóng, hoặc đóng ở ô hay đoạn khác", "không có tên {{phong_tro}}; có lẽ là phong_trao"} {
		if got := i18n.Vi.T(problems[i].Label(), problems[i].Mark, problems[i].Meant); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if _, err := paper.Check(paper.FinalReport, strings.NewReader("x"), 1); !errs.Is(err, errs.Invalid) {
		t.Errorf("a file that is none: %v", err)
	}
	if _, err := paper.Check("poem", strings.NewReader("x"), 1); !errs.Is(err, errs.NotFound) {
		t.Errorf("a kind that there is not: %v", err)
	}
}
