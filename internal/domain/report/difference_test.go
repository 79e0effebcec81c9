package report_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// TestIdentitiesHoldOnAnyDay: of random registers that keep the rules, on random days.
func TestIdentitiesHoldOnAnyDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 3)
		for range 120 {
			w.sound(1)
		}
		for range 12 {
			on := w.day()
			r, err := w.Reports.Report(t.Context(), w.System(), report.Query{Movement: "M-2024", AsOf: on})
			w.Must(err)
			for _, one := range r.Identities {
				if !one.Holds {
					t.Errorf("as of %s %s is broken by %v", on, one.ID, one.Breaches)
				}
			}
			addUp(t, on.String(), r, r.Table(report.TableByUnit).Totals)
		}
	})
}

// TestTheNoteExplainsEveryChange freezes a random register as of a random day, lets random
// acts follow – late ones, revocations, voids of acts from before and after – and holds the
// note against a plain comparison of the two documents: it lists every number that differs,
// no other, and the acts behind each add up to the difference.
func TestTheNoteExplainsEveryChange(t *testing.T) {
	seeds := uint64(8)
	if testing.Short() {
		seeds = 1
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) { explained(t, newWorld(t, d, seed)) })
		})
	}
}

func explained(t *testing.T, w *world) {
	ctx := t.Context()
	if w.rnd.IntN(2) == 0 {
		w.follow()
	}
	for range 80 {
		w.sound(w.period())
	}
	on := apptest.Day("2024-04-01") + clock.Date(w.rnd.IntN(200))
	q := report.Query{Movement: "M-2024", Period: 1, AsOf: on}
	if w.before != 0 {
		q.Movement, q.Period = "M-NEXT", w.before+1
	}
	s, err := w.Reports.Freeze(ctx, w.System(), q)
	w.Must(err)
	for range 40 {
		w.wild(w.period())
	}
	note, err := w.Reports.Difference(ctx, w.System(), s.ID)
	w.Must(err)
	frozen, err := w.Reports.Snapshot(ctx, w.System(), s.ID)
	w.Must(err)
	then, err := frozen.Report()
	w.Must(err)
	now, err := w.Reports.Report(ctx, w.System(), q)
	w.Must(err)
	was, is := plain(t, then), plain(t, now)
	told := map[report.Cell]bool{}
	for _, c := range note.Changes {
		told[c.Cell] = true
		if was[c.Cell] != c.Was || is[c.Cell] != c.Is || c.Was == c.Is {
			t.Errorf("%+v: told as %d → %d, it is %d → %d", c.Cell, c.Was, c.Is, was[c.Cell], is[c.Cell])
		}
		if len(c.Causes) == 0 || c.Rest != 0 {
			t.Errorf("as of %s %+v went %d → %d; %d acts leave %d open", on, c.Cell, c.Was, c.Is, len(c.Causes), c.Rest)
		}
		for _, cause := range c.Causes {
			if cause.Act.By != "tester" || cause.Act.At.IsZero() {
				t.Errorf("an act without who or when: %+v", cause.Act)
			}
		}
	}
	for cell := range maps.Keys(is) {
		if was[cell] != is[cell] && !told[cell] {
			t.Errorf("as of %s %+v went %d → %d and is not told of", on, cell, was[cell], is[cell])
		}
	}
	for cell := range was {
		if _, ok := is[cell]; !ok && !told[cell] {
			t.Errorf("%+v was %d, is gone and is not told of", cell, was[cell])
		}
	}
	w.listAgrees(t, note, q, frozen)
	if len(note.Changes) == 0 {
		t.Error("nothing changed: the test tests nothing")
	}
}

// listAgrees holds the entries of the note against the lists of then and of now.
func (w *world) listAgrees(t *testing.T, note report.Difference, q report.Query, frozen report.Frozen) {
	t.Helper()
	again, err := w.Reports.Freeze(t.Context(), w.System(), q)
	if err != nil { // wild acts may break an identity: then there is no list of now
		return
	}
	now, err := w.Reports.Snapshot(t.Context(), w.System(), again.ID)
	w.Must(err)
	then, list := listOf(t, frozen), listOf(t, now)
	changed := map[string]bool{}
	for _, id := range slices.Concat(slices.Collect(maps.Keys(then)), slices.Collect(maps.Keys(list))) {
		if then[id] != list[id] {
			changed[id] = true
		}
	}
	told := map[string]bool{}
	for _, e := range note.Entries {
		told[e.Entry] = len(e.Columns) > 0
	}
	for id := range changed {
		if !told[id] {
			t.Errorf("entry %s: %s → %s is not told of", id, then[id], list[id])
		}
	}
	for id := range told {
		if told[id] && !changed[id] {
			t.Errorf("entry %s is told of and has not changed", id)
		}
	}
}

func listOf(t *testing.T, f report.Frozen) map[string]string {
	t.Helper()
	all, err := f.Entries()
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]string{}
	for _, e := range all {
		list[e.Entry] = fmt.Sprint(e.Unit, e.Kind, e.Field, e.Origin, e.Counted)
	}
	return list
}

// period is the one in which the next act of a random register counts.
func (w *world) period() int {
	if w.before == 0 {
		return 1
	}
	return w.before + w.rnd.IntN(2)
}

// follow launches a movement after the first one: its reports compare with it.
func (w *world) follow() {
	w.t.Helper()
	first, err := w.Movements.Get(w.t.Context(), w.System(), "M-2024")
	w.Must(err)
	_, err = w.Movements.Launch(w.t.Context(), w.System(), movement.Input{
		Code: "M-NEXT", Name: "Phong trào sau", Level: "district", Unit: "D", StandingBody: "D.B", LaunchedOn: apptest.Day("2024-01-02"), Follows: "M-2024",
		Period: movement.PeriodInput{Name: "Năm 2024 bis", From: apptest.Day("2024-01-01"), To: apptest.Day("2024-12-31")},
	})
	w.Must(err)
	w.before = first.Periods[0].No
	next, err := w.Movements.Get(w.t.Context(), w.System(), "M-NEXT")
	w.Must(err)
	if next.Periods[0].No != w.before+1 {
		w.t.Fatalf("the periods are %d and %d", w.before, next.Periods[0].No)
	}
}

// plain reads every number of a report out of its JSON: the test's own way.
func plain(t *testing.T, r report.Report) map[report.Cell]int {
	t.Helper()
	all := map[report.Cell]int{}
	put := func(table, row, column string, n int) {
		if n != 0 {
			all[report.Cell{Table: table, Row: row, Column: column}] = n
		}
	}
	raw, err := json.Marshal(r.Figures)
	if err != nil {
		t.Fatal(err)
	}
	var figures map[string]map[string]int
	if err := json.Unmarshal(raw, &figures); err != nil {
		t.Fatal(err)
	}
	for name, columns := range figures {
		for column, n := range columns {
			put("figures", name, column, n)
		}
	}
	key := map[string]func(report.Row) string{
		"byUnit": func(r report.Row) string { return r.Text("unit") }, "byField": func(r report.Row) string { return r.Text("field") },
		"awards": func(r report.Row) string {
			return r.Text("unit") + "|" + r.Text("kind") + "|" + r.Text("form") + "|" + r.Text("level")
		},
		"replication": func(r report.Row) string { return r.Text("source") + r.Text("title") },
		"comparison":  func(r report.Row) string { return r.Text("figure") },
	}
	seen := map[string]bool{}
	for _, table := range append(slices.Clone(r.Tables), r.ByField()) {
		if key[table.ID] == nil || seen[table.ID] {
			continue
		}
		seen[table.ID] = true
		for _, row := range table.Rows {
			for column := range row {
				put(table.ID, key[table.ID](row), column, row.Int(column))
			}
		}
		for column, n := range table.Totals {
			put(table.ID, "", column, n)
		}
	}
	return all
}
