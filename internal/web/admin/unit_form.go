package admin

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// unitFormView is a form about a unit.
type unitFormView struct {
	desk.Filled
	unit  org.Unit
	units desk.UnitChoice
	rows  int // of a reorganisation
	back  string
}

// unitForm reads what every form about units needs.
func (f *Face) unitForm(r *http.Request, back string) (unitFormView, *webkit.FormReader, *org.Tree, error) {
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return unitFormView{}, nil, nil, err
	}
	fill, form := desk.FilledFrom(r)
	return unitFormView{Filled: fill, units: desk.UnitChoiceOf(tree, webkit.Actor(r).Scope, f.Now.Today()), back: back}, form, tree, nil
}

func (f *Face) unitNew(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	v, form, tree, err := f.unitForm(r, "/admin/units")
	if err != nil {
		return err
	}
	crumb := ui.Link{Text: lang.T(i18n.AdminUnits), Href: "/admin/units"}
	v.Start("from", f.Now.Today().String(), "counting", string(org.State), "parentState", webkit.Query(r).Text("parent", 64))
	status := http.StatusOK
	if v.Sent(r) {
		in, err := unitInput(form, tree, who.Scope)
		switch {
		case err != nil:
		case !v.Sure():
			return f.AskFirst(w, r, v.Ask(lang.T(i18n.DeskUnitNewAsk, in.From), v.back, ui.Btn{Text: lang.T(i18n.DeskUnitNew), Kind: ui.Primary},
				in.Code+" · "+in.Name), lang.T(i18n.DeskUnitNew), crumb)
		default:
			var u org.Unit
			if u, err = f.Org.Create(r.Context(), who, in); err == nil {
				return desk.Done(w, r, unitLink(u), i18n.DeskUnitMade, in.Name)
			}
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "code", "name", "kind", "level", "from", "parentState", "parentParty", "parentSector"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.DeskUnitNew), crumb)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, unitNewPage(p, v))
}

// parentFields are the fields for the parents in the three trees.
func parentFields() map[org.TreeKind]string {
	return map[org.TreeKind]string{org.State: "parentState", org.Party: "parentParty", org.Sector: "parentSector"}
}

func unitInput(form *webkit.FormReader, tree *org.Tree, scope actor.Scope) (org.Input, error) {
	in := org.Input{
		Code: form.Text("code", 100), Name: form.Text("name", 300), Kind: org.Kind(form.Text("kind", 40)),
		Level: org.Level(form.Text("level", 40)), From: form.Date("from"),
	}
	counting := org.TreeKind(form.Choice("counting", desk.Texts(org.Trees())...))
	for _, kind := range org.Trees() {
		field := parentFields()[kind]
		typed := form.Text(field, 300)
		if typed == "" {
			continue
		}
		up, ok := tree.ByCode(desk.UnitCode(tree, scope, in.From, typed))
		if !ok {
			form.Errors.Add(field, i18n.OrgNotFound)
		}
		in.Parents = append(in.Parents, org.ParentInput{Unit: up.ID, Tree: kind, Counts: kind == counting})
	}
	if len(in.Parents) > 0 && !slices.ContainsFunc(in.Parents, func(p org.ParentInput) bool { return p.Counts }) {
		form.Errors.Add("counting", i18n.DeskCountingEmpty)
	}
	return in, bothErrors(form.Err(), in.Check())
}

// bothErrors joins what a form and what the domain finds wrong; an error of the form
// comes first, and what the domain says of the same field is left out.
func bothErrors(form, domain error) error {
	all := errs.List(errs.All(form))
	for _, e := range errs.All(domain) {
		if !slices.ContainsFunc(all, func(x *errs.Error) bool { return x.Field == e.Field }) {
			all = append(all, e)
		}
	}
	return all.Err()
}

func (f *Face) unitRename(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	u, err := f.Org.Get(r.Context(), who, r.PathValue("code"))
	if err != nil {
		return err
	}
	v, form, _, err := f.unitForm(r, unitLink(u))
	if err != nil {
		return err
	}
	today := f.Now.Today()
	v.unit = u
	v.Start("name", u.NameOn(today), "level", string(u.LevelOn(today)), "on", today.String())
	status := http.StatusOK
	if v.Sent(r) {
		name, level, on := form.Text("name", 300), org.Level(form.Text("level", 40)), form.Date("on")
		err := form.Err()
		switch {
		case err != nil:
		case !v.Sure():
			return f.AskFirst(w, r, v.Ask(lang.T(i18n.DeskUnitRenameAsk, on), v.back, ui.Btn{Text: lang.T(i18n.DeskUnitRename), Kind: ui.Primary},
				u.NameOn(on)+" → "+name), lang.T(i18n.DeskUnitRename), unitCrumbs(lang, u, today)...)
		default:
			if err = f.Org.RenameTo(r.Context(), who, u.Code, name, level, on); err == nil {
				return desk.Done(w, r, unitLink(u), i18n.DeskUnitRenamed)
			}
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "name", "level", "on"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.DeskUnitRename), unitCrumbs(lang, u, today)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, unitRenamePage(p, v))
}

func unitCrumbs(lang i18n.Lang, u org.Unit, on clock.Date) []ui.Link {
	return []ui.Link{{Text: lang.T(i18n.AdminUnits), Href: "/admin/units"}, {Text: u.NameOn(on), Href: unitLink(u)}}
}

func (f *Face) unitMove(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	u, err := f.Org.Get(r.Context(), who, r.PathValue("code"))
	if err != nil {
		return err
	}
	v, form, tree, err := f.unitForm(r, unitLink(u))
	if err != nil {
		return err
	}
	today := f.Now.Today()
	v.unit = u
	v.Start("tree", string(org.State), "on", today.String())
	status := http.StatusOK
	if v.Sent(r) {
		kind, on := org.TreeKind(form.Choice("tree", desk.Texts(org.Trees())...)), form.Date("on")
		up, ok := tree.ByCode(desk.UnitCode(tree, who.Scope, on, form.Text("parent", 300)))
		if !ok {
			form.Errors.Add("parent", i18n.OrgNotFound)
		}
		if kind == "" {
			form.Errors.Add("tree", i18n.ErrsRequired)
		}
		err := form.Err()
		switch {
		case err != nil:
		case !v.Sure():
			return f.AskFirst(w, r, v.Ask(lang.T(i18n.DeskUnitMoveAsk, on), v.back, ui.Btn{Text: lang.T(i18n.DeskUnitMove), Kind: ui.Primary},
				u.NameOn(on)+" → "+up.NameOn(on)), lang.T(i18n.DeskUnitMove), unitCrumbs(lang, u, today)...)
		default:
			if err = f.Org.MoveTo(r.Context(), who, u.Code, up.Code, kind, on); err == nil {
				return desk.Done(w, r, unitLink(u), i18n.DeskUnitMoved)
			}
		}
		if status, ok = v.Refuse(lang, err, "parent", "tree", "on"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.DeskUnitMove), unitCrumbs(lang, u, today)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, unitMovePage(p, v))
}

// rowsMore is by how many rows a form grows.
const rowsMore = 5

// rowsOf is how many rows a form has: those that were sent, and more where they are
// asked for.
func (v unitFormView) rowsOf(most int) int {
	n, err := strconv.Atoi(v.Values.Get("rows"))
	if err != nil || n < rowsMore {
		n = rowsMore
	}
	if v.Values.Has(desk.FieldMore) {
		n += rowsMore
	}
	return min(n, most)
}

// numbered is the name of a field in a row.
func numbered(name string, row int) string { return name + strconv.Itoa(row) }

func (f *Face) unitReorganise(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	v, form, tree, err := f.unitForm(r, "/admin/units")
	if err != nil {
		return err
	}
	v.rows = v.rowsOf(200)
	v.Start("on", f.Now.Today().String(), numbered("from", 0), webkit.Query(r).Text("unit", 64))
	crumb := ui.Link{Text: lang.T(i18n.AdminUnits), Href: "/admin/units"}
	status := http.StatusOK
	if v.Sent(r) {
		e := org.Event{
			Kind: org.EventKind(form.Choice("kind", string(org.Merge), string(org.Split), string(org.Abolish))), On: form.Date("on"),
			Decision: form.Text("decision", 300), Note: form.Text("note", 1000),
		}
		items := v.successions(form, tree, who.Scope, &e)
		if e.Kind == "" {
			form.Errors.Add("kind", i18n.ErrsRequired)
		}
		if e.On == 0 {
			form.Errors.Add("on", i18n.ErrsRequired)
		}
		err := form.Err()
		switch {
		case err != nil:
		case !v.Sure():
			return f.AskFirst(w, r, v.Ask(lang.T(i18n.DeskUnitReorganiseAsk, e.Kind.Label(), e.On), v.back,
				ui.Btn{Text: lang.T(e.Kind.Label()), Kind: ui.DangerPrimary}, items...), lang.T(i18n.DeskUnitReorganise), crumb)
		default:
			if err = f.Org.Reorganise(r.Context(), who, e); err == nil {
				u, _ := tree.Unit(e.Successions[0].From)
				return desk.Done(w, r, unitLink(u), i18n.DeskUnitReorganised)
			}
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, append(v.rowFields(), "kind", "on", "decision", "note")...); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.DeskUnitReorganise), crumb)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, unitReorganisePage(p, v))
}

func (v unitFormView) rowFields() []string {
	var all []string
	for i := range v.rows {
		all = append(all, numbered("from", i), numbered("to", i))
	}
	return all
}

// successions reads the rows into the event and gives them in words.
func (v unitFormView) successions(form *webkit.FormReader, tree *org.Tree, scope actor.Scope, e *org.Event) []string {
	var items []string
	for i := range v.rows {
		from, to := form.Text(numbered("from", i), 300), form.Text(numbered("to", i), 300)
		if from == "" && to == "" {
			continue
		}
		before, ok := tree.ByCode(desk.UnitCode(tree, scope, e.On-1, from))
		if !ok {
			form.Errors.Add(numbered("from", i), i18n.OrgNotFound)
		}
		after, ok := tree.ByCode(desk.UnitCode(tree, actor.Scope{All: true}, e.On, to))
		item := before.NameOn(e.On-1) + " → " + after.NameOn(e.On)
		switch {
		case e.Kind == org.Abolish && to == "":
			after, item = before, before.NameOn(e.On-1)
		case !ok:
			form.Errors.Add(numbered("to", i), i18n.OrgNotFound)
		}
		e.Successions = append(e.Successions, org.Succession{From: before.ID, To: after.ID, Whole: !form.Bool(numbered("part", i))})
		items = append(items, item)
	}
	if len(e.Successions) == 0 {
		form.Errors.Add(numbered("from", 0), i18n.ErrsRequired)
	}
	return items
}
