package people

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) accountRoutes() []webkit.Route {
	const one = desk.PeoplePath + "/{account}"
	return []webkit.Route{
		desk.Get(one, identity.RightRead, f.account),
		desk.Get(one+"/edit", identity.RightManage, f.edit),
		desk.Post(one+"/edit", identity.RightManage, f.edit),
		desk.Get(one+"/grant", identity.RightManage, f.give),
		desk.Post(one+"/grant", identity.RightManage, f.give),
		desk.Post(one+"/grants/{grant}/end", identity.RightManage, f.endGrant),
		desk.Post(one+"/reset", identity.RightManage, f.resetOne),
		desk.Get(one+"/close", identity.RightManage, f.closeAccount),
		desk.Post(one+"/close", identity.RightManage, f.closeAccount),
		desk.Post(one+"/open", identity.RightManage, f.openAccount),
		desk.Post(one+"/sessions/end", identity.RightManage, f.endSessions),
		desk.Get(one+"/letters", identity.RightManage, f.letters),
		desk.Post(one+"/letters", identity.RightManage, f.letters),
	}
}

// accountView is an account with what may be done to it.
type accountView struct {
	identity.Account
	manage   bool // may change it
	facts    []ui.Definition
	grants   []grantView
	sessions []identity.Session
	state    ui.Cell
	server   bool // letters can go
}

type grantView struct {
	id, role, unit, days, inPlace string
	state                         i18n.Key
	tone                          ui.Tone
	live                          bool
}

func (f *Face) account(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	a, err := f.Identity.Get(ctx, who, r.PathValue("account"))
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	v := accountView{Account: a, manage: who.Can(identity.RightManage) && a.Login != identity.Operator, state: stateCell(lang, a), server: f.Outbox.Sending()}
	if v.manage {
		switch v.sessions, err = f.Identity.Sessions(ctx, who, a.ID); {
		case errs.Is(err, errs.Forbidden): // it has rights that the actor lacks
			v.manage = false
		case err != nil:
			return err
		}
	}
	v.facts = f.accountFacts(lang, tree, a, v.manage)
	if v.grants, err = f.grantViews(r, tree, a); err != nil {
		return err
	}
	p, err := f.Page(r, a.Name, crumbs(lang)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, accountPage(p, v))
}

func (f *Face) accountFacts(lang i18n.Lang, tree *org.Tree, a identity.Account, contact bool) []ui.Definition {
	unit := ""
	if a.Unit != "" {
		unit = desk.UnitName(tree, a.Unit, f.Now.Today())
	}
	facts := []ui.Definition{
		{Term: lang.T(i18n.PeopleLogin), Text: a.Login},
		{Term: lang.T(i18n.PeopleUnit), Text: desk.OrDash(unit)},
		{Term: lang.T(i18n.PeopleLast), Text: lastWords(lang, a)},
		{Term: lang.T(i18n.PeopleCreated), Text: lang.Instant(a.Created)},
	}
	if contact {
		facts = append(facts, ui.Definition{Term: lang.T(i18n.PeopleEmail), Text: desk.OrDash(a.Email)},
			ui.Definition{Term: lang.T(i18n.PeoplePhone), Text: desk.OrDash(a.Phone)})
	}
	return facts
}

// grantViews are the roles of an account, those that hold first.
func (f *Face) grantViews(r *http.Request, tree *org.Tree, a identity.Account) ([]grantView, error) {
	lang, today := webkit.Lang(r), f.Now.Today()
	var lenders []string
	for _, g := range a.Grants {
		if g.InPlaceOf != "" {
			lenders = append(lenders, g.InPlaceOf)
		}
	}
	names, err := f.NamesOf(r, lenders)
	if err != nil {
		return nil, err
	}
	var all []grantView
	for _, g := range a.Grants {
		v := grantView{
			id: g.ID, role: f.RoleWord(lang, g.Role), unit: f.unitName(lang, tree, g.Unit), days: spanWords(lang, g.Span),
			state: i18n.PeopleGrantHolds, tone: ui.OK, live: true,
		}
		switch {
		case g.Span.To != 0 && g.Span.To <= today:
			v.state, v.tone, v.live = i18n.PeopleGrantOver, ui.Neutral, false
		case g.Span.From > today:
			v.state, v.tone = i18n.PeopleGrantComing, ui.Info
		}
		if g.InPlaceOf != "" {
			v.inPlace = lang.T(i18n.PeopleGrantInPlace, names[g.InPlaceOf])
		}
		all = append(all, v)
	}
	slices.SortStableFunc(all, func(a, b grantView) int {
		if a.live == b.live {
			return 0
		}
		if a.live {
			return -1
		}
		return 1
	})
	return all, nil
}

// spanWords says from when to when, the last day included.
func spanWords(lang i18n.Lang, s org.Span) string {
	if s.To == 0 {
		return lang.T(i18n.PeopleGrantDaysFrom, s.From)
	}
	return lang.T(i18n.PeopleGrantDaysBoth, s.From, max(s.From, s.To-1))
}

// editView is the form of an account.
type editView struct {
	desk.Filled
	fresh  bool
	units  desk.UnitChoice
	roles  []ui.OptionGroup
	back   string
	of     []identity.Account // the one that is changed
	server bool               // letters can go
}

func editFields() []string { return []string{"login", "name", "unit", "email", "phone", "role"} }

// create makes one account; its first password stands on a slip.
func (f *Face) create(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	tree, units, scope, err := f.seenUnits(r)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := editView{Filled: state, fresh: true, units: units, roles: f.roleOptions(lang), back: desk.PeoplePath}
	v.Start("role", lastRole(f.roleCodes()))
	status := http.StatusOK
	if v.Sent(r) {
		in := identity.RosterRow{
			Line: 1, Login: form.Text("login", 64), Name: form.Text("name", 200), Unit: form.Text("unit", 300), Email: form.Text("email", 200),
			Phone: form.Text("phone", 30), Role: form.Choice("role", f.roleCodes()...),
		}
		err := form.Err()
		if err == nil {
			in.Unit = desk.UnitCode(tree, scope, f.Now.Today(), in.Unit)
			var slips []identity.Slip
			if slips, err = f.enrolOne(r.Context(), webkit.Actor(r), in); err == nil {
				return f.slips(w, r, slips)
			}
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, editFields()...); !ok {
			return err
		}
	}
	return f.editPage(w, r, status, v)
}

func lastRole(codes []string) string {
	if len(codes) < 2 {
		return ""
	}
	return codes[len(codes)-2]
}

// enrolOne makes an account in the way of a list of one, with the errors at its fields. A
// person who is there already is not changed by the form for a new one.
func (f *Face) enrolOne(ctx context.Context, who actor.Actor, row identity.RosterRow) ([]identity.Slip, error) {
	in := identity.RosterInput{Roster: identity.Roster{Rows: []identity.RosterRow{row}}, Role: row.Role, Single: true}
	plan, err := f.Identity.CheckRoster(ctx, who, in)
	if err != nil {
		return nil, err
	}
	line := plan.Lines[0]
	if err := line.Errors.Err(); err != nil {
		return nil, err
	}
	if line.Kind != identity.RosterNew {
		return nil, errs.New(errs.Conflict, i18n.IdentityLoginTaken, line.Login).On("login")
	}
	return f.Identity.ApplyRoster(ctx, who, in)
}

func (f *Face) editPage(w http.ResponseWriter, r *http.Request, status int, v editView) error {
	lang, title := webkit.Lang(r), i18n.PeopleEdit
	if v.fresh {
		title = i18n.PeopleNew
	}
	p, err := f.Page(r, lang.T(title), crumbs(lang, v.of...)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, editPage(p, v))
}

// edit changes the name, the unit and the contact of an account.
func (f *Face) edit(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	a, err := f.Identity.Get(ctx, who, r.PathValue("account"))
	if err != nil {
		return err
	}
	tree, units, scope, err := f.seenUnits(r)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := editView{Filled: state, units: units, back: accountLink(a.ID)}
	unit, _ := tree.Unit(a.Unit)
	v.Start("name", a.Name, "unit", unit.Code, "email", a.Email, "phone", a.Phone, webkit.VersionField, strconv.Itoa(a.Version))
	status := http.StatusOK
	if v.Sent(r) {
		in := identity.UpdateInput{
			Name: form.Text("name", 200), Unit: f.unitTyped(tree, scope, form.Text("unit", 300)), Email: form.Text("email", 200),
			Phone: form.Text("phone", 30), Version: webkit.Version(r),
		}
		err := form.Err()
		if err == nil {
			err = f.Identity.Update(ctx, who, a.ID, in)
		}
		if err == nil {
			return desk.Done(w, r, accountLink(a.ID), i18n.PeopleSaved, in.Name)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, editFields()...); !ok {
			return err
		}
	}
	v.of = []identity.Account{a}
	return f.editPage(w, r, status, v)
}

// give gives an account a role at a unit, from a day to a day.
func (f *Face) give(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	a, err := f.Identity.Get(ctx, who, r.PathValue("account"))
	if err != nil {
		return err
	}
	tree, units, scope, err := f.seenUnits(r)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := editView{Filled: state, units: units, roles: f.roleOptions(lang), back: accountLink(a.ID)}
	unit, _ := tree.Unit(a.Unit)
	v.Start("unit", unit.Code, "from", f.Now.Today().String())
	status := http.StatusOK
	if v.Sent(r) {
		in := identity.GrantInput{
			Role: form.Choice("role", f.roleCodes()...), Unit: f.unitTyped(tree, scope, form.Text("unit", 300)),
			Span: org.Span{From: form.Date("from"), To: dayAfter(form.Date("to"))},
		}
		err := form.Err()
		if err == nil {
			_, err = f.Identity.Grant(ctx, who, a.ID, in)
		}
		if err == nil {
			return desk.Done(w, r, accountLink(a.ID), i18n.PeopleGrantGiven, a.Name)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "role", "unit", "from", "to"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.PeopleGrantGive), crumbs(lang, a)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, grantPage(p, v))
}

// dayAfter makes the first day on which something no longer holds of the last one.
func dayAfter(d clock.Date) clock.Date {
	if d == 0 {
		return 0
	}
	return d + 1
}

func (f *Face) endGrant(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	a, err := f.Identity.Get(ctx, who, r.PathValue("account"))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(a.Grants, func(g identity.Grant) bool { return g.ID == r.PathValue("grant") })
	if i < 0 {
		return desk.NotFound()
	}
	state, _ := desk.FilledFrom(r)
	if !state.Sure() {
		tree, err := f.Org.Current(ctx)
		if err != nil {
			return err
		}
		g := a.Grants[i]
		text := lang.T(i18n.PeopleGrantEndAsk, a.Name, f.RoleWord(lang, g.Role), f.unitName(lang, tree, g.Unit))
		return f.askPlainly(w, r, state.Ask(text, accountLink(a.ID), ui.Btn{Text: lang.T(i18n.PeopleGrantEnd), Icon: ui.IconX, Kind: ui.DangerPrimary}), a.Name)
	}
	if err := f.Identity.EndGrant(ctx, who, a.Grants[i].ID, max(f.Now.Today(), a.Grants[i].Span.From)); err != nil {
		return err
	}
	return desk.Done(w, r, accountLink(a.ID), i18n.PeopleGrantEnded, a.Name)
}

func (f *Face) resetOne(w http.ResponseWriter, r *http.Request) error {
	return f.reset(w, r, []string{r.PathValue("account")}, accountLink(r.PathValue("account")))
}

func (f *Face) openAccount(w http.ResponseWriter, r *http.Request) error {
	a, err := f.Identity.Get(r.Context(), webkit.Actor(r), r.PathValue("account"))
	if err != nil {
		return err
	}
	if err := f.Identity.Enable(r.Context(), webkit.Actor(r), a.ID); err != nil {
		return err
	}
	return desk.Done(w, r, accountLink(a.ID), i18n.PeopleOpened, a.Name)
}

func (f *Face) endSessions(w http.ResponseWriter, r *http.Request) error {
	a, err := f.Identity.Get(r.Context(), webkit.Actor(r), r.PathValue("account"))
	if err != nil {
		return err
	}
	if err := f.Identity.RevokeAll(r.Context(), webkit.Actor(r), a.ID); err != nil {
		return err
	}
	return desk.Done(w, r, accountLink(a.ID), i18n.PeopleSessionsEnded, a.Name)
}

// closeView is what is in the hands of an account that is about to be closed.
type closeView struct {
	desk.Filled
	identity.Account
	worklist.InHand
	duties []string
	people []ui.OptionGroup // of the same unit
}

// closeAccount shows what is in hand, hands over what can be, and closes the account.
func (f *Face) closeAccount(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	a, err := f.Identity.Get(ctx, who, r.PathValue("account"))
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := closeView{Filled: state, Account: a}
	others, err := f.inHand(r, &v)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if v.Sent(r) {
		to := form.Choice("to", logins(others)...)
		err := form.Err()
		if err == nil {
			if err = f.closeAndHand(w, r, v, to); err == nil {
				return nil
			}
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "to"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.PeopleClose), crumbs(lang, a)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, closePage(p, v))
}

func logins(all []identity.Account) []string {
	out := make([]string, len(all))
	for i, a := range all {
		out[i] = a.Login
	}
	return out
}

// inHand gathers what an account has in hand, and who of its unit could take it.
func (f *Face) inHand(r *http.Request, v *closeView) ([]identity.Account, error) {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	hand, err := f.Worklist.InHandOf(ctx, who, v.ID)
	if err != nil {
		return nil, err
	}
	v.InHand = hand
	for _, d := range hand.Duties {
		v.duties = append(v.duties, d.Title+" – "+lang.Date(d.Due))
	}
	if v.Unit == "" {
		return nil, nil
	}
	all, err := f.Identity.List(ctx, who, identity.ListFilter{Unit: v.Unit, State: identity.Open, Limit: 500})
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(a identity.Account) bool { return a.ID == v.ID || a.Unit != v.Unit || a.Login == identity.Operator })
	var options []ui.Option
	for _, a := range all {
		options = append(options, ui.Option{Value: a.Login, Text: strings.TrimSpace(a.Name + " (" + a.Login + ")")})
	}
	v.people = desk.WithNone(ui.Options(options...), lang.T(i18n.PeopleHandNobody))
	return all, nil
}

// closeAndHand closes the account and hands over what it has to see to, all or nothing.
func (f *Face) closeAndHand(w http.ResponseWriter, r *http.Request, v closeView, login string) error {
	done, err := f.Worklist.CloseAccount(r.Context(), webkit.Actor(r), v.ID, login)
	if err != nil {
		return err
	}
	if login == "" {
		return desk.Done(w, r, accountLink(v.ID), i18n.PeopleClosed, v.Name)
	}
	return desk.Done(w, r, accountLink(v.ID), i18n.PeopleClosedHandedAll, v.Name, done.Duties, done.Drafts, done.Returned, login)
}
