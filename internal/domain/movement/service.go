package movement

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

// Service is the capability.
type Service struct {
	db    *db.DB
	log   *audit.Log
	org   *org.Service
	staff *identity.Service
	book  *ledger.Book
	files blob.Store
	now   clock.Clock
	newID id.Source
}

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Log      *audit.Log
	Org      *org.Service
	Identity *identity.Service
	Book     *ledger.Book
	Files    blob.Store
}

// New makes the service.
func New(d *db.DB, rooms Rooms, now clock.Clock, newID id.Source) *Service {
	return &Service{
		db: d, log: rooms.Log, org: rooms.Org, staff: rooms.Identity, book: rooms.Book, files: rooms.Files, now: now, newID: newID,
	}
}

// Launch sets up a movement with its first period, fields and papers.
func (s *Service) Launch(ctx context.Context, who actor.Actor, in Input) (Movement, error) {
	if !who.Can(RightManage) {
		return Movement{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return Movement{}, err
	}
	if _, err := s.fromInput(ctx, s.db, who, in); err != nil { // before a file is kept for nothing
		return Movement{}, err
	}
	papers, err := s.keep(ctx, in.Papers)
	if err != nil {
		return Movement{}, err
	}
	var made Movement
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		if made, err = s.launchIn(ctx, tx, who, in, papers); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "movement.launch", made.ID, launched{in, papers})
	})
	return made, err
}

// launchIn writes a movement with its first period.
func (s *Service) launchIn(ctx context.Context, tx *db.Tx, who actor.Actor, in Input, papers []Paper) (Movement, error) {
	m, err := s.fromInput(ctx, tx, who, in)
	if err != nil {
		return m, err
	}
	m.ID, m.Version, m.Papers = s.newID(), 1, papers
	if err := insert(ctx, tx, m); err != nil {
		return m, taken(err, in.Code)
	}
	p := Period{Name: in.Period.Name, From: in.Period.From, To: in.Period.To}
	if p.No, err = nextPeriod(ctx, tx); err != nil {
		return m, err
	}
	m.Periods = []Period{p}
	err = insertParts(ctx, tx, &m)
	return m, err
}

// launched is what the audit says of a launch: the papers as they are kept.
type launched struct {
	Input
	Papers []Paper
}

func taken(err error, code string) error {
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.MovementCodeTaken, code).On("code").Because(err)
	}
	return err
}

func insertParts(ctx context.Context, tx *db.Tx, m *Movement) error {
	for _, p := range m.Periods {
		if err := insertPeriod(ctx, tx, m.ID, p); err != nil {
			return err
		}
	}
	if err := replaceFields(ctx, tx, m.ID, m.Fields); err != nil {
		return err
	}
	return insertPapers(ctx, tx, m.ID, m.Papers)
}

// fromInput resolves the codes of an input and checks that they are the actor's to use.
func (s *Service) fromInput(ctx context.Context, q db.Querier, who actor.Actor, in Input) (Movement, error) {
	m := Movement{
		Code: in.Code, Name: in.Name, Slogan: in.Slogan, Occasion: in.Occasion, Level: in.Level,
		LaunchedOn: in.LaunchedOn, Fields: in.Fields,
	}
	tree, err := s.org.Tree(ctx, q)
	if err != nil {
		return Movement{}, err
	}
	unit, ok := tree.ByCode(in.Unit)
	if !ok || !tree.InScope(who.Scope, unit.ID) {
		return Movement{}, errs.New(errs.Invalid, i18n.MovementOutOfScope).On("unit")
	}
	if !unit.On(in.LaunchedOn) {
		return Movement{}, errs.New(errs.Invalid, i18n.OrgNotValidOn, unit.NameOn(in.LaunchedOn), in.LaunchedOn).On("unit")
	}
	body, ok := tree.ByCode(in.StandingBody)
	if !ok {
		return Movement{}, errs.New(errs.Invalid, i18n.OrgNotFound).On("standingBody")
	}
	m.Unit, m.StandingBody = unit.ID, body.ID
	if err := related(ctx, q, &m, in); err != nil {
		return Movement{}, err
	}
	if len(m.Fields) == 0 {
		m.Fields = national()
	}
	return m, nil
}

// related finds the movements that this one answers and follows.
func related(ctx context.Context, q db.Querier, m *Movement, in Input) error {
	for _, named := range [][2]string{{"upper", in.Upper}, {"follows", in.Follows}} {
		field, code := named[0], named[1]
		if code == "" {
			continue
		}
		other, err := byCode(ctx, q, strings.ToUpper(strings.TrimSpace(code)))
		if errors.Is(err, db.ErrNoRow) {
			return errs.New(errs.Invalid, i18n.MovementNotFound).On(field)
		}
		if err != nil {
			return err
		}
		if field == "follows" {
			m.Follows = other.ID
			continue
		}
		m.Upper = other.ID
		if len(m.Fields) == 0 {
			m.Fields = other.Fields // a movement that answers another inherits its fields
		}
	}
	return nil
}

// Before is the period before one: the earlier one of the movement or, before its
// first, the last of the movement that it follows.
func (s *Service) Before(ctx context.Context, q db.Querier, m Movement, p Period) (Period, bool, error) {
	if i := slices.IndexFunc(m.Periods, func(x Period) bool { return x.No == p.No }); i > 0 {
		return m.Periods[i-1], true, nil
	}
	if m.Follows == "" {
		return Period{}, false, nil
	}
	before, err := byID(ctx, q, m.Follows)
	if err != nil || len(before.Periods) == 0 {
		return Period{}, false, err
	}
	return before.Periods[len(before.Periods)-1], true, nil
}

// Draft is a movement as an input, with the version that it was read in: what a form
// begins with that changes it. It is for who may change the movement.
func (s *Service) Draft(ctx context.Context, who actor.Actor, code string) (Input, int, error) {
	if !who.Can(RightManage) {
		return Input{}, 0, forbidden()
	}
	m, err := s.mine(ctx, s.db, who, code)
	if err != nil {
		return Input{}, 0, err
	}
	tree, err := s.org.Tree(ctx, s.db)
	if err != nil {
		return Input{}, 0, err
	}
	unit, _ := tree.Unit(m.Unit)
	body, _ := tree.Unit(m.StandingBody)
	in := Input{
		Code: m.Code, Name: m.Name, Slogan: m.Slogan, Occasion: m.Occasion, Level: m.Level, Unit: unit.Code, StandingBody: body.Code,
		LaunchedOn: m.LaunchedOn, Fields: m.Fields,
	}
	for _, related := range []struct {
		id string
		to *string
	}{{m.Upper, &in.Upper}, {m.Follows, &in.Follows}} {
		if related.id == "" {
			continue
		}
		other, err := byID(ctx, s.db, related.id)
		if err != nil {
			return Input{}, 0, err
		}
		*related.to = other.Code
	}
	return in, m.Version, nil
}

// Update changes what a movement says of itself. Fields may be added and renamed; a
// field that stands is never mapped elsewhere, for figures rest on it.
func (s *Service) Update(ctx context.Context, who actor.Actor, code string, version int, in Input) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := s.mine(ctx, tx, who, code)
		if err != nil {
			return err
		}
		if old.Version != version {
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		in.Code = old.Code
		in.Period = PeriodInput{Name: old.Periods[0].Name, From: old.Periods[0].From, To: old.Periods[0].To}
		if err := in.Check(); err != nil {
			return err
		}
		m, err := s.fromInput(ctx, tx, who, in)
		if err != nil {
			return err
		}
		for _, f := range old.Fields {
			if kept, ok := m.Field(f.Code); !ok || kept.National != f.National {
				return errs.New(errs.Invalid, i18n.MovementFieldStands, f.Name).On("fields")
			}
		}
		m.ID, m.Code, m.Version = old.ID, old.Code, version
		if err := update(ctx, tx, m); err != nil {
			return err
		}
		if err := replaceFields(ctx, tx, m.ID, m.Fields); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "movement.update", m.ID, in)
	})
}

// OpenPeriod opens a further period. Periods of one movement do not overlap.
func (s *Service) OpenPeriod(ctx context.Context, who actor.Actor, code string, in PeriodInput) (Period, error) {
	if !who.Can(RightManage) {
		return Period{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return Period{}, err
	}
	var p Period
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.mine(ctx, tx, who, code)
		if err != nil {
			return err
		}
		for _, other := range m.Periods {
			if in.From <= other.To && other.From <= in.To {
				return errs.New(errs.Conflict, i18n.MovementPeriodOverlaps, other.Name).On("from")
			}
		}
		p = Period{Name: in.Name, From: in.From, To: in.To}
		if p.No, err = nextPeriod(ctx, tx); err != nil {
			return err
		}
		if err := insertPeriod(ctx, tx, m.ID, p); err != nil {
			return err
		}
		return s.audit(ctx, tx, who, "movement.period", m.ID, p)
	})
	return p, err
}

// Get finds a movement by its code: those whose area the actor's touches.
func (s *Service) Get(ctx context.Context, who actor.Actor, code string) (Movement, error) {
	return s.GetIn(ctx, s.db, who, code)
}

// GetIn is [Service.Get] within the caller's transaction: a write that waited for a
// reader's connection would wait behind every page that is being made.
func (s *Service) GetIn(ctx context.Context, q db.Querier, who actor.Actor, code string) (Movement, error) {
	if !who.Can(RightRead) {
		return Movement{}, forbidden()
	}
	return s.seen(ctx, q, who, code)
}

// ByPeriod finds the movement of a period by the period's number.
func (s *Service) ByPeriod(ctx context.Context, who actor.Actor, no int) (Movement, error) {
	if !who.Can(RightRead) {
		return Movement{}, forbidden()
	}
	code, err := db.One(ctx, s.db, db.Text, `SELECT m.code FROM movement_movement m
		JOIN movement_period p ON p.movement_id = m.id WHERE p.no = $1`, no)
	if errors.Is(err, db.ErrNoRow) {
		return Movement{}, errs.New(errs.NotFound, i18n.MovementPeriodNotFound)
	}
	if err != nil {
		return Movement{}, err
	}
	return s.seen(ctx, s.db, who, code)
}

// List gives the movements whose area the actor's touches, the latest first.
func (s *Service) List(ctx context.Context, who actor.Actor) ([]Movement, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	all, err := list(ctx, s.db)
	if err != nil {
		return nil, err
	}
	tree, err := s.org.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(m Movement) bool { return !touches(tree, who.Scope, m.Unit) }), nil
}

// Launched finds a movement that everybody may read about, by its code: one that has been
// launched by the day. For the rooms above.
func Launched(ctx context.Context, q db.Querier, code string, on clock.Date) (Movement, error) {
	m, err := byCode(ctx, q, strings.ToUpper(strings.TrimSpace(code)))
	if errors.Is(err, db.ErrNoRow) || (err == nil && m.LaunchedOn > on) {
		return Movement{}, errs.New(errs.NotFound, i18n.MovementNotFound)
	}
	return m, err
}

// Public finds a launched movement by its code, for everybody.
func (s *Service) Public(ctx context.Context, code string) (Movement, error) {
	return Launched(ctx, s.db, code, s.now.Today())
}

// PublicList gives the movements that have been launched, the latest first, for everybody.
func (s *Service) PublicList(ctx context.Context) ([]Movement, error) {
	all, err := list(ctx, s.db)
	today := s.now.Today()
	return slices.DeleteFunc(all, func(m Movement) bool { return m.LaunchedOn > today }), err
}

func (s *Service) seen(ctx context.Context, q db.Querier, who actor.Actor, code string) (Movement, error) {
	m, err := byCode(ctx, q, strings.ToUpper(strings.TrimSpace(code)))
	if errors.Is(err, db.ErrNoRow) {
		return Movement{}, errs.New(errs.NotFound, i18n.MovementNotFound)
	}
	if err != nil {
		return Movement{}, err
	}
	tree, err := s.org.Tree(ctx, q)
	if err != nil {
		return Movement{}, err
	}
	if !touches(tree, who.Scope, m.Unit) {
		return Movement{}, errs.New(errs.NotFound, i18n.MovementNotFound)
	}
	return m, nil
}

// mine is a movement that the actor may change.
func (s *Service) mine(ctx context.Context, q db.Querier, who actor.Actor, code string) (Movement, error) {
	m, err := s.seen(ctx, q, who, code)
	if err != nil {
		return Movement{}, err
	}
	tree, err := s.org.Tree(ctx, q)
	if err != nil {
		return Movement{}, err
	}
	if !tree.InScope(who.Scope, m.Unit) {
		return Movement{}, errs.New(errs.Forbidden, i18n.MovementOutOfScope)
	}
	return m, nil
}

// touches tells whether a scope lies under the unit, or the unit in the scope: a group
// sees the movement of its district, a province that of its communes.
func touches(tree *org.Tree, scope actor.Scope, unit string) bool {
	if tree.InScope(scope, unit) {
		return true
	}
	for _, path := range tree.Paths(unit) {
		if slices.ContainsFunc(scope.Paths, func(p string) bool { return strings.HasPrefix(p, path) }) {
			return true
		}
	}
	return false
}

func (s *Service) audit(ctx context.Context, tx *db.Tx, who actor.Actor, action, id string, detail any) error {
	return s.log.Add(ctx, tx, who, action, audit.Object{Kind: "movement", ID: id}, detail)
}

func forbidden() error { return errs.New(errs.Forbidden, i18n.ErrsForbidden) }
