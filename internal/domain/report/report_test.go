package report_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

func TestReportDocument(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		s.Recognised(apptest.Registration(), "1/QĐ")
		in := apptest.Registration()
		in.Unit, in.Subject, in.Kind, in.Field = "W2.G", "Bà Mẫu", ledger.Individual, "cultureSociety"
		s.Register(in)
		r, err := s.Reports.Report(t.Context(), s.System(), report.Query{Movement: "M-2024", AsOf: apptest.Day("2024-09-30"), List: true})
		s.Must(err)
		raw, err := json.Marshal(r)
		s.Must(err)
		var doc struct {
			Movement string
			AsOf     string
			Figures  map[string]report.Figure
			Tables   []struct {
				ID     string
				Rows   []map[string]any
				Totals map[string]int
			}
			Identities []report.Identity
		}
		s.Must(json.Unmarshal(raw, &doc))
		if doc.AsOf != "2024-09-30" || len(doc.Figures) != 10 || doc.Figures["registered"] != (report.Figure{Total: 2, Collective: 1, Individual: 1, Subjects: 2}) {
			t.Errorf("the document: %s", raw)
		}
		var ids []string
		for _, table := range doc.Tables {
			ids = append(ids, table.ID)
		}
		if !slices.Equal(ids, []string{"byUnit", "awards", "replication", "comparison", "entries"}) {
			t.Errorf("the tables: %v", ids)
		}
		units := r.Table(report.TableByUnit)
		if units.Totals["registered"] != 2 || units.Totals["economy"] != 1 || units.Totals["recognisedDistrict"] != 1 || len(units.Rows) != 3 {
			t.Errorf("the table by unit: %+v", units)
		}
		for _, one := range doc.Identities {
			if !one.Holds {
				t.Errorf("%s is broken by %v", one.ID, one.Breaches)
			}
		}
	})
}

// TestABreachIsShown voids the registration under a reception behind the back of the
// rules, and expects the entry to be named.
func TestABreachIsShown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		e := s.Register(apptest.Registration())
		s.Must(s.Practices.Receive(t.Context(), s.System(), practice.Step{Entries: []string{e.ID}, On: apptest.Day("2024-03-01")}))
		s.Must(d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := s.Book.Append(t.Context(), tx, ledger.Act{Kind: ledger.Withdrawn, Period: 1, Entry: e.ID, On: apptest.Day("2024-04-01"), By: "x"})
			return err
		}))
		r, err := s.Reports.Report(t.Context(), s.System(), report.Query{Movement: "M-2024", AsOf: apptest.Day("2024-05-01")})
		s.Must(err)
		for _, one := range r.Identities {
			broken := one.ID == "receivedWithinRegistered"
			if one.Label() == 0 {
				t.Errorf("%s has no words", one.ID)
			}
			if one.Holds == broken || (broken && !slices.Equal(one.Breaches, []string{e.Code})) {
				t.Errorf("%s: %+v", one.ID, one)
			}
		}
	})
}

func TestScopeOfAReport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		s.Register(apptest.Registration())
		in := apptest.Registration()
		in.Unit = "W2.G"
		s.Register(in)
		ward := s.At(app.RoleReporter, "W1")
		q := report.Query{Movement: "M-2024", AsOf: apptest.Day("2024-06-01")}
		r, err := s.Reports.Report(t.Context(), ward, q)
		s.Must(err)
		if r.Scope.Code != "W1" || r.Figures.Get(ledger.FigureRegistered).Total != 1 {
			t.Errorf("a ward's report is of %s and counts %+v", r.Scope.Code, r.Figures.Get(ledger.FigureRegistered))
		}
		q.Scope = "W2"
		if _, err := s.Reports.Report(t.Context(), ward, q); !errs.Is(err, errs.NotFound) {
			t.Errorf("a report of another ward: %v", err)
		}
	})
}

// TestTableByUnitAddsUp holds the table by unit of a report with every origin, and a
// practice that others took up, against the figures: each column is there once, parts sum
// to the whole, and each unit's own report says what its row says.
func TestTableByUnitAddsUp(t *testing.T) {
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		for _, day := range []string{"2024-06-15", "2024-10-16"} {
			r := ask(t, h, day, "")
			table := r.Table(report.TableByUnit)
			columns := slices.Sorted(slices.Values(table.Columns))
			if once := slices.Compact(slices.Clone(columns)); len(once) != len(columns) {
				t.Errorf("a column stands twice: %v", columns)
			}
			addUp(t, day+", in all", r, table.Totals)
			for _, row := range table.Rows {
				if unit := row.Text("unit"); unit != r.Scope.Code { // its own row is of what no child registered
					addUp(t, day+", "+unit, ask(t, h, day, unit), row)
				}
			}
		}
	})
}

func ask(t *testing.T, h *app.House, day, scope string) report.Report {
	t.Helper()
	r, err := h.Reports.Report(t.Context(), h.System(), report.Query{Movement: "HK-2024", AsOf: apptest.Day(day), Scope: scope})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// addUp holds the numbers of a row against the figures of the report on the same units.
func addUp[V any](t *testing.T, about string, r report.Report, row map[string]V) {
	t.Helper()
	number := func(column string) int {
		n, _ := any(row[column]).(int)
		return n
	}
	sum := func(columns ...string) (n int) {
		for _, c := range columns {
			n += number(c)
		}
		return n
	}
	for _, f := range []ledger.Figure{"registered", "received", "carriedOut", "recognised", "typical", "replicated"} {
		if got, want := number(string(f)), r.Figures.Get(f).Total; got != want {
			t.Errorf("%s: the table says %d %s, the figure is %d", about, got, f, want)
		}
	}
	for _, parts := range [][]string{
		{"collective", "individual", "household"},
		{"originNew", "originContinued", "originReplicated", "originUpgraded"},
		{"economy", "cultureSociety", "defenceSecurity", "politicalSystem"},
	} {
		if got := sum(parts...); got != number("registered") {
			t.Errorf("%s: %v are %d of %d registered", about, parts, got, number("registered"))
		}
	}
}

func TestTheListAgreesWithTheFigureAfterARevocation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		e := s.Recognised(apptest.Registration(), "1/QĐ")
		act := e.Standing.InForce(ledger.Recognised, apptest.Day("2024-09-01"))[0]
		s.Must(s.Practices.Revoke(t.Context(), s.System(), e.ID, act.ID, practice.Step{On: apptest.Day("2024-10-01"), Reason: "khai sai"}))
		for on, want := range map[string]string{"2024-08-31": "", "2024-09-30": "2024-09-01", "2024-10-01": ""} {
			r, err := s.Reports.Report(t.Context(), s.System(), report.Query{Movement: "M-2024", AsOf: apptest.Day(on), List: true})
			s.Must(err)
			if got := r.Table(report.TableEntries).Rows[0].Text("recognisedOn"); got != want {
				t.Errorf("as of %s the list says recognised on %q, want %q", on, got, want)
			}
		}
	})
}

// TestSeveralUnitsAreReportedTogether: who was given two wards and asks for none in
// particular reads of both, and of nothing else.
func TestSeveralUnitsAreReportedTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		for _, unit := range []string{"W1.G", "W2.G", "W2.G", "D.B"} {
			in := apptest.Registration()
			in.Unit = unit
			s.Register(in)
		}
		who, other := s.At(app.RoleLeader, "W1"), s.At(app.RoleLeader, "W2")
		who.Scope.Paths = append(who.Scope.Paths, other.Scope.Paths...)
		who.Scope.Paths = append(who.Scope.Paths, s.At(app.RoleLeader, "W2.G").Scope.Paths...)
		r, err := s.Reports.Report(t.Context(), who, report.Query{Movement: "M-2024", AsOf: apptest.Day("2024-09-30"), List: true})
		s.Must(err)
		if n := r.Figures.Get(ledger.FigureRegistered).Total; n != 3 || r.Scope != (report.Place{Name: "Phường Một; Phường Hai"}) {
			t.Errorf("%d registered in %+v", n, r.Scope)
		}
		rows := map[string]int{}
		for _, row := range r.Table(report.TableByUnit).Rows {
			rows[row.Text("unit")] = row.Int("registered")
		}
		if !maps.Equal(rows, map[string]int{"W1": 1, "W2": 2}) || len(r.Table(report.TableEntries).Rows) != 3 {
			t.Errorf("by unit: %v", rows)
		}
		for _, one := range r.Identities {
			if !one.Holds {
				t.Errorf("%s is broken by %v", one.ID, one.Breaches)
			}
		}
		r, err = s.Reports.Report(t.Context(), who, report.Query{Movement: "M-2024", AsOf: apptest.Day("2024-09-30"), Scope: "W2"})
		s.Must(err)
		if n := r.Figures.Get(ledger.FigureRegistered).Total; n != 2 {
			t.Errorf("%d registered in the one that was asked for", n)
		}
	})
}

// TestPublicFigures: what everybody sees are the sums of the report, without the steps
// inside the office; a movement that is still to be launched is not found.
func TestPublicFigures(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := apptest.NewSmall(t, d)
		s.Recognised(apptest.Registration(), "1/QĐ")
		public, err := s.Reports.Public(t.Context(), "m-2024", 0)
		s.Must(err)
		inside, err := s.Reports.Report(t.Context(), s.System(), report.Query{Movement: "M-2024"})
		s.Must(err)
		if public.AsOf != inside.AsOf || public.AsOf != apptest.Day("2024-12-31") || len(public.Figures) != len(report.PublicFigures()) {
			t.Errorf("as of %s: %+v", public.AsOf, public.Figures)
		}
		for _, f := range public.Figures {
			if f != inside.Figures.Get(f.Name) || f.Name == ledger.FigureReceived {
				t.Errorf("%s: %+v", f.Name, f)
			}
		}
		_, err = s.Movements.Launch(t.Context(), s.System(), movement.Input{
			Code: "M-X", Name: "Phong trào sau", Level: org.Commune, Unit: "W1", StandingBody: "W1", LaunchedOn: s.Now.Today() + 1,
			Period: movement.PeriodInput{Name: "Kỳ sau", From: s.Now.Today() + 1, To: s.Now.Today() + 100},
		})
		s.Must(err)
		for _, code := range []string{"M-X", "nope"} {
			if _, err := s.Reports.Public(t.Context(), code, 0); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s: %v", code, err)
			}
		}
		if _, err := s.Reports.Public(t.Context(), "M-2024", 99); !errs.Is(err, errs.NotFound) {
			t.Errorf("a period of another movement: %v", err)
		}
		if all, err := s.Movements.PublicList(t.Context()); err != nil || len(all) != 1 {
			t.Errorf("the public movements: %v %v", all, err)
		}
	})
}
