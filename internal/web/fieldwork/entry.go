package fieldwork

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func number(n int) string { return strconv.Itoa(n) }

// entry shows what was told, found, scored and written about an entry.
func (f *Pages) entry(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	e, err := f.entryOf(r)
	if err != nil {
		return err
	}
	v := entryView{code: e.Code}
	if v.chain, err = f.chainOf(r, e); err != nil {
		return err
	}
	sheet, err := f.Appraisals.Sheet(r.Context(), who, appraisal.At{Entry: e.ID})
	if err != nil {
		return err
	}
	v.cited = cited(lang, sheet.Set)
	v.again, v.scores = sheet.MustAgain, scoreTable(lang, sheet, sheet.Set, sheet.Scores)
	if sheet.MustAgain {
		v.before = scoreTable(lang, sheet, sheet.Used, sheet.Before)
	}
	if err := f.entryTables(r, e, &v); err != nil {
		return err
	}
	if who.Can(appraisal.RightReport) {
		v.actions = append(v.actions, ui.Btn{Text: lang.T(i18n.FieldworkNoteNew), Icon: ui.IconPlus, Kind: ui.Primary, Href: entryLink(e.Code, "note")})
		if sheet.Set.ID != "" && sheet.SelfOpen {
			v.actions = append(v.actions, ui.Btn{Text: lang.T(appraisal.BySelf.Label()), Icon: ui.IconPencil, Href: scoreLink(e.Code, appraisal.BySelf, "")})
		}
	}
	if who.Can(appraisal.RightAppraise) {
		if sheet.Set.ID != "" {
			v.actions = append(v.actions, ui.Btn{Text: lang.T(i18n.FieldworkVerify), Icon: ui.IconScale, Href: scoreLink(e.Code, appraisal.ByVerified, "")},
				ui.Btn{Text: lang.T(appraisal.ByFinal.Label()), Icon: ui.IconCheck, Href: scoreLink(e.Code, appraisal.ByFinal, "")})
		}
		v.actions = append(v.actions, ui.Btn{Text: lang.T(i18n.FieldworkJudge), Icon: ui.IconFlag, Href: entryLink(e.Code, "verdict")})
	}
	p, err := f.Page(r, e.Title, trail(lang)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, entryPage(p, v))
}

func scoreLink(code string, by appraisal.By, proposal string) string {
	to := entryLink(code, "score") + "?by=" + string(by)
	if proposal != "" {
		to += "&proposal=" + proposal
	}
	return to
}

// entryTables are the lists of an entry: what was told, visits, papers.
func (f *Pages) entryTables(r *http.Request, e practice.Entry, v *entryView) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	notes, err := f.Appraisals.Notes(r.Context(), who, e.ID)
	if err != nil {
		return err
	}
	told := ui.Table{
		Caption: lang.T(i18n.FieldworkNotes), ShowCaption: true, Columns: desk.Kinds(desk.Columns(lang, i18n.FieldworkKind, i18n.FieldworkOn, i18n.FieldworkText, i18n.FieldworkState), ui.ColTitle),
		Empty: ui.EmptyState(ui.IconMessageCircle, lang.T(i18n.FieldworkNoNotes), lang.T(i18n.FieldworkNoNotesText), nil),
	}
	for _, n := range notes {
		told.Rows = append(told.Rows, ui.Row{ID: n.ID, Cells: []ui.Cell{
			{Text: lang.T(n.Kind.Label()), Href: noteLink(n.ID)}, {Text: lang.Date(n.On)}, {Text: short(n.Text)}, {Text: lang.T(n.State.Label()), Sub: n.Reason},
		}})
	}
	visits, err := f.Appraisals.VisitsOf(r.Context(), who, e.ID)
	if err != nil {
		return err
	}
	papers, err := f.Appraisals.PapersOf(r.Context(), who, e.ID)
	if err != nil {
		return err
	}
	v.tables = []ui.Table{told}
	if len(visits) > 0 {
		v.tables = append(v.tables, f.visitTable(lang, visits))
	}
	if len(papers) > 0 {
		v.tables = append(v.tables, paperTable(lang, papers))
	}
	return nil
}

// short is the beginning of a text, for a list.
func short(s string) string {
	const most = 140
	if all := []rune(s); len(all) > most {
		return string(all[:most]) + "…"
	}
	return s
}

func scoreNames(set movement.CriteriaSet) []string {
	var all []string
	for _, c := range set.All() {
		all = append(all, "points."+c.ID, "remark."+c.ID, "evidence."+c.ID)
	}
	return all
}

func readScores(form *webkit.FormReader, set movement.CriteriaSet, by appraisal.By) appraisal.ScoresInput {
	in := appraisal.ScoresInput{By: by, Criteria: form.Text("criteria", 64), Version: form.Int("version", 0, 1<<30)}
	for _, c := range set.All() {
		points := form.Decimal("points." + c.ID)
		remark, evidence := form.Text("remark."+c.ID, 4*appraisal.MaxReason), form.Text("evidence."+c.ID, 4*appraisal.MaxReason)
		if !points.Known() {
			continue
		}
		in.Lines = append(in.Lines, appraisal.ScoreInput{Criterion: c.ID, Points: hundredths(points.Float()), Remark: remark, Evidence: evidence})
	}
	return in
}

// hundredths rounds points as somebody typed them.
func hundredths(f float64) int {
	const far = 1e7
	if f < 0 {
		return -1
	}
	return int(min(f, far)*100 + .5)
}

// nextAfter is the entry that follows in the order of the board, to be scored next.
func (f *Pages) nextAfter(r *http.Request, e practice.Entry) (string, error) {
	const most = 500
	list, err := f.Practices.List(r.Context(), webkit.Actor(r), practice.Query{
		Period: e.Period, Tab: practice.TabInProgress, Slice: ledger.Slice{Sort: ledger.ByName, Limit: most},
	})
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(list.Rows, func(row ledger.EntryRow) bool { return row.Entry == e.ID })
	if i < 0 || i+1 >= len(list.Rows) {
		return "", nil
	}
	return list.Rows[i+1].Code, nil
}

// verdict is the form by which an appraisal is concluded.
func (f *Pages) verdict(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	e, err := f.entryOf(r)
	if err != nil {
		return err
	}
	fill, _ := desk.FilledFrom(r)
	v := formView{Filled: fill, lead: e.Title, send: i18n.FieldworkSave, back: entryLink(e.Code)}
	v.Start("proposal", webkit.Query(r).Text("proposal", 64))
	to := appraisal.At{Entry: e.ID, Proposal: plain(v.Values, "proposal")}
	if to.Proposal != "" {
		v.back = proposalLink(to.Proposal)
	}
	sheet, err := f.Appraisals.Sheet(r.Context(), who, to)
	if err != nil {
		return err
	}
	v.Start("verdict", string(sheet.Verdict), "reason", sheet.Reason, webkit.VersionField, number(sheet.Version))
	p := ui.Page{Lang: lang}
	for _, by := range appraisal.Hands() {
		v.above = append(v.above, ui.Definition{Term: lang.T(by.Label()), Text: appraisal.Points(sheet.Total(by).Points)})
	}
	v.add("hidden", v.Field(p, "proposal", i18n.FieldworkProposals))
	v.add("hidden", v.Field(p, webkit.VersionField, i18n.FieldworkState))
	v.add("radio", desk.MustFill(v.Field(p, "verdict", i18n.FieldworkColVerdict)), desk.WordOptions(lang, appraisal.Verdicts(), appraisal.Verdict.Label)...)
	v.add("area", desk.Bounded(v.Field(p, "reason", i18n.FieldworkReason), appraisal.MaxReason))
	return f.answer(w, r, v.titled(lang.T(i18n.FieldworkJudge), trail(lang, ui.Link{Text: e.Title, Href: entryLink(e.Code)})), func(form *webkit.FormReader) (string, error) {
		in := appraisal.VerdictInput{
			Verdict: appraisal.Verdict(form.Choice("verdict", desk.Texts(appraisal.Verdicts())...)), Reason: form.Text("reason", 4*appraisal.MaxReason), Version: webkit.Version(r),
		}
		if err := form.Err(); err != nil {
			return "", err
		}
		_, err := f.Appraisals.Judge(r.Context(), who, to, in)
		return v.back, err
	})
}

// plain is a value that names something; what is no text names nothing.
func plain(values url.Values, name string) string {
	return (&webkit.FormReader{Values: values}).Text(name, 64)
}
