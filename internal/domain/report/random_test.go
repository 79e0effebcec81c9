package report_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// world is a small house with a random register: the acts are written into the book without
// the rules of the rooms above, so that anything may follow anything.
type world struct {
	apptest.Small
	t        *testing.T
	d        *db.DB
	rnd      *rand.Rand
	units    []org.Unit
	decision string
	entries  []string
	periods  map[string]int // of entries
	subjects []string
	acts     []ledger.Act
	before   int // number of the period before, or 0
	count    int
}

func newWorld(t *testing.T, d *db.DB, seed uint64) *world {
	t.Helper()
	w := &world{Small: apptest.NewSmall(t, d), t: t, d: d, rnd: rand.New(rand.NewPCG(seed, 11)), periods: map[string]int{}}
	tree, err := w.Org.Current(t.Context())
	w.Must(err)
	for _, code := range []string{"D", "D.B", "W1", "W2", "W1.G", "W2.G"} {
		u, _ := tree.ByCode(code)
		w.units = append(w.units, u)
	}
	w.decision = w.Decide("1/QĐ", "2024-01-05").ID
	return w
}

func (w *world) day() clock.Date { return apptest.Day("2024-01-01") + clock.Date(w.rnd.IntN(300)) }

func pick[T any](w *world, from []T) T { return from[w.rnd.IntN(len(from))] }

func (w *world) attr(subject string) *ledger.Attr {
	tree, err := w.Org.Current(w.t.Context())
	w.Must(err)
	u := pick(w, w.units)
	return &ledger.Attr{
		Unit: u.ID, Path: tree.PathOn(u.ID, apptest.Day("2024-06-01")), Kind: pick(w, ledger.SubjectKinds()), Field: pick(w, ledger.Fields()),
		Origin: pick(w, ledger.Origins()), Subject: subject,
	}
}

func (w *world) id(stem string) string {
	w.count++
	return fmt.Sprintf("%s-%d", stem, w.count)
}

// record writes an act; one that the book refuses is left out.
func (w *world) record(a ledger.Act) {
	w.t.Helper()
	a.By, a.Reason = "tester", "lý do"
	w.Must(w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		made, err := w.Book.Append(w.t.Context(), tx, a)
		if err == nil {
			w.acts = append(w.acts, made)
		}
		if err == nil && made.Kind == ledger.Adopted {
			_, err = db.Exec(w.t.Context(), tx, `INSERT INTO replication_link (id, practice_id, source_entry_id, source_text, source_place, adopting_unit_id,
				adopting_entry_id, mode, period_no, started_on, note, recorded_at) VALUES ($1, NULL, NULL, $2, '', $3, NULL, 'exact', $4, $5, '', $6)`,
				a.Item, "Nguồn "+a.Entry, a.Attr.Unit, a.Period, db.Date(a.On), db.Time(made.At))
		}
		return err
	}))
}

// sound is a random act that keeps received within registered, and so on, on every day: the
// identities of its register hold whatever the day.
func (w *world) sound(period int) {
	w.t.Helper()
	switch n := w.rnd.IntN(12); {
	case n < 4 || len(w.entries) == 0:
		w.enter(period)
	case n < 6:
		s := w.id("s")
		w.subjects = append(w.subjects, s)
		w.record(ledger.Act{Kind: ledger.Found, Period: period, Subject: s, On: w.day(), Attr: w.attr(s), Label: &ledger.Label{Title: "Tập thể " + s}})
	case n < 8 && len(w.subjects) > 0:
		s := pick(w, w.subjects)
		kind := pick(w, []ledger.Kind{ledger.Praised, ledger.Awarded})
		w.record(ledger.Act{
			Kind: kind, Period: period, Subject: s, Item: w.id("i"), On: w.day(), Attr: w.attr(s), Decision: w.decision, Form: "giayKhen", Level: pick(w, org.Levels()),
		})
	case n < 9:
		w.record(ledger.Act{Kind: ledger.Adopted, Period: period, Entry: pick(w, w.entries), Item: w.id("i"), On: w.day(), Attr: w.attr(w.id("s"))})
	case n < 10:
		e := pick(w, w.entries)
		w.record(ledger.Act{Kind: ledger.Reclassified, Period: w.periods[e], Entry: e, On: w.day(), Attr: w.attr("")})
	default:
		kind := pick(w, []ledger.Kind{ledger.Suspended, ledger.Resumed, ledger.Ended, ledger.Started})
		e := pick(w, w.entries)
		w.record(ledger.Act{Kind: kind, Period: w.periods[e], Entry: e, On: w.day()})
	}
}

// enter registers an entry and takes it some of the way, later steps on later days.
func (w *world) enter(period int) {
	w.t.Helper()
	e, day := w.id("e"), w.day()
	w.entries, w.periods[e] = append(w.entries, e), period
	owner := w.id("s")
	if len(w.subjects) > 0 && w.rnd.IntN(3) == 0 {
		owner = pick(w, w.subjects)
	}
	w.record(ledger.Act{Kind: ledger.Registered, Period: period, Entry: e, On: day, Attr: w.attr(owner), Label: &ledger.Label{Code: "M-" + e, Title: "Mô hình " + e}})
	steps := []ledger.Act{
		{Kind: ledger.Received}, {Kind: ledger.Recognised, Decision: w.decision, Level: pick(w, org.Levels())}, {Kind: ledger.Typical, Decision: w.decision},
	}
	for _, step := range steps[:w.rnd.IntN(4)] {
		day += clock.Date(w.rnd.IntN(20))
		step.Period, step.Entry, step.On = period, e, day
		w.record(step)
	}
}

// wild is any act, also one that takes back or voids another.
func (w *world) wild(period int) {
	w.t.Helper()
	if w.rnd.IntN(2) == 0 || len(w.acts) == 0 {
		w.sound(period)
		return
	}
	target := pick(w, w.acts)
	act := ledger.Act{Kind: ledger.Voided, Target: target.ID, On: target.On}
	if by := target.Kind == ledger.Recognised || target.Kind == ledger.Typical || target.Kind == ledger.Awarded; by && w.rnd.IntN(2) == 0 {
		act.Kind, act.On = ledger.Revoked, target.On+clock.Date(w.rnd.IntN(60))
	}
	if w.rnd.IntN(4) == 0 && len(w.entries) > 0 {
		e := pick(w, w.entries)
		act = ledger.Act{Kind: pick(w, []ledger.Kind{ledger.Withdrawn, ledger.StruckOff, ledger.Described}), Period: w.periods[e], Entry: e, On: w.day()}
		if act.Kind == ledger.Described {
			act.Attr = w.attr(w.id("s"))
		}
	}
	w.record(act)
}
