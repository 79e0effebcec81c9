package draft

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// CountOf tells how many drafts an account has begun; what stands in them is its own. It is
// for who looks after the accounts.
func (s *Service) CountOf(ctx context.Context, who actor.Actor, account string) (int, error) {
	if !who.Can(identity.RightManage) {
		return 0, forbidden()
	}
	if _, err := s.accounts.Get(ctx, who, account); err != nil {
		return 0, err
	}
	return count(ctx, s.db, account)
}

// HandOverIn gives the drafts that an account has begun to another, in the transaction in
// which the account is closed, and tells how many.
func (s *Service) HandOverIn(ctx context.Context, tx *db.Tx, who actor.Actor, from, to string) (int, error) {
	if !who.Can(identity.RightManage) {
		return 0, forbidden()
	}
	for _, account := range []string{from, to} {
		if _, err := s.accounts.Get(ctx, who, account); err != nil {
			return 0, err
		}
	}
	begun, err := count(ctx, tx, from)
	if err != nil {
		return 0, err
	}
	has, err := count(ctx, tx, to)
	if err != nil {
		return 0, err
	}
	if begun+has > MaxDrafts {
		return 0, errs.New(errs.Conflict, i18n.DraftHandTooMany, begun, MaxDrafts).On("to")
	}
	n, err := hand(ctx, tx, from, to)
	if err != nil {
		return n, err
	}
	return n, s.log.Add(ctx, tx, who, "draft.hand", audit.Object{Kind: "account", ID: from}, map[string]any{"to": to, "count": n})
}

func hand(ctx context.Context, tx *db.Tx, from, to string) (int, error) {
	n, err := db.Exec(ctx, tx, `UPDATE draft_draft SET account_id = $2, version = version + 1
		WHERE account_id = $1 AND entry_id IS NULL AND discarded_at IS NULL`, from, to)
	return int(n), err
}
