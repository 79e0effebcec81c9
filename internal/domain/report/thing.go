package report

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// things names what stories are about, by the identity of entry, subject or item.
func (t *tally) things(ctx context.Context, q db.Querier, stories []ledger.Story) (map[string]Thing, error) {
	var entries, subjects, items []string
	for _, s := range stories {
		for _, step := range s.Steps {
			entries = append(entries, step.Act.Entry)
			subjects = append(subjects, step.Act.Subject)
		}
		if s.Item != "" {
			items = append(items, s.Item)
		}
	}
	all := map[string]Thing{}
	rows, err := ledger.EntryRows(ctx, q, distinctOf(entries))
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		all[r.Entry] = Thing{Entry: r.Entry, Code: r.Code, Title: r.Title}
	}
	titles, err := ledger.SubjectTitles(ctx, q, distinctOf(subjects))
	if err != nil {
		return nil, err
	}
	for id, title := range titles {
		all[id] = Thing{Subject: id, Title: title}
	}
	if t.sources, err = replication.SourceOf(ctx, q, items); err != nil {
		return nil, err
	}
	for _, s := range stories {
		if s.Item == "" {
			continue
		}
		act := s.Steps[0].Act
		thing, ok := all[cmp.Or(act.Subject, act.Entry)]
		if src, is := t.sources[s.Item]; is {
			thing, ok = Thing{Entry: act.Entry, Code: src.Code, Title: src.Title}, true
		}
		if ok {
			all[s.Item] = thing
		}
	}
	return all, nil
}

func distinctOf(ids []string) []string {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return slices.DeleteFunc(ids, func(s string) bool { return s == "" })
}

// listed are the entries whose row in the list, or whose counts, are others now.
func (t *tally) listed(ctx context.Context, q db.Querier) ([]ListChange, error) {
	rows, err := ledger.EntryRows(ctx, q, entriesOf(t.stories))
	if err != nil {
		return nil, err
	}
	known := map[string]Thing{}
	for _, r := range rows {
		known[r.Entry] = Thing{Entry: r.Entry, Code: r.Code, Title: r.Title}
	}
	name := t.namer()
	var all []ListChange
	for _, story := range t.stories {
		c := ListChange{Thing: cmp.Or(known[story.Entry], Thing{Entry: story.Entry})}
		before, after := columnsOf(story.Was, name), columnsOf(story.Is, name)
		for _, column := range listedColumns() {
			if before[column] != after[column] {
				c.Columns = append(c.Columns, ColumnChange{column, before[column], after[column]})
			}
		}
		for _, step := range story.Steps {
			c.Causes = append(c.Causes, step.Act)
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b ListChange) int { return strings.Compare(a.Code, b.Code) })
	return all, nil
}

func entriesOf(stories []ledger.Story) []string {
	ids := make([]string, len(stories))
	for i, s := range stories {
		ids[i] = s.Entry
	}
	return ids
}

// listedColumns are the columns in which an entry may have changed: what it is, and what
// counts it.
func listedColumns() []string {
	return slices.Concat([]string{"unit", "kind", "field", "origin"}, unitColumns())
}

// columnsOf is an entry by column: texts of what it is, "1" where it is counted.
func columnsOf(s ledger.Share, name func(string) (string, string)) map[string]string {
	all := map[string]string{}
	if s.Counts == (ledger.Counts{}) {
		return all
	}
	_, all["unit"] = name(s.Unit)
	all["kind"], all["field"], all["origin"] = s.Cell.Kind.String(), s.Cell.Field.String(), s.Cell.Origin.String()
	for _, column := range counting(s.Counts) {
		all[column] = "1"
	}
	return all
}
