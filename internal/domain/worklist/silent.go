package worklist

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Among says of which units the silent ones are looked for.
type Among string

// The units that are looked at.
const (
	AllUnits Among = "all"
	Expected Among = "expected" // those that have a target or registered the year before
)

// SilentUnit is a unit below the movement's that has registered nothing in a period, nor
// has any below it.
type SilentUnit struct {
	Unit       org.Unit
	Target     int // of registrations; 0 is none
	Before     int // how many it registered in the period before
	Reminded   int // how often it was reminded
	RemindedOn clock.Date
	RemindedBy string // account
}

// Silence is who has registered nothing in a period, and how long there is left.
type Silence struct {
	Movement movement.Movement
	Period   movement.Period
	Units    []SilentUnit
	Looked   int // of how many units
	Deadline clock.Date
	DaysLeft int
}

// AgainAfter is within how many days a unit is not reminded again without being asked about.
const AgainAfter = 7

// Silent tells which units have registered nothing in a period, of those that the actor sees.
func (s *Service) Silent(ctx context.Context, who actor.Actor, code string, period int, among Among) (Silence, error) {
	if !who.Can(practice.RightRead) || !who.Can(movement.RightRead) {
		return Silence{}, forbidden()
	}
	calendar, err := s.rooms.Movements.Calendar(ctx, who, code, period)
	if err != nil {
		return Silence{}, err
	}
	targets, err := s.rooms.Movements.Targets(ctx, who, code, period)
	if err != nil {
		return Silence{}, err
	}
	var out Silence
	err = s.db.Snapshot(ctx, func(q db.Querier) error {
		var err error
		out, err = s.silence(ctx, q, who, looking{calendar, targets, among})
		return err
	})
	return out, err
}

// looking is where silent units are looked for.
type looking struct {
	movement.Calendar
	targets movement.Targets
	among   Among
}

// silence tells which units have registered nothing, in the reading of the caller.
func (s *Service) silence(ctx context.Context, q db.Querier, who actor.Actor, at looking) (Silence, error) {
	out := Silence{Movement: at.Movement, Period: at.Period, Deadline: deadline(at.Calendar)}
	out.DaysLeft = review.DaysLeft(s.now.Today(), out.Deadline, at.Off.Off)
	tree, err := s.rooms.Org.Tree(ctx, q)
	if err != nil {
		return out, err
	}
	before, _, err := s.rooms.Movements.Before(ctx, q, out.Movement, out.Period)
	if err != nil {
		return out, err
	}
	now, err := registeredAt(ctx, q, out.Period.No)
	if err != nil {
		return out, err
	}
	then, err := registeredAt(ctx, q, before.No)
	if err != nil {
		return out, err
	}
	reminders, err := remindersOf(ctx, q, out.Period.No)
	if err != nil {
		return out, err
	}
	for _, u := range movement.TargetUnits(tree, out.Movement, out.Period) {
		if !tree.InScope(who.Scope, u.ID) {
			continue
		}
		paths := tree.Paths(u.ID)
		target, _ := at.targets.Of(u.ID, 0, ledger.FigureRegistered)
		su := SilentUnit{Unit: u, Target: target, Before: under(then, paths)}
		if at.among == Expected && su.Target == 0 && su.Before == 0 {
			continue
		}
		out.Looked++
		if under(now, paths) > 0 {
			continue
		}
		if r := reminders[u.ID]; r != nil {
			su.Reminded, su.RemindedOn, su.RemindedBy = r.count, r.last, r.by
		}
		out.Units = append(out.Units, su)
	}
	return out, nil
}

// deadline is the last day of registration; none where the calendar has none.
func deadline(c movement.Calendar) clock.Date {
	var last clock.Date
	for _, p := range c.Phases {
		if p.Kind == movement.PhaseRegistration && !p.Sample {
			last = max(last, p.Deadline(c.Off))
		}
	}
	return last
}

// under sums what was registered at and below some paths.
func under(counts map[string]int, paths []string) int {
	n := 0
	for path, of := range counts {
		if slices.ContainsFunc(paths, func(p string) bool { return strings.HasPrefix(path, p) }) {
			n += of
		}
	}
	return n
}

// Remind notes that units were reminded and leaves a notice for whoever works there. One
// that was reminded a few days ago is reminded again only where that is meant.
func (s *Service) Remind(ctx context.Context, who actor.Actor, in RemindInput) (told int, err error) {
	if !who.Can(practice.RightReceive) {
		return 0, forbidden()
	}
	calendar, err := s.rooms.Movements.Calendar(ctx, who, in.Movement, in.Period)
	if err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		silence, err := s.silence(ctx, tx, who, looking{Calendar: calendar, among: AllUnits})
		if err != nil {
			return err
		}
		units, err := s.toRemind(silence, in)
		if err != nil {
			return err
		}
		told, err = s.remindAll(ctx, tx, who, silence, units)
		return err
	})
	return told, err
}

// toRemind are the units that were chosen and are silent still, where none of them was
// reminded just now.
func (s *Service) toRemind(silence Silence, in RemindInput) ([]SilentUnit, error) {
	units := slices.DeleteFunc(silence.Units, func(u SilentUnit) bool { return !slices.Contains(in.Units, u.Unit.Code) })
	if len(units) == 0 {
		return nil, errs.New(errs.Invalid, i18n.WorklistNobodyToRemind).On("unit")
	}
	today := s.now.Today()
	for _, u := range units {
		if u.RemindedOn != 0 && today-u.RemindedOn < AgainAfter && !in.Again {
			return nil, errs.New(errs.Conflict, i18n.WorklistRemindedAlready, u.Unit.NameOn(today), u.RemindedOn).On("again")
		}
	}
	return units, nil
}

func (s *Service) remindAll(ctx context.Context, tx *db.Tx, who actor.Actor, silence Silence, units []SilentUnit) (told int, err error) {
	tree, err := s.rooms.Org.Tree(ctx, tx)
	if err != nil {
		return 0, err
	}
	codes := make([]string, len(units))
	for i, u := range units {
		codes[i] = u.Unit.Code
		n, err := s.remind(ctx, tx, who, tree, reminding{silence, u.Unit})
		if err != nil {
			return 0, err
		}
		told += n
	}
	return told, s.rooms.Log.Add(ctx, tx, who, "worklist.remind", audit.Object{Kind: "movement", ID: silence.Movement.ID}, map[string]any{"units": codes, "told": told})
}

// RemindInput says which units are reminded.
type RemindInput struct {
	Movement string // code
	Period   int
	Units    []string // codes
	Again    bool     // those that were reminded a few days ago, too
}

// reminding is a unit that is reminded, and of what.
type reminding struct {
	Silence
	unit org.Unit
}

// remind reminds one unit and tells how many accounts there have a notice.
func (s *Service) remind(ctx context.Context, tx *db.Tx, who actor.Actor, tree *org.Tree, r reminding) (int, error) {
	accounts, err := identity.StandingAt(ctx, tx, tree, r.unit.ID, "", s.now.Today())
	if err != nil {
		return 0, err
	}
	key := s.newID()
	for _, a := range accounts {
		if err := s.rooms.Identity.Notify(ctx, tx, identity.Notice{
			ID: key + "." + a.ID, Account: a.ID, Key: i18n.WorklistNoticeSilent, Args: []any{r.Movement.Name, r.unit.NameOn(s.now.Today())},
			Link: "/admin/entries/new?movement=" + r.Movement.Code,
		}); err != nil {
			return 0, err
		}
	}
	return len(accounts), insertReminder(ctx, tx, reminder{
		id: key, period: r.Period.No, unit: r.unit.ID, last: s.now.Today(), by: who.Account, count: len(accounts), at: s.now(),
	})
}

// reminder is that a unit was reminded; of several, the last with how many there were.
type reminder struct {
	id     string
	period int
	unit   string
	last   clock.Date
	by     string
	count  int
	at     time.Time
}

func insertReminder(ctx context.Context, tx *db.Tx, r reminder) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO worklist_reminder (id, period_no, unit_id, reminded_on, reminded_at, reminded_by, told)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, r.id, r.period, r.unit, db.Date(r.last), db.Time(r.at), r.by, r.count)
	return err
}

func remindersOf(ctx context.Context, q db.Querier, period int) (map[string]*reminder, error) {
	all := map[string]*reminder{}
	err := db.Each(ctx, q, func(row db.Row) error {
		var r reminder
		if err := row.Scan(&r.unit, db.DateTo(&r.last), &r.by); err != nil {
			return err
		}
		if earlier := all[r.unit]; earlier != nil {
			r.count = earlier.count
		}
		r.count++
		all[r.unit] = &r
		return nil
	}, `SELECT unit_id, reminded_on, reminded_by FROM worklist_reminder WHERE period_no = $1 ORDER BY reminded_on, reminded_at`, period)
	return all, err
}

// registeredAt is how many entries were registered and not withdrawn in a period, by path.
func registeredAt(ctx context.Context, q db.Querier, period int) (map[string]int, error) {
	counts := map[string]int{}
	err := db.Each(ctx, q, func(row db.Row) error {
		var path string
		var n int
		err := row.Scan(&path, &n)
		counts[path] = n
		return err
	}, `SELECT path, count(*) FROM ledger_entry_fact WHERE period_no = $1 AND status <> $2 GROUP BY path`, period, int(ledger.StatusWithdrawn))
	return counts, err
}
