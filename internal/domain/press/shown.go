package press

import (
	"sync"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// shownArticles keeps what was read of the articles that are wanted most, for as long as
// nobody has decided anything: a storm of ratings makes an article's page be made anew many
// times a second, and its text with all that stands around it is the same each time.
type shownArticles struct {
	mu     sync.Mutex
	record int
	day    clock.Date
	byNo   map[int]Shown
}

// Bounds of what is kept: articles, and bytes of a text.
const (
	mostShown    = 64
	longestShown = 64 << 10
)

func (k *shownArticles) get(at Head, no int) (Shown, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.record != at.Record || k.day != at.Day {
		return Shown{}, false
	}
	s, ok := k.byNo[no]
	return s, ok
}

// put keeps what was read after the head was. Nobody changes what is kept.
func (k *shownArticles) put(at Head, no int, s Shown) {
	if len(s.Body) > longestShown {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.record != at.Record || k.day != at.Day || len(k.byNo) >= mostShown {
		k.record, k.day, k.byNo = at.Record, at.Day, map[int]Shown{}
	}
	k.byNo[no] = s
}
