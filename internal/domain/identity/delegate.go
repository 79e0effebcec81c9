package identity

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// maxLent is for how many days a role is lent at most.
const maxLent = 92

// DelegationInput is what is needed to lend a role: which of the actor's own grants, to
// whom, and from which day to which, both included.
type DelegationInput struct {
	Grant string
	To    string // a login
	From  clock.Date
	Until clock.Date
}

// Delegation is a role that somebody lent (ủy quyền khi vắng mặt).
type Delegation struct {
	Grant
	From, To Account // who lent it, and who has it
}

func (in DelegationInput) check(today clock.Date) error {
	var l errs.List
	switch {
	case in.From == 0:
		l.Add("from", i18n.ErrsRequired)
	case in.From < today:
		l.Add("from", i18n.IdentityLentPast)
	case in.Until == 0:
		l.Add("until", i18n.ErrsRequired)
	case in.Until < in.From:
		l.Add("until", i18n.IdentitySpanReversed)
	case in.Until-in.From >= maxLent:
		l.Add("until", i18n.IdentityLentLong, maxLent)
	}
	if in.To == "" {
		l.Add("to", i18n.ErrsRequired)
	}
	if in.Grant == "" {
		l.Add("grant", i18n.ErrsRequired)
	}
	return l.Err()
}

// Delegate lends one of the actor's own roles for some days. It ends by itself; what was
// lent is not lent on.
func (s *Service) Delegate(ctx context.Context, who actor.Actor, in DelegationInput) (Delegation, error) {
	if who.Account == "" || who.Via == actor.API {
		return Delegation{}, forbidden()
	}
	if err := in.check(s.Now.Today()); err != nil {
		return Delegation{}, err
	}
	var d Delegation
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		if d, err = s.lending(ctx, tx, who, in); err != nil {
			return err
		}
		if err := insertGrant(ctx, tx, d.To.ID, d.Grant); err != nil {
			return err
		}
		if err := s.Notify(ctx, tx, Notice{
			Account: d.To.ID, Key: i18n.IdentityNoticeLent, Args: []any{d.From.Name, in.From, in.Until}, Link: "/admin/delegations",
		}); err != nil {
			return err
		}
		return s.Log.Add(ctx, tx, who, "identity.delegate", object(d.To), map[string]any{
			"grant": d.ID, "role": d.Role, "unit": d.Unit, "from": in.From, "until": in.Until, "inPlaceOf": who.Account,
		})
	})
	return d, err
}

func (s *Service) lending(ctx context.Context, q db.Querier, who actor.Actor, in DelegationInput) (Delegation, error) {
	from, err := find(ctx, q, "id", who.Account)
	if err != nil {
		return Delegation{}, err
	}
	i := slices.IndexFunc(from.Grants, func(g Grant) bool { return g.ID == in.Grant && g.InPlaceOf == "" })
	if i < 0 {
		return Delegation{}, errs.New(errs.NotFound, i18n.IdentityGrantNotFound).On("grant")
	}
	own := from.Grants[i]
	if !own.Span.On(in.From) || !own.Span.On(in.Until) {
		return Delegation{}, errs.New(errs.Invalid, i18n.IdentityLentBeyond).On("until")
	}
	to, err := find(ctx, q, "login", foldLogin(in.To))
	if err != nil && !errs.Is(err, errs.NotFound) {
		return Delegation{}, err
	}
	if err != nil || to.Disabled || to.Login == Operator || to.ID == from.ID {
		return Delegation{}, errs.New(errs.Invalid, i18n.IdentityLentNobody).On("to")
	}
	g := Grant{ID: s.NewID(), Role: own.Role, Unit: own.Unit, Span: org.Span{From: in.From, To: in.Until + 1}, InPlaceOf: from.ID}
	if slices.ContainsFunc(to.Grants, g.mixes) {
		return Delegation{}, errs.New(errs.Conflict, i18n.IdentityLentMixed, to.Name).On("to")
	}
	if slices.ContainsFunc(to.Grants, func(o Grant) bool { return o.Role == g.Role && o.Unit == g.Unit && o.overlaps(g) }) {
		return Delegation{}, errs.New(errs.Conflict, i18n.IdentityLentHas, to.Name).On("to")
	}
	return Delegation{g, from, to}, nil
}

// EndDelegation takes a lent role back, or gives it back: who lent it may, who has it may,
// and who manages the account that has it.
func (s *Service) EndDelegation(ctx context.Context, who actor.Actor, grantID string) error {
	if who.Account == "" || who.Via == actor.API {
		return forbidden()
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		missing := errs.New(errs.NotFound, i18n.IdentityGrantNotFound)
		account, err := accountOfGrant(ctx, tx, grantID)
		if err != nil {
			return err
		}
		a, err := find(ctx, tx, "id", account)
		if err != nil {
			return err
		}
		g := a.Grants[slices.IndexFunc(a.Grants, func(g Grant) bool { return g.ID == grantID })]
		if g.InPlaceOf == "" || (g.InPlaceOf != who.Account && a.ID != who.Account) {
			if _, err := s.managed(ctx, tx, who, a.ID); err != nil || g.InPlaceOf == "" || !who.Can(RightManage) {
				return missing.Because(err)
			}
		}
		if g.ended(s.Now.Today()) {
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		return s.takeBack(ctx, tx, who, a, g)
	})
}

// takeBack ends a lent role today, or before it began.
func (s *Service) takeBack(ctx context.Context, tx *db.Tx, who actor.Actor, a Account, g Grant) error {
	on := max(s.Now.Today(), g.Span.From)
	if err := endGrant(ctx, tx, g.ID, on); err != nil {
		return err
	}
	return s.Log.Add(ctx, tx, who, "identity.endDelegation", object(a), map[string]any{"grant": g.ID, "on": on})
}

// endLent ends what an account lent of one of its grants, or of all: nobody acts in the
// place of somebody who no longer may.
func (s *Service) endLent(ctx context.Context, tx *db.Tx, who actor.Actor, lender Account, of *Grant) error {
	lent, err := lentBy(ctx, tx, lender.ID)
	if err != nil {
		return err
	}
	for _, a := range lent {
		for _, g := range a.Grants {
			if g.InPlaceOf != lender.ID || g.ended(s.Now.Today()) || (of != nil && (g.Role != of.Role || g.Unit != of.Unit)) {
				continue
			}
			if err := s.takeBack(ctx, tx, who, a, g); err != nil {
				return err
			}
		}
	}
	return nil
}

// Delegations lists what the actor has lent and what was lent to the actor, the latest
// first; with what is over.
func (s *Service) Delegations(ctx context.Context, who actor.Actor) (lent, held []Delegation, err error) {
	if who.Account == "" {
		return nil, nil, forbidden()
	}
	self, err := find(ctx, s.DB, "id", who.Account)
	if err != nil {
		return nil, nil, err
	}
	to, err := lentBy(ctx, s.DB, who.Account)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range to {
		for _, g := range a.Grants {
			if g.InPlaceOf == who.Account {
				lent = append(lent, Delegation{g, self, a})
			}
		}
	}
	for _, g := range self.Grants {
		if g.InPlaceOf == "" {
			continue
		}
		from, err := find(ctx, s.DB, "id", g.InPlaceOf)
		if err != nil {
			return nil, nil, err
		}
		held = append(held, Delegation{g, from, self})
	}
	latest := func(a, b Delegation) int { return int(b.Span.From - a.Span.From) }
	slices.SortStableFunc(lent, latest)
	slices.SortStableFunc(held, latest)
	return lent, held, nil
}

// lentBy gives the accounts to which an account lent something, with their grants.
func lentBy(ctx context.Context, q db.Querier, lender string) ([]Account, error) {
	all, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM identity_account
		WHERE id IN (SELECT account_id FROM identity_grant WHERE in_place_of = $1) ORDER BY login`, lender)
	if err != nil {
		return nil, err
	}
	return granted(ctx, q, all)
}
