// Package person is what the register does for somebody who leaves it: a person is taken
// out of its texts, and what an account has to see to is handed on. It is for the rooms
// above, which have looked at rights and scope and record what they did.
package person

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Forgetting is how a person is taken out of a record.
type Forgetting struct {
	Blot   func(string) string
	Listed bool   // a decision lists the record: its name stays
	By     string // account
	At     time.Time
	NewID  func() string
	Book   *ledger.Book
}

// Exemplar takes a person out of an exemplar. A person or a household loses its name, a
// collective what of its name is the person's.
func (f Forgetting) Exemplar(ctx context.Context, tx *db.Tx, id string) error {
	type exemplar struct {
		name, note, by string
		kind           ledger.SubjectKind
	}
	x, err := db.One(ctx, tx, func(r db.Row) (x exemplar, err error) {
		err = r.Scan(&x.name, &x.kind, &x.note, &x.by)
		return x, err
	}, `SELECT name, kind, note, introduced_by FROM practice_exemplar WHERE id = $1`, id)
	if err != nil {
		return err
	}
	name := x.name
	switch blotted := f.Blot(x.name); {
	case f.Listed || blotted == x.name:
	case x.kind == ledger.Collective:
		name = blotted
	default:
		name = i18n.Vi.T(i18n.PracticeNameless, id[max(0, len(id)-6):])
	}
	if _, err := db.Exec(ctx, tx, `UPDATE practice_exemplar SET name = $2, folded = $3, note = $4, introduced_by = $5 WHERE id = $1`,
		id, name, viet.Fold(name), f.Blot(x.note), f.Blot(x.by)); err != nil || name == x.name {
		return err
	}
	return f.Book.RetitleSubject(ctx, tx, id, name)
}

// entryTexts are the columns of an entry in which a person may stand; the title is the first.
func entryTexts() []string {
	return []string{
		"title", "rationale", "goals", "approach", "area", "forces", "resources", "outputs", "sustainability", "declared_by", "address",
		"consent_note", "taken_down_note",
	}
}

// Entry takes a person out of the texts of an entry.
func (f Forgetting) Entry(ctx context.Context, tx *db.Tx, id string) error {
	columns := entryTexts()
	if f.Listed {
		columns = columns[1:]
	}
	for _, column := range columns {
		text, err := db.One(ctx, tx, db.Text, `SELECT `+column+` FROM practice_entry WHERE id = $1`, id)
		if err != nil {
			return err
		}
		blotted := f.Blot(text)
		if blotted == text {
			continue
		}
		if _, err := db.Exec(ctx, tx, `UPDATE practice_entry SET `+column+` = $2 WHERE id = $1`, id, blotted); err != nil {
			return err
		}
		if column == "title" {
			if err := f.Book.Retitle(ctx, tx, id, blotted); err != nil {
				return err
			}
		}
	}
	return f.changed(ctx, tx, id)
}

// changed notes that an entry is another version than before: who has an older one in a form
// is told.
func (f Forgetting) changed(ctx context.Context, tx *db.Tx, entry string) error {
	_, err := db.Exec(ctx, tx, `UPDATE practice_entry SET version = version + 1, updated_at = $2, updated_by = $3 WHERE id = $1`,
		entry, db.Time(f.At), f.By)
	return err
}

// Correct tells the readers of an entry that something was taken out, not what.
func (f Forgetting) Correct(ctx context.Context, tx *db.Tx, entry string) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO practice_correction (id, entry_id, note, corrected_at, corrected_by) VALUES ($1, $2, $3, $4, $5)`,
		f.NewID(), entry, i18n.Vi.T(i18n.PracticeForgotten), db.Time(f.At), f.By)
	return err
}

// Measures takes a person out of the indicators and the means of an entry.
func (f Forgetting) Measures(ctx context.Context, tx *db.Tx, entry string) error {
	type row struct {
		place int
		a, b  string
	}
	scan := func(r db.Row) (x row, err error) {
		err = r.Scan(&x.place, &x.a, &x.b)
		return x, err
	}
	indicators, err := db.All(ctx, tx, scan, `SELECT place, name, source FROM practice_indicator WHERE entry_id = $1`, entry)
	if err != nil {
		return err
	}
	for _, x := range indicators {
		if _, err := db.Exec(ctx, tx, `UPDATE practice_indicator SET name = $3, source = $4 WHERE entry_id = $1 AND place = $2`,
			entry, x.place, f.Blot(x.a), f.Blot(x.b)); err != nil {
			return err
		}
	}
	means, err := db.All(ctx, tx, scan, `SELECT place, note, '' FROM practice_resource WHERE entry_id = $1`, entry)
	if err != nil {
		return err
	}
	for _, x := range means {
		if _, err := db.Exec(ctx, tx, `UPDATE practice_resource SET note = $3 WHERE entry_id = $1 AND place = $2`, entry, x.place, f.Blot(x.a)); err != nil {
			return err
		}
	}
	return f.changed(ctx, tx, entry)
}

// Return takes a person out of a round in which an entry was sent back.
func (f Forgetting) Return(ctx context.Context, tx *db.Tx, id string) error {
	type round struct{ note, before, after string }
	r, err := db.One(ctx, tx, func(row db.Row) (r round, err error) {
		err = row.Scan(&r.note, &r.before, db.TextTo(&r.after))
		return r, err
	}, `SELECT note, before, after FROM practice_return WHERE id = $1`, id)
	if err != nil {
		return err
	}
	before, err := f.texts(r.before)
	if err != nil {
		return err
	}
	after, err := f.texts(r.after)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE practice_return SET note = $2, before = $3, after = $4 WHERE id = $1`, id, f.Blot(r.note), before, db.Null(after)); err != nil {
		return err
	}
	notes := map[int]string{}
	if err := db.Each(ctx, tx, func(row db.Row) error {
		var place int
		var note string
		err := row.Scan(&place, &note)
		notes[place] = note
		return err
	}, `SELECT place, note FROM practice_return_part WHERE return_id = $1`, id); err != nil {
		return err
	}
	for place, note := range notes {
		if _, err := db.Exec(ctx, tx, `UPDATE practice_return_part SET note = $3 WHERE return_id = $1 AND place = $2`, id, place, f.Blot(note)); err != nil {
			return err
		}
	}
	return nil
}

// texts blots the parts of an entry as a round keeps them; "" where it keeps none.
func (f Forgetting) texts(raw string) (string, error) {
	if raw == "" {
		return "", nil
	}
	var all map[string]string
	if err := json.Unmarshal([]byte(raw), &all); err != nil {
		return "", fmt.Errorf("read the texts of a round: %w", err)
	}
	for part, text := range all {
		all[part] = f.Blot(text)
	}
	out, err := json.Marshal(all)
	if err != nil {
		return "", fmt.Errorf("write the texts of a round: %w", err)
	}
	return string(out), nil
}

// Nameless tells whether a name is that of an exemplar that was made anonymous: wholly, or
// but for what stands beside the person.
func Nameless(name string) bool {
	before, after, _ := strings.Cut(i18n.Vi.T(i18n.PracticeNameless, "\x00"), "\x00")
	return strings.Contains(name, viet.Blot) || strings.HasPrefix(name, before) && strings.HasSuffix(name, after)
}
