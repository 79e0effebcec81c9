package sample

import (
	"context"
	"fmt"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
)

// planning gives the movement of the story what an officer plans in it. All of it is made
// up: criteria after those that the program brings along, targets, phases and duties.
func (l *loader) planning(ctx context.Context) error {
	if _, err := l.house.Movements.PlanFromSample(ctx, l.who, Movement); err != nil {
		return fmt.Errorf("plan the year: %w", err)
	}
	m, err := l.house.Movements.Get(ctx, l.who, Movement)
	if err != nil {
		return err
	}
	for _, part := range []func(context.Context, movement.Movement) error{l.criteria, l.targets, l.duties} {
		if err := part(ctx, m); err != nil {
			return err
		}
	}
	l.step()
	return nil
}

// criteria puts those of collectives and individuals in force, and those of collectives a
// second time with another weight.
func (l *loader) criteria(ctx context.Context, m movement.Movement) error {
	own, _, err := l.house.Movements.CriteriaSets(ctx, l.who, m.Code)
	if err != nil {
		return err
	}
	for _, set := range own {
		at := movement.CriteriaAt{Movement: m.Code, Kind: set.Kind, Version: set.Version}
		if set.Kind == ledger.Household {
			continue // stays as it was shipped
		}
		if _, err := l.house.Movements.EnforceCriteria(ctx, l.who, at, movement.Enforcement{On: day("2024-01-15")}); err != nil {
			return fmt.Errorf("put criteria in force: %w", err)
		}
		if set.Kind != ledger.Collective {
			continue
		}
		in := asInput(set)
		in.Rows[3].Weight = 120
		at.Version = 0
		draft, err := l.house.Movements.DraftCriteria(ctx, l.who, at, in)
		if err != nil {
			return err
		}
		at.Version = draft.Version
		if _, err := l.house.Movements.EnforceCriteria(ctx, l.who, at, movement.Enforcement{
			On: day("2024-08-01"), Reason: "Coi trọng kết quả đo được hơn (dữ liệu mẫu)",
		}); err != nil {
			return fmt.Errorf("put criteria in force again: %w", err)
		}
	}
	return nil
}

// asInput is a set as a form would send it.
func asInput(set movement.CriteriaSet) movement.CriteriaInput {
	in := movement.CriteriaInput{BonusCap: set.BonusCap}
	for _, g := range set.Groups {
		in.Groups = append(in.Groups, movement.CriteriaGroup{Name: g.Name, Cap: g.Cap})
		for _, c := range g.Criteria {
			in.Rows = append(in.Rows, movement.CriterionInput{Group: g.Name, Criterion: c})
		}
	}
	return in
}

// targets gives every unit below the district some, and the fields the same sums.
func (l *loader) targets(ctx context.Context, m movement.Movement) error {
	tree, err := l.house.Org.Current(ctx)
	if err != nil {
		return err
	}
	in := movement.TargetInput{Period: m.Periods[0].No}
	sums := map[ledger.Figure]int{}
	for i, u := range movement.TargetUnits(tree, m, m.Periods[0]) {
		goals := map[ledger.Figure]int{ledger.FigureRegistered: 1 + i%2, ledger.FigureRecognised: 1}
		if u.LevelOn(m.Periods[0].From) == org.Commune {
			goals = map[ledger.Figure]int{
				ledger.FigureRegistered: 20 + i%9, ledger.FigureRecognised: 18 + i%6, ledger.FigureReplicated: 1 + i%3, ledger.FigureFound: 18 + i%6,
			}
		}
		for figure, n := range goals {
			in.All = append(in.All, movement.Target{Unit: u.ID, Figure: figure, Number: n})
			sums[figure] += n
		}
	}
	for _, figure := range []ledger.Figure{ledger.FigureRegistered, ledger.FigureRecognised} {
		left := sums[figure]
		for i, field := range ledger.Fields() {
			n := sums[figure] * []int{20, 40, 20, 20}[i] / 100
			if i == len(ledger.Fields())-1 {
				n = left
			}
			left -= n
			in.All = append(in.All, movement.Target{Field: field, Figure: figure, Number: n})
		}
	}
	_, err = l.house.Movements.SetTargets(ctx, l.who, m.Code, in)
	return err
}

// duties finishes all but the last, and gives one to a ward.
func (l *loader) duties(ctx context.Context, m movement.Movement) error {
	c, err := l.house.Movements.Calendar(ctx, l.who, m.Code, m.Periods[0].No)
	if err != nil {
		return err
	}
	for i, d := range c.Duties {
		if i == len(c.Duties)-1 {
			break
		}
		if _, err := l.house.Movements.FinishDuty(ctx, l.who, d.ID, d.Version, true); err != nil {
			return fmt.Errorf("finish a duty: %w", err)
		}
	}
	_, err = l.house.Movements.AddDuty(ctx, l.who, m.Code, movement.DutyInput{
		Period: m.Periods[0].No, Title: "Gửi ảnh và số liệu cho bài tổng kết (mẫu)", Unit: CodeWard, Due: day("2024-10-11"), Note: "Dữ liệu mẫu",
	})
	return err
}
