package cli

import (
	"fmt"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// reportCmd prints the figures of a movement as of a day.
type reportCmd struct {
	Movement string     `required:"" placeholder:"CODE" help:"${cli_report_movement}"`
	AsOf     clock.Date `name:"as-of" placeholder:"YYYY-MM-DD" help:"${cli_report_as_of}"`
	Scope    string     `placeholder:"CODE" help:"${cli_report_scope}"`
	JSON     bool       `name:"json" help:"${cli_json}"`
	List     bool       `help:"${cli_report_list}"`
}

// Run prints the report, as JSON or as a funnel with the identities that do not hold.
func (r reportCmd) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		out, err := h.Reports.Report(c.ctx, who, report.Query{Movement: r.Movement, AsOf: r.AsOf, Scope: r.Scope, List: r.List})
		if err != nil {
			return err
		}
		if r.JSON {
			return c.json(out)
		}
		if r.AsOf > h.Now.Today() {
			fmt.Fprintln(c.streams.Err, c.lang.T(i18n.CliFuture, r.AsOf))
		}
		printFunnel(c, out)
		for _, one := range out.Identities {
			if !one.Holds {
				c.say(i18n.CliBreach, c.lang.T(one.Label()), fmt.Sprint(one.Breaches))
			}
		}
		return nil
	})
}
