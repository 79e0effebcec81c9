package identity

import (
	"context"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// StandingAt gives the accounts that stand at a unit on a day, by name: those that were
// given a role there, and those that work there and were given one at a unit above. With a
// role only those that hold it. For rules of other rooms, not for pages: it asks nobody.
func StandingAt(ctx context.Context, q db.Querier, tree *org.Tree, unit, role string, on clock.Date) ([]Account, error) {
	all, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM identity_account a WHERE NOT disabled AND (unit_id = $1 OR EXISTS (
		SELECT 1 FROM identity_grant g WHERE g.account_id = a.id AND g.unit_id = $1)) ORDER BY login`, unit)
	if err != nil {
		return nil, err
	}
	if all, err = granted(ctx, q, all); err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(a Account) bool {
		return !slices.ContainsFunc(a.GrantsOn(on), func(g Grant) bool {
			covers := g.Unit == "" || tree.InScope(actor.Scope{Paths: tree.Paths(g.Unit)}, unit)
			return (role == "" || g.Role == role) && (g.Unit == unit || a.Unit == unit && covers)
		})
	})
	slices.SortStableFunc(all, func(a, b Account) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// Standing gives those of some accounts that are not disabled and hold any role on a day,
// by identity. It asks nobody, as [StandingAt].
func Standing(ctx context.Context, q db.Querier, ids []string, on clock.Date) (map[string]Account, error) {
	found := map[string]Account{}
	err := db.Chunks(ids, func(part []any) error {
		all, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM identity_account WHERE NOT disabled AND id IN `+db.In(1, len(part)), part...)
		if err != nil {
			return err
		}
		if all, err = granted(ctx, q, all); err != nil {
			return err
		}
		for _, a := range all {
			if len(a.GrantsOn(on)) > 0 {
				found[a.ID] = a
			}
		}
		return nil
	})
	return found, err
}

// granted reads the grants of accounts.
func granted(ctx context.Context, q db.Querier, all []Account) ([]Account, error) {
	if len(all) == 0 {
		return nil, nil
	}
	ids := make([]string, len(all))
	for i, a := range all {
		ids[i] = a.ID
	}
	grants, err := grantsOf(ctx, q, ids)
	for i := range all {
		all[i].Grants = grants[all[i].ID]
	}
	return all, err
}

// Everybody gives the accounts that are not disabled and hold any role on a day, by name;
// at most 2000. It asks nobody, as [StandingAt].
func Everybody(ctx context.Context, q db.Querier, on clock.Date) ([]Account, error) {
	all, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM identity_account WHERE NOT disabled ORDER BY login LIMIT 2000`)
	if err != nil {
		return nil, err
	}
	if all, err = granted(ctx, q, all); err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(a Account) bool { return len(a.GrantsOn(on)) == 0 })
	slices.SortStableFunc(all, func(a, b Account) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}
