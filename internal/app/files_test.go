package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/blob/blobtest"
	"github.com/nhanrong/nhanrong/internal/platform/blob/scan"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// login makes an account with a role at a unit of a small house.
func login(t *testing.T, s apptest.Small, name, role, unit string) {
	t.Helper()
	u, err := s.Org.Get(t.Context(), s.System(), unit)
	s.Must(err)
	_, err = s.Identity.Create(t.Context(), s.System(), identity.Input{
		Login: name, Name: name, Unit: u.ID, Password: sample.Password, Settled: true, Grants: []identity.GrantInput{{Role: role, Unit: u.ID}},
	})
	s.Must(err)
}

func paperForm() url.Values {
	return url.Values{"paperKind": {"plan"}, "paperNumber": {"12-KH/ĐU"}, "paperSignedOn": {"2024-01-05"}, "paperTitle": {"Kế hoạch năm 2024"}}
}

const papersNew = "/admin/movements/M-2024/papers/new"

// paperLinks are the files that a movement's page leads to.
func paperLinks(c *apptest.Client, code string) []string {
	return regexp.MustCompile(`/admin/movements/[A-Z0-9-]+/papers/[^/"]+/file`).FindAllString(c.Get("/admin/movements/"+code).Body, -1)
}

// small is a small house with an officer of the district.
func smallWithOfficer(t *testing.T, d *db.DB) (apptest.Small, *apptest.Client) {
	t.Helper()
	s := apptest.NewSmall(t, d)
	login(t, s, "quan", app.RoleOfficer, "D")
	return s, apptest.As(t, apptest.Serve(t, s.House), "quan")
}

func TestAPaperKeepsItsFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, officer := smallWithOfficer(t, d)
		for i, kind := range movement.FileKinds() {
			raw := blobtest.File(t, kind)
			name := "Kế hoạch số 12" + kind.Endings()[0]
			a := officer.PostFiles(papersNew, paperForm(), apptest.Upload{Field: "paperFile", Name: name, Content: raw})
			if a.Status != http.StatusSeeOther || a.Location != "/admin/movements/M-2024" {
				t.Fatalf("%s: %d %s\n%s", kind, a.Status, a.Location, a.Body)
			}
			links := paperLinks(officer, "M-2024")
			if len(links) != i+1 {
				t.Fatalf("%d links after %d files", len(links), i+1)
			}
			got := officer.Get(links[i])
			_, params, err := mime.ParseMediaType(got.Header.Get("Content-Disposition"))
			if got.Status != http.StatusOK || got.Body != string(raw) || err != nil || params["filename"] != name {
				t.Errorf("%s came back with %d, %d bytes, as %v, %v", kind, got.Status, len(got.Body), params, err)
			}
			for header, want := range map[string]string{
				"Content-Type": kind.MediaType(), "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
				"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'", "Content-Length": fmt.Sprint(len(raw)),
			} {
				if h := got.Header.Get(header); h != want {
					t.Errorf("%s: %s is %q, want %q", kind, header, h, want)
				}
			}
		}
		if page := officer.Get("/admin/movements/M-2024").Body; !strings.Contains(page, "Kế hoạch số 12.pdf") || !strings.Contains(page, "PDF, 1 KB") {
			t.Error("the page does not tell the file")
		}
		m, err := s.Movements.Get(t.Context(), s.System(), "M-2024")
		s.Must(err)
		log, err := audit.History(t.Context(), d, audit.Object{Kind: "movement", ID: m.ID})
		if last := log[len(log)-1]; err != nil || !strings.Contains(string(last.Detail), m.Papers[len(m.Papers)-1].FileHash) {
			t.Errorf("the audit does not name the file: %s, %v", last.Detail, err)
		}
		// A double click counts once; the same form with another file is another one.
		form := paperForm()
		form.Set("_once", "x")
		for _, text := range []string{"một", "một", "hai"} {
			if a := officer.PostFiles(papersNew, form, apptest.Upload{Field: "paperFile", Name: "kh.pdf", Content: blobtest.PDF(text)}); a.Location != "/admin/movements/M-2024" {
				t.Fatalf("%s: %d %s", text, a.Status, a.Location)
			}
		}
		if n := len(paperLinks(officer, "M-2024")); n != len(movement.FileKinds())+2 {
			t.Errorf("%d papers after a double click and another file", n)
		}
		// A paper without a file is a paper, too.
		if a := officer.PostFiles(papersNew, paperForm(), apptest.Upload{Field: "paperFile"}); a.Status != http.StatusSeeOther {
			t.Errorf("without a file: %d", a.Status)
		}
		if a := officer.Post(papersNew, paperForm()); a.Status != http.StatusSeeOther || len(paperLinks(officer, "M-2024")) != len(movement.FileKinds())+2 {
			t.Errorf("as a plain form: %d", a.Status)
		}
	})
}

func TestALaunchTakesItsPapers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, officer := smallWithOfficer(t, d)
		form := url.Values{
			"code": {"M-2025"}, "name": {"Phong trào 2025"}, "level": {"district"}, "unit": {"D"}, "standingBody": {"D.B"}, "launchedOn": {"2024-12-20"},
			"periodName": {"Năm 2025"}, "from": {"2025-01-01"}, "to": {"2025-06-30"},
			"plan.paperNumber": {"1-KH"}, "plan.paperSignedOn": {"2024-12-18"}, "plan.paperTitle": {"Kế hoạch"},
			"decision.paperNumber": {"2-QĐ"}, "decision.paperSignedOn": {"2024-12-19"}, "decision.paperTitle": {"Quyết định"},
		}
		plan := apptest.Upload{Field: "plan.paperFile", Name: "kh.pdf", Content: blobtest.PDF("một")}
		bad := apptest.Upload{Field: "decision.paperFile", Name: "qd.pdf", Content: []byte("<script>alert(1)</script>")}
		a := officer.PostFiles("/admin/movements/new", form, plan, bad)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `href="#f-decision.paperFile"`) || !strings.Contains(a.Body, "Hãy chọn lại tệp") ||
			!strings.Contains(a.Body, `value="2-QĐ"`) {
			t.Errorf("a bad file: %d\n%s", a.Status, a.Body)
		}
		bad.Content = blobtest.File(t, blob.DOCX)
		if a := officer.PostFiles("/admin/movements/new", form, plan, bad); a.Status != http.StatusSeeOther {
			t.Fatalf("launch: %d\n%s", a.Status, a.Body)
		}
		m, err := s.Movements.Get(t.Context(), s.System(), "M-2025")
		s.Must(err)
		if len(m.Papers) != 2 || m.Papers[0].FileKind != blob.PDF || m.Papers[1].FileKind != blob.DOCX || m.Papers[1].Kind != movement.Decree {
			t.Errorf("%+v", m.Papers)
		}
		got := officer.Get("/admin/movements/M-2025/papers/" + m.Papers[1].ID + "/file")
		if !strings.Contains(got.Header.Get("Content-Disposition"), `filename="qd.pdf.docx"`) {
			t.Errorf("a text called PDF goes out as %s", got.Header.Get("Content-Disposition"))
		}
	})
}

func TestAFileThatIsNotTakenLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, officer := smallWithOfficer(t, d)
		big := func(n int) []byte {
			raw := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte{' '}, n)...)
			return append(raw, "%%EOF"...)
		}
		for name, c := range map[string]struct {
			content []byte
			status  int
			says    string
		}{
			"a program called PDF":    {[]byte("MZ\x90\x00\x03"), 422, "PDF, Word"},
			"a page called PDF":       {[]byte("<!doctype html><script>alert(1)</script>"), 422, "PDF, Word"},
			"a drawing with a script": {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), 422, "PDF, Word"},
			"a zip":                   {blobtest.Zip(t, "a.html"), 422, "PDF, Word"},
			"a table":                 {blobtest.File(t, blob.XLSX), 422, "PDF, Word"},
			"a text with macros":      {blobtest.Zip(t, "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), 422, "PDF, Word"},
			"nothing":                 {nil, 422, "PDF, Word"},
			"half a photo":            {blobtest.File(t, blob.JPEG)[:40], 422, "PDF, Word"},
			"a little over the bound": {big(movement.MaxFile), 422, "lớn quá 20 MB"},
			"far over the bound":      {big(movement.MaxFile + 5<<20), 413, "quá lớn"},
		} {
			a := officer.PostFiles(papersNew, paperForm(), apptest.Upload{Field: "paperFile", Name: "kh.pdf", Content: c.content})
			if a.Status != c.status || !strings.Contains(a.Body, c.says) {
				t.Errorf("%s: %d\n%.500s", name, a.Status, a.Body)
			}
			if c.status == 422 && !strings.Contains(a.Body, "12-KH/ĐU") {
				t.Errorf("%s: what was typed is lost", name)
			}
		}
		if n, err := s.Files.Sweep(t.Context(), time.Now().Add(time.Hour), blobtest.Nothing); n != 0 || err != nil {
			t.Errorf("%d files are kept of those that were refused, %v", n, err)
		}
		if a := officer.PostFiles(papersNew, paperForm(), apptest.Upload{Field: "paperFile", Name: "kh.pdf", Content: big(movement.MaxFile - 14)}); a.Status != http.StatusSeeOther {
			t.Errorf("a file of just the bound: %d", a.Status)
		}
	})
}

// TestAVirusScannerSaysNo sends a file that the machine's scanner refuses, and one that it
// cannot look at: each is told in words, what was typed stays, and nothing is kept.
func TestAVirusScannerSaysNo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		script := filepath.Join(t.TempDir(), "scanner")
		if err := os.WriteFile(script, []byte("#!/bin/sh\ngrep -q BROKEN \"$1\" && exit 2\n! grep -q EVIL \"$1\"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		scanner, err := scan.New(script)
		if err != nil {
			t.Fatal(err)
		}
		s := apptest.SmallIn(t, apptest.EmptyAt(t, d, scan.Guard(apptest.Files(t), scanner, slog.New(slog.DiscardHandler)), clock.System))
		login(t, s, "quan", app.RoleOfficer, "D")
		officer := apptest.As(t, apptest.Serve(t, s.House), "quan")
		send := func(content string) apptest.Answer {
			return officer.PostFiles(papersNew, paperForm(), apptest.Upload{Field: "paperFile", Name: "kh.pdf", Content: blobtest.PDF(content)})
		}
		for content, says := range map[string]string{
			"EVIL": "Trình quét vi-rút không cho nhận", "BROKEN": "Trình quét vi-rút chưa kiểm tra được",
		} {
			a := send(content)
			if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, says) || !strings.Contains(a.Body, "12-KH/ĐU") {
				t.Errorf("%s: %d\n%.800s", content, a.Status, a.Body)
			}
		}
		if n, err := s.Files.Sweep(t.Context(), time.Now().Add(time.Hour), blobtest.Nothing); n != 0 || err != nil {
			t.Errorf("%d files are kept of those that were refused, %v", n, err)
		}
		if a := send("sạch"); a.Status != http.StatusSeeOther {
			t.Errorf("a clean file: %d\n%.500s", a.Status, a.Body)
		}
	})
}

func TestNamesOfFilesAreOnlyText(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, officer := smallWithOfficer(t, d)
		for name, want := range map[string]string{
			"../../../etc/passwd": "passwd.pdf", `..\..\windows\system.ini`: "system.ini.pdf", "a\r\nSet-Cookie: x=1.pdf": "aSet-Cookie_ x=1.pdf",
			`"><script>alert(1)</script>.pdf`: "script_.pdf", "kế hoạch\u202efdp.exe": "kế hoạchfdp.exe.pdf", "...": "plan.pdf", "CON": "CON.pdf",
			"100%25.pdf": "100%25.pdf", "/": "plan.pdf",
		} {
			form := paperForm()
			form.Set("paperTitle", "Tên lạ "+fmt.Sprint(len(name)))
			// The writer of forms mends names; a program that attacks does not.
			body := "--b\r\nContent-Disposition: form-data; name=\"paperFile\"; filename*=UTF-8''" + url.PathEscape(name) + "\r\n\r\n" + string(blobtest.PDF(name)) + "\r\n"
			for field := range form {
				body += "--b\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" + form.Get(field) + "\r\n"
			}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, officer.Base()+papersNew, strings.NewReader(body+"--b--\r\n"))
			s.Must(err)
			r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
			before := paperLinks(officer, "M-2024")
			if a := officer.Do(r); a.Status != http.StatusSeeOther {
				t.Fatalf("%q: %d\n%s", name, a.Status, a.Body)
			}
			page := officer.Get("/admin/movements/M-2024").Body
			if strings.Contains(page, "<script>alert") || strings.Contains(page, "\u202e") || strings.Contains(page, "/etc/") {
				t.Errorf("%q stands on the page as it came", name)
			}
			for _, link := range paperLinks(officer, "M-2024") {
				if strings.Contains(strings.Join(before, " "), link) {
					continue
				}
				got := officer.Get(link)
				_, params, err := mime.ParseMediaType(got.Header.Get("Content-Disposition"))
				if err != nil || params["filename"] != want || got.Header.Get("Set-Cookie") != "" {
					t.Errorf("%q goes out as %q, want %q, %v", name, params["filename"], want, err)
				}
			}
		}
	})
}

func TestFilesKeepToTheScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, officer := smallWithOfficer(t, d)
		for _, unit := range []string{"W1", "W2"} {
			_, err := s.Movements.Launch(t.Context(), s.System(), movement.Input{
				Code: "M-" + unit, Name: "Phong trào " + unit, Level: org.Commune, Unit: unit, StandingBody: "D.B", LaunchedOn: apptest.Day("2024-01-02"),
				Period: movement.PeriodInput{Name: "Năm", From: apptest.Day("2024-01-01"), To: apptest.Day("2024-12-31")},
			})
			s.Must(err)
			if a := officer.PostFiles("/admin/movements/M-"+unit+"/papers/new", paperForm(), apptest.Upload{Field: "paperFile", Name: "kh.pdf", Content: blobtest.PDF(unit)}); a.Status != http.StatusSeeOther {
				t.Fatalf("%d", a.Status)
			}
			login(t, s, "bc-"+strings.ToLower(unit), app.RoleReporter, unit)
			login(t, s, "cb-"+strings.ToLower(unit), app.RoleOfficer, unit)
		}
		site := apptest.Serve(t, s.House)
		mine, others := paperLinks(officer, "M-W1")[0], paperLinks(officer, "M-W2")[0]
		one := apptest.As(t, site, "bc-w1")
		if a := one.Get(mine); a.Status != http.StatusOK || !strings.Contains(a.Body, "W1") {
			t.Errorf("one's own: %d", a.Status)
		}
		swapped := strings.Replace(others, "M-W2", "M-W1", 1)
		for _, path := range []string{others, swapped, strings.Replace(mine, "/file", "x/file", 1), "/admin/movements/M-W1/papers/..%2f..%2f/file"} {
			if a := one.Get(path); a.Status != http.StatusNotFound || strings.Contains(a.Body, "%PDF") {
				t.Errorf("%s: %d", path, a.Status)
			}
		}
		if a := apptest.Visitor(t, site).Get(mine); a.Status != http.StatusSeeOther {
			t.Errorf("a visitor gets %d", a.Status)
		}
		foreign := apptest.As(t, site, "cb-w2")
		orphans := func() int {
			n, err := s.Files.Sweep(t.Context(), time.Now().Add(time.Hour), s.Movements.KeptFiles)
			s.Must(err)
			return n
		}
		file := apptest.Upload{Field: "paperFile", Name: "kh.pdf", Content: blobtest.PDF("lạ")}
		if a := foreign.PostFiles("/admin/movements/M-W1/papers/new", paperForm(), file); a.Status != http.StatusNotFound {
			t.Errorf("an officer of the other ward: %d", a.Status)
		}
		if a := foreign.PostFiles(papersNew, paperForm(), file); a.Status != http.StatusForbidden { // the district's, which is seen
			t.Errorf("an officer of a ward: %d", a.Status)
		}
		if a := one.PostFiles("/admin/movements/M-W1/papers/new", paperForm(), file); a.Status != http.StatusForbidden {
			t.Errorf("a reporter: %d", a.Status)
		}
		if n := orphans(); n != 0 {
			t.Errorf("%d files were kept for those who may not", n)
		}
	})
}

// TestAFileFormOutlivesItsSession sends a form with a large file when the session has run
// out: what was typed waits for the sign-in, the file does not.
func TestAFileFormOutlivesItsSession(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, _ := smallWithOfficer(t, d)
		visitor := apptest.Visitor(t, apptest.Serve(t, s.House))
		form := paperForm()
		form.Set("_page", papersNew)
		a := visitor.PostFiles(papersNew, form, apptest.Upload{Field: "paperFile", Name: "kh.pdf", Content: append(blobtest.PDF("x"), make([]byte, 5<<20)...)})
		if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/login") {
			t.Fatalf("%d %s\n%.300s", a.Status, a.Location, a.Body)
		}
		if a := visitor.Post("/login", url.Values{"login": {"quan"}, "password": {sample.Password}}); a.Location != papersNew {
			t.Fatalf("the sign-in leads to %s", a.Location)
		}
		if page := visitor.Get(papersNew).Body; !strings.Contains(page, "12-KH/ĐU") || !strings.Contains(page, "Hãy chọn lại tệp") || !strings.Contains(page, `enctype="multipart/form-data"`) {
			t.Errorf("the form is lost:\n%s", page)
		}
	})
}

func TestADamagedFileIsNotSent(t *testing.T) {
	s, _ := smallWithOfficer(t, apptest.Open(t, db.SQLite))
	dir := t.TempDir()
	files, err := blob.OpenFolder(dir, clock.System)
	s.Must(err)
	t.Cleanup(func() { files.Close() })
	h := app.Build(s.DB, files, clock.System, slog.New(slog.DiscardHandler))
	officer := apptest.As(t, apptest.Serve(t, h), "quan")
	officer.PostFiles(papersNew, paperForm(), apptest.Upload{Field: "paperFile", Name: "kh.pdf", Content: blobtest.PDF("sẽ hỏng")})
	link := paperLinks(officer, "M-2024")[0]
	s.Must(filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		return errors.Join(err, os.WriteFile(path, bytes.ToUpper(raw), 0o600))
	}))
	if a := officer.Get(link); a.Status != http.StatusInternalServerError || strings.Contains(a.Body, "%PDF") || a.Header.Get("Content-Disposition") != "" {
		t.Errorf("%d %v", a.Status, a.Header)
	}
}

// uploaderURL and uploaderDir are set in the process that is to be killed.
const (
	uploaderURL = "NHANRONG_TEST_UPLOADER"
	uploaderDir = "NHANRONG_TEST_UPLOADER_DIR"
)

// dying is a store that says when a file is kept, and never returns.
type dying struct{ blob.Store }

func (d dying) Put(ctx context.Context, r io.Reader, most int64) (blob.Ref, error) {
	ref, err := d.Store.Put(ctx, r, most)
	fmt.Println("kept", ref.SHA256, err)
	select {}
}

// upload adds a paper to a movement, and is killed between its file and its row.
func upload(ctx context.Context, dbURL, dir string) error {
	d, err := db.Open(ctx, db.Config{URL: dbURL})
	if err != nil {
		return err
	}
	files, err := blob.OpenFolder(dir, clock.System)
	if err != nil {
		return err
	}
	h := app.Build(d, dying{files}, clock.System, slog.New(slog.DiscardHandler))
	raw := blobtest.PDF("mồ côi")
	return h.Movements.AddPaper(ctx, h.System(), "M-2024", movement.PaperInput{
		Kind: movement.Plan, Number: "1", Title: "Kế hoạch", SignedOn: clock.MustDate("2024-01-05"),
		File: &movement.File{Name: "kh.pdf", Content: bytes.NewReader(raw), Size: int64(len(raw))},
	})
}

// TestAKillBetweenFileAndRowLeavesAnOrphan kills an uploading process after its file was
// kept and before its row was written. The job removes the file a day later, and no other.
func TestAKillBetweenFileAndRowLeavesAnOrphan(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			dbURL, dir := dbtest.URL(t, engine), t.TempDir()
			s := apptest.NewSmall(t, dbtest.Connect(t, dbURL))
			files, err := blob.OpenFolder(dir, clock.System)
			s.Must(err)
			t.Cleanup(func() { files.Close() })
			orphan := killUploader(t, dbURL, dir)
			at := func(after time.Duration) *app.House {
				return app.Build(s.DB, files, func() time.Time { return clock.System().Add(after) }, slog.New(slog.DiscardHandler))
			}
			raw := blobtest.PDF("có dòng")
			s.Must(at(0).Movements.AddPaper(t.Context(), s.System(), "M-2024", movement.PaperInput{
				Kind: movement.Plan, Number: "2", Title: "Kế hoạch", SignedOn: clock.MustDate("2024-01-05"),
				File: &movement.File{Name: "kh.pdf", Content: bytes.NewReader(raw), Size: int64(len(raw))},
			}))
			there := func() bool {
				_, err := os.Stat(filepath.Join(dir, orphan[:2], orphan[2:4], orphan))
				return err == nil
			}
			if err := at(23 * time.Hour).SweepFiles(t.Context()); err != nil || !there() {
				t.Errorf("after 23 hours the orphan is gone: %v", err)
			}
			if err := at(25 * time.Hour).SweepFiles(t.Context()); err != nil || there() {
				t.Errorf("after 25 hours the orphan is there: %v", err)
			}
			m, err := s.Movements.Get(t.Context(), s.System(), "M-2024")
			if err != nil || len(m.Papers) != 1 {
				t.Fatalf("%+v, %v", m.Papers, err)
			}
			_, content, err := at(0).Movements.OpenPaper(t.Context(), s.System(), "M-2024", m.Papers[0].ID)
			s.Must(err)
			if got, err := io.ReadAll(content); !bytes.Equal(got, raw) || errors.Join(err, content.Close()) != nil {
				t.Errorf("the kept file: %d bytes, %v", len(got), err)
			}
		})
	}
}

// killUploader kills an uploader as soon as its file is kept, and gives the file's hash.
func killUploader(t *testing.T, dbURL, dir string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), uploaderURL+"="+dbURL, uploaderDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var sha string
	var said error
	if _, err := fmt.Fscanf(out, "kept %s", &sha); err != nil {
		said = err
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || said != nil || !blob.Valid(sha) {
		t.Fatalf("the uploader kept %q, %v, %v", sha, said, err)
	}
	return sha
}

// TestTheSampleHasItsPapers opens the files of the demo's story.
func TestTheSampleHasItsPapers(t *testing.T) {
	t.Parallel()
	h := apptest.Sample(t, db.SQLite)
	officer := apptest.As(t, apptest.Serve(t, h), "canbo")
	links := paperLinks(officer, sample.Movement)
	if len(links) != 2 {
		t.Fatalf("%v", links)
	}
	for _, link := range links {
		if a := officer.Get(link); a.Status != http.StatusOK || !strings.Contains(a.Body, "SAMPLE FILE") || !strings.HasPrefix(a.Body, "%PDF-1.4") {
			t.Errorf("%s: %d", link, a.Status)
		}
	}
	raw, err := json.Marshal(movement.PaperInput{File: &movement.File{Name: "x"}})
	if err != nil || strings.Contains(string(raw), "File") {
		t.Errorf("the audit would hold %s, %v", raw, err)
	}
}
