package movement_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

func criteria() movement.CriteriaInput {
	return movement.CriteriaInput{
		BonusCap: 500, Groups: []movement.CriteriaGroup{{Name: "Kết quả", Cap: 3000}},
		Rows: []movement.CriterionInput{
			{Group: "Kết quả", Criterion: movement.Criterion{Name: "Đạt mục tiêu", Most: 2000, Weight: 150, Mandatory: true, Evidence: movement.EvidenceFigures}},
			{Group: "kết quả", Criterion: movement.Criterion{Name: "Dân đồng thuận", Most: 1000, Weight: 100}},
			{Group: "Thưởng", Criterion: movement.Criterion{Name: "Sáng tạo", Most: 1000, Weight: 100, Bonus: true}},
		},
	}
}

func TestScore(t *testing.T) {
	set := movement.CriteriaSet{BonusCap: 500, Groups: []movement.CriteriaGroup{
		{Cap: 3000, Criteria: []movement.Criterion{{ID: "a", Most: 2000, Weight: 150, Mandatory: true}, {ID: "b", Most: 1000, Weight: 100}}},
		{Criteria: []movement.Criterion{{ID: "c", Most: 1000, Weight: 100, Bonus: true}}},
	}}
	for _, c := range []struct {
		name          string
		points        map[string]int
		total, bonus  int
		passed        bool
		firstOfGroups int
	}{
		{"nothing", nil, 0, 0, false, 0},
		{"below the caps", map[string]int{"a": 1000, "b": 500, "c": 100}, 2100, 100, true, 2000},
		{"the group's cap", map[string]int{"a": 2000, "b": 1000}, 3000, 0, true, 3000},
		{"the cap of bonus", map[string]int{"a": 1, "c": 1000}, 502, 500, true, 2},
		{"more than the maximum", map[string]int{"a": 1_000_000, "c": -5}, 3000, 0, true, 3000},
		{"a mandatory one without points", map[string]int{"b": 1000, "c": 500}, 1500, 500, false, 1000},
		{"no criterion of the set", map[string]int{"a": 100, "x": 900}, 150, 0, true, 150},
	} {
		got := movement.Score(set, c.points)
		if got.Points != c.total || got.Bonus != c.bonus || got.Passed() != c.passed || got.Groups[0] != c.firstOfGroups {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// TestScoreHoldsItsCaps scores random points by random sets: never above a cap, never
// less for more points, and the same in whatever order the criteria stand.
func TestScoreHoldsItsCaps(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		set, points := randomSet(rnd)
		got := movement.Score(set, points)
		sum := got.Bonus
		for i, g := range set.Groups {
			if g.Cap > 0 && got.Groups[i] > g.Cap {
				t.Fatalf("group %d has %d above %d", i, got.Groups[i], g.Cap)
			}
			sum += got.Groups[i]
		}
		most, _ := set.Most()
		if set.BonusCap > 0 && got.Bonus > set.BonusCap || got.Points != sum || got.Points < 0 || got.Points > most {
			t.Fatalf("%+v of at most %d", got, most)
		}
		all := set.All()
		more := maps.Clone(points)
		one := all[rnd.IntN(len(all))]
		more[one.ID] += rnd.IntN(5000)
		if higher := movement.Score(set, more); higher.Points < got.Points || len(higher.Failed) > len(got.Failed) {
			t.Fatalf("more points for %s: %d, before %d", one.ID, higher.Points, got.Points)
		}
		for i := range set.Groups {
			rows := set.Groups[i].Criteria
			rnd.Shuffle(len(rows), func(a, b int) { rows[a], rows[b] = rows[b], rows[a] })
		}
		rnd.Shuffle(len(set.Groups), func(a, b int) { set.Groups[a], set.Groups[b] = set.Groups[b], set.Groups[a] })
		if other := movement.Score(set, points); other.Points != got.Points || other.Bonus != got.Bonus || len(other.Failed) != len(got.Failed) {
			t.Fatalf("in another order %+v, not %+v", other, got)
		}
	}
}

func randomSet(rnd *rand.Rand) (movement.CriteriaSet, map[string]int) {
	set, points := movement.CriteriaSet{BonusCap: rnd.IntN(2000)}, map[string]int{}
	for i := range 1 + rnd.IntN(5) {
		g := movement.CriteriaGroup{Cap: rnd.IntN(6000)}
		for j := range 1 + rnd.IntN(6) {
			c := movement.Criterion{
				ID: strconv.Itoa(i*10 + j), Most: 1 + rnd.IntN(4000), Weight: 1 + rnd.IntN(300), Bonus: rnd.IntN(4) == 0, Mandatory: rnd.IntN(4) == 0,
			}
			g.Criteria = append(g.Criteria, c)
			points[c.ID] = rnd.IntN(6000) - 1000
		}
		set.Groups = append(set.Groups, g)
	}
	return set, points
}

func TestCriteriaVersions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		m, err := s.Movements.Get(ctx, who, "M-2024")
		s.Must(err)
		at := movement.CriteriaAt{Movement: "M-2024", Kind: ledger.Collective}
		if _, err := movement.CriteriaIn(ctx, d, m, ledger.Collective, apptest.Day("2024-06-01")); !errs.Is(err, errs.NotFound) {
			t.Errorf("criteria of nobody: %v", err)
		}
		draft, err := s.Movements.DraftCriteria(ctx, who, at, criteria())
		s.Must(err)
		if len(draft.Groups) != 2 || draft.No != 1 || !draft.Draft() {
			t.Errorf("the draft is %+v", draft)
		}
		if _, err := s.Movements.DraftCriteria(ctx, who, at, criteria()); !errs.Is(err, errs.Conflict) {
			t.Errorf("over another version: %v", err)
		}
		at.Version = draft.Version
		first, err := s.Movements.EnforceCriteria(ctx, who, at, movement.Enforcement{On: apptest.Day("2024-03-01")})
		s.Must(err)
		if _, err := movement.CriteriaIn(ctx, d, m, ledger.Collective, apptest.Day("2024-02-29")); !errs.Is(err, errs.NotFound) {
			t.Errorf("in force before its day: %v", err)
		}
		s.Must(d.Write(ctx, func(tx *db.Tx) error { return movement.CriteriaUsed(ctx, tx, first.ID) }))

		at.Version = 0
		change := criteria()
		change.Rows[0].ID, change.Rows[0].Most = first.Groups[0].Criteria[0].ID, 1500
		second, err := s.Movements.DraftCriteria(ctx, who, at, change)
		s.Must(err)
		if second.No != 2 || second.Groups[0].Criteria[0].ID != first.Groups[0].Criteria[0].ID || second.Groups[0].Criteria[1].ID == first.Groups[0].Criteria[1].ID {
			t.Errorf("the second version is %+v", second)
		}
		at.Version = second.Version
		for reason, field := range map[string]string{"": "reason"} {
			if _, err := s.Movements.EnforceCriteria(ctx, who, at, movement.Enforcement{On: apptest.Day("2024-07-01"), Reason: reason}); !errs.Is(err, errs.Invalid) || fields(err)[0] != field {
				t.Errorf("what was used is changed without a reason: %v", err)
			}
		}
		if _, err := s.Movements.EnforceCriteria(ctx, who, at, movement.Enforcement{On: apptest.Day("2024-02-01"), Reason: "x"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("before the first: %v", err)
		}
		second, err = s.Movements.EnforceCriteria(ctx, who, at, movement.Enforcement{On: apptest.Day("2024-07-01"), Reason: "Theo hướng dẫn mới"})
		s.Must(err)
		early, err := movement.CriteriaIn(ctx, d, m, ledger.Collective, apptest.Day("2024-06-30"))
		s.Must(err)
		late, err := movement.CriteriaIn(ctx, d, m, ledger.Collective, apptest.Day("2024-07-01"))
		s.Must(err)
		if early.ID != first.ID || !early.Used || late.ID != second.ID || late.MustScoreAgain(second.ID) || !late.MustScoreAgain(early.ID) {
			t.Errorf("in force: %s, then %s", early.ID, late.ID)
		}
	})
}

// TestCriteriaFromAbove inherits the criteria of the level above, and keeps what it made
// mandatory.
func TestCriteriaFromAbove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		lower, err := s.Movements.Launch(ctx, who, movement.Input{
			Code: "W-2024", Name: "Phong trào phường Một", Level: org.Commune, Unit: "W1", StandingBody: "W1", Upper: "M-2024",
			LaunchedOn: apptest.Day("2024-01-10"), Period: movement.PeriodInput{Name: "2024", From: apptest.Day("2024-01-01"), To: apptest.Day("2024-12-31")},
		})
		s.Must(err)
		upper, err := s.Movements.DraftCriteria(ctx, who, movement.CriteriaAt{Movement: "M-2024", Kind: ledger.Collective}, criteria())
		s.Must(err)
		_, err = s.Movements.EnforceCriteria(ctx, who, movement.CriteriaAt{Movement: "M-2024", Kind: ledger.Collective, Version: upper.Version},
			movement.Enforcement{On: apptest.Day("2024-02-01")})
		s.Must(err)
		got, err := movement.CriteriaIn(ctx, d, lower, ledger.Collective, apptest.Day("2024-03-01"))
		if err != nil || got.ID != upper.ID || got.Movement != "M-2024" {
			t.Errorf("inherited: %+v, %v", got, err)
		}
		_, inherited, err := s.Movements.CriteriaSets(ctx, who, "W-2024")
		if err != nil || len(inherited) != 1 {
			t.Errorf("%d sets are inherited, %v", len(inherited), err)
		}
		officer := s.At(app.RoleOfficer, "W1")
		at := movement.CriteriaAt{Movement: "W-2024", Kind: ledger.Collective}
		own := criteria()
		weak, err := s.Movements.DraftCriteria(ctx, officer, at, own)
		s.Must(err)
		at.Version = weak.Version
		if _, err := s.Movements.EnforceCriteria(ctx, officer, at, movement.Enforcement{On: apptest.Day("2024-03-01")}); !errs.Is(err, errs.Invalid) {
			t.Errorf("what is mandatory above is left out: %v", err)
		}
		own.Rows[0].ID = upper.Groups[0].Criteria[0].ID
		kept, err := s.Movements.DraftCriteria(ctx, officer, at, own)
		s.Must(err)
		at.Version = kept.Version
		_, err = s.Movements.EnforceCriteria(ctx, officer, at, movement.Enforcement{On: apptest.Day("2024-03-01")})
		s.Must(err)
		if _, err := s.Movements.DraftCriteria(ctx, officer, movement.CriteriaAt{Movement: "M-2024", Kind: ledger.Household}, criteria()); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a ward writes the district's: %v", err)
		}
		if _, err := s.Movements.DraftCriteria(ctx, s.At(app.RoleOfficer, "W2"), at, criteria()); !errs.Is(err, errs.NotFound) {
			t.Errorf("a ward writes another's: %v", err)
		}
	})
}

func TestCriteriaRefuseBadInput(t *testing.T) {
	for _, c := range []struct {
		field string
		spoil func(*movement.CriteriaInput)
	}{
		{"bonusCap", func(in *movement.CriteriaInput) { in.BonusCap = -1 }},
		{"group0", func(in *movement.CriteriaInput) { in.Groups[0].Name = " " }},
		{"group1", func(in *movement.CriteriaInput) { in.Groups = append(in.Groups, in.Groups[0]) }},
		{"cap0", func(in *movement.CriteriaInput) { in.Groups[0].Cap = movement.MaxPoints + 1 }},
		{"of1", func(in *movement.CriteriaInput) { in.Rows[1].Group = "" }},
		{"name2", func(in *movement.CriteriaInput) { in.Rows[2].Name = "" }},
		{"most0", func(in *movement.CriteriaInput) { in.Rows[0].Most = 0 }},
		{"weight0", func(in *movement.CriteriaInput) { in.Rows[0].Weight = movement.MaxWeight + 1 }},
		{"evidence0", func(in *movement.CriteriaInput) { in.Rows[0].Evidence = "x" }},
		{"name0", func(in *movement.CriteriaInput) { in.Rows = make([]movement.CriterionInput, movement.MaxCriteria+1) }},
	} {
		in := criteria()
		c.spoil(&in)
		if err := in.Check(); !errs.Is(err, errs.Invalid) || !slices.Contains(fields(err), c.field) {
			t.Errorf("%s: %v", c.field, err)
		}
	}
}
