package ledger_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// The period of the random histories.
var (
	first = clock.MustDate("2024-01-01")
	last  = clock.MustDate("2024-02-20")
)

// world is a book with a small tree of units and what was written into it.
type world struct {
	t     *testing.T
	db    *db.DB
	book  *ledger.Book
	tree  *org.Tree
	rnd   *rand.Rand
	units []string
	acts  []ledger.Act // as the book took them
	ids   int
}

func newWorld(t *testing.T, d *db.DB, seed uint64) *world {
	t.Helper()
	w := &world{t: t, db: d, rnd: rand.New(rand.NewPCG(seed, 7))}
	now := func() time.Time { return last.Midnight() }
	w.book = ledger.New(d, now, w.id)
	units := org.New(d, audit.New(now), w.id)
	root := actor.Actor{Account: "a", Rights: []actor.Right{org.RightRead, org.RightManage}, Scope: actor.Scope{All: true}}
	var made []org.Unit
	for i := range 13 {
		in := org.Input{Code: fmt.Sprintf("U%d", i), Name: fmt.Sprintf("Đơn vị %d", i), Kind: "other", From: first - 1000}
		if i > 0 {
			in.Parents = []org.ParentInput{{Unit: made[(i-1)/3].ID, Tree: org.State, Counts: true}}
		}
		u, err := units.Create(t.Context(), root, in)
		w.must(err)
		made = append(made, u)
		w.units = append(w.units, u.ID)
	}
	tree, err := units.Tree(t.Context(), d)
	w.must(err)
	w.tree = tree
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) id() string {
	w.ids++
	return fmt.Sprintf("id-%08d", w.ids)
}

func (w *world) day() clock.Date {
	return first + clock.Date(w.rnd.IntN(int(last-first)+1))
}

func (w *world) attr(subject string) *ledger.Attr {
	unit := w.units[w.rnd.IntN(len(w.units))]
	return &ledger.Attr{
		Unit: unit, Path: w.tree.PathOn(unit, last), Kind: ledger.SubjectKind(1 + w.rnd.IntN(3)),
		Field: ledger.Field(1 + w.rnd.IntN(4)), Origin: ledger.Origin(1 + w.rnd.IntN(4)), Subject: subject,
	}
}

func (w *world) append(acts ...ledger.Act) {
	w.t.Helper()
	w.must(w.db.Write(w.t.Context(), func(tx *db.Tx) error {
		added, err := w.book.AppendAll(w.t.Context(), tx, acts)
		w.acts = append(w.acts, added...)
		return err
	}))
}

// history writes a random life of entries and subjects: late records, voids, voids of
// voids, revocations before, on and after the day, reclassifications.
func (w *world) history(entries, steps int) {
	w.t.Helper()
	var d ledger.Decision
	w.must(w.db.Write(w.t.Context(), func(tx *db.Tx) (err error) {
		d, err = w.book.Decide(w.t.Context(), tx, ledger.Decision{
			Paper: ledger.PaperDecision, Number: "1/QĐ", Authority: w.units[0],
			Path: w.tree.PathOn(w.units[0], last), SignedOn: first, Title: "t",
		})
		return err
	}))
	for i := range entries {
		w.append(ledger.Act{
			Kind: ledger.Registered, Period: 1, Entry: fmt.Sprintf("e%d", i), On: w.day(),
			Attr:  w.attr(fmt.Sprintf("s%d", w.rnd.IntN(entries*2/3+1))),
			Label: &ledger.Label{Code: fmt.Sprintf("C%d", i), Title: fmt.Sprintf("Mô hình %d", w.rnd.IntN(20))},
		})
	}
	for range steps {
		w.append(w.step(entries, d.ID))
	}
}

func (w *world) step(entries int, decision string) ledger.Act {
	entry := fmt.Sprintf("e%d", w.rnd.IntN(entries))
	subject := fmt.Sprintf("s%d", w.rnd.IntN(entries*2/3+1))
	act := ledger.Act{Period: 1, On: w.day(), Reason: "lý do", Decision: decision}
	levels := org.Levels()
	switch n := w.rnd.IntN(20); {
	case n < 9:
		kinds := []ledger.Kind{
			ledger.Received, ledger.Withdrawn, ledger.StruckOff, ledger.Refused, ledger.Started, ledger.Suspended,
			ledger.Resumed, ledger.Ended, ledger.Returned, ledger.Resubmitted, ledger.Registered,
		}
		act.Kind, act.Entry = kinds[w.rnd.IntN(len(kinds))], entry
	case n < 11:
		act.Kind, act.Entry, act.Level = ledger.Recognised, entry, levels[w.rnd.IntN(len(levels))]
	case n < 12:
		act.Kind, act.Entry = ledger.Typical, entry
	case n < 13:
		act.Kind, act.Entry, act.Attr = ledger.Reclassified, entry, w.attr("")
	case n < 14:
		act.Kind, act.Subject, act.Attr = ledger.Found, subject, w.attr(subject)
		act.Label = &ledger.Label{Title: "Tập thể " + subject}
	case n < 15:
		act.Kind, act.Subject, act.Item, act.Attr = ledger.Awarded, subject, w.id(), w.attr(subject)
		act.Form, act.Level = "giayKhen", org.Commune
	case n < 16:
		act.Kind, act.Entry, act.Item, act.Attr = ledger.Adopted, entry, w.id(), w.attr(subject)
	case n < 18:
		target := w.acts[w.rnd.IntN(len(w.acts))]
		act.Kind, act.Target = ledger.Voided, target.ID
	default:
		act = w.revocation(act)
	}
	return act
}

// revocation takes back one of the acts by decision; a void where there is none yet.
func (w *world) revocation(act ledger.Act) ledger.Act {
	var decided []ledger.Act
	for _, a := range w.acts {
		if a.Kind == ledger.Recognised || a.Kind == ledger.Typical || a.Kind == ledger.Awarded {
			decided = append(decided, a)
		}
	}
	if len(decided) == 0 {
		act.Kind, act.Target = ledger.Voided, w.acts[len(w.acts)-1].ID
		return act
	}
	target := decided[w.rnd.IntN(len(decided))]
	act.Kind, act.Target = ledger.Revoked, target.ID
	act.On = target.On + clock.Date(w.rnd.IntN(12))
	return act
}

// oracle is the slow, obvious computation: it walks the bare acts for one day.
type oracle struct {
	valid []ledger.Act
	tree  *org.Tree
}

func newOracle(w *world) oracle {
	void := map[string]bool{}
	for _, v := range slices.Backward(w.acts) {
		if a := v; a.Kind == ledger.Voided && !void[a.ID] {
			void[a.Target] = true
		}
	}
	o := oracle{tree: w.tree}
	for _, a := range w.acts {
		if a.Kind != ledger.Voided && !void[a.ID] {
			o.valid = append(o.valid, a)
		}
	}
	slices.SortStableFunc(o.valid, func(a, b ledger.Act) int {
		if a.On != b.On {
			return int(a.On - b.On)
		}
		return strings.Compare(a.ID, b.ID)
	})
	return o
}

// until gives the valid acts of some kinds about one thing, up to the day.
func (o oracle) until(d clock.Date, about func(ledger.Act) bool, kinds ...ledger.Kind) []ledger.Act {
	var all []ledger.Act
	for _, a := range o.valid {
		if a.On <= d && about(a) && slices.Contains(kinds, a.Kind) {
			all = append(all, a)
		}
	}
	return all
}

func lastIs(acts []ledger.Act, k ledger.Kind) bool {
	return len(acts) > 0 && acts[len(acts)-1].Kind == k
}

// inForce tells whether an act by decision stands on the day.
func (o oracle) inForce(d clock.Date, about func(ledger.Act) bool, kind ledger.Kind) bool {
	return slices.ContainsFunc(o.until(d, about, kind), func(a ledger.Act) bool {
		return !slices.ContainsFunc(o.valid, func(r ledger.Act) bool {
			return r.Kind == ledger.Revoked && r.Target == a.ID && r.On <= d
		})
	})
}

func (o oracle) entryHas(entry string, f ledger.Figure, d clock.Date) bool {
	of := func(a ledger.Act) bool { return a.Entry == entry }
	switch f {
	case ledger.FigureRegistered:
		return lastIs(o.until(d, of, ledger.Registered, ledger.Withdrawn), ledger.Registered)
	case ledger.FigureReceived:
		return lastIs(o.until(d, of, ledger.Received, ledger.StruckOff), ledger.Received)
	case ledger.FigureCarriedOut:
		return len(o.until(d, of, ledger.Started)) > 0
	case ledger.FigureRecognised:
		return o.inForce(d, of, ledger.Recognised)
	case ledger.FigureTypical:
		return o.inForce(d, of, ledger.Typical)
	case ledger.FigureReplicated:
		return len(o.until(d, of, ledger.Adopted)) > 0
	}
	panic(f)
}

func (o oracle) subjectHas(subject string, f ledger.Figure, d clock.Date) bool {
	of := func(a ledger.Act) bool { return a.Subject == subject }
	if f == ledger.FigureFound {
		return lastIs(o.until(d, of, ledger.Found, ledger.StruckOff), ledger.Found)
	}
	return o.inForce(d, of, ledger.Awarded)
}

// attrOf gives the attributes of an entry or a subject on the day; nil where it has none.
func (o oracle) attrOf(d clock.Date, about func(ledger.Act) bool) *ledger.Attr {
	var base *ledger.Act
	own := func(a ledger.Act) bool { return a.Kind != ledger.Awarded && a.Kind != ledger.Praised }
	for _, a := range o.valid {
		if !about(a) || a.Attr == nil || a.Kind == ledger.Reclassified || a.Kind == ledger.Adopted {
			continue
		}
		if base == nil || (own(a) && !own(*base)) || (own(a) == own(*base) && a.ID > base.ID) {
			base = &a
		}
	}
	if base == nil {
		return nil
	}
	attr := *base.Attr
	for _, a := range o.until(d, about, ledger.Reclassified) {
		subject := attr.Subject
		attr = *a.Attr
		attr.Subject = subject
	}
	return &attr
}

// members lists what a figure counts on the day: the key of each, with its attributes.
func (o oracle) members(f ledger.Definition, d clock.Date) map[string]ledger.Attr {
	found := map[string]ledger.Attr{}
	for _, a := range o.valid {
		switch {
		case f.Counted == ledger.OfEntries && a.Entry != "":
			about := func(x ledger.Act) bool { return x.Entry == a.Entry }
			if attr := o.attrOf(d, about); attr != nil && o.entryHas(a.Entry, f.Figure, d) {
				found[a.Entry] = *attr
			}
		case f.Counted == ledger.OfSubjects && a.Subject != "" && f.Figure != ledger.FigurePraised:
			about := func(x ledger.Act) bool { return x.Subject == a.Subject }
			if attr := o.attrOf(d, about); attr != nil && o.subjectHas(a.Subject, f.Figure, d) {
				found[a.Subject] = *attr
			}
		case f.Counted == ledger.OfLinks && a.Kind == ledger.Adopted && a.On <= d:
			found[a.Item] = *a.Attr
		}
	}
	return found
}

// TestFiguresAgainstBareActs holds the fast figures, and the lists behind them, against
// the oracle for every day of a period of random histories.
func TestFiguresAgainstBareActs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 20240930)
		w.history(24, 260)
		o := newOracle(w)
		area := ledger.Area{Scope: actor.Scope{All: true}}
		below := ledger.Area{Scope: actor.Scope{Paths: []string{w.tree.PathOn(w.units[1], last)}}}
		for day := first - 1; day <= last+1; day++ {
			for _, a := range []ledger.Area{area, below} {
				compareFigures(t, w, o, a, day)
				compareBreaches(t, w, o, a, day)
			}
		}
	})
}

// compareBreaches holds the sums alone against the sums of the cells, and the entries
// that break a nesting against what the acts say of each.
func compareBreaches(t *testing.T, w *world, o oracle, area ledger.Area, day clock.Date) {
	t.Helper()
	ask := ledger.Question{Period: 1, On: day, Area: area, Depth: 2}
	cube, err := ledger.Figures(t.Context(), w.db, ask)
	w.must(err)
	totals, err := ledger.Totals(t.Context(), w.db, ask)
	w.must(err)
	if diff := cmp.Diff(cube.Total(nil), totals); diff != "" {
		t.Fatalf("sums as of %s (-cells +alone):\n%s", day, diff)
	}
	var want, got []string
	for _, name := range ledger.Nestings() {
		inner, outer, _ := strings.Cut(name, "Within")
		of := func(figure string) map[string]ledger.Attr {
			def, ok := ledger.Define(ledger.Figure(strings.ToLower(figure[:1]) + figure[1:]))
			if !ok {
				t.Fatalf("%s is no figure", figure)
			}
			return o.members(def, day)
		}
		for key, attr := range of(inner) {
			if _, within := of(outer)[key]; !within && area.Covers(attr.Path) {
				want = append(want, name+" "+key)
			}
		}
	}
	breaches, err := cube.Breaches(t.Context(), w.db, ask)
	w.must(err)
	for _, b := range breaches {
		got = append(got, b.Identity+" "+b.Entry)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("breaches as of %s (-acts +facts):\n%s", day, diff)
	}
}

func compareFigures(t *testing.T, w *world, o oracle, area ledger.Area, day clock.Date) {
	t.Helper()
	cube, err := ledger.Figures(t.Context(), w.db, ledger.Question{Period: 1, On: day, Area: area, Depth: 2})
	w.must(err)
	for _, def := range ledger.Definitions() {
		want, subjects, keys := map[ledger.Cell]int{}, map[string]bool{}, []string{}
		for key, attr := range o.members(def, day) {
			if !area.Covers(attr.Path) {
				continue
			}
			cell := ledger.Cell{Path: attr.Path[:min(len(attr.Path), 8)], Kind: attr.Kind, Field: attr.Field}
			if def.Counted == ledger.OfEntries {
				cell.Origin = attr.Origin
			}
			want[cell]++
			subjects[attr.Subject] = true
			keys = append(keys, key)
		}
		got := map[ledger.Cell]int{}
		for cell, counts := range cube.Cells {
			if n := counts.Of(def.Figure); n != 0 {
				got[cell] = n
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s as of %s (-acts +facts):\n%s", def.Figure, day, diff)
		}
		if n := cube.Subjects(def.Figure); n != len(subjects) && def.Counted != ledger.OfLinks {
			t.Fatalf("%s as of %s: %d distinct subjects, the acts say %d", def.Figure, day, n, len(subjects))
		}
		slices.Sort(keys)
		if diff := cmp.Diff(keys, listed(t, w, def, area, day)); diff != "" {
			t.Fatalf("list behind %s as of %s (-acts +list):\n%s", def.Figure, day, diff)
		}
	}
}

// listed walks the list behind a figure in pages of seven, forward.
func listed(t *testing.T, w *world, def ledger.Definition, area ledger.Area, day clock.Date) []string {
	t.Helper()
	keys := []string{}
	f := ledger.Filter{Period: 1, Area: area}
	b := ledger.Behind{Figure: def.Figure, On: day}
	s := ledger.Slice{Sort: ledger.ByName, Limit: 7}
	for {
		var more []string
		var err error
		var total int
		more, s.Cursor, total, err = listPage(t.Context(), w.db, def, f, b, s)
		w.must(err)
		keys = append(keys, more...)
		if s.Cursor == "" {
			if total != len(keys) && def.Counted != ledger.OfLinks {
				t.Fatalf("%s as of %s: %d in the list, which says %d", def.Figure, day, len(keys), total)
			}
			slices.Sort(keys)
			return keys
		}
	}
}

func listPage(ctx context.Context, q db.Querier, def ledger.Definition, f ledger.Filter, b ledger.Behind, s ledger.Slice) (keys []string, next string, total int, err error) {
	switch def.Counted {
	case ledger.OfEntries:
		page, total, err := ledger.EntriesBehind(ctx, q, f, b, s)
		for _, r := range page.Rows {
			keys = append(keys, r.Entry)
		}
		return keys, page.Next, total, err
	case ledger.OfSubjects:
		page, total, err := ledger.SubjectsBehind(ctx, q, f, b, s)
		for _, r := range page.Rows {
			keys = append(keys, r.Subject)
		}
		return keys, page.Next, total, err
	default:
		rows, err := ledger.Items(ctx, q, f, ledger.InForce{Kind: ledger.Adoption, On: b.On}, s)
		for _, r := range rows {
			keys = append(keys, r.Item)
		}
		if len(rows) == s.Limit {
			next = rows[len(rows)-1].Item
		}
		return keys, next, 0, err
	}
}

// TestFactsFollowFromActs folds everything anew after a random history.
func TestFactsFollowFromActs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 77)
		w.history(20, 200)
		stale, err := ledger.Stale(t.Context(), d)
		if err != nil || len(stale) > 0 {
			t.Fatalf("facts that differ from their acts: %v, %v", stale, err)
		}
		w.must(d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `UPDATE ledger_entry_fact SET received_on = 1 WHERE entry_id = (SELECT min(entry_id) FROM ledger_entry_fact)`)
			return err
		}))
		if stale, err = ledger.Stale(t.Context(), d); err != nil || len(stale) != 1 {
			t.Fatalf("a fact that was tampered with: %v, %v", stale, err)
		}
	})
}
