package press

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/audit"
)

// Head is how far the house has come: a page made at the same Head is the same page. It
// moves with every record of the audit (whatever people decide has one) and, for the page
// of an article, with every rating of it.
type Head struct {
	Record int
	Rating int64
}

// Head tells how far the house has come, for the page of an article by its number, or for
// any other page where that is 0. What it tells was read after the caller asked.
func (s *Service) Head(ctx context.Context, no int) (Head, error) { return s.heads.Do(ctx, no) }

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
		heads[i] = Head{record, rated[no]}
	}
	return heads, err
}
