package appraisal

import (
	"context"
	"slices"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Verdict is what an appraisal comes to.
type Verdict string

// The verdicts.
const (
	NoVerdict Verdict = ""
	Failed    Verdict = "failed"
	Passed    Verdict = "passed"
	Recognise Verdict = "recognise"
	Typical   Verdict = "typical"
)

// Verdicts lists them from below.
func Verdicts() []Verdict { return []Verdict{Failed, Passed, Recognise, Typical} }

// Label is the word for the verdict.
func (v Verdict) Label() i18n.Key {
	switch v {
	case Failed:
		return i18n.AppraisalVerdictFailed
	case Passed:
		return i18n.AppraisalVerdictPassed
	case Recognise:
		return i18n.AppraisalVerdictRecognise
	case Typical:
		return i18n.AppraisalVerdictTypical
	default:
		return i18n.AppraisalVerdictNone
	}
}

// Recommends tells whether the entry is put forward for recognition.
func (v Verdict) Recommends() bool { return v == Recognise || v == Typical }

// By says whose points they are.
type By string

// Whose points there are.
const (
	BySelf     By = "self"
	ByVerified By = "verified"
	ByFinal    By = "final"
)

// Hands lists them in their order on the sheet.
func Hands() []By { return []By{BySelf, ByVerified, ByFinal} }

// Label is the word for whose points they are.
func (b By) Label() i18n.Key {
	switch b {
	case ByVerified:
		return i18n.AppraisalByVerified
	case ByFinal:
		return i18n.AppraisalByFinal
	default:
		return i18n.AppraisalBySelf
	}
}

// Score is the points of one hand for one criterion, in hundredths.
type Score struct {
	Criterion string
	By        By
	Points    int
	Remark    string
	Evidence  string
	At        time.Time
	Account   string
}

// Appraisal is what one level made of an entry.
type Appraisal struct {
	ID        string
	Entry     string
	Proposal  string // by which it came to a level above, or ""
	Criteria  string // the version by which the verdict was given, or the last points
	Verdict   Verdict
	Reason    string
	Points    int // what the verdict rests on, in hundredths
	Version   int
	UpdatedAt time.Time
	UpdatedBy string
	Scores    []Score // by the version in force
}

// PointsBy gives what one hand gave, by criterion.
func (a Appraisal) PointsBy(by By) map[string]int {
	points := map[string]int{}
	for _, x := range a.Scores {
		if x.By == by {
			points[x.Criterion] = x.Points
		}
	}
	return points
}

// Find finds the points of one hand for a criterion.
func (a Appraisal) Find(criterion string, by By) (Score, bool) {
	i := slices.IndexFunc(a.Scores, func(x Score) bool { return x.Criterion == criterion && x.By == by })
	if i < 0 {
		return Score{}, false
	}
	return a.Scores[i], true
}

// Decisive is the hand on whose points a verdict rests: the final one where it has given any,
// else the appraisers'.
func (a Appraisal) Decisive() By {
	if len(a.PointsBy(ByFinal)) > 0 {
		return ByFinal
	}
	return ByVerified
}

// Sheet is the appraisal of an entry beside the criteria by which it is to be scored.
type Sheet struct {
	Appraisal
	Entry     ledger.EntryRow
	Set       movement.CriteriaSet // in force; without identity where there is none
	MustAgain bool                 // what was given rests on another version
	SelfOpen  bool                 // its unit may score now
	Before    []Score              // given by the version before
	Used      movement.CriteriaSet // that version
}

// Total sums the points of one hand.
func (x Sheet) Total(by By) movement.Total { return movement.Score(x.Set, x.PointsBy(by)) }

// Whole tells whether a hand has scored every criterion that is no bonus.
func (x Sheet) Whole(by By) bool {
	points := x.PointsBy(by)
	for _, c := range x.Set.All() {
		if _, ok := points[c.ID]; !ok && !c.Bonus {
			return false
		}
	}
	return true
}

// At names an appraisal: of an entry, by the level that received it or by the one above that
// a proposal went to.
type At struct {
	Entry    string // identity
	Proposal string
}

// Sheet reads the appraisal of an entry.
func (s *Service) Sheet(ctx context.Context, who actor.Actor, at At) (Sheet, error) {
	if !who.Can(RightRead) {
		return Sheet{}, forbidden()
	}
	m, err := s.movementOf(ctx, who, at.Entry)
	if err != nil {
		return Sheet{}, err
	}
	var x Sheet
	err = s.db.Snapshot(ctx, func(q db.Querier) error {
		x, err = s.sheet(ctx, q, who, m, at)
		return err
	})
	return x, err
}

// movementOf finds the movement of an entry, with its period.
func (s *Service) movementOf(ctx context.Context, who actor.Actor, entry string) (*period, error) {
	if _, err := mine(ctx, s.db, who, []string{entry}); err != nil {
		return nil, err
	}
	no, err := periodOf(ctx, s.db, entry)
	if err != nil {
		return nil, err
	}
	m, err := s.movements.ByPeriod(ctx, who, no)
	return &period{Movement: m, no: no, sets: map[ledger.SubjectKind]movement.CriteriaSet{}}, err
}

// period is a period of a movement, with what was read of it for one piece of work.
type period struct {
	movement.Movement
	no       int
	sets     map[ledger.SubjectKind]movement.CriteriaSet
	schedule *movement.Schedule
}

// criteria reads the criteria in force for a kind, once; none is the empty set.
func (p *period) criteria(ctx context.Context, q db.Querier, kind ledger.SubjectKind, on clock.Date) (movement.CriteriaSet, error) {
	if set, known := p.sets[kind]; known {
		return set, nil
	}
	set, err := movement.CriteriaIn(ctx, q, p.Movement, kind, on)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return set, err
	}
	p.sets[kind] = set
	return set, nil
}

// selfOpen tells whether units may score themselves on a day; it reads the calendar once.
func (p *period) selfOpen(ctx context.Context, q db.Querier, on clock.Date) (bool, error) {
	if p.schedule == nil {
		schedule, err := movement.ScheduleOf(ctx, q, p.no)
		if err != nil {
			return false, err
		}
		p.schedule = &schedule
	}
	return selfOpen(*p.schedule, on), nil
}

func (s *Service) sheet(ctx context.Context, q db.Querier, who actor.Actor, m *period, at At) (Sheet, error) {
	rows, err := mine(ctx, q, who, []string{at.Entry})
	if err != nil {
		return Sheet{}, err
	}
	x := Sheet{Entry: rows[at.Entry]}
	if at.Proposal != "" {
		if err := s.proposed(ctx, q, who, at); err != nil {
			return x, err
		}
	}
	if x.Appraisal, err = appraisalAt(ctx, q, at); err != nil {
		return x, err
	}
	if x.Set, err = m.criteria(ctx, q, x.Entry.Kind, s.now.Today()); err != nil {
		return x, err
	}
	if x.MustAgain = x.Set.MustScoreAgain(x.Criteria); x.MustAgain {
		if x.Used, err = movement.CriteriaVersion(ctx, q, x.Criteria); err != nil {
			return x, err
		}
		if x.Before, err = scoresOf(ctx, q, x.ID, x.Criteria); err != nil {
			return x, err
		}
	}
	if x.Scores, err = scoresOf(ctx, q, x.ID, x.Set.ID); err != nil {
		return x, err
	}
	if at.Proposal == "" {
		x.SelfOpen, err = m.selfOpen(ctx, q, s.now.Today())
	}
	return x, err
}

// selfOpen tells whether units may score themselves on a day: within a phase of appraisal,
// where the period has one that somebody set.
func selfOpen(schedule movement.Schedule, on clock.Date) bool {
	open, set := false, false
	for _, p := range schedule.Phases {
		if p.Kind == movement.PhaseAppraisal && !p.Sample {
			set, open = true, open || p.OpenOn(on, schedule.Off)
		}
	}
	return open || !set
}

// ScoreInput is one line of a sheet as a form has it.
type ScoreInput struct {
	Criterion string
	Points    int // hundredths
	Remark    string
	Evidence  string
}

// ScoresInput is what one hand gives: by which version of the criteria, over which version
// of the appraisal (0 is none yet).
type ScoresInput struct {
	By       By
	Criteria string
	Version  int
	Lines    []ScoreInput
}

// check gathers what is wrong by the criteria in force.
func (in *ScoresInput) check(set movement.CriteriaSet) error {
	var l errs.List
	seen := map[string]bool{}
	for i := range in.Lines {
		line := &in.Lines[i]
		line.Remark, line.Evidence = tidy(line.Remark), tidy(line.Evidence)
		c, ok := set.Find(line.Criterion)
		if !ok || seen[line.Criterion] {
			l.Add("points."+line.Criterion, i18n.ErrsBadChoice)
			continue
		}
		seen[line.Criterion] = true
		if line.Points < 0 || line.Points > c.Most {
			l.Add("points."+line.Criterion, i18n.AppraisalPointsRange, Points(c.Most))
		}
		l.Text("remark."+line.Criterion, line.Remark, MaxReason, false)
		l.Text("evidence."+line.Criterion, line.Evidence, MaxReason, false)
	}
	return l.Err()
}

// PutScores writes the points of one hand in place of those that it gave before by the same
// version of the criteria. A verdict that was given falls: it rested on other
// points; where a paper in force names it, the paper is voided first.
func (s *Service) PutScores(ctx context.Context, who actor.Actor, at At, in ScoresInput) (Sheet, error) {
	if !who.Can(RightReport) || in.By != BySelf && !who.Can(RightAppraise) {
		return Sheet{}, forbidden()
	}
	m, err := s.movementOf(ctx, who, at.Entry)
	if err != nil {
		return Sheet{}, err
	}
	var x Sheet
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if x, err = s.sheet(ctx, tx, who, m, at); err != nil {
			return err
		}
		if err := s.mayScore(ctx, tx, who, x, at, in); err != nil {
			return err
		}
		if err := in.check(x.Set); err != nil {
			return err
		}
		a := &x.Appraisal
		a.Entry, a.Proposal = at.Entry, at.Proposal
		if in.By != BySelf || !x.judged() { // a unit that scores itself again does not renew what others gave
			a.Criteria = x.Set.ID
		}
		if in.By != BySelf {
			a.Verdict, a.Reason, a.Points = NoVerdict, "", 0
		}
		if err := s.putAppraisal(ctx, tx, who, a); err != nil {
			return err
		}
		if err := putScores(ctx, tx, a.ID, in, given{s.now(), who.Account}); err != nil {
			return err
		}
		if err := movement.CriteriaUsed(ctx, tx, x.Set.ID); err != nil {
			return err
		}
		if a.Scores, err = scoresOf(ctx, tx, a.ID, x.Set.ID); err != nil {
			return err
		}
		x.MustAgain, x.Set.Used = x.Set.MustScoreAgain(a.Criteria), true
		return s.record(ctx, tx, who, "appraisal.score."+string(in.By), []string{at.Entry}, map[string]any{"proposal": at.Proposal, "criteria": x.Set.ID, "lines": in.Lines})
	})
	return x, err
}

// judged tells whether somebody but the unit gave points or a verdict by another version than
// the one in force.
func (x Sheet) judged() bool {
	return x.MustAgain && (x.Verdict != NoVerdict || slices.ContainsFunc(x.Before, func(s Score) bool { return s.By != BySelf }))
}

// mayScore tells whether a hand may score now, and over what it read.
func (s *Service) mayScore(ctx context.Context, q db.Querier, who actor.Actor, x Sheet, at At, in ScoresInput) error {
	switch {
	case !slices.Contains(Hands(), in.By):
		return errs.New(errs.Invalid, i18n.ErrsBadChoice).On("by")
	case !goes(x.Entry.Status):
		return errs.New(errs.Conflict, i18n.AppraisalNotGoing, x.Entry.Code)
	case x.Set.ID == "":
		return errs.New(errs.Conflict, i18n.MovementNoCriteria)
	case in.Criteria != x.Set.ID:
		return errs.New(errs.Conflict, i18n.AppraisalOtherCriteria)
	case in.Version != x.Version:
		return errs.New(errs.Conflict, i18n.ErrsConflict)
	case in.By == BySelf && at.Proposal != "":
		return errs.New(errs.Conflict, i18n.AppraisalSelfBelow)
	case in.By == BySelf && !x.SelfOpen:
		return errs.New(errs.Conflict, i18n.AppraisalSelfClosed)
	}
	if in.By == BySelf {
		return nil
	}
	if err := open(ctx, q, at); err != nil {
		return err
	}
	return s.independent(ctx, q, who, at)
}

// independent refuses whoever registered the entry, and whoever judged it on another level or
// proposed it to this one: each level appraises by itself.
func (s *Service) independent(ctx context.Context, q db.Querier, who actor.Actor, at At) error {
	if at.Proposal != "" {
		if err := above(ctx, q, who, at); err != nil {
			return err
		}
	}
	own, err := practice.OwnMatter(ctx, q, who, at.Entry)
	if err != nil {
		return err
	}
	if own {
		return errs.New(errs.Forbidden, i18n.AppraisalRegistrant)
	}
	judges, err := judgesElsewhere(ctx, q, at)
	if err == nil && slices.Contains(judges, who.Account) {
		err = errs.New(errs.Conflict, i18n.AppraisalNotIndependent)
	}
	return err
}

// putAppraisal writes an appraisal, new or over the version that was read.
func (s *Service) putAppraisal(ctx context.Context, tx *db.Tx, who actor.Actor, a *Appraisal) error {
	a.UpdatedAt, a.UpdatedBy = s.now(), who.Account
	a.Version++
	if a.ID != "" {
		return updateAppraisal(ctx, tx, *a)
	}
	a.ID = s.newID()
	return insertAppraisal(ctx, tx, *a)
}

// Points writes points as people do: "2,5".
func Points(hundredths int) string {
	s := number(hundredths / 100)
	switch rest := hundredths % 100; {
	case rest == 0:
		return s
	case rest%10 == 0:
		return s + "," + number(rest/10)
	case rest < 10:
		return s + ",0" + number(rest)
	default:
		return s + "," + number(rest)
	}
}
