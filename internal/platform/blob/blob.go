// Package blob keeps files by their content: the name under which one is kept is the
// SHA-256 of its bytes, so that equal files are kept once, nothing that came from outside
// is ever part of a path, and what is read back is proven to be what was put in.
//
// A [Ref] stands in a row of the capability that the file belongs to. The file is put
// first and the row written after it; who dies in between leaves an orphan, a file that
// no row knows, which [Store.Sweep] removes once it is old.
//
// The folder is here; the store on S3 is blob/s3.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"
)

// What can be wrong with a file, beside the machine.
var (
	ErrTooLarge = errors.New("the file is larger than it may be")
	ErrNotFound = errors.New("no such file is kept")
	ErrDamaged  = errors.New("the kept file is not what was put in")
)

// Ref is a kept file.
type Ref struct {
	SHA256 string // hexadecimal, in small letters
	Size   int64  // bytes
}

// Store keeps files.
type Store interface {
	// Put keeps what r gives, up to most bytes; more is ErrTooLarge, and nothing is kept.
	// When it returns, the file outlives a loss of power. Putting the same once more
	// changes nothing but its age.
	Put(ctx context.Context, r io.Reader, most int64) (Ref, error)
	// Open reads a file; ErrNotFound where there is none. The last bytes of a file that
	// is not what was put in are not given: reading ends with ErrDamaged.
	Open(ctx context.Context, ref Ref) (io.ReadCloser, error)
	// Sweep removes the files that were last put before a moment and that nobody keeps,
	// and tells how many they were.
	Sweep(ctx context.Context, before time.Time, kept Kept) (int, error)
}

// Kept tells which of the files, given by their SHA-256, stand in a row.
type Kept func(ctx context.Context, hashes []string) (map[string]bool, error)

// batch is how many files [Kept] is asked about at once.
const batch = 500

// Valid tells whether the text is a SHA-256 as a [Ref] has it.
func Valid(sha string) bool {
	return len(sha) == 2*sha256.Size && strings.Trim(sha, "0123456789abcdef") == ""
}

// Spool copies r into w, up to most bytes, and tells what it was. It is for stores, which
// do not know a file's name before they have seen its end.
func Spool(ctx context.Context, w io.Writer, r io.Reader, most int64) (Ref, error) {
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), io.LimitReader(patient{ctx, r}, most+1))
	if err != nil {
		return Ref{}, fmt.Errorf("take in a file: %w", err)
	}
	if n > most {
		return Ref{}, ErrTooLarge
	}
	return Ref{SHA256: hex.EncodeToString(sum.Sum(nil)), Size: n}, nil
}

// patient reads until nobody waits any more.
type patient struct {
	ctx context.Context //nolint:containedctx // it lives as long as one copy
	r   io.Reader
}

func (p patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}

// Verify reads rc and holds it against the ref. It is for stores.
func Verify(rc io.ReadCloser, ref Ref) io.ReadCloser {
	return &verifier{ReadCloser: rc, ref: ref, sum: sha256.New()}
}

type verifier struct {
	io.ReadCloser
	ref  Ref
	sum  hash.Hash
	read int64
}

// Read gives the last bytes only when all of them are right: who copies a damaged file
// sees it end too early.
func (v *verifier) Read(p []byte) (int, error) {
	if v.read >= v.ref.Size {
		if v.ref.Size == 0 && hex.EncodeToString(v.sum.Sum(nil)) != v.ref.SHA256 {
			return 0, ErrDamaged
		}
		return 0, io.EOF
	}
	n, err := v.ReadCloser.Read(p[:min(int64(len(p)), v.ref.Size-v.read)])
	v.sum.Write(p[:n])
	v.read += int64(n)
	switch {
	case v.read == v.ref.Size:
		if hex.EncodeToString(v.sum.Sum(nil)) != v.ref.SHA256 {
			return 0, ErrDamaged
		}
		return n, nil
	case errors.Is(err, io.EOF):
		return n, ErrDamaged
	}
	return n, err
}

// Orphans asks, in batches, which files nobody keeps. It is for stores.
func Orphans(ctx context.Context, hashes []string, kept Kept) ([]string, error) {
	var orphans []string
	for len(hashes) > 0 {
		part := hashes[:min(batch, len(hashes))]
		hashes = hashes[len(part):]
		rows, err := kept(ctx, part)
		if err != nil {
			return nil, fmt.Errorf("ask which files are kept: %w", err)
		}
		for _, sha := range part {
			if !rows[sha] {
				orphans = append(orphans, sha)
			}
		}
	}
	return orphans, nil
}
