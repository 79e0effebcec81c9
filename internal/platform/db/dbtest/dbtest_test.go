package dbtest_test

import (
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

func TestEachGivesADatabaseOfItsOwn(t *testing.T) {
	for range 2 { // the second finds nothing that the first left behind
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			if n, err := d.Pending(t.Context()); n != 0 || err != nil {
				t.Fatalf("%d migrations are pending, %v", n, err)
			}
			n, err := db.One(t.Context(), d, db.Int, `SELECT count(*) FROM org_unit`)
			if n != 0 || err != nil {
				t.Fatalf("found %d units, %v", n, err)
			}
			err = d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := db.Exec(t.Context(), tx, `INSERT INTO org_unit (id, code, step, kind, valid_from, version)
					VALUES ('a', 'a', 'a', 'other', '2024-01-01', 1)`)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestEmptyHasNoTables(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			d := dbtest.Connect(t, dbtest.Empty(t, engine))
			if n, err := d.Pending(t.Context()); n == 0 || err != nil {
				t.Fatalf("%d migrations are pending, %v", n, err)
			}
		})
	}
}
