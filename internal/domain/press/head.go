package press

import (
	"context"
	"slices"
	"sync"

	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Head is how far the house has come: a page made at the same Head is the same page. It
// moves with every record of the audit (whatever people decide has one), with the day, by
// which names and standings change, and, for the page of an article, with every rating of
// it.
type Head struct {
	Record int
	Rating int64
	Day    clock.Date
}

// Head tells how far the house has come, for the page of an article by its number, or for
// any other page where that is 0. What it tells was read after the caller asked: either
// now, or before, where nobody has committed anything since.
func (s *Service) Head(ctx context.Context, no int) (Head, error) {
	version, err := s.db.Version(ctx)
	if err != nil {
		return Head{}, err
	}
	h, known := s.known.get(version, no)
	if !known {
		if h, err = s.heads.Do(ctx, no); err != nil {
			return Head{}, err
		}
		s.known.put(version, no, h)
	}
	h.Day = s.now.Today()
	return h, nil
}

// knownHeads are the heads that were read since the database came to a version: they hold
// as long as it is at that version.
type knownHeads struct {
	mu      sync.Mutex
	version db.Version
	byNo    map[int]Head
}

// mostKnown bounds how many are kept: anybody can ask for any number.
const mostKnown = 100_000

func (k *knownHeads) get(at db.Version, no int) (Head, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.version != at {
		return Head{}, false
	}
	h, ok := k.byNo[no]
	return h, ok
}

// put keeps a head that was read after the version was.
func (k *knownHeads) put(at db.Version, no int, h Head) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.version != at || len(k.byNo) >= mostKnown {
		k.version, k.byNo = at, map[int]Head{}
	}
	k.byNo[no] = h
}

// readHeads answers everybody who asks at one time with two short reads.
func (s *Service) readHeads(ctx context.Context, nos []int) ([]Head, error) {
	record, err := audit.Head(ctx, s.db)
	if err != nil {
		return nil, err
	}
	var asked []int
	for _, no := range nos {
		if no != 0 && !slices.Contains(asked, no) {
			asked = append(asked, no)
		}
	}
	rated, err := ratingRevisions(ctx, s.db, asked)
	heads := make([]Head, len(nos))
	for i, no := range nos {
		heads[i] = Head{Record: record, Rating: rated[no]}
	}
	return heads, err
}
