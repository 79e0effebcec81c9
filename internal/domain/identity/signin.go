package identity

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/netip"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// SignInInput is what a sign-in at the web brings.
type SignInInput struct {
	Login    string
	Password string
	Address  string // of the visitor
	Agent    string // what the browser says it is
}

// SignIn tells whose login and password these are. Each try is counted before the
// password is looked at, so that many tries at once are no way around the throttle; the
// count stands in the database and holds over several processes. An unknown login, a
// disabled account and a wrong password give the same answer after the same work.
func (s *Service) SignIn(ctx context.Context, in SignInInput) (Account, error) {
	login := foldLogin(in.Login)
	tries := []throttleKey{loginKey(login), addressKey(in.Address)}
	if err := s.reserve(ctx, tries); err != nil {
		return Account{}, err
	}
	a, err := find(ctx, s.DB, "login", login)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return Account{}, err
	}
	hash := a.hash
	if a.Disabled {
		hash = ""
	}
	ok, err := s.hasher.fits(ctx, in.Password, hash)
	if err != nil {
		return Account{}, err
	}
	who := actor.Actor{Account: a.ID, Login: a.Login, Name: a.Name, Via: actor.Web}
	if !ok {
		return Account{}, s.refuse(ctx, who)
	}
	return a, s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := settle(ctx, tx, tries); err != nil {
			return err
		}
		if err := signedIn(ctx, tx, a.ID, s.Now()); err != nil {
			return err
		}
		return s.Log.Add(ctx, tx, who, "identity.signIn", object(a), map[string]any{"address": in.Address})
	})
}

// refuse records a failed sign-in. A login that is not ours is not written down: people
// type passwords into the wrong field.
func (s *Service) refuse(ctx context.Context, who actor.Actor) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Log.Add(ctx, tx, who, "identity.signInFailed", audit.Object{Kind: "account", ID: who.Account}, nil)
	})
	if err != nil {
		return err
	}
	return errs.New(errs.Invalid, i18n.IdentityBadCredentials).On("password")
}

// throttleKey is one of the things by which tries are counted, with the number of
// failures that cost nothing.
type throttleKey struct {
	hash  string
	free  int
	owned bool // a success forgives all: it is the owner's own count
}

// A person mistypes a few times; a whole office shares one address.
const (
	freeByLogin   = 5
	freeByAddress = 30
	longestWait   = 15 * time.Minute
	forgetAfter   = 24 * time.Hour
)

func loginKey(login string) throttleKey {
	return throttleKey{hashOf("login:" + login), freeByLogin, true}
}

func changeKey(account string) throttleKey {
	return throttleKey{hashOf("change:" + account), freeByLogin, true}
}

// addressKey counts an IPv6 visitor by its /64, which is what one household gets.
func addressKey(address string) throttleKey {
	if a, err := netip.ParseAddr(address); err == nil {
		a = a.Unmap().WithZone("")
		if a.Is6() {
			if p, err := a.Prefix(64); err == nil {
				a = p.Addr()
			}
		}
		address = a.String()
	}
	return throttleKey{hashOf("address:" + address), freeByAddress, false}
}

func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// wait is how long the next try has to wait after so many failures: one minute after
// the free ones, then twice as long each time, up to the longest. It is bounded because
// otherwise anyone could lock another person out for good.
func (k throttleKey) wait(failures int) time.Duration {
	if failures <= k.free {
		return 0
	}
	return min(longestWait, time.Minute<<min(failures-k.free-1, 10))
}

// reserve counts a try against every key, or refuses it where one must still wait.
func (s *Service) reserve(ctx context.Context, keys []throttleKey) error {
	now := s.Now()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		rows := make([]throttle, len(keys))
		for i, k := range keys {
			t, err := findThrottle(ctx, tx, k.hash)
			if err != nil {
				return err
			}
			if rest := t.until.Sub(now); rest > 0 {
				minutes := int((rest + time.Minute - 1) / time.Minute)
				return errs.New(errs.Invalid, i18n.IdentityWaitMinutes, minutes).On("password")
			}
			if now.Sub(t.last) > forgetAfter {
				t.failures = 0
			}
			rows[i] = t
		}
		for i, k := range keys {
			n := rows[i].failures + 1
			t := throttle{failures: n, last: now}
			if wait := k.wait(n); wait > 0 {
				t.until = now.Add(wait)
			}
			if err := putThrottle(ctx, tx, k.hash, t); err != nil {
				return err
			}
		}
		return nil
	})
}

// settle takes a reserved try back after a success. The count of an address goes down by
// the one try only: who has one account of his own could otherwise guess at others
// between his successes.
func settle(ctx context.Context, tx *db.Tx, keys []throttleKey) error {
	for _, k := range keys {
		text := `UPDATE identity_throttle SET failures = failures - 1, blocked_until = NULL WHERE key = $1 AND failures > 0`
		if k.owned {
			text = `DELETE FROM identity_throttle WHERE key = $1`
		}
		if _, err := db.Exec(ctx, tx, text, k.hash); err != nil {
			return err
		}
	}
	return nil
}

type throttle struct {
	failures    int
	last, until time.Time
}

func findThrottle(ctx context.Context, q db.Querier, key string) (throttle, error) {
	t, err := db.One(ctx, q, func(r db.Row) (throttle, error) {
		var t throttle
		return t, r.Scan(&t.failures, db.TimeTo(&t.last), db.TimeTo(&t.until))
	}, `SELECT failures, last_at, blocked_until FROM identity_throttle WHERE key = $1`, key)
	if errors.Is(err, db.ErrNoRow) {
		return throttle{}, nil
	}
	return t, err
}

func putThrottle(ctx context.Context, tx *db.Tx, key string, t throttle) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO identity_throttle (key, failures, last_at, blocked_until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, blocked_until = excluded.blocked_until`,
		key, t.failures, db.Time(t.last), db.Time(t.until))
	return err
}
