package audit_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

const records = 5

// write makes a chain of records; the clock is finer than the database, on purpose.
func write(t *testing.T, d *db.DB) {
	t.Helper()
	now := clock.Clock(func() time.Time { return time.Date(2024, 10, 16, 1, 2, 3, 123456789, time.UTC) })
	log := audit.New(now)
	who := actor.Actor{Account: "a1", Login: "lan", Via: actor.CommandLine, SystemUser: "may1"}
	for i := range records {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return log.Add(t.Context(), tx, who, "practice.return", audit.Object{Kind: "entry", ID: strconv.Itoa(i % 2)},
				map[string]any{"reason": "thiếu <minh chứng> & số liệu", "n": i})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func verify(t *testing.T, d *db.DB) audit.Verdict {
	t.Helper()
	v, err := audit.Verify(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestWholeChain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if v := verify(t, d); v != (audit.Verdict{}) {
			t.Errorf("an empty chain gave %+v", v)
		}
		write(t, d)
		v := verify(t, d)
		if v.Records != records || v.Broken != 0 || len(v.Head) != 64 {
			t.Errorf("got %+v", v)
		}
		history, err := audit.History(t.Context(), d, audit.Object{Kind: "entry", ID: "1"})
		if err != nil || len(history) != 2 || history[0].Seq != 2 || history[1].Seq != 4 {
			t.Fatalf("got %+v, %v", history, err)
		}
		r := history[0]
		if r.Login != "lan" || r.Via != "command line" || r.OSUser != "may1" || !strings.Contains(string(r.Detail), `"n":1`) {
			t.Errorf("got %+v", r)
		}
		n := 0
		err = audit.Export(t.Context(), d, func(r audit.Record) error {
			n++
			if r.Seq != n {
				t.Errorf("record %d came as number %d", r.Seq, n)
			}
			return nil
		})
		if err != nil || n != records {
			t.Errorf("exported %d records, %v", n, err)
		}
	})
}

func TestNoRecordWithoutItsChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		log := audit.New(clock.System)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := log.Add(t.Context(), tx, actor.Actor{}, "a", audit.Object{}, nil); err != nil {
				return err
			}
			return log.Add(t.Context(), tx, actor.Actor{}, "a", audit.Object{}, func() {}) // no JSON of this
		})
		if err == nil {
			t.Fatal("a detail that cannot be written was taken")
		}
		if v := verify(t, d); v.Records != 0 {
			t.Errorf("%d records stayed", v.Records)
		}
	})
}

func TestTamperingIsFoundAtItsPlace(t *testing.T) {
	for _, tc := range []struct {
		name, statement string
		at              int
		reason          string
	}{
		{"the login", `UPDATE audit_entry SET login = 'minh' WHERE seq = 3`, 3, "does not match its hash"},
		{"the account", `UPDATE audit_entry SET account_id = 'a2' WHERE seq = 3`, 3, "does not match its hash"},
		{"the door", `UPDATE audit_entry SET via = 'web' WHERE seq = 1`, 1, "does not match its hash"},
		{"the user", `UPDATE audit_entry SET os_user = '' WHERE seq = 5`, 5, "does not match its hash"},
		{"the action", `UPDATE audit_entry SET action = 'practice.read' WHERE seq = 2`, 2, "does not match its hash"},
		{"the thing", `UPDATE audit_entry SET object_id = '9' WHERE seq = 4`, 4, "does not match its hash"},
		{"the detail", `UPDATE audit_entry SET detail = '{}' WHERE seq = 3`, 3, "does not match its hash"},
		{"the hour", "", 3, "does not match its hash"},
		{"the hash", `UPDATE audit_entry SET hash = '0' WHERE seq = 3`, 3, "does not match its hash"},
		{"the link", `UPDATE audit_entry SET previous_hash = '0' WHERE seq = 3`, 3, "hash of the record before it"},
		{"a record taken out", `DELETE FROM audit_entry WHERE seq = 3`, 4, "record 3 is missing"},
		{"the first taken out", `DELETE FROM audit_entry WHERE seq = 1`, 2, "record 1 is missing"},
		{"two exchanged", `UPDATE audit_entry SET seq = 99 WHERE seq = 2; UPDATE audit_entry SET seq = 2 WHERE seq = 3;
			UPDATE audit_entry SET seq = 3 WHERE seq = 99`, 2, "hash of the record before it"},
		{"a record slipped in", `INSERT INTO audit_entry SELECT 6, at, account_id, login, via, os_user, action, object_kind,
			object_id, detail, previous_hash, hash FROM audit_entry WHERE seq = 5`, 6, "hash of the record before it"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				write(t, d)
				err := d.Write(t.Context(), func(tx *db.Tx) error {
					if tc.name == "the hour" {
						_, err := db.Exec(t.Context(), tx, `UPDATE audit_entry SET at = $1 WHERE seq = 3`, db.Time(time.Unix(0, 0)))
						return err
					}
					for statement := range strings.SplitSeq(tc.statement, ";") {
						if _, err := db.Exec(t.Context(), tx, statement); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				if v := verify(t, d); v.Broken != tc.at || !strings.Contains(v.Reason, tc.reason) {
					t.Errorf("got %+v, want it broken at %d: %s", v, tc.at, tc.reason)
				}
			})
		})
	}
}

// The last records can be cut off without a break in the chain; the head that somebody
// wrote down tells.
func TestCuttingTheEndChangesTheHead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d)
		before := verify(t, d)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `DELETE FROM audit_entry WHERE seq = $1`, records)
			return err
		})
		if after := verify(t, d); err != nil || after.Head == before.Head || after.Records != records-1 {
			t.Errorf("got %+v after %+v, %v", after, before, err)
		}
	})
}
