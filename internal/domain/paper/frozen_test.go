package paper_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/papertest"
)

// frozen is the sample's report of October, frozen with words of its own.
func frozen(t *testing.T, h *app.House) report.Snapshot {
	t.Helper()
	q := query("2024-10-15", "").Query
	latest, err := h.Reports.Narrative(t.Context(), h.System(), q)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Reports.Write(t.Context(), h.System(), report.NarrativeInput{Query: q, Over: latest.Version, Texts: report.Texts{
		report.Results: "Đã phát hiện {{phat_hien_tap_the}} tập thể và {{phat_hien_ca_nhan}} cá nhân.\nTrong đó {{cong_nhan}} mô hình được công nhận.",
		report.Limits:  "Một số đơn vị còn chậm.",
	}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := h.Reports.Freeze(t.Context(), h.System(), q)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func frozenFile(t *testing.T, h *app.House, id string, format paper.Format) []byte {
	t.Helper()
	var b bytes.Buffer
	in := paper.ReportQuery{Format: format, Lang: i18n.Vi}
	in.List = true
	if _, err := h.Papers.Frozen(t.Context(), h.System(), id, in, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestAllFormsOfAFrozenReportSayTheSame: the JSON is the very bytes, and DOCX, sheet and
// pages, read by other programs, have its figures, its list and its hash – after the register
// has gone on.
func TestAllFormsOfAFrozenReportSayTheSame(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		s := frozen(t, h)
		raw := frozenFile(t, h, s.ID, paper.JSON)
		sum := sha256.Sum256(raw)
		if hex.EncodeToString(sum[:]) != s.SHA256 {
			t.Error("the JSON is not what was frozen")
		}
		var doc struct {
			Figures map[string]report.Figure
			Lists   struct {
				Entries struct{ Rows [][]string }
			}
		}
		if err := json.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(bytes.NewReader(frozenFile(t, h, s.ID, paper.XLSX)))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.GetRows(f.GetSheetName(0))
		if err != nil {
			t.Fatal(err)
		}
		names := []string{"registered", "received", "carriedOut", "recognised", "typical", "replicated", "adoptions", "found", "praised", "awarded"}
		for i, name := range names {
			cells, got := rows[len(rows)-len(names)+i], doc.Figures[name]
			want := fmt.Sprint([]string{grouped(got.Total), grouped(got.Collective), grouped(got.Individual), grouped(got.Household), grouped(got.Subjects)})
			if have := fmt.Sprint(cells[2:7]); have != want {
				t.Errorf("%s is %s in JSON, %s in the sheet", name, want, have)
			}
		}
		text := papertest.Text(t, papertest.Keep(t, "frozen.pdf", frozenFile(t, h, s.ID, paper.PDF)))
		lines := document(t, frozenFile(t, h, s.ID, paper.DOCX))
		for _, want := range []string{
			fmt.Sprintf("Đã phát hiện %d tập thể và %d cá nhân.", doc.Figures["found"].Collective, doc.Figures["found"].Individual),
			fmt.Sprintf("Trong đó %d mô hình được công nhận.", doc.Figures["recognised"].Total), "Một số đơn vị còn chậm.",
		} {
			if !slices.Contains(lines, want) {
				t.Errorf("the DOCX does not say %q", want)
			}
		}
		for _, e := range doc.Lists.Entries.Rows {
			if slices.Contains(e[12:], "registered") && (strings.Count(text, e[1]) != 1 || !slices.Contains(lines, e[1])) {
				t.Errorf("%s is missing in the pages or in the DOCX", e[1])
			}
		}
		if !strings.Contains(text, s.SHA256) || !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, s.SHA256) }) {
			t.Error("the hash is not on the pages or not in the DOCX")
		}
	})
}

// TestTheBundleHoldsWhatItSays: every file of it sums to what the index says, the lists are
// as long as the figures, and a leader, who may not freeze, does not get it.
func TestTheBundleHoldsWhatItSays(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		s := frozen(t, h)
		var b bytes.Buffer
		if _, err := h.Papers.Evidence(t.Context(), h.System(), s.ID, i18n.Vi, &b); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		files := map[string][]byte{}
		for _, one := range z.File {
			r, err := one.Open()
			if err != nil {
				t.Fatal(err)
			}
			if files[one.Name], err = io.ReadAll(r); err != nil {
				t.Fatal(err)
			}
		}
		sums := strings.Split(strings.TrimSpace(string(files["SHA256SUMS"])), "\n")
		for _, line := range sums {
			hash, name, _ := strings.Cut(line, "  ")
			if got := sha256.Sum256(files[name]); hex.EncodeToString(got[:]) != hash {
				t.Errorf("%s does not sum to what the index says", name)
			}
		}
		if len(sums) != len(files)-1 || string(files["bao-cao.json"]) != string(frozenFile(t, h, s.ID, paper.JSON)) {
			t.Errorf("%d sums for %d files", len(sums), len(files))
		}
		f, err := h.Reports.Snapshot(t.Context(), h.System(), s.ID)
		if err != nil {
			t.Fatal(err)
		}
		r, err := f.Report()
		if err != nil {
			t.Fatal(err)
		}
		for _, figure := range r.Figures {
			if got := strings.Count(string(files["danh-sach/"+string(figure.Name)+".csv"]), "\r\n") - 1; got != figure.Total {
				t.Errorf("%s: the list has %d rows, the figure is %d", figure.Name, got, figure.Total)
			}
		}
		if n := strings.Count(string(files["cac-buoc.csv"]), "\r\n"); n < r.Figures[0].Total {
			t.Errorf("%d acts of %d entries", n, r.Figures[0].Total)
		}
		leader, err := h.Identity.ActorByLogin(t.Context(), "lanhdao", "web", "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Papers.Evidence(t.Context(), leader, s.ID, i18n.Vi, io.Discard); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a leader got it: %v", err)
		}
	})
}
