package appraisal

import (
	"context"
	"errors"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// VerdictInput is a verdict as a form has it.
type VerdictInput struct {
	Verdict Verdict
	Reason  string
	Version int
}

// check gathers what is wrong with the verdict.
func (in *VerdictInput) check() error {
	var l errs.List
	in.Reason = tidy(in.Reason)
	if !slices.Contains(Verdicts(), in.Verdict) {
		l.Add("verdict", i18n.ErrsRequired)
	}
	l.Text("reason", in.Reason, MaxReason, in.Verdict == Failed)
	return l.Err()
}

// Judge gives the verdict. It needs points for every criterion by the version in force; an
// entry without a point for something mandatory cannot be put forward.
func (s *Service) Judge(ctx context.Context, who actor.Actor, at At, in VerdictInput) (Sheet, error) {
	if !who.Can(RightAppraise) {
		return Sheet{}, forbidden()
	}
	if err := in.check(); err != nil {
		return Sheet{}, err
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
		if err := s.judgeAt(ctx, tx, who, &x, at, in); err != nil {
			return err
		}
		return s.record(ctx, tx, who, "appraisal.judge", []string{at.Entry}, map[string]any{"proposal": at.Proposal, "verdict": in.Verdict, "reason": in.Reason, "points": x.Points})
	})
	return x, err
}

// MaxJudged bounds to how many entries one verdict is given at a time: each is asked for its
// points, its papers and who had a hand in it.
const MaxJudged = 300

// JudgeAll gives one verdict to many entries that have none yet, on the level that received
// them, each by the rules of [Service.Judge]: all of them, or none.
func (s *Service) JudgeAll(ctx context.Context, who actor.Actor, entries []string, in VerdictInput) error {
	if !who.Can(RightAppraise) {
		return forbidden()
	}
	if err := in.check(); err != nil {
		return err
	}
	if len(entries) == 0 {
		return errs.New(errs.Invalid, i18n.PracticeNothingChosen).On("entries")
	}
	if len(entries) > MaxJudged {
		return errs.New(errs.Invalid, i18n.AppraisalTooMany, MaxJudged, len(entries)).On("entries")
	}
	entries = slices.Compact(slices.Sorted(slices.Values(entries)))
	m, err := s.movementOf(ctx, who, entries[0])
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		periods, err := periodsOf(ctx, tx, entries)
		if err != nil {
			return err
		}
		if len(periods) != 1 {
			return errs.New(errs.Invalid, i18n.AppraisalOnePeriod).On("entries")
		}
		var no refusals
		for _, entry := range entries {
			x, err := s.sheet(ctx, tx, who, m, At{Entry: entry})
			if err != nil {
				return err
			}
			if err := s.judgeOne(ctx, tx, who, x, in); !no.take(err, x.Entry.Code) {
				return err
			}
		}
		if err := no.err(); err != nil {
			return err
		}
		return s.record(ctx, tx, who, "appraisal.judge", entries, map[string]any{"verdict": in.Verdict, "reason": in.Reason})
	})
}

// judgeOne gives one of many entries its verdict.
func (s *Service) judgeOne(ctx context.Context, tx *db.Tx, who actor.Actor, x Sheet, in VerdictInput) error {
	if x.Verdict != NoVerdict {
		return errs.New(errs.Conflict, i18n.AppraisalJudgedAlready)
	}
	in.Version = x.Version
	return s.judgeAt(ctx, tx, who, &x, At{Entry: x.Entry.Entry}, in)
}

// judgeAt writes a verdict down, where the rules let it be given.
func (s *Service) judgeAt(ctx context.Context, tx *db.Tx, who actor.Actor, x *Sheet, at At, in VerdictInput) error {
	if err := mayJudge(*x, in); err != nil {
		return err
	}
	if err := open(ctx, tx, at); err != nil {
		return err
	}
	if err := s.independent(ctx, tx, who, at); err != nil {
		return err
	}
	a := &x.Appraisal
	a.Entry, a.Proposal, a.Criteria = at.Entry, at.Proposal, x.Set.ID
	a.Verdict, a.Reason, a.Points = in.Verdict, in.Reason, x.Total(x.Decisive()).Points
	return s.putAppraisal(ctx, tx, who, a)
}

// open refuses to change an appraisal on whose verdict a paper in force rests.
func open(ctx context.Context, q db.Querier, at At) error {
	p, err := restingOn(ctx, q, at)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err == nil {
		err = errs.New(errs.Conflict, i18n.AppraisalRestsOn, p.Kind.Label(), p.On)
	}
	return err
}

func mayJudge(x Sheet, in VerdictInput) error {
	switch {
	case !goes(x.Entry.Status):
		return errs.New(errs.Conflict, i18n.AppraisalNotGoing, x.Entry.Code)
	case in.Version != x.Version:
		return errs.New(errs.Conflict, i18n.ErrsConflict)
	case x.Set.ID == "":
		return nil // a movement without criteria is judged by words alone
	case x.MustAgain:
		return errs.New(errs.Conflict, i18n.AppraisalMustAgain)
	case !x.Whole(x.Decisive()):
		return errs.New(errs.Conflict, i18n.AppraisalNotWhole)
	case in.Verdict != Failed && !x.Total(x.Decisive()).Passed():
		return errs.New(errs.Invalid, i18n.AppraisalMandatory).On("verdict")
	}
	return nil
}
