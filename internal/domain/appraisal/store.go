package appraisal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

const noteColumns = `id, entry_id, kind, on_day, body, outputs, evidence, actuals, state, reason, version, sent_at, sent_by, decided_at, decided_by`

// kept is an actual as it is stored.
type kept struct {
	Name  string `json:"name"`
	Unit  string `json:"unit"`
	Value string `json:"value"`
}

func scanNote(row db.Row) (Note, error) {
	var n Note
	var actuals string
	if err := row.Scan(&n.ID, &n.Entry, &n.Kind, db.DateTo(&n.On), &n.Text, &n.Outputs, &n.Evidence, &actuals, &n.State, &n.Reason, &n.Version,
		db.TimeTo(&n.SentAt), &n.SentBy, db.TimeTo(&n.DecidedAt), &n.DecidedBy); err != nil {
		return n, err
	}
	var all []kept
	if err := json.Unmarshal([]byte(actuals), &all); err != nil {
		return n, fmt.Errorf("read the numbers of note %s: %w", n.ID, err)
	}
	for _, k := range all {
		value, err := viet.ParseDecimal(k.Value)
		if err != nil {
			return n, fmt.Errorf("read a number of note %s: %w", n.ID, err)
		}
		n.Actuals = append(n.Actuals, Actual{Name: k.Name, Unit: k.Unit, Value: value})
	}
	return n, nil
}

func actualsText(all []Actual) (string, error) {
	rows := make([]kept, len(all))
	for i, a := range all {
		rows[i] = kept{a.Name, a.Unit, a.Value.String()}
	}
	out, err := json.Marshal(rows)
	if err != nil {
		return "", fmt.Errorf("write the numbers of a note: %w", err)
	}
	return string(out), nil
}

func insertNotes(ctx context.Context, tx *db.Tx, all []Note) error {
	rows := make([][]any, len(all))
	for i, n := range all {
		actuals, err := actualsText(n.Actuals)
		if err != nil {
			return err
		}
		rows[i] = []any{
			n.ID, n.Entry, n.Kind, db.Date(n.On), n.Text, n.Outputs, n.Evidence, actuals, n.State, n.Reason, n.Version, db.Time(n.SentAt), n.SentBy,
			db.Time(n.DecidedAt), n.DecidedBy,
		}
	}
	return db.InsertAll(ctx, tx, `INSERT INTO appraisal_note (`+noteColumns+`) VALUES `, "", rows)
}

func updateNote(ctx context.Context, tx *db.Tx, n Note) error {
	actuals, err := actualsText(n.Actuals)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `UPDATE appraisal_note SET kind = $2, on_day = $3, body = $4, outputs = $5, evidence = $6, actuals = $7, state = $8,
		version = $9, sent_at = $10, sent_by = $11 WHERE id = $1`,
		n.ID, n.Kind, db.Date(n.On), n.Text, n.Outputs, n.Evidence, actuals, n.State, n.Version, db.Time(n.SentAt), n.SentBy)
	return err
}

// decideNotes writes what the standing body said to notes.
func decideNotes(ctx context.Context, tx *db.Tx, ids []string, as Note) error {
	return db.Chunks(ids, func(part []any) error {
		args := append([]any{as.State, as.Reason, db.Time(as.DecidedAt), as.DecidedBy}, part...)
		_, err := db.Exec(ctx, tx, `UPDATE appraisal_note SET state = $1, reason = $2, decided_at = $3, decided_by = $4, version = version + 1
			WHERE id IN `+db.In(5, len(part)), args...)
		return err
	})
}

func notesByID(ctx context.Context, q db.Querier, ids []string) ([]Note, error) {
	var all []Note
	err := db.Chunks(ids, func(part []any) error {
		found, err := db.All(ctx, q, scanNote, `SELECT `+noteColumns+` FROM appraisal_note WHERE id IN `+db.In(1, len(part)), part...)
		all = append(all, found...)
		return err
	})
	return all, err
}

// myNote finds a note of an entry within the actor's scope.
func myNote(ctx context.Context, q db.Querier, who actor.Actor, id string) (Note, error) {
	n, err := db.One(ctx, q, scanNote, `SELECT `+noteColumns+` FROM appraisal_note WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return n, noNote()
	}
	if err != nil {
		return n, err
	}
	rows, err := seen(ctx, q, who, []string{n.Entry})
	if err == nil && len(rows) == 0 {
		err = noNote()
	}
	return n, err
}

func notesOf(ctx context.Context, q db.Querier, entry string) ([]Note, error) {
	return db.All(ctx, q, scanNote, `SELECT `+noteColumns+` FROM appraisal_note WHERE entry_id = $1 ORDER BY on_day DESC, id DESC`, entry)
}

func waitingNotes(ctx context.Context, q db.Querier, scope actor.Scope, limit int) ([]Note, error) {
	within, args := withinScope(scope, []any{limit}, "f.path")
	return db.All(ctx, q, scanNote, `SELECT `+noteColumns+` FROM appraisal_note WHERE state = 'sent'
		AND entry_id IN (SELECT f.entry_id FROM ledger_entry_fact f WHERE `+within+`) ORDER BY sent_at, id LIMIT $1`, args...)
}

// Page is a stretch of a list of a period: what follows after one of its rows, by identity;
// the beginning where there is none.
type Page struct {
	Period int
	After  string
}

// perPage is how many rows a page has.
const perPage = 100

// older restricts a list to what follows the row of the page, in the order of the columns.
func (x Page) older(table, order string, args *[]any) string {
	if x.After == "" {
		return ""
	}
	*args = append(*args, x.After)
	columns := strings.ReplaceAll(order, order[:2], "")
	return " AND (" + order + ") < (SELECT " + columns + " FROM " + table + " WHERE id = $" + number(len(*args)) + ")"
}

// withinScope is "one of these columns holds a path that the scope covers": a list is cut to
// the scope before it is bounded, so that none hides another's. A path is written in 0–9 and
// a–z only.
func withinScope(scope actor.Scope, args []any, columns ...string) (string, []any) {
	if scope.All {
		return "1 = 1", args
	}
	either := []string{"1 = 0"}
	for _, p := range scope.Paths {
		if p == "" {
			continue
		}
		args = append(args, p+"%")
		for _, column := range columns {
			either = append(either, column+" LIKE $"+number(len(args)))
		}
	}
	return "(" + strings.Join(either, " OR ") + ")", args
}

// silentEntries finds the entries of a period that go on, with the day of their last note or
// of their registration where that lies before a day; the longest silent first.
func silentEntries(ctx context.Context, q db.Querier, period int, before clock.Date) (map[string]clock.Date, []string, error) {
	last, order := map[string]clock.Date{}, []string(nil)
	err := db.Each(ctx, q, func(row db.Row) error {
		var entry string
		var registered int
		var noted clock.Date
		if err := row.Scan(&entry, &registered, db.DateTo(&noted)); err != nil {
			return err
		}
		if day := max(noted, ledger.DayOfFact(registered)); day < before {
			last[entry], order = day, append(order, entry)
		}
		return nil
	}, `SELECT f.entry_id, f.registered_on, max(n.on_day) FROM ledger_entry_fact f
		LEFT JOIN appraisal_note n ON n.entry_id = f.entry_id AND n.state <> 'returned'
		WHERE f.period_no = $1 AND f.status IN ($2, $3) AND f.registered_on < $4
		GROUP BY f.entry_id, f.registered_on ORDER BY max(n.on_day) NULLS FIRST, f.registered_on, f.entry_id`,
		period, int(ledger.StatusReceived), int(ledger.StatusStarted), ledger.FactDay(before))
	return last, order, err
}

// keptFiles tells which of some files a paper has.
func keptFiles(ctx context.Context, q db.Querier, hashes []string) (map[string]bool, error) {
	found := map[string]bool{}
	err := db.Chunks(hashes, func(part []any) error {
		all, err := db.All(ctx, q, db.Text, `SELECT DISTINCT file_hash FROM appraisal_paper WHERE file_hash IN `+db.In(1, len(part)), part...)
		for _, sha := range all {
			found[sha] = true
		}
		return err
	})
	return found, err
}
