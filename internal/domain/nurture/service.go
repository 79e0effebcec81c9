package nurture

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Log       *audit.Log
	Org       *org.Service
	Practices *practice.Service
}

// Service is the capability. Its rights are those of the register: to find, and to read.
type Service struct {
	Rooms
	db    *db.DB
	now   clock.Clock
	newID id.Source
}

// New makes the service.
func New(d *db.DB, rooms Rooms, now clock.Clock, newID id.Source) *Service {
	return &Service{Rooms: rooms, db: d, now: now, newID: newID}
}

// How much one network may tell within a time, how much may wait of all visitors, and how
// many of those that have waited longest give way to nobody.
const (
	anHour  = 4
	aDay    = 12
	settled = 1000
)

// MostWait is how many introductions of visitors may wait.
const MostWait = 2000

// Tell keeps what a visitor tells of an exemplar until an officer looks at it, and gives
// the code by which the visitor sees what became of it: 130 random bits, kept as a hash.
func (s *Service) Tell(ctx context.Context, in Input) (string, error) {
	if err := in.Check(); err != nil {
		return "", err
	}
	if in.Network == "" || len(in.Network) > 64 {
		return "", errs.New(errs.Invalid, i18n.ErrsBadText).On("network")
	}
	code := rand.Text()
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.withinLimits(ctx, tx, in.Network); err != nil {
			return err
		}
		if _, err := s.keep(ctx, tx, in, actor.Scope{All: true}, Introduction{network: in.Network, receipt: receiptOf(code)}); err != nil {
			return err
		}
		return makeRoom(ctx, tx)
	})
	return code, err
}

func (s *Service) withinLimits(ctx context.Context, q db.Querier, network string) error {
	for _, l := range []struct {
		most   int
		within time.Duration
	}{{anHour, time.Hour}, {aDay, 24 * time.Hour}} {
		n, err := toldSince(ctx, q, network, s.now().Add(-l.within))
		if err != nil {
			return err
		}
		if n >= l.most {
			return errs.New(errs.Conflict, i18n.NurtureLimit, l.most)
		}
	}
	return nil
}

// makeRoom drops what has no room where more waits of visitors than may: so a flood closes
// the form to nobody and fills no disk.
func makeRoom(ctx context.Context, tx *db.Tx) error {
	n, err := waitingOfVisitors(ctx, tx)
	if err != nil || n <= MostWait {
		return err
	}
	all, err := visitorsWaiting(ctx, tx)
	if err != nil {
		return err
	}
	for len(all) > MostWait {
		i := givesWay(all)
		if err := drop(ctx, tx, all[i].id); err != nil {
			return err
		}
		all = slices.Delete(all, i, i+1)
	}
	return nil
}

// waits is an introduction of a visitor that waits.
type waits struct {
	id, network string
	robot       bool
}

// givesWay tells which of those that wait, the oldest first, has no room: the oldest that
// looks as if a program had sent it; else the latest of a network that sent more than one
// may in a day, of the one that sent most; else the oldest behind those that are settled.
func givesWay(all []waits) int {
	if i := slices.IndexFunc(all, func(w waits) bool { return w.robot }); i >= 0 {
		return i
	}
	count, last, most := map[string]int{}, map[string]int{}, ""
	for i, w := range all {
		if w.network == "" { // forgotten
			continue
		}
		count[w.network]++
		last[w.network] = i
		if count[w.network] > max(aDay, count[most]) {
			most = w.network
		}
	}
	if most != "" {
		return last[most]
	}
	return min(settled, len(all)-1)
}

// Crowded tells whether as many introductions of visitors wait as may.
func (s *Service) Crowded(ctx context.Context, who actor.Actor) (bool, error) {
	if !who.Can(practice.RightFind) {
		return false, forbidden()
	}
	n, err := waitingOfVisitors(ctx, s.db)
	return n >= MostWait, err
}

// Introduce keeps what somebody with an account tells of an exemplar of a unit that the
// actor sees.
func (s *Service) Introduce(ctx context.Context, who actor.Actor, in Input) (Introduction, error) {
	if !who.Can(practice.RightRead) || who.Account == "" {
		return Introduction{}, forbidden()
	}
	in.ByName, in.ByContact, in.Agreed, in.Robot = who.Name, "", true, false
	if err := in.Check(); err != nil {
		return Introduction{}, err
	}
	var kept Introduction
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		if kept, err = s.keep(ctx, tx, in, who.Scope, Introduction{ByAccount: who.Account, receipt: receiptOf(rand.Text())}); err != nil {
			return err
		}
		return s.Log.Add(ctx, tx, who, "nurture.introduce", object(kept.ID), nil)
	})
	return kept, err
}

func (s *Service) keep(ctx context.Context, tx *db.Tx, in Input, scope actor.Scope, from Introduction) (Introduction, error) {
	tree, err := s.Org.Tree(ctx, tx)
	if err != nil {
		return from, err
	}
	unit, ok := tree.ByCode(in.Unit)
	if !ok || !tree.InScope(scope, unit.ID) {
		return from, errs.New(errs.Invalid, i18n.NurtureUnit).On("unit")
	}
	from.ID, from.Name, from.Kind, from.Unit, from.Doing = s.newID(), in.Name, in.Kind, unit.ID, in.Doing
	from.ByName, from.ByContact, from.Robot, from.State, from.At = in.ByName, in.ByContact, in.Robot, Waiting, s.now()
	return from, insert(ctx, tx, from)
}

// Receipt finds an introduction by the code that was given for it, without who told it.
func (s *Service) Receipt(ctx context.Context, code string) (Introduction, error) {
	x, err := db.One(ctx, s.db, scan, `SELECT `+columns+` FROM nurture_introduction WHERE receipt = $1`, receiptOf(code))
	if errors.Is(err, db.ErrNoRow) {
		return x, notFound()
	}
	x.ByName, x.ByContact = "", ""
	return x, err
}

// maxListed bounds a list, after the scope was applied.
const maxListed = 200

// Queue lists the introductions in a state within the actor's scope: of those that wait,
// those that look as if a program had sent them last, then the oldest first; of the others
// the latest first. At most 200.
func (s *Service) Queue(ctx context.Context, who actor.Actor, state State) ([]Introduction, error) {
	if !who.Can(practice.RightFind) {
		return nil, forbidden()
	}
	tree, err := s.Org.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	var ids []string
	keys, same := map[string]string{}, map[string]int{}
	if err := eachInState(ctx, s.db, state, func(id, unit, key string) {
		if !tree.InScope(who.Scope, unit) {
			return
		}
		same[key]++
		if len(ids) < maxListed {
			ids = append(ids, id)
			keys[id] = key
		}
	}); err != nil {
		return nil, err
	}
	found, err := introductions(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	all := make([]Introduction, 0, len(ids))
	for _, id := range ids {
		if x, ok := found[id]; ok {
			x.Same = same[keys[id]] - 1
			all = append(all, x)
		}
	}
	return all, nil
}

// Get finds an introduction that the actor may screen, with the exemplars that are known
// at its unit under the same name.
func (s *Service) Get(ctx context.Context, who actor.Actor, id string) (Introduction, []practice.Exemplar, error) {
	if !who.Can(practice.RightFind) {
		return Introduction{}, nil, forbidden()
	}
	x, err := s.seen(ctx, s.db, who, id)
	if err != nil {
		return x, nil, err
	}
	known, err := practice.ExemplarsAt(ctx, s.db, x.Unit)
	return x, known, err
}

func (s *Service) seen(ctx context.Context, q db.Querier, who actor.Actor, id string) (Introduction, error) {
	x, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM nurture_introduction WHERE id = $1`, id)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return x, err
	}
	tree, treeErr := s.Org.Tree(ctx, q)
	if treeErr != nil {
		return x, treeErr
	}
	if err != nil || !tree.InScope(who.Scope, x.Unit) {
		return x, notFound()
	}
	return x, nil
}

// Accept makes an exemplar that is found of an introduction, or adds it to a known one; the
// others that wait and name the same go along.
func (s *Service) Accept(ctx context.Context, who actor.Actor, id string, in AcceptInput) (practice.Exemplar, error) {
	if !who.Can(practice.RightFind) {
		return practice.Exemplar{}, forbidden()
	}
	var found practice.Exemplar
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		x, err := s.waiting(ctx, tx, who, id)
		if err != nil {
			return err
		}
		tree, err := s.Org.Tree(ctx, tx)
		if err != nil {
			return err
		}
		unit, _ := tree.Unit(x.Unit)
		all, err := s.Practices.FindIn(ctx, tx, who, []practice.ExemplarInput{{
			Movement: in.Movement, On: in.On, Exemplar: in.Exemplar, Name: x.Name, Kind: x.Kind, Unit: unit.Code, Field: in.Field, Note: x.Doing,
		}})
		if err != nil {
			return err
		}
		found = all[0]
		x.Exemplar = found.ID
		n, err := decide(ctx, tx, x, Accepted, "", decision{who.Account, s.now()})
		if err != nil {
			return err
		}
		return s.Log.Add(ctx, tx, who, "nurture.accept", object(x.ID), map[string]any{"exemplar": found.ID, "introductions": n})
	})
	return found, err
}

func (s *Service) waiting(ctx context.Context, q db.Querier, who actor.Actor, id string) (Introduction, error) {
	x, err := s.seen(ctx, q, who, id)
	if err == nil && x.State != Waiting {
		err = errs.New(errs.Conflict, i18n.ErrsConflict)
	}
	return x, err
}

// Refuse leaves an introduction aside, with a reason that who told it can read.
func (s *Service) Refuse(ctx context.Context, who actor.Actor, id, reason string) error {
	if !who.Can(practice.RightFind) {
		return forbidden()
	}
	reason = strings.TrimSpace(visible(reason))
	var l errs.List
	bounded(&l, "reason", reason, MaxDoing, true)
	if err := l.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		x, err := s.waiting(ctx, tx, who, id)
		if err != nil {
			return err
		}
		n, err := decide(ctx, tx, x, Refused, reason, decision{who.Account, s.now()})
		if err != nil {
			return err
		}
		return s.Log.Add(ctx, tx, who, "nurture.refuse", object(x.ID), map[string]any{"introductions": n})
	})
}

// Write keeps a note on how an exemplar is nurtured.
func (s *Service) Write(ctx context.Context, who actor.Actor, exemplar string, in NoteInput) (Note, error) {
	if !who.Can(practice.RightFind) {
		return Note{}, forbidden()
	}
	if err := in.check(s.now.Today()); err != nil {
		return Note{}, err
	}
	if _, _, err := s.Practices.Exemplar(ctx, who, exemplar); err != nil {
		return Note{}, err
	}
	n := Note{ID: s.newID(), Exemplar: exemplar, On: in.On, Done: in.Done, Next: in.Next, NextOn: in.NextOn, By: who.Account, At: s.now()}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := insertNote(ctx, tx, n); err != nil {
			return err
		}
		return s.Log.Add(ctx, tx, who, "nurture.write", audit.Object{Kind: "exemplar", ID: exemplar}, map[string]any{"note": n.ID, "on": n.On, "nextOn": n.NextOn})
	})
	return n, err
}

// Notes lists what was done to nurture an exemplar, the latest first.
func (s *Service) Notes(ctx context.Context, who actor.Actor, exemplar string) ([]Note, error) {
	if !who.Can(practice.RightRead) {
		return nil, forbidden()
	}
	if _, _, err := s.Practices.Exemplar(ctx, who, exemplar); err != nil {
		return nil, err
	}
	return notesOf(ctx, s.db, exemplar)
}

// Nurtured lists the exemplars of the actor's scope that have notes, those whose next step
// is due first.
func (s *Service) Nurtured(ctx context.Context, who actor.Actor) ([]Nurtured, error) {
	if !who.Can(practice.RightRead) {
		return nil, forbidden()
	}
	latest, err := latestNotes(ctx, s.db)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(latest))
	for i, n := range latest {
		ids[i] = n.Exemplar
	}
	known, err := s.Practices.ExemplarsSeen(ctx, who, ids)
	if err != nil {
		return nil, err
	}
	var all []Nurtured
	for _, n := range latest {
		if x, ok := known[n.Exemplar]; ok {
			n.Name, n.Unit = x.Name, x.Unit
			all = append(all, n)
		}
	}
	return all[:min(len(all), maxNurtured)], nil
}

// maxNurtured bounds the list of the nurtured, after the scope was applied.
const maxNurtured = 1000

// Sweep erases who told of an exemplar, and what was told and refused, each so many months
// after as the terms say; it belongs into a daily job.
func (s *Service) Sweep(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		terms, err := rulebook.TermsIn(ctx, tx)
		if err != nil {
			return err
		}
		if err := forget(ctx, tx, s.now().AddDate(0, -terms.Teller, 0)); err != nil {
			return err
		}
		return dropRefused(ctx, tx, s.now().AddDate(0, -terms.Refused, 0))
	})
}

// receiptOf is how the code of a receipt stands in the database.
func receiptOf(code string) string {
	sum := sha256.Sum256([]byte("introduction " + strings.ToUpper(strings.TrimSpace(code))))
	return hex.EncodeToString(sum[:])
}

func object(id string) audit.Object { return audit.Object{Kind: "introduction", ID: id} }
func forbidden() error              { return errs.New(errs.Forbidden, i18n.ErrsForbidden) }
func notFound() error               { return errs.New(errs.NotFound, i18n.NurtureNotFound) }
