package movement

import (
	"context"
	"regexp"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// CloneInput says what the movement of another year is called, and what it takes over.
type CloneInput struct {
	Code       string
	Name       string
	Slogan     string
	Occasion   string
	LaunchedOn clock.Date
	Period     PeriodInput
	Criteria   bool
	Targets    bool
	Phases     bool
	Duties     bool
	Factor     int // targets in per cent of those of the year before
}

// Bounds of the factor, in per cent.
const (
	minFactor = 10
	maxFactor = 500
)

// CloneCounts is how much is taken over.
type CloneCounts struct {
	Fields   int
	Sets     int // of criteria
	Criteria int
	Targets  int
	Lost     int // targets of units that are no more
	Phases   int
	Duties   int
}

// plan is what is planned in a period.
type plan struct {
	sets    []CriteriaSet
	targets []Target
	phases  []Phase
	duties  []Duty
	lost    int
}

func (p plan) counts(m Movement) CloneCounts {
	c := CloneCounts{Fields: len(m.Fields), Sets: len(p.sets), Targets: len(p.targets), Lost: p.lost, Phases: len(p.phases), Duties: len(p.duties)}
	for _, set := range p.sets {
		c.Criteria += len(set.All())
	}
	return c
}

// planOf reads what is planned in the last period of a movement: of the criteria of each
// kind the version that was last in force or, where none was, the draft.
func planOf(ctx context.Context, q db.Querier, m Movement) (plan, error) {
	var p plan
	last := m.Periods[len(m.Periods)-1].No
	sets, err := criteriaOf(ctx, q, m.ID)
	if err != nil {
		return p, err
	}
	for _, k := range ledger.SubjectKinds() {
		var best *CriteriaSet
		for i := range sets {
			if sets[i].Kind == k && (best == nil || best.Draft()) {
				best = &sets[i]
			}
		}
		if best != nil {
			p.sets = append(p.sets, *best)
		}
	}
	targets, err := targetsOf(ctx, q, last)
	if err != nil {
		return p, err
	}
	p.targets = targets.All
	if p.phases, err = phasesOf(ctx, q, last); err != nil {
		return p, err
	}
	p.duties, err = dutiesOf(ctx, q, last)
	return p, err
}

// CloneOf is what a form begins with that makes the next year's movement, and how much
// there is to be taken over. It is for who may change the movement.
func (s *Service) CloneOf(ctx context.Context, who actor.Actor, code string) (CloneInput, CloneCounts, error) {
	if !who.Can(RightManage) {
		return CloneInput{}, CloneCounts{}, forbidden()
	}
	m, err := s.mine(ctx, s.db, who, code)
	if err != nil {
		return CloneInput{}, CloneCounts{}, err
	}
	p, err := planOf(ctx, s.db, m)
	if err != nil {
		return CloneInput{}, CloneCounts{}, err
	}
	tree, err := s.org.Tree(ctx, s.db)
	if err != nil {
		return CloneInput{}, CloneCounts{}, err
	}
	old := m.Periods[len(m.Periods)-1]
	in := CloneInput{
		Code: nextYear(m.Code), Name: nextYear(m.Name), Slogan: m.Slogan, Occasion: nextYear(m.Occasion), LaunchedOn: m.LaunchedOn.AddYears(1),
		Period:   PeriodInput{Name: nextYear(old.Name), From: old.From.AddYears(1), To: old.To.AddYears(1)},
		Criteria: true, Targets: true, Phases: true, Duties: true, Factor: 100,
	}
	p = p.standing(tree, m, Period{From: in.Period.From, To: in.Period.To})
	return in, p.counts(m), nil
}

// nextYear puts one on every year that stands in a text by itself or at the end of a code,
// and on the number of an anniversary: "Kỷ niệm 94 năm".
func nextYear(s string) string {
	return regexp.MustCompile(`\b20\d\d\b|Kỷ niệm \d+ năm`).ReplaceAllStringFunc(s, func(found string) string {
		return regexp.MustCompile(`\d+`).ReplaceAllStringFunc(found, func(number string) string {
			n, err := strconv.Atoi(number)
			if err != nil {
				return number
			}
			return strconv.Itoa(n + 1)
		})
	})
}

// standing leaves out the targets of units that have none in a period, and the units of
// duties that are no more.
func (p plan) standing(tree *org.Tree, m Movement, in Period) plan {
	known := map[string]bool{"": true}
	for _, u := range TargetUnits(tree, m, in) {
		known[u.ID] = true
	}
	var kept []Target
	for _, t := range p.targets {
		if known[t.Unit] {
			kept = append(kept, t)
		}
	}
	p.lost, p.targets = len(p.targets)-len(kept), kept
	duties := make([]Duty, len(p.duties))
	for i, d := range p.duties {
		if u, ok := tree.Unit(d.Unit); d.Unit != "" && (!ok || !u.On(in.From)) {
			d.Unit = ""
		}
		duties[i] = d
	}
	p.duties = duties
	return p
}

// Clone makes the movement of another year after one: its fields, its criteria as drafts,
// its targets as drafts, its phases and duties as many years on. Papers are not taken over.
func (s *Service) Clone(ctx context.Context, who actor.Actor, code string, in CloneInput) (Movement, CloneCounts, error) {
	if !who.Can(RightManage) {
		return Movement{}, CloneCounts{}, forbidden()
	}
	if in.Factor < minFactor || in.Factor > maxFactor {
		return Movement{}, CloneCounts{}, errs.New(errs.Invalid, i18n.WebkitNumberRange, minFactor, maxFactor).On("factor")
	}
	var made Movement
	var counts CloneCounts
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.mine(ctx, tx, who, code)
		if err != nil {
			return err
		}
		launch, err := s.cloned(ctx, tx, m, in)
		if err != nil {
			return err
		}
		if made, err = s.launchIn(ctx, tx, who, launch, nil); err != nil {
			return err
		}
		p, err := planOf(ctx, tx, m)
		if err != nil {
			return err
		}
		tree, err := s.org.Tree(ctx, tx)
		if err != nil {
			return err
		}
		to := made.Periods[0]
		p = p.standing(tree, made, to).chosen(in)
		p.shift(to.From.Year() - m.Periods[len(m.Periods)-1].From.Year())
		if err := s.putPlan(ctx, tx, who, made, p); err != nil {
			return err
		}
		counts = p.counts(made)
		return s.audit(ctx, tx, who, "movement.clone", made.ID, map[string]any{"from": m.Code, "input": in, "counts": counts})
	})
	return made, counts, err
}

// cloned is the launch of a movement that follows another.
func (s *Service) cloned(ctx context.Context, q db.Querier, m Movement, in CloneInput) (Input, error) {
	tree, err := s.org.Tree(ctx, q)
	if err != nil {
		return Input{}, err
	}
	unit, _ := tree.Unit(m.Unit)
	body, _ := tree.Unit(m.StandingBody)
	launch := Input{
		Code: in.Code, Name: in.Name, Slogan: in.Slogan, Occasion: in.Occasion, Level: m.Level, Unit: unit.Code, StandingBody: body.Code,
		Follows: m.Code, LaunchedOn: in.LaunchedOn, Period: in.Period, Fields: m.Fields,
	}
	if m.Upper != "" {
		upper, err := byID(ctx, q, m.Upper)
		if err != nil {
			return launch, err
		}
		launch.Upper = upper.Code
	}
	err = launch.Check()
	return launch, err
}

// chosen leaves out what is not to be taken over, and puts the targets by the factor.
func (p plan) chosen(in CloneInput) plan {
	if !in.Criteria {
		p.sets = nil
	}
	if !in.Targets {
		p.targets, p.lost = nil, 0
	}
	if !in.Phases {
		p.phases = nil
	}
	if !in.Duties {
		p.duties = nil
	}
	for i := range p.targets {
		p.targets[i].Number = min((p.targets[i].Number*in.Factor+50)/100, MaxTarget)
	}
	return p
}

// shift puts phases and duties some years on, as if nothing had been done.
func (p plan) shift(years int) {
	for i := range p.phases {
		x := &p.phases[i]
		x.Opens, x.Closes = x.Opens.AddYears(years), x.Closes.AddYears(years)
		x.ReopenedUntil, x.ReopenedReason, x.ReopenedBy = 0, "", ""
	}
	for i := range p.duties {
		d := &p.duties[i]
		d.Due, d.DoneBy = d.Due.AddYears(years), ""
		d.DoneAt = Duty{}.DoneAt
	}
}

// putPlan writes a plan into a movement that has none.
func (s *Service) putPlan(ctx context.Context, tx *db.Tx, who actor.Actor, m Movement, p plan) error {
	period := m.Periods[len(m.Periods)-1].No
	for _, set := range p.sets {
		set.ID, set.No, set.On, set.Reason, set.Used = s.newID(), 1, 0, "", false
		set.Version, set.UpdatedAt, set.UpdatedBy = 1, s.now(), who.Account
		if err := putCriteria(ctx, tx, m.ID, set); err != nil {
			return err
		}
	}
	if len(p.targets) > 0 {
		t := Targets{Period: period, Draft: true, Version: 1, UpdatedAt: s.now(), UpdatedBy: who.Account, All: p.targets}
		if err := putTargets(ctx, tx, t); err != nil {
			return err
		}
	}
	phases := map[string]string{}
	for _, x := range p.phases {
		old := x.ID
		x.ID, x.Period, x.Version = s.newID(), period, 1
		phases[old] = x.ID
		if err := insertPhase(ctx, tx, x); err != nil {
			return err
		}
	}
	for _, d := range p.duties {
		d.ID, d.Period, d.Phase, d.Version = s.newID(), period, phases[d.Phase], 1
		if err := insertDuty(ctx, tx, d); err != nil {
			return err
		}
	}
	return nil
}
