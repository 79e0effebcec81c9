package practice

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// HideNames blots out of the titles of decisions, before everybody reads them, the names of
// the people whom they recognise, praise or award and who have not agreed to be named in a
// practice that is public now.
func (s *Service) HideNames(ctx context.Context, q db.Querier, all []ledger.Decision) error {
	ids := make([]string, len(all))
	for i, d := range all {
		ids[i] = d.ID
	}
	under, err := peopleUnder(ctx, q, ids)
	if err != nil || len(under) == 0 {
		return err
	}
	var people []string
	for i, d := range all { // few titles name anybody: only of those is it asked what they agreed to
		for _, x := range under[d.ID] {
			if viet.Masking(x.Name)(all[i].Title) != all[i].Title {
				people = append(people, x.ID)
			}
		}
	}
	if len(people) == 0 {
		return nil
	}
	t, err := s.publicTerms(ctx, q, PublicQuery{})
	if err != nil {
		return err
	}
	named, err := namedAmong(ctx, q, t, people)
	if err != nil {
		return err
	}
	may := map[string]bool{}
	for _, id := range named {
		may[id] = true
	}
	for i := range all {
		for _, x := range under[all[i].ID] {
			if !may[x.ID] {
				all[i].Title = viet.Masking(x.Name)(all[i].Title)
			}
		}
	}
	return nil
}

// papers are the decisions in force on which the recognition of an entry rests, with titles
// that everybody may read; minutes are no public paper.
func (s *Service) papers(ctx context.Context, q db.Querier, e Entry) ([]ledger.Decision, error) {
	today := s.now.Today()
	var ids []string
	for _, a := range e.Standing.InForce(ledger.Recognised, today) {
		ids = append(ids, a.Decision)
	}
	found, err := ledger.DecisionsByID(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var all []ledger.Decision
	for _, id := range ids {
		if d, ok := found[id]; ok && d.Paper == ledger.PaperDecision && d.On <= today {
			all = append(all, d)
		}
	}
	hide := e.hiding() // whatever was agreed to elsewhere
	for i := range all {
		all[i].Title = hide(all[i].Title)
	}
	return all, s.HideNames(ctx, q, all)
}
