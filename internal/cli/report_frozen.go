package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// freeze freezes the report that the flags describe, and says what it is called.
func (r reportCmd) freeze(c *call, h *app.House, who actor.Actor) error {
	q := report.Query{Movement: r.Movement, AsOf: r.AsOf, Scope: r.Scope}
	s, err := h.Reports.Freeze(c.ctx, who, q)
	if all := errs.All(err); len(all) > 0 && all[0].Key == i18n.ReportBroken {
		if live, liveErr := h.Reports.Report(c.ctx, who, q); liveErr == nil { // the records that cause it
			warn(c, false, live)
		}
	}
	if err != nil {
		return err
	}
	if r.JSON {
		return c.json(s)
	}
	c.say(i18n.CliFrozen, s.ID, s.Version, s.SHA256)
	return nil
}

// frozen writes a frozen report into files, prints its bytes or, without either, what has
// changed since.
func (r reportCmd) frozen(c *call, h *app.House, who actor.Actor) error {
	if r.JSON {
		f, err := h.Reports.Snapshot(c.ctx, who, r.Snapshot)
		if err == nil {
			_, err = c.streams.Out.Write(f.Bytes)
		}
		return err
	}
	if r.Out != "" {
		if err := r.fill(c, r.Out, func(file *os.File) error {
			made, err := h.Papers.Frozen(c.ctx, who, r.Snapshot, paper.ReportQuery{
				Query: report.Query{List: r.List}, Format: paper.Format(strings.ToLower(strings.TrimPrefix(filepath.Ext(r.Out), "."))),
				Profile: rulebook.Profile(r.Profile), Interim: r.Interim, On: r.On, Lang: c.lang,
			}, file)
			for _, name := range made.Missing {
				c.say(i18n.CliReportMissing, name)
			}
			return err
		}); err != nil {
			return err
		}
	}
	if r.Evidence != "" {
		if err := r.fill(c, r.Evidence, func(file *os.File) error {
			_, err := h.Papers.Evidence(c.ctx, who, r.Snapshot, c.lang, file)
			return err
		}); err != nil {
			return err
		}
	}
	if r.Out != "" || r.Evidence != "" {
		return nil
	}
	return printChanges(c, h, who, r.Snapshot)
}

// fill writes a file; one that could not be written whole is not left behind.
func (r reportCmd) fill(c *call, name string, write func(*os.File) error) error {
	file, err := os.OpenFile(filepath.Clean(name), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := errors.Join(write(file), file.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	c.say(i18n.CliReportWritten, name)
	return nil
}

// printChanges prints the difference note of a frozen report.
func printChanges(c *call, h *app.House, who actor.Actor, id string) error {
	note, err := h.Reports.Difference(c.ctx, who, id)
	if err != nil {
		return err
	}
	if len(note.Changes) == 0 {
		c.say(i18n.FrozenUnchanged)
		return nil
	}
	t := newTable(c, c.lang.T(i18n.FrozenCell), c.lang.T(i18n.FrozenThen), c.lang.T(i18n.FrozenNow), c.lang.T(i18n.FrozenCauses))
	for _, change := range note.Changes {
		var acts []string
		for _, cause := range change.Causes {
			acts = append(acts, strings.TrimSpace(c.lang.T(cause.Act.Kind.Label())+" "+cause.Thing.Code))
		}
		if change.Rest != 0 {
			acts = append(acts, c.lang.T(i18n.FrozenUnexplained, change.Rest))
		}
		cell := report.TableLabel(c.lang, change.Table) + " · " + note.RowLabel(c.lang, change.Cell) + " · " + report.ColumnLabel(c.lang, change.Cell)
		t.row(cell, change.Was, change.Is, strings.Join(acts, "; "))
	}
	t.flush()
	return nil
}
