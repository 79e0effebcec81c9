package fieldwork

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// boardLimit is how many entries stand on a page of the board.
const boardLimit = 50

// board lists the entries that go on with how far each has come to a decision.
func (f *Pages) board(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	x, err := f.periodOf(r)
	if err != nil {
		return err
	}
	q := webkit.Query(r)
	tab := practice.Tab(q.Choice("tab", string(practice.TabInProgress), string(practice.TabRecognised)))
	if tab == "" {
		tab = practice.TabInProgress
	}
	list, err := f.Practices.List(r.Context(), who, practice.Query{
		Period: x.period.No, Tab: tab, Slice: ledger.Slice{Sort: ledger.ByName, Cursor: q.Text("cursor", 400), Limit: boardLimit},
	})
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	ids := make([]string, len(list.Rows))
	for i, row := range list.Rows {
		ids[i] = row.Entry
	}
	states, err := f.Appraisals.Standings(r.Context(), who, x.movement.Level, f.Now.Today(), ids)
	if err != nil {
		return err
	}
	ways, err := f.Appraisals.Ways(r.Context(), who, f.Now.Today(), ids)
	if err != nil {
		return err
	}
	v := listView{tables: []ui.Table{boardTable(lang, tree, list.Rows, boardOf{states, ways, who})}}
	for _, x := range states {
		if x.Again {
			v.again++
		}
	}
	other := practice.TabRecognised
	label := i18n.FieldworkShowRecognised
	if tab == other {
		other, label = practice.TabInProgress, i18n.FieldworkShowGoing
	}
	v.actions = append(v.actions, ui.Btn{Text: lang.T(label), Icon: ui.IconFunnel, Href: x.link(desk.AppraisalsPath) + "&tab=" + string(other)})
	if list.Next != "" {
		v.actions = append(v.actions, ui.Btn{Text: lang.T(i18n.FieldworkMore), Icon: ui.IconChevronRight, Href: webkit.Link(r, "cursor", list.Next)})
	}
	return f.list(w, r, x, i18n.FieldworkTitle, v)
}

// boardOf is what the board says of entries: how far they have come, and on which levels.
type boardOf struct {
	states map[string]appraisal.Standing
	ways   map[string]map[org.Level]appraisal.Way
	who    actor.Actor
}

// levels names the levels of an entry's ways of which something holds.
func levels(lang i18n.Lang, ways map[org.Level]appraisal.Way, is func(appraisal.Way) bool) string {
	var all []string
	for _, level := range append([]org.Level{org.NoLevel}, org.Levels()...) {
		if way, ok := ways[level]; ok && is(way) {
			all = append(all, lang.T(level.Label()))
		}
	}
	if len(all) == 0 {
		return lang.T(i18n.FieldworkNo)
	}
	return strings.Join(all, ", ")
}

func boardTable(lang i18n.Lang, tree *org.Tree, rows []ledger.EntryRow, of boardOf) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.FieldworkBoard),
		Columns: desk.Kinds(desk.Columns(lang, i18n.AdminColCode, i18n.AdminColTitle, i18n.AdminColUnit, i18n.FieldworkColResult, i18n.FieldworkColVerdict,
			i18n.FieldworkColPoints, i18n.FieldworkColMinutes, i18n.FieldworkColSubmission), ui.ColCode, ui.ColTitle, ui.ColData, ui.ColData, ui.ColData, ui.ColNumber),
		Empty: ui.EmptyState(ui.IconClipboardList, lang.T(i18n.FieldworkNone), lang.T(i18n.FieldworkNoneText), nil),
	}
	for _, row := range rows {
		x, ways := of.states[row.Entry], of.ways[row.Entry]
		points := "–"
		if x.Verdict != appraisal.NoVerdict && x.Points > 0 {
			points = appraisal.Points(x.Points)
		}
		t.Rows = append(t.Rows, ui.Row{ID: row.Code, Label: row.Title, Cells: []ui.Cell{
			{Text: row.Code},
			{Text: row.Title, Href: entryLink(row.Code)},
			{Text: desk.UnitName(tree, row.Unit, row.RegisteredOn)},
			{Text: has(lang, x.Result)},
			{Text: lang.T(x.Verdict.Label()), Sub: again(lang, x)},
			{Text: points},
			{Text: levels(lang, ways, func(w appraisal.Way) bool { return w.Minutes })},
			{Text: levels(lang, ways, func(w appraisal.Way) bool { return w.Submission })},
		}})
	}
	if of.who.Can(appraisal.RightReport) {
		t.Pick = &ui.Pick{Action: desk.AppraisalsPath + "/choose", Name: "entry"}
		for _, b := range chooses(of.who) {
			t.Pick.Buttons = append(t.Pick.Buttons, ui.Btn{Text: lang.T(b.label), Icon: b.icon, Name: "do", Value: b.do})
		}
	}
	return t
}

// again flags what must be scored again.
func again(lang i18n.Lang, x appraisal.Standing) string {
	if x.Again {
		return lang.T(i18n.FieldworkAgain)
	}
	return ""
}

func has(lang i18n.Lang, yes bool) string {
	if yes {
		return lang.T(i18n.FieldworkYes)
	}
	return lang.T(i18n.FieldworkNo)
}

type choice struct {
	do    string
	label i18n.Key
	icon  ui.Icon
}

// chooses are what can be made of the entries that were chosen.
func chooses(who actor.Actor) []choice {
	all := []choice{{string(appraisal.SelectionMinutes), appraisal.SelectionMinutes.Label(), ui.IconUsers}}
	if who.Can(appraisal.RightAppraise) {
		all = append(all, choice{"visit", i18n.FieldworkVisitNew, ui.IconMapPin}, choice{"verdict", i18n.FieldworkJudge, ui.IconFlag},
			choice{string(appraisal.AppraisalMinutes), appraisal.AppraisalMinutes.Label(), ui.IconScale},
			choice{string(appraisal.Submission), appraisal.Submission.Label(), ui.IconFileText})
	}
	return all
}

// choose leads on with the entries that were chosen.
func (f *Pages) choose(w http.ResponseWriter, r *http.Request) error {
	form := webkit.Form(r)
	entries := form.Texts("entry", 64)
	do := form.Choice("do", append(desk.Texts(appraisal.PaperKinds()), "visit", "verdict")...)
	if len(entries) == 0 {
		form.Errors.Add("", i18n.PracticeNothingChosen)
	}
	if err := form.Err(); err != nil {
		return err
	}
	q := url.Values{"entry": entries}
	if do == "visit" {
		return webkit.Redirect(w, r, visitsPath+"/new?"+q.Encode())
	}
	if do == "verdict" {
		return webkit.Redirect(w, r, verdictsPath+"?"+q.Encode())
	}
	q.Set("kind", do)
	return webkit.Redirect(w, r, papersPath+"/new?"+q.Encode())
}

// silence lists the entries of which nothing was heard.
func (f *Pages) silence(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	x, err := f.periodOf(r)
	if err != nil {
		return err
	}
	const usual = 3
	months := webkit.Query(r).Int("months", 0, appraisal.MaxMonths)
	if months == 0 {
		months = usual
	}
	all, err := f.Appraisals.Silence(r.Context(), webkit.Actor(r), x.period.No, months)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	t := ui.Table{
		Caption: lang.T(i18n.FieldworkSilentSince, months), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.AdminColCode, i18n.AdminColTitle, i18n.AdminColUnit, i18n.FieldworkLast), ui.ColCode, ui.ColTitle),
		Empty:   ui.EmptyState(ui.IconCircleCheck, lang.T(i18n.FieldworkNoSilent), lang.T(i18n.FieldworkNoSilentText), nil),
	}
	for _, e := range all {
		t.Rows = append(t.Rows, ui.Row{ID: e.Entry, Cells: []ui.Cell{
			{Text: e.Code}, {Text: e.Title, Href: entryLink(e.Code)}, {Text: desk.UnitName(tree, e.Unit, e.RegisteredOn)}, {Text: lang.Date(e.Last)},
		}})
	}
	v := listView{tables: []ui.Table{t}}
	for _, n := range []int{1, usual, 6, 12} {
		v.actions = append(v.actions, ui.Btn{Text: lang.T(i18n.FieldworkMonths, n), Small: true, Href: webkit.Link(r, "months", number(n))})
	}
	return f.list(w, r, x, i18n.FieldworkSilent, v)
}

// entryView is everything between reception and recognition about one entry.
type entryView struct {
	code    string
	chain   []chainStep
	again   bool
	cited   string // the version of the criteria in force
	scores  ui.Table
	before  ui.Table
	tables  []ui.Table
	actions []ui.Btn
}

// chainStep is one thing that a decision asks for.
type chainStep struct {
	Text, Sub string
	done      bool
}

func (s chainStep) tone() ui.Tone {
	if s.done {
		return ui.OK
	}
	return ui.Wait
}

// steps are the way of an entry to a decision of its movement's level and, where it came
// further, of each other one.
func steps(lang i18n.Lang, x appraisal.Standing, own org.Level, ways map[org.Level]appraisal.Way) []chainStep {
	all := []chainStep{
		{lang.T(i18n.AppraisalResult), missing(lang, x.Result), x.Result},
		{lang.T(i18n.FieldworkColVerdict), lang.T(x.Verdict.Label()), x.Verdict.Recommends()},
	}
	for _, level := range append([]org.Level{org.NoLevel}, org.Levels()...) {
		way, ok := ways[level]
		if !ok && level != own {
			continue
		}
		on := " · " + lang.T(level.Label())
		if way.Verdict != appraisal.NoVerdict {
			all = append(all, chainStep{lang.T(i18n.FieldworkColVerdict) + on, lang.T(way.Verdict.Label()), way.Verdict.Recommends()})
		}
		minutes := missing(lang, way.Minutes)
		if way.Against && !way.Minutes {
			minutes = lang.T(i18n.FieldworkAgainst)
		}
		all = append(all, chainStep{lang.T(i18n.AppraisalPaperAppraisal) + on, minutes, way.Minutes},
			chainStep{lang.T(i18n.AppraisalPaperSubmission) + on, missing(lang, way.Submission), way.Submission})
	}
	return all
}

func missing(lang i18n.Lang, done bool) string {
	if done {
		return ""
	}
	return lang.T(i18n.FieldworkMissing)
}

// chainOf is the way of one entry.
func (f *Pages) chainOf(r *http.Request, e practice.Entry) ([]chainStep, error) {
	who := webkit.Actor(r)
	m, err := f.Movements.ByPeriod(r.Context(), who, e.Period)
	if err != nil {
		return nil, err
	}
	all, err := f.Appraisals.Standings(r.Context(), who, m.Level, f.Now.Today(), []string{e.ID})
	if err != nil {
		return nil, err
	}
	ways, err := f.Appraisals.Ways(r.Context(), who, f.Now.Today(), []string{e.ID})
	return steps(webkit.Lang(r), all[e.ID], m.Level, ways[e.ID]), err
}

// Block is the way of an entry to a decision, for its page; nothing before it is received.
func (f *Pages) Block(r *http.Request, e practice.Entry) (templ.Component, error) {
	on := f.Now.Today()
	if !webkit.Actor(r).Can(appraisal.RightRead) || !e.Standing.Has(ledger.FigureReceived, on) {
		return templ.NopComponent, nil
	}
	chain, err := f.chainOf(r, e)
	return block(ui.Page{Lang: webkit.Lang(r)}, entryView{code: e.Code, chain: chain}), err
}

// DecisionBlock is how far the entries named in papers of a decision's level have come to it,
// for the page of the decision.
func (f *Pages) DecisionBlock(r *http.Request, d ledger.Decision, recognised []ledger.EntryRow) (templ.Component, error) {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	if !who.Can(appraisal.RightRead) || d.Paper != ledger.PaperDecision {
		return templ.NopComponent, nil
	}
	x, err := f.periodOf(r)
	if errs.Is(err, errs.NotFound) {
		return templ.NopComponent, nil
	}
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(recognised))
	for i, row := range recognised {
		ids[i] = row.Entry
	}
	if len(ids) == 0 {
		if ids, err = f.named(r, x, d); err != nil {
			return nil, err
		}
	}
	all, err := f.Appraisals.Standings(r.Context(), who, d.Level, d.On, ids)
	if err != nil {
		return nil, err
	}
	var list []chainStep
	for _, part := range []struct {
		key i18n.Key
		is  func(appraisal.Standing) bool
	}{
		{i18n.AppraisalResult, func(s appraisal.Standing) bool { return s.Result }},
		{i18n.AppraisalPaperAppraisal, func(s appraisal.Standing) bool { return s.Minutes }},
		{i18n.AppraisalPaperSubmission, func(s appraisal.Standing) bool { return s.Submission }},
	} {
		n := 0
		for _, id := range ids {
			if part.is(all[id]) {
				n++
			}
		}
		list = append(list, chainStep{lang.T(part.key), lang.T(i18n.FieldworkOf, n, len(ids)), n == len(ids) && n > 0})
	}
	return decisionBlock(ui.Page{Lang: lang}, list, x.link(papersPath)), nil
}

// named are the entries that papers on the level of a decision name, of its day or before.
func (f *Pages) named(r *http.Request, x at, d ledger.Decision) ([]string, error) {
	who := webkit.Actor(r)
	papers, _, err := f.Appraisals.Papers(r.Context(), who, appraisal.Page{Period: x.period.No})
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, p := range papers {
		if p.Level != d.Level || p.On > d.On || p.Voided() {
			continue
		}
		whole, err := f.Appraisals.Paper(r.Context(), who, p.ID)
		if err != nil {
			return nil, err
		}
		for _, e := range whole.Entries {
			ids = append(ids, e.Entry)
		}
		const most = 4
		if len(ids) > 0 && len(papers) > most { // the latest papers are those that lead to it
			break
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}
