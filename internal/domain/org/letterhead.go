package org

import (
	"context"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Track is whose rules the papers of a unit are laid out by.
type Track string

// The tracks.
const (
	StateTrack Track = "state"
	PartyTrack Track = "party"
	FrontTrack Track = "front"
)

// Tracks lists the tracks in the order in which forms offer them.
func Tracks() []Track { return []Track{StateTrack, PartyTrack, FrontTrack} }

// Label is the word for the track.
func (t Track) Label() i18n.Key {
	return map[Track]i18n.Key{StateTrack: i18n.OrgTrackState, PartyTrack: i18n.OrgTrackParty, FrontTrack: i18n.OrgTrackFront}[t]
}

// Signing is in which capacity papers are signed.
type Signing string

// The forms of signing: in one's own name, on behalf of a body that decides together, in
// the place of a head, by order of a head.
const (
	SignOwn      Signing = ""
	SignOnBehalf Signing = "TM"
	SignInPlace  Signing = "KT"
	SignByOrder  Signing = "TL"
)

// Signings lists the forms of signing in the order in which forms offer them.
func Signings() []Signing { return []Signing{SignOwn, SignOnBehalf, SignInPlace, SignByOrder} }

// Label is the word for the form of signing.
func (s Signing) Label() i18n.Key {
	return map[Signing]i18n.Key{
		SignOwn: i18n.OrgSignOwn, SignOnBehalf: i18n.OrgSignOnBehalf, SignInPlace: i18n.OrgSignInPlace, SignByOrder: i18n.OrgSignByOrder,
	}[s]
}

// Letterhead is what stands at the head and the foot of a unit's papers, from a day on
// until the next one. What is empty is not known.
type Letterhead struct {
	From    clock.Date // 0 where none was ever set and the names are those of the units
	Track   Track
	Above   string // the upper body, as it is printed
	Own     string // the unit, as it is printed
	Place   string // in the line of the date
	Signing Signing
	For     string // on whose behalf, in whose place, by whose order it is signed
	Title   string // of who signs
	Signer  string
}

// Mark tells two wordings of a letterhead apart: what a form was made from. That of none is 0.
func (h Letterhead) Mark() int {
	if h == (Letterhead{}) {
		return 0
	}
	wording := fmt.Sprintf("%d %q %q %q %q %q %q %q %q", h.From, h.Track, h.Above, h.Own, h.Place, h.Signing, h.For, h.Title, h.Signer)
	return int(crc32.ChecksumIEEE([]byte(wording))>>1) | 1
}

// SignedFor is the line above the title of who signs, or "": "TM. ỦY BAN NHÂN DÂN" of the
// State and the Front, "T/M BAN THƯỜNG VỤ" of the Party.
func (h Letterhead) SignedFor(unknown string) string {
	if h.Signing == SignOwn {
		return ""
	}
	whom := h.For
	if whom == "" && h.Signing == SignOnBehalf {
		whom = h.Own
	}
	if whom == "" {
		whom = unknown
	}
	mark := string(h.Signing) + ". "
	if h.Track == PartyTrack {
		mark = string(h.Signing[0]) + "/" + string(h.Signing[1]) + " "
	}
	return mark + strings.ToUpper(whom)
}

// MaxLetterLine bounds a line of a letterhead, in characters.
const MaxLetterLine = 200

// check cleans the lines and gathers everything that is wrong with them.
func (h *Letterhead) check() error {
	var l errs.List
	for _, f := range []struct {
		name string
		text *string
	}{{"above", &h.Above}, {"own", &h.Own}, {"place", &h.Place}, {"for", &h.For}, {"title", &h.Title}, {"signer", &h.Signer}} {
		*f.text = strings.Join(strings.Fields(*f.text), " ")
		switch {
		case len([]rune(*f.text)) > MaxLetterLine:
			l.Add(f.name, i18n.ErrsTooLong, MaxLetterLine)
		case strings.ContainsRune(*f.text, 0) || strings.ToValidUTF8(*f.text, "") != *f.text:
			l.Add(f.name, i18n.ErrsBadText)
		}
	}
	if h.From == 0 {
		l.Add("from", i18n.ErrsRequired)
	}
	if !slices.Contains(Tracks(), h.Track) {
		l.Add("track", i18n.ErrsBadChoice)
	}
	if !slices.Contains(Signings(), h.Signing) {
		l.Add("signing", i18n.ErrsBadChoice)
	}
	return l.Err()
}

// SetLetterhead says what the unit's papers carry from a day on; set once more for the same
// day, it is put right. Papers of an earlier day keep what held then. The mark is that of the
// letterhead of the day that the form was made from, 0 where there was none: what somebody
// else set meanwhile is a conflict.
func (s *Service) SetLetterhead(ctx context.Context, who actor.Actor, code string, h Letterhead, mark int) error {
	if !who.Can(RightManage) {
		return errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		t, err := s.Tree(ctx, tx)
		if err != nil {
			return err
		}
		u, ok := t.ByCode(code)
		if !ok || !t.InScope(who.Scope, u.ID) {
			return errs.New(errs.NotFound, i18n.OrgNotFound)
		}
		if err := h.check(); err != nil {
			return err
		}
		if !u.On(h.From) {
			return errs.New(errs.Invalid, i18n.OrgNotValidOn, u.NameOn(h.From), h.From).On("from")
		}
		before, err := letterheadsOf(ctx, tx, u.ID)
		if err != nil {
			return err
		}
		for _, b := range before {
			if b.From == h.From && b.Mark() != mark && b.Mark() != h.Mark() {
				return errs.New(errs.Conflict, i18n.OrgLetterheadOvertaken, h.From)
			}
		}
		if err := putLetterhead(ctx, tx, u.ID, h); err != nil {
			return err
		}
		return s.log.Add(ctx, tx, who, "org.letterhead", audit.Object{Kind: "unit", ID: u.ID}, h)
	})
}

// Letterheads lists what the unit's papers carried, the latest first.
func (s *Service) Letterheads(ctx context.Context, who actor.Actor, code string) ([]Letterhead, error) {
	u, err := s.Get(ctx, who, code)
	if err != nil {
		return nil, err
	}
	return letterheadsOf(ctx, s.db, u.ID)
}

// LetterheadOn is what a paper of the unit of a day carries, for whoever may see the paper:
// lines that were never set are the names of the unit and of the one above it. A unit that
// there is not has none.
func (s *Service) LetterheadOn(ctx context.Context, unit string, on clock.Date) (Letterhead, error) {
	h := Letterhead{Track: StateTrack}
	if unit == "" {
		return h, nil
	}
	tree, err := s.Current(ctx)
	if err != nil {
		return h, err
	}
	all, err := letterheadsOf(ctx, s.db, unit)
	if err != nil {
		return h, err
	}
	for _, one := range all {
		if one.From <= on {
			h = one
			break
		}
	}
	u, _ := tree.Unit(unit)
	if h.Own == "" {
		h.Own = u.NameOn(on)
	}
	if above := tree.Above(unit, on); h.Above == "" && len(above) > 1 {
		h.Above = above[len(above)-2].NameOn(on)
	}
	return h, nil
}

func putLetterhead(ctx context.Context, tx *db.Tx, unit string, h Letterhead) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO org_letterhead
		(unit_id, valid_from, track, above, own, place, signing, sign_for, title, signer)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (unit_id, valid_from) DO UPDATE SET track = excluded.track, above = excluded.above, own = excluded.own,
		place = excluded.place, signing = excluded.signing, sign_for = excluded.sign_for, title = excluded.title, signer = excluded.signer`,
		unit, db.Date(h.From), string(h.Track), h.Above, h.Own, h.Place, string(h.Signing), h.For, h.Title, h.Signer)
	return err
}

func letterheadsOf(ctx context.Context, q db.Querier, unit string) ([]Letterhead, error) {
	return db.All(ctx, q, func(r db.Row) (Letterhead, error) {
		var h Letterhead
		err := r.Scan(db.DateTo(&h.From), &h.Track, &h.Above, &h.Own, &h.Place, &h.Signing, &h.For, &h.Title, &h.Signer)
		return h, err
	}, `SELECT valid_from, track, above, own, place, signing, sign_for, title, signer FROM org_letterhead
		WHERE unit_id = $1 ORDER BY valid_from DESC`, unit)
}
