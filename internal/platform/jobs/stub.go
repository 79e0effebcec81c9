package jobs

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

type Job struct {
	Kind    string
	Payload any
}
type Queue struct{}

func (*Queue) Enqueue(context.Context, *db.Tx, Job) error { return nil }
