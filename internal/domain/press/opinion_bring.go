package press

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// BroughtOpinion is an opinion that readers could read before its article came into this
// house.
type BroughtOpinion struct {
	Article string
	Name    string
	Text    string
	At      time.Time
	Answer  string // of the unit, on the same day; "" is none
}

// check cleans the opinion and gathers everything that is wrong with it.
func (b *BroughtOpinion) check(now time.Time) error {
	in := OpinionInput{Name: b.Name, Text: b.Text}
	if err := in.Check(); err != nil {
		return err
	}
	b.Name, b.Text, b.Answer = in.Name, in.Text, strings.TrimSpace(viet.NFC(b.Answer))
	var l errs.List
	l.Text("answer", b.Answer, MaxOpinion, false)
	if b.At.IsZero() || b.At.After(now) {
		l.Add("at", i18n.PressBroughtTime)
	}
	return l.Err()
}

// BringOpinions takes in opinions that were read elsewhere before, with the time of that
// day, all or none, on published articles of units within the actor's scope. Nobody has a
// receipt of them.
func (s *Service) BringOpinions(ctx context.Context, who actor.Actor, all []BroughtOpinion) error {
	if !who.Can(RightModerate) {
		return forbidden()
	}
	if len(all) == 0 || len(all) > maxBrought {
		return errs.New(errs.Invalid, i18n.PressTooMany, maxBrought)
	}
	articles := map[string]bool{}
	for i := range all {
		if err := all[i].check(s.now()); err != nil {
			return fmt.Errorf("opinion %d: %w", i+1, err)
		}
		articles[all[i].Article] = true
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.allPublishedWithin(ctx, tx, who, articles); err != nil {
			return err
		}
		made := make([]Opinion, len(all))
		receipts := make([]string, len(all))
		for i, b := range all {
			made[i] = Opinion{ID: s.newID(), Article: b.Article, State: OpinionPassed, Name: b.Name, Text: b.Text, At: b.At, DecidedAt: s.now(), Answer: b.Answer}
			if b.Answer != "" {
				made[i].AnsweredAt = b.At
			}
			receipts[i] = receiptOf(rand.Text()) // of a code that nobody was given
		}
		if err := insertBrought(ctx, tx, made, receipts, who.Account); err != nil {
			return err
		}
		return s.rooms.Log.Add(ctx, tx, who, "press.opinion.bring", audit.Object{Kind: "opinions", ID: made[0].ID}, map[string]any{"count": len(made)})
	})
}

// allPublishedWithin fails where an article is not published, or of a unit outside the
// actor's scope.
func (s *Service) allPublishedWithin(ctx context.Context, tx *db.Tx, who actor.Actor, articles map[string]bool) error {
	tree, err := s.rooms.Org.Tree(ctx, tx)
	if err != nil {
		return err
	}
	units, err := unitsOfPublished(ctx, tx, articles)
	if err != nil {
		return err
	}
	for id := range articles {
		if unit := units[id]; unit == "" || !tree.InScope(who.Scope, unit) {
			return errs.New(errs.NotFound, i18n.PressNotFound).On("article")
		}
	}
	return nil
}
