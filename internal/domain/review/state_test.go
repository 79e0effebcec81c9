package review_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// world is a random plan with who sits where, and what has happened so far.
type world struct {
	rnd    *rand.Rand
	plan   review.Plan
	panels [][][]string
	events []review.Event
	state  review.State
	at     time.Time
}

func newWorld(seed uint64) *world {
	w := &world{rnd: rand.New(rand.NewPCG(seed, 7)), at: time.Date(2024, 3, 1, 2, 0, 0, 0, time.UTC)}
	for range 1 + w.rnd.IntN(4) {
		step := review.Step{Name: "bước", Days: w.rnd.IntN(4), Return: w.rnd.IntN(3) > 0, Refuse: w.rnd.IntN(3) > 0, Twice: w.rnd.IntN(4) == 0}
		var panels [][]string
		for range 1 + w.rnd.IntN(3) {
			g := review.Group{At: review.AtOwn, Rule: review.Rules()[w.rnd.IntN(3)]}
			var panel []string
			for range 1 + w.rnd.IntN(4) {
				panel = append(panel, "a"+strconv.Itoa(w.rnd.IntN(8)))
			}
			slices.Sort(panel)
			panel = slices.Compact(panel)
			if g.Rule == review.Some {
				g.Need = 1 + w.rnd.IntN(len(panel))
			}
			step.Groups, panels = append(step.Groups, g), append(panels, panel)
		}
		w.plan.Steps, w.panels = append(w.plan.Steps, step), append(w.panels, panels)
	}
	var skips []int
	if len(w.plan.Steps) > 1 && w.rnd.IntN(3) == 0 {
		skips = append(skips, w.rnd.IntN(len(w.plan.Steps)))
	}
	w.take(review.Event{Kind: review.Started, Detail: review.Detail{Skips: skips}})
	return w
}

// take tries an event, and seats whoever is to vote where a step has opened.
func (w *world) take(e review.Event) bool {
	w.at = w.at.Add(time.Duration(w.rnd.IntN(40)) * time.Hour)
	e.At, e.Seq = w.at, len(w.events)+1
	if len(w.events) == 0 {
		w.state, _ = review.Advance(w.plan, nil)
	}
	next, err := w.state.With(e)
	if err != nil {
		return false
	}
	for _, x := range next.Seats { // nobody's days ever begin earlier than they did
		for _, was := range w.state.Seats {
			if x.Step == was.Step && x.Group == was.Group && x.Account == was.Account && x.Since < was.Since {
				panic("the days of " + x.Account + " begin earlier than before")
			}
		}
	}
	w.state, w.events = next, append(w.events, e)
	if next.Phase == review.PhaseOpen && e.Kind != review.Seated {
		return w.take(review.Event{Kind: review.Seated, Step: next.Step, Detail: review.Detail{Panels: w.panels[next.Step]}})
	}
	if e.Kind == review.Seated && next.Phase == review.PhaseOpen && next.Step != e.Step {
		return w.take(review.Event{Kind: review.Seated, Step: next.Step, Detail: review.Detail{Panels: w.panels[next.Step]}})
	}
	return true
}

// any is a random event, which may well be impossible.
func (w *world) any() review.Event {
	who := "a" + strconv.Itoa(w.rnd.IntN(8))
	e := review.Event{By: who, For: who, Step: w.state.Step, Group: w.rnd.IntN(3)}
	if w.rnd.IntN(6) == 0 { // in the place of another
		e.For = "a" + strconv.Itoa(w.rnd.IntN(8))
	}
	part := "p" + strconv.Itoa(w.rnd.IntN(3))
	switch n := w.rnd.IntN(20); {
	case n < 12:
		e.Kind = review.Approved
	case n < 14:
		e.Kind = review.Refused
	case n < 16:
		e.Kind, e.To, e.Parts = review.Returned, w.rnd.IntN(len(w.plan.Steps)+1)-1, []string{part}
		e.Marks = map[string]string{"p0": "0", "p1": "0", "p2": "0"}
	case n < 18:
		e.Kind, e.Marks = review.Resubmitted, map[string]string{"p0": "0", "p1": "0", "p2": "0", part: strconv.Itoa(w.rnd.IntN(2))}
	case n < 19:
		e.Kind, e.Detail = review.Reassigned, review.Detail{From: who, Into: "b" + strconv.Itoa(w.rnd.IntN(3))}
	default:
		e.Kind, e.Step = review.Approved, w.rnd.IntN(len(w.plan.Steps)+1)
	}
	return e
}

// votes of a list of events.
func votes(events []review.Event) []review.Event {
	return slices.DeleteFunc(slices.Clone(events), func(e review.Event) bool { return !e.Vote() })
}

func TestNothingPassesWithoutTheRulesOfItsGroups(t *testing.T) {
	passed, returned, refused := 0, 0, 0
	for seed := range uint64(3000) {
		w := newWorld(seed)
		for range 120 {
			before := len(votes(w.events))
			e := w.any()
			took := w.take(e)
			if n := len(votes(w.events)); took && e.Vote() && n != before+1 {
				t.Fatalf("seed %d: %d votes after one more than %d", seed, n, before)
			}
		}
		again, err := review.Advance(w.plan, w.events)
		if err != nil || again.Phase != w.state.Phase || again.Step != w.state.Step || again.Round != w.state.Round {
			t.Fatalf("seed %d: the same events lead to %v %d, not to %v %d: %v", seed, again.Phase, again.Step, w.state.Phase, w.state.Step, err)
		}
		returned += w.state.Round - 1
		switch w.state.Phase {
		case review.PhaseRefused:
			refused++
		case review.PhasePassed:
			passed++
			w.complete(t, seed)
		}
		w.oneVoteEach(t, seed)
	}
	if passed < 200 || returned < 200 || refused < 200 {
		t.Errorf("too little was tried: %d passed, %d returns, %d refused", passed, returned, refused)
	}
}

// complete counts by itself, from the events alone, that every group has what it asks for.
func (w *world) complete(t *testing.T, seed uint64) {
	t.Helper()
	for i, step := range w.plan.Steps {
		if slices.Contains(w.state.Skips, i) {
			continue
		}
		for g, group := range step.Groups {
			seats, approve := 0, 0
			for _, x := range w.state.Seats {
				if x.Step != i || x.Group != g {
					continue
				}
				seats++
				if x.Vote != nil && x.Vote.Kind == review.Approved {
					approve++
					if !slices.ContainsFunc(w.events, func(e review.Event) bool {
						return e.Seq == x.Vote.Seq && e.For == x.Account && e.Step == i && e.Group == g
					}) {
						t.Fatalf("seed %d: a vote that nobody gave", seed)
					}
				}
			}
			need := map[review.Rule]int{review.Any: 1, review.All: seats, review.Some: group.Need}[group.Rule]
			if seats == 0 || approve < need {
				t.Fatalf("seed %d: step %d group %d passed with %d of %d, %s %d", seed, i, g, approve, seats, group.Rule, group.Need)
			}
		}
	}
}

// oneVoteEach finds a person whose two votes count in one step.
func (w *world) oneVoteEach(t *testing.T, seed uint64) {
	t.Helper()
	for i, step := range w.plan.Steps {
		by := map[string]int{}
		for _, x := range w.state.Seats {
			if x.Step == i && x.Vote != nil {
				if by[x.Vote.By]++; by[x.Vote.By] > 1 && !step.Twice {
					t.Fatalf("seed %d: %s has two votes in step %d", seed, x.Vote.By, i)
				}
			}
		}
	}
}

// TestTheOrderOfVotesInAStepDoesNotMatter gives every seat of the first step a vote, in two
// orders.
func TestTheOrderOfVotesInAStepDoesNotMatter(t *testing.T) {
	ends := map[review.Phase]int{}
	for seed := range uint64(2000) {
		w := newWorld(seed)
		var given []review.Event
		for _, x := range w.state.Awaited() {
			kind := review.Approved
			if w.plan.Steps[x.Step].Refuse && w.rnd.IntN(3) == 0 {
				kind = review.Refused
			}
			given = append(given, review.Event{Kind: kind, By: x.Account, For: x.Account, Step: x.Step, Group: x.Group, At: w.at})
		}
		end := func() (review.Phase, int) {
			s := w.state
			for _, e := range given {
				if next, err := s.With(e); err == nil {
					s = next
				}
			}
			return s.Phase, s.Step
		}
		phase, step := end()
		w.rnd.Shuffle(len(given), func(i, j int) { given[i], given[j] = given[j], given[i] })
		if p, s := end(); p != phase || s != step && p == review.PhaseOpen {
			t.Fatalf("seed %d: %s %d in one order, %s %d in another", seed, phase, step, p, s)
		}
		ends[phase]++
	}
	if ends[review.PhaseRefused] < 50 || ends[review.PhaseOpen] < 50 || ends[review.PhasePassed] < 50 {
		t.Errorf("too little was tried: %v", ends)
	}
}

func three(rule review.Rule) review.Plan {
	step := func(name string) review.Step {
		return review.Step{Name: name, Days: 2, Return: true, Refuse: true, Groups: []review.Group{{At: review.AtOwn, Rule: rule}}}
	}
	return review.Plan{Steps: []review.Step{step("tổ"), step("phường"), step("quận")}}
}

// play takes events at days, one after the other; each must be possible.
func play(t *testing.T, plan review.Plan, events ...review.Event) review.State {
	t.Helper()
	for i := range events {
		events[i].Seq, events[i].At = i+1, clock.MustDate("2024-03-01").Midnight().AddDate(0, 0, i)
		if events[i].For == "" {
			events[i].For = events[i].By
		}
	}
	s, err := review.Advance(plan, events)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func seats(step int, accounts ...string) review.Event {
	return review.Event{Kind: review.Seated, Step: step, Detail: review.Detail{Panels: [][]string{accounts}}}
}

func vote(kind review.EventKind, step int, by string) review.Event {
	return review.Event{Kind: kind, Step: step, By: by}
}

func TestOnlyWhoAskedReviewsAgain(t *testing.T) {
	marks := func(goals, outputs string) map[string]string {
		return map[string]string{"goals": goals, "outputs": outputs}
	}
	back := vote(review.Returned, 1, "p1")
	back.To, back.Parts, back.Marks = review.Registrant, []string{"outputs"}, marks("a", "a")
	start := []review.Event{
		{Kind: review.Started},
		seats(0, "t1", "t2"), vote(review.Approved, 0, "t1"), vote(review.Approved, 0, "t2"), seats(1, "p1", "p2"),
		vote(review.Approved, 1, "p2"),
	}
	s := play(t, three(review.All), append(start, back, review.Event{Kind: review.Resubmitted, Detail: review.Detail{Marks: marks("a", "b")}})...)
	if got := s.Awaited(); s.Step != 1 || len(got) != 1 || got[0].Account != "p1" {
		t.Fatalf("step %d awaits %v", s.Step, got)
	}

	// Who had flagged a part before and approved it then looks at it again when it changes.
	flag := vote(review.Returned, 0, "t1")
	flag.To, flag.Parts, flag.Marks = review.Registrant, []string{"outputs"}, marks("a", "a")
	for outputs, want := range map[string]int{"b": 1, "c": 0} {
		events := []review.Event{
			{Kind: review.Started},
			seats(0, "t1", "t2"), vote(review.Approved, 0, "t2"), flag,
			{Kind: review.Resubmitted, Detail: review.Detail{Marks: marks("a", "b")}},
			seats(0, "t1", "t2"), vote(review.Approved, 0, "t1"),
			seats(1, "p1"),
		}
		again := back
		again.Marks = marks("a", "b")
		s := play(t, three(review.All), append(events, again, review.Event{Kind: review.Resubmitted, Detail: review.Detail{Marks: marks("x", outputs)}})...)
		if s.Step != want {
			t.Errorf("outputs %s: step %d is open", outputs, s.Step)
		}
		if got := s.Awaited(); want == 0 && (len(got) != 1 || got[0].Account != "t1") {
			t.Errorf("awaited are %v", got)
		}
	}
}

func TestAReturnToAStepOpensThatStepAlone(t *testing.T) {
	back := vote(review.Returned, 2, "q1")
	back.To = 0
	s := play(t, three(review.Any),
		review.Event{Kind: review.Started}, seats(0, "t1"), vote(review.Approved, 0, "t1"), seats(1, "p1"), vote(review.Approved, 1, "p1"),
		seats(2, "q1"), back)
	if got := s.Awaited(); s.Step != 0 || len(got) != 1 || got[0].Account != "t1" || s.Round != 2 {
		t.Fatalf("step %d awaits %v in round %d", s.Step, got, s.Round)
	}
	next, err := s.With(review.Event{Kind: review.Approved, Step: 0, By: "t1", For: "t1", At: clock.MustDate("2024-04-01").Midnight()})
	if err != nil || next.Step != 2 {
		t.Fatalf("step %d follows, %v", next.Step, err)
	}
	if got := next.Awaited(); len(got) != 1 || got[0].Account != "q1" || got[0].Since != clock.MustDate("2024-04-01") {
		t.Errorf("awaited are %v", got)
	}
}

func TestWhoIsNotSeatedHasNoVote(t *testing.T) {
	s := play(t, three(review.All), review.Event{Kind: review.Started}, seats(0, "t1", "t2"), vote(review.Approved, 0, "t1"))
	for name, e := range map[string]review.Event{
		"a stranger":              {Kind: review.Approved, By: "x", For: "x"},
		"a second vote":           {Kind: review.Approved, By: "t1", For: "t1"},
		"a second person's place": {Kind: review.Approved, By: "t1", For: "t2"},
		"another step":            {Kind: review.Approved, Step: 1, By: "t2", For: "t2"},
		"a return forward":        {Kind: review.Returned, By: "t2", For: "t2", Detail: review.Detail{To: 0}},
		"a second start":          {Kind: review.Started},
		"sent in again":           {Kind: review.Resubmitted},
	} {
		if _, err := s.With(e); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if next, err := s.With(review.Event{Kind: review.Approved, By: "stand-in", For: "t2"}); err != nil || next.Step != 1 {
		t.Errorf("a stand-in: step %d, %v", next.Step, err)
	}
}

func TestDeadlinesAreMonotone(t *testing.T) {
	tet := clock.MustDate("2024-02-08")
	holidays := review.Holidays(func(d clock.Date) bool { return d >= tet && d <= tet+6 })
	for since := clock.MustDate("2024-01-01"); since < clock.MustDate("2024-04-01"); since++ {
		for days := 1; days < 15; days++ {
			due := review.Due(since, days, holidays)
			switch {
			case due <= since:
				t.Fatalf("%d days after %s end on %s", days, since, due)
			case review.Due(since, days+1, holidays) <= due:
				t.Fatalf("one day more after %s does not end later", since)
			case review.Due(since+1, days, holidays) < due:
				t.Fatalf("%d days from the day after %s end earlier", days, since)
			case review.DaysLeft(since, due, holidays) != days:
				t.Fatalf("%d days after %s leave %d", days, since, review.DaysLeft(since, due, holidays))
			case review.DaysLeft(due+1, due, holidays) >= 0:
				t.Fatalf("%s is not over on the day after", due)
			}
		}
	}
	if got := review.Due(clock.MustDate("2024-02-07"), 1, holidays); got != clock.MustDate("2024-02-15") {
		t.Errorf("the day after Tết is %s", got)
	}
	if got := review.Due(clock.MustDate("2024-03-01"), 1, nil); got != clock.MustDate("2024-03-04") {
		t.Errorf("the working day after a Friday is %s", got)
	}
	if review.Due(clock.MustDate("2024-03-01"), 5, func(clock.Date) bool { return true }) == 0 {
		t.Error("a house where nobody ever works hangs")
	}
}
