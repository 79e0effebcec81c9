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
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/docx"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/table"
)

// Service is the capability.
type Service struct {
	db      *db.DB
	log     *audit.Log
	org     *org.Service
	reports *report.Service
	files   blob.Store
	now     clock.Clock
}

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Log     *audit.Log
	Org     *org.Service
	Reports *report.Service
	Files   blob.Store
}

// New makes the service.
func New(d *db.DB, rooms Rooms, now clock.Clock) *Service {
	return &Service{db: d, log: rooms.Log, org: rooms.Org, reports: rooms.Reports, files: rooms.Files, now: now}
}

// Format is what a paper is written as: the ending of its file.
type Format string

// The formats.
const (
	DOCX Format = "docx"
	PDF  Format = "pdf"
	XLSX Format = "xlsx"
	JSON Format = "json"
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
}

// Report writes a report: as DOCX the report in words with its tables, as XLSX and PDF the
// tables, as JSON the document. That it was given out is recorded.
func (s *Service) Report(ctx context.Context, who actor.Actor, in ReportQuery, w io.Writer) (Made, error) {
	if !who.Can(report.RightRead) {
		return Made{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	made, err := s.report(ctx, who, in, w)
	if err != nil {
		return made, err
	}
	return made, s.db.Write(ctx, func(tx *db.Tx) error {
		return s.log.Add(ctx, tx, who, "paper.report", audit.Object{Kind: "movement", ID: made.Of.Of.ID}, map[string]any{
			"asOf": made.Of.AsOf, "scope": made.Of.Scope.Code, "format": in.Format, "list": in.List,
		})
	})
}

// Trial tells what would stand open on a report in words, and by which layout it would be set.
func (s *Service) Trial(ctx context.Context, who actor.Actor, in ReportQuery) (Made, error) {
	if !who.Can(report.RightRead) {
		return Made{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
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
	made := Made{Name: i18n.Vi.T(i18n.PaperReportName, r.Movement+" "+r.AsOf.String()), Of: r}
	if in.Profile == "" {
		in.Profile = rulebook.Profile(letter.Track)
	}
	if made.Layout, err = rulebook.LayoutOn(in.Profile, day); err != nil {
		return made, err
	}
	head := headOf(letter, in.Profile)
	head.Dated = in.On
	made.Missing, err = write(made, head, in, w)
	if errors.Is(err, docx.ErrTooLarge) {
		err = errs.New(errs.Invalid, i18n.PaperTooLong).On("list").Because(err)
	}
	return made, err
}

// headOf is the head of a report by the rules of a profile. A unit prints its names and its
// signer by the rules of its own track: on a paper of another they are not known, as the
// two are never mixed. The number is given when it is signed.
func headOf(h org.Letterhead, p rulebook.Profile) Head {
	own := rulebook.Profile(h.Track)
	if own != p && (own != rulebook.FrontProfile || p != rulebook.YouthProfile) {
		return Head{Place: h.Place}
	}
	return Head{Above: h.Above, Own: h.Own, Place: h.Place, SignedFor: h.SignedFor("……"), Title: h.Title, Signer: h.Signer}
}

func write(made Made, h Head, in ReportQuery, w io.Writer) ([]string, error) {
	r := made.Of
	switch in.Format {
	case JSON:
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(r); err != nil {
			return nil, fmt.Errorf("write a report: %w", err)
		}
		return nil, nil
	case XLSX:
		return nil, table.XLSX(w, ReportTables(in.Lang, r, h)...)
	case PDF:
		return nil, table.PDF(w, ReportTables(in.Lang, r, h)...)
	}
	t, err := template(FinalReport, made.Layout)
	if err != nil {
		return nil, err
	}
	data := reportData(r)
	maps.Copy(data, h.data())
	if in.Interim {
		data["giua_ky"] = docx.Optional("x")
	}
	return fill(t, FinalReport, data, w)
}
