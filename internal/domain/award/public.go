package award

import (
	"cmp"
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// ListQuery asks for a part of the public lists of honours.
type ListQuery struct {
	Unit   string // identity: lists on which a collective of it, or of a unit below, stands
	Cursor string // as the page before gave it
	Limit  int
}

// Summary is a decision in force with how many it honoured whose honour still stands.
type Summary struct {
	ledger.Decision
	Collectives, Individuals, Households int
}

// MaxLists bounds a page of lists.
const MaxLists = 100

// Lists gives the decisions by which somebody was praised or awarded, the latest signed
// first, and the cursor of the next page: for everybody. Minutes are no public paper.
func (s *Service) Lists(ctx context.Context, in ListQuery) ([]Summary, string, error) {
	in.Limit = max(1, min(in.Limit, MaxLists))
	var all []Summary
	var next string
	err := s.db.Snapshot(ctx, func(q db.Querier) error {
		var paths []string
		if in.Unit != "" {
			tree, err := s.rooms.Org.Tree(ctx, q)
			if err != nil {
				return err
			}
			paths = tree.Paths(in.Unit)
		}
		var err error
		if all, next, err = summaries(ctx, q, in, paths, s.now.Today()); err != nil {
			return err
		}
		ids := make([]string, len(all))
		for i, one := range all {
			ids[i] = one.ID
		}
		found, err := ledger.DecisionsByID(ctx, q, ids)
		if err != nil {
			return err
		}
		papers := make([]ledger.Decision, len(all))
		for i := range all {
			papers[i] = found[all[i].ID]
		}
		err = s.rooms.Practices.HideNames(ctx, q, papers)
		for i := range all {
			all[i].Decision = papers[i]
		}
		return err
	})
	return all, next, err
}

// Honoured is one subject on a public list.
type Honoured struct {
	Name      string
	Unit      string // identity
	Entry     string // identity of the entry it was honoured for, or ""
	RevokedOn clock.Date
}

// Section is those whom a decision praises, or awards in one form. People and households
// are named where they have agreed to it in a published practice, and counted where not.
type Section struct {
	Kind        Kind
	Track       rulebook.Track
	Form        rulebook.Form // of an award
	Collectives []Honoured
	Individuals []Honoured
	Households  []Honoured
	Unnamed     map[ledger.SubjectKind]int
}

// PublicList is a decision with those whom it honours.
type PublicList struct {
	ledger.Decision
	Sections []Section
}

// PublicList finds the list of a decision, for everybody.
func (s *Service) PublicList(ctx context.Context, decision string) (PublicList, error) {
	d, err := s.rooms.Movements.PublicDecision(ctx, decision)
	if err != nil {
		return PublicList{}, err
	}
	var out PublicList
	err = s.db.Snapshot(ctx, func(q db.Querier) error {
		papers := []ledger.Decision{d}
		if err := s.rooms.Practices.HideNames(ctx, q, papers); err != nil {
			return err
		}
		out.Decision = papers[0]
		all, err := underDecision(ctx, q, decision)
		if err != nil {
			return err
		}
		if err := standings(ctx, q, all); err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(a Award) bool { return a.Voided })
		if len(all) == 0 {
			return errs.New(errs.NotFound, i18n.MovementDecisionNotFound)
		}
		out.Sections, err = s.sections(ctx, q, d, all)
		return err
	})
	return out, err
}

// sections puts awards together by kind and form, awards first, each by its names.
func (s *Service) sections(ctx context.Context, q db.Querier, d ledger.Decision, all []Award) ([]Section, error) {
	ids := make([]string, len(all))
	for i, a := range all {
		ids[i] = a.Exemplar
	}
	exemplars, err := practice.Exemplars(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	nameable, err := s.rooms.Practices.Nameable(ctx, q, exemplars)
	if err != nil {
		return nil, err
	}
	forms, err := rulebook.FormsOn(ctx, q, d.SignedOn)
	if err != nil {
		return nil, err
	}
	var sections []Section
	for _, a := range all {
		i := slices.IndexFunc(sections, func(sec Section) bool { return sec.Kind == a.Kind && sec.Track == a.Track && sec.Form.Code == a.Form })
		if i < 0 {
			i = len(sections)
			sections = append(sections, Section{Kind: a.Kind, Track: a.Track, Form: formOf(forms, a, d.Level), Unnamed: map[ledger.SubjectKind]int{}})
		}
		sections[i].add(a, exemplars[a.Exemplar], nameable[a.Exemplar])
	}
	for i := range sections {
		for _, part := range [][]Honoured{sections[i].Collectives, sections[i].Individuals, sections[i].Households} {
			slices.SortFunc(part, func(a, b Honoured) int { return cmp.Compare(viet.SortKey(a.Name), viet.SortKey(b.Name)) })
		}
	}
	slices.SortStableFunc(sections, func(a, b Section) int { return cmp.Compare(a.Kind, b.Kind) }) // "award" before "praise"
	return sections, nil
}

func (sec *Section) add(a Award, x practice.Exemplar, nameable bool) {
	if !nameable {
		if a.Revoked == "" {
			sec.Unnamed[x.Kind]++
		}
		return
	}
	to := map[ledger.SubjectKind]*[]Honoured{
		ledger.Collective: &sec.Collectives, ledger.Individual: &sec.Individuals, ledger.Household: &sec.Households,
	}[x.Kind]
	*to = append(*to, Honoured{Name: x.Name, Unit: x.Unit, Entry: a.Entry, RevokedOn: a.RevokedOn})
}

// formOf is the form of an award as its day called it; of a praise there is none.
func formOf(forms []rulebook.Form, a Award, level org.Level) rulebook.Form {
	i := slices.IndexFunc(forms, func(f rulebook.Form) bool { return f.Code == a.Form && f.Track == a.Track && f.Level == level })
	if i < 0 {
		return rulebook.Form{Code: a.Form, Vi: a.Form, En: a.Form}
	}
	return forms[i]
}
