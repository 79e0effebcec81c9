// Package audit keeps who did what to which thing, when and through which door: edits
// as well as acts. Every record holds the hash of the one before it, so that a record
// which is changed, removed or slipped in breaks the chain for all to see.
//
// It is not the ledger: the ledger says what is true of a practice on a day, the audit
// says who touched the data.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Object names the thing that was touched: a kind and its identity.
type Object struct{ Kind, ID string }

// Record is one link of the chain.
type Record struct {
	Seq      int             `json:"seq"`
	At       time.Time       `json:"at"`
	Account  string          `json:"account"`
	Login    string          `json:"login"`
	Via      string          `json:"via"`
	OSUser   string          `json:"osUser"`
	Action   string          `json:"action"`
	Object   Object          `json:"object"`
	Detail   json.RawMessage `json:"detail"`
	Previous string          `json:"previous"`
	Hash     string          `json:"hash,omitempty"`
}

// Log appends records in the transactions of others.
type Log struct{ now clock.Clock }

// New makes the log of the house.
func New(now clock.Clock) *Log { return &Log{now: now} }

// Add appends a record in the caller's transaction: there is no change without its
// record and no record without its change. The detail is a JSON object of what was
// changed; it must hold no secret.
func (l *Log) Add(ctx context.Context, tx *db.Tx, who actor.Actor, action string, on Object, detail any) error {
	raw, err := encode(detail)
	if err != nil {
		return err
	}
	last, err := head(ctx, tx)
	if err != nil {
		return err
	}
	r := Record{
		Seq: last.Seq + 1, At: l.now().Truncate(time.Microsecond), Account: who.Account, Login: who.Login, Via: string(who.Via),
		OSUser: who.SystemUser, Action: action, Object: on, Detail: raw, Previous: last.Hash,
	}
	if r.Hash, err = r.sum(); err != nil {
		return err
	}
	return insert(ctx, tx, r)
}

// Verdict is what [Verify] found.
type Verdict struct {
	Records int    `json:"records"`
	Head    string `json:"head"`     // hash of the last record
	Broken  int    `json:"brokenAt"` // sequence number of the first record that does not fit, or 0
	Reason  string `json:"reason,omitempty"`
}

// Verify walks the whole chain and recomputes every hash. Anyone who wrote down an
// earlier head can tell from it whether the past was rewritten since.
func Verify(ctx context.Context, q db.Querier) (Verdict, error) {
	var v Verdict
	broken := errors.New("broken")
	err := each(ctx, q, func(r Record) error {
		if reason := v.check(r); reason != "" {
			v.Broken, v.Reason = r.Seq, reason
			return broken
		}
		v.Records, v.Head = v.Records+1, r.Hash
		return nil
	})
	if errors.Is(err, broken) {
		return v, nil
	}
	return v, err
}

// check gives the reason why r does not follow what was walked so far, or "".
func (v Verdict) check(r Record) string {
	sum, err := r.sum()
	switch {
	case err != nil:
		return err.Error()
	case r.Seq != v.Records+1:
		return fmt.Sprintf("record %d is missing", v.Records+1)
	case r.Previous != v.Head:
		return "it does not hold the hash of the record before it"
	case sum != r.Hash:
		return "its content does not match its hash"
	}
	return ""
}

// Export hands every record to fn in the order of the chain.
func Export(ctx context.Context, q db.Querier, fn func(Record) error) error { return each(ctx, q, fn) }

// Head is the number of the last record. Since no change is without its record, it tells
// whether anything at all that people decide has changed.
func Head(ctx context.Context, q db.Querier) (int, error) {
	n, err := db.One(ctx, q, db.Int, `SELECT seq FROM audit_entry ORDER BY seq DESC LIMIT 1`)
	if errors.Is(err, db.ErrNoRow) {
		return 0, nil
	}
	return n, err
}

// Last gives the number of the last record and its hash, by which an earlier state of the
// chain is known again; 0 and "" where there is none.
func Last(ctx context.Context, q db.Querier) (seq int, hash string, err error) {
	r, err := head(ctx, q)
	return r.Seq, r.Hash, err
}

// LastAt is when the last record was made; the zero time where there is none.
func LastAt(ctx context.Context, q db.Querier) (time.Time, error) {
	r, err := head(ctx, q)
	return r.At, err
}

// History gives the records about one thing, oldest first.
func History(ctx context.Context, q db.Querier, on Object) ([]Record, error) { return list(ctx, q, on) }

// sum is SHA-256 (FIPS 180-4) over the JSON of the record without its own hash.
func (r Record) sum() (string, error) {
	r.Hash, r.At = "", r.At.UTC()
	raw, err := json.Marshal(r)
	if err != nil {
		return "", fmt.Errorf("encode audit record: %w", err)
	}
	h := sha256.Sum256(raw)
	return hex.EncodeToString(h[:]), nil
}

func encode(detail any) (json.RawMessage, error) {
	if detail == nil {
		return json.RawMessage("{}"), nil
	}
	raw, err := json.Marshal(detail)
	if err != nil {
		return nil, fmt.Errorf("encode audit detail: %w", err)
	}
	return raw, nil
}
