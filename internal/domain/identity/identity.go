// Package identity keeps the people who use the system: their accounts, the roles they
// were given, their passwords, their sessions at the web, their tokens for programs and
// the notices left for them. From all this it makes the [actor.Actor] with which every
// service method begins.
//
// A role is a name for a set of rights; which rights is said by the house when it is put
// together. A [Grant] gives an account a role at a unit, and so at everything below it,
// from one day to another. A grant at no unit is the whole house and is for
// administrators only.
//
// An actor has one set of rights and one scope. So that nobody has at one unit what was
// given at another, an account holds, on any one day, several roles at one unit or one
// role at several units, never a mixture; a second account serves for that.
package identity

import (
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/mail"
)

// The rights of this capability.
const (
	RightRead   actor.Right = "identity.read"
	RightManage actor.Right = "identity.manage"
)

const (
	// Administrator is the role that the first account gets; the house must name its
	// rights.
	Administrator = "administrator"
	// Operator is the login of the account that acts for the command line. It has no
	// password, so nobody signs in with it.
	Operator = "operator"
)

// Account is a person, or a program, that the system knows.
type Account struct {
	ID         string
	Login      string
	Name       string
	Unit       string // identity of the unit where the person works, or ""
	Disabled   bool
	MustChange bool      // the password was given by somebody else and is to be changed
	Email      string    // for letters, or ""
	Phone      string    // or ""
	Letters    bool      // notices go to the address, too
	Digested   time.Time // when the last letter with notices was written; zero before the first one
	LastSignIn time.Time // zero before the first one
	Created    time.Time
	Version    int
	Grants     []Grant // the earlier and the coming ones, too
	hash       string
}

// HasPassword tells whether the account can sign in with a password at all.
func (a Account) HasPassword() bool { return a.hash != "" }

// GrantsOn are the grants that hold on the day.
func (a Account) GrantsOn(d clock.Date) []Grant {
	var all []Grant
	for _, g := range a.Grants {
		if g.Span.On(d) {
			all = append(all, g)
		}
	}
	return all
}

// Grant is a role at a unit, and at everything below it, in a span of days.
type Grant struct {
	ID   string
	Role string
	Unit string // identity of the unit, or "" for the whole house
	Span org.Span
	// InPlaceOf is the account whose role was lent; "" where it is the account's own.
	InPlaceOf string
}

// ended tells whether the grant is over before the day and gives nothing any more.
func (g Grant) ended(d clock.Date) bool { return g.Span.To != 0 && g.Span.To <= d }

// overlaps tells whether there is a day on which both hold.
func (g Grant) overlaps(o Grant) bool {
	return (g.Span.To == 0 || o.Span.From < g.Span.To) && (o.Span.To == 0 || g.Span.From < o.Span.To)
}

// mixes tells whether both together would give more than each gives: a right of the one
// at the unit of the other.
func (g Grant) mixes(o Grant) bool { return g.Role != o.Role && g.Unit != o.Unit && g.overlaps(o) }

// Input is what is needed to set up an account.
type Input struct {
	Login    string
	Name     string
	Unit     string // identity of a unit, or ""
	Email    string
	Phone    string
	Password string // "" for an account that cannot sign in yet
	// Settled says that the person chose the password; else it is to be changed at the
	// first sign-in.
	Settled bool
	Grants  []GrantInput
}

// GrantInput is what is needed to give a role. No first day means today.
type GrantInput struct {
	Role string
	Unit string // identity of a unit, or "" for the whole house
	Span org.Span
}

// Bounds, in characters.
const (
	maxName  = 120
	maxEmail = 200
	maxPhone = 30
)

// Check gathers everything that is wrong with the input.
func (in *Input) Check() error {
	var l errs.List
	in.Login, in.Name = foldLogin(in.Login), norm.NFC.String(strings.TrimSpace(in.Name))
	if !validLogin(in.Login) {
		l.Add("login", i18n.IdentityLoginForm)
	}
	checkName(&l, in.Name)
	checkContact(&l, &in.Email, &in.Phone)
	if in.Password != "" {
		l = append(l, checkPassword(in.Password, in.Login)...)
	}
	return l.Err()
}

func checkName(l *errs.List, name string) {
	switch {
	case name == "":
		l.Add("name", i18n.ErrsRequired)
	case len([]rune(name)) > maxName:
		l.Add("name", i18n.ErrsTooLong, maxName)
	}
}

// checkContact cleans how a person is reached, and says what is wrong with it.
func checkContact(l *errs.List, email, phone *string) {
	*email, *phone = strings.TrimSpace(*email), strings.TrimSpace(*phone)
	if *email != "" && (len(*email) > maxEmail || !mail.Address(*email)) {
		l.Add("email", i18n.IdentityBadEmail)
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, *phone)
	if *phone != "" && (len(*phone) > maxPhone || len(digits) < 6 || strings.Trim(*phone, "0123456789+-.() ") != "") {
		l.Add("phone", i18n.IdentityBadPhone)
	}
}

// foldLogin makes the one form of a login: what people type differs in case and blanks.
func foldLogin(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func validLogin(s string) bool {
	return len(s) >= 2 && len(s) <= 64 && strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune(".-_@", r)
	}) < 0
}
