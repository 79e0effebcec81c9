package ledger

import (
	"context"
	"fmt"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Stale folds every entry, subject and item anew from its acts and lists those whose
// fact rows say anything else, as "entry ID", "subject ID" or "item ID". A sound book
// gives none.
func Stale(ctx context.Context, q db.Querier) ([]string, error) {
	all, err := db.All(ctx, q, scanAct, `SELECT `+actColumns+` FROM ledger_act ORDER BY id`)
	if err != nil {
		return nil, err
	}
	want := map[string]string{}
	entries, subjects, items := touched(all)
	byEntry := group(all, func(a Act) string { return a.Entry })
	for _, id := range entries {
		if t := fold(byEntry[id]); len(t.attrs) > 0 {
			want["entry "+id] = written(entryRow(id, periodOf(byEntry[id]), t.attrs[len(t.attrs)-1].attr, t, named{}), entryFixed)
		}
	}
	byKey := group(all, func(a Act) subjectKey { return subjectKey{a.Subject, a.Period} })
	for _, key := range subjects {
		if t := fold(byKey[key]); len(t.attrs) > 0 {
			want[fmt.Sprintf("subject %s in %d", key.subject, key.period)] = written(subjectRow(key, "", t), subjectFixed)
		}
	}
	byItem := group(all, func(a Act) string { return a.Item })
	for _, id := range items {
		if row := itemRow(id, living(byItem[id])); row != nil {
			want["item "+id] = written(row, itemFixed)
		}
	}
	return compareFacts(ctx, q, want)
}

// What of the rows does not follow from the acts: names, and whether a subject has
// several entries.
const (
	entryFixed   = "entry_id, period_no, unit_id, path, subject_id, subject_kind, field, origin, status, irregular"
	subjectFixed = "period_no, subject_id, unit_id, path, subject_kind, field, irregular"
	itemFixed    = "item_id, kind, period_no, unit_id, path, subject_id, subject_kind, field, form, level, begun_on, begun_off"
)

// written writes the columns of a row that follow from the acts.
func written(row []any, fixed string) string {
	skip := map[string][]int{entryFixed: {2, 3, 4, 5, 14}, subjectFixed: {2, 3}}[fixed]
	var b strings.Builder
	for i, v := range row {
		left := false
		for _, s := range skip {
			left = left || s == i
		}
		if !left {
			fmt.Fprintf(&b, "%v|", v)
		}
	}
	return b.String()
}

func compareFacts(ctx context.Context, q db.Querier, want map[string]string) ([]string, error) {
	var stale []string
	seen := 0
	for _, table := range []struct {
		what, name, columns string
		marks               []string
	}{
		{"entry", "ledger_entry_fact", entryFixed, entryMarkColumns()},
		{"subject", "ledger_subject_fact", subjectFixed, markColumns(mFound, mBegun)},
		{"item", "ledger_item_fact", itemFixed, nil},
	} {
		columns := strings.Join(append([]string{table.columns}, table.marks...), ", ")
		err := db.Each(ctx, q, func(row db.Row) error {
			key, got, err := scanFact(row, table.what, strings.Count(columns, ",")+1)
			if err != nil {
				return err
			}
			if want[key] != got {
				stale = append(stale, key)
			}
			seen++
			return nil
		}, `SELECT `+columns+` FROM `+table.name)
		if err != nil {
			return nil, err
		}
	}
	if seen != len(want) {
		stale = append(stale, fmt.Sprintf("%d facts for %d things with acts", seen, len(want)))
	}
	return stale, nil
}

// scanFact reads any fact row as text.
func scanFact(row db.Row, what string, width int) (key, text string, err error) {
	values, to := make([]any, width), make([]any, width)
	for i := range values {
		to[i] = &values[i]
	}
	if err := row.Scan(to...); err != nil {
		return "", "", err
	}
	var b strings.Builder
	for i, v := range values {
		if raw, ok := v.([]byte); ok {
			v = string(raw)
		}
		if n, ok := v.(int64); ok && what != "item" && i == irregularColumn(what) { // a BOOLEAN is an integer on SQLite
			v = n != 0
		}
		fmt.Fprintf(&b, "%v|", v)
	}
	key = fmt.Sprintf("%s %v", what, values[0])
	if what == "subject" {
		key = fmt.Sprintf("subject %v in %v", values[1], values[0])
	}
	return key, b.String(), nil
}

func irregularColumn(what string) int {
	if what == "entry" {
		return 9
	}
	return 6
}
