package paper_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/papertest"
)

func template(tb testing.TB, lines ...string) *paper.File {
	tb.Helper()
	var blocks []docx.Block
	for _, line := range lines {
		blocks = append(blocks, docx.Paragraph{Runs: []docx.Run{{Text: line}}})
	}
	content, err := docx.Write(docx.Page{Top: 20, Bottom: 20, Left: 30, Right: 15, Size: 14}, "x", blocks...)
	if err != nil {
		tb.Fatal(err)
	}
	return file(content)
}

func file(content []byte) *paper.File {
	return &paper.File{Name: "Mẫu của cơ quan.docx", Content: bytes.NewReader(content), Size: int64(len(content))}
}

func at(k paper.Kind) paper.TemplateAt {
	return paper.TemplateAt{Unit: sample.CodeDistrict, Kind: k, Profile: rulebook.StateProfile}
}

// TestAnOfficesOwnTemplate goes from the upload to the paper and back to the shipped one.
func TestAnOfficesOwnTemplate(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		ctx, who := t.Context(), h.System()
		about := paper.About{Kind: paper.Plan, ID: sample.Movement}
		if _, err := save(t, h, about, paper.SheetInput{Unit: sample.CodeDistrict, Profile: rulebook.StateProfile}); err != nil {
			t.Fatal(err)
		}
		faulty, err := h.Papers.Upload(ctx, who, at(paper.Plan), template(t, "{{phong_tro}}", "{{#each linh_vuc}}"))
		if err != nil {
			t.Fatal(err)
		}
		problems, err := h.Papers.Problems(ctx, who, faulty.ID)
		if err != nil || len(problems) != 2 {
			t.Fatalf("%v, %v", problems, err)
		}
		for name, do := range map[string]func() error{
			"tried": func() error { _, err := h.Papers.Try(ctx, who, faulty.ID, about); return err },
			"on":    func() error { _, err := h.Papers.SwitchOn(ctx, who, faulty.ID); return err },
		} {
			if err := do(); !errs.Is(err, errs.Conflict) {
				t.Errorf("a faulty template is %s: %v", name, err)
			}
		}
		good, err := h.Papers.Upload(ctx, who, at(paper.Plan), template(t, "Mẫu riêng: {{phong_trao}}", "{{so_ky_hieu}}"))
		if err != nil || good.No != 2 {
			t.Fatalf("%+v, %v", good, err)
		}
		if _, err := h.Papers.SwitchOn(ctx, who, good.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("switched on untried: %v", err)
		}
		if _, err := h.Papers.Try(ctx, who, good.ID, paper.About{ID: "nope"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("tried on nothing: %v", err)
		}
		made, err := h.Papers.Try(ctx, who, good.ID, about)
		if err != nil || len(made.Missing) != 1 || made.Missing[0] != "số, ký hiệu văn bản" {
			t.Fatalf("%q, %v", made.Missing, err)
		}
		if _, err := h.Papers.SwitchOn(ctx, who, good.ID); err != nil {
			t.Fatal(err)
		}
		content, made := paperOf(t, h, about, paper.DOCX)
		if text := strings.Join(document(t, content), "\n"); !strings.Contains(text, "Mẫu riêng: phong trào") || made.Template.ID != good.ID {
			t.Errorf("the paper is made of another template: %.80s", text)
		}
		log, err := audit.History(ctx, h.DB, audit.Object{Kind: "movement", ID: sample.Movement})
		if err != nil || !strings.Contains(string(log[len(log)-1].Detail), good.ID) {
			t.Errorf("the audit does not name the template: %v", err)
		}
		again, err := h.Papers.Upload(ctx, who, at(paper.Plan), template(t, "Mẫu thứ ba: {{phong_trao}}"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Papers.Try(ctx, who, again.ID, about); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Papers.SwitchOn(ctx, who, again.ID); err != nil {
			t.Fatal(err)
		}
		if now, content, err := h.Papers.OpenCurrent(ctx, who, at(paper.Plan)); err != nil || now.No != 3 || len(content) == 0 {
			t.Errorf("the current one is %d, %v", now.No, err)
		}
		if old, err := h.Papers.Template(ctx, who, good.ID); err != nil || old.On() || old.OffAt.IsZero() {
			t.Errorf("the one before is on: %+v, %v", old, err)
		}
		if _, err := h.Papers.SwitchOff(ctx, who, again.ID); err != nil {
			t.Fatal(err)
		}
		if _, made := paperOf(t, h, about, paper.DOCX); made.Template.ID != "" {
			t.Error("the shipped one is not back")
		}
		kept, err := h.Papers.KeptFiles(ctx, []string{good.FileHash, strings.Repeat("0", 64)})
		if err != nil || len(kept) != 1 {
			t.Errorf("kept: %v, %v", kept, err)
		}
	})
}

// TestFilesThatAreNoTemplate are refused by their content.
func TestFilesThatAreNoTemplate(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		for name, f := range map[string]*paper.File{"nothing": nil, "a text": file([]byte("{{phong_trao}}")), "a picture": file([]byte("\x89PNG\r\n\x1a\n"))} {
			if _, err := h.Papers.Upload(t.Context(), h.System(), at(paper.Plan), f); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := h.Papers.Upload(t.Context(), h.System(), at("poem"), template(t, "x")); !errs.Is(err, errs.NotFound) {
			t.Errorf("a sort that there is not: %v", err)
		}
		where := at(paper.Plan)
		where.Unit = "nope"
		if _, err := h.Papers.Upload(t.Context(), h.System(), where, template(t, "x")); !errs.Is(err, errs.NotFound) {
			t.Errorf("an office that there is not: %v", err)
		}
	})
}

// TestTemplatesThatAnotherProgramSaved: every shipped template, opened and saved by LibreOffice, is
// checked, filled and opened once more.
func TestTemplatesThatAnotherProgramSaved(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		abouts := records(t, h)
		var files []string
		for _, k := range paper.Kinds() {
			_, content, err := h.Papers.OpenShipped(t.Context(), h.System(), at(k))
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, papertest.Keep(t, string(k)+".docx", content))
		}
		var filled []string
		for i, path := range papertest.ConvertAll(t, files, "docx") {
			k := paper.Kinds()[i]
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			saved, err := h.Papers.Upload(t.Context(), h.System(), at(k), file(raw))
			if err != nil {
				t.Errorf("%s: %v", k, err)
				continue
			}
			if problems, err := h.Papers.Problems(t.Context(), h.System(), saved.ID); err != nil || len(problems) > 0 {
				t.Errorf("%s: %v, %v", k, problems, err)
				continue
			}
			var b bytes.Buffer
			if _, err := h.Papers.TrialFile(t.Context(), h.System(), saved.ID, abouts[k], &b); err != nil {
				t.Errorf("%s: %v", k, err)
				continue
			}
			if text := strings.Join(document(t, b.Bytes()), "\n"); strings.Contains(text, "{{") {
				t.Errorf("%s: a mark stands on it", k)
			}
			filled = append(filled, papertest.Keep(t, string(k)+".docx", b.Bytes()))
		}
		papertest.ConvertAll(t, filled, "pdf")
	})
}
