package press

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Offer is a figure that can be put into a text, with what the register counts for it today.
type Offer struct {
	Figure
	Count int
}

// Label is the word for the figure, whatever the kind of subject.
func (f Figure) Label() i18n.Key {
	d, _ := ledger.Define(f.Name)
	return d.Label
}

// Offered lists the figures that a writer can put into a text as references: those of the
// latest movement, as of today or the last day of its period, that count anything. A
// movement's figures are offered to those who see all of its units.
func (s *Service) Offered(ctx context.Context, who actor.Actor) ([]Offer, error) {
	if !who.Can(RightWrite) {
		return nil, forbidden()
	}
	if !who.Can(movement.RightRead) {
		return nil, nil
	}
	all, err := s.rooms.Movements.List(ctx, who)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	_, on, ok := all[0].CutOff(0, s.now.Today())
	if !ok {
		return nil, nil
	}
	return s.counted(ctx, who, all[0], on)
}

// counted counts every figure of a movement on a day by kind of subject.
func (s *Service) counted(ctx context.Context, who actor.Actor, m movement.Movement, on clock.Date) ([]Offer, error) {
	tree, err := s.rooms.Org.Tree(ctx, s.db)
	if err != nil || !tree.InScope(who.Scope, m.Unit) {
		return nil, err
	}
	cube, err := s.count(ctx, Figure{Movement: m.Code, AsOf: on})
	if err != nil {
		return nil, err
	}
	var all []Offer
	for _, d := range ledger.Definitions() {
		for _, kind := range append([]ledger.SubjectKind{0}, ledger.SubjectKinds()...) {
			n := cube.Total(func(c ledger.Cell) bool { return kind == 0 || c.Kind == kind }).Of(d.Figure)
			if n > 0 {
				all = append(all, Offer{Figure{m.Code, on, d.Figure, kind}, n})
			}
		}
	}
	return all, nil
}

// Honours is what an article about a decision may tell.
type Honours struct {
	Decision ledger.Decision
	Movement movement.Movement // without a code where nothing rests on the decision
	Figures  []Offer           // those that such a decision moves, as of its day
	Names    []string          // of those whom the public may know
	Models   []string          // titles of practices that are published
	Others   int               // how many more the decision names
	Links    []Link
}

// HonoursOf gathers what an article about a decision may tell. A name is told only where
// the practice behind it is published: recognised, and with the consent of those
// concerned. All others are counted.
func (s *Service) HonoursOf(ctx context.Context, who actor.Actor, decision string) (Honours, error) {
	if !who.Can(RightWrite) || !who.Can(award.RightRead) || !who.Can(practice.RightRead) {
		return Honours{}, forbidden()
	}
	published, err := s.published(ctx)
	if err != nil {
		return Honours{}, err
	}
	out, period, err := s.honoured(ctx, who, decision, &told{published: published, seen: map[string]bool{}})
	if err != nil || period == 0 {
		return out, err
	}
	if out.Movement, err = s.rooms.Movements.ByPeriod(ctx, who, period); err != nil {
		return out, err
	}
	err = out.count(ctx, s, who)
	return out, err
}

// told is what a text may tell, and of whom it has told already: who is both praised and
// awarded is told of once.
type told struct {
	published map[string]practice.PublicRow
	seen      map[string]bool // subjects and entries
}

func (t *told) again(id string) bool {
	again := t.seen[id]
	t.seen[id] = true
	return again
}

// honoured gathers whom a decision honours, without figures, and the period of its acts; 0
// where nothing rests on it.
func (s *Service) honoured(ctx context.Context, who actor.Actor, decision string, t *told) (Honours, int, error) {
	d, err := s.rooms.Movements.Decision(ctx, who, decision)
	if err != nil {
		return Honours{}, 0, err
	}
	papers := []ledger.Decision{d}
	if err := s.rooms.Practices.HideNames(ctx, s.db, papers); err != nil {
		return Honours{}, 0, err
	}
	out := Honours{Decision: papers[0], Links: []Link{{ToDecision, d.ID}}}
	period, err := out.awarded(ctx, s, who, t)
	if err != nil {
		return out, 0, err
	}
	under, err := s.rooms.Practices.Under(ctx, who, d.ID)
	if err != nil {
		return out, 0, err
	}
	for _, e := range slices.Concat(under[ledger.Recognised], under[ledger.Typical]) {
		if period == 0 {
			one, err := s.rooms.Practices.Get(ctx, who, e.Entry)
			if err != nil {
				return out, 0, err
			}
			period = one.Period
		}
		if t.again(e.Entry) {
			continue
		}
		if row, public := t.published[e.Entry]; public {
			out.Models, out.Links = append(out.Models, row.Title), append(out.Links, Link{ToPractice, e.Entry})
		} else {
			out.Others++
		}
	}
	return out, period, nil
}

// published gives the entries that everybody may see, as everybody may read them.
func (s *Service) published(ctx context.Context) (map[string]practice.PublicRow, error) {
	all := map[string]practice.PublicRow{}
	in := practice.PublicQuery{Limit: practice.MaxPublic, Uncounted: true, Plain: true}
	for {
		page, err := s.rooms.Practices.Published(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Rows {
			all[e.Entry] = e
		}
		if in.Cursor = page.Next; in.Cursor == "" {
			return all, nil
		}
	}
}

// awarded gathers the praises and awards that stand, and gives their period.
func (out *Honours) awarded(ctx context.Context, s *Service, who actor.Actor, t *told) (period int, err error) {
	given, err := s.rooms.Awards.Under(ctx, who, out.Decision.ID)
	if err != nil {
		return 0, err
	}
	ids := make([]string, len(given))
	for i, a := range given {
		ids[i] = a.Exemplar
	}
	people, err := practice.Exemplars(ctx, s.db, ids)
	if err != nil {
		return 0, err
	}
	for _, a := range given {
		if a.Voided || a.Revoked != "" {
			continue
		}
		period = a.Period
		if t.again(a.Exemplar) {
			continue
		}
		if row, public := t.published[a.Entry]; !public || row.Subject == "" { // hidden, or not even there
			out.Others++
			continue
		}
		out.Names = append(out.Names, people[a.Exemplar].Name)
		out.Links = append(out.Links, Link{ToExemplar, a.Exemplar}, Link{ToPractice, a.Entry})
	}
	return period, nil
}

// count gathers the figures that a decision moves; the total stands for itself where it is
// all of one kind.
func (out *Honours) count(ctx context.Context, s *Service, who actor.Actor) error {
	all, err := s.counted(ctx, who, out.Movement, out.Decision.On)
	for _, c := range all {
		if c.Kind != 0 && slices.Contains([]ledger.Figure{ledger.FigurePraised, ledger.FigureAwarded, ledger.FigureRecognised, ledger.FigureTypical}, c.Name) {
			out.Figures = append(out.Figures, c)
		}
	}
	out.Links = unique(out.Links)
	if len(out.Links) > maxLinks {
		out.Links = out.Links[:maxLinks]
	}
	return err
}

// unique leaves out what was there before.
func unique(all []Link) []Link {
	var kept []Link
	for _, l := range all {
		if !slices.Contains(kept, l) {
			kept = append(kept, l)
		}
	}
	return kept
}
