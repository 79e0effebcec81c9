package movement

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

//go:embed sample_plan.json
var sampleFiles embed.FS

// shipped is the plan of a ward's year as the program brings it along. Its days are
// "MM-DD" of the year in which the period begins.
type shipped struct {
	Criteria []struct {
		Kind     string
		BonusCap int
		Groups   []CriteriaGroup
	}
	Phases []struct {
		Kind          PhaseKind
		Name          string
		Opens, Closes string
		Grace         int
	}
	Duties []struct {
		Title, Due, Note string
		Phase            PhaseKind
	}
}

// samplePlan is the plan as drafts of a year, each part marked as a sample.
func (s *Service) samplePlan(year int) (plan, error) {
	text, err := sampleFiles.ReadFile("sample_plan.json")
	if err != nil {
		return plan{}, fmt.Errorf("open the sample of a plan: %w", err)
	}
	var raw shipped
	if err := json.Unmarshal(text, &raw); err != nil {
		return plan{}, fmt.Errorf("read the sample of a plan: %w", err)
	}
	var p plan
	for _, c := range raw.Criteria {
		kind, ok := ledger.Parse(ledger.SubjectKinds(), c.Kind)
		if !ok {
			return p, fmt.Errorf("the sample of a plan has criteria for %q", c.Kind)
		}
		set := CriteriaSet{Kind: kind, BonusCap: c.BonusCap, Groups: c.Groups, Sample: true}
		for _, g := range set.Groups {
			for i := range g.Criteria {
				g.Criteria[i].ID = s.newID()
			}
		}
		p.sets = append(p.sets, set)
	}
	for i, x := range raw.Phases {
		opens, err := dayOf(year, x.Opens)
		if err != nil {
			return p, err
		}
		closes, err := dayOf(year, x.Closes)
		if err != nil {
			return p, err
		}
		p.phases = append(p.phases, Phase{
			ID: strconv.Itoa(i), Kind: x.Kind, Name: x.Name, Opens: opens, Closes: closes, Grace: x.Grace, Rolls: true, Sample: true,
		})
	}
	for _, x := range raw.Duties {
		due, err := dayOf(year, x.Due)
		if err != nil {
			return p, err
		}
		d := Duty{Title: x.Title, Note: x.Note, Due: due, Sample: true}
		for _, phase := range p.phases {
			if phase.Kind == x.Phase {
				d.Phase = phase.ID
			}
		}
		p.duties = append(p.duties, d)
	}
	return p, nil
}

func dayOf(year int, monthDay string) (clock.Date, error) {
	return clock.ParseDate(fmt.Sprintf("%04d-%s", year, monthDay))
}

// PlanFromSample gives a movement that has no plan the one that the program brings along:
// criteria as drafts, phases and duties, each marked as a sample until somebody changes it.
func (s *Service) PlanFromSample(ctx context.Context, who actor.Actor, code string) (CloneCounts, error) {
	if !who.Can(RightManage) {
		return CloneCounts{}, forbidden()
	}
	var counts CloneCounts
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.mine(ctx, tx, who, code)
		if err != nil {
			return err
		}
		has, err := planOf(ctx, tx, m)
		if err != nil {
			return err
		}
		if len(has.sets)+len(has.phases)+len(has.duties) > 0 {
			return errs.New(errs.Conflict, i18n.MovementPlanned)
		}
		p, err := s.samplePlan(m.Periods[len(m.Periods)-1].From.Year())
		if err != nil {
			return err
		}
		if err := s.putPlan(ctx, tx, who, m, p); err != nil {
			return err
		}
		counts = p.counts(m)
		return s.audit(ctx, tx, who, "movement.sample", m.ID, counts)
	})
	return counts, err
}
