package conference

import (
	"context"
	"encoding/json"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// maxOrder bounds how many can be put in order.
const maxOrder = 5000

// SetCallOrder puts those honoured into an order made by hand, over the version that was
// read. Who is left out stands where the rule puts them.
func (s *Service) SetCallOrder(ctx context.Context, who actor.Actor, id string, version int, keys []string) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	if len(keys) > maxOrder {
		return errs.New(errs.Invalid, i18n.ConferenceTooMany, maxOrder)
	}
	return s.order(ctx, who, ordering{id, ofCall, version, keys})
}

// UndoCallOrder takes the last change of the order by hand back.
func (s *Service) UndoCallOrder(ctx context.Context, who actor.Actor, id string, version int) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	return s.undo(ctx, who, ordering{id: id, kind: ofCall, version: version})
}

// SetSeating seats by hand who was invited, over the version that was read. Whatever does
// not fit is kept and shown as a conflict.
func (s *Service) SetSeating(ctx context.Context, who actor.Actor, id string, version int, in Seating) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	if err := in.Check(); err != nil {
		return err
	}
	return s.order(ctx, who, ordering{id, ofSeating, version, in})
}

// UndoSeating takes the last change of the seating by hand back.
func (s *Service) UndoSeating(ctx context.Context, who actor.Actor, id string, version int) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	return s.undo(ctx, who, ordering{id: id, kind: ofSeating, version: version})
}

// ordering is an order that is made by hand, or undone, over the version that was read.
type ordering struct {
	id      string
	kind    orderKind
	version int
	body    any
}

func (s *Service) order(ctx context.Context, who actor.Actor, o ordering) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.mayOrder(ctx, tx, who, o); err != nil {
			return err
		}
		if err := insertOrder(ctx, tx, madeOrder{o.id, o.kind, o.version + 1, o.body, s.now(), who.Account}); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "conference."+string(o.kind), o.id, map[string]any{"no": o.version + 1, "order": o.body})
	})
}

// undo puts back what held before the order that holds was made, as a change of its own.
func (s *Service) undo(ctx context.Context, who actor.Actor, o ordering) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		holds, err := s.mayOrder(ctx, tx, who, o)
		if err != nil {
			return err
		}
		if holds == 0 {
			return errs.New(errs.Conflict, i18n.ConferenceNothingToUndo)
		}
		before, _, err := orderAt(ctx, tx, o.id, o.kind, holds-1)
		if err != nil {
			return err
		}
		if err := insertOrder(ctx, tx, madeOrder{o.id, o.kind, o.version + 1, undone{before}, s.now(), who.Account}); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "conference."+string(o.kind)+"Undo", o.id, map[string]any{"no": o.version + 1, "undone": holds, "holds": before})
	})
}

// mayOrder finds the conference, compares the version, and tells the order that holds.
func (s *Service) mayOrder(ctx context.Context, tx *db.Tx, who actor.Actor, o ordering) (int, error) {
	c, _, err := s.mine(ctx, tx, who, o.id)
	if err != nil {
		return 0, err
	}
	if c.State == Cancelled {
		return 0, errs.New(errs.Conflict, i18n.ConferenceNotNow)
	}
	var body json.RawMessage
	now, err := standingOrder(ctx, tx, c.ID, o.kind, &body)
	if err == nil && now.no != o.version {
		return 0, errs.New(errs.Conflict, i18n.ErrsConflict)
	}
	return now.holds, err
}
