package replication

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

const columns = `id, practice_id, source_entry_id, source_text, source_place, adopting_unit_id, adopting_entry_id, mode,
	period_no, started_on, note, recorded_at`

func scan(row db.Row) (Link, error) {
	var l Link
	err := row.Scan(&l.ID, db.TextTo(&l.Practice), db.TextTo(&l.SourceEntry), &l.SourceText, &l.SourcePlace, &l.AdoptingUnit,
		db.TextTo(&l.AdoptingEntry), &l.Mode, &l.Period, db.DateTo(&l.StartedOn), &l.Note, db.TimeTo(&l.RecordedAt))
	return l, err
}

func insert(ctx context.Context, tx *db.Tx, links []Link) error {
	rows := make([][]any, len(links))
	for i, l := range links {
		rows[i] = []any{
			l.ID, db.Null(l.Practice), db.Null(l.SourceEntry), l.SourceText, l.SourcePlace, l.AdoptingUnit,
			db.Null(l.AdoptingEntry), l.Mode, l.Period, db.Date(l.StartedOn), l.Note, db.Time(l.RecordedAt),
		}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO replication_link (`+columns+`) VALUES `, "", rows)
}

// adoption is what may stand once.
type adoption struct {
	practice, unit string
	period         int
}

func (l Link) adoption() adoption { return adoption{l.Practice, l.AdoptingUnit, l.Period} }

// adoptionsOf reads the adoptions of the practices that the links are about; one that was
// voided may be recorded anew.
func adoptionsOf(ctx context.Context, q db.Querier, links []Link) (map[adoption]bool, error) {
	var practices []string
	for _, l := range links {
		if l.Practice != "" {
			practices = append(practices, l.Practice)
		}
	}
	slices.Sort(practices)
	var all []Link
	err := db.Chunks(slices.Compact(practices), func(part []any) error {
		some, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM replication_link WHERE practice_id IN `+db.In(1, len(part)), part...)
		all = append(all, some...)
		return err
	})
	if err != nil {
		return nil, err
	}
	if all, err = living(ctx, q, all); err != nil {
		return nil, err
	}
	known := map[adoption]bool{}
	for _, l := range all {
		known[l.adoption()] = true
	}
	return known, nil
}

// living leaves out the links whose adoption was voided.
func living(ctx context.Context, q db.Querier, links []Link) ([]Link, error) {
	ids := make([]string, len(links))
	for i, l := range links {
		ids[i] = l.ID
	}
	lives, err := ledger.LivingItems(ctx, q, ids)
	return slices.DeleteFunc(links, func(l Link) bool { return !lives[l.ID] }), err
}

func ofPractice(ctx context.Context, q db.Querier, practice string) ([]Link, error) {
	links, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM replication_link WHERE practice_id = $1 ORDER BY started_on, id`, practice)
	if err != nil {
		return nil, err
	}
	return living(ctx, q, links)
}

func byEntry(ctx context.Context, q db.Querier, entry string) ([]Link, error) {
	links, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM replication_link WHERE adopting_entry_id = $1 ORDER BY started_on, id`, entry)
	if err != nil {
		return nil, err
	}
	return living(ctx, q, links)
}

func byIDs(ctx context.Context, q db.Querier, ids []string) ([]Link, error) {
	var all []Link
	err := db.Chunks(ids, func(part []any) error {
		links, err := db.All(ctx, q, scan,
			`SELECT `+columns+` FROM replication_link WHERE id IN `+db.In(1, len(part))+` ORDER BY id`, part...)
		all = append(all, links...)
		return err
	})
	return all, err
}

// Source is what was taken up in a period, with the paths of those that did, one for
// each adoption.
type Source struct {
	Code, Title string // of the source's entry, or the text that names it
	Unit        string // "" where it lies outside the system
	Place       string // where it comes from, where it lies outside
	Paths       []string
	Units       int // distinct adopting units
}

// Sources gathers the adoptions in force on a day by their source.
func Sources(ctx context.Context, q db.Querier, f ledger.Filter, on clock.Date) ([]Source, error) {
	rows, err := ledger.Items(ctx, q, f, ledger.InForce{Kind: ledger.Adoption, On: on}, ledger.Slice{Limit: mostAdoptions})
	if err != nil {
		return nil, err
	}
	path := map[string]ledger.ItemRow{}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i], path[r.Item] = r.Item, r
	}
	links, err := byIDs(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var order []string
	byKey := map[string]*Source{}
	units := map[[2]string]bool{}
	for _, l := range links {
		key := l.SourceEntry + l.SourceText
		if byKey[key] == nil {
			byKey[key] = &Source{Code: l.SourceEntry, Title: l.SourceText, Place: l.SourcePlace}
			order = append(order, key)
		}
		s := byKey[key]
		s.Paths = append(s.Paths, path[l.ID].Path)
		if k := [2]string{key, path[l.ID].Unit}; !units[k] {
			units[k] = true
			s.Units++
		}
	}
	return named(ctx, q, order, byKey)
}

// mostAdoptions bounds one table, and one call; the worst known year of a province had 57,000
// entries in all.
const mostAdoptions = 100_000

// named replaces the identities of source entries by what they are called.
func named(ctx context.Context, q db.Querier, order []string, byKey map[string]*Source) ([]Source, error) {
	var ids []string
	for _, s := range byKey {
		if s.Code != "" {
			ids = append(ids, s.Code)
		}
	}
	rows, err := ledger.EntryRows(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	names := map[string]ledger.EntryRow{}
	for _, r := range rows {
		names[r.Entry] = r
	}
	all := make([]Source, len(order))
	for i, key := range order {
		s := byKey[key]
		if r, ok := names[s.Code]; ok {
			s.Code, s.Title, s.Unit = r.Code, r.Title, r.Unit
		}
		all[i] = *s
	}
	slices.SortStableFunc(all, func(a, b Source) int { return len(b.Paths) - len(a.Paths) })
	return all, nil
}

// SourceOf gives the sources of adoptions, by the identities of these: the code and the title
// of the source's entry or, of one outside the system, the text that names it.
func SourceOf(ctx context.Context, q db.Querier, adoptions []string) (map[string]Source, error) {
	links, err := byIDs(ctx, q, adoptions)
	if err != nil {
		return nil, err
	}
	var entries []string
	for _, l := range links {
		if l.SourceEntry != "" {
			entries = append(entries, l.SourceEntry)
		}
	}
	slices.Sort(entries)
	rows, err := ledger.EntryRows(ctx, q, slices.Compact(entries))
	if err != nil {
		return nil, err
	}
	known := map[string]ledger.EntryRow{}
	for _, r := range rows {
		known[r.Entry] = r
	}
	all := make(map[string]Source, len(links))
	for _, l := range links {
		src := Source{Code: l.SourceEntry, Title: l.SourceText, Place: l.SourcePlace}
		if r, ok := known[l.SourceEntry]; ok {
			src = Source{Code: r.Code, Title: r.Title, Unit: r.Unit}
		}
		all[l.ID] = src
	}
	return all, nil
}
