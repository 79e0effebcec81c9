package conference

import (
	"context"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

const columns = `c.id, m.code, c.period_no, c.kind, c.state, c.title, c.held_on, c.begins, c.place, c.occasion, c.presiding, c.guests, c.as_of,
	c.reason, c.version, c.updated_at, c.updated_by`

const from = ` FROM conference_conference c JOIN movement_movement m ON m.id = c.movement_id`

func scan(row db.Row) (Conference, error) {
	var c Conference
	err := row.Scan(&c.ID, &c.Movement, &c.Period, &c.Kind, &c.State, &c.Title, db.DateTo(&c.On), &c.Begins, &c.Place, &c.Occasion, &c.Presiding,
		&c.Guests, db.DateTo(&c.AsOf), &c.Reason, &c.Version, db.TimeTo(&c.UpdatedAt), &c.UpdatedBy)
	return c, err
}

// find reads a conference with its parts.
func find(ctx context.Context, q db.Querier, id string) (Conference, error) {
	c, err := db.One(ctx, q, scan, `SELECT `+columns+from+` WHERE c.id = $1`, id)
	if err != nil {
		return c, err
	}
	if c.Programme, err = db.All(ctx, q, func(row db.Row) (Item, error) {
		var it Item
		return it, row.Scan(&it.Begins, &it.What, &it.Who)
	}, `SELECT begins, what, who FROM conference_item WHERE conference_id = $1 ORDER BY place`, id); err != nil {
		return c, err
	}
	if c.Speeches, err = db.All(ctx, q, func(row db.Row) (Speech, error) {
		var sp Speech
		return sp, row.Scan(&sp.Speaker, &sp.Unit, &sp.Title, db.TextTo(&sp.Entry), db.TextTo(&sp.Exemplar))
	}, `SELECT speaker, unit, title, entry_id, exemplar_id FROM conference_speech WHERE conference_id = $1 ORDER BY place`, id); err != nil {
		return c, err
	}
	if c.Decisions, err = db.All(ctx, q, db.Text,
		`SELECT decision_id FROM conference_honour WHERE conference_id = $1 ORDER BY place`, id); err != nil {
		return c, err
	}
	c.Papers, err = papers(ctx, q, id)
	return c, err
}

func papers(ctx context.Context, q db.Querier, id string) ([]Paper, error) {
	return db.All(ctx, q, func(row db.Row) (Paper, error) {
		var p Paper
		err := row.Scan(&p.ID, &p.Kind, &p.Title, &p.FileName, &p.FileKind, &p.FileHash, &p.FileSize, db.TimeTo(&p.AddedAt), &p.AddedBy)
		return p, err
	}, `SELECT id, kind, title, file_name, file_kind, file_hash, file_size, added_at, added_by FROM conference_paper
		WHERE conference_id = $1 ORDER BY added_at, id`, id)
}

// list reads the conferences of some movements, the latest first.
func list(ctx context.Context, q db.Querier, movements []string, in Query) (all []Conference, next string, err error) {
	if len(movements) == 0 {
		return nil, "", nil
	}
	var args []any
	for _, m := range movements {
		args = append(args, m)
	}
	where := ` WHERE c.movement_id IN ` + db.In(1, len(args))
	if on, id, ok := strings.Cut(in.Cursor, "."); ok {
		day, err := clock.ParseDate(on)
		if err != nil || id == "" {
			return nil, "", errs.New(errs.Invalid, i18n.LedgerBadCursor).On("cursor")
		}
		n := strconv.Itoa(len(args) + 1)
		where += ` AND (c.held_on, c.id) < ($` + n + `, $` + strconv.Itoa(len(args)+2) + `)`
		args = append(args, db.Date(day), id)
	}
	all, err = db.All(ctx, q, scan, `SELECT `+columns+from+where+` ORDER BY c.held_on DESC, c.id DESC LIMIT `+strconv.Itoa(in.Limit+1), args...)
	if err != nil || len(all) <= in.Limit {
		return all, "", err
	}
	last := all[in.Limit-1]
	return all[:in.Limit], last.On.String() + "." + last.ID, nil
}

func insert(ctx context.Context, tx *db.Tx, c Conference, movement string) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO conference_conference (id, movement_id, period_no, kind, state, title, held_on, begins, place, occasion,
		presiding, guests, as_of, reason, version, created_at, created_by, updated_at, updated_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $16, $17)`,
		c.ID, movement, c.Period, c.Kind, c.State, c.Title, db.Date(c.On), c.Begins, c.Place, c.Occasion, c.Presiding, c.Guests, db.Date(c.AsOf),
		c.Reason, c.Version, db.Time(c.UpdatedAt), c.UpdatedBy)
	return err
}

// update writes a conference over the version that was read.
func update(ctx context.Context, tx *db.Tx, c Conference) error {
	n, err := db.Exec(ctx, tx, `UPDATE conference_conference SET period_no = $3, kind = $4, state = $5, title = $6, held_on = $7, begins = $8,
		place = $9, occasion = $10, presiding = $11, guests = $12, as_of = $13, reason = $14, version = version + 1, updated_at = $15,
		updated_by = $16 WHERE id = $1 AND version = $2`,
		c.ID, c.Version, c.Period, c.Kind, c.State, c.Title, db.Date(c.On), c.Begins, c.Place, c.Occasion, c.Presiding, c.Guests, db.Date(c.AsOf),
		c.Reason, db.Time(c.UpdatedAt), c.UpdatedBy)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, i18n.ErrsConflict)
	}
	return err
}

func replaceItems(ctx context.Context, tx *db.Tx, id string, items []Item) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM conference_item WHERE conference_id = $1`, id); err != nil {
		return err
	}
	rows := make([][]any, len(items))
	for i, it := range items {
		rows[i] = []any{id, i, it.Begins, it.What, it.Who}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO conference_item (conference_id, place, begins, what, who) VALUES `, "", rows)
}

func replaceSpeeches(ctx context.Context, tx *db.Tx, id string, speeches []Speech) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM conference_speech WHERE conference_id = $1`, id); err != nil {
		return err
	}
	rows := make([][]any, len(speeches))
	for i, sp := range speeches {
		rows[i] = []any{id, i, sp.Speaker, sp.Unit, sp.Title, db.Null(sp.Entry), db.Null(sp.Exemplar)}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO conference_speech (conference_id, place, speaker, unit, title, entry_id, exemplar_id) VALUES `, "", rows)
}

func replaceDecisions(ctx context.Context, tx *db.Tx, id string, decisions []string) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM conference_honour WHERE conference_id = $1`, id); err != nil {
		return err
	}
	rows := make([][]any, len(decisions))
	for i, d := range decisions {
		rows[i] = []any{id, d, i}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO conference_honour (conference_id, decision_id, place) VALUES `, ` ON CONFLICT DO NOTHING`, rows)
}

func insertPaper(ctx context.Context, tx *db.Tx, id string, p Paper) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO conference_paper (id, conference_id, kind, title, file_name, file_kind, file_hash, file_size, added_at, added_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		p.ID, id, p.Kind, p.Title, p.FileName, p.FileKind, p.FileHash, p.FileSize, db.Time(p.AddedAt), p.AddedBy)
	return err
}

func deletePaper(ctx context.Context, tx *db.Tx, paper string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM conference_paper WHERE id = $1`, paper)
	return err
}

func keptFiles(ctx context.Context, q db.Querier, hashes []string) (map[string]bool, error) {
	kept := make(map[string]bool, len(hashes))
	err := db.Chunks(hashes, func(part []any) error {
		return db.Each(ctx, q, func(row db.Row) error {
			hash, err := db.Text(row)
			kept[hash] = true
			return err
		}, `SELECT DISTINCT file_hash FROM conference_paper WHERE file_hash IN `+db.In(1, len(part)), part...)
	})
	return kept, err
}

func events(ctx context.Context, q db.Querier, ids []string) ([]Event, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	return db.All(ctx, q, func(row db.Row) (Event, error) {
		var e Event
		err := row.Scan(&e.ID, &e.Kind, &e.Title, db.DateTo(&e.On), &e.Begins, &e.Place, &e.Occasion, &e.Movement, &e.Name)
		return e, err
	}, `SELECT c.id, c.kind, c.title, c.held_on, c.begins, c.place, c.occasion, m.code, m.name`+from+` WHERE c.state = 'held' AND c.id IN `+
		db.In(1, len(args))+` ORDER BY c.held_on DESC, c.id DESC`, args...)
}
