package identity

import (
	"context"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Forget takes the person out of an account that was closed: what is left of it is that
// there was one, for the acts that it recorded. It is for the room above, which has looked
// at rights and scope.
func (s *Service) Forget(ctx context.Context, tx *db.Tx, id string) error {
	a, err := find(ctx, tx, "id", id)
	if err != nil {
		return err
	}
	if !a.Disabled || a.Login == Operator {
		return errs.New(errs.Conflict, i18n.IdentityForgetOpen, a.Name)
	}
	last := a.ID[max(0, len(a.ID)-8):]
	if _, err := db.Exec(ctx, tx, `UPDATE identity_account SET login = $2, name = $3, password_hash = '', email = '', phone = '', letters = FALSE,
		version = version + 1 WHERE id = $1`, id, "an-danh-"+last, i18n.Vi.T(i18n.IdentityNameless, last)); err != nil {
		return err
	}
	if err := endSessions(ctx, tx, id, ""); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM identity_token WHERE account_id = $1`, id); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `DELETE FROM identity_notice WHERE account_id = $1`, id)
	return err
}

// ForgetNotice removes a notice that names a person, for the room above.
func (s *Service) ForgetNotice(ctx context.Context, tx *db.Tx, id string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM identity_notice WHERE id = $1`, id)
	return err
}

// SweepNotices removes the notices that were read before an instant, and those from before
// it that nobody will read: their account is closed. It belongs into a daily job.
func (s *Service) SweepNotices(ctx context.Context, before time.Time) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM identity_notice WHERE read_at < $1 OR (read_at IS NULL AND created_at < $1
			AND account_id IN (SELECT id FROM identity_account WHERE disabled))`, db.Time(before))
		return err
	})
}
