package movement

import "slices"

// Total is what some points come to by a set of criteria, in hundredths.
type Total struct {
	Points int   // of all groups and the bonus
	Groups []int // of each group, after its cap
	Bonus  int   // after the cap of bonus points
	// Failed are the mandatory criteria for which there is no point: with one of them the
	// whole fails, whatever the points.
	Failed []string
}

// Passed tells whether every mandatory criterion has a point.
func (t Total) Passed() bool { return len(t.Failed) == 0 }

// Score sums points, which go by the criteria's identities. Of each criterion no more
// counts than its maximum, then its weight; of each group and of the bonus no more than
// their caps. Points for what is no criterion of the set count nothing.
func Score(set CriteriaSet, points map[string]int) Total {
	t := Total{Groups: make([]int, len(set.Groups))}
	for i, g := range set.Groups {
		for _, c := range g.Criteria {
			given := min(max(points[c.ID], 0), c.Most)
			if c.Mandatory && given == 0 {
				t.Failed = append(t.Failed, c.ID)
			}
			if c.Bonus {
				t.Bonus += weighed(given, c.Weight)
			} else {
				t.Groups[i] += weighed(given, c.Weight)
			}
		}
		t.Groups[i] = capped(t.Groups[i], g.Cap)
		t.Points += t.Groups[i]
	}
	t.Bonus = capped(t.Bonus, set.BonusCap)
	t.Points += t.Bonus
	slices.Sort(t.Failed)
	return t
}

// Most is the highest total that the set allows, and how much of it is bonus.
func (c CriteriaSet) Most() (points, bonus int) {
	all := map[string]int{}
	for _, x := range c.All() {
		all[x.ID] = x.Most
	}
	t := Score(c, all)
	return t.Points, t.Bonus
}

// weighed rounds half a hundredth up.
func weighed(points, weight int) int { return (points*weight + 50) / 100 }

func capped(points, most int) int {
	if most > 0 {
		return min(points, most)
	}
	return points
}
