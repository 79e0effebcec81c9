package ledger

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Entries lists the entries of a filter as they stand now, and counts them in each state,
// its Statuses left aside.
func Entries(ctx context.Context, q db.Querier, f Filter, s Slice) (Page[EntryRow], map[Status]int, error) {
	if _, err := parseCursor(s); s.Cursor != "" && err != nil {
		return Page[EntryRow]{}, nil, err
	}
	counts, ids, err := countByStatus(ctx, q, f)
	if err != nil {
		return Page[EntryRow]{}, nil, err
	}
	total := countOf(counts, f.Statuses)
	var rows []EntryRow
	switch {
	case total == 0:
	case f.Name != "" && total <= fewNamed: // they were found while they were counted
		if rows, err = EntryRows(ctx, q, ids.of(f.Statuses)); err == nil {
			rows = mergeRows(nil, rows, s)
		}
	case total <= few:
		s.found = f.shortest()
		fallthrough
	default:
		rows, err = entrySlice(ctx, q, f.where(), s)
	}
	return pageOf(rows, s), counts, err
}

// EntriesIn lists the entries of a filter in the states that it names, and counts those
// alone.
func EntriesIn(ctx context.Context, q db.Querier, f Filter, s Slice) (Page[EntryRow], int, error) {
	if _, err := parseCursor(s); s.Cursor != "" && err != nil {
		return Page[EntryRow]{}, 0, err
	}
	return counted(s, f.shortest(), 0, func(s Slice) (Page[EntryRow], error) {
		rows, err := entrySlice(ctx, q, f.where(), s)
		return pageOf(rows, s), err
	}, func() (int, error) { return howMany(ctx, q, f) })
}

// TypicalEntries lists the entries of a filter that are typical on a day, in whatever state,
// as they stand now, and counts them; with no limit it counts alone.
func TypicalEntries(ctx context.Context, q db.Querier, f Filter, on clock.Date, s Slice) (Page[EntryRow], int, error) {
	f.Statuses = nil
	if s.Limit == 0 {
		n, err := countTypical(ctx, q, f, on)
		return Page[EntryRow]{}, n, err
	}
	f, err := OnlyTypical(ctx, q, f, on)
	if err != nil {
		return Page[EntryRow]{}, 0, err
	}
	return EntriesIn(ctx, q, f, s)
}

func howMany(ctx context.Context, q db.Querier, f Filter) (int, error) {
	w := f.where()
	return db.One(ctx, q, db.Int, `SELECT count(*) FROM ledger_entry_fact`+by(q, f.counting())+w.clause(), w.args...)
}

// countTypical counts the regular ones by the index of those that were ever typical, and the
// irregular ones by their identities.
func countTypical(ctx context.Context, q db.Querier, f Filter, on clock.Date) (int, error) {
	w := f.where(everTypical, "NOT irregular", mTypical.on(strconv.Itoa(dayNo(on))))
	n, err := db.One(ctx, q, db.Int, `SELECT count(*) FROM ledger_entry_fact`+by(q, byEntryTypical)+w.clause(), w.args...)
	if err != nil {
		return 0, err
	}
	odd, err := oddTypical(ctx, q, f.Period, on)
	if err != nil || len(odd) == 0 {
		return n, err
	}
	f.Among, f.chosen = append(slices.Clone(f.Among), Among{Also: odd}), true
	more, err := howMany(ctx, q, f)
	return n + more, err
}

// everTypical holds the entries that were ever named typical.
const everTypical = `typical_on < 32767` // never

// oddTypical are the irregular entries that are typical on a day.
func oddTypical(ctx context.Context, q db.Querier, period int, on clock.Date) ([]string, error) {
	odd, err := irregulars(ctx, q, period, "ledger_entry_fact", "entry_id")
	var ids []string
	for id, t := range odd {
		if t.has(mTypical, dayNo(on)) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids, err
}

// OnlyTypical narrows a filter to the entries that are typical on a day, in whatever state:
// those that the figure counts.
func OnlyTypical(ctx context.Context, q db.Querier, f Filter, on clock.Date) (Filter, error) {
	odd, err := oddTypical(ctx, q, f.Period, on)
	a := Among{
		Select: `SELECT entry_id FROM ledger_entry_fact WHERE ` + everTypical + ` AND NOT irregular AND ` +
			mTypical.on(strconv.Itoa(dayNo(on))) + ` AND period_no = `,
		Value: f.Period, Also: odd,
	}
	f.Statuses, f.Among, f.chosen = nil, append(slices.Clone(f.Among), a), true
	return f, err
}

// EntryIDs gives the identities of all entries of a filter, one more than a bound at most.
func EntryIDs(ctx context.Context, q db.Querier, f Filter, most int) ([]string, error) {
	w := f.where()
	return db.All(ctx, q, db.Text, `SELECT entry_id FROM ledger_entry_fact`+by(q, f.shortest())+w.clause()+
		` ORDER BY entry_id LIMIT `+strconv.Itoa(most+1), w.args...)
}

// fewNamed is how many entries with a part of a name in common are kept from counting
// them: comparing names takes longest, so that it is done once for them. The more there are
// the sooner a page of them is found in its order.
const fewNamed = 300

// idsByStatus are the entries in each state, where they are few.
type idsByStatus map[Status]string

func (ids idsByStatus) of(statuses []Status) []string {
	var all []string
	for _, s := range anyOf(statuses) {
		if ids[s] != "" {
			all = append(all, strings.Split(ids[s], ",")...)
		}
	}
	return all
}

func countByStatus(ctx context.Context, q db.Querier, f Filter) (map[Status]int, idsByStatus, error) {
	f.Statuses = Statuses()
	w, ids := f.where(), "''"
	if f.Name != "" {
		ids = "CASE WHEN count(*) <= " + strconv.Itoa(fewNamed) + " THEN string_agg(entry_id, ',') ELSE '' END"
	}
	counts, found := map[Status]int{}, idsByStatus{}
	err := db.Each(ctx, q, func(row db.Row) error {
		var s Status
		var n int
		var these string
		err := row.Scan(&s, &n, &these)
		counts[s], found[s] = n, these
		return err
	}, `SELECT status, count(*), `+ids+` FROM ledger_entry_fact`+by(q, f.counting())+w.clause()+` GROUP BY status`, w.args...)
	return counts, found, err
}

// countOf sums the counts of some states, or of all where none is named.
func countOf(counts map[Status]int, statuses []Status) int {
	n := 0
	for _, s := range anyOf(statuses) {
		n += counts[s]
	}
	return n
}

func anyOf(statuses []Status) []Status {
	if len(statuses) == 0 {
		return Statuses()
	}
	return statuses
}

// The indexes by which entries are found. Each begins with the period and holds every
// column of a [Filter]; the one of the figures has the days beside. The one of the tabs alone
// is without names: entries are counted by it.
const (
	byEntryName    = "ledger_entry_fact_name"
	byEntryDay     = "ledger_entry_fact_day"
	byEntryPath    = "ledger_entry_fact_path"
	byEntryStatus  = "ledger_entry_fact_status"
	byEntryFunnel  = "ledger_entry_fact_funnel"
	byEntryTab     = "ledger_entry_fact_tab"
	byEntryTypical = "ledger_entry_fact_typical"
)

// anyIndex stands where the entries are few and known by their identities: the planner finds
// those by the primary key, which has no name to be told by.
const anyIndex = "*"

// by makes an engine read the entries by an index.
func by(q db.Querier, index string) string {
	if index == anyIndex {
		return ""
	}
	return db.By(q.Engine(), index)
}

// shortest is the index that leads to the entries of the filter by the fewest rows: that of
// the states leads within each to what lies under a path.
func (f Filter) shortest() string {
	switch {
	case f.chosen:
		return anyIndex
	case f.Area.Whole() || len(f.Statuses) > 0:
		return byEntryStatus
	default:
		return byEntryPath
	}
}

// counting is the index by which the entries of the filter are counted soonest.
func (f Filter) counting() string {
	if len(f.Statuses) > 0 && f.Name == "" && len(f.Among)+len(f.Except) == 0 {
		return byEntryTab
	}
	return f.shortest()
}

// EntriesBehind lists the entries that a figure counted, with the attributes that held
// on its day, and tells how many there are in all.
func EntriesBehind(ctx context.Context, q db.Querier, f Filter, b Behind, s Slice) (Page[EntryRow], int, error) {
	m, err := b.mark()
	if err != nil {
		return Page[EntryRow]{}, 0, err
	}
	day := dayNo(b.On)
	odd, err := oddEntries(ctx, q, f, m, day)
	if err != nil {
		return Page[EntryRow]{}, 0, err
	}
	regular := func() *where { return f.where("NOT irregular", m.on(strconv.Itoa(day))) }
	return counted(s, byEntryFunnel, len(odd), func(s Slice) (Page[EntryRow], error) {
		rows, err := entrySlice(ctx, q, regular(), s)
		return pageOf(mergeRows(rows, odd, s), s), err
	}, func() (int, error) {
		w := regular()
		return db.One(ctx, q, db.Int, `SELECT count(*) FROM ledger_entry_fact`+db.By(q.Engine(), byEntryFunnel)+w.clause(), w.args...)
	})
}

// few is how many rows of a list are sorted rather than looked for in their order.
const few = 1000

// counted reads a page of a list behind a figure and counts the list: what the engine
// counts by the index, and the irregular ones beside. The count looks at the index alone,
// and tells how the page is best found.
func counted[T any](s Slice, index string, odd int, list func(Slice) (Page[T], error), count func() (int, error)) (Page[T], int, error) {
	total, err := count()
	if err != nil || total+odd == 0 {
		return Page[T]{}, 0, err
	}
	if total <= few {
		s.found = index
	}
	page, err := list(s)
	return page, total + odd, err
}

// entrySlice reads one row more than the slice has, in the direction of the reading.
func entrySlice(ctx context.Context, q db.Querier, w *where, s Slice) ([]EntryRow, error) {
	column, index, descending := "name_key", byEntryName, s.Backward
	if s.Sort == ByDay {
		column, index, descending = "registered_on", byEntryDay, !s.Backward
	}
	order, beyond := "", ">"
	if descending {
		order, beyond = " DESC", "<"
	}
	if s.Cursor != "" {
		at, err := parseCursor(s)
		if err != nil {
			return nil, err
		}
		w.add("(" + column + ", entry_id) " + beyond + " (" + w.arg(at.arg(s.Sort)) + ", " + w.arg(at.id) + ")")
	}
	if s.found != "" {
		index, column = s.found, db.Unordered(q.Engine(), column)
	}
	ids, err := db.All(ctx, q, db.Text, `SELECT entry_id FROM ledger_entry_fact`+by(q, index)+w.clause()+
		` ORDER BY `+column+order+`, entry_id`+order+` LIMIT `+w.arg(s.Limit+1), w.args...)
	if err != nil {
		return nil, err
	}
	return EntryRows(ctx, q, ids)
}

// IrregularWithout lists the irregular entries that stand as recognised and are not counted
// by a figure on the day: what the columns of a fact row cannot say of them.
func IrregularWithout(ctx context.Context, q db.Querier, f Figure, on clock.Date) ([]string, error) {
	m, _ := f.mark()
	var without []string
	err := db.Each(ctx, q, func(row db.Row) error {
		var entry, days string
		if err := row.Scan(&entry, &days); err != nil {
			return err
		}
		t, err := unpackLine(days)
		if err == nil && !t.has(m, dayNo(on)) {
			without = append(without, entry)
		}
		return err
	}, `SELECT entry_id, days FROM ledger_entry_fact WHERE irregular AND status = $1`, int(StatusRecognised))
	return without, err
}
