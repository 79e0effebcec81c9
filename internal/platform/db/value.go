package db

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// Date gives a civil day to a statement: 'YYYY-MM-DD', or NULL where there is none.
// There is no DATE in our tables: midnight of one zone is the day before in another.
func Date(d clock.Date) any {
	if d == 0 {
		return nil
	}
	return d.String()
}

// DateTo scans a civil day.
func DateTo(d *clock.Date) any { return &dateScan{d} }

type dateScan struct{ to *clock.Date }

// Scan implements the scanner of database/sql.
func (s *dateScan) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s.to = 0
		return nil
	case string:
		return s.to.UnmarshalText([]byte(v))
	case []byte:
		return s.to.UnmarshalText(v)
	default:
		return fmt.Errorf("a civil day came as %T", src)
	}
}

// Time gives an instant to a statement, in UTC and whole microseconds; NULL for the
// zero instant.
func Time(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return instant(t.UTC().Truncate(time.Microsecond))
}

// instant is a time that came through [Time]; a bare one is refused.
type instant time.Time

// Value implements the valuer of database/sql.
func (t instant) Value() (driver.Value, error) { return time.Time(t), nil }

// errBare refuses values that each engine would read in its own way: SQLite and
// PostgreSQL differ in zones, and a civil day would be stored as a number.
var errBare = errors.New("a bare day or instant: use db.Date, db.DateTo, db.Time and db.TimeTo")

// refuseBare looks at the arguments of a statement or the targets of a scan.
func refuseBare(values []any) error {
	for i, v := range values {
		switch v.(type) {
		case time.Time, *time.Time, **time.Time, clock.Date, *clock.Date:
			return fmt.Errorf("value %d is %T: %w", i+1, v, errBare)
		}
	}
	return nil
}

// guarded is a row that refuses bare targets.
type guarded struct{ rows *sql.Rows }

// Scan implements [Row].
func (g guarded) Scan(dest ...any) error {
	if err := refuseBare(dest); err != nil {
		return err
	}
	return g.rows.Scan(dest...)
}

// TimeTo scans an instant. SQLite gives a bare integer of microseconds where the
// column's type is lost, as in max(at).
func TimeTo(t *time.Time) any { return &timeScan{t} }

type timeScan struct{ to *time.Time }

// Scan implements the scanner of database/sql.
func (s *timeScan) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s.to = time.Time{}
	case time.Time:
		*s.to = time.Date(v.Year(), v.Month(), v.Day(), v.Hour(), v.Minute(), v.Second(), v.Nanosecond(), time.UTC)
		if v.Location() != time.UTC {
			*s.to = v.UTC()
		}
	case int64:
		*s.to = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("an instant came as %T", src)
	}
	return nil
}

// Null gives a text to a statement, NULL where it is empty: for references.
func Null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// TextTo scans a text that may be NULL; NULL is the empty text.
func TextTo[S ~string](to *S) any { return &textScan[S]{to} }

type textScan[S ~string] struct{ to *S }

// Scan implements the scanner of database/sql.
func (s *textScan[S]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s.to = ""
	case string:
		*s.to = S(v)
	case []byte:
		*s.to = S(v)
	default:
		return fmt.Errorf("a text came as %T", src)
	}
	return nil
}

// IntTo scans a small whole number that may be NULL; NULL is 0.
func IntTo[N ~uint8 | ~int](to *N) any { return &intScan[N]{to} }

type intScan[N ~uint8 | ~int] struct{ to *N }

// Scan implements the scanner of database/sql.
func (s *intScan[N]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s.to = 0
	case int64:
		*s.to = N(v)
	default:
		return fmt.Errorf("a whole number came as %T", src)
	}
	return nil
}
