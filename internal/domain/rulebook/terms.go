package rulebook

import (
	"context"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Terms are how long things may take and how long they are kept, as the locality sets them.
type Terms struct {
	Receive int // working days in which a registration is received or sent back
	Refused int // months for which an introduction is kept that was refused
	Teller  int // months for which it is kept who told of an exemplar
	Reader  int // days for which the address of a reader is kept who waits for an answer
	Letters int // months for which letters that went out, and notices that were read, are kept
	Version int // counts the changes
}

// Term is one of the terms, with its bounds.
type Term struct {
	Field       string
	Label, Hint i18n.Key
	Least, Most int
	Usual       int // where nothing was set
	Value       *int
}

// All lists the terms in the order of forms.
func (t *Terms) All() []Term {
	return []Term{
		{"receive", i18n.TermsReceive, i18n.TermsReceiveHint, 1, 60, 5, &t.Receive},
		{"refused", i18n.TermsRefused, i18n.TermsRefusedHint, 1, 60, 12, &t.Refused},
		{"teller", i18n.TermsTeller, i18n.TermsTellerHint, 1, 60, 12, &t.Teller},
		{"reader", i18n.TermsReader, i18n.TermsReaderHint, 7, 180, 60, &t.Reader},
		{"letters", i18n.TermsLetters, i18n.TermsLettersHint, 1, 120, 24, &t.Letters},
	}
}

// keyTerms begins the keys under which terms are kept.
const keyTerms = "terms."

// TermsIn reads the terms, for the rooms above.
func TermsIn(ctx context.Context, q db.Querier) (Terms, error) {
	var t Terms
	kept, err := settings(ctx, q)
	if err != nil {
		return t, err
	}
	for _, one := range t.All() {
		*one.Value = one.Usual
		if n, err := strconv.Atoi(kept[keyTerms+one.Field]); err == nil && n >= one.Least && n <= one.Most {
			*one.Value = n
		}
	}
	if n, err := strconv.Atoi(kept[keyTerms+"version"]); err == nil {
		t.Version = n
	}
	return t, nil
}

// Terms reads the terms; they are no secret.
func (s *Service) Terms(ctx context.Context) (Terms, error) { return TermsIn(ctx, s.db) }

// SetTerms writes the terms over the version that was read.
func (s *Service) SetTerms(ctx context.Context, who actor.Actor, t Terms) error {
	if !who.Can(RightManage) || !who.Scope.All {
		return errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	var l errs.List
	for _, one := range t.All() {
		if *one.Value < one.Least || *one.Value > one.Most {
			l.Add(one.Field, i18n.TermsBounds, one.Least, one.Most)
		}
	}
	if err := l.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		before, err := TermsIn(ctx, tx)
		if err != nil {
			return err
		}
		if before.Version != t.Version {
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		t.Version++
		for _, one := range t.All() {
			if err := put(ctx, tx, keyTerms+one.Field, strconv.Itoa(*one.Value)); err != nil {
				return err
			}
		}
		if err := put(ctx, tx, keyTerms+"version", strconv.Itoa(t.Version)); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "rulebook.terms", audit.Object{Kind: "settings"}, map[string]any{"before": before, "now": t})
	})
}
