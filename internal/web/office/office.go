// Package office is the pages of somebody who works through the register: what is done to
// many entries at once and taken back, the list as a file, the units that are silent, and
// what a leader sees first.
package office

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Rooms are the capabilities that the pages show.
type Rooms struct {
	Now         clock.Clock
	Org         *org.Service
	Movements   *movement.Service
	Practices   *practice.Service
	Conferences *conference.Service
	Reports     *report.Service
	Worklist    *worklist.Service
}

// Face is these pages.
type Face struct {
	Rooms
	*desk.Desk
}

// New makes the pages.
func New(frame *desk.Desk, rooms Rooms) *Face { return &Face{Rooms: rooms, Desk: frame} }

// Routes lists every address.
func (f *Face) Routes() []webkit.Route {
	return slices.Concat(f.batchRoutes(), f.exportRoutes(), f.viewRoutes(), f.silentRoutes(), f.overviewRoutes(), f.dashboardRoutes())
}

// place is the movement and the period that an address names, else the latest movement and
// the period of today.
func (f *Face) place(r *http.Request, q *webkit.FormReader) (movement.Movement, movement.Period, error) {
	who := webkit.Actor(r)
	gone := errs.New(errs.NotFound, i18n.MovementNotFound)
	all, err := f.Movements.List(r.Context(), who)
	if err != nil {
		return movement.Movement{}, movement.Period{}, err
	}
	code, no := q.Text("movement", 64), q.Int("period", 0, 1<<30)
	for _, m := range all {
		if code != "" && m.Code != code {
			continue
		}
		if no != 0 {
			if p, ok := m.Period(no); ok {
				return m, p, q.Err()
			}
			continue
		}
		p, _ := m.PeriodOn(f.Now.Today())
		return m, p, q.Err()
	}
	return movement.Movement{}, movement.Period{}, gone
}

// listAt reads the part of the register that an address of the list shows.
func (f *Face) listAt(r *http.Request, address string) (practice.Query, movement.Movement, error) {
	_, raw, _ := strings.Cut(address, "?")
	values, err := url.ParseQuery(raw)
	if err != nil {
		return practice.Query{}, movement.Movement{}, errs.New(errs.Invalid, i18n.ErrsBadChoice).Because(err)
	}
	q := &webkit.FormReader{Values: values}
	m, p, err := f.place(r, q)
	if err != nil {
		return practice.Query{}, m, err
	}
	in := practice.ReadQuery(q)
	in.Period, in.Slice.Cursor = p.No, ""
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return in, m, err
	}
	in.Unit = desk.UnitCode(tree, webkit.Actor(r).Scope, 0, in.Unit)
	return in, m, q.Err()
}

func viewGone() error { return errs.New(errs.NotFound, i18n.WorklistViewNotFound) }

// listBack is the address of the list to go back to.
func listBack(address string) string {
	if address == desk.RegisterPath || strings.HasPrefix(address, desk.RegisterPath+"?") {
		return address
	}
	return desk.RegisterPath
}
