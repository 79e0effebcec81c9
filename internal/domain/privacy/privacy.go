// Package privacy answers a person who asks what the register holds about them (dữ liệu cá
// nhân): it finds every record that names them, gives a copy, leads to where each is put
// right, and takes them out of what the law on acts does not ask to keep.
//
// What decisions list, minutes and the audit stay: an act that was done is not undone by
// forgetting whom it was done to. The page says which, and why. The rest loses the name,
// the telephone and the address, for good.
package privacy

import (
	"slices"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/mail"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// RightManage is the right of this capability: to look for a person in everything within
// the scope, to give out and to take out what stands there.
const RightManage actor.Right = "privacy.manage"

// Kind is a sort of record that may name a person.
type Kind string

// Treatment is what becomes of a record when a person is made anonymous.
type Treatment string

// The treatments.
const (
	Erased Treatment = "erased" // the person is taken out of it
	Kept   Treatment = "kept"   // it stays as it is, for a reason
	ByHand Treatment = "byHand" // somebody has to look at it
)

// Treatments lists them in the order of pages.
func Treatments() []Treatment { return []Treatment{Erased, ByHand, Kept} }

// Label is the word for the treatment.
func (t Treatment) Label() i18n.Key {
	return map[Treatment]i18n.Key{Erased: i18n.PrivacyErased, Kept: i18n.PrivacyKept, ByHand: i18n.PrivacyByHand}[t]
}

// Field is a text of a record that names the person.
type Field struct {
	Name i18n.Key
	Text string
}

// Trace is a record that names the person.
type Trace struct {
	Kind      Kind
	ID        string
	Unit      string // identity, or "" for the whole house
	Title     string // what the record is called
	Path      string // of the page on which it is put right, or ""
	Treatment Treatment
	Why       i18n.Key // why it stays, or what of it does; 0 where nothing is to be said
	Fields    []Field
	listed    bool
	owner     string // of a photo
}

// Ref names the trace in a form.
func (t Trace) Ref() string { return string(t.Kind) + "." + t.ID }

// Found is what was found of a person.
type Found struct {
	Traces []Trace
	More   []Kind // kinds of which there is more than is shown
}

// MaxTraces bounds what is shown of one kind.
const MaxTraces = 200

// Needle is by what a person is looked for. Any of the three finds a record.
type Needle struct {
	Name  string
	Phone string
	Email string
}

// Empty tells whether nothing is looked for.
func (n Needle) Empty() bool { return n.Name == "" && n.Phone == "" && n.Email == "" }

const (
	maxName  = 200
	maxPhone = 30
	// A telephone number that is looked for has at least so many digits.
	minDigits = 8
)

// Check cleans the needle and gathers everything that is wrong with it.
func (n *Needle) Check() error {
	var l errs.List
	n.Name = strings.Join(strings.Fields(viet.NFC(n.Name)), " ")
	n.Phone, n.Email = strings.TrimSpace(n.Phone), strings.ToLower(strings.TrimSpace(n.Email))
	if n.Empty() {
		l.Add("name", i18n.PrivacyNobody)
	}
	if n.Name != "" && (!strings.Contains(n.Name, " ") || strings.ToValidUTF8(n.Name, "") != n.Name || strings.ContainsRune(n.Name, 0)) {
		l.Add("name", i18n.PrivacyWholeName)
	}
	if len([]rune(n.Name)) > maxName {
		l.Add("name", i18n.ErrsTooLong, maxName)
	}
	if n.Phone != "" && (len(n.Phone) > maxPhone || len(digits(n.Phone)) < minDigits) {
		l.Add("phone", i18n.IdentityBadPhone)
	}
	if n.Email != "" && !mail.Address(n.Email) {
		l.Add("email", i18n.IdentityBadEmail)
	}
	return l.Err()
}

// maxReason bounds the reason of a request, in characters.
const maxReason = 2000

// checkReason cleans the reason of a request and says what is wrong with it.
func checkReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return "", errs.New(errs.Invalid, i18n.ErrsRequired).On("reason")
	case len([]rune(reason)) > maxReason:
		return "", errs.New(errs.Invalid, i18n.ErrsTooLong, maxReason).On("reason")
	case strings.ContainsRune(reason, 0) || strings.ToValidUTF8(reason, "") != reason:
		return "", errs.New(errs.Invalid, i18n.ErrsBadText).On("reason")
	}
	return reason, nil
}

// RequestKind is what was asked for.
type RequestKind string

// The kinds of requests.
const (
	Export    RequestKind = "export"
	Anonymise RequestKind = "anonymise"
)

// Label is the word for the kind of request.
func (k RequestKind) Label() i18n.Key {
	return map[RequestKind]i18n.Key{Export: i18n.PrivacyExport, Anonymise: i18n.PrivacyAnonymise}[k]
}

// Request is what was done on somebody's request. It names nobody.
type Request struct {
	ID     string
	Kind   RequestKind
	Unit   string // where who did it works, or ""
	Reason string
	Counts map[Kind]int
	At     time.Time
	By     string // account
}

// Total is how many records it touched.
func (r Request) Total() int {
	n := 0
	for _, of := range r.Counts {
		n += of
	}
	return n
}

// Purpose is what somebody agreed to.
type Purpose string

// The purposes.
const (
	ForRecord  Purpose = "record"  // that the register keeps their data
	ForPublish Purpose = "publish" // that they are named in public
	ForPhoto   Purpose = "photo"   // that they are shown
)

// Purposes lists the purposes in the order of forms.
func Purposes() []Purpose { return []Purpose{ForRecord, ForPublish, ForPhoto} }

// Label is the word for the purpose.
func (p Purpose) Label() i18n.Key {
	return map[Purpose]i18n.Key{ForRecord: i18n.PrivacyForRecord, ForPublish: i18n.PrivacyForPublish, ForPhoto: i18n.PrivacyForPhoto}[p]
}

// How is the way in which somebody agreed.
type How string

// The ways.
const (
	OnPaper How = "paper"
	ByMail  How = "mail"
	Spoken  How = "spoken"
	Online  How = "online"
)

// Hows lists the ways in the order of forms.
func Hows() []How { return []How{OnPaper, ByMail, Spoken, Online} }

// Label is the word for the way.
func (h How) Label() i18n.Key {
	return map[How]i18n.Key{OnPaper: i18n.PrivacyOnPaper, ByMail: i18n.PrivacyByMail, Spoken: i18n.PrivacySpoken, Online: i18n.PrivacyOnline}[h]
}

// Consent is that an exemplar agreed to something, and whether that still holds.
type Consent struct {
	ID            string
	Exemplar      string // identity
	Purpose       Purpose
	How           How
	On            clock.Date
	Note          string // where the paper lies, who heard it
	At            time.Time
	By            string // account
	WithdrawnOn   clock.Date
	WithdrawnNote string
	WithdrawnBy   string
}

// Holds tells whether the consent was not taken back.
func (c Consent) Holds() bool { return c.WithdrawnOn == 0 }

// ConsentInput is what is needed to note a consent.
type ConsentInput struct {
	Purpose Purpose
	How     How
	On      clock.Date
	Note    string
}

func (in *ConsentInput) check(today clock.Date) error {
	var l errs.List
	in.Note = strings.TrimSpace(in.Note)
	if !slices.Contains(Purposes(), in.Purpose) {
		l.Add("purpose", i18n.ErrsBadChoice)
	}
	if !slices.Contains(Hows(), in.How) {
		l.Add("how", i18n.ErrsBadChoice)
	}
	switch {
	case in.On == 0:
		l.Add("on", i18n.ErrsRequired)
	case in.On > today:
		l.Add("on", i18n.MovementFuture, in.On)
	}
	if len([]rune(in.Note)) > maxReason {
		l.Add("note", i18n.ErrsTooLong, maxReason)
	}
	if strings.ContainsRune(in.Note, 0) || strings.ToValidUTF8(in.Note, "") != in.Note {
		l.Add("note", i18n.ErrsBadText)
	}
	return l.Err()
}
