package privacy

import (
	"context"
	"errors"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
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

// Consent finds a consent of an exemplar that the actor sees.
func (s *Service) Consent(ctx context.Context, who actor.Actor, id string) (Consent, error) {
	if !who.Can(RightManage) {
		return Consent{}, forbidden()
	}
	return s.consent(ctx, s.db, who, id)
}

func (s *Service) consent(ctx context.Context, q db.Querier, who actor.Actor, id string) (Consent, error) {
	missing := errs.New(errs.NotFound, i18n.PrivacyNoConsent)
	c, err := consent(ctx, q, id)
	if errors.Is(err, db.ErrNoRow) {
		return c, missing
	}
	if err != nil {
		return c, err
	}
	if _, _, err := s.rooms.Practices.Exemplar(ctx, who, c.Exemplar); err != nil {
		return Consent{}, missing.Because(err)
	}
	return c, nil
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
		var err error
		if c, err = s.consent(ctx, tx, who, id); err != nil {
			return err
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

// ShownOn tells who among some exemplars agrees on a day to be shown on a photo: who said so
// by then, and has not taken it back. For the rooms that show photos.
func ShownOn(ctx context.Context, q db.Querier, exemplars []string, on clock.Date) (map[string]bool, error) {
	agreed := map[string]bool{}
	err := db.Chunks(exemplars, func(part []any) error {
		n := len(part)
		return db.Each(ctx, q, func(row db.Row) error {
			who, err := db.Text(row)
			agreed[who] = true
			return err
		}, `SELECT DISTINCT exemplar_id FROM privacy_consent WHERE exemplar_id IN `+db.In(1, n)+` AND purpose = $`+strconv.Itoa(n+1)+
			` AND given_on <= $`+strconv.Itoa(n+2)+` AND withdrawn_on IS NULL`, append(part, ForPhoto, db.Date(on))...)
	})
	return agreed, err
}
