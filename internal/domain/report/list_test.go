package report_test

import (
	"encoding/json"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// TestOddTitlesComeBack: a title with marks of JSON, and even one that looks like a list,
// stands in the lists and comes back as it was; the bytes are JSON to everybody else.
func TestOddTitlesComeBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		titles := map[string]bool{}
		for _, title := range []string{`Nói "thật", làm thật`, `Một \ hai \\`, `"]]},"subjects":{"columns":[]`, `,"lists":{"entries":`, "Ngã ba 😀 <b>&amp;</b>"} {
			in := apptest.Registration()
			in.Title = title
			s.Register(in)
			titles[title] = true
		}
		one, err := s.Reports.Freeze(t.Context(), s.System(), september())
		s.Must(err)
		f, err := s.Reports.Snapshot(t.Context(), s.System(), one.ID)
		s.Must(err)
		entries, err := f.Entries()
		s.Must(err)
		for _, e := range entries {
			if !titles[e.Title] {
				t.Errorf("it came back as %q", e.Title)
			}
			delete(titles, e.Title)
		}
		if len(titles) > 0 {
			t.Errorf("these are missing: %v", titles)
		}
		var doc struct {
			Lists struct {
				Entries struct{ Rows [][]string }
			}
		}
		if err := json.Unmarshal(f.Bytes, &doc); err != nil || len(doc.Lists.Entries.Rows) != len(entries) {
			t.Errorf("as JSON there are %d rows: %v", len(doc.Lists.Entries.Rows), err)
		}
	})
}
