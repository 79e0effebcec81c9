package conference

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Event is what everybody may know of a conference that was held.
type Event struct {
	ID       string
	Kind     Kind
	Title    string
	On       clock.Date
	Begins   string
	Place    string
	Occasion string
	Movement string // code
	Name     string // of the movement
}

// Events gives those among some conferences that were held, the latest first, for the
// pages that everybody reads.
func Events(ctx context.Context, q db.Querier, ids []string) ([]Event, error) {
	return events(ctx, q, ids)
}
