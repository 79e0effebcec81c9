package cli

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/nhanrong/nhanrong/internal/app"
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
	scheme := "http://"
	if c.cfg.TLSCert != "" {
		scheme = "https://"
	}
	if err := c.greet(ctx, h, scheme+listener.Addr().String()); err != nil {
		return err
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

// warn says that other machines reach a house with sample accounts.
func (c *call) warn(ctx context.Context, h *app.House) error {
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
