package cli

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// demoCmd shows the program with the reference case.
type demoCmd struct {
	Reset   bool `help:"${cli_demo_reset}"`
	NoServe bool `help:"${cli_demo_no_serve}"`
}

// Run loads the sample where it is missing, prints its funnel and serves it.
func (d demoCmd) Run(c *call) error {
	c.say(i18n.CliDemoBegins, c.cfg.Data)
	listener, err := d.listen(c)
	if err != nil {
		return err
	}
	if listener != nil {
		defer listener.Close() //nolint:errcheck // serving closes it first
	}
	h, err := d.house(c)
	if err != nil {
		return err
	}
	err = d.show(c, h)
	if err == nil && !d.NoServe {
		d.welcome(c)
		err = c.serve(h, listener)
	}
	return errors.Join(err, h.Close())
}

// listen takes the address before the long work: who cannot be served should know at
// once.
func (d demoCmd) listen(c *call) (net.Listener, error) {
	if d.NoServe {
		return nil, nil //nolint:nilnil // nobody listens
	}
	return c.listen()
}

func (d demoCmd) house(c *call) (*app.House, error) {
	if d.Reset {
		if err := c.reset(); err != nil {
			return nil, err
		}
	}
	h, err := c.open()
	if err != nil {
		return nil, err
	}
	whole, part, err := sample.Loaded(c.ctx, h)
	switch {
	case err != nil:
		err = c.explain(err)
	case part:
		err = refusal{codeDamaged, c.lang.T(i18n.CliHalfLoaded, c.where()), nil}
	case whole:
		c.say(i18n.CliDemoFound)
	default:
		err = d.load(c, h)
	}
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

func (d demoCmd) load(c *call, h *app.House) error {
	empty, err := h.Identity.Empty(c.ctx)
	if err != nil {
		return err
	}
	if !empty {
		return refusal{codeConflict, c.lang.T(i18n.CliNotEmpty, c.where()), nil}
	}
	ctx, stop := signal.NotifyContext(c.ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	err = sample.Load(ctx, h, c.progress())
	if err != nil && ctx.Err() != nil {
		return refusal{codeFailed, c.lang.T(i18n.CliStopped), err}
	}
	return err
}

// progress draws a bar that stays on its line; where nobody looks on, as in a log, it
// writes a line for each quarter.
func (c *call) progress() sample.Progress {
	if !terminal(c.streams.Err) {
		return c.quarters()
	}
	const width = 40
	return func(done, of int) {
		filled := width * done / max(1, of)
		fmt.Fprintf(c.streams.Err, "\r[%s%s] %3d %%", strings.Repeat("█", filled), strings.Repeat("·", width-filled), 100*done/max(1, of))
		if done >= of {
			fmt.Fprintln(c.streams.Err)
		}
	}
}

func (c *call) quarters() sample.Progress {
	told := 0
	return func(done, of int) {
		if quarter := 4 * done / max(1, of); quarter > told {
			told = quarter
			fmt.Fprintln(c.streams.Err, c.lang.T(i18n.CliLoading, 25*quarter))
		}
	}
}

// terminal tells whether a person looks at what is written to w.
func terminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// reset empties the sample's database. Only one that says of itself that it is a
// sample, or that was never finished, is thrown away.
func (c *call) reset() error {
	path, ok := strings.CutPrefix(c.cfg.Database, "sqlite:")
	if !ok {
		return refusal{codeWrong, c.lang.T(i18n.CliResetPostgres), nil}
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	h, err := c.open()
	if db.IsDamaged(err) {
		return c.setAside(path)
	}
	if err != nil {
		return err
	}
	whole, part, loadedErr := sample.Loaded(c.ctx, h)
	empty, emptyErr := h.Identity.Empty(c.ctx)
	if err := errors.Join(loadedErr, emptyErr, h.Close()); err != nil {
		return err
	}
	if !whole && !part && !empty {
		return refusal{codeConflict, c.lang.T(i18n.CliNotEmpty, path), nil}
	}
	return c.explain(db.Remove(c.ctx, path))
}

// setAside keeps a file that cannot be read under another name: it may be no sample.
func (c *call) setAside(path string) error {
	to, err := db.SetAside(path)
	if err == nil {
		c.say(i18n.CliSetAside, to)
	}
	return c.explain(err)
}

// show prints the funnel of the reference case on its two days.
func (d demoCmd) show(c *call, h *app.House) error {
	for _, day := range []string{"2024-09-30", "2024-10-16"} {
		r, err := h.Reports.Report(c.ctx, h.System(), report.Query{Movement: sample.Movement, AsOf: clock.MustDate(day)})
		if err != nil {
			return err
		}
		printFunnel(c, r)
	}
	return nil
}

func printFunnel(c *call, r report.Report) {
	c.say(i18n.CliFunnel, r.Of.Name, r.Scope.Name, r.AsOf)
	t := newTable(c, c.lang.T(i18n.CliFigure), c.lang.T(i18n.CliTotal), c.lang.T(i18n.CliCollective), c.lang.T(i18n.CliIndividual),
		c.lang.T(i18n.CliHousehold), c.lang.T(i18n.CliSubjects))
	for _, d := range ledger.Definitions() {
		f := r.Figures.Get(d.Figure)
		t.row(c.lang.T(d.Label), f.Total, f.Collective, f.Individual, f.Household, f.Subjects)
	}
	t.flush()
	fmt.Fprintln(c.streams.Out)
}

// welcome prints the address and a login for each role.
func (d demoCmd) welcome(c *call) {
	c.say(i18n.CliDemoLogins, sample.Password)
	t := newTable(c, c.lang.T(i18n.CliLogin), c.lang.T(i18n.CliRole))
	for _, l := range sample.Logins() {
		t.row(l.Login, c.lang.T(l.Title))
	}
	t.flush()
}
