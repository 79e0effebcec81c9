package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// entryRow is an entry as lists have it.
type entryRow struct {
	Code         string       `json:"code" doc:"Code of the entry." example:"HK-0412"`
	Title        string       `json:"title" doc:"Name of the practice."`
	Unit         report.Place `json:"unit" doc:"The lead unit, which counts it."`
	Kind         kindCode     `json:"kind" doc:"Who is behind it."`
	Field        fieldCode    `json:"field" doc:"The national field."`
	Origin       originCode   `json:"origin" doc:"Where it comes from."`
	Status       statusCode   `json:"status" doc:"Where it stands now, whatever the day that is asked about."`
	RegisteredOn clock.Date   `json:"registeredOn" doc:"The day of registration."`
	RecognisedOn clock.Date   `json:"recognisedOn,omitzero" doc:"The day since which a recognition is in force."`
}

type entryList struct {
	Movement string     `json:"movement" doc:"Code of the movement."`
	Period   periodDoc  `json:"period" doc:"The period whose register this is."`
	Total    int        `json:"total" doc:"How many entries the whole list has, on all pages."`
	Tabs     tabCounts  `json:"tabs" doc:"How many entries there are by tab, under the same filters."`
	Entries  []entryRow `json:"entries" doc:"This page of the list."`
	Next     string     `json:"next,omitempty" doc:"The cursor of the next page; missing on the last."`
}

// entryDoc is an entry in full.
type entryDoc struct {
	Code        string          `json:"code" doc:"Code of the entry." example:"HK-0412"`
	ID          string          `json:"id" doc:"Its identity."`
	Practice    string          `json:"practice" doc:"Identity of the practice, the same in all years."`
	Movement    string          `json:"movement" doc:"Code of the movement."`
	Period      periodDoc       `json:"period" doc:"The period in which it is counted."`
	Title       string          `json:"title" doc:"Name of the practice."`
	Subject     string          `json:"subject" doc:"Name of the collective, person or household behind it."`
	Exemplar    string          `json:"exemplar" doc:"Identity of that subject."`
	Unit        report.Place    `json:"unit" doc:"The lead unit, which counts it."`
	Partners    []report.Place  `json:"partners" doc:"Partner units: listed, never counted."`
	Kind        kindCode        `json:"kind" doc:"Who is behind it."`
	Field       fieldCode       `json:"field" doc:"The national field."`
	LocalField  string          `json:"localField" doc:"The field in the movement."`
	Origin      originCode      `json:"origin" doc:"Where it comes from."`
	Running     bool            `json:"running" doc:"Whether it was running already when it was registered."`
	Status      statusCode      `json:"status" doc:"Where it stands now."`
	Parts       partsDoc        `json:"parts" doc:"The texts of the registration form."`
	Indicators  []indicatorDoc  `json:"indicators" doc:"What it set out to change, measured."`
	Means       []resourceDoc   `json:"means" doc:"What went into it."`
	Address     string          `json:"address,omitempty" doc:"Where it takes place: house, lane, street or village."`
	Tags        []tagDoc        `json:"tags" doc:"The urgent tasks, occasions and campaigns to which it contributes."`
	FocusSince  *time.Time      `json:"focusSince,omitempty" doc:"Since when it is followed closely by the standing body; missing where it is not."`
	Late        bool            `json:"late" doc:"Whether it was registered after the last day of registration."`
	DeclaredBy  string          `json:"declaredBy,omitempty" doc:"Who declared it, where somebody else typed it."`
	Consent     bool            `json:"consent" doc:"Whether publication was agreed to."`
	CreatedAt   time.Time       `json:"createdAt" doc:"When it was entered."`
	UpdatedAt   time.Time       `json:"updatedAt" doc:"When its texts were last changed."`
	Version     int             `json:"version" doc:"Number of that change."`
	Corrections []correctionDoc `json:"corrections" doc:"What readers were told of something published that was wrong, the latest first."`
	Acts        []actDoc        `json:"acts" doc:"All that was done about it, in the order of recording."`
}

type partsDoc struct {
	Rationale      string `json:"rationale" doc:"State of affairs, reasons."`
	Goals          string `json:"goals" doc:"Goals and criteria."`
	Approach       string `json:"approach" doc:"What is done, and how."`
	Area           string `json:"area" doc:"Where, and for whom."`
	Forces         string `json:"forces" doc:"Who takes part."`
	Resources      string `json:"resources" doc:"Time and means."`
	Outputs        string `json:"outputs" doc:"Products and results."`
	Sustainability string `json:"sustainability" doc:"How it lasts and spreads."`
}

type indicatorDoc struct {
	Name        string   `json:"name" doc:"What is measured."`
	Unit        string   `json:"unit,omitempty" doc:"The unit of measure."`
	Baseline    *float64 `json:"baseline,omitempty" doc:"Where it stood before."`
	Target      *float64 `json:"target,omitempty" doc:"Where it is to come to."`
	Actual      *float64 `json:"actual,omitempty" doc:"Where it stands."`
	Source      string   `json:"source,omitempty" doc:"Where the numbers come from."`
	Beneficiary string   `json:"beneficiary,omitempty" doc:"Whom it counts."`
}

type resourceDoc struct {
	Kind    string   `json:"kind" doc:"What sort of thing it is: money in đồng, work in days, or something in kind." example:"money"`
	Amount  *float64 `json:"amount,omitempty" doc:"How much, in đồng, in days, or in the unit that the text names."`
	Text    string   `json:"text,omitempty" doc:"What it is, or a remark."`
	Funding string   `json:"funding" doc:"Who gave: people and firms (socialised), or the budget." example:"socialised"`
}

type tagDoc struct {
	ID   string  `json:"id" doc:"Its identity, by which the list is narrowed."`
	Kind tagCode `json:"kind" doc:"What it stands for."`
	Name string  `json:"name" doc:"Its name."`
}

type correctionDoc struct {
	On   clock.Date `json:"on" doc:"The day of the correction."`
	Note string     `json:"note" doc:"What was wrong."`
}

type actDoc struct {
	ID         string       `json:"id" doc:"Identity of the act."`
	Kind       string       `json:"kind" doc:"What was done: registered, received, started, recognised and so on." example:"recognised"`
	On         clock.Date   `json:"on" doc:"The day from which it holds."`
	RecordedAt time.Time    `json:"recordedAt" doc:"When it was recorded."`
	Level      levelCode    `json:"level,omitempty" doc:"The level of a recognition."`
	Decision   *decisionDoc `json:"decision,omitempty" doc:"The paper that it rests on, where the token sees that."`
	Target     string       `json:"target,omitempty" doc:"Identity of the act that this one revokes or voids."`
	Reason     string       `json:"reason,omitempty" doc:"Why, where a reason is asked for."`
}

type decisionDoc struct {
	Paper    decisionCode `json:"paper" doc:"What sort of paper it is."`
	Number   string       `json:"number" doc:"Its number."`
	SignedOn clock.Date   `json:"signedOn" doc:"The day of signing."`
	Title    string       `json:"title" doc:"Its title."`
}

func (f *Face) entryOperations() {
	read(f, operation{
		id: "listEntries", path: "/entries", right: practice.RightRead, summary: "Read the register",
		about:  "The entries of a period as they stand now. Name the movement, or the period by its number.",
		answer: "A page of the register.",
		params: slices.Concat([]*huma.Param{
			aText("movement", "Code of the movement."),
			aNumber("period", "Number of the period. Without it: the period in which today lies, else the last one begun.", 1, maxPeriod),
			aChoice("tab", "Which part of the register; all without it.", ledgerTabs()),
			aChoice("sort", "The order: the latest registered first, or by name as a Vietnamese index has it.", []string{string(ledger.ByDay), string(ledger.ByName)}),
			aText("tag", "Identity of a tag, or “focus”: those that are followed closely."),
			aChoice("late", "1: registered after the last day of registration.", []string{"1"}),
		}, entryFilters(), paging()),
	}, f.entryList)
	read(f, operation{
		id: "getEntry", path: "/entries/{code}", right: practice.RightRead, summary: "Find an entry",
		about: "With its texts and everything that was done about it.", answer: "The entry.",
		params: []*huma.Param{inTheAddress("code", "Code of the entry, or its identity.")},
	}, f.entry)
}

func ledgerTabs() []string {
	var all []string
	for _, tab := range practice.Tabs() {
		all = append(all, string(tab))
	}
	return all
}

// entryFilters are the parameters that [practice.ReadQuery] reads, without tab and order.
func entryFilters() []*huma.Param {
	return []*huma.Param{
		aText("unit", "Code of a unit: it and all below it."),
		aChoice("kind", "Who is behind it.", ledger.Codes(ledger.SubjectKinds())),
		aChoice("field", "The national field.", ledger.Codes(ledger.Fields())),
		aChoice("origin", "Where it comes from.", ledger.Codes(ledger.Origins())),
		aDay("from", "Registered on this day or later."),
		aDay("to", "Registered on this day or earlier."),
		aText("q", "A part of the name, with or without its diacritics."),
	}
}

// maxPeriod bounds the number of a period.
const maxPeriod = 1 << 30

// Bounds of a page of a list.
const (
	usualLimit = 50
	maxLimit   = 500
)

func paging() []*huma.Param {
	limit := aNumber("limit", "How many to a page.", 1, maxLimit)
	limit.Schema.Default = usualLimit
	return []*huma.Param{aText("cursor", "The next of an earlier answer."), limit}
}

func limitOf(q *webkit.FormReader) int {
	if q.Values.Get("limit") == "" {
		return usualLimit
	}
	return q.Int("limit", 1, maxLimit)
}

func (f *Face) entryList(r *http.Request, q *webkit.FormReader) (entryList, error) {
	in := practice.ReadQuery(q)
	in.Slice.Limit = limitOf(q)
	code, no := q.Text("movement", 64), q.Int("period", 0, maxPeriod)
	if code == "" && no == 0 {
		q.Errors.Add("movement", i18n.ErrsRequired)
	}
	if err := q.Err(); err != nil {
		return entryList{}, err
	}
	m, p, err := f.period(r, code, no)
	if err != nil {
		return entryList{}, err
	}
	in.Period = p.No
	list, err := f.Practices.List(r.Context(), webkit.Actor(r), in)
	if err != nil {
		return entryList{}, err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return entryList{}, err
	}
	return entryList{
		Movement: m.Code, Period: periodDoc(p), Total: list.Total, Tabs: list.Tabs, Next: list.Next, Entries: entryRows(list.Rows, tree),
	}, nil
}

// period is the movement and the period that a program names, either by the other.
func (f *Face) period(r *http.Request, code string, no int) (m movement.Movement, _ movement.Period, err error) {
	who := webkit.Actor(r)
	if code == "" {
		m, err = f.Movements.ByPeriod(r.Context(), who, no)
	} else {
		m, err = f.Movements.Get(r.Context(), who, code)
	}
	if err != nil {
		return m, movement.Period{}, err
	}
	p, ok := m.PeriodOn(f.Now.Today())
	if no != 0 {
		p, ok = m.Period(no)
	}
	if !ok {
		return m, p, errs.New(errs.NotFound, i18n.MovementPeriodNotFound).On("period")
	}
	return m, p, nil
}

func entryRows(rows []ledger.EntryRow, tree *org.Tree) []entryRow {
	out := make([]entryRow, 0, len(rows))
	for _, e := range rows {
		out = append(out, entryRow{
			Code: e.Code, Title: e.Title, Unit: place(tree, e.Unit, e.RegisteredOn), Kind: kindCode(e.Kind.String()),
			Field: fieldCode(e.Field.String()), Origin: originCode(e.Origin.String()), Status: statusCode(e.Status.String()),
			RegisteredOn: e.RegisteredOn, RecognisedOn: e.RecognisedOn,
		})
	}
	return out
}

func (f *Face) entry(r *http.Request, _ *webkit.FormReader) (entryDoc, error) {
	ctx, who := r.Context(), webkit.Actor(r)
	e, err := f.Practices.Get(ctx, who, r.PathValue("code"))
	if err != nil {
		return entryDoc{}, err
	}
	m, err := f.Movements.ByPeriod(ctx, who, e.Period)
	if err != nil {
		return entryDoc{}, err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return entryDoc{}, err
	}
	out := entryOf(e, m, tree, f.Now.Today())
	if out.Tags, err = f.tags(r, m, e); err != nil {
		return out, err
	}
	out.Acts, err = f.acts(r, who, e.Standing.Acts)
	return out, err
}

func entryOf(e practice.Entry, m movement.Movement, tree *org.Tree, today clock.Date) entryDoc {
	attr := e.Standing.AttrOn(today)
	p, _ := m.Period(e.Period)
	out := entryDoc{
		Code: e.Code, ID: e.ID, Practice: e.Practice, Movement: m.Code, Period: periodDoc(p), Title: e.Title, Subject: e.Subject,
		Exemplar: e.Exemplar, Unit: place(tree, attr.Unit, today), Partners: make([]report.Place, 0, len(e.Partners)),
		Kind: kindCode(attr.Kind.String()), Field: fieldCode(attr.Field.String()), LocalField: e.Field,
		Origin: originCode(attr.Origin.String()), Running: e.Running, Status: statusCode(e.Standing.Status().String()),
		Parts: partsDoc(e.Parts), Address: e.Address, Late: e.Late, DeclaredBy: e.DeclaredBy, Consent: e.Consent, CreatedAt: e.CreatedAt, UpdatedAt: e.UpdatedAt,
		Version: e.Version,
	}
	if !e.FocusAt.IsZero() {
		out.FocusSince = &e.FocusAt
	}
	out.measure(e)
	for _, id := range e.Partners {
		out.Partners = append(out.Partners, place(tree, id, today))
	}
	return out
}

// tags are the tags of an entry.
func (f *Face) tags(r *http.Request, m movement.Movement, e practice.Entry) ([]tagDoc, error) {
	out := make([]tagDoc, 0, len(e.Tags))
	if len(e.Tags) == 0 {
		return out, nil
	}
	all, err := f.Practices.Tags(r.Context(), webkit.Actor(r), m.Code)
	for _, t := range all {
		if slices.Contains(e.Tags, t.ID) {
			out = append(out, tagDoc{ID: t.ID, Kind: tagCode(t.Kind), Name: t.Name})
		}
	}
	return out, err
}

// measure writes out what was measured of an entry, and what of it was corrected.
func (out *entryDoc) measure(e practice.Entry) {
	out.Indicators = make([]indicatorDoc, 0, len(e.Indicators))
	for _, x := range e.Indicators {
		out.Indicators = append(out.Indicators, indicatorDoc{
			Name: x.Name, Unit: x.Unit, Baseline: number(x.Baseline), Target: number(x.Target), Actual: number(x.Actual), Source: x.Source,
			Beneficiary: string(x.Beneficiary),
		})
	}
	out.Means = make([]resourceDoc, 0, len(e.Means))
	for _, x := range e.Means {
		out.Means = append(out.Means, resourceDoc{Kind: string(x.Kind), Amount: number(x.Amount), Text: x.Text, Funding: string(x.Funding)})
	}
	out.Corrections = make([]correctionDoc, 0, len(e.Corrections))
	for _, c := range e.Corrections {
		out.Corrections = append(out.Corrections, correctionDoc{On: clock.DateOf(c.At), Note: c.Note})
	}
}

// number is a number as programs read it; none where there is none.
func number(d viet.Decimal) *float64 {
	if !d.Known() {
		return nil
	}
	n := d.Float()
	return &n
}

// acts writes acts out, each with the paper that it rests on.
func (f *Face) acts(r *http.Request, who actor.Actor, all []ledger.Act) ([]actDoc, error) {
	papers := map[string]*decisionDoc{}
	out := make([]actDoc, 0, len(all))
	for _, a := range all {
		if _, known := papers[a.Decision]; !known {
			var err error
			if papers[a.Decision], err = f.decision(r, who, a.Decision); err != nil {
				return nil, err
			}
		}
		out = append(out, actDoc{
			ID: a.ID, Kind: string(a.Kind), On: a.On, RecordedAt: a.At, Level: levelCode(a.Level), Decision: papers[a.Decision],
			Target: a.Target, Reason: a.Reason,
		})
	}
	return out, nil
}

// decision is a paper; none where there is none that the token sees.
func (f *Face) decision(r *http.Request, who actor.Actor, id string) (*decisionDoc, error) {
	if id == "" {
		return nil, nil //nolint:nilnil // most acts rest on no paper
	}
	d, err := f.Movements.Decision(r.Context(), who, id)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Forbidden) {
		return nil, nil //nolint:nilnil // the act is seen, the paper is not
	}
	if err != nil {
		return nil, err
	}
	return &decisionDoc{Paper: decisionCode(d.Paper), Number: d.Number, SignedOn: d.SignedOn, Title: d.Title}, nil
}
