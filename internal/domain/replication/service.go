package replication

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

// Service is the capability.
type Service struct {
	db        *db.DB
	log       *audit.Log
	book      *ledger.Book
	practices *practice.Service
	now       clock.Clock
	newID     id.Source
}

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Log       *audit.Log
	Book      *ledger.Book
	Practices *practice.Service
}

// New makes the service.
func New(d *db.DB, rooms Rooms, now clock.Clock, newID id.Source) *Service {
	return &Service{db: d, log: rooms.Log, book: rooms.Book, practices: rooms.Practices, now: now, newID: newID}
}

// Adopt records that a unit took a practice up.
func (s *Service) Adopt(ctx context.Context, who actor.Actor, in Input) (Link, error) {
	links, err := s.AdoptAll(ctx, who, []Input{in})
	if err != nil {
		return Link{}, err
	}
	return links[0], nil
}

// AdoptAll records many adoptions, all or none.
func (s *Service) AdoptAll(ctx context.Context, who actor.Actor, all []Input) ([]Link, error) {
	if !who.Can(RightAdopt) {
		return nil, forbidden()
	}
	if len(all) == 0 || len(all) > mostAdoptions {
		return nil, errs.New(errs.Invalid, i18n.PracticeNothingChosen)
	}
	for i := range all {
		if err := s.check(&all[i]); err != nil {
			return nil, err
		}
	}
	links, attrs, err := s.links(ctx, who, all)
	if err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.once(ctx, tx, links); err != nil {
			return err
		}
		acts := make([]ledger.Act, len(links))
		for i, l := range links {
			acts[i] = ledger.Act{
				Kind: ledger.Adopted, Period: l.Period, Entry: l.SourceEntry, Item: l.ID, On: l.StartedOn, By: who.Account, Attr: &attrs[i],
			}
		}
		if err := insert(ctx, tx, links); err != nil {
			return err
		}
		if _, err := s.book.AppendAll(ctx, tx, acts); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "replication.adopt", audit.Object{Kind: "link", ID: links[0].ID},
			map[string]any{"count": len(links), "first": all[0]})
	})
	return links, err
}

func (s *Service) check(in *Input) error {
	if err := in.Check(); err != nil {
		return err
	}
	if in.StartedOn > s.now.Today() {
		return errs.New(errs.Invalid, i18n.MovementFuture, in.StartedOn).On("startedOn")
	}
	return nil
}

// links resolves both ends of adoptions, all in few reads.
func (s *Service) links(ctx context.Context, who actor.Actor, all []Input) ([]Link, []ledger.Attr, error) {
	keys := make([]string, len(all))
	for i, in := range all {
		keys[i] = in.AdoptingEntry
	}
	adopting, err := s.practices.Entries(ctx, who, keys)
	if err != nil {
		return nil, nil, err
	}
	var asks []practice.SourceAsk
	for _, in := range all {
		if in.Source != "" {
			asks = append(asks, practice.SourceAsk{Key: in.Source, Period: adopting[in.AdoptingEntry].Period})
		}
	}
	sources, err := s.practices.Sources(ctx, who, asks)
	if err != nil {
		return nil, nil, err
	}
	periods, err := s.practices.PeriodsOf(ctx, who, adopting)
	if err != nil {
		return nil, nil, err
	}
	links, attrs := make([]Link, len(all)), make([]ledger.Attr, len(all))
	for i, in := range all {
		by := adopting[in.AdoptingEntry]
		if today := s.now.Today(); !by.Standing.Has(ledger.FigureRegistered, today) { // it was withdrawn
			return nil, nil, errs.New(errs.Invalid, i18n.PracticeNotYet, i18n.LedgerRegistered, today).On("adoptingEntry")
		}
		period := periods[by.Period]
		if in.StartedOn < period.From || in.StartedOn > period.To {
			return nil, nil, errs.New(errs.Invalid, i18n.ReplicationOutsidePeriod, period.Name, period.From, period.To).On("startedOn")
		}
		attrs[i] = by.Standing.AttrOn(in.StartedOn)
		if links[i], err = s.link(in, by, sources[practice.SourceAsk{Key: in.Source, Period: by.Period}]); err != nil {
			return nil, nil, err
		}
	}
	return links, attrs, nil
}

// link is one adoption of a source, or of none of ours, by an entry.
func (s *Service) link(in Input, adopting, source practice.Entry) (Link, error) {
	unit := adopting.Standing.AttrOn(in.StartedOn).Unit
	l := Link{
		ID: s.newID(), SourceText: in.SourceText, SourcePlace: in.SourcePlace, AdoptingUnit: unit,
		AdoptingEntry: adopting.ID, Mode: in.Mode, Period: adopting.Period, StartedOn: in.StartedOn, Note: in.Note, RecordedAt: s.now(),
	}
	if in.Source == "" {
		return l, nil
	}
	if source.Unit == unit || source.Practice == adopting.Practice {
		return Link{}, errs.New(errs.Invalid, i18n.ReplicationOwn).On("source")
	}
	l.Practice, l.SourceEntry = source.Practice, source.ID
	return l, nil
}

// once refuses the same adoption twice: of one practice by one unit in one period.
func (s *Service) once(ctx context.Context, tx *db.Tx, links []Link) error {
	known, err := adoptionsOf(ctx, tx, links)
	if err != nil {
		return err
	}
	for _, l := range links {
		if l.Practice == "" {
			continue
		}
		if known[l.adoption()] {
			return errs.New(errs.Conflict, i18n.ReplicationTwice).On("source")
		}
		known[l.adoption()] = true
	}
	return nil
}

// Of lists the adoptions of a practice, the earliest first, whoever adopted it: that it
// spread is no secret.
func (s *Service) Of(ctx context.Context, who actor.Actor, practice string) ([]Link, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	return ofPractice(ctx, s.db, practice)
}

// By finds the sources that an entry adopted; one outside the actor's scope is not found.
func (s *Service) By(ctx context.Context, who actor.Actor, entry string) ([]Link, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	if _, err := s.practices.Get(ctx, who, entry); err != nil {
		return nil, err
	}
	return byEntry(ctx, s.db, entry)
}

// Page is a part of the list behind the figure of adoptions.
type Page struct {
	Links []Link
	Next  string
	Total int
}

// List gives the adoptions in force on a day that a filter lets through; the filter's
// area must lie in the actor's scope.
func (s *Service) List(ctx context.Context, who actor.Actor, f ledger.Filter, on clock.Date, slice ledger.Slice) (Page, error) {
	if !who.Can(RightRead) {
		return Page{}, forbidden()
	}
	f.Area.Scope = who.Scope
	rows, err := ledger.Items(ctx, s.db, f, ledger.InForce{Kind: ledger.Adoption, On: on}, slice)
	if err != nil {
		return Page{}, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.Item
	}
	page := Page{}
	if page.Total, err = ledger.CountItems(ctx, s.db, f, ledger.InForce{Kind: ledger.Adoption, On: on}); err != nil {
		return Page{}, err
	}
	page.Links, err = byIDs(ctx, s.db, ids)
	if len(ids) == slice.Limit {
		page.Next = ids[len(ids)-1]
	}
	return page, err
}

// Get finds an adoption that lives, by the entry that adopted.
func (s *Service) Get(ctx context.Context, who actor.Actor, entry, link string) (Link, error) {
	links, err := s.By(ctx, who, entry)
	if err != nil {
		return Link{}, err
	}
	i := slices.IndexFunc(links, func(l Link) bool { return l.ID == link })
	if i < 0 {
		return Link{}, errs.New(errs.NotFound, i18n.LedgerTargetGone)
	}
	return links[i], nil
}

// Void takes back an adoption that was recorded in error, as if it had never been,
// whether its source is one of ours or lies outside the system.
func (s *Service) Void(ctx context.Context, who actor.Actor, link, reason string) error {
	if !who.Can(RightVoid) {
		return forbidden()
	}
	reason, err := practice.VoidReason(reason)
	if err != nil {
		return err
	}
	found, err := byIDs(ctx, s.db, []string{link})
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return errs.New(errs.NotFound, i18n.LedgerTargetGone)
	}
	if _, err := s.practices.Get(ctx, who, found[0].AdoptingEntry); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		acts, err := ledger.ActsOnItems(ctx, tx, []string{link})
		if err != nil {
			return err
		}
		for _, a := range ledger.StandingOf(acts).Living() {
			if a.Kind != ledger.Adopted {
				continue
			}
			if _, err := s.book.Append(ctx, tx, ledger.Act{
				Kind: ledger.Voided, Target: a.ID, On: s.now.Today(), By: who.Account, Reason: reason,
			}); err != nil {
				return err
			}
			return s.log.Add(ctx, tx, who, "replication.void", audit.Object{Kind: "link", ID: link}, map[string]any{"reason": reason})
		}
		return errs.New(errs.NotFound, i18n.LedgerTargetGone)
	})
}

func forbidden() error { return errs.New(errs.Forbidden, i18n.ErrsForbidden) }

// Adopter is a unit that took a practice up, and since when.
type Adopter struct {
	Unit string
	On   clock.Date
}

// Adopters lists the units that have taken a practice up by today, for everybody to see,
// in the order in which they began.
func (s *Service) Adopters(ctx context.Context, practice string) ([]Adopter, error) {
	links, err := ofPractice(ctx, s.db, practice)
	if err != nil {
		return nil, err
	}
	var all []Adopter
	for _, l := range links {
		if l.StartedOn <= s.now.Today() && !slices.ContainsFunc(all, func(a Adopter) bool { return a.Unit == l.AdoptingUnit }) {
			all = append(all, Adopter{l.AdoptingUnit, l.StartedOn})
		}
	}
	return all, nil
}
