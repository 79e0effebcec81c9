package practice

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// resolve finds an exemplar by its identity, or by its unit, kind and name; one that is
// not known yet is made, and is then the caller's to insert. A group with two practices
// is one exemplar.
func (s *Service) resolve(ctx context.Context, q db.Querier, x Exemplar, known map[string]Exemplar) (_ Exemplar, fresh bool, err error) {
	if x.ID != "" {
		found, err := findExemplar(ctx, q, x.ID)
		if errors.Is(err, db.ErrNoRow) {
			return Exemplar{}, false, errs.New(errs.Invalid, i18n.PracticeExemplarNotFound).On("exemplar")
		}
		return found, false, err
	}
	key := x.Unit + "|" + strconv.Itoa(int(x.Kind)) + "|" + viet.Fold(x.Name)
	if found, ok := known[key]; ok {
		return found, false, nil
	}
	found, err := exemplarByName(ctx, q, x)
	switch {
	case errors.Is(err, db.ErrNoRow):
		x.ID, fresh = s.newID(), true
	case err != nil:
		return Exemplar{}, false, err
	default:
		x = found
	}
	known[key] = x
	return x, fresh, nil
}

// Find notes that an exemplar was found in a period: through an entry or by anybody's
// introduction.
func (s *Service) Find(ctx context.Context, who actor.Actor, in ExemplarInput) (Exemplar, error) {
	all, err := s.FindAll(ctx, who, []ExemplarInput{in})
	if err != nil {
		return Exemplar{}, err
	}
	return all[0], nil
}

// FindAll notes many exemplars of one movement in one transaction.
func (s *Service) FindAll(ctx context.Context, who actor.Actor, all []ExemplarInput) ([]Exemplar, error) {
	if !who.Can(RightFind) {
		return nil, forbidden()
	}
	if len(all) == 0 || len(all) > maxStep {
		return nil, errs.New(errs.Invalid, i18n.PracticeNothingChosen)
	}
	for i := range all {
		if err := all[i].Check(); err != nil {
			return nil, placed(err, i, len(all))
		}
	}
	m, err := s.movements.Get(ctx, who, all[0].Movement)
	if err != nil {
		return nil, err
	}
	var found []Exemplar
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		var acts []ledger.Act
		f := finding{s: s, tx: tx, who: who, movement: m, known: map[string]Exemplar{}}
		for i, in := range all {
			x, act, err := f.found(ctx, in)
			if err != nil {
				return placed(err, i, len(all))
			}
			found, acts = append(found, x), append(acts, act)
		}
		if _, err := s.book.AppendAll(ctx, tx, acts); err != nil {
			return err
		}
		return s.auditFound(ctx, tx, who, found)
	})
	return found, err
}

func (s *Service) auditFound(ctx context.Context, tx *db.Tx, who actor.Actor, found []Exemplar) error {
	if len(found) == 1 {
		return s.log.Add(ctx, tx, who, "practice.find", audit.Object{Kind: "exemplar", ID: found[0].ID},
			map[string]any{"kind": found[0].Kind.String(), "unit": found[0].Unit})
	}
	return s.log.Add(ctx, tx, who, "practice.find", audit.Object{Kind: "exemplars"}, map[string]any{"count": len(found)})
}

// finding is what the exemplars of one batch have in common.
type finding struct {
	s        *Service
	tx       *db.Tx
	who      actor.Actor
	movement movement.Movement
	known    map[string]Exemplar
}

func (f finding) found(ctx context.Context, in ExemplarInput) (Exemplar, ledger.Act, error) {
	s, tx, m := f.s, f.tx, f.movement
	if !strings.EqualFold(in.Movement, m.Code) {
		return Exemplar{}, ledger.Act{}, errs.New(errs.Invalid, i18n.PracticeOneMovement).On("movement")
	}
	if in.On > s.now.Today() {
		return Exemplar{}, ledger.Act{}, errs.New(errs.Invalid, i18n.MovementFuture, in.On).On("on")
	}
	period, err := periodFor(m, in.Period, in.On)
	if err != nil {
		return Exemplar{}, ledger.Act{}, err
	}
	x, err := s.exemplarFor(ctx, tx, in, f.known)
	if err != nil {
		return Exemplar{}, ledger.Act{}, err
	}
	tree, err := s.org.Tree(ctx, tx)
	if err != nil {
		return Exemplar{}, ledger.Act{}, err
	}
	unit, ok := tree.Unit(x.Unit)
	if !ok {
		return Exemplar{}, ledger.Act{}, errs.New(errs.NotFound, i18n.OrgNotFound).On("unit")
	}
	attr, err := attrOf(tree, m, f.who.Scope, Input{Unit: unit.Code, On: in.On, Kind: x.Kind, Field: in.Field})
	if err != nil {
		return Exemplar{}, ledger.Act{}, err
	}
	attr.Subject = x.ID
	return x, ledger.Act{
		Kind: ledger.Found, Period: period.No, Subject: x.ID, On: in.On, By: f.who.Account, Attr: &attr,
		Label: &ledger.Label{Title: x.Name},
	}, nil
}

func (s *Service) exemplarFor(ctx context.Context, tx *db.Tx, in ExemplarInput, known map[string]Exemplar) (Exemplar, error) {
	x := Exemplar{ID: in.Exemplar, Name: in.Name, Kind: in.Kind, Note: in.Note, IntroducedBy: in.IntroducedBy, CreatedAt: s.now()}
	if x.ID == "" {
		tree, err := s.org.Tree(ctx, tx)
		if err != nil {
			return Exemplar{}, err
		}
		unit, ok := tree.ByCode(in.Unit)
		if !ok {
			return Exemplar{}, errs.New(errs.Invalid, i18n.OrgNotFound).On("unit")
		}
		x.Unit = unit.ID
	}
	x, fresh, err := s.resolve(ctx, tx, x, known)
	if err == nil && fresh {
		err = insertExemplars(ctx, tx, []Exemplar{x})
	}
	return x, err
}

// Exemplar finds an exemplar with everything that was done about it, in all periods.
func (s *Service) Exemplar(ctx context.Context, who actor.Actor, id string) (Exemplar, []ledger.Act, error) {
	if !who.Can(RightRead) {
		return Exemplar{}, nil, forbidden()
	}
	x, err := s.exemplarSeen(ctx, s.db, who, id)
	if err != nil {
		return Exemplar{}, nil, err
	}
	acts, err := ledger.ActsOnSubject(ctx, s.db, id)
	return x, acts, err
}

func (s *Service) exemplarSeen(ctx context.Context, q db.Querier, who actor.Actor, id string) (Exemplar, error) {
	x, err := findExemplar(ctx, q, id)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return Exemplar{}, err
	}
	tree, treeErr := s.org.Tree(ctx, q)
	if treeErr != nil {
		return Exemplar{}, treeErr
	}
	if err != nil || !tree.InScope(who.Scope, x.Unit) {
		return Exemplar{}, errs.New(errs.NotFound, i18n.PracticeExemplarNotFound)
	}
	return x, nil
}

// Exemplars gives the names of exemplars by identity; for the rooms above, which have
// checked who may see them.
func Exemplars(ctx context.Context, q db.Querier, ids []string) (map[string]Exemplar, error) {
	return exemplarsByID(ctx, q, ids)
}

// ListSubjects gives the list behind a figure that counts subjects.
func (s *Service) ListSubjects(ctx context.Context, who actor.Actor, in Query) (page ledger.Page[ledger.SubjectRow], total int, err error) {
	if !who.Can(RightRead) {
		return page, 0, forbidden()
	}
	if in.Behind == nil {
		return page, 0, errs.New(errs.Invalid, i18n.ErrsBadChoice).On("figure")
	}
	err = s.db.Snapshot(ctx, func(q db.Querier) error {
		f, err := s.filter(ctx, q, who, in)
		if err != nil {
			return err
		}
		in.Slice.Limit = max(1, min(in.Slice.Limit, maxLimit))
		if total, err = ledger.CountSubjectsBehind(ctx, q, f, *in.Behind); err != nil {
			return err
		}
		page, err = ledger.SubjectsBehind(ctx, q, f, *in.Behind, in.Slice)
		return err
	})
	return page, total, err
}

// Drop strikes an exemplar off the list of those found in a period, with a reason.
func (s *Service) Drop(ctx context.Context, who actor.Actor, exemplar string, period int, step Step) error {
	if !who.Can(RightFind) {
		return forbidden()
	}
	step.Entries = []string{exemplar}
	if err := step.check(s.now.Today()); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.exemplarSeen(ctx, tx, who, exemplar); err != nil {
			return err
		}
		if err := s.stillFound(ctx, tx, exemplar, period, step.On); err != nil {
			return err
		}
		if _, err := s.book.Append(ctx, tx, ledger.Act{
			Kind: ledger.StruckOff, Period: period, Subject: exemplar, On: step.On, By: who.Account, Reason: step.Reason,
		}); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "practice.drop", audit.Object{Kind: "exemplar", ID: exemplar}, step)
	})
}

func (s *Service) stillFound(ctx context.Context, q db.Querier, exemplar string, period int, on clock.Date) error {
	acts, err := ledger.ActsOnSubject(ctx, q, exemplar)
	if err != nil {
		return err
	}
	var of []ledger.Act
	for _, a := range acts {
		if a.Period == period {
			of = append(of, a)
		}
	}
	if !ledger.StandingOf(of).Has(ledger.FigureFound, on) {
		return errs.New(errs.Conflict, i18n.PracticeNotYet, i18n.LedgerFound, on)
	}
	return nil
}
