// Package admin is the back office of officers, reporters and leaders: the register, its
// figures, decisions, movements, conferences, units, and the sign-in. Each capability has
// a file group of its own, named after it: entry_list.go shows the register, entry.go an
// entry, figure.go the funnel, and so on; the templ file beside it is what the page looks
// like. Pages read and write through the services of the domain and decide nothing.
package admin

import (
	"context"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/draft"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/nurture"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/domain/setup"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/approval"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/fieldwork"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Rooms are the capabilities that the pages show.
type Rooms struct {
	Now         clock.Clock
	Org         *org.Service
	Identity    *identity.Service
	Rulebook    *rulebook.Service
	Movements   *movement.Service
	Practices   *practice.Service
	Drafts      *draft.Service
	Replication *replication.Service
	Awards      *award.Service
	Conferences *conference.Service
	Press       *press.Service
	Reports     *report.Service
	Nurture     *nurture.Service
	Setup       *setup.Service
	Approval    *approval.Pages
	Worklist    *worklist.Service
	Fieldwork   *fieldwork.Pages
}

// Face is the back office.
type Face struct {
	Rooms
	*desk.Desk
	kit *webkit.Kit
}

// New makes the back office.
func New(kit *webkit.Kit, frame *desk.Desk, rooms Rooms) *Face {
	return &Face{Rooms: rooms, Desk: frame, kit: kit}
}

// Routes lists every address of the back office.
func (f *Face) Routes() []webkit.Route {
	return slices.Concat(
		f.signInRoutes(), f.homeRoutes(), f.figureRoutes(), f.entryRoutes(), f.unitRoutes(), f.movementRoutes(), f.conferenceRoutes(), f.decisionRoutes(),
		f.takeBackRoutes(), f.entryPhotoRoutes(),
	)
}

// chosen is the movement and the period that a page is about: those named in the
// address, else the latest.
type chosen struct {
	all      []movement.Movement
	movement movement.Movement
	period   movement.Period
}

func (f *Face) chosen(ctx context.Context, who actor.Actor, q *webkit.FormReader) (chosen, error) {
	all, err := f.Movements.List(ctx, who)
	if err != nil || len(all) == 0 {
		return chosen{}, err
	}
	c := chosen{all: all, movement: all[0]}
	if code := q.Text("movement", 64); code != "" {
		i := slices.IndexFunc(all, func(m movement.Movement) bool { return m.Code == code })
		if i < 0 {
			return chosen{}, errs.New(errs.NotFound, i18n.MovementNotFound)
		}
		c.movement = all[i]
	}
	c.period, _ = c.movement.PeriodOn(f.Now.Today())
	if no := q.Int("period", 0, 1<<30); no != 0 {
		p, ok := c.movement.Period(no)
		if !ok {
			return chosen{}, errs.New(errs.NotFound, i18n.MovementPeriodNotFound)
		}
		c.period = p
	}
	return c, nil
}

// cutOff is the day as of which figures are shown where none is asked for: today, or
// the last day of a period that is over.
func (c chosen) cutOff(today clock.Date) clock.Date { return min(today, c.period.To) }
