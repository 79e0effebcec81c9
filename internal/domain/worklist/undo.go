package worklist

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Undo takes a batch back: each act that is still the latest of its entry is voided, each
// tag and focus is as before. What cannot be taken back is kept, with the reason.
func (s *Service) Undo(ctx context.Context, who actor.Actor, id string) (Batch, error) {
	if !who.Can(practice.RightReceive) || !who.Can(practice.RightReclassify) {
		return Batch{}, forbidden()
	}
	var b Batch
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		if b, err = s.seen(ctx, tx, who, id); err != nil {
			return err
		}
		if !b.Undoable() {
			return errs.New(errs.Conflict, i18n.WorklistNotUndoable)
		}
		done, err := items(ctx, tx, b.ID, Done, b.Done)
		if err != nil {
			return err
		}
		left, err := s.takeBack(ctx, tx, who, b, done)
		if err != nil {
			return err
		}
		if err := outcomes(ctx, tx, b, done, left); err != nil {
			return err
		}
		b.Kept, b.UndoneAt, b.UndoneBy = len(left), s.now(), who.Account
		if err := updateBatch(ctx, tx, b); err != nil {
			return err
		}
		return s.rooms.Log.Add(ctx, tx, who, "worklist.undo", audit.Object{Kind: "batch", ID: b.ID}, map[string]any{"undone": b.Done - b.Kept, "kept": b.Kept})
	})
	return b, err
}

// takeBack gives what could not be taken back.
func (s *Service) takeBack(ctx context.Context, tx *db.Tx, who actor.Actor, b Batch, done []BatchItem) ([]practice.Left, error) {
	if b.Action.kind() == "" {
		m := b.input().mark()
		m.On = !m.On
		ids := make([]string, len(done))
		for i, item := range done {
			ids[i] = item.Entry
		}
		_, left, err := s.rooms.Practices.MarkAll(ctx, tx, who, m, ids)
		return left, err
	}
	acts := map[string]string{}
	for _, item := range done {
		acts[item.Entry] = item.act
	}
	return s.rooms.Practices.VoidAll(ctx, tx, who, acts, i18n.Vi.T(i18n.WorklistUndoReason, b.ID[max(0, len(b.ID)-8):], i18n.Vi.T(b.Action.Label())))
}

// outcomes notes what became of each item.
func outcomes(ctx context.Context, tx *db.Tx, b Batch, done []BatchItem, left []practice.Left) error {
	why := map[string]string{}
	for _, l := range left {
		why[l.Entry] = words(l.Why)
		if err := setOutcome(ctx, tx, b.ID, Kept, why[l.Entry], l.Entry); err != nil {
			return err
		}
	}
	var undone []string
	for _, item := range done {
		if _, kept := why[item.Entry]; !kept {
			undone = append(undone, item.Entry)
		}
	}
	return setOutcome(ctx, tx, b.ID, Undone, "", undone...)
}

// seen finds a batch of the actor's own or of somebody who works in the actor's scope.
func (s *Service) seen(ctx context.Context, q db.Querier, who actor.Actor, id string) (Batch, error) {
	b, err := findBatch(ctx, q, id)
	if err != nil {
		return b, err
	}
	ok, err := s.sees(ctx, q, who, b)
	if err == nil && !ok {
		err = errs.New(errs.NotFound, i18n.WorklistBatchNotFound)
	}
	if err != nil {
		return Batch{}, err
	}
	return b, nil
}

func (s *Service) sees(ctx context.Context, q db.Querier, who actor.Actor, b Batch) (bool, error) {
	if b.Account == who.Account || who.Scope.All {
		return true, nil
	}
	if b.Unit == "" {
		return false, nil
	}
	tree, err := s.rooms.Org.Tree(ctx, q)
	return err == nil && tree.InScope(who.Scope, b.Unit), err
}

// Batches lists the latest batches that the actor may see.
func (s *Service) Batches(ctx context.Context, who actor.Actor) ([]Batch, error) {
	if !who.Can(practice.RightReceive) {
		return nil, forbidden()
	}
	if who.Scope.All {
		return batches(ctx, s.db, nil)
	}
	of := owners{account: who.Account}
	tree, err := s.rooms.Org.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	units, err := batchUnits(ctx, s.db)
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		if tree.InScope(who.Scope, u) {
			of.units = append(of.units, u)
		}
	}
	return batches(ctx, s.db, &of)
}

// maxItems bounds how many items of a batch a page shows.
const maxItems = 500

// Batch finds a batch with some of its items: what was left out or could not be taken back
// first.
func (s *Service) Batch(ctx context.Context, who actor.Actor, id string) (Batch, []BatchItem, error) {
	if !who.Can(practice.RightReceive) {
		return Batch{}, nil, forbidden()
	}
	b, err := s.seen(ctx, s.db, who, id)
	if err != nil {
		return b, nil, err
	}
	var all []BatchItem
	for _, outcome := range []string{Kept, Left, Done, Undone, Waiting} {
		some, err := items(ctx, s.db, b.ID, outcome, maxItems)
		if err != nil {
			return b, nil, err
		}
		all = append(all, some...)
	}
	return b, all[:min(len(all), maxItems)], nil
}
