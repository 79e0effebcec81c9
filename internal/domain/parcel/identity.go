package parcel

import (
	"slices"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// holds counts anew what a report says: the identities that must hold in every report, and
// that each figure is as long as the list behind it. A signature proves who said it; this
// proves that it adds up.
func holds(r report.Report, l lists) error {
	for _, check := range []func() error{
		func() error { return figuresHold(r) },
		func() error { return tablesHold(r) },
		func() error { return stepsHold(l.entries) },
		func() error { return listsHold(r, l) },
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func broken(identity i18n.Key, where string) error {
	return wrong(i18n.ParcelIdentity, identity, where)
}

// figuresHold holds where the kinds of subject sum to each figure.
func figuresHold(r report.Report) error {
	for _, d := range ledger.Definitions() {
		f := r.Figures.Get(d.Figure)
		if f.Name == "" || min(f.Total, f.Collective, f.Individual, f.Household, f.Subjects) < 0 || f.Collective+f.Individual+f.Household != f.Total || f.Subjects > f.Total {
			return broken(i18n.ReportKindsSum, string(d.Figure))
		}
	}
	for _, one := range r.Identities {
		if !one.Holds {
			label := i18n.ReportKindsSum
			if one.Label() != 0 {
				label = one.Label()
			}
			return broken(label, shown(one.ID))
		}
	}
	return nil
}

// tablesHold holds where fields, origins and units sum to the figures.
func tablesHold(r report.Report) error {
	byField, byUnit := r.Table(report.TableByField), r.Table(report.TableByUnit)
	steps := []ledger.Figure{ledger.FigureRegistered, ledger.FigureReceived, ledger.FigureCarriedOut, ledger.FigureRecognised, ledger.FigureTypical, ledger.FigureReplicated}
	for _, f := range steps {
		if column := string(f); !slices.Contains(byField.Columns, column) || sumOf(byField, column) != r.Figures.Get(f).Total || byField.Totals[column] != sumOf(byField, column) {
			return broken(i18n.ReportFieldsSum, column)
		}
	}
	for column, total := range byUnit.Totals {
		if total != sumOf(byUnit, column) {
			return broken(i18n.ReportChildrenSum, shown(column))
		}
	}
	for _, f := range steps {
		if column := string(f); !slices.Contains(byUnit.Columns, column) || sumOf(byUnit, column) != r.Figures.Get(f).Total {
			return broken(i18n.ReportChildrenSum, string(f))
		}
	}
	for _, row := range byUnit.Rows {
		parts := func(columns ...string) (n int) {
			for _, c := range columns {
				n += row.Int(c)
			}
			return n
		}
		registered := row.Int(string(ledger.FigureRegistered))
		switch {
		case parts(kindColumns()...) != registered:
			return broken(i18n.ReportKindsSum, shown(row.Text("unit")))
		case parts(fieldColumns()...) != registered:
			return broken(i18n.ReportFieldsSum, shown(row.Text("unit")))
		case parts(originColumns()...) != registered:
			return broken(i18n.ReportOriginsSum, shown(row.Text("unit")))
		}
	}
	return nil
}

func sumOf(t report.Table, column string) (n int) {
	for _, row := range t.Rows {
		n += row.Int(column)
	}
	return n
}

func kindColumns() (all []string) {
	for _, k := range ledger.SubjectKinds() {
		all = append(all, k.String())
	}
	return all
}

func fieldColumns() (all []string) {
	for _, f := range ledger.Fields() {
		all = append(all, f.String())
	}
	return all
}

func originColumns() (all []string) {
	for _, o := range ledger.Origins() {
		all = append(all, report.OriginColumn(o))
	}
	return all
}

// stepsHold holds where every entry that took a later step took the earlier one, and none
// stands in the list twice.
func stepsHold(entries []report.ListedEntry) error {
	seen := make(map[string]bool, 2*len(entries))
	for _, e := range entries {
		for _, name := range []string{"id " + e.Entry, "code " + e.Code} {
			if seen[name] {
				return wrong(i18n.ParcelEntryTwice, shown(e.Code))
			}
			seen[name] = true
		}
		for _, step := range []struct {
			later, earlier ledger.Figure
			identity       i18n.Key
		}{
			{ledger.FigureReceived, ledger.FigureRegistered, i18n.ReportReceivedWithin},
			{ledger.FigureRecognised, ledger.FigureReceived, i18n.ReportRecognisedWithin},
			{ledger.FigureTypical, ledger.FigureRecognised, i18n.ReportTypicalWithin},
		} {
			if counts(e.Counted, step.later) && !counts(e.Counted, step.earlier) {
				return broken(step.identity, shown(e.Code))
			}
		}
	}
	return nil
}

func counts(counted []string, f ledger.Figure) bool { return slices.Contains(counted, string(f)) }

// listsHold holds where each figure, and each kind of it, is as long as its list.
func listsHold(r report.Report, l lists) error {
	type cell struct {
		figure, kind string
	}
	found := map[cell]int{}
	for _, e := range l.entries {
		for _, f := range e.Counted {
			found[cell{f, e.Kind}]++
		}
	}
	for _, s := range l.subjects {
		for _, f := range s.Counted {
			found[cell{f, s.Kind}]++
		}
	}
	for _, i := range l.items {
		if i.What == string(ledger.Adoption) {
			found[cell{string(ledger.FigureAdoptions), i.Kind}]++
		}
	}
	for _, d := range ledger.Definitions() {
		f := r.Figures.Get(d.Figure)
		for _, k := range ledger.SubjectKinds() {
			if n := found[cell{string(d.Figure), k.String()}]; n != f.Of(k) {
				return wrong(i18n.ParcelListLength, d.Label, strconv.Itoa(f.Of(k)), strconv.Itoa(n))
			}
		}
	}
	return nil
}
