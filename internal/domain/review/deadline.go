package review

import (
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// Holidays tells whether a day is one on which nobody works, beside Saturdays and Sundays;
// nil is none.
type Holidays func(clock.Date) bool

// farOff bounds the search for a working day where every day is a holiday.
const farOff = 3660

// works tells whether a day is a working day.
func (h Holidays) works(d clock.Date) bool {
	switch d.Midnight().In(clock.VietNam()).Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	return h == nil || !h(d)
}

// Due is the last day of so many working days after a day; no day where there are none.
func Due(since clock.Date, days int, h Holidays) clock.Date {
	if since == 0 || days <= 0 {
		return 0
	}
	d := since
	for left := days; left > 0 && d < since+farOff; {
		d++
		if h.works(d) {
			left--
		}
	}
	return d
}

// DaysLeft is how many working days lie between a day and a deadline, less than none where
// it is over; none where there is no deadline.
func DaysLeft(today, due clock.Date, h Holidays) int {
	if due == 0 {
		return 0
	}
	n := 0
	for d := today; d < due; {
		d++
		if h.works(d) {
			n++
		}
	}
	for d := due; d < today; {
		d++
		if h.works(d) {
			n--
		}
	}
	if n == 0 && due < today {
		n = -1 // it ended before days on which nobody works
	}
	return n
}
