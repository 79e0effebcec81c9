package rulebook

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Profile is by whose rules a paper is laid out.
type Profile string

// The profiles.
const (
	StateProfile Profile = "state"
	PartyProfile Profile = "party"
	FrontProfile Profile = "front"
	YouthProfile Profile = "youth" // the Youth Union has a head of its own
)

// Profiles lists the profiles in the order in which forms offer them.
func Profiles() []Profile {
	return []Profile{StateProfile, PartyProfile, FrontProfile, YouthProfile}
}

// Label is the word for the profile.
func (p Profile) Label() i18n.Key {
	return map[Profile]i18n.Key{
		StateProfile: i18n.OrgTrackState, PartyProfile: i18n.OrgTrackParty, FrontProfile: i18n.OrgTrackFront, YouthProfile: i18n.RulebookProfileYouth,
	}[p]
}

// Layout is how papers of a profile look in a stretch of days: margins in millimetres,
// letters in points.
type Layout struct {
	Profile   Profile    `json:"profile"`
	From      clock.Date `json:"from"`
	To        clock.Date `json:"to"` // first day on which it holds no longer; none where it still does
	Vi        string     `json:"vi"` // the text that says so
	En        string     `json:"en"`
	Confirmed bool       `json:"confirmed"` // read in a text of authority

	Top, Bottom, Left, Right float64
	Size                     float64 `json:"size"`
	Country                  string  `json:"country"` // the first line on the right
	CountrySize              float64 `json:"countrySize"`
	Motto                    string  `json:"motto"` // the second, where there is one
	MottoSize                float64 `json:"mottoSize"`
	Rule                     float64 `json:"rule"` // below them, as long as the last of them, in millimetres
	Star                     bool    `json:"star"` // below the body that issues it, else a short rule
	Number                   string  `json:"number"`
	End                      string  `json:"end"` // what the text ends with
	TitleBold                bool    `json:"titleBold"`
	RecipientsUnderlined     bool    `json:"recipientsUnderlined"`
}

// Citation is the text by which papers are laid out so.
func (l Layout) Citation(lang i18n.Lang) string {
	if lang == i18n.En {
		return l.En
	}
	return l.Vi
}

//go:embed layouts.json
var layoutData []byte

var layouts = sync.OnceValues(func() ([]Layout, error) {
	var all []Layout
	dec := json.NewDecoder(bytes.NewReader(layoutData))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&all); err != nil {
		return nil, fmt.Errorf("read the layouts of papers: %w", err)
	}
	return all, nil
})

// LayoutOn is how a paper of the day looks. One of a day before the first layout that is
// known is laid out by that.
func LayoutOn(p Profile, on clock.Date) (Layout, error) {
	all, err := layouts()
	if err != nil {
		return Layout{}, err
	}
	var found, first Layout
	for _, l := range all {
		if l.Profile != p {
			continue
		}
		if first.Profile == "" || l.From < first.From {
			first = l
		}
		if l.From <= on && (l.To == 0 || on < l.To) {
			found = l
		}
	}
	if found.Profile == "" {
		found = first
	}
	if found.Profile == "" {
		return Layout{}, fmt.Errorf("no layout of papers has the profile %q", p)
	}
	return found, nil
}
