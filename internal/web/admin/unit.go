package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) unitRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get("/admin/units", org.RightRead, f.unitList),
		desk.Get("/admin/units/new", org.RightManage, f.unitNew),
		desk.Post("/admin/units/new", org.RightManage, f.unitNew),
		desk.Get("/admin/units/reorganise", org.RightManage, f.unitReorganise),
		desk.Post("/admin/units/reorganise", org.RightManage, f.unitReorganise),
		desk.Get("/admin/units/{code}", org.RightRead, f.unit),
		desk.Get("/admin/units/{code}/rename", org.RightManage, f.unitRename),
		desk.Post("/admin/units/{code}/rename", org.RightManage, f.unitRename),
		desk.Get("/admin/units/{code}/move", org.RightManage, f.unitMove),
		desk.Post("/admin/units/{code}/move", org.RightManage, f.unitMove),
	}
}

const unitLimit = 100

// unitLine is a unit in the list: how deep it hangs among those shown, and how many hang
// under it.
type unitLine struct {
	unit     org.Unit
	depth    int
	children int
	above    string
}

// unitListView is the list of units as of a day.
type unitListView struct {
	desk.Filled
	on      clock.Date
	under   org.Unit
	chips   []ui.Chip
	units   desk.UnitChoice
	lines   []unitLine
	paging  ui.Paging
	actions []templ.Component
}

func (f *Face) unitList(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	q := webkit.Query(r)
	p, err := f.Page(r, lang.T(i18n.AdminUnits))
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	v := unitListView{Filled: desk.Filled{Values: q.Values}, on: q.Date("on")}
	if v.on == 0 {
		v.on = f.Now.Today()
	}
	visible, err := f.Org.List(ctx, who, v.on)
	if err != nil {
		return err
	}
	name, kind := q.Text("q", 200), org.Kind(q.Choice("kind", desk.Texts(org.Kinds())...))
	status := http.StatusOK
	if code := desk.UnitCode(tree, who.Scope, v.on, q.Text("under", 300)); code != "" {
		if v.under, err = f.Org.Get(ctx, who, code); err != nil {
			q.Errors.Add("under", i18n.OrgNotFound)
		}
	}
	if err := q.Err(); err != nil {
		status, _ = v.Refuse(lang, err, "on", "kind", "under", "q")
		visible = nil
	}
	lines := unitLines(tree, visible, v.under, v.on)
	if name != "" || kind != "" {
		lines = matching(lines, name, kind)
	}
	v.lines, v.paging = unitPage(r, lines, q.Text("after", 64))
	v.units, v.chips = desk.UnitChoiceOf(tree, who.Scope, v.on), v.chipsOf(r, name, kind)
	if who.Can(org.RightManage) {
		v.actions = []templ.Component{
			ui.LinkButton(ui.Btn{Text: lang.T(i18n.DeskUnitReorganise), Icon: ui.IconGitBranch, Href: "/admin/units/reorganise"}),
			ui.LinkButton(ui.Btn{Text: lang.T(i18n.DeskUnitNew), Icon: ui.IconPlus, Kind: ui.Primary, Href: "/admin/units/new"}),
		}
	}
	return desk.Render(w, r, status, unitListPage(p, v))
}

// unitLines puts units into the order of a tree: each before those that hang under it.
func unitLines(tree *org.Tree, visible []org.Unit, under org.Unit, on clock.Date) []unitLine {
	shown := map[string]bool{}
	for _, u := range visible {
		shown[u.ID] = true
	}
	children := map[string][]org.Unit{}
	names := map[string]string{}
	for _, u := range visible {
		parent := ""
		if above := tree.Above(u.ID, on); len(above) > 1 {
			up := above[len(above)-2]
			names[u.ID] = up.NameOn(on)
			if shown[up.ID] {
				parent = up.ID
			}
		}
		children[parent] = append(children[parent], u)
	}
	var lines []unitLine
	var walk func(units []org.Unit, depth int)
	walk = func(units []org.Unit, depth int) {
		for _, u := range units {
			lines = append(lines, unitLine{unit: u, depth: depth, children: len(children[u.ID]), above: names[u.ID]})
			walk(children[u.ID], depth+1)
		}
	}
	if under.ID != "" {
		children[""] = slices.DeleteFunc(slices.Clone(visible), func(u org.Unit) bool { return u.ID != under.ID })
	}
	walk(children[""], 0)
	return lines
}

// matching keeps the lines whose name or code holds the text, however its diacritics are
// typed, and takes them out of the tree.
func matching(lines []unitLine, text string, kind org.Kind) []unitLine {
	folded := viet.Fold(text)
	var kept []unitLine
	for _, l := range lines {
		byName := slices.ContainsFunc(l.unit.Names, func(n org.Name) bool { return strings.Contains(viet.Fold(n.Name), folded) })
		if (kind == "" || l.unit.Kind == kind) && (byName || strings.Contains(strings.ToLower(l.unit.Code), strings.ToLower(text))) {
			l.depth = 0
			kept = append(kept, l)
		}
	}
	return kept
}

// unitPage cuts the page after a code out of the lines.
func unitPage(r *http.Request, lines []unitLine, after string) ([]unitLine, ui.Paging) {
	from := 1 + slices.IndexFunc(lines, func(l unitLine) bool { return l.unit.Code == after })
	to := min(from+unitLimit, len(lines))
	paging := ui.Paging{Shown: to - from, Total: len(lines)}
	if to < len(lines) {
		paging.Next = webkit.Link(r, "after", lines[to-1].unit.Code)
	}
	switch back := from - unitLimit; {
	case from == 0:
	case back <= 0:
		paging.Prev = webkit.Link(r, "after", "")
	default:
		paging.Prev = webkit.Link(r, "after", lines[back-1].unit.Code)
	}
	return lines[from:to], paging
}

func (v unitListView) chipsOf(r *http.Request, name string, kind org.Kind) []ui.Chip {
	lang := webkit.Lang(r)
	var chips []ui.Chip
	if name != "" {
		chips = append(chips, ui.Chip{Text: lang.T(i18n.DeskChipName, name), Remove: webkit.Link(r, "q", "", "after", "")})
	}
	if kind != "" {
		chips = append(chips, ui.Chip{Text: lang.T(kind.Label()), Remove: webkit.Link(r, "kind", "", "after", "")})
	}
	if v.under.ID != "" {
		chips = append(chips, ui.Chip{Text: lang.T(i18n.DeskChipUnder, v.under.NameOn(v.on)), Remove: webkit.Link(r, "under", "", "after", "")})
	}
	return chips
}

func (v unitListView) table(lang i18n.Lang) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.AdminUnits),
		Columns: desk.Kinds(desk.Columns(lang, i18n.AdminColUnit, i18n.AdminColCode, i18n.DeskColUnitKind, i18n.AdminColLevel, i18n.DeskColChildren),
			ui.ColTitle, ui.ColCode, ui.ColData, ui.ColData, ui.ColNumber),
		Empty: ui.EmptyState(ui.IconBuilding2, lang.T(i18n.DeskUnitNone), lang.T(i18n.AdminNothingText), nil),
	}
	for _, l := range v.lines {
		children := ui.Cell{Text: "–"}
		if l.children > 0 {
			children = ui.Cell{Text: lang.Number(l.children), Href: "/admin/units?" + url.Values{"under": {l.unit.Code}, "on": {v.on.String()}}.Encode()}
		}
		name := ui.Cell{Body: unitNameLine(l, v.on)}
		if l.depth == 0 {
			name.Sub = l.above
		}
		t.Rows = append(t.Rows, ui.Row{ID: l.unit.ID, Cells: []ui.Cell{
			name, {Text: l.unit.Code}, {Text: lang.T(l.unit.Kind.Label())}, {Text: levelWord(lang, l.unit.LevelOn(v.on))}, children,
		}})
	}
	return t
}

// levelWord is the word for a level; a dash where there is none.
func levelWord(lang i18n.Lang, l org.Level) string {
	if l == org.NoLevel {
		return "–"
	}
	return lang.T(l.Label())
}

// unitView is a unit with its history.
type unitView struct {
	unit    org.Unit
	on      clock.Date
	tree    *org.Tree
	scope   actor.Scope
	above   []org.Unit
	below   []org.Unit
	events  []org.Event
	actions []templ.Component
	links   []ui.Btn
}

func (f *Face) unit(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	u, err := f.Org.Get(ctx, who, r.PathValue("code"))
	if err != nil {
		return err
	}
	v := unitView{unit: u, scope: who.Scope, on: f.Now.Today()}
	if !u.On(v.on) { // one that has ended is shown as it was on its last day
		v.on = max(u.From, u.To-1)
	}
	if v.tree, err = f.Org.Current(ctx); err != nil {
		return err
	}
	if v.events, err = f.Org.Events(ctx, who, u.Code); err != nil {
		return err
	}
	for _, up := range v.tree.Above(u.ID, v.on) {
		if up.ID != u.ID && v.tree.InScope(who.Scope, up.ID) {
			v.above = append(v.above, up)
		}
	}
	for _, c := range v.tree.Children(u.ID, v.on) {
		if v.tree.InScope(who.Scope, c.ID) {
			v.below = append(v.below, c)
		}
	}
	v.offer(lang, who)
	crumbs := []ui.Link{{Text: lang.T(i18n.AdminUnits), Href: "/admin/units"}}
	for _, up := range v.above {
		crumbs = append(crumbs, ui.Link{Text: up.NameOn(v.on), Href: unitLink(up)})
	}
	p, err := f.Page(r, u.NameOn(v.on), crumbs...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, unitPageOf(p, v))
}

func unitLink(u org.Unit) string { return "/admin/units/" + u.Code }

// offer lists what can be done with the unit, and where its other sides are seen.
func (v *unitView) offer(lang i18n.Lang, who actor.Actor) {
	code := url.QueryEscape(v.unit.Code)
	v.links = append(v.links,
		ui.Btn{Text: lang.T(i18n.DeskUnitEntries), Icon: ui.IconClipboardList, Href: "/admin/entries?unit=" + code},
		ui.Btn{Text: lang.T(i18n.AdminFigures), Icon: ui.IconFunnel, Href: "/admin/figures?unit=" + code},
		ui.Btn{Text: lang.T(i18n.LetterheadTitle), Icon: ui.IconFileText, Href: desk.LetterheadLink(v.unit.Code)})
	if !who.Can(org.RightManage) || v.unit.To != 0 {
		return
	}
	for _, b := range []ui.Btn{
		{Text: lang.T(i18n.DeskUnitRename), Icon: ui.IconPencil, Href: unitLink(v.unit) + "/rename"},
		{Text: lang.T(i18n.DeskUnitMove), Icon: ui.IconNetwork, Href: unitLink(v.unit) + "/move"},
		{Text: lang.T(i18n.DeskUnitReorganise), Icon: ui.IconGitBranch, Href: "/admin/units/reorganise?unit=" + code},
		{Text: lang.T(i18n.DeskUnitNewBelow), Icon: ui.IconPlus, Href: "/admin/units/new?parent=" + code},
	} {
		v.actions = append(v.actions, ui.LinkButton(b))
	}
}

func (v unitView) facts(lang i18n.Lang) []ui.Definition {
	facts := []ui.Definition{
		{Term: lang.T(i18n.AdminColCode), Text: v.unit.Code},
		{Term: lang.T(i18n.DeskColUnitKind), Text: lang.T(v.unit.Kind.Label())},
		{Term: lang.T(i18n.AdminColLevel), Text: levelWord(lang, v.unit.LevelOn(v.on))},
		{Term: lang.T(i18n.DeskValidFrom), Text: lang.Date(v.unit.From)},
	}
	if v.unit.To != 0 {
		facts = append(facts, ui.Definition{Term: lang.T(i18n.DeskEndedOn), Text: lang.Date(v.unit.To)})
	}
	return facts
}

// spanText is "from – to": the last day is the one before that on which it ends.
func spanText(lang i18n.Lang, s org.Span) string {
	if s.To == 0 {
		return lang.T(i18n.DeskSince, s.From)
	}
	return lang.T(i18n.DeskFromTo, s.From, s.To-1)
}

func (v unitView) nameTable(lang i18n.Lang) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.DeskUnitNames), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.AdminColName, i18n.AdminColLevel, i18n.DeskColValid), ui.ColTitle),
	}
	for i, n := range v.unit.Names {
		span := n.Span
		if span.To == 0 {
			span.To = v.unit.To
		}
		t.Rows = append(t.Rows, ui.Row{ID: strconv.Itoa(i), Cells: []ui.Cell{
			{Text: n.Name}, {Text: levelWord(lang, n.Level)}, {Text: spanText(lang, span)},
		}})
	}
	return t
}

func (v unitView) parentTable(lang i18n.Lang) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.DeskUnitParents), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.DeskColParent, i18n.DeskColTree, i18n.DeskColCounts, i18n.DeskColValid), ui.ColTitle),
		Empty:   ui.EmptyState(ui.IconNetwork, lang.T(i18n.DeskUnitNoParent), "", nil),
	}
	for i, link := range v.unit.Parents {
		counts := "–"
		if link.Counts {
			counts = lang.T(i18n.DeskCounts)
		}
		day := v.on
		if link.To != 0 {
			day = link.To - 1
		}
		t.Rows = append(t.Rows, ui.Row{ID: strconv.Itoa(i), Cells: []ui.Cell{
			v.cell(link.Unit, max(link.From, day)), {Text: lang.T(link.Tree.Label())}, {Text: counts}, {Text: spanText(lang, link.Span)},
		}})
	}
	return t
}

// cell names a unit on a day, with a link where the actor may see it.
func (v unitView) cell(id string, on clock.Date) ui.Cell {
	u, ok := v.tree.Unit(id)
	if !ok {
		return ui.Cell{Text: "–"}
	}
	cell := ui.Cell{Text: u.NameOn(on)}
	if v.tree.InScope(v.scope, id) {
		cell.Href = unitLink(u)
	}
	return cell
}

func (v unitView) childTable(lang i18n.Lang) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.DeskUnitChildren), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.AdminColUnit, i18n.AdminColCode, i18n.DeskColUnitKind, i18n.AdminColLevel), ui.ColTitle, ui.ColCode),
	}
	for _, c := range v.below {
		t.Rows = append(t.Rows, ui.Row{ID: c.ID, Cells: []ui.Cell{
			{Text: c.NameOn(v.on), Href: unitLink(c)}, {Text: c.Code}, {Text: lang.T(c.Kind.Label())}, {Text: levelWord(lang, c.LevelOn(v.on))},
		}})
	}
	return t
}

// eventTable is what happened to the unit: each line one unit that went into another.
func (v unitView) eventTable(lang i18n.Lang) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.DeskUnitEvents), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.DeskColEvent, i18n.DeskColBefore, i18n.DeskColAfter, i18n.DeskColWhole, i18n.DeskColBasis), ui.ColTitle),
	}
	for _, e := range v.events {
		for i, x := range e.Successions {
			before, after := v.cell(x.From, e.On-1), v.cell(x.To, e.On)
			whole := i18n.DeskPart
			if x.Whole {
				whole = i18n.DeskWhole
			}
			part := lang.T(whole)
			switch {
			case e.Kind == org.Abolish && x.From == x.To:
				after, part = ui.Cell{Text: "–"}, "–"
			case e.Kind == org.Move:
				before, after = v.left(e), v.moved(e)
				part = "–"
			case e.Kind == org.Rename:
				before.Href, after.Href, part = "", "", "–"
			}
			t.Rows = append(t.Rows, ui.Row{ID: e.ID + strconv.Itoa(i), Cells: []ui.Cell{
				{Text: lang.T(e.Kind.Label()), Sub: lang.Date(e.On)}, before, after, {Text: part}, {Text: basis(e)},
			}})
		}
	}
	return t
}

// left is the parent under which the unit was counted before it was moved.
func (v unitView) left(e org.Event) ui.Cell {
	for _, link := range v.unit.Parents {
		if link.Counts && link.To == e.On {
			return v.cell(link.Unit, e.On-1)
		}
	}
	return ui.Cell{Text: "–"}
}

// moved is the parent under which a unit was hung; the event notes its code.
func (v unitView) moved(e org.Event) ui.Cell {
	up, ok := v.tree.ByCode(e.Note)
	if !ok {
		return ui.Cell{Text: e.Note}
	}
	return v.cell(up.ID, e.On)
}

func basis(e org.Event) string {
	if e.Kind == org.Rename || e.Kind == org.Move || e.Note == "" {
		return e.Decision
	}
	return strings.Trim(e.Decision+" – "+e.Note, " –")
}
