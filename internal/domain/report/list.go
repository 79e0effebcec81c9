package report

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// ListedEntry is an entry behind the figures of a snapshot, as it was known then.
type ListedEntry struct {
	Entry, Code, Title  string
	Row                 string // code of the row of the table by unit that counts it
	Unit, UnitName      string // code and name of the unit that leads it
	Kind, Field, Origin string
	Subject             string
	RegisteredOn        string
	RecognisedOn        string
	Counted             []string // the columns of the table by unit that count it
}

func (e ListedEntry) counted(f ledger.Figure) bool { return slices.Contains(e.Counted, string(f)) }

// row is the entry in the table of entries.
func (e ListedEntry) row() Row {
	return Row{
		"code": e.Code, "title": e.Title, "unit": e.UnitName, "kind": e.Kind, "field": e.Field, "origin": e.Origin,
		"registeredOn": e.RegisteredOn, "recognisedOn": e.RecognisedOn,
	}
}

// ListedSubject is an exemplar behind the figures of a snapshot.
type ListedSubject struct {
	Subject, Title, Row, Unit, UnitName, Kind, Field string
	Counted                                          []string // the figures that count it
}

// ListedItem is an award, a praise or an adoption behind the tables of a snapshot.
type ListedItem struct {
	Item, What, Row, Unit, UnitName, Subject, Kind, Form, Level, On string
	Source, SourceTitle                                             string // of an adoption
}

// lists is what stands behind the figures of a report.
type lists struct {
	Entries  []ListedEntry
	Subjects []ListedSubject
	Items    []ListedItem
}

// counting names the columns of the table by unit that count an entry.
func counting(c ledger.Counts) []string {
	var all []string
	for _, f := range fieldFigures() {
		if c.Of(f) > 0 {
			all = append(all, string(f))
		}
	}
	for _, l := range org.Levels() {
		if c.OfLevel(l) > 0 {
			all = append(all, LevelColumn(l))
		}
	}
	if c.Suspended() > 0 {
		all = append(all, "suspended")
	}
	if c.Ended() > 0 {
		all = append(all, "ended")
	}
	return all
}

// rowOf is the code of the row of the table by unit in which a path is counted.
func (a asked) rowOf(path string) string {
	u, _ := a.childAt(path)
	return u.Code
}

// entriesBehind are the entries behind the figures of a report, by name.
func entriesBehind(ctx context.Context, q db.Querier, a asked, names func(string) (string, string)) ([]ListedEntry, error) {
	entries, err := ledger.EntriesOn(ctx, q, a.question)
	all := make([]ListedEntry, len(entries))
	rows := map[string]string{} // of paths
	for i, e := range entries {
		row, ok := rows[e.Path]
		if !ok {
			row = a.rowOf(e.Path)
			rows[e.Path] = row
		}
		code, name := names(e.Unit)
		all[i] = ListedEntry{
			Entry: e.Entry, Code: e.Code, Title: e.Title, Row: row, Unit: code, UnitName: name, Kind: e.Kind.String(), Field: e.Field.String(),
			Origin: e.Origin.String(), Subject: e.Subject, RegisteredOn: e.RegisteredOn.String(), RecognisedOn: e.RecognisedOn.String(), Counted: counting(e.Counts),
		}
	}
	return all, err
}

// subjectsBehind are the exemplars behind the figures of a report, by name.
func subjectsBehind(ctx context.Context, q db.Querier, a asked, names func(string) (string, string)) ([]ListedSubject, error) {
	subjects, err := ledger.SubjectsOn(ctx, q, a.question)
	all := make([]ListedSubject, len(subjects))
	for i, s := range subjects {
		code, name := names(s.Unit)
		all[i] = ListedSubject{Subject: s.Subject, Title: s.Title, Row: a.rowOf(s.Path), Unit: code, UnitName: name, Kind: s.Kind.String(), Field: s.Field.String()}
		for _, f := range []ledger.Figure{ledger.FigureFound, ledger.FigurePraised, ledger.FigureAwarded} {
			if s.Counts.Of(f) > 0 {
				all[i].Counted = append(all[i].Counted, string(f))
			}
		}
	}
	return all, err
}

func itemsBehind(ctx context.Context, q db.Querier, a asked, names func(string) (string, string)) ([]ListedItem, error) {
	var all []ListedItem
	var adoptions []string
	for _, kind := range []ledger.ItemKind{ledger.Award, ledger.Praise, ledger.Adoption} {
		rows, err := ledger.ItemsOn(ctx, q, a.question, kind)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			code, name := names(r.Unit)
			all = append(all, ListedItem{
				Item: r.Item, What: string(kind), Row: a.rowOf(r.Path), Unit: code, UnitName: name, Subject: r.Subject, Kind: r.Kind.String(), Form: r.Form,
				Level: string(r.Level), On: r.On.String(),
			})
			if kind == ledger.Adoption {
				adoptions = append(adoptions, r.Item)
			}
		}
	}
	sources, err := replication.SourceOf(ctx, q, adoptions)
	for i, one := range all {
		if src, ok := sources[one.Item]; ok {
			all[i].Source, all[i].SourceTitle = src.Code, src.Title
		}
	}
	return all, err
}

// namer gives codes and names of units on the day of the report, each looked up once.
func (a asked) namer() func(id string) (code, name string) {
	type named struct{ code, name string }
	known := map[string]named{}
	return func(id string) (string, string) {
		n, ok := known[id]
		if !ok {
			u, _ := a.tree.Unit(id)
			n = named{u.Code, u.NameOn(a.question.On)}
			known[id] = n
		}
		return n.code, n.name
	}
}

// The columns of the lists. Every row is written as texts in this order, and then the names
// of the figures that count it.
const (
	entryListColumns   = `["entry","code","title","row","unit","unitName","kind","field","origin","subject","registeredOn","recognisedOn"]`
	subjectListColumns = `["subject","title","row","unit","unitName","kind","field"]`
	itemListColumns    = `["item","what","row","unit","unitName","subject","kind","form","level","on","source","sourceTitle"]`
)

func (e ListedEntry) texts() []string {
	return []string{e.Entry, e.Code, e.Title, e.Row, e.Unit, e.UnitName, e.Kind, e.Field, e.Origin, e.Subject, e.RegisteredOn, e.RecognisedOn}
}

func (s ListedSubject) texts() []string {
	return []string{s.Subject, s.Title, s.Row, s.Unit, s.UnitName, s.Kind, s.Field}
}

func (i ListedItem) texts() []string {
	return []string{i.Item, i.What, i.Row, i.Unit, i.UnitName, i.Subject, i.Kind, i.Form, i.Level, i.On, i.Source, i.SourceTitle}
}

// json writes the lists in little room: rows as arrays, below the names of their columns.
func (l lists) json() []byte {
	b := make([]byte, 0, 256*(len(l.Entries)+len(l.Subjects)+len(l.Items))+1024)
	b = append(b, `{"entries":{"columns":`+entryListColumns+`,"rows":[`...)
	for i, e := range l.Entries {
		b = appendRow(b, i, e.texts(), e.Counted)
	}
	b = append(b, `]},"subjects":{"columns":`+subjectListColumns+`,"rows":[`...)
	for i, s := range l.Subjects {
		b = appendRow(b, i, s.texts(), s.Counted)
	}
	b = append(b, `]},"items":{"columns":`+itemListColumns+`,"rows":[`...)
	for i, one := range l.Items {
		b = appendRow(b, i, one.texts(), nil)
	}
	return append(b, "]}}"...)
}

func appendRow(b []byte, i int, texts, counted []string) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	b = append(b, '[')
	for j, s := range texts {
		if j > 0 {
			b = append(b, ',')
		}
		b = appendText(b, s)
	}
	for _, s := range counted {
		b = append(b, ',')
		b = appendText(b, s)
	}
	return append(b, ']')
}

// appendText writes a text as JSON. Encoding it by reflection would take longer than
// counting what it is about.
func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	if utf8.ValidString(s) && strings.IndexFunc(s, special) < 0 {
		return append(append(b, s...), '"')
	}
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ':
			b = append(b, `\u00`...)
			b = append(b, "0123456789abcdef"[r>>4], "0123456789abcdef"[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

// special tells whether a letter stands in JSON otherwise than as itself.
func special(r rune) bool { return r < ' ' || r == '"' || r == '\\' }

// readLists reads the lists of a document.
func readLists(raw []byte) (lists, error) {
	type rows struct {
		Rows [][]string `json:"rows"`
	}
	var doc struct{ Entries, Subjects, Items rows }
	var l lists
	if err := json.Unmarshal(raw, &doc); err != nil {
		return l, fmt.Errorf("read the lists of a snapshot: %w", err)
	}
	short := func(what string, i int) error {
		return fmt.Errorf("read the lists of a snapshot: row %s of %s is too short", strconv.Itoa(i), what)
	}
	l.Entries = make([]ListedEntry, len(doc.Entries.Rows))
	for i, t := range doc.Entries.Rows {
		if len(t) < 12 {
			return l, short("entries", i)
		}
		l.Entries[i] = ListedEntry{t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11], t[12:]}
	}
	for i, t := range doc.Subjects.Rows {
		if len(t) < 7 {
			return l, short("subjects", i)
		}
		l.Subjects = append(l.Subjects, ListedSubject{t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7:]})
	}
	for i, t := range doc.Items.Rows {
		if len(t) < 12 {
			return l, short("items", i)
		}
		l.Items = append(l.Items, ListedItem{t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11]})
	}
	return l, nil
}

// Entries are the entries behind the figures of the snapshot, by name.
func (f Frozen) Entries() ([]ListedEntry, error) {
	l, err := readLists(f.doc.Lists)
	return l.Entries, err
}

// Subjects are the exemplars behind the figures of the snapshot, by name.
func (f Frozen) Subjects() ([]ListedSubject, error) {
	l, err := readLists(f.doc.Lists)
	return l.Subjects, err
}

// Items are the awards, praises and adoptions behind the tables of the snapshot.
func (f Frozen) Items() ([]ListedItem, error) {
	l, err := readLists(f.doc.Lists)
	return l.Items, err
}
