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
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// paperCmd is about papers that are made of records.
type paperCmd struct {
	Kinds  paperKinds  `cmd:"" help:"${cli_paper_kinds}"`
	Make   paperMake   `cmd:"" help:"${cli_paper_make}"`
	Number paperNumber `cmd:"" help:"${cli_paper_number}"`
}

type paperKinds struct{}

// Run lists the sorts of paper, and what each is about.
func (paperKinds) Run(c *call) error {
	for _, k := range paper.Kinds() {
		fmt.Fprintf(c.streams.Out, "%-22s %-12s %s\n", k, k.Of(), c.lang.T(k.Label()))
	}
	return nil
}

type paperMake struct {
	Kind  string `arg:"" help:"${cli_template_kind}"`
	About string `arg:"" help:"${cli_paper_about}"`
	Part  string `help:"${cli_paper_part}"`
	Out   string `required:"" placeholder:"FILE" help:"${cli_paper_out}"`
	List  bool   `help:"${cli_paper_list}"`
}

// Run writes a paper into a file by its ending, and names what is open on it.
func (p paperMake) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		format := paper.Format(strings.ToLower(strings.TrimPrefix(filepath.Ext(p.Out), ".")))
		if p.List && format == paper.PDF {
			format = paper.Pages
		}
		var b bytes.Buffer
		made, err := h.Papers.Make(c.ctx, who, paper.About{Kind: paper.Kind(p.Kind), ID: p.About, Part: p.Part}, format, &b)
		if err != nil {
			return err
		}
		if err := os.WriteFile(p.Out, b.Bytes(), 0o600); err != nil {
			return fmt.Errorf("write %s: %w", p.Out, err)
		}
		c.say(i18n.CliReportWritten, p.Out)
		for _, name := range made.Missing {
			c.say(i18n.CliReportMissing, name)
		}
		return nil
	})
}

type paperNumber struct {
	Kind  string `arg:"" help:"${cli_template_kind}"`
	About string `arg:"" help:"${cli_paper_about}"`
	Part  string `help:"${cli_paper_part}"`
}

// Run gives a paper the next number of its series.
func (p paperNumber) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		about := paper.About{Kind: paper.Kind(p.Kind), ID: p.About, Part: p.Part}
		now, err := h.Papers.Prepare(c.ctx, who, about)
		if err != nil {
			return err
		}
		s, err := h.Papers.Reserve(c.ctx, who, about, now.Sheet.Version)
		if err != nil {
			return err
		}
		fmt.Fprintln(c.streams.Out, s.Number)
		return nil
	})
}
