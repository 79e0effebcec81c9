package paper

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/table"
)

// Service is the capability.
type Service struct {
	org     *org.Service
	reports *report.Service
}

// New makes the service.
func New(units *org.Service, reports *report.Service) *Service {
	return &Service{org: units, reports: reports}
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
// tables, as JSON the document.
func (s *Service) Report(ctx context.Context, who actor.Actor, in ReportQuery, w io.Writer) (Made, error) {
	if !who.Can(report.RightRead) {
		return Made{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	if !slices.Contains(ReportFormats(), in.Format) {
		return Made{}, errs.New(errs.Invalid, i18n.PaperBadFormat).On("format")
	}
	if in.Profile != "" && !slices.Contains(rulebook.Profiles(), in.Profile) {
		return Made{}, errs.New(errs.Invalid, i18n.PaperBadProfile).On("profile")
	}
	r, err := s.reports.Report(ctx, who, in.Query)
	if err != nil {
		return Made{}, err
	}
	letter, err := s.org.LetterheadOn(ctx, r.Root.ID, r.AsOf)
	if err != nil {
		return Made{}, err
	}
	made := Made{Name: i18n.Vi.T(i18n.PaperReportName, r.Movement+" "+r.AsOf.String()), Of: r}
	if in.Profile == "" {
		in.Profile = rulebook.Profile(letter.Track)
	}
	letter.Track = trackOf(in.Profile)
	if made.Layout, err = rulebook.LayoutOn(in.Profile, r.AsOf); err != nil {
		return made, err
	}
	made.Missing, err = write(made, headOf(letter), in, w)
	return made, err
}

// trackOf is by whose rules the marks of signing stand.
func trackOf(p rulebook.Profile) org.Track {
	switch p {
	case rulebook.PartyProfile:
		return org.PartyTrack
	case rulebook.StateProfile:
		return org.StateTrack
	default:
		return org.FrontTrack
	}
}

// headOf is the head of a report. Its number and its day are given when it is signed.
func headOf(h org.Letterhead) Head {
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
	return fill(t, FinalReport, data, w)
}
