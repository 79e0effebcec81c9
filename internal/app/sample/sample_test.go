package sample_test

import (
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// TestReferenceCase loads the story on both engines and asks for the figures that the
// reference case is known for.
func TestReferenceCase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := app.Build(d, apptest.Files(t), clock.System, slog.New(slog.DiscardHandler))
		if err := h.Rulebook.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := sample.Load(t.Context(), h, func(int, int) {}); err != nil {
			t.Fatal(err)
		}
		september := ask(t, h, "2024-09-30")
		split := func(r report.Report, f ledger.Figure) [4]int {
			x := r.Figures.Get(f)
			return [4]int{x.Total, x.Collective, x.Individual, x.Household}
		}
		want := map[ledger.Figure][4]int{
			ledger.FigureRegistered: {465, 292, 171, 2}, // 470 entries, 5 of them withdrawn
			ledger.FigureFound:      {397, 240, 157, 0},
			ledger.FigureRecognised: {397, 240, 157, 0},
			ledger.FigureAwarded:    {0, 0, 0, 0},
			ledger.FigurePraised:    {0, 0, 0, 0},
		}
		got := map[ledger.Figure][4]int{}
		for f := range want {
			got[f] = split(september, f)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("as of 30 September 2024 (-case +report):\n%s", diff)
		}
		october := ask(t, h, "2024-10-16")
		for _, f := range []ledger.Figure{ledger.FigurePraised, ledger.FigureAwarded} {
			if got := split(october, f); got != [4]int{30, 21, 9, 0} {
				t.Errorf("%s as of 16 October 2024: %v, the case has 21 collectives and 9 individuals", f, got)
			}
		}
		for _, one := range append(september.Identities, october.Identities...) {
			if !one.Holds {
				t.Errorf("identity %s is broken by %v", one.ID, one.Breaches)
			}
		}
		if v, err := audit.Verify(t.Context(), d); err != nil || v.Broken != 0 || v.Records == 0 {
			t.Errorf("the chain of records: %+v, %v", v, err)
		}
	})
}

func ask(t *testing.T, h *app.House, on string) report.Report {
	t.Helper()
	r, err := h.Reports.Report(t.Context(), h.System(), report.Query{Movement: sample.Movement, AsOf: clock.MustDate(on)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}
