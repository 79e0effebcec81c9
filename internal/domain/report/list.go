package report

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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
	columns := map[ledger.Counts][]string{}
	for i, e := range entries {
		row, ok := rows[e.Path]
		if !ok {
			row = a.rowOf(e.Path)
			rows[e.Path] = row
		}
		counts := e.Counts()
		counted, ok := columns[counts]
		if !ok {
			counted = counting(counts)
			columns[counts] = counted
		}
		code, name := names(e.Unit)
		all[i] = ListedEntry{
			Entry: e.Entry, Code: e.Code, Title: e.Title, Row: row, Unit: code, UnitName: name, Kind: e.Kind.String(), Field: e.Field.String(),
			Origin: e.Origin.String(), Subject: e.Subject, RegisteredOn: e.RegisteredOn.String(), RecognisedOn: e.RecognisedOn.String(), Counted: counted,
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
		counts := s.Counts()
		for _, f := range []ledger.Figure{ledger.FigureFound, ledger.FigurePraised, ledger.FigureAwarded} {
			if counts.Of(f) > 0 {
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

// The lists stand in little room: rows as arrays, below the names of their columns.
const (
	entryListHead   = `{"entries":{"columns":` + entryListColumns + `,"rows":[`
	subjectListHead = `]},"subjects":{"columns":` + subjectListColumns + `,"rows":[`
	itemListHead    = `]},"items":{"columns":` + itemListColumns + `,"rows":[`
	listsEnd        = `]}}`
)

// room is about how many bytes the lists take.
func (l lists) room() int { return 512 * (len(l.Entries) + len(l.Subjects) + len(l.Items) + 2) }

// appendTo writes the lists as JSON.
func (l lists) appendTo(b []byte) []byte {
	b = append(b, entryListHead...)
	for i, e := range l.Entries {
		b = appendRow(b, i, e.texts(), e.Counted)
	}
	b = append(b, subjectListHead...)
	for i, s := range l.Subjects {
		b = appendRow(b, i, s.texts(), s.Counted)
	}
	b = append(b, itemListHead...)
	for i, one := range l.Items {
		b = appendRow(b, i, one.texts(), nil)
	}
	return append(b, listsEnd...)
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
	if plain(s) {
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

// plain tells whether a text stands in JSON as it is.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == '"' || s[i] == '\\' {
			return false
		}
	}
	return utf8.ValidString(s)
}

// Entries are the entries behind the figures of the snapshot, by name.
func (f Frozen) Entries() ([]ListedEntry, error) {
	var all []ListedEntry
	err := eachRow(f.lists, entryListHead, subjectListHead, 12, func(t []string) {
		all = append(all, ListedEntry{t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11], t[12:]})
	})
	return all, err
}

// Subjects are the exemplars behind the figures of the snapshot, by name.
func (f Frozen) Subjects() ([]ListedSubject, error) {
	var all []ListedSubject
	err := eachRow(f.lists, subjectListHead, itemListHead, 7, func(t []string) {
		all = append(all, ListedSubject{t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7:]})
	})
	return all, err
}

// Items are the awards, praises and adoptions behind the tables of the snapshot.
func (f Frozen) Items() ([]ListedItem, error) {
	var all []ListedItem
	err := eachRow(f.lists, itemListHead, listsEnd, 12, func(t []string) {
		all = append(all, ListedItem{t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11]})
	})
	return all, err
}

// eachRow visits the rows of one of the lists, between its head and the head of the next,
// each of so many texts at least. It reads what [appendRow] wrote and no other JSON: a
// quotation mark within a text stands behind a backslash, so that no text looks like a head.
func eachRow(lists []byte, head, next string, least int, visit func([]string)) error {
	_, rest, found := bytes.Cut(lists, []byte(head))
	rows, _, closed := bytes.Cut(rest, []byte(next))
	if !found || !closed {
		return fmt.Errorf("read the lists of a snapshot: there is no %s", head)
	}
	for left := string(rows); left != ""; left = strings.TrimPrefix(left, ",") {
		var row []string
		var err error
		if row, left, err = readRow(left); err != nil {
			return fmt.Errorf("read the lists of a snapshot: %w", err)
		}
		if len(row) < least {
			return fmt.Errorf("read the lists of a snapshot: a row is too short: %q", row)
		}
		visit(row)
	}
	return nil
}

// readRow reads an array of texts, and gives what stands behind it.
func readRow(from string) ([]string, string, error) {
	row := make([]string, 0, 20)
	for mark := "["; strings.HasPrefix(from, mark+`"`); mark = "," {
		from = from[2:]
		end := strings.IndexByte(from, '"')
		if end < 0 {
			break
		}
		text := from[:end]
		if strings.IndexByte(text, '\\') >= 0 {
			var err error
			if text, end, err = readEscaped(from); err != nil {
				return nil, "", err
			}
		}
		row, from = append(row, text), from[end+1:]
	}
	if !strings.HasPrefix(from, "]") {
		return nil, "", fmt.Errorf("no row ends at %q", from[:min(len(from), 40)])
	}
	return row, from[1:], nil
}

// readEscaped reads a text with escapes behind its first quotation mark, and tells where its
// last one is.
func readEscaped(from string) (text string, end int, err error) {
	for end < len(from) && from[end] != '"' {
		if from[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(from) {
		return "", 0, errors.New("a text does not end")
	}
	err = json.Unmarshal([]byte(`"`+from[:end+1]), &text)
	return text, end, err
}
