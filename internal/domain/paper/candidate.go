package paper

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Candidate is a record that a paper can be made of.
type Candidate struct {
	About
	Title string
}

// maxCandidates bounds how many records are offered.
const maxCandidates = 30

// Candidates offers the latest records on which a template of a sort can be tried.
func (s *Service) Candidates(ctx context.Context, who actor.Actor, k Kind) ([]Candidate, error) {
	if !who.Can(RightTemplate) {
		return nil, forbidden()
	}
	movements, err := s.movements.List(ctx, who)
	if err != nil {
		return nil, err
	}
	var all []Candidate
	add := func(title, id, part string) { all = append(all, Candidate{About{k, id, part}, title}) }
	switch k.Of() {
	case OfMovement:
		for _, m := range movements {
			add(m.Name, m.Code, "")
		}
	case OfConference:
		list, _, err := s.conferences.List(ctx, who, conference.Query{Limit: maxCandidates})
		for _, c := range list {
			add(c.Title+" ("+i18n.Vi.Date(c.On)+")", c.ID, "")
		}
		return all, err
	case OfDecision:
		list, err := s.movements.Decisions(ctx, who, 0, maxCandidates)
		for _, d := range list {
			if d.Paper == ledger.PaperDecision {
				add(d.Number+" – "+d.Title, d.ID, "")
			}
		}
		return all, err
	default:
		for _, m := range movements {
			if err := s.candidatesIn(ctx, who, m, k.Of(), add); err != nil || len(all) >= maxCandidates {
				return all, err
			}
		}
	}
	return all[:min(len(all), maxCandidates)], nil
}

// candidatesIn offers entries, sheets of visits and minutes of the periods of a movement.
func (s *Service) candidatesIn(ctx context.Context, who actor.Actor, m movement.Movement, of Source, add func(title, id, part string)) error {
	for _, p := range m.Periods {
		switch of {
		case OfEntry:
			list, err := s.practices.List(ctx, who, practice.Query{Period: p.No, Tab: practice.TabAll, Slice: ledger.Slice{Limit: maxCandidates}})
			if err != nil {
				return err
			}
			for _, e := range list.Rows {
				add(e.Code+" – "+e.Title, e.Code, "")
			}
		case OfVisit:
			visits, _, err := s.appraisals.Visits(ctx, who, appraisal.Page{Period: p.No})
			if err != nil {
				return err
			}
			for _, v := range visits[:min(len(visits), 5)] {
				whole, err := s.appraisals.Visit(ctx, who, v.ID)
				if err != nil {
					return err
				}
				for _, x := range whole.Sheets {
					add(i18n.Vi.Date(v.On)+" – "+x.Entry.Title, v.ID, x.Entry.Code)
				}
			}
		default:
			papers, _, err := s.appraisals.Papers(ctx, who, appraisal.Page{Period: p.No})
			if err != nil {
				return err
			}
			for _, x := range papers {
				add(i18n.Vi.T(x.Kind.Label())+" "+x.Number+" ("+i18n.Vi.Date(x.On)+")", x.ID, "")
			}
		}
	}
	return nil
}
