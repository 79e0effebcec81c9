package steering

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) criteriaRoutes() []webkit.Route {
	const of = one + "/criteria/{subjects}"
	return []webkit.Route{
		desk.Get(one+"/criteria", movement.RightRead, f.criteria),
		desk.Post(one+"/criteria/sample", movement.RightManage, f.planFromSample),
		desk.Get(of+"/sheet", movement.RightRead, f.criteriaSheet),
		desk.Get(of+"/compare", movement.RightRead, f.criteriaCompare),
		desk.Get(of+"/edit", movement.RightManage, f.criteriaEdit),
		desk.Post(of+"/edit", movement.RightManage, f.criteriaEdit),
		desk.Get(of+"/enforce", movement.RightManage, f.criteriaEnforce),
		desk.Post(of+"/enforce", movement.RightManage, f.criteriaEnforce),
		desk.Get(of+"/drop", movement.RightManage, f.criteriaDrop),
		desk.Post(of+"/drop", movement.RightManage, f.criteriaDrop),
	}
}

// criteriaOf are the versions of one kind's criteria, as a page looks at them.
type criteriaOf struct {
	asked
	kind     ledger.SubjectKind
	versions []movement.CriteriaSet // own ones, the newest first
	above    movement.CriteriaSet   // inherited; none has no identity
	at       string
}

// draft is the version that is being written; none has the version 0.
func (c criteriaOf) draft() movement.CriteriaSet {
	for _, set := range c.versions {
		if set.Draft() {
			return set
		}
	}
	return movement.CriteriaSet{Kind: c.kind}
}

// inForce is the version in force on a day, an inherited one too.
func (c criteriaOf) inForce(on clock.Date) (movement.CriteriaSet, bool) {
	best := c.above
	for _, set := range slices.Backward(c.versions) { // of two of one day the newer one
		if !set.Draft() && set.On <= on && (best.ID == c.above.ID || set.On >= best.On) {
			best = set
		}
	}
	return best, best.ID != ""
}

// version finds a version by its number; 0 is the one to be looked at first.
func (c criteriaOf) version(no int, today clock.Date) (movement.CriteriaSet, error) {
	for _, set := range c.versions {
		if set.No == no {
			return set, nil
		}
	}
	set, ok := c.inForce(today)
	if !ok && len(c.versions) > 0 {
		set, ok = c.versions[0], true
	}
	if !ok || no != 0 {
		return set, errs.New(errs.NotFound, i18n.MovementNoCriteria)
	}
	return set, nil
}

func (c criteriaOf) under(r *http.Request) []ui.Link {
	lang := webkit.Lang(r)
	return c.crumbs(lang, ui.Link{Text: lang.T(i18n.SteeringCriteria), Href: c.asked.at + "/criteria"})
}

func (f *Face) criteriaAsked(r *http.Request, kind ledger.SubjectKind) (criteriaOf, error) {
	a, err := f.asked(r)
	if err != nil {
		return criteriaOf{}, err
	}
	own, inherited, err := f.Movements.CriteriaSets(r.Context(), webkit.Actor(r), a.movement.Code)
	if err != nil {
		return criteriaOf{}, err
	}
	return a.criteria(kind, own, inherited), nil
}

func (a asked) criteria(kind ledger.SubjectKind, own, inherited []movement.CriteriaSet) criteriaOf {
	c := criteriaOf{asked: a, kind: kind, at: a.at + "/criteria/" + kind.String()}
	for _, set := range own {
		if set.Kind == kind {
			c.versions = append(c.versions, set)
		}
	}
	for _, set := range inherited {
		if set.Kind == kind {
			c.above = set
		}
	}
	return c
}

// kindAsked is the kind of subject that the address names.
func kindAsked(r *http.Request) (ledger.SubjectKind, error) {
	kind, ok := ledger.Parse(ledger.SubjectKinds(), r.PathValue("subjects"))
	if !ok {
		return 0, desk.NotFound()
	}
	return kind, nil
}

func (f *Face) criteriaOfKind(r *http.Request) (criteriaOf, error) {
	kind, err := kindAsked(r)
	if err != nil {
		return criteriaOf{}, err
	}
	return f.criteriaAsked(r, kind)
}

// kindView is what the page of criteria shows of one kind.
type kindView struct {
	criteriaOf
	set      movement.CriteriaSet // the one shown; none has no identity
	table    ui.Table
	versions ui.Table
	buttons  []ui.Btn
}

// criteriaView is the criteria of every kind.
type criteriaView struct {
	asked
	tabs  []ui.Tab
	kinds []kindView
	empty bool // there is no plan, and a sample can be taken
}

func (f *Face) criteria(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	a, err := f.asked(r)
	if err != nil {
		return err
	}
	own, inherited, err := f.Movements.CriteriaSets(r.Context(), webkit.Actor(r), a.movement.Code)
	if err != nil {
		return err
	}
	v := criteriaView{asked: a, tabs: a.tabs(lang, "/criteria"), empty: a.keeps && len(own)+len(inherited) == 0}
	for _, kind := range ledger.SubjectKinds() {
		v.kinds = append(v.kinds, f.kindView(lang, a.criteria(kind, own, inherited)))
	}
	if v.empty {
		c, err := f.Movements.Calendar(r.Context(), webkit.Actor(r), a.movement.Code, a.movement.Periods[len(a.movement.Periods)-1].No)
		if err != nil {
			return err
		}
		v.empty = len(c.Phases)+len(c.Duties) == 0
	}
	p, err := f.Page(r, lang.T(i18n.SteeringCriteria), a.crumbs(lang)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, criteriaPage(p, v))
}

func (f *Face) kindView(lang i18n.Lang, c criteriaOf) kindView {
	v := kindView{criteriaOf: c}
	if set, err := c.version(0, f.Now.Today()); err == nil {
		v.set = set
		v.table = criteriaTable(lang, set)
		v.buttons = append(v.buttons, ui.Btn{Text: lang.T(i18n.SteeringSheet), Icon: ui.IconPrinter, Href: c.at + "/sheet" + versionQuery(c, set)})
	}
	if c.keeps {
		draft := c.draft()
		edit := ui.Btn{Text: lang.T(i18n.SteeringCriteriaNew), Icon: ui.IconPlus, Href: c.at + "/edit"}
		switch {
		case draft.Version > 0:
			edit.Text, edit.Icon = lang.T(i18n.SteeringDraftEdit), ui.IconPencil
		case v.set.ID != "":
			edit.Text, edit.Icon = lang.T(i18n.SteeringCriteriaChange), ui.IconPencil
		}
		v.buttons = append(v.buttons, edit)
		if draft.Version > 0 {
			v.buttons = append(v.buttons,
				ui.Btn{Text: lang.T(i18n.SteeringEnforce), Icon: ui.IconCircleCheck, Href: c.at + "/enforce"},
				ui.Btn{Text: lang.T(i18n.SteeringDrop), Icon: ui.IconTrash2, Kind: ui.Danger, Href: c.at + "/drop"})
		}
	}
	if len(c.versions) > 1 {
		v.buttons = append(v.buttons, ui.Btn{Text: lang.T(i18n.SteeringCompare), Icon: ui.IconColumns3, Href: c.at + "/compare"})
		v.versions = versionTable(lang, c)
	}
	return v
}

// versionQuery asks for a version of one's own by its number.
func versionQuery(c criteriaOf, set movement.CriteriaSet) string {
	if set.ID == c.above.ID {
		return ""
	}
	return "?no=" + strconv.Itoa(set.No)
}

// versionTone is the word for where a version stands, and its colour.
func versionWord(lang i18n.Lang, c criteriaOf, set movement.CriteriaSet) (string, ui.Tone) {
	switch {
	case set.ID == c.above.ID:
		return lang.T(i18n.SteeringInherited, set.Movement), ui.OK
	case set.Draft():
		return lang.T(i18n.SteeringDraft), ui.Wait
	default:
		return lang.T(i18n.SteeringInForce, set.On), ui.OK
	}
}

func versionTable(lang i18n.Lang, c criteriaOf) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.SteeringVersions), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.SteeringVersion, i18n.SteeringState, i18n.SteeringReason, i18n.SteeringUsed), ui.ColTitle, ui.ColStatus),
	}
	for _, set := range c.versions {
		word, tone := versionWord(lang, c, set)
		used := "–"
		if set.Used {
			used = lang.T(i18n.SteeringUsedYes)
		}
		t.Rows = append(t.Rows, ui.Row{ID: set.ID, Cells: []ui.Cell{
			{Text: lang.T(i18n.SteeringVersionNo, set.No), Href: c.at + "/sheet" + versionQuery(c, set)}, {Text: word, Tone: tone}, {Text: desk.OrDash(set.Reason)}, {Text: used},
		}})
	}
	return t
}

// points writes hundredths as a number: 2,5.
func points(lang i18n.Lang, n int) string {
	text := strconv.Itoa(n / 100)
	comma := ","
	if lang == i18n.En {
		comma = "."
	}
	switch rest := n % 100; {
	case rest == 0:
		return text
	case rest%10 == 0:
		return text + comma + strconv.Itoa(rest/10)
	case rest < 10:
		return text + comma + "0" + strconv.Itoa(rest)
	default:
		return text + comma + strconv.Itoa(rest)
	}
}

func capText(lang i18n.Lang, n int) string {
	if n == 0 {
		return "–"
	}
	return points(lang, n)
}

func criteriaTable(lang i18n.Lang, set movement.CriteriaSet) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.SteeringCriteriaOf, set.Kind.Label()),
		Columns: desk.Kinds(desk.Columns(lang, i18n.SteeringCriterion, i18n.SteeringMost, i18n.SteeringWeight, i18n.SteeringEvidence, i18n.SteeringKindOf),
			ui.ColTitle, ui.ColNumber, ui.ColNumber),
	}
	for _, g := range set.Groups {
		for _, c := range g.Criteria {
			sub := g.Name
			if c.Help != "" {
				sub += " · " + c.Help
			}
			t.Rows = append(t.Rows, ui.Row{ID: c.ID, Cells: []ui.Cell{
				{Text: c.Name, Sub: sub},
				{Text: points(lang, c.Most)},
				{Text: "× " + points(lang, c.Weight)},
				{Text: lang.T(c.Evidence.Label())},
				{Text: criterionWords(lang, c)},
			}})
		}
	}
	most, bonus := set.Most()
	t.Foot = []ui.Row{{Cells: []ui.Cell{
		{Text: lang.T(i18n.SteeringTotal)}, {Text: points(lang, most)}, {}, {}, {Text: lang.T(i18n.SteeringOfBonus, points(lang, bonus))},
	}}}
	return t
}

// criterionWords says what is particular about a criterion.
func criterionWords(lang i18n.Lang, c movement.Criterion) string {
	text := ""
	if c.Mandatory {
		text = lang.T(i18n.SteeringMandatory)
	}
	if c.Bonus {
		if text != "" {
			text += ", "
		}
		text += lang.T(i18n.SteeringBonus)
	}
	return desk.OrDash(text)
}

// sheetView is the sheet on which somebody scores by hand.
type sheetView struct {
	set      movement.CriteriaSet
	host     string
	movement string
	state    string
}

// criteriaSheet shows a version as the sheet that is filled on paper.
func (f *Face) criteriaSheet(w http.ResponseWriter, r *http.Request) error {
	lang, q := webkit.Lang(r), webkit.Query(r)
	c, err := f.criteriaOfKind(r)
	if err != nil {
		return err
	}
	no := q.Int("no", 0, 1<<20)
	if err := q.Err(); err != nil {
		return err
	}
	set, err := c.version(no, f.Now.Today())
	if err != nil {
		return err
	}
	host, _ := c.tree.Unit(c.movement.Unit)
	state, _ := versionWord(i18n.Vi, c, set)
	p, err := f.Page(r, lang.T(i18n.SteeringSheet), c.under(r)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, sheetPage(p, sheetView{set: set, host: host.NameOn(c.period.From), movement: c.movement.Name, state: state}))
}

// compareView is two versions side by side.
type compareView struct {
	criteriaOf
	a, b    int
	options []ui.OptionGroup
	table   ui.Table
	action  string
}

// criteriaCompare shows what differs between two versions.
func (f *Face) criteriaCompare(w http.ResponseWriter, r *http.Request) error {
	lang, q := webkit.Lang(r), webkit.Query(r)
	c, err := f.criteriaOfKind(r)
	if err != nil {
		return err
	}
	v := compareView{criteriaOf: c, a: q.Int("a", 0, 1<<20), b: q.Int("b", 0, 1<<20), action: c.at + "/compare"}
	if err := q.Err(); err != nil {
		return err
	}
	var options []ui.Option
	for _, set := range c.versions {
		word, _ := versionWord(lang, c, set)
		options = append(options, ui.Option{Value: strconv.Itoa(set.No), Text: lang.T(i18n.SteeringVersionNo, set.No) + ", " + word})
	}
	v.options = ui.Options(options...)
	if n := len(c.versions); n > 1 {
		if v.a == 0 {
			v.a = c.versions[1].No
		}
		if v.b == 0 {
			v.b = c.versions[0].No
		}
		old, err := c.version(v.a, f.Now.Today())
		if err != nil {
			return err
		}
		fresh, err := c.version(v.b, f.Now.Today())
		if err != nil {
			return err
		}
		v.table = differences(lang, old, fresh)
	}
	p, err := f.Page(r, lang.T(i18n.SteeringCompare), c.under(r)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, comparePage(p, v))
}

// differences lists what one version has otherwise than another.
func differences(lang i18n.Lang, old, fresh movement.CriteriaSet) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.SteeringCompare),
		Columns: desk.Kinds(desk.Columns(lang, i18n.SteeringCriterion, i18n.SteeringBefore, i18n.SteeringAfter), ui.ColTitle),
		Empty:   ui.EmptyState(ui.IconCheck, lang.T(i18n.SteeringNoDifference), lang.T(i18n.SteeringNoDifferenceText), nil),
	}
	row := func(name, before, after string) {
		if before != after {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: name}, {Text: before}, {Text: after}}})
		}
	}
	row(lang.T(i18n.SteeringBonusCap), capText(lang, old.BonusCap), capText(lang, fresh.BonusCap))
	for _, g := range old.Groups {
		after := lang.T(i18n.SteeringNone)
		for _, x := range fresh.Groups {
			if x.Name == g.Name {
				after = capText(lang, x.Cap)
			}
		}
		row(lang.T(i18n.SteeringCapOf, g.Name), capText(lang, g.Cap), after)
	}
	for _, c := range old.All() {
		after := lang.T(i18n.SteeringRemoved)
		if x, ok := fresh.Find(c.ID); ok {
			after = criterionLine(lang, x)
		}
		row(c.Name, criterionLine(lang, c), after)
	}
	for _, c := range fresh.All() {
		if _, ok := old.Find(c.ID); !ok {
			row(c.Name, lang.T(i18n.SteeringNone), criterionLine(lang, c))
		}
	}
	return t
}

func criterionLine(lang i18n.Lang, c movement.Criterion) string {
	return lang.T(i18n.SteeringLine, c.Name, points(lang, c.Most), points(lang, c.Weight), c.Evidence.Label(), criterionWords(lang, c))
}

// planFromSample takes the plan that the program brings along.
func (f *Face) planFromSample(w http.ResponseWriter, r *http.Request) error {
	a, err := f.asked(r)
	if err != nil {
		return err
	}
	if _, err := f.Movements.PlanFromSample(r.Context(), webkit.Actor(r), a.movement.Code); err != nil {
		return err
	}
	return desk.Done(w, r, a.at+"/criteria", i18n.SteeringSampleTaken)
}
