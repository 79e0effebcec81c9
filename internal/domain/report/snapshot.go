package report

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// drawn is a report drawn up to be frozen.
type drawn struct {
	report    Report
	lists     lists
	narrative Narrative
	lastAct   string
}

// Freeze keeps a report as it is known now, with the lists behind its figures and its words.
// A breach of an identity stops it: the error names the identity, and [Service.Report] the
// records that cause it. Where nothing has changed since the last version, that one is given
// back, so that a button pressed twice freezes once.
func (s *Service) Freeze(ctx context.Context, who actor.Actor, in Query) (Snapshot, error) {
	if !who.Can(RightFreeze) {
		return Snapshot{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	a, err := s.ofOneUnit(ctx, who, in)
	if err != nil {
		return Snapshot{}, err
	}
	if a.question.On > s.now.Today() {
		return Snapshot{}, errs.New(errs.Invalid, i18n.ReportFuture, a.question.On).On("asOf")
	}
	d, err := s.draw(ctx, a.whole())
	if err != nil {
		return Snapshot{}, err
	}
	p, err := s.packed(who, a, d)
	if err != nil {
		return Snapshot{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		last, err := lastSnapshot(ctx, tx, a.about(), p.Snapshot)
		switch {
		case err == nil && last.SHA256 == p.SHA256:
			p.Snapshot = last
			return nil
		case err != nil && !errors.Is(err, db.ErrNoRow):
			return err
		}
		p.Version = last.Version + 1
		if err := insertSnapshot(ctx, tx, a.about(), p); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "report.freeze", audit.Object{Kind: "snapshot", ID: p.ID}, p.Snapshot)
	})
	return p.Snapshot, err
}

// whole is the same question about all that lies below the unit, whoever asks: what is
// frozen does not hang on who froze it.
func (a asked) whole() asked {
	a.question.Area.Scope = actor.Scope{All: true}
	return a
}

// draw draws a report up, and refuses one that breaks an identity. Its parts are read side
// by side, each from a view of its own; where somebody recorded an act between the views, they
// are read once more from one.
func (s *Service) draw(ctx context.Context, a asked) (drawn, error) {
	a.list = false // the lists have more
	earlier := s.earlier(ctx, a)
	d, err := s.drawApart(ctx, a)
	if errors.Is(err, errMoved) {
		err = s.db.Snapshot(ctx, func(q db.Querier) (err error) {
			if d.lastAct, err = ledger.Mark(ctx, q); err != nil {
				return err
			}
			for _, part := range d.parts(a) {
				if err := part(ctx, q); err != nil {
					return err
				}
			}
			return nil
		})
	}
	before, beforeErr := earlier()
	if err == nil {
		err = beforeErr
	}
	if err == nil {
		d.report.compare(a, before)
	}
	return *d, err
}

// errMoved says that an act was recorded while parts of a report were read.
var errMoved = errors.New("report: an act was recorded meanwhile")

// drawApart reads the parts of a report side by side.
func (s *Service) drawApart(ctx context.Context, a asked) (*drawn, error) {
	d := new(drawn)
	parts := d.parts(a)
	marks, failed := make([]string, len(parts)), make([]error, len(parts))
	var all sync.WaitGroup
	for i, part := range parts {
		all.Go(func() {
			failed[i] = s.db.Snapshot(ctx, func(q db.Querier) (err error) {
				if marks[i], err = ledger.Mark(ctx, q); err != nil {
					return err
				}
				return part(ctx, q)
			})
		})
	}
	all.Wait()
	for _, err := range failed {
		if err != nil {
			return d, err
		}
	}
	if d.lastAct = marks[0]; slices.ContainsFunc(marks, func(m string) bool { return m != d.lastAct }) {
		return d, errMoved
	}
	return d, nil
}

// parts read the figures with the tables and the words, and the lists behind them.
func (d *drawn) parts(a asked) []func(context.Context, db.Querier) error {
	names := a.namer
	return []func(context.Context, db.Querier) error{
		func(ctx context.Context, q db.Querier) (err error) {
			if d.report, err = counted(ctx, q, a); err != nil {
				return err
			}
			for _, one := range d.report.Identities {
				if !one.Holds {
					return errs.New(errs.Conflict, i18n.ReportBroken, one.Label()).On(one.ID)
				}
			}
			d.narrative, err = narrativeOf(ctx, q, a.about(), 0)
			return err
		},
		func(ctx context.Context, q db.Querier) (err error) {
			d.lists.Entries, err = entriesBehind(ctx, q, a, names())
			return err
		},
		func(ctx context.Context, q db.Querier) (err error) {
			if d.lists.Subjects, err = subjectsBehind(ctx, q, a, names()); err != nil {
				return err
			}
			d.lists.Items, err = itemsBehind(ctx, q, a, names())
			return err
		},
	}
}

// packed is what was drawn up as a row.
func (s *Service) packed(who actor.Actor, a asked, d drawn) (packedSnapshot, error) {
	b := d.report.book()
	var sections []frozenSection
	for _, section := range Sections() {
		text := d.narrative.Texts[section]
		var l errs.List
		if b.checkMarks(&l, section, text); l.Err() != nil { // a row that it names has gone
			return packedSnapshot{}, l.Err()
		}
		sections = append(sections, frozenSection{section, text, b.fill(text)})
	}
	content, err := newDocument(d.report, sections).bytes(d.lists)
	if err != nil {
		return packedSnapshot{}, err
	}
	hash := make(chan string, 1) // summed while it is packed
	go func() { hash <- sum(content) }()
	p := packedSnapshot{Snapshot: Snapshot{
		ID: s.newID(), Movement: a.movement.Code, PeriodNo: a.period.No, Scope: a.root.Code, AsOf: a.question.On, Narrative: d.narrative.Version,
		Size: len(content), FrozenAt: s.now(), FrozenBy: who.Account, unit: a.root.ID, lastAct: d.lastAct, revision: a.tree.Revision(),
	}}
	if p.document, err = pack(content); err != nil {
		return p, err
	}
	p.SHA256 = <-hash
	return p, nil
}

// Snapshot reads a report that was frozen, with its bytes: for pages, for papers, and for
// what is sent up. Bytes that are not those that were frozen are an error.
func (s *Service) Snapshot(ctx context.Context, who actor.Actor, id string) (Frozen, error) {
	if !who.Can(RightRead) {
		return Frozen{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	p, err := findSnapshot(ctx, s.db, id)
	if errors.Is(err, db.ErrNoRow) {
		return Frozen{}, errs.New(errs.NotFound, i18n.ReportNoSnapshot)
	}
	if err != nil {
		return Frozen{}, err
	}
	tree, err := s.org.Tree(ctx, s.db)
	if err != nil {
		return Frozen{}, err
	}
	if !p.seenBy(tree, who) {
		return Frozen{}, errs.New(errs.NotFound, i18n.ReportNoSnapshot)
	}
	return p.open(p.document)
}

// seenBy tells whether an actor sees the whole of the unit that a snapshot is about.
func (s Snapshot) seenBy(tree *org.Tree, who actor.Actor) bool {
	return coversAll(who.Scope, tree.Paths(s.unit))
}

// Snapshots lists the reports that were frozen and that the actor sees, the latest first: of
// a movement, or of all for "".
func (s *Service) Snapshots(ctx context.Context, who actor.Actor, movement string) ([]Snapshot, error) {
	if !who.Can(RightRead) {
		return nil, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	if movement != "" {
		m, err := s.movements.Get(ctx, who, movement)
		if err != nil {
			return nil, err
		}
		movement = m.ID
	}
	tree, err := s.org.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	all, err := listSnapshots(ctx, s.db, movement)
	return slices.DeleteFunc(all, func(one Snapshot) bool { return !one.seenBy(tree, who) }), err
}
