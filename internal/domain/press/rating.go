package press

import (
	"context"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Aside says why a rating is kept but not counted.
type Aside string

// The reasons; none is a rating that counts.
const (
	Counted   Aside = ""
	ByRobot   Aside = "robot"   // it filled what people do not see, or names itself a robot
	InFlood   Aside = "flood"   // too many from one network
	InBrigade Aside = "brigade" // one of many of the same kind within minutes
)

// Vote is one rating of an article by one device, from 1 (rất kém) to 5 (rất tốt). A
// device that votes again changes its rating.
type Vote struct {
	Article string
	Device  string // what the reader's browser keeps, hashed
	Network string // where it comes from, hashed with a key of this house
	Score   int
	Robot   bool
	at      time.Time
	aside   Aside
}

// Tally is how an article is rated.
type Tally struct {
	Scores   [5]int // how many gave 1, 2, 3, 4, 5
	Aside    int    // how many are kept and not counted
	Revision int64
}

// Count is how many ratings count.
func (t Tally) Count() int {
	n := 0
	for _, of := range t.Scores {
		n += of
	}
	return n
}

// Points is the sum of the ratings: "Tổng số điểm".
func (t Tally) Points() int {
	sum := 0
	for i, of := range t.Scores {
		sum += (i + 1) * of
	}
	return sum
}

// Mean is the mean rating in hundredths, rounded; 0 where there is none.
func (t Tally) Mean() int {
	n := t.Count()
	if n == 0 {
		return 0
	}
	return (100*t.Points() + n/2) / n
}

// The prior of [Tally.Standing]: as if so many readers had given so many points each
// before the first one came.
const (
	priorVotes  = 10
	priorPoints = 3
)

// Standing is the Bayesian average in hundredths by which articles are sorted: one rating
// of 5 does not stand above fifty of 4.8 (Evan Miller, "Ranking items with star ratings",
// describes the family).
func (t Tally) Standing() int {
	return 100 * (priorVotes*priorPoints + t.Points()) / (priorVotes + t.Count())
}

func (t *Tally) count(score int, aside Aside, n int) {
	if aside == Counted {
		t.Scores[score-1] += n
	} else {
		t.Aside += n
	}
}

// What makes a flood and a brigade. They are guesses about people; that is why what they
// catch is set aside and not thrown away.
const (
	floodWindow   = time.Hour
	floodMost     = 20 // of one network on one article within the window
	brigadeWindow = 10 * time.Minute
	brigadeLeast  = 60 // of one article within the window
	brigadeShare  = 90 // percent of them that give the same extreme
)

// Rate keeps a rating of a published article; it is durable when Rate returns. Ratings
// that come together share a commit.
func (s *Service) Rate(ctx context.Context, v Vote) error {
	if v.Score < 1 || v.Score > 5 {
		return errs.New(errs.Invalid, i18n.ErrsBadChoice).On("score")
	}
	if v.Device == "" || len(v.Device) > 64 || len(v.Network) > 64 {
		return errs.New(errs.Invalid, i18n.ErrsBadText).On("device")
	}
	v.at = s.now()
	if v.Robot {
		v.aside = ByRobot
	}
	refused, err := s.votes.Do(ctx, v)
	if err != nil {
		return err
	}
	return refused
}

// commitVotes makes ratings that came together durable, all in one commit, and tells of
// each why it was refused, if it was.
func (s *Service) commitVotes(ctx context.Context, all []Vote) ([]error, error) {
	refused := make([]error, len(all))
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		published, err := unitsOfPublished(ctx, tx, articlesOf(all))
		if err != nil {
			return err
		}
		kept := make([]Vote, 0, len(all))
		for i, v := range all {
			if published[v.Article] != "" {
				kept = append(kept, v)
			} else {
				refused[i] = errs.New(errs.NotFound, i18n.PressNotFound)
			}
		}
		return s.writeVotes(ctx, tx, kept)
	})
	return refused, err
}

// Tally tells how an article is rated.
func (s *Service) Tally(ctx context.Context, article string) (Tally, error) {
	return oneTally(ctx, s.db, article)
}

// Mine is the rating that a device has given to an article; 0 is none.
func (s *Service) Mine(ctx context.Context, article, device string) (int, error) {
	return scoreOf(ctx, s.db, article, device)
}

// writeVotes writes ratings that share a commit, in the order in which they came.
func (s *Service) writeVotes(ctx context.Context, tx *db.Tx, all []Vote) error {
	earlier, err := earlierVotes(ctx, tx, all)
	if err != nil {
		return err
	}
	tallies, err := talliesOf(ctx, tx, all)
	if err != nil {
		return err
	}
	crowds, err := networkCrowds(ctx, tx, all, s.now().Add(-floodWindow))
	if err != nil {
		return err
	}
	latest := map[voteKey]Vote{}
	for _, v := range all {
		key := voteKey{v.Article, v.Device}
		was, again := latest[key]
		if !again {
			was, again = earlier[key]
		}
		tally := tallies[v.Article]
		if again {
			v.aside = was.aside // a device does not get out of it by voting again
			tally.count(was.Score, was.aside, -1)
		} else if v.aside == Counted {
			from := crowdKey{v.Article, v.Network}
			if crowds[from]++; crowds[from] > floodMost {
				v.aside = InFlood
			}
		}
		tally.count(v.Score, v.aside, 1)
		tally.Revision++
		tallies[v.Article], latest[key] = tally, v
	}
	if err := upsertVotes(ctx, tx, latest); err != nil {
		return err
	}
	return upsertTallies(ctx, tx, tallies)
}

// SetAsideBrigades looks at the ratings of the last minutes and sets aside those of an
// article that came all at once and all alike. It is a job's work and repeats without
// harm.
func (s *Service) SetAsideBrigades(ctx context.Context, who actor.Actor) error {
	if !who.Can(RightModerate) {
		return forbidden()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		crowds, err := brigades(ctx, tx, s.now().Add(-brigadeWindow))
		if err != nil {
			return err
		}
		for _, c := range crowds {
			seen, err := looked(ctx, tx, c.article, s.now().Add(-brigadeWindow))
			if err != nil {
				return err
			}
			if seen {
				continue
			}
			if _, err := s.moveVotes(ctx, tx, c.article, InBrigade, func(v Vote) bool {
				return v.aside == Counted && v.Score == c.score && v.at.After(s.now().Add(-brigadeWindow))
			}); err != nil {
				return err
			}
			if err := s.rooms.Log.Add(ctx, tx, who, "press.set_aside", audit.Object{Kind: "article", ID: c.article},
				map[string]any{"reason": InBrigade, "score": c.score}); err != nil {
				return err
			}
		}
		return nil
	})
}

// JobBrigades is the job whose work is [Service.SetAsideBrigades].
const JobBrigades = "press.brigades"
