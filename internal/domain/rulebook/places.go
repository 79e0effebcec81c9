package rulebook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/places"
)

// MaxPlaces bounds a file of places, in bytes.
const MaxPlaces = 5 << 20

// PlacesFile is a file of places that was loaded; without a name it is the program's own.
type PlacesFile struct {
	Name   string
	SHA256 string
}

// PlacesPlan is what a file of places would change.
type PlacesPlan struct {
	PlacesFile
	Provinces, Communes int // in the file
	places.Difference
}

// Places is the list of places in use: the one that was loaded, or the program's own. It
// is no secret.
func (s *Service) Places(ctx context.Context) (*places.List, error) {
	content, err := db.One(ctx, s.db, db.Text, `SELECT content FROM rulebook_places WHERE id = 1`)
	if errors.Is(err, db.ErrNoRow) {
		return places.Known()
	}
	if err != nil {
		return nil, err
	}
	return places.Read(strings.NewReader(content))
}

// PlacesInUse says which file of places is in use, and what it has beside the program's
// own.
func (s *Service) PlacesInUse(ctx context.Context, who actor.Actor) (PlacesPlan, error) {
	if !who.Can(RightManage) || !who.Scope.All {
		return PlacesPlan{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	file, err := db.One(ctx, s.db, func(r db.Row) (PlacesFile, error) {
		var f PlacesFile
		return f, r.Scan(&f.Name, &f.SHA256)
	}, `SELECT name, sha256 FROM rulebook_places WHERE id = 1`)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return PlacesPlan{}, err
	}
	own, err := places.Known()
	if err != nil {
		return PlacesPlan{}, err
	}
	list, err := s.Places(ctx)
	if err != nil {
		return PlacesPlan{}, err
	}
	return planOf(file, own, list), nil
}

// CheckPlaces says what a file of places would change. Nothing is written.
func (s *Service) CheckPlaces(ctx context.Context, who actor.Actor, name, content string) (PlacesPlan, error) {
	if !who.Can(RightManage) || !who.Scope.All {
		return PlacesPlan{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	name = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", ""), ""))
	if name == "" || len([]rune(name)) > 200 {
		name = "places.tsv"
	}
	content = strings.TrimPrefix(strings.ReplaceAll(content, "\r\n", "\n"), "\ufeff")
	if len(content) > MaxPlaces {
		return PlacesPlan{}, errs.New(errs.Invalid, i18n.PlacesTooLarge, MaxPlaces>>20).On("file")
	}
	list, err := places.Read(strings.NewReader(content))
	var at places.LineError
	switch {
	case errors.As(err, &at):
		return PlacesPlan{}, errs.New(errs.Invalid, i18n.PlacesWrongLine, at.Line).On("file")
	case err != nil || strings.ContainsRune(content, 0):
		return PlacesPlan{}, errs.New(errs.Invalid, i18n.PlacesWrong).On("file")
	}
	now, err := s.Places(ctx)
	if err != nil {
		return PlacesPlan{}, err
	}
	sum := sha256.Sum256([]byte(content))
	return planOf(PlacesFile{name, hex.EncodeToString(sum[:])}, now, list), nil
}

func planOf(file PlacesFile, from, to *places.List) PlacesPlan {
	plan := PlacesPlan{PlacesFile: file, Provinces: len(to.Provinces), Difference: places.Compare(from, to)}
	for _, p := range to.Provinces {
		plan.Communes += len(p.Communes)
	}
	return plan
}

// LoadPlaces takes a file of places into use. Units that were made stay as they are.
func (s *Service) LoadPlaces(ctx context.Context, who actor.Actor, name, content string) (PlacesPlan, error) {
	if !who.Can(RightManage) || !who.Scope.All {
		return PlacesPlan{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	plan, err := s.CheckPlaces(ctx, who, name, content)
	if err != nil {
		return plan, err
	}
	content = strings.TrimPrefix(strings.ReplaceAll(content, "\r\n", "\n"), "\ufeff")
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `INSERT INTO rulebook_places (id, name, sha256, content) VALUES (1, $1, $2, $3)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, sha256 = excluded.sha256, content = excluded.content`,
			plan.Name, plan.SHA256, content); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "rulebook.places", audit.Object{Kind: "settings"}, plan.PlacesFile)
	})
	return plan, err
}

// ResetPlaces goes back to the list that the program brings along.
func (s *Service) ResetPlaces(ctx context.Context, who actor.Actor) error {
	if !who.Can(RightManage) || !who.Scope.All {
		return errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM rulebook_places`); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "rulebook.places", audit.Object{Kind: "settings"}, PlacesFile{})
	})
}
