package people

import (
	"net/http"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) ownRoutes() []webkit.Route {
	end := desk.Post(desk.PreviewPath+"/end", "", f.previewEnd)
	end.InPreview = true
	return []webkit.Route{
		desk.Get(desk.ProfilePath, "", f.profile),
		desk.Post(desk.ProfilePath, "", f.profile),
		desk.Get(desk.ProfilePath+"/letters", "", f.ownLetters),
		desk.Post(desk.ProfilePath+"/letters", "", f.ownLetters),
		desk.Get(desk.DelegationsPath, "", f.delegations),
		desk.Post(desk.DelegationsPath, "", f.delegations),
		desk.Post(desk.DelegationsPath+"/{grant}/end", "", f.delegationEnd),
		desk.Get(desk.PreviewPath, identity.RightManage, f.preview),
		desk.Post(desk.PreviewPath, identity.RightManage, f.preview),
		end,
	}
}

// profile changes one's own name and contact.
func (f *Face) profile(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	a, err := f.Identity.Self(ctx, who)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := editView{Filled: state, back: "/admin", of: []identity.Account{a}, server: f.Outbox.Sending()}
	v.Start("name", a.Name, "email", a.Email, "phone", a.Phone, webkit.VersionField, strconv.Itoa(a.Version))
	status := http.StatusOK
	if v.Sent(r) {
		in := identity.ProfileInput{Name: form.Text("name", 200), Email: form.Text("email", 200), Phone: form.Text("phone", 30), Version: webkit.Version(r)}
		err := form.Err()
		if err == nil {
			err = f.Identity.UpdateSelf(ctx, who, in)
		}
		if err == nil {
			return desk.Done(w, r, desk.ProfilePath, i18n.PeopleProfileSaved)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, editFields()...); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.PeopleProfile))
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, profilePage(p, v))
}

// delegationsView is what was lent and what one holds for others.
type delegationsView struct {
	desk.Filled
	grants     []ui.OptionGroup
	lent, held []lentView
}

type lentView struct {
	grantView
	who string
}

// delegations lists what was lent, and lends a role.
func (f *Face) delegations(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	state, form := desk.FilledFrom(r)
	v := delegationsView{Filled: state}
	v.Start("from", f.Now.Today().String())
	status := http.StatusOK
	if v.Sent(r) {
		in := identity.DelegationInput{Grant: form.Text("grant", 64), To: form.Text("to", 64), From: form.Date("from"), Until: form.Date("until")}
		err := form.Err()
		if err == nil {
			var d identity.Delegation
			if d, err = f.Identity.Delegate(ctx, who, in); err == nil {
				return desk.Done(w, r, desk.DelegationsPath, i18n.PeopleDelegateDone, d.To.Name)
			}
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "grant", "to", "from", "until"); !ok {
			return err
		}
	}
	if err := f.delegated(r, &v); err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.PeopleDelegations))
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, delegationsPage(p, v))
}

func (f *Face) delegated(r *http.Request, v *delegationsView) error {
	ctx, who, lang, today := r.Context(), webkit.Actor(r), webkit.Lang(r), f.Now.Today()
	self, err := f.Identity.Self(ctx, who)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	var options []ui.Option
	for _, g := range self.Grants {
		if g.InPlaceOf == "" && (g.Span.To == 0 || g.Span.To > today) {
			options = append(options, ui.Option{Value: g.ID, Text: f.RoleWord(lang, g.Role) + " – " + f.unitName(lang, tree, g.Unit)})
		}
	}
	if len(options) > 0 {
		v.grants = ui.Options(options...)
	}
	lent, held, err := f.Identity.Delegations(ctx, who)
	if err != nil {
		return err
	}
	for _, d := range lent {
		v.lent = append(v.lent, f.lentView(lang, tree, d, d.To.Name))
	}
	for _, d := range held {
		v.held = append(v.held, f.lentView(lang, tree, d, d.From.Name))
	}
	return nil
}

func (f *Face) lentView(lang i18n.Lang, tree *org.Tree, d identity.Delegation, name string) lentView {
	today := f.Now.Today()
	v := lentView{who: name, grantView: grantView{
		id: d.ID, role: f.RoleWord(lang, d.Role), unit: f.unitName(lang, tree, d.Unit), days: spanWords(lang, d.Span),
		state: i18n.PeopleGrantHolds, tone: ui.OK, live: true,
	}}
	switch {
	case d.Span.To <= today:
		v.state, v.tone, v.live = i18n.PeopleGrantOver, ui.Neutral, false
	case d.Span.From > today:
		v.state, v.tone = i18n.PeopleGrantComing, ui.Info
	}
	return v
}

func (f *Face) delegationEnd(w http.ResponseWriter, r *http.Request) error {
	if err := f.Identity.EndDelegation(r.Context(), webkit.Actor(r), r.PathValue("grant")); err != nil {
		return err
	}
	return desk.Done(w, r, desk.DelegationsPath, i18n.PeopleDelegateEnded)
}

// preview begins the look at the pages as a role at a unit.
func (f *Face) preview(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	tree, units, scope, err := f.seenUnits(r)
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := editView{Filled: state, units: units, roles: f.roleOptions(lang), back: desk.PeoplePath}
	v.Start("role", lastRole(f.roleCodes()))
	status := http.StatusOK
	if v.Sent(r) {
		role, unit := form.Choice("role", f.roleCodes()...), f.unitTyped(tree, scope, form.Text("unit", 300))
		err := form.Err()
		if err == nil {
			var seen identity.Preview
			if seen, err = f.Identity.BeginPreview(r.Context(), webkit.Actor(r), role, unit); err == nil {
				if err := f.kit.BeginPreview(r, seen); err != nil {
					return err
				}
				return webkit.Redirect(w, r, "/admin")
			}
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "role", "unit"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.PeoplePreview), crumbs(lang)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, previewPage(p, v))
}

func (f *Face) previewEnd(w http.ResponseWriter, r *http.Request) error {
	seen, ok := webkit.Previewing(r)
	if !ok {
		return webkit.Redirect(w, r, "/admin")
	}
	if err := f.Identity.EndPreview(r.Context(), webkit.Actor(r), seen); err != nil {
		return err
	}
	if err := f.kit.EndPreview(r); err != nil {
		return err
	}
	return desk.Done(w, r, "/admin", i18n.PeoplePreviewEnded)
}
