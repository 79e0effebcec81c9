// Package clock tells the time, and names the days on which things take effect.
//
// Two notions are kept apart. An instant is a [time.Time]: when something was
// written down. A civil day is a [Date]: the day in Việt Nam on which an act
// counts. Việt Nam keeps UTC+7 all year, without daylight saving (Decree
// 134/2002/NĐ-CP on official time), so the zone is a constant and the program needs
// no zone database.
package clock

import (
	"time"
)

// VietNam is the zone of every civil day: UTC+7, all year.
func VietNam() *time.Location { return time.FixedZone("+07", 7*60*60) }

// Clock gives the present instant. The domain gets one, so that a test can say
// what day it is.
type Clock func() time.Time

// System is the clock of the machine, cut to the microsecond that both engines keep.
func System() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Today is the civil day in Việt Nam at the clock's present instant.
func (c Clock) Today() Date { return DateOf(c()) }

// Fixed is a clock that stands still, for tests and for samples.
func Fixed(t time.Time) Clock { return func() time.Time { return t.UTC().Truncate(time.Microsecond) } }
