package db_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// BenchmarkWrite is one small transaction, and one with a thousand rows.
func BenchmarkWrite(b *testing.B) {
	for _, engine := range dbtest.Engines() {
		for _, rows := range []int{1, 1000} {
			b.Run(string(engine)+"/"+strconv.Itoa(rows), func(b *testing.B) {
				d := dbtest.Open(b, engine)
				n := 0
				for b.Loop() {
					err := d.Write(b.Context(), func(tx *db.Tx) error {
						for range rows {
							n++
							if err := insertEvent(b.Context(), tx, strconv.Itoa(n)); err != nil {
								return err
							}
						}
						return nil
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkSnapshot is a read of ten short questions from one view of the data.
func BenchmarkSnapshot(b *testing.B) {
	for _, engine := range dbtest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			d := dbtest.Open(b, engine)
			for b.Loop() {
				err := d.Snapshot(b.Context(), func(q db.Querier) error {
					for n := range 10 {
						if _, err := db.All(b.Context(), q, db.Text, `SELECT e.kind FROM org_event AS e JOIN org_unit AS u ON u.id = e.id
							WHERE e.id = $1 AND e.kind <> '`+strconv.Itoa(n)+`' ORDER BY e.effective_on, e.note`, "none"); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func insertEvent(ctx context.Context, tx *db.Tx, id string) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO org_event (id, kind, effective_on, decision, note)
		VALUES ($1, 'move', '2024-01-01', '', '')`, id)
	return err
}
