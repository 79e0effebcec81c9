package clock

import (
	"fmt"
	"time"
)

// Date is a civil day: the number of days since 31 December of the year 0 in the
// Gregorian calendar, so that 1 is 1 January 0001. The zero Date means "no day".
// Days compare with <, and d+7 is a week later.
type Date int32

// dayOneUnix is 0001-01-01 in days before 1970-01-01.
const dayOneUnix = -719162

// NewDate gives the day of a year, month and day of month; out-of-range values
// are carried over as [time.Date] does.
func NewDate(year int, month time.Month, day int) Date {
	seconds := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()
	return Date(floorDiv(seconds, 86400) - dayOneUnix + 1)
}

// DateOf is the civil day in Việt Nam at the instant t; no day for the zero instant.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return 0
	}
	local := t.In(VietNam())
	return NewDate(local.Year(), local.Month(), local.Day())
}

// ParseDate reads "YYYY-MM-DD" (ISO 8601). An empty text is no day; a day that is
// not in the calendar, or a year outside 1800–2200, is an error.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return 0, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("day %q is not of the form YYYY-MM-DD: %w", s, err)
	}
	if t.Year() < 1800 || t.Year() > 2200 {
		return 0, fmt.Errorf("day %q is outside the years 1800 to 2200", s)
	}
	return NewDate(t.Year(), t.Month(), t.Day()), nil
}

// MustDate is [ParseDate] for days written in the code itself.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// Midnight is the instant at which the day begins in Việt Nam.
func (d Date) Midnight() time.Time {
	return time.Unix((int64(d)+dayOneUnix-1)*86400-7*60*60, 0).UTC()
}

// Year is the Gregorian year of the day.
func (d Date) Year() int { return d.civil().Year() }

// Month is the month of the day.
func (d Date) Month() time.Month { return d.civil().Month() }

// Day is the day of the month.
func (d Date) Day() int { return d.civil().Day() }

// AddYears is the same day n years later; 29 February becomes 1 March.
func (d Date) AddYears(n int) Date { return NewDate(d.Year()+n, d.Month(), d.Day()) }

// String writes "YYYY-MM-DD"; no day is the empty text.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.civil().Format(time.DateOnly)
}

// MarshalText writes the day as [Date.String] does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [Date.MarshalText] wrote.
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

func (d Date) civil() time.Time {
	return time.Unix((int64(d)+dayOneUnix-1)*86400, 0).UTC()
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
