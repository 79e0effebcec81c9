package replication_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

func TestAdopt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		source := s.Register(apptest.Registration())
		in := apptest.Registration()
		in.Unit, in.Subject, in.Origin = "W2.G", "Tổ dân phố phường Hai", ledger.OriginReplicated
		adopting := s.Register(in)
		link := replication.Input{
			Source: source.Code, AdoptingEntry: adopting.Code, Mode: replication.Adapted, StartedOn: apptest.Day("2024-05-01"),
		}
		_, err := s.Replication.Adopt(t.Context(), s.System(), link)
		s.Must(err)
		for on, want := range map[string][2]int{"2024-04-30": {0, 0}, "2024-05-01": {1, 1}} {
			r, err := s.Reports.Report(t.Context(), s.System(), report.Query{Movement: "M-2024", AsOf: apptest.Day(on)})
			s.Must(err)
			got := [2]int{r.Figures.Get(ledger.FigureReplicated).Total, r.Figures.Get(ledger.FigureAdoptions).Total}
			if got != want {
				t.Errorf("replicated and adoptions as of %s: %v", on, got)
			}
			if rows := r.Table(report.TableReplication).Rows; len(rows) != want[0] {
				t.Errorf("the table of replication as of %s: %v", on, rows)
			}
		}
		if _, err := s.Replication.Adopt(t.Context(), s.System(), link); !errs.Is(err, errs.Conflict) {
			t.Errorf("the same adoption twice: %v", err)
		}
		link.Source = adopting.Code
		if _, err := s.Replication.Adopt(t.Context(), s.System(), link); !errs.Is(err, errs.Invalid) {
			t.Errorf("a unit replicates itself: %v", err)
		}
		link.Source, link.SourceText, link.SourcePlace = "", "Mô hình nơi khác", "Tỉnh bạn"
		if _, err := s.Replication.Adopt(t.Context(), s.System(), link); err != nil {
			t.Errorf("a source outside the system: %v", err)
		}
		gone := in
		gone.Subject = "Tổ dân phố đã rút"
		withdrawn := s.Register(gone)
		s.Must(s.Practices.Withdraw(t.Context(), s.System(), practice.Step{Entries: []string{withdrawn.ID}, On: apptest.Day("2024-03-01"), Reason: "rút"}))
		late := link
		late.Source, late.AdoptingEntry = source.Code, withdrawn.Code
		if _, err := s.Replication.Adopt(t.Context(), s.System(), late); !errs.Is(err, errs.Invalid) {
			t.Errorf("a withdrawn entry takes up a model: %v", err)
		}
		for _, on := range []string{"2023-12-31", "2025-01-01"} {
			outside := link
			outside.StartedOn = apptest.Day(on)
			if _, err := s.Replication.Adopt(t.Context(), s.System(), outside); !errs.Is(err, errs.Invalid) {
				t.Errorf("started on %s, outside the period: %v", on, err)
			}
		}
		long := strings.Repeat("x", 501)
		for range 20 {
			bad := replication.Input{Source: "x", SourceText: long, SourcePlace: long, Note: long}
			var fields []string
			for _, one := range errs.All(bad.Check()) {
				fields = append(fields, one.Field)
			}
			if want := []string{"sourceText", "sourcePlace", "note", "adoptingEntry", "mode", "startedOn"}; !slices.Equal(fields, want) {
				t.Fatalf("the order of what is wrong: %v", fields)
			}
		}
		link.SourceText = ""
		if _, err := s.Replication.Adopt(t.Context(), s.System(), link); !errs.Is(err, errs.Invalid) {
			t.Errorf("no source: %v", err)
		}
	})
}

func TestAVoidedAdoptionIsGoneAndMayBeRecordedAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		source := s.Register(apptest.Registration())
		in := apptest.Registration()
		in.Unit, in.Subject, in.Origin = "W2.G", "Tổ dân phố phường Hai", ledger.OriginReplicated
		link := replication.Input{
			Source: source.Code, AdoptingEntry: s.Register(in).Code, Mode: replication.Adapted, StartedOn: apptest.Day("2024-05-01"),
		}
		first, err := s.Replication.Adopt(t.Context(), s.System(), link)
		s.Must(err)
		source, err = s.Practices.Get(t.Context(), s.System(), source.ID)
		s.Must(err)
		for _, a := range source.Standing.Living() {
			if a.Kind == ledger.Adopted {
				s.Must(s.Practices.Void(t.Context(), s.System(), source.ID, a.ID, "ghi nhầm"))
			}
		}
		of, err := s.Replication.Of(t.Context(), s.System(), source.Practice)
		s.Must(err)
		by, err := s.Replication.By(t.Context(), s.System(), first.AdoptingEntry)
		s.Must(err)
		units, err := s.Replication.Adopters(t.Context(), source.Practice)
		s.Must(err)
		if len(of)+len(by)+len(units) != 0 {
			t.Errorf("a voided adoption is listed: %v %v %v", of, by, units)
		}
		if _, err := s.Replication.Adopt(t.Context(), s.System(), link); err != nil {
			t.Errorf("recorded anew: %v", err)
		}
	})
}

// TestVoid strikes out an adoption whose source lies outside the system: no entry of ours
// leads to it.
func TestVoid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, who := t.Context(), s.System()
		in := apptest.Registration()
		in.Origin = ledger.OriginReplicated
		adopting := s.Register(in)
		link := replication.Input{
			SourceText: "Mô hình nơi khác", AdoptingEntry: adopting.Code, Mode: replication.Exact, StartedOn: apptest.Day("2024-05-01"),
		}
		made, err := s.Replication.Adopt(ctx, who, link)
		s.Must(err)
		for kind, err := range map[errs.Kind]error{
			errs.Forbidden: s.Replication.Void(ctx, s.At(app.RoleReporter, "W1"), made.ID, "ghi nhầm"),
			errs.NotFound:  s.Replication.Void(ctx, s.At(app.RoleOfficer, "W2"), made.ID, "ghi nhầm"),
			errs.Invalid:   s.Replication.Void(ctx, who, made.ID, strings.Repeat("x", 2001)),
		} {
			if !errs.Is(err, kind) {
				t.Errorf("want %v, got %v", kind, err)
			}
		}
		if _, err := s.Replication.By(ctx, s.At(app.RoleLeader, "W2"), adopting.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("another ward reads what it adopted: %v", err)
		}
		_, err = s.Replication.Get(ctx, who, adopting.ID, made.ID)
		s.Must(err)
		s.Must(s.Replication.Void(ctx, s.At(app.RoleOfficer, "W1"), made.ID, "ghi nhầm"))
		r, err := s.Reports.Report(ctx, who, report.Query{Movement: "M-2024", AsOf: apptest.Day("2024-06-01")})
		s.Must(err)
		if n := r.Figures.Get(ledger.FigureAdoptions).Total; n != 0 {
			t.Errorf("a voided adoption counts: %d", n)
		}
		if err := s.Replication.Void(ctx, who, made.ID, "ghi nhầm"); !errs.Is(err, errs.NotFound) {
			t.Errorf("voided twice: %v", err)
		}
	})
}
