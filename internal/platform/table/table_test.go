package table_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/papertest"
	"github.com/nhanrong/nhanrong/internal/platform/table"
)

func list(n int) table.Table {
	rows := []table.Row{{Section: "I. Tập thể"}}
	for i := range n {
		rows = append(rows, table.Row{Cells: []table.Cell{
			table.Int(i + 1), table.Text(fmt.Sprintf("HK-%04d", i+1)),
			table.Text("Tổ tự quản thu gom rác thải, giữ sạch tuyến đường liên ấp và vận động hộ dân trồng hoa"),
			table.Text("Hội Liên hiệp Phụ nữ ấp Thạnh Lộc"), table.On(clock.MustDate("2026-03-01") + clock.Date(i%28)), table.Int(1000 * i),
		}})
	}
	return table.Table{
		Lang: i18n.Vi, Name: "Danh mục", Left: []string{"ĐẢNG ỦY PHƯỜNG AN HÒA", "BAN XÂY DỰNG ĐẢNG"}, Right: []string{"ĐẢNG CỘNG SẢN VIỆT NAM"},
		Title: []string{"DANH MỤC MÔ HÌNH ĐĂNG KÝ"}, Notes: []string{"(Số liệu mẫu)"},
		Columns: []table.Column{
			{Label: "TT", Width: 10, Kind: table.Short},
			{Label: "Mã số", Width: 18, Kind: table.Short},
			{Label: "Tên mô hình", Width: 60},
			{Label: "Tên đơn vị", Group: "Đơn vị", Width: 40},
			{Label: "Ngày", Group: "Đơn vị", Width: 22, Kind: table.Day},
			{Label: "Kinh phí (đồng)", Width: 24, Kind: table.Number},
		},
		Rows: table.All(rows), Total: []table.Cell{{}, {}, table.Text("Cộng"), {}, {}, table.Int(n * (n - 1) * 500)},
		Empty: "Chưa có mô hình nào.", Landscape: true,
	}
}

func write(tb testing.TB, t table.Table, format string) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := formats()[format](&b, t); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func formats() map[string]func(io.Writer, table.Table) error {
	return map[string]func(io.Writer, table.Table) error{
		"xlsx": func(w io.Writer, t table.Table) error { return table.XLSX(w, t) },
		"pdf":  func(w io.Writer, t table.Table) error { return table.PDF(w, t) },
	}
}

func TestSheet(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(write(t, list(300), "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	name := f.GetSheetName(0)
	rows, err := f.GetRows(name)
	if err != nil || name != "Danh mục" {
		t.Fatalf("sheet %q: %v", name, err)
	}
	want := [][]string{
		{"ĐẢNG ỦY PHƯỜNG AN HÒA", "", "", "ĐẢNG CỘNG SẢN VIỆT NAM"},
		{"BAN XÂY DỰNG ĐẢNG"},
		nil,
		{"DANH MỤC MÔ HÌNH ĐĂNG KÝ"},
		{"(Số liệu mẫu)"},
		nil,
		{"TT", "Mã số", "Tên mô hình", "Đơn vị", "Đơn vị", "Kinh phí (đồng)"},
		{"TT", "Mã số", "Tên mô hình", "Tên đơn vị", "Ngày", "Kinh phí (đồng)"},
		{"I. Tập thể"},
		{"1", "HK-0001", "Tổ tự quản thu gom rác thải, giữ sạch tuyến đường liên ấp và vận động hộ dân trồng hoa", "Hội Liên hiệp Phụ nữ ấp Thạnh Lộc", "01/03/2026", "0"},
	}
	for i, row := range want {
		if got := strings.TrimRight(strings.Join(rows[i], "|"), "|"); got != strings.Join(row, "|") {
			t.Errorf("row %d is %q, want %q", i+1, got, strings.Join(row, "|"))
		}
	}
	if last := rows[len(rows)-1]; len(rows) != 9+300+1 || last[2] != "Cộng" || last[5] != "44,850,000" {
		t.Errorf("%d rows, the last is %q", len(rows), last)
	}
	panes, err := f.GetPanes(name)
	if err != nil || !panes.Freeze || panes.YSplit != 8 {
		t.Errorf("panes %+v: %v", panes, err)
	}
	var names []string
	for _, one := range f.GetDefinedName() {
		names = append(names, one.Name+" "+one.RefersTo)
	}
	if got := strings.Join(names, "; "); !strings.Contains(got, "_xlnm.Print_Titles 'Danh mục'!$7:$8") || !strings.Contains(got, "$A$8:$F$309") {
		t.Errorf("defined names: %s", got)
	}
}

func TestNothingTypedBecomesAFormula(t *testing.T) {
	one := list(0)
	one.Columns, one.Total = one.Columns[2:3], nil
	one.Rows = table.All([]table.Row{{Cells: []table.Cell{table.Text(`=HYPERLINK("http://x","y")`)}}, {Cells: []table.Cell{table.Text("@SUM(1)")}}})
	f, err := excelize.OpenReader(bytes.NewReader(write(t, one, "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range []string{"A8", "A9"} {
		formula, err := f.GetCellFormula("Danh mục", cell)
		value, err2 := f.GetCellValue("Danh mục", cell)
		if formula != "" || value == "" || errors.Join(err, err2) != nil {
			t.Errorf("%s holds the formula %q, the value %q (%v %v)", cell, formula, value, err, err2)
		}
	}
}

func TestPages(t *testing.T) {
	content := write(t, list(300), "pdf")
	text := papertest.Text(t, papertest.Keep(t, "list.pdf", content))
	pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	if len(pages) < 10 {
		t.Fatalf("300 rows on %d pages", len(pages))
	}
	for i, page := range pages {
		if !strings.Contains(page, "Kinh phí") || !strings.Contains(page, fmt.Sprintf("%d/%d", i+1, len(pages))) {
			t.Errorf("page %d lacks its head or number:\n%s", i+1, page)
		}
	}
	for i := range 300 {
		if code := fmt.Sprintf("HK-%04d", i+1); strings.Count(text, code) != 1 {
			t.Errorf("%s stands there %d times", code, strings.Count(text, code))
		}
	}
	if !strings.Contains(text, "44.850.000") || !strings.Contains(pages[0], "BAN XÂY DỰNG ĐẢNG") {
		t.Error("the sum or the letterhead is missing")
	}
	if !bytes.Equal(content, write(t, list(300), "pdf")) {
		t.Error("the same list gives other bytes")
	}
}

func TestARowLongerThanAPage(t *testing.T) {
	one := list(1)
	words := strings.Repeat("từ ", 4000)
	one.Rows = table.All([]table.Row{{Cells: []table.Cell{table.Int(1), {}, table.Text(words + "cuối-cùng")}}, {Cells: []table.Cell{table.Int(2), {}, table.Text("hàng hai")}}})
	text := papertest.Text(t, papertest.Keep(t, "long.pdf", write(t, one, "pdf")))
	if n := strings.Count(text, "từ"); n != 4000 || !strings.Contains(text, "cuối-cùng") || !strings.Contains(text, "hàng hai") {
		t.Errorf("%d of 4000 words are there", n)
	}
}

func TestSeveralTablesInOneFile(t *testing.T) {
	one, two := list(3), list(5)
	two.Name, two.Landscape, two.Left, two.Right = "Phụ lục: 2/2", false, nil, nil
	var sheet, pages bytes.Buffer
	if err := errors.Join(table.XLSX(&sheet, one, two), table.PDF(&pages, one, two)); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&sheet)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(f.GetSheetList(), "|"); got != "Danh mục|Phụ lục  2 2" {
		t.Errorf("the sheets are %s", got)
	}
	text := papertest.Text(t, papertest.Keep(t, "two.pdf", pages.Bytes()))
	if n := strings.Count(text, "\f"); n != 2 || !strings.Contains(text, "2/2") {
		t.Errorf("%d pages:\n%s", n, text)
	}
}

// TestSignsWithoutLetters: whatever people type, the pages are made, and what cannot be
// printed is seen not to be.
func TestSignsWithoutLetters(t *testing.T) {
	one := list(1)
	one.Rows = table.All([]table.Row{{Cells: []table.Cell{
		table.Int(12_345), table.Text("MÃ-SỐ-DÀI-QUÁ-KHỔ-CỘT"), table.Text("Tuyến phố xanh 🌱 廣 \U00010000 \r\x00 hết"), table.Text(strings.Repeat("khôngdấucách", 30)),
	}}})
	text := papertest.Text(t, papertest.Keep(t, "signs.pdf", write(t, one, "pdf")))
	if !strings.Contains(text, "12.345") || !strings.Contains(text, "MÃ-SỐ-DÀI-QUÁ-KHỔ-CỘT") || !strings.Contains(text, "Tuyến phố xanh □ □ □") {
		t.Error(text)
	}
	if n := strings.Count(strings.ReplaceAll(strings.Join(strings.Fields(text), ""), "\f", ""), "cách"); n < 20 {
		t.Errorf("%d of 30 parts of a long word are there", n)
	}
	write(t, one, "xlsx")
}

func TestSheetsHaveNamesOfTheirOwn(t *testing.T) {
	one, two, three := list(1), list(2), list(3)
	one.Name, two.Name, three.Name = "Danh mục mô hình của Hội Phụ nữ 'ấp Một'", "DANH MỤC mô hình của Hội Phụ nữ ấp Hai", "🌱🌱🌱🌱🌱🌱🌱🌱🌱🌱🌱🌱🌱🌱🌱🌱🌱🌱"
	var b bytes.Buffer
	if err := table.XLSX(&b, one, two, three); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.GetSheetList()); n != 3 {
		t.Errorf("%d sheets: %q", n, f.GetSheetList())
	}
}

func TestAnEmptyList(t *testing.T) {
	one := list(0)
	one.Rows = table.All(nil)
	if text := papertest.Text(t, papertest.Keep(t, "empty.pdf", write(t, one, "pdf"))); !strings.Contains(text, "Chưa có mô hình nào.") || strings.Contains(text, "Cộng") {
		t.Errorf("an empty list:\n%s", text)
	}
}

func TestLibreOfficeOpensTheSheet(t *testing.T) {
	pdf := papertest.Convert(t, papertest.Keep(t, "list.xlsx", write(t, list(60), "xlsx")), "pdf")
	content, err := os.ReadFile(pdf)
	if err != nil {
		t.Fatal(err)
	}
	text := papertest.Text(t, papertest.Keep(t, "sheet.pdf", content))
	for i, page := range strings.Split(strings.TrimSuffix(text, "\f"), "\f") {
		if !strings.Contains(page, "Kinh phí") {
			t.Errorf("page %d of the sheet lacks the head of the table", i+1)
		}
	}
}

func TestAFailureWhileReadingIsTold(t *testing.T) {
	failed := errors.New("the database went away")
	one := list(1)
	one.Rows = func(yield func(table.Row, error) bool) { yield(table.Row{}, failed) }
	for format, write := range formats() {
		if err := write(io.Discard, one); !errors.Is(err, failed) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	for format := range formats() {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				write(b, list(5000), format)
			}
		})
	}
}
