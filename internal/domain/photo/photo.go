package press

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// People says who can be recognised in a photo, and whether they agree to be shown.
type People string

// What can be said of the people in a photo.
const (
	PeopleUnsaid    People = ""          // nobody has said it yet: the photo is not shown
	PeopleNone      People = "none"      // nobody can be recognised
	PeopleAgreed    People = "agreed"    // those shown agreed; of children, their parents
	PeopleWithdrawn People = "withdrawn" // they agreed once and do not any more
)

// PeopleChoices are those that a form offers.
func PeopleChoices() []People { return []People{PeopleNone, PeopleAgreed} }

// Label is the choice in words.
func (p People) Label() i18n.Key {
	switch p {
	case PeopleNone:
		return i18n.PressPeopleNone
	case PeopleAgreed:
		return i18n.PressPeopleAgreed
	case PeopleWithdrawn:
		return i18n.PressPeopleWithdrawn
	default:
		return i18n.PressPeopleUnsaid
	}
}

// Photo is a photo of an article.
type Photo struct {
	ID      string
	Article string
	Place   int    // in the order of the article, from 1; the first is the lead photo
	Name    string // of the file, as it came
	PhotoWords
	ConsentBy     string // account that recorded what is said of the people
	WithdrawnOn   clock.Date
	WithdrawnNote string
	Sizes         []Size // the largest first; none where consent was withdrawn
}

// PhotoWords is what is said of a photo.
type PhotoWords struct {
	Credit    string
	Alt       string // what is to be seen, for those who do not see it
	Caption   string
	People    People
	ConsentOf string     // who agreed
	ConsentOn clock.Date // on what day
}

// Size is a photo in one size: a JPEG that says nothing but the picture.
type Size struct {
	Width, Height int
	SHA256        string
	Bytes         int64
}

// Path is the public address of the size: another content has another address.
func (s Size) Path() string { return "/media/" + s.SHA256 + "/" + strconv.Itoa(s.Width) + ".jpg" }

// MaxPhotos bounds the photos of one article.
const MaxPhotos = 20

// Shown tells whether readers of a published article see the photo.
func (p Photo) Shown() bool {
	return len(p.Sizes) > 0 && p.People != PeopleWithdrawn && len(p.lacks()) == 0
}

// lacks lists what must be said before the photo may be published.
func (w PhotoWords) lacks() errs.List {
	var l errs.List
	if w.Credit == "" {
		l.Add("credit", i18n.PressPhotoCredit)
	}
	if w.Alt == "" {
		l.Add("alt", i18n.PressPhotoAlt)
	}
	if w.People == PeopleUnsaid {
		l.Add("people", i18n.PressPhotoPeople)
	}
	return l
}

// Check cleans the words and gathers everything that is wrong with them on a day. In a
// draft they may have gaps.
func (w *PhotoWords) Check(today clock.Date) error {
	var l errs.List
	w.Credit, w.Alt, w.ConsentOf = tidy(w.Credit), tidy(w.Alt), tidy(w.ConsentOf)
	w.Caption = strings.TrimSpace(viet.NFC(w.Caption))
	text(&l, "credit", w.Credit, maxLine, false)
	text(&l, "alt", w.Alt, maxLine, false)
	text(&l, "caption", w.Caption, maxLead, false)
	switch w.People {
	case PeopleAgreed:
		text(&l, "consentOf", w.ConsentOf, maxLine, true)
		switch {
		case w.ConsentOn == 0:
			l.Add("consentOn", i18n.ErrsRequired)
		case w.ConsentOn > today:
			l.Add("consentOn", i18n.PressPhotoConsentDay)
		}
	case PeopleNone, PeopleUnsaid:
		w.ConsentOf, w.ConsentOn = "", 0
	default:
		l.Add("people", i18n.ErrsBadChoice)
	}
	return l.Err()
}

// photosLack gathers what the photos of an article lack before it may be published.
func photosLack(photos []Photo) errs.List {
	var all errs.List
	for _, p := range photos {
		if p.People != PeopleWithdrawn && len(p.lacks()) > 0 {
			all.Add("photos", i18n.PressPhotoIncomplete, p.Place)
		}
	}
	return all
}

// MayTakeOff tells whether an actor may remove a photo or note that consent is withdrawn:
// whoever may edit the article, and at any time those who publish.
func MayTakeOff(who actor.Actor, s State) bool { return who.Can(RightPublish) || Editable(who, s) }

// shown are the photos that readers see, in their order.
func shown(all []Photo) []Photo {
	return slices.DeleteFunc(slices.Clone(all), func(p Photo) bool { return !p.Shown() })
}
