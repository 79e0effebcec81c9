// Package people is the pages about those who use the house: accounts and their roles,
// lists of them that come in, slips with first passwords, roles that are lent, the look at
// the pages as another role, and one's own profile; about what the office prints on its
// papers; and about what the register holds of a person.
package people

import (
	"net/http"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/draft"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/nurture"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/privacy"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Rooms are the capabilities that the pages show.
type Rooms struct {
	Now       clock.Clock
	Org       *org.Service
	Rules     *rulebook.Service
	Identity  *identity.Service
	Movements *movement.Service
	Drafts    *draft.Service
	Reviews   *review.Service
	Practices *practice.Service
	Nurture   *nurture.Service
	Privacy   *privacy.Service
	Worklist  *worklist.Service
	Outbox    *outbox.Service
	// Address is where people reach the pages, or "".
	Address string
}

// Face is the pages about people.
type Face struct {
	Rooms
	*desk.Desk
	kit *webkit.Kit
}

// New makes the pages.
func New(kit *webkit.Kit, frame *desk.Desk, rooms Rooms) *Face {
	return &Face{Rooms: rooms, Desk: frame, kit: kit}
}

// Routes lists every address.
func (f *Face) Routes() []webkit.Route {
	return slices.Concat(f.listRoutes(), f.accountRoutes(), f.rosterRoutes(), f.ownRoutes(), f.nurtureRoutes(), f.letterheadRoutes(), f.placesRoutes(), f.privacyRoutes(), f.termsRoutes())
}

// crumbs lead to the list of accounts, and to one of them.
func crumbs(lang i18n.Lang, of ...identity.Account) []ui.Link {
	all := []ui.Link{{Text: lang.T(i18n.PeopleTitle), Href: desk.PeoplePath}}
	for _, a := range of {
		all = append(all, ui.Link{Text: a.Name, Href: accountLink(a.ID)})
	}
	return all
}

func accountLink(id string, more ...string) string {
	return strings.Join(append([]string{desk.PeoplePath, id}, more...), "/")
}

// unitName is the unit of an account or of a grant; none is the whole house.
func (f *Face) unitName(lang i18n.Lang, tree *org.Tree, id string) string {
	if id == "" {
		return lang.T(i18n.PeopleWhole)
	}
	return desk.UnitName(tree, id, f.Now.Today())
}

// roleOptions are the roles that can be given, with their words.
func (f *Face) roleOptions(lang i18n.Lang) []ui.OptionGroup {
	var all []ui.Option
	for _, r := range f.GivenRoles() {
		all = append(all, ui.Option{Value: r.Role, Text: lang.T(r.Label)})
	}
	return ui.Options(all...)
}

// listRoles are the roles that a list can give: none that looks after accounts.
func (f *Face) listRoles(lang i18n.Lang) []ui.OptionGroup {
	var all []ui.Option
	for _, r := range f.GivenRoles() {
		if !slices.Contains(f.Identity.Roles[r.Role], identity.RightManage) {
			all = append(all, ui.Option{Value: r.Role, Text: lang.T(r.Label)})
		}
	}
	return ui.Options(all...)
}

func (f *Face) roleCodes() []string {
	var all []string
	for _, r := range f.GivenRoles() {
		all = append(all, r.Role)
	}
	return all
}

// stateCell is how an account stands: the state that says most.
func stateCell(lang i18n.Lang, a identity.Account) ui.Cell {
	for _, s := range []identity.State{identity.Closed, identity.Never, identity.Given} {
		if a.In(s) {
			return ui.Cell{Text: lang.T(s.Label()), Tone: stateTone(s)}
		}
	}
	return ui.Cell{Text: lang.T(identity.Open.Label()), Tone: ui.OK}
}

func stateTone(s identity.State) ui.Tone {
	if s == identity.Closed {
		return ui.Neutral
	}
	return ui.Wait
}

// slipsView is slips to be printed and cut apart.
type slipsView struct {
	slips   []slip
	address string
}

type slip struct{ name, unit, login, password string }

// slips shows passwords, this once: nothing keeps the page.
func (f *Face) slips(w http.ResponseWriter, r *http.Request, all []identity.Slip) error {
	lang := webkit.Lang(r)
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	v := slipsView{address: f.Address}
	if v.address == "" {
		v.address = r.Host
	}
	for _, s := range all {
		v.slips = append(v.slips, slip{s.Name, f.unitName(lang, tree, s.Unit), s.Login, s.Password})
	}
	p, err := f.Page(r, lang.T(i18n.PeopleSlips), crumbs(lang)...)
	if err != nil {
		return err
	}
	p.Path = desk.PeoplePath // the language switch must not lead to a form
	w.Header().Set("Cache-Control", "no-store")
	return desk.Render(w, r, http.StatusOK, slipsPage(p, v))
}

// seenUnits are the units for a field, as the actor sees them.
func (f *Face) seenUnits(r *http.Request) (*org.Tree, desk.UnitChoice, actor.Scope, error) {
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return nil, desk.UnitChoice{}, actor.Scope{}, err
	}
	scope := webkit.Actor(r).Scope
	return tree, desk.UnitChoiceOf(tree, scope, f.Now.Today()), scope, nil
}

// unitTyped finds the unit that a field names; what is no unit is given back as it is, for
// the domain to refuse.
func (f *Face) unitTyped(tree *org.Tree, scope actor.Scope, typed string) string {
	if typed == "" {
		return ""
	}
	code := desk.UnitCode(tree, scope, f.Now.Today(), typed)
	if u, ok := tree.ByCode(code); ok {
		return u.ID
	}
	return typed
}
