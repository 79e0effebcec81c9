package db_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// TestMain lets this test program be started as the second process of a test.
func TestMain(m *testing.M) {
	if url := os.Getenv("NHANRONG_TEST_MIGRATE"); url != "" {
		if err := migrateAlone(url); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func revision(ctx context.Context, q db.Querier) (int, error) {
	return db.One(ctx, q, db.Int, `SELECT revision FROM org_revision WHERE id = 1`)
}

func setRevision(ctx context.Context, tx *db.Tx, n int) error {
	_, err := db.Exec(ctx, tx, `UPDATE org_revision SET revision = $1 WHERE id = 1`, n)
	return err
}

func mustRevision(t *testing.T, q db.Querier, want int) {
	t.Helper()
	if got, err := revision(t.Context(), q); err != nil || got != want {
		t.Fatalf("revision is %d, %v; want %d", got, err, want)
	}
}

func TestWritesTakeTurns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const writers, writes = 8, 10
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for range writes {
					err := d.Write(t.Context(), func(tx *db.Tx) error {
						n, err := revision(t.Context(), tx) // a rule that reads before it writes
						if err != nil {
							return err
						}
						return setRevision(t.Context(), tx, n+1)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		mustRevision(t, d, writers*writes)
	})
}

func TestWriteRollsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		refused := errors.New("refused")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			tx.After(func() { t.Error("After ran though nothing was written") })
			if err := setRevision(t.Context(), tx, 7); err != nil {
				return err
			}
			mustRevision(t, tx, 7)
			return refused
		})
		if !errors.Is(err, refused) {
			t.Errorf("got %v, want the error of the function", err)
		}
		mustRevision(t, d, 0)
	})
}

func TestWriteRollsBackWhereTheFunctionPanics(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			d.Write(t.Context(), func(tx *db.Tx) error {
				setRevision(t.Context(), tx, 7)
				panic("a fault")
			})
		}()
		mustRevision(t, d, 0)
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return setRevision(t.Context(), tx, 8) }); err != nil {
			t.Fatalf("nobody can write any more: %v", err)
		}
	})
}

func TestWriteRollsBackWhereTheContextEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		err := d.Write(ctx, func(tx *db.Tx) error {
			defer cancel()
			return setRevision(ctx, tx, 7)
		})
		if err == nil {
			t.Error("a write that was called off went through")
		}
		mustRevision(t, d, 0)
	})
}

func TestAfterRunsWhenOthersSeeTheWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var order []string
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			tx.After(func() { mustRevision(t, d, 3); order = append(order, "first") })
			tx.After(func() { order = append(order, "second") })
			order = append(order, "written")
			return setRevision(t.Context(), tx, 3)
		})
		if want := []string{"written", "first", "second"}; err != nil || !slices.Equal(order, want) {
			t.Errorf("got %v, %v; want %v", order, err, want)
		}
	})
}

func TestSnapshotStandsStill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Snapshot(t.Context(), func(q db.Querier) error {
			mustRevision(t, q, 0)
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return setRevision(t.Context(), tx, 5) }); err != nil {
				return err
			}
			mustRevision(t, q, 0)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		mustRevision(t, d, 5)
	})
}

func TestReadersReadOnly(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			d := dbtest.Open(t, engine)
			err := d.Snapshot(t.Context(), func(q db.Querier) error {
				tx, ok := q.(*db.Tx)
				if !ok {
					return errors.New("not a transaction")
				}
				return setRevision(t.Context(), tx, 1)
			})
			if err == nil {
				t.Error("a snapshot could be written to")
			}
			mustRevision(t, d, 0)
		})
	}
}

func TestReplicaIsNotWritten(t *testing.T) {
	url := dbtest.URL(t, db.SQLite)
	d := dbtest.Connect(t, url)
	replica, err := db.Open(t.Context(), db.Config{URL: url, Replica: true})
	if err != nil {
		t.Fatal(err)
	}
	defer replica.Close()
	mustRevision(t, replica, 0)
	if err := replica.Write(t.Context(), func(*db.Tx) error { return nil }); err == nil {
		t.Error("a replica could be written to")
	}
	mustRevision(t, d, 0)
}

func TestQueries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		err := d.Write(ctx, func(tx *db.Tx) error {
			for _, id := range []string{"a", "b", "c", "d"} {
				if err := insertEvent(ctx, tx, id); err != nil {
					return err
				}
			}
			n, err := db.Exec(ctx, tx, `UPDATE org_event SET note = 'x' WHERE id IN `+db.In(1, 3), "a", "b", "z")
			if n != 2 {
				t.Errorf("touched %d rows, want 2", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		ids, err := db.All(ctx, d, db.Text, `SELECT id FROM org_event WHERE note = $1 AND id IN `+db.In(2, 2)+` ORDER BY id`, "x", "b", "c")
		if err != nil || !slices.Equal(ids, []string{"b"}) {
			t.Errorf("All gave %v, %v", ids, err)
		}
		if _, err := db.One(ctx, d, db.Text, `SELECT id FROM org_event WHERE id = $1`, "z"); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("One gave %v, want ErrNoRow", err)
		}
		if _, err := db.All(ctx, d, db.Text, `SELECT nothing FROM org_event`); err == nil || errors.Is(err, db.ErrNoRow) {
			t.Errorf("a wrong statement gave %v", err)
		}
		enough, seen := errors.New("enough"), 0
		err = db.Each(ctx, d, func(db.Row) error { seen++; return enough }, `SELECT id FROM org_event`)
		if !errors.Is(err, enough) || seen != 1 {
			t.Errorf("Each went on to %d rows, %v", seen, err)
		}
		err = d.Write(ctx, func(tx *db.Tx) error { return insertEvent(ctx, tx, "a") })
		if !db.IsUnique(err) || db.IsUnique(enough) {
			t.Errorf("IsUnique does not know %v", err)
		}
	})
}

func TestIn(t *testing.T) {
	for n, want := range map[int]string{0: "()", 1: "($2)", 3: "($2,$3,$4)"} {
		if got := db.In(2, n); got != want {
			t.Errorf("In(2, %d) = %s, want %s", n, got, want)
		}
	}
}

func TestOpenRefusesOtherAddresses(t *testing.T) {
	for _, url := range []string{"", "mysql://x", "nhanrong.db", "sqlite3:x"} {
		if d, err := db.Open(t.Context(), db.Config{URL: url}); err == nil {
			d.Close()
			t.Errorf("Open(%q) gave a database", url)
		}
	}
}

func TestIsDamaged(t *testing.T) {
	path := t.TempDir() + "/x.db"
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), db.Config{URL: "sqlite:" + path})
	if err == nil {
		defer d.Close()
		err = d.Migrate(t.Context())
	}
	if !db.IsDamaged(err) {
		t.Errorf("got %v, want an error of a damaged file", err)
	}
}
