package movement

import (
	"context"
	"errors"
	"fmt"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// JobRemind reminds of duties, once a day.
const JobRemind = "movement.remind"

// Of what is due within so many days somebody is reminded; of what is overdue for longer
// than so many nobody is any more.
const (
	remindWeek    = 7
	remindDay     = 1
	remindOverdue = 30
)

// step is which reminder it is the time for; "" is none.
func (d Duty) step(today clock.Date) (string, i18n.Key) {
	switch left := d.Due - today; {
	case left < 0:
		return "overdue", i18n.MovementRemindOverdue
	case left <= remindDay:
		return "day", i18n.MovementRemindDay
	case left <= remindWeek:
		return "week", i18n.MovementRemindWeek
	default:
		return "", 0
	}
}

// Remind is the work of [JobRemind]: it leaves a notice for those whose duty is due in a
// week, tomorrow, or was due; each of the three once, whatever happens between. A reminder
// for which nobody was there comes when somebody is.
func (s *Service) Remind(ctx context.Context, who actor.Actor) error {
	if !who.Can(RightManage) {
		return forbidden()
	}
	today := s.now.Today()
	all, err := openDuties(ctx, s.db, today-remindOverdue, today+remindWeek)
	if err != nil {
		return err
	}
	var failed []error
	for _, d := range all {
		if err := s.remind(ctx, who, d, today); err != nil {
			failed = append(failed, fmt.Errorf("remind of the duty %s: %w", d.ID, err))
		}
	}
	return errors.Join(failed...)
}

func (s *Service) remind(ctx context.Context, who actor.Actor, d Duty, today clock.Date) error {
	step, key := d.step(today)
	if step == "" {
		return nil
	}
	m, err := s.ByPeriod(ctx, who, d.Period)
	if err != nil {
		return err
	}
	told, err := s.toldOf(ctx, who, m, d)
	if err != nil || len(told) == 0 {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		fresh, err := noteReminder(ctx, tx, d, step, len(told), s.now())
		if err != nil || !fresh {
			return err
		}
		for _, account := range told {
			if err := s.staff.Notify(ctx, tx, identity.Notice{
				ID: d.ID + "." + step + "." + d.Due.String() + "." + account, Account: account, Key: key, Args: []any{d.Title, d.Due},
				Link: fmt.Sprintf("/admin/movements/%s/calendar?period=%d", m.Code, d.Period),
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// toldOf are the accounts that are reminded of a duty: its own, those at its unit or, where
// it has neither, those at the standing body.
func (s *Service) toldOf(ctx context.Context, who actor.Actor, m Movement, d Duty) ([]string, error) {
	if d.Account != "" {
		return []string{d.Account}, nil
	}
	unit := d.Unit
	if unit == "" {
		unit = m.StandingBody
	}
	accounts, err := s.staff.List(ctx, who, identity.ListFilter{Unit: unit, Limit: 500})
	var all []string
	for _, a := range accounts {
		if !a.Disabled {
			all = append(all, a.ID)
		}
	}
	return all, err
}
