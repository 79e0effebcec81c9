package paper

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/id"
	"github.com/nhanrong/nhanrong/internal/platform/table"
)

// Service is the capability.
type Service struct {
	db          *db.DB
	log         *audit.Log
	org         *org.Service
	rules       *rulebook.Service
	movements   *movement.Service
	practices   *practice.Service
	appraisals  *appraisal.Service
	awards      *award.Service
	conferences *conference.Service
	reports     *report.Service
	files       blob.Store
	writer      Writer
	now         clock.Clock
	newID       id.Source
}

// The rights of this capability.
const (
	RightRead     actor.Right = "paper.read"     // have a paper of what one may see
	RightMake     actor.Right = "paper.make"     // say what only the office knows of it, give it a number
	RightTemplate actor.Right = "paper.template" // an office's own templates
)

func forbidden() error { return errs.New(errs.Forbidden, i18n.ErrsForbidden) }

// Writer turns a document for Word into pages.
type Writer interface {
	Name() string
	PDF(ctx context.Context, document []byte, w io.Writer) error
}

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Log         *audit.Log
	Org         *org.Service
	Rulebook    *rulebook.Service
	Movements   *movement.Service
	Practices   *practice.Service
	Appraisals  *appraisal.Service
	Awards      *award.Service
	Conferences *conference.Service
	Reports     *report.Service
	Files       blob.Store
	Writer      Writer // none where nothing is installed that can
}

// New makes the service.
func New(d *db.DB, rooms Rooms, now clock.Clock, newID id.Source) *Service {
	return &Service{
		db: d, log: rooms.Log, org: rooms.Org, rules: rooms.Rulebook, movements: rooms.Movements, practices: rooms.Practices, appraisals: rooms.Appraisals,
		awards: rooms.Awards, conferences: rooms.Conferences, reports: rooms.Reports, files: rooms.Files, writer: rooms.Writer, now: now, newID: newID,
	}
}

// Format is what a paper is written as: the ending of its file.
type Format string

// The formats.
const (
	DOCX  Format = "docx"
	PDF   Format = "pdf" // of a report: its tables; else the whole paper, where there is a writer
	XLSX  Format = "xlsx"
	Pages Format = "pages" // the lists of a paper as PDF
	JSON  Format = "json"
)

// ReportFormats lists what a report can be written as.
func ReportFormats() []Format { return []Format{DOCX, XLSX, PDF, JSON} }

// ReportQuery asks for a report as a file.
type ReportQuery struct {
	report.Query
	Format  Format
	Profile rulebook.Profile // none is that of the unit's letterhead
	Interim bool             // it is no final one
	On      clock.Date       // of the paper: whose names, whose layout; none is today, and the day stands open
	Lang    i18n.Lang        // of tables and lists; the report in words is in Vietnamese
}

// Made is a paper that was made. Missing are the names whose values are not known; they
// stand on it as visible gaps.
type Made struct {
	Name    string // of the file, without its ending
	Missing []string
	Of      report.Report
	Layout  rulebook.Layout // by which it is set

	Title    string   // of what it is about
	Template Template // of the office; without identity it is the shipped one
}

// Report writes a report: as DOCX the report in words with its tables, as XLSX and PDF the
// tables, as JSON the document. That it was given out is recorded.
func (s *Service) Report(ctx context.Context, who actor.Actor, in ReportQuery, w io.Writer) (Made, error) {
	if !who.Can(report.RightRead) {
		return Made{}, forbidden()
	}
	made, err := s.report(ctx, who, in, w)
	if err != nil {
		return made, err
	}
	return made, s.db.Write(ctx, func(tx *db.Tx) error {
		return s.log.Add(ctx, tx, who, "paper.report", audit.Object{Kind: "movement", ID: made.Of.Of.ID}, map[string]any{
			"asOf": made.Of.AsOf, "scope": made.Of.Scope.Code, "format": in.Format, "list": in.List,
			"template": made.Template.ID, "version": made.Template.No,
		})
	})
}

// Trial tells what would stand open on a report in words, and by which layout it would be set.
func (s *Service) Trial(ctx context.Context, who actor.Actor, in ReportQuery) (Made, error) {
	if !who.Can(report.RightRead) {
		return Made{}, forbidden()
	}
	in.Format, in.List = DOCX, false
	return s.report(ctx, who, in, io.Discard)
}

func (s *Service) report(ctx context.Context, who actor.Actor, in ReportQuery, w io.Writer) (Made, error) {
	if !slices.Contains(ReportFormats(), in.Format) {
		return Made{}, errs.New(errs.Invalid, i18n.PaperBadFormat).On("format")
	}
	if in.Profile != "" && !slices.Contains(rulebook.Profiles(), in.Profile) {
		return Made{}, errs.New(errs.Invalid, i18n.PaperBadProfile).On("profile")
	}
	r, err := s.worded(ctx, who, in)
	if err != nil {
		return Made{}, err
	}
	return s.set(ctx, r, in, w)
}

// worded is a report with the words that somebody wrote for it, where words are asked for.
func (s *Service) worded(ctx context.Context, who actor.Actor, in ReportQuery) (report.Report, error) {
	if in.Format != DOCX {
		return s.reports.Report(ctx, who, in.Query)
	}
	written, err := s.reports.Narrative(ctx, who, in.Query)
	r := written.Report
	if err == nil && written.Version > 0 {
		r.Words = written.Filled()
	}
	return r, err
}

// set writes a report by the layout and with the head of its day.
func (s *Service) set(ctx context.Context, r report.Report, in ReportQuery, w io.Writer) (Made, error) {
	day := in.On
	if day == 0 {
		day = s.now.Today()
	}
	letter, err := s.org.LetterheadOn(ctx, r.Root.ID, day)
	if err != nil {
		return Made{}, err
	}
	letter.Track = trackOf(letter, r.Root)
	made := Made{Name: i18n.Vi.T(i18n.PaperReportName, r.Movement+" "+r.AsOf.String()), Of: r}
	if in.Profile == "" {
		in.Profile = rulebook.Profile(letter.Track)
	}
	if made.Layout, err = rulebook.LayoutOn(in.Profile, day); err != nil {
		return made, err
	}
	head := headOf(letter, in.Profile) // the number is given when it is signed
	head.Dated = in.On
	err = s.writeReport(ctx, &made, head, in, w)
	if errors.Is(err, docx.ErrTooLarge) {
		err = errs.New(errs.Invalid, i18n.PaperTooLong).On("list").Because(err)
	}
	return made, err
}

// writeReport writes a report in the format that is asked for, in words by the template of the unit
// or the shipped one.
func (s *Service) writeReport(ctx context.Context, made *Made, h Head, in ReportQuery, w io.Writer) error {
	r := made.Of
	switch in.Format {
	case JSON:
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(r); err != nil {
			return fmt.Errorf("write a report: %w", err)
		}
		return nil
	case XLSX:
		return table.XLSX(w, ReportTables(in.Lang, r, h)...)
	case PDF:
		return table.PDF(w, ReportTables(in.Lang, r, h)...)
	}
	kind := FinalReport
	if in.Interim {
		kind = InterimReport
	}
	t, own, err := s.templateFor(ctx, draft{about: About{Kind: kind}, unit: r.Root, layout: made.Layout})
	if err != nil {
		return err
	}
	made.Template = own
	data := reportData(r)
	maps.Copy(data, h.data())
	made.Missing, err = fill(t, kind, data, w)
	return err
}
