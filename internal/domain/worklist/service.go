package worklist

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/draft"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
	"github.com/nhanrong/nhanrong/internal/platform/jobs"
)

// Service is the capability. Its rights are those of the rooms whose work it lists.
type Service struct {
	db    *db.DB
	rooms Rooms
	now   clock.Clock
	newID id.Source
}

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Log        *audit.Log
	Org        *org.Service
	Identity   *identity.Service
	Movements  *movement.Service
	Reviews    *review.Service
	Practices  *practice.Service
	Appraisals *appraisal.Service
	Drafts     *draft.Service
	Outbox     *outbox.Service
	Queue      *jobs.Queue
}

// New makes the service.
func New(d *db.DB, rooms Rooms, now clock.Clock, newID id.Source) *Service {
	return &Service{db: d, rooms: rooms, now: now, newID: newID}
}

// perSource is how many items of a kind are listed; how many there are is told beside.
const perSource = 10

// soon is the days within which what is due is listed.
const soon = 14

// Desk gathers what waits for the actor in a period.
func (s *Service) Desk(ctx context.Context, who actor.Actor, code string, period int) (Desk, error) {
	if !who.Can(practice.RightRead) || !who.Can(movement.RightRead) {
		return Desk{}, forbidden()
	}
	calendar, err := s.rooms.Movements.Calendar(ctx, who, code, period)
	if err != nil {
		return Desk{}, err
	}
	d := Desk{Movement: calendar.Movement, Period: calendar.Period}
	add := func(src Source) {
		if src.Total > 0 {
			slices.SortStableFunc(src.Items, byUrgency)
			src.Items = src.Items[:min(len(src.Items), perSource)]
			d.Sources = append(d.Sources, src)
		}
	}
	cases, err := s.cases(ctx, who)
	if err != nil {
		return d, err
	}
	add(cases)
	entries, err := s.entries(ctx, who, calendar)
	if err != nil {
		return d, err
	}
	for _, src := range entries {
		add(src)
	}
	add(s.duties(who, calendar))
	add(s.phases(calendar))
	drafts, err := s.drafts(ctx, who)
	add(drafts)
	return d, err
}

// cases are those of routes that wait for the actor's vote.
func (s *Service) cases(ctx context.Context, who actor.Actor) (Source, error) {
	src := Source{Kind: ToReview}
	if !who.Can(review.RightRead) {
		return src, nil
	}
	page, err := s.rooms.Reviews.WaitingPage(ctx, who, review.WaitingCut{Limit: perSource})
	src.Total = page.Total
	for _, w := range page.Rows {
		src.Items = append(src.Items, Item{
			Kind: ToReview, Key: w.Case, Title: w.Subject.Title, Unit: w.Subject.Unit, Since: w.Seat.Since, Due: w.Due, DaysLeft: w.DaysLeft,
		})
	}
	return src, err
}

// asked is which entries wait, and for what.
type asked struct {
	kind   Kind
	status ledger.Status
	among  []ledger.Among
	except []ledger.Among
}

// cameAgain are the entries that came in again after they had been sent back.
func cameAgain() ledger.Among {
	return ledger.Among{One: true, Value: 0, Select: `SELECT 1 FROM practice_return
		WHERE practice_return.entry_id = ledger_entry_fact.entry_id AND answered_at IS NOT NULL AND round >= `}
}

// onARoute are those that a route has.
func onARoute() ledger.Among {
	return ledger.Among{One: true, Value: "open", Select: `SELECT 1 FROM review_case
		WHERE subject_id = ledger_entry_fact.entry_id AND subject_kind = 'entry' AND phase = `}
}

// entries are those that wait: to whoever receives them, those that came in; to whoever
// registers them, those that were sent back. What a route has waits for its reviewers.
func (s *Service) entries(ctx context.Context, who actor.Actor, c movement.Calendar) ([]Source, error) {
	var all []asked
	switch {
	case who.Can(practice.RightReceive):
		all = []asked{
			{Mended, ledger.StatusRegistered, []ledger.Among{cameAgain()}, []ledger.Among{onARoute()}},
			{ToReceive, ledger.StatusRegistered, nil, []ledger.Among{cameAgain(), onARoute()}},
		}
	case who.Can(practice.RightRegister):
		all = []asked{{SentBack, ledger.StatusReturned, nil, nil}}
	default:
		return nil, nil
	}
	f, err := s.rooms.Practices.Filter(ctx, who, practice.Query{Period: c.Period.No})
	if err != nil {
		return nil, err
	}
	var sources []Source
	err = s.db.Snapshot(ctx, func(q db.Querier) error {
		terms, err := rulebook.TermsIn(ctx, q)
		if err != nil {
			return err
		}
		for _, a := range all {
			f.Statuses, f.Among, f.Except = []ledger.Status{a.status}, a.among, a.except
			page, total, err := ledger.EntriesIn(ctx, q, f, ledger.Slice{Sort: ledger.ByDay, Backward: true, Limit: perSource})
			if err != nil {
				return err
			}
			since, err := lastRound(ctx, q, a.kind, page.Rows)
			if err != nil {
				return err
			}
			src := Source{Kind: a.kind, Total: total}
			s.items(&src, page.Rows, since, within{c, terms.Receive})
			sources = append(sources, src)
		}
		return nil
	})
	return sources, err
}

// within is the calendar, and the working days in which what came in is received or sent back.
type within struct {
	movement.Calendar
	receive int
}

func (s *Service) items(src *Source, rows []ledger.EntryRow, since map[string]clock.Date, c within) {
	for _, row := range rows {
		item := Item{Kind: src.Kind, Key: row.Code, Title: row.Title, Unit: row.Unit, Since: row.RegisteredOn}
		if on := since[row.Entry]; on != 0 {
			item.Since = on
		}
		item.Due = s.due(src.Kind.task(), item.Since, c)
		item.DaysLeft = review.DaysLeft(s.now.Today(), item.Due, c.Off.Off)
		src.Items = append(src.Items, item)
	}
}

// duties are those that the actor is to do: the own, those of the own units, and those of
// nobody for whoever keeps the movement.
func (s *Service) duties(who actor.Actor, c movement.Calendar) Source {
	src, today := Source{Kind: ToDo}, s.now.Today()
	for _, d := range c.Duties {
		if d.Done() || d.Sample || d.Due > today+soon || d.Account != "" && d.Account != who.Account {
			continue
		}
		src.Total++
		src.Items = append(src.Items, Item{
			Kind: ToDo, Key: d.ID, Title: d.Title, Unit: d.Unit, Due: d.Due, DaysLeft: review.DaysLeft(today, d.Due, c.Off.Off),
		})
	}
	return src
}

// phases are those that are open and end soon.
func (s *Service) phases(c movement.Calendar) Source {
	src, today := Source{Kind: Closing}, s.now.Today()
	for _, p := range c.Phases {
		if last := p.Last(c.Off); !p.Sample && p.OpenOn(today, c.Off) && last <= today+soon {
			src.Total++
			src.Items = append(src.Items, Item{
				Kind: Closing, Key: p.ID, Title: p.Name, Due: last, DaysLeft: review.DaysLeft(today, last, c.Off.Off),
			})
		}
	}
	return src
}

// drafts are the actor's own.
func (s *Service) drafts(ctx context.Context, who actor.Actor) (Source, error) {
	src := Source{Kind: Unsent}
	if !who.Can(practice.RightRegister) {
		return src, nil
	}
	all, err := s.rooms.Drafts.List(ctx, who)
	for _, d := range all {
		if d.Discarded() {
			continue
		}
		src.Total++
		src.Items = append(src.Items, Item{Kind: Unsent, Key: d.ID, Title: d.Title, Since: clock.DateOf(d.UpdatedAt)})
	}
	return src, err
}

func forbidden() error { return errs.New(errs.Forbidden, i18n.ErrsForbidden) }
