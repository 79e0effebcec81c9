// Package admin is the back office: the pages of officers, reporters and leaders. Each
// capability has a file group of its own, named after it: entry_list.go shows the
// register, entry.go an entry, figure.go the funnel, and so on; the templ file beside it
// is what the page looks like. Pages read and write through the services of the domain
// and decide nothing.
package admin

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/domain/setup"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
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
	Replication *replication.Service
	Awards      *award.Service
	Conferences *conference.Service
	Press       *press.Service
	Outbox      *outbox.Service
	Reports     *report.Service
	Setup       *setup.Service
	// RoleNames are the roles that an account can be given, with their words.
	RoleNames []RoleName
}

// RoleName is a role and what it is called.
type RoleName struct {
	Role  string
	Label i18n.Key
}

// Face is the back office.
type Face struct {
	Rooms
	kit *webkit.Kit
}

// New makes the back office.
func New(kit *webkit.Kit, rooms Rooms) *Face { return &Face{Rooms: rooms, kit: kit} }

// Routes lists every address of the back office.
func (f *Face) Routes() []webkit.Route {
	return slices.Concat(
		f.startRoutes(), f.signInRoutes(), f.homeRoutes(), f.figureRoutes(), f.entryRoutes(), f.unitRoutes(), f.movementRoutes(), f.conferenceRoutes(), f.decisionRoutes(),
		f.takeBackRoutes(), f.articleRoutes(), f.photoRoutes(), f.opinionRoutes(), f.ratingRoutes(), f.outboxRoutes(),
	)
}

// get and post make routes that need a right; "" is any account.
func get(pattern string, right actor.Right, h webkit.Handler) webkit.Route {
	return webkit.Route{Method: http.MethodGet, Pattern: pattern, Right: right, Handle: h}
}

func post(pattern string, right actor.Right, h webkit.Handler) webkit.Route {
	return webkit.Route{Method: http.MethodPost, Pattern: pattern, Right: right, Handle: h}
}

// page is the frame of a page: who looks, in which language, and where in the site. The
// last crumb is the page itself.
func (f *Face) page(r *http.Request, title string, crumbs ...ui.Link) (ui.Page, error) {
	lang := webkit.Lang(r)
	set, err := f.Rulebook.Settings(r.Context())
	if err != nil {
		return ui.Page{}, err
	}
	p := ui.Page{
		Lang: lang, Title: title, Site: set.SiteName, Path: r.URL.RequestURI(), Theme: theme(r), Sample: set.Sample,
		RequestID: webkit.RequestID(r), Crumbs: append(crumbs, ui.Link{Text: title}),
	}
	if p.Site == "" {
		p.Site = lang.T(i18n.AdminSite)
	}
	for _, m := range webkit.Flashes(r) {
		kind := ui.OK
		if m.Kind == "bad" {
			kind = ui.Bad
		}
		p.Flash = &ui.Flash{Kind: kind, Text: m.Text}
	}
	who := webkit.Actor(r)
	if who.Account == "" {
		return p, nil
	}
	p.User = &ui.User{Login: who.Login, Name: who.Name, Links: []ui.Link{
		{Text: lang.T(i18n.AdminPassword), Href: "/admin/password"}, {Text: lang.T(i18n.AdminSessions), Href: "/admin/sessions"},
	}}
	p.Menu, err = f.menu(r, who)
	return p, err
}

func theme(r *http.Request) string {
	c, err := r.Cookie(ui.ThemeCookie)
	if err != nil || (c.Value != "light" && c.Value != "dark") {
		return ""
	}
	return c.Value
}

// menu lists the parts of the back office that the actor may enter.
func (f *Face) menu(r *http.Request, who actor.Actor) ([]ui.MenuItem, error) {
	lang := webkit.Lang(r)
	all := []struct {
		key   i18n.Key
		href  string
		icon  ui.Icon
		right actor.Right
	}{
		{i18n.AdminHome, "/admin", ui.IconHouse, ""},
		{i18n.AdminRegister, "/admin/entries", ui.IconClipboardList, practice.RightRead},
		{i18n.AdminFigures, "/admin/figures", ui.IconFunnel, report.RightRead},
		{i18n.AdminDecisions, "/admin/decisions", ui.IconFileText, movement.RightRead},
		{i18n.ArticlepageArticles, "/admin/articles", ui.IconNewspaper, press.RightRead},
		{i18n.OpinionTitle, opinionsPath, ui.IconMessageCircle, press.RightModerate},
		{i18n.RatingdeskTitle, ratingsPath, ui.IconStar, press.RightModerate},
		{i18n.OutboxTitle, outboxPath, ui.IconSend, outbox.RightRead},
		{i18n.AdminMovements, "/admin/movements", ui.IconMegaphone, movement.RightRead},
		{i18n.ConferencepageTitle, conferencesPath, ui.IconUsers, conference.RightRead},
		{i18n.AdminUnits, "/admin/units", ui.IconBuilding2, org.RightRead},
	}
	var items []ui.MenuItem
	for _, m := range all {
		if m.right != "" && !who.Can(m.right) {
			continue
		}
		current := r.URL.Path == m.href || (m.href != "/admin" && strings.HasPrefix(r.URL.Path, m.href+"/"))
		item := ui.MenuItem{Label: lang.T(m.key), Href: m.href, Icon: m.icon, Current: current}
		if m.href == opinionsPath {
			var err error
			if item.Count, err = f.Press.WaitingOpinions(r.Context(), who); err != nil {
				return nil, err
			}
		}
		items = append(items, item)
	}
	return items, nil
}

// render writes a page with a status.
func render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := c.Render(r.Context(), w); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

// ErrorPage writes a page that says what went wrong.
func (f *Face) ErrorPage(w io.Writer, r *http.Request, e webkit.ErrorPage) error {
	lang := webkit.Lang(r)
	p, err := f.page(r, lang.T(i18n.AdminErrorTitle))
	if err != nil {
		return err
	}
	return errorView(p, e).Render(r.Context(), w)
}

// fieldErrors turns the errors about an input into those of a form: by field for the
// fields, and as a list for the top of the page.
func fieldErrors(lang i18n.Lang, err error) (byField map[string]string, list []ui.FieldError, ok bool) {
	all := errs.All(err)
	if len(all) == 0 || all[0].Kind == errs.Internal || all[0].Kind == errs.NotFound && all[0].Field == "" {
		return nil, nil, false
	}
	byField = map[string]string{}
	for _, e := range all {
		text := lang.T(e.Key, e.Args...)
		if byField[e.Field] == "" {
			byField[e.Field] = text
		}
		list = append(list, ui.FieldError{Field: e.Field, Text: text})
	}
	return byField, list, true
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
