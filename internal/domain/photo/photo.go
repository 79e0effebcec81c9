// Package photo keeps the photos of articles and of practices: what is said of each, who
// agreed to be shown, and the sizes that were made of it.
//
// A photo has an owner, the article or the entry on whose page it stands. Whoever owns
// photos decides who may change them; here are the rules that hold for all of them, and
// the record of every change. Consent is given for a photo and withdrawn for it: then the
// very same photo is gone from every page at once, whatever it stood on.
package photo

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// Owner is what a photo belongs to.
type Owner struct {
	Kind OwnerKind
	ID   string
}

// OwnerKind says what sort of thing owns a photo.
type OwnerKind string

// The owners.
const (
	Article OwnerKind = "article"
	Entry   OwnerKind = "entry" // of the register: a practice in one period
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
		return i18n.PhotoPeopleNone
	case PeopleAgreed:
		return i18n.PhotoPeopleAgreed
	case PeopleWithdrawn:
		return i18n.PhotoPeopleWithdrawn
	default:
		return i18n.PhotoPeopleUnsaid
	}
}

// Photo is a photo with what is said of it.
type Photo struct {
	ID    string
	Owner Owner
	Place int    // in the order of its owner, from 1; the first is the lead photo
	Name  string // of the file, as it came
	Words
	ConsentBy     string // account that recorded what is said of the people
	WithdrawnOn   clock.Date
	WithdrawnNote string
	Sizes         []Size // the largest first; none where consent was withdrawn
}

// Words is what is said of a photo.
type Words struct {
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

// Max bounds the photos of one owner.
const Max = 20

// Bounds of texts, in characters.
const (
	maxLine    = 300
	maxCaption = 1000
	maxNote    = 2000
)

// Shown tells whether readers of a published page see the photo.
func (p Photo) Shown() bool {
	return len(p.Sizes) > 0 && p.People != PeopleWithdrawn && len(p.Lacks()) == 0
}

// Shown are the photos that readers see, in their order.
func Shown(all []Photo) []Photo {
	return slices.DeleteFunc(slices.Clone(all), func(p Photo) bool { return !p.Shown() })
}

// Lacks lists what must be said before the photo may be published.
func (w Words) Lacks() errs.List {
	var l errs.List
	if w.Credit == "" {
		l.Add("credit", i18n.PhotoCredit)
	}
	if w.Alt == "" {
		l.Add("alt", i18n.PhotoAlt)
	}
	if w.People == PeopleUnsaid {
		l.Add("people", i18n.PhotoPeople)
	}
	return l
}

// Lacking gathers what photos lack before they may be published.
func Lacking(photos []Photo) errs.List {
	var all errs.List
	for _, p := range photos {
		if p.People != PeopleWithdrawn && len(p.Lacks()) > 0 {
			all.Add("photos", i18n.PhotoIncomplete, p.Place)
		}
	}
	return all
}

// Check cleans the words and gathers everything that is wrong with them on a day. In a
// draft they may have gaps.
func (w *Words) Check(today clock.Date) error {
	var l errs.List
	w.Credit, w.Alt, w.ConsentOf = viet.Line(w.Credit), viet.Line(w.Alt), viet.Line(w.ConsentOf)
	w.Caption = strings.TrimSpace(viet.NFC(w.Caption))
	l.Text("credit", w.Credit, maxLine, false)
	l.Text("alt", w.Alt, maxLine, false)
	l.Text("caption", w.Caption, maxCaption, false)
	switch w.People {
	case PeopleAgreed:
		l.Text("consentOf", w.ConsentOf, maxLine, true)
		switch {
		case w.ConsentOn == 0:
			l.Add("consentOn", i18n.ErrsRequired)
		case w.ConsentOn > today:
			l.Add("consentOn", i18n.PhotoConsentDay)
		}
	case PeopleNone, PeopleUnsaid:
		w.ConsentOf, w.ConsentOn = "", 0
	default:
		l.Add("people", i18n.ErrsBadChoice)
	}
	return l.Err()
}

// CheckNote cleans the reason for which consent was withdrawn, which must be given.
func CheckNote(note string) (string, error) {
	var l errs.List
	note = strings.TrimSpace(note)
	l.Text("note", note, maxNote, true)
	return note, l.Err()
}

// viet.Line brings a line to one form: composed, without doubled spaces.
