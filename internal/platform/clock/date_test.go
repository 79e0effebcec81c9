package clock_test

import (
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

func TestDateOfIsTheDayInVietNam(t *testing.T) {
	for _, tc := range []struct{ instant, want string }{
		{"2024-09-30T16:59:59Z", "2024-09-30"},
		{"2024-09-30T17:00:00Z", "2024-10-01"},
		{"2024-02-28T17:00:00Z", "2024-02-29"},
		{"0001-01-02T00:00:00Z", "0001-01-02"},
	} {
		at, err := time.Parse(time.RFC3339, tc.instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := clock.DateOf(at).String(); got != tc.want {
			t.Errorf("DateOf(%s) = %s, want %s", tc.instant, got, tc.want)
		}
	}
}

func TestDateGoesThroughItsTextAndMidnight(t *testing.T) {
	for d := clock.MustDate("1999-12-01"); d < clock.MustDate("2028-03-02"); d++ {
		back, err := clock.ParseDate(d.String())
		if err != nil || back != d {
			t.Fatalf("%d: %s read back as %d, %v", d, d, back, err)
		}
		if clock.DateOf(d.Midnight()) != d || clock.DateOf(d.Midnight().Add(-time.Microsecond)) != d-1 {
			t.Fatalf("%s does not begin at its own midnight", d)
		}
	}
}

func TestParseDateRefuses(t *testing.T) {
	for _, s := range []string{"2024-02-30", "30/09/2024", "2024-9-30", "0024-09-30", "9999-01-01", "x"} {
		if d, err := clock.ParseDate(s); err == nil {
			t.Errorf("ParseDate(%q) = %s, want an error", s, d)
		}
	}
}
