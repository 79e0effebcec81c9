package press

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
)

// Figure is a number in a text that names its place in the register: the movement, the day
// as of which it counts, the figure, and the kind of subject or "total". In the text it
// stands as <data value="HK-2024/2024-09-30/found/collective">240</data>.
type Figure struct {
	Movement string
	AsOf     clock.Date
	Name     ledger.Figure
	Kind     ledger.SubjectKind // none is all
}

// String is the value by which the text names the figure.
func (f Figure) String() string {
	kind := f.Kind.String()
	if kind == "" {
		kind = "total"
	}
	return f.Movement + "/" + f.AsOf.String() + "/" + string(f.Name) + "/" + kind
}

func readFigure(value string) (Figure, bool) {
	parts := strings.Split(value, "/")
	if len(parts) != 4 {
		return Figure{}, false
	}
	day, err := clock.ParseDate(parts[1])
	name := ledger.Figure(parts[2])
	_, known := ledger.Define(name)
	kind, ok := ledger.Parse(ledger.SubjectKinds(), parts[3])
	if err != nil || day == 0 || !known || (!ok && parts[3] != "total") {
		return Figure{}, false
	}
	return Figure{parts[0], day, name, kind}, true
}

// Changed is a figure of a text of which the register says something else today.
type Changed struct {
	Value string // as it stands in the text
	Was   string
	Now   int
}

// maxFigures bounds how many figures of one text are looked up.
const maxFigures = 40

// Figures looks up the figures of a text and gives those that the register counts
// otherwise today: an act was recorded late, or one was voided. What it cannot find it
// leaves alone.
func (s *Service) Figures(ctx context.Context, body string) ([]Changed, error) {
	marks := regexp.MustCompile(`<data value="([^"]+)">([^<]*)</data>`).FindAllStringSubmatch(body, maxFigures)
	asked := map[Figure]ledger.Cube{} // by movement and day alone
	var changed []Changed
	for _, m := range marks {
		f, ok := readFigure(m[1])
		if !ok {
			continue
		}
		key := Figure{Movement: f.Movement, AsOf: f.AsOf}
		cube, done := asked[key]
		if !done {
			var err error
			if cube, err = s.count(ctx, key); err != nil {
				return nil, err
			}
			asked[key] = cube
		}
		now := cube.Total(func(c ledger.Cell) bool { return f.Kind == 0 || c.Kind == f.Kind }).Of(f.Name)
		if len(cube.Cells) > 0 && strconv.Itoa(now) != strings.NewReplacer(".", "", ",", "").Replace(strings.TrimSpace(m[2])) {
			changed = append(changed, Changed{m[1], m[2], now})
		}
	}
	return changed, nil
}

// count asks the register for the figures of a movement as of a day, in the name of the
// house: what is published of them was published by somebody who may.
func (s *Service) count(ctx context.Context, f Figure) (ledger.Cube, error) {
	house := actor.Actor{Rights: []actor.Right{movement.RightRead}, Scope: actor.Scope{All: true}, Via: actor.System}
	m, err := s.rooms.Movements.Get(ctx, house, f.Movement)
	if errs.Is(err, errs.NotFound) {
		return ledger.Cube{}, nil
	}
	if err != nil {
		return ledger.Cube{}, err
	}
	period, ok := m.PeriodOn(f.AsOf)
	if !ok {
		return ledger.Cube{}, errors.New("press: a movement without a period: " + m.Code)
	}
	return ledger.Figures(ctx, s.db, ledger.Question{Period: period.No, On: f.AsOf, Area: ledger.Area{Scope: house.Scope}, Depth: 1})
}
