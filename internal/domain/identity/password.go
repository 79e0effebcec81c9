package identity

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Bounds of passwords, in characters. Length is asked for and no mixture of signs, as
// NIST SP 800-63B recommends; the upper bound keeps hashing cheap to ask for.
const (
	MinPassword = 10
	MaxPassword = 128
)

// noHash is a hash that fits no password: it gives a sign-in with an unknown login the
// same work to do as one with a known login.
const noHash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// hasher computes Argon2id (RFC 9106) with 19 MiB and two passes, the floor that OWASP
// names; a few at a time, because each takes a core and its memory.
type hasher struct{ slots chan struct{} }

func newHasher() hasher { return hasher{make(chan struct{}, max(1, runtime.NumCPU()))} }

func params() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

func (h hasher) turn(ctx context.Context) (func(), error) {
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
}

// make hashes a password; no password gives no hash.
func (h hasher) make(ctx context.Context, password string) (string, error) {
	if password == "" {
		return "", nil
	}
	done, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	hash, err := argon2id.CreateHash(norm.NFC.String(password), params())
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// makeAll hashes many passwords, as many at a time as there are turns.
func (h hasher) makeAll(ctx context.Context, passwords []string) ([]string, error) {
	hashes, failed := make([]string, len(passwords)), make([]error, len(passwords))
	var wait sync.WaitGroup
	next := make(chan int)
	for range cap(h.slots) {
		wait.Go(func() {
			for i := range next {
				hashes[i], failed[i] = h.make(ctx, passwords[i])
			}
		})
	}
	for i := range passwords {
		next <- i
	}
	close(next)
	wait.Wait()
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	return hashes, nil
}

// fits tells whether the password belongs to the hash. It does the same work where there
// is no hash.
func (h hasher) fits(ctx context.Context, password, hash string) (bool, error) {
	done, err := h.turn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	known := hash != "" && utf8.RuneCountInString(password) <= MaxPassword
	if !known {
		password, hash = "", noHash
	}
	ok, err := argon2id.ComparePasswordAndHash(norm.NFC.String(password), hash)
	if err != nil {
		return false, fmt.Errorf("compare a password: %w", err)
	}
	return ok && known, nil
}

// checkPassword says what is wrong with a new password.
func checkPassword(password, login string) errs.List {
	const field = "password"
	var l errs.List
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password):
		l.Add(field, i18n.ErrsBadText)
	case n < MinPassword:
		l.Add(field, i18n.IdentityPasswordShort, MinPassword)
	case n > MaxPassword:
		l.Add(field, i18n.IdentityPasswordLong, MaxPassword)
	case weak(password, login):
		l.Add(field, i18n.IdentityPasswordWeak)
	}
	return l
}

// weak refuses what is guessed first: the words of worst, repeated or padded with digits
// and signs, the login itself, and fewer than five different characters.
func weak(password, login string) bool {
	p := strings.ToLower(norm.NFC.String(password))
	different := map[rune]bool{}
	for _, r := range p {
		different[r] = true
	}
	if len(different) < 5 {
		return true
	}
	bare := strings.Trim(p, "0123456789!@#$%^&*.?_- ")
	if bare == "" {
		return strings.Contains("01234567890123456789 98765432109876543210", strings.TrimSpace(p))
	}
	if login != "" && (bare == login || p == login) {
		return true
	}
	for _, w := range worst() {
		if strings.ReplaceAll(bare, w, "") == "" || p == w {
			return true
		}
	}
	return false
}

// worst are the words that lists of stolen passwords begin with, and those at hand here.
func worst() []string {
	return []string{
		"password", "passw0rd", "p@ssw0rd", "p@ssword", "matkhau", "mậtkhẩu", "mật khẩu", "qwerty", "qwertyuiop", "asdfghjkl",
		"1q2w3e4r5t", "1qaz2wsx3edc", "zxcvbnm", "abc", "abcdef", "abcdefghij", "admin", "administrator", "quantri", "quan tri",
		"welcome", "letmein", "iloveyou", "anhyeuem", "emyeuanh", "vietnam", "viet nam", "việt nam", "hanoi", "saigon",
		"danvan", "danvankheo", "dan van kheo", "dân vận khéo", "nhanrong", "nhan rong", "nhân rộng", "ubnd", "uybannhandan", "changeme",
	}
}
