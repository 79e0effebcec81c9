package admin

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// entryView is everything that the page of an entry shows.
type entryView struct {
	entry     practice.Entry
	movement  movement.Movement
	period    movement.Period
	possible  practice.Possible
	facts     []ui.Definition
	history   []act
	years     ui.Table
	adopters  ui.Table
	sources   ui.Table
	honours   []ui.TimelineEvent
	returned  string // why it was sent back, where it waits for that
	rounds    []round
	focus     bool // may say that it is followed closely
	sent      bool // it was registered by the one who looks, and nothing was added yet
	tags      []practice.Tag
	first     []ui.Btn
	further   []ui.Btn
	files     filesView
	mentions  []mention
	names     map[string]string
	next      worklist.Next   // the one thing that comes next
	review    templ.Component // the steps of its case on a route
	fieldwork templ.Component // the way to a decision
	noSource  bool            // it was registered as replicated, and no source is recorded
}

// entryOf is the start of every page about one entry: the entry with its movement.
func (f *Face) entryOf(r *http.Request) (practice.Entry, movement.Movement, movement.Period, error) {
	who := webkit.Actor(r)
	e, err := f.Practices.Get(r.Context(), who, r.PathValue("code"))
	if err != nil {
		return e, movement.Movement{}, movement.Period{}, err
	}
	m, err := f.Movements.ByPeriod(r.Context(), who, e.Period)
	p, _ := m.Period(e.Period)
	return e, m, p, err
}

// entryPath is the address of an entry, or of something about it.
func entryPath(code string, more ...string) string {
	return strings.Join(append([]string{desk.EntryLink(code)}, more...), "/")
}

// entryFrame is the frame of a page about one entry.
func (f *Face) entryFrame(r *http.Request, e practice.Entry, title string) (ui.Page, error) {
	list := ui.Link{Text: webkit.Lang(r).T(i18n.AdminRegister), Href: "/admin/entries"}
	if title == "" {
		return f.Page(r, e.Title, list)
	}
	return f.Page(r, title, list, ui.Link{Text: e.Code, Href: entryPath(e.Code)})
}

func (f *Face) entry(w http.ResponseWriter, r *http.Request) error {
	who := webkit.Actor(r)
	e, m, period, err := f.entryOf(r)
	if err != nil {
		return err
	}
	p, err := f.entryFrame(r, e, "")
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	v := entryView{entry: e, movement: m, period: period, possible: practice.PossibleWith(who, e, f.Now.Today())}
	if err := f.roundsInto(r, &v); err != nil {
		return err
	}
	names, err := f.accountNames(r, e)
	if err != nil {
		return err
	}
	x, found, err := f.subjectActs(r, e.Exemplar)
	if err != nil {
		return err
	}
	v.facts = entryFacts(p.Lang, v, tree, names, x.ID != "")
	if v.history, err = f.historyOf(r, e.Standing, tree, names); err != nil {
		return err
	}
	for i := range v.history {
		v.history[i].offer(v.entry.Code, v.possible)
	}
	if v.years, err = f.yearTable(r, e, tree); err != nil {
		return err
	}
	if err := f.adoptions(r, &v, tree); err != nil {
		return err
	}
	if v.honours, err = f.honours(r, e.Exemplar, found); err != nil {
		return err
	}
	if v.files, err = f.filesView(r, e); err != nil {
		return err
	}
	if v.mentions, err = f.mentions(r, e); err != nil {
		return err
	}
	if err := f.wayInto(r, &v); err != nil {
		return err
	}
	v.names = names
	v.sent = e.Keeper() == who.Account && e.Standing.Status() == ledger.StatusRegistered && len(v.rounds)+len(v.files.there)+len(v.files.photos.All) == 0
	v.first, v.further = v.buttons(p.Lang, who, found)
	v.returned = reasonOfReturn(e)
	return desk.Render(w, r, http.StatusOK, entryPage(p, v))
}

// wayInto fills in what comes next for an entry, its case on a route, and how far it has
// come to a decision.
func (f *Face) wayInto(r *http.Request, v *entryView) (err error) {
	if v.next, err = f.Worklist.Next(r.Context(), webkit.Actor(r), v.entry, v.movement); err != nil {
		return err
	}
	if v.review, err = f.Approval.Block(r, practice.SubjectEntry, v.entry.ID); err != nil {
		return err
	}
	v.fieldwork, err = f.Fieldwork.Block(r, v.entry)
	return err
}

// reasonOfReturn is why an entry was sent back last, while it is.
func reasonOfReturn(e practice.Entry) (reason string) {
	if e.Standing.Status() == ledger.StatusReturned {
		for _, a := range e.Standing.Living() {
			if a.Kind == ledger.Returned {
				reason = a.Reason
			}
		}
	}
	return reason
}

// roundsInto fills in the rounds in which the entry was sent back, its tags, and whether it
// may be followed closely.
func (f *Face) roundsInto(r *http.Request, v *entryView) error {
	who, e := webkit.Actor(r), v.entry
	goes := slices.Contains(practice.TabInProgress.Statuses(), e.Standing.Status()) || e.Standing.Status() == ledger.StatusRecognised
	v.focus = who.Can(practice.RightReceive) && (!e.FocusAt.IsZero() || goes)
	var err error
	if v.tags, err = f.Practices.Tags(r.Context(), who, v.movement.Code); err != nil {
		return err
	}
	v.rounds, err = f.roundsOf(r, e)
	return err
}

// accountNames names everybody who had a hand in an entry.
func (f *Face) accountNames(r *http.Request, e practice.Entry) (map[string]string, error) {
	ids := []string{e.TypedBy, e.Keeper(), e.UpdatedBy, e.FocusBy}
	for _, a := range e.Standing.Acts {
		ids = append(ids, a.By)
	}
	for _, c := range e.Corrections {
		ids = append(ids, c.By)
	}
	return f.NamesOf(r, ids)
}

// subjectActs is the exemplar behind an entry with what was done about it; none where
// it lies outside the actor's reach.
func (f *Face) subjectActs(r *http.Request, exemplar string) (practice.Exemplar, []ledger.Act, error) {
	x, acts, err := f.Practices.Exemplar(r.Context(), webkit.Actor(r), exemplar)
	if errs.Is(err, errs.NotFound) {
		return practice.Exemplar{}, nil, nil
	}
	return x, acts, err
}

// entryFacts are the short facts of an entry.
func entryFacts(lang i18n.Lang, v entryView, tree *org.Tree, names map[string]string, linked bool) []ui.Definition {
	e := v.entry
	on := e.Standing.Acts[0].On
	field, _ := v.movement.Field(e.Field)
	fieldName := lang.T(field.National.Label())
	if field.Name != i18n.Vi.T(field.National.Label()) { // a field of the locality's own
		fieldName = lang.T(i18n.RegisterFieldOf, field.Name, fieldName)
	}
	subject := ui.Definition{Term: lang.T(i18n.RegisterSubject), Text: lang.T(i18n.RegisterSubjectOf, e.Subject, lang.T(e.Kind.Label()))}
	if linked {
		subject.Body = desk.LinkTo(desk.ExemplarLink(e.Exemplar), subject.Text)
	}
	running := i18n.RegisterRunningNo
	if e.Running {
		running = i18n.RegisterRunningYes
	}
	consent := i18n.RegisterConsentNo
	if e.Consent {
		consent = i18n.RegisterConsentYes
	}
	all := []ui.Definition{
		{Term: lang.T(i18n.RegisterUnit), Text: desk.UnitName(tree, e.Unit, on)},
		subject,
		{Term: lang.T(i18n.AdminColField), Text: fieldName},
		{Term: lang.T(i18n.AdminColOrigin), Text: lang.T(e.Origin.Label())},
		{Term: lang.T(i18n.AdminColRegistered), Text: lang.Date(on)},
		{Term: lang.T(i18n.RegisterRunning), Text: lang.T(running)},
	}
	if len(e.Partners) > 0 {
		var partners []string
		for _, id := range e.Partners {
			partners = append(partners, desk.UnitName(tree, id, on))
		}
		all = append(all, ui.Definition{Term: lang.T(i18n.RegisterPartners), Text: strings.Join(partners, "; ")})
	}
	if e.Address != "" {
		all = append(all, ui.Definition{Term: lang.T(i18n.RegisterFormAddress), Text: e.Address})
	}
	if tags := tagNames(v.tags, e.Tags); tags != "" {
		all = append(all, ui.Definition{Term: lang.T(i18n.RegisterFormTags), Text: tags})
	}
	if !e.FocusAt.IsZero() {
		all = append(all, ui.Definition{Term: lang.T(i18n.RegisterFocus), Text: lang.T(i18n.RegisterFocusSince, lang.Instant(e.FocusAt), names[e.FocusBy])})
	}
	if e.DeclaredBy != "" {
		all = append(all, ui.Definition{Term: lang.T(i18n.RegisterDeclaredBy), Text: e.DeclaredBy})
	}
	if e.Late {
		all = append(all, ui.Definition{Term: lang.T(i18n.RegisterRegisteredLate), Text: lang.T(i18n.RegisterRegisteredLateText)})
	}
	all = append(all, ui.Definition{Term: lang.T(i18n.RegisterTypedBy), Text: names[e.TypedBy]})
	if e.Keeper() != e.TypedBy {
		all = append(all, ui.Definition{Term: lang.T(i18n.RegisterKeeper), Text: names[e.Keeper()]})
	}
	return append(all,
		ui.Definition{Term: lang.T(i18n.RegisterChanged), Text: lang.T(i18n.RegisterChangedBy, names[e.UpdatedBy], lang.Instant(e.UpdatedAt))},
		ui.Definition{Term: lang.T(i18n.RegisterConsentFact), Text: strings.TrimSuffix(lang.T(consent)+". "+e.ConsentNote, ". ")},
	)
}

// yearTable lists the other years of the same practice.
func (f *Face) yearTable(r *http.Request, e practice.Entry, tree *org.Tree) (ui.Table, error) {
	lang := webkit.Lang(r)
	rows, err := f.Practices.Years(r.Context(), webkit.Actor(r), e.Practice)
	if err != nil || len(rows) < 2 {
		return ui.Table{}, err
	}
	return entryRows(lang, rows, tree, i18n.RegisterYears), nil
}

// entryRows is a short table of entries.
func entryRows(lang i18n.Lang, rows []ledger.EntryRow, tree *org.Tree, caption i18n.Key) ui.Table {
	t := ui.Table{Caption: lang.T(caption), ShowCaption: true, Columns: []ui.Column{
		{Label: lang.T(i18n.AdminColTitle), Kind: ui.ColTitle},
		{Label: lang.T(i18n.AdminColUnit)},
		{Label: lang.T(i18n.AdminColRegistered)},
		{Label: lang.T(i18n.RegisterColStatus), Kind: ui.ColStatus},
	}}
	for _, e := range rows {
		t.Rows = append(t.Rows, ui.Row{ID: e.Entry, Cells: []ui.Cell{
			{Text: e.Title, Href: entryPath(e.Code), Sub: e.Code},
			{Text: desk.UnitName(tree, e.Unit, e.RegisteredOn)},
			{Text: lang.Date(e.RegisteredOn)},
			{Text: lang.T(practice.StatusKey(e.Status)), Tone: statusTone(e.Status)},
		}})
	}
	return t
}

// adoptions fills in who took the practice up, and what the entry itself takes up.
func (f *Face) adoptions(r *http.Request, v *entryView, tree *org.Tree) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	if !who.Can(replication.RightRead) {
		return nil
	}
	of, err := f.Replication.Of(ctx, who, v.entry.Practice)
	if err != nil {
		return err
	}
	by, err := f.Replication.By(ctx, who, v.entry.ID)
	if err != nil {
		return err
	}
	cells, err := f.linkTitles(r, slices.Concat(of, by))
	if err != nil {
		return err
	}
	v.adopters = ui.Table{Caption: lang.T(i18n.RegisterAdopters), ShowCaption: true, Columns: linkColumns(lang, who, i18n.AdminColAdopting)}
	for _, l := range of {
		cell := ui.Cell{Text: desk.UnitName(tree, l.AdoptingUnit, l.StartedOn), Href: cells[l.AdoptingEntry].Href, Sub: cells[l.AdoptingEntry].Text}
		v.adopters.Rows = append(v.adopters.Rows, linkRow(lang, who, l, cell, cells[l.AdoptingEntry].Href))
	}
	v.sources = ui.Table{Caption: lang.T(i18n.RegisterSources), ShowCaption: true, Columns: linkColumns(lang, who, i18n.AdminColSource)}
	asks := make([]practice.SourceAsk, 0, len(by))
	for _, l := range by {
		if l.SourceEntry != "" {
			asks = append(asks, practice.SourceAsk{Key: l.SourceEntry, Period: l.Period})
		}
	}
	sources, err := f.Practices.Sources(ctx, who, asks)
	if err != nil {
		return err
	}
	for _, l := range by {
		cell := ui.Cell{Text: l.SourceText, Sub: l.SourcePlace}
		if source, ok := sources[practice.SourceAsk{Key: l.SourceEntry, Period: l.Period}]; ok {
			cell = ui.Cell{Text: source.Title, Sub: source.Code + " · " + desk.UnitName(tree, source.Unit, l.StartedOn), Href: cells[l.SourceEntry].Href}
		}
		v.sources.Rows = append(v.sources.Rows, linkRow(lang, who, l, cell, entryPath(v.entry.Code)))
	}
	v.noSource = len(by) == 0 && v.entry.Origin == ledger.OriginReplicated
	return nil
}

func linkColumns(lang i18n.Lang, who actor.Actor, first i18n.Key) []ui.Column {
	keys := []i18n.Key{first, i18n.AdminColMode, i18n.AdminColStarted}
	if who.Can(replication.RightVoid) {
		keys = append(keys, i18n.DecisionTakeBack)
	}
	return desk.Kinds(desk.Columns(lang, keys...), ui.ColTitle)
}

// linkRow is an adoption; adopting is the address of the entry that adopted, or "" where
// the actor does not see it.
func linkRow(lang i18n.Lang, who actor.Actor, l replication.Link, cell ui.Cell, adopting string) ui.Row {
	row := ui.Row{ID: l.ID, Cells: []ui.Cell{cell, {Text: lang.T(modeWord(l.Mode)), Sub: l.Note}, {Text: lang.Date(l.StartedOn)}}}
	if !who.Can(replication.RightVoid) {
		return row
	}
	void := ui.Cell{}
	if adopting != "" {
		void = ui.Cell{Text: lang.T(i18n.RegisterVoid), Href: adopting + "/void-adoption/" + l.ID}
	}
	row.Cells = append(row.Cells, void)
	return row
}

// buttons are what can be done beside the one thing that comes next: what is done most often
// at the head of the page, and the rest beside it.
func (v entryView) buttons(lang i18n.Lang, who actor.Actor, acts []ledger.Act) (first, further []ui.Btn) {
	code := v.entry.Code
	add := func(on bool, label i18n.Key, icon ui.Icon, path string) {
		if on {
			further = append(further, ui.Btn{Text: lang.T(label), Icon: icon, Href: entryPath(code, path)})
		}
	}
	for i, kind := range v.possible.Steps {
		s := verbOf(kind)
		b := ui.Btn{Text: lang.T(s.label), Icon: s.icon, Href: entryPath(code, s.path)}
		switch {
		case v.next.Mine && b.Href == desk.NextLink(code, v.next): // it stands above
			continue
		case i == 0 && slices.Contains([]ledger.Kind{ledger.Received, ledger.Resubmitted, ledger.Started}, kind):
			first = append(first, b)
			continue
		case kind == ledger.Returned:
			first = append([]ui.Btn{b}, first...)
			continue
		case s.danger:
			b.Kind = ui.Danger
		}
		further = append(further, b)
	}
	for _, late := range v.possible.Late {
		s := verbOf(late.Kind)
		further = append(further, ui.Btn{Text: lang.T(i18n.RegisterLate, lang.T(s.label)), Icon: s.icon, Href: entryPath(code, s.path) + "?on=" + late.On.String()})
	}
	if v.possible.Edit {
		first = append([]ui.Btn{{Text: lang.T(i18n.RegisterEdit), Icon: ui.IconPencil, Href: entryPath(code, "edit")}}, first...)
	}
	add(v.possible.Reclassify, i18n.RegisterReclassify, ui.IconTag, "reclassify")
	add(who.Can(replication.RightAdopt), i18n.RegisterAdopt, ui.IconNetwork, "adopt")
	add(who.Can(practice.RightFind) && !foundIn(acts, v.entry.Period), i18n.RegisterFind, ui.IconStar, "find")
	add(v.possible.Publish, i18n.RegisterConsent, ui.IconGlobe, "consent")
	if v.entry.Standing.Status() == ledger.StatusRecognised && who.Can(press.RightWrite) {
		further = append(further, ui.Btn{Text: lang.T(i18n.ArticledeskFromEntry), Icon: ui.IconNewspaper, Href: desk.EntryArticleLink(v.entry.Code)})
	}
	slices.SortStableFunc(further, func(a, b ui.Btn) int { return cmp.Compare(a.Kind, b.Kind) })
	return first, further
}

// foundIn tells whether acts on a subject say that it was found in a period and not
// struck off.
func foundIn(acts []ledger.Act, period int) bool {
	of := slices.DeleteFunc(slices.Clone(acts), func(a ledger.Act) bool { return a.Period != period })
	return ledger.StandingOf(of).Has(ledger.FigureFound, farAway)
}
