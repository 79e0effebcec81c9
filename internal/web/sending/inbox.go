package sending

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/parcel"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) inboxRoutes() []webkit.Route {
	upload := desk.Post(path+"/upload", parcel.RightReceive, f.upload)
	upload.MaxBody = parcel.MaxSize + 2<<20 // a little more is refused in the form
	file := desk.Get(receivedPath+"/{id}/file", parcel.RightRead, f.file)
	file.MaxAnswer = parcel.MaxSize
	return []webkit.Route{
		desk.Get(path, parcel.RightRead, f.inbox),
		desk.Get(path+"/upload", parcel.RightReceive, f.upload),
		upload,
		desk.Get(receivedPath+"/{id}", parcel.RightRead, f.look),
		file,
		desk.Get(receivedPath+"/{id}/accept", parcel.RightReceive, f.accept),
		desk.Post(receivedPath+"/{id}/accept", parcel.RightReceive, f.accept),
		desk.Get(receivedPath+"/{id}/return", parcel.RightReceive, f.giveBack),
		desk.Post(receivedPath+"/{id}/return", parcel.RightReceive, f.giveBack),
		desk.Get(receivedPath+"/{id}/key", parcel.RightReceive, f.confirm),
		desk.Post(receivedPath+"/{id}/key", parcel.RightReceive, f.confirm),
	}
}

func receivedLink(id string) string { return receivedPath + "/" + id }

// inboxView lists what came in.
type inboxView struct {
	all []parcel.Received
	may bool
}

func (f *Face) inbox(w http.ResponseWriter, r *http.Request) error {
	who := webkit.Actor(r)
	v := inboxView{may: who.Can(parcel.RightReceive)}
	var err error
	if v.all, err = f.Parcels.Inbox(r.Context(), who); err != nil {
		return err
	}
	p, err := f.Page(r, webkit.Lang(r).T(i18n.SendingTitle))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, inboxPage(p, v))
}

func stateTone(s parcel.State) ui.Tone {
	switch s {
	case parcel.Waiting:
		return ui.Wait
	case parcel.Accepted:
		return ui.OK
	case parcel.Returned:
		return ui.Bad
	default:
		return ui.Neutral
	}
}

func (v inboxView) table(p ui.Page) ui.Table {
	t := ui.Table{Caption: p.T(i18n.SendingInbox), Columns: []ui.Column{
		{Label: p.T(i18n.SendingSender), Kind: ui.ColTitle},
		{Label: p.T(i18n.SendingMovement)},
		{Label: p.T(i18n.FrozenAsOf)},
		{Label: p.T(i18n.FrozenNo), Kind: ui.ColNumber},
		{Label: p.T(i18n.SendingEntries), Kind: ui.ColNumber},
		{Label: p.T(i18n.SendingReceivedAt)},
		{Label: p.T(i18n.FrozenState), Kind: ui.ColStatus},
	}}
	for _, r := range v.all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: r.Unit.Name, Sub: r.Unit.Code, Href: receivedLink(r.ID)},
			{Text: r.Movement.Name, Sub: r.PeriodName},
			{Text: p.Lang.Date(r.AsOf)},
			{Text: strconv.Itoa(r.Version)},
			{Text: p.Lang.Number(r.Entries)},
			{Text: p.Lang.Instant(r.ReceivedAt)},
			{Text: p.T(r.State.Label()), Tone: stateTone(r.State)},
		}})
	}
	return t
}

// formView is one of the small forms about a package.
type formView struct {
	desk.Filled
	of   parcel.Received
	back string
	into []ui.OptionGroup
}

func (f *Face) upload(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	fill, form := desk.FilledFrom(r)
	fill.Files = true
	v := formView{Filled: fill, back: path}
	status := http.StatusOK
	if v.Sent(r) {
		got, err := f.takeIn(r, form)
		if err == nil {
			said := i18n.SendingTakenIn
			if got.Again {
				said = i18n.SendingAgain
			}
			return desk.Done(w, r, receivedLink(got.ID), said, got.Unit.Name)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "file"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.SendingUpload), crumb(lang))
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, uploadPage(p, v))
}

func (f *Face) takeIn(r *http.Request, form *webkit.FormReader) (parcel.Received, error) {
	up, ok, err := webkit.File(r, "file")
	if err != nil {
		return parcel.Received{}, err
	}
	if !ok {
		return parcel.Received{}, errs.New(errs.Invalid, i18n.ErrsRequired).On("file")
	}
	defer up.Close() //nolint:errcheck // it was only read
	if err := form.Err(); err != nil {
		return parcel.Received{}, err
	}
	return f.Parcels.Receive(r.Context(), webkit.Actor(r), up, up.Size)
}

// lookView is a package that came in.
type lookView struct {
	parcel.Looked
	by  string // who took it in
	may bool
}

func (f *Face) look(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	v := lookView{may: who.Can(parcel.RightReceive)}
	var err error
	if v.Looked, err = f.Parcels.Look(r.Context(), who, r.PathValue("id")); err != nil {
		return err
	}
	names, err := f.NamesOf(r, []string{v.ReceivedBy})
	if err != nil {
		return err
	}
	v.by = names[v.ReceivedBy]
	p, err := f.Page(r, lang.T(i18n.SendingOne, v.Unit.Name, v.AsOf), crumb(lang))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, lookPage(p, v))
}

func (f *Face) file(w http.ResponseWriter, r *http.Request) error {
	got, content, err := f.Parcels.Open(r.Context(), webkit.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // it was only read
	a := asPackage(strings.Join([]string{got.Unit.Code, got.Movement.Code, got.AsOf.String(), "v" + strconv.Itoa(got.Version)}, "_"))
	a.Size, a.Content = got.File().Size, content
	return webkit.Download(w, r, a)
}

// figures is the funnel of a package by kind of subject.
func (v lookView) figures(p ui.Page) ui.Table {
	t := ui.Table{Caption: p.T(i18n.SendingFigures), ShowCaption: true, Pan: true, Columns: []ui.Column{{Label: p.T(i18n.SendingFigure), Kind: ui.ColTitle}, {Label: p.T(i18n.ReportTotal), Kind: ui.ColNumber}}}
	for _, k := range ledger.SubjectKinds() {
		t.Columns = append(t.Columns, ui.Column{Label: p.T(k.Label()), Kind: ui.ColNumber})
	}
	for _, d := range ledger.Definitions() {
		one := v.Figures.Get(d.Figure)
		row := ui.Row{Cells: []ui.Cell{{Text: p.T(d.Label)}, {Text: p.Lang.Number(one.Total)}}}
		for _, k := range ledger.SubjectKinds() {
			row.Cells = append(row.Cells, ui.Cell{Text: p.Lang.Number(one.Of(k))})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// mostEntries bounds the lists of the page; the file has them all.
const mostEntries = 300

func entryTable(p ui.Page, caption string, all []report.ListedEntry) ui.Table {
	t := ui.Table{Caption: caption, ShowCaption: true, Columns: []ui.Column{
		{Label: p.T(i18n.PaperCode), Kind: ui.ColCode},
		{Label: p.T(i18n.PaperPractice), Kind: ui.ColTitle},
		{Label: p.T(i18n.PaperUnit)},
		{Label: p.T(i18n.PaperKind)},
		{Label: p.T(i18n.PaperFields)},
		{Label: p.T(i18n.PaperRegisteredOn)},
		{Label: p.T(i18n.PaperRecognisedOn)},
	}}
	for _, e := range all[:min(len(all), mostEntries)] {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: e.Code},
			{Text: e.Title},
			{Text: e.UnitName},
			{Text: report.CodeLabel(p.Lang, "kind", e.Kind)},
			{Text: report.CodeLabel(p.Lang, "field", e.Field)},
			{Text: e.RegisteredOn},
			{Text: e.RecognisedOn},
		}})
	}
	return t
}

func overlapTable(p ui.Page, all []parcel.Overlap) ui.Table {
	t := ui.Table{Caption: p.T(i18n.SendingOverlap, len(all)), ShowCaption: true, Columns: []ui.Column{
		{Label: p.T(i18n.PaperCode), Kind: ui.ColCode}, {Label: p.T(i18n.PaperPractice), Kind: ui.ColTitle}, {Label: p.T(i18n.SendingHere)}, {Label: p.T(i18n.SendingHeldBy)},
	}}
	for _, o := range all[:min(len(all), mostEntries)] {
		by := o.Unit
		if by == "" {
			by = p.T(i18n.SendingOwnRegister)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: o.Code}, {Text: o.Title}, {Text: o.Here}, {Text: by}}})
	}
	return t
}

func changeTable(p ui.Page, d parcel.Difference) ui.Table {
	t := ui.Table{Caption: p.T(i18n.SendingChanges, d.Before.AsOf, d.Before.Version), ShowCaption: true, Pan: true, Columns: []ui.Column{
		{Label: p.T(i18n.SendingFigure), Kind: ui.ColTitle}, {Label: p.T(i18n.FrozenThen), Kind: ui.ColNumber}, {Label: p.T(i18n.FrozenNow), Kind: ui.ColNumber},
	}}
	for _, c := range d.Figures {
		cell := report.Cell{Table: report.TableFigures, Row: string(c.Figure), Column: c.Column}
		def, _ := ledger.Define(c.Figure)
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: p.T(def.Label), Sub: report.ColumnLabel(p.Lang, cell)}, {Text: p.Lang.Number(c.Was)}, {Text: p.Lang.Number(c.Is)}}})
	}
	return t
}

// of finds the package that a form is about.
func (f *Face) of(r *http.Request) (formView, *webkit.FormReader, error) {
	got, err := f.Parcels.Get(r.Context(), webkit.Actor(r), r.PathValue("id"))
	fill, form := desk.FilledFrom(r)
	return formView{Filled: fill, of: got, back: receivedLink(got.ID)}, form, err
}

func (v formView) crumbs(lang i18n.Lang) []ui.Link {
	return []ui.Link{crumb(lang), {Text: lang.T(i18n.SendingOne, v.of.Unit.Name, v.of.AsOf), Href: v.back}}
}

// accept asks what a package counts in, then once more with its counts, and accepts it.
func (f *Face) accept(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	v, form, err := f.of(r)
	if err != nil {
		return err
	}
	in, name, err := f.into(r, &v, form)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if v.Sent(r) {
		err := form.Err()
		if err == nil && in.Movement == "" {
			err = errs.New(errs.Invalid, i18n.ParcelChooseMovement).On("into")
		}
		if err == nil && !v.Sure() {
			return f.askToAccept(w, r, v, name)
		}
		if err == nil {
			if err = f.Parcels.Accept(r.Context(), webkit.Actor(r), v.of.ID, in); err == nil {
				return desk.Done(w, r, v.back, i18n.SendingAcceptedDone, v.of.Unit.Name)
			}
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "into"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.SendingAccept), v.crumbs(lang)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, acceptPage(p, v))
}

func (f *Face) askToAccept(w http.ResponseWriter, r *http.Request, v formView, into string) error {
	lang := webkit.Lang(r)
	var items []string
	for _, d := range ledger.Definitions() {
		items = append(items, lang.T(d.Label)+": "+lang.Number(v.of.Figures.Get(d.Figure).Total))
	}
	ask := v.Ask(lang.T(i18n.SendingAcceptAsk, v.of.Unit.Name, into), v.back, ui.Btn{Text: lang.T(i18n.SendingAccept), Icon: ui.IconCheck, Kind: ui.Primary}, items...)
	ask.Count = v.of.Entries
	return f.AskFirst(w, r, ask, lang.T(i18n.SendingAccept), v.crumbs(lang)...)
}

// into offers the periods of the movements here, and reads which was chosen; first that of the
// same code.
func (f *Face) into(r *http.Request, v *formView, form *webkit.FormReader) (parcel.Acceptance, string, error) {
	all, err := f.Movements.List(r.Context(), webkit.Actor(r))
	if err != nil {
		return parcel.Acceptance{}, "", err
	}
	var options []ui.Option
	chosen, name := parcel.Acceptance{}, ""
	for _, m := range all {
		for _, period := range m.Periods {
			value := m.Code + "|" + strconv.Itoa(period.No)
			text := m.Name + " – " + period.Name
			if on, _ := m.PeriodOn(v.of.AsOf); m.Code == v.of.Movement.Code && on.No == period.No {
				v.Start("into", value)
			}
			if form.Values.Get("into") == value {
				chosen, name = parcel.Acceptance{Movement: m.Code, Period: period.No}, text
			}
			options = append(options, ui.Option{Value: value, Text: text})
		}
	}
	v.into = desk.WithNone(ui.Options(options...), webkit.Lang(r).T(i18n.SendingChoose))
	return chosen, name, nil
}

// giveBack returns a package with the reason.
func (f *Face) giveBack(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	v, form, err := f.of(r)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if v.Sent(r) {
		reason := form.Text("reason", 4*parcel.MaxReason)
		if err = form.Err(); err == nil {
			err = f.Parcels.Return(r.Context(), webkit.Actor(r), v.of.ID, reason)
		}
		if err == nil {
			return desk.Done(w, r, v.back, i18n.SendingReturnedDone, v.of.Unit.Name)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "reason"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.SendingReturn), v.crumbs(lang)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, returnPage(p, v))
}

// confirm records the key of a sender. The page does not show the fingerprint: it is to be
// heard, not copied.
func (f *Face) confirm(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	v, form, err := f.of(r)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if v.Sent(r) {
		in := parcel.Confirmation{Fingerprint: form.Text("fingerprint", 600), ToldBy: form.Text("toldBy", 600)}
		if err = form.Err(); err == nil {
			err = f.Parcels.Confirm(r.Context(), webkit.Actor(r), v.of.ID, in)
		}
		if err == nil {
			return desk.Done(w, r, v.back, i18n.SendingKeyDone, v.of.Unit.Name)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "fingerprint", "toldBy"); !ok {
			return err
		}
	}
	senders, err := f.Parcels.Senders(r.Context(), webkit.Actor(r))
	if err != nil {
		return err
	}
	other := slices.ContainsFunc(senders, func(s parcel.Sender) bool { return s.UnitID == v.of.UnitID && s.WithdrawnAt.IsZero() })
	p, err := f.Page(r, lang.T(i18n.SendingConfirm), v.crumbs(lang)...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, confirmPage(p, v, other))
}
