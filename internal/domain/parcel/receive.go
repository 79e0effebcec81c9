package parcel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// State is what became of a package that came in.
type State string

// The states of a package.
const (
	Waiting  State = "waiting"
	Accepted State = "accepted"
	Returned State = "returned"
	Replaced State = "replaced" // by a later one of the same sender
)

// Label is the word for the state.
func (s State) Label() i18n.Key {
	return map[State]i18n.Key{
		Waiting: i18n.ParcelWaiting, Accepted: i18n.ParcelAccepted, Returned: i18n.ParcelReturned, Replaced: i18n.ParcelReplaced,
	}[s]
}

// Received is a package that came in, without what is in it.
type Received struct {
	ID         string
	UnitID     string // here
	Unit       Named  // here
	Digest     string
	Key        Key
	ReportHash string
	Replaces   string // hash of the report that it replaces, as its sender says
	Movement   Named  // as its sender calls it
	PeriodNo   int
	PeriodName string
	AsOf       clock.Date
	Version    int
	MadeAt     time.Time
	Entries    int
	Figures    report.Figures
	ReceivedAt time.Time
	ReceivedBy string
	State      State
	IntoPeriod int // of the receiver's movement; 0 before it is accepted
	SettledAt  time.Time
	SettledBy  string
	Reason     string // why it was returned
	ReplacedBy string // another package
	Again      bool   // it had come in before
	movement   string // the receiver's
	file       blob.Ref
}

// File names the kept file of the package.
func (r Received) File() blob.Ref { return r.file }

// Receive takes a package in. One that came in before is recognised and changes nothing; one
// of a unit that the actor does not look after is not found.
func (s *Service) Receive(ctx context.Context, who actor.Actor, in io.ReaderAt, size int64) (Received, error) {
	if !who.Can(RightReceive) {
		return Received{}, forbidden()
	}
	p, err := Read(in, size)
	if err != nil {
		return Received{}, err
	}
	tree, err := s.rooms.Org.Tree(ctx, s.db)
	if err != nil {
		return Received{}, err
	}
	u, ok := tree.ByCode(p.Unit.Code)
	if !ok || !tree.InScope(who.Scope, u.ID) {
		return Received{}, errs.New(errs.NotFound, i18n.ParcelNoUnit, shown(p.Unit.Code)).On("file")
	}
	ref, err := s.rooms.Files.Put(ctx, io.NewSectionReader(in, 0, size), MaxSize)
	if err != nil {
		return Received{}, fmt.Errorf("keep a package: %w", err)
	}
	r := Received{
		ID: s.newID(), UnitID: u.ID, Unit: Named{u.Code, u.NameOn(s.now.Today())}, Digest: p.Digest, Key: p.Key, ReportHash: p.SHA256, Replaces: p.Replaces, Movement: p.Movement,
		PeriodNo: p.Period.No, PeriodName: p.Period.Name, AsOf: p.AsOf, Version: p.Version, MadeAt: p.MadeAt, Entries: len(p.Entries), Figures: p.Report.Figures,
		ReceivedAt: s.now(), ReceivedBy: who.Account, State: Waiting, file: ref,
	}
	return r, s.db.Write(ctx, func(tx *db.Tx) error {
		before, err := findReceived(ctx, tx, "digest", r.Digest)
		if !errors.Is(err, db.ErrNoRow) {
			before.Unit, before.Again = r.Unit, true
			r = before
			return err
		}
		if err := insertReceived(ctx, tx, r); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "parcel.receive", audit.Object{Kind: "package", ID: r.ID},
			map[string]any{"unit": u.Code, "digest": r.Digest, "sha256": r.ReportHash, "fingerprint": r.Key.Fingerprint()})
	})
}

// find finds a package of a unit that the actor looks after.
func (s *Service) find(ctx context.Context, q db.Querier, who actor.Actor, id string) (Received, error) {
	r, err := findReceived(ctx, q, "id", id)
	if errors.Is(err, db.ErrNoRow) {
		return r, errs.New(errs.NotFound, i18n.ParcelNotFound)
	}
	if err != nil {
		return r, err
	}
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return r, err
	}
	if !r.seen(tree, who, s.now.Today()) {
		return Received{}, errs.New(errs.NotFound, i18n.ParcelNotFound)
	}
	return r, nil
}

// seen tells whether the actor looks after the sender, and names it.
func (r *Received) seen(tree *org.Tree, who actor.Actor, on clock.Date) bool {
	u, ok := tree.Unit(r.UnitID)
	r.Unit = Named{u.Code, u.NameOn(on)}
	return ok && tree.InScope(who.Scope, u.ID)
}

// Inbox lists the packages that came in, the latest first.
func (s *Service) Inbox(ctx context.Context, who actor.Actor) ([]Received, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	tree, err := s.rooms.Org.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	all, err := listReceived(ctx, s.db)
	kept := all[:0]
	for _, r := range all {
		if r.seen(tree, who, s.now.Today()) {
			kept = append(kept, r)
		}
	}
	return kept, err
}

// Get finds a package that came in, without what is in it.
func (s *Service) Get(ctx context.Context, who actor.Actor, id string) (Received, error) {
	if !who.Can(RightRead) {
		return Received{}, forbidden()
	}
	return s.find(ctx, s.db, who, id)
}

// Open reads the file of a package as it came in.
func (s *Service) Open(ctx context.Context, who actor.Actor, id string) (Received, io.ReadCloser, error) {
	if !who.Can(RightRead) {
		return Received{}, nil, forbidden()
	}
	r, err := s.find(ctx, s.db, who, id)
	if err != nil {
		return r, nil, err
	}
	content, err := s.rooms.Files.Open(ctx, r.file)
	if err != nil {
		return r, nil, fmt.Errorf("open package %s: %w", id, err)
	}
	return r, content, nil
}

// read reads and checks a kept package once more.
func (s *Service) read(ctx context.Context, r Received) (Package, error) {
	content, err := s.rooms.Files.Open(ctx, r.file)
	if err != nil {
		return Package{}, fmt.Errorf("open package %s: %w", r.ID, err)
	}
	defer content.Close() //nolint:errcheck // it was only read
	raw, err := io.ReadAll(io.LimitReader(content, MaxSize+1))
	if err != nil {
		return Package{}, fmt.Errorf("read package %s: %w", r.ID, err)
	}
	return Read(bytes.NewReader(raw), int64(len(raw)))
}

// Overlap is an entry of a package that is here already.
type Overlap struct {
	Code, Title string
	Here        string // its code here
	Unit        string // name of the other sender; "" is the register itself
}

// overlaps are the entries of a package that are here already: the same entry, or one of the
// same code and title. Codes alone may meet by chance: every house counts its own.
func (s *Service) overlaps(ctx context.Context, q db.Querier, r Received, p Package) ([]Overlap, error) {
	found, err := alike(ctx, q, p, r.UnitID)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return nil, err
	}
	type key struct{ code, title string }
	byID, byKey := map[string]held{}, map[key]held{}
	for _, h := range slices.Backward(found) { // the register's own first
		byID[h.entry], byKey[key{h.code, viet.Fold(h.title)}] = h, h
	}
	var all []Overlap
	for _, e := range p.Entries {
		h, ok := byID[e.Entry]
		if !ok {
			h, ok = byKey[key{e.Code, viet.Fold(e.Title)}]
		}
		if ok {
			u, _ := tree.Unit(h.unit)
			all = append(all, Overlap{e.Code, e.Title, h.code, u.NameOn(s.now.Today())})
		}
	}
	return all, nil
}

// Acceptance says what a package counts in.
type Acceptance struct {
	Movement string // code here
	Period   int
}

// Accept lets a package count in a period of a movement here; an earlier one of the same
// sender in that period is replaced and stays to be read. It must be signed by a key of its
// sender that somebody confirmed, be no older than what stands, and hold no entry that is
// here already.
func (s *Service) Accept(ctx context.Context, who actor.Actor, id string, in Acceptance) error {
	if !who.Can(RightReceive) {
		return forbidden()
	}
	m, err := s.rooms.Movements.Get(ctx, who, in.Movement)
	if err != nil {
		return errs.New(errs.Invalid, i18n.ParcelChooseMovement).On("movement").Because(err)
	}
	if _, ok := m.Period(in.Period); !ok {
		return errs.New(errs.Invalid, i18n.MovementPeriodNotFound).On("period")
	}
	r, err := s.find(ctx, s.db, who, id)
	if err != nil {
		return err
	}
	p, err := s.read(ctx, r) // before the turn to write is taken
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if r, err = s.waiting(ctx, tx, who, id); err != nil {
			return err
		}
		r.movement, r.IntoPeriod = m.ID, in.Period
		if err := s.acceptable(ctx, tx, r, p); err != nil {
			return err
		}
		before, err := standing(ctx, tx, r.UnitID, m.ID, in.Period)
		if err != nil {
			return err
		}
		for _, old := range before {
			if old.later(r) {
				return errs.New(errs.Conflict, i18n.ParcelOlder, old.AsOf, old.Version)
			}
			old.State, old.ReplacedBy = Replaced, r.ID
			if err := settle(ctx, tx, old); err != nil {
				return err
			}
		}
		r.State, r.SettledAt, r.SettledBy = Accepted, s.now(), who.Account
		if err := settle(ctx, tx, r); err != nil {
			return err
		}
		if err := insertEntries(ctx, tx, r.ID, p); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "parcel.accept", audit.Object{Kind: "package", ID: r.ID}, map[string]any{"movement": m.Code, "period": in.Period, "entries": r.Entries})
	})
}

// waiting finds a package of which nobody has decided yet.
func (s *Service) waiting(ctx context.Context, tx *db.Tx, who actor.Actor, id string) (Received, error) {
	r, err := s.find(ctx, tx, who, id)
	if err == nil && r.State != Waiting {
		err = errs.New(errs.Conflict, i18n.ParcelSettled, r.State.Label())
	}
	return r, err
}

// acceptable is why a package cannot be accepted: its key, or entries that are here already.
func (s *Service) acceptable(ctx context.Context, tx *db.Tx, r Received, p Package) error {
	senders, err := sendersOf(ctx, tx, r.UnitID)
	if err != nil {
		return err
	}
	if trust := trustOf(senders, r.Key); trust != Confirmed {
		return errs.New(errs.Conflict, trust.Label())
	}
	same, err := s.overlaps(ctx, tx, r, p)
	if err != nil || len(same) == 0 {
		return err
	}
	const most = 10
	var names []string
	for _, o := range same[:min(len(same), most)] {
		names = append(names, o.Code+" "+o.Title)
	}
	return errs.New(errs.Conflict, i18n.ParcelOverlap, len(same), strings.Join(names, "; "))
}

// later tells whether a package is later than another of the same sender.
func (r Received) later(than Received) bool {
	switch {
	case r.AsOf != than.AsOf:
		return r.AsOf > than.AsOf
	case r.Version != than.Version:
		return r.Version > than.Version
	default:
		return r.MadeAt.After(than.MadeAt)
	}
}

// Return gives a package back with the reason, which its sender is told by the letter or the
// telephone call that goes with it.
func (s *Service) Return(ctx context.Context, who actor.Actor, id, reason string) error {
	if !who.Can(RightReceive) {
		return forbidden()
	}
	var l errs.List
	l.Text("reason", reason, MaxReason, true)
	if l.Err() != nil {
		return l
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := s.waiting(ctx, tx, who, id)
		if err != nil {
			return err
		}
		r.State, r.SettledAt, r.SettledBy, r.Reason = Returned, s.now(), who.Account, clean(reason)
		if err := settle(ctx, tx, r); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "parcel.return", audit.Object{Kind: "package", ID: r.ID}, map[string]any{"reason": r.Reason})
	})
}

// MaxReason bounds what is written when a package is returned or a key withdrawn.
const MaxReason = 2000
