package org

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

// Service is the capability.
type Service struct {
	db    *db.DB
	log   *audit.Log
	newID id.Source
	tree  *atomic.Pointer[Tree]
}

// New makes the service.
func New(d *db.DB, log *audit.Log, newID id.Source) *Service {
	return &Service{db: d, log: log, newID: newID, tree: &atomic.Pointer[Tree]{}}
}

// Tree is all units as the database has them now, whoever asks: rooms use it to name
// units and to find paths; what an actor may see of it is [Service.List]. It is read
// anew only when something has changed since.
func (s *Service) Tree(ctx context.Context, q db.Querier) (*Tree, error) {
	revision, err := revision(ctx, q)
	if err != nil {
		return nil, err
	}
	if t := s.tree.Load(); t != nil && t.revision == revision {
		return t, nil
	}
	t, err := load(ctx, q, revision)
	if err != nil {
		return nil, err
	}
	if q == db.Querier(s.db) { // what a transaction sees may yet be rolled back
		s.tree.Store(t)
	}
	return t, nil
}

// List gives the units that the actor may see and that were valid on the day.
func (s *Service) List(ctx context.Context, who actor.Actor, on clock.Date) ([]Unit, error) {
	if !who.Can(RightRead) {
		return nil, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	t, err := s.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	return t.Visible(who.Scope, on), nil
}

// Get finds a unit by its code; what lies outside the actor's scope is not found.
func (s *Service) Get(ctx context.Context, who actor.Actor, code string) (Unit, error) {
	if !who.Can(RightRead) {
		return Unit{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	t, err := s.Tree(ctx, s.db)
	if err != nil {
		return Unit{}, err
	}
	u, ok := t.ByCode(code)
	if !ok || !t.InScope(who.Scope, u.ID) {
		return Unit{}, errs.New(errs.NotFound, i18n.OrgNotFound)
	}
	return u, nil
}

// Create sets up a unit.
func (s *Service) Create(ctx context.Context, who actor.Actor, in Input) (Unit, error) {
	units, err := s.CreateAll(ctx, who, []Input{in})
	if err != nil {
		return Unit{}, err
	}
	return units[0], nil
}

// CreateAll sets up many units in one transaction; parents come before children.
func (s *Service) CreateAll(ctx context.Context, who actor.Actor, all []Input) ([]Unit, error) {
	if !who.Can(RightManage) {
		return nil, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	var made []Unit
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		shared, err := s.Tree(ctx, tx)
		if err != nil {
			return err
		}
		tree := newTree(shared.revision, slices.Clone(shared.all))
		for _, in := range all {
			u, err := s.create(ctx, tx, who, tree, in)
			if err != nil {
				return err
			}
			made = append(made, u)
			tree.add(&u)
		}
		return bump(ctx, tx)
	})
	return made, err
}

func (s *Service) create(ctx context.Context, tx *db.Tx, who actor.Actor, tree *Tree, in Input) (Unit, error) {
	if err := in.Check(); err != nil {
		return Unit{}, err
	}
	if _, taken := tree.ByCode(in.Code); taken {
		return Unit{}, errs.New(errs.Conflict, i18n.OrgCodeTaken, in.Code).On("code")
	}
	if err := mayHang(tree, who, in); err != nil {
		return Unit{}, err
	}
	u := Unit{
		ID: s.newID(), Code: in.Code, Kind: in.Kind, Version: 1, step: stepOf(len(tree.all)), Span: Span{From: in.From},
		Names: []Name{{Span: Span{From: in.From}, Name: in.Name, Level: in.Level}},
	}
	for _, p := range in.Parents {
		u.Parents = append(u.Parents, Parent{Span: Span{From: in.From}, Unit: p.Unit, Tree: p.Tree, Counts: p.Counts})
	}
	if err := insert(ctx, tx, u); err != nil {
		return Unit{}, err
	}
	return u, s.log.Add(ctx, tx, who, "org.create", audit.Object{Kind: "unit", ID: u.ID}, map[string]any{"code": in.Code, "name": in.Name})
}

// mayHang checks that the parents are there, valid, and the actor's to add to.
func mayHang(tree *Tree, who actor.Actor, in Input) error {
	counted := slices.ContainsFunc(in.Parents, func(p ParentInput) bool { return p.Counts })
	if !counted && !who.Scope.All {
		return errs.New(errs.Forbidden, i18n.OrgRootForbidden)
	}
	for _, p := range in.Parents {
		up, ok := tree.Unit(p.Unit)
		if !ok || (p.Counts && !tree.InScope(who.Scope, up.ID)) {
			return errs.New(errs.NotFound, i18n.OrgNotFound).On("parent")
		}
		if !up.On(in.From) {
			return errs.New(errs.Invalid, i18n.OrgParentInvalid, up.NameOn(in.From), in.From).On("parent")
		}
	}
	return nil
}

// RenameTo gives a unit a new name, and level, from a day on; earlier papers keep the
// earlier name.
func (s *Service) RenameTo(ctx context.Context, who actor.Actor, code, name string, level Level, on clock.Date) error {
	name = strings.TrimSpace(name)
	return s.change(ctx, who, code, Event{Kind: Rename, On: on, Note: name}, func(ctx context.Context, tx *db.Tx, u Unit) error {
		if err := checkName(name, level); err != nil {
			return err
		}
		if last := u.Names[len(u.Names)-1]; on <= last.From {
			return errs.New(errs.Invalid, i18n.OrgNameLater, last.From).On("on")
		}
		return insertName(ctx, tx, u.ID, Name{Span: Span{From: on}, Name: name, Level: level})
	})
}

// MoveTo hangs a unit under another counting parent from a day on.
func (s *Service) MoveTo(ctx context.Context, who actor.Actor, code, parentCode string, tree TreeKind, on clock.Date) error {
	return s.change(ctx, who, code, Event{Kind: Move, On: on, Note: parentCode}, func(ctx context.Context, tx *db.Tx, u Unit) error {
		if !slices.Contains(Trees(), tree) {
			return errs.New(errs.Invalid, i18n.ErrsBadChoice).On("tree")
		}
		t, err := s.Tree(ctx, tx)
		if err != nil {
			return err
		}
		up, ok := t.ByCode(parentCode)
		if !ok || !t.InScope(who.Scope, up.ID) {
			return errs.New(errs.NotFound, i18n.OrgNotFound).On("parent")
		}
		if slices.ContainsFunc(t.Above(up.ID, on), func(above Unit) bool { return above.ID == u.ID }) {
			return errs.New(errs.Invalid, i18n.OrgCircle).On("parent")
		}
		if !up.On(on) {
			return errs.New(errs.Invalid, i18n.OrgParentInvalid, up.NameOn(on), on).On("parent")
		}
		if last := u.replaced(tree); on <= last {
			return errs.New(errs.Invalid, i18n.OrgMoveLater, last).On("on")
		}
		return replaceParent(ctx, tx, u.ID, Parent{Span: Span{From: on}, Unit: up.ID, Tree: tree, Counts: true})
	})
}

// replaced is the last day on which a link began that a new counting parent in the tree
// replaces.
func (u Unit) replaced(tree TreeKind) clock.Date {
	var last clock.Date
	for _, p := range u.Parents {
		if p.To == 0 && (p.Counts || p.Tree == tree) {
			last = max(last, p.From)
		}
	}
	return last
}

func (s *Service) change(ctx context.Context, who actor.Actor, code string, e Event, fn func(context.Context, *db.Tx, Unit) error) error {
	if !who.Can(RightManage) {
		return errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		t, err := s.Tree(ctx, tx)
		if err != nil {
			return err
		}
		u, ok := t.ByCode(code)
		if !ok || !t.InScope(who.Scope, u.ID) {
			return errs.New(errs.NotFound, i18n.OrgNotFound)
		}
		if !u.On(e.On) {
			return errs.New(errs.Invalid, i18n.OrgNotValidOn, u.NameOn(e.On), e.On).On("on")
		}
		if err := fn(ctx, tx, u); err != nil {
			return err
		}
		e.Successions = []Succession{{From: u.ID, To: u.ID, Whole: true}}
		return s.record(ctx, tx, who, e, u.ID)
	})
}

// Reorganise records a merge, a split or an abolition: which units ended on the day and
// which took them over, wholly or in part; an abolished unit follows itself. The ended
// units stay, with their history.
func (s *Service) Reorganise(ctx context.Context, who actor.Actor, e Event) error {
	if !who.Can(RightManage) {
		return errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	if err := e.check(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		t, err := s.Tree(ctx, tx)
		if err != nil {
			return err
		}
		ended := map[string]bool{}
		for _, x := range e.Successions {
			if err := mayFollow(t, who, e, x); err != nil {
				return err
			}
			ended[x.From] = true
		}
		for unit := range ended {
			if err := end(ctx, tx, unit, e.On); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, who, e, "")
	})
}

func mayFollow(t *Tree, who actor.Actor, e Event, x Succession) error {
	from, ok := t.Unit(x.From)
	if !ok || !t.InScope(who.Scope, x.From) {
		return errs.New(errs.NotFound, i18n.OrgNotFound)
	}
	if from.To != 0 || !from.On(e.On-1) { // a unit ends once
		return errs.New(errs.Invalid, i18n.OrgNotValidOn, from.NameOn(e.On), e.On)
	}
	if to, ok := t.Unit(x.To); !ok || !to.On(e.On) || !t.InScope(who.Scope, x.To) { // what may not be seen is not there
		return errs.New(errs.Invalid, i18n.OrgSuccessorInvalid, e.On)
	}
	return nil
}

func (s *Service) record(ctx context.Context, tx *db.Tx, who actor.Actor, e Event, unit string) error {
	e.ID = s.newID()
	if err := insertEvent(ctx, tx, e); err != nil {
		return err
	}
	if err := bump(ctx, tx); err != nil {
		return err
	}
	return s.log.Add(ctx, tx, who, "org."+string(e.Kind), audit.Object{Kind: "unit", ID: unit}, e)
}

// Events lists what happened to a unit, as the one that ended or the one that followed.
func (s *Service) Events(ctx context.Context, who actor.Actor, code string) ([]Event, error) {
	u, err := s.Get(ctx, who, code)
	if err != nil {
		return nil, err
	}
	return eventsOf(ctx, s.db, u.ID)
}

// stepOf writes the number of a unit as a step of four letters (base 36: 1,679,616
// units).
func stepOf(n int) string {
	s := strconv.FormatInt(int64(n), 36)
	return strings.Repeat("0", StepLen-len(s)) + s
}
