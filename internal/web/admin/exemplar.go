package admin

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/privacy"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) exemplarRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get("/admin/exemplars/new", practice.RightFind, f.exemplarNew),
		desk.Post("/admin/exemplars/new", practice.RightFind, f.exemplarNew),
		desk.Get("/admin/exemplars/{id}", practice.RightRead, f.exemplar),
		desk.Get("/admin/exemplars/{id}/drop", practice.RightFind, f.exemplarDrop),
		desk.Post("/admin/exemplars/{id}/drop", practice.RightFind, f.exemplarDrop),
	}
}

// exemplarView is everything that the page of an exemplar shows.
type exemplarView struct {
	exemplar practice.Exemplar
	facts    []ui.Definition
	badges   []string
	drops    []ui.Btn
	entries  ui.Table
	history  []act
	honours  []ui.TimelineEvent
	private  bool // what they agreed to may be seen
	nurture  i18n.Key
}

func (f *Face) exemplar(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	x, acts, err := f.Practices.Exemplar(ctx, who, r.PathValue("id"))
	if err != nil {
		return err
	}
	rows, err := f.Practices.Of(ctx, who, x.ID)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	v := exemplarView{exemplar: x, facts: exemplarFacts(lang, x, tree), private: who.Can(privacy.RightManage)}
	notes, err := f.Nurture.Notes(ctx, who, x.ID)
	if err != nil {
		return err
	}
	if v.nurture = i18n.NurtureNotes; len(notes) == 0 && who.Can(practice.RightFind) {
		v.nurture = i18n.NurtureBegin
	}
	v.entries = entryRows(lang, rows, tree, i18n.RegisterExemplarEntries)
	v.entries.Empty = ui.EmptyState(ui.IconClipboardList, lang.T(i18n.RegisterExemplarNoEntries), "", nil)
	if err := f.foundPeriods(r, &v, acts); err != nil {
		return err
	}
	var by []string
	for _, a := range acts {
		by = append(by, a.By)
	}
	names, err := f.NamesOf(r, by)
	if err != nil {
		return err
	}
	if v.history, err = f.historyOf(r, ledger.StandingOf(acts), tree, names); err != nil {
		return err
	}
	offered := practice.VoidableFound(who, acts)
	for i, a := range v.history {
		if slices.Contains(offered, a.id) {
			v.history[i].void = desk.ExemplarLink(x.ID) + "/void/" + a.id
		}
	}
	if err := f.offerAwards(r, x.ID, v.history); err != nil {
		return err
	}
	if v.honours, err = f.honours(r, x.ID, acts); err != nil {
		return err
	}
	p, err := f.Page(r, x.Name, ui.Link{Text: lang.T(i18n.AdminRegister), Href: "/admin/entries"})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, exemplarPage(p, v))
}

// foundPeriods says in which periods the exemplar stands as found, and leads to striking
// it off.
func (f *Face) foundPeriods(r *http.Request, v *exemplarView, acts []ledger.Act) error {
	who, lang := webkit.Actor(r), webkit.Lang(r)
	var periods []int
	for _, a := range acts {
		if !slices.Contains(periods, a.Period) && foundIn(acts, a.Period) {
			periods = append(periods, a.Period)
		}
	}
	slices.Sort(periods)
	for _, no := range periods {
		m, err := f.Movements.ByPeriod(r.Context(), who, no)
		if err != nil {
			return err
		}
		period, _ := m.Period(no)
		v.badges = append(v.badges, lang.T(i18n.RegisterExemplarFoundIn, period.Name))
		if who.Can(practice.RightFind) {
			v.drops = append(v.drops, ui.Btn{
				Text: lang.T(i18n.RegisterExemplarDropOf, period.Name), Icon: ui.IconX, Kind: ui.Danger, Href: dropPath(v.exemplar.ID, no),
			})
		}
	}
	return nil
}

func dropPath(exemplar string, period int) string {
	return desk.ExemplarLink(exemplar) + "/drop?period=" + strconv.Itoa(period)
}

func exemplarFacts(lang i18n.Lang, x practice.Exemplar, tree *org.Tree) []ui.Definition {
	since := clock.DateOf(x.CreatedAt)
	all := []ui.Definition{
		{Term: lang.T(i18n.RegisterExemplarKind), Text: lang.T(x.Kind.Label())},
		{Term: lang.T(i18n.RegisterExemplarUnit), Text: desk.UnitName(tree, x.Unit, since)},
		{Term: lang.T(i18n.RegisterExemplarSince), Text: lang.Date(since)},
	}
	if x.IntroducedBy != "" {
		all = append(all, ui.Definition{Term: lang.T(i18n.RegisterExemplarIntroducedBy), Text: x.IntroducedBy})
	}
	if x.Note != "" {
		all = append(all, ui.Definition{Term: lang.T(i18n.RegisterExemplarNote), Body: paragraphs(x.Note)})
	}
	return all
}

// exemplarForm is the form by which an exemplar is introduced.
type exemplarForm struct {
	formState
	movement movement.Movement
	units    desk.UnitChoice
}

func (f *Face) exemplarNew(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	q := webkit.Query(r)
	if r.Method == http.MethodPost {
		q = webkit.Form(r)
	}
	c, err := f.chosen(ctx, who, &webkit.FormReader{Values: url.Values{"movement": q.Values["movement"]}})
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.RegisterExemplarNew), ui.Link{Text: lang.T(i18n.AdminRegister), Href: "/admin/entries"})
	if err != nil {
		return err
	}
	if c.movement.Code == "" {
		return desk.Render(w, r, http.StatusOK, homePage(p, homeView{}))
	}
	on := stepDay(f.Now.Today(), c.period)
	v := exemplarForm{movement: c.movement, units: desk.UnitChoiceOf(tree, who.Scope, on)}
	v.action, v.back = "/admin/exemplars/new", registerLink(c)
	v.page = "/admin/exemplars/new?" + url.Values{"movement": {c.movement.Code}}.Encode()
	v.fill(r, url.Values{"on": {on.String()}, "kind": {ledger.Collective.String()}})
	if r.Method != http.MethodPost {
		return desk.Render(w, r, http.StatusOK, exemplarFormPage(p, v))
	}
	in := readExemplar(q, tree, who.Scope, on)
	in.Movement = c.movement.Code
	var x practice.Exemplar
	if err = gathered(q, in.Check()); err == nil {
		x, err = f.Practices.Find(ctx, who, in)
	}
	if err != nil {
		status, err := v.refuse(lang, err)
		if err != nil {
			return err
		}
		return desk.Render(w, r, status, exemplarFormPage(p, v))
	}
	if err := webkit.Flash(r, i18n.RegisterFound, x.Name); err != nil {
		return err
	}
	return webkit.Redirect(w, r, desk.ExemplarLink(x.ID))
}

// readExemplar reads the form.
func readExemplar(q *webkit.FormReader, tree *org.Tree, scope actor.Scope, on clock.Date) practice.ExemplarInput {
	kind, _ := ledger.Parse(ledger.SubjectKinds(), q.Choice("kind", ledger.Codes(ledger.SubjectKinds())...))
	return practice.ExemplarInput{
		On: q.Date("on"), Name: q.Text("name", 200), Kind: kind, Unit: desk.UnitCode(tree, scope, on, q.Text("unit", 300)),
		Field: q.Text("field", 64), Note: q.Text("note", 8000), IntroducedBy: q.Text("introducedBy", 200),
	}
}

// dropView is the form by which an exemplar is struck off.
type dropView struct {
	formState
	exemplar practice.Exemplar
	lead     string
	period   int
}

func (f *Face) exemplarDrop(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	x, _, err := f.Practices.Exemplar(ctx, who, r.PathValue("id"))
	if err != nil {
		return err
	}
	q := webkit.Query(r)
	if r.Method == http.MethodPost {
		q = webkit.Form(r)
	}
	no, err := strconv.Atoi(cmp.Or(strings.TrimSpace(q.Values.Get("period")), "0"))
	if err != nil {
		no = 0 // no period has it
	}
	m, err := f.Movements.ByPeriod(ctx, who, no)
	if err != nil {
		return err
	}
	period, _ := m.Period(no)
	v := dropView{exemplar: x, period: no, lead: lang.T(i18n.RegisterExemplarDropLead, x.Name, period.Name)}
	v.action, v.page, v.back = desk.ExemplarLink(x.ID)+"/drop", dropPath(x.ID, no), desk.ExemplarLink(x.ID)
	v.fill(r, url.Values{"on": {stepDay(f.Now.Today(), period).String()}})
	status := http.StatusOK
	if r.Method == http.MethodPost {
		step := practice.Step{On: q.Date("on"), Reason: q.Text("reason", 2000)}
		err := q.Err()
		if err == nil {
			err = f.Practices.Drop(ctx, who, x.ID, no, step)
		}
		if err == nil {
			if err := webkit.Flash(r, i18n.RegisterExemplarDropped, x.Name); err != nil {
				return err
			}
			return webkit.Redirect(w, r, v.back)
		}
		if status, err = v.refuse(lang, err); err != nil {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.RegisterExemplarDrop), ui.Link{Text: x.Name, Href: v.back})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, dropPage(p, v))
}
