package archive_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/archive"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

var made = time.Date(2024, 10, 16, 8, 30, 0, 0, time.UTC)

func quiet(int, int) {}

// empty is a store with nothing in it, on which no migration has run.
func empty(t *testing.T, engine db.Engine) archive.Store {
	t.Helper()
	return archive.Store{DB: dbtest.Connect(t, dbtest.Empty(t, engine)), Files: apptest.Files(t)}
}

func written(t *testing.T, s archive.Store) ([]byte, archive.Manifest) {
	t.Helper()
	var to bytes.Buffer
	m, err := archive.Write(t.Context(), s, &to, "test", made, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return to.Bytes(), m
}

func restored(t *testing.T, into archive.Store, raw []byte) (archive.Manifest, error) {
	t.Helper()
	return archive.Restore(t.Context(), into, bytes.NewReader(raw), int64(len(raw)), quiet)
}

// The reference case goes from each engine to each, and what is archived of the copy is
// what was archived of the first.
func TestAnArchiveIsRestoredOnEitherEngine(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		raw, first := written(t, archive.Store{DB: h.DB, Files: h.Files})
		if first.Rows() < 2000 || len(first.Files) == 0 || first.Records == 0 {
			t.Fatalf("the archive holds %d rows, %d files and %d records", first.Rows(), len(first.Files), first.Records)
		}
		for _, engine := range dbtest.Engines() {
			t.Run("to "+string(engine), func(t *testing.T) {
				into := empty(t, engine)
				if _, err := restored(t, into, raw); err != nil {
					t.Fatal(err)
				}
				_, second := written(t, into)
				second.Engine = first.Engine
				if diff := cmp.Diff(first, second); diff != "" {
					t.Errorf("(-first +copy):\n%s", diff)
				}
				for _, f := range first.Files {
					if content(t, into.Files, f) != content(t, h.Files, f) {
						t.Errorf("file %s is another", f.SHA256)
					}
				}
			})
		}
	})
}

func content(t *testing.T, from blob.Store, f archive.File) string {
	t.Helper()
	r, err := from.Open(t.Context(), blob.Ref{SHA256: f.SHA256, Size: f.Size})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// What is not a whole archive, or not one of what it says, leaves nothing behind.
func TestABadArchiveIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := apptest.NewSmall(t, d).House
		raw, _ := written(t, archive.Store{DB: h.DB, Files: h.Files})
		later := rewritten(t, raw, "manifest.json", func(text string) string { return strings.Replace(text, `"format": 1`, `"format": 2`, 1) })
		ahead := rewritten(t, raw, "manifest.json", func(text string) string { return strings.Replace(text, `"schema": `, `"schema": 9`, 1) })
		forged := rewritten(t, raw, "tables/org_name.jsonl", func(text string) string { return strings.Replace(text, "Phường", "Phuong", 1) })
		short := rewritten(t, raw, "tables/audit_entry.jsonl", func(text string) string { return text[:strings.LastIndex(strings.TrimSpace(text), "\n")+1] })
		for name, c := range map[string]struct {
			raw  []byte
			want error
		}{
			"nothing":                  {nil, archive.ErrNotArchive},
			"another file":             {[]byte("PK nothing of the kind"), archive.ErrNotArchive},
			"cut short":                {raw[:len(raw)-200], archive.ErrNotArchive},
			"a later format":           {later, archive.ErrNewer},
			"a later version":          {ahead, archive.ErrNewer},
			"a row that was changed":   {forged, archive.ErrDiffers},
			"a record that is missing": {short, archive.ErrDiffers},
		} {
			t.Run(name, func(t *testing.T) {
				into := empty(t, d.Engine())
				if _, err := restored(t, into, c.raw); !errors.Is(err, c.want) {
					t.Fatalf("got %v, want %v", err, c.want)
				}
				if err := into.DB.Migrate(t.Context()); err != nil {
					t.Fatal(err)
				}
				if v, err := audit.Verify(t.Context(), into.DB); err != nil || v.Records != 0 {
					t.Errorf("%d records are left, %v", v.Records, err)
				}
			})
		}
	})
}

// rewritten is an archive with one of its members changed.
func rewritten(t *testing.T, raw []byte, name string, change func(string) string) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for _, f := range from.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == name {
			changed := change(string(text))
			if changed == string(text) {
				t.Fatalf("%s did not change", name)
			}
			text = []byte(changed)
		}
		w, err := to.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestDataAreNotOverwritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := apptest.NewSmall(t, d).House
		s := archive.Store{DB: h.DB, Files: h.Files}
		raw, before := written(t, s)
		if _, err := restored(t, s, raw); !errors.Is(err, archive.ErrNotEmpty) {
			t.Fatalf("got %v", err)
		}
		_, after := written(t, s)
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
	})
}

// full is a disk without room after some bytes.
type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if len(p) > f.left {
		return 0, syscall.ENOSPC
	}
	f.left -= len(p)
	return len(p), nil
}

func TestAFullDiskIsTold(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	h := apptest.NewSmall(t, d).House
	whole, _ := written(t, archive.Store{DB: h.DB, Files: h.Files})
	for _, room := range []int{0, 100, len(whole) / 2, len(whole) - 1} {
		if _, err := archive.Write(t.Context(), archive.Store{DB: h.DB, Files: h.Files}, &full{room}, "test", made, quiet); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("with room for %d of %d bytes: %v", room, len(whole), err)
		}
	}
}

// A manifest tells enough to see what an archive is without restoring it.
func TestTheManifestIsPlain(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	h := apptest.NewSmall(t, d).House
	raw, want := written(t, archive.Store{DB: h.DB, Files: h.Files})
	z, got, err := archive.Open(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(z.File) != len(want.Tables)+1 {
		t.Fatalf("%d members, %v", len(z.File), err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if text, err := json.Marshal(got); err != nil || !strings.Contains(string(text), `"engine":"sqlite"`) {
		t.Errorf("%s, %v", text, err)
	}
}

// A database that a later version has opened is left as it is, with a word of its own.
func TestAnOldArchiveIsNotPutIntoNewerTables(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		old := empty(t, d.Engine())
		if err := old.DB.MigrateTo(t.Context(), 14); err != nil {
			t.Fatal(err)
		}
		raw, m := written(t, old)
		if m.Schema != 14 {
			t.Fatalf("the archive is of version %d", m.Schema)
		}
		if _, err := restored(t, archive.Store{DB: d, Files: apptest.Files(t)}, raw); !errors.Is(err, archive.ErrOpened) {
			t.Errorf("got %v", err)
		}
		h := apptest.NewSmall(t, dbtest.Open(t, d.Engine())).House
		if _, err := restored(t, archive.Store{DB: h.DB, Files: h.Files}, raw); !errors.Is(err, archive.ErrNotEmpty) {
			t.Errorf("over data: got %v", err)
		}
	})
}

// Sessions are not brought back: who was shut out stays out.
func TestSessionsEndWithARestore(t *testing.T) {
	h := apptest.Sample(t, db.SQLite)
	d := h.DB
	apptest.As(t, apptest.Serve(t, h), "canbo")
	sessions := func(d *db.DB) int {
		n, err := db.One(t.Context(), d, db.Int, `SELECT count(*) FROM identity_session`)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	raw, _ := written(t, archive.Store{DB: h.DB, Files: h.Files})
	into := empty(t, db.SQLite)
	if _, err := restored(t, into, raw); err != nil {
		t.Fatal(err)
	}
	if before, after := sessions(d), sessions(into.DB); before == 0 || after != 0 {
		t.Errorf("%d sessions before, %d after", before, after)
	}
}

// lost is a store that cannot find anything.
type lost struct{ blob.Store }

func (lost) Open(context.Context, blob.Ref) (io.ReadCloser, error) { return nil, blob.ErrNotFound }

// A file that cannot be read is named, and the rest is kept.
func TestAMissingFileDoesNotEndABackup(t *testing.T) {
	h := apptest.Sample(t, db.SQLite)
	raw, m := written(t, archive.Store{DB: h.DB, Files: lost{h.Files}})
	if len(m.Missing) == 0 || len(m.Files) != 0 {
		t.Fatalf("%d files are missing and %d are there", len(m.Missing), len(m.Files))
	}
	if _, err := restored(t, empty(t, db.SQLite), raw); err != nil {
		t.Error(err)
	}
}

// TestArchivesHoldWhatPracticesShow: photos and evidence of practices go with their rows.
func TestArchivesHoldWhatPracticesShow(t *testing.T) {
	h := apptest.Sample(t, db.SQLite)
	raw, m := written(t, archive.Store{DB: h.DB, Files: h.Files})
	in := map[string]bool{}
	for _, f := range m.Files {
		in[f.SHA256] = true
	}
	into := empty(t, db.SQLite)
	if _, err := restored(t, into, raw); err != nil {
		t.Fatal(err)
	}
	for _, list := range []string{`SELECT DISTINCT file_hash FROM practice_document`, `SELECT DISTINCT z.sha256 FROM photo_size z JOIN photo_photo p ON p.id = z.photo_id WHERE p.owner_kind = 'entry'`} {
		hashes, err := db.All(t.Context(), into.DB, db.Text, list)
		if err != nil || len(hashes) == 0 {
			t.Fatalf("%s: %v, %v", list, hashes, err)
		}
		for _, sha := range hashes {
			if !in[sha] {
				t.Errorf("the archive lacks a file of %s", list)
			}
		}
	}
}
