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

// lastOrder reads the last one made by hand, and gives its number; 0 is none.
func lastOrder(ctx context.Context, q db.Querier, conference string, k orderKind, into any) (int, error) {
	type row struct {
		no   int
		body string
	}
	last, err := db.One(ctx, q, func(r db.Row) (x row, err error) {
		err = r.Scan(&x.no, &x.body)
		return x, err
	}, `SELECT no, CAST(body AS TEXT) FROM conference_order WHERE conference_id = $1 AND kind = $2 ORDER BY no DESC LIMIT 1`, conference, k)
	if errors.Is(err, db.ErrNoRow) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if err := json.Unmarshal([]byte(last.body), into); err != nil {
		return 0, fmt.Errorf("read the order %d of a conference: %w", last.no, err)
	}
	return last.no, nil
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

func deleteOrder(ctx context.Context, tx *db.Tx, conference string, k orderKind, no int) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM conference_order WHERE conference_id = $1 AND kind = $2 AND no = $3`, conference, k, no)
	return err
}
