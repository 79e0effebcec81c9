package office

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) batchRoutes() []webkit.Route {
	const one = desk.BatchesPath + "/{batch}"
	return []webkit.Route{
		desk.Get(desk.BatchesPath, practice.RightReceive, f.batches),
		desk.Get(desk.BatchesPath+"/new", practice.RightReceive, f.batchNew),
		desk.Post(desk.BatchesPath+"/new", practice.RightReceive, f.batchNew),
		desk.Get(one, practice.RightReceive, f.batch),
		desk.Post(one+"/undo", practice.RightReclassify, f.batchUndo),
	}
}

// batchView is what is to be done to which entries.
type batchView struct {
	desk.Filled
	movement  movement.Movement
	ids       []string
	all       int // how many match the filter
	back      string
	tags      []practice.Tag
	decisions []ledger.Decision
	asked     bool // it is shown what would happen
	action    worklist.Action
	may       []ledger.EntryRow
	left      []practice.Left
}

func batchFields() []string { return []string{"which", "action", "on", "reason", "tag", "decision"} }

// mostListed is how many entries a question lists; how many there are is told above.
const mostListed = 200

// batchNew asks what is to be done to the entries that were chosen, or to all that match the
// filter; shows what that touches and what it leaves out; and does it.
func (f *Face) batchNew(w http.ResponseWriter, r *http.Request) error {
	who, lang := webkit.Actor(r), webkit.Lang(r)
	state, form := desk.FilledFrom(r)
	if state.First {
		state.Values.Set("back", r.URL.Query().Get("back"))
		form.Values = state.Values
	}
	state.Action = desk.BatchesPath + "/new"
	v := batchView{Filled: state, back: listBack(form.Values.Get("back")), ids: form.Texts("id", 64)}
	query, m, err := f.listAt(r, v.back)
	if err != nil {
		return err
	}
	v.movement = m
	list, err := f.Practices.List(r.Context(), who, query)
	if err != nil {
		return err
	}
	v.all = list.Total
	status := http.StatusOK
	if v.Sent(r) && form.Values.Has("action") {
		in := readBatch(form, query, v.ids)
		v.action = in.Action
		made, err := f.batchAsked(r, &v, in, form)
		if err == nil && made.ID != "" {
			return desk.Done(w, r, desk.BatchLink(made.ID), i18n.OfficeBatchMade, lang.T(in.Action.Label()), made.Chosen)
		}
		if err != nil {
			var ok bool
			if status, ok = v.Refuse(lang, renamed(err, in.Action), batchFields()...); !ok {
				return err
			}
			v.asked = false
		}
	}
	if v.tags, err = f.Practices.Tags(r.Context(), who, m.Code); err != nil {
		return err
	}
	if who.Can(practice.RightRecognise) {
		if v.decisions, err = f.Movements.Decisions(r.Context(), who, 0, 100); err != nil {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.OfficeBatchNew), ui.Link{Text: lang.T(i18n.AdminRegister), Href: v.back})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, batchNewPage(p, v))
}

// batchAsked does what was asked for where it was confirmed; else it fills in what would
// happen.
func (f *Face) batchAsked(r *http.Request, v *batchView, in worklist.BatchInput, form *webkit.FormReader) (worklist.Batch, error) {
	if err := form.Err(); err != nil {
		return worklist.Batch{}, err
	}
	if err := in.Check(); err != nil {
		return worklist.Batch{}, err
	}
	if v.Sure() {
		return f.Worklist.Run(r.Context(), webkit.Actor(r), in)
	}
	var err error
	v.may, v.left, err = f.Worklist.Preview(r.Context(), webkit.Actor(r), in)
	v.asked = true
	return worklist.Batch{}, err
}

// renamed puts errors about what a batch is with onto the field of the form.
func renamed(err error, a worklist.Action) error {
	var l errs.List
	for _, e := range errs.All(err) {
		switch {
		case e.Field == "object" && a.Tags():
			e = e.On("tag")
		case e.Field == "object":
			e = e.On("decision")
		case e.Field == "entries":
			e = e.On("which")
		}
		l = append(l, e)
	}
	if len(l) == 0 {
		return err
	}
	return l.Err()
}

func readBatch(form *webkit.FormReader, query practice.Query, ids []string) worklist.BatchInput {
	in := worklist.BatchInput{
		Action: worklist.Action(form.Choice("action", desk.Texts(worklist.Actions())...)), Period: query.Period, Entries: ids,
		Reason: form.Text("reason", 2000),
	}
	switch {
	case in.Action.Dated():
		in.On = form.Date("on")
	case in.Action.Tags():
		in.Object = form.Text("tag", 64)
	case in.Action.OnPaper():
		in.Object = form.Text("decision", 64)
	}
	if form.Choice("which", "chosen", "all") == "all" {
		in.All, in.Entries = &query, nil
	}
	return in
}

// question is the confirmation of a batch.
func (v batchView) question(p ui.Page) ui.Confirm {
	items := make([]string, 0, len(v.may))
	for _, row := range v.may[:min(len(v.may), mostListed)] {
		items = append(items, row.Code+" · "+row.Title)
	}
	if n := len(v.may) - mostListed; n > 0 {
		items = append(items, p.T(i18n.OfficeAndMore, n))
	}
	c := v.Ask("", v.back, ui.Btn{Text: p.T(v.action.Label()), Icon: ui.IconCheck, Kind: ui.Primary}, items...)
	c.Count = len(v.may)
	return c
}

// chosenOptions are the entries that a batch can be about.
func (v batchView) chosenOptions(p ui.Page) []ui.Option {
	var all []ui.Option
	if len(v.ids) > 0 {
		all = append(all, ui.Option{Value: "chosen", Text: p.T(i18n.OfficeChosen, len(v.ids))})
	}
	return append(all, ui.Option{Value: "all", Text: p.T(i18n.OfficeAllThatMatch, v.all)})
}

func (v batchView) tagOptions(p ui.Page) []ui.OptionGroup {
	options := []ui.Option{{Text: p.T(i18n.OfficeNone)}}
	for _, t := range v.tags {
		options = append(options, ui.Option{Value: t.ID, Text: t.Name})
	}
	return ui.Options(options...)
}

func (v batchView) decisionOptions(p ui.Page) []ui.OptionGroup {
	options := []ui.Option{{Text: p.T(i18n.OfficeNone)}}
	for _, d := range v.decisions {
		options = append(options, ui.Option{Value: d.ID, Text: d.Number + " · " + p.Lang.Date(d.On)})
	}
	return ui.Options(options...)
}

// batches lists what was done to many entries at once.
func (f *Face) batches(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	all, err := f.Worklist.Batches(r.Context(), webkit.Actor(r))
	if err != nil {
		return err
	}
	ids := make([]string, len(all))
	for i, b := range all {
		ids[i] = b.Account
	}
	names, err := f.NamesOf(r, ids)
	if err != nil {
		return err
	}
	t := ui.Table{
		Caption: lang.T(i18n.OfficeBatches),
		Columns: desk.Kinds(desk.Columns(lang, i18n.OfficeBatchWhat, i18n.OfficeBatchWhen, i18n.OfficeBatchWho, i18n.OfficeBatchDone, i18n.OfficeBatchState), ui.ColTitle),
		Empty:   ui.EmptyState(ui.IconClipboardList, lang.T(i18n.OfficeBatchNone), lang.T(i18n.OfficeBatchNoneText), ui.LinkButton(ui.Btn{Text: lang.T(i18n.AdminRegister), Icon: ui.IconClipboardList, Href: desk.RegisterPath})),
	}
	for _, b := range all {
		t.Rows = append(t.Rows, ui.Row{ID: b.ID, Cells: []ui.Cell{
			{Text: lang.T(b.Action.Label()), Href: desk.BatchLink(b.ID)},
			{Text: lang.Instant(b.MadeAt)},
			{Text: names[b.Account]},
			{Text: strconv.Itoa(b.Done) + " / " + strconv.Itoa(b.Chosen)},
			{Text: lang.T(stateWord(b))},
		}})
	}
	p, err := f.Page(r, lang.T(i18n.OfficeBatches), ui.Link{Text: lang.T(i18n.AdminRegister), Href: desk.RegisterPath})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, batchesPage(p, t))
}

func stateWord(b worklist.Batch) i18n.Key {
	switch {
	case !b.UndoneAt.IsZero():
		return i18n.OfficeStateUndone
	case b.State == worklist.BatchWaiting:
		return i18n.OfficeStateWaiting
	case b.State == worklist.BatchFailed:
		return i18n.OfficeStateFailed
	default:
		return i18n.OfficeStateDone
	}
}

// oneBatch is a batch with what became of its entries.
type oneBatch struct {
	batch   worklist.Batch
	facts   []ui.Definition
	table   ui.Table
	undo    bool
	account string
}

func (f *Face) batch(w http.ResponseWriter, r *http.Request) error {
	who, lang := webkit.Actor(r), webkit.Lang(r)
	b, items, err := f.Worklist.Batch(r.Context(), who, r.PathValue("batch"))
	if err != nil {
		return err
	}
	names, err := f.NamesOf(r, []string{b.Account, b.UndoneBy})
	if err != nil {
		return err
	}
	v := oneBatch{batch: b, undo: b.Undoable() && who.Can(practice.RightReclassify), account: who.Account, facts: []ui.Definition{
		{Term: lang.T(i18n.OfficeBatchState), Text: lang.T(stateWord(b))},
		{Term: lang.T(i18n.OfficeBatchWho), Text: names[b.Account]},
		{Term: lang.T(i18n.OfficeBatchWhen), Text: lang.Instant(b.MadeAt)},
		{Term: lang.T(i18n.OfficeBatchDone), Text: strconv.Itoa(b.Done) + " / " + strconv.Itoa(b.Chosen)},
	}}
	if !b.UndoneAt.IsZero() {
		v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.OfficeStateUndone), Text: lang.T(i18n.OfficeUndoneBy, b.Done-b.Kept, b.Kept, names[b.UndoneBy])})
	}
	if v.table, err = f.batchTable(r, items); err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(b.Action.Label()), ui.Link{Text: lang.T(i18n.OfficeBatches), Href: desk.BatchesPath})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, batchPage(p, v))
}

func (f *Face) batchTable(r *http.Request, items []worklist.BatchItem) (ui.Table, error) {
	lang := webkit.Lang(r)
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = item.Entry
	}
	rows, err := f.Practices.Rows(r.Context(), webkit.Actor(r), ids)
	if err != nil {
		return ui.Table{}, err
	}
	t := ui.Table{
		Caption: lang.T(i18n.OfficeBatchEntries),
		Columns: desk.Kinds(desk.Columns(lang, i18n.AdminColTitle, i18n.AdminColCode, i18n.OfficeOutcome, i18n.OfficeWhy), ui.ColTitle),
	}
	for _, row := range rows {
		item := items[slices.IndexFunc(items, func(i worklist.BatchItem) bool { return i.Entry == row.Entry })]
		t.Rows = append(t.Rows, ui.Row{ID: row.Entry, Cells: []ui.Cell{
			{Text: row.Title, Href: desk.EntryLink(row.Code)}, {Text: row.Code}, {Text: lang.T(outcomeWord(item.Outcome))}, {Text: desk.OrDash(item.Why)},
		}})
	}
	return t, nil
}

func outcomeWord(outcome string) i18n.Key {
	return map[string]i18n.Key{
		worklist.Waiting: i18n.OfficeStateWaiting, worklist.Done: i18n.OfficeOutcomeDone, worklist.Left: i18n.OfficeOutcomeLeft,
		worklist.Undone: i18n.OfficeOutcomeUndone, worklist.Kept: i18n.OfficeOutcomeKept,
	}[outcome]
}

// batchUndo takes a batch back.
func (f *Face) batchUndo(w http.ResponseWriter, r *http.Request) error {
	b, err := f.Worklist.Undo(r.Context(), webkit.Actor(r), r.PathValue("batch"))
	if err != nil {
		return err
	}
	return desk.Done(w, r, desk.BatchLink(b.ID), i18n.OfficeUndone, b.Done-b.Kept, b.Kept)
}
