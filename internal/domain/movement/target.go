package movement

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Target is a number that a unit, or a field, is to reach (chỉ tiêu).
type Target struct {
	Unit   string       // a unit directly below that of the movement; none for a field
	Field  ledger.Field // none for a unit
	Figure ledger.Figure
	Number int
}

// Targets are those of a period.
type Targets struct {
	Period    int
	Draft     bool // taken over from another year, nobody has looked at them
	Version   int
	UpdatedAt time.Time
	UpdatedBy string
	All       []Target
}

// Of is the number of a unit or a field; false where none is set.
func (t Targets) Of(unit string, field ledger.Field, figure ledger.Figure) (int, bool) {
	i := slices.IndexFunc(t.All, func(x Target) bool { return x.Unit == unit && x.Field == field && x.Figure == figure })
	if i < 0 {
		return 0, false
	}
	return t.All[i].Number, true
}

// UnitFigures are the figures for which units have targets.
func UnitFigures() []ledger.Figure {
	return []ledger.Figure{ledger.FigureRegistered, ledger.FigureRecognised, ledger.FigureTypical, ledger.FigureReplicated, ledger.FigureFound}
}

// FieldFigures are the figures for which fields have targets: those that count entries.
func FieldFigures() []ledger.Figure {
	return []ledger.Figure{ledger.FigureRegistered, ledger.FigureRecognised, ledger.FigureTypical, ledger.FigureReplicated}
}

// Bounds of targets.
const (
	MaxTarget  = 1_000_000
	maxTargets = 20_000
)

// TargetUnits are the units that may have targets in a period: those directly below the
// movement's that were in being in it.
func TargetUnits(tree *org.Tree, m Movement, p Period) []org.Unit {
	all := tree.Children(m.Unit, p.To)
	for _, u := range tree.Children(m.Unit, p.From) {
		if !slices.ContainsFunc(all, func(x org.Unit) bool { return x.ID == u.ID }) {
			all = append(all, u)
		}
	}
	return all
}

// Targets gives the targets of a period: all to who keeps the movement, to others those of
// their own units.
func (s *Service) Targets(ctx context.Context, who actor.Actor, code string, period int) (Targets, error) {
	if !who.Can(RightRead) {
		return Targets{}, forbidden()
	}
	m, err := s.seen(ctx, s.db, who, code)
	if err != nil {
		return Targets{}, err
	}
	if _, ok := m.Period(period); !ok {
		return Targets{}, errs.New(errs.NotFound, i18n.MovementPeriodNotFound)
	}
	tree, err := s.org.Tree(ctx, s.db)
	if err != nil {
		return Targets{}, err
	}
	t, err := targetsOf(ctx, s.db, period)
	if !tree.InScope(who.Scope, m.Unit) {
		t.All = slices.DeleteFunc(t.All, func(x Target) bool { return x.Unit == "" || !tree.InScope(who.Scope, x.Unit) })
	}
	return t, err
}

// TargetInput is all targets of a period, over the version that was read.
type TargetInput struct {
	Period  int
	Version int
	All     []Target
}

// check gathers what is wrong; a field is named after what the target is for.
func (in TargetInput) check(units []org.Unit) error {
	var l errs.List
	if len(in.All) > maxTargets {
		l.Add("", i18n.MovementTooMany, maxTargets)
		return l.Err()
	}
	known, seen := map[string]bool{}, map[Target]bool{}
	for _, u := range units {
		known[u.ID] = true
	}
	for _, t := range in.All {
		figures := UnitFigures()
		if t.Unit == "" {
			figures = FieldFigures()
		}
		key := Target{Unit: t.Unit, Field: t.Field, Figure: t.Figure}
		switch {
		case !slices.Contains(figures, t.Figure), t.Unit == "" && !slices.Contains(ledger.Fields(), t.Field), t.Unit != "" && t.Field != 0, seen[key]:
			l.Add(t.Name(), i18n.ErrsBadChoice)
		case t.Unit != "" && !known[t.Unit]:
			l.Add(t.Name(), i18n.MovementTargetUnit)
		case t.Number < 0 || t.Number > MaxTarget:
			l.Add(t.Name(), i18n.MovementTargetRange, MaxTarget)
		}
		seen[key] = true
	}
	return l.Err()
}

// Name is what a form calls the field of a target.
func (t Target) Name() string {
	if t.Unit != "" {
		return "u." + t.Unit + "." + string(t.Figure)
	}
	return "f." + strconv.Itoa(int(t.Field)) + "." + string(t.Figure)
}

// SetTargets writes the targets of a period anew.
func (s *Service) SetTargets(ctx context.Context, who actor.Actor, code string, in TargetInput) (Targets, error) {
	if !who.Can(RightManage) {
		return Targets{}, forbidden()
	}
	var t Targets
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.mine(ctx, tx, who, code)
		if err != nil {
			return err
		}
		p, ok := m.Period(in.Period)
		if !ok {
			return errs.New(errs.NotFound, i18n.MovementPeriodNotFound)
		}
		tree, err := s.org.Tree(ctx, tx)
		if err != nil {
			return err
		}
		if err := in.check(TargetUnits(tree, m, p)); err != nil {
			return err
		}
		old, err := targetsOf(ctx, tx, p.No)
		if err != nil {
			return err
		}
		if old.Version != in.Version {
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		t = Targets{Period: p.No, Version: old.Version + 1, UpdatedAt: s.now(), UpdatedBy: who.Account, All: in.All}
		if err := putTargets(ctx, tx, t); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "movement.targets", m.ID, map[string]any{"period": p.No, "before": old.All, "after": t.All})
	})
	return t, err
}
