package paper

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Frozen writes a frozen report as a file, from its bytes alone: nothing is counted anew. As
// JSON it is these bytes. Only its head is that of the day of the paper. That it was given out
// is recorded.
func (s *Service) Frozen(ctx context.Context, who actor.Actor, id string, in ReportQuery, w io.Writer) (Made, error) {
	if !who.Can(report.RightRead) {
		return Made{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	f, err := s.reports.Snapshot(ctx, who, id)
	if err != nil {
		return Made{}, err
	}
	made, err := s.frozen(ctx, f, in, w)
	if err != nil {
		return made, err
	}
	return made, s.db.Write(ctx, func(tx *db.Tx) error {
		return s.log.Add(ctx, tx, who, "paper.frozen", audit.Object{Kind: "snapshot", ID: f.ID}, map[string]any{"format": in.Format, "sha256": f.SHA256})
	})
}

func (s *Service) frozen(ctx context.Context, f report.Frozen, in ReportQuery, w io.Writer) (Made, error) {
	if !slices.Contains(ReportFormats(), in.Format) {
		return Made{}, errs.New(errs.Invalid, i18n.PaperBadFormat).On("format")
	}
	if in.Profile != "" && !slices.Contains(rulebook.Profiles(), in.Profile) {
		return Made{}, errs.New(errs.Invalid, i18n.PaperBadProfile).On("profile")
	}
	r, err := f.Report()
	if err != nil {
		return Made{}, err
	}
	if in.Format == JSON {
		if _, err := w.Write(f.Bytes); err != nil {
			return Made{}, fmt.Errorf("write a frozen report: %w", err)
		}
		return Made{Name: frozenName(f), Of: r}, nil
	}
	if !in.List {
		r.Tables = slices.DeleteFunc(r.Tables, func(t report.Table) bool { return t.ID == report.TableEntries })
	}
	made, err := s.set(ctx, r, in, w)
	made.Name = frozenName(f)
	return made, err
}

// frozenName is what the files of a frozen report are called.
func frozenName(f report.Frozen) string {
	return i18n.Vi.T(i18n.PaperFrozenName, f.Movement, f.Scope, f.AsOf.String(), f.Version)
}
