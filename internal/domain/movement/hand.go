package movement

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// OpenDuties lists the duties of an account that are not done, by the day on which they are
// due; for who looks after the accounts.
func (s *Service) OpenDuties(ctx context.Context, who actor.Actor, account string) ([]Duty, error) {
	if !who.Can(identity.RightManage) {
		return nil, forbidden()
	}
	if _, err := s.staff.Get(ctx, who, account); err != nil {
		return nil, err
	}
	return openDutiesOf(ctx, s.db, account)
}

// HandDutiesIn gives the duties of an account that are not done to another, in the
// transaction in which the account is closed, and tells how many; for who looks after both
// accounts.
func (s *Service) HandDutiesIn(ctx context.Context, tx *db.Tx, who actor.Actor, from, to string) (int, error) {
	if !who.Can(identity.RightManage) {
		return 0, forbidden()
	}
	for _, account := range []string{from, to} {
		if _, err := s.staff.Get(ctx, who, account); err != nil {
			return 0, err
		}
	}
	all, err := openDutiesOf(ctx, tx, from)
	if err != nil {
		return 0, err
	}
	for _, d := range all {
		d.Account, d.Version = to, d.Version+1
		if err := updateDuty(ctx, tx, d); err != nil {
			return 0, err
		}
	}
	return len(all), s.log.Add(ctx, tx, who, "movement.duty.hand", audit.Object{Kind: "account", ID: from}, map[string]any{"to": to, "count": len(all)})
}

func openDutiesOf(ctx context.Context, q db.Querier, account string) ([]Duty, error) {
	return db.All(ctx, q, scanDuty, `SELECT `+dutyColumns+` FROM movement_duty WHERE account_id = $1 AND done_at IS NULL ORDER BY due_on, id`, account)
}
