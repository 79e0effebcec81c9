package identity

import (
	"context"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Reached finds an account: the actor's own, or one that the actor manages.
func (s *Service) Reached(ctx context.Context, who actor.Actor, account string) (Account, error) {
	account, err := s.ownOrManaged(ctx, who, account)
	if err != nil {
		return Account{}, err
	}
	return find(ctx, s.DB, "id", account)
}

// SetLetters says whether what an account has notices of goes to its address, too: its own,
// or one that the actor manages.
func (s *Service) SetLetters(ctx context.Context, who actor.Actor, account string, on bool) error {
	if who.Account == "" || who.Via == actor.API || (account != who.Account && !who.Can(RightManage)) {
		return forbidden()
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := find(ctx, tx, "id", account)
		if err == nil && account != who.Account {
			a, err = s.managed(ctx, tx, who, account)
		}
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `UPDATE identity_account SET letters = $2 WHERE id = $1`, a.ID, on); err != nil {
			return err
		}
		return s.Log.Add(ctx, tx, who, "identity.letters", object(a), map[string]any{"on": on})
	})
}

// mostNotices bounds the notices of one letter.
const mostNotices = 200

// Fresh lists the notices of an account that were left from an instant on and not read, the
// oldest first; for the room above that writes letters. It asks nobody.
func Fresh(ctx context.Context, q db.Querier, account string, after time.Time) ([]Notice, error) {
	return db.All(ctx, q, scanNotice, `SELECT id, account_id, message, args, link, created_at, read_at FROM identity_notice
		WHERE account_id = $1 AND read_at IS NULL AND created_at >= $2 ORDER BY created_at, id LIMIT $3`, account, db.Time(after), mostNotices)
}

// Written lists the accounts to which letters may go on a day: those with an address and a
// role that want letters, and had none that day.
func Written(ctx context.Context, q db.Querier, on clock.Date) ([]Account, error) {
	all, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM identity_account WHERE NOT disabled AND letters AND email <> ''
		AND (digest_at IS NULL OR digest_at < $1) ORDER BY id`, db.Time(on.Midnight()))
	if err != nil {
		return nil, err
	}
	return granted(ctx, q, all)
}

// TakeDigest notes that a letter is written to an account, in the transaction of the
// letter; false where one was written that day or none is wanted any more.
func TakeDigest(ctx context.Context, tx *db.Tx, account string, now time.Time) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE identity_account SET digest_at = $2 WHERE id = $1 AND NOT disabled AND letters AND email <> ''
		AND (digest_at IS NULL OR digest_at < $3)`, account, db.Time(now), db.Time(clock.DateOf(now).Midnight()))
	return n == 1, err
}
