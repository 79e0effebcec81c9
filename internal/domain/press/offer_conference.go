package press

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// Meeting is what an article about a conference may tell.
type Meeting struct {
	Conference conference.Conference
	Movement   movement.Movement
	Figures    []Offer  // of its report as of the report's day, and whom it honours as of its own
	Speeches   []string // of what was spoken, without the speakers
	Unheard    int      // how many more speeches there were
	Names      []string // of those honoured whom the public may know
	Models     []string // titles of honoured practices that are published
	Others     int      // how many more were honoured
	Links      []Link
}

// MeetingOf gathers what an article about a conference may tell. Nobody is told of because
// of an invitation, a seat in front or a speech: names are those that [Service.HonoursOf]
// tells, and a speech about a practice that is not published is counted.
func (s *Service) MeetingOf(ctx context.Context, who actor.Actor, id string) (Meeting, error) {
	if !who.Can(RightWrite) || !who.Can(award.RightRead) || !who.Can(practice.RightRead) {
		return Meeting{}, forbidden()
	}
	c, err := s.rooms.Conferences.Get(ctx, who, id)
	if err != nil {
		return Meeting{}, err
	}
	out := Meeting{Conference: c, Links: []Link{{ToConference, c.ID}}}
	if out.Movement, err = s.rooms.Movements.Get(ctx, who, c.Movement); err != nil {
		return out, err
	}
	published, err := s.published(ctx)
	if err != nil {
		return out, err
	}
	t := &told{published: published, seen: map[string]bool{}}
	for _, decision := range c.Decisions {
		h, _, err := s.honoured(ctx, who, decision, t)
		if errs.Is(err, errs.NotFound) { // a paper of another's; who may see it may write of it
			continue
		}
		if err != nil {
			return out, err
		}
		out.Names, out.Models, out.Others = append(out.Names, h.Names...), append(out.Models, h.Models...), out.Others+h.Others
		out.Links = append(out.Links, h.Links...)
	}
	out.speeches(published)
	if out.Links = unique(out.Links); len(out.Links) > maxLinks {
		out.Links = out.Links[:maxLinks]
	}
	err = out.count(ctx, s, who)
	return out, err
}

// speeches tells of what was spoken: of a published practice by its published title, of no
// practice by the speech's own.
func (out *Meeting) speeches(published map[string]practice.PublicRow) {
	for _, sp := range out.Conference.Speeches {
		row, public := published[sp.Entry]
		switch {
		case public:
			out.Speeches, out.Links = append(out.Speeches, row.Title), append(out.Links, Link{ToPractice, sp.Entry})
		case sp.Entry == "" && sp.Exemplar == "":
			out.Speeches = append(out.Speeches, sp.Title)
		default:
			out.Unheard++
		}
	}
}

// count counts the figures of the report, as of its day, and those whom a conference
// honours, as of its own day or the last of its period.
func (out *Meeting) count(ctx context.Context, s *Service, who actor.Actor) error {
	c := out.Conference
	period, _ := out.Movement.Period(c.Period)
	for _, part := range []struct {
		on     clock.Date
		split  []ledger.Figure // by kind of subject
		summed []ledger.Figure
	}{
		{c.AsOf, []ledger.Figure{ledger.FigureFound}, []ledger.Figure{ledger.FigureRegistered, ledger.FigureRecognised, ledger.FigureReplicated}},
		{min(c.On, s.now.Today(), period.To), []ledger.Figure{ledger.FigurePraised, ledger.FigureAwarded}, nil},
	} {
		if part.on < period.From {
			continue
		}
		all, err := s.counted(ctx, who, out.Movement, part.on)
		if err != nil {
			return err
		}
		for _, f := range all {
			if f.Kind == 0 && slices.Contains(part.summed, f.Name) || f.Kind != 0 && slices.Contains(part.split, f.Name) {
				out.Figures = append(out.Figures, f)
			}
		}
	}
	return nil
}
