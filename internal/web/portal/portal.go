// Package portal is the public site. It sees only what is published: practices that are
// recognised and whose people agreed to be shown.
package portal

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/nurture"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Rooms are the capabilities that the site shows.
type Rooms struct {
	Now         clock.Clock
	Org         *org.Service
	Rulebook    *rulebook.Service
	Movements   *movement.Service
	Practices   *practice.Service
	Replication *replication.Service
	Awards      *award.Service
	Press       *press.Service
	Reports     *report.Service
	Nurture     *nurture.Service
	BaseURL     string // under which people reach the site, or ""
	Secure      bool   // cookies go over HTTPS only
}

// Face is the public site.
type Face struct {
	Rooms
	shelf *webkit.Shelf[head]
}

// head is how far the house has come, and which day it is: what takes effect on a day is
// shown on that day.
type head struct {
	press.Head
	day clock.Date
}

// shelfBytes is how much of the site is kept made up: some fifteen hundred pages. A third
// more took the program beyond 150 MB while a crowd read at random.
const shelfBytes = 12 << 20

// New makes the public site.
func New(rooms Rooms) *Face {
	come := func(ctx context.Context, about int) (head, error) {
		h, err := rooms.Press.Head(ctx, about)
		return head{h, rooms.Now.Today()}, err
	}
	return &Face{Rooms: rooms, shelf: webkit.NewShelf(shelfBytes, come, theme, near)}
}

// near lets the ratings on an article be a moment late where many come at once. Whoever has
// just rated comes with a query and finds the own rating counted.
func near(r *http.Request, made, now head) bool {
	made.Rating = now.Rating
	return made == now && r.URL.RawQuery == ""
}

// Routes lists every address of the site; all are open to everybody, but the previews of
// drafts.
func (f *Face) Routes() []webkit.Route {
	return slices.Concat([]webkit.Route{
		open(http.MethodGet, "/{$}", f.kept(f.front)),
		open(http.MethodGet, practicesPath, f.kept(f.gallery)),
		open(http.MethodGet, "/practices/{code}", f.kept(f.practice)),
		open(http.MethodGet, "/practices/{code}/{words}", f.kept(f.practice)),
		{Method: http.MethodGet, Pattern: "/practices/{code}/documents/{document}", Public: true, MaxAnswer: practice.MaxFile, Handle: f.document},
		open(http.MethodGet, awardsPath, f.kept(f.awards)),
		open(http.MethodGet, "/awards/{decision}", f.kept(f.awardList)),
		open(http.MethodGet, unitsPath, f.kept(f.units)),
		open(http.MethodGet, "/units/{code}", f.kept(f.unit)),
		open(http.MethodGet, movementsPath, f.kept(f.movements)),
		open(http.MethodGet, "/movements/{code}", f.kept(f.movement)),
		open(http.MethodGet, helpPath, f.kept(f.help)),
		open(http.MethodGet, accessibilityPath, f.kept(f.accessibility)),
		open(http.MethodGet, "/card.png", f.shelf.KeepForAll(f.siteCard)),
		open(http.MethodGet, "/practices/{code}/card.png", f.shelf.KeepForAll(f.practiceCard)),
		open(http.MethodGet, "/articles/{name}/card.png", f.shelf.KeepForAll(f.articleCard)),
	}, f.articleRoutes(), f.opinionRoutes(), f.introduceRoutes(), f.feedRoutes())
}

// Front gives crowds of readers what is kept made up, before anything else is done for
// them, and leaves the rest to next.
func (f *Face) Front(k *webkit.Kit, next http.Handler) (http.Handler, error) {
	return f.shelf.Front(k, next)
}

// open makes a route that is open to everybody.
func open(method, pattern string, h webkit.Handler) webkit.Route {
	return webkit.Route{Method: method, Pattern: pattern, Public: true, Handle: h}
}

// kept answers readers without an account from the shelf.
func (f *Face) kept(h webkit.Handler) webkit.Handler {
	return f.shelf.Keep(func(*http.Request) int { return 0 }, h)
}

// keptArticle is kept for a page that shows the rating of an article.
func (f *Face) keptArticle(h webkit.Handler) webkit.Handler {
	return f.shelf.Keep(func(r *http.Request) int { return press.NoOf(r.PathValue("name")) }, h)
}

// site is what the office calls its site.
func (f *Face) site(r *http.Request) (string, error) {
	set, err := f.Rulebook.Settings(r.Context())
	if err == nil && set.SiteName == "" {
		return webkit.Lang(r).T(i18n.AdminSite), nil
	}
	return set.SiteName, err
}

func (f *Face) page(r *http.Request, title string, crumbs ...ui.Link) (ui.Page, error) {
	lang := webkit.Lang(r)
	set, err := f.Rulebook.Settings(r.Context())
	if err != nil {
		return ui.Page{}, err
	}
	p := ui.Page{
		Lang: lang, Title: title, Site: set.SiteName, Place: lang.T(i18n.PortalPlace), Path: r.URL.RequestURI(), Sample: set.Sample,
		Theme: theme(r), Foot: ui.Foot{Links: []ui.Link{
			{Text: lang.T(i18n.PortalUnits), Href: unitsPath},
			{Text: lang.T(i18n.NurtureTitle), Href: introducePath},
			{Text: lang.T(i18n.HelppageTitle), Href: helpPath},

			{Text: lang.T(i18n.HelppageAccessibility), Href: accessibilityPath},
			{Text: lang.T(i18n.ArticlepageFeeds), Href: "/feed.rss"},
		}},
	}
	for _, m := range []struct {
		label i18n.Key
		path  string
	}{
		{i18n.PortalHome, "/"},
		{i18n.PortalPractices, practicesPath},
		{i18n.ArticlepageArticles, "/articles"},
		{i18n.PortalMenuAwards, awardsPath},
		{i18n.PortalMenuMovements, movementsPath},
		{i18n.HelppageTitle, helpPath},
	} {
		here := r.URL.Path == m.path || (m.path != "/" && strings.HasPrefix(r.URL.Path, m.path+"/"))
		p.Menu = append(p.Menu, ui.MenuItem{Label: lang.T(m.label), Href: m.path, Current: here})
	}
	if p.Site == "" {
		p.Site = lang.T(i18n.AdminSite)
	}
	if len(crumbs) > 0 {
		p.Crumbs = append(slices.Clone(crumbs), ui.Link{Text: title})
	}
	if who := webkit.Actor(r); who.Account != "" {
		p.User = &ui.User{Login: who.Login, Name: who.Name}
	}
	return p, nil
}

// theme is the look that the reader has chosen.
func theme(r *http.Request) string {
	if c, err := r.Cookie(ui.ThemeCookie); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}

func render(w http.ResponseWriter, r *http.Request, c templ.Component) error {
	return renderStatus(w, r, http.StatusOK, c)
}

func renderStatus(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := c.Render(r.Context(), w); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}
