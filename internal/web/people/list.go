package people

import (
	"net/http"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) listRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get(desk.PeoplePath, identity.RightRead, f.list),
		desk.Post(desk.PeoplePath+"/reset", identity.RightManage, f.resetChosen),
		desk.Get(desk.PeoplePath+"/new", identity.RightManage, f.create),
		desk.Post(desk.PeoplePath+"/new", identity.RightManage, f.create),
	}
}

const listLimit = 50

// listView is a part of the accounts.
type listView struct {
	in     identity.ListFilter
	unit   string // as it was typed
	manage bool
	units  desk.UnitChoice
	roles  []ui.OptionGroup
	states []ui.OptionGroup
	filter ui.Filter
	table  ui.Table
	next   string
}

func (f *Face) list(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang, q := r.Context(), webkit.Actor(r), webkit.Lang(r), webkit.Query(r)
	tree, units, scope, err := f.seenUnits(r)
	if err != nil {
		return err
	}
	v := listView{units: units, manage: who.Can(identity.RightManage), unit: q.Text("unit", 300)}
	v.in = identity.ListFilter{
		Text: q.Text("q", 120), Unit: f.unitTyped(tree, scope, v.unit), Role: q.Choice("role", f.roleCodes()...),
		State: identity.State(q.Choice("state", desk.Texts(identity.States())...)), After: q.Text("after", 64), Limit: listLimit + 1,
	}
	if err := q.Err(); err != nil {
		return err
	}
	all, err := f.Identity.List(ctx, who, v.in)
	if err != nil {
		return err
	}
	if len(all) > listLimit {
		all = all[:listLimit]
		v.next = webkit.Link(r, "after", all[listLimit-1].Login)
	}
	v.roles = desk.WithNone(f.roleOptions(lang), lang.T(i18n.PeopleAllRoles))
	v.states = desk.WithNone(desk.WordOptions(lang, identity.States(), identity.State.Label), lang.T(i18n.PeopleAllStates))
	v.filter = f.filterOf(r, v)
	v.table = f.accountTable(r, tree, all)
	if v.manage && len(all) > 0 {
		v.table.Pick = &ui.Pick{Action: desk.PeoplePath + "/reset", Buttons: []ui.Btn{{Text: lang.T(i18n.PeopleResetChosen), Icon: ui.IconKeyRound}}}
	}
	p, err := f.Page(r, lang.T(i18n.PeopleTitle))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, listPage(p, v))
}

func (f *Face) filterOf(r *http.Request, v listView) ui.Filter {
	lang := webkit.Lang(r)
	bar := ui.Filter{Action: desk.PeoplePath, Clear: desk.PeoplePath, Search: &ui.Field{
		Name: "q", Label: lang.T(i18n.PeopleSearch), Value: v.in.Text, MaxLength: 120,
	}}
	chip := func(name, text string) {
		if text != "" {
			bar.Chips = append(bar.Chips, ui.Chip{Text: text, Remove: webkit.Link(r, name, "", "after", "")})
		}
	}
	chip("q", v.in.Text)
	chip("unit", v.unit)
	if v.in.Role != "" {
		chip("role", f.RoleWord(lang, v.in.Role))
	}
	if v.in.State != "" {
		chip("state", lang.T(v.in.State.Label()))
	}
	return bar
}

func (f *Face) accountTable(r *http.Request, tree *org.Tree, all []identity.Account) ui.Table {
	lang, today := webkit.Lang(r), f.Now.Today()
	t := ui.Table{
		Caption: lang.T(i18n.PeopleTitle),
		Columns: desk.Kinds(desk.Columns(lang, i18n.PeoplePerson, i18n.PeopleState, i18n.PeopleUnit, i18n.PeopleRoles, i18n.PeopleLast),
			ui.ColTitle, ui.ColStatus, ui.ColData, ui.ColData, ui.ColData),
		Empty: ui.EmptyState(ui.IconUsers, lang.T(i18n.PeopleNone), lang.T(i18n.PeopleNoneText), nil),
	}
	for _, a := range all {
		var roles []string
		for _, g := range a.GrantsOn(today) {
			roles = append(roles, f.RoleWord(lang, g.Role))
		}
		unit := ""
		if a.Unit != "" {
			unit = desk.UnitName(tree, a.Unit, today)
		}
		t.Rows = append(t.Rows, ui.Row{ID: a.ID, Label: a.Name, Cells: []ui.Cell{
			{Text: a.Name, Href: accountLink(a.ID), Sub: a.Login},
			stateCell(lang, a),
			{Text: desk.OrDash(unit)},
			{Text: desk.OrDash(strings.Join(roles, ", "))},
			{Text: lastWords(lang, a)},
		}})
	}
	return t
}

func lastWords(lang i18n.Lang, a identity.Account) string {
	if a.LastSignIn.IsZero() {
		return lang.T(i18n.PeopleNever)
	}
	return lang.Instant(a.LastSignIn)
}

// resetChosen asks first, then gives the chosen accounts new passwords, on slips.
func (f *Face) resetChosen(w http.ResponseWriter, r *http.Request) error {
	form := webkit.Form(r)
	ids := form.Texts("id", 64)
	if err := form.Err(); err != nil {
		return err
	}
	return f.reset(w, r, ids, desk.PeoplePath)
}

func (f *Face) reset(w http.ResponseWriter, r *http.Request, ids []string, back string) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	state, _ := desk.FilledFrom(r)
	if state.Sure() {
		slips, err := f.Identity.ResetPasswords(ctx, who, ids)
		if err != nil {
			return err
		}
		return f.slips(w, r, slips)
	}
	if len(ids) == 0 || len(ids) > identity.MaxReset {
		if err := webkit.FlashBad(r, i18n.IdentityResetSome, identity.MaxReset); err != nil {
			return err
		}
		return webkit.Redirect(w, r, back)
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		a, err := f.Identity.Get(ctx, who, id)
		if err != nil {
			return err
		}
		names[i] = a.Name + " (" + a.Login + ")"
	}
	ask := state.Ask(lang.T(i18n.PeopleResetAsk), back, ui.Btn{Text: lang.T(i18n.PeopleResetDo), Icon: ui.IconKeyRound, Kind: ui.DangerPrimary}, names...)
	return f.askPlainly(w, r, ask, lang.T(i18n.PeopleReset))
}

// askPlainly asks on a page of its own, where there is no form to go back to.
func (f *Face) askPlainly(w http.ResponseWriter, r *http.Request, c ui.Confirm, title string) error {
	p, err := f.Page(r, title, crumbs(webkit.Lang(r))...)
	if err != nil {
		return err
	}
	p.Path = desk.PeoplePath
	return desk.Render(w, r, http.StatusOK, plainAskPage(p, c))
}
