package appraisal

import (
	"context"
	"slices"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Service is the capability.
type Service struct {
	db        *db.DB
	log       *audit.Log
	org       *org.Service
	movements *movement.Service
	practices *practice.Service
	files     blob.Store
	now       clock.Clock
	newID     id.Source
}

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Log       *audit.Log
	Org       *org.Service
	Movements *movement.Service
	Practices *practice.Service
	Files     blob.Store
}

// New makes the service.
func New(d *db.DB, rooms Rooms, now clock.Clock, newID id.Source) *Service {
	return &Service{
		db: d, log: rooms.Log, org: rooms.Org, movements: rooms.Movements, practices: rooms.Practices, files: rooms.Files, now: now, newID: newID,
	}
}

// Report tells about an entry.
func (s *Service) Report(ctx context.Context, who actor.Actor, in NoteInput) (Note, error) {
	all, err := s.ReportAll(ctx, who, []NoteInput{in})
	if err != nil {
		return Note{}, err
	}
	return all[0], nil
}

// ReportAll tells about many entries, which are named by their identities where there is
// more than one.
func (s *Service) ReportAll(ctx context.Context, who actor.Actor, all []NoteInput) ([]Note, error) {
	if !who.Can(RightReport) {
		return nil, forbidden()
	}
	if len(all) == 0 || len(all) > maxMany {
		return nil, errs.New(errs.Invalid, i18n.PracticeNothingChosen).On("entries")
	}
	ids := make([]string, len(all))
	for i := range all {
		if err := all[i].Check(s.now.Today()); err != nil {
			return nil, err
		}
		ids[i] = all[i].Entry
	}
	if len(ids) == 1 {
		e, err := s.practices.Get(ctx, who, ids[0])
		if err != nil {
			return nil, err
		}
		ids[0], all[0].Entry = e.ID, e.ID
	}
	notes := make([]Note, len(all))
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		rows, err := mine(ctx, tx, who, ids)
		if err != nil {
			return err
		}
		for i, in := range all {
			if row := rows[in.Entry]; !goes(row.Status) {
				return errs.New(errs.Conflict, i18n.AppraisalNotGoing, row.Code)
			}
			notes[i] = Note{
				ID: s.newID(), Entry: in.Entry, Kind: in.Kind, On: in.On, Text: in.Text, Outputs: in.Outputs, Evidence: in.Evidence, Actuals: in.Actuals,
				State: Sent, Version: 1, SentAt: s.now(), SentBy: who.Account,
			}
		}
		if err := insertNotes(ctx, tx, notes); err != nil {
			return err
		}
		return s.record(ctx, tx, who, "appraisal.note.report", ids, map[string]any{"kind": all[0].Kind, "on": all[0].On, "text": all[0].Text})
	})
	return notes, err
}

// goes tells whether an entry is in the list. What came of one that paused or ended is told
// all the same.
func goes(s ledger.Status) bool {
	return slices.Contains([]ledger.Status{
		ledger.StatusReceived, ledger.StatusStarted, ledger.StatusRecognised, ledger.StatusSuspended, ledger.StatusEnded,
	}, s)
}

// Amend rewrites a note that was not accepted, over the version that was read; it waits
// again.
func (s *Service) Amend(ctx context.Context, who actor.Actor, id string, version int, in NoteInput) (Note, error) {
	if !who.Can(RightReport) {
		return Note{}, forbidden()
	}
	if err := in.Check(s.now.Today()); err != nil {
		return Note{}, err
	}
	var n Note
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		if n, err = myNote(ctx, tx, who, id); err != nil {
			return err
		}
		switch {
		case n.State == Accepted:
			return errs.New(errs.Conflict, i18n.AppraisalAcceptedAlready)
		case n.Version != version:
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		n.Kind, n.On, n.Text, n.Outputs, n.Evidence, n.Actuals = in.Kind, in.On, in.Text, in.Outputs, in.Evidence, in.Actuals
		n.State, n.Version, n.SentAt, n.SentBy = Sent, n.Version+1, s.now(), who.Account
		if err := updateNote(ctx, tx, n); err != nil {
			return err
		}
		return s.record(ctx, tx, who, "appraisal.note.amend", []string{n.Entry}, map[string]any{"note": n.ID, "kind": n.Kind, "on": n.On, "text": n.Text})
	})
	return n, err
}

// Accept takes notes as they stand. An entry whose first note that is starts on its day.
func (s *Service) Accept(ctx context.Context, who actor.Actor, ids ...string) error {
	if !who.Can(RightAppraise) || !who.Can(practice.RightReceive) {
		return forbidden()
	}
	if len(ids) == 0 || len(ids) > maxMany {
		return errs.New(errs.Invalid, i18n.PracticeNothingChosen).On("notes")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		all, err := notesByID(ctx, tx, ids)
		if err != nil {
			return err
		}
		if len(all) != len(ids) {
			return noNote()
		}
		entries, days := make([]string, len(all)), map[string]clock.Date{}
		for i, n := range all {
			entries[i] = n.Entry
			if day, ok := days[n.Entry]; !ok || n.On < day {
				days[n.Entry] = n.On
			}
		}
		_, err = mine(ctx, tx, who, entries)
		if errs.Is(err, errs.NotFound) {
			return noNote()
		}
		if err != nil {
			return err
		}
		if slices.ContainsFunc(all, func(n Note) bool { return n.State != Sent }) {
			return errs.New(errs.Conflict, i18n.AppraisalNotWaiting)
		}
		if err := decideNotes(ctx, tx, ids, Note{State: Accepted, DecidedAt: s.now(), DecidedBy: who.Account}); err != nil {
			return err
		}
		if err := s.practices.StartIn(ctx, tx, who, days); err != nil {
			return err
		}
		if err := s.reached(ctx, tx, who, all); err != nil {
			return err
		}
		return s.record(ctx, tx, who, "appraisal.note.accept", entries, map[string]any{"notes": len(ids)})
	})
}

// reached takes the numbers of accepted results over into the indicators of their entries. An
// earlier result says nothing about an indicator of which a later one has spoken.
func (s *Service) reached(ctx context.Context, tx *db.Tx, who actor.Actor, all []Note) error {
	for _, n := range all {
		if n.Kind != Result || len(n.Actuals) == 0 {
			continue
		}
		told, err := notesOf(ctx, tx, n.Entry) // the latest first, those of this step among them
		if err != nil {
			return err
		}
		if err := s.practices.MeasureIn(ctx, tx, who, n.Entry, i18n.Vi.T(i18n.AppraisalMeasured, i18n.Vi.Date(n.On)), func(x practice.Indicator) viet.Decimal {
			for _, note := range told {
				for _, a := range note.Actuals {
					if note.Kind == Result && note.State == Accepted && a.Name == x.Name && a.Unit == x.Unit {
						return a.Value
					}
				}
			}
			return viet.Decimal{}
		}); err != nil {
			return err
		}
	}
	return nil
}

// SendBack returns a note with a reason.
func (s *Service) SendBack(ctx context.Context, who actor.Actor, id, reason string) error {
	if !who.Can(RightAppraise) {
		return forbidden()
	}
	var l errs.List
	reason = tidy(reason)
	if l.Text("reason", reason, MaxReason, true); l.Err() != nil {
		return l.Err()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := myNote(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if n.State != Sent {
			return errs.New(errs.Conflict, i18n.AppraisalNotWaiting)
		}
		if err := decideNotes(ctx, tx, []string{id}, Note{State: Returned, Reason: reason, DecidedAt: s.now(), DecidedBy: who.Account}); err != nil {
			return err
		}
		return s.record(ctx, tx, who, "appraisal.note.return", []string{n.Entry}, map[string]any{"note": id, "reason": reason})
	})
}

// Note finds a note of an entry that the actor sees.
func (s *Service) Note(ctx context.Context, who actor.Actor, id string) (Note, error) {
	if !who.Can(RightRead) {
		return Note{}, forbidden()
	}
	return myNote(ctx, s.db, who, id)
}

// Notes lists what was told about an entry, the latest first.
func (s *Service) Notes(ctx context.Context, who actor.Actor, entry string) ([]Note, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	if _, err := mine(ctx, s.db, who, []string{entry}); err != nil {
		return nil, err
	}
	return notesOf(ctx, s.db, entry)
}

// Waiting lists the notes that nobody has looked at yet, the oldest first, with their
// entries.
func (s *Service) Waiting(ctx context.Context, who actor.Actor) ([]Note, map[string]ledger.EntryRow, error) {
	if !who.Can(RightRead) {
		return nil, nil, forbidden()
	}
	all, err := waitingNotes(ctx, s.db, who.Scope, maxWaiting)
	if err != nil {
		return nil, nil, err
	}
	entries := make([]string, len(all))
	for i, n := range all {
		entries[i] = n.Entry
	}
	rows, err := seen(ctx, s.db, who, entries)
	return slices.DeleteFunc(all, func(n Note) bool { _, ok := rows[n.Entry]; return !ok }), rows, err
}

// maxWaiting bounds the list of notes that wait.
const maxWaiting = 2000

// Silent is an entry of which nothing was heard since a day.
type Silent struct {
	ledger.EntryRow
	Last clock.Date // of the last note, or of its registration
}

// MaxMonths bounds for how long nothing was heard.
const MaxMonths = 24

// Silence lists the entries of a period that go on and of which nothing was heard for some
// months, the longest silent first.
func (s *Service) Silence(ctx context.Context, who actor.Actor, period, months int) ([]Silent, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	months = max(1, min(months, MaxMonths))
	before := clock.DateOf(s.now().AddDate(0, -months, 0))
	last, order, err := silentEntries(ctx, s.db, period, before)
	if err != nil {
		return nil, err
	}
	rows, err := seen(ctx, s.db, who, order)
	var all []Silent
	for _, e := range order {
		if row, ok := rows[e]; ok && len(all) < maxWaiting {
			all = append(all, Silent{row, last[e]})
		}
	}
	return all, err
}

// mine reads entries; one outside the actor's scope is not found.
func mine(ctx context.Context, q db.Querier, who actor.Actor, entries []string) (map[string]ledger.EntryRow, error) {
	rows, err := seen(ctx, q, who, entries)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if _, ok := rows[e]; !ok {
			return nil, errs.New(errs.NotFound, i18n.PracticeNotFound)
		}
	}
	return rows, nil
}

// seen reads those of some entries that lie within the actor's scope.
func seen(ctx context.Context, q db.Querier, who actor.Actor, entries []string) (map[string]ledger.EntryRow, error) {
	all, err := ledger.EntryRows(ctx, q, entries)
	rows := make(map[string]ledger.EntryRow, len(all))
	for _, row := range all {
		if who.Scope.Covers(row.Path) {
			rows[row.Entry] = row
		}
	}
	return rows, err
}

// record keeps one record for a single entry, and one for a whole batch.
func (s *Service) record(ctx context.Context, tx *db.Tx, who actor.Actor, action string, entries []string, detail any) error {
	if len(entries) == 1 {
		return s.log.Add(ctx, tx, who, action, audit.Object{Kind: "entry", ID: entries[0]}, detail)
	}
	return s.log.Add(ctx, tx, who, action, audit.Object{Kind: "entries"}, map[string]any{"entries": entries, "detail": detail})
}

func forbidden() error { return errs.New(errs.Forbidden, i18n.ErrsForbidden) }

func noNote() error { return errs.New(errs.NotFound, i18n.AppraisalNoNote) }

func number(n int) string { return strconv.Itoa(n) }
