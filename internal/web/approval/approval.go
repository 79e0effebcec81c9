// Package approval is the pages about routes and the cases on them: how a route is drawn,
// tried and switched on, what waits for whom, and the block about a case that the page of
// its subject embeds. It knows of subjects what their room says of them.
package approval

import (
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Rooms are the capabilities that the pages show.
type Rooms struct {
	Now       clock.Clock
	Org       *org.Service
	Identity  *identity.Service
	Movements *movement.Service
	Practices *practice.Service
	Reviews   *review.Service
	RoleNames []RoleName
}

// RoleName is a role with what it is called.
type RoleName struct {
	Role  string
	Label i18n.Key
}

// Pages are the pages about routes and cases.
type Pages struct {
	Rooms
	*desk.Desk
}

// New makes the pages.
func New(frame *desk.Desk, rooms Rooms) *Pages { return &Pages{Rooms: rooms, Desk: frame} }

// Routes lists every address of the pages.
func (f *Pages) Routes() []webkit.Route {
	const route, one = desk.RoutesPath + "/{route}", desk.ReviewsPath + "/{case}"
	return []webkit.Route{
		desk.Get(desk.RoutesPath, review.RightManage, f.routeList),
		desk.Get(desk.RoutesPath+"/new", review.RightManage, f.routeNew),
		desk.Post(desk.RoutesPath+"/new", review.RightManage, f.routeNew),
		desk.Get(route, review.RightManage, f.route),
		desk.Get(route+"/edit", review.RightManage, f.routeEdit),
		desk.Post(route+"/edit", review.RightManage, f.routeEdit),
		desk.Get(route+"/steps", review.RightManage, f.routeSteps),
		desk.Post(route+"/steps", review.RightManage, f.routeSteps),
		desk.Get(route+"/try", review.RightManage, f.routeTry),
		desk.Get(route+"/on", review.RightManage, f.routeOn),
		desk.Post(route+"/on", review.RightManage, f.routeOn),
		desk.Get(route+"/off", review.RightManage, f.routeOff),
		desk.Post(route+"/off", review.RightManage, f.routeOff),
		desk.Get(desk.ReviewsPath, review.RightRead, f.waiting),
		desk.Get(desk.ReviewsPath+"/away", review.RightRead, f.away),
		desk.Post(desk.ReviewsPath+"/away", review.RightRead, f.away),
		desk.Post(desk.ReviewsPath+"/away/{away}/end", review.RightRead, f.awayEnd),
		desk.Get(one, review.RightRead, f.decide),
		desk.Post(one, review.RightRead, f.decide),
		desk.Get(one+"/take-out", review.RightOverride, f.takeOut),
		desk.Post(one+"/take-out", review.RightOverride, f.takeOut),
		desk.Get(one+"/reassign", review.RightOverride, f.reassign),
		desk.Post(one+"/reassign", review.RightOverride, f.reassign),
	}
}

func routeLink(id string, more ...string) string {
	return strings.Join(append([]string{desk.RoutesPath, id}, more...), "/")
}

func caseLink(id string, more ...string) string {
	return strings.Join(append([]string{review.Path(id)}, more...), "/")
}

// roleName is what a role is called; any role has a name, too.
func (f *Pages) roleName(lang i18n.Lang, role string) string {
	for _, r := range f.RoleNames {
		if r.Role == role {
			return lang.T(r.Label)
		}
	}
	return lang.T(i18n.ApprovalAnyRole)
}

// groupWords says where the reviewers of a group are found, and by which rule they decide.
func (f *Pages) groupWords(lang i18n.Lang, tree *org.Tree, g review.Group) (who, rule string) {
	switch g.At {
	case review.AtAbove:
		who = lang.T(i18n.ApprovalAtLevel, lang.T(g.Level.Label()))
	case review.AtUnit:
		who = desk.UnitName(tree, g.Unit, f.Now.Today())
	case review.AtPeople:
		who = lang.T(i18n.ApprovalPeople, len(g.Accounts))
	default:
		who = lang.T(review.AtOwn.Label())
	}
	if g.At != review.AtPeople {
		who += " · " + f.roleName(lang, g.Role)
	}
	rule = lang.T(g.Rule.Label())
	if g.Rule == review.Some {
		rule = lang.T(i18n.ApprovalAtLeast, g.Need)
	}
	return who, rule
}

// groupTitle is the name of a group, or its place where it has none.
func groupTitle(g review.Group, who string) string {
	if g.Name != "" {
		return g.Name
	}
	return who
}

func number(n int) string { return strconv.Itoa(n) }
