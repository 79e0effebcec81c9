package ledger

import (
	"context"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Filter narrows a list. Zero values do not.
type Filter struct {
	Period   int
	Area     Area
	Kind     SubjectKind
	Field    Field
	Origin   Origin     // entries only
	Statuses []Status   // entries only
	From, To clock.Date // day of registration; entries only
	Name     string     // a part of the name, however its diacritics are typed
	Among    []Among    // entries only, as they stand now: those that are in each
	Except   []Among    // entries only: those that are in none of these
	chosen   bool       // the entries are few and known by their identities
}

// Among is a set of entries that a room above keeps: a query of their identities that ends
// before the one value it compares with; or further entries, by their identities; or both.
type Among struct {
	Select string
	Value  any
	// One tells that the query asks about the one entry ledger_entry_fact.entry_id: for sets
	// that are large beside the entries of the filter.
	One  bool
	Also []string
}

// in writes that an entry is in the set.
func (a Among) in(w *where) string {
	var either []string
	switch {
	case a.Select == "":
	case a.One:
		either = append(either, "EXISTS ("+a.Select+w.arg(a.Value)+")")
	default:
		either = append(either, "entry_id IN ("+a.Select+w.arg(a.Value)+")")
	}
	if len(a.Also) > 0 {
		also := make([]string, len(a.Also))
		for i, id := range a.Also {
			also[i] = w.arg(id)
		}
		either = append(either, "entry_id IN ("+strings.Join(also, ", ")+")")
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

// Behind asks for the list behind a figure: what it counted on the day, on one level
// where it is about recognition.
type Behind struct {
	Figure Figure
	Level  string
	On     clock.Date
}

func (b Behind) mark() (mark, error) {
	m, ok := b.Figure.mark()
	if !ok || b.On == 0 {
		return 0, errs.New(errs.Invalid, i18n.ErrsBadChoice).On("figure")
	}
	if b.Level == "" {
		return m, nil
	}
	i := slices.Index([]string{"commune", "district", "province", "central"}, b.Level)
	if i < 0 || m != mRecognised {
		return 0, errs.New(errs.Invalid, i18n.ErrsBadChoice).On("level")
	}
	return mCommune + mark(i), nil
}

// Sort is the order of a list.
type Sort string

// The orders.
const (
	ByName Sort = "name" // as a Vietnamese index has it
	ByDay  Sort = "day"  // the latest registered first
)

// Slice says which part of a list is wanted.
type Slice struct {
	Sort     Sort
	Cursor   string // from an earlier [Page], "" is the beginning
	Backward bool   // what comes before the cursor
	Limit    int
	// found is the index by which a list that is known to be short is found whole and then
	// sorted, instead of walking all in their order until enough are found.
	found string
}

// Page is a part of a list, with the cursors of its neighbours.
type Page[T any] struct {
	Rows       []T
	Next, Prev string // "" where there is none
}

// EntryRow is an entry as lists show it.
type EntryRow struct {
	Entry, Code, Title, Unit, Path, Subject string
	Kind                                    SubjectKind
	Field                                   Field
	Origin                                  Origin
	Status                                  Status
	RegisteredOn, RecognisedOn              clock.Date
	key                                     string
	day                                     int
}

// AsOf gives the row without what had not come by the day; its status stays that of today.
func (r EntryRow) AsOf(d clock.Date) EntryRow {
	r.RecognisedOn = until(r.RecognisedOn, d)
	return r
}

// until is a day, or none where it had not come yet.
func until(day, asOf clock.Date) clock.Date {
	if day > asOf {
		return 0
	}
	return day
}

const entryRowColumns = `entry_id, code, title, unit_id, path, subject_id, subject_kind, field, origin, status,
	registered_on, recognised_on, name_key`

func scanEntryRow(row db.Row) (EntryRow, error) {
	var r EntryRow
	var recognised int
	err := row.Scan(&r.Entry, &r.Code, &r.Title, &r.Unit, &r.Path, &r.Subject, &r.Kind, &r.Field, &r.Origin, &r.Status,
		&r.day, &recognised, &r.key)
	r.RegisteredOn, r.RecognisedOn = dateNo(r.day), dateNo(recognised)
	return r, err
}

// FactDay is a day as the columns of fact rows hold it: for rooms above that join their
// own rows to the ledger's.
func FactDay(d clock.Date) int { return dayNo(d) }

// DayOfFact is the day of a column of a fact row; none for never.
func DayOfFact(n int) clock.Date { return dateNo(n) }

// dateNo is the day that a fact row writes as n; none for never.
func dateNo(n int) clock.Date {
	if n == never {
		return 0
	}
	return dayZero + clock.Date(n)
}

func (r EntryRow) cursor(s Sort) string {
	if s == ByDay {
		return strconv.Itoa(r.day) + "." + r.Entry
	}
	return hex.EncodeToString([]byte(r.key)) + "." + r.Entry
}

// compare orders rows as the list does.
func (r EntryRow) compare(other EntryRow, s Sort) int {
	if s == ByDay {
		if r.day != other.day {
			return other.day - r.day
		}
		return strings.Compare(other.Entry, r.Entry)
	}
	if c := strings.Compare(r.key, other.key); c != 0 {
		return c
	}
	return strings.Compare(r.Entry, other.Entry)
}

// where writes the filter for the entries' facts, with further conditions. The name, which
// takes longest to compare, comes last.
func (f Filter) where(further ...string) *where {
	w := newWhere()
	w.add("period_no = " + w.arg(f.Period))
	for _, condition := range further {
		w.add(condition)
	}
	f.Area.restrict(w, "path")
	equal(w, "subject_kind", int(f.Kind))
	equal(w, "field", int(f.Field))
	equal(w, "origin", int(f.Origin))
	if len(f.Statuses) > 0 {
		either := make([]string, len(f.Statuses))
		for i, s := range f.Statuses {
			either[i] = w.arg(int(s))
		}
		w.add("status IN (" + strings.Join(either, ", ") + ")")
	}
	if f.From != 0 {
		w.add("registered_on >= " + w.arg(dayNo(f.From)))
	}
	if f.To != 0 {
		w.add("registered_on <= " + w.arg(dayNo(f.To)))
	}
	for _, a := range f.Among {
		w.add(a.in(w))
	}
	for _, a := range f.Except {
		w.add("NOT " + a.in(w))
	}
	if folded := viet.Fold(f.Name); folded != "" {
		w.add("folded LIKE " + w.arg("%"+escapeLike(folded)+"%") + ` ESCAPE '\'`)
	}
	return w
}

func equal(w *where, column string, v int) {
	if v != 0 {
		w.add(column + " = " + w.arg(v))
	}
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// matches is [Filter.where] for one entry with its attributes of a day.
func (f Filter) matches(r EntryRow, a Attr) bool {
	return f.Area.Covers(a.Path) &&
		(f.Kind == 0 || f.Kind == a.Kind) && (f.Field == 0 || f.Field == a.Field) && (f.Origin == 0 || f.Origin == a.Origin) &&
		(len(f.Statuses) == 0 || slices.Contains(f.Statuses, r.Status)) &&
		(f.From == 0 || r.day >= dayNo(f.From)) && (f.To == 0 || r.day <= dayNo(f.To)) &&
		strings.Contains(viet.Fold(r.Title), viet.Fold(f.Name))
}

// EntryRows reads the entries in the order of the identities given; unknown ones are
// left out.
func EntryRows(ctx context.Context, q db.Querier, ids []string) ([]EntryRow, error) {
	byID := make(map[string]EntryRow, len(ids))
	err := db.Chunks(ids, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			r, err := scanEntryRow(row)
			byID[r.Entry] = r
			return err
		}, `SELECT `+entryRowColumns+` FROM ledger_entry_fact WHERE entry_id IN `+db.In(1, len(part)), part...)
	})
	if err != nil {
		return nil, err
	}
	rows := make([]EntryRow, 0, len(ids))
	for _, id := range ids {
		if r, ok := byID[id]; ok {
			rows = append(rows, r)
		}
	}
	return rows, nil
}

// cursor is where a page of a list begins: beyond the row with this key and identity.
type cursor struct {
	day int    // of a list by day
	key string // of one by name
	id  string
}

// arg is the key as the order of the list compares it.
func (c cursor) arg(s Sort) any {
	if s == ByDay {
		return c.day
	}
	return c.key
}

func parseCursor(s Slice) (cursor, error) {
	raw, id, ok := strings.Cut(s.Cursor, ".")
	bad := errs.New(errs.Invalid, i18n.LedgerBadCursor)
	if !ok || len(s.Cursor) > 400 {
		return cursor{}, bad
	}
	if s.Sort == ByDay {
		n, err := strconv.ParseInt(raw, 10, 16)
		if err != nil {
			return cursor{}, bad.Because(err)
		}
		return cursor{day: int(n), id: id}, nil
	}
	b, err := hex.DecodeString(raw)
	if err != nil {
		return cursor{}, bad.Because(err)
	}
	return cursor{key: string(b), id: id}, nil
}

// oddEntries are the irregular entries that have the mark on the day and match the
// filter then.
func oddEntries(ctx context.Context, q db.Querier, f Filter, m mark, day int) ([]EntryRow, error) {
	odd, err := irregulars(ctx, q, f.Period, "ledger_entry_fact", "entry_id")
	if err != nil || len(odd) == 0 {
		return nil, err
	}
	rows, err := db.All(ctx, q, scanEntryRow,
		`SELECT `+entryRowColumns+` FROM ledger_entry_fact WHERE period_no = $1 AND irregular`, f.Period)
	if err != nil {
		return nil, err
	}
	var all []EntryRow
	for _, r := range rows {
		t := odd[r.Entry]
		a := t.attrOn(day)
		if !t.has(m, day) || !f.matches(r, a) {
			continue
		}
		r.Unit, r.Path, r.Kind, r.Field, r.Origin = a.Unit, a.Path, a.Kind, a.Field, a.Origin
		all = append(all, r)
	}
	return all, nil
}

// mergeRows puts the odd rows that belong to the slice among the regular ones.
func mergeRows(rows, odd []EntryRow, s Slice) []EntryRow {
	all := rows
	for _, r := range odd {
		if s.Cursor == "" || beyondCursor(r, s) {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b EntryRow) int {
		if s.Backward {
			return b.compare(a, s.Sort)
		}
		return a.compare(b, s.Sort)
	})
	return all[:min(len(all), s.Limit+1)]
}

func beyondCursor(r EntryRow, s Slice) bool {
	c, err := parseCursor(s)
	if err != nil {
		return false // entrySlice has refused it already
	}
	at := EntryRow{Entry: c.id, day: c.day, key: c.key}
	if s.Backward {
		return r.compare(at, s.Sort) < 0
	}
	return r.compare(at, s.Sort) > 0
}

// pageOf cuts the extra row off, turns a backward reading round and sets the cursors.
func pageOf(rows []EntryRow, s Slice) Page[EntryRow] {
	more := len(rows) > s.Limit
	rows = rows[:min(len(rows), s.Limit)]
	if s.Backward {
		slices.Reverse(rows)
	}
	p := Page[EntryRow]{Rows: rows}
	if len(rows) == 0 {
		return p
	}
	if more || s.Backward {
		p.Next = rows[len(rows)-1].cursor(s.Sort)
	}
	if (s.Backward && more) || (!s.Backward && s.Cursor != "") {
		p.Prev = rows[0].cursor(s.Sort)
	}
	return p
}
