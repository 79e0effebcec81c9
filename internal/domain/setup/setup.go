// Package setup makes an office out of an empty house at its first start: the locality with
// its standing body, the name of the site, a first movement after a sample, and the first
// accounts.
//
// Whoever starts the program is told a code that works once; only who can give it may set
// the house up. The accounts come last, so that a start that was broken off is simply done
// again: what stands there already is taken as it is.
package setup

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"io"
	"math/big"
	"strings"
	"sync"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/places"
)

// Rooms are the rooms below that the service calls.
type Rooms struct {
	Org       *org.Service
	Identity  *identity.Service
	Rulebook  *rulebook.Service
	Movements *movement.Service
}

// Service is the capability.
type Service struct {
	rooms  Rooms
	now    clock.Clock
	random io.Reader
	system actor.Actor // who writes while there is no account

	begin sync.Mutex // held while the house is being set up: of two that come at once the second finds it done

	mu    sync.Mutex
	code  string
	pass  string
	tries int
}

// New makes the service; system is the house itself as an actor.
func New(rooms Rooms, now clock.Clock, random io.Reader, system actor.Actor) *Service {
	return &Service{rooms: rooms, now: now, random: random, system: system}
}

// Needed tells whether the house is still empty.
func (s *Service) Needed(ctx context.Context) (bool, error) { return s.rooms.Identity.Empty(ctx) }

// codeDigits is how long the code is; maxTries how often it may be wrong until the program
// is started again: one guess in ten million succeeds.
const (
	codeDigits = 8
	maxTries   = 10
)

// Code is the code that lets somebody set the house up, as it is printed: "1234 5678". It
// is the same as long as the program runs.
func (s *Service) Code() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.code == "" {
		n, err := below(s.random, 100_000_000)
		if err != nil {
			return "", err
		}
		s.code = fmt.Sprintf("%0*d", codeDigits, n)
	}
	return s.code[:4] + " " + s.code[4:], nil
}

// Enter changes the code for a pass that the browser keeps until the house is set up.
func (s *Service) Enter(code string) (pass string, err error) {
	if _, err := s.Code(); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tries >= maxTries {
		return "", errs.New(errs.Forbidden, i18n.SetupLocked).On("code")
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, code)
	if subtle.ConstantTimeCompare([]byte(digits), []byte(s.code)) != 1 {
		s.tries++
		return "", errs.New(errs.Invalid, i18n.SetupWrongCode, maxTries-s.tries).On("code")
	}
	if s.pass == "" {
		raw := make([]byte, 20)
		if _, err := io.ReadFull(s.random, raw); err != nil {
			return "", fmt.Errorf("make a pass: %w", err)
		}
		s.pass = base32.StdEncoding.EncodeToString(raw)
	}
	return s.pass, nil
}

// Admits tells whether a browser gave the code before.
func (s *Service) Admits(pass string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pass != "" && subtle.ConstantTimeCompare([]byte(pass), []byte(s.pass)) == 1
}

// below draws a number from 0 to n-1.
func below(random io.Reader, n int64) (int64, error) {
	limit := big.NewInt(n)
	raw := make([]byte, 16) // so many more bits than n has that none is likelier by what could be told
	if _, err := io.ReadFull(random, raw); err != nil {
		return 0, fmt.Errorf("draw a number: %w", err)
	}
	return new(big.Int).Mod(new(big.Int).SetBytes(raw), limit).Int64(), nil
}

// letters of a password that is written on paper: none looks like another.
const letters = "abcdefghjkmnpqrstuvwxyz23456789"

// password draws one of twelve letters in three groups, some 59 bits.
func (s *Service) password() (string, error) {
	var b strings.Builder
	for i := range 12 {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		n, err := below(s.random, int64(len(letters)))
		if err != nil {
			return "", err
		}
		b.WriteByte(letters[n])
	}
	return b.String(), nil
}

// Input is what an office says at its first start.
type Input struct {
	Place        string // code of a commune or a province in the list of places
	SiteName     string
	StandingBody string   // name of the body that runs the movement
	Fields       []string // local names of the national fields, in their order; "" keeps a field's name
	Movement     bool     // make a first movement after the sample
	Year         int
	Admin        Person
	Password     string // of the administrator
	People       []Staff
}

// Person is somebody who gets an account.
type Person struct{ Login, Name string }

// Staff is somebody with a role; without a login it is nobody.
type Staff struct {
	Person
	Role string
}

// none tells whether nobody was named.
func (p Staff) none() bool { return strings.TrimSpace(p.Login+p.Name) == "" }

// Account is an account that was made, with the password to be handed over.
type Account struct {
	Staff
	Password string
}

// Made is what a first start made.
type Made struct {
	Unit     org.Unit
	Movement string // code, or ""
	Accounts []Account
}

// Where is the place of an input.
type Where struct {
	Province *places.Province
	Commune  *places.Commune // nil for a province
}

// Find finds a place by its code.
func Find(list *places.List, code string) (Where, bool) {
	if c := list.Commune(code); c != nil {
		return Where{c.Province, c}, true
	}
	p := list.Province(code)
	return Where{Province: p}, p != nil
}

// Name is the full name of the locality.
func (w Where) Name() string {
	if w.Commune != nil {
		return w.Commune.Name
	}
	return w.Province.Name
}

// Code is its code.
func (w Where) Code() string {
	if w.Commune != nil {
		return w.Commune.Code
	}
	return w.Province.Code
}

// SeasonOf is the year that a movement is launched for on a day: launches lie between
// October of the year before and April.
func SeasonOf(d clock.Date) int {
	if d.Month() >= 10 {
		return d.Year() + 1
	}
	return d.Year()
}
