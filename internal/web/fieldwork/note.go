package fieldwork

import (
	"net/http"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// notes lists what nobody has looked at yet.
func (f *Pages) notes(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	x, err := f.periodOf(r)
	if err != nil {
		return err
	}
	all, rows, err := f.Appraisals.Waiting(r.Context(), webkit.Actor(r))
	if err != nil {
		return err
	}
	t := ui.Table{
		Caption: lang.T(i18n.FieldworkNotes),
		Columns: desk.Kinds(desk.Columns(lang, i18n.AdminColCode, i18n.AdminColTitle, i18n.FieldworkKind, i18n.FieldworkOn, i18n.FieldworkText), ui.ColCode, ui.ColTitle),
		Empty:   ui.EmptyState(ui.IconCircleCheck, lang.T(i18n.FieldworkNoWaiting), lang.T(i18n.FieldworkNoWaitingText), nil),
	}
	for _, n := range all {
		row := rows[n.Entry]
		t.Rows = append(t.Rows, ui.Row{ID: n.ID, Cells: []ui.Cell{
			{Text: row.Code}, {Text: row.Title, Href: noteLink(n.ID)}, {Text: lang.T(n.Kind.Label())}, {Text: lang.Date(n.On)}, {Text: short(n.Text)},
		}})
	}
	return f.list(w, r, x, i18n.FieldworkNotes, listView{tables: []ui.Table{t}})
}

// noteView is one note with what may be done about it.
type noteView struct {
	note        appraisal.Note
	row         ledger.EntryRow
	facts       []ui.Definition
	judge, edit bool
}

func noteTone(s appraisal.State) ui.Tone {
	switch s {
	case appraisal.Accepted:
		return ui.OK
	case appraisal.Returned:
		return ui.Bad
	default:
		return ui.Wait
	}
}

// noteOf finds the note of the address with its entry.
func (f *Pages) noteOf(r *http.Request) (appraisal.Note, practice.Entry, error) {
	n, err := f.Appraisals.Note(r.Context(), webkit.Actor(r), r.PathValue("note"))
	if err != nil {
		return n, practice.Entry{}, err
	}
	e, err := f.Practices.Get(r.Context(), webkit.Actor(r), n.Entry)
	return n, e, err
}

func (f *Pages) note(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	n, e, err := f.noteOf(r)
	if err != nil {
		return err
	}
	names, err := f.NamesOf(r, []string{n.SentBy, n.DecidedBy})
	if err != nil {
		return err
	}
	v := noteView{
		note: n, row: ledger.EntryRow{Code: e.Code, Title: e.Title}, judge: n.State == appraisal.Sent && who.Can(appraisal.RightAppraise),
		edit: n.State != appraisal.Accepted && who.Can(appraisal.RightReport),
	}
	v.facts = []ui.Definition{
		{Term: lang.T(i18n.FieldworkOn), Text: lang.Date(n.On)},
		{Term: lang.T(i18n.FieldworkText), Text: n.Text, Lang: "vi"},
		{Term: lang.T(i18n.FieldworkOutputs), Text: desk.OrDash(n.Outputs), Lang: "vi"},
		{Term: lang.T(i18n.FieldworkEvidence), Text: desk.OrDash(n.Evidence), Lang: "vi"},
		{Term: lang.T(i18n.FieldworkFrom), Text: names[n.SentBy] + " · " + lang.Instant(n.SentAt)},
	}
	for _, a := range n.Actuals {
		v.facts = append(v.facts, ui.Definition{Term: a.Name, Text: strings.TrimSpace(lang.Decimal(a.Value) + " " + a.Unit)})
	}
	if n.DecidedBy != "" {
		v.facts = append(v.facts, ui.Definition{Term: lang.T(n.State.Label()), Text: strings.TrimSuffix(names[n.DecidedBy]+" · "+lang.Instant(n.DecidedAt)+" · "+n.Reason, " · ")})
	}
	p, err := f.Page(r, lang.T(i18n.FieldworkNoteOf, lang.T(n.Kind.Label()), e.Code), trail(lang, ui.Link{Text: lang.T(i18n.FieldworkNotes), Href: notesPath})...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, notePage(p, v))
}

func (f *Pages) noteAccept(w http.ResponseWriter, r *http.Request) error {
	n, e, err := f.noteOf(r)
	if err != nil {
		return err
	}
	if err := f.Appraisals.Accept(r.Context(), webkit.Actor(r), n.ID); err != nil {
		return err
	}
	return desk.Done(w, r, entryLink(e.Code), i18n.FieldworkAccepted, e.Code)
}

func (f *Pages) noteReturn(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	n, e, err := f.noteOf(r)
	if err != nil {
		return err
	}
	fill, _ := desk.FilledFrom(r)
	v := formView{Filled: fill, lead: e.Title, send: i18n.FieldworkReturn, back: noteLink(n.ID), danger: true}
	v.add("area", desk.MustFill(desk.Bounded(v.Field(ui.Page{Lang: lang}, "reason", i18n.FieldworkReason), appraisal.MaxReason)))
	return f.answer(w, r, v.titled(lang.T(i18n.FieldworkReturn), trail(lang, ui.Link{Text: e.Code, Href: entryLink(e.Code)})), func(form *webkit.FormReader) (string, error) {
		reason := form.Text("reason", 4*appraisal.MaxReason)
		if err := form.Err(); err != nil {
			return "", err
		}
		return entryLink(e.Code), f.Appraisals.SendBack(r.Context(), webkit.Actor(r), n.ID, reason)
	})
}

func (f *Pages) noteNew(w http.ResponseWriter, r *http.Request) error {
	e, err := f.entryOf(r)
	if err != nil {
		return err
	}
	kind := appraisal.Kind(webkit.Query(r).Choice("kind", desk.Texts(appraisal.Kinds())...))
	if kind == "" {
		kind = appraisal.Progress
	}
	return f.noteForm(w, r, e, appraisal.Note{Kind: kind, On: f.Now.Today()}, func(in appraisal.NoteInput) error {
		_, err := f.Appraisals.Report(r.Context(), webkit.Actor(r), in)
		return err
	})
}

func (f *Pages) noteEdit(w http.ResponseWriter, r *http.Request) error {
	n, e, err := f.noteOf(r)
	if err != nil {
		return err
	}
	return f.noteForm(w, r, e, n, func(in appraisal.NoteInput) error {
		_, err := f.Appraisals.Amend(r.Context(), webkit.Actor(r), n.ID, webkit.Version(r), in)
		return err
	})
}

// noteForm is the form of a note; the numbers asked for are those of the entry's indicators.
func (f *Pages) noteForm(w http.ResponseWriter, r *http.Request, e practice.Entry, n appraisal.Note, do func(appraisal.NoteInput) error) error {
	lang := webkit.Lang(r)
	fill, _ := desk.FilledFrom(r)
	v := formView{Filled: fill, lead: e.Title, send: i18n.FieldworkSendNote, back: entryLink(e.Code)}
	v.Start("kind", string(n.Kind), "on", desk.Day(n.On), "text", n.Text, "outputs", n.Outputs, "evidence", n.Evidence, webkit.VersionField, number(n.Version))
	p := ui.Page{Lang: lang}
	v.add("hidden", v.Field(p, webkit.VersionField, i18n.FieldworkState))
	v.add("radio", desk.MustFill(v.Field(p, "kind", i18n.FieldworkKind)), desk.WordOptions(lang, appraisal.Kinds(), appraisal.Kind.Label)...)
	v.add("date", desk.MustFill(v.Field(p, "on", i18n.FieldworkOn)))
	v.add("area", desk.MustFill(desk.Bounded(v.Field(p, "text", i18n.FieldworkText), appraisal.MaxText)))
	v.add("area", desk.Hinted(desk.Bounded(v.Field(p, "outputs", i18n.FieldworkOutputs), appraisal.MaxText), lang.T(i18n.FieldworkOutputsHint)))
	for i, x := range e.Indicators {
		for _, a := range n.Actuals {
			if a.Name == x.Name {
				v.Start("actual"+number(i), lang.Decimal(a.Value))
			}
		}
		one := v.Field(p, "actual"+number(i), i18n.PracticeActual)
		one.Label, one.Type = x.Name+" – "+one.Label, "decimal"
		one.Hint = strings.TrimSpace(lang.T(i18n.FieldworkTargetOf, desk.OrDash(lang.Decimal(x.Target)), x.Unit))
		v.add("text", one)
	}
	v.add("area", desk.Hinted(desk.Bounded(v.Field(p, "evidence", i18n.FieldworkEvidence), appraisal.MaxReason), lang.T(i18n.FieldworkEvidenceHint)))
	return f.answer(w, r, v.titled(lang.T(i18n.FieldworkNoteNew), trail(lang, ui.Link{Text: e.Code, Href: entryLink(e.Code)})), func(form *webkit.FormReader) (string, error) {
		in := appraisal.NoteInput{
			Entry: e.ID, Kind: appraisal.Kind(form.Choice("kind", desk.Texts(appraisal.Kinds())...)), On: form.Date("on"), Text: form.Text("text", 4*appraisal.MaxText),
			Outputs: form.Text("outputs", 4*appraisal.MaxText), Evidence: form.Text("evidence", 4*appraisal.MaxReason),
		}
		for i, x := range e.Indicators {
			in.Actuals = append(in.Actuals, appraisal.Actual{Name: x.Name, Unit: x.Unit, Value: form.Decimal("actual" + number(i))})
		}
		if err := form.Err(); err != nil {
			return "", err
		}
		return entryLink(e.Code), do(in)
	})
}
