package practice

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// people are the exemplars that a batch of inputs names: those that were known when it
// began, and those that it makes.
type people struct {
	newID  id.Source
	byID   map[string]Exemplar
	byName map[personName]Exemplar
	fresh  []Exemplar // the caller's to insert
}

// personName is what makes two namings one exemplar: a group with two practices is one.
type personName struct {
	unit   string
	kind   ledger.SubjectKind
	folded string
}

func nameOf(x Exemplar) personName { return personName{x.Unit, x.Kind, viet.Fold(x.Name)} }

// peopleNamed reads the exemplars that are named by their identity, or by unit, kind and
// name.
func (s *Service) peopleNamed(ctx context.Context, q db.Querier, named []Exemplar) (*people, error) {
	p := &people{newID: s.newID, byName: map[personName]Exemplar{}}
	var ids []string
	var names []personName
	for _, x := range named {
		if x.ID != "" {
			ids = append(ids, x.ID)
		} else {
			names = append(names, nameOf(x))
		}
	}
	known, err := exemplarsByName(ctx, q, names)
	if err != nil {
		return nil, err
	}
	for _, x := range known {
		if _, earlier := p.byName[nameOf(x)]; !earlier {
			p.byName[nameOf(x)] = x
		}
	}
	p.byID, err = exemplarsByID(ctx, q, ids)
	return p, err
}

// find gives the exemplar that is named, and makes one that is not known yet.
func (p *people) find(x Exemplar) (Exemplar, error) {
	if x.ID != "" {
		found, ok := p.byID[x.ID]
		if !ok {
			return Exemplar{}, errs.New(errs.Invalid, i18n.PracticeExemplarNotFound).On("exemplar")
		}
		return found, nil
	}
	if found, ok := p.byName[nameOf(x)]; ok {
		return found, nil
	}
	x.ID = p.newID()
	p.byName[nameOf(x)] = x
	p.fresh = append(p.fresh, x)
	return x, nil
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
	var found []Exemplar
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		found, err = s.FindIn(ctx, tx, who, all)
		return err
	})
	return found, err
}

// FindIn is [Service.FindAll] in the transaction of a room above.
func (s *Service) FindIn(ctx context.Context, tx *db.Tx, who actor.Actor, all []ExemplarInput) ([]Exemplar, error) {
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
	m, err := s.movements.GetIn(ctx, tx, who, all[0].Movement)
	if err != nil {
		return nil, err
	}
	f, err := s.finding(ctx, tx, who, m, all)
	if err != nil {
		return nil, err
	}
	acts, found := make([]ledger.Act, len(all)), make([]Exemplar, len(all))
	for i, in := range all {
		if found[i], acts[i], err = f.found(in); err != nil {
			return nil, placed(err, i, len(all))
		}
	}
	if err := insertExemplars(ctx, tx, f.people.fresh); err != nil {
		return nil, err
	}
	if _, err := s.book.AppendAll(ctx, tx, acts); err != nil {
		return nil, err
	}
	return found, s.auditFound(ctx, tx, who, found)
}

// ExemplarsAt gives the exemplars of a unit, by name; for the rooms above, which have
// checked who may see them.
func ExemplarsAt(ctx context.Context, q db.Querier, unit string) ([]Exemplar, error) {
	return db.All(ctx, q, scanExemplar, `SELECT `+exemplarColumns+` FROM practice_exemplar WHERE unit_id = $1 ORDER BY folded, id LIMIT 500`, unit)
}

func (s *Service) auditFound(ctx context.Context, tx *db.Tx, who actor.Actor, found []Exemplar) error {
	if len(found) == 1 {
		return s.log.Add(ctx, tx, who, "practice.find", audit.Object{Kind: "exemplar", ID: found[0].ID},
			map[string]any{"kind": found[0].Kind.String(), "unit": found[0].Unit})
	}
	return s.log.Add(ctx, tx, who, "practice.find", audit.Object{Kind: "exemplars"}, map[string]any{"count": len(found)})
}

// finding is what all findings of a batch share.
type finding struct {
	s        *Service
	who      actor.Actor
	movement movement.Movement
	tree     *org.Tree
	people   *people
}

func (s *Service) finding(ctx context.Context, tx *db.Tx, who actor.Actor, m movement.Movement, all []ExemplarInput) (finding, error) {
	f := finding{s: s, who: who, movement: m}
	var err error
	if f.tree, err = s.org.Tree(ctx, tx); err != nil {
		return f, err
	}
	named := make([]Exemplar, len(all))
	for i, in := range all {
		unit, _ := f.tree.ByCode(in.Unit)
		named[i] = Exemplar{ID: in.Exemplar, Name: in.Name, Kind: in.Kind, Unit: unit.ID}
	}
	f.people, err = s.peopleNamed(ctx, tx, named)
	return f, err
}

func (f finding) found(in ExemplarInput) (Exemplar, ledger.Act, error) {
	if !strings.EqualFold(in.Movement, f.movement.Code) {
		return Exemplar{}, ledger.Act{}, errs.New(errs.Invalid, i18n.PracticeOneMovement).On("movement")
	}
	if in.On > f.s.now.Today() {
		return Exemplar{}, ledger.Act{}, errs.New(errs.Invalid, i18n.MovementFuture, in.On).On("on")
	}
	period, err := periodFor(f.movement, in.Period, in.On)
	if err != nil {
		return Exemplar{}, ledger.Act{}, err
	}
	x, err := f.exemplar(in)
	if err != nil {
		return Exemplar{}, ledger.Act{}, err
	}
	unit, ok := f.tree.Unit(x.Unit)
	if !ok {
		return Exemplar{}, ledger.Act{}, errs.New(errs.NotFound, i18n.OrgNotFound).On("unit")
	}
	attr, err := attrOf(f.tree, f.movement, f.who.Scope, Input{Unit: unit.Code, On: in.On, Kind: x.Kind, Field: in.Field})
	if err != nil {
		return Exemplar{}, ledger.Act{}, err
	}
	attr.Subject = x.ID
	return x, ledger.Act{
		Kind: ledger.Found, Period: period.No, Subject: x.ID, On: in.On, By: f.who.Account, Attr: &attr,
		Label: &ledger.Label{Title: x.Name},
	}, nil
}

func (f finding) exemplar(in ExemplarInput) (Exemplar, error) {
	x := Exemplar{ID: in.Exemplar, Name: in.Name, Kind: in.Kind, Note: in.Note, IntroducedBy: in.IntroducedBy, CreatedAt: f.s.now()}
	if x.ID == "" {
		unit, ok := f.tree.ByCode(in.Unit)
		if !ok {
			return Exemplar{}, errs.New(errs.Invalid, i18n.OrgNotFound).On("unit")
		}
		x.Unit = unit.ID
	}
	return f.people.find(x)
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

// ExemplarsSeen finds many exemplars by their identities at once; one that the actor may
// not see is left out.
func (s *Service) ExemplarsSeen(ctx context.Context, who actor.Actor, ids []string) (map[string]Exemplar, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	all, err := exemplarsByID(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	tree, err := s.org.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(all, func(_ string, x Exemplar) bool { return !tree.InScope(who.Scope, x.Unit) })
	return all, nil
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
		page, total, err = ledger.SubjectsBehind(ctx, q, f, *in.Behind, in.Slice)
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

// VoidFound takes back that an exemplar was found, or struck off, where that was recorded
// in error: as if it had never been. A striking off that rests on it must be voided first.
func (s *Service) VoidFound(ctx context.Context, who actor.Actor, exemplar, act, reason string) error {
	if !who.Can(RightReclassify) {
		return forbidden()
	}
	reason, err := VoidReason(reason)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.exemplarSeen(ctx, tx, who, exemplar); err != nil {
			return err
		}
		acts, err := ledger.ActsOnSubject(ctx, tx, exemplar)
		if err != nil {
			return err
		}
		if err := mayVoidFound(acts, act); err != nil {
			return err
		}
		if _, err := s.book.Append(ctx, tx, ledger.Act{
			Kind: ledger.Voided, Target: act, On: s.now.Today(), By: who.Account, Reason: reason,
		}); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "practice.voidFound", audit.Object{Kind: "exemplar", ID: exemplar}, map[string]any{"act": act, "reason": reason})
	})
}

// VoidableFound lists the acts of finding and striking off that the actor may void.
func VoidableFound(who actor.Actor, acts []ledger.Act) []string {
	var all []string
	for _, a := range acts {
		if who.Can(RightReclassify) && mayVoidFound(acts, a.ID) == nil {
			all = append(all, a.ID)
		}
	}
	return all
}

func mayVoidFound(acts []ledger.Act, act string) error {
	live := ledger.StandingOf(acts).Living()
	i := slices.IndexFunc(live, func(a ledger.Act) bool {
		return a.ID == act && a.Item == "" && (a.Kind == ledger.Found || a.Kind == ledger.StruckOff)
	})
	if i < 0 {
		return errs.New(errs.NotFound, i18n.LedgerTargetGone)
	}
	of := ledger.StandingOf(slices.DeleteFunc(slices.Clone(acts), func(a ledger.Act) bool { return a.Period != live[i].Period }))
	without := of.Without(act)
	for _, a := range without.Living() {
		if a.Kind == ledger.StruckOff && of.Before(a).Has(ledger.FigureFound, a.On) && !without.Before(a).Has(ledger.FigureFound, a.On) {
			return errs.New(errs.Conflict, i18n.PracticeRestsOn)
		}
	}
	return nil
}
