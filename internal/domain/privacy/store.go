package privacy

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// reading is how the records of a place are gone through.
type reading struct {
	place
	b     blotter
	all   []Trace
	at    map[string]int // identity → place in all
	texts []string
}

func (p place) reading(b blotter) *reading {
	return &reading{place: p, b: b, at: map[string]int{}, texts: make([]string, len(p.fields))}
}

// traces reads the records of a place that name the person.
func (p place) traces(ctx context.Context, q db.Querier, b blotter) ([]Trace, error) {
	r := p.reading(b)
	err := db.Each(ctx, q, r.row, p.read)
	return r.all, err
}

// among reads those records of some identities that name the person, and no other.
func (p place) among(ctx context.Context, q db.Querier, b blotter, ids []string) ([]Trace, error) {
	r := p.reading(b)
	names := []string{"id", "unit", "code", "title", "mark"}
	for i := range p.fields {
		names = append(names, "text_"+strconv.Itoa(i))
	}
	columns := strings.Join(names, ", ")
	err := db.Chunks(ids, func(part []any) error {
		return db.Each(ctx, q, r.row, `WITH traced (`+columns+`) AS (`+p.read+`) SELECT `+columns+` FROM traced WHERE id IN `+db.In(1, len(part))+` ORDER BY id`, part...)
	})
	return r.all, err
}

// row takes a row. Of several about one record it makes one trace.
func (r *reading) row(row db.Row) error {
	t := Trace{Kind: r.kind, Treatment: r.how, Why: r.why}
	var code, mark string
	to := []any{&t.ID, db.TextTo(&t.Unit), db.TextTo(&code), &t.Title, &mark}
	for i := range r.texts {
		to = append(to, db.TextTo(&r.texts[i]))
	}
	if err := row.Scan(to...); err != nil {
		return err
	}
	fields, err := r.named()
	if err != nil || len(fields) == 0 {
		return err
	}
	if i, known := r.at[t.ID]; known {
		for _, f := range fields {
			if !slices.Contains(r.all[i].Fields, f) {
				r.all[i].Fields = append(r.all[i].Fields, f)
			}
		}
		return nil
	}
	t.Fields, t.Path = fields, r.pathOf(code)
	t.marked(mark)
	r.at[t.ID] = len(r.all)
	r.all = append(r.all, t)
	return nil
}

// named are the fields of the row that name the person.
func (r *reading) named() ([]Field, error) {
	var fields []Field
	for i, raw := range r.texts {
		said := []string{raw}
		var err error
		switch {
		case slices.Contains(r.json, i):
			said, err = textsIn(raw)
		case r.fields[i] == i18n.PrivacyQuery:
			said, err = textsOfQuery(raw)
		}
		if err != nil {
			return nil, fmt.Errorf("read a text of %s: %w", r.kind, err)
		}
		said = slices.DeleteFunc(said, func(text string) bool { return !r.b.in(text) })
		if len(said) == 0 {
			continue
		}
		f := Field{Name: r.fields[i]}
		if !r.hidden {
			f.Text = strings.Join(said, "\n")
		}
		fields = append(fields, f)
	}
	return fields, nil
}

// textsOfQuery are the texts that a part of an address says, in the order of their names.
func textsOfQuery(raw string) ([]string, error) {
	values, err := url.ParseQuery(raw)
	var all []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		all = append(all, values[name]...)
	}
	return all, err
}

// textsIn are the texts that something kept as JSON says, in the order of its keys.
func textsIn(raw string) ([]string, error) {
	if raw == "" {
		return nil, nil
	}
	var kept any
	if err := json.Unmarshal([]byte(raw), &kept); err != nil {
		return nil, err
	}
	var all []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			all = append(all, v)
		case []any:
			for _, one := range v {
				walk(one)
			}
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				walk(v[key])
			}
		}
	}
	walk(kept)
	return all, nil
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
		owner, people, _ := strings.Cut(mark, " ")
		t.owner = owner
		if photo.People(people) == photo.PeopleWithdrawn && len(t.Fields) == 1 && t.Fields[0].Name == i18n.PrivacyAgreedBy {
			t.Treatment = Kept // nothing but that they had agreed
		}
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
