// Package parcel sends a frozen report up as one file, and receives such files.
//
// A package is a ZIP with a manifest, the bytes of the frozen report, its lists for people and
// a signature over the manifest. [Read] checks one without any database: whoever has the
// file can. The key is the sender's own; the level above records it after the two have
// compared its fingerprint, and accepts nothing signed by another.
//
// What was accepted is summed beside what the receiving house holds itself. Nothing of a
// package enters the register: it stays what its sender said.
package parcel

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// The rights of this capability.
const (
	RightRead    actor.Right = "parcel.read"
	RightSend    actor.Right = "parcel.send"    // make packages, renew the key of the house
	RightReceive actor.Right = "parcel.receive" // take in packages, record keys of senders
)

// Format names the form of a package. A reader takes no other.
const Format = "nhanrong-package/1"

// Ending is how the name of a package ends.
const Ending = ".nhanrong.zip"

// The bounds of a package. The largest year known, 57,000 entries, packs into a third of them.
const (
	MaxSize     = 32 << 20  // of the file
	MaxUnpacked = 160 << 20 // of all parts together
	maxPart     = 64 << 20  // of one part
	maxManifest = 64 << 10
	maxDepth    = 12 // of JSON
	maxText     = 600
)

// The parts of a package, in their order.
const (
	partManifest  = "manifest.json"
	partSignature = "manifest.sig"
	partReport    = "report.json"
	partEntries   = "entries.csv"
	partSubjects  = "subjects.csv"
	partItems     = "items.csv"
)

// signedParts are the parts that a manifest vouches for.
func signedParts() []string { return []string{partReport, partEntries, partSubjects, partItems} }

// Named is something by its code, with its name.
type Named struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Period is the period that the report is about.
type Period struct {
	No   int        `json:"no"`
	Name string     `json:"name"`
	From clock.Date `json:"from"`
	To   clock.Date `json:"to"`
}

// Part is a part of a package, as its manifest vouches for it.
type Part struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Manifest says what a package holds. The signature is over exactly its bytes.
type Manifest struct {
	Format    string     `json:"format"`
	Unit      Named      `json:"unit"` // who sends it; the report is about all below it
	Movement  Named      `json:"movement"`
	Period    Period     `json:"period"`
	AsOf      clock.Date `json:"asOf"`
	Version   int        `json:"version"`  // of the report for this day
	SHA256    string     `json:"sha256"`   // of the report
	Replaces  string     `json:"replaces"` // SHA-256 of the report that was sent before; "" is none
	FrozenAt  time.Time  `json:"frozenAt"`
	MadeAt    time.Time  `json:"madeAt"`
	PublicKey string     `json:"publicKey"` // base64
	Parts     []Part     `json:"parts"`
}

// bytes is the one way in which a manifest is written.
func (m Manifest) bytes() ([]byte, error) {
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write a manifest: %w", err)
	}
	return append(raw, '\n'), nil
}

// Package is a package that was read and checked.
type Package struct {
	Manifest
	Digest  string // SHA-256 of the manifest: it names the package
	Key     Key
	Size    int64 // of the file
	Report  report.Report
	Entries []report.ListedEntry
}

// Name is a name for the file of a package, without its ending.
func (m Manifest) Name() string {
	return fmt.Sprintf("%s_%s_%s_v%d", m.Unit.Code, m.Movement.Code, m.AsOf, m.Version)
}

// Key is the public half of a sender's key.
type Key []byte

// readKey reads a key as a manifest has it.
func readKey(text string) (Key, error) {
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err == nil && len(raw) != ed25519.PublicKeySize {
		err = errors.New("a key of another length")
	}
	return raw, err //nolint:wrapcheck // who calls says what it is about
}

func (k Key) text() string { return base64.StdEncoding.EncodeToString(k) }

// ID names a key in an address: the beginning of its hash.
func (k Key) ID() string {
	s := sha256.Sum256(k)
	return hex.EncodeToString(s[:16])
}

// groups is how many groups of five digits a fingerprint has: 132 bits.
const groups = 8

// Fingerprint is what two people read to each other on the telephone to know that they
// speak of the same key: eight groups of five digits.
func (k Key) Fingerprint() string {
	s := sha512.Sum512(append([]byte("nhanrong key\x00"), k...))
	all := make([]string, groups)
	for i := range all {
		var five [8]byte
		copy(five[3:], s[5*i:5*i+5])
		all[i] = fmt.Sprintf("%05d", binary.BigEndian.Uint64(five[:])%100_000)
	}
	return strings.Join(all, " ")
}

// digits are the digits of a fingerprint as somebody typed it.
func digits(typed string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, typed)
}

// Is tells whether a fingerprint, as somebody typed it, is that of the key.
func (k Key) Is(typed string) bool {
	d := digits(typed)
	return len(d) == 5*groups && d == digits(k.Fingerprint())
}

// Trusts is an error where a package is not signed by the key with a fingerprint.
func (p Package) Trusts(fingerprint string) error {
	if len(digits(fingerprint)) != 5*groups {
		return errs.New(errs.Invalid, i18n.ParcelFingerprintForm).On("fingerprint")
	}
	if !p.Key.Is(fingerprint) {
		return errs.New(errs.Invalid, i18n.ParcelOtherKey, p.Key.Fingerprint()).On("fingerprint")
	}
	return nil
}

func hash(raw []byte) string {
	s := sha256.Sum256(raw)
	return hex.EncodeToString(s[:])
}
