package review

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Trial is what a plan would do with a subject. Nothing of it is written.
type Trial struct {
	Steps []TrialStep
	Names map[string]string // of the accounts
	State State
	Error error // what a decision that was tried ran into
}

// TrialStep is a step of a trial.
type TrialStep struct {
	Step     Step
	Skipped  bool
	Groups   []TrialGroup
	Opens    clock.Date // the first day, if every step before takes all of its days
	Due      clock.Date // none is no deadline
	Warnings []i18n.Key
}

// TrialGroup is a group of a trial with who would vote.
type TrialGroup struct {
	Group    Group
	Unit     string // where they were looked for; "" of named people, or where there is none
	Accounts []string
	Warnings []i18n.Key
}

// Try tells who would review a subject under a version of a route, and by when, had it been
// sent in today, and plays decisions through that are given in their order. The steps are
// those of the version; each decision names the seat by For, which votes for itself.
func (s *Service) Try(ctx context.Context, who actor.Actor, route string, no int, of Subject, decisions []VoteInput) (Trial, error) {
	if !who.Can(RightManage) {
		return Trial{}, forbidden()
	}
	r, err := s.mine(ctx, s.db, who, route)
	if err != nil {
		return Trial{}, err
	}
	v, ok := r.Numbered(no)
	if !ok {
		return Trial{}, notNow()
	}
	off, err := s.holidays(ctx, s.db)
	if err != nil {
		return Trial{}, err
	}
	t := Trial{Names: map[string]string{}}
	day, earlier, skips := s.now.Today(), map[string]bool{}, v.Plan.skips(of)
	for i, step := range v.Plan.Steps {
		ts := TrialStep{Step: step, Skipped: slices.Contains(skips, i)}
		if !ts.Skipped {
			ts.Opens, ts.Due = day, Due(day, step.Days, off)
			day = max(day, ts.Due)
			if err := s.tryGroups(ctx, &t, &ts, of, earlier); err != nil {
				return Trial{}, err
			}
		}
		t.Steps = append(t.Steps, ts)
	}
	t.play(v.Plan, skips, s.now, decisions)
	return t, nil
}

// tryGroups finds who would vote in a step and what is wrong with that.
func (s *Service) tryGroups(ctx context.Context, t *Trial, ts *TrialStep, of Subject, earlier map[string]bool) error {
	here := map[string]bool{}
	again, twice := false, false
	for _, g := range ts.Step.Groups {
		found, unit, err := s.reviewers(ctx, s.db, g, of.Unit)
		if err != nil {
			return err
		}
		tg := TrialGroup{Group: g, Unit: unit}
		barred, err := s.barred(ctx, s.db, of, found)
		if err != nil {
			return err
		}
		impartial := slices.DeleteFunc(slices.Clone(found), func(a identity.Account) bool { return barred[a.ID] })
		if len(impartial) < len(found) {
			tg.Warnings = append(tg.Warnings, i18n.ReviewWarnPartial)
		}
		found = impartial
		for _, a := range found {
			t.Names[a.ID] = a.Name
			tg.Accounts = append(tg.Accounts, a.ID)
			again, twice = again || earlier[a.ID], twice || here[a.ID]
			here[a.ID] = true
		}
		switch {
		case g.At != AtPeople && unit == "":
			tg.Warnings = append(tg.Warnings, i18n.ReviewWarnNoUnit)
		case len(found) == 0:
			tg.Warnings = append(tg.Warnings, i18n.ReviewWarnNobody)
		case g.Rule == Some && g.Need > len(found):
			tg.Warnings = append(tg.Warnings, i18n.ReviewWarnTooMany)
		}
		ts.Groups = append(ts.Groups, tg)
	}
	if again {
		ts.Warnings = append(ts.Warnings, i18n.ReviewWarnTwoSteps)
	}
	if twice && !ts.Step.Twice {
		ts.Warnings = append(ts.Warnings, i18n.ReviewWarnTwoGroups)
	}
	for account := range here {
		earlier[account] = true
	}
	return nil
}

// play takes decisions through the plan in memory, up to the first that cannot be.
func (t *Trial) play(plan Plan, skips []int, now clock.Clock, decisions []VoteInput) {
	t.State = State{Plan: plan, flags: map[string]map[string]bool{}}
	do := func(e Event) bool {
		e.At = now()
		next, err := t.State.With(e)
		if err != nil {
			t.Error = err
			return false
		}
		t.State = next
		for t.State.Phase == PhaseOpen {
			step := t.State.Step
			panels := make([][]string, len(plan.Steps[step].Groups))
			for g := range panels {
				panels[g] = t.Steps[step].Groups[g].Accounts
			}
			if t.State, err = t.State.With(Event{Kind: Seated, At: e.At, Step: step, Detail: Detail{Panels: panels}}); err != nil {
				t.Error = err
				return false
			}
			if t.State.Step == step {
				break
			}
		}
		return true
	}
	if len(skips) == len(plan.Steps) || !do(Event{Kind: Started, Detail: Detail{Skips: skips}}) {
		return
	}
	for _, d := range decisions {
		e := Event{Kind: d.Kind, By: d.For, For: d.For, Step: t.State.Step, Group: d.Group, Detail: Detail{To: d.To, Reasons: d.Reasons}}
		if !do(e) {
			return
		}
	}
}
