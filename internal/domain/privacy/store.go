package privacy

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// traces reads the records of a place that name the person. Of several rows about one
// record it makes one.
func (p place) traces(ctx context.Context, q db.Querier, b blotter) ([]Trace, error) {
	var all []Trace
	at := map[string]int{}
	texts := make([]string, len(p.fields))
	err := db.Each(ctx, q, func(row db.Row) error {
		t := Trace{Kind: p.kind, Treatment: p.how, Why: p.why}
		var code, mark string
		to := []any{&t.ID, db.TextTo(&t.Unit), db.TextTo(&code), &t.Title, &mark}
		for i := range texts {
			to = append(to, db.TextTo(&texts[i]))
		}
		if err := row.Scan(to...); err != nil {
			return err
		}
		for i, text := range texts {
			if b.in(text) {
				f := Field{Name: p.fields[i], Text: text}
				if p.hidden {
					f.Text = ""
				}
				t.Fields = append(t.Fields, f)
			}
		}
		if len(t.Fields) == 0 {
			return nil
		}
		if i, known := at[t.ID]; known {
			all[i].Fields = append(all[i].Fields, t.Fields...)
			return nil
		}
		at[t.ID] = len(all)
		t.Path = p.pathOf(code)
		t.marked(mark)
		all = append(all, t)
		return nil
	}, p.read)
	return all, err
}

// marked takes the mark of a record into account.
func (t *Trace) marked(mark string) {
	switch t.Kind {
	case KindAccount:
		if mark == "" { // it is closed
			t.Why = 0
			return
		}
		t.Treatment = ByHand
	case KindPhoto:
		t.owner = mark
	case KindExemplar, KindEntry:
		if t.listed = mark != ""; !t.listed {
			t.Why = 0
		} else if len(t.Fields) == 1 && (t.Fields[0].Name == i18n.NurtureName || t.Fields[0].Name == i18n.PracticePartTitle) {
			t.Treatment = Kept // nothing but what the decision lists
		}
	}
}

func insertRequest(ctx context.Context, tx *db.Tx, r Request) error {
	raw, err := json.Marshal(r.Counts)
	if err != nil {
		return fmt.Errorf("write what a request touched: %w", err)
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO privacy_request (id, kind, unit_id, reason, counts, at, by_account) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.ID, r.Kind, db.Null(r.Unit), r.Reason, string(raw), db.Time(r.At), r.By)
	return err
}

// maxRequests is how many requests are read before scope is applied: some forty years of one a week.
const maxRequests = `2000`

func requests(ctx context.Context, q db.Querier) ([]Request, error) {
	return db.All(ctx, q, func(row db.Row) (Request, error) {
		var r Request
		var raw string
		if err := row.Scan(&r.ID, &r.Kind, db.TextTo(&r.Unit), &r.Reason, &raw, db.TimeTo(&r.At), &r.By); err != nil {
			return r, err
		}
		if err := json.Unmarshal([]byte(raw), &r.Counts); err != nil {
			return r, fmt.Errorf("read what a request touched: %w", err)
		}
		return r, nil
	}, `SELECT id, kind, unit_id, reason, counts, at, by_account FROM privacy_request ORDER BY at DESC, id DESC LIMIT `+maxRequests)
}

const consentColumns = `id, exemplar_id, purpose, how, given_on, note, recorded_at, recorded_by, withdrawn_on, withdrawn_note, withdrawn_by`

func scanConsent(row db.Row) (Consent, error) {
	var c Consent
	return c, row.Scan(&c.ID, &c.Exemplar, &c.Purpose, &c.How, db.DateTo(&c.On), &c.Note, db.TimeTo(&c.At), &c.By,
		db.DateTo(&c.WithdrawnOn), &c.WithdrawnNote, &c.WithdrawnBy)
}

func consent(ctx context.Context, q db.Querier, id string) (Consent, error) {
	return db.One(ctx, q, scanConsent, `SELECT `+consentColumns+` FROM privacy_consent WHERE id = $1`, id)
}

func consentsOf(ctx context.Context, q db.Querier, exemplar string) ([]Consent, error) {
	return db.All(ctx, q, scanConsent, `SELECT `+consentColumns+` FROM privacy_consent WHERE exemplar_id = $1 ORDER BY given_on DESC, id DESC`, exemplar)
}

func insertConsent(ctx context.Context, tx *db.Tx, c Consent) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO privacy_consent (id, exemplar_id, purpose, how, given_on, note, recorded_at, recorded_by, withdrawn_note, withdrawn_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '')`, c.ID, c.Exemplar, c.Purpose, c.How, db.Date(c.On), c.Note, db.Time(c.At), c.By)
	return err
}

func withdrawConsent(ctx context.Context, tx *db.Tx, c Consent) error {
	_, err := db.Exec(ctx, tx, `UPDATE privacy_consent SET withdrawn_on = $2, withdrawn_note = $3, withdrawn_by = $4 WHERE id = $1`,
		c.ID, db.Date(c.WithdrawnOn), c.WithdrawnNote, c.WithdrawnBy)
	return err
}

// Unread are those of some tables that no place reads and [Without] does not excuse: what a
// test holds against the database.
func Unread(names []string) (unread []string) {
	without := Without()
	for _, name := range names {
		if _, excused := without[name]; !excused && !slices.ContainsFunc(places(), func(p place) bool { return p.reads(name) }) {
			unread = append(unread, name)
		}
	}
	return unread
}
