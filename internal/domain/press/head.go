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

// Head tells how far the house has come, for the page of an article, or for any other
// page where article is "". What it tells was read after the caller asked.
func (s *Service) Head(ctx context.Context, article string) (Head, error) {
	return s.heads.Do(ctx, article)
}

// readHeads answers everybody who asks at one time with two short reads.
func (s *Service) readHeads(ctx context.Context, articles []string) ([]Head, error) {
	record, err := audit.Head(ctx, s.db)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, a := range articles {
		if a != "" && !slices.Contains(ids, a) {
			ids = append(ids, a)
		}
	}
	rated, err := tallies(ctx, s.db, ids)
	heads := make([]Head, len(articles))
	for i, a := range articles {
		heads[i] = Head{record, rated[a].Revision}
	}
	return heads, err
}
