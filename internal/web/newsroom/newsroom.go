// Package newsroom is where officers and reporters speak with the public: articles, the
// ratings and opinions of their readers, and the letters that go out by mail. Its files are
// named as those of the back office: after what their pages show, with the templ file
// beside them.
package newsroom

import (
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Rooms are the capabilities that the pages show.
type Rooms struct {
	Now       clock.Clock
	Org       *org.Service
	Practices *practice.Service
	Press     *press.Service
	Outbox    *outbox.Service
}

// Face is the newsroom.
type Face struct {
	Rooms
	*desk.Desk
}

// New makes the newsroom.
func New(frame *desk.Desk, rooms Rooms) *Face {
	return &Face{Rooms: rooms, Desk: frame}
}

// Routes lists every address of the newsroom.
func (f *Face) Routes() []webkit.Route {
	return slices.Concat(f.articleRoutes(), f.articlePhotoRoutes(), f.opinionRoutes(), f.ratingRoutes(), f.outboxRoutes())
}
