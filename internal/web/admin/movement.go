package admin

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) movementRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get("/admin/movements", movement.RightRead, f.movements),
		desk.Get("/admin/movements/new", movement.RightManage, f.movementNew),
		desk.WithFiles(desk.Post("/admin/movements/new", movement.RightManage, f.movementNew), len(movement.PaperKinds())),
		desk.Get("/admin/movements/{movement}", movement.RightRead, f.movement),
		desk.Get("/admin/movements/{movement}/edit", movement.RightManage, f.movementEdit),
		desk.Post("/admin/movements/{movement}/edit", movement.RightManage, f.movementEdit),
		desk.Get("/admin/movements/{movement}/periods/new", movement.RightManage, f.periodNew),
		desk.Post("/admin/movements/{movement}/periods/new", movement.RightManage, f.periodNew),
		desk.Get("/admin/movements/{movement}/papers/new", movement.RightManage, f.paperNew),
		desk.WithFiles(desk.Post("/admin/movements/{movement}/papers/new", movement.RightManage, f.paperNew), 1),
		f.paperFileRoute(),
	}
}

// movementsView is the list of movements.
type movementsView struct {
	table   ui.Table
	mayMake bool
}

func (f *Face) movements(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	all, err := f.Movements.List(r.Context(), who)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	v := movementsView{mayMake: who.Can(movement.RightManage)}
	v.table = ui.Table{
		Caption: lang.T(i18n.AdminMovements),
		Columns: desk.Kinds(desk.Columns(lang, i18n.AdminColCode, i18n.AdminMovement, i18n.AdminColUnit, i18n.MovementpageLaunched, i18n.MovementpagePeriods), ui.ColCode, ui.ColTitle),
		Empty:   ui.EmptyState(ui.IconMegaphone, lang.T(i18n.AdminNoMovement), lang.T(i18n.AdminNoMovementText), nil),
	}
	for _, m := range all {
		var periods []string
		for _, p := range m.Periods {
			periods = append(periods, p.Name)
		}
		v.table.Rows = append(v.table.Rows, ui.Row{ID: m.ID, Cells: []ui.Cell{
			{Text: m.Code},
			{Text: m.Name, Href: desk.MovementLink(m.Code)},
			{Text: desk.UnitName(tree, m.Unit, m.LaunchedOn)},
			{Text: lang.Date(m.LaunchedOn)},
			{Text: strings.Join(periods, ", ")},
		}})
	}
	p, err := f.Page(r, lang.T(i18n.AdminMovements))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, movementsPage(p, v))
}

// movementView is a movement with its papers, fields and periods.
type movementView struct {
	movement                movement.Movement
	facts                   []ui.Definition
	papers, fields, periods ui.Table
	actions                 []ui.Btn
	made                    []ui.Btn // papers that are made of it
}

func (f *Face) movement(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	m, err := f.Movements.Get(r.Context(), who, r.PathValue("movement"))
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	v := movementView{movement: m, facts: movementFacts(lang, tree, m)}
	v.papers, v.fields, v.periods = paperTable(lang, m), fieldTable(lang, m), periodTable(lang, m)
	v.made = desk.PaperButtons(lang, who, paper.OfMovement, m.Code)
	at := desk.MovementLink(m.Code)
	v.actions = planButtons(lang, m)
	if who.Can(practice.RightRead) {
		v.actions = append(v.actions, ui.Btn{Text: lang.T(i18n.AdminRegister), Icon: ui.IconClipboardList, Href: "/admin/entries?movement=" + m.Code})
	}
	if who.Can(report.RightRead) {
		v.actions = append(v.actions, ui.Btn{Text: lang.T(i18n.AdminFigures), Icon: ui.IconFunnel, Href: "/admin/figures?movement=" + m.Code})
	}
	if who.Can(conference.RightRead) {
		v.actions = append(v.actions, conferencesButton(lang, m))
	}
	if who.Can(movement.RightManage) && tree.InScope(who.Scope, m.Unit) {
		v.actions = append(v.actions,
			ui.Btn{Text: lang.T(i18n.MovementpageEdit), Icon: ui.IconPencil, Href: at + "/edit"},
			ui.Btn{Text: lang.T(i18n.MovementpagePeriodNew), Icon: ui.IconCalendar, Href: at + "/periods/new"},
			ui.Btn{Text: lang.T(i18n.MovementpagePaperNew), Icon: ui.IconFilePlus, Href: at + "/papers/new"},
			ui.Btn{Text: lang.T(i18n.SteeringClone), Icon: ui.IconCopy, Href: desk.MovementCloneLink(m.Code)})
	}
	p, err := f.Page(r, m.Name, ui.Link{Text: lang.T(i18n.AdminMovements), Href: "/admin/movements"})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, movementPage(p, v))
}

// planButtons lead to what is planned in a movement.
func planButtons(lang i18n.Lang, m movement.Movement) []ui.Btn {
	return []ui.Btn{
		{Text: lang.T(i18n.SteeringCriteria), Icon: ui.IconScale, Href: desk.MovementCriteriaLink(m.Code)},
		{Text: lang.T(i18n.SteeringTargets), Icon: ui.IconTarget, Href: desk.MovementTargetsLink(m.Code)},
		{Text: lang.T(i18n.SteeringCalendar), Icon: ui.IconCalendar, Href: desk.MovementCalendarLink(m.Code)},
	}
}

func movementFacts(lang i18n.Lang, tree *org.Tree, m movement.Movement) []ui.Definition {
	facts := []ui.Definition{
		{Term: lang.T(i18n.AdminColCode), Text: m.Code},
		{Term: lang.T(i18n.AdminColLevel), Text: lang.T(m.Level.Label())},
		{Term: lang.T(i18n.MovementpageArea), Text: desk.UnitName(tree, m.Unit, m.LaunchedOn)},
		{Term: lang.T(i18n.MovementpageStandingBody), Text: desk.UnitName(tree, m.StandingBody, m.LaunchedOn)},
		{Term: lang.T(i18n.MovementpageLaunched), Text: lang.Date(m.LaunchedOn)},
	}
	if m.Slogan != "" {
		facts = append(facts, ui.Definition{Term: lang.T(i18n.MovementpageSlogan), Text: m.Slogan})
	}
	if m.Occasion != "" {
		facts = append(facts, ui.Definition{Term: lang.T(i18n.MovementpageOccasion), Text: m.Occasion})
	}
	return facts
}

func paperTable(lang i18n.Lang, m movement.Movement) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.MovementpagePapers), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.MovementpagePaperTitle, i18n.MovementpagePaperKind, i18n.MovementpageNumber, i18n.MovementpageSigned, i18n.MovementpageFile), ui.ColTitle),
	}
	for _, p := range m.Papers {
		t.Rows = append(t.Rows, ui.Row{ID: p.ID, Cells: []ui.Cell{
			{Text: p.Title}, {Text: lang.T(paperWord(p.Kind))}, {Text: p.Number}, {Text: lang.Date(p.SignedOn)}, paperFileCell(lang, m, p),
		}})
	}
	return t
}

func fieldTable(lang i18n.Lang, m movement.Movement) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.MovementpageFields), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.AdminColField, i18n.AdminColCode, i18n.MovementpageNational), ui.ColTitle),
	}
	for _, x := range m.Fields {
		t.Rows = append(t.Rows, ui.Row{ID: x.Code, Cells: []ui.Cell{{Text: x.Name}, {Text: localCode(x)}, {Text: lang.T(x.National.Label())}}})
	}
	return t
}

// localCode is the code that an office gave to a field; a national one has none to be read.
func localCode(f movement.Field) string {
	if f.Code == f.National.String() {
		return "–"
	}
	return f.Code
}

func periodTable(lang i18n.Lang, m movement.Movement) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.MovementpagePeriods), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.MovementpagePeriod, i18n.MovementpageFrom, i18n.MovementpageTo), ui.ColTitle),
	}
	for _, p := range m.Periods {
		t.Rows = append(t.Rows, ui.Row{ID: strconv.Itoa(p.No), Cells: []ui.Cell{
			{Text: p.Name, Href: registerLink(chosen{movement: m, period: p})}, {Text: lang.Date(p.From)}, {Text: lang.Date(p.To)},
		}})
	}
	return t
}

// movementFormView is a form about a movement.
type movementFormView struct {
	desk.Filled
	units desk.UnitChoice
	back  string
}

// movementForm answers a form about a movement: shown first, refused, or done.
func (f *Face) movementForm(w http.ResponseWriter, r *http.Request, title i18n.Key, do func(movementFormView, *webkit.FormReader) (string, i18n.Key, error), show func(ui.Page, movementFormView) templ.Component) error {
	lang := webkit.Lang(r)
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	fill, form := desk.FilledFrom(r)
	fill.Files = title != i18n.MovementpagePeriodNew
	v := movementFormView{Filled: fill, units: desk.UnitChoiceOf(tree, webkit.Actor(r).Scope, f.Now.Today()), back: "/admin/movements"}
	if code := r.PathValue("movement"); code != "" {
		v.back = desk.MovementLink(code)
	}
	status := http.StatusOK
	if v.Sent(r) {
		to, key, err := do(v, form)
		if err == nil {
			return desk.Done(w, r, to, key)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, movementFieldNames()...); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(title), ui.Link{Text: lang.T(i18n.AdminMovements), Href: "/admin/movements"})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, show(p, v))
}

func (f *Face) movementNew(w http.ResponseWriter, r *http.Request) error {
	return f.movementForm(w, r, i18n.MovementpageNew, func(_ movementFormView, form *webkit.FormReader) (string, i18n.Key, error) {
		in := readMovement(form)
		in.Code = form.Text("code", 40)
		in.Period = movement.PeriodInput{Name: form.Text("periodName", 400), From: form.Date("from"), To: form.Date("to")}
		papers, shut, err := paperRows(r, form)
		defer shut()
		if err == nil {
			err = form.Err()
		}
		if err != nil {
			return "", 0, err
		}
		in.Papers = papers
		m, err := f.Movements.Launch(r.Context(), webkit.Actor(r), in)
		return desk.MovementLink(m.Code), i18n.MovementpageMade, err
	}, movementNewPage)
}

// readMovement reads what a movement says of itself.
func readMovement(form *webkit.FormReader) movement.Input {
	return movement.Input{
		Name: form.Text("name", 400), Slogan: form.Text("slogan", 600), Occasion: form.Text("occasion", 600),
		Level: org.Level(form.Text("level", 20)), Unit: form.Text("unit", 100), StandingBody: form.Text("standingBody", 100),
		Upper: form.Text("upper", 40), Follows: form.Text("follows", 40), LaunchedOn: form.Date("launchedOn"),
		Fields: fieldLines(form.Text("fields", 20_000)),
	}
}

// fieldLines reads local fields as they are typed, one to a line: "code; name; national".
func fieldLines(text string) []movement.Field {
	var all []movement.Field
	for line := range strings.Lines(text) {
		parts := strings.Split(strings.TrimSpace(line), ";")
		if len(parts) == 1 && parts[0] == "" {
			continue
		}
		for len(parts) < 3 {
			parts = append(parts, "")
		}
		national, _ := ledger.Parse(ledger.Fields(), strings.TrimSpace(parts[2]))
		all = append(all, movement.Field{Code: strings.TrimSpace(parts[0]), Name: strings.TrimSpace(parts[1]), National: national})
	}
	return all
}

func (f *Face) periodNew(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("movement")
	if _, err := f.Movements.Get(r.Context(), webkit.Actor(r), code); err != nil {
		return err
	}
	return f.movementForm(w, r, i18n.MovementpagePeriodNew, func(v movementFormView, form *webkit.FormReader) (string, i18n.Key, error) {
		in := movement.PeriodInput{Name: form.Text("periodName", 400), From: form.Date("from"), To: form.Date("to")}
		if err := form.Err(); err != nil {
			return "", 0, err
		}
		_, err := f.Movements.OpenPeriod(r.Context(), webkit.Actor(r), code, in)
		return v.back, i18n.MovementpagePeriodMade, err
	}, periodNewPage)
}
