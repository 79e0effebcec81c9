package parcel

import (
	"context"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Sum is what the house holds itself, what each sender sent up, and the two together.
type Sum struct {
	Movement movement.Movement
	Period   movement.Period
	AsOf     clock.Date
	Scope    report.Place
	Own      report.Figures
	Senders  []SumRow // by code of the unit
	Total    report.Figures
	Missing  int  // expected, and nothing of theirs was accepted
	Chosen   bool // somebody chose who is expected; else it is every commune
}

// SumRow is a unit that sent or should have.
type SumRow struct {
	Unit     Named
	UnitID   string
	Expected bool
	Due      clock.Date // none was set
	Sent     bool       // a package of it was accepted
	Waits    bool       // a package of it waits to be looked at
	Package  Received   // the one that is summed
	Late     bool       // nothing was accepted, and the day is over
}

// Sum sums what was accepted up to a day beside what the house holds itself. Of every sender the
// latest package as of that day counts. Distinct subjects are not summed: the same group may
// stand in two houses.
func (s *Service) Sum(ctx context.Context, who actor.Actor, in report.Query) (Sum, error) {
	if !who.Can(RightRead) {
		return Sum{}, forbidden()
	}
	own, err := s.rooms.Reports.Report(ctx, who, in)
	if err != nil {
		return Sum{}, err
	}
	period, _ := own.Of.Period(own.PeriodNo)
	out := Sum{Movement: own.Of, Period: period, AsOf: own.AsOf, Scope: own.Scope, Own: own.Figures, Total: slices.Clone(own.Figures)}
	tree, err := s.rooms.Org.Tree(ctx, s.db)
	if err != nil {
		return out, err
	}
	scope := who.Scope
	if own.Root.ID != "" { // no wider than what the report is about
		scope = actor.Scope{Paths: tree.Paths(own.Root.ID)}
	}
	rows, err := s.expected(ctx, tree, scope, &out)
	if err != nil {
		return out, err
	}
	if err := s.arrived(ctx, tree, scope, &out, rows); err != nil {
		return out, err
	}
	for _, row := range rows {
		row.Late = row.Expected && !row.Sent && row.Due != 0 && row.Due < s.now.Today()
		if row.Expected && !row.Sent {
			out.Missing++
		}
		if row.Sent {
			plus(out.Total, row.Package.Figures)
		}
		out.Senders = append(out.Senders, *row)
	}
	slices.SortFunc(out.Senders, func(a, b SumRow) int { return strings.Compare(a.Unit.Code, b.Unit.Code) })
	return out, nil
}

// plus adds figures to figures.
func plus(to, more report.Figures) {
	for i := range to {
		f := more.Get(to[i].Name)
		to[i].Total += f.Total
		to[i].Collective += f.Collective
		to[i].Individual += f.Individual
		to[i].Household += f.Household
		to[i].Subjects = 0
	}
}

// expected are the units that should send: those that were chosen, or every commune.
func (s *Service) expected(ctx context.Context, tree *org.Tree, scope actor.Scope, out *Sum) (map[string]*SumRow, error) {
	rows := map[string]*SumRow{}
	chosen, err := expectedOf(ctx, s.db, out.Movement.ID, out.Period.No)
	if err != nil {
		return rows, err
	}
	for _, u := range tree.Visible(scope, 0) {
		due, ok := chosen[u.ID]
		if ok {
			out.Chosen = true
			rows[u.ID] = &SumRow{Unit: Named{u.Code, u.NameOn(out.AsOf)}, UnitID: u.ID, Expected: true, Due: due}
		}
	}
	if out.Chosen {
		return rows, nil
	}
	for _, u := range communes(tree, scope, out.AsOf) {
		rows[u.ID] = &SumRow{Unit: Named{u.Code, u.NameOn(out.AsOf)}, UnitID: u.ID, Expected: true}
	}
	return rows, nil
}

// communes are the communes of a scope on a day.
func communes(tree *org.Tree, scope actor.Scope, on clock.Date) []org.Unit {
	return slices.DeleteFunc(tree.Visible(scope, on), func(u org.Unit) bool { return u.Kind != "commune" || u.LevelOn(on) != org.Commune })
}

// arrived puts the packages in their rows.
func (s *Service) arrived(ctx context.Context, tree *org.Tree, scope actor.Scope, out *Sum, rows map[string]*SumRow) error {
	all, err := summed(ctx, s.db, out.Movement.ID, out.Period.No, out.AsOf)
	if err != nil {
		return err
	}
	for _, r := range all {
		u, ok := tree.Unit(r.UnitID)
		if !ok || !tree.InScope(scope, u.ID) {
			continue
		}
		if rows[u.ID] == nil {
			rows[u.ID] = &SumRow{Unit: Named{u.Code, u.NameOn(out.AsOf)}, UnitID: u.ID}
		}
		if row := rows[u.ID]; !row.Sent { // the later ones come first
			row.Sent, row.Package = true, r
		}
	}
	inbox, err := listReceived(ctx, s.db)
	for _, r := range inbox {
		if row := rows[r.UnitID]; row != nil && r.State == Waiting {
			row.Waits = true
		}
	}
	return err
}

// Expectation says which units should send for a period, and until when.
type Expectation struct {
	Movement string // code
	Period   int
	Due      clock.Date
	Units    []string // codes; none is every commune
}

// Expect sets which of the units that the actor looks after should send for a period.
func (s *Service) Expect(ctx context.Context, who actor.Actor, in Expectation) error {
	if !who.Can(RightReceive) {
		return forbidden()
	}
	m, err := s.rooms.Movements.Get(ctx, who, in.Movement)
	if err != nil {
		return err
	}
	if _, ok := m.Period(in.Period); !ok {
		return errs.New(errs.NotFound, i18n.MovementPeriodNotFound).On("period")
	}
	if in.Due == 0 {
		return errs.New(errs.Invalid, i18n.ErrsRequired).On("due")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		tree, err := s.rooms.Org.Tree(ctx, tx)
		if err != nil {
			return err
		}
		units, err := chosenUnits(tree, who.Scope, in, s.now.Today())
		if err != nil {
			return err
		}
		before, err := expectedOf(ctx, tx, m.ID, in.Period)
		if err != nil {
			return err
		}
		for unit := range before {
			if !tree.InScope(who.Scope, unit) {
				continue // somebody else's to choose
			}
			if err := forgetExpected(ctx, tx, m.ID, in.Period, unit); err != nil {
				return err
			}
		}
		var codes []string
		for _, u := range units {
			codes = append(codes, u.Code)
			if err := insertExpected(ctx, tx, m.ID, in.Period, u.ID, in.Due); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, who, "parcel.expect", audit.Object{Kind: "movement", ID: m.ID}, map[string]any{"period": in.Period, "due": in.Due, "units": codes})
	})
}

// chosenUnits finds the units of an expectation, each once.
func chosenUnits(tree *org.Tree, scope actor.Scope, in Expectation, on clock.Date) ([]org.Unit, error) {
	if len(in.Units) == 0 {
		return communes(tree, scope, on), nil
	}
	var l errs.List
	var all []org.Unit
	seen := map[string]bool{}
	for _, code := range in.Units {
		u, ok := tree.ByCode(code)
		switch {
		case !ok || !tree.InScope(scope, u.ID):
			l.Add("units", i18n.ParcelNoUnit, shown(code))
		case !seen[u.ID]:
			seen[u.ID] = true
			all = append(all, u)
		}
	}
	return all, l.Err()
}

// Expectable lists the communes that the actor looks after: who may be expected to send.
func (s *Service) Expectable(ctx context.Context, who actor.Actor) ([]Named, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	tree, err := s.rooms.Org.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	var all []Named
	for _, u := range communes(tree, who.Scope, s.now.Today()) {
		all = append(all, Named{u.Code, u.NameOn(s.now.Today())})
	}
	return all, nil
}
