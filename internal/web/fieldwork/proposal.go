package fieldwork

import (
	"net/http"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Pages) proposals(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	x, err := f.periodOf(r)
	if err != nil {
		return err
	}
	all, next, err := f.Appraisals.Proposals(r.Context(), webkit.Actor(r), x.page)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	t := ui.Table{
		Caption: lang.T(i18n.FieldworkProposals),
		Columns: desk.Kinds(desk.Columns(lang, i18n.FieldworkTo, i18n.FieldworkFromUnit, i18n.FieldworkLevel, i18n.FieldworkSentAt, i18n.FieldworkEntries), ui.ColTitle, ui.ColData, ui.ColData, ui.ColData, ui.ColNumber),
		Empty:   ui.EmptyState(ui.IconSend, lang.T(i18n.FieldworkNoProposals), lang.T(i18n.FieldworkNoProposalsText), nil),
	}
	for _, p := range all {
		t.Rows = append(t.Rows, ui.Row{ID: p.ID, Cells: []ui.Cell{
			{Text: desk.UnitName(tree, p.To, f.Now.Today()), Href: proposalLink(p.ID)},
			{Text: desk.UnitName(tree, p.From, f.Now.Today())},
			{Text: lang.T(p.Level.Label())},
			{Text: lang.Instant(p.SentAt)},
			{Text: lang.Number(p.Count)},
		}})
	}
	return f.list(w, r, x, i18n.FieldworkProposals, listView{tables: []ui.Table{t}, next: next})
}

// proposalNew puts the entries of a letter before the level above.
func (f *Pages) proposalNew(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	fill, _ := desk.FilledFrom(r)
	v := formView{Filled: fill, lead: lang.T(i18n.FieldworkProposeLead), send: i18n.FieldworkPropose, back: proposalPath}
	v.Start("paper", webkit.Query(r).Text("paper", 64))
	letter, err := f.Appraisals.Paper(r.Context(), who, v.Values.Get("paper"))
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	var above []ui.Option
	for _, u := range movement.Above(tree, actor.Scope{Paths: tree.Paths(letter.Unit)}, letter.On) {
		above = append(above, ui.Option{Value: u.Code, Text: u.NameOn(letter.On)})
	}
	v.above = []ui.Definition{
		{Term: lang.T(i18n.AppraisalPaperSubmission), Text: desk.OrDash(letter.Number)},
		{Term: lang.T(i18n.FieldworkOn), Text: lang.Date(letter.On)},
		{Term: lang.T(i18n.FieldworkEntries), Text: lang.Number(letter.Count)},
	}
	p := ui.Page{Lang: lang}
	v.add("hidden", v.Field(p, "paper", i18n.AppraisalPaperSubmission))
	v.add("select", desk.MustFill(v.Field(p, "to", i18n.FieldworkTo)), ui.Options(above...)...)
	v.add("area", desk.Bounded(v.Field(p, "note", i18n.FieldworkNote), appraisal.MaxReason))
	return f.answer(w, r, v.titled(lang.T(i18n.FieldworkPropose), trail(lang, ui.Link{Text: lang.T(i18n.FieldworkProposals), Href: proposalPath})), func(form *webkit.FormReader) (string, error) {
		in := appraisal.ProposalInput{To: form.Text("to", 100), Paper: letter.ID, Note: form.Text("note", 4*appraisal.MaxReason)}
		if err := form.Err(); err != nil {
			return "", err
		}
		made, err := f.Appraisals.Propose(r.Context(), who, in)
		return proposalLink(made.ID), err
	})
}

// proposal shows the entries of a proposal and what the level above made of each.
func (f *Pages) proposal(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	x, err := f.Appraisals.Proposal(r.Context(), who, r.PathValue("proposal"))
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	judge := x.ReceivedBy(who) && who.Can(appraisal.RightAppraise)
	t := ui.Table{
		Caption: lang.T(i18n.FieldworkEntries),
		Columns: desk.Kinds(desk.Columns(lang, i18n.AdminColCode, i18n.AdminColTitle, i18n.AdminColUnit, i18n.FieldworkColVerdict, i18n.FieldworkColPoints),
			ui.ColCode, ui.ColTitle, ui.ColData, ui.ColData, ui.ColNumber),
	}
	if judge {
		t.Columns = append(t.Columns, ui.Column{Label: lang.T(i18n.FieldworkToDo)})
	}
	for _, e := range x.Entries {
		verdict := ui.Cell{Text: lang.T(e.Appraisal.Verdict.Label())}
		if e.Returned {
			verdict = ui.Cell{Text: lang.T(i18n.FieldworkGivenBack), Sub: e.Reason}
		}
		row := ui.Row{ID: e.Entry.Entry, Cells: []ui.Cell{
			{Text: e.Entry.Code},
			{Text: e.Entry.Title, Href: entryLink(e.Entry.Code)},
			{Text: desk.UnitName(tree, e.Entry.Unit, e.Entry.RegisteredOn)},
			verdict,
			points(e.Appraisal),
		}}
		switch {
		case judge && !e.Returned:
			row.Cells = append(row.Cells, ui.Cell{Body: desk.LinkButtons([]ui.Btn{
				{Text: lang.T(i18n.FieldworkVerify), Small: true, Icon: ui.IconScale, Href: scoreLink(e.Entry.Code, appraisal.ByVerified, x.ID)},
				{Text: lang.T(i18n.FieldworkJudge), Small: true, Icon: ui.IconFlag, Href: entryLink(e.Entry.Code, "verdict") + "?proposal=" + x.ID},
				{Text: lang.T(i18n.FieldworkReturn), Small: true, Icon: ui.IconRotateCcw, Href: proposalLink(x.ID, "return") + "?entry=" + e.Entry.Code},
			})})
		case judge:
			row.Cells = append(row.Cells, ui.Cell{Text: "–"})
		}
		t.Rows = append(t.Rows, row)
	}
	v := visitView{purpose: x.Note, table: t, facts: []ui.Definition{
		{Term: lang.T(i18n.FieldworkFromUnit), Text: desk.UnitName(tree, x.From, f.Now.Today())},
		{Term: lang.T(i18n.FieldworkTo), Text: desk.UnitName(tree, x.To, f.Now.Today())},
		{Term: lang.T(i18n.FieldworkSentAt), Text: lang.Instant(x.SentAt)},
		{Term: lang.T(i18n.AppraisalPaperSubmission), Body: desk.LinkTo(paperLink(x.Paper), lang.T(i18n.FieldworkOpen))},
	}}
	p, err := f.Page(r, lang.T(i18n.FieldworkProposalTo, desk.UnitName(tree, x.To, f.Now.Today())), trail(lang, ui.Link{Text: lang.T(i18n.FieldworkProposals), Href: proposalPath})...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, visitPage(p, v))
}

// points are those on which a verdict rests.
func points(a appraisal.Appraisal) ui.Cell {
	if a.Verdict == appraisal.NoVerdict || a.Points == 0 {
		return ui.Cell{Text: "–"}
	}
	return ui.Cell{Text: appraisal.Points(a.Points)}
}

// proposalReturn sends an entry back to the level below.
func (f *Pages) proposalReturn(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	x, err := f.Appraisals.Proposal(r.Context(), who, r.PathValue("proposal"))
	if err != nil {
		return err
	}
	fill, _ := desk.FilledFrom(r)
	v := formView{Filled: fill, send: i18n.FieldworkReturn, back: proposalLink(x.ID), danger: true}
	v.Start("entry", webkit.Query(r).Text("entry", 64))
	i := slices.IndexFunc(x.Entries, func(e appraisal.Proposed) bool { return e.Entry.Code == v.Values.Get("entry") })
	if i < 0 && !v.First {
		return errs.New(errs.NotFound, i18n.AppraisalNoProposal)
	}
	if i >= 0 {
		v.lead = x.Entries[i].Entry.Title
	}
	p := ui.Page{Lang: lang}
	v.add("text", desk.MustFill(desk.Bounded(v.Field(p, "entry", i18n.AdminColCode), 64)))
	v.add("area", desk.MustFill(desk.Bounded(v.Field(p, "reason", i18n.FieldworkReason), appraisal.MaxReason)))
	return f.answer(w, r, v.titled(lang.T(i18n.FieldworkReturn), trail(lang, ui.Link{Text: lang.T(i18n.FieldworkProposals), Href: proposalLink(x.ID)})), func(form *webkit.FormReader) (string, error) {
		code, reason := form.Text("entry", 64), form.Text("reason", 4*appraisal.MaxReason)
		if err := form.Err(); err != nil {
			return "", err
		}
		return proposalLink(x.ID), f.Appraisals.GiveBack(r.Context(), who, x.ID, code, reason)
	})
}
