package press

import (
	"sync"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// unmoved keeps what was read for readers for as long as nobody has decided anything: a
// storm of ratings makes an article's page be made anew many times a second, and its text
// with all that stands around it is the same each time.
type unmoved[K comparable, V any] struct {
	mu     sync.Mutex
	record int
	day    clock.Date
	by     map[K]V
}

// Bounds of what is kept: things, and bytes of a text.
const (
	mostUnmoved    = 64
	longestUnmoved = 64 << 10
)

func (k *unmoved[K, V]) get(at Head, key K) (V, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.record != at.Record || k.day != at.Day {
		var none V
		return none, false
	}
	v, ok := k.by[key]
	return v, ok
}

// put keeps what was read after the head was. Nobody changes what is kept.
func (k *unmoved[K, V]) put(at Head, key K, v V) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.by == nil || k.record != at.Record || k.day != at.Day || len(k.by) >= mostUnmoved {
		k.record, k.day, k.by = at.Record, at.Day, map[K]V{}
	}
	k.by[key] = v
}
