package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// TestAVoidAppliesWhateverItsOrder gives the same acts in every order of their
// identities: a void that sorts before its target still voids it, and a void of a void
// still gives it back.
func TestAVoidAppliesWhateverItsOrder(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 1))
	for range 200 {
		names := rnd.Perm(5)
		id := func(i int) string { return fmt.Sprintf("id-%d", names[i]) }
		attr := &ledger.Attr{Unit: "u", Path: "0001", Kind: ledger.Collective, Field: ledger.Economy, Origin: ledger.OriginNew}
		acts := []ledger.Act{
			{ID: id(0), Kind: ledger.Registered, Entry: "e", On: first, Attr: attr},
			{ID: id(1), Kind: ledger.Received, Entry: "e", On: first + 1},
			{ID: id(2), Kind: ledger.Voided, Entry: "e", On: first + 1, Target: id(1)},
		}
		rnd.Shuffle(len(acts), func(i, j int) { acts[i], acts[j] = acts[j], acts[i] })
		if st := ledger.StandingOf(acts); st.Has(ledger.FigureReceived, last) || len(st.Living()) != 1 {
			t.Fatalf("a voided reception counts: %+v", acts)
		}
		acts = append(acts, ledger.Act{ID: id(3), Kind: ledger.Voided, Entry: "e", On: first + 1, Target: id(2)})
		if st := ledger.StandingOf(acts); !st.Has(ledger.FigureReceived, last) || len(st.Living()) != 2 {
			t.Fatalf("a reception whose void was voided does not count: %+v", acts)
		}
	}
}

// TestTheClockOfAProcessDoesNotOrderADay lets a second process, whose identities all
// sort before those of the first, write acts of the same day.
func TestTheClockOfAProcessDoesNotOrderADay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 5)
		w.append(ledger.Act{Kind: ledger.Registered, Period: 1, Entry: "e", On: first, Attr: w.attr("s"), Label: &ledger.Label{Code: "C", Title: "t"}})
		w.append(ledger.Act{Kind: ledger.Received, Period: 1, Entry: "e", On: first + 1})
		behind := 0
		w.book = ledger.New(d, last.Midnight, func() string { behind++; return fmt.Sprintf("a-%08d", behind) })
		w.append(ledger.Act{Kind: ledger.StruckOff, Period: 1, Entry: "e", On: first + 1, Reason: "r"})
		w.append(
			ledger.Act{Kind: ledger.Received, Period: 1, Entry: "e", On: first + 1},
			ledger.Act{Kind: ledger.Suspended, Period: 1, Entry: "e", On: first + 1},
			ledger.Act{Kind: ledger.Resumed, Period: 1, Entry: "e", On: first + 1},
		)
		standing := func() ledger.Standing {
			all, err := ledger.Standings(t.Context(), d, []string{"e"})
			w.must(err)
			return all["e"]
		}
		if st := standing(); st.Status() != ledger.StatusReceived {
			t.Fatalf("the acts of the day are out of order: %s", st.Status())
		}
		w.append(ledger.Act{Kind: ledger.Voided, Target: w.acts[len(w.acts)-3].ID, Reason: "r"})
		if st := standing(); st.Has(ledger.FigureReceived, last) {
			t.Error("a void of a process whose clock is behind does not apply")
		}
		if stale, err := ledger.Stale(t.Context(), d); err != nil || len(stale) > 0 {
			t.Errorf("stale: %v, %v", stale, err)
		}
	})
}
