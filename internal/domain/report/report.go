// Package report answers how far a movement has come: its ten figures as of a day, the
// tables of the published reports, and whether the identities hold that must hold.
//
// It stands on top of the other rooms and writes nothing but its own narratives and snapshots.
// Each figure opens to the list behind it; both come from the same definition in the ledger.
//
// A narrative is the prose of a report, in which every figure is a reference to a cell. A
// snapshot is a report that was frozen, with the lists behind its figures; it never changes.
// What was recorded since and changes one of its cells is its difference note.
package report

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// The rights of this capability.
const (
	RightRead   actor.Right = "report.read"
	RightWrite  actor.Right = "report.write"  // the words of a report
	RightFreeze actor.Right = "report.freeze" // a report as it is known now
)

// Query asks for a report.
type Query struct {
	Movement string     // code
	Period   int        // number of one of its periods; none is that of the day
	AsOf     clock.Date // none is today, or the last day of the period where that is over
	Scope    string     // code of a unit; none is the whole of what the actor may see
	List     bool       // with the table of entries
}

// Report is the answer. Its form in JSON is the same on the command line and in the API;
// the tags say what each part of it is.
type Report struct {
	Movement   string     `json:"movement" doc:"Code of the movement."`
	AsOf       clock.Date `json:"asOf" doc:"The day as of which everything is counted."`
	Period     Span       `json:"period" doc:"The period of the movement in which the day lies."`
	Scope      Place      `json:"scope" doc:"The unit that the report is about, with all below it; the code is empty where it is about several."`
	Figures    Figures    `json:"figures" doc:"The ten figures by name, in the order of the funnel."`
	Tables     []Table    `json:"tables" doc:"byUnit, awards, replication and comparison; entries too where the list was asked for."`
	Identities []Identity `json:"identities" doc:"What must hold in every report, and whether it does."`

	// What pages need beside the document.
	Of       movement.Movement  `json:"-"`
	PeriodNo int                `json:"-"`
	Root     org.Unit           `json:"-"`
	Cube     ledger.Cube        `json:"-"`
	Tree     *org.Tree          `json:"-"`
	Words    map[Section]string `json:"-"` // the narrative, its figures filled in; none where nobody wrote one
	Seal     string             `json:"-"` // the SHA-256 of a frozen report
}

// Span is a stretch of days, both within.
type Span struct {
	From clock.Date `json:"from" doc:"The first day."`
	To   clock.Date `json:"to" doc:"The last day, within."`
}

// Place is a unit by its code, with the name that held on the day.
type Place struct {
	Code string `json:"code" doc:"Code of the unit."`
	Name string `json:"name" doc:"Its name on the day."`
}

// Figure is one figure with its split; Subjects is the number of distinct subjects.
type Figure struct {
	Name       ledger.Figure `json:"-"`
	Total      int           `json:"total" doc:"How many there are."`
	Collective int           `json:"collective" doc:"Those of collectives."`
	Individual int           `json:"individual" doc:"Those of individuals."`
	Household  int           `json:"household" doc:"Those of households."`
	Subjects   int           `json:"subjects" doc:"Distinct subjects: a group with two practices is one."`
}

// Of is the part of the figure that one kind of subject has.
func (f Figure) Of(k ledger.SubjectKind) int {
	switch k {
	case ledger.Collective:
		return f.Collective
	case ledger.Individual:
		return f.Individual
	default:
		return f.Household
	}
}

// Figures are the ten figures in the order of the funnel.
type Figures []Figure

// Get finds a figure by its name.
func (all Figures) Get(name ledger.Figure) Figure {
	for _, f := range all {
		if f.Name == name {
			return f
		}
	}
	return Figure{}
}

// MarshalJSON writes an object by name, in the order of the funnel.
func (all Figures) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range all {
		if i > 0 {
			b.WriteByte(',')
		}
		raw, err := json.Marshal(f)
		if err != nil {
			return nil, fmt.Errorf("write figure %s: %w", f.Name, err)
		}
		fmt.Fprintf(&b, "%q:%s", f.Name, raw)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Table is one of the tables: its columns by their codes, its rows as values by
// column, and the sums of the columns that are summed.
type Table struct {
	ID      string         `json:"id" doc:"Name of the table."`
	Columns []string       `json:"columns" doc:"Codes of the columns, in their order."`
	Rows    []Row          `json:"rows" doc:"The rows: a text or a whole number by the code of its column."`
	Totals  map[string]int `json:"totals" doc:"Sums of the columns that are summed."`
}

// Row is one row of a table by column: a text or a whole number.
type Row map[string]any

// Int is a number of the row; 0 where the column holds none.
func (r Row) Int(column string) int {
	n, _ := r[column].(int)
	return n
}

// Text is a text of the row; "" where the column holds none.
func (r Row) Text(column string) string {
	s, _ := r[column].(string)
	return s
}

// The tables, as exports name them.
const (
	TableByUnit      = "byUnit"
	TableAwards      = "awards"
	TableEntries     = "entries"
	TableReplication = "replication"
	TableComparison  = "comparison"
)

// Table finds a table by its id.
func (r Report) Table(id string) Table {
	for _, t := range r.Tables {
		if t.ID == id {
			return t
		}
	}
	return Table{}
}

// Identity is something that must hold in every report, and the records that break it.
type Identity struct {
	ID       string   `json:"id" doc:"Name of the identity."`
	Holds    bool     `json:"holds" doc:"Whether it holds."`
	Breaches []string `json:"breaches" doc:"Codes of the entries or units that break it."`
	OfUnits  bool     `json:"-"` // the breaches are units
}

// Label is the identity in words.
func (i Identity) Label() i18n.Key {
	return map[string]i18n.Key{
		"kindsSumToTotal": i18n.ReportKindsSum, "fieldsSumToTotal": i18n.ReportFieldsSum, "originsSumToRegistered": i18n.ReportOriginsSum,
		"childrenSumToParent": i18n.ReportChildrenSum, "receivedWithinRegistered": i18n.ReportReceivedWithin,
		"recognisedWithinReceived": i18n.ReportRecognisedWithin, "typicalWithinRecognised": i18n.ReportTypicalWithin,
	}[i.ID]
}

// FormName is a form of award without its level and track, in words; a praise has none.
func FormName(lang i18n.Lang, form string) string {
	key, ok := map[string]i18n.Key{
		"": i18n.LedgerPraised, "giayKhen": i18n.ReportGiayKhen, "bangKhen": i18n.ReportBangKhen, "giayChungNhan": i18n.ReportGiayChungNhan,
	}[form]
	if !ok {
		return form // one that an office has added
	}
	return lang.T(key)
}

func newTable(id string, columns ...string) Table {
	return Table{ID: id, Columns: columns, Rows: []Row{}, Totals: map[string]int{}}
}

// add appends a row and sums its numbers.
func (t *Table) add(r Row) {
	t.Rows = append(t.Rows, r)
	for column, v := range r {
		if n, ok := v.(int); ok {
			t.Totals[column] += n
		}
	}
}

// figures splits the ten figures by kind of subject.
func figures(c ledger.Cube) Figures {
	byKind := map[ledger.SubjectKind]ledger.Counts{}
	for _, k := range ledger.SubjectKinds() {
		byKind[k] = c.Total(func(cell ledger.Cell) bool { return cell.Kind == k })
	}
	total := c.Total(nil)
	all := make(Figures, 0, len(ledger.Definitions()))
	for _, d := range ledger.Definitions() {
		all = append(all, Figure{
			Name: d.Figure, Total: total.Of(d.Figure), Collective: byKind[ledger.Collective].Of(d.Figure),
			Individual: byKind[ledger.Individual].Of(d.Figure), Household: byKind[ledger.Household].Of(d.Figure),
			Subjects: c.Subjects(d.Figure),
		})
	}
	return all
}
