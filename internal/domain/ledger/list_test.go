package ledger_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// A register is read in several ways, by how many entries fit: each gives the list that a
// look at every entry gives.
func TestEntriesAreListedAsALookAtEachSays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 11)
		w.register(1500)
		var ids []string
		for i := range 1500 {
			ids = append(ids, fmt.Sprintf("e%d", i))
		}
		all, err := ledger.EntryRows(t.Context(), d, ids)
		w.must(err)
		for range 60 {
			f, sort := w.filter(), []ledger.Sort{ledger.ByName, ledger.ByDay}[w.rnd.IntN(2)]
			want, counts := looked(all, f, sort)
			got := w.walked(f, ledger.Slice{Sort: sort, Limit: 100}, counts)
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Fatalf("%+v by %s (-each +list):\n%s", f, sort, diff)
			}
		}
	})
}

// register writes many entries with a few names in common, a third of them received.
func (w *world) register(n int) {
	w.t.Helper()
	var acts []ledger.Act
	for i := range n {
		entry := fmt.Sprintf("e%d", i)
		day := w.day()
		acts = append(acts, ledger.Act{
			Kind: ledger.Registered, Period: 1, Entry: entry, On: day, Attr: w.attr(fmt.Sprintf("s%d", i)),
			Label: &ledger.Label{Code: "C" + entry, Title: fmt.Sprintf("Mô hình tổ %d số %d", w.rnd.IntN(40), w.rnd.IntN(3))},
		})
		if i%3 == 0 {
			acts = append(acts, ledger.Act{Kind: ledger.Received, Period: 1, Entry: entry, On: day + 1})
		}
	}
	w.append(acts...)
}

func (w *world) filter() ledger.Filter {
	f := ledger.Filter{Period: 1}
	f.Area.Scope.All = true
	maybe := func() bool { return w.rnd.IntN(3) == 0 }
	if maybe() {
		f.Area.Under = []string{w.tree.PathOn(w.units[w.rnd.IntN(len(w.units))], last)}
	}
	if maybe() {
		f.Kind = ledger.SubjectKind(1 + w.rnd.IntN(3))
	}
	if maybe() {
		f.Field = ledger.Field(1 + w.rnd.IntN(4))
	}
	if maybe() {
		f.From = w.day()
	}
	if maybe() {
		f.Statuses = []ledger.Status{ledger.StatusReceived, ledger.StatusStarted}
	}
	if w.rnd.IntN(2) == 0 {
		f.Name = []string{"tổ 7 ", "so 1", "MÔ HÌNH", "không có"}[w.rnd.IntN(4)]
	}
	return f
}

// looked filters and sorts by the obvious way.
func looked(all []ledger.EntryRow, f ledger.Filter, sort ledger.Sort) (ids []string, counts map[ledger.Status]int) {
	counts = map[ledger.Status]int{}
	var rows []ledger.EntryRow
	for _, r := range all {
		if !f.Area.Covers(r.Path) || (f.Kind != 0 && r.Kind != f.Kind) || (f.Field != 0 && r.Field != f.Field) ||
			(f.From != 0 && r.RegisteredOn < f.From) || !strings.Contains(viet.Fold(r.Title), viet.Fold(f.Name)) {
			continue
		}
		counts[r.Status]++
		if len(f.Statuses) == 0 || slices.Contains(f.Statuses, r.Status) {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b ledger.EntryRow) int {
		if sort == ledger.ByDay {
			return cmp.Or(cmp.Compare(b.RegisteredOn, a.RegisteredOn), cmp.Compare(b.Entry, a.Entry))
		}
		return cmp.Or(cmp.Compare(viet.SortKey(a.Title), viet.SortKey(b.Title)), cmp.Compare(a.Entry, b.Entry))
	})
	ids = []string{}
	for _, r := range rows {
		ids = append(ids, r.Entry)
	}
	return ids, counts
}

// walked reads a register page by page, forward to its end; the last page is read backward
// from there too.
func (w *world) walked(f ledger.Filter, s ledger.Slice, counts map[ledger.Status]int) []string {
	w.t.Helper()
	ids := []string{}
	for {
		page, byStatus, err := ledger.Entries(w.t.Context(), w.db, f, s)
		w.must(err)
		if diff := gocmp.Diff(counts, byStatus); diff != "" {
			w.t.Fatalf("%+v (-each +counts):\n%s", f, diff)
		}
		for _, r := range page.Rows {
			ids = append(ids, r.Entry)
		}
		if page.Prev != "" {
			w.back(f, s, page.Prev, ids[:len(ids)-len(page.Rows)])
		}
		if s.Cursor = page.Next; s.Cursor == "" {
			return ids
		}
	}
}

// back reads the page before a cursor: it is the end of what was read until there.
func (w *world) back(f ledger.Filter, s ledger.Slice, cursor string, before []string) {
	w.t.Helper()
	s.Cursor, s.Backward = cursor, true
	page, _, err := ledger.Entries(w.t.Context(), w.db, f, s)
	w.must(err)
	var got []string
	for _, r := range page.Rows {
		got = append(got, r.Entry)
	}
	if diff := gocmp.Diff(before[len(before)-len(got):], got); diff != "" || len(got) != min(s.Limit, len(before)) {
		w.t.Fatalf("%+v back from %d (-each +list):\n%s", f, len(before), diff)
	}
}
