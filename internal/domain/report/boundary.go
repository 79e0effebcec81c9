package report

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Boundaries says by which boundaries two years are compared.
type Boundaries string

// The boundaries.
const (
	ByToday Boundaries = "today" // what was counted then is put where it would be counted now
	ByThen  Boundaries = "then"  // what is counted now is put where it would have been counted then
)

// AllBoundaries lists them in the order of forms.
func AllBoundaries() []Boundaries { return []Boundaries{ByToday, ByThen} }

// Label is the choice in words.
func (b Boundaries) Label() i18n.Key {
	if b == ByThen {
		return i18n.ReportByThen
	}
	return i18n.ReportByToday
}

// Compared is a comparison by unit with the period before. Where it cannot be made without
// a guess, Refused says why and Rows are none.
type Compared struct {
	By        Boundaries
	AsOf      clock.Date // of the period asked about
	Before    clock.Date // of the one before; none where there is none
	BeforeNo  int
	Rows      []ComparedRow
	Refused   []Refusal
	Scope     Place
	Movement  string
	Converted int // how many units were counted under another one
}

// ComparedRow is a unit with what was counted of it then and is counted now.
type ComparedRow struct {
	Code, Name string
	Was, Is    ledger.Counts
}

// Refusal is a unit of which nobody can say where what was counted of it belongs.
type Refusal struct {
	Code, Name string
	Why        i18n.Key
	Others     []string // names of the units among which it would have to be shared out
	Count      int      // how many entries that are
}

// Compare sets the figures of a period beside those of the period before, unit by unit, by
// the boundaries of one of the two. Units that were renamed, moved or merged are followed; of
// a unit that was split nobody knows which part counts, and the comparison is refused and
// names it.
func (s *Service) Compare(ctx context.Context, who actor.Actor, in Query, by Boundaries) (Compared, error) {
	if !who.Can(RightRead) {
		return Compared{}, errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	if !slices.Contains(AllBoundaries(), by) {
		return Compared{}, errs.New(errs.Invalid, i18n.ErrsBadChoice).On("by")
	}
	a, err := s.ask(ctx, who, in)
	if err != nil {
		return Compared{}, err
	}
	out := Compared{By: by, AsOf: a.question.On, Scope: a.place(), Movement: a.movement.Code}
	if a.before.No == 0 {
		return out, nil
	}
	out.Before, out.BeforeNo = a.then().On, a.before.No
	var now, then ledger.Cube
	var events []org.Event
	a.question.Depth = deepest
	err = s.db.Snapshot(ctx, func(q db.Querier) error {
		if now, err = ledger.Figures(ctx, q, a.question); err != nil {
			return err
		}
		if then, err = ledger.Figures(ctx, q, a.then()); err != nil {
			return err
		}
		events, err = org.Since(ctx, q, min(out.Before, out.AsOf), max(out.Before, out.AsOf))
		return err
	})
	if err != nil {
		return out, err
	}
	g := gathering{asked: a, out: &out, rows: map[string]*ComparedRow{}, refused: map[string]*Refusal{}, routes: newRoutes(a.tree, events)}
	g.put(then, false)
	g.put(now, true)
	g.finish()
	return out, nil
}

// deepest is as deep as units lie.
const deepest = 16

// routes knows what became of units between two days.
type routes struct {
	tree *org.Tree
	to   map[string][]org.Succession // by the unit that ended
	from map[string][]org.Succession // by the unit that followed
}

func newRoutes(t *org.Tree, events []org.Event) routes {
	r := routes{t, map[string][]org.Succession{}, map[string][]org.Succession{}}
	for _, e := range events {
		for _, x := range e.Successions {
			if x.From == x.To { // renamed, moved or abolished: it follows itself
				continue
			}
			r.to[x.From] = append(r.to[x.From], x)
			r.from[x.To] = append(r.from[x.To], x)
		}
	}
	return r
}

// forward is the unit of the later day in which all of a unit went on.
func (r routes) forward(id string) (string, []org.Succession) {
	for range deepest {
		next := r.to[id]
		switch {
		case len(next) == 0:
			return id, nil
		case len(next) > 1 || !next[0].Whole:
			return "", next
		}
		id = next[0].To
	}
	return id, nil
}

// back is the unit of the earlier day out of which all of a unit came.
func (r routes) back(id string, then clock.Date) (string, []org.Succession) {
	for range deepest {
		u, _ := r.tree.Unit(id)
		before := r.from[id]
		switch {
		case u.On(then) && len(before) == 0:
			return id, nil
		case u.On(then), len(before) > 1: // it took others in
			return "", before
		case len(before) == 0: // it was founded since: it counts where its unit above does
			return r.tree.Above(id, u.From)[max(0, len(r.tree.Above(id, u.From))-2)].ID, nil
		}
		id = before[0].From
	}
	return id, nil
}

// gathering puts what is counted of two days where it belongs.
type gathering struct {
	asked
	routes
	out     *Compared
	rows    map[string]*ComparedRow
	refused map[string]*Refusal
}

// day is that whose boundaries hold.
func (g *gathering) day() clock.Date {
	if g.out.By == ByThen {
		return g.out.Before
	}
	return g.out.AsOf
}

func (g *gathering) put(c ledger.Cube, now bool) {
	converts := now == (g.out.By == ByThen)
	for cell, counts := range c.Cells {
		leaf, ok := g.asked.tree.AtPath(cell.Path)
		if !ok {
			continue
		}
		id := leaf.ID
		if converts {
			var among []org.Succession
			if g.out.By == ByToday {
				id, among = g.forward(leaf.ID)
			} else {
				id, among = g.back(leaf.ID, g.out.Before)
			}
			if id == "" {
				g.refuse(leaf, among, counts)
				continue
			}
			if id != leaf.ID {
				g.out.Converted++
			}
		}
		row := g.row(id, cell.Path, converts)
		if now {
			addTo(&row.Is, counts)
		} else {
			addTo(&row.Was, counts)
		}
	}
}

func addTo(sum *ledger.Counts, more ledger.Counts) {
	for i, n := range more {
		sum[i] += n
	}
}

// row is that of the unit below the root in which a unit is counted.
func (g *gathering) row(id, path string, converts bool) *ComparedRow {
	if converts {
		path = g.asked.tree.PathOn(id, g.day())
	}
	u, ok := g.childAt(path)
	if !ok {
		u = g.root
	}
	if g.rows[u.ID] == nil {
		g.rows[u.ID] = &ComparedRow{Code: u.Code, Name: u.NameOn(g.day())}
	}
	return g.rows[u.ID]
}

func (g *gathering) refuse(u org.Unit, among []org.Succession, counts ledger.Counts) {
	if g.refused[u.ID] == nil {
		r := &Refusal{Code: u.Code, Name: u.NameOn(u.From), Why: i18n.ReportWasSplit}
		if g.out.By == ByThen {
			r.Why = i18n.ReportWasMerged
		}
		for _, x := range among {
			other := x.To
			if g.out.By == ByThen {
				other = x.From
			}
			if o, ok := g.asked.tree.Unit(other); ok {
				r.Others = append(r.Others, o.NameOn(g.day()))
			}
		}
		g.refused[u.ID] = r
	}
	g.refused[u.ID].Count += counts.Of(ledger.FigureRegistered)
}

func (g *gathering) finish() {
	for _, r := range g.refused {
		g.out.Refused = append(g.out.Refused, *r)
	}
	slices.SortFunc(g.out.Refused, func(a, b Refusal) int { return strings.Compare(a.Code, b.Code) })
	if len(g.out.Refused) > 0 {
		return
	}
	for _, row := range g.rows {
		g.out.Rows = append(g.out.Rows, *row)
	}
	slices.SortFunc(g.out.Rows, func(a, b ComparedRow) int {
		return cmp.Or(strings.Compare(a.Code, b.Code), strings.Compare(a.Name, b.Name))
	})
}
