package appraisal

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Standing is how far an entry has come on the way to a decision of a level.
type Standing struct {
	Result     bool // a report of its result was accepted
	Minutes    bool // an appraisal's minutes put it forward
	Submission bool // a letter of submission names it
	Verdict    Verdict
	Points     int
	Scored     bool
	Again      bool // what was given rests on a version of the criteria that is not in force any more
	criteria   string
}

// Ready tells whether a decision may recognise it.
func (x Standing) Ready() bool { return x.Result && x.Minutes && x.Submission }

// Standings tells how far entries have come to a decision of a level, with papers of a day
// or before.
func (s *Service) Standings(ctx context.Context, who actor.Actor, level org.Level, on clock.Date, entries []string) (map[string]Standing, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	rows, err := seen(ctx, s.db, who, entries)
	if err != nil {
		return nil, err
	}
	all, err := standings(ctx, s.db, level, on, entries)
	for e := range all {
		if _, ok := rows[e]; !ok {
			delete(all, e)
		}
	}
	if err != nil {
		return nil, err
	}
	return all, s.again(ctx, who, rows, all)
}

// again marks what must be scored again because the criteria have changed.
func (s *Service) again(ctx context.Context, who actor.Actor, rows map[string]ledger.EntryRow, all map[string]Standing) error {
	given := map[string]Standing{}
	for e, x := range all {
		if x.criteria != "" {
			given[e] = x
		}
	}
	if len(given) == 0 {
		return nil
	}
	periods, err := periodsByEntry(ctx, s.db, slices.Collect(maps.Keys(given)))
	if err != nil {
		return err
	}
	type of struct {
		period int
		kind   ledger.SubjectKind
	}
	sets := map[of]movement.CriteriaSet{}
	for e, x := range given {
		key := of{periods[e], rows[e].Kind}
		if _, known := sets[key]; !known {
			m, err := s.movements.ByPeriod(ctx, who, key.period)
			if err != nil {
				return err
			}
			set, err := movement.CriteriaIn(ctx, s.db, m, key.kind, s.now.Today())
			if err != nil && !errs.Is(err, errs.NotFound) {
				return err
			}
			sets[key] = set
		}
		x.Again = sets[key].MustScoreAgain(x.criteria)
		all[e] = x
	}
	return nil
}

// Way is how far an entry has come to a decision of one level.
type Way struct {
	Minutes    bool    // an appraisal's minutes put it forward
	Against    bool    // an appraisal's minutes name it and do not put it forward
	Submission bool    // a letter of submission names it
	Verdict    Verdict // of a level above, to which it was proposed
}

// Ways tells for each entry and each level about which there is a paper, or to which it was
// proposed, how far it has come there, with papers of a day or before.
func (s *Service) Ways(ctx context.Context, who actor.Actor, on clock.Date, entries []string) (map[string]map[org.Level]Way, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	rows, err := seen(ctx, s.db, who, entries)
	if err != nil {
		return nil, err
	}
	all, err := ways(ctx, s.db, on, entries)
	for e := range all {
		if _, ok := rows[e]; !ok {
			delete(all, e)
		}
	}
	return all, err
}

// Lacking names the entries that a decision may not recognise yet, and why: without an
// accepted result, minutes of an appraisal that put it forward, or a letter of submission,
// the papers on the level of the decision and of its day or before. It is what
// [practice.Service.Require] asks.
func Lacking(ctx context.Context, q db.Querier, d ledger.Decision, entries []string) error {
	all, err := standings(ctx, q, d.Level, d.On, entries)
	if err != nil {
		return err
	}
	rows, err := ledger.EntryRows(ctx, q, entries)
	if err != nil {
		return err
	}
	var result, minutes, submission []string
	for _, row := range rows {
		x := all[row.Entry]
		for _, part := range []struct {
			has bool
			of  *[]string
		}{{x.Result, &result}, {x.Minutes, &minutes}, {x.Submission, &submission}} {
			if !part.has {
				*part.of = append(*part.of, row.Code)
			}
		}
	}
	var l errs.List
	for _, part := range []struct {
		key   i18n.Key
		codes []string
	}{{i18n.AppraisalLacksResult, result}, {i18n.AppraisalLacksMinutes, minutes}, {i18n.AppraisalLacksSubmission, submission}} {
		if len(part.codes) > 0 {
			l.Add("entries", part.key, len(part.codes), named(part.codes))
		}
	}
	return l.Err()
}

// named lists codes, so many as one can read.
func named(codes []string) string {
	const most = 40
	slices.Sort(codes)
	if len(codes) > most {
		return strings.Join(codes[:most], ", ") + ", …"
	}
	return strings.Join(codes, ", ")
}
