package cli

import (
	"bytes"
	"io"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// inOneLanguage puts the flag that kong adds by itself into the language of the others.
func inOneLanguage(lang i18n.Lang) kong.Option {
	return kong.PostBuild(func(k *kong.Kong) error {
		k.Model.HelpFlag.Help = lang.T(i18n.CliHelpFlag)
		return nil
	})
}

// help prints what kong would print, its own words in the language.
func help(lang i18n.Lang) kong.HelpPrinter {
	more := regexp.MustCompile(`^Run "(.+)" for more information.*$`)
	own := map[string]i18n.Key{"Arguments:": i18n.CliHelpArguments, "Flags:": i18n.CliHelpFlags, "Commands:": i18n.CliHelpCommands}
	within := strings.NewReplacer("[flags]", lang.T(i18n.CliHelpSomeFlags), "<command>", lang.T(i18n.CliHelpCommand))
	line := func(s string) string {
		if key, ok := own[s]; ok {
			return lang.T(key)
		}
		if usage, ok := strings.CutPrefix(s, "Usage: "); ok {
			return lang.T(i18n.CliHelpUsage, within.Replace(usage))
		}
		if found := more.FindStringSubmatch(s); found != nil {
			return lang.T(i18n.CliHelpMore, within.Replace(found[1]))
		}
		return s
	}
	return func(options kong.HelpOptions, ctx *kong.Context) error {
		out := ctx.Stdout
		defer func() { ctx.Stdout = out }()
		var text bytes.Buffer
		ctx.Stdout = &text
		if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
			return err
		}
		lines := strings.Split(text.String(), "\n")
		for i, s := range lines {
			lines[i] = line(s)
		}
		_, err := io.WriteString(out, strings.Join(lines, "\n"))
		return err
	}
}
