package ledger

import (
	"context"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// entryMarkColumns are the day columns of an entry's fact row, mark by mark.
func entryMarkColumns() []string { return markColumns(0, entryMarks) }

// markColumns are the columns of days, each mark's own and then all of them packed.
func markColumns(from, to mark) []string {
	var all []string
	for m := from; m < to; m++ {
		all = append(all, m.column()+"_on")
		if !m.lasting() {
			all = append(all, m.column()+"_off")
		}
	}
	return append(all, "days")
}

func markDays(t timeline, from, to mark) []any {
	var all []any
	for m := from; m < to; m++ {
		s := t.first(m)
		all = append(all, s.on)
		if !m.lasting() {
			all = append(all, s.off)
		}
	}
	return append(all, packed(t, from, to))
}

// upsert is the tail of an insert that takes the place of the row that stands there.
func upsert(key string, columns []string) string {
	set := make([]string, len(columns))
	for i, c := range columns {
		set[i] = c + " = excluded." + c
	}
	return " ON CONFLICT (" + key + ") DO UPDATE SET " + strings.Join(set, ", ")
}

// refreshEntries folds the entries anew and replaces their fact rows.
func refreshEntries(ctx context.Context, tx *db.Tx, entries []string, labels map[string]Label) error {
	if len(entries) == 0 {
		return nil
	}
	names, err := namesOf(ctx, tx, entries, labels)
	if err != nil {
		return err
	}
	acts, err := actsWhere(ctx, tx, "entry_id", entries)
	if err != nil {
		return err
	}
	byEntry := group(acts, func(a Act) string { return a.Entry })
	var rows [][]any
	var gone []string
	owner := map[string]subjectKey{}
	for _, entry := range entries {
		t := fold(byEntry[entry])
		if len(t.attrs) == 0 { // its registration was voided
			gone = append(gone, entry)
			continue
		}
		latest := t.attrs[len(t.attrs)-1].attr
		period := periodOf(byEntry[entry])
		owner[entry] = subjectKey{latest.Subject, period}
		rows = append(rows, entryRow(entry, period, latest, t, names[entry]))
	}
	if err := changeAll(ctx, tx, `DELETE FROM ledger_entry_fact WHERE entry_id IN `, gone); err != nil {
		return err
	}
	if err := markShared(ctx, tx, owner, rows); err != nil {
		return err
	}
	columns := append([]string{
		"entry_id", "period_no", "code", "title", "folded", "name_key", "unit_id", "path", "subject_id",
		"subject_kind", "field", "origin", "status", "irregular", "shared",
	}, entryMarkColumns()...)
	return db.InsertAll(ctx, tx, `INSERT INTO ledger_entry_fact (`+strings.Join(columns, ", ")+`) VALUES `,
		upsert("entry_id", columns[1:]), rows)
}

// periodOf is the period in which an entry counts; an adoption of it may belong to a
// later one.
func periodOf(acts []Act) int {
	for _, a := range acts {
		if a.Kind != Adopted {
			return a.Period
		}
	}
	return 0
}

func entryRow(entry string, period int, attr Attr, t timeline, n named) []any {
	return append([]any{
		entry, period, n.Code, n.Title, n.folded, n.key, attr.Unit, attr.Path, attr.Subject,
		int(attr.Kind), int(attr.Field), int(attr.Origin), int(t.status), t.irregular(), false,
	}, markDays(t, 0, entryMarks)...)
}

// named is a label with what lists search and sort by.
type named struct {
	Label
	folded, key string
}

// namesOf gives the names that the acts at hand brought, and those that stand already
// for the entries of which they brought none.
func namesOf(ctx context.Context, tx *db.Tx, entries []string, labels map[string]Label) (map[string]named, error) {
	names := make(map[string]named, len(entries))
	var without []string
	for _, e := range entries {
		if l, ok := labels[e]; ok {
			names[e] = named{l, viet.Fold(l.Title), viet.SortKey(l.Title)}
		} else {
			without = append(without, e)
		}
	}
	err := db.Chunks(without, func(part []any) error {
		return db.Each(ctx, tx, func(row db.Row) error {
			var id string
			var n named
			err := row.Scan(&id, &n.Code, &n.Title, &n.folded, &n.key)
			names[id] = n
			return err
		}, `SELECT entry_id, code, title, folded, name_key FROM ledger_entry_fact WHERE entry_id IN `+db.In(1, len(part)), part...)
	})
	return names, err
}

// sharedColumn is the place of "shared" in what [entryRow] gives.
const sharedColumn = 14

// markShared marks the entries of subjects that have several in the period: only among
// these must distinct subjects be told apart one by one. It marks the rows that are
// about to be written, and those that stand and had been their subject's only one.
func markShared(ctx context.Context, tx *db.Tx, owner map[string]subjectKey, rows [][]any) error {
	subjects := set[string]{}
	has := map[subjectKey]int{}
	for _, key := range owner {
		subjects.add(key.subject)
		has[key]++
	}
	unmarked := map[subjectKey]string{} // the one that stands alone so far
	err := db.Chunks(subjects.all, func(part []any) error {
		return db.Each(ctx, tx, func(row db.Row) error {
			var entry string
			var key subjectKey
			var shared bool
			if err := row.Scan(&entry, &key.subject, &key.period, &shared); err != nil || owner[entry] == key {
				return err
			}
			has[key]++
			if !shared {
				unmarked[key] = entry
			}
			return nil
		}, `SELECT entry_id, subject_id, period_no, shared FROM ledger_entry_fact WHERE subject_id IN `+db.In(1, len(part)), part...)
	})
	if err != nil {
		return err
	}
	for _, row := range rows {
		entry, _ := row[0].(string)
		row[sharedColumn] = has[owner[entry]] > 1
	}
	var late []string
	for key, entry := range unmarked {
		if has[key] > 1 {
			late = append(late, entry)
		}
	}
	return changeAll(ctx, tx, `UPDATE ledger_entry_fact SET shared = TRUE WHERE entry_id IN `, late)
}

// refreshSubjects folds subjects in their periods anew.
func refreshSubjects(ctx context.Context, tx *db.Tx, keys []subjectKey, labels map[string]Label) error {
	if len(keys) == 0 {
		return nil
	}
	ids := set[string]{}
	for _, k := range keys {
		ids.add(k.subject)
	}
	acts, err := actsWhere(ctx, tx, "subject_id", ids.all)
	if err != nil {
		return err
	}
	titles, err := subjectTitles(ctx, tx, ids.all)
	if err != nil {
		return err
	}
	byKey := group(acts, func(a Act) subjectKey { return subjectKey{a.Subject, a.Period} })
	var rows [][]any
	for _, key := range keys {
		t := fold(byKey[key])
		if len(t.attrs) == 0 {
			if err := removeSubject(ctx, tx, key); err != nil {
				return err
			}
			continue
		}
		title := titles[key.subject]
		if l, ok := labels[key.subject]; ok {
			title = l.Title
		}
		rows = append(rows, subjectRow(key, title, t))
	}
	columns := append([]string{
		"period_no", "subject_id", "title", "name_key", "unit_id", "path", "subject_kind", "field", "irregular",
	}, markColumns(mFound, mBegun)...)
	return db.InsertAll(ctx, tx, `INSERT INTO ledger_subject_fact (`+strings.Join(columns, ", ")+`) VALUES `,
		upsert("period_no, subject_id", columns[2:]), rows)
}

func subjectRow(key subjectKey, title string, t timeline) []any {
	attr := t.attrs[len(t.attrs)-1].attr
	sortKey := viet.SortKey(title)
	if attr.Kind == Individual {
		sortKey = viet.PersonSortKey(title)
	}
	return append([]any{
		key.period, key.subject, title, sortKey, attr.Unit, attr.Path, int(attr.Kind), int(attr.Field), t.irregular(),
	}, markDays(t, mFound, mBegun)...)
}

func subjectTitles(ctx context.Context, tx *db.Tx, ids []string) (map[string]string, error) {
	return SubjectTitles(ctx, tx, ids)
}

// SubjectTitles gives what subjects are called, by their identities.
func SubjectTitles(ctx context.Context, q db.Querier, ids []string) (map[string]string, error) {
	titles := map[string]string{}
	err := db.Chunks(ids, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			var id, title string
			err := row.Scan(&id, &title)
			titles[id] = title
			return err
		}, `SELECT subject_id, title FROM ledger_subject_fact WHERE subject_id IN `+db.In(1, len(part)), part...)
	})
	return titles, err
}

// refreshItems brings awards and adoptions up to date. An item is begun by one act and
// may be taken back from a day on; one that was voided has no row.
func refreshItems(ctx context.Context, tx *db.Tx, items []string) error {
	if len(items) == 0 {
		return nil
	}
	acts, err := actsWhere(ctx, tx, "item_id", items)
	if err != nil {
		return err
	}
	byItem := group(acts, func(a Act) string { return a.Item })
	var rows [][]any
	var gone []string
	for _, item := range items {
		if row := itemRow(item, living(byItem[item])); row != nil {
			rows = append(rows, row)
		} else {
			gone = append(gone, item)
		}
	}
	if err := changeAll(ctx, tx, `DELETE FROM ledger_item_fact WHERE item_id IN `, gone); err != nil {
		return err
	}
	columns := []string{
		"item_id", "kind", "period_no", "unit_id", "path", "subject_id", "subject_kind", "field", "form", "level",
		"begun_on", "begun_off",
	}
	return db.InsertAll(ctx, tx, `INSERT INTO ledger_item_fact (`+strings.Join(columns, ", ")+`) VALUES `,
		upsert("item_id", columns[1:]), rows)
}

// itemRow is the fact row of an item by its living acts, or nil where none begins it.
func itemRow(item string, live []Act) []any {
	begun, off := itemSpan(live)
	if begun == nil {
		return nil
	}
	a := begun.Attr
	return []any{
		item, itemKind(begun.Kind), begun.Period, a.Unit, a.Path, a.Subject, int(a.Kind), int(a.Field), begun.Form, string(begun.Level),
		dayNo(begun.On), off,
	}
}

// itemSpan is the act that begins an item, by its living acts, and the day on which it was
// taken back; nil where none begins it.
func itemSpan(live []Act) (begun *Act, off int) {
	off = never
	for i, act := range live {
		switch act.Kind {
		case Awarded, Praised, Adopted:
			begun = &live[i]
		case Revoked:
			off = min(off, dayNo(act.On))
		}
	}
	if begun == nil || begun.Attr == nil || off <= dayNo(begun.On) {
		return nil, off
	}
	return begun, off
}

// itemKind is the sort of item that an act begins.
func itemKind(k Kind) ItemKind {
	return map[Kind]ItemKind{Awarded: Award, Praised: Praise, Adopted: Adoption}[k]
}

func changeAll(ctx context.Context, tx *db.Tx, statement string, ids []string) error {
	return db.Chunks(ids, func(part []any) error {
		_, err := db.Exec(ctx, tx, statement+db.In(1, len(part)), part...)
		return err
	})
}

func removeSubject(ctx context.Context, tx *db.Tx, key subjectKey) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM ledger_subject_fact WHERE subject_id = $1 AND period_no = $2`, key.subject, key.period)
	return err
}

func group[K comparable](acts []Act, by func(Act) K) map[K][]Act {
	m := map[K][]Act{}
	for _, a := range acts {
		m[by(a)] = append(m[by(a)], a)
	}
	return m
}
