package worklist

import (
	"context"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/practice/person"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// More is what lists can show of an entry beside its row in the ledger.
type More struct {
	Subject string // whose it is
	Address string
	Tags    []string  // names, in the order of an index
	FocusAt time.Time // since when it is followed closely; zero is not
	Late    bool      // registered after the last day of registration
}

// More gives what lists can show of some entries beside their rows, by their identities,
// without those that lie outside the actor's scope.
func (s *Service) More(ctx context.Context, who actor.Actor, ids []string) (map[string]More, error) {
	if !who.Can(practice.RightRead) {
		return nil, forbidden()
	}
	rows, err := s.rooms.Practices.Rows(ctx, who, ids)
	if err != nil {
		return nil, err
	}
	mine := make([]string, len(rows))
	for i, row := range rows {
		mine[i] = row.Entry
	}
	return moreOf(ctx, s.db, mine)
}

func moreOf(ctx context.Context, q db.Querier, ids []string) (map[string]More, error) {
	all := make(map[string]More, len(ids))
	err := db.Chunks(ids, func(part []any) error {
		if err := db.Each(ctx, q, func(row db.Row) error {
			var id string
			var m More
			err := row.Scan(&id, &m.Subject, &m.Address, db.TimeTo(&m.FocusAt), &m.Late)
			all[id] = m
			return err
		}, `SELECT e.id, x.name, e.address, e.focus_at, e.late FROM practice_entry e JOIN practice_exemplar x ON x.id = e.exemplar_id
			WHERE e.id IN `+db.In(1, len(part)), part...); err != nil {
			return err
		}
		return db.Each(ctx, q, func(row db.Row) error {
			var id, name string
			err := row.Scan(&id, &name)
			m := all[id]
			m.Tags = append(m.Tags, name)
			all[id] = m
			return err
		}, `SELECT e.entry_id, t.name FROM practice_entry_tag e JOIN practice_tag t ON t.id = e.tag_id
			WHERE e.entry_id IN `+db.In(1, len(part))+` ORDER BY t.name_key, t.id`, part...)
	})
	return all, err
}

// maxTyped bounds the list of what somebody typed.
const maxTyped = 100

// Typed lists the latest entries to which the actor sees, in one period: typed, or handed
// over by who left.
func (s *Service) Typed(ctx context.Context, who actor.Actor, period, limit int) ([]ledger.EntryRow, error) {
	if !who.Can(practice.RightRegister) {
		return nil, forbidden()
	}
	ids, err := db.All(ctx, s.db, db.Text, `SELECT e.id FROM practice_entry e WHERE `+person.KeptBy+` AND e.period_no = $2 ORDER BY e.created_at DESC, e.id DESC LIMIT $3`,
		who.Account, period, max(1, min(limit, maxTyped)))
	if err != nil {
		return nil, err
	}
	return s.rooms.Practices.Rows(ctx, who, ids)
}
