package practice

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
	"github.com/nhanrong/nhanrong/internal/platform/jobs"
)

// Service is the capability.
type Service struct {
	db        *db.DB
	log       *audit.Log
	org       *org.Service
	book      *ledger.Book
	movements *movement.Service
	reviews   *review.Service
	queue     *jobs.Queue
	files     blob.Store
	album     *photo.Album
	required  Papers
	now       clock.Clock
	newID     id.Source
}

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Log       *audit.Log
	Org       *org.Service
	Book      *ledger.Book
	Movements *movement.Service
	Reviews   *review.Service
	Queue     *jobs.Queue
	Files     blob.Store
	Album     *photo.Album
}

// New makes the service.
func New(d *db.DB, rooms Rooms, now clock.Clock, newID id.Source) *Service {
	return &Service{
		db: d, log: rooms.Log, org: rooms.Org, book: rooms.Book, movements: rooms.Movements, reviews: rooms.Reviews, queue: rooms.Queue,
		files: rooms.Files, album: rooms.Album,
		now: now, newID: newID,
	}
}

// List is a part of the register with the number of entries on each tab; Total is the
// number on the tab, or behind the figure, asked for.
type List struct {
	ledger.Page[ledger.EntryRow]
	Tabs  map[Tab]int
	Total int
}

// maxLimit bounds a page of a list.
const maxLimit = 1000

// List gives the entries that the actor may see.
func (s *Service) List(ctx context.Context, who actor.Actor, in Query) (List, error) {
	if !who.Can(RightRead) {
		return List{}, forbidden()
	}
	var out List
	err := s.db.Snapshot(ctx, func(q db.Querier) error {
		f, err := s.filter(ctx, q, who, in)
		if err != nil {
			return err
		}
		in.Slice.Limit = max(1, min(in.Slice.Limit, maxLimit))
		if in.Behind != nil {
			out.Page, out.Total, err = ledger.EntriesBehind(ctx, q, f, *in.Behind, in.Slice)
			return err
		}
		f.Statuses = in.Tab.Statuses()
		page, byStatus, err := ledger.Entries(ctx, q, f, in.Slice)
		if err != nil {
			return err
		}
		out.Page, out.Tabs = page, tabs(byStatus)
		if in.Tab != TabTypical { // there is a number for it all the same
			in.Slice.Limit = 0
		}
		typical, n, err := ledger.TypicalEntries(ctx, q, f, s.now.Today(), in.Slice)
		if in.Tab == TabTypical {
			out.Page = typical
		}
		out.Tabs[TabTypical] = n
		out.Total = out.Tabs[in.Tab]
		return err
	})
	return out, err
}

// tabs sums the states that each tab shows.
func tabs(byStatus map[ledger.Status]int) map[Tab]int {
	sums := map[Tab]int{}
	for _, tab := range Tabs() {
		sums[tab] = 0
		for _, status := range tab.Statuses() {
			sums[tab] += byStatus[status]
		}
	}
	for _, n := range byStatus {
		sums[TabAll] += n
	}
	return sums
}

// Filter turns a query into the ledger's terms, within what the actor may see: for lists
// of what other rooms keep, such as adoptions.
func (s *Service) Filter(ctx context.Context, who actor.Actor, in Query) (ledger.Filter, error) {
	if !who.Can(RightRead) {
		return ledger.Filter{}, forbidden()
	}
	return s.filter(ctx, s.db, who, in)
}

// filter turns a query into the ledger's terms, within what the actor may see.
func (s *Service) filter(ctx context.Context, q db.Querier, who actor.Actor, in Query) (ledger.Filter, error) {
	var l errs.List
	l.Text("name", in.Name, maxSubject, false)
	if in.From != 0 && in.To != 0 && in.To < in.From {
		l.Add("to", i18n.MovementPeriodTurned)
	}
	if l.Err() != nil {
		return ledger.Filter{}, l.Err()
	}
	f := ledger.Filter{
		Period: in.Period, Area: ledger.Area{Scope: who.Scope}, Kind: in.Kind, Field: in.Field, Origin: in.Origin,
		From: in.From, To: in.To, Name: in.Name, Among: in.among(),
	}
	if in.Unit != "" {
		tree, err := s.org.Tree(ctx, q)
		if err != nil {
			return ledger.Filter{}, err
		}
		unit, ok := tree.ByCode(in.Unit)
		if !ok || !tree.InScope(who.Scope, unit.ID) {
			return ledger.Filter{}, errs.New(errs.NotFound, i18n.OrgNotFound).On("unit")
		}
		f.Area.Under, f.Area.Exact = tree.Paths(unit.ID), in.Own
	}
	return f, nil
}

// Get finds an entry by its identity or its code.
func (s *Service) Get(ctx context.Context, who actor.Actor, key string) (Entry, error) {
	if !who.Can(RightRead) {
		return Entry{}, forbidden()
	}
	var e Entry
	err := s.db.Snapshot(ctx, func(q db.Querier) error {
		var err error
		e, err = s.get(ctx, q, who, key)
		return err
	})
	return e, err
}

func (s *Service) get(ctx context.Context, q db.Querier, who actor.Actor, key string) (Entry, error) {
	e, err := find(ctx, q, key)
	if errors.Is(err, db.ErrNoRow) {
		return Entry{}, errs.New(errs.NotFound, i18n.PracticeNotFound)
	}
	if err != nil {
		return Entry{}, err
	}
	standings, err := s.mine(ctx, q, who, []string{e.ID})
	if err != nil {
		return Entry{}, err
	}
	e.Standing = standings[e.ID]
	if err := withCase(ctx, q, &e); err != nil {
		return Entry{}, err
	}
	if e.Partners, err = partners(ctx, q, e.ID); err != nil {
		return Entry{}, err
	}
	if e.Tags, err = tagsOf(ctx, q, e.ID); err != nil {
		return Entry{}, err
	}
	if e.Standing.Status() == ledger.StatusReturned {
		if e.Open, err = openReturn(ctx, q, e.ID); err != nil {
			return Entry{}, err
		}
	}
	err = measured(ctx, q, &e)
	return e, err
}

// Years gives the entries of a practice in all periods, the latest first.
func (s *Service) Years(ctx context.Context, who actor.Actor, practice string) ([]ledger.EntryRow, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	ids, err := yearsOf(ctx, s.db, practice)
	if err != nil {
		return nil, err
	}
	rows, err := ledger.EntryRows(ctx, s.db, ids)
	return within(rows, who.Scope), err
}

// Of gives the entries of an exemplar in all periods, the latest first.
func (s *Service) Of(ctx context.Context, who actor.Actor, exemplar string) ([]ledger.EntryRow, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	ids, err := entriesOf(ctx, s.db, exemplar)
	if err != nil {
		return nil, err
	}
	rows, err := ledger.EntryRows(ctx, s.db, ids)
	return within(rows, who.Scope), err
}

// Rows gives the entries with these identities, in their order, without those that lie
// outside the actor's scope.
func (s *Service) Rows(ctx context.Context, who actor.Actor, ids []string) ([]ledger.EntryRow, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	rows, err := ledger.EntryRows(ctx, s.db, ids)
	return within(rows, who.Scope), err
}

func within(rows []ledger.EntryRow, scope actor.Scope) []ledger.EntryRow {
	kept := rows[:0]
	for _, r := range rows {
		if scope.Covers(r.Path) {
			kept = append(kept, r)
		}
	}
	return kept
}

// mine reads where entries stand; one outside the actor's scope is not found.
func (s *Service) mine(ctx context.Context, q db.Querier, who actor.Actor, entries []string) (map[string]ledger.Standing, error) {
	rows, err := ledger.EntryRows(ctx, q, entries)
	if err != nil {
		return nil, err
	}
	if len(within(rows, who.Scope)) != len(entries) {
		return nil, errs.New(errs.NotFound, i18n.PracticeNotFound)
	}
	return ledger.Standings(ctx, q, entries)
}

func forbidden() error { return errs.New(errs.Forbidden, i18n.ErrsForbidden) }

// Entries finds many entries at once by identity or code: each under the key that asked
// for it, without partners. One that the actor may not see fails all.
func (s *Service) Entries(ctx context.Context, who actor.Actor, keys []string) (map[string]Entry, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	all := map[string]Entry{}
	err := s.db.Snapshot(ctx, func(q db.Querier) error {
		found, err := findAll(ctx, q, keys)
		if err != nil {
			return err
		}
		ids := make([]string, 0, len(found))
		for id := range found {
			ids = append(ids, id)
		}
		standings, err := s.mine(ctx, q, who, ids)
		if err != nil {
			return err
		}
		byCode := make(map[string]string, len(found))
		for id, e := range found {
			byCode[e.Code] = id
		}
		for _, key := range keys {
			id := key
			if other, ok := byCode[strings.ToUpper(key)]; ok {
				id = other
			}
			e, ok := found[id]
			if !ok {
				return errs.New(errs.NotFound, i18n.PracticeNotFound)
			}
			e.Standing = standings[id]
			all[key] = e
		}
		return nil
	})
	return all, err
}

// SourceAsk names an entry of a source practice, and the period of the adoption.
type SourceAsk struct {
	Key    string
	Period int
}

// Sources finds, for each source practice, the entry that an adoption in a period is
// counted on: that of the same period, or the latest before. A source may lie outside
// the actor's scope: what is to be spread is known to all who may replicate it.
func (s *Service) Sources(ctx context.Context, who actor.Actor, asks []SourceAsk) (map[SourceAsk]Entry, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	keys := make([]string, len(asks))
	for i, ask := range asks {
		keys[i] = ask.Key
	}
	found, err := findAll(ctx, s.db, keys)
	if err != nil {
		return nil, err
	}
	named := make(map[string]string, 2*len(found)) // the practice, by either key of its entry
	practices := make([]string, 0, len(found))
	for id, e := range found {
		named[id], named[e.Code] = e.Practice, e.Practice
		practices = append(practices, e.Practice)
	}
	years, err := entriesOfPractices(ctx, s.db, practices)
	if err != nil {
		return nil, err
	}
	begins, err := movement.Begins(ctx, s.db)
	if err != nil {
		return nil, err
	}
	all := make(map[SourceAsk]Entry, len(asks))
	for _, ask := range asks {
		practice, ok := named[ask.Key]
		if !ok {
			practice = named[strings.ToUpper(ask.Key)]
		}
		i := slices.IndexFunc(years[practice], func(e Entry) bool { return begins[e.Period] <= begins[ask.Period] })
		if i < 0 {
			return nil, errs.New(errs.Invalid, i18n.PracticeNotFound).On("source")
		}
		all[ask] = years[practice][i]
	}
	return all, nil
}

// PeriodsOf gives the periods in which entries count, by their numbers.
func (s *Service) PeriodsOf(ctx context.Context, who actor.Actor, entries map[string]Entry) (map[int]movement.Period, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	all := map[int]movement.Period{}
	for _, e := range entries {
		if _, known := all[e.Period]; known {
			continue
		}
		m, err := s.movements.ByPeriod(ctx, who, e.Period)
		if err != nil {
			return nil, err
		}
		all[e.Period], _ = m.Period(e.Period)
	}
	return all, nil
}

// Under gives the entries that rest on a decision by the kind of act, of those that the
// actor may see. What was revoked since is among them: the decision named it. What was
// recorded in error and voided is not: it did not.
func (s *Service) Under(ctx context.Context, who actor.Actor, decision string) (map[ledger.Kind][]ledger.EntryRow, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	acts, err := livingUnder(ctx, s.db, decision)
	if err != nil {
		return nil, err
	}
	ids := map[ledger.Kind][]string{}
	for _, a := range acts {
		ids[a.Kind] = append(ids[a.Kind], a.Entry)
	}
	under := map[ledger.Kind][]ledger.EntryRow{}
	for kind, of := range ids {
		rows, err := ledger.EntryRows(ctx, s.db, of)
		if err != nil {
			return nil, err
		}
		under[kind] = within(rows, who.Scope)
	}
	return under, nil
}

// livingUnder gives the acts on entries that rest on a decision and were not voided.
func livingUnder(ctx context.Context, q db.Querier, decision string) ([]ledger.Act, error) {
	acts, err := ledger.ActsUnder(ctx, q, decision)
	if err != nil {
		return nil, err
	}
	acts = slices.DeleteFunc(acts, func(a ledger.Act) bool { return a.Entry == "" })
	entries := make([]string, len(acts))
	for i, a := range acts {
		entries[i] = a.Entry
	}
	slices.Sort(entries)
	standings, err := ledger.Standings(ctx, q, slices.Compact(entries))
	if err != nil {
		return nil, err
	}
	lives := map[string]bool{}
	for _, st := range standings {
		for _, a := range st.Living() {
			lives[a.ID] = true
		}
	}
	return slices.DeleteFunc(acts, func(a ledger.Act) bool { return !lives[a.ID] }), nil
}
