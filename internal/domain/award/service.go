package award

import (
	"context"
	"errors"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
)

// Service is the capability.
type Service struct {
	db    *db.DB
	rooms Rooms
	now   clock.Clock
	newID id.Source
}

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Log       *audit.Log
	Org       *org.Service
	Book      *ledger.Book
	Movements *movement.Service
	Practices *practice.Service
}

// New makes the service.
func New(d *db.DB, rooms Rooms, now clock.Clock, newID id.Source) *Service {
	return &Service{db: d, rooms: rooms, now: now, newID: newID}
}

// Give praises or awards the recipients under a paper, all or none.
func (s *Service) Give(ctx context.Context, who actor.Actor, in Input) ([]Award, error) {
	if !who.Can(RightGive) {
		return nil, forbidden()
	}
	if err := in.Check(); err != nil {
		return nil, err
	}
	d, err := s.rooms.Movements.Decision(ctx, who, in.Decision)
	if err != nil {
		return nil, err
	}
	m, err := s.rooms.Movements.Get(ctx, who, in.Movement)
	if err != nil {
		return nil, err
	}
	period, ok := m.PeriodOn(d.On)
	if in.Period != 0 {
		period, ok = m.Period(in.Period)
	}
	if !ok {
		return nil, errs.New(errs.NotFound, i18n.MovementPeriodNotFound)
	}
	if err := s.authorised(ctx, in, d); err != nil {
		return nil, err
	}
	given := make([]Award, len(in.Recipients))
	acts := make([]ledger.Act, len(in.Recipients))
	o, err := s.occasion(ctx, who, in, occasion{decision: d, movement: m, period: period})
	if err != nil {
		return nil, err
	}
	for i, r := range in.Recipients {
		if given[i], acts[i], err = s.recipient(who, in, r, o); err != nil {
			return nil, err
		}
	}
	return given, s.db.Write(ctx, func(tx *db.Tx) error { return s.write(ctx, tx, who, given, acts) })
}

// occasion is what all recipients of one paper share, and the recipients themselves.
type occasion struct {
	decision  ledger.Decision
	movement  movement.Movement
	period    movement.Period
	exemplars map[string]practice.Exemplar
	entries   map[string]practice.Entry
	tree      *org.Tree
}

// occasion reads everybody whom the input names.
func (s *Service) occasion(ctx context.Context, who actor.Actor, in Input, o occasion) (occasion, error) {
	var exemplars, entries []string
	for _, r := range in.Recipients {
		exemplars = append(exemplars, r.Exemplar)
		if r.Entry != "" {
			entries = append(entries, r.Entry)
		}
	}
	var err error
	if o.exemplars, err = s.rooms.Practices.ExemplarsSeen(ctx, who, exemplars); err != nil {
		return o, err
	}
	if o.entries, err = s.rooms.Practices.Entries(ctx, who, entries); err != nil {
		return o, err
	}
	o.tree, err = s.rooms.Org.Tree(ctx, s.db)
	return o, err
}

// authorised blocks what the paper cannot carry.
func (s *Service) authorised(ctx context.Context, in Input, d ledger.Decision) error {
	if in.Kind == Praise {
		return nil
	}
	if d.Paper != ledger.PaperDecision {
		return errs.New(errs.Invalid, i18n.LedgerDecisionNeeded).On("decision")
	}
	tree, err := s.rooms.Org.Tree(ctx, s.db)
	if err != nil {
		return err
	}
	authority, _ := tree.Unit(d.Authority)
	if !slices.Contains(Tracks(authority.Kind), in.Track) {
		return errs.New(errs.Invalid, i18n.AwardOtherTrack, authority.NameOn(d.SignedOn)).On("form")
	}
	forms, err := rulebook.FormsOn(ctx, s.db, d.SignedOn)
	if err != nil {
		return err
	}
	return mayGive(forms, in, string(d.Level), d.SignedOn)
}

func (s *Service) recipient(who actor.Actor, in Input, r Recipient, o occasion) (Award, ledger.Act, error) {
	x, ok := o.exemplars[r.Exemplar]
	if !ok {
		return Award{}, ledger.Act{}, errs.New(errs.NotFound, i18n.PracticeExemplarNotFound)
	}
	attr, entry, err := o.attr(x, r)
	if err != nil {
		return Award{}, ledger.Act{}, err
	}
	a := Award{
		ID: s.newID(), Kind: in.Kind, Decision: o.decision.ID, Exemplar: x.ID, Entry: entry, Track: in.Track, Form: in.Form,
		Achievement: r.Achievement, Period: o.period.No, RecordedAt: s.now(),
	}
	act := ledger.Act{
		Kind: ledger.Awarded, Period: o.period.No, Subject: x.ID, Item: a.ID, Decision: o.decision.ID, Level: o.decision.Level,
		Form: in.Form, On: o.decision.On, By: who.Account, Attr: &attr, Label: &ledger.Label{Title: x.Name},
	}
	if in.Kind == Praise {
		act.Kind = ledger.Praised
	}
	return a, act, nil
}

// attr classifies a recipient: as the entry is classified on the day, or by its own
// unit and a field.
func (o occasion) attr(x practice.Exemplar, r Recipient) (ledger.Attr, string, error) {
	if r.Entry != "" {
		e := o.entries[r.Entry]
		if e.Exemplar != x.ID {
			return ledger.Attr{}, "", errs.New(errs.Invalid, i18n.AwardOtherSubject, x.Name).On("recipients")
		}
		attr := e.Standing.AttrOn(o.decision.On)
		attr.Origin, attr.Subject = 0, x.ID
		return attr, e.ID, nil
	}
	field, ok := o.movement.Field(r.Field)
	if !ok {
		return ledger.Attr{}, "", errs.New(errs.Invalid, i18n.ErrsBadChoice).On("field")
	}
	return ledger.Attr{
		Unit: x.Unit, Path: o.tree.PathOn(x.Unit, o.decision.On), Kind: x.Kind, Field: field.National, Subject: x.ID,
	}, "", nil
}

func (s *Service) write(ctx context.Context, tx *db.Tx, who actor.Actor, given []Award, acts []ledger.Act) error {
	if err := s.once(ctx, tx, given, acts); err != nil {
		return err
	}
	added, err := s.rooms.Book.AppendAll(ctx, tx, acts)
	if err != nil {
		return err
	}
	for i := range given {
		given[i].Act = added[i].ID
	}
	if err := insert(ctx, tx, given); err != nil {
		return err
	}
	return s.rooms.Log.Add(ctx, tx, who, "award.give", audit.Object{Kind: "decision", ID: given[0].Decision},
		map[string]any{"kind": given[0].Kind, "form": given[0].Form, "count": len(given)})
}

// once blocks a second award of one subject for one achievement, across movements and
// within the list. One that takes effect later blocks too; one revoked by the day does not.
func (s *Service) once(ctx context.Context, tx *db.Tx, given []Award, by []ledger.Act) error {
	earlier, err := toExemplars(ctx, tx, given)
	if err != nil {
		return err
	}
	type honour struct{ exemplar, entry string }
	listed := map[honour]bool{}
	for i, a := range given {
		if listed[honour{a.Exemplar, a.Entry}] {
			return errs.New(errs.Invalid, i18n.AwardTwiceInList).On("recipients")
		}
		listed[honour{a.Exemplar, a.Entry}] = true
		for _, old := range earlier[a.Exemplar] {
			if !a.sameAchievement(old) {
				continue
			}
			acts, err := ledger.ActsOnSubject(ctx, tx, a.Exemplar)
			if err != nil {
				return err
			}
			if ledger.StandingOf(acts).Stands(old.Act, by[i].On) {
				return errs.New(errs.Conflict, i18n.AwardSameAchievement).On("recipients")
			}
		}
	}
	return nil
}

// sameAchievement tells whether both are of one kind and for the same entry or, where
// none is named, under the same paper.
func (a Award) sameAchievement(b Award) bool {
	if a.Kind != b.Kind {
		return false
	}
	if a.Entry == "" {
		return a.Decision == b.Decision
	}
	return a.Entry == b.Entry
}

// Revoke takes an award back from a day on, with a reason.
func (s *Service) Revoke(ctx context.Context, who actor.Actor, in Revocation) error {
	if !who.Can(RightGive) {
		return forbidden()
	}
	if err := in.check(s.now.Today()); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := find(ctx, tx, in.Award)
		if errors.Is(err, db.ErrNoRow) {
			return errs.New(errs.NotFound, i18n.AwardNotFound)
		}
		if err != nil {
			return err
		}
		if _, _, err := s.rooms.Practices.Exemplar(ctx, who, a.Exemplar); err != nil {
			return err
		}
		if a.Kind == Praise {
			return errs.New(errs.Invalid, i18n.AwardPraiseStays)
		}
		acts, err := ledger.ActsOnSubject(ctx, tx, a.Exemplar)
		if err != nil {
			return err
		}
		if !ledger.StandingOf(acts).Stands(a.Act, farAway) {
			return errs.New(errs.Conflict, i18n.AwardRevokedAlready)
		}
		if _, err := s.rooms.Book.Append(ctx, tx, ledger.Act{
			Kind: ledger.Revoked, Target: a.Act, On: in.On, By: who.Account, Reason: in.Reason,
		}); err != nil {
			return err
		}
		return s.rooms.Log.Add(ctx, tx, who, "award.revoke", audit.Object{Kind: "award", ID: a.ID},
			map[string]any{"on": in.On.String(), "reason": in.Reason})
	})
}

// Void takes back that an award or a praise was given, or that it was revoked, where that
// was recorded in error: as if it had never been. A revocation goes before what it
// revoked.
func (s *Service) Void(ctx context.Context, who actor.Actor, in Voiding) error {
	if !who.Can(RightGive) {
		return forbidden()
	}
	reason, err := practice.VoidReason(in.Reason)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := find(ctx, tx, in.Award)
		if errors.Is(err, db.ErrNoRow) {
			return errs.New(errs.NotFound, i18n.AwardNotFound)
		}
		if err != nil {
			return err
		}
		if _, _, err := s.rooms.Practices.Exemplar(ctx, who, a.Exemplar); err != nil {
			return err
		}
		all := []Award{a}
		if err := standings(ctx, tx, all); err != nil {
			return err
		}
		target, action := a.Act, "award.void"
		switch a = all[0]; {
		case a.Voided || (in.Revocation && a.Revoked == ""):
			return errs.New(errs.NotFound, i18n.LedgerTargetGone)
		case in.Revocation:
			target, action = a.Revoked, "award.voidRevocation"
			if err := s.onceMore(ctx, tx, a); err != nil {
				return err
			}
		case a.Revoked != "":
			return errs.New(errs.Conflict, i18n.PracticeRestsOn)
		}
		if _, err := s.rooms.Book.Append(ctx, tx, ledger.Act{
			Kind: ledger.Voided, Target: target, On: s.now.Today(), By: who.Account, Reason: reason,
		}); err != nil {
			return err
		}
		return s.rooms.Log.Add(ctx, tx, who, action, audit.Object{Kind: "award", ID: a.ID}, map[string]any{"reason": reason})
	})
}

// onceMore refuses to bring an award back beside another one that was given since for
// the same achievement.
func (s *Service) onceMore(ctx context.Context, q db.Querier, a Award) error {
	others, err := toExemplar(ctx, q, a.Exemplar)
	if err != nil {
		return err
	}
	if err := standings(ctx, q, others); err != nil {
		return err
	}
	for _, b := range others {
		if b.ID != a.ID && a.sameAchievement(b) && !b.Voided && b.Revoked == "" {
			return errs.New(errs.Conflict, i18n.AwardSameAchievement)
		}
	}
	return nil
}

// standings says of each award whether it was voided or revoked.
func standings(ctx context.Context, q db.Querier, all []Award) error {
	ids := make([]string, len(all))
	for i, a := range all {
		ids[i] = a.ID
	}
	acts, err := ledger.ActsOnItems(ctx, q, ids)
	if err != nil {
		return err
	}
	of := map[string][]ledger.Act{}
	for _, act := range acts {
		of[act.Item] = append(of[act.Item], act)
	}
	for i := range all {
		a := &all[i]
		a.Voided = true
		for _, act := range ledger.StandingOf(of[a.ID]).Living() {
			switch {
			case act.ID == a.Act:
				a.Voided = false
			case act.Kind == ledger.Revoked && act.Target == a.Act:
				a.Revoked, a.RevokedOn = act.ID, act.On
			}
		}
	}
	return nil
}

// Get finds what was given by its identity; what a subject outside the actor's scope was
// given is not found.
func (s *Service) Get(ctx context.Context, who actor.Actor, id string) (Award, error) {
	if !who.Can(RightRead) {
		return Award{}, forbidden()
	}
	a, err := find(ctx, s.db, id)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return Award{}, err
	}
	if err == nil {
		var seen []Award
		if seen, err = s.visible(ctx, who, []Award{a}); err != nil {
			return Award{}, err
		}
		if len(seen) == 1 {
			return seen[0], nil
		}
	}
	return Award{}, errs.New(errs.NotFound, i18n.AwardNotFound)
}

// Under lists what was given under a paper to subjects within the actor's scope.
func (s *Service) Under(ctx context.Context, who actor.Actor, decision string) ([]Award, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	all, err := underDecision(ctx, s.db, decision)
	if err != nil {
		return nil, err
	}
	return s.visible(ctx, who, all)
}

// To lists what a subject was given, in all years.
func (s *Service) To(ctx context.Context, who actor.Actor, exemplar string) ([]Award, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	all, err := toExemplar(ctx, s.db, exemplar)
	if err != nil {
		return nil, err
	}
	return s.visible(ctx, who, all)
}

func (s *Service) visible(ctx context.Context, who actor.Actor, all []Award) ([]Award, error) {
	ids := make([]string, len(all))
	for i, a := range all {
		ids[i] = a.Exemplar
	}
	exemplars, err := practice.Exemplars(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	tree, err := s.rooms.Org.Tree(ctx, s.db)
	if err != nil {
		return nil, err
	}
	kept := all[:0]
	for _, a := range all {
		if tree.InScope(who.Scope, exemplars[a.Exemplar].Unit) {
			kept = append(kept, a)
		}
	}
	return kept, standings(ctx, s.db, kept)
}

func forbidden() error { return errs.New(errs.Forbidden, i18n.ErrsForbidden) }
