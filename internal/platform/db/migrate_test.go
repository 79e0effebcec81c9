package db_test

import (
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

func migrateAlone(url string) error {
	d, err := db.Open(context.Background(), db.Config{URL: url})
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Migrate(context.Background())
}

func TestMigrateTwice(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			d := dbtest.Connect(t, dbtest.Empty(t, engine))
			if n, err := d.Pending(t.Context()); n == 0 || err != nil {
				t.Fatalf("%d are pending, %v", n, err)
			}
			for range 2 {
				if err := d.Migrate(t.Context()); err != nil {
					t.Fatal(err)
				}
				mustRevision(t, d, 0)
			}
			if n, err := d.Pending(t.Context()); n != 0 || err != nil {
				t.Errorf("%d are pending, %v", n, err)
			}
		})
	}
}

func TestProgramsThatStartAtOnce(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			url := dbtest.Empty(t, engine)
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					cmd := exec.Command(self)
					cmd.Env = append(os.Environ(), "NHANRONG_TEST_MIGRATE="+url)
					if out, err := cmd.CombinedOutput(); err != nil {
						t.Errorf("%v\n%s", err, out)
					}
				})
			}
			wg.Wait()
			mustRevision(t, dbtest.Connect(t, url), 0)
		})
	}
}
