package appraisal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Visit is a way to the place, to see some entries.
type Visit struct {
	ID        string
	Period    int
	Unit      string
	Path      string
	On        clock.Date
	Goers     string // who goes, one to a line
	Purpose   string
	CreatedAt time.Time
	CreatedBy string
	Sheets    []VisitSheet
}

// VisitSheet is what was found at one entry. Its form is kept as typed, field by field.
type VisitSheet struct {
	Visit     string
	Entry     ledger.EntryRow
	Criteria  string            // the version from which its checklist comes
	Form      map[string]string // by field
	Closed    bool
	Version   int // 0 is not filled yet
	UpdatedAt time.Time
	UpdatedBy string
}

// VisitInput is a visit as a form has it.
type VisitInput struct {
	Unit    string // code of who visits
	On      clock.Date
	Goers   string
	Purpose string
	Entries []string // identities
}

// Bounds of a visit and of a sheet.
const (
	MaxVisited    = 60
	MaxFields     = 400
	maxSheetBytes = 200 << 10
)

// Check gathers everything that is wrong with the input.
func (in *VisitInput) Check() error {
	var l errs.List
	in.Goers, in.Purpose = tidy(in.Goers), tidy(in.Purpose)
	if in.On == 0 {
		l.Add("on", i18n.ErrsRequired)
	}
	l.Text("goers", in.Goers, MaxReason, true)
	l.Text("purpose", in.Purpose, MaxReason, false)
	slices.Sort(in.Entries)
	if in.Entries = slices.Compact(in.Entries); len(in.Entries) == 0 || len(in.Entries) > MaxVisited {
		l.Add("entries", i18n.AppraisalVisitEntries, MaxVisited)
	}
	return l.Err()
}

// Plan plans a visit; each entry gets a sheet with the checklist of the criteria in force.
func (s *Service) Plan(ctx context.Context, who actor.Actor, in VisitInput) (Visit, error) {
	if !who.Can(RightAppraise) {
		return Visit{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return Visit{}, err
	}
	m, err := s.movementOf(ctx, who, in.Entries[0])
	if err != nil {
		return Visit{}, err
	}
	v := Visit{ID: s.newID(), Period: m.no, On: in.On, Goers: in.Goers, Purpose: in.Purpose, CreatedAt: s.now(), CreatedBy: who.Account}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		tree, err := s.org.Tree(ctx, tx)
		if err != nil {
			return err
		}
		unit, ok := tree.ByCode(in.Unit)
		if !ok || !tree.InScope(who.Scope, unit.ID) {
			return errs.New(errs.Invalid, i18n.MovementOutOfScope).On("unit")
		}
		if !unit.On(in.On) {
			return errs.New(errs.Invalid, i18n.OrgNotValidOn, unit.NameOn(in.On), in.On).On("unit")
		}
		v.Unit, v.Path = unit.ID, tree.PathOn(unit.ID, in.On)
		if v.Sheets, err = s.sheetsFor(ctx, tx, who, m, in.Entries); err != nil {
			return err
		}
		if err := insertVisit(ctx, tx, v); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "appraisal.visit.plan", audit.Object{Kind: "visit", ID: v.ID}, in)
	})
	return v, err
}

// sheetsFor makes the empty sheets of a visit.
func (s *Service) sheetsFor(ctx context.Context, q db.Querier, who actor.Actor, m *period, entries []string) ([]VisitSheet, error) {
	rows, err := mine(ctx, q, who, entries)
	if err != nil {
		return nil, err
	}
	periods, err := periodsOf(ctx, q, entries)
	if err != nil {
		return nil, err
	}
	if len(periods) != 1 {
		return nil, errs.New(errs.Invalid, i18n.AppraisalOnePeriod).On("entries")
	}
	sets := map[ledger.SubjectKind]string{}
	all := make([]VisitSheet, len(entries))
	for i, e := range entries {
		row := rows[e]
		if _, known := sets[row.Kind]; !known {
			set, err := movement.CriteriaIn(ctx, q, m.Movement, row.Kind, s.now.Today())
			if err != nil && !errs.Is(err, errs.NotFound) {
				return nil, err
			}
			sets[row.Kind] = set.ID
		}
		all[i] = VisitSheet{Entry: row, Criteria: sets[row.Kind], Form: map[string]string{}}
	}
	return all, nil
}

// Visits lists the visits of a period that the actor sees, the latest first, without their
// sheets.
func (s *Service) Visits(ctx context.Context, who actor.Actor, x Page) (all []Visit, next string, err error) {
	if !who.Can(RightRead) {
		return nil, "", forbidden()
	}
	all, err = visits(ctx, s.db, who.Scope, x)
	if len(all) > perPage {
		all = all[:perPage]
		next = all[perPage-1].ID
	}
	return slices.DeleteFunc(all, func(v Visit) bool { return !who.Scope.Covers(v.Path) }), next, err
}

// Visit finds a visit with its sheets.
func (s *Service) Visit(ctx context.Context, who actor.Actor, id string) (Visit, error) {
	if !who.Can(RightRead) {
		return Visit{}, forbidden()
	}
	return myVisit(ctx, s.db, who, id)
}

// VisitsOf lists the sheets on which an entry was looked at, the latest first, each with the
// day of its visit.
func (s *Service) VisitsOf(ctx context.Context, who actor.Actor, entry string) ([]Visit, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	if _, err := mine(ctx, s.db, who, []string{entry}); err != nil {
		return nil, err
	}
	all, err := visitsOf(ctx, s.db, entry)
	return slices.DeleteFunc(all, func(v Visit) bool { return !who.Scope.Covers(v.Path) }), err
}

// Checklist gives the criteria from which a sheet was made; without identity where there were
// none.
func (s *Service) Checklist(ctx context.Context, who actor.Actor, x VisitSheet) (movement.CriteriaSet, error) {
	if !who.Can(RightRead) {
		return movement.CriteriaSet{}, forbidden()
	}
	if x.Criteria == "" {
		return movement.CriteriaSet{}, nil
	}
	return movement.CriteriaVersion(ctx, s.db, x.Criteria)
}

// Sending is a filled sheet as it comes from the field, perhaps hours after it was written.
type Sending struct {
	ID      string // made by the browser: the same sending counts once
	Version int    // over which it was written
	Form    map[string]string
	Closed  bool // done: nothing more is to come
}

func (in *Sending) check() error {
	if !regexp.MustCompile(`^[0-9a-zA-Z-]{8,64}$`).MatchString(in.ID) {
		return errs.New(errs.Invalid, i18n.ErrsBadText).On("send")
	}
	size := 0
	for name, value := range in.Form {
		if size += len(name) + len(value); strings.ToValidUTF8(value, "") != value || strings.ContainsRune(value, 0) {
			return errs.New(errs.Invalid, i18n.ErrsBadText).On(name)
		}
	}
	if len(in.Form) > MaxFields || size > maxSheetBytes {
		return errs.New(errs.Invalid, i18n.AppraisalSheetLarge)
	}
	return nil
}

// Fill writes a sheet over the version that was read. The same sending twice counts once.
// Where somebody else saved the sheet meanwhile it gives the sheet as it stands, and a
// conflict.
func (s *Service) Fill(ctx context.Context, who actor.Actor, visit, entry string, in Sending) (VisitSheet, error) {
	if !who.Can(RightAppraise) {
		return VisitSheet{}, forbidden()
	}
	if err := in.check(); err != nil {
		return VisitSheet{}, err
	}
	var x VisitSheet
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		v, err := myVisit(ctx, tx, who, visit)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(v.Sheets, func(x VisitSheet) bool { return x.Entry.Entry == entry || x.Entry.Code == entry })
		if i < 0 {
			return noVisit()
		}
		x = v.Sheets[i]
		if at, err := sentBefore(ctx, tx, in.ID); !errors.Is(err, db.ErrNoRow) {
			if err == nil && (at.Visit != visit || at.Entry.Entry != x.Entry.Entry) {
				err = errs.New(errs.Invalid, i18n.ErrsBadText).On("send")
			}
			return err
		}
		if x.Version != in.Version {
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		x.Form, x.Closed, x.Version, x.UpdatedAt, x.UpdatedBy = in.Form, in.Closed, x.Version+1, s.now(), who.Account
		if err := updateSheet(ctx, tx, x, in.ID); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "appraisal.visit.fill", audit.Object{Kind: "visit", ID: visit},
			map[string]any{"entry": x.Entry.Entry, "version": x.Version, "closed": x.Closed, "form": x.Form})
	})
	return x, err
}

func noVisit() error { return errs.New(errs.NotFound, i18n.AppraisalNoVisit) }

func formText(form map[string]string) (string, error) {
	out, err := json.Marshal(form)
	if err != nil {
		return "", fmt.Errorf("write a sheet: %w", err)
	}
	return string(out), nil
}
