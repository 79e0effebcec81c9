package practice

import (
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// Query asks for a part of the register.
type Query struct {
	Period    int
	Tab       Tab
	Unit      string // code: its whole subtree
	Kind      ledger.SubjectKind
	Field     ledger.Field
	Origin    ledger.Origin
	From, To  clock.Date
	Name      string
	Tag       string         // identity of a tag, or [Focused]
	Late, Own bool           // registered after the last day of registration; at the unit itself alone
	Behind    *ledger.Behind // the list behind a figure, instead of the register as it stands
	Slice     ledger.Slice
}

// Parameters are texts with names, such as those of an address. What is wrong with one of
// them they gather themselves.
type Parameters interface {
	Text(name string, most int) string
	Date(name string) clock.Date
	Choice(name string, offered ...string) string
}

// ReadQuery reads which part of the register is asked for: tab, unit, kind, field, origin,
// from, to, q, tag, late, sort and cursor. The period and the length of the list are the caller's.
func ReadQuery(p Parameters) Query {
	kind, _ := ledger.Parse(ledger.SubjectKinds(), p.Choice("kind", ledger.Codes(ledger.SubjectKinds())...))
	field, _ := ledger.Parse(ledger.Fields(), p.Choice("field", ledger.Codes(ledger.Fields())...))
	origin, _ := ledger.Parse(ledger.Origins(), p.Choice("origin", ledger.Codes(ledger.Origins())...))
	q := Query{
		Tab: Tab(p.Choice("tab", codes(Tabs())...)), Unit: p.Text("unit", maxPlace), Kind: kind, Field: field, Origin: origin,
		From: p.Date("from"), To: p.Date("to"), Name: p.Text("q", maxSubject), Tag: p.Text("tag", maxID), Late: p.Choice("late", "1") != "",
		Slice: ledger.Slice{
			Sort: ledger.Sort(p.Choice("sort", string(ledger.ByDay), string(ledger.ByName))), Cursor: p.Text("cursor", maxCursor),
		},
	}
	if q.Tab == "" {
		q.Tab = TabAll
	}
	if q.Slice.Sort == "" {
		q.Slice.Sort = ledger.ByDay
	}
	return q
}

// ReadBehind is [ReadQuery] for the list behind a figure as of a day, on one level where
// that is asked for too. It is in the order of the names.
func ReadBehind(p Parameters, figure ledger.Figure, on clock.Date) Query {
	q := ReadQuery(p)
	q.Behind = &ledger.Behind{Figure: figure, On: on, Level: p.Choice("level", codes(org.Levels())...)}
	q.Slice.Sort, q.Tag, q.Late = ledger.ByName, "", false
	return q
}

// Bounds of parameters, in characters.
const (
	maxPlace  = 300 // a unit by its code, or as a person types it
	maxCursor = 400
	maxID     = 64
)

func codes[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}
