package archive_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/archive"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// FuzzOpen: a file that is no archive of ours is said to be none, and nothing worse.
func FuzzOpen(f *testing.F) {
	d := dbtest.Open(f, db.SQLite)
	var whole bytes.Buffer
	if _, err := archive.Write(f.Context(), archive.Store{DB: d, Files: apptest.Files(f)}, &whole, "test", time.Unix(0, 0), func(int, int) {}); err != nil {
		f.Fatal(err)
	}
	f.Add(whole.Bytes())
	f.Add(whole.Bytes()[:whole.Len()/2])
	f.Add([]byte("PK\x05\x06" + string(make([]byte, 18))))
	f.Fuzz(func(t *testing.T, raw []byte) {
		z, m, err := archive.Open(bytes.NewReader(raw), int64(len(raw)))
		if (err == nil) != (z != nil) || err == nil && m.Format <= 0 && m.Rows() > 0 && len(m.Tables) == 0 {
			t.Errorf("%v, %v", m, err)
		}
		if err != nil && !errors.Is(err, archive.ErrNotArchive) && !errors.Is(err, archive.ErrNewer) {
			t.Errorf("an error without a name: %v", err)
		}
	})
}
