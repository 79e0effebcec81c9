package report

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// Snapshot is a report that was frozen: what was known then of a movement's period, as of
// a day, of a unit with all below it. It never changes; another version may follow it.
type Snapshot struct {
	ID        string     `json:"id"`
	Movement  string     `json:"movement"` // code
	PeriodNo  int        `json:"period"`
	Scope     string     `json:"scope"` // code of the unit
	AsOf      clock.Date `json:"asOf"`
	Version   int        `json:"version"`   // 1, 2, … of the same movement, period, unit and day
	Narrative int        `json:"narrative"` // version of the words; 0 where the draft stands
	SHA256    string     `json:"sha256"`    // of its bytes, hexadecimal
	Size      int        `json:"size"`      // bytes
	FrozenAt  time.Time  `json:"frozenAt"`
	FrozenBy  string     `json:"frozenBy"` // account
	Replaced  bool       `json:"replaced"` // a later version stands

	unit     string // identity of the unit
	lastAct  string // what was recorded later is its difference note
	revision int    // of the units
}

// Frozen is a snapshot with its bytes, proven to be those that were frozen.
type Frozen struct {
	Snapshot
	Bytes []byte
	doc   document
	lists []byte // of the bytes
}

// Knew tells whether an act had been recorded when the report was frozen.
func (s Snapshot) Knew(a ledger.Act) bool { return a.ID <= s.lastAct }

// format names the form of the bytes: compact JSON in UTF-8, its keys in a fixed order.
const format = "nhanrong-report/1"

// document is what the bytes of a snapshot say, but for the lists at their end.
type document struct {
	Format     string          `json:"format"`
	Movement   frozenMovement  `json:"movement"`
	Period     frozenPeriod    `json:"period"`
	AsOf       clock.Date      `json:"asOf"`
	Scope      Place           `json:"scope"`
	Figures    Figures         `json:"figures"`
	Tables     []Table         `json:"tables"`
	Identities []Identity      `json:"identities"`
	Narrative  []frozenSection `json:"narrative"`
}

type frozenMovement struct {
	Code string      `json:"code"`
	Name string      `json:"name"`
	Plan *frozenPlan `json:"plan,omitempty"`
}

type frozenPlan struct {
	Number   string     `json:"number"`
	SignedOn clock.Date `json:"signedOn"`
}

type frozenPeriod struct {
	No   int        `json:"no"`
	Name string     `json:"name"`
	From clock.Date `json:"from"`
	To   clock.Date `json:"to"`
}

type frozenSection struct {
	ID     Section `json:"section"`
	Text   string  `json:"text"`   // as it was written, with its references
	Filled string  `json:"filled"` // with the figures in their places
}

// newDocument is a report as a document, without its lists.
func newDocument(r Report, sections []frozenSection) document {
	p, _ := r.Of.Period(r.PeriodNo)
	d := document{
		Format: format, Movement: frozenMovement{Code: r.Of.Code, Name: r.Of.Name}, Period: frozenPeriod{p.No, p.Name, p.From, p.To},
		AsOf: r.AsOf, Scope: r.Scope, Figures: r.Figures, Identities: r.Identities, Narrative: sections,
		Tables: append([]Table{r.ByField()}, r.Tables...),
	}
	for _, one := range r.Of.Papers {
		if one.Kind == movement.Plan {
			d.Movement.Plan = &frozenPlan{one.Number, one.SignedOn}
			break
		}
	}
	return d
}

// listsKey stands between a document and its lists.
const listsKey = `,"lists":`

// bytes writes a document with its lists at the end.
func (d document) bytes(l lists) ([]byte, error) {
	head, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("write a snapshot: %w", err)
	}
	all := make([]byte, 0, len(head)+l.room())
	all = append(all, head[:len(head)-1]...)
	all = append(all, listsKey...)
	return append(l.appendTo(all), '}'), nil
}

func sum(content []byte) string {
	s := sha256.Sum256(content)
	return hex.EncodeToString(s[:])
}

// pack packs content in parts, side by side: gzip reads one after the other as one.
func pack(content []byte) ([]byte, error) {
	parts := slices.Collect(slices.Chunk(content, max(1<<20, len(content)/runtime.NumCPU()+1)))
	packed, failed := make([][]byte, len(parts)), make([]error, len(parts))
	var all sync.WaitGroup
	for i, part := range parts {
		all.Go(func() { packed[i], failed[i] = packPart(part) })
	}
	all.Wait()
	if err := errors.Join(failed...); err != nil {
		return nil, fmt.Errorf("pack a snapshot: %w", err)
	}
	return slices.Concat(packed...), nil
}

func packPart(content []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// open unpacks a snapshot and proves that its bytes are those that were frozen.
func (s Snapshot) open(packed []byte) (Frozen, error) {
	f := Frozen{Snapshot: s}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return f, fmt.Errorf("unpack snapshot %s: %w", s.ID, err)
	}
	f.Bytes = make([]byte, s.Size)
	if _, err := io.ReadFull(r, f.Bytes); err != nil {
		return f, fmt.Errorf("unpack snapshot %s: %w", s.ID, err)
	}
	if got := sum(f.Bytes); got != s.SHA256 {
		return f, fmt.Errorf("snapshot %s is damaged: its bytes sum to %s, they were frozen as %s", s.ID, got, s.SHA256)
	}
	f.doc, f.lists, err = readDocument(f.Bytes)
	return f, err
}

// readDocument reads a document, and leaves its lists, most of the bytes, to be read when
// they are asked for.
func readDocument(content []byte) (document, []byte, error) {
	var d document
	head, lists, _ := bytes.Cut(content, []byte(listsKey))
	if err := json.Unmarshal(append(slices.Clip(head), '}'), &d); err != nil {
		return d, nil, fmt.Errorf("read a snapshot: %w", err)
	}
	if d.Format != format {
		return d, nil, fmt.Errorf("read a snapshot: its form is %q", d.Format)
	}
	return d, lists, nil
}

// Report is the report as it was frozen. Its table of entries comes from the lists.
func (f Frozen) Report() (Report, error) {
	r := f.Summary()
	entries, err := f.Entries()
	if err != nil {
		return r, err
	}
	t := newTable(TableEntries, entryColumns()...)
	for _, e := range entries {
		if e.counted(ledger.FigureRegistered) {
			t.Rows = append(t.Rows, e.row())
		}
	}
	r.Tables = append(slices.Clone(r.Tables), t)
	return r, nil
}

// Summary is the report as it was frozen, without its table of entries.
func (f Frozen) Summary() Report {
	d := f.doc
	m := movement.Movement{Code: d.Movement.Code, Name: d.Movement.Name, Periods: []movement.Period{{No: d.Period.No, Name: d.Period.Name, From: d.Period.From, To: d.Period.To}}}
	if d.Movement.Plan != nil {
		m.Papers = []movement.Paper{{Kind: movement.Plan, Number: d.Movement.Plan.Number, SignedOn: d.Movement.Plan.SignedOn}}
	}
	r := Report{
		Movement: m.Code, AsOf: d.AsOf, Period: Span{d.Period.From, d.Period.To}, Scope: d.Scope, Figures: d.Figures, Tables: d.Tables,
		Identities: d.Identities, Of: m, PeriodNo: d.Period.No, Words: map[Section]string{}, Seal: f.SHA256,
	}
	r.Root.ID = f.unit
	for _, one := range d.Narrative {
		r.Words[one.ID] = one.Filled
	}
	return r
}

// UnmarshalJSON reads the figures back, in the order of the funnel.
func (all *Figures) UnmarshalJSON(raw []byte) error {
	byName := map[ledger.Figure]Figure{}
	if err := json.Unmarshal(raw, &byName); err != nil {
		return fmt.Errorf("read the figures: %w", err)
	}
	*all = (*all)[:0]
	for _, d := range ledger.Definitions() {
		if f, ok := byName[d.Figure]; ok {
			f.Name = d.Figure
			*all = append(*all, f)
		}
	}
	return nil
}

// UnmarshalJSON reads a row back: texts and whole numbers.
func (r *Row) UnmarshalJSON(raw []byte) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	values := map[string]any{}
	if err := dec.Decode(&values); err != nil {
		return fmt.Errorf("read a row: %w", err)
	}
	for column, v := range values {
		if n, ok := v.(json.Number); ok {
			whole, err := n.Int64()
			if err != nil {
				return fmt.Errorf("read a row: %w", err)
			}
			values[column] = int(whole)
		}
	}
	*r = values
	return nil
}
