package privacy

import (
	"context"
	"errors"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Consents lists what an exemplar agreed to, the latest first.
func (s *Service) Consents(ctx context.Context, who actor.Actor, exemplar string) ([]Consent, error) {
	if !who.Can(RightManage) {
		return nil, forbidden()
	}
	if _, _, err := s.rooms.Practices.Exemplar(ctx, who, exemplar); err != nil {
		return nil, err
	}
	return consentsOf(ctx, s.db, exemplar)
}

// Agree notes that an exemplar agreed to something.
func (s *Service) Agree(ctx context.Context, who actor.Actor, exemplar string, in ConsentInput) (Consent, error) {
	if !who.Can(RightManage) {
		return Consent{}, forbidden()
	}
	if err := in.check(s.now.Today()); err != nil {
		return Consent{}, err
	}
	if _, _, err := s.rooms.Practices.Exemplar(ctx, who, exemplar); err != nil {
		return Consent{}, err
	}
	c := Consent{ID: s.newID(), Exemplar: exemplar, Purpose: in.Purpose, How: in.How, On: in.On, Note: in.Note, At: s.now(), By: who.Account}
	return c, s.db.Write(ctx, func(tx *db.Tx) error {
		if err := insertConsent(ctx, tx, c); err != nil {
			return err
		}
		return s.rooms.Log.Add(ctx, tx, who, "privacy.agree", audit.Object{Kind: "exemplar", ID: exemplar}, map[string]any{"consent": c.ID, "purpose": c.Purpose, "how": c.How, "on": c.On})
	})
}

// TakeBack notes that an exemplar does not agree any more, as of today.
func (s *Service) TakeBack(ctx context.Context, who actor.Actor, id, note string) (Consent, error) {
	if !who.Can(RightManage) {
		return Consent{}, forbidden()
	}
	note, err := checkReason(note)
	if err != nil {
		return Consent{}, err
	}
	var c Consent
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		missing := errs.New(errs.NotFound, i18n.PrivacyNoConsent)
		var err error
		if c, err = consent(ctx, tx, id); errors.Is(err, db.ErrNoRow) {
			return missing
		} else if err != nil {
			return err
		}
		if _, _, err := s.rooms.Practices.Exemplar(ctx, who, c.Exemplar); err != nil {
			return missing.Because(err)
		}
		if !c.Holds() {
			return errs.New(errs.Conflict, i18n.ErrsConflict)
		}
		c.WithdrawnOn, c.WithdrawnNote, c.WithdrawnBy = s.now.Today(), note, who.Account
		if err := withdrawConsent(ctx, tx, c); err != nil {
			return err
		}
		return s.rooms.Log.Add(ctx, tx, who, "privacy.takeBack", audit.Object{Kind: "exemplar", ID: c.Exemplar}, map[string]any{"consent": c.ID, "purpose": c.Purpose})
	})
	return c, err
}
