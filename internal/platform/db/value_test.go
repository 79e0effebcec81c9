package db_test

import (
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

func TestInstantsComeBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		for i, text := range []string{
			"2024-09-30T16:59:59.999999Z", "2024-09-30T17:00:00Z", "2024-10-01T00:00:00+07:00", "2024-02-29T23:59:59.123456789+07:00",
			"1930-10-15T00:00:00Z", "2099-12-31T23:59:59-08:00",
		} {
			want, err := time.Parse(time.RFC3339Nano, text)
			if err != nil {
				t.Fatal(err)
			}
			err = d.Write(ctx, func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `INSERT INTO audit_entry
					(seq, at, account_id, login, via, os_user, action, object_kind, object_id, detail, previous_hash, hash)
					VALUES ($1, $2, '', '', '', '', '', '', '', '{}', '', '')`, i, db.Time(want))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, query := range []string{
				`SELECT at FROM audit_entry WHERE seq = $1`,
				`SELECT max(at) FROM audit_entry WHERE seq = $1`,
			} {
				got, err := db.One(ctx, d, scanTime, query, i)
				if err != nil || !got.Equal(want.Truncate(time.Microsecond)) || got.Location() != time.UTC {
					t.Errorf("%s: %s came back as %s, %v", query, text, got, err)
				}
				if clock.DateOf(got) != clock.DateOf(want) {
					t.Errorf("%s came back on another day", text)
				}
			}
			n, err := db.One(ctx, d, db.Int, `SELECT count(*) FROM audit_entry WHERE seq = $1 AND at >= $2 AND at < $3`,
				i, db.Time(clock.DateOf(want).Midnight()), db.Time((clock.DateOf(want) + 1).Midnight()))
			if n != 1 || err != nil {
				t.Errorf("%s is not found within its day: %v", text, err)
			}
		}
		if got, err := db.One(ctx, d, scanTime, `SELECT max(at) FROM audit_entry WHERE seq = -1`); err != nil || !got.IsZero() {
			t.Errorf("no instant came back as %s, %v", got, err)
		}
	})
}

func scanTime(r db.Row) (time.Time, error) {
	var t time.Time
	err := r.Scan(db.TimeTo(&t))
	return t, err
}

func TestDaysComeBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		for _, text := range []string{"", "2024-02-29", "2024-09-30", "2024-12-31", "2025-01-01", "2025-07-01", "1930-10-15"} {
			want := clock.MustDate(text)
			err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `INSERT INTO org_unit (id, code, step, kind, valid_from, valid_to, version)
					VALUES ($1, $1, $1, 'other', '2024-01-01', $2, 1)`, "u"+text, db.Date(want))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			got, err := db.One(ctx, d, func(r db.Row) (clock.Date, error) {
				day := clock.MustDate("1999-09-09")
				err := r.Scan(db.DateTo(&day))
				return day, err
			}, `SELECT valid_to FROM org_unit WHERE id = $1`, "u"+text)
			if err != nil || got != want {
				t.Errorf("%q came back as %q, %v", text, got, err)
			}
		}
		n, err := db.One(ctx, d, db.Int, `SELECT count(*) FROM org_unit WHERE valid_to <= $1`, db.Date(clock.MustDate("2024-12-31")))
		if n != 4 || err != nil {
			t.Errorf("%d days are up to the end of 2024, %v; want 4", n, err)
		}
	})
}

func TestTextsThatMayBeNull(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, want := range []string{"", "phường Hàng Bạc"} {
			got, err := db.One(t.Context(), d, func(r db.Row) (string, error) {
				s := "before"
				err := r.Scan(db.TextTo(&s))
				return s, err
			}, `SELECT CAST($1 AS TEXT)`, db.Null(want))
			if err != nil || got != want {
				t.Errorf("%q came back as %q, %v", want, got, err)
			}
		}
	})
}

func TestBareDaysAndInstantsAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		day, now := clock.MustDate("2024-09-30"), clock.MustDate("2024-09-30").Midnight()
		for _, bare := range []any{day, now, &day, &now} {
			if _, err := db.All(ctx, d, db.Int, `SELECT 1 FROM org_unit WHERE valid_from = $1`, bare); err == nil {
				t.Errorf("a query took a bare %T", bare)
			}
			err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `UPDATE org_unit SET valid_to = $1`, bare)
				return err
			})
			if err == nil {
				t.Errorf("a statement took a bare %T", bare)
			}
		}
		for _, bare := range []any{&day, &now} {
			_, err := db.One(ctx, d, func(r db.Row) (int, error) { return 0, r.Scan(bare) }, `SELECT revision FROM org_revision`)
			if err == nil {
				t.Errorf("a scan filled a bare %T", bare)
			}
		}
	})
}
