package report_test

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

func september() report.Query {
	return report.Query{Movement: "M-2024", AsOf: apptest.Day("2024-09-30")}
}

// TestPressedTwiceFreezesOnce: and by many at once; what has changed makes another version,
// which visibly replaces the one before, and that one stays as it was.
func TestPressedTwiceFreezesOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		s.Recognised(apptest.Registration(), "1/QĐ")
		var all sync.WaitGroup
		ids := make([]string, 6)
		for i := range ids {
			all.Go(func() {
				one, err := s.Reports.Freeze(t.Context(), s.System(), september())
				s.Must(err)
				ids[i] = one.ID
			})
		}
		all.Wait()
		if len(slices.Compact(ids)) != 1 {
			t.Errorf("pressed six times it was frozen as %v", ids)
		}
		first, err := s.Reports.Snapshot(t.Context(), s.System(), ids[0])
		s.Must(err)
		hash := sha256.Sum256(first.Bytes)
		if first.SHA256 != hex.EncodeToString(hash[:]) || first.Version != 1 || first.Replaced || first.FrozenBy == "" || first.Scope != "D" {
			t.Errorf("frozen: %+v", first.Snapshot)
		}
		s.Register(apptest.Registration())
		second, err := s.Reports.Freeze(t.Context(), s.System(), september())
		s.Must(err)
		again, err := s.Reports.Snapshot(t.Context(), s.System(), first.ID)
		s.Must(err)
		if second.Version != 2 || second.Replaced || !again.Replaced || string(again.Bytes) != string(first.Bytes) {
			t.Errorf("after another: %+v, the first is %+v", second, again.Snapshot)
		}
		list, err := s.Reports.Snapshots(t.Context(), s.System(), "M-2024")
		if err != nil || len(list) != 2 || list[0].ID != second.ID {
			t.Errorf("the list: %+v %v", list, err)
		}
	})
}

// TestAFrozenReportReadsAsItWas: every number of the report comes back out of the bytes, and
// the lists behind them have those whom they count.
func TestAFrozenReportReadsAsItWas(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 5)
		for range 80 {
			w.sound(1)
		}
		live, err := w.Reports.Report(t.Context(), w.System(), report.Query{Movement: "M-2024", AsOf: apptest.Day("2024-08-01"), List: true})
		w.Must(err)
		one, err := w.Reports.Freeze(t.Context(), w.System(), report.Query{Movement: "M-2024", AsOf: apptest.Day("2024-08-01")})
		w.Must(err)
		f, err := w.Reports.Snapshot(t.Context(), w.System(), one.ID)
		w.Must(err)
		r, err := f.Report()
		w.Must(err)
		was, is := plain(t, live), plain(t, r)
		for cell, n := range was {
			if is[cell] != n {
				t.Errorf("%+v is %d in the report and %d frozen", cell, n, is[cell])
			}
		}
		if len(was) != len(is) || len(live.Table("entries").Rows) == 0 || len(r.Table("entries").Rows) != len(live.Table("entries").Rows) {
			t.Errorf("%d numbers and %d entries, frozen %d and %d", len(was), len(live.Table("entries").Rows), len(is), len(r.Table("entries").Rows))
		}
		behind := map[string]int{}
		entries, err := f.Entries()
		w.Must(err)
		for _, e := range entries {
			for _, column := range e.Counted {
				behind[e.Row+" "+column]++
			}
		}
		for _, row := range r.Table(report.TableByUnit).Rows {
			for _, column := range []string{"registered", "received", "carriedOut", "recognised", "recognisedDistrict", "typical", "replicated", "suspended", "ended"} {
				if got := behind[row.Text("unit")+" "+column]; got != row.Int(column) {
					t.Errorf("%s %s: the list has %d, the table says %d", row.Text("unit"), column, got, row.Int(column))
				}
			}
		}
	})
}

// TestABreachStopsFreezing: and names the identity.
func TestABreachStopsFreezing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		e := s.Register(apptest.Registration())
		s.Must(s.Practices.Receive(t.Context(), s.System(), practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-01")}))
		s.Must(d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := s.Book.Append(t.Context(), tx, ledger.Act{Kind: ledger.Withdrawn, Period: 1, Entry: e.ID, On: apptest.Day("2024-04-01"), By: "x"})
			return err
		}))
		_, err := s.Reports.Freeze(t.Context(), s.System(), september())
		if !errs.Is(err, errs.Conflict) || errs.All(err)[0].Field != "receivedWithinRegistered" {
			t.Errorf("frozen with a breach: %v", err)
		}
		if all, err := s.Reports.Snapshots(t.Context(), s.System(), ""); err != nil || len(all) != 0 {
			t.Errorf("it was kept: %v %v", all, err)
		}
	})
}

// TestWhoMayFreeze: somebody with the right, of the whole of what they freeze, of a day that
// has come; who sees a part of the unit sees nothing of what was frozen of the whole.
func TestWhoMayFreeze(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		s.Register(apptest.Registration())
		for _, role := range []string{app.RoleLeader, app.RoleReporter} {
			if _, err := s.Reports.Freeze(t.Context(), s.At(role, "D"), september()); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s froze: %v", role, err)
			}
		}
		ward := s.At(app.RoleOfficer, "W1")
		q := september()
		mine, err := s.Reports.Freeze(t.Context(), ward, q)
		s.Must(err)
		if mine.Scope != "W1" {
			t.Errorf("a ward froze %s", mine.Scope)
		}
		q.Scope = "D"
		if _, err := s.Reports.Freeze(t.Context(), ward, q); !errs.Is(err, errs.NotFound) {
			t.Errorf("a ward froze the district: %v", err)
		}
		whole, err := s.Reports.Freeze(t.Context(), s.At(app.RoleOfficer, "D"), september())
		s.Must(err)
		for _, verb := range []func() error{
			func() error { _, err := s.Reports.Snapshot(t.Context(), ward, whole.ID); return err },
			func() error { _, err := s.Reports.Difference(t.Context(), ward, whole.ID); return err },
			func() error {
				_, err := s.Reports.Snapshot(t.Context(), s.At(app.RoleOfficer, "W2"), mine.ID)
				return err
			},
		} {
			if err := verb(); !errs.Is(err, errs.NotFound) {
				t.Errorf("seen by another: %v", err)
			}
		}
		if all, err := s.Reports.Snapshots(t.Context(), ward, ""); err != nil || len(all) != 1 || all[0].ID != mine.ID {
			t.Errorf("a ward's list: %+v %v", all, err)
		}
		both := s.At(app.RoleOfficer, "W1")
		both.Scope.Paths = append(both.Scope.Paths, s.At(app.RoleOfficer, "W2").Scope.Paths...)
		if _, err := s.Reports.Freeze(t.Context(), both, september()); !errs.Is(err, errs.Invalid) {
			t.Errorf("two units at once: %v", err)
		}
		future := report.Query{Movement: "M-2024", AsOf: s.Now.Today() + 1}
		if _, err := s.Reports.Freeze(t.Context(), s.System(), future); !errs.Is(err, errs.Invalid) {
			t.Errorf("tomorrow: %v", err)
		}
	})
}

// TestChangedBoundariesAreSaidOpenly: a unit that was renamed or added since explains no
// number, and the note says that units were changed.
func TestChangedBoundariesAreSaidOpenly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		s.Register(apptest.Registration())
		one, err := s.Reports.Freeze(t.Context(), s.System(), september())
		s.Must(err)
		s.Must(s.Org.MoveTo(t.Context(), s.System(), "W1.G", "W2", "state", apptest.Day("2024-01-15")))
		note, err := s.Reports.Difference(t.Context(), s.System(), one.ID)
		s.Must(err)
		if !note.UnitsChanged {
			t.Error("the units have not changed")
		}
		for _, c := range note.Changes {
			if len(c.Causes) > 0 || c.Rest != c.Is-c.Was {
				t.Errorf("an act explains %+v", c)
			}
		}
	})
}

// TestABreakInTheBytesIsFound: whoever changes a row behind the back of the program is found
// out when it is read.
func TestABreakInTheBytesIsFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		one, err := s.Reports.Freeze(t.Context(), s.System(), september())
		s.Must(err)
		s.Must(d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `UPDATE report_snapshot SET document_sha256 = $1`, one.SHA256[1:]+"0")
			return err
		}))
		if _, err := s.Reports.Snapshot(t.Context(), s.System(), one.ID); err == nil {
			t.Error("it was read as if nothing had happened")
		}
	})
}
