package movement

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Holiday is a day off.
type Holiday struct {
	Day  clock.Date
	Name string
}

// Holidays are the days off that somebody entered: those that follow the moon, those that
// are given in exchange. The days with a fixed date are known without.
type Holidays map[clock.Date]string

// FixedHolidays are the public holidays of a year with a fixed date: New Year, 30 April, 1 May
// and National Day. Tết, the day of the Hùng kings, the second day of National Day and days
// given in exchange are entered year by year.
func FixedHolidays(year int) []Holiday {
	return []Holiday{
		{clock.NewDate(year, time.January, 1), i18n.Vi.T(i18n.MovementHolidayNewYear)},
		{clock.NewDate(year, time.April, 30), i18n.Vi.T(i18n.MovementHolidayVictory)},
		{clock.NewDate(year, time.May, 1), i18n.Vi.T(i18n.MovementHolidayLabour)},
		{clock.NewDate(year, time.September, 2), i18n.Vi.T(i18n.MovementHolidayNational)},
	}
}

// Off tells whether nobody works on a day: a weekend or a holiday.
func (h Holidays) Off(d clock.Date) bool {
	if (d-1)%7 >= 5 { // day 1 was a Monday
		return true
	}
	if _, off := h[d]; off {
		return true
	}
	for _, f := range FixedHolidays(d.Year()) {
		if f.Day == d {
			return true
		}
	}
	return false
}

// Working is the day itself or, where nobody works on it, the next one on which somebody
// does.
func (h Holidays) Working(d clock.Date) clock.Date {
	for h.Off(d) {
		d++
	}
	return d
}

// DaysOff reads the days off that were entered, of all years. For the rooms above.
func DaysOff(ctx context.Context, q db.Querier) (Holidays, error) { return holidaysFor(ctx, q) }

// MaxHolidays is how many days off can be entered for a year.
const MaxHolidays = 40

// Holidays gives the days off that were entered for a year.
func (s *Service) Holidays(ctx context.Context, who actor.Actor, year int) ([]Holiday, error) {
	if !who.Can(RightRead) {
		return nil, forbidden()
	}
	return holidaysIn(ctx, s.db, clock.NewDate(year, time.January, 1), clock.NewDate(year, time.December, 31))
}

// SetHolidays writes the days off of a year anew, for the whole house. Deadlines that move
// on to a working day follow.
func (s *Service) SetHolidays(ctx context.Context, who actor.Actor, year int, all []Holiday) error {
	if !who.Can(rulebook.RightManage) {
		return forbidden()
	}
	var l errs.List
	if year < 2000 || year > 2100 {
		l.Add("year", i18n.ErrsBadDate)
	}
	if len(all) > MaxHolidays {
		l.Add("day0", i18n.MovementTooMany, MaxHolidays)
	}
	seen := map[clock.Date]bool{}
	for i := range all {
		h, n := &all[i], strconv.Itoa(i)
		h.Name = strings.TrimSpace(h.Name)
		l.Text("name"+n, h.Name, maxName, true)
		switch {
		case h.Day == 0:
			l.Add("day"+n, i18n.ErrsRequired)
		case h.Day.Year() != year:
			l.Add("day"+n, i18n.MovementHolidayYear, strconv.Itoa(year))
		case seen[h.Day]:
			l.Add("day"+n, i18n.MovementHolidayTwice, h.Day)
		}
		seen[h.Day] = true
	}
	if l.Err() != nil {
		return l.Err()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := putHolidays(ctx, tx, year, all); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "movement.holidays", audit.Object{Kind: "holidays", ID: strconv.Itoa(year)}, all)
	})
}
