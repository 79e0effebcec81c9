package identity

import (
	"context"
	"errors"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Session is one browser in which somebody is signed in.
type Session struct {
	ID       string
	Account  string
	Created  time.Time
	LastSeen time.Time // coarse: brought up to date every five minutes
	Address  string
	Agent    string
	Current  bool // the one that asks
	token    string
}

// Visitor is what the face knows of the one who asks. It travels in the context, so that
// the store of sessions, whose methods are laid down by the session manager, can keep it
// beside the session.
type Visitor struct {
	Account string
	Address string
	Agent   string
	token   string // hash of the token of the session that was found
}

type visitorKey struct{}

// WithVisitor gives a context that carries the visitor; the face fills in the account
// when it is known.
func WithVisitor(ctx context.Context, v *Visitor) context.Context {
	return context.WithValue(ctx, visitorKey{}, v)
}

func visitor(ctx context.Context) *Visitor {
	if v, ok := ctx.Value(visitorKey{}).(*Visitor); ok {
		return v
	}
	return &Visitor{}
}

// seenEvery is how often the last sight of a session is written down.
const seenEvery = 5 * time.Minute

// SessionStore keeps sessions for alexedwards/scs: it is a CtxStore. The tokens that it
// is given are hashes already.
type SessionStore struct{ s *Service }

// SessionStore gives the store for the session manager.
func (s *Service) SessionStore() *SessionStore { return &SessionStore{s} }

// Find is FindCtx without a context.
func (st *SessionStore) Find(token string) ([]byte, bool, error) {
	return st.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (st *SessionStore) Commit(token string, data []byte, expiry time.Time) error {
	return st.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (st *SessionStore) Delete(token string) error { return st.DeleteCtx(context.Background(), token) }

// FindCtx gives the data of a session that has not run out.
func (st *SessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	type row struct {
		data []byte
		seen time.Time
	}
	now := st.s.Now()
	found, err := db.One(ctx, st.s.DB, func(r db.Row) (row, error) {
		var v row
		return v, r.Scan(&v.data, db.TimeTo(&v.seen))
	}, `SELECT data, last_seen_at FROM identity_session WHERE token_hash = $1 AND expires_at > $2`, token, db.Time(now))
	if errors.Is(err, db.ErrNoRow) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	visitor(ctx).token = token
	if now.Sub(found.seen) < seenEvery {
		return found.data, true, nil
	}
	return found.data, true, st.s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE identity_session SET last_seen_at = $1 WHERE token_hash = $2`, db.Time(now), token)
		return err
	})
}

// CommitCtx writes a session. One that was found in this request is only brought up to
// date, never made anew: it may have been revoked meanwhile. One without an account, in
// which a stranger's form may lie, ends soon and pushes out the oldest of its kind.
func (st *SessionStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	v, now := visitor(ctx), st.s.Now()
	network := cut(Network(v.Address), 64)
	return st.s.DB.Write(ctx, func(tx *db.Tx) error {
		if v.Account == "" {
			if end := now.Add(strangerTime); end.Before(expiry) {
				expiry = end
			}
			if err := makeRoom(ctx, tx, stranger{token, network, len(data)}); err != nil {
				return err
			}
		}
		if v.token == token {
			_, err := db.Exec(ctx, tx, `UPDATE identity_session SET data = $1, expires_at = $2, account_id = $3, last_seen_at = $4, bytes = $6
				WHERE token_hash = $5`, data, db.Time(expiry), db.Null(v.Account), db.Time(now), token, len(data))
			return err
		}
		_, err := db.Exec(ctx, tx, `INSERT INTO identity_session
			(token_hash, id, account_id, data, created_at, last_seen_at, expires_at, address, agent, network, bytes)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			ON CONFLICT (token_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at, bytes = excluded.bytes`,
			token, st.s.NewID(), db.Null(v.Account), data, db.Time(now), db.Time(now), db.Time(expiry), cut(v.Address, 64), cut(v.Agent, 200),
			network, len(data))
		if err == nil {
			tx.After(func() { v.token = token })
		}
		return err
	})
}

// DeleteCtx ends a session.
func (st *SessionStore) DeleteCtx(ctx context.Context, token string) error {
	return st.s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM identity_session WHERE token_hash = $1`, token)
		return err
	})
}

func cut(s string, limit int) string {
	r := []rune(s)
	return string(r[:min(limit, len(r))])
}

// Sessions lists the sessions of an account, the latest first: the actor's own where no
// account is named, those of others for who may manage them.
func (s *Service) Sessions(ctx context.Context, who actor.Actor, account string) ([]Session, error) {
	account, err := s.ownOrManaged(ctx, who, account)
	if err != nil {
		return nil, err
	}
	all, err := db.All(ctx, s.DB, scanSession, `SELECT `+sessionColumns+` FROM identity_session
		WHERE account_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, id`, account, db.Time(s.Now()))
	for i := range all {
		all[i].Current = all[i].token == visitor(ctx).token
	}
	return all, err
}

const sessionColumns = `token_hash, id, account_id, created_at, last_seen_at, address, agent`

func scanSession(r db.Row) (Session, error) {
	var x Session
	return x, r.Scan(&x.token, &x.ID, &x.Account, db.TimeTo(&x.Created), db.TimeTo(&x.LastSeen), &x.Address, &x.Agent)
}

// Revoke ends one session: one's own, or that of an account that one manages.
func (s *Service) Revoke(ctx context.Context, who actor.Actor, sessionID string) error {
	if who.Account == "" {
		return forbidden()
	}
	missing := errs.New(errs.NotFound, i18n.IdentitySessionNotFound)
	x, err := db.One(ctx, s.DB, scanSession, `SELECT `+sessionColumns+` FROM identity_session
		WHERE id = $1 AND account_id IS NOT NULL`, sessionID)
	if errors.Is(err, db.ErrNoRow) {
		return missing
	}
	if err != nil {
		return err
	}
	account, err := s.ownOrManaged(ctx, who, x.Account)
	if err != nil {
		return missing.Because(err)
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM identity_session WHERE id = $1`, sessionID); err != nil {
			return err
		}
		return s.Log.Add(ctx, tx, who, "identity.revokeSession", object(Account{ID: account}), map[string]any{"session": sessionID})
	})
}

// RevokeAll ends every session of an account, or of the actor where none is named.
func (s *Service) RevokeAll(ctx context.Context, who actor.Actor, account string) error {
	account, err := s.ownOrManaged(ctx, who, account)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := endSessions(ctx, tx, account, ""); err != nil {
			return err
		}
		return s.Log.Add(ctx, tx, who, "identity.revokeSessions", object(Account{ID: account}), nil)
	})
}

// endSessions ends the sessions of an account but the one with the token.
func endSessions(ctx context.Context, tx *db.Tx, account, but string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM identity_session WHERE account_id = $1 AND token_hash <> $2`, account, but)
	return err
}

// ownOrManaged gives the account whose things the actor may see and end: its own, or one
// that it manages.
func (s *Service) ownOrManaged(ctx context.Context, who actor.Actor, account string) (string, error) {
	switch {
	case who.Account == "" && account == "":
		return "", forbidden()
	case account == "" || account == who.Account:
		return who.Account, nil
	case !who.Can(RightManage):
		return "", forbidden()
	}
	_, err := s.managed(ctx, s.DB, who, account)
	return account, err
}

// Sweep removes sessions that have run out and failed sign-ins that are forgotten; it
// belongs into a daily job.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Now()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM identity_session WHERE expires_at <= $1`, db.Time(now)); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `DELETE FROM identity_throttle WHERE last_at <= $1`, db.Time(now.Add(-forgetAfter)))
		return err
	})
}
