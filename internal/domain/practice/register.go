package practice

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/jobs"
)

// JobRegistered tells the standing body that entries came in.
const JobRegistered = "practice.registered"

// Registered is what the job [JobRegistered] carries.
type Registered struct {
	Movement string `json:"movement"` // code
	Period   int    `json:"period"`
	Entry    string `json:"entry"` // code of the first one
	Count    int    `json:"count"`
}

// Register enters a practice in the register of a period.
func (s *Service) Register(ctx context.Context, who actor.Actor, in Input) (Entry, error) {
	made, err := s.RegisterAll(ctx, who, []Input{in})
	if err != nil {
		return Entry{}, err
	}
	return made[0], nil
}

// RegisterAll registers many practices of one movement in one transaction. An error in
// one of them, which is reported with its place in the list, leaves all out.
func (s *Service) RegisterAll(ctx context.Context, who actor.Actor, all []Input) ([]Entry, error) {
	if !who.Can(RightRegister) {
		return nil, forbidden()
	}
	if len(all) == 0 || len(all) > maxStep {
		return nil, errs.New(errs.Invalid, i18n.PracticeNothingChosen)
	}
	for i := range all {
		if err := all[i].Check(); err != nil {
			return nil, placed(err, i, len(all))
		}
	}
	var made []Entry
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		made, err = s.register(ctx, tx, who, all)
		return err
	})
	return made, err
}

// RegisterIn is [Service.Register] within the transaction of a room above.
func (s *Service) RegisterIn(ctx context.Context, tx *db.Tx, who actor.Actor, in Input) (Entry, error) {
	if !who.Can(RightRegister) {
		return Entry{}, forbidden()
	}
	if err := in.Check(); err != nil {
		return Entry{}, err
	}
	made, err := s.register(ctx, tx, who, []Input{in})
	if err != nil {
		return Entry{}, err
	}
	return made[0], nil
}

// register enters checked inputs of one movement.
func (s *Service) register(ctx context.Context, tx *db.Tx, who actor.Actor, all []Input) ([]Entry, error) {
	m, err := s.movements.GetIn(ctx, tx, who, all[0].Movement)
	if err != nil {
		return nil, err
	}
	tree, err := s.org.Tree(ctx, tx)
	if err != nil {
		return nil, err
	}
	r := &registration{s: s, tx: tx, who: who, movement: m, tree: tree, schedules: map[int]movement.Schedule{}}
	if err := r.prepare(ctx, all); err != nil {
		return nil, err
	}
	for i, in := range all {
		if err := r.add(ctx, in); err != nil {
			return nil, placed(err, i, len(all))
		}
	}
	return r.entries, r.write(ctx)
}

// placed says which of many inputs an error is about.
func placed(err error, i, of int) error {
	if of == 1 {
		return err
	}
	return fmt.Errorf("registration %d of %d: %w", i+1, of, err)
}

// registration gathers what is to be written.
type registration struct {
	s         *Service
	tx        *db.Tx
	who       actor.Actor
	movement  movement.Movement
	tree      *org.Tree
	codes     []string        // the human codes of the entries to come
	people    *people         // whom the inputs name
	past      map[string]past // of the practices that the inputs continue
	schedules map[int]movement.Schedule
	tags      map[string]Tag // of the movement, where an input names some
	practices [][]any
	entries   []Entry
	acts      []ledger.Act
}

// prepare reads at once what the inputs speak of.
func (r *registration) prepare(ctx context.Context, all []Input) error {
	var known []string
	var named []Exemplar
	for _, in := range all {
		if in.Practice != "" {
			known = append(known, in.Practice)
			continue
		}
		unit, _ := r.tree.ByCode(in.Unit)
		named = append(named, Exemplar{ID: in.Exemplar, Name: in.Subject, Kind: in.Kind, Unit: unit.ID})
	}
	var err error
	if r.people, err = r.s.peopleNamed(ctx, r.tx, named); err != nil {
		return err
	}
	if r.past, err = pasts(ctx, r.tx, known); err != nil {
		return err
	}
	if err := r.visible(ctx); err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(in Input) bool { return len(in.Tags) > 0 }) {
		if r.tags, err = tagsByID(ctx, r.tx, r.movement.ID); err != nil {
			return err
		}
	}
	r.codes, err = nextCodes(ctx, r.tx, r.movement.Code, len(all))
	return err
}

// visible refuses to continue what the actor may not see.
func (r *registration) visible(ctx context.Context) error {
	if r.who.Scope.All || len(r.past) == 0 {
		return nil
	}
	ids := make([]string, 0, len(r.past))
	for _, p := range r.past {
		ids = append(ids, p.entry)
	}
	rows, err := ledger.EntryRows(ctx, r.tx, ids)
	if err == nil && len(within(rows, r.who.Scope)) != len(ids) {
		return errs.New(errs.NotFound, i18n.PracticeNotFound)
	}
	return err
}

func (r *registration) add(ctx context.Context, in Input) error {
	if in.On == 0 {
		in.On = r.s.now.Today()
	}
	if !strings.EqualFold(in.Movement, r.movement.Code) {
		return errs.New(errs.Invalid, i18n.PracticeOneMovement).On("movement")
	}
	if in.On > r.s.now.Today() {
		return errs.New(errs.Invalid, i18n.MovementFuture, in.On).On("on")
	}
	period, err := periodFor(r.movement, in.Period, in.On)
	if err != nil {
		return err
	}
	late, err := r.onTime(ctx, period, in.On)
	if err != nil {
		return err
	}
	e, attr, err := r.entry(in, period)
	if err != nil {
		return err
	}
	e.Late = late
	attr.Subject = e.Exemplar
	r.entries = append(r.entries, e)
	r.acts = append(r.acts, ledger.Act{
		Kind: ledger.Registered, Period: period.No, Entry: e.ID, On: in.On, By: r.who.Account,
		Attr: &attr, Label: &ledger.Label{Code: e.Code, Title: e.Title},
	})
	return nil
}

// onTime refuses who comes when the calendar of the period says that nobody registers. Who
// registers for others goes on; what was declared after the last day is marked as late.
func (r *registration) onTime(ctx context.Context, period movement.Period, on clock.Date) (late bool, err error) {
	behalf, day := r.who.Can(RightOnBehalf), on
	if !behalf { // whoever declares it says it today, whatever day is given
		day = r.s.now.Today()
	}
	schedule, known := r.schedules[period.No]
	if !known {
		if schedule, err = movement.ScheduleOf(ctx, r.tx, period.No); err != nil {
			return false, err
		}
		r.schedules[period.No] = schedule
	}
	at := schedule.MayRegister(day)
	switch {
	case at.State == movement.PhaseOpen:
	case behalf:
		return at.State == movement.PhaseOver, nil
	case at.State == movement.PhaseComing:
		return false, errs.New(errs.Invalid, i18n.PracticeRegistrationComing, at.Day).On("on")
	default:
		return false, errs.New(errs.Invalid, i18n.PracticeRegistrationOver, at.Day).On("on")
	}
	return false, nil
}

// periodFor is the period asked for, in which the day must lie.
func periodFor(m movement.Movement, no int, on clock.Date) (movement.Period, error) {
	p, ok := m.PeriodOn(on)
	if no != 0 {
		p, ok = m.Period(no)
	}
	if !ok {
		return p, errs.New(errs.NotFound, i18n.MovementPeriodNotFound)
	}
	if on < p.From || on > p.To {
		return p, errs.New(errs.Invalid, i18n.PracticeOutsidePeriod, p.Name, p.From, p.To).On("on")
	}
	return p, nil
}

func (r *registration) entry(in Input, period movement.Period) (Entry, ledger.Attr, error) {
	attr, err := attrOf(r.tree, r.movement, r.who.Scope, in)
	if err != nil {
		return Entry{}, attr, err
	}
	now := r.s.now()
	e := Entry{
		ID: r.s.newID(), Practice: in.Practice, Period: period.No, Unit: attr.Unit, Kind: in.Kind, Field: in.Field,
		Origin: in.Origin, Running: in.Running, Title: in.Title, Parts: in.Parts, Indicators: in.Indicators, Means: in.Means, DeclaredBy: in.DeclaredBy, Address: in.Address, Tags: in.Tags,
		TypedBy: r.who.Account, Version: 1, CreatedAt: now, UpdatedAt: now, UpdatedBy: r.who.Account,
	}
	if in.DeclaredBy != "" && !r.who.Can(RightOnBehalf) {
		return Entry{}, attr, errs.New(errs.Forbidden, i18n.PracticeNotOnBehalf).On("declaredBy")
	}
	if err := knownTags(r.tags, in.Tags); err != nil {
		return Entry{}, attr, err
	}
	if e.Partners, err = partnersOf(r.tree, in, attr.Unit); err != nil {
		return Entry{}, attr, err
	}
	e.Code = r.codes[len(r.entries)]
	err = r.identify(&e, in)
	return e, attr, err
}

// attrOf resolves what classifies an entry: the lead unit, which must be the actor's
// and in being on the day, and the national field.
func attrOf(tree *org.Tree, m movement.Movement, scope actor.Scope, in Input) (ledger.Attr, error) {
	unit, ok := tree.ByCode(in.Unit)
	if !ok || !tree.InScope(scope, unit.ID) {
		return ledger.Attr{}, errs.New(errs.Invalid, i18n.MovementOutOfScope).On("unit")
	}
	if !unit.On(in.On) {
		return ledger.Attr{}, errs.New(errs.Invalid, i18n.OrgNotValidOn, unit.NameOn(in.On), in.On).On("unit")
	}
	path := tree.PathOn(unit.ID, in.On)
	if !underAny(path, tree.Paths(m.Unit)) {
		return ledger.Attr{}, errs.New(errs.Invalid, i18n.PracticeOutsideMovement, unit.NameOn(in.On)).On("unit")
	}
	field, ok := m.Field(in.Field)
	if !ok {
		return ledger.Attr{}, errs.New(errs.Invalid, i18n.ErrsBadChoice).On("field")
	}
	return ledger.Attr{Unit: unit.ID, Path: path, Kind: in.Kind, Field: field.National, Origin: in.Origin}, nil
}

func underAny(path string, roots []string) bool {
	return actor.Scope{Paths: roots}.Covers(path)
}

// partnersOf resolves the partner units: they are listed, never counted.
func partnersOf(tree *org.Tree, in Input, lead string) ([]string, error) {
	var all []string
	for _, code := range in.Partners {
		unit, ok := tree.ByCode(code)
		if !ok || unit.ID == lead || !unit.On(in.On) {
			return nil, errs.New(errs.Invalid, i18n.PracticeBadPartner, code).On("partners")
		}
		all = append(all, unit.ID)
	}
	return all, nil
}

// identify finds, or makes, the practice and the exemplar of an entry.
func (r *registration) identify(e *Entry, in Input) error {
	if in.Practice != "" {
		return r.continued(e)
	}
	x, err := r.people.find(Exemplar{ID: in.Exemplar, Name: in.Subject, Kind: in.Kind, Unit: e.Unit, CreatedAt: e.CreatedAt})
	if err != nil {
		return err
	}
	if in.Exemplar != "" && !r.tree.InScope(r.who.Scope, x.Unit) { // what may not be seen is not found
		return errs.New(errs.Invalid, i18n.PracticeExemplarNotFound).On("exemplar")
	}
	if x.Kind != in.Kind {
		return errs.New(errs.Invalid, i18n.ErrsBadChoice).On("kind")
	}
	e.Exemplar, e.Subject = x.ID, x.Name
	e.Practice = r.s.newID()
	r.practices = append(r.practices, []any{e.Practice, e.Exemplar, db.Time(e.CreatedAt)})
	return nil
}

// continued takes over a known practice, which has no entry in the period yet.
func (r *registration) continued(e *Entry) error {
	known, ok := r.past[e.Practice]
	if !ok {
		return errs.New(errs.Invalid, i18n.PracticeNotFound).On("practice")
	}
	if slices.Contains(known.periods, e.Period) {
		return errs.New(errs.Conflict, i18n.PracticeTwice).On("practice")
	}
	if known.kind != e.Kind { // whoever is behind it is what it was
		return errs.New(errs.Invalid, i18n.ErrsBadChoice).On("kind")
	}
	known.periods = append(known.periods, e.Period)
	r.past[e.Practice] = known
	e.Exemplar, e.Subject = known.exemplar, known.subject
	return nil
}

func (r *registration) write(ctx context.Context) error {
	if err := insertExemplars(ctx, r.tx, r.people.fresh); err != nil {
		return err
	}
	if err := insertPractices(ctx, r.tx, r.practices); err != nil {
		return err
	}
	if err := insertEntries(ctx, r.tx, r.entries); err != nil {
		return err
	}
	if _, err := r.s.book.AppendAll(ctx, r.tx, r.acts); err != nil {
		return err
	}
	if err := r.beginRoutes(ctx); err != nil {
		return err
	}
	first := r.entries[0]
	if err := r.s.queue.Enqueue(ctx, r.tx, jobs.Job{Kind: JobRegistered, Payload: Registered{
		Movement: r.movement.Code, Period: first.Period, Entry: first.Code, Count: len(r.entries),
	}}); err != nil {
		return err
	}
	if len(r.entries) == 1 {
		return r.s.log.Add(ctx, r.tx, r.who, "practice.register", audit.Object{Kind: "entry", ID: first.ID},
			map[string]any{"code": first.Code, "title": first.Title, "unit": first.Unit, "declaredBy": first.DeclaredBy})
	}
	return r.s.log.Add(ctx, r.tx, r.who, "practice.register", audit.Object{Kind: "entries"},
		map[string]any{"first": first.Code, "count": len(r.entries)})
}
