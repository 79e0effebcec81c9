package admin

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) decisionRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get("/admin/decisions", movement.RightRead, f.decisions),
		desk.Get("/admin/decisions/new", movement.RightDecide, f.decisionNew),
		desk.Post("/admin/decisions/new", movement.RightDecide, f.decisionNew),
		desk.Get("/admin/decisions/{decision}", movement.RightRead, f.decision),
		desk.Get("/admin/decisions/{decision}/recognise", practice.RightRecognise, f.decisionRecognise),
		desk.Post("/admin/decisions/{decision}/recognise", practice.RightRecognise, f.decisionRecognise),
		desk.Get("/admin/decisions/{decision}/typical", practice.RightRecognise, f.decisionTypical),
		desk.Post("/admin/decisions/{decision}/typical", practice.RightRecognise, f.decisionTypical),
		desk.Get("/admin/decisions/{decision}/give", award.RightGive, f.decisionGive),
		desk.Post("/admin/decisions/{decision}/give", award.RightGive, f.decisionGive),
	}
}

// decisionsView is the list of decisions and minutes.
type decisionsView struct {
	table   ui.Table
	mayMake bool
	older   string
}

const decisionLimit = 50

func (f *Face) decisions(w http.ResponseWriter, r *http.Request) error {
	lang, who, q := webkit.Lang(r), webkit.Actor(r), webkit.Query(r)
	before := q.Date("before")
	if err := q.Err(); err != nil {
		return err
	}
	all, err := f.Movements.Decisions(r.Context(), who, before, decisionLimit)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	v := decisionsView{mayMake: who.Can(movement.RightDecide)}
	v.table = ui.Table{
		Caption: lang.T(i18n.AdminDecisions),
		Columns: desk.Kinds(desk.Columns(lang, i18n.DecisionNumber, i18n.DecisionTitle, i18n.DecisionAuthority, i18n.DecisionSigned, i18n.DecisionEffective), ui.ColCode, ui.ColTitle),
		Empty:   ui.EmptyState(ui.IconFileText, lang.T(i18n.DecisionNone), lang.T(i18n.DecisionNoneText), nil),
	}
	for _, d := range all {
		v.table.Rows = append(v.table.Rows, ui.Row{ID: d.ID, Cells: []ui.Cell{
			{Text: d.Number},
			{Text: d.Title, Href: desk.DecisionLink(d.ID), Sub: lang.T(desk.PaperKindWord(d.Paper))},
			{Text: desk.UnitName(tree, d.Authority, d.SignedOn)},
			{Text: lang.Date(d.SignedOn)},
			{Text: lang.Date(d.On)},
		}})
	}
	if len(all) >= decisionLimit {
		v.older = webkit.Link(r, "before", all[len(all)-1].SignedOn.String())
	}
	p, err := f.Page(r, lang.T(i18n.AdminDecisions))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, decisionsPage(p, v))
}

// decisionView is a decision with what rests on it.
type decisionView struct {
	decision                    ledger.Decision
	facts                       []ui.Definition
	recognised, typical, honour ui.Table
	chain                       templ.Component // the papers that lead to it
	actions                     []ui.Btn
	made                        []ui.Btn // papers that are made of it
}

func (f *Face) decision(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	d, err := f.Movements.Decision(r.Context(), who, r.PathValue("decision"))
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	v := decisionView{decision: d, chain: templ.NopComponent, facts: decisionFacts(lang, tree, d), actions: decisionActions(lang, who, d)}
	if who.Can(practice.RightRead) {
		under, err := f.Practices.Under(r.Context(), who, d.ID)
		if err != nil {
			return err
		}
		v.recognised = actTable(lang, tree, i18n.DecisionRecognised, under[ledger.Recognised])
		if v.chain, err = f.Fieldwork.DecisionBlock(r, d, under[ledger.Recognised]); err != nil {
			return err
		}
		v.typical = actTable(lang, tree, i18n.DecisionTypical, under[ledger.Typical])
	}
	if who.Can(award.RightRead) {
		if v.honour, err = f.honourTable(r, d); err != nil {
			return err
		}
	}
	v.made = decisionPapers(lang, who, v)
	p, err := f.Page(r, d.Title, ui.Link{Text: lang.T(i18n.AdminDecisions), Href: "/admin/decisions"})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, decisionPage(p, v))
}

// decisionPapers are those that a decision becomes by what rests on it.
func decisionPapers(lang i18n.Lang, who actor.Actor, v decisionView) []ui.Btn {
	var kinds []paper.Kind
	if v.decision.Paper != ledger.PaperDecision {
		return nil
	}
	if len(v.recognised.Rows)+len(v.typical.Rows) > 0 {
		kinds = append(kinds, paper.RecognitionDecision)
	}
	if len(v.honour.Rows) > 0 {
		kinds = append(kinds, paper.AwardDecision)
	}
	if len(kinds) == 0 {
		return nil
	}
	return desk.PaperButtons(lang, who, paper.OfDecision, v.decision.ID, kinds...)
}

func decisionFacts(lang i18n.Lang, tree *org.Tree, d ledger.Decision) []ui.Definition {
	return []ui.Definition{
		{Term: lang.T(i18n.DecisionPaper), Text: lang.T(desk.PaperKindWord(d.Paper))},
		{Term: lang.T(i18n.DecisionNumber), Text: d.Number},
		{Term: lang.T(i18n.DecisionAuthority), Text: desk.UnitName(tree, d.Authority, d.SignedOn)},
		{Term: lang.T(i18n.AdminColLevel), Text: lang.T(d.Level.Label())},
		{Term: lang.T(i18n.DecisionSigned), Text: lang.Date(d.SignedOn)},
		{Term: lang.T(i18n.DecisionEffective), Text: lang.Date(d.On)},
		{Term: lang.T(i18n.DecisionSigner), Text: d.Signer},
	}
}

func decisionActions(lang i18n.Lang, who actor.Actor, d ledger.Decision) []ui.Btn {
	var all []ui.Btn
	at := desk.DecisionLink(d.ID)
	if who.Can(practice.RightRecognise) && d.Paper == ledger.PaperDecision {
		all = append(all, ui.Btn{Text: lang.T(i18n.DecisionRecognise), Icon: ui.IconCircleCheck, Href: at + "/recognise"})
	}
	if who.Can(practice.RightRecognise) {
		all = append(all, ui.Btn{Text: lang.T(i18n.DecisionNameTypical), Icon: ui.IconFlag, Href: at + "/typical"})
	}
	if who.Can(award.RightGive) {
		all = append(all, ui.Btn{Text: lang.T(i18n.DecisionGive), Icon: ui.IconAward, Href: at + "/give"})
	}
	if who.Can(press.RightWrite) && who.Can(award.RightRead) && who.Can(practice.RightRead) {
		all = append(all, ui.Btn{Text: lang.T(i18n.ArticledeskFromDecision), Icon: ui.IconNewspaper, Href: desk.DecisionArticleLink(d.ID)})
	}
	return all
}

// actTable lists entries that rest on a decision.
func actTable(lang i18n.Lang, tree *org.Tree, caption i18n.Key, rows []ledger.EntryRow) ui.Table {
	t := ui.Table{
		Caption: lang.T(caption, len(rows)), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.AdminColCode, i18n.AdminColTitle, i18n.AdminColUnit, i18n.AdminColKind), ui.ColCode, ui.ColTitle),
	}
	for _, e := range rows {
		t.Rows = append(t.Rows, ui.Row{ID: caption.String() + e.Entry, Cells: []ui.Cell{
			{Text: e.Code}, {Text: e.Title, Href: desk.EntryLink(e.Code)}, {Text: desk.UnitName(tree, e.Unit, e.RegisteredOn)}, {Text: lang.T(e.Kind.Label())},
		}})
	}
	return t
}

// honourTable lists those whom a decision praises or awards.
func (f *Face) honourTable(r *http.Request, d ledger.Decision) (ui.Table, error) {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	all, err := f.Awards.Under(r.Context(), who, d.ID)
	if err != nil {
		return ui.Table{}, err
	}
	ids := make([]string, len(all))
	for i, a := range all {
		ids[i] = a.Exemplar
	}
	people, err := f.Practices.ExemplarsSeen(r.Context(), who, ids)
	if err != nil {
		return ui.Table{}, err
	}
	forms, err := f.Rulebook.Forms(r.Context(), who, d.SignedOn)
	if err != nil {
		return ui.Table{}, err
	}
	t := ui.Table{
		Caption: lang.T(i18n.DecisionHonoured, len(all)), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.AdminColName, i18n.AdminColForm, i18n.DecisionAchievement, i18n.DecisionTakeBack), ui.ColTitle),
	}
	for _, a := range all {
		cells := []ui.Cell{
			{Text: people[a.Exemplar].Name, Href: desk.ExemplarLink(a.Exemplar)},
			{Text: formName(lang, forms, a, d.Level)},
			{Text: a.Achievement},
			{},
		}
		if who.Can(award.RightGive) {
			cells[3].Body = buttonsOf(awardActions(lang, a))
		}
		if a.Voided || a.Revoked != "" {
			cells[1].Sub = awardState(lang, a)
		}
		t.Rows = append(t.Rows, ui.Row{ID: a.ID, Cells: cells})
	}
	return t, nil
}

func formName(lang i18n.Lang, forms []rulebook.Form, a award.Award, level org.Level) string {
	if a.Kind == award.Praise {
		return lang.T(i18n.LedgerPraised)
	}
	for _, form := range forms {
		if form.Code == a.Form && form.Track == a.Track && form.Level == level {
			return form.Name(lang)
		}
	}
	return a.Form
}

// decisionFormView is a form about a decision.
type decisionFormView struct {
	desk.Filled
	units    desk.UnitChoice
	forms    []ui.OptionGroup
	decision ledger.Decision
	ready    []ui.Option // entries that can be chosen
	send     i18n.Key
	back     string
}

func (f *Face) decisionNew(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	fill, form := desk.FilledFrom(r)
	v := decisionFormView{Filled: fill, units: desk.UnitChoiceOf(tree, who.Scope, f.Now.Today()), send: i18n.DecisionNew, back: "/admin/decisions"}
	if who.Can(movement.RightDecideAbove) {
		for _, u := range movement.Above(tree, who.Scope, f.Now.Today()) {
			v.units.Options = append(v.units.Options, ui.Option{Value: u.Code, Text: lang.T(i18n.DecisionAbove, u.NameOn(f.Now.Today()))})
		}
	}
	v.Start("paper", string(ledger.PaperDecision), "signedOn", f.Now.Today().String())
	status := http.StatusOK
	if v.Sent(r) {
		var d ledger.Decision
		in := movement.DecisionInput{
			Paper: ledger.Paper(form.Text("paper", 20)), Number: form.Text("number", 200), Authority: form.Text("authority", 100),
			Level: org.Level(form.Text("level", 20)), SignedOn: form.Date("signedOn"), On: form.Date("on"), Signer: form.Text("signer", 400), Title: form.Text("title", 600),
		}
		if err = form.Err(); err == nil {
			d, err = f.Movements.Decide(r.Context(), who, in)
		}
		if err == nil {
			return desk.Done(w, r, desk.DecisionLink(d.ID), i18n.DecisionMade)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "paper", "number", "authority", "level", "signedOn", "on", "signer", "title"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.DecisionNew), ui.Link{Text: lang.T(i18n.AdminDecisions), Href: "/admin/decisions"})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, decisionNewPage(p, v))
}

func (f *Face) decisionRecognise(w http.ResponseWriter, r *http.Request) error {
	return f.decisionStep(w, r, i18n.DecisionRecognise, ledger.FigureReceived, func(ctx context.Context, v decisionFormView, rows []ledger.EntryRow, _ *webkit.FormReader) error {
		return f.Practices.Recognise(ctx, webkit.Actor(r), v.decision.ID, entryIDs(rows))
	})
}

func (f *Face) decisionTypical(w http.ResponseWriter, r *http.Request) error {
	return f.decisionStep(w, r, i18n.DecisionNameTypical, ledger.FigureRecognised, func(ctx context.Context, v decisionFormView, rows []ledger.EntryRow, _ *webkit.FormReader) error {
		return f.Practices.NameTypical(ctx, webkit.Actor(r), v.decision.ID, entryIDs(rows))
	})
}

func (f *Face) decisionGive(w http.ResponseWriter, r *http.Request) error {
	return f.decisionStep(w, r, i18n.DecisionGive, ledger.FigureRecognised, func(ctx context.Context, v decisionFormView, rows []ledger.EntryRow, form *webkit.FormReader) error {
		who := webkit.Actor(r)
		track, code, given := strings.Cut(form.Text("form", 60), "/")
		in := award.Input{Kind: award.Given, Decision: v.decision.ID, Track: rulebook.Track(track), Form: code}
		if !given {
			in = award.Input{Kind: award.Praise, Decision: v.decision.ID}
		}
		for _, e := range rows {
			in.Recipients = append(in.Recipients, award.Recipient{Exemplar: e.Subject, Entry: e.Entry, Achievement: form.Text("achievement", 1000)})
		}
		if len(rows) > 0 {
			one, err := f.Practices.Get(ctx, who, rows[0].Entry)
			if err != nil {
				return err
			}
			m, err := f.Movements.ByPeriod(ctx, who, one.Period)
			if err != nil {
				return err
			}
			in.Movement, in.Period = m.Code, one.Period
		}
		_, err := f.Awards.Give(ctx, who, in)
		return err
	})
}

// decisionStep answers a form that chooses entries for a decision: asked first, with
// count and list, and then done.
func (f *Face) decisionStep(w http.ResponseWriter, r *http.Request, title i18n.Key, figure ledger.Figure,
	do func(context.Context, decisionFormView, []ledger.EntryRow, *webkit.FormReader) error,
) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	d, err := f.Movements.Decision(r.Context(), who, r.PathValue("decision"))
	if err != nil {
		return err
	}
	fill, form := desk.FilledFrom(r)
	v := decisionFormView{Filled: fill, decision: d, send: title, back: desk.DecisionLink(d.ID)}
	if err := f.offerEntries(r, &v, figure); err != nil {
		return err
	}
	if title == i18n.DecisionGive {
		if v.forms, err = f.offeredForms(r, d); err != nil {
			return err
		}
	}
	crumb := ui.Link{Text: d.Title, Href: v.back}
	status := http.StatusOK
	if v.Sent(r) {
		rows, err := f.chosenEntries(r, form)
		if err == nil && !v.Sure() {
			items := make([]string, len(rows))
			for i, e := range rows {
				items[i] = e.Code + " · " + e.Title
			}
			return f.AskFirst(w, r, v.Ask(lang.T(i18n.DecisionAsk, d.Number), v.back, ui.Btn{Text: lang.T(title), Kind: ui.Primary}, items...), lang.T(title), crumb)
		}
		if err == nil {
			if err = do(r.Context(), v, rows, form); err == nil {
				return desk.Done(w, r, v.back, i18n.DecisionDone, len(rows))
			}
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "codes", "form", "achievement"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(title), crumb)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, decisionStepPage(p, v))
}

// offerEntries lists entries that the figure counts on the decision's day, of the latest
// movement: the first hundred can be ticked, all others typed by their codes.
func (f *Face) offerEntries(r *http.Request, v *decisionFormView, figure ledger.Figure) error {
	all, err := f.Movements.List(r.Context(), webkit.Actor(r))
	if err != nil {
		return err
	}
	for _, m := range all {
		period, ok := m.PeriodOn(v.decision.On)
		if !ok || v.decision.On < period.From || v.decision.On > period.To {
			continue
		}
		list, err := f.Practices.List(r.Context(), webkit.Actor(r), practice.Query{
			Period: period.No, Behind: &ledger.Behind{Figure: figure, On: v.decision.On}, Slice: ledger.Slice{Sort: ledger.ByName, Limit: 100},
		})
		if err != nil {
			return err
		}
		for _, e := range list.Rows {
			v.ready = append(v.ready, ui.Option{Value: e.Code, Text: e.Code + " · " + e.Title})
		}
	}
	return nil
}

func (f *Face) offeredForms(r *http.Request, d ledger.Decision) ([]ui.OptionGroup, error) {
	lang := webkit.Lang(r)
	forms, err := f.Rulebook.Forms(r.Context(), webkit.Actor(r), d.SignedOn)
	if err != nil {
		return nil, err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return nil, err
	}
	authority, _ := tree.Unit(d.Authority)
	tracks := award.Tracks(authority.Kind)
	options := []ui.Option{{Value: "praise", Text: lang.T(i18n.LedgerPraised)}}
	for _, form := range forms {
		if form.Level == d.Level && d.Paper == ledger.PaperDecision && slices.Contains(tracks, form.Track) {
			options = append(options, ui.Option{Value: string(form.Track) + "/" + form.Code, Text: offeredName(lang, form)})
		}
	}
	return ui.Options(options...), nil
}

// offeredName is a form as it is offered; one whose legal text nobody has confirmed says so.
func offeredName(lang i18n.Lang, form rulebook.Form) string {
	if form.Confirmed {
		return form.Name(lang)
	}
	return lang.T(i18n.RulebookUnconfirmed, form.Name(lang))
}

// chosenEntries finds the entries that were ticked or typed.
func (f *Face) chosenEntries(r *http.Request, form *webkit.FormReader) ([]ledger.EntryRow, error) {
	codes := append(strings.FieldsFunc(form.Text("codes", 100_000), func(c rune) bool { return c == ',' || c == ';' || c <= ' ' }), form.Texts("entry", 64)...)
	if err := form.Err(); err != nil {
		return nil, err
	}
	if len(codes) == 0 {
		return nil, errs.New(errs.Invalid, i18n.PracticeNothingChosen).On("codes")
	}
	found, err := f.Practices.Entries(r.Context(), webkit.Actor(r), codes)
	if err != nil {
		if errs.Is(err, errs.NotFound) {
			return nil, errs.New(errs.Invalid, i18n.PracticeNotFound).On("codes")
		}
		return nil, err
	}
	ids := make([]string, 0, len(found))
	seen := map[string]bool{}
	for _, code := range codes {
		if id := found[code].ID; !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return f.Practices.Rows(r.Context(), webkit.Actor(r), ids)
}

func entryIDs(rows []ledger.EntryRow) []string {
	ids := make([]string, len(rows))
	for i, e := range rows {
		ids[i] = e.Entry
	}
	return ids
}
