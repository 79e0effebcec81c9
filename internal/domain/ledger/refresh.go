package ledger

import (
	"context"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// entryMarkColumns are the day columns of an entry's fact row, mark by mark.
func entryMarkColumns() []string { return markColumns(0, entryMarks) }

func markColumns(from, to mark) []string {
	var all []string
	for m := from; m < to; m++ {
		all = append(all, m.column()+"_on")
		if !m.lasting() {
			all = append(all, m.column()+"_off")
		}
	}
	return all
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
	return all
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
	subjects := set[subjectKey]{}
	for _, entry := range entries {
		t := fold(byEntry[entry])
		if len(t.attrs) == 0 { // its registration was voided
			gone = append(gone, entry)
			continue
		}
		latest := t.attrs[len(t.attrs)-1].attr
		period := periodOf(byEntry[entry])
		subjects.add(subjectKey{latest.Subject, period})
		rows = append(rows, entryRow(entry, period, latest, t, names[entry]))
	}
	if err := removeAll(ctx, tx, `DELETE FROM ledger_entry_fact WHERE entry_id IN `, gone); err != nil {
		return err
	}
	columns := append([]string{
		"entry_id", "period_no", "code", "title", "folded", "name_key", "unit_id", "path", "subject_id",
		"subject_kind", "field", "origin", "status", "irregular", "shared",
	}, entryMarkColumns()...)
	if err := db.InsertAll(ctx, tx, `INSERT INTO ledger_entry_fact (`+strings.Join(columns, ", ")+`) VALUES `,
		upsert("entry_id", columns[1:]), rows); err != nil {
		return err
	}
	return markShared(ctx, tx, subjects.all)
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

// markShared marks the entries of subjects that have several in the period: only among
// these must distinct subjects be told apart one by one.
func markShared(ctx context.Context, tx *db.Tx, subjects []subjectKey) error {
	byPeriod := map[int][]string{}
	for _, s := range subjects {
		byPeriod[s.period] = append(byPeriod[s.period], s.subject)
	}
	for period, ids := range byPeriod {
		err := db.Chunks(ids, func(part []any) error {
			n := len(part)
			_, err := db.Exec(ctx, tx, `UPDATE ledger_entry_fact SET shared = TRUE
				WHERE NOT shared AND period_no = $`+itoa(n+1)+` AND subject_id IN (
					SELECT subject_id FROM ledger_entry_fact
					WHERE subject_id IN `+db.In(1, n)+` AND period_no = $`+itoa(n+1)+`
					GROUP BY subject_id HAVING count(*) > 1)`, append(part, period)...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
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
	titles := map[string]string{}
	err := db.Chunks(ids, func(part []any) error {
		return db.Each(ctx, tx, func(row db.Row) error {
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
	if err := removeAll(ctx, tx, `DELETE FROM ledger_item_fact WHERE item_id IN `, gone); err != nil {
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
	var begun *Act
	off := never
	for i, act := range live {
		switch act.Kind {
		case Awarded, Praised, Adopted:
			begun = &live[i]
		case Revoked:
			off = min(off, dayNo(act.On))
		}
	}
	if begun == nil || begun.Attr == nil || off <= dayNo(begun.On) {
		return nil
	}
	kind := map[Kind]ItemKind{Awarded: Award, Praised: Praise, Adopted: Adoption}[begun.Kind]
	a := begun.Attr
	return []any{
		item, kind, begun.Period, a.Unit, a.Path, a.Subject, int(a.Kind), int(a.Field), begun.Form, string(begun.Level),
		dayNo(begun.On), off,
	}
}

func removeAll(ctx context.Context, tx *db.Tx, statement string, ids []string) error {
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
