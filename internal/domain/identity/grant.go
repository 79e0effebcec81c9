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

// Actor makes the actor of an account: the roles that hold today, their rights and their
// units. A disabled account is Forbidden.
func (s *Service) Actor(ctx context.Context, accountID string, via actor.Via) (actor.Actor, error) {
	a, err := find(ctx, s.DB, "id", accountID)
	if err != nil {
		return actor.Actor{}, err
	}
	return s.actor(ctx, a, via)
}

// ActorByLogin makes the actor of a login: what the command line acts as. systemUser is
// who the operating system says is typing.
func (s *Service) ActorByLogin(ctx context.Context, login string, via actor.Via, systemUser string) (actor.Actor, error) {
	a, err := find(ctx, s.DB, "login", foldLogin(login))
	if err != nil {
		return actor.Actor{}, err
	}
	who, err := s.actor(ctx, a, via)
	who.SystemUser = systemUser
	return who, err
}

// RolesAt gives the rights of each role that an account has at a unit today, there or above.
func (s *Service) RolesAt(tree *org.Tree, a Account, unit string) [][]actor.Right {
	var all [][]actor.Right
	for _, g := range a.GrantsOn(s.Now.Today()) {
		if g.Unit == "" || tree.InScope(actor.Scope{Paths: tree.Paths(g.Unit)}, unit) {
			all = append(all, s.Roles[g.Role])
		}
	}
	return all
}

func (s *Service) actor(ctx context.Context, a Account, via actor.Via) (actor.Actor, error) {
	if a.Disabled {
		return actor.Actor{}, errs.New(errs.Forbidden, i18n.IdentityDisabled)
	}
	tree, err := s.Org.Tree(ctx, s.DB)
	if err != nil {
		return actor.Actor{}, err
	}
	who := actor.Actor{Account: a.ID, Login: a.Login, Name: a.Name, Via: via}
	for _, g := range a.GrantsOn(s.Now.Today()) {
		who.Roles = append(who.Roles, g.Role)
		who.Rights = append(who.Rights, s.Roles[g.Role]...)
		if g.Unit == "" {
			who.Scope.All = true
		} else {
			who.Scope.Paths = append(who.Scope.Paths, tree.Paths(g.Unit)...)
		}
	}
	who.Roles, who.Rights, who.Scope.Paths = once(who.Roles), once(who.Rights), once(who.Scope.Paths)
	return who, nil
}

func once[T ~string](all []T) []T {
	slices.Sort(all)
	return slices.Compact(all)
}

// Grant gives an account a role.
func (s *Service) Grant(ctx context.Context, who actor.Actor, accountID string, in GrantInput) (Grant, error) {
	if !who.Can(RightManage) {
		return Grant{}, forbidden()
	}
	var given Grant
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := s.managed(ctx, tx, who, accountID)
		if err != nil {
			return err
		}
		given, err = s.give(ctx, tx, who, a, in)
		return err
	})
	return given, err
}

// give checks a grant and writes it, with its record.
func (s *Service) give(ctx context.Context, tx *db.Tx, who actor.Actor, a Account, in GrantInput) (Grant, error) {
	g := Grant{ID: s.NewID(), Role: in.Role, Unit: in.Unit, Span: in.Span}
	if g.Span.From == 0 {
		g.Span.From = s.Now.Today()
	}
	tree, err := s.Org.Tree(ctx, tx)
	if err != nil {
		return g, err
	}
	if err := s.mayGive(tree, who, g); err != nil {
		return g, err
	}
	if slices.ContainsFunc(a.Grants, g.mixes) {
		return g, errs.New(errs.Conflict, i18n.IdentityGrantMixed).On("role")
	}
	if err := insertGrant(ctx, tx, a.ID, g); err != nil {
		return g, err
	}
	return g, s.Log.Add(ctx, tx, who, "identity.grant", object(a), map[string]any{
		"grant": g.ID, "role": g.Role, "unit": g.Unit, "from": g.Span.From, "to": g.Span.To,
	})
}

func (s *Service) mayGive(tree *org.Tree, who actor.Actor, g Grant) error {
	if _, ok := s.Roles[g.Role]; !ok {
		return errs.New(errs.Invalid, i18n.IdentityRoleUnknown).On("role")
	}
	if g.Span.To != 0 && g.Span.To <= g.Span.From {
		return errs.New(errs.Invalid, i18n.IdentitySpanReversed).On("to")
	}
	if g.Unit == "" && !slices.Contains(s.managingRoles(), g.Role) {
		return errs.New(errs.Invalid, i18n.IdentityUnitRequired).On("unit")
	}
	if _, ok := tree.Unit(g.Unit); g.Unit != "" && (!ok || !tree.InScope(who.Scope, g.Unit)) {
		return errs.New(errs.NotFound, i18n.IdentityUnitNotFound).On("unit")
	}
	if !s.holds(tree, who, g) {
		return errs.New(errs.Forbidden, i18n.IdentityGrantBeyond).On("role")
	}
	return nil
}

// holds tells whether the actor itself has everything that the grant gives.
func (s *Service) holds(tree *org.Tree, who actor.Actor, g Grant) bool {
	for _, r := range s.Roles[g.Role] {
		if !who.Can(r) {
			return false
		}
	}
	return who.Scope.All || (g.Unit != "" && tree.InScope(who.Scope, g.Unit))
}

// EndGrant ends a grant: from the day on it gives nothing. No day means today.
func (s *Service) EndGrant(ctx context.Context, who actor.Actor, grantID string, on clock.Date) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	if on == 0 {
		on = s.Now.Today()
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		account, err := accountOfGrant(ctx, tx, grantID)
		if err != nil {
			return err
		}
		a, err := s.managed(ctx, tx, who, account)
		if errs.Is(err, errs.NotFound) {
			return errs.New(errs.NotFound, i18n.IdentityGrantNotFound)
		}
		if err != nil {
			return err
		}
		i := slices.IndexFunc(a.Grants, func(g Grant) bool { return g.ID == grantID })
		if g := a.Grants[i]; g.ended(s.Now.Today()) || (g.Span.To != 0 && g.Span.To < on) {
			return errs.New(errs.Conflict, i18n.ErrsConflict) // what has ended cannot be made longer
		}
		if err := endGrant(ctx, tx, grantID, on); err != nil {
			return err
		}
		if err := s.endLent(ctx, tx, who, a, &a.Grants[i]); err != nil {
			return err
		}
		if err := s.keepAdministrator(ctx, tx); err != nil {
			return err
		}
		return s.Log.Add(ctx, tx, who, "identity.endGrant", object(a), map[string]any{"grant": grantID, "on": on})
	})
}

// Bootstrap sets up the first administrator, the account of the command line beside it, and
// those of the staff, all or none. It works only while there is no account at all.
func (s *Service) Bootstrap(ctx context.Context, login, name, password string, staff ...Input) (Account, error) {
	in := Input{Login: login, Name: name, Password: password, Settled: true}
	if err := in.Check(); err != nil {
		return Account{}, err
	}
	if err := checkPassword(password, in.Login).Err(); err != nil {
		return Account{}, err
	}
	if in.Login == Operator {
		return Account{}, errs.New(errs.Conflict, i18n.IdentityLoginTaken, in.Login).On("login")
	}
	passwords := []string{password}
	for i := range staff {
		if err := staff[i].Check(); err != nil {
			return Account{}, err
		}
		passwords = append(passwords, staff[i].Password)
	}
	hashes, err := s.hasher.makeAll(ctx, passwords)
	if err != nil {
		return Account{}, err
	}
	who := actor.Actor{
		Login: "system", Via: actor.System, Scope: actor.Scope{All: true}, Rights: s.Roles[Administrator],
	}
	in.Grants = []GrantInput{{Role: Administrator}}
	var first Account
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := count(ctx, tx)
		if err != nil {
			return err
		}
		if n > 0 {
			return errs.New(errs.Conflict, i18n.IdentityAlreadySetUp)
		}
		tree, err := s.Org.Tree(ctx, tx)
		if err != nil {
			return err
		}
		if first, err = s.create(ctx, tx, who, tree, hashed{in, hashes[0]}); err != nil {
			return err
		}
		operator := Input{Login: Operator, Name: i18n.Vi.T(i18n.IdentityOperatorName), Grants: in.Grants}
		if _, err = s.create(ctx, tx, who, tree, hashed{Input: operator}); err != nil {
			return err
		}
		for i, in := range staff {
			if _, err := s.create(ctx, tx, who, tree, hashed{in, hashes[i+1]}); err != nil {
				return err
			}
		}
		return nil
	})
	return first, err
}

// Empty tells whether there is no account yet, and so the first administrator is to be
// set up.
func (s *Service) Empty(ctx context.Context) (bool, error) {
	n, err := count(ctx, s.DB)
	return n == 0, err
}
