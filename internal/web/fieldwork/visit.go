package fieldwork

import (
	_ "embed" // for the worker of the sheets
	"net/http"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

//go:embed worker.js
var workerScript string

// worker is the script that opens the sheets of visits without a network. It stands below
// their address: a browser lets it see nothing else.
func (f *Pages) worker(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.Write([]byte(workerScript)) //nolint:errcheck // the browser has gone
	return nil
}

func (f *Pages) visitTable(lang i18n.Lang, all []appraisal.Visit) ui.Table {
	t := ui.Table{
		Caption: lang.T(i18n.FieldworkVisits), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.FieldworkOn, i18n.FieldworkGoers, i18n.FieldworkPurpose), ui.ColTitle),
		Empty:   ui.EmptyState(ui.IconMapPin, lang.T(i18n.FieldworkNoVisits), lang.T(i18n.FieldworkNoVisitsText), nil),
	}
	for _, v := range all {
		t.Rows = append(t.Rows, ui.Row{ID: v.ID, Cells: []ui.Cell{
			{Text: lang.Date(v.On), Href: visitLink(v.ID)}, {Text: strings.Join(linesOf(v.Goers), "; ")}, {Text: desk.OrDash(short(v.Purpose))},
		}})
	}
	return t
}

func (f *Pages) visits(w http.ResponseWriter, r *http.Request) error {
	x, err := f.periodOf(r)
	if err != nil {
		return err
	}
	all, next, err := f.Appraisals.Visits(r.Context(), webkit.Actor(r), x.page)
	if err != nil {
		return err
	}
	return f.list(w, r, x, i18n.FieldworkVisits, listView{tables: []ui.Table{f.visitTable(webkit.Lang(r), all)}, next: next})
}

// visitNew plans a visit to the entries that the address names.
func (f *Pages) visitNew(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	fill, _ := desk.FilledFrom(r)
	v := formView{Filled: fill, send: i18n.FieldworkVisitNew, back: visitsPath}
	v.Start("codes", strings.Join(webkit.Query(r).Texts("entry", 64), "\n"), "on", f.Now.Today().String())
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	p := ui.Page{Lang: lang}
	choice := desk.UnitChoiceOf(tree, who.Scope, f.Now.Today())
	if choice.Typed {
		v.add("text", desk.MustFill(desk.Bounded(v.Field(p, "unit", i18n.FieldworkVisitor), appraisal.MaxLine)))
	} else {
		v.add("select", desk.MustFill(v.Field(p, "unit", i18n.FieldworkVisitor)), ui.Options(choice.Options...)...)
	}
	v.add("date", desk.MustFill(v.Field(p, "on", i18n.FieldworkOn)))
	v.add("area", desk.MustFill(desk.Hinted(desk.Bounded(v.Field(p, "goers", i18n.FieldworkGoers), appraisal.MaxReason), lang.T(i18n.FieldworkOnePerLine))))
	v.add("area", desk.Bounded(v.Field(p, "purpose", i18n.FieldworkPurpose), appraisal.MaxReason))
	v.add("area", desk.MustFill(desk.Hinted(v.Field(p, "codes", i18n.FieldworkEntries), lang.T(i18n.FieldworkOnePerLine))))
	return f.answer(w, r, v.titled(lang.T(i18n.FieldworkVisitNew), trail(lang, ui.Link{Text: lang.T(i18n.FieldworkVisits), Href: visitsPath})), func(form *webkit.FormReader) (string, error) {
		in := appraisal.VisitInput{
			Unit: desk.UnitCode(tree, who.Scope, f.Now.Today(), form.Text("unit", 1200)), On: form.Date("on"), Goers: form.Text("goers", 4*appraisal.MaxReason),
			Purpose: form.Text("purpose", 4*appraisal.MaxReason),
		}
		codes := strings.Fields(form.Text("codes", 10_000))
		if err := form.Err(); err != nil {
			return "", err
		}
		found, err := f.Practices.Entries(r.Context(), who, codes)
		if err != nil {
			form.Errors.Add("codes", i18n.PracticeNotFound)
			return "", form.Err()
		}
		for _, code := range codes {
			in.Entries = append(in.Entries, found[code].ID)
		}
		made, err := f.Appraisals.Plan(r.Context(), who, in)
		return visitLink(made.ID), err
	})
}

// visitView is a visit, or a proposal: what it is about, and its entries.
type visitView struct {
	purpose string
	facts   []ui.Definition
	table   ui.Table
}

func (f *Pages) visit(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	x, err := f.Appraisals.Visit(r.Context(), who, r.PathValue("visit"))
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	v := visitView{purpose: x.Purpose, facts: []ui.Definition{
		{Term: lang.T(i18n.FieldworkOn), Text: lang.Date(x.On)},
		{Term: lang.T(i18n.FieldworkVisitor), Text: desk.UnitName(tree, x.Unit, x.On)},
		{Term: lang.T(i18n.FieldworkGoers), Text: strings.Join(linesOf(x.Goers), "; ")},
	}}
	v.table = ui.Table{
		Caption: lang.T(i18n.FieldworkSheets), ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.AdminColCode, i18n.AdminColTitle, i18n.FieldworkState, i18n.FieldworkColSheet, i18n.FieldworkColBlank, i18n.FieldworkPhotos, i18n.ReportingPrintSheet), ui.ColCode, ui.ColTitle),
	}
	for _, s := range x.Sheets {
		state := lang.T(i18n.FieldworkSheetEmpty)
		if s.Version > 0 {
			state = lang.T(i18n.FieldworkSheetFilled, lang.Instant(s.UpdatedAt))
		}
		at := visitLink(x.ID, "sheets", s.Entry.Code)
		row := ui.Row{ID: s.Entry.Entry, Cells: []ui.Cell{
			{Text: s.Entry.Code},
			{Text: s.Entry.Title, Href: at + "/paper"},
			{Text: state},
			{Text: lang.T(i18n.FieldworkPrintSheet), Href: at + "/paper"},
			{Text: lang.T(i18n.FieldworkPrintBlank), Href: at + "/paper?blank=1"},
			{Text: lang.T(i18n.FieldworkPhotos), Href: desk.EntryLink(s.Entry.Code) + "/files"},
			{Text: lang.T(i18n.ReportingGetWord), Href: desk.PaperLink(paper.About{Kind: paper.VisitSheet, ID: x.ID, Part: s.Entry.Code})},
		}}
		if who.Can(appraisal.RightAppraise) {
			row.Cells[1].Href = at
		}
		v.table.Rows = append(v.table.Rows, row)
	}
	p, err := f.Page(r, lang.T(i18n.FieldworkVisitOn, lang.Date(x.On)), trail(lang, ui.Link{Text: lang.T(i18n.FieldworkVisits), Href: visitsPath})...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, visitPage(p, v))
}

// sheetView is the sheet of one entry: on the screen to be filled, or on paper.
type sheetView struct {
	desk.Filled
	heading string
	letter  desk.PaperHead
	parts   []sheetPart
	theirs  []ui.Definition
	blank   bool
}

type sheetPart struct {
	legend string
	fields []sheetField
}

type sheetField struct {
	field
	claimed string
}

// rows are the lines of a part on paper.
func (part sheetPart) rows(blank bool) [][]string {
	var all [][]string
	for _, x := range part.fields {
		found := x.Value
		for _, g := range x.options {
			for _, o := range g.Options {
				if o.Value == x.Value && o.Value != "" {
					found = o.Text
				}
			}
		}
		if blank || found == "" {
			found = " "
		}
		all = append(all, []string{x.Label, x.claimed, found})
	}
	return all
}

// names are the fields of a sheet.
func (v sheetView) names() []string {
	var all []string
	for _, part := range v.parts {
		for _, x := range part.fields {
			all = append(all, x.Name)
		}
	}
	return all
}

// sheetOf finds a sheet of a visit with what its entry claims.
func (f *Pages) sheetOf(r *http.Request) (appraisal.Visit, appraisal.VisitSheet, practice.Entry, movement.CriteriaSet, error) {
	who := webkit.Actor(r)
	var set movement.CriteriaSet
	x, err := f.Appraisals.Visit(r.Context(), who, r.PathValue("visit"))
	if err != nil {
		return x, appraisal.VisitSheet{}, practice.Entry{}, set, err
	}
	i := slices.IndexFunc(x.Sheets, func(s appraisal.VisitSheet) bool { return s.Entry.Code == r.PathValue("code") })
	if i < 0 {
		return x, appraisal.VisitSheet{}, practice.Entry{}, set, errs.New(errs.NotFound, i18n.AppraisalNoVisit)
	}
	e, err := f.Practices.Get(r.Context(), who, x.Sheets[i].Entry.Entry)
	if err == nil {
		set, err = f.Appraisals.Checklist(r.Context(), who, x.Sheets[i])
	}
	return x, x.Sheets[i], e, set, err
}

// layOut makes the parts of a sheet: people, what was claimed, the checklist, conclusions.
func (v *sheetView) layOut(lang i18n.Lang, e practice.Entry, set movement.CriteriaSet) {
	p := ui.Page{Lang: lang}
	area := func(name, label, claimed string) sheetField {
		x := v.Field(p, name, i18n.FieldworkFound)
		x.Label, x.MaxLength = label, appraisal.MaxReason
		return sheetField{field{x, "area", nil}, claimed}
	}
	v.parts = []sheetPart{{lang.T(i18n.FieldworkSheetPeople), []sheetField{area("people", lang.T(i18n.FieldworkPeople), "")}}}
	claims := sheetPart{legend: lang.T(i18n.FieldworkSheetClaims)}
	for _, part := range e.Parts.All() {
		if *part.Text != "" {
			claims.fields = append(claims.fields, area("part."+part.Field, lang.T(part.Label), short(*part.Text)))
		}
	}
	for i, x := range e.Indicators {
		claimed := lang.T(i18n.FieldworkIndicatorOf, desk.OrDash(lang.Decimal(x.Target)), desk.OrDash(lang.Decimal(x.Actual)), x.Unit)
		one := v.Field(p, "indicator."+number(i), i18n.FieldworkFound)
		one.Label, one.MaxLength = x.Name, appraisal.MaxLine
		claims.fields = append(claims.fields, sheetField{field{one, "text", nil}, claimed})
	}
	list := sheetPart{legend: lang.T(i18n.FieldworkSheetChecklist)}
	for _, c := range set.All() {
		one := v.Field(p, "check."+c.ID, i18n.FieldworkFound)
		one.Label = c.Name
		list.fields = append(list.fields, sheetField{field{one, "select", desk.WithNone(ui.Options(
			ui.Option{Value: "yes", Text: lang.T(i18n.FieldworkCheckYes)}, ui.Option{Value: "partly", Text: lang.T(i18n.FieldworkCheckPartly)},
			ui.Option{Value: "no", Text: lang.T(i18n.FieldworkCheckNo)},
		), "–")}, lang.T(c.Evidence.Label())})
	}
	end := sheetPart{lang.T(i18n.FieldworkConclusions), []sheetField{
		area("conclusion", lang.T(i18n.FieldworkSheetConclusion), ""), area("advice", lang.T(i18n.FieldworkSheetAdvice), ""),
	}}
	v.parts = append(v.parts, claims)
	if len(list.fields) > 0 {
		v.parts = append(v.parts, list)
	}
	v.parts = append(v.parts, end)
}

// takenAnswer tells the script what became of a sending.
type takenAnswer struct {
	Conflict bool        `json:"conflict"`
	Version  int         `json:"version"`
	Theirs   [][2]string `json:"theirs"`
}

// sheet shows a sheet and takes it in, from the page or from its script.
func (f *Pages) sheet(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	x, s, e, set, err := f.sheetOf(r)
	if err != nil {
		return err
	}
	v := sheetView{}
	var form *webkit.FormReader
	v.Filled, form = desk.FilledFrom(r)
	v.Action = visitLink(x.ID, "sheets", e.Code)
	v.Start("version", number(s.Version))
	for name, value := range s.Form {
		v.Start(name, value)
	}
	v.layOut(lang, e, set)
	status := http.StatusOK
	if v.Sent(r) {
		in := appraisal.Sending{ID: form.Text("send", 64), Version: webkit.Version(r), Form: map[string]string{}}
		for _, name := range v.names() {
			if value := form.Text(name, 4*appraisal.MaxReason); value != "" {
				in.Form[name] = value
			}
		}
		if in.ID == "" {
			in.ID = webkit.Once(r.Context())
		}
		var now appraisal.VisitSheet
		if err = form.Err(); err == nil {
			now, err = f.Appraisals.Fill(r.Context(), who, x.ID, s.Entry.Entry, in)
		}
		switch script := strings.Contains(r.Header.Get("Accept"), "application/json"); {
		case script && (err == nil || errs.Is(err, errs.Conflict)):
			return webkit.JSON(w, takenAnswer{Conflict: err != nil, Version: now.Version, Theirs: v.words(now)})
		case script:
			return err
		case err == nil:
			return desk.Done(w, r, visitLink(x.ID), i18n.FieldworkDone)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, v.names()...); !ok {
			return err
		}
		if errs.Is(err, errs.Conflict) {
			for _, pair := range v.words(now) {
				v.theirs = append(v.theirs, ui.Definition{Term: pair[0], Text: pair[1], Lang: "vi"})
			}
			v.Values.Set("version", number(now.Version))
		}
	}
	p, err := f.Page(r, e.Title, trail(lang, ui.Link{Text: lang.T(i18n.FieldworkVisitOn, lang.Date(x.On)), Href: visitLink(x.ID)})...)
	if err != nil {
		return err
	}
	p.Module = "visit.js"
	return desk.Render(w, r, status, sheetPage(p, v))
}

// words are what stands on a sheet, with the names of its fields as people read them.
func (v sheetView) words(s appraisal.VisitSheet) [][2]string {
	all := [][2]string{}
	for _, part := range v.parts {
		for _, x := range part.fields {
			if value := s.Form[x.Name]; value != "" {
				all = append(all, [2]string{x.Label, value})
			}
		}
	}
	return all
}

// sheetPaper is a sheet on paper, filled or with room to write.
func (f *Pages) sheetPaper(w http.ResponseWriter, r *http.Request) error {
	x, s, e, set, err := f.sheetOf(r)
	if err != nil {
		return err
	}
	head, err := f.Org.LetterheadOn(r.Context(), x.Unit, x.On)
	if err != nil {
		return err
	}
	v := sheetView{blank: webkit.Query(r).Bool("blank"), letter: desk.PaperHead{Letterhead: head, Dated: true, On: x.On}}
	v.heading = e.Code + " – " + e.Title + " – " + i18n.Vi.Date(x.On)
	v.Filled, _ = desk.FilledFrom(r)
	for name, value := range s.Form {
		v.Start(name, value)
	}
	v.layOut(i18n.Vi, e, set)
	p, err := f.Page(r, webkit.Lang(r).T(i18n.FieldworkSheetTitle), trail(webkit.Lang(r), ui.Link{Text: e.Code, Href: visitLink(x.ID)})...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, sheetPaperPage(p, v))
}
