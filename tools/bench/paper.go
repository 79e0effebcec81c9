package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/table"
)

// What papers are held to: the report of a ward for Word, a list for Excel, a list as pages.
const (
	barWord       = 150.0  // ms
	barSheet      = 4000.0 // ms
	barPages      = 3000.0 // ms
	barListMemory = 150.0  // MB resident at most
	sheetRows     = 60_000
	pageRows      = 3_600 // as many as fill three hundred pages
)

// paperEnv names what the process that writes papers is to write, paperData the folder with the data.
const (
	paperEnv  = "NHANRONG_BENCH_PAPERS"
	paperData = "NHANRONG_BENCH_PAPERS_DATA"
)

// papersWritten is what that process tells.
type papersWritten struct {
	Times, Floors []float64 // milliseconds
	Peak          float64   // MB resident at most
	Pages         int
}

// writePapers is what this program does as the process that writes papers; false where it was
// not started as that.
func writePapers() bool {
	what := os.Getenv(paperEnv)
	if what == "" {
		return false
	}
	out, err := papersOf(context.Background(), what)
	if err == nil {
		out.Peak, err = statusOf("self", "VmHWM:")
	}
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "papers:", err)
		os.Exit(1)
	}
	return true
}

func papersOf(ctx context.Context, what string) (papersWritten, error) {
	switch what {
	case "word":
		return writtenWords(ctx)
	case "sheet":
		return writtenLists(sheetRows, func(w io.Writer, t table.Table) error { return table.XLSX(w, t) })
	default:
		return writtenLists(pageRows, func(w io.Writer, t table.Table) error { return table.PDF(w, t) })
	}
}

// writtenWords writes the report of a ward for Word.
func writtenWords(ctx context.Context) (out papersWritten, err error) {
	h, err := openHeavy(ctx, os.Getenv(paperData))
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	about := paper.About{Kind: paper.FinalReport, ID: sample.Movement, Part: "2024-10-15/" + sample.CodeWard}
	for range heavyRounds {
		var b bytes.Buffer
		took, err := stopwatch(func() error { _, err := h.Papers.Make(ctx, h.System(), about, paper.DOCX, &b); return err })
		if err != nil {
			return out, err
		}
		floor, err := stopwatch(func() error { return repacked(b.Bytes()) })
		if err != nil {
			return out, err
		}
		out.Times, out.Floors = append(out.Times, took), append(out.Floors, floor)
	}
	return out, nil
}

// repacked unpacks an archive and packs it again: what its bytes cost by themselves.
func repacked(content []byte) error {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return err
	}
	to := zip.NewWriter(io.Discard)
	for _, f := range z.File {
		from, err := f.Open()
		if err != nil {
			return err
		}
		w, err := to.Create(f.Name)
		if err == nil {
			_, err = io.Copy(w, from)
		}
		if err := errors.Join(err, from.Close()); err != nil {
			return err
		}
	}
	return to.Close()
}

// writtenLists writes a long list of practices.
func writtenLists(n int, write func(io.Writer, table.Table) error) (papersWritten, error) {
	var out papersWritten
	for range heavyRounds {
		var count counter
		took, err := stopwatch(func() error { return write(&count, longList(n)) })
		if err != nil {
			return out, err
		}
		floor, err := stopwatch(func() error { return squeezed(n) })
		if err != nil {
			return out, err
		}
		out.Times, out.Floors, out.Pages = append(out.Times, took), append(out.Floors, floor), count.pages
	}
	return out, nil
}

// counter takes what is written and counts the pages in it.
type counter struct{ pages int }

func (c *counter) Write(p []byte) (int, error) {
	c.pages += bytes.Count(p, []byte("/Type /Page\n"))
	return len(p), nil
}

func longRow(i int) []string {
	return []string{
		fmt.Sprintf("HK-%05d", i), fmt.Sprintf("Tuyến phố tự quản xanh, sạch, đẹp và an toàn của tổ dân phố số %d", i%97), fmt.Sprintf("Tổ dân phố số %d phường Hàng Buồm", i%61),
		"Tập thể", "Văn hóa - xã hội", "Mới",
	}
}

func longList(n int) table.Table {
	t := table.Table{Lang: i18n.Vi, Name: "Danh mục", Title: []string{"DANH MỤC MÔ HÌNH ĐĂNG KÝ"}, Columns: []table.Column{{Label: "TT", Width: 14, Kind: table.Short}}, Landscape: true}
	for i, label := range []string{"Mã số", "Tên mô hình", "Đơn vị", "Loại", "Lĩnh vực", "Nguồn gốc"} {
		t.Columns = append(t.Columns, table.Column{Label: label, Width: []float64{22, 80, 60, 22, 34, 24}[i]})
	}
	t.Columns = append(t.Columns, table.Column{Label: "Ngày", Width: 24, Kind: table.Day})
	day := clock.MustDate("2024-03-01")
	t.Rows = func(yield func(table.Row, error) bool) {
		for i := range n {
			row := table.Row{Cells: []table.Cell{table.Int(i + 1)}}
			for _, text := range longRow(i) {
				row.Cells = append(row.Cells, table.Text(text))
			}
			row.Cells = append(row.Cells, table.On(day+clock.Date(i%200)))
			if !yield(row, nil) {
				return
			}
		}
	}
	return t
}

// squeezed packs the words of such a list, and nothing else.
func squeezed(n int) error {
	w, err := flate.NewWriter(io.Discard, flate.DefaultCompression)
	if err != nil {
		return err
	}
	for i := range n {
		if _, err := io.WriteString(w, strings.Join(longRow(i), "\t")+"\n"); err != nil {
			return err
		}
	}
	return w.Close()
}

// measurePapers has other processes write papers, so that the memory of each is told alone.
func measurePapers(ctx context.Context, folder string) ([]heavyLine, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var all []heavyLine
	for _, work := range []struct {
		what, name, floor string
		bar, memory       float64
	}{
		{"word", "the report of a ward for Word", "packing the same parts", barWord, 0},
		{"sheet", fmt.Sprintf("a list of %s rows for Excel", thousands(sheetRows)), "packing the words of the rows", barSheet, barListMemory},
		{"pages", "a list of %d pages as PDF", "packing the words of the rows", barPages, barListMemory},
	} {
		cmd := exec.CommandContext(ctx, self)
		cmd.Env = append(os.Environ(), paperEnv+"="+work.what, paperData+"="+filepath.Join(folder, "data"))
		cmd.Stderr = os.Stderr
		said, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", work.what, err)
		}
		var out papersWritten
		if err := json.Unmarshal(said, &out); err != nil {
			return nil, fmt.Errorf("what the process of papers told: %w", err)
		}
		name := work.name
		if strings.Contains(name, "%d") {
			name = fmt.Sprintf(name, out.Pages)
		}
		took := middle(out.Times)
		all = append(all, heavyLine{name, fmt.Sprintf("%.0f ms", work.bar), fmt.Sprintf("%.0f ms%s", took, missed(took, work.bar)), fmt.Sprintf("%.0f ms", middle(out.Floors)), work.floor})
		if work.memory > 0 {
			all = append(all, heavyLine{"resident at most, of the process that writes it", fmt.Sprintf("%.0f MB", work.memory), fmt.Sprintf("%.0f MB%s", out.Peak, missed(out.Peak, work.memory)), "–", "–"})
		}
	}
	return all, nil
}
