package press

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/audit"
)

// Head is how far the house has come: a page made at the same Head is the same page. It
// moves with every record of the audit (whatever people decide has one) and, for the page
// of an article, with every rating of it.
type Head struct {
	Record int
	Rating int64
}

// Head tells how far the house has come, for the page of the article with a number, or for
// any other page where that is "". What it tells was read after the caller asked.
func (s *Service) Head(ctx context.Context, no string) (Head, error) { return s.heads.Do(ctx, no) }

// readHeads answers everybody who asks at one time with two short reads.
func (s *Service) readHeads(ctx context.Context, nos []string) ([]Head, error) {
	record, err := audit.Head(ctx, s.db)
	if err != nil {
		return nil, err
	}
	asked := map[int]bool{}
	for _, text := range nos {
		if no, err := strconv.Atoi(text); err == nil {
			asked[no] = true
		}
	}
	rated, err := revisions(ctx, s.db, slices.Collect(maps.Keys(asked)))
	heads := make([]Head, len(nos))
	for i, text := range nos {
		no, _ := strconv.Atoi(text) //nolint:errcheck // what is no number has no ratings
		heads[i] = Head{record, rated[no]}
	}
	return heads, err
}
