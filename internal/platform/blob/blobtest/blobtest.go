// Package blobtest holds what every store of files must do, and makes small files of each
// kind for tests.
package blobtest

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/blob"
)

// Clock is a clock that a test sets forward. It begins on 15 October 2024.
type Clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

// Now is the moment.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Date(2024, 10, 15, 2, 0, 0, 0, time.UTC).Add(c.ahead)
}

// Forward sets the clock forward.
func (c *Clock) Forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// Subject is a store that is held against the rules.
type Subject struct {
	Store blob.Store
	Clock *Clock
	// Damage puts other content in the place of a kept file, behind the store's back.
	Damage func(ref blob.Ref, content string)
}

// Nothing keeps no file.
func Nothing(context.Context, []string) (map[string]bool, error) { return map[string]bool{}, nil }

const most = 1 << 20

// Conform holds an empty store against what every store must do.
func Conform(t *testing.T, s Subject) {
	t.Helper()
	t.Run("what is put is read", s.roundTrip)
	t.Run("too large", s.bound)
	t.Run("a reader that fails", s.failing)
	t.Run("names from outside", s.names)
	t.Run("damage", s.damage)
	t.Run("many at once", s.atOnce)
	t.Run("orphans", s.orphans)
}

func (s Subject) put(t *testing.T, content string) blob.Ref {
	t.Helper()
	ref, err := s.Store.Put(t.Context(), strings.NewReader(content), most)
	if err != nil || ref.Size != int64(len(content)) || !blob.Valid(ref.SHA256) {
		t.Fatalf("put %d bytes: %+v, %v", len(content), ref, err)
	}
	return ref
}

func (s Subject) read(t *testing.T, ref blob.Ref) (string, error) {
	t.Helper()
	in, err := s.Store.Open(t.Context(), ref)
	if err != nil {
		return "", err
	}
	raw, err := io.ReadAll(in)
	return string(raw), errors.Join(err, in.Close())
}

func (s Subject) roundTrip(t *testing.T) {
	for _, content := range []string{"", "a", "Kế hoạch số 12", strings.Repeat("dân vận khéo ", 60_000)} {
		ref := s.put(t, content)
		if again := s.put(t, content); again != ref {
			t.Errorf("the same is kept as %v and %v", ref, again)
		}
		if got, err := s.read(t, ref); err != nil || got != content {
			t.Errorf("%d bytes came back as %d: %v", len(content), len(got), err)
		}
	}
}

func (s Subject) bound(t *testing.T) {
	if _, err := s.Store.Put(t.Context(), strings.NewReader("123456"), 5); !errors.Is(err, blob.ErrTooLarge) {
		t.Errorf("six bytes of five: %v", err)
	}
	ref, err := s.Store.Put(t.Context(), strings.NewReader("12345"), 5)
	if err != nil {
		t.Errorf("five bytes of five: %v", err)
	}
	if _, err := s.read(t, ref); err != nil {
		t.Error(err)
	}
}

type breaking struct{ n int }

var errBroken = errors.New("the line broke")

func (b *breaking) Read(p []byte) (int, error) {
	if b.n++; b.n > 3 {
		return 0, errBroken
	}
	return copy(p, "nửa chừng"), nil
}

func (s Subject) failing(t *testing.T) {
	if _, err := s.Store.Put(t.Context(), &breaking{}, most); !errors.Is(err, errBroken) {
		t.Errorf("a broken line: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Store.Put(gone, strings.NewReader("x"), most); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits: %v", err)
	}
}

func (s Subject) names(t *testing.T) {
	for _, sha := range []string{"", "..", "../../etc/passwd", "/etc/passwd", strings.Repeat("../", 21) + "x", strings.Repeat("A", 64), strings.Repeat("0", 64), strings.Repeat("é", 32)} {
		if _, err := s.Store.Open(t.Context(), blob.Ref{SHA256: sha, Size: 1}); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("%q: %v", sha, err)
		}
	}
}

func (s Subject) damage(t *testing.T) {
	const content = "Quyết định số 1"
	ref := s.put(t, content)
	for _, other := range []string{strings.ToUpper(content), content + "!", content[1:]} {
		s.Damage(ref, other)
		got, err := s.read(t, ref)
		if !errors.Is(err, blob.ErrDamaged) || got == other {
			t.Errorf("%q is read as %q: %v", other, got, err)
		}
	}
	s.put(t, content)
	if got, err := s.read(t, ref); err != nil || got != content {
		t.Errorf("putting it once more does not heal: %q, %v", got, err)
	}
}

func (s Subject) atOnce(t *testing.T) {
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			content := strings.Repeat("x", 100_000+i%4)
			ref, err := s.Store.Put(t.Context(), strings.NewReader(content), most)
			if err != nil {
				t.Error(err)
				return
			}
			in, err := s.Store.Open(t.Context(), ref)
			if err != nil {
				t.Error(err)
				return
			}
			if n, err := io.Copy(io.Discard, in); err != nil || n != ref.Size {
				t.Errorf("%d bytes, %v", n, err)
			}
			if err := in.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func (s Subject) orphans(t *testing.T) {
	s.Clock.Forward(48 * time.Hour)
	if _, err := s.Store.Sweep(t.Context(), s.Clock.Now(), Nothing); err != nil {
		t.Fatal(err)
	}
	kept, orphan, renewed := s.put(t, "có dòng"), s.put(t, "không có dòng"), s.put(t, "gửi lại")
	s.Clock.Forward(25 * time.Hour)
	young := s.put(t, "vừa gửi")
	s.put(t, "gửi lại")
	asked := 0
	n, err := s.Store.Sweep(t.Context(), s.Clock.Now().Add(-24*time.Hour), func(_ context.Context, hashes []string) (map[string]bool, error) {
		asked += len(hashes)
		return map[string]bool{kept.SHA256: true}, nil
	})
	if err != nil || n != 1 || asked != 2 {
		t.Errorf("removed %d, asked about %d, %v", n, asked, err)
	}
	for name, ref := range map[string]blob.Ref{"kept": kept, "young": young, "renewed": renewed} {
		if _, err := s.read(t, ref); err != nil {
			t.Errorf("the %s file is gone: %v", name, err)
		}
	}
	if _, err := s.read(t, orphan); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("the orphan: %v", err)
	}
	s.Clock.Forward(48 * time.Hour)
	_, err = s.Store.Sweep(t.Context(), s.Clock.Now(), func(context.Context, []string) (map[string]bool, error) { return nil, errBroken })
	if !errors.Is(err, errBroken) {
		t.Errorf("nobody answers which are kept: %v", err)
	}
	if _, err := s.read(t, young); err != nil {
		t.Errorf("removed without an answer: %v", err)
	}
}
