// Package cli is the command line: everything that an operator or a script does, by the
// same service methods as the pages. It acts as somebody (--as, by default the account
// "operator"), with that account's rights and scope, and the audit says "command line"
// with the name of the system's user.
//
// Exit codes: 0 done; 1 something failed; 2 the command or its input is wrong; 3 not
// found or not allowed; 4 somebody else changed it, uses it or owns it, or it is in
// another state; 5 the address is busy; 6 the data folder cannot be written; 7 the
// database is damaged, or a load was not brought to its end.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/config"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/telemetry"
)

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// The exit codes.
const (
	codeDone = iota
	codeFailed
	codeWrong
	codeNotFound
	codeConflict
	codeBusy
	codeUnwritable
	codeDamaged
)

// root is the whole command line.
type root struct {
	config.Config
	As   string `name:"as" default:"operator" placeholder:"LOGIN" help:"${cli_as}"`
	Lang string `name:"lang" enum:"vi,en" default:"${language}" help:"${cli_lang}"`

	Demo       demoCmd       `cmd:"" help:"${cli_demo}"`
	Serve      serveCmd      `cmd:"" help:"${cli_serve}"`
	Report     reportCmd     `cmd:"" help:"${cli_report}"`
	Paper      paperCmd      `cmd:"" help:"${cli_papers}"`
	Package    packageCmd    `cmd:"" help:"${cli_package}"`
	Template   templateCmd   `cmd:"" help:"${cli_template}"`
	Unit       unitCmd       `cmd:"" help:"${cli_unit}"`
	Places     placesCmd     `cmd:"" help:"${cli_places}"`
	Movement   movementCmd   `cmd:"" help:"${cli_movement}"`
	Conference conferenceCmd `cmd:"" help:"${cli_conference}"`
	Entry      entryCmd      `cmd:"" help:"${cli_entry}"`
	Exemplar   exemplarCmd   `cmd:"" help:"${cli_exemplar}"`
	Decision   decisionCmd   `cmd:"" help:"${cli_decision}"`
	Account    accountCmd    `cmd:"" help:"${cli_account}"`
	Session    sessionCmd    `cmd:"" help:"${cli_session}"`
	Token      tokenCmd      `cmd:"" help:"${cli_token}"`
	Audit      auditCmd      `cmd:"" help:"${cli_audit}"`
	Doctor     doctorCmd     `cmd:"" help:"${cli_doctor}"`
	Backup     backupCmd     `cmd:"" help:"${cli_backup}"`
	Restore    restoreCmd    `cmd:"" help:"${cli_restore}"`
	Migrate    migrateCmd    `cmd:"" help:"${cli_migrate}"`
	Config_    configCmd     `cmd:"" name:"config" help:"${cli_config}"`
	Version    versionCmd    `cmd:"" help:"${cli_version}"`
}

// call is one run of a command: what every command needs.
type call struct {
	ctx     context.Context //nolint:containedctx // it lives as long as one command
	cfg     *config.Config
	as      string
	lang    i18n.Lang
	streams Streams
	version string
	browse  bool // open the pages in the browser as soon as they are served
}

// exit is what kong asks for after --help.
type exit int

// Run runs a command line and gives the exit code.
func Run(ctx context.Context, args []string, getenv func(string) string, streams Streams, version string) (code int) {
	defer func() {
		if e, ok := recover().(exit); ok {
			code = int(e)
		}
	}()
	var r root
	args = clicked(args)
	lang := langOf(args, getenv)
	source, err := config.Read(getenv)
	if err != nil {
		return fail(streams, lang, err)
	}
	parser, err := kong.New(&r, kong.Name("nhanrong"), kong.Description(lang.T(i18n.CliAbout)), kong.Resolvers(source),
		kong.Writers(streams.Out, streams.Err), words(lang), config.Words(lang), inOneLanguage(lang), kong.Help(help(lang)),
		kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Exit(func(code int) { panic(exit(code)) }))
	if err != nil {
		return fail(streams, lang, err)
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		return wrong(streams, lang, err)
	}
	if err := r.Complete(); err != nil {
		return wrong(streams, lang, err)
	}
	lang, _ = i18n.ParseLang(r.Lang)
	c := &call{ctx: ctx, cfg: &r.Config, as: r.As, lang: lang, streams: streams, version: version}
	if err := chosen.Run(c); err != nil {
		return fail(streams, lang, err)
	}
	return codeDone
}

// clicked is what a double click means: on Windows the program without arguments serves
// and opens the browser; elsewhere it shows its help.
func clicked(args []string) []string {
	if len(args) == 0 && runtime.GOOS == "windows" {
		return []string{"serve", "--open"}
	}
	return args
}

// wrong tells that the command line itself is not right, and where to read how it is.
func wrong(streams Streams, lang i18n.Lang, err error) int {
	fmt.Fprintln(streams.Err, lang.T(i18n.CliWrong, strings.ReplaceAll(err.Error(), "\n", "; ")))
	return codeWrong
}

// langOf finds the language before the line is parsed: its help has one, too.
func langOf(args []string, getenv func(string) string) i18n.Lang {
	code := getenv("NHANRONG_LANG")
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--lang="); ok {
			code = v
		} else if a == "--lang" && i+1 < len(args) {
			code = args[i+1]
		}
	}
	lang, _ := i18n.ParseLang(code)
	return lang
}

// words gives kong the texts of its help in the language.
func words(lang i18n.Lang) kong.Vars {
	vars := kong.Vars{"language": lang.Code()}
	for _, k := range i18n.Keys() {
		if name, ok := strings.CutPrefix(k.String(), "cli."); ok {
			vars["cli_"+name] = lang.T(k)
		}
	}
	return vars
}

// refusal is an error with its own exit code and a sentence for the person.
type refusal struct {
	code int
	text string
	err  error
}

func (r refusal) Error() string { return r.text }
func (r refusal) Unwrap() error { return r.err }

// fail tells the person what is wrong and gives the exit code.
func fail(streams Streams, lang i18n.Lang, err error) int {
	if r, ok := errors.AsType[refusal](err); ok {
		fmt.Fprintln(streams.Err, r.text)
		return r.code
	}
	all := errs.All(err)
	for _, e := range all {
		field := ""
		if e.Field != "" {
			field = e.Field + ": "
		}
		fmt.Fprintln(streams.Err, field+lang.T(e.Key, e.Args...))
	}
	if len(all) == 0 {
		fmt.Fprintln(streams.Err, "nhanrong:", err)
		return codeFailed
	}
	switch all[0].Kind {
	case errs.Invalid:
		return codeWrong
	case errs.NotFound, errs.Forbidden:
		return codeNotFound
	case errs.Conflict:
		return codeConflict
	default:
		return codeFailed
	}
}

// say writes a line for the person.
func (c *call) say(k i18n.Key, args ...any) { fmt.Fprintln(c.streams.Out, c.lang.T(k, args...)) }

// open opens the house, and makes it where there is none yet.
func (c *call) open() (*app.House, error) {
	logger, err := telemetry.Logger(c.streams.Err, c.cfg.LogLevel, c.cfg.LogFormat)
	if err != nil {
		return nil, err
	}
	h, err := app.Open(c.ctx, c.cfg, logger)
	return h, c.explain(err)
}

// openWhole opens a house that is not a half of the sample.
func (c *call) openWhole() (*app.House, error) {
	h, err := c.open()
	if err != nil {
		return nil, err
	}
	_, part, err := sample.Loaded(c.ctx, h)
	if err == nil && part {
		err = refusal{codeDamaged, c.lang.T(i18n.CliHalfLoaded, c.where()), nil}
	}
	if err != nil {
		return nil, errors.Join(c.explain(err), h.Close())
	}
	return h, nil
}

// openOld opens a house that is there: a question makes no database.
func (c *call) openOld() (*app.House, error) {
	if path, ok := strings.CutPrefix(c.cfg.Database, "sqlite:"); ok {
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			return nil, refusal{codeNotFound, c.lang.T(i18n.CliNoData, c.where()), err}
		}
	}
	return c.openWhole()
}

// explain says in a sentence what a person can do about the common ways to fail.
func (c *call) explain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, db.ErrForeign):
		return refusal{codeConflict, c.lang.T(i18n.CliForeign, c.where()), err}
	case errors.Is(err, db.ErrInUse):
		return refusal{codeConflict, c.lang.T(i18n.CliInUse, c.where()), err}
	case db.IsDamaged(err):
		return refusal{codeDamaged, c.lang.T(i18n.CliDamaged, c.where()), err}
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR), db.IsUnwritable(err):
		return refusal{codeUnwritable, c.lang.T(i18n.CliUnwritable, c.cfg.Data), err}
	case inUse(err):
		return refusal{codeBusy, c.lang.T(i18n.CliBusy, c.cfg.Addr), err}
	default:
		return err
	}
}

func (c *call) where() string {
	if path, ok := strings.CutPrefix(c.cfg.Database, "sqlite:"); ok {
		return filepath.Clean(path)
	}
	return "PostgreSQL"
}

// with opens the house, finds who acts, and closes the house again.
func (c *call) with(do func(h *app.House, who actor.Actor) error) error {
	h, err := c.openOld()
	if err != nil {
		return err
	}
	who, err := h.Identity.ActorByLogin(c.ctx, c.as, actor.CommandLine, systemUser())
	if err == nil {
		err = c.explain(do(h, who))
	}
	return errors.Join(err, h.Close())
}

func systemUser() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(c *call) error {
	fmt.Fprintln(c.streams.Out, "nhanrong", c.version)
	return nil
}

type configCmd struct {
	Print struct{} `cmd:"" help:"${cli_config_print}"`
}

// Run prints the settings without secrets.
func (configCmd) Run(c *call) error {
	for _, s := range c.cfg.Redacted() {
		fmt.Fprintf(c.streams.Out, "%s=%s\n", s.Name, s.Value)
	}
	return nil
}

type migrateCmd struct{}

// Run brings the database to the newest form.
func (migrateCmd) Run(c *call) error {
	h, err := c.open()
	if err != nil {
		return err
	}
	c.say(i18n.CliMigrated, c.where())
	return h.Close()
}
