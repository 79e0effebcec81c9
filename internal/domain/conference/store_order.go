package conference

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// orderKind is what was put in order by hand.
type orderKind string

const (
	ofCall    orderKind = "call"
	ofSeating orderKind = "seating"
)

// standing is which order holds, of how many that were made or undone.
type standing struct {
	no    int // of the last change: it only grows, so that no form is ever mistaken for a newer one
	holds int // number of the order that holds; 0 is the rule
}

// undone is what stands in the place of an order where one was taken back: the number of
// the order that holds again, or 0.
type undone struct {
	Back int `json:"back"`
}

// standingOrder reads the order that holds, if one was made by hand.
func standingOrder(ctx context.Context, q db.Querier, conference string, k orderKind, into any) (standing, error) {
	var s standing
	var err error
	if s.no, err = db.One(ctx, q, db.Int, `SELECT COALESCE(MAX(no), 0) FROM conference_order WHERE conference_id = $1 AND kind = $2`, conference, k); err != nil {
		return s, err
	}
	var raw json.RawMessage
	if s.holds, raw, err = orderAt(ctx, q, conference, k, s.no); err != nil || s.holds == 0 {
		return s, err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return s, fmt.Errorf("read the order %d of a conference: %w", s.holds, err)
	}
	return s, nil
}

// orderAt is the order that held after a change, with its number; none where that is 0.
func orderAt(ctx context.Context, q db.Querier, conference string, k orderKind, no int) (int, json.RawMessage, error) {
	type row struct {
		no   int
		body string
	}
	for no > 0 {
		x, err := db.One(ctx, q, func(r db.Row) (x row, err error) {
			err = r.Scan(&x.no, &x.body)
			return x, err
		}, `SELECT no, CAST(body AS TEXT) FROM conference_order WHERE conference_id = $1 AND kind = $2 AND no <= $3 ORDER BY no DESC LIMIT 1`, conference, k, no)
		if errors.Is(err, db.ErrNoRow) {
			return 0, nil, nil
		}
		if err != nil {
			return 0, nil, err
		}
		back, ok := goesBack(x.body)
		if !ok {
			return x.no, json.RawMessage(x.body), nil
		}
		no = min(back, x.no-1)
	}
	return 0, nil, nil
}

// goesBack tells the change to which a change goes back; ok is false for one that is an order, a
// list.
func goesBack(body string) (back int, ok bool) {
	var u struct {
		Back *int `json:"back"`
	}
	if err := json.Unmarshal([]byte(body), &u); err != nil || u.Back == nil {
		return 0, false
	}
	return *u.Back, true
}

// madeOrder is an order made by hand.
type madeOrder struct {
	conference string
	kind       orderKind
	no         int
	body       any
	at         time.Time
	by         string
}

func insertOrder(ctx context.Context, tx *db.Tx, o madeOrder) error {
	raw, err := json.Marshal(o.body)
	if err != nil {
		return fmt.Errorf("write an order: %w", err)
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO conference_order (conference_id, kind, no, body, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6)`,
		o.conference, o.kind, o.no, string(raw), db.Time(o.at), o.by)
	return err
}
