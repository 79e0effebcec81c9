package worklist

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// perPage is how many rows of an export are read at a time.
const perPage = 1000

// Export gives all rows of a query in its order, part by part, and notes who took them.
func (s *Service) Export(ctx context.Context, who actor.Actor, in practice.Query, take func([]ledger.EntryRow) error) error {
	if !who.Can(practice.RightRead) {
		return forbidden()
	}
	in.Slice.Limit, in.Slice.Cursor, in.Slice.Backward = perPage, "", false
	list, err := s.rooms.Practices.List(ctx, who, in)
	if err != nil {
		return err
	}
	if err := s.db.Write(ctx, func(tx *db.Tx) error {
		return s.rooms.Log.Add(ctx, tx, who, "worklist.export", audit.Object{Kind: "entries"}, map[string]any{"query": in, "rows": list.Total})
	}); err != nil {
		return err
	}
	for {
		if err := take(list.Rows); err != nil || list.Next == "" {
			return err
		}
		in.Slice.Cursor = list.Next
		if list, err = s.rooms.Practices.List(ctx, who, in); err != nil {
			return err
		}
	}
}
