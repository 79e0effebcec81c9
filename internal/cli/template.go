package cli

import (
	"bytes"
	"fmt"
	"os"

	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// templateCmd is about the templates of papers, which an office edits in Word.
type templateCmd struct {
	Shipped templateShipped `cmd:"" help:"${cli_template_shipped}"`
	Check   templateCheck   `cmd:"" help:"${cli_template_check}"`
	Names   templateNames   `cmd:"" help:"${cli_template_names}"`
}

type templateShipped struct {
	Kind    string     `arg:"" help:"${cli_template_kind}"`
	Out     string     `required:"" placeholder:"FILE" help:"${cli_template_out}"`
	Profile string     `default:"state" help:"${cli_template_profile}"`
	On      clock.Date `placeholder:"YYYY-MM-DD" help:"${cli_template_on}"`
}

// Run writes the template that the program brings, set by the layout of a day.
func (t templateShipped) Run(c *call) error {
	if t.On == 0 {
		t.On = clock.Clock(clock.System).Today()
	}
	layout, err := rulebook.LayoutOn(rulebook.Profile(t.Profile), t.On)
	if err != nil {
		return refusal{codeWrong, c.lang.T(i18n.PaperBadProfile), err}
	}
	content, err := paper.Shipped(paper.Kind(t.Kind), layout)
	if err != nil {
		return refusal{codeWrong, c.lang.T(i18n.PaperBadKind, t.Kind), err}
	}
	if err := os.WriteFile(t.Out, content, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", t.Out, err)
	}
	c.say(i18n.CliReportWritten, t.Out)
	return nil
}

type templateCheck struct {
	Kind string `arg:"" help:"${cli_template_kind}"`
	File string `arg:"" help:"${cli_template_file}"`
}

// Run says what in a template must be mended, and where.
func (t templateCheck) Run(c *call) error {
	content, err := os.ReadFile(t.File)
	if err != nil {
		return refusal{codeWrong, c.lang.T(i18n.CliFileUnreadable, t.File), err}
	}
	problems, err := paper.Check(paper.Kind(t.Kind), bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return err
	}
	if len(problems) == 0 {
		c.say(i18n.PaperTemplateGood)
		return nil
	}
	for _, one := range problems {
		c.say(i18n.PaperProblemAt, one.Place.Part, one.Place.Paragraph, c.lang.T(one.Label(), one.Mark, one.Meant), one.Place.Near)
	}
	return refusal{codeWrong, c.lang.T(i18n.PaperTemplateBad, len(problems)), nil}
}

type templateNames struct {
	Kind string `arg:"" help:"${cli_template_kind}"`
}

// Run lists the names that templates of a kind may use.
func (t templateNames) Run(c *call) error {
	names, err := paper.Names(paper.Kind(t.Kind))
	if err != nil {
		return refusal{codeWrong, c.lang.T(i18n.PaperBadKind, t.Kind), err}
	}
	for _, n := range names {
		mark := "{{" + n.Name + "}}"
		if n.List {
			mark = "{{#each " + n.Name + "}}"
		}
		fmt.Fprintf(c.streams.Out, "%-34s %s\n", mark, n.Meaning)
		for _, part := range n.Parts {
			fmt.Fprintf(c.streams.Out, "    %-30s %s\n", "{{"+part.Name+"}}", part.Meaning)
		}
	}
	return nil
}
