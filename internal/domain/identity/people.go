package identity

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// State is how an account stands, as lists tell it.
type State string

// The states. One that is open can be in several of the others.
const (
	Open   State = "open"
	Closed State = "closed"
	Given  State = "given" // its password was given by somebody else and waits to be changed
	Never  State = "never" // nobody has signed in with it yet
)

// States lists the states in the order of forms.
func States() []State { return []State{Open, Closed, Given, Never} }

// Label is the word for a state.
func (s State) Label() i18n.Key {
	return map[State]i18n.Key{
		Open: i18n.IdentityStateOpen, Closed: i18n.IdentityStateClosed, Given: i18n.IdentityStateGiven, Never: i18n.IdentityStateNever,
	}[s]
}

// In tells whether the account is in a state.
func (a Account) In(s State) bool {
	switch s {
	case Open:
		return !a.Disabled
	case Closed:
		return a.Disabled
	case Given:
		return !a.Disabled && a.MustChange
	default:
		return !a.Disabled && a.LastSignIn.IsZero()
	}
}

// Slip is what is handed to the person of an account: it is made once and kept nowhere.
type Slip struct {
	Account  string // identity
	Login    string
	Name     string
	Unit     string // identity, or ""
	Password string
}

// Bounds of one call: how many passwords are made, each about 30 ms of one core.
const (
	MaxReset  = 200
	MaxRoster = 2000
)

// ResetPasswords gives accounts passwords that the program makes, all or none. They are to
// be changed at the next sign-in, and the sessions end. The slips are given this once.
func (s *Service) ResetPasswords(ctx context.Context, who actor.Actor, ids []string) ([]Slip, error) {
	if !who.Can(RightManage) {
		return nil, forbidden()
	}
	ids = once(slices.Clone(ids))
	if len(ids) == 0 || len(ids) > MaxReset {
		return nil, errs.New(errs.Invalid, i18n.IdentityResetSome, MaxReset)
	}
	passwords, hashes, err := s.invent(ctx, len(ids))
	if err != nil {
		return nil, err
	}
	slips := make([]Slip, len(ids))
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		for i, id := range ids {
			a, err := s.managed(ctx, tx, who, id)
			if err != nil {
				return err
			}
			if a.Login == Operator {
				return errs.New(errs.Conflict, i18n.IdentityOperatorFixed)
			}
			if a.Disabled {
				return errs.New(errs.Conflict, i18n.IdentityResetClosed, a.Login)
			}
			a.hash, a.MustChange = hashes[i], true
			if err := update(ctx, tx, a); err != nil {
				return err
			}
			if err := endSessions(ctx, tx, a.ID, ""); err != nil {
				return err
			}
			if err := s.Log.Add(ctx, tx, who, "identity.resetPassword", object(a), nil); err != nil {
				return err
			}
			slips[i] = Slip{a.ID, a.Login, a.Name, a.Unit, passwords[i]}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return slips, nil
}

// invent makes passwords and their hashes.
func (s *Service) invent(ctx context.Context, n int) (passwords, hashes []string, err error) {
	passwords = make([]string, n)
	for i := range passwords {
		if passwords[i], err = s.inventOne(); err != nil {
			return nil, nil, err
		}
	}
	hashes, err = s.hasher.makeAll(ctx, passwords)
	return passwords, hashes, err
}

// signs are those of passwords that are read from paper: none that looks like another.
const signs = "abcdefghjkmnpqrstuvwxyz23456789"

// inventOne makes a password of twelve signs, 59 random bits, in groups of four.
func (s *Service) inventOne() (string, error) {
	var text strings.Builder
	for text.Len() < 14 {
		if text.Len() == 4 || text.Len() == 9 {
			text.WriteByte('-')
		}
		var b [1]byte
		if _, err := io.ReadFull(s.Random, b[:]); err != nil {
			return "", fmt.Errorf("make a password: %w", err)
		}
		if n := int(b[0]) & 31; n < len(signs) { // each sign as likely as any other
			text.WriteByte(signs[n])
		}
		if text.Len() == 14 && weak(text.String(), "") {
			text.Reset()
		}
	}
	return text.String(), nil
}

// ProfileInput is what a person may change of the own account.
type ProfileInput struct {
	Name    string
	Email   string
	Phone   string
	Version int // the version that was on the form
}

// UpdateSelf changes the name and the contact of the actor's own account.
func (s *Service) UpdateSelf(ctx context.Context, who actor.Actor, in ProfileInput) error {
	if who.Account == "" || who.Via == actor.API {
		return forbidden()
	}
	var l errs.List
	in.Name = norm.NFC.String(strings.TrimSpace(in.Name))
	checkName(&l, in.Name)
	checkContact(&l, &in.Email, &in.Phone)
	if err := l.Err(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := find(ctx, tx, "id", who.Account)
		if err != nil {
			return err
		}
		a.Name, a.Email, a.Phone, a.Version = in.Name, in.Email, in.Phone, in.Version
		if err := update(ctx, tx, a); err != nil {
			return err
		}
		return s.Log.Add(ctx, tx, who, "identity.updateSelf", object(a), nil)
	})
}

// signedIn notes when an account last signed in; that is no change to it.
func signedIn(ctx context.Context, tx *db.Tx, account string, at time.Time) error {
	_, err := db.Exec(ctx, tx, `UPDATE identity_account SET last_sign_in = $1 WHERE id = $2`, db.Time(at), account)
	return err
}
