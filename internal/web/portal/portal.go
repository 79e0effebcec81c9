// Package portal is the public site. It sees only what is published: practices that are
// recognised and whose people agreed to be shown.
package portal

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
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
}

// Face is the public site.
type Face struct{ Rooms }

// New makes the public site.
func New(rooms Rooms) *Face { return &Face{rooms} }

// Routes lists every address of the site; all are open to everybody.
func (f *Face) Routes() []webkit.Route {
	get := func(pattern string, h webkit.Handler) webkit.Route {
		return webkit.Route{Method: http.MethodGet, Pattern: pattern, Public: true, Handle: h}
	}
	return []webkit.Route{get("/{$}", f.home), get("/practices/{code}", f.practice)}
}

func (f *Face) page(r *http.Request, title string, crumbs ...ui.Link) (ui.Page, error) {
	lang := webkit.Lang(r)
	set, err := f.Rulebook.Settings(r.Context())
	if err != nil {
		return ui.Page{}, err
	}
	p := ui.Page{
		Lang: lang, Title: title, Site: set.SiteName, Place: lang.T(i18n.PortalPlace), Path: r.URL.RequestURI(), Sample: set.Sample,
		RequestID: webkit.RequestID(r), Menu: []ui.MenuItem{{Label: lang.T(i18n.PortalHome), Href: "/", Current: r.URL.Path == "/"}},
	}
	if p.Site == "" {
		p.Site = lang.T(i18n.AdminSite)
	}
	if len(crumbs) > 0 {
		p.Crumbs = append(slices.Clone(crumbs), ui.Link{Text: title})
	}
	if c, err := r.Cookie(ui.ThemeCookie); err == nil && (c.Value == "light" || c.Value == "dark") {
		p.Theme = c.Value
	}
	if who := webkit.Actor(r); who.Account != "" {
		p.User = &ui.User{Login: who.Login, Name: who.Name}
	}
	return p, nil
}

func render(w http.ResponseWriter, r *http.Request, c templ.Component) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := c.Render(r.Context(), w); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}
