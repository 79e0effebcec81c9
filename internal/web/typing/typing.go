// Package typing is what stands around the form of a registration: one's own drafts, the
// papers to be filled and signed by hand, and the tags of a movement. The form itself is a
// page of the register.
package typing

import (
	"net/http"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/draft"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Rooms are the capabilities that the pages show.
type Rooms struct {
	Now       clock.Clock
	Org       *org.Service
	Movements *movement.Service
	Practices *practice.Service
	Drafts    *draft.Service
}

// Face is the pages around the form.
type Face struct {
	Rooms
	*desk.Desk
}

// New makes the pages.
func New(frame *desk.Desk, rooms Rooms) *Face { return &Face{Rooms: rooms, Desk: frame} }

// Routes lists every address.
func (f *Face) Routes() []webkit.Route {
	return slices.Concat(f.draftRoutes(), f.paperRoutes(), f.tagRoutes())
}

// movementOf is the movement that the address names, else the latest.
func (f *Face) movementOf(r *http.Request) (movement.Movement, error) {
	who := webkit.Actor(r)
	if code := webkit.Query(r).Text("movement", 64); code != "" {
		return f.Movements.Get(r.Context(), who, code)
	}
	all, err := f.Movements.List(r.Context(), who)
	if err == nil && len(all) == 0 {
		err = errs.New(errs.NotFound, i18n.MovementNotFound)
	}
	if err != nil {
		return movement.Movement{}, err
	}
	return all[0], nil
}
