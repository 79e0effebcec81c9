package practice_test

import (
	"slices"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

func TestPossible(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		officer, unit, leader := s.At(app.RoleOfficer, "D"), s.At(app.RoleReporter, "W1"), s.At(app.RoleLeader, "D")
		e, day := s.Register(apptest.Registration()), apptest.Day("2024-06-01")
		e, err := s.Practices.Get(t.Context(), officer, e.ID)
		s.Must(err)
		want := []ledger.Kind{ledger.Received, ledger.Returned, ledger.Refused, ledger.Withdrawn}
		if p := practice.PossibleWith(officer, e, day); !slices.Equal(p.Steps, want) || !p.Edit || p.Reclassify || len(p.Void)+len(p.Revoke) != 0 {
			t.Errorf("an officer, of a fresh entry: %+v", p)
		}
		if p := practice.PossibleWith(unit, e, day); !slices.Equal(p.Steps, []ledger.Kind{ledger.Withdrawn}) || !p.Edit {
			t.Errorf("its unit: %+v", p)
		}
		if p := practice.PossibleWith(leader, e, day); len(p.Steps) != 0 || p.Edit || p.Publish {
			t.Errorf("who only reads: %+v", p)
		}
		in := apptest.Registration()
		in.Title = "Bếp ăn nghĩa tình"
		known := s.Recognised(in, "1/QĐ")
		if p := practice.PossibleWith(officer, known, day.AddYears(1)); len(p.Revoke) != 1 || !p.Reclassify || !p.Fixed || slices.Contains(p.Steps, ledger.Withdrawn) {
			t.Errorf("an officer, of a recognised entry: %+v", p)
		}
		if p := practice.PossibleWith(unit, known, day); p.Edit {
			t.Errorf("its unit edits what is fixed: %+v", p)
		}
	})
}

func TestReady(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		fresh, known := s.Register(apptest.Registration()), s.Recognised(apptest.Registration(), "1/QĐ")
		step := practice.Step{Entries: []string{fresh.ID, known.ID}, On: apptest.Day("2024-06-01")}
		may, mayNot, err := s.Practices.Ready(t.Context(), s.At(app.RoleOfficer, "D"), ledger.Received, step)
		s.Must(err)
		if len(may) != 1 || may[0].Entry != fresh.ID || len(mayNot) != 1 || mayNot[0].Entry != known.ID {
			t.Errorf("ready are %v, not %v", may, mayNot)
		}
		if _, _, err := s.Practices.Ready(t.Context(), s.At(app.RoleReporter, "W1"), ledger.Received, step); !errs.Is(err, errs.Forbidden) {
			t.Errorf("without the right: %v", err)
		}
		if _, _, err := s.Practices.Ready(t.Context(), s.At(app.RoleOfficer, "W2"), ledger.Received, step); !errs.Is(err, errs.NotFound) {
			t.Errorf("out of scope: %v", err)
		}
	})
}

func TestEditAfterReclassification(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		officer := s.At(app.RoleOfficer, "D")
		e := s.Recognised(apptest.Registration(), "1/QĐ")
		s.Must(s.Practices.Reclassify(t.Context(), officer, practice.NewAttributes{
			Entry: e.ID, On: apptest.Day("2024-10-01"), Reason: "Chuyển đơn vị", Unit: "W2.G", Kind: e.Kind, Field: e.Field, Origin: e.Origin,
		}))
		e, err := s.Practices.Get(t.Context(), officer, e.ID)
		s.Must(err)
		in := apptest.Registration()
		in.Unit, in.Parts.Outputs = "W2.G", "12 ngõ"
		after, err := s.Practices.Edit(t.Context(), officer, e.ID, e.Version, in)
		s.Must(err)
		if after.Unit != e.Unit || after.Parts.Outputs != "12 ngõ" {
			t.Errorf("after the edit: %+v", after)
		}
		in.Unit = "W1.G"
		if _, err := s.Practices.Edit(t.Context(), officer, e.ID, after.Version, in); !errs.Is(err, errs.Invalid) {
			t.Errorf("back to the unit of before: %v", err)
		}
	})
}

func TestOnlyWhoMayTypesForAnotherInAnEdit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		e := s.Register(apptest.Registration())
		in := apptest.Registration()
		in.DeclaredBy = "Người khác"
		if _, err := s.Practices.Edit(t.Context(), s.At(app.RoleReporter, "W1"), e.ID, e.Version, in); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a reporter: %v", err)
		}
		_, err := s.Practices.Edit(t.Context(), s.At(app.RoleOfficer, "D"), e.ID, e.Version, in)
		s.Must(err)
	})
}

func TestTypicalIsAListOfItsOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		ctx, officer := t.Context(), s.At(app.RoleOfficer, "D")
		plain, twice, revoked := s.Recognised(apptest.Registration(), "1/QĐ"), s.Recognised(apptest.Registration(), "2/QĐ"), s.Recognised(apptest.Registration(), "3/QĐ")
		decision := s.Decide("4/QĐ", "2024-09-02")
		s.Must(s.Practices.NameTypical(ctx, officer, decision.ID, []string{plain.ID, twice.ID, revoked.ID}))
		list := func(in practice.Query) practice.List {
			t.Helper()
			in.Period, in.Slice = plain.Period, ledger.Slice{Sort: ledger.ByName, Limit: 10}
			got, err := s.Practices.List(ctx, officer, in)
			s.Must(err)
			return got
		}
		if got := list(practice.Query{Tab: practice.TabTypical}); got.Total != 3 || len(got.Rows) != 3 || got.Tabs[practice.TabRecognised] != 3 {
			t.Errorf("three are typical: %+v", got)
		}
		of := func(id string) string {
			e, err := s.Practices.Get(ctx, officer, id)
			s.Must(err)
			return e.Standing.InForce(ledger.Typical, s.Now.Today())[0].ID
		}
		step := practice.Step{On: apptest.Day("2024-09-03"), Reason: "Không còn giữ được"}
		s.Must(s.Practices.Revoke(ctx, officer, revoked.ID, of(revoked.ID), step))
		s.Must(s.Practices.Revoke(ctx, officer, twice.ID, of(twice.ID), step)) // and named once more: its fact row cannot say so
		again := s.Decide("5/QĐ", "2024-09-04")
		s.Must(s.Practices.NameTypical(ctx, officer, again.ID, []string{twice.ID}))
		s.Must(s.Practices.End(ctx, officer, practice.Step{Entries: []string{plain.ID}, On: apptest.Day("2024-09-20")}))
		for name, in := range map[string]practice.Query{
			"its own tab": {Tab: practice.TabTypical}, "under a unit": {Tab: practice.TabTypical, Unit: "W1"}, "by name": {Tab: practice.TabTypical, Name: plain.Title[:4]},
		} {
			got := list(in)
			if got.Total != 2 || len(got.Rows) != 2 || got.Tabs[practice.TabTypical] != 2 {
				t.Errorf("%s: %+v", name, got)
			}
			for _, row := range got.Rows {
				if row.Entry == revoked.ID {
					t.Errorf("%s: what was revoked is there", name)
				}
			}
		}
		if got := list(practice.Query{Tab: practice.TabTypical, Unit: "W2"}); got.Total != 0 {
			t.Errorf("another ward has %d", got.Total)
		}
		if got := list(practice.Query{Tab: practice.TabAll}); got.Total != 3 || got.Tabs[practice.TabTypical] != 2 || got.Tabs[practice.TabStopped] != 1 {
			t.Errorf("all: %+v", got.Tabs)
		}
		ids, err := s.Practices.Matching(ctx, d, officer, practice.Query{Period: plain.Period, Tab: practice.TabTypical})
		s.Must(err)
		if len(ids) != 2 || slices.Contains(ids, revoked.ID) {
			t.Errorf("what is done to all of them reaches %v", ids)
		}
	})
}
