package ledger

import (
	"context"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// SubjectRow is a subject in a period as lists show it.
type SubjectRow struct {
	Subject, Title, Unit, Path    string
	Kind                          SubjectKind
	Field                         Field
	FoundOn, PraisedOn, AwardedOn clock.Date
	key                           string
}

// AsOf gives the row without the days that had not come by the day.
func (r SubjectRow) AsOf(d clock.Date) SubjectRow {
	r.FoundOn, r.PraisedOn, r.AwardedOn = until(r.FoundOn, d), until(r.PraisedOn, d), until(r.AwardedOn, d)
	return r
}

const subjectRowColumns = `subject_id, title, unit_id, path, subject_kind, field, found_on, praised_on, awarded_on, name_key`

func scanSubjectRow(row db.Row) (SubjectRow, error) {
	var r SubjectRow
	var found, praised, awarded int
	err := row.Scan(&r.Subject, &r.Title, &r.Unit, &r.Path, &r.Kind, &r.Field, &found, &praised, &awarded, &r.key)
	r.FoundOn, r.PraisedOn, r.AwardedOn = dateNo(found), dateNo(praised), dateNo(awarded)
	return r, err
}

// The indexes by which subjects are found; see those of entries.
const (
	bySubjectName   = "ledger_subject_fact_name"
	bySubjectFunnel = "ledger_subject_fact_funnel"
)

// SubjectsBehind lists the subjects that a figure counted on its day, by name, from the
// cursor forward, and tells how many there are in all.
func SubjectsBehind(ctx context.Context, q db.Querier, f Filter, b Behind, s Slice) (Page[SubjectRow], int, error) {
	m, err := b.mark()
	if err != nil {
		return Page[SubjectRow]{}, 0, err
	}
	odd, err := oddSubjects(ctx, q, f, m, dayNo(b.On))
	if err != nil {
		return Page[SubjectRow]{}, 0, err
	}
	regular := func() *where {
		w := subjectWhere(f)
		w.add("NOT irregular AND " + m.on(strconv.Itoa(dayNo(b.On))))
		return w
	}
	return counted(s, bySubjectFunnel, len(odd), func(s Slice) (Page[SubjectRow], error) {
		return subjectPage(ctx, q, regular(), odd, s)
	}, func() (int, error) {
		w := regular()
		return db.One(ctx, q, db.Int, `SELECT count(*) FROM ledger_subject_fact`+db.By(q.Engine(), bySubjectFunnel)+w.clause(), w.args...)
	})
}

// subjectPage reads a page of the regular ones and puts the odd ones that belong to it
// among them.
func subjectPage(ctx context.Context, q db.Querier, w *where, odd []SubjectRow, s Slice) (Page[SubjectRow], error) {
	from := SubjectRow{}
	if s.Cursor != "" {
		at, err := parseCursor(Slice{Cursor: s.Cursor, Sort: ByName})
		if err != nil {
			return Page[SubjectRow]{}, err
		}
		from.key, from.Subject = at.key, at.id
		w.add("(name_key, subject_id) > (" + w.arg(at.key) + ", " + w.arg(at.id) + ")")
	}
	index, order := bySubjectName, "name_key"
	if s.found != "" {
		index, order = s.found, db.Unordered(q.Engine(), order)
	}
	rows, err := db.All(ctx, q, scanSubjectRow, `SELECT `+subjectRowColumns+` FROM ledger_subject_fact`+db.By(q.Engine(), index)+w.clause()+
		` ORDER BY `+order+`, subject_id LIMIT `+w.arg(s.Limit+1), w.args...)
	if err != nil {
		return Page[SubjectRow]{}, err
	}
	for _, r := range odd {
		if s.Cursor == "" || compareSubjects(r, from) > 0 {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, compareSubjects)
	page := Page[SubjectRow]{Rows: rows[:min(len(rows), s.Limit)]}
	if len(rows) > s.Limit {
		last := rows[s.Limit-1]
		page.Next = hex.EncodeToString([]byte(last.key)) + "." + last.Subject
	}
	return page, nil
}

func compareSubjects(a, b SubjectRow) int {
	if c := strings.Compare(a.key, b.key); c != 0 {
		return c
	}
	return strings.Compare(a.Subject, b.Subject)
}

func subjectWhere(f Filter) *where {
	w := newWhere()
	w.add("period_no = " + w.arg(f.Period))
	f.Area.restrict(w, "path")
	equal(w, "subject_kind", int(f.Kind))
	equal(w, "field", int(f.Field))
	return w
}

func oddSubjects(ctx context.Context, q db.Querier, f Filter, m mark, day int) ([]SubjectRow, error) {
	odd, err := irregulars(ctx, q, f.Period, "ledger_subject_fact", "subject_id")
	if err != nil || len(odd) == 0 {
		return nil, err
	}
	rows, err := db.All(ctx, q, scanSubjectRow,
		`SELECT `+subjectRowColumns+` FROM ledger_subject_fact WHERE period_no = $1 AND irregular`, f.Period)
	if err != nil {
		return nil, err
	}
	var all []SubjectRow
	for _, r := range rows {
		t := odd[r.Subject]
		a := t.attrOn(day)
		if !t.has(m, day) || !f.Area.Covers(a.Path) || (f.Kind != 0 && f.Kind != a.Kind) || (f.Field != 0 && f.Field != a.Field) {
			continue
		}
		r.Unit, r.Path, r.Kind, r.Field = a.Unit, a.Path, a.Kind, a.Field
		all = append(all, r)
	}
	return all, nil
}

// ItemRow is an award, a praise or an adoption as lists show it.
type ItemRow struct {
	Item, Unit, Path, Subject, Form string
	Kind                            SubjectKind
	Field                           Field
	Level                           org.Level
	On                              clock.Date
}

// ItemKind is what sort of thing an item is.
type ItemKind string

// The items.
const (
	Award    ItemKind = "award"
	Praise   ItemKind = "praise"
	Adoption ItemKind = "adoption"
)

// Items lists the items of a kind that are in force on the day, in the order in which
// they were recorded. The cursor is the identity of the last one seen.
func Items(ctx context.Context, q db.Querier, f Filter, in InForce, s Slice) ([]ItemRow, error) {
	w := subjectWhere(f)
	w.add("kind = " + w.arg(in.Kind))
	w.add(mBegun.on(strconv.Itoa(dayNo(in.On))))
	if s.Cursor != "" {
		w.add("item_id > " + w.arg(s.Cursor))
	}
	return db.All(ctx, q, func(row db.Row) (ItemRow, error) {
		var r ItemRow
		var begun int
		err := row.Scan(&r.Item, &r.Unit, &r.Path, &r.Subject, &r.Form, &r.Kind, &r.Field, &r.Level, &begun)
		r.On = dateNo(begun)
		return r, err
	}, `SELECT item_id, unit_id, path, subject_id, form, subject_kind, field, level, begun_on FROM ledger_item_fact`+
		w.clause()+` ORDER BY item_id LIMIT `+w.arg(s.Limit), w.args...)
}

// LivingItems tells which of the items are begun by an act that has not been voided,
// whatever its day.
func LivingItems(ctx context.Context, q db.Querier, items []string) (map[string]bool, error) {
	living := make(map[string]bool, len(items))
	err := db.Chunks(items, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			var item string
			err := row.Scan(&item)
			living[item] = true
			return err
		}, `SELECT item_id FROM ledger_item_fact WHERE item_id IN `+db.In(1, len(part)), part...)
	})
	return living, err
}

// InForce names the items of a kind that are in force on a day.
type InForce struct {
	Kind ItemKind
	On   clock.Date
}

// CountItems is how many items the list of [Items] has in all.
func CountItems(ctx context.Context, q db.Querier, f Filter, in InForce) (int, error) {
	w := subjectWhere(f)
	w.add("kind = " + w.arg(in.Kind))
	w.add(mBegun.on(strconv.Itoa(dayNo(in.On))))
	return db.One(ctx, q, db.Int, `SELECT count(*) FROM ledger_item_fact`+w.clause(), w.args...)
}
