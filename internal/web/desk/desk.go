// Package desk is what the pages behind the sign-in share: the frame of a page with its
// menu, forms as they were filled, the field for a unit, and the addresses that lead from
// the pages of one face to those of another. It has no pages of its own but the question
// before something is done and the page that says what went wrong.
package desk

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/parcel"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/domain/privacy"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Desk frames the pages behind the sign-in. The faces embed it.
type Desk struct {
	rulebook *rulebook.Service
	identity *identity.Service
	press    *press.Service
	roles    []RoleName
}

// RoleName is a role that an account can be given, and what it is called.
type RoleName struct {
	Role  string
	Label i18n.Key
}

// NameRoles tells the desk the roles, in the order of forms.
func (d *Desk) NameRoles(roles []RoleName) { d.roles = roles }

// GivenRoles are the roles that an account can be given, in the order of forms.
func (d *Desk) GivenRoles() []RoleName { return d.roles }

// RoleWord is what a role is called.
func (d *Desk) RoleWord(lang i18n.Lang, role string) string {
	for _, r := range d.roles {
		if r.Role == role {
			return lang.T(r.Label)
		}
	}
	return role
}

// New makes the desk, which asks the rules for the name of the site, the accounts for the
// names of people, and the articles for how many opinions wait.
func New(rules *rulebook.Service, accounts *identity.Service, articles *press.Service) *Desk {
	return &Desk{rulebook: rules, identity: accounts, press: articles}
}

// Get makes a route that shows something and needs a right; "" is any account.
func Get(pattern string, right actor.Right, h webkit.Handler) webkit.Route {
	return webkit.Route{Method: http.MethodGet, Pattern: pattern, Right: right, Handle: h}
}

// Post makes a route that changes something and needs a right; "" is any account.
func Post(pattern string, right actor.Right, h webkit.Handler) webkit.Route {
	return webkit.Route{Method: http.MethodPost, Pattern: pattern, Right: right, Handle: h}
}

// Page is the frame of a page: who looks, in which language, and where in the site. The
// last crumb is the page itself.
func (d *Desk) Page(r *http.Request, title string, crumbs ...ui.Link) (ui.Page, error) {
	lang := webkit.Lang(r)
	set, err := d.rulebook.Settings(r.Context())
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
		p.Flash = &ui.Flash{Kind: kind, Text: m.Text, Link: ui.Link{Text: m.Link, Href: m.Href}}
	}
	who := webkit.Actor(r)
	if who.Account == "" {
		return p, nil
	}
	if seen, ok := webkit.Previewing(r); ok {
		p.Preview = &ui.Preview{End: PreviewPath + "/end", Text: lang.T(i18n.PeopleSeenAs, d.RoleWord(lang, seen.Role), seen.Place, seen.Until)}
	}
	p.User = &ui.User{Login: who.Login, Name: who.Name, Links: []ui.Link{
		{Text: lang.T(i18n.PeopleProfile), Href: ProfilePath},
		{Text: lang.T(i18n.PeopleDelegations), Href: DelegationsPath},
		{Text: lang.T(i18n.AdminPassword), Href: "/admin/password"},
		{Text: lang.T(i18n.AdminSessions), Href: "/admin/sessions"},
	}}
	p.Menu, err = d.menu(r, who)
	return p, err
}

func theme(r *http.Request) string {
	c, err := r.Cookie(ui.ThemeCookie)
	if err != nil || (c.Value != "light" && c.Value != "dark") {
		return ""
	}
	return c.Value
}

// menuPart is a part of the back office as the menu has it.
type menuPart struct {
	group i18n.Key
	key   i18n.Key
	href  string
	icon  ui.Icon
	right actor.Right
}

// menuParts lists the parts by what one comes for: the own desk, the work of the year, what
// is made public, and what is set up once.
func menuParts() []menuPart {
	return []menuPart{
		{i18n.DeskMenuDaily, i18n.AdminHome, "/admin", ui.IconHouse, ""},
		{i18n.DeskMenuDaily, i18n.ApprovalWaiting, ReviewsPath, ui.IconInbox, review.RightRead},
		{i18n.DeskMenuDaily, i18n.OfficeOverview, OverviewPath, ui.IconLandmark, report.RightRead},
		{i18n.DeskMenuDaily, i18n.DashboardTitle, DashboardPath, ui.IconChartColumn, report.RightRead},
		{i18n.DeskMenuWork, i18n.AdminMovements, "/admin/movements", ui.IconMegaphone, movement.RightRead},
		{i18n.DeskMenuWork, i18n.AdminRegister, RegisterPath, ui.IconClipboardList, practice.RightRead},
		{i18n.DeskMenuWork, i18n.FieldworkTitle, AppraisalsPath, ui.IconScale, appraisal.RightRead},
		{i18n.DeskMenuWork, i18n.NurtureNotes, NurturePath, ui.IconSprout, practice.RightRead},
		{i18n.DeskMenuWork, i18n.AdminDecisions, "/admin/decisions", ui.IconFileText, movement.RightRead},
		{i18n.DeskMenuWork, i18n.ConferencepageTitle, ConferencesPath, ui.IconUsers, conference.RightRead},
		{i18n.DeskMenuWork, i18n.AdminFigures, "/admin/figures", ui.IconFunnel, report.RightRead},
		{i18n.DeskMenuWork, i18n.ReportingTitle, "/admin/reports", ui.IconFileText, report.RightRead},
		{i18n.DeskMenuWork, i18n.SendingTitle, PackagesPath, ui.IconInbox, parcel.RightRead},
		{i18n.DeskMenuPublic, i18n.ArticlepageArticles, "/admin/articles", ui.IconNewspaper, press.RightRead},
		{i18n.DeskMenuPublic, i18n.OpinionTitle, OpinionsPath, ui.IconMessageCircle, press.RightModerate},
		{i18n.DeskMenuPublic, i18n.RatingdeskTitle, RatingsPath, ui.IconStar, press.RightModerate},
		{i18n.DeskMenuPublic, i18n.OutboxTitle, OutboxPath, ui.IconSend, outbox.RightRead},
		{i18n.DeskMenuSetUp, i18n.ApprovalRoutes, RoutesPath, ui.IconGitBranch, review.RightManage},
		{i18n.DeskMenuSetUp, i18n.AdminUnits, "/admin/units", ui.IconBuilding2, org.RightRead},
		{i18n.DeskMenuSetUp, i18n.PeopleTitle, PeoplePath, ui.IconUser, identity.RightRead},
		{i18n.DeskMenuSetUp, i18n.PlacesTitle, PlacesPath, ui.IconMapPin, rulebook.RightManage},
		{i18n.DeskMenuSetUp, i18n.TermsTitle, TermsPath, ui.IconClock, rulebook.RightManage},
		{i18n.DeskMenuSetUp, i18n.PrivacyTitle, PrivacyPath, ui.IconShieldCheck, privacy.RightManage},
	}
}

// menu lists the parts of the back office that the actor may enter.
func (d *Desk) menu(r *http.Request, who actor.Actor) ([]ui.MenuItem, error) {
	lang := webkit.Lang(r)
	var items []ui.MenuItem
	for _, m := range menuParts() {
		if m.right != "" && !who.Can(m.right) || wholeHouse(m.href) && !who.Scope.All {
			continue
		}
		current := r.URL.Path == m.href || (m.href != "/admin" && strings.HasPrefix(r.URL.Path, m.href+"/")) ||
			(m.href == "/admin/entries" && besideRegister(r.URL.Path)) || (m.href == AppraisalsPath && (r.URL.Path == "/admin/visits" || strings.HasPrefix(r.URL.Path, "/admin/visits/"))) ||
			(m.href == NurturePath && (r.URL.Path == IntroductionsPath || strings.HasPrefix(r.URL.Path, IntroductionsPath+"/"))) ||
			(m.href == PeoplePath && r.URL.Path == PreviewPath) || (m.href == "/admin/reports" && besideReports(r.URL.Path))
		item := ui.MenuItem{Label: lang.T(m.key), Href: m.href, Icon: m.icon, Current: current, Group: lang.T(m.group)}
		if m.href == OpinionsPath {
			var err error
			if item.Count, err = d.press.WaitingOpinions(r.Context(), who); err != nil {
				return nil, err
			}
		}
		items = append(items, item)
	}
	return items, nil
}

// wholeHouse tells parts that are about the whole house, for who looks after all of it.
func wholeHouse(path string) bool { return path == PlacesPath || path == TermsPath }

// besideReports tells pages that belong to the reports and stand at addresses of their own.
func besideReports(path string) bool {
	return slices.ContainsFunc([]string{PapersPath, TemplatesPath, NumbersPath}, func(at string) bool {
		return path == at || strings.HasPrefix(path, at+"/")
	})
}

// besideRegister tells pages that belong to the register and stand at addresses of their own.
func besideRegister(path string) bool {
	return slices.ContainsFunc([]string{DraftsPath, "/admin/forms", "/admin/tags", BatchesPath, SilentPath}, func(at string) bool {
		return path == at || strings.HasPrefix(path, at+"/")
	})
}

// Render writes a page with a status.
func Render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := c.Render(r.Context(), w); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

// ErrorPage writes a page that says what went wrong.
func (d *Desk) ErrorPage(w io.Writer, r *http.Request, e webkit.ErrorPage) error {
	lang := webkit.Lang(r)
	p, err := d.Page(r, lang.T(i18n.AdminErrorTitle))
	if err != nil {
		return err
	}
	return errorView(p, e).Render(r.Context(), w)
}

// FieldErrors turns the errors about an input into those of a form: by field for the
// fields, and as a list for the top of the page.
func FieldErrors(lang i18n.Lang, err error) (byField map[string]string, list []ui.FieldError, ok bool) {
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

// NotFound says that nothing stands at the address.
func NotFound() error { return errs.New(errs.NotFound, i18n.ErrsNotFound) }

// NamesOf are the names of accounts by their ids.
func (d *Desk) NamesOf(r *http.Request, ids []string) (map[string]string, error) {
	slices.Sort(ids)
	names, err := d.identity.Names(r.Context(), webkit.Actor(r), slices.Compact(ids))
	if err == nil && names[actor.Machine] == "" {
		names[actor.Machine] = webkit.Lang(r).T(i18n.RegisterSystem)
	}
	return names, err
}
