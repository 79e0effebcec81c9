package admin

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/draft"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// formState is what every form of this face carries: what was typed, what is wrong with
// it, and where it is found again after a session that ran out.
type formState struct {
	values  url.Values
	errors  []ui.FieldError
	byField map[string]string
	action  string
	page    string
	account string
	back    string
}

// field is a field of the form with what was typed into it, and what is wrong with that.
func (v formState) field(name, label string) ui.Field {
	return ui.Field{Name: name, Label: label, Value: v.values.Get(name), Error: v.byField[name]}
}

// fill takes what was kept of the form, else what it begins with.
func (v *formState) fill(r *http.Request, begin url.Values) {
	v.account = webkit.Actor(r).Account
	if v.values = begin; r.Method == http.MethodPost {
		v.values = webkit.Form(r).Values
	} else if kept := webkit.Kept(r); kept != nil {
		v.values = kept
	}
}

// refuse notes what is wrong with the input, and gives the status for that; an error
// that is not about the input is given back.
func (v *formState) refuse(lang i18n.Lang, err error) (int, error) {
	var ok bool
	if v.byField, v.errors, ok = desk.FieldErrors(lang, err); !ok {
		return 0, err
	}
	v.errors = named(lang, v.errors)
	return webkit.Status(err), nil
}

// named puts the name of its field before each error, for the list above the form: it
// is read away from the field.
func named(lang i18n.Lang, list []ui.FieldError) []ui.FieldError {
	words := formWords()
	for i, e := range list {
		if word, ok := words[e.Field]; ok {
			list[i].Text = lang.T(i18n.RegisterChip, lang.T(word), e.Text)
		} else if word := measureWord(lang, e.Field); word != "" {
			list[i].Text = lang.T(i18n.RegisterChip, word, e.Text)
		}
	}
	return list
}

// formWords are the words for the fields of the forms about an entry.
func formWords() map[string]i18n.Key {
	words := map[string]i18n.Key{
		"title": i18n.RegisterFormTitle, "unit": i18n.RegisterFormUnit, "kind": i18n.RegisterFormKind, "subject": i18n.RegisterFormSubject,
		"field": i18n.RegisterFormField, "origin": i18n.RegisterFormOrigin, "practice": i18n.RegisterFormPractice,
		"partners": i18n.RegisterFormPartners, "on": i18n.RegisterStepDay, "declaredBy": i18n.RegisterFormDeclaredBy,
		"address": i18n.RegisterFormAddress, "tags": i18n.RegisterFormTags, "document": i18n.DraftpageEvidence, "signedForm": i18n.PracticeDocumentSigned,
		"reason": i18n.RegisterStepReasonNeeded, "name": i18n.RegisterExemplarName, "introducedBy": i18n.RegisterExemplarIntroducedBy,
		"source": i18n.RegisterAdoptSource, "sourceText": i18n.RegisterAdoptSourceText, "sourcePlace": i18n.RegisterAdoptSourcePlace,
		"mode": i18n.RegisterAdoptMode, "startedOn": i18n.RegisterAdoptStarted, "note": i18n.RegisterAdoptNote,
		"from": i18n.RegisterFrom, "to": i18n.RegisterTo, "correction": i18n.RegisterCorrection,
	}
	for _, part := range (&practice.Parts{}).All() {
		words[part.Field] = part.Label
	}
	words["running"] = i18n.RegisterFormRunning
	return words
}

// entryForm is the form of a registration, new or to be edited.
type entryForm struct {
	formState
	movements []movement.Movement
	movement  movement.Movement
	units     desk.UnitChoice
	earlier   []ui.Option    // entries of the year before
	entry     practice.Entry // what is edited; the zero entry is a new one
	fixed     bool           // it was received: what classifies it cannot be edited
	onBehalf  bool
	correct   bool // readers are told what is corrected
	draft     draft.Draft
	on        clock.Date
	tree      *org.Tree
	tags      []practice.Tag
	open      *practice.Return  // what it was sent back for, to whom may change only that
	typed     []ledger.EntryRow // what the actor typed last
}

// entryNew is the form of a registration, which is a draft until it is handed in: at the
// address of the draft, or at one of its own while nothing is saved.
func (f *Face) entryNew(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	q := webkit.Query(r)
	if r.Method == http.MethodPost {
		q = webkit.Form(r)
	}
	d, err := f.draftOf(r, q)
	if err != nil {
		return err
	}
	if d.Entry != "" {
		return f.handedIn(w, r, d.Entry)
	}
	if d.Discarded() {
		return desk.Done(w, r, desk.DraftsPath, i18n.DraftDiscarded)
	}
	v, p, err := f.draftForm(r, q, d)
	if err != nil {
		return err
	}
	if v.movement.Code == "" {
		return desk.Render(w, r, http.StatusOK, homePage(p, homeView{}))
	}
	if r.Method != http.MethodPost || q.Bool(desk.FieldMore) || q.Bool("again") {
		return desk.Render(w, r, http.StatusOK, entryFormPage(p, v))
	}
	e, err := f.handIn(r, q, &v)
	switch {
	case errors.Is(err, errOvertaken):
		return f.draftConflict(w, r, p, v)
	case err != nil:
		status, err := v.refuse(lang, err)
		if err != nil {
			return err
		}
		return desk.Render(w, r, status, entryFormPage(p, v))
	case e.ID == "":
		return desk.Done(w, r, desk.DraftLink(v.draft.ID), i18n.DraftpageKept, lang.Instant(v.draft.UpdatedAt))
	case q.Bool("next"):
		return desk.Done(w, r, nextLink(v), i18n.RegisterRegistered, e.Code)
	}
	return desk.Done(w, r, entryPath(e.Code), i18n.RegisterRegistered, e.Code)
}

// draftForm is the form of a draft: as it was posted, kept over a sign-in or saved.
func (f *Face) draftForm(r *http.Request, q *webkit.FormReader, d draft.Draft) (entryForm, ui.Page, error) {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	code := q.Values.Get("movement")
	if r.Method != http.MethodPost && d.Version > 0 {
		code = d.Movement
	}
	c, err := f.chosen(ctx, who, &webkit.FormReader{Values: url.Values{"movement": {code}}})
	if err != nil {
		return entryForm{}, ui.Page{}, err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return entryForm{}, ui.Page{}, err
	}
	p, err := f.Page(r, lang.T(i18n.AdminRegisterNew), ui.Link{Text: lang.T(i18n.AdminRegister), Href: "/admin/entries"})
	p.Module = "draft.js"
	v := entryForm{movements: c.all, movement: c.movement, onBehalf: who.Can(practice.RightOnBehalf), draft: d}
	if err != nil || c.movement.Code == "" {
		return v, p, err
	}
	v.on = stepDay(f.Now.Today(), c.period)
	v.units = desk.UnitChoiceOf(tree, who.Scope, v.on)
	v.units.Typed = v.units.Typed || v.onBehalf // who types for many looks for each by a part of its name
	v.action, v.back, v.page = "/admin/entries/new", registerLink(c), registerNewLink(c)
	if d.Version > 0 {
		v.action, v.page = desk.DraftLink(d.ID), desk.DraftLink(d.ID)
	}
	if v.earlier, err = f.earlierEntries(r, c); err != nil {
		return v, p, err
	}
	if v.tags, err = f.Practices.Tags(ctx, who, c.movement.Code); err != nil {
		return v, p, err
	}
	if v.onBehalf {
		if v.typed, err = f.Worklist.Typed(ctx, who, c.period.No, 8); err != nil {
			return v, p, err
		}
	}
	begin := v.begin(q)
	if d.Version > 0 {
		begin = desk.DraftValues(d.Form)
		if begin.Get("on") == clock.DateOf(d.CreatedAt).String() { // nobody chose that day: it stood there when the form was new
			begin.Set("on", v.on.String())
		}
	}
	begin.Set(webkit.VersionField, strconv.Itoa(d.Version))
	v.fill(r, begin)
	v.tree = tree
	return v, p, nil
}

// begin is what a new form begins with: what the one before it said of where and when,
// where one types many.
func (v entryForm) begin(q *webkit.FormReader) url.Values {
	values := url.Values{
		"on": {v.on.String()}, "kind": {ledger.Collective.String()}, "origin": {ledger.OriginNew.String()},
	}
	if len(v.units.Options) == 1 {
		values.Set("unit", v.units.Options[0].Value)
	}
	for _, name := range keptFields() {
		if text := q.Text(name, 300); text != "" {
			values.Set(name, text)
		}
	}
	return values
}

// gathered adds the errors of the domain about a form to those of reading it; of each
// field the first one counts.
func gathered(q *webkit.FormReader, err error) error {
	for _, e := range errs.All(err) {
		if !slices.ContainsFunc(q.Errors, func(x *errs.Error) bool { return x.Field == e.Field }) {
			q.Errors = append(q.Errors, e)
		}
	}
	return q.Err()
}

// earlierEntries offers the entries of the movement of the year before, which can be
// continued.
func (f *Face) earlierEntries(r *http.Request, c chosen) ([]ui.Option, error) {
	i := slices.IndexFunc(c.all, func(m movement.Movement) bool { return m.ID == c.movement.Follows })
	if i < 0 || len(c.all[i].Periods) == 0 {
		return nil, nil
	}
	list, err := f.Practices.List(r.Context(), webkit.Actor(r), practice.Query{
		Period: c.all[i].Periods[len(c.all[i].Periods)-1].No, Slice: ledger.Slice{Sort: ledger.ByName, Limit: desk.MostSuggestions},
	})
	options := make([]ui.Option, len(list.Rows))
	for i, e := range list.Rows {
		options[i] = ui.Option{Value: e.Code, Text: e.Title}
	}
	return options, err
}

// readEntry reads the form of a registration.
func readEntry(q *webkit.FormReader, tree *org.Tree, scope actor.Scope, on clock.Date) practice.Input {
	kind, _ := ledger.Parse(ledger.SubjectKinds(), q.Choice("kind", ledger.Codes(ledger.SubjectKinds())...))
	origin, _ := ledger.Parse(ledger.Origins(), q.Choice("origin", ledger.Codes(ledger.Origins())...))
	in := practice.Input{
		On: q.Date("on"), Unit: desk.UnitCode(tree, scope, on, q.Text("unit", 300)), Partners: desk.UnitCodes(tree, on, q.Text("partners", 10_000)),
		Kind: kind, Subject: q.Text("subject", 200), Field: q.Text("field", 64), Origin: origin, Running: q.Bool("running"),
		Title: q.Text("title", 300), DeclaredBy: q.Text("declaredBy", 200), Address: q.Text("address", 300), Tags: q.Texts("tags", 64),
	}
	for _, part := range in.Parts.All() {
		*part.Text = q.Text(part.Field, 8000)
	}
	in.Indicators, in.Means, in.Correction = readIndicators(q), readResources(q), q.Text("correction", 2000)
	return in
}

// inputOf is an entry as its form has it.
func inputOf(e practice.Entry, tree *org.Tree) practice.Input {
	unit, _ := tree.Unit(e.Unit)
	in := practice.Input{
		Unit: unit.Code, Kind: e.Kind, Subject: e.Subject, Field: e.Field, Origin: e.Origin, Running: e.Running, Title: e.Title,
		Parts: e.Parts, Indicators: e.Indicators, Means: e.Means, DeclaredBy: e.DeclaredBy, Address: e.Address, Tags: e.Tags, Exemplar: e.Exemplar, Practice: e.Practice,
	}
	for _, id := range e.Partners {
		partner, _ := tree.Unit(id)
		in.Partners = append(in.Partners, partner.Code)
	}
	slices.Sort(in.Partners)
	return in
}

// valuesOf is what the fields of the form hold.
func valuesOf(in practice.Input) url.Values {
	values := url.Values{
		"unit": {in.Unit}, "kind": {in.Kind.String()}, "subject": {in.Subject}, "field": {in.Field}, "origin": {in.Origin.String()},
		"title": {in.Title}, "declaredBy": {in.DeclaredBy}, "partners": {strings.Join(in.Partners, "\n")},
		"address": {in.Address}, "tags": in.Tags,
	}
	if in.Running {
		values.Set("running", "1")
	}
	for _, part := range in.Parts.All() {
		values.Set(part.Field, *part.Text)
	}
	setMeasures(values, in)
	return values
}

// labels offers choices under their words.
func labels[T labelled](lang i18n.Lang, all []T) []ui.Option {
	options := make([]ui.Option, len(all))
	for i, v := range all {
		options[i] = ui.Option{Value: v.String(), Text: lang.T(v.Label())}
	}
	return options
}

// fieldOptions offers the fields of a movement.
func fieldOptions(m movement.Movement) []ui.OptionGroup {
	options := make([]ui.Option, len(m.Fields))
	for i, x := range m.Fields {
		options[i] = ui.Option{Value: x.Code, Text: x.Name}
	}
	return ui.Options(options...)
}

// listed joins names to a list in a sentence.
func listed(names []string) string { return strings.Join(names, "; ") }
