package privacy

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/draft"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/nurture"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/practice/person"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
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
	Identity  *identity.Service
	Book      *ledger.Book
	Practices *practice.Service
	Press     *press.Service
	Outbox    *outbox.Service
	Album     *photo.Album
}

// Service is the capability.
type Service struct {
	db    *db.DB
	rooms Rooms
	now   clock.Clock
	newID id.Source
}

// New makes the service.
func New(d *db.DB, rooms Rooms, now clock.Clock, newID id.Source) *Service {
	return &Service{db: d, rooms: rooms, now: now, newID: newID}
}

// Find lists every record within the actor's scope that names the person.
func (s *Service) Find(ctx context.Context, who actor.Actor, n Needle) (Found, error) {
	if !who.Can(RightManage) {
		return Found{}, forbidden()
	}
	if err := n.Check(); err != nil {
		return Found{}, err
	}
	var found Found
	err := s.db.Snapshot(ctx, func(q db.Querier) error {
		var err error
		found, err = s.find(ctx, q, who, newBlotter(n), MaxTraces)
		return err
	})
	return found, err
}

// find looks through every place; of each kind it gives at most so many.
func (s *Service) find(ctx context.Context, q db.Querier, who actor.Actor, b blotter, most int) (Found, error) {
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return Found{}, err
	}
	var found Found
	for _, p := range places() {
		traces, err := p.traces(ctx, q, b)
		if err != nil {
			return found, err
		}
		traces = within(tree, who, traces)
		if len(traces) > most {
			traces, found.More = traces[:most], append(found.More, p.kind)
		}
		found.Traces = append(found.Traces, traces...)
	}
	return found, nil
}

// within keeps those traces that stand within the actor's scope.
func within(tree *org.Tree, who actor.Actor, traces []Trace) []Trace {
	return slices.DeleteFunc(traces, func(t Trace) bool {
		return !who.Scope.All && (t.Unit == "" || !tree.InScope(who.Scope, t.Unit))
	})
}

// Chosen are the traces of a person that somebody chose, for the question before they are
// made anonymous. One that is not found is not there.
func (s *Service) Chosen(ctx context.Context, who actor.Actor, n Needle, refs []string) ([]Trace, error) {
	if !who.Can(RightManage) {
		return nil, forbidden()
	}
	if err := n.Check(); err != nil {
		return nil, err
	}
	var all []Trace
	err := s.db.Snapshot(ctx, func(q db.Querier) error {
		var err error
		all, err = s.chosen(ctx, q, who, newBlotter(n), refs)
		return err
	})
	return all, err
}

// maxChosen bounds what is chosen at once.
const maxChosen = 2000

// chosen reads the chosen records and no others: those who write wait for it.
func (s *Service) chosen(ctx context.Context, q db.Querier, who actor.Actor, b blotter, refs []string) ([]Trace, error) {
	refs = slices.Compact(slices.Sorted(slices.Values(refs)))
	if len(refs) == 0 || len(refs) > maxChosen {
		return nil, errs.New(errs.Invalid, i18n.PrivacyChooseSome, maxChosen).On("id")
	}
	ids := map[Kind][]string{}
	for _, ref := range refs {
		kind, id, _ := strings.Cut(ref, ".")
		ids[Kind(kind)] = append(ids[Kind(kind)], id)
	}
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return nil, err
	}
	var all []Trace
	for _, p := range places() {
		traces, err := p.among(ctx, q, b, ids[p.kind])
		if err != nil {
			return nil, err
		}
		all = append(all, within(tree, who, traces)...)
	}
	if len(all) != len(refs) {
		return nil, errs.New(errs.NotFound, i18n.PrivacyGone).On("id")
	}
	return all, nil
}

// GiveOut gives the chosen traces of a person to be handed to them, and records that.
func (s *Service) GiveOut(ctx context.Context, who actor.Actor, n Needle, refs []string) ([]Trace, error) {
	if !who.Can(RightManage) {
		return nil, forbidden()
	}
	if err := n.Check(); err != nil {
		return nil, err
	}
	all, err := s.Chosen(ctx, who, n, refs)
	if err != nil {
		return nil, err
	}
	return all, s.db.Write(ctx, func(tx *db.Tx) error {
		return s.record(ctx, tx, who, Request{Kind: Export, Counts: counts(all)})
	})
}

func counts(all []Trace) map[Kind]int {
	n := map[Kind]int{}
	for _, t := range all {
		n[t.Kind]++
	}
	return n
}

// Done is what came of making a person anonymous.
type Done struct {
	Erased, ByHand, Kept int
}

// Forget takes a person out of the chosen records, all or none. It cannot be undone. What
// stays by its nature, and what somebody has to look at, is counted.
func (s *Service) Forget(ctx context.Context, who actor.Actor, n Needle, refs []string, reason string) (Done, error) {
	if !who.Can(RightManage) {
		return Done{}, forbidden()
	}
	reason, err := checkReason(reason)
	if err := errors.Join(n.Check(), err); err != nil {
		return Done{}, err
	}
	chosen, err := s.Chosen(ctx, who, n, refs)
	if err != nil {
		return Done{}, err
	}
	left, err := s.unmasked(ctx, who, n, chosen)
	if err != nil {
		return Done{}, err
	}
	if len(left) > 0 {
		return Done{}, errs.New(errs.Invalid, i18n.PrivacyEntriesToo, strings.Join(left, "; ")).On("id")
	}
	erasable, done := erasedOf(chosen)
	if len(erasable) == 0 {
		return done, errs.New(errs.Invalid, i18n.PrivacyNothingErased).On("id")
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		b := newBlotter(n)
		again, err := s.chosen(ctx, tx, who, b, erasable)
		if err != nil {
			return err
		}
		if kept, _ := erasedOf(again); len(kept) != len(again) { // a decision lists it since, or its account was opened
			return errs.New(errs.Conflict, i18n.PrivacyGone).On("id")
		}
		seen, err := s.seen(ctx, tx, again)
		if err != nil {
			return err
		}
		for _, t := range again {
			if err := s.forget(ctx, tx, who, b, t); err != nil {
				return err
			}
		}
		if err := s.tellReaders(ctx, tx, who, seen); err != nil {
			return err
		}
		return s.record(ctx, tx, who, Request{Kind: Anonymise, Reason: b.blot(reason), Counts: counts(again)})
	})
	return done, err
}

// unmasked are the entries that name the person and were not chosen. Where an exemplar loses
// its name nothing blots that out of their public texts any more: they go together.
func (s *Service) unmasked(ctx context.Context, who actor.Actor, n Needle, chosen []Trace) ([]string, error) {
	if !slices.ContainsFunc(chosen, func(t Trace) bool { return t.Kind == KindExemplar && t.Treatment == Erased }) {
		return nil, nil
	}
	found, err := s.Find(ctx, who, n)
	var left []string
	for _, t := range found.Traces {
		here := slices.ContainsFunc(chosen, func(c Trace) bool { return c.Ref() == t.Ref() })
		if !here && t.Treatment == Erased && (t.Kind == KindEntry || t.Kind == KindMeasure) {
			left = append(left, t.Title)
		}
	}
	return left, err
}

// erasedOf are those of some traces that lose the person, and how many are treated how.
func erasedOf(all []Trace) (refs []string, done Done) {
	for _, t := range all {
		switch t.Treatment {
		case Erased:
			refs = append(refs, t.Ref())
		case ByHand:
			done.ByHand++
		default:
			done.Kept++
		}
	}
	done.Erased = len(refs)
	return refs, done
}

// seen are the entries among some records that readers see, as they see them.
func (s *Service) seen(ctx context.Context, tx *db.Tx, all []Trace) (map[string]practice.Entry, error) {
	seen := map[string]practice.Entry{}
	for _, t := range all {
		if t.Kind != KindEntry && t.Kind != KindMeasure {
			continue
		}
		e, public, err := practice.SeenIn(ctx, tx, t.ID, s.now.Today())
		if err != nil {
			return nil, err
		}
		if public {
			seen[t.ID] = e
		}
	}
	return seen, nil
}

// tellReaders puts a correction under each entry that readers see otherwise than before.
func (s *Service) tellReaders(ctx context.Context, tx *db.Tx, who actor.Actor, before map[string]practice.Entry) error {
	for _, id := range slices.Sorted(maps.Keys(before)) {
		now, public, err := practice.SeenIn(ctx, tx, id, s.now.Today())
		if err != nil {
			return err
		}
		if !public || practice.SameToReaders(before[id], now) {
			continue
		}
		if err := s.forgetting(who).Correct(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// forgetting is how the register takes a person out of what it keeps.
func (s *Service) forgetting(who actor.Actor) person.Forgetting {
	return person.Forgetting{By: who.Account, At: s.now(), NewID: s.newID, Book: s.rooms.Book}
}

// forget takes a person out of one record, by the verb of the room that keeps it.
func (s *Service) forget(ctx context.Context, tx *db.Tx, who actor.Actor, b blotter, t Trace) error {
	f := s.forgetting(who)
	f.Blot, f.Listed = b.blot, t.listed
	switch t.Kind {
	case KindAccount:
		return s.rooms.Identity.Forget(ctx, tx, t.ID)
	case KindNotice:
		return s.rooms.Identity.ForgetNotice(ctx, tx, t.ID)
	case KindExemplar:
		return f.Exemplar(ctx, tx, t.ID)
	case KindEntry:
		return f.Entry(ctx, tx, t.ID)
	case KindMeasure:
		return f.Measures(ctx, tx, t.ID)
	case KindReturn:
		return f.Return(ctx, tx, t.ID)
	case KindPhoto:
		return s.forgetPhoto(ctx, tx, who, b, t)
	case KindOpinion:
		return s.rooms.Press.EraseOpinionIn(ctx, tx, t.ID)
	case KindLetter:
		return s.rooms.Outbox.EraseIn(ctx, tx, t.ID)
	case KindDraft:
		return draft.Forget(ctx, tx, t.ID, b.blot)
	case KindIntroduction:
		return nurture.ForgetIntroduction(ctx, tx, t.ID, b.blot)
	case KindNote:
		return nurture.ForgetNote(ctx, tx, t.ID, b.blot)
	case KindView:
		return worklist.ForgetView(ctx, tx, t.ID, b.blot)
	case KindNews:
		return appraisal.ForgetNote(ctx, tx, t.ID, b.blot)
	case KindGuest:
		return conference.ForgetGuest(ctx, tx, t.ID, b.blot)
	default:
		return errs.New(errs.Internal, i18n.ErrsInternal).On(string(t.Kind))
	}
}

// forgetPhoto takes a photo to which the person agreed off every page, and the name out of
// what is said of any. That they had agreed stays on record.
func (s *Service) forgetPhoto(ctx context.Context, tx *db.Tx, who actor.Actor, b blotter, t Trace) error {
	p, err := photo.Find(ctx, tx, t.owner, t.ID)
	if err != nil {
		return err
	}
	if p.People == photo.PeopleAgreed && b.in(p.ConsentOf) {
		if err := s.rooms.Album.Withdraw(ctx, tx, who, p, i18n.Vi.T(i18n.PracticeForgotten)); err != nil {
			return err
		}
		if p, err = photo.Find(ctx, tx, t.owner, t.ID); err != nil {
			return err
		}
	}
	return s.rooms.Album.Blot(ctx, tx, who, p, b.blot)
}

// record keeps what was done on a request, and tells the audit; neither names the person.
func (s *Service) record(ctx context.Context, tx *db.Tx, who actor.Actor, r Request) error {
	r.ID, r.At, r.By = s.newID(), s.now(), who.Account
	if who.Account != "" {
		self, err := s.rooms.Identity.Self(ctx, who)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		r.Unit = self.Unit
	}
	if err := insertRequest(ctx, tx, r); err != nil {
		return err
	}
	return s.rooms.Log.Add(ctx, tx, who, "privacy."+string(r.Kind), audit.Object{Kind: "privacyRequest", ID: r.ID}, map[string]any{"counts": r.Counts, "reason": r.Reason})
}

// Requests lists what was done on requests by those within the actor's scope, the latest
// first; at most 200.
func (s *Service) Requests(ctx context.Context, who actor.Actor) ([]Request, error) {
	if !who.Can(RightManage) {
		return nil, forbidden()
	}
	tree, err := s.rooms.Org.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	all, err := requests(ctx, s.db)
	all = slices.DeleteFunc(all, func(r Request) bool {
		return !who.Scope.All && r.By != who.Account && (r.Unit == "" || !tree.InScope(who.Scope, r.Unit))
	})
	return all[:min(len(all), MaxTraces)], err
}

// Recorded is how many records of the audit an account has made: they stay.
func (s *Service) Recorded(ctx context.Context, who actor.Actor, account string) (int, error) {
	if !who.Can(RightManage) {
		return 0, forbidden()
	}
	if _, err := s.rooms.Identity.Get(ctx, who, account); err != nil {
		return 0, err
	}
	return db.One(ctx, s.db, db.Int, `SELECT count(*) FROM audit_entry WHERE account_id = $1`, account)
}

func forbidden() error { return errs.New(errs.Forbidden, i18n.ErrsForbidden) }
