package fieldwork

import (
	"net/http"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func paperTable(lang i18n.Lang, all []appraisal.Paper) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.FieldworkPapers), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.FieldworkKind, i18n.FieldworkNumber, i18n.FieldworkOn, i18n.FieldworkLevel, i18n.FieldworkEntries), ui.ColTitle, ui.ColData, ui.ColData, ui.ColData, ui.ColNumber),
		Empty:   ui.EmptyState(ui.IconFileText, lang.T(i18n.FieldworkNoPapers), lang.T(i18n.FieldworkNoPapersText), nil),
	}
	for _, p := range all {
		sub := ""
		switch {
		case p.Voided():
			sub = lang.T(i18n.FieldworkVoided)
		case p.Uploaded():
			sub = p.FileName
		}
		t.Rows = append(t.Rows, ui.Row{ID: p.ID, Cells: []ui.Cell{
			{Text: lang.T(p.Kind.Label()), Href: paperLink(p.ID), Sub: sub},
			{Text: desk.OrDash(p.Number)},
			{Text: lang.Date(p.On)},
			{Text: lang.T(p.Level.Label())},
			{Text: lang.Number(p.Count)},
		}})
	}
	return t
}

func (f *Pages) papers(w http.ResponseWriter, r *http.Request) error {
	x, err := f.periodOf(r)
	if err != nil {
		return err
	}
	all, next, err := f.Appraisals.Papers(r.Context(), webkit.Actor(r), x.page)
	if err != nil {
		return err
	}
	return f.list(w, r, x, i18n.FieldworkPapers, listView{tables: []ui.Table{paperTable(webkit.Lang(r), all)}, next: next})
}

// paperNew is the form of a paper about the entries that the address names.
func (f *Pages) paperNew(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	fill, _ := desk.FilledFrom(r)
	v := formView{Filled: fill, send: i18n.FieldworkMake, back: desk.AppraisalsPath}
	v.Files = true
	q := webkit.Query(r)
	v.Start("kind", q.Choice("kind", desk.Texts(appraisal.PaperKinds())...), "proposal", q.Text("proposal", 64), "codes", strings.Join(q.Texts("entry", 64), "\n"),
		"on", f.Now.Today().String())
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	f.paperFields(lang, who, tree, &v)
	return f.answer(w, r, v.titled(lang.T(i18n.FieldworkPaperNew), trail(lang, ui.Link{Text: lang.T(i18n.FieldworkPapers), Href: papersPath})), func(form *webkit.FormReader) (string, error) {
		in, err := f.readPaper(r, form)
		if err != nil {
			return "", err
		}
		up, ok, err := webkit.File(r, "file")
		if err != nil {
			return "", err
		}
		if ok {
			defer up.Close() //nolint:errcheck // it was only read
			in.File = &practice.File{Name: up.Name, Content: up, Size: up.Size}
		}
		p, err := f.Appraisals.Record(r.Context(), who, in)
		return paperLink(p.ID), onCodes(err)
	})
}

func (f *Pages) paperFields(lang i18n.Lang, who actor.Actor, tree *org.Tree, v *formView) {
	p := ui.Page{Lang: lang}
	area := func(name string, label, hint i18n.Key, most int) {
		v.add("area", desk.Hinted(desk.Bounded(v.Field(p, name, label), most), lang.T(hint)))
	}
	line := func(name string, label i18n.Key) {
		v.add("text", desk.Bounded(v.Field(p, name, label), appraisal.MaxLine))
	}
	v.add("hidden", v.Field(p, "proposal", i18n.FieldworkProposals))
	v.add("select", desk.MustFill(v.Field(p, "kind", i18n.FieldworkKind)), desk.WordOptions(lang, appraisal.PaperKinds(), appraisal.PaperKind.Label)...)
	choice := desk.UnitChoiceOf(tree, who.Scope, f.Now.Today())
	if choice.Typed {
		v.add("text", desk.MustFill(desk.Bounded(v.Field(p, "unit", i18n.FieldworkUnit), appraisal.MaxLine)))
	} else {
		v.add("select", desk.MustFill(v.Field(p, "unit", i18n.FieldworkUnit)), ui.Options(choice.Options...)...)
	}
	v.add("select", desk.Hinted(v.Field(p, "level", i18n.FieldworkLevel), lang.T(i18n.FieldworkLevelHint)),
		desk.WithNone(desk.WordOptions(lang, org.Levels(), org.Level.Label), lang.T(i18n.FieldworkLevelOwn))...)
	line("number", i18n.FieldworkNumber)
	v.add("date", desk.MustFill(v.Field(p, "on", i18n.FieldworkOn)))
	line("place", i18n.FieldworkPlace)
	line("addressee", i18n.FieldworkAddressee)
	line("chair", i18n.FieldworkChair)
	line("secretary", i18n.FieldworkSecretary)
	area("present", i18n.FieldworkPresent, i18n.FieldworkOnePerLine, appraisal.MaxText)
	area("absent", i18n.FieldworkAbsent, i18n.FieldworkOnePerLine, appraisal.MaxText)
	v.add("area", desk.MustFill(desk.Hinted(v.Field(p, "codes", i18n.FieldworkEntries), lang.T(i18n.FieldworkCodesHint))))
	v.add("select", desk.Hinted(v.Field(p, "verdict", i18n.FieldworkColProposed), lang.T(i18n.FieldworkVerdictHint)),
		desk.WithNone(desk.WordOptions(lang, appraisal.Verdicts(), appraisal.Verdict.Label), lang.T(i18n.FieldworkVerdictOwn))...)
	area("conclusions", i18n.FieldworkConclusions, i18n.FieldworkConclusionsHint, appraisal.MaxText)
	v.add("file", ui.Field{Name: "file", Label: lang.T(i18n.FieldworkFile), Hint: lang.T(i18n.FieldworkFileHint), Accept: desk.Accepted(practice.FileKinds())})
}

// readPaper reads the form of a paper: a line names an entry by its code, and may say the
// votes behind: "HK-0012 7/9".
func (f *Pages) readPaper(r *http.Request, form *webkit.FormReader) (appraisal.PaperInput, error) {
	in := appraisal.PaperInput{
		Kind: appraisal.PaperKind(form.Choice("kind", desk.Texts(appraisal.PaperKinds())...)), Level: org.Level(form.Choice("level", desk.Texts(org.Levels())...)),
		Number: form.Text("number", 400), On: form.Date("on"), Place: form.Text("place", 1200), Addressee: form.Text("addressee", 1200), Chair: form.Text("chair", 1200),
		Secretary: form.Text("secretary", 1200), Present: linesOf(form.Text("present", 32000)), Absent: linesOf(form.Text("absent", 32000)),
		Conclusions: form.Text("conclusions", 32000), Proposal: form.Text("proposal", 64),
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return in, err
	}
	who := webkit.Actor(r)
	in.Unit = desk.UnitCode(tree, who.Scope, f.Now.Today(), form.Text("unit", 1200))
	verdict := appraisal.Verdict(form.Choice("verdict", desk.Texts(appraisal.Verdicts())...))
	var codes []string
	votes := map[string][2]int{}
	for _, line := range linesOf(form.Text("codes", 100_000)) {
		parts := strings.Fields(line)
		codes = append(codes, parts[0])
		if len(parts) > 1 {
			votes[parts[0]] = votesIn(parts[1])
		}
	}
	if form.Err() != nil {
		return in, form.Err()
	}
	found, err := f.Practices.Entries(r.Context(), who, codes)
	if errs.Is(err, errs.NotFound) {
		form.Errors.Add("codes", i18n.PracticeNotFound)
		return in, form.Err()
	}
	if err != nil {
		return in, err
	}
	for _, code := range codes {
		in.Entries = append(in.Entries, appraisal.PaperEntry{Entry: found[code].ID, Verdict: verdict, For: votes[code][0], Of: votes[code][1]})
	}
	return in, nil
}

func votesIn(s string) [2]int {
	yes, of, _ := strings.Cut(s, "/")
	return [2]int{count(yes), count(of)}
}

// count reads a whole number; what is none counts too much, and is refused.
func count(s string) int {
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' || n > appraisal.MaxVotes {
			return appraisal.MaxVotes + 1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// paperView is a paper as it is printed; Vietnamese in every language of the page.
type paperView struct {
	paper    appraisal.Paper
	letter   desk.PaperHead
	title    string
	movement string
	facts    []ui.Definition
	head     []string
	rows     [][]string
	endTitle string
	signs    []ui.Definition
	actions  []ui.Btn
}

func (f *Pages) paper(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	x, err := f.Appraisals.Paper(r.Context(), who, r.PathValue("paper"))
	if err != nil {
		return err
	}
	head, err := f.Org.LetterheadOn(r.Context(), x.Unit, x.On)
	if err != nil {
		return err
	}
	m, err := f.Movements.ByPeriod(r.Context(), who, x.Period)
	if err != nil {
		return err
	}
	v := printed(head, x)
	v.movement = m.Name
	if x.Uploaded() {
		v.actions = append(v.actions, ui.Btn{Text: lang.T(i18n.FieldworkOpenFile, x.FileName), Icon: ui.IconDownload, Href: paperLink(x.ID, "file")})
	}
	if who.Can(appraisal.RightAppraise) && !x.Voided() {
		if x.Kind == appraisal.Submission {
			v.actions = append(v.actions, ui.Btn{Text: lang.T(i18n.FieldworkPropose), Icon: ui.IconSend, Href: proposalPath + "/new?paper=" + x.ID})
		}
		v.actions = append(v.actions, ui.Btn{Text: lang.T(i18n.FieldworkVoid), Icon: ui.IconBan, Kind: ui.Danger, Href: paperLink(x.ID, "void")})
	}
	if !x.Uploaded() {
		v.actions = append(v.actions, wordButton(lang, who, x)...)
	}
	p, err := f.Page(r, lang.T(x.Kind.Label()), trail(lang, ui.Link{Text: lang.T(i18n.FieldworkPapers), Href: papersPath})...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, paperPage(p, v))
}

// wordButton leads to the paper as a file for Word.
func wordButton(lang i18n.Lang, who actor.Actor, x appraisal.Paper) []ui.Btn {
	kind := map[appraisal.PaperKind]paper.Kind{
		appraisal.SelectionMinutes: paper.SelectionMinutes, appraisal.AppraisalMinutes: paper.AppraisalMinutes, appraisal.Submission: paper.Submission,
	}[x.Kind]
	all := desk.PaperButtons(lang, who, paper.OfMinutes, x.ID, kind)
	for i := range all {
		all[i].Text, all[i].Small = lang.T(i18n.ReportingAsPaper), false
	}
	return all
}

// printed puts a paper into the words of its layout.
func printed(head org.Letterhead, x appraisal.Paper) paperView {
	vi := i18n.Vi
	if x.Place != "" {
		head.Place = x.Place
	}
	v := paperView{
		paper: x, title: strings.ToUpper(vi.T(x.Kind.Label())),
		letter: desk.PaperHead{Letterhead: head, Numbered: true, Number: x.Number, Dated: true, On: x.On},
	}
	fact := func(key i18n.Key, text string) { v.facts = append(v.facts, ui.Definition{Term: vi.T(key), Text: text}) }
	said := i18n.FieldworkColVerdict
	if x.Kind == appraisal.SelectionMinutes {
		said = i18n.FieldworkColProposed
	}
	v.head = []string{"TT", vi.T(i18n.AdminColCode), vi.T(i18n.AdminColTitle), vi.T(i18n.AdminColUnit), vi.T(said), vi.T(i18n.FieldworkColPoints), vi.T(i18n.FieldworkVotes)}
	if v.endTitle = vi.T(i18n.FieldworkConclusions); x.Kind == appraisal.Submission {
		fact(i18n.FieldworkAddressee, x.Addressee)
		v.endTitle = vi.T(i18n.FieldworkAsks)
	} else {
		fact(i18n.FieldworkChair, x.Chair)
		fact(i18n.FieldworkSecretary, x.Secretary)
		fact(i18n.FieldworkPresent, strings.Join(x.Present, "; "))
		absent := strings.Join(x.Absent, "; ")
		fact(i18n.FieldworkAbsent, absent)
		v.signs = []ui.Definition{{Term: vi.T(i18n.FieldworkSecretary), Text: x.Secretary}, {Term: vi.T(i18n.FieldworkChair), Text: x.Chair}}
	}
	fact(i18n.FieldworkSummed, summed(vi, x.Entries))
	for i, e := range x.Entries {
		points, votes := desk.Gap, desk.Gap
		if e.Points > 0 {
			points = appraisal.Points(e.Points)
		}
		if e.Of > 0 {
			votes = number(e.For) + "/" + number(e.Of)
		}
		verdict := desk.Gap
		if e.Verdict != appraisal.NoVerdict {
			verdict = vi.T(e.Verdict.Label())
		}
		if e.Reason != "" {
			verdict += ": " + e.Reason
		}
		v.rows = append(v.rows, []string{number(i + 1), e.Code, e.Title, e.Unit, verdict, points, votes})
	}
	return v
}

// summed is how many entries came to what.
func summed(lang i18n.Lang, entries []appraisal.PaperEntry) string {
	count := map[appraisal.Verdict]int{}
	for _, e := range entries {
		count[e.Verdict]++
	}
	all := []string{lang.T(i18n.FieldworkSummedAll, len(entries))}
	for _, verdict := range append([]appraisal.Verdict{appraisal.NoVerdict}, appraisal.Verdicts()...) {
		if n := count[verdict]; n > 0 {
			all = append(all, lang.T(i18n.FieldworkSummedPart, lang.T(verdict.Label()), n))
		}
	}
	return strings.Join(all, "; ")
}

func (f *Pages) paperFile(w http.ResponseWriter, r *http.Request) error {
	x, content, err := f.Appraisals.OpenPaper(r.Context(), webkit.Actor(r), r.PathValue("paper"))
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // it was only read
	return webkit.Download(w, r, webkit.Attachment{
		Name: x.FileName, Type: x.FileKind.MediaType(), Endings: x.FileKind.Endings(), Size: x.FileSize, Content: content,
	})
}

func (f *Pages) paperVoid(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	x, err := f.Appraisals.Paper(r.Context(), webkit.Actor(r), r.PathValue("paper"))
	if err != nil {
		return err
	}
	fill, _ := desk.FilledFrom(r)
	v := formView{Filled: fill, lead: lang.T(i18n.FieldworkVoidLead, x.Count), send: i18n.FieldworkVoid, back: paperLink(x.ID), danger: true}
	v.add("area", desk.MustFill(desk.Bounded(v.Field(ui.Page{Lang: lang}, "reason", i18n.FieldworkReason), appraisal.MaxReason)))
	return f.answer(w, r, v.titled(lang.T(i18n.FieldworkVoid), trail(lang, ui.Link{Text: lang.T(x.Kind.Label()), Href: paperLink(x.ID)})), func(form *webkit.FormReader) (string, error) {
		reason := form.Text("reason", 4*appraisal.MaxReason)
		if err := form.Err(); err != nil {
			return "", err
		}
		return paperLink(x.ID), f.Appraisals.Void(r.Context(), webkit.Actor(r), x.ID, reason)
	})
}
