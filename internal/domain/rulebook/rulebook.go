// Package rulebook holds what the law and the locality have set, as dated data: which
// award forms there are, in which track, on which level and under which text, and the
// settings of this installation.
//
// A form is never looked up without a day: three changes of the law in thirty months
// taught that what may be given depends on when it is given. What could not be read in
// a text of authority is kept as unconfirmed, and the page that offers it says so.
package rulebook

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// The rights of this capability.
const (
	RightRead   actor.Right = "rulebook.read"
	RightManage actor.Right = "rulebook.manage"
)

// Track is whose award it is; the three are never mixed.
type Track string

// The tracks.
const (
	State Track = "state"
	Party Track = "party"
	Front Track = "front" // the Fatherland Front and its member unions
)

// Form is an award form as one track and level may give it in a stretch of days.
type Form struct {
	Code      string     `json:"code"`
	Track     Track      `json:"track"`
	Level     org.Level  `json:"level"`
	Vi        string     `json:"vi"`
	En        string     `json:"en"`
	Citation  string     `json:"citation"`
	Confirmed bool       `json:"confirmed"`
	From      clock.Date `json:"from"`
	To        clock.Date `json:"to"` // first day on which it is no longer given; none where it still is
}

// Name is what the form is called; its Vietnamese name is the official one.
func (f Form) Name(l i18n.Lang) string {
	if l == i18n.En {
		return f.En
	}
	return f.Vi
}

// GivenOn tells whether the form could be given on the day.
func (f Form) GivenOn(d clock.Date) bool { return f.From <= d && (f.To == 0 || d < f.To) }

//go:embed forms.json
var seeds embed.FS

// Settings are the settings of an installation.
type Settings struct {
	SiteName string // what the locality calls its site
	Sample   bool   // the data are made up, and every page says so
}

// The keys under which settings are kept.
const (
	keySite    = "site.name"
	keySample  = "sample"
	keyLoading = "sample.loading"
)

// Service is the capability.
type Service struct {
	db  *db.DB
	log *audit.Log
}

// New makes the service.
func New(d *db.DB, log *audit.Log) *Service { return &Service{db: d, log: log} }

// Seed brings the award forms that the program knows into the book: new ones are added,
// those that an office has changed stay as they are.
func (s *Service) Seed(ctx context.Context) error {
	raw, err := seeds.ReadFile("forms.json")
	if err != nil {
		return fmt.Errorf("read the award forms: %w", err)
	}
	var forms []Form
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&forms); err != nil {
		return fmt.Errorf("read the award forms: %w", err)
	}
	if n, err := countForms(ctx, s.db); err != nil || n >= len(forms) {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return insertForms(ctx, tx, forms) })
}

// Forms lists the award forms that could be given on the day.
func (s *Service) Forms(ctx context.Context, who actor.Actor, on clock.Date) ([]Form, error) {
	if !who.Can(RightRead) {
		return nil, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	return FormsOn(ctx, s.db, on)
}

// FormsOn is [Service.Forms] for the rooms above: what they check against.
func FormsOn(ctx context.Context, q db.Querier, on clock.Date) ([]Form, error) {
	all, err := forms(ctx, q)
	if err != nil {
		return nil, err
	}
	given := all[:0]
	for _, f := range all {
		if f.GivenOn(on) {
			given = append(given, f)
		}
	}
	return given, nil
}

// Settings reads the settings; they are no secret.
func (s *Service) Settings(ctx context.Context) (Settings, error) {
	kept, err := settings(ctx, s.db)
	return Settings{SiteName: kept[keySite], Sample: kept[keySample] == "true"}, err
}

// Change writes the settings.
func (s *Service) Change(ctx context.Context, who actor.Actor, set Settings) error {
	if !who.Can(RightManage) || !who.Scope.All {
		return errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	if len([]rune(set.SiteName)) > 200 {
		return errs.New(errs.Invalid, i18n.ErrsTooLong, 200).On("siteName")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := put(ctx, tx, keySite, set.SiteName); err != nil {
			return err
		}
		if err := put(ctx, tx, keySample, strconv.FormatBool(set.Sample)); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "rulebook.change", audit.Object{Kind: "settings"}, set)
	})
}

// Loading tells whether a load of sample data was begun and not brought to its end.
func (s *Service) Loading(ctx context.Context) (bool, error) {
	kept, err := settings(ctx, s.db)
	return kept[keyLoading] == "true", err
}

// SetLoading notes that a load of sample data begins or has come to its end.
func (s *Service) SetLoading(ctx context.Context, who actor.Actor, loading bool) error {
	if !who.Can(RightManage) || !who.Scope.All {
		return errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := put(ctx, tx, keyLoading, strconv.FormatBool(loading)); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "rulebook.load", audit.Object{Kind: "settings"}, map[string]any{"loading": loading})
	})
}
