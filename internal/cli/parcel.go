package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/parcel"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// packageCmd is what is done with packages of frozen reports.
type packageCmd struct {
	Make    packageMakeCmd    `cmd:"" help:"${cli_package_make}"`
	Check   packageCheckCmd   `cmd:"" help:"${cli_package_check}"`
	Receive packageReceiveCmd `cmd:"" help:"${cli_package_receive}"`
	Key     packageKeyCmd     `cmd:"" help:"${cli_package_key}"`
}

type packageMakeCmd struct {
	Snapshot string `required:"" placeholder:"ID" help:"${cli_package_snapshot}"`
	Out      string `required:"" placeholder:"FILE" help:"${cli_package_out}"`
}

// Run writes the package of a frozen report; one that could not be written whole is not left
// behind.
func (m packageMakeCmd) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		file, err := os.OpenFile(filepath.Clean(m.Out), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("write %s: %w", m.Out, err)
		}
		_, err = h.Parcels.Write(c.ctx, who, m.Snapshot, file)
		if err := errors.Join(err, file.Close()); err != nil {
			return errors.Join(err, os.Remove(m.Out))
		}
		k, err := h.Parcels.Key(c.ctx, who)
		if err != nil {
			return err
		}
		c.say(i18n.CliReportWritten, m.Out)
		c.say(i18n.CliPackageReadOut, k.Key.Fingerprint())
		return nil
	})
}

type packageCheckCmd struct {
	File string `arg:"" placeholder:"FILE" help:"${cli_package_file}"`
	Key  string `placeholder:"FINGERPRINT" help:"${cli_package_fingerprint}"`
}

// Run checks a package without any database and prints what is in it.
func (k packageCheckCmd) Run(c *call) error {
	var p parcel.Package
	err := withFile(k.File, func(file *os.File, size int64) (err error) {
		p, err = parcel.Read(file, size)
		return err
	})
	if err != nil {
		return err
	}
	if k.Key != "" {
		if err := p.Trusts(k.Key); err != nil {
			return err
		}
	}
	c.say(i18n.CliPackageSound, p.Unit.Name, p.Unit.Code, p.Movement.Name, p.AsOf, p.Version)
	for _, d := range ledger.Definitions() {
		fmt.Fprintf(c.streams.Out, "  %s: %s\n", c.lang.T(d.Label), c.lang.Number(p.Report.Figures.Get(d.Figure).Total))
	}
	c.say(i18n.CliPackageSignedBy, p.Key.Fingerprint())
	if k.Key == "" {
		c.say(i18n.CliPackageCompare)
	}
	return nil
}

type packageReceiveCmd struct {
	File string `arg:"" placeholder:"FILE" help:"${cli_package_file}"`
}

// Run takes a package in; it is looked at and accepted on its page.
func (r packageReceiveCmd) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		return withFile(r.File, func(file *os.File, size int64) error {
			got, err := h.Parcels.Receive(c.ctx, who, file, size)
			if err != nil {
				return err
			}
			said := i18n.CliPackageIn
			if got.Again {
				said = i18n.CliPackageAgain
			}
			c.say(said, got.Unit.Name, got.ID, c.lang.T(got.State.Label()))
			return nil
		})
	})
}

type packageKeyCmd struct{}

// Run prints the fingerprint of the key of the house.
func (packageKeyCmd) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		k, err := h.Parcels.Key(c.ctx, who)
		if err == nil {
			fmt.Fprintln(c.streams.Out, k.Key.Fingerprint())
		}
		return err
	})
}

// withFile opens a file and tells its size.
func withFile(name string, fn func(*os.File, int64) error) error {
	file, err := os.Open(filepath.Clean(name))
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return fn(file, info.Size())
}
