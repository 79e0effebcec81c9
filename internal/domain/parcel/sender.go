package parcel

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Sender is a key of a unit below, recorded by somebody who compared its fingerprint.
type Sender struct {
	ID          string
	UnitID      string
	Unit        Named
	Key         Key
	ToldBy      string // who read the fingerprint out
	ConfirmedAt time.Time
	ConfirmedBy string
	WithdrawnAt time.Time // zero: it is trusted
	WithdrawnBy string
	Reason      string // why it was withdrawn
}

// Trust is what is known here of the key that signed a package.
type Trust uint8

// What may be known of a key.
const (
	Unknown   Trust = iota // nobody has compared its fingerprint, and the sender has no other
	Changed                // the sender has another key that is trusted
	Withdrawn              // it was trusted once
	Confirmed
)

// Label says what is known, and what to do.
func (t Trust) Label() i18n.Key {
	return map[Trust]i18n.Key{
		Unknown: i18n.ParcelKeyUnknown, Changed: i18n.ParcelKeyChanged, Withdrawn: i18n.ParcelKeyWithdrawn, Confirmed: i18n.ParcelKeyConfirmed,
	}[t]
}

// trustOf looks a key up among those of a sender.
func trustOf(senders []Sender, key Key) Trust {
	t := Unknown
	for _, s := range senders {
		same, active := bytes.Equal(s.Key, key), s.WithdrawnAt.IsZero()
		switch {
		case same && active:
			return Confirmed
		case same:
			t = Withdrawn
		case active && t == Unknown:
			t = Changed
		}
	}
	return t
}

// Confirmation is a fingerprint as the sender read it out, and who that was.
type Confirmation struct {
	Fingerprint string
	ToldBy      string
}

// Confirm records the key that signed a package as its sender's, after the fingerprint that the
// sender read out is found to be the key's. Another key of the same sender is withdrawn by it.
func (s *Service) Confirm(ctx context.Context, who actor.Actor, id string, in Confirmation) error {
	if !who.Can(RightReceive) {
		return forbidden()
	}
	var l errs.List
	l.Text("fingerprint", in.Fingerprint, maxText, true)
	l.Text("toldBy", in.ToldBy, maxText, true)
	if l.Err() != nil {
		return l
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := s.find(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if len(digits(in.Fingerprint)) != 5*groups {
			return errs.New(errs.Invalid, i18n.ParcelFingerprintForm).On("fingerprint")
		}
		if !r.Key.Is(in.Fingerprint) {
			return errs.New(errs.Invalid, i18n.ParcelFingerprintWrong).On("fingerprint")
		}
		senders, err := sendersOf(ctx, tx, r.UnitID)
		if err != nil || trustOf(senders, r.Key) == Confirmed {
			return err
		}
		now := s.now()
		for _, old := range senders {
			if old.WithdrawnAt.IsZero() {
				old.WithdrawnAt, old.WithdrawnBy, old.Reason = now, who.Account, i18n.Vi.T(i18n.ParcelKeyReplaced)
				if err := withdraw(ctx, tx, old); err != nil {
					return err
				}
			}
		}
		made := Sender{ID: s.newID(), UnitID: r.UnitID, Key: r.Key, ToldBy: clean(in.ToldBy), ConfirmedAt: now, ConfirmedBy: who.Account}
		if err := insertSender(ctx, tx, made); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "parcel.confirm", audit.Object{Kind: "key", ID: made.ID},
			map[string]any{"unit": r.Unit.Code, "fingerprint": r.Key.Fingerprint(), "toldBy": made.ToldBy})
	})
}

// Senders lists the keys of the senders that the actor looks after, the trusted ones first.
func (s *Service) Senders(ctx context.Context, who actor.Actor) ([]Sender, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	tree, err := s.rooms.Org.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	all, err := listSenders(ctx, s.db)
	kept := all[:0]
	for _, one := range all {
		if u, ok := tree.Unit(one.UnitID); ok && tree.InScope(who.Scope, u.ID) {
			one.Unit = Named{u.Code, u.NameOn(s.now.Today())}
			kept = append(kept, one)
		}
	}
	slices.SortStableFunc(kept, func(a, b Sender) int {
		switch trusted := a.WithdrawnAt.IsZero(); {
		case trusted == b.WithdrawnAt.IsZero():
			return 0
		case trusted:
			return -1
		default:
			return 1
		}
	})
	return kept, err
}

// Withdraw ends the trust in a key: nothing more that it signed is accepted. What was accepted
// stays.
func (s *Service) Withdraw(ctx context.Context, who actor.Actor, id, reason string) error {
	if !who.Can(RightReceive) {
		return forbidden()
	}
	var l errs.List
	l.Text("reason", reason, MaxReason, true)
	if l.Err() != nil {
		return l
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		tree, err := s.rooms.Org.Tree(ctx, tx)
		if err != nil {
			return err
		}
		all, err := listSenders(ctx, tx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(one Sender) bool { return one.ID == id && tree.InScope(who.Scope, one.UnitID) })
		if i < 0 {
			return errs.New(errs.NotFound, i18n.ParcelNoKey)
		}
		one := all[i]
		if !one.WithdrawnAt.IsZero() {
			return nil
		}
		one.WithdrawnAt, one.WithdrawnBy, one.Reason = s.now(), who.Account, clean(reason)
		if err := withdraw(ctx, tx, one); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "parcel.withdraw", audit.Object{Kind: "key", ID: one.ID}, map[string]any{"fingerprint": one.Key.Fingerprint(), "reason": one.Reason})
	})
}

// trust looks up what is known of the key of a package.
func (s *Service) trust(ctx context.Context, q db.Querier, r Received) (Trust, error) {
	senders, err := sendersOf(ctx, q, r.UnitID)
	return trustOf(senders, r.Key), err
}
