package practice

import (
	"context"
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
)

// Edit rewrites an entry over the version that the writer had read. Before reception
// its unit edits all of it. Afterwards its attributes are fixed, and the standing body
// may still mend the texts.
func (s *Service) Edit(ctx context.Context, who actor.Actor, key string, version int, in Input) (Entry, error) {
	if !who.Can(RightRegister) && !who.Can(RightReceive) {
		return Entry{}, forbidden()
	}
	var e Entry
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := s.get(ctx, tx, who, key)
		if err != nil {
			return err
		}
		if old.Version != version {
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		in.Exemplar, in.Practice = old.Exemplar, old.Practice
		if err := in.Check(); err != nil {
			return err
		}
		e, err = s.edited(ctx, tx, who, old, in)
		return err
	})
	return e, err
}

// fixed tells whether the attributes of an entry are fixed: it was received, or its
// life in the register is over.
func fixed(st ledger.Standing) bool {
	return st.Status() != ledger.StatusRegistered && st.Status() != ledger.StatusReturned
}

func (s *Service) edited(ctx context.Context, tx *db.Tx, who actor.Actor, old Entry, in Input) (Entry, error) {
	if err := noEdit(who, old); err != nil {
		return Entry{}, err
	}
	if in.DeclaredBy != old.DeclaredBy && !who.Can(RightOnBehalf) {
		return Entry{}, errs.New(errs.Forbidden, i18n.PracticeNotOnBehalf).On("declaredBy")
	}
	m, tree, err := s.surroundings(ctx, tx, who, old.Period)
	if err != nil {
		return Entry{}, err
	}
	in.On = firstDay(old.Standing)
	attr, changed, err := newAttr(tree, m, who.Scope, old, in)
	if err != nil {
		return Entry{}, err
	}
	e := old
	e.Unit, e.Kind, e.Field, e.Origin, e.Running = attr.Unit, in.Kind, in.Field, in.Origin, in.Running
	e.Title, e.Parts, e.DeclaredBy, e.Indicators, e.Means = in.Title, in.Parts, in.DeclaredBy, in.Indicators, in.Means
	e.Address, e.Tags = in.Address, in.Tags
	e.UpdatedAt, e.UpdatedBy = s.now(), who.Account
	if e.Partners, err = partnersOf(tree, in, e.Unit); err != nil {
		return Entry{}, err
	}
	if err := s.ruleOnTags(ctx, tx, m.ID, e); err != nil {
		return Entry{}, err
	}
	if err := closedParts(who, old, partTexts(tree, m, old), partTexts(tree, m, e), slices.Equal(old.Tags, e.Tags)); err != nil {
		return Entry{}, err
	}
	if err := s.correct(ctx, tx, old, &e, in.Correction); err != nil {
		return Entry{}, err
	}
	if err := s.write(ctx, tx, e); err != nil {
		return Entry{}, err
	}
	if changed {
		if _, err := s.book.Append(ctx, tx, ledger.Act{
			Kind: ledger.Described, Period: e.Period, Entry: e.ID, On: in.On, By: who.Account, Attr: &attr,
			Label: &ledger.Label{Code: e.Code, Title: e.Title},
		}); err != nil {
			return Entry{}, err
		}
	}
	e.Version++
	return e, s.log.Add(ctx, tx, who, "practice.edit", audit.Object{Kind: "entry", ID: e.ID}, difference(old, e))
}

// correct keeps the note for readers that a change of an entry asks for.
func (s *Service) correct(ctx context.Context, tx *db.Tx, old Entry, e *Entry, note string) error {
	note, err := corrected(old, *e, note, s.now.Today())
	if err != nil || note == "" {
		return err
	}
	e.Corrections = slices.Insert(slices.Clone(e.Corrections), 0, Correction{ID: s.newID(), Note: note, At: e.UpdatedAt, By: e.UpdatedBy})
	return insertCorrection(ctx, tx, e.ID, e.Corrections[0])
}

// newAttr is what classifies an entry after an edit, and whether that is something
// else than before. Of a fixed entry it stays as it is, whatever a reclassification has
// made of it since its first day.
func newAttr(tree *org.Tree, m movement.Movement, scope actor.Scope, old Entry, in Input) (ledger.Attr, bool, error) {
	if fixed(old.Standing) {
		unit, _ := tree.Unit(old.Unit)
		was, _ := m.Field(old.Field)
		is, ok := m.Field(in.Field)
		if in.Unit != unit.Code || in.Kind != old.Kind || in.Origin != old.Origin || !ok || is.National != was.National {
			return ledger.Attr{}, false, errs.New(errs.Invalid, i18n.PracticeAttributesFixed)
		}
		return ledger.Attr{Unit: old.Unit}, false, nil
	}
	attr, err := attrOf(tree, m, scope, in)
	attr.Subject = old.Exemplar
	return attr, attr != old.Standing.AttrOn(in.On), err
}

func (s *Service) write(ctx context.Context, tx *db.Tx, e Entry) error {
	if err := update(ctx, tx, e); err != nil {
		return err
	}
	if err := replacePartners(ctx, tx, e.ID, e.Partners); err != nil {
		return err
	}
	if err := replaceMeasures(ctx, tx, e); err != nil {
		return err
	}
	if err := replaceTags(ctx, tx, e); err != nil {
		return err
	}
	return s.book.Retitle(ctx, tx, e.ID, e.Title)
}

func (s *Service) surroundings(ctx context.Context, q db.Querier, who actor.Actor, period int) (movement.Movement, *org.Tree, error) {
	m, err := s.movements.ByPeriod(ctx, who, period)
	if err != nil {
		return movement.Movement{}, nil, err
	}
	tree, err := s.org.Tree(ctx, q)
	return m, tree, err
}

// firstDay is the day of registration: the attributes of an entry hold from it on.
func firstDay(st ledger.Standing) clock.Date {
	for _, a := range st.Acts {
		if a.Kind == ledger.Registered {
			return a.On
		}
	}
	return 0
}

// difference is what an edit changed, field by field: before and after.
func difference(old, now Entry) map[string][2]string {
	d := map[string][2]string{}
	note := func(field, a, b string) {
		if a != b {
			d[field] = [2]string{a, b}
		}
	}
	note("title", old.Title, now.Title)
	note("unit", old.Unit, now.Unit)
	note("kind", old.Kind.String(), now.Kind.String())
	note("field", old.Field, now.Field)
	note("origin", old.Origin.String(), now.Origin.String())
	note("declaredBy", old.DeclaredBy, now.DeclaredBy)
	note("address", old.Address, now.Address)
	note("tags", strings.Join(old.Tags, ","), strings.Join(now.Tags, ","))
	note("partners", strings.Join(old.Partners, ","), strings.Join(now.Partners, ","))
	after := now.Parts.All()
	for i, part := range old.Parts.All() {
		note(part.Field, *part.Text, *after[i].Text)
	}
	note("indicators", lines(old.Indicators), lines(now.Indicators))
	note("means", lines(old.Means), lines(now.Means))
	if len(now.Corrections) > len(old.Corrections) {
		note("correction", "", now.Corrections[0].Note)
	}
	return d
}

// NewAttributes are the attributes of an entry from a day on.
type NewAttributes struct {
	Entry  string
	On     clock.Date
	Reason string
	Unit   string // code
	Kind   ledger.SubjectKind
	Field  string // code of a field of the movement
	Origin ledger.Origin
}

// check gathers everything that is wrong with the attributes and their day.
func (in *NewAttributes) check(today clock.Date) (Step, error) {
	step := Step{Entries: []string{in.Entry}, On: in.On, Reason: in.Reason}
	if err := step.check(today); err != nil {
		return step, err
	}
	var l errs.List
	if !slices.Contains(ledger.SubjectKinds(), in.Kind) {
		l.Add("kind", i18n.ErrsBadChoice)
	}
	if !slices.Contains(ledger.Origins(), in.Origin) {
		l.Add("origin", i18n.ErrsBadChoice)
	}
	return step, l.Err()
}

// Reclassify changes the attributes of a received entry from a day on, with a reason:
// figures of earlier days keep the earlier ones.
func (s *Service) Reclassify(ctx context.Context, who actor.Actor, in NewAttributes) error {
	if !who.Can(RightReclassify) {
		return forbidden()
	}
	step, err := in.check(s.now.Today())
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.get(ctx, tx, who, in.Entry)
		if err != nil {
			return err
		}
		if !fixed(e.Standing) { // until then the form itself is edited
			return errs.New(errs.Conflict, i18n.PracticeNotYet, i18n.LedgerReceived, in.On).On("on")
		}
		if in.On < firstDay(e.Standing) {
			return errs.New(errs.Invalid, i18n.PracticeNotYet, i18n.LedgerRegistered, in.On).On("on")
		}
		m, tree, err := s.surroundings(ctx, tx, who, e.Period)
		if err != nil {
			return err
		}
		attr, err := attrOf(tree, m, who.Scope, Input{Unit: in.Unit, On: in.On, Kind: in.Kind, Field: in.Field, Origin: in.Origin})
		if err != nil {
			return err
		}
		attr.Subject = e.Exemplar
		if _, err := s.book.Append(ctx, tx, ledger.Act{
			Kind: ledger.Reclassified, Period: e.Period, Entry: e.ID, On: in.On, By: who.Account, Reason: step.Reason, Attr: &attr,
		}); err != nil {
			return err
		}
		e.Unit, e.Kind, e.Field, e.Origin = attr.Unit, in.Kind, in.Field, in.Origin
		e.UpdatedAt, e.UpdatedBy = s.now(), who.Account
		if err := update(ctx, tx, e); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "practice.reclassify", audit.Object{Kind: "entry", ID: e.ID}, in)
	})
}

// VoidReason checks the reason for which an act is voided, in this room and in those
// above.
func VoidReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	var l errs.List
	l.Text("reason", reason, maxReason, true)
	return reason, l.Err()
}

// Void takes back an act that was recorded in error, as if it had never been. What
// rests on it must be voided first.
func (s *Service) Void(ctx context.Context, who actor.Actor, key, act, reason string) error {
	if !who.Can(RightReclassify) {
		return forbidden()
	}
	reason, err := VoidReason(reason)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.get(ctx, tx, who, key)
		if err != nil {
			return err
		}
		if err := mayVoid(e.Standing, act); err != nil {
			return err
		}
		if err := s.voidInRoute(ctx, tx, who, e, act, reason); err != nil {
			return err
		}
		if _, err := s.book.Append(ctx, tx, ledger.Act{
			Kind: ledger.Voided, Target: act, On: s.now.Today(), By: who.Account, Reason: reason,
		}); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "practice.void", audit.Object{Kind: "entry", ID: e.ID}, map[string]any{"act": act, "reason": reason})
	})
}

func mayVoid(st ledger.Standing, act string) error {
	for _, a := range st.Living() {
		if a.ID != act {
			continue
		}
		if a.Kind == ledger.Registered || !st.Without(act).Consistent() {
			return errs.New(errs.Conflict, i18n.PracticeRestsOn)
		}
		return nil
	}
	return errs.New(errs.NotFound, i18n.LedgerTargetGone)
}
