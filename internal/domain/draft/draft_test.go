package draft_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/draft"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

const one, two = "0000-0001", "0000-0002"

func form(pairs ...string) draft.Form {
	f := draft.Form{}
	for i := 0; i < len(pairs); i += 2 {
		f[pairs[i]] = []string{pairs[i+1]}
	}
	return f
}

func at(s apptest.Small, login, role, unit string) actor.Actor {
	who := s.At(role, unit)
	who.Account = login
	return who
}

// whole is a registration with all nine parts.
func whole() practice.Input {
	in := apptest.Registration()
	for _, p := range in.Parts.All() {
		*p.Text = "Phần " + p.Field
	}
	return in
}

func TestADraftIsSavedAsTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		unit, other := at(s, "a", app.RoleReporter, "W1"), at(s, "b", app.RoleReporter, "W1")
		made, err := s.Drafts.Save(t.Context(), unit, one, 0, draft.Input{Movement: "M-2024", Form: form("title", "Ngõ ", "on", "31/02", "goals", "", "unit", "Không có")})
		s.Must(err)
		if made.Version != 1 || made.Title != "Ngõ" || made.Missing != 8 || made.Done() != 1 {
			t.Errorf("the first save gives %+v", made)
		}
		got, err := s.Drafts.Get(t.Context(), unit, one)
		s.Must(err)
		if got.Form.Text("title") != "Ngõ " || got.Form.Text("on") != "31/02" || len(got.Form) != 3 {
			t.Errorf("kept %v", got.Form)
		}
		for what, try := range map[string]func() error{
			"read":    func() error { _, err := s.Drafts.Get(t.Context(), other, one); return err },
			"save":    func() error { _, err := s.Drafts.Save(t.Context(), other, one, 1, draft.Input{}); return err },
			"take":    func() error { _, err := s.Drafts.Save(t.Context(), other, one, 0, draft.Input{}); return err },
			"discard": func() error { return s.Drafts.Discard(t.Context(), other, one) },
			"submit":  func() error { _, err := s.Drafts.Submit(t.Context(), other, one, 1, whole()); return err },
			"attach": func() error {
				_, err := s.Drafts.Attach(t.Context(), other, one, practice.Evidence, paper())
				return err
			},
		} {
			if err := try(); !errs.Is(err, errs.NotFound) {
				t.Errorf("another's draft to %s: %v", what, err)
			}
		}
		if all, err := s.Drafts.List(t.Context(), other); err != nil || len(all) != 0 {
			t.Errorf("another sees %v, %v", all, err)
		}
	})
}

func paper() *practice.File {
	raw := []byte("%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
	return &practice.File{Name: "phieu.pdf", Content: bytes.NewReader(raw), Size: int64(len(raw))}
}

func TestTwoDevicesOnOneDraft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		who := at(s, "a", app.RoleReporter, "W1")
		save := func(version int, writer, text string) (draft.Draft, error) {
			return s.Drafts.Save(t.Context(), who, one, version, draft.Input{Movement: "M-2024", Writer: writer, Form: form("title", text)})
		}
		_, err := save(0, "phone", "A")
		s.Must(err)
		again, err := save(0, "phone", "A") // the answer was lost
		s.Must(err)
		if again.Version != 1 {
			t.Errorf("the same form again makes version %d", again.Version)
		}
		further, err := save(0, "phone", "AB") // and more was typed since
		s.Must(err)
		if _, err := save(1, "desk", "C"); !errs.Is(err, errs.Conflict) {
			t.Errorf("an old version of another page: %v", err)
		}
		got, err := s.Drafts.Get(t.Context(), who, one)
		s.Must(err)
		if got.Form.Text("title") != "AB" || got.Version != further.Version {
			t.Errorf("after the conflict stands %+v", got)
		}
		_, err = save(got.Version, "desk", "C")
		s.Must(err)
		if _, err := save(got.Version, "phone", "ABC"); !errs.Is(err, errs.Conflict) {
			t.Errorf("the phone over what the desk wrote: %v", err)
		}
	})
}

func TestDiscardingIsUndone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		who := at(s, "a", app.RoleReporter, "W1")
		_, err := s.Drafts.Save(t.Context(), who, one, 0, draft.Input{Form: form("title", "A")})
		s.Must(err)
		s.Must(s.Drafts.Discard(t.Context(), who, one))
		if _, err := s.Drafts.Save(t.Context(), who, one, 1, draft.Input{Form: form("title", "B")}); !errs.Is(err, errs.Conflict) {
			t.Errorf("saving what was thrown away: %v", err)
		}
		s.Must(s.Drafts.Restore(t.Context(), who, one))
		if got, err := s.Drafts.Get(t.Context(), who, one); err != nil || got.Discarded() || got.Form.Text("title") != "A" {
			t.Errorf("taken back: %+v, %v", got, err)
		}
		s.Must(s.Drafts.Discard(t.Context(), who, one))
		s.Must(s.Drafts.Sweep(t.Context()))
		if _, err := s.Drafts.Get(t.Context(), who, one); err != nil {
			t.Errorf("swept too soon: %v", err)
		}
		later := s.Now().Add(draft.KeptFor + time.Hour)
		s.Must(app.Build(d, s.Files, func() time.Time { return later }, s.Logger).Drafts.Sweep(t.Context()))
		if _, err := s.Drafts.Get(t.Context(), who, one); !errs.Is(err, errs.NotFound) {
			t.Errorf("kept for ever: %v", err)
		}
	})
}

func TestDraftsAreBounded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		who := at(s, "a", app.RoleReporter, "W1")
		long := draft.Form{"title": {strings.Repeat("x", 300<<10)}}
		if _, err := s.Drafts.Save(t.Context(), who, one, 0, draft.Input{Form: long}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a form of 300 kB: %v", err)
		}
		for i := range draft.MaxDrafts {
			_, err := s.Drafts.Save(t.Context(), who, strings.Repeat("a", 8+i%50), 0, draft.Input{Form: form("title", "A")})
			s.Must(err)
		}
		if _, err := s.Drafts.Save(t.Context(), who, two, 0, draft.Input{Form: form("title", "A")}); !errs.Is(err, errs.Invalid) {
			t.Errorf("one draft too many: %v", err)
		}
		if _, err := s.Drafts.Save(t.Context(), at(s, "b", app.RoleReporter, "W1"), "../x", 0, draft.Input{}); !errs.Is(err, errs.NotFound) {
			t.Errorf("an identity that is none: %v", err)
		}
	})
}

func TestHandingInTwiceGivesOneEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		who := at(s, "a", app.RoleReporter, "W1")
		_, err := s.Drafts.Save(t.Context(), who, one, 0, draft.Input{Movement: "M-2024", Form: form("title", "A")})
		s.Must(err)
		_, err = s.Drafts.Attach(t.Context(), who, one, practice.Evidence, paper())
		s.Must(err)
		part := whole()
		part.Parts.Goals, part.Parts.Forces = "", " "
		_, err = s.Drafts.Submit(t.Context(), who, one, 1, part)
		var fields []string
		for _, e := range errs.All(err) {
			fields = append(fields, e.Field)
		}
		if strings.Join(fields, " ") != "goals forces" {
			t.Errorf("missing are %v, %v", fields, err)
		}
		if _, err := s.Drafts.Submit(t.Context(), who, one, 7, whole()); !errs.Is(err, errs.Conflict) {
			t.Errorf("another version: %v", err)
		}
		var codes [4]string
		var all sync.WaitGroup
		for i := range codes {
			all.Go(func() {
				e, err := s.Drafts.Submit(t.Context(), who, one, 1, whole())
				if err != nil {
					t.Errorf("handed in: %v", err)
				}
				codes[i] = e.Code
			})
		}
		all.Wait()
		for _, code := range codes {
			if code != codes[0] || code == "" {
				t.Fatalf("handed in as %v", codes)
			}
		}
		list, err := s.Practices.List(t.Context(), s.System(), practice.Query{Period: 1, Tab: practice.TabAll})
		s.Must(err)
		if list.Total != 1 {
			t.Errorf("%d entries", list.Total)
		}
		docs, err := s.Practices.Documents(t.Context(), s.System(), codes[0])
		s.Must(err)
		if len(docs) != 1 || docs[0].Kind != practice.Evidence || docs[0].Title != "phieu" {
			t.Errorf("documents %+v", docs)
		}
		if left, err := s.Drafts.List(t.Context(), who); err != nil || len(left) != 0 {
			t.Errorf("left are %v, %v", left, err)
		}
	})
}

func TestASignedPaperMayLeavePartsOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		who := at(s, "o", app.RoleOfficer, "D")
		in := apptest.Registration()
		in.DeclaredBy = "Bà Lụa"
		_, err := s.Drafts.Save(t.Context(), who, one, 0, draft.Input{Movement: "M-2024", Form: form("title", "A")})
		s.Must(err)
		if _, err := s.Drafts.Submit(t.Context(), who, one, 1, in); !errs.Is(err, errs.Invalid) {
			t.Errorf("without the paper: %v", err)
		}
		_, err = s.Drafts.Attach(t.Context(), who, one, practice.SignedForm, paper())
		s.Must(err)
		e, err := s.Drafts.Submit(t.Context(), who, one, 1, in)
		s.Must(err)
		if e.DeclaredBy != "Bà Lụa" || e.TypedBy != "o" {
			t.Errorf("declared by %q, typed by %q", e.DeclaredBy, e.TypedBy)
		}
		docs, err := s.Practices.Documents(t.Context(), s.System(), e.ID)
		s.Must(err)
		if len(docs) != 1 || docs[0].Kind != practice.SignedForm {
			t.Errorf("documents %+v", docs)
		}
	})
}

// TestPhotosOfADraftComeToTheAlbum, of which nobody said yet who is shown; among the documents
// stands every file as it came, a photo beside papers.
func TestPhotosOfADraftComeToTheAlbum(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), at(s, "a", app.RoleReporter, "W1")
		made, err := s.Drafts.Save(ctx, who, one, 0, draft.Input{Movement: "M-2024", Form: form("title", "Ngõ")})
		s.Must(err)
		var raw bytes.Buffer
		s.Must(png.Encode(&raw, image.NewRGBA(image.Rect(0, 0, 900, 600))))
		for name, file := range map[string]*practice.File{
			"paper": paper(), "photo": {Name: "anh.png", Content: bytes.NewReader(raw.Bytes()), Size: int64(raw.Len())},
			"broken": {Name: "hong.png", Content: bytes.NewReader(raw.Bytes()[:60]), Size: 60},
		} {
			if _, err := s.Drafts.Attach(ctx, who, one, practice.Evidence, file); err != nil && name != "broken" {
				t.Fatalf("%s: %v", name, err)
			}
		}
		kept, err := s.Drafts.Get(ctx, who, one)
		s.Must(err)
		files := func() (n int) {
			_, err := s.Files.Sweep(ctx, s.Now().AddDate(1, 0, 0), func(_ context.Context, hashes []string) (map[string]bool, error) {
				all := map[string]bool{}
				for _, sha := range hashes {
					all[sha] = true
				}
				n += len(hashes)
				return all, nil
			})
			s.Must(err)
			return n
		}
		before := files()
		if _, err := s.Drafts.Submit(ctx, who, one, made.Version+1, whole()); !errs.Is(err, errs.Conflict) {
			t.Errorf("another version: %v", err)
		}
		if _, err := s.Drafts.Submit(ctx, who, one, made.Version, apptest.Registration()); !errs.Is(err, errs.Invalid) {
			t.Errorf("parts are missing: %v", err)
		}
		if after := files(); after != before {
			t.Errorf("photos were made for nothing: %d files became %d", before, after)
		}
		e, err := s.Drafts.Submit(ctx, who, one, made.Version, whole())
		s.Must(err)
		photos, err := s.Practices.Photos(ctx, who, e.ID)
		s.Must(err)
		if len(photos) != 1 || photos[0].Name != "anh.png" || photos[0].People != photo.PeopleUnsaid || photos[0].Shown() || len(photos[0].Sizes) == 0 {
			t.Errorf("the album: %+v", photos)
		}
		documents, err := s.Practices.Documents(ctx, who, e.ID)
		if err != nil || len(documents) != len(kept.Files) {
			t.Errorf("%d documents of %d files, %v", len(documents), len(kept.Files), err)
		}
		for _, f := range documents {
			if f.FileName == "anh.png" && f.FileSize != int64(raw.Len()) {
				t.Errorf("of %d bytes of evidence %d are kept", raw.Len(), f.FileSize)
			}
		}
	})
}
