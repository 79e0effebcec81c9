package replication_test

import (
	"testing"

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
