package conference_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice/person"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// wrapUp is the wrap-up of the sample.
func wrapUp(t *testing.T, h *app.House) conference.Conference {
	t.Helper()
	all, _, err := h.Conferences.List(t.Context(), h.System(), conference.Query{Movement: "HK-2024", Limit: 1})
	if err != nil || len(all) == 0 {
		t.Fatalf("there is no conference: %v", err)
	}
	return all[0]
}

// TestTheCallOrderOfTheSample holds who is called against the decision: all of them once,
// collectives first, and each group in the order of an index.
func TestTheCallOrderOfTheSample(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		order, err := h.Conferences.CallOrder(t.Context(), h.System(), wrapUp(t, h).ID)
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[ledger.SubjectKind]int{}
		seen := map[string]bool{}
		pictures := 0
		individual := map[string]bool{}
		for _, one := range order.Called() {
			kinds[one.Kind]++
			if one.Name == "" || one.Unit == "" || len(one.Gets) == 0 || len(one.Citation) == 0 || one.Number == "" {
				t.Errorf("something is missing: %+v", one)
			}
			if seen[one.Key] {
				t.Errorf("%s is called twice", one.Name)
			}
			seen[one.Key] = true
			individual[one.Decision] = individual[one.Decision] || one.Kind == ledger.Individual
			if one.Kind == ledger.Collective && individual[one.Decision] {
				t.Errorf("%s is called behind an individual", one.Name)
			}
			if one.Photo != nil {
				pictures++
			}
		}
		if order.ByHand || pictures != 1 {
			t.Errorf("by hand: %v, pictures: %d", order.ByHand, pictures)
		}
		if kinds[ledger.Collective] < 21 || kinds[ledger.Individual] < 9 {
			t.Errorf("called are %v", kinds)
		}
	})
}

func TestTheOrderIsChangedByHandAndUndone(t *testing.T) {
	h := apptest.Sample(t, db.SQLite)
	ctx, who, id := t.Context(), h.System(), wrapUp(t, h).ID
	read := func() conference.CallOrder {
		t.Helper()
		o, err := h.Conferences.CallOrder(ctx, who, id)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	rule := read()
	keys := keysOf(rule)
	turned := slices.Clone(keys)
	slices.Reverse(turned)
	must(t, h.Conferences.SetCallOrder(ctx, who, id, 0, turned))
	if o := read(); !o.ByHand || o.Version != 1 || !slices.Equal(keysOf(o), turned) {
		t.Errorf("turned round: %v", keysOf(o))
	}
	if err := h.Conferences.SetCallOrder(ctx, who, id, 0, keys); !errs.Is(err, errs.Conflict) {
		t.Errorf("over an older version: %v", err)
	}
	// Of whom nothing is said stands behind who is before them by rule; who is not honoured is left out.
	must(t, h.Conferences.SetCallOrder(ctx, who, id, 1, []string{"nobody", keys[2], keys[0]}))
	if got := keysOf(read()); !slices.Equal(got[:3], []string{keys[2], keys[3], keys[4]}) || len(got) != len(keys) {
		t.Errorf("with two named: %v of %v", got[:4], keys[:4])
	}
	must(t, h.Conferences.UndoCallOrder(ctx, who, id, 2))
	if got := keysOf(read()); !slices.Equal(got, turned) {
		t.Error("undone, it is not as it was before")
	}
	if err := h.Conferences.UndoCallOrder(ctx, who, id, 2); !errs.Is(err, errs.Conflict) {
		t.Errorf("the same undoing pressed twice: %v", err)
	}
	must(t, h.Conferences.SetCallOrder(ctx, who, id, 3, keys))
	if err := h.Conferences.SetCallOrder(ctx, who, id, 2, turned); !errs.Is(err, errs.Conflict) {
		t.Errorf("a form of before the undoing: %v", err)
	}
	must(t, h.Conferences.UndoCallOrder(ctx, who, id, 4))
	if o := read(); o.Version != 5 || !slices.Equal(keysOf(o), turned) {
		t.Errorf("undone after a change: %d", o.Version)
	}
	must(t, h.Conferences.UndoCallOrder(ctx, who, id, 5))
	if o := read(); o.ByHand || o.Version != 6 || !slices.Equal(keysOf(o), keys) {
		t.Error("undone to the end, it does not follow the rule")
	}
	if err := h.Conferences.UndoCallOrder(ctx, who, id, 6); !errs.Is(err, errs.Conflict) {
		t.Errorf("nothing is left to undo: %v", err)
	}
}

func keysOf(o conference.CallOrder) []string {
	keys := make([]string, len(o.All))
	for i, one := range o.All {
		keys[i] = one.Key
	}
	return keys
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhoDoesNotAgreeIsShownWithoutAPhoto(t *testing.T) {
	h := apptest.Sample(t, db.SQLite)
	ctx, who, id := t.Context(), h.System(), wrapUp(t, h).ID
	order, err := h.Conferences.CallOrder(ctx, who, id)
	must(t, err)
	i := slices.IndexFunc(order.All, func(x conference.Honoured) bool { return x.Photo != nil })
	if i < 0 {
		t.Fatal("nobody is shown")
	}
	consents, err := h.Privacy.Consents(ctx, who, order.All[i].Exemplar)
	must(t, err)
	for _, c := range consents {
		if c.Holds() {
			_, err := h.Privacy.TakeBack(ctx, who, c.ID, "Không muốn lên màn hình.")
			must(t, err)
		}
	}
	order, err = h.Conferences.CallOrder(ctx, who, id)
	must(t, err)
	if order.All[i].Photo != nil {
		t.Error("who took the consent back is still shown")
	}
}

// TestWhoWasMadeAnonymousIsNotCalled, neither a person, whose whole name goes, nor a
// collective that bears the name of one.
func TestWhoWasMadeAnonymousIsNotCalled(t *testing.T) {
	h := apptest.Sample(t, db.SQLite)
	ctx, who, id := t.Context(), h.System(), wrapUp(t, h).ID
	order, err := h.Conferences.CallOrder(ctx, who, id)
	must(t, err)
	forgotten := map[string]bool{}
	for _, kind := range []ledger.SubjectKind{ledger.Individual, ledger.Collective} {
		i := slices.IndexFunc(order.All, func(x conference.Honoured) bool { return x.Kind == kind })
		must(t, h.DB.Write(ctx, func(tx *db.Tx) error {
			blot := func(text string) string { return strings.ReplaceAll(text, order.All[i].Name, viet.Blot) }
			return person.Forgetting{Blot: blot, Book: h.Book, By: who.Account}.Exemplar(ctx, tx, order.All[i].Exemplar)
		}))
		forgotten[order.All[i].Exemplar] = true
	}
	after, err := h.Conferences.CallOrder(ctx, who, id)
	must(t, err)
	if len(after.All) != len(order.All) {
		t.Errorf("of %d honoured %d are left", len(order.All), len(after.All))
	}
	for _, one := range after.All {
		if one.Anonymous() != forgotten[one.Exemplar] || one.Anonymous() && one.Photo != nil {
			t.Errorf("%s is called %q", one.Exemplar, one.Name)
		}
	}
	if slices.ContainsFunc(after.Called(), func(x conference.Honoured) bool { return forgotten[x.Exemplar] }) {
		t.Error("somebody is called who was made anonymous")
	}
}

func TestSeatsByRule(t *testing.T) {
	parties := []conference.Party{{Invitation: "a", People: 3}, {Invitation: "b", People: 6}, {Invitation: "c", People: 9}, {Invitation: "d", People: 1}}
	plan := conference.SeatByRule(conference.Hall{Rows: 3, Blocks: 2, Seats: 8}, parties)
	var got []string
	for _, s := range plan.Seated {
		got = append(got, fmt.Sprintf("%s %s%d+%d", s.Invitation, conference.RowName(s.Row), s.From, s.Seats))
	}
	if want := "a A1+3, b A9+6, c B1+8, c B9+1, d B10+1"; strings.Join(got, ", ") != want {
		t.Errorf("seated: %s, want %s", strings.Join(got, ", "), want)
	}
	if small := conference.SeatByRule(conference.Hall{Rows: 1, Blocks: 1, Seats: 4}, parties); len(small.Seated) != 1 {
		t.Errorf("a hall of four seats: %v", small.Seated)
	}
	for row, want := range map[int]string{1: "A", 26: "Z", 27: "AA", 80: "CB"} {
		if got := conference.RowName(row); got != want {
			t.Errorf("row %d is signed %s, want %s", row, got, want)
		}
	}
}

// TestEverybodyHasASeat looks at the seating of the sample, and at what is said of one that
// was made by hand badly.
func TestEverybodyHasASeat(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		ctx, who, id := t.Context(), h.System(), wrapUp(t, h).ID
		plan, err := h.Conferences.Seating(ctx, who, id)
		must(t, err)
		if len(plan.Parties) < 3 || len(plan.Conflicts) > 0 || plan.ByHand {
			t.Fatalf("by rule: %d parties, %v", len(plan.Parties), plan.Conflicts)
		}
		first, second := plan.Parties[0], plan.Parties[1]
		bad := conference.Seating{Hall: plan.Hall, Seated: []conference.Seated{
			{Invitation: first.Invitation, Row: 1, From: 1, Seats: first.People},
			{Invitation: second.Invitation, Row: 1, From: 1, Seats: second.People + 1},
			{Invitation: "gone", Row: 2, From: 3, Seats: 1},
			{Invitation: second.Invitation, Row: 80, From: 1, Seats: 1},
		}}
		must(t, h.Conferences.SetSeating(ctx, who, id, 0, bad))
		plan, err = h.Conferences.Seating(ctx, who, id)
		must(t, err)
		found := map[conference.SeatFault]int{}
		for _, c := range plan.Conflicts {
			found[c.Kind]++
			if c.Kind.Label() == 0 {
				t.Errorf("%s has no words", c.Kind)
			}
		}
		if found[conference.SeatTwice] != 1 || found[conference.SeatGone] != 1 || found[conference.SeatOutside] != 1 || found[conference.SeatTooMany] != 1 ||
			found[conference.SeatMissing] != len(plan.Parties)-2 {
			t.Errorf("what is wrong: %v", found)
		}
		bad.Hall.Rows = 0
		if err := h.Conferences.SetSeating(ctx, who, id, 1, bad); !errs.Is(err, errs.Invalid) {
			t.Errorf("a hall without rows: %v", err)
		}
		must(t, h.Conferences.UndoSeating(ctx, who, id, 1))
		plan, err = h.Conferences.Seating(ctx, who, id)
		must(t, err)
		if plan.ByHand || plan.Version != 2 || len(plan.Conflicts) > 0 {
			t.Errorf("undone: version %d, %v", plan.Version, plan.Conflicts)
		}
		if err := h.Conferences.UndoSeating(ctx, who, id, 2); !errs.Is(err, errs.Conflict) {
			t.Errorf("nothing is left to undo: %v", err)
		}
	})
}
