package db_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// TestVersionTellsOfEveryCommit looks at the version on one pool while that and another
// one write: each commit is seen by the next look, and without one nothing changes.
func TestVersionTellsOfEveryCommit(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			address := dbtest.URL(t, engine)
			here, elsewhere := dbtest.Connect(t, address), dbtest.Connect(t, address)
			look := func() db.Version {
				t.Helper()
				v, err := here.Version(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			write := func(d *db.DB) error {
				return d.Write(t.Context(), func(tx *db.Tx) error {
					_, err := db.Exec(t.Context(), tx, `INSERT INTO press_counter (scope, last) VALUES ('version', 1)
						ON CONFLICT (scope) DO UPDATE SET last = press_counter.last + 1`)
					return err
				})
			}
			last := look()
			for i := range 20 {
				d := []*db.DB{here, elsewhere}[i%2]
				if err := write(d); err != nil {
					t.Fatal(err)
				}
				now := look()
				if now == last {
					t.Fatalf("commit %d was not seen", i)
				}
				last = now
			}
			if engine == db.SQLite && look() != last { // on a server somebody else may have written
				t.Error("it changed without a commit")
			}
			failed := errors.New("changed my mind")
			if err := here.Write(t.Context(), func(*db.Tx) error { return failed }); !errors.Is(err, failed) {
				t.Fatal(err)
			}
			if engine == db.SQLite && look() != last {
				t.Error("it changed by a write that was taken back")
			}
		})
	}
}

// TestVersionUnderACrowd lets writers write and look at once: nobody who has written finds
// the version that it saw before.
func TestVersionUnderACrowd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				for range 20 {
					before, err := d.Version(t.Context())
					if err != nil {
						t.Error(err)
						return
					}
					if err := d.Write(t.Context(), func(tx *db.Tx) error {
						_, err := db.Exec(t.Context(), tx, `INSERT INTO press_counter (scope, last) VALUES ('version', 1)
							ON CONFLICT (scope) DO UPDATE SET last = press_counter.last + 1`)
						return err
					}); err != nil {
						t.Error(err)
						return
					}
					if after, err := d.Version(t.Context()); err != nil || after == before {
						t.Errorf("after a commit stands %v as before, %v", after, err)
						return
					}
				}
			})
		}
		wait.Wait()
	})
}

// TestVersionOfAClosedDatabase gives an error, and no version that could be taken for one.
func TestVersionOfAClosedDatabase(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	if _, err := d.Version(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if v, err := d.Version(t.Context()); err == nil {
		t.Errorf("a closed database stands at %v", v)
	}
}
