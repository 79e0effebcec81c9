package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// reportCmd prints the figures of a movement as of a day.
type reportCmd struct {
	Movement string     `placeholder:"CODE" help:"${cli_report_movement}"`
	AsOf     clock.Date `name:"as-of" placeholder:"YYYY-MM-DD" help:"${cli_report_as_of}"`
	Scope    string     `placeholder:"CODE" help:"${cli_report_scope}"`
	JSON     bool       `name:"json" help:"${cli_json}"`
	List     bool       `help:"${cli_report_list}"`
	Out      string     `placeholder:"FILE" help:"${cli_report_out}"`
	Profile  string     `placeholder:"PROFILE" help:"${cli_report_profile}"`
	Interim  bool       `help:"${cli_report_interim}"`
	On       clock.Date `placeholder:"YYYY-MM-DD" help:"${cli_report_on}"`
	Freeze   bool       `help:"${cli_report_freeze}"`
	Snapshot string     `placeholder:"ID" help:"${cli_report_snapshot}"`
	Evidence string     `placeholder:"FILE" help:"${cli_report_evidence}"`
}

// Run prints the report, as JSON or as a funnel with the identities that do not hold.
func (r reportCmd) Run(c *call) error {
	if r.Movement == "" && r.Snapshot == "" {
		return errs.New(errs.Invalid, i18n.ErrsRequired).On("--movement")
	}
	return c.with(func(h *app.House, who actor.Actor) error {
		switch {
		case r.Freeze:
			return r.freeze(c, h, who)
		case r.Snapshot != "":
			return r.frozen(c, h, who)
		case r.Out != "":
			return r.write(c, h, who)
		}
		out, err := h.Reports.Report(c.ctx, who, report.Query{Movement: r.Movement, AsOf: r.AsOf, Scope: r.Scope, List: r.List})
		if err != nil {
			return err
		}
		if r.JSON {
			return c.json(out)
		}
		printFunnel(c, out)
		warn(c, r.AsOf > h.Now.Today(), out)
		return nil
	})
}

// warn says that the day is still to come, and which identities do not hold.
func warn(c *call, future bool, out report.Report) {
	if future {
		fmt.Fprintln(c.streams.Err, c.lang.T(i18n.CliFuture, out.AsOf))
	}
	for _, one := range out.Identities {
		if !one.Holds {
			c.say(i18n.CliBreach, c.lang.T(one.Label()), fmt.Sprint(one.Breaches))
		}
	}
}

// write writes the report into a file by its ending, and names what is missing on it.
func (r reportCmd) write(c *call, h *app.House, who actor.Actor) error {
	var b bytes.Buffer
	made, err := h.Papers.Report(c.ctx, who, paper.ReportQuery{
		Query:  report.Query{Movement: r.Movement, AsOf: r.AsOf, Scope: r.Scope, List: r.List},
		Format: paper.Format(strings.ToLower(strings.TrimPrefix(filepath.Ext(r.Out), "."))), Profile: rulebook.Profile(r.Profile), Interim: r.Interim, On: r.On, Lang: c.lang,
	}, &b)
	if err != nil {
		return err
	}
	if err := os.WriteFile(r.Out, b.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", r.Out, err)
	}
	warn(c, r.AsOf > h.Now.Today(), made.Of)
	c.say(i18n.CliReportWritten, r.Out)
	for _, name := range made.Missing {
		c.say(i18n.CliReportMissing, name)
	}
	return nil
}
