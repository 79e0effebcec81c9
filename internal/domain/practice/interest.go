package practice

import (
	"cmp"
	"context"
	"errors"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Keeper is the account that sees to an entry: who was handed it, or else who typed it.
func (e Entry) Keeper() string { return cmp.Or(e.keeper, e.TypedBy) }

// registrant tells whether an entry is an account's own matter: it typed it, or was handed
// it. Who typed what another had declared has no hand in it, nor has the machine itself.
func (e Entry) registrant(account string) bool {
	return account != "" && account != actor.Machine && (e.TypedBy == account || e.keeper == account) && e.DeclaredBy == ""
}

// reportsOnly tells whether somebody, by the rights at an entry's unit, speaks for the unit
// and for nobody who judges it.
func reportsOnly(who actor.Actor) bool { return who.Can(RightRegister) && !who.Can(RightReceive) }

// OwnMatter tells whether the actor registered an entry as an own matter, for the rooms
// above in which nobody judges what is their own.
func OwnMatter(ctx context.Context, q db.Querier, who actor.Actor, entry string) (bool, error) {
	e, err := find(ctx, q, entry)
	return e.registrant(who.Account), err
}

// Barred tells who registered an entry, and who does nothing but report for its unit:
// neither judges it.
func (r Routed) Barred(ctx context.Context, q db.Querier, of review.Subject, people []actor.Actor) (map[string]bool, error) {
	e, err := find(ctx, q, of.ID)
	if err != nil && !errors.Is(err, db.ErrNoRow) { // a trial may be about what is not registered
		return nil, err
	}
	barred := map[string]bool{}
	for _, one := range people { // once for each role: whoever leads there, too, judges
		before, known := barred[one.Account]
		barred[one.Account] = e.registrant(one.Account) || reportsOnly(one) && (before || !known)
	}
	return barred, nil
}

// noEdit says why somebody may not change an entry now: above all nobody changes what is
// their own under the eyes of those who judge it.
func noEdit(who actor.Actor, e Entry) error {
	switch {
	case e.Case != "" && e.Standing.Status() != ledger.StatusReturned && (reportsOnly(who) || e.registrant(who.Account)):
		return errs.New(errs.Conflict, i18n.PracticeUnderReview)
	case fixed(e.Standing) && !who.Can(RightReceive):
		return errs.New(errs.Conflict, i18n.PracticeFixed)
	}
	return nil
}
