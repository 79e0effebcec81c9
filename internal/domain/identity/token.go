package identity

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Token lets a program act for an account, with some of its rights. The secret itself is
// shown once and never kept: only its SHA-256, which suffices for 32 random bytes.
type Token struct {
	ID       string
	Account  string
	Name     string
	Rights   []actor.Right
	Created  time.Time
	Expires  clock.Date // the last day on which it works
	Revoked  time.Time
	LastUsed time.Time // coarse: brought up to date every five minutes
}

// TokenInput is what is needed to make a token.
type TokenInput struct {
	Name    string
	Rights  []actor.Right // some of the actor's own
	Expires clock.Date    // the last day on which it works; at most a year away
}

const (
	tokenPrefix  = "nr_" // so that scanners of leaked secrets can tell what it is
	tokenMaxDays = 366
)

// CreateToken makes a token for the actor's own account. The text is given this once.
func (s *Service) CreateToken(ctx context.Context, who actor.Actor, in TokenInput) (string, Token, error) {
	if who.Account == "" || who.Via == actor.API { // a token makes no further tokens
		return "", Token{}, forbidden()
	}
	if err := in.check(who, s.Now.Today()); err != nil {
		return "", Token{}, err
	}
	raw := make([]byte, 32)
	if _, err := io.ReadFull(s.Random, raw); err != nil {
		return "", Token{}, fmt.Errorf("make a token: %w", err)
	}
	text := tokenPrefix + base64.RawURLEncoding.EncodeToString(raw)
	t := Token{ID: s.NewID(), Account: who.Account, Name: in.Name, Rights: in.Rights, Created: s.Now(), Expires: in.Expires}
	return text, t, s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := insertToken(ctx, tx, t, hashOf(text)); err != nil {
			return err
		}
		return s.Log.Add(ctx, tx, who, "identity.createToken", object(Account{ID: who.Account}),
			map[string]any{"token": t.ID, "name": t.Name, "rights": t.Rights, "expires": t.Expires})
	})
}

func (in *TokenInput) check(who actor.Actor, today clock.Date) error {
	var l errs.List
	in.Name = norm.NFC.String(strings.TrimSpace(in.Name))
	checkName(&l, in.Name)
	in.Rights = once(slices.Clone(in.Rights))
	if len(in.Rights) == 0 || slices.ContainsFunc(in.Rights, func(r actor.Right) bool { return !who.Can(r) }) {
		l.Add("rights", i18n.IdentityTokenRights)
	}
	if in.Expires < today || in.Expires > today+tokenMaxDays {
		l.Add("expires", i18n.IdentityTokenExpires, today+tokenMaxDays)
	}
	return l.Err()
}

// ActorByToken makes the actor of a token: the rights are those of the token that the
// account still has. Whatever is wrong with the token, the answer is the same.
func (s *Service) ActorByToken(ctx context.Context, text string) (actor.Actor, error) {
	bad := errs.New(errs.Forbidden, i18n.IdentityTokenBad)
	if !strings.HasPrefix(text, tokenPrefix) || len(text) > 100 {
		return actor.Actor{}, bad
	}
	t, err := db.One(ctx, s.DB, scanToken, `SELECT `+tokenColumns+` FROM identity_token WHERE token_hash = $1`, hashOf(text))
	if errors.Is(err, db.ErrNoRow) {
		return actor.Actor{}, bad
	}
	if err != nil {
		return actor.Actor{}, err
	}
	if !t.Revoked.IsZero() || t.Expires < s.Now.Today() {
		return actor.Actor{}, bad
	}
	who, err := s.Actor(ctx, t.Account, actor.API)
	if errs.Is(err, errs.Forbidden) {
		return actor.Actor{}, bad.Because(err)
	}
	if err != nil {
		return actor.Actor{}, err
	}
	who.Rights = slices.DeleteFunc(who.Rights, func(r actor.Right) bool { return !slices.Contains(t.Rights, r) })
	return who, s.seenToken(ctx, t)
}

func (s *Service) seenToken(ctx context.Context, t Token) error {
	now := s.Now()
	if now.Sub(t.LastUsed) < seenEvery {
		return nil
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE identity_token SET last_used_at = $1 WHERE id = $2`, db.Time(now), t.ID)
		return err
	})
}

// Tokens lists the tokens of an account, the latest first: the actor's own where no
// account is named.
func (s *Service) Tokens(ctx context.Context, who actor.Actor, account string) ([]Token, error) {
	account, err := s.ownOrManaged(ctx, who, account)
	if err != nil {
		return nil, err
	}
	return db.All(ctx, s.DB, scanToken, `SELECT `+tokenColumns+` FROM identity_token
		WHERE account_id = $1 ORDER BY created_at DESC, id DESC`, account)
}

// RevokeToken ends a token for good: one's own, or that of an account that one manages.
func (s *Service) RevokeToken(ctx context.Context, who actor.Actor, id string) error {
	if who.Account == "" {
		return forbidden()
	}
	missing := errs.New(errs.NotFound, i18n.IdentityTokenNotFound)
	t, err := db.One(ctx, s.DB, scanToken, `SELECT `+tokenColumns+` FROM identity_token WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return missing
	}
	if err != nil {
		return err
	}
	if _, err := s.ownOrManaged(ctx, who, t.Account); err != nil {
		return missing.Because(err)
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE identity_token SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL`, db.Time(s.Now()), id)
		if err != nil {
			return err
		}
		return s.Log.Add(ctx, tx, who, "identity.revokeToken", object(Account{ID: t.Account}), map[string]any{"token": id})
	})
}

const tokenColumns = `id, account_id, name, rights, created_at, expires_on, revoked_at, last_used_at` //nolint:gosec // names of columns

func scanToken(r db.Row) (Token, error) {
	var t Token
	var rights string
	err := r.Scan(&t.ID, &t.Account, &t.Name, &rights, db.TimeTo(&t.Created), db.DateTo(&t.Expires), db.TimeTo(&t.Revoked), db.TimeTo(&t.LastUsed))
	if err != nil {
		return t, err
	}
	return t, json.Unmarshal([]byte(rights), &t.Rights)
}

func insertToken(ctx context.Context, tx *db.Tx, t Token, hash string) error {
	rights, err := json.Marshal(t.Rights)
	if err != nil {
		return fmt.Errorf("encode the rights of a token: %w", err)
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO identity_token (id, token_hash, account_id, name, rights, created_at, expires_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, t.ID, hash, t.Account, t.Name, string(rights), db.Time(t.Created), db.Date(t.Expires))
	return err
}
