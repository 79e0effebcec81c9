package identity

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Names gives what the people behind accounts are called, by identity; for histories,
// in which everybody who may see an act may see who recorded it.
func (s *Service) Names(ctx context.Context, who actor.Actor, accounts []string) (map[string]string, error) {
	if who.Account == "" {
		return nil, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	names := map[string]string{}
	err := db.Chunks(accounts, func(part []any) error {
		return db.Each(ctx, s.DB, func(row db.Row) error {
			var id, name string
			err := row.Scan(&id, &name)
			names[id] = name
			return err
		}, `SELECT id, name FROM identity_account WHERE id IN `+db.In(1, len(part)), part...)
	})
	return names, err
}
