package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Notice is a message left for an account: a key of the catalogue with its arguments, so
// that each reader gets it in the language of the day.
type Notice struct {
	ID      string
	Account string
	Key     i18n.Key
	Args    []any  // texts, ints, days, instants, keys
	Link    string // path of the page it is about, or ""
	Created time.Time
	Read    time.Time // zero until it is read
}

// Notify leaves a notice, in the transaction of what it is about. A notice with an
// identity of the caller's is left once, however often the caller tries.
func (s *Service) Notify(ctx context.Context, tx *db.Tx, n Notice) error {
	if n.Link != "" && (!strings.HasPrefix(n.Link, "/") || strings.HasPrefix(n.Link, "//")) {
		return fmt.Errorf("the link of a notice must be a path of ours, not %q", n.Link)
	}
	args, err := encodeArgs(n.Args)
	if err != nil {
		return err
	}
	if n.ID == "" {
		n.ID = s.NewID()
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO identity_notice (id, account_id, message, args, link, created_at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`, n.ID, n.Account, n.Key.String(), args, n.Link, db.Time(s.Now()))
	return err
}

// Inbox gives the actor's latest notices, the newest first, at most limit of them.
func (s *Service) Inbox(ctx context.Context, who actor.Actor, limit int) ([]Notice, error) {
	if who.Account == "" {
		return nil, forbidden()
	}
	return db.All(ctx, s.DB, scanNotice, `SELECT id, account_id, message, args, link, created_at, read_at FROM identity_notice
		WHERE account_id = $1 ORDER BY id DESC LIMIT $2`, who.Account, limit)
}

// Unread is the number of the actor's notices that are not read.
func (s *Service) Unread(ctx context.Context, who actor.Actor) (int, error) {
	if who.Account == "" {
		return 0, forbidden()
	}
	return db.One(ctx, s.DB, db.Int, `SELECT count(*) FROM identity_notice WHERE account_id = $1 AND read_at IS NULL`, who.Account)
}

// MarkRead marks the actor's own notices as read; all of them where none is named.
func (s *Service) MarkRead(ctx context.Context, who actor.Actor, ids ...string) error {
	if who.Account == "" {
		return forbidden()
	}
	args, which := []any{db.Time(s.Now()), who.Account}, ""
	for _, id := range ids {
		args = append(args, id)
	}
	if len(ids) > 0 {
		which = ` AND id IN ` + db.In(3, len(ids))
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE identity_notice SET read_at = $1 WHERE account_id = $2 AND read_at IS NULL`+which, args...)
		return err
	})
}

func scanNotice(r db.Row) (Notice, error) {
	var n Notice
	var key, args string
	err := r.Scan(&n.ID, &n.Account, &key, &args, &n.Link, db.TimeTo(&n.Created), db.TimeTo(&n.Read))
	if err != nil {
		return n, err
	}
	k, ok := i18n.Lookup(key)
	if !ok { // written by another version of the program
		n.Key = i18n.IdentityNoticeUnknown
		return n, nil
	}
	n.Key = k
	n.Args, err = decodeArgs(args)
	return n, err
}

// arg is one argument as it is kept: exactly one field is set, so that it comes back as
// what it was.
type arg struct {
	Text *string     `json:"text,omitempty"`
	Int  *int        `json:"int,omitempty"`
	Date *clock.Date `json:"date,omitempty"`
	At   *time.Time  `json:"at,omitempty"`
	Key  *string     `json:"key,omitempty"`
}

func encodeArgs(args []any) (string, error) {
	all := make([]arg, len(args))
	for i, v := range args {
		switch v := v.(type) {
		case string:
			all[i].Text = &v
		case int:
			all[i].Int = &v
		case clock.Date:
			all[i].Date = &v
		case time.Time:
			all[i].At = &v
		case i18n.Key:
			name := v.String()
			all[i].Key = &name
		default:
			return "", fmt.Errorf("a notice cannot keep an argument of type %T", v)
		}
	}
	raw, err := json.Marshal(all)
	if err != nil {
		return "", fmt.Errorf("encode the arguments of a notice: %w", err)
	}
	return string(raw), nil
}

func decodeArgs(raw string) ([]any, error) {
	var all []arg
	if err := json.Unmarshal([]byte(raw), &all); err != nil {
		return nil, fmt.Errorf("decode the arguments of a notice: %w", err)
	}
	args := make([]any, len(all))
	for i, a := range all {
		switch {
		case a.Text != nil:
			args[i] = *a.Text
		case a.Int != nil:
			args[i] = *a.Int
		case a.Date != nil:
			args[i] = *a.Date
		case a.At != nil:
			args[i] = *a.At
		case a.Key != nil:
			k, ok := i18n.Lookup(*a.Key)
			if !ok {
				return nil, errs.New(errs.Internal, i18n.ErrsInternal)
			}
			args[i] = k
		default:
			args[i] = ""
		}
	}
	return args, nil
}
