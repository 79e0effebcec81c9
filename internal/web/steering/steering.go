// Package steering is where officers plan a movement: by which criteria it scores, what its
// units and fields are to reach, what is to be done by when, and how the next year follows
// from this one.
package steering

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Rooms are the capabilities that the pages show.
type Rooms struct {
	Now       clock.Clock
	Org       *org.Service
	Identity  *identity.Service
	Movements *movement.Service
	Reports   *report.Service
}

// Face is the planning of a movement.
type Face struct {
	Rooms
	*desk.Desk
}

// New makes the face.
func New(frame *desk.Desk, rooms Rooms) *Face { return &Face{Rooms: rooms, Desk: frame} }

// Routes lists every address of the face.
func (f *Face) Routes() []webkit.Route {
	return slices.Concat(f.criteriaRoutes(), f.targetRoutes(), f.calendarRoutes(), f.holidayRoutes(), f.cloneRoutes())
}

// one is the address of a movement.
const one = "/admin/movements/{movement}"

// asked is the movement that an address names, and whether the actor keeps it.
type asked struct {
	movement movement.Movement
	period   movement.Period // the one asked for, else that of today
	tree     *org.Tree
	keeps    bool
	at       string // address of the movement
}

func (f *Face) asked(r *http.Request) (asked, error) {
	who, q := webkit.Actor(r), webkit.Query(r)
	m, err := f.Movements.Get(r.Context(), who, r.PathValue("movement"))
	if err != nil {
		return asked{}, err
	}
	a := asked{movement: m, at: desk.MovementLink(m.Code)}
	if a.tree, err = f.Org.Current(r.Context()); err != nil {
		return a, err
	}
	a.keeps = who.Can(movement.RightManage) && a.tree.InScope(who.Scope, m.Unit)
	var ok bool
	if no := q.Int("period", 0, 1<<30); no > 0 {
		a.period, ok = m.Period(no)
	} else {
		a.period, ok = m.PeriodOn(f.Now.Today())
	}
	if !ok {
		return a, errs.New(errs.NotFound, i18n.MovementPeriodNotFound)
	}
	return a, q.Err()
}

// mustKeep refuses who may look at a movement and not change it.
func (a asked) mustKeep() error {
	if !a.keeps {
		return errs.New(errs.Forbidden, i18n.MovementOutOfScope)
	}
	return nil
}

// in is an address below that of the movement, about the period.
func (a asked) in(path string) string {
	return a.at + path + "?period=" + strconv.Itoa(a.period.No)
}

func (a asked) crumbs(lang i18n.Lang, more ...ui.Link) []ui.Link {
	return append([]ui.Link{{Text: lang.T(i18n.AdminMovements), Href: "/admin/movements"}, {Text: a.movement.Name, Href: a.at}}, more...)
}

// tabs lead between the pages that plan one movement.
func (a asked) tabs(lang i18n.Lang, current string) []ui.Tab {
	var all []ui.Tab
	for _, t := range []struct {
		key  i18n.Key
		path string
	}{{i18n.SteeringCriteria, "/criteria"}, {i18n.SteeringTargets, "/targets"}, {i18n.SteeringCalendar, "/calendar"}} {
		all = append(all, ui.Tab{Text: lang.T(t.key), Href: a.at + t.path, NoCount: true, Current: t.path == current})
	}
	return all
}

// periods lead between the periods of a movement that has several.
func (a asked) periods(path string) []ui.Tab {
	var all []ui.Tab
	for _, p := range a.movement.Periods {
		all = append(all, ui.Tab{Text: p.Name, Href: a.at + path + "?period=" + strconv.Itoa(p.No), NoCount: true, Current: p.No == a.period.No})
	}
	if len(all) < 2 {
		return nil
	}
	return all
}

// unitName is the name of a unit in the period.
func (a asked) unitName(id string) string { return desk.UnitName(a.tree, id, a.period.From) }
