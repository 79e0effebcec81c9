package cli

import (
	"fmt"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// conferenceCmd shows the conferences.
type conferenceCmd struct {
	List conferenceList `cmd:"" help:"${cli_conference_list}"`
	Show conferenceShow `cmd:"" help:"${cli_conference_show}"`
}

type conferenceList struct {
	Movement string `help:"${cli_report_movement}"`
}

// Run lists the latest conferences.
func (l conferenceList) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		all, _, err := h.Conferences.List(c.ctx, who, conference.Query{Movement: l.Movement, Limit: conference.MaxPage})
		if err != nil {
			return err
		}
		t := newTable(c, "ID", c.lang.T(i18n.CliDay), c.lang.T(i18n.ConferencepageState), c.lang.T(i18n.CliName))
		for _, one := range all {
			t.row(one.ID, c.lang.Date(one.On), c.lang.T(one.State.Label()), one.Title)
		}
		t.flush()
		return nil
	})
}

type conferenceShow struct {
	ID string `arg:"" help:"${cli_conference_id}"`
}

// Run prints a conference with its programme.
func (s conferenceShow) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		one, err := h.Conferences.Get(c.ctx, who, s.ID)
		if err != nil {
			return err
		}
		_, tally, _, err := h.Conferences.Invitations(c.ctx, who, conference.InvitationQuery{Conference: one.ID, Limit: 1})
		if err != nil {
			return err
		}
		out := func(text string) { fmt.Fprintln(c.streams.Out, text) }
		out(one.Title)
		out(fmt.Sprintf("%s, %s · %s · %s", one.Begins, c.lang.Date(one.On), one.Place, c.lang.T(one.State.Label())))
		out(c.lang.T(i18n.ConferencepageTally, tally.Invited, tally.Seats, tally.Yes, tally.Coming, tally.No, tally.Pending))
		t := newTable(c, c.lang.T(i18n.ConferencepageHour), c.lang.T(i18n.ConferencepageWhat), c.lang.T(i18n.ConferencepageWho))
		for _, it := range one.Programme {
			t.row(it.Begins, it.What, it.Who)
		}
		t.flush()
		return nil
	})
}
