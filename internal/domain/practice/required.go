package practice

import (
	"context"
	"maps"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Papers tells what is missing before entries may be recognised by a decision; nothing
// missing is no error.
type Papers func(ctx context.Context, q db.Querier, d ledger.Decision, entries []string) error

// Require sets what is asked before entries are recognised, by the room above that keeps
// the papers.
func (s *Service) Require(papers Papers) { s.required = papers }

// lacking asks for the papers of a recognition, where somebody keeps them.
func (s *Service) lacking(ctx context.Context, q db.Querier, d ledger.Decision, entries []string, kind ledger.Kind) error {
	if kind != ledger.Recognised || s.required == nil {
		return nil
	}
	return s.required(ctx, q, d, entries)
}

// MeasureIn takes over in the caller's transaction what the indicators of an entry have come
// to, as a room above accepted it; of what is public the note tells readers why it changed.
func (s *Service) MeasureIn(ctx context.Context, tx *db.Tx, who actor.Actor, entry string, note string, reached func(Indicator) viet.Decimal) error {
	if !who.Can(RightReceive) {
		return forbidden()
	}
	old, err := s.get(ctx, tx, who, entry)
	if err != nil {
		return err
	}
	e := old
	e.Indicators, e.UpdatedAt, e.UpdatedBy = slices.Clone(old.Indicators), s.now(), who.Account
	for i, x := range e.Indicators {
		if n := reached(x); n.Known() {
			e.Indicators[i].Actual = n
		}
	}
	if slices.Equal(e.Indicators, old.Indicators) {
		return nil
	}
	if err := s.correct(ctx, tx, old, &e, note); err != nil {
		return err
	}
	if err := s.write(ctx, tx, e); err != nil {
		return err
	}
	return s.log.Add(ctx, tx, who, "practice.measure", audit.Object{Kind: "entry", ID: e.ID}, difference(old, e))
}

// StartIn notes in the caller's transaction that entries are being carried out, each from its
// day on, or from that of its reception where that is later: what a room above accepted shows
// it. One that is carried out already, or does not go on, stays as it is.
func (s *Service) StartIn(ctx context.Context, tx *db.Tx, who actor.Actor, days map[string]clock.Date) error {
	if !who.Can(RightReceive) {
		return forbidden()
	}
	entries := slices.Sorted(maps.Keys(days))
	standings, err := s.mine(ctx, tx, who, entries)
	if err != nil {
		return err
	}
	r := ruleOf(ledger.Started)
	var started []string
	var acts []ledger.Act
	for _, entry := range entries {
		st, step := standings[entry], Step{On: days[entry]}
		for _, a := range st.InForce(ledger.Received, s.now.Today()) {
			step.On = max(step.On, a.On)
		}
		if !st.Has(ledger.FigureCarriedOut, s.now.Today()) && r.allows(st, step.On) == nil {
			acts, started = append(acts, step.act(ledger.Started, entry, who, st)), append(started, entry)
		}
	}
	if len(acts) == 0 {
		return nil
	}
	if _, err := s.book.AppendAll(ctx, tx, acts); err != nil {
		return err
	}
	return s.auditAll(ctx, tx, who, "practice.started", Step{Entries: started})
}
