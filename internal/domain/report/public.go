package report

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// PublicFigures lists the figures that everybody may see, in the order of the funnel: what
// a movement came to, without the steps inside the office.
func PublicFigures() []ledger.Figure {
	return []ledger.Figure{
		ledger.FigureRegistered, ledger.FigureCarriedOut, ledger.FigureRecognised, ledger.FigureTypical, ledger.FigureReplicated,
		ledger.FigureFound, ledger.FigurePraised, ledger.FigureAwarded,
	}
}

// Public is what everybody may know of how far a movement has come: sums, and no list.
type Public struct {
	Movement movement.Movement
	Period   movement.Period
	AsOf     clock.Date
	Figures  Figures
}

// Public computes the public figures of a launched movement, in one of its periods or, for
// 0, in the one of today.
func (s *Service) Public(ctx context.Context, code string, period int) (Public, error) {
	m, err := s.movements.Public(ctx, code)
	if err != nil {
		return Public{}, err
	}
	today := s.now.Today()
	p, day, ok := m.CutOff(0, today)
	if period != 0 {
		p, ok = m.Period(period)
		day = min(today, p.To)
	}
	if !ok {
		return Public{}, errs.New(errs.NotFound, i18n.MovementPeriodNotFound)
	}
	tree, err := s.org.Tree(ctx, s.db)
	if err != nil {
		return Public{}, err
	}
	cube, err := ledger.Figures(ctx, s.db, ledger.Question{
		Period: p.No, On: day, Area: ledger.Area{Scope: actor.Scope{All: true}, Under: tree.Paths(m.Unit)},
	})
	all := slices.DeleteFunc(figures(cube), func(f Figure) bool { return !slices.Contains(PublicFigures(), f.Name) })
	return Public{Movement: m, Period: p, AsOf: day, Figures: all}, err
}
