package movement

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// DecisionInput is a decision, or the minutes of a meeting, to be entered.
type DecisionInput struct {
	Paper     ledger.Paper
	Number    string
	Authority string // code of the unit that issued it
	Level     org.Level
	SignedOn  clock.Date
	On        clock.Date // in force from; the day of signing where there is none
	Signer    string
	Title     string
}

// Check gathers everything that is wrong with the input.
func (in *DecisionInput) Check() error {
	var l errs.List
	in.Number, in.Title, in.Signer = strings.TrimSpace(in.Number), strings.TrimSpace(in.Title), strings.TrimSpace(in.Signer)
	if in.Paper != ledger.PaperDecision && in.Paper != ledger.PaperMinutes {
		l.Add("paper", i18n.ErrsBadChoice)
	}
	l.Text("number", in.Number, 100, in.Paper == ledger.PaperDecision)
	l.Text("title", in.Title, maxText, true)
	l.Text("signer", in.Signer, maxName, false)
	if in.SignedOn == 0 {
		l.Add("signedOn", i18n.ErrsRequired)
	}
	if in.On != 0 && in.On < in.SignedOn {
		l.Add("on", i18n.MovementBeforeSigning)
	}
	return l.Err()
}

// levelOf is the level of a paper: that of its authority, where it has one on the day;
// what a level may give hangs on it.
func levelOf(authority org.Unit, in DecisionInput) (org.Level, error) {
	level, own := in.Level, authority.LevelOn(in.SignedOn)
	switch {
	case level == org.NoLevel:
		level = own
	case own != org.NoLevel && level != own:
		return level, errs.New(errs.Invalid, i18n.MovementOtherLevel, authority.NameOn(in.SignedOn)).On("level")
	}
	if level == org.District && in.SignedOn >= org.DistrictEnd() {
		return level, errs.New(errs.Invalid, i18n.MovementNoDistrict, org.DistrictEnd()).On("level")
	}
	return level, nil
}

// Above lists the authorities above a scope that were valid on the day: the units in which
// it lies, and the organs of each, which are the units directly below it on its own level
// (its Party committee, its Front). What lies beside the scope is not among them.
func Above(tree *org.Tree, scope actor.Scope, on clock.Date) []org.Unit {
	var all []org.Unit
	add := func(u org.Unit) {
		if u.On(on) && !tree.InScope(scope, u.ID) && !slices.ContainsFunc(all, func(x org.Unit) bool { return x.ID == u.ID }) {
			all = append(all, u)
		}
	}
	for _, p := range scope.Paths {
		for i := org.StepLen; i < len(p); i += org.StepLen {
			u, ok := tree.AtPath(p[:i])
			if !ok {
				continue
			}
			add(u)
			for _, organ := range tree.Children(u.ID, on) {
				if level := organ.LevelOn(on); level != org.NoLevel && level == u.LevelOn(on) {
					add(organ)
				}
			}
		}
	}
	return all
}

// authority finds the unit that issued a paper: one of the actor's or, under a right of its
// own, one above them.
func authority(tree *org.Tree, who actor.Actor, in DecisionInput) (unit org.Unit, above bool, err error) {
	unit, ok := tree.ByCode(in.Authority)
	if ok && !tree.InScope(who.Scope, unit.ID) {
		above = who.Can(RightDecideAbove) && isAbove(tree, who.Scope, unit.ID, in.SignedOn)
		ok = above
	}
	if !ok {
		return unit, false, errs.New(errs.Invalid, i18n.MovementOutOfScope).On("authority")
	}
	if !unit.On(in.SignedOn) {
		return unit, false, errs.New(errs.Invalid, i18n.OrgNotValidOn, unit.NameOn(in.SignedOn), in.SignedOn).On("authority")
	}
	return unit, above, nil
}

func isAbove(tree *org.Tree, scope actor.Scope, unit string, on clock.Date) bool {
	return slices.ContainsFunc(Above(tree, scope, on), func(u org.Unit) bool { return u.ID == unit })
}

// Decide enters a decision or minutes. The number is refused where the authority used
// it already in that year. A paper of an authority above the actor's units is recorded as
// such: "movement.decideAbove".
func (s *Service) Decide(ctx context.Context, who actor.Actor, in DecisionInput) (ledger.Decision, error) {
	if !who.Can(RightDecide) {
		return ledger.Decision{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return ledger.Decision{}, err
	}
	if today := s.now.Today(); in.SignedOn > today {
		return ledger.Decision{}, errs.New(errs.Invalid, i18n.MovementFuture, in.SignedOn).On("signedOn")
	}
	var d ledger.Decision
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		tree, err := s.org.Tree(ctx, tx)
		if err != nil {
			return err
		}
		unit, above, err := authority(tree, who, in)
		if err != nil {
			return err
		}
		level, err := levelOf(unit, in)
		if err != nil {
			return err
		}
		d, err = s.book.Decide(ctx, tx, ledger.Decision{
			Paper: in.Paper, Number: in.Number, Authority: unit.ID, Path: tree.PathOn(unit.ID, in.SignedOn), Level: level,
			SignedOn: in.SignedOn, On: in.On, Signer: in.Signer, Title: in.Title,
		})
		if err != nil {
			return err
		}
		action := string(RightDecide)
		if above {
			action = string(RightDecideAbove)
		}
		return s.log.Add(ctx, tx, who, action, audit.Object{Kind: "decision", ID: d.ID}, in)
	})
	return d, err
}

// Decision finds a paper by its identity; one of an authority outside the actor's scope
// is seen where the authority is above the actor's units: a decision reaches those it names.
func (s *Service) Decision(ctx context.Context, who actor.Actor, id string) (ledger.Decision, error) {
	if !who.Can(RightRead) {
		return ledger.Decision{}, forbidden()
	}
	gone := errs.New(errs.NotFound, i18n.MovementDecisionNotFound)
	d, err := ledger.FindDecision(ctx, s.db, id)
	if errors.Is(err, db.ErrNoRow) {
		return ledger.Decision{}, gone
	}
	if err != nil || reaches(d.Path, who.Scope) {
		return d, err
	}
	tree, err := s.org.Tree(ctx, s.db)
	if err != nil {
		return ledger.Decision{}, err
	}
	if !isAbove(tree, who.Scope, d.Authority, d.SignedOn) {
		return ledger.Decision{}, gone
	}
	return d, nil
}

// PublicDecision finds a decision in force by its identity, for everybody; minutes are no
// public paper.
func (s *Service) PublicDecision(ctx context.Context, id string) (ledger.Decision, error) {
	d, err := ledger.FindDecision(ctx, s.db, id)
	if errors.Is(err, db.ErrNoRow) || (err == nil && (d.Paper != ledger.PaperDecision || d.On > s.now.Today())) {
		return ledger.Decision{}, errs.New(errs.NotFound, i18n.MovementDecisionNotFound)
	}
	return d, err
}

func reaches(authority string, scope actor.Scope) bool {
	if scope.Covers(authority) {
		return true
	}
	for _, p := range scope.Paths {
		if strings.HasPrefix(p, authority) {
			return true
		}
	}
	return false
}

// Decisions lists the papers of authorities within the actor's scope and, for one who may
// enter them, of those above it, the latest first.
func (s *Service) Decisions(ctx context.Context, who actor.Actor, before clock.Date, limit int) ([]ledger.Decision, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	ask := ledger.Papers{Area: ledger.Area{Scope: who.Scope}, Before: before, Limit: min(limit, 200)}
	if who.Can(RightDecideAbove) && !who.Scope.All {
		tree, err := s.org.Tree(ctx, s.db)
		if err != nil {
			return nil, err
		}
		for _, u := range Above(tree, who.Scope, s.now.Today()) {
			ask.Also = append(ask.Also, u.ID)
		}
	}
	return ledger.Decisions(ctx, s.db, ask)
}
