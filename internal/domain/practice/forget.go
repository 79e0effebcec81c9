package practice

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Masking gives a function that blots the name of a person out of a text.
func Masking(name string) func(string) string { return masking(name) }

// Forgetting is how a person is taken out of a record, for the room above that was asked
// to: it has looked at rights and scope.
type Forgetting struct {
	Blot   func(string) string
	Listed bool   // a decision lists the record: its name stays
	By     string // account
}

// ForgetExemplarIn takes a person out of an exemplar. A person or a household loses its
// name, a collective what of its name is the person's.
func (s *Service) ForgetExemplarIn(ctx context.Context, tx *db.Tx, id string, f Forgetting) error {
	x, err := findExemplar(ctx, tx, id)
	if err != nil {
		return err
	}
	name := x.Name
	switch blotted := f.Blot(x.Name); {
	case f.Listed || blotted == x.Name:
	case x.Kind == ledger.Collective:
		name = blotted
	default:
		name = i18n.Vi.T(i18n.PracticeNameless, x.ID[max(0, len(x.ID)-6):])
	}
	if _, err := db.Exec(ctx, tx, `UPDATE practice_exemplar SET name = $2, folded = $3, note = $4, introduced_by = $5 WHERE id = $1`,
		x.ID, name, viet.Fold(name), f.Blot(x.Note), f.Blot(x.IntroducedBy)); err != nil {
		return err
	}
	if name == x.Name {
		return nil
	}
	return s.book.RetitleSubject(ctx, tx, x.ID, name)
}

// ForgetEntryIn takes a person out of the texts of an entry. Readers of one that is public
// are told by a correction that something was taken out, not what.
func (s *Service) ForgetEntryIn(ctx context.Context, tx *db.Tx, id string, f Forgetting) error {
	e, err := find(ctx, tx, id)
	if err != nil {
		return err
	}
	standings, err := ledger.Standings(ctx, tx, []string{e.ID})
	if err != nil {
		return err
	}
	e.Standing = standings[e.ID]
	title := e.Title
	if !f.Listed {
		e.Title = f.Blot(e.Title)
	}
	for _, p := range e.Parts.All() {
		*p.Text = f.Blot(*p.Text)
	}
	e.DeclaredBy, e.Address, e.ConsentNote, e.TakenDownNote = f.Blot(e.DeclaredBy), f.Blot(e.Address), f.Blot(e.ConsentNote), f.Blot(e.TakenDownNote)
	e.UpdatedAt, e.UpdatedBy = s.now(), f.By
	if err := update(ctx, tx, e); err != nil {
		return err
	}
	if e.Title != title {
		if err := s.book.Retitle(ctx, tx, e.ID, e.Title); err != nil {
			return err
		}
	}
	if !e.Public(s.now.Today()) {
		return nil
	}
	return insertCorrection(ctx, tx, e.ID, Correction{ID: s.newID(), Note: i18n.Vi.T(i18n.PracticeForgotten), At: s.now(), By: f.By})
}

// ForgetMeasuresIn takes a person out of the indicators and the means of an entry.
func (s *Service) ForgetMeasuresIn(ctx context.Context, tx *db.Tx, entry string, f Forgetting) error {
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
	return nil
}

// ForgetReturnIn takes a person out of a round in which an entry was sent back.
func (s *Service) ForgetReturnIn(ctx context.Context, tx *db.Tx, id string, f Forgetting) error {
	r, err := db.One(ctx, tx, scanReturn, `SELECT `+returnColumns+` FROM practice_return WHERE id = $1`, id)
	if err != nil {
		return err
	}
	before, err := blottedTexts(r.Before, f.Blot)
	if err != nil {
		return err
	}
	after := any(nil)
	if r.After != nil {
		if after, err = blottedTexts(r.After, f.Blot); err != nil {
			return err
		}
	}
	if _, err := db.Exec(ctx, tx, `UPDATE practice_return SET note = $2, before = $3, after = $4 WHERE id = $1`, id, f.Blot(r.Note), before, after); err != nil {
		return err
	}
	if err := flagged(ctx, tx, &r); err != nil {
		return err
	}
	for _, flag := range r.Flags {
		if _, err := db.Exec(ctx, tx, `UPDATE practice_return_part SET note = $3 WHERE return_id = $1 AND part = $2`, id, flag.Part, f.Blot(flag.Note)); err != nil {
			return err
		}
	}
	return nil
}

func blottedTexts(texts map[string]string, blot func(string) string) (string, error) {
	all := make(map[string]string, len(texts))
	for part, text := range texts {
		all[part] = blot(text)
	}
	raw, err := json.Marshal(all)
	if err != nil {
		return "", fmt.Errorf("write the texts of a round: %w", err)
	}
	return string(raw), nil
}
