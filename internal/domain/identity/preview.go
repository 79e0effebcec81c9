package identity

import (
	"context"
	"slices"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// PreviewTime is how long pages are looked at as a role sees them.
const PreviewTime = 30 * time.Minute

// Preview is the look at the pages as a role at a unit would see them. It gives nothing
// that the one who looks does not have, and nothing can be changed meanwhile: the face
// refuses it.
type Preview struct {
	Role  string
	Unit  string // identity
	Place string // the name of the unit
	Until time.Time
}

// BeginPreview begins a preview; who looks as what is recorded.
func (s *Service) BeginPreview(ctx context.Context, who actor.Actor, role, unit string) (Preview, error) {
	if !who.Can(RightManage) || who.Account == "" || who.Via != actor.Web {
		return Preview{}, forbidden()
	}
	p := Preview{Role: role, Unit: unit, Until: s.Now().Add(PreviewTime)}
	tree, err := s.mayPreview(ctx, who, p)
	if err != nil {
		return Preview{}, err
	}
	at, _ := tree.Unit(unit)
	p.Place = at.NameOn(s.Now.Today())
	return p, s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Log.Add(ctx, tx, who, "identity.beginPreview", object(Account{ID: who.Account}), map[string]any{"role": role, "unit": unit})
	})
}

func (s *Service) mayPreview(ctx context.Context, who actor.Actor, p Preview) (*org.Tree, error) {
	tree, err := s.Org.Tree(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	var l errs.List
	if _, ok := s.Roles[p.Role]; !ok {
		l.Add("role", i18n.IdentityRoleUnknown)
	}
	if _, ok := tree.Unit(p.Unit); !ok || !tree.InScope(who.Scope, p.Unit) {
		l.Add("unit", i18n.IdentityUnitNotFound)
	}
	return tree, l.Err()
}

// EndPreview records that a preview was ended before its time.
func (s *Service) EndPreview(ctx context.Context, who actor.Actor, p Preview) error {
	if who.Account == "" {
		return forbidden()
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Log.Add(ctx, tx, who, "identity.endPreview", object(Account{ID: who.Account}), map[string]any{"role": p.Role, "unit": p.Unit})
	})
}

// Previewed makes the actor of a preview, of the actor's own rights and units as they are
// at this moment. It is Forbidden where the time is up, or where the one who looks no
// longer may.
func (s *Service) Previewed(ctx context.Context, who actor.Actor, p Preview) (actor.Actor, error) {
	if who.Account == "" || !who.Can(RightManage) || !s.Now().Before(p.Until) {
		return actor.Actor{}, forbidden()
	}
	tree, err := s.mayPreview(ctx, who, p)
	if errs.Is(err, errs.Invalid) {
		return actor.Actor{}, forbidden()
	}
	if err != nil {
		return actor.Actor{}, err
	}
	seen := who
	seen.Roles, seen.Rights = []string{p.Role}, nil
	for _, r := range s.Roles[p.Role] {
		if who.Can(r) {
			seen.Rights = append(seen.Rights, r)
		}
	}
	paths := slices.DeleteFunc(slices.Clone(tree.Paths(p.Unit)), func(path string) bool { return !who.Scope.Covers(path) })
	seen.Scope = actor.Scope{Paths: once(paths)}
	return seen, nil
}
