package cli

import (
	"cmp"
	"slices"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// movementClone makes the next year's movement with all that can be taken over.
type movementClone struct {
	Code    string `arg:"" help:"${cli_code}"`
	NewCode string `help:"${cli_clone_as}"`
	Factor  int    `default:"100" help:"${cli_clone_factor}"`
}

// Run makes the movement of the next year.
func (m movementClone) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		in, _, err := h.Movements.CloneOf(c.ctx, who, m.Code)
		if err != nil {
			return err
		}
		in.Code, in.Factor = cmp.Or(m.NewCode, in.Code), m.Factor
		made, n, err := h.Movements.Clone(c.ctx, who, m.Code, in)
		if err == nil {
			c.say(i18n.CliCloned, made.Code, n.Criteria, n.Targets, n.Phases, n.Duties)
		}
		return err
	})
}

type movementCalendar struct {
	Code string     `arg:"" help:"${cli_code}"`
	On   clock.Date `help:"${cli_on}"`
}

// Run lists what begins, ends and is due in the period of a day, today's where none is named.
func (m movementCalendar) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		found, err := h.Movements.Get(c.ctx, who, m.Code)
		if err != nil {
			return err
		}
		today := cmp.Or(m.On, h.Now.Today())
		p, ok := found.PeriodOn(today)
		if !ok {
			return errs.New(errs.NotFound, i18n.MovementPeriodNotFound)
		}
		cal, err := h.Movements.Calendar(c.ctx, who, found.Code, p.No)
		if err != nil {
			return err
		}
		type line struct {
			day         clock.Date
			what, state string
		}
		var all []line
		for _, x := range cal.Phases {
			state := c.lang.T(x.StateOn(today, cal.Off).Label())
			all = append(all, line{x.Opens, c.lang.T(i18n.SteeringPhaseOpens, x.Name), state}, line{x.Deadline(cal.Off), c.lang.T(i18n.SteeringPhaseCloses, x.Name), state})
		}
		for _, d := range cal.Duties {
			state := i18n.SteeringOpen
			if d.Done() {
				state = i18n.SteeringDone
			}
			all = append(all, line{d.Due, d.Title, c.lang.T(state)})
		}
		slices.SortStableFunc(all, func(a, b line) int { return cmp.Compare(a.day, b.day) })
		t := newTable(c, c.lang.T(i18n.SteeringDay), c.lang.T(i18n.SteeringWhat), c.lang.T(i18n.SteeringState))
		for _, l := range all {
			t.row(c.lang.Date(l.day), l.what, l.state)
		}
		t.flush()
		return nil
	})
}
