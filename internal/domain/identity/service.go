package identity

import (
	"context"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Config is what the capability is made of.
type Config struct {
	DB    *db.DB
	Log   *audit.Log
	Org   *org.Service
	Now   clock.Clock
	NewID id.Source
	// Roles names the rights of each role.
	Roles map[string][]actor.Right
	// Random is where tokens come from: crypto/rand.Reader outside tests.
	Random io.Reader
}

// Service is the capability.
type Service struct {
	Config
	hasher hasher
}

// New makes the service.
func New(cfg Config) *Service { return &Service{Config: cfg, hasher: newHasher()} }

// ListFilter says which accounts [Service.List] gives.
type ListFilter struct {
	Text  string // part of the login or the name, with or without its marks
	Unit  string // identity of a unit: the accounts there and below
	Role  string // held today
	State State  // "" is all
	After string // login of the last account of the page before
	Limit int    // 0 is 50; at most 500
}

// List gives the accounts in the actor's scope, by login.
func (s *Service) List(ctx context.Context, who actor.Actor, f ListFilter) ([]Account, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	tree, err := s.Org.Tree(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	f.Limit = min(f.Limit, 500)
	var found []Account
	for {
		all, err := page(ctx, s.DB, f.After, 500)
		if err != nil {
			return nil, err
		}
		for _, a := range all {
			if visible(tree, who, a) && f.takes(tree, a, s.Now.Today()) {
				if found = append(found, a); len(found) == f.Limit {
					return found, nil
				}
			}
		}
		if len(all) < 500 {
			return found, nil
		}
		f.After = all[len(all)-1].Login
	}
}

func (f ListFilter) takes(t *org.Tree, a Account, today clock.Date) bool {
	if f.Unit != "" && (a.Unit == "" || !t.InScope(actor.Scope{Paths: t.Paths(f.Unit)}, a.Unit)) {
		return false
	}
	if f.Role != "" && !slices.ContainsFunc(a.GrantsOn(today), func(g Grant) bool { return g.Role == f.Role }) {
		return false
	}
	if f.State != "" && !a.In(f.State) {
		return false
	}
	text := strings.ToLower(norm.NFC.String(strings.TrimSpace(f.Text)))
	return text == "" || strings.Contains(a.Login, text) || strings.Contains(strings.ToLower(a.Name), text) ||
		strings.Contains(viet.Fold(a.Name), text)
}

// visible tells whether the account's unit lies in the actor's scope.
func visible(t *org.Tree, who actor.Actor, a Account) bool {
	return who.Scope.All || (a.Unit != "" && t.InScope(who.Scope, a.Unit))
}

// Get finds an account; one outside the actor's scope is not found.
func (s *Service) Get(ctx context.Context, who actor.Actor, id string) (Account, error) {
	if !who.Can(RightRead) {
		return Account{}, forbidden()
	}
	a, err := find(ctx, s.DB, "id", id)
	if err != nil {
		return Account{}, err
	}
	tree, err := s.Org.Tree(ctx, s.DB)
	if err != nil {
		return Account{}, err
	}
	if !visible(tree, who, a) {
		return Account{}, errs.New(errs.NotFound, i18n.IdentityAccountNotFound)
	}
	return a, nil
}

// Self is the actor's own account.
func (s *Service) Self(ctx context.Context, who actor.Actor) (Account, error) {
	if who.Account == "" {
		return Account{}, forbidden()
	}
	return find(ctx, s.DB, "id", who.Account)
}

// Create sets up an account.
func (s *Service) Create(ctx context.Context, who actor.Actor, in Input) (Account, error) {
	all, err := s.CreateAll(ctx, who, []Input{in})
	if err != nil {
		return Account{}, err
	}
	return all[0], nil
}

// CreateAll sets up many accounts in one transaction. Each password gets a salt of its
// own, about 30 ms of one core for each.
func (s *Service) CreateAll(ctx context.Context, who actor.Actor, inputs []Input) ([]Account, error) {
	if !who.Can(RightManage) {
		return nil, forbidden()
	}
	passwords := make([]string, len(inputs))
	for i := range inputs {
		if err := inputs[i].Check(); err != nil {
			return nil, err
		}
		passwords[i] = inputs[i].Password
	}
	hashes, err := s.hasher.makeAll(ctx, passwords)
	if err != nil {
		return nil, err
	}
	made := make([]Account, 0, len(inputs))
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		tree, err := s.Org.Tree(ctx, tx)
		if err != nil {
			return err
		}
		for i, in := range inputs {
			a, err := s.create(ctx, tx, who, tree, hashed{in, hashes[i]})
			if err != nil {
				return err
			}
			made = append(made, a)
		}
		return nil
	})
	return made, err
}

// hashed is an input whose password has been hashed, outside the transaction.
type hashed struct {
	Input
	hash string
}

func (s *Service) create(ctx context.Context, tx *db.Tx, who actor.Actor, tree *org.Tree, in hashed) (Account, error) {
	a := Account{
		ID: s.NewID(), Login: in.Login, Name: in.Name, Unit: in.Unit, MustChange: in.hash != "" && !in.Settled,
		Email: in.Email, Phone: in.Phone, Letters: true, Created: s.Now(), Version: 1, hash: in.hash,
	}
	if err := mayWorkAt(tree, who, in.Unit); err != nil {
		return a, err
	}
	if err := insert(ctx, tx, a); err != nil {
		return a, err
	}
	for _, g := range in.Grants {
		given, err := s.give(ctx, tx, who, a, g)
		if err != nil {
			return a, err
		}
		a.Grants = append(a.Grants, given)
	}
	return a, s.Log.Add(ctx, tx, who, "identity.create", object(a), map[string]any{"login": a.Login, "name": a.Name, "unit": a.Unit})
}

func mayWorkAt(tree *org.Tree, who actor.Actor, unit string) error {
	if unit == "" && who.Scope.All {
		return nil
	}
	if _, ok := tree.Unit(unit); !ok || !tree.InScope(who.Scope, unit) {
		return errs.New(errs.NotFound, i18n.IdentityUnitNotFound).On("unit")
	}
	return nil
}

// UpdateInput is what may be changed of an account by hand.
type UpdateInput struct {
	Name    string
	Unit    string
	Email   string
	Phone   string
	Version int // the version that was on the form
}

// Update changes the name, the unit and the contact of an account.
func (s *Service) Update(ctx context.Context, who actor.Actor, id string, in UpdateInput) error {
	var l errs.List
	in.Name = norm.NFC.String(strings.TrimSpace(in.Name))
	checkName(&l, in.Name)
	checkContact(&l, &in.Email, &in.Phone)
	return s.change(ctx, who, id, "identity.update", func(ctx context.Context, tx *db.Tx, a *Account) error {
		if err := l.Err(); err != nil {
			return err
		}
		tree, err := s.Org.Tree(ctx, tx)
		if err != nil {
			return err
		}
		if in.Unit != a.Unit {
			if err := mayWorkAt(tree, who, in.Unit); err != nil {
				return err
			}
		}
		a.Name, a.Unit, a.Email, a.Phone, a.Version = in.Name, in.Unit, in.Email, in.Phone, in.Version
		return nil
	})
}

// SetPassword gives an account a password that its owner has to change at the next
// sign-in, and ends its sessions.
func (s *Service) SetPassword(ctx context.Context, who actor.Actor, id, password string) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	if err := checkPassword(password, "").Err(); err != nil {
		return err
	}
	hash, err := s.hasher.make(ctx, password)
	if err != nil {
		return err
	}
	return s.change(ctx, who, id, "identity.setPassword", func(ctx context.Context, tx *db.Tx, a *Account) error {
		if a.Login == Operator {
			return errs.New(errs.Conflict, i18n.IdentityOperatorFixed)
		}
		if weak(password, a.Login) {
			return errs.New(errs.Invalid, i18n.IdentityPasswordWeak).On("password")
		}
		a.hash, a.MustChange = hash, true
		return endSessions(ctx, tx, a.ID, "")
	})
}

// ChangeOwnPassword changes the actor's own password and ends all of its sessions but
// the one it acts in.
func (s *Service) ChangeOwnPassword(ctx context.Context, who actor.Actor, old, fresh string) error {
	if who.Account == "" || who.Via == actor.API {
		return forbidden()
	}
	a, err := find(ctx, s.DB, "id", who.Account)
	if err != nil {
		return err
	}
	if err := checkPassword(fresh, a.Login).Err(); err != nil {
		return err
	}
	if old == fresh {
		return errs.New(errs.Invalid, i18n.IdentityPasswordSame).On("password")
	}
	// The present password is asked for through the same throttle as a sign-in: a
	// browser left open is no place to guess it.
	tries := []throttleKey{changeKey(a.ID)}
	if err := s.reserve(ctx, tries); err != nil {
		return err
	}
	ok, err := s.hasher.fits(ctx, old, a.hash)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.Invalid, i18n.IdentityPasswordWrong).On("old")
	}
	hash, err := s.hasher.make(ctx, fresh)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		a.hash, a.MustChange = hash, false
		if err := update(ctx, tx, a); err != nil {
			return err
		}
		if err := settle(ctx, tx, tries); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, a.ID, visitor(ctx).token); err != nil {
			return err
		}
		return s.Log.Add(ctx, tx, who, "identity.changeOwnPassword", object(a), nil)
	})
}

// Disable bars an account: it cannot sign in, its sessions end, its tokens rest.
func (s *Service) Disable(ctx context.Context, who actor.Actor, id string) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.DisableIn(ctx, tx, who, id) })
}

// DisableIn is [Service.Disable] in the transaction in which what the account has to see to
// is handed on.
func (s *Service) DisableIn(ctx context.Context, tx *db.Tx, who actor.Actor, id string) error {
	return s.changeIn(ctx, tx, who, change{id, "identity.disable", func(ctx context.Context, tx *db.Tx, a *Account) error {
		if a.Login == Operator {
			return errs.New(errs.Conflict, i18n.IdentityOperatorFixed)
		}
		a.Disabled = true
		if err := s.endLent(ctx, tx, who, *a, nil); err != nil {
			return err
		}
		return endSessions(ctx, tx, a.ID, "")
	}})
}

// Enable opens a disabled account again.
func (s *Service) Enable(ctx context.Context, who actor.Actor, id string) error {
	return s.change(ctx, who, id, "identity.enable", func(_ context.Context, _ *db.Tx, a *Account) error {
		a.Disabled = false
		return nil
	})
}

// change is the frame of every change to an account: right, scope, rule, audit, and the
// look whether an administrator is left.
func (s *Service) change(ctx context.Context, who actor.Actor, id, action string, fn func(context.Context, *db.Tx, *Account) error) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.changeIn(ctx, tx, who, change{id, action, fn}) })
}

// change is what is done to an account, and how the audit calls it.
type change struct {
	account, action string
	do              func(context.Context, *db.Tx, *Account) error
}

func (s *Service) changeIn(ctx context.Context, tx *db.Tx, who actor.Actor, c change) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	a, err := s.managed(ctx, tx, who, c.account)
	if err != nil {
		return err
	}
	if err := c.do(ctx, tx, &a); err != nil {
		return err
	}
	if err := update(ctx, tx, a); err != nil {
		return err
	}
	if err := s.keepAdministrator(ctx, tx); err != nil {
		return err
	}
	return s.Log.Add(ctx, tx, who, c.action, object(a), map[string]any{"name": a.Name, "unit": a.Unit})
}

// managed finds an account that the actor may change: in its scope, and with no right
// that the actor lacks, for a password that one sets is an account that one can enter.
func (s *Service) managed(ctx context.Context, q db.Querier, who actor.Actor, id string) (Account, error) {
	a, err := find(ctx, q, "id", id)
	if err != nil {
		return a, err
	}
	tree, err := s.Org.Tree(ctx, q)
	if err != nil {
		return a, err
	}
	if !visible(tree, who, a) {
		return a, errs.New(errs.NotFound, i18n.IdentityAccountNotFound)
	}
	today := s.Now.Today()
	for _, g := range a.Grants {
		if !g.ended(today) && !s.holds(tree, who, g) {
			return a, errs.New(errs.Forbidden, i18n.IdentityStronger)
		}
	}
	return a, nil
}

// keepAdministrator refuses a change after which nobody could administer the system.
func (s *Service) keepAdministrator(ctx context.Context, tx *db.Tx) error {
	n, err := s.administrators(ctx, tx)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, i18n.IdentityLastAdministrator)
	}
	return err
}

// Administrators counts those who can sign in and look after the accounts of the whole house.
func (s *Service) Administrators(ctx context.Context) (int, error) {
	return s.administrators(ctx, s.DB)
}

func (s *Service) administrators(ctx context.Context, q db.Querier) (int, error) {
	return administrators(ctx, q, s.managingRoles(), s.Now.Today())
}

// managingRoles are the roles that can be given for the whole house.
func (s *Service) managingRoles() []string {
	roles := []string{Administrator}
	for name, rights := range s.Roles {
		if name != Administrator && slices.Contains(rights, RightManage) {
			roles = append(roles, name)
		}
	}
	return roles
}

func object(a Account) audit.Object { return audit.Object{Kind: "account", ID: a.ID} }

func forbidden() error { return errs.New(errs.Forbidden, i18n.ErrsForbidden) }

// ByLogin finds an account by its login.
func (s *Service) ByLogin(ctx context.Context, who actor.Actor, login string) (Account, error) {
	if !who.Can(RightRead) {
		return Account{}, forbidden()
	}
	a, err := find(ctx, s.DB, "login", foldLogin(login))
	if err != nil {
		return Account{}, err
	}
	return s.Get(ctx, who, a.ID)
}
