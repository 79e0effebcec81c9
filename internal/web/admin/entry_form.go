package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
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
		v.values = r.PostForm
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
	words := map[string]i18n.Key{
		"title": i18n.RegisterFormTitle, "unit": i18n.RegisterFormUnit, "kind": i18n.RegisterFormKind, "subject": i18n.RegisterFormSubject,
		"field": i18n.RegisterFormField, "origin": i18n.RegisterFormOrigin, "practice": i18n.RegisterFormPractice,
		"partners": i18n.RegisterFormPartners, "on": i18n.RegisterStepDay, "declaredBy": i18n.RegisterFormDeclaredBy,
		"reason": i18n.RegisterStepReasonNeeded, "name": i18n.RegisterExemplarName, "introducedBy": i18n.RegisterExemplarIntroducedBy,
		"source": i18n.RegisterAdoptSource, "sourceText": i18n.RegisterAdoptSourceText, "sourcePlace": i18n.RegisterAdoptSourcePlace,
		"mode": i18n.RegisterAdoptMode, "startedOn": i18n.RegisterAdoptStarted, "note": i18n.RegisterAdoptNote,
		"from": i18n.RegisterFrom, "to": i18n.RegisterTo, "correction": i18n.RegisterCorrection,
	}
	for _, part := range (&practice.Parts{}).All() {
		words[part.Field] = part.Label
	}
	for i, e := range list {
		if word, ok := words[e.Field]; ok {
			list[i].Text = lang.T(i18n.RegisterChip, lang.T(word), e.Text)
		} else if word := measureWord(lang, e.Field); word != "" {
			list[i].Text = lang.T(i18n.RegisterChip, word, e.Text)
		}
	}
	return list
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
}

func (f *Face) entryNew(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	q := webkit.Query(r)
	if r.Method == http.MethodPost {
		q = webkit.Form(r)
	}
	c, err := f.chosen(ctx, who, &webkit.FormReader{Values: url.Values{"movement": q.Values["movement"]}})
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.AdminRegisterNew), ui.Link{Text: lang.T(i18n.AdminRegister), Href: "/admin/entries"})
	if err != nil {
		return err
	}
	if c.movement.Code == "" {
		return desk.Render(w, r, http.StatusOK, homePage(p, homeView{}))
	}
	on := stepDay(f.Now.Today(), c.period)
	v := entryForm{
		movements: c.all, movement: c.movement, onBehalf: who.Can(practice.RightOnBehalf), units: desk.UnitChoiceOf(tree, who.Scope, on),
	}
	v.action, v.back, v.page = "/admin/entries/new", registerLink(c), registerNewLink(c)
	if v.earlier, err = f.earlierEntries(r, c); err != nil {
		return err
	}
	v.fill(r, v.begin(on))
	if r.Method != http.MethodPost || q.Bool(desk.FieldMore) {
		return desk.Render(w, r, http.StatusOK, entryFormPage(p, v))
	}
	in := readEntry(q, tree, who.Scope, on)
	in.Movement = c.movement.Code
	e, err := f.register(r, q, in)
	if err != nil {
		status, err := v.refuse(lang, err)
		if err != nil {
			return err
		}
		return desk.Render(w, r, status, entryFormPage(p, v))
	}
	if err := webkit.Flash(r, i18n.RegisterRegistered, e.Code); err != nil {
		return err
	}
	return webkit.Redirect(w, r, entryPath(e.Code))
}

// begin is what a new form begins with.
func (v entryForm) begin(on clock.Date) url.Values {
	values := url.Values{
		"on": {on.String()}, "kind": {ledger.Collective.String()}, "origin": {ledger.OriginNew.String()},
	}
	if len(v.units.Options) == 1 {
		values.Set("unit", v.units.Options[0].Value)
	}
	return values
}

// register registers what the form says, or tells everything that is wrong with it.
func (f *Face) register(r *http.Request, q *webkit.FormReader, in practice.Input) (practice.Entry, error) {
	ctx, who := r.Context(), webkit.Actor(r)
	if code := q.Text("practice", 64); code != "" && (in.Origin == ledger.OriginContinued || in.Origin == ledger.OriginUpgraded) {
		e, err := f.Practices.Get(ctx, who, code)
		switch {
		case errs.Is(err, errs.NotFound):
			q.Errors.Add("practice", i18n.PracticeNotFound)
		case err != nil:
			return practice.Entry{}, err
		default:
			in.Practice, in.Exemplar = e.Practice, e.Exemplar
		}
	}
	if err := gathered(q, in.Check()); err != nil {
		return practice.Entry{}, err
	}
	return f.Practices.Register(ctx, who, in)
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
		Title: q.Text("title", 300), DeclaredBy: q.Text("declaredBy", 200),
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
		Parts: e.Parts, Indicators: e.Indicators, Means: e.Means, DeclaredBy: e.DeclaredBy, Exemplar: e.Exemplar, Practice: e.Practice,
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
