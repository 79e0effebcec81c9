package practice

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

const columns = `e.id, e.practice_id, e.period_no, e.code, e.exemplar_id, x.name, x.kind, e.unit_id, e.subject_kind, e.field_code,
	e.origin, e.running, e.title, e.rationale, e.goals, e.approach, e.area, e.forces, e.resources, e.outputs, e.sustainability,
	e.declared_by, e.typed_by, e.consent, e.consent_note, e.consent_named, e.consent_detail, e.taken_down_on, e.taken_down_note,
	e.late, e.version, e.created_at, e.updated_at, e.updated_by, e.address, e.focus_at, e.focus_by, e.keeper`

const from = ` FROM practice_entry e JOIN practice_exemplar x ON x.id = e.exemplar_id JOIN movement_period p ON p.no = e.period_no `

// latest puts entries in the order of their periods' first days, the latest first: a
// period has its number by when it was entered, which may be later than one that follows.
const latest = `p.from_day DESC, e.period_no DESC`

func scan(row db.Row) (Entry, error) {
	var e Entry
	to := []any{
		&e.ID, &e.Practice, &e.Period, &e.Code, &e.Exemplar, &e.Subject, &e.Whose, &e.Unit, &e.Kind, &e.Field, &e.Origin, &e.Running, &e.Title,
	}
	for _, part := range e.Parts.All() {
		to = append(to, part.Text)
	}
	err := row.Scan(append(to, &e.DeclaredBy, &e.TypedBy, &e.Consent, &e.ConsentNote, &e.Named, &e.Detail,
		db.DateTo(&e.TakenDownOn), &e.TakenDownNote, &e.Late, &e.Version,
		db.TimeTo(&e.CreatedAt), db.TimeTo(&e.UpdatedAt), &e.UpdatedBy, &e.Address, db.TimeTo(&e.FocusAt), &e.FocusBy, &e.keeper)...)
	return e, err
}

// find reads an entry by its identity or its code.
func find(ctx context.Context, q db.Querier, key string) (Entry, error) {
	return db.One(ctx, q, scan, `SELECT `+columns+from+`WHERE e.id = $1 OR e.code = $2`, key, strings.ToUpper(key))
}

// findAll reads entries by their identities or codes, in any order of keys, and gives
// them by identity.
func findAll(ctx context.Context, q db.Querier, keys []string) (map[string]Entry, error) {
	all := map[string]Entry{}
	codes := make([]string, len(keys))
	for i, key := range keys {
		codes[i] = strings.ToUpper(key)
	}
	for column, values := range map[string][]string{"e.id": keys, "e.code": codes} {
		err := db.Chunks(values, func(part []any) error {
			return db.Each(ctx, q, func(row db.Row) error {
				e, err := scan(row)
				all[e.ID] = e
				return err
			}, `SELECT `+columns+from+`WHERE `+column+` IN `+db.In(1, len(part)), part...)
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// entriesOfPractices reads the entries of practices, each practice's latest first.
func entriesOfPractices(ctx context.Context, q db.Querier, practices []string) (map[string][]Entry, error) {
	all := map[string][]Entry{}
	slices.Sort(practices)
	err := db.Chunks(slices.Compact(practices), func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			e, err := scan(row)
			all[e.Practice] = append(all[e.Practice], e)
			return err
		}, `SELECT `+columns+from+`WHERE e.practice_id IN `+db.In(1, len(part))+` ORDER BY e.practice_id, `+latest, part...)
	})
	return all, err
}

// past is what a new entry of a practice takes over from its latest one.
type past struct {
	entry, exemplar, subject string
	kind                     ledger.SubjectKind // of the exemplar
	periods                  []int              // in which the practice has an entry, the latest first
}

// pasts reads the past of practices; one that is not known has none.
func pasts(ctx context.Context, q db.Querier, practices []string) (map[string]past, error) {
	all := map[string]past{}
	err := db.Chunks(practices, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			var practice string
			var one past
			var period int
			if err := row.Scan(&practice, &one.entry, &one.exemplar, &one.subject, &one.kind, &period); err != nil {
				return err
			}
			if known, ok := all[practice]; ok {
				one = known
			}
			one.periods = append(one.periods, period)
			all[practice] = one
			return nil
		}, `SELECT e.practice_id, e.id, e.exemplar_id, x.name, x.kind, e.period_no`+from+
			`WHERE e.practice_id IN `+db.In(1, len(part))+` ORDER BY e.practice_id, `+latest, part...)
	})
	return all, err
}

func yearsOf(ctx context.Context, q db.Querier, practice string) ([]string, error) {
	return db.All(ctx, q, db.Text, `SELECT e.id`+from+`WHERE e.practice_id = $1 ORDER BY `+latest, practice)
}

func entriesOf(ctx context.Context, q db.Querier, exemplar string) ([]string, error) {
	return db.All(ctx, q, db.Text, `SELECT e.id`+from+`WHERE e.exemplar_id = $1 ORDER BY `+latest+`, e.id LIMIT 500`, exemplar)
}

func partners(ctx context.Context, q db.Querier, entry string) ([]string, error) {
	return db.All(ctx, q, db.Text, `SELECT unit_id FROM practice_partner WHERE entry_id = $1 ORDER BY unit_id`, entry)
}

// nextCodes gives the next human codes of a movement's line: all years of HK-2024 and
// HK-2025 count on in HK.
func nextCodes(ctx context.Context, tx *db.Tx, movement string, count int) ([]string, error) {
	scope := movement
	if i := strings.LastIndexByte(movement, '-'); i > 0 {
		scope = movement[:i]
	}
	last, err := db.OneWrite(ctx, tx, db.Int, `INSERT INTO practice_counter (scope, last) VALUES ($1, $2)
		ON CONFLICT (scope) DO UPDATE SET last = practice_counter.last + excluded.last RETURNING last`, scope, count)
	codes := make([]string, count)
	for i := range codes {
		codes[i] = fmt.Sprintf("%s-%04d", scope, last-count+1+i)
	}
	return codes, err
}

func insertEntries(ctx context.Context, tx *db.Tx, entries []Entry) error {
	rows, partners, tags := make([][]any, len(entries)), [][]any{}, [][]any{}
	for i, e := range entries {
		row := []any{
			e.ID, e.Practice, e.Period, e.Code, e.Exemplar, e.Unit, int(e.Kind), e.Field, int(e.Origin), e.Running, e.Title,
		}
		for _, part := range e.Parts.All() {
			row = append(row, *part.Text)
		}
		rows[i] = append(row, e.DeclaredBy, e.TypedBy, e.Consent, e.ConsentNote, e.Late, e.Version, db.Time(e.CreatedAt), db.Time(e.UpdatedAt), e.UpdatedBy, e.Address)
		for _, tag := range e.Tags {
			tags = append(tags, []any{e.ID, tag})
		}
		for _, unit := range e.Partners {
			partners = append(partners, []any{e.ID, unit})
		}
	}
	if err := db.InsertAll(ctx, tx, `INSERT INTO practice_entry (id, practice_id, period_no, code, exemplar_id, unit_id, subject_kind,
		field_code, origin, running, title, rationale, goals, approach, area, forces, resources, outputs, sustainability,
		declared_by, typed_by, consent, consent_note, late, version, created_at, updated_at, updated_by, address) VALUES `, "", rows); err != nil {
		return err
	}
	if err := insertMeasures(ctx, tx, entries); err != nil {
		return err
	}
	if err := insertEntryTags(ctx, tx, tags); err != nil {
		return err
	}
	return insertPartners(ctx, tx, partners)
}

func insertPartners(ctx context.Context, tx *db.Tx, rows [][]any) error {
	return db.InsertAll(ctx, tx, `INSERT INTO practice_partner (entry_id, unit_id) VALUES `, ` ON CONFLICT DO NOTHING`, rows)
}

// update writes an entry over the version that was read; a newer one is a conflict.
func update(ctx context.Context, tx *db.Tx, e Entry) error {
	args := []any{e.Exemplar, e.Unit, int(e.Kind), e.Field, int(e.Origin), e.Running, e.Title}
	for _, part := range e.Parts.All() {
		args = append(args, *part.Text)
	}
	args = append(args, e.DeclaredBy, e.Consent, e.ConsentNote, e.Named, e.Detail, db.Date(e.TakenDownOn), e.TakenDownNote,
		db.Time(e.UpdatedAt), e.UpdatedBy, e.Address, db.Time(e.FocusAt), e.FocusBy, e.ID, e.Version)
	n, err := db.Exec(ctx, tx, `UPDATE practice_entry SET exemplar_id = $1, unit_id = $2, subject_kind = $3, field_code = $4,
		origin = $5, running = $6, title = $7, rationale = $8, goals = $9, approach = $10, area = $11, forces = $12,
		resources = $13, outputs = $14, sustainability = $15, declared_by = $16, consent = $17, consent_note = $18,
		consent_named = $19, consent_detail = $20, taken_down_on = $21, taken_down_note = $22,
		updated_at = $23, updated_by = $24, address = $25, focus_at = $26, focus_by = $27, version = version + 1
		WHERE id = $28 AND version = $29`, args...)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, i18n.ErrsConflict)
	}
	return err
}

func replacePartners(ctx context.Context, tx *db.Tx, entry string, units []string) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM practice_partner WHERE entry_id = $1`, entry); err != nil {
		return err
	}
	rows := make([][]any, len(units))
	for i, u := range units {
		rows[i] = []any{entry, u}
	}
	return insertPartners(ctx, tx, rows)
}

func insertPractices(ctx context.Context, tx *db.Tx, rows [][]any) error {
	return db.InsertAll(ctx, tx, `INSERT INTO practice_practice (id, exemplar_id, created_at) VALUES `, "", rows)
}

const exemplarColumns = `id, name, kind, unit_id, note, introduced_by, created_at`

func scanExemplar(row db.Row) (Exemplar, error) {
	var x Exemplar
	err := row.Scan(&x.ID, &x.Name, &x.Kind, &x.Unit, &x.Note, &x.IntroducedBy, db.TimeTo(&x.CreatedAt))
	return x, err
}

func findExemplar(ctx context.Context, q db.Querier, id string) (Exemplar, error) {
	return db.One(ctx, q, scanExemplar, `SELECT `+exemplarColumns+` FROM practice_exemplar WHERE id = $1`, id)
}

// exemplarsByName reads the exemplars that bear one of the names at its unit, the
// earliest first.
func exemplarsByName(ctx context.Context, q db.Querier, names []personName) ([]Exemplar, error) {
	const columnsOfName = 2
	var all []Exemplar
	for part := range slices.Chunk(names, 500) {
		var args []any
		for _, n := range part {
			args = append(args, n.unit, n.folded)
		}
		some, err := db.All(ctx, q, scanExemplar, `SELECT `+exemplarColumns+` FROM practice_exemplar
			WHERE (unit_id, folded) IN (VALUES `+db.Rows(len(part), columnsOfName)+`) ORDER BY id`, args...)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func exemplarsByID(ctx context.Context, q db.Querier, ids []string) (map[string]Exemplar, error) {
	all := map[string]Exemplar{}
	err := db.Chunks(ids, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			x, err := scanExemplar(row)
			all[x.ID] = x
			return err
		}, `SELECT `+exemplarColumns+` FROM practice_exemplar WHERE id IN `+db.In(1, len(part)), part...)
	})
	return all, err
}

func insertExemplars(ctx context.Context, tx *db.Tx, all []Exemplar) error {
	rows := make([][]any, len(all))
	for i, x := range all {
		rows[i] = []any{x.ID, x.Name, viet.Fold(x.Name), int(x.Kind), x.Unit, x.Note, x.IntroducedBy, db.Time(x.CreatedAt)}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO practice_exemplar (id, name, folded, kind, unit_id, note, introduced_by, created_at) VALUES `, "", rows)
}
