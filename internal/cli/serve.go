package cli

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
)

// serveCmd serves the pages.
type serveCmd struct {
	Open bool `help:"${cli_serve_open}"`
}

// Run serves the pages until it is told to stop.
func (cmd serveCmd) Run(c *call) error {
	c.browse = cmd.Open
	listener, err := c.listen()
	if cmd.Open && inUse(err) && c.answers() {
		return c.joined()
	}
	if err != nil {
		return err
	}
	defer listener.Close() //nolint:errcheck // serving closes it first
	h, err := c.openWhole()
	if err != nil {
		return err
	}
	return errors.Join(c.serve(h, listener), h.Close())
}

func (c *call) listen() (net.Listener, error) {
	var config net.ListenConfig
	l, err := config.Listen(c.ctx, "tcp", c.cfg.Addr)
	return l, c.explain(err)
}

// winsockInUse is what Windows calls an address in use; the syscall package has its name
// there only.
const winsockInUse = syscall.Errno(10048)

func inUse(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, winsockInUse)
}

// address is where the pages are that the settings name.
func (c *call) address(host string) string {
	if c.cfg.TLSCert != "" {
		return "https://" + host
	}
	return "http://" + host
}

// answers tells whether it is this program that holds the address already: whoever clicks
// on it twice wants its pages, not a message about ports.
func (c *call) answers() bool {
	ctx, stop := context.WithTimeout(c.ctx, 2*time.Second)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.address(c.cfg.Addr)+"/healthz", nil)
	if err != nil {
		return false
	}
	// The certificate is the machine's own, and may be made out to any name.
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // nothing secret is said
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	var said app.Health
	err = json.NewDecoder(io.LimitReader(resp.Body, 10_000)).Decode(&said)
	return errors.Join(err, resp.Body.Close()) == nil && said.Program == app.Program
}

// joined opens the browser at the program that runs already.
func (c *call) joined() error {
	address := c.address(c.cfg.Addr)
	c.say(i18n.CliAlreadyOpen, address)
	if err := browser(c.ctx, address).Start(); err != nil {
		c.say(i18n.CliNoBrowser, address, err.Error())
	}
	return nil
}

// leastThreads is how many threads run Go code at a time, at least. The scheduler of Go
// serves in turn, and on two processors a page would stand in line behind a whole burst of
// ratings; the operating system lets it pass. It costs the pages nothing that was measured.
const leastThreads = 4

func (c *call) serve(h *app.House, listener net.Listener) error {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(max(leastThreads, runtime.GOMAXPROCS(0)))
	}
	ctx, stop := signal.NotifyContext(c.ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := c.warn(ctx, h); err != nil {
		return err
	}
	address := c.address(listener.Addr().String())
	if err := c.greet(ctx, h, address); err != nil {
		return err
	}
	if c.browse {
		defer c.tray(address, stop)()
	}
	err := h.Serve(ctx, c.cfg, listener)
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// greet tells where the pages are, and for an empty house the code of its first start.
func (c *call) greet(ctx context.Context, h *app.House, address string) error {
	c.say(i18n.CliServing, address)
	first, err := h.Setup.Needed(ctx)
	if err != nil {
		return err
	}
	if first {
		code, err := h.Setup.Code()
		if err != nil {
			return err
		}
		address += desk.StartPath
		c.say(i18n.CliFirstStart, address, code)
	}
	if c.browse {
		if err := browser(ctx, address).Start(); err != nil {
			c.say(i18n.CliNoBrowser, address, err.Error())
		}
	}
	return nil
}

// browser is the command by which the operating system opens an address.
func browser(ctx context.Context, address string) *exec.Cmd {
	words := []string{"xdg-open"}
	switch runtime.GOOS {
	case "windows":
		words = []string{"rundll32", "url.dll,FileProtocolHandler"}
	case "darwin":
		words = []string{"open"}
	}
	return exec.CommandContext(ctx, words[0], append(words[1:], address)...) //nolint:gosec // the address is that of our own listener
}

// slack is how far two clocks may differ that both are right enough.
const slack = 5 * time.Minute

// warn says that other machines reach a house with sample accounts, and that the clock
// stands before what is recorded.
func (c *call) warn(ctx context.Context, h *app.House) error {
	last, err := audit.LastAt(ctx, h.DB)
	if err != nil {
		return err
	}
	if now := h.Now(); now.Add(slack).Before(last) {
		c.say(i18n.CliClockBack, now, last)
	}
	set, err := h.Rulebook.Settings(ctx)
	if err != nil {
		return err
	}
	if host, _, err := net.SplitHostPort(c.cfg.Addr); err == nil && set.Sample && !loopback(host) {
		c.say(i18n.CliDemoOpen)
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}
