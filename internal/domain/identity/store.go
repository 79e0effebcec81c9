package identity

import (
	"context"
	"errors"
	"slices"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

const columns = `id, login, name, unit_id, password_hash, must_change, disabled, email, phone, letters, digest_at, last_sign_in, created_at, version`

func scan(r db.Row) (Account, error) {
	var a Account
	return a, r.Scan(&a.ID, &a.Login, &a.Name, db.TextTo(&a.Unit), &a.hash, &a.MustChange, &a.Disabled, &a.Email, &a.Phone,
		&a.Letters, db.TimeTo(&a.Digested), db.TimeTo(&a.LastSignIn), db.TimeTo(&a.Created), &a.Version)
}

// find gives an account by a column of its own, with its grants.
func find(ctx context.Context, q db.Querier, column, value string) (Account, error) {
	a, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM identity_account WHERE `+column+` = $1`, value)
	if errors.Is(err, db.ErrNoRow) {
		return a, errs.New(errs.NotFound, i18n.IdentityAccountNotFound)
	}
	if err != nil {
		return a, err
	}
	grants, err := grantsOf(ctx, q, []string{a.ID})
	a.Grants = grants[a.ID]
	return a, err
}

func count(ctx context.Context, q db.Querier) (int, error) {
	return db.One(ctx, q, db.Int, `SELECT count(*) FROM identity_account`)
}

// page lists accounts by login, from the one after.
func page(ctx context.Context, q db.Querier, after string, limit int) ([]Account, error) {
	all, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM identity_account WHERE login > $1 ORDER BY login LIMIT $2`, after, limit)
	if err != nil || len(all) == 0 {
		return nil, err
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

func grantsOf(ctx context.Context, q db.Querier, accounts []string) (map[string][]Grant, error) {
	args := make([]any, len(accounts))
	for i, a := range accounts {
		args[i] = a
	}
	all := map[string][]Grant{}
	err := db.Each(ctx, q, func(r db.Row) error {
		var account string
		var g Grant
		err := r.Scan(&account, &g.ID, &g.Role, db.TextTo(&g.Unit), db.DateTo(&g.Span.From), db.DateTo(&g.Span.To), db.TextTo(&g.InPlaceOf))
		all[account] = append(all[account], g)
		return err
	}, `SELECT account_id, id, role, unit_id, valid_from, valid_to, in_place_of FROM identity_grant
		WHERE account_id IN `+db.In(1, len(args))+` ORDER BY account_id, valid_from, id`, args...)
	return all, err
}

func insert(ctx context.Context, tx *db.Tx, a Account) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO identity_account (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		a.ID, a.Login, a.Name, db.Null(a.Unit), a.hash, a.MustChange, a.Disabled, a.Email, a.Phone, a.Letters, db.Time(a.Digested), db.Time(a.LastSignIn),
		db.Time(a.Created), a.Version)
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.IdentityLoginTaken, a.Login).On("login").Because(err)
	}
	return err
}

// update writes the account where it still has the version that was read.
func update(ctx context.Context, tx *db.Tx, a Account) error {
	n, err := db.Exec(ctx, tx, `UPDATE identity_account
		SET name = $1, unit_id = $2, password_hash = $3, must_change = $4, disabled = $5, email = $6, phone = $7, version = version + 1
		WHERE id = $8 AND version = $9`, a.Name, db.Null(a.Unit), a.hash, a.MustChange, a.Disabled, a.Email, a.Phone, a.ID, a.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, i18n.ErrsConflict)
	}
	return nil
}

func insertGrant(ctx context.Context, tx *db.Tx, account string, g Grant) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO identity_grant (id, account_id, role, unit_id, valid_from, valid_to, in_place_of)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, g.ID, account, g.Role, db.Null(g.Unit), db.Date(g.Span.From), db.Date(g.Span.To), db.Null(g.InPlaceOf))
	return err
}

func endGrant(ctx context.Context, tx *db.Tx, id string, on clock.Date) error {
	_, err := db.Exec(ctx, tx, `UPDATE identity_grant SET valid_to = $1 WHERE id = $2`, db.Date(on), id)
	return err
}

func accountOfGrant(ctx context.Context, q db.Querier, id string) (string, error) {
	account, err := db.One(ctx, q, db.Text, `SELECT account_id FROM identity_grant WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return "", errs.New(errs.NotFound, i18n.IdentityGrantNotFound)
	}
	return account, err
}

// administrators counts the accounts that can sign in and hold one of the roles for the
// whole house without an end.
func administrators(ctx context.Context, q db.Querier, roles []string, today clock.Date) (int, error) {
	args := []any{db.Date(today)}
	for _, r := range slices.Sorted(slices.Values(roles)) {
		args = append(args, r)
	}
	return db.One(ctx, q, db.Int, `SELECT count(DISTINCT a.id) FROM identity_account a JOIN identity_grant g ON g.account_id = a.id
		WHERE a.password_hash <> '' AND NOT a.disabled AND g.unit_id IS NULL AND g.valid_to IS NULL AND g.valid_from <= $1
		AND g.role IN `+db.In(2, len(roles)), args...)
}
