// Package reporting is the pages on which records become papers: what is asked for, the words
// beside its figures, in which form and layout, what only the office knows of it, and what is
// still open on it before it is printed; the reports that were frozen, with what has changed
// since; the templates of an office, and how it signs its numbers.
package reporting

import (
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Rooms are the capabilities that the pages show.
type Rooms struct {
	Now       clock.Clock
	Org       *org.Service
	Movements *movement.Service
	Reports   *report.Service
	Papers    *paper.Service
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
	return slices.Concat(f.reportRoutes(), f.wordRoutes(), f.frozenRoutes(), f.paperRoutes(), f.templateRoutes(), f.numberRoutes())
}
