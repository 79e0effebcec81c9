package admin

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// spareRows is how many empty rows a form offers below those that are filled.
const spareRows = 2

// measureCells are the fields of a row of indicators, and of one of resources.
func indicatorCells() map[string]i18n.Key {
	return map[string]i18n.Key{
		"name": i18n.RegisterIndicatorName, "unit": i18n.RegisterIndicatorUnit, "baseline": i18n.PracticeBaseline, "target": i18n.PracticeTarget,
		"actual": i18n.PracticeActual, "source": i18n.RegisterIndicatorSource, "beneficiary": i18n.RegisterIndicatorBeneficiary,
	}
}

func resourceCells() map[string]i18n.Key {
	return map[string]i18n.Key{
		"kind": i18n.RegisterResourceKind, "amount": i18n.RegisterResourceAmount, "text": i18n.RegisterResourceText, "funding": i18n.RegisterResourceFunding,
	}
}

// cell is the name of a field in a row of the form: "indicator.2.actual".
func cell(list string, row int, name string) string {
	return list + "." + strconv.Itoa(row) + "." + name
}

// measureWord names a field of a row for the list of errors: "Chỉ số 3, Kết quả".
func measureWord(lang i18n.Lang, field string) string {
	parts := strings.Split(field, ".")
	if len(parts) != 3 {
		return ""
	}
	row, err := strconv.Atoi(parts[1])
	key, cells := i18n.RegisterIndicatorRow, indicatorCells()
	if parts[0] == "resource" {
		key, cells = i18n.RegisterResourceRow, resourceCells()
	}
	if label, ok := cells[parts[2]]; ok && err == nil {
		return lang.T(i18n.RegisterLead, lang.T(key, row+1), lang.T(label))
	}
	return ""
}

// lastRow is how many rows of a list a form holds, up to the last that says anything.
func lastRow(values url.Values, list string, cells map[string]i18n.Key, idle ...string) int {
	last := 0
	for name := range values {
		parts := strings.Split(name, ".")
		if len(parts) != 3 || parts[0] != list || cells[parts[2]] == 0 || values.Get(name) == "" {
			continue
		}
		said := true
		for _, choice := range idle {
			said = said && parts[2] != choice
		}
		if row, err := strconv.Atoi(parts[1]); err == nil && said && row >= 0 && row < practice.MaxRows {
			last = max(last, row+1)
		}
	}
	return last
}

func indicatorCount(values url.Values) int { return lastRow(values, "indicator", indicatorCells()) }

// resourceCount leaves choices aside: a row that only has those says nothing.
func resourceCount(values url.Values) int {
	return lastRow(values, "resource", resourceCells(), "kind", "funding")
}

// rows is how many rows the form shows where so many are filled; who asks for more gets
// some.
func (v entryForm) rows(filled int) int {
	spare := spareRows
	if v.values.Get(desk.FieldMore) != "" {
		spare *= 3
	}
	return min(filled+spare, practice.MaxRows)
}

func readIndicators(q *webkit.FormReader) []practice.Indicator {
	all := make([]practice.Indicator, indicatorCount(q.Values))
	for i := range all {
		at := func(name string) string { return cell("indicator", i, name) }
		all[i] = practice.Indicator{
			Name: q.Text(at("name"), practice.MaxMeasure), Unit: q.Text(at("unit"), practice.MaxUnit), Baseline: q.Decimal(at("baseline")),
			Target: q.Decimal(at("target")), Actual: q.Decimal(at("actual")), Source: q.Text(at("source"), practice.MaxSource),
			Beneficiary: practice.Beneficiary(q.Choice(at("beneficiary"), desk.Texts(practice.Beneficiaries())...)),
		}
	}
	return all
}

func readResources(q *webkit.FormReader) []practice.Resource {
	all := make([]practice.Resource, resourceCount(q.Values))
	for i := range all {
		at := func(name string) string { return cell("resource", i, name) }
		all[i] = practice.Resource{
			Kind: practice.ResourceKind(q.Choice(at("kind"), desk.Texts(practice.ResourceKinds())...)), Amount: q.Decimal(at("amount")),
			Text: q.Text(at("text"), practice.MaxMeasure), Funding: practice.Funding(q.Choice(at("funding"), desk.Texts(practice.Fundings())...)),
		}
	}
	return all
}

// setMeasures fills the rows of a form.
func setMeasures(values url.Values, in practice.Input) {
	set := func(list string, row int, pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i+1] != "" {
				values.Set(cell(list, row, pairs[i]), pairs[i+1])
			}
		}
	}
	for i, x := range in.Indicators {
		set("indicator", i, "name", x.Name, "unit", x.Unit, "baseline", x.Baseline.String(), "target", x.Target.String(),
			"actual", x.Actual.String(), "source", x.Source, "beneficiary", string(x.Beneficiary))
	}
	for i, x := range in.Means {
		set("resource", i, "kind", string(x.Kind), "amount", x.Amount.String(), "text", x.Text, "funding", string(x.Funding))
	}
	if in.Correction != "" {
		values.Set("correction", in.Correction)
	}
}

// wordsOfRows writes rows one to a line, as a person compares them.
func wordsOfRows[T interface{ Words(i18n.Lang) string }](lang i18n.Lang, rows []T) string {
	all := make([]string, len(rows))
	for i, x := range rows {
		all[i] = x.Words(lang)
	}
	return strings.Join(all, "\n")
}

// indicatorTable shows what a practice set out to change, and what came of it.
func indicatorTable(lang i18n.Lang, all []practice.Indicator) ui.Table {
	t := ui.Table{Caption: lang.T(i18n.RegisterIndicators), ShowCaption: true, Pan: true, Columns: desk.Kinds(desk.Columns(lang,
		i18n.RegisterIndicatorName, i18n.PracticeBaseline, i18n.PracticeTarget, i18n.PracticeActual), ui.ColTitle, ui.ColNumber, ui.ColNumber, ui.ColNumber)}
	for i, x := range all {
		var more []string
		if x.Unit != "" {
			more = append(more, x.Unit)
		}
		if x.Beneficiary != practice.NoBeneficiary {
			more = append(more, lang.T(x.Beneficiary.Label()))
		}
		if x.Source != "" {
			more = append(more, x.Source)
		}
		t.Rows = append(t.Rows, ui.Row{ID: strconv.Itoa(i), Cells: []ui.Cell{
			{Text: x.Name, Sub: strings.Join(more, " · ")},
			{Text: desk.OrDash(lang.Decimal(x.Baseline))},
			{Text: desk.OrDash(lang.Decimal(x.Target))},
			{Text: desk.OrDash(lang.Decimal(x.Actual))},
		}})
	}
	return t
}

// resourceTable shows what went into a practice.
func resourceTable(lang i18n.Lang, all []practice.Resource) ui.Table {
	t := ui.Table{Caption: lang.T(i18n.RegisterResources), ShowCaption: true, Pan: true, Columns: desk.Kinds(desk.Columns(lang,
		i18n.RegisterResourceKind, i18n.RegisterResourceAmount, i18n.RegisterResourceFunding), ui.ColTitle)}
	for i, x := range all {
		note := x.Text
		if x.Kind == practice.InKind {
			note = ""
		}
		t.Rows = append(t.Rows, ui.Row{ID: strconv.Itoa(i), Cells: []ui.Cell{
			{Text: lang.T(x.Kind.Label()), Sub: note}, {Text: x.Quantity(lang)}, {Text: lang.T(x.Funding.Label())},
		}})
	}
	return t
}
