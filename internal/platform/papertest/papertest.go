// Package papertest reads papers with programs that did not write them: LibreOffice, and
// poppler's pdftotext and pdftoppm. Where one is missing the test is skipped and says so;
// "make test" installs them and lets no test be skipped.
package papertest

import (
	"bytes"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// need skips the test where a program is missing, or fails it where NHANRONG_TEST_ALL is set.
func need(tb testing.TB, program string) {
	tb.Helper()
	if testing.Short() {
		tb.Skip("programs that read papers take minutes and show no races: make test runs them")
	}
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if os.Getenv("NHANRONG_TEST_ALL") != "" {
		tb.Fatal("this machine has no " + program + ": run make setup")
	}
	tb.Skip("this machine has no " + program + ": run make setup")
}

func run(tb testing.TB, program string, args ...string) []byte {
	tb.Helper()
	need(tb, program)
	cmd := exec.CommandContext(tb.Context(), program, args...) //nolint:gosec // the tests name the program
	out, err := cmd.CombinedOutput()
	if err != nil {
		tb.Fatalf("%s: %v: %s", program, err, out)
	}
	return out
}

// Keep writes a paper into a file that goes with the test. Where PAPER_SHOTS names a folder
// it is put there too, for eyes.
func Keep(tb testing.TB, name string, content []byte) string {
	tb.Helper()
	dirs := []string{tb.TempDir()}
	if shots := os.Getenv("PAPER_SHOTS"); shots != "" {
		dirs = append(dirs, shots)
	}
	for _, dir := range dirs {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil { //nolint:gosec // the folder is the developer's own
			tb.Fatal(err)
		}
	}
	return filepath.Join(dirs[0], name)
}

// Convert has LibreOffice open a paper and write it in another format; it gives the file.
func Convert(tb testing.TB, path, to string) string {
	tb.Helper()
	dir := tb.TempDir()
	out := run(tb, "soffice", "--headless", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--convert-to", to, "--outdir", dir, path)
	ending, _, _ := strings.Cut(to, ":")
	file := filepath.Join(dir, strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))+"."+ending)
	if _, err := os.Stat(file); err != nil {
		tb.Fatalf("LibreOffice did not write %s: %s", filepath.Base(file), out)
	}
	return file
}

// ConvertAll has LibreOffice open many papers in one go; it gives the files in their order.
func ConvertAll(tb testing.TB, paths []string, to string) []string {
	tb.Helper()
	dir := tb.TempDir()
	args := []string{"--headless", "-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--convert-to", to, "--outdir", dir}
	out := run(tb, "soffice", append(args, paths...)...)
	all := make([]string, len(paths))
	for i, path := range paths {
		all[i] = filepath.Join(dir, strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))+"."+to)
		if _, err := os.Stat(all[i]); err != nil {
			tb.Fatalf("LibreOffice did not write %s: %s", filepath.Base(all[i]), out)
		}
	}
	return all
}

// Text is the text of a PDF as it stands on its pages.
func Text(tb testing.TB, pdf string) string {
	tb.Helper()
	return string(run(tb, "pdftotext", "-layout", pdf, "-"))
}

// Page is where the words of a page stand, in points from its upper left corner.
type Page struct {
	Width, Height float64
	Words         []Word
}

// Word is a word with the box around it, in points.
type Word struct {
	Text                   string
	Left, Top, Right, Foot float64
}

// Margins are the distances of the outermost words from the edges of the page, in millimetres.
func (p Page) Margins() (left, right, top, bottom float64) {
	left, right, top, bottom = p.Width, p.Width, p.Height, p.Height
	for _, w := range p.Words {
		left, right = min(left, w.Left), min(right, p.Width-w.Right)
		top, bottom = min(top, w.Top), min(bottom, p.Height-w.Foot)
	}
	const mm = 72 / 25.4 // points in a millimetre
	return left / mm, right / mm, top / mm, bottom / mm
}

// Pages are the pages of a PDF with the places of their words.
func Pages(tb testing.TB, pdf string) []Page {
	tb.Helper()
	var doc struct {
		Pages []struct {
			Width  float64 `xml:"width,attr"`
			Height float64 `xml:"height,attr"`
			Words  []struct {
				Text string  `xml:",chardata"`
				Left float64 `xml:"xMin,attr"`
				Top  float64 `xml:"yMin,attr"`
				Rt   float64 `xml:"xMax,attr"`
				Foot float64 `xml:"yMax,attr"`
			} `xml:"word"`
		} `xml:"body>doc>page"`
	}
	d := xml.NewDecoder(bytes.NewReader(run(tb, "pdftotext", "-bbox", pdf, "-")))
	d.Strict, d.Entity = false, xml.HTMLEntity
	if err := d.Decode(&doc); err != nil {
		tb.Fatal(err)
	}
	all := make([]Page, len(doc.Pages))
	for i, p := range doc.Pages {
		all[i] = Page{Width: p.Width, Height: p.Height}
		for _, w := range p.Words {
			all[i].Words = append(all[i].Words, Word{w.Text, w.Left, w.Top, w.Rt, w.Foot})
		}
	}
	return all
}
