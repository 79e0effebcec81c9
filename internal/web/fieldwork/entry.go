package fieldwork

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

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

// scoreTable sets the three hands side by side, criterion by criterion.
func scoreTable(lang i18n.Lang, x appraisal.Sheet, set movement.CriteriaSet, scores []appraisal.Score) ui.Table {
	a := appraisal.Appraisal{Scores: scores}
	t := ui.Table{
		Caption: lang.T(i18n.FieldworkScores), Pan: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.FieldworkColCriterion, i18n.FieldworkColMost, i18n.AppraisalBySelf, i18n.AppraisalByVerified, i18n.AppraisalByFinal,
			i18n.FieldworkColRemark), ui.ColTitle, ui.ColNumber, ui.ColNumber, ui.ColNumber, ui.ColNumber),
		Empty: ui.EmptyState(ui.IconScale, lang.T(i18n.FieldworkNoCriteria), lang.T(i18n.FieldworkNoCriteriaText), nil),
	}
	if len(scores) == 0 && set.ID != "" {
		t.Empty = ui.EmptyState(ui.IconScale, lang.T(i18n.FieldworkNoScores), lang.T(i18n.FieldworkNoScoresText), nil)
		return t
	}
	for _, c := range set.All() {
		cells := []ui.Cell{{Text: c.Name, Sub: lang.T(c.Evidence.Label())}, {Text: appraisal.Points(c.Most)}}
		var remarks []string
		for _, by := range appraisal.Hands() {
			s, ok := a.Find(c.ID, by)
			text := "–"
			if ok {
				text = appraisal.Points(s.Points)
			}
			cells = append(cells, ui.Cell{Text: text})
			for _, remark := range []string{s.Remark, s.Evidence} {
				if remark != "" {
					remarks = append(remarks, lang.T(by.Label())+": "+remark)
				}
			}
		}
		t.Rows = append(t.Rows, ui.Row{ID: c.ID, Cells: append(cells, ui.Cell{Text: strings.Join(remarks, "; ")})})
	}
	if set.ID != "" {
		most, _ := set.Most()
		cells := []ui.Cell{{Text: lang.T(i18n.FieldworkTotal)}, {Text: appraisal.Points(most)}}
		for _, by := range appraisal.Hands() {
			cells = append(cells, ui.Cell{Text: appraisal.Points(movement.Score(set, a.PointsBy(by)).Points)})
		}
		t.Foot = []ui.Row{{ID: "total", Cells: append(cells, ui.Cell{Text: lang.T(x.Verdict.Label())})}}
	}
	return t
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

// scoreView is the sheet on which one hand scores an entry.
type scoreView struct {
	desk.Filled
	set   string
	lines []scoreLine
	next  string // code of the entry that comes next
	back  string
}

type scoreLine struct {
	legend, help             string
	points, remark, evidence ui.Field
}

// score is the form by which one hand scores an entry; it leads to the next one where that is
// asked for.
func (f *Pages) score(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	e, err := f.entryOf(r)
	if err != nil {
		return err
	}
	v := scoreView{back: entryLink(e.Code)}
	var form *webkit.FormReader
	v.Filled, form = desk.FilledFrom(r)
	q := webkit.Query(r)
	v.Start("by", q.Choice("by", desk.Texts(appraisal.Hands())...), "proposal", q.Text("proposal", 64))
	by, to := appraisal.By(plain(v.Values, "by")), appraisal.At{Entry: e.ID, Proposal: plain(v.Values, "proposal")}
	if by == "" {
		by = appraisal.BySelf
		v.Values.Set("by", string(by))
	}
	if to.Proposal != "" {
		v.back = proposalLink(to.Proposal)
	}
	sheet, err := f.Appraisals.Sheet(r.Context(), who, to)
	if err != nil {
		return err
	}
	v.Start("criteria", sheet.Set.ID, "version", number(sheet.Version))
	v.set = lang.T(i18n.FieldworkSetNo, sheet.Set.Movement, sheet.Set.No, lang.Date(sheet.Set.On))
	if v.next, err = f.nextAfter(r, e); err != nil {
		return err
	}
	status := http.StatusOK
	if v.Sent(r) {
		in := readScores(form, sheet.Set, by)
		if err = form.Err(); err == nil {
			_, err = f.Appraisals.PutScores(r.Context(), who, to, in)
		}
		if err == nil {
			if next := form.Text("next", 64); next != "" {
				return desk.Done(w, r, scoreLink(next, by, to.Proposal), i18n.FieldworkScored, e.Code)
			}
			return desk.Done(w, r, v.back, i18n.FieldworkScored, e.Code)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, scoreNames(sheet.Set)...); !ok {
			return err
		}
	}
	v.fill(lang, sheet, by)
	p, err := f.Page(r, lang.T(i18n.FieldworkScoreTitle, lang.T(by.Label()), e.Code), trail(lang, ui.Link{Text: e.Title, Href: entryLink(e.Code)})...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, scorePage(p, v))
}

// fill makes the lines of the sheet: what the hand gave before, and what the others gave.
func (v *scoreView) fill(lang i18n.Lang, x appraisal.Sheet, by appraisal.By) {
	p := ui.Page{Lang: lang}
	for i, c := range x.Set.All() {
		if s, ok := x.Find(c.ID, by); ok {
			v.Start("points."+c.ID, appraisal.Points(s.Points), "remark."+c.ID, s.Remark, "evidence."+c.ID, s.Evidence)
		}
		var others []string
		for _, hand := range appraisal.Hands() {
			if s, ok := x.Find(c.ID, hand); ok && hand != by {
				others = append(others, lang.T(hand.Label())+": "+appraisal.Points(s.Points))
			}
		}
		line := scoreLine{legend: number(i+1) + ". " + c.Name, help: c.Help}
		line.points = v.Field(p, "points."+c.ID, i18n.FieldworkPoints)
		line.points.Type, line.points.Max = "decimal", appraisal.Points(c.Most)
		line.points.Hint = strings.Join(append([]string{lang.T(i18n.FieldworkMost, appraisal.Points(c.Most)), lang.T(c.Evidence.Label())}, others...), " · ")
		line.remark = desk.Bounded(v.Field(p, "remark."+c.ID, i18n.FieldworkColRemark), appraisal.MaxReason)
		line.evidence = desk.Bounded(v.Field(p, "evidence."+c.ID, i18n.FieldworkEvidence), appraisal.MaxReason)
		v.lines = append(v.lines, line)
	}
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
