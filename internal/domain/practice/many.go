package practice

import (
	"context"
	"errors"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Deed is something that is done to many entries at once: a step, or one that rests on a
// paper. For the rooms above, in transactions of their own.
type Deed struct {
	Kind     ledger.Kind
	Step     Step
	Decision string // of a recognition and of a naming as typical
}

// Left is an entry that a deed leaves out, and why.
type Left struct {
	ledger.EntryRow
	Why error
}

// Matching gives the identities of all entries of a query, as they stand now.
func (s *Service) Matching(ctx context.Context, q db.Querier, who actor.Actor, in Query) ([]string, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	f, err := s.filter(ctx, q, who, in)
	if err != nil {
		return nil, err
	}
	f.Statuses = in.Tab.Statuses()
	if in.Tab == TabTypical {
		if f, err = ledger.OnlyTypical(ctx, q, f, s.now.Today()); err != nil {
			return nil, err
		}
	}
	ids, err := ledger.EntryIDs(ctx, q, f, maxStep)
	if err == nil && (len(ids) == 0 || len(ids) > maxStep) {
		err = errs.New(errs.Invalid, i18n.PracticeNothingChosen).On("entries")
	}
	return ids, err
}

// right is what a deed asks of an account.
func (d Deed) right() actor.Right {
	if d.onPaper() {
		return RightRecognise
	}
	i := slices.IndexFunc(rules(), func(r rule) bool { return r.kind == d.Kind })
	if i < 0 {
		return ""
	}
	return rules()[i].right
}

func (d Deed) onPaper() bool { return d.Kind == ledger.Recognised || d.Kind == ledger.Typical }

// judge gives the day of a deed and what tells whether an entry may go along.
func (s *Service) judge(ctx context.Context, who actor.Actor, d *Deed) (func(ledger.Standing) error, error) {
	today := s.now.Today()
	if !d.onPaper() {
		r := ruleOf(d.Kind)
		return func(st ledger.Standing) error { return r.allows(st, d.Step.On) }, d.Step.check(today)
	}
	paper, err := s.paperFor(ctx, who, d.Decision, d.Kind)
	if err != nil {
		return nil, err
	}
	d.Step.On = paper.On
	return ruling{paper, decidedRule(d.Kind)}.allows, d.Step.check(max(today, paper.On))
}

// Part parts entries into those to which a deed can be done and those that it leaves out.
// One outside the actor's scope is not found.
func (s *Service) Part(ctx context.Context, q db.Querier, who actor.Actor, d Deed) (may []ledger.EntryRow, left []Left, err error) {
	if d.right() == "" || !who.Can(d.right()) || !who.Can(RightRead) {
		return nil, nil, forbidden()
	}
	allows, err := s.judge(ctx, who, &d)
	if err != nil {
		return nil, nil, err
	}
	rows, standings, err := s.rowsOf(ctx, q, who, d.Step.Entries)
	if err != nil {
		return nil, nil, err
	}
	running := map[string]string{}
	if slices.Contains(byRoute(), d.Kind) {
		if running, err = review.RunningOf(ctx, q, SubjectEntry, d.Step.Entries); err != nil {
			return nil, nil, err
		}
	}
	for _, row := range rows {
		why := allows(standings[row.Entry])
		if why == nil && running[row.Entry] != "" {
			why = errs.New(errs.Conflict, i18n.ReviewInRoute, row.Code)
		}
		if why != nil {
			left = append(left, Left{row, why})
		} else {
			may = append(may, row)
		}
	}
	return may, left, nil
}

// rowsOf reads entries with where they stand; one outside the actor's scope is not found.
func (s *Service) rowsOf(ctx context.Context, q db.Querier, who actor.Actor, ids []string) ([]ledger.EntryRow, map[string]ledger.Standing, error) {
	standings, err := s.mine(ctx, q, who, ids)
	if err != nil {
		return nil, nil, err
	}
	rows, err := ledger.EntryRows(ctx, q, ids)
	return rows, standings, err
}

// Do does a deed in a transaction, all or nothing, and gives its acts.
func (s *Service) Do(ctx context.Context, tx *db.Tx, who actor.Actor, d Deed) ([]ledger.Act, error) {
	if d.right() == "" || !who.Can(d.right()) {
		return nil, forbidden()
	}
	if _, err := s.judge(ctx, who, &d); err != nil {
		return nil, err
	}
	if !d.onPaper() {
		return s.taken(ctx, tx, who, d.Step, ruleOf(d.Kind))
	}
	paper, err := s.paperFor(ctx, who, d.Decision, d.Kind)
	if err != nil {
		return nil, err
	}
	return s.decided(ctx, tx, who, ruling{paper, decidedRule(d.Kind)}, d.Step)
}

// VoidAll takes acts back, each the latest of its entry, as if they had never been. What
// something rests on is left, with the reason.
func (s *Service) VoidAll(ctx context.Context, tx *db.Tx, who actor.Actor, acts map[string]string, reason string) ([]Left, error) {
	if !who.Can(RightReclassify) {
		return nil, forbidden()
	}
	reason, err := VoidReason(reason)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(acts))
	for id := range acts {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	rows, standings, err := s.rowsOf(ctx, tx, who, ids)
	if err != nil {
		return nil, err
	}
	running, err := review.RunningOf(ctx, tx, SubjectEntry, ids)
	if err != nil {
		return nil, err
	}
	var left []Left
	var voids []ledger.Act
	var gone []string
	for _, row := range rows {
		act := acts[row.Entry]
		why := stillLatest(standings[row.Entry], act)
		if why == nil && running[row.Entry] != "" {
			why = errs.New(errs.Conflict, i18n.ReviewInRoute, row.Code)
		}
		if why != nil {
			left = append(left, Left{row, why})
			continue
		}
		voids = append(voids, ledger.Act{Kind: ledger.Voided, Target: act, On: s.now.Today(), By: who.Account, Reason: reason})
		gone = append(gone, row.Entry)
	}
	if len(voids) == 0 {
		return left, nil
	}
	if _, err := s.book.AppendAll(ctx, tx, voids); err != nil {
		return nil, err
	}
	return left, s.log.Add(ctx, tx, who, "practice.void", audit.Object{Kind: "entries"}, map[string]any{"entries": gone, "reason": reason})
}

// stillLatest refuses to void an act that is not the latest of its entry any more.
func stillLatest(st ledger.Standing, act string) error {
	if err := mayVoid(st, act); err != nil {
		return err
	}
	if live := st.Living(); live[len(live)-1].ID != act {
		return errs.New(errs.Conflict, i18n.PracticeRestsOn)
	}
	return nil
}

// Mark is a tag, or the focus, that many entries are given or lose.
type Mark struct {
	Tag string // identity; "" is the focus
	On  bool
}

// MarkAll gives entries a tag or the focus, or takes it from them, in a transaction, and
// tells which it was done to: the others had it so already, or may not have it.
func (s *Service) MarkAll(ctx context.Context, tx *db.Tx, who actor.Actor, m Mark, ids []string) ([]string, []Left, error) {
	if !who.Can(RightReceive) {
		return nil, nil, forbidden()
	}
	changed, left, err := s.Marked(ctx, tx, who, m, ids)
	if err != nil || len(changed) == 0 {
		return nil, left, err
	}
	done := make([]string, len(changed))
	for i, row := range changed {
		done[i] = row.Entry
	}
	if err := setMarks(ctx, tx, marking{m, who.Account, s.now()}, done); err != nil {
		return nil, nil, err
	}
	action := "practice.focus"
	if m.Tag != "" {
		action = "practice.tag"
	}
	return done, left, s.log.Add(ctx, tx, who, action, audit.Object{Kind: "entries"}, map[string]any{"entries": done, "tag": m.Tag, "on": m.On})
}

// Marked tells which entries would change by a mark, and which it leaves out.
func (s *Service) Marked(ctx context.Context, q db.Querier, who actor.Actor, m Mark, ids []string) ([]ledger.EntryRow, []Left, error) {
	if !who.Can(RightReceive) {
		return nil, nil, forbidden()
	}
	if len(ids) == 0 || len(ids) > maxStep {
		return nil, nil, errs.New(errs.Invalid, i18n.PracticeNothingChosen).On("entries")
	}
	rows, _, err := s.rowsOf(ctx, q, who, ids)
	if err != nil {
		return nil, nil, err
	}
	allowed, err := s.mayMark(ctx, q, who, m, ids)
	if err != nil {
		return nil, nil, err
	}
	have, err := marks(ctx, q, m, ids)
	if err != nil {
		return nil, nil, err
	}
	var changed []ledger.EntryRow
	var left []Left
	for _, row := range rows {
		switch {
		case have[row.Entry] == m.On:
			left = append(left, Left{row, errs.New(errs.Conflict, i18n.PracticeMarkedSo)})
		case m.On && m.Tag == "" && !slices.Contains(going(), row.Status):
			left = append(left, Left{row, errs.New(errs.Conflict, i18n.PracticeNotYet, i18n.LedgerReceived, s.now.Today())})
		case m.On && m.Tag != "" && !allowed[row.Entry]:
			left = append(left, Left{row, errs.New(errs.Invalid, i18n.PracticeTagNotFound)})
		default:
			changed = append(changed, row)
		}
	}
	return changed, left, nil
}

// mayMark tells which entries are of the movement of a tag.
func (s *Service) mayMark(ctx context.Context, q db.Querier, who actor.Actor, m Mark, ids []string) (map[string]bool, error) {
	if m.Tag == "" {
		return map[string]bool{}, nil
	}
	tag, code, err := findTag(ctx, q, m.Tag)
	if errors.Is(err, db.ErrNoRow) {
		return nil, errs.New(errs.Invalid, i18n.PracticeTagNotFound).On("tag")
	}
	if err != nil {
		return nil, err
	}
	if _, err := s.movements.GetIn(ctx, q, who, code); err != nil {
		return nil, err
	}
	return entriesOfMovement(ctx, q, tag.Movement, ids)
}
