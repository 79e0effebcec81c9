package api

import (
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// behindDoc is a page of the list behind a figure. What a figure counts decides which of
// the three lists is there.
type behindDoc struct {
	Figure   figureCode   `json:"figure" doc:"Name of the figure."`
	Movement string       `json:"movement" doc:"Code of the movement."`
	Period   periodDoc    `json:"period" doc:"The period in which the day lies."`
	AsOf     clock.Date   `json:"asOf" doc:"The day as of which is counted."`
	Total    int          `json:"total" doc:"How many the whole list has, on all pages: the figure, under the filters."`
	Entries  []entryRow   `json:"entries,omitzero" doc:"The entries, where the figure counts entries, with the unit, kind, field and origin of the day."`
	Subjects []subjectRow `json:"subjects,omitzero" doc:"The subjects, where the figure counts subjects."`
	Links    []linkRow    `json:"links,omitzero" doc:"The adoptions, where the figure counts those."`
	Next     string       `json:"next,omitempty" doc:"The cursor of the next page; missing on the last."`
}

type subjectRow struct {
	Exemplar  string       `json:"exemplar" doc:"Identity of the subject."`
	Name      string       `json:"name" doc:"Name of the collective, person or household."`
	Unit      report.Place `json:"unit" doc:"The unit in which it is counted."`
	Kind      kindCode     `json:"kind" doc:"What it is."`
	Field     fieldCode    `json:"field" doc:"The national field."`
	FoundOn   clock.Date   `json:"foundOn,omitzero" doc:"The day on which it was found."`
	PraisedOn clock.Date   `json:"praisedOn,omitzero" doc:"The day of its first praise."`
	AwardedOn clock.Date   `json:"awardedOn,omitzero" doc:"The day of its first award in force."`
}

type linkRow struct {
	Source        *entryName   `json:"source,omitempty" doc:"The entry that was taken up, where it is one that the token sees."`
	SourceText    string       `json:"sourceText,omitempty" doc:"What was taken up, where it lies outside the system."`
	SourcePlace   string       `json:"sourcePlace,omitempty" doc:"Where that comes from."`
	AdoptingUnit  report.Place `json:"adoptingUnit" doc:"The unit that took it up."`
	AdoptingEntry *entryName   `json:"adoptingEntry,omitempty" doc:"What that unit registered."`
	Mode          modeCode     `json:"mode" doc:"How close it keeps to the source."`
	StartedOn     clock.Date   `json:"startedOn" doc:"The day on which the unit started."`
}

type entryName struct {
	Code  string `json:"code" doc:"Code of the entry."`
	Title string `json:"title" doc:"Name of the practice."`
}

func (f *Face) figureOperations() {
	asked := []*huma.Param{
		needed(aText("movement", "Code of the movement.")),
		aDay("asOf", "The day as of which to count. Without it: today, or the last day of a period that is over."),
	}
	read(f, operation{
		id: "getFigures", path: "/figures", right: report.RightRead, summary: "Compute the figures",
		about:  "The ten figures, their tables and the identities that must hold: the document that `nhanrong report --json` prints.",
		answer: "The figures.",
		params: slices.Concat(asked, []*huma.Param{
			aText("scope", "Code of a unit: it and all below it. Without it: all that the movement covers and the token sees."),
			aChoice("list", "With the table of entries.", []string{"true", "false"}),
		}),
	}, f.figures)
	read(f, operation{
		id: "listBehindFigure", path: "/figures/{figure}/items", right: report.RightRead, summary: "Open a figure to its list",
		about: "What a figure counted on the day, by name. The figures of entries may be narrowed by every filter, those of subjects " +
			"and adoptions by unit, kind and field. It needs the right to read entries, or adoptions, besides.",
		answer: "A page of the list.",
		params: slices.Concat([]*huma.Param{aFigure()}, asked, entryFilters(), []*huma.Param{
			aChoice("level", "The level of a recognition.", levels()),
		}, paging()),
	}, f.behind)
}

func aFigure() *huma.Param {
	p := inTheAddress("figure", "Name of the figure.")
	p.Schema = oneOf(figureNames())
	return p
}

func levels() []string {
	var all []string
	for _, l := range org.Levels() {
		all = append(all, string(l))
	}
	return all
}

func (f *Face) figures(r *http.Request, q *webkit.FormReader) (report.Report, error) {
	in := report.Query{Movement: q.Text("movement", 64), AsOf: q.Date("asOf"), Scope: q.Text("scope", 64), List: q.Choice("list", "true", "false") == "true"}
	if in.Movement == "" {
		q.Errors.Add("movement", i18n.ErrsRequired)
	}
	if err := q.Err(); err != nil {
		return report.Report{}, err
	}
	return f.Reports.Report(r.Context(), webkit.Actor(r), in)
}

func (f *Face) behind(r *http.Request, q *webkit.FormReader) (behindDoc, error) {
	d, ok := ledger.Define(ledger.Figure(r.PathValue("figure")))
	if !ok {
		return behindDoc{}, errs.New(errs.NotFound, i18n.ErrsNotFound)
	}
	code := q.Text("movement", 64)
	if code == "" {
		q.Errors.Add("movement", i18n.ErrsRequired)
	}
	in := practice.ReadBehind(q, d.Figure, q.Date("asOf"))
	in.Slice.Limit = limitOf(q)
	refuseUseless(q, d)
	if err := q.Err(); err != nil {
		return behindDoc{}, err
	}
	m, err := f.Movements.Get(r.Context(), webkit.Actor(r), code)
	if err != nil {
		return behindDoc{}, err
	}
	p, day, ok := m.CutOff(in.Behind.On, f.Now.Today())
	if !ok {
		return behindDoc{}, errs.New(errs.NotFound, i18n.MovementPeriodNotFound)
	}
	in.Period, in.Behind.On = p.No, day
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return behindDoc{}, err
	}
	out := behindDoc{Figure: figureCode(d.Figure), Movement: m.Code, Period: periodDoc(p), AsOf: day}
	err = f.fill(r, &out, in, tree)
	return out, err
}

// refuseUseless refuses filters that the list of a figure does not know: ignored, they
// would give a number that is not what was asked for.
func refuseUseless(q *webkit.FormReader, d ledger.Definition) {
	if d.Counted == ledger.OfEntries {
		return
	}
	for _, name := range []string{"origin", "from", "to", "q", "level"} {
		if q.Values.Get(name) != "" {
			q.Errors.Add(name, i18n.ApiNotInThisList)
		}
	}
}

// fill reads the list that the figure opens to.
func (f *Face) fill(r *http.Request, out *behindDoc, in practice.Query, tree *org.Tree) error {
	d, _ := ledger.Define(in.Behind.Figure)
	switch d.Counted {
	case ledger.OfSubjects:
		page, total, err := f.Practices.ListSubjects(r.Context(), webkit.Actor(r), in)
		if err != nil {
			return err
		}
		out.Subjects, out.Total, out.Next = subjectRows(page.Rows, tree, out.AsOf), total, page.Next
	case ledger.OfLinks:
		return f.fillLinks(r, out, in, tree)
	default:
		list, err := f.Practices.List(r.Context(), webkit.Actor(r), in)
		if err != nil {
			return err
		}
		for i, e := range list.Rows {
			list.Rows[i] = e.AsOf(out.AsOf)
		}
		out.Entries, out.Total, out.Next = entryRows(list.Rows, tree), list.Total, list.Next
	}
	return nil
}

func subjectRows(rows []ledger.SubjectRow, tree *org.Tree, asOf clock.Date) []subjectRow {
	out := make([]subjectRow, 0, len(rows))
	for _, s := range rows {
		s = s.AsOf(asOf)
		out = append(out, subjectRow{
			Exemplar: s.Subject, Name: s.Title, Unit: place(tree, s.Unit, asOf), Kind: kindCode(s.Kind.String()),
			Field: fieldCode(s.Field.String()), FoundOn: s.FoundOn, PraisedOn: s.PraisedOn, AwardedOn: s.AwardedOn,
		})
	}
	return out
}

func (f *Face) fillLinks(r *http.Request, out *behindDoc, in practice.Query, tree *org.Tree) error {
	ctx, who := r.Context(), webkit.Actor(r)
	filter, err := f.Practices.Filter(ctx, who, in)
	if err != nil {
		return err
	}
	page, err := f.Replication.List(ctx, who, filter, out.AsOf, in.Slice)
	if err != nil {
		return err
	}
	names, err := f.names(r, page.Links)
	if err != nil {
		return err
	}
	out.Total, out.Next, out.Links = page.Total, page.Next, make([]linkRow, 0, len(page.Links))
	for _, l := range page.Links {
		out.Links = append(out.Links, linkRow{
			Source: names[l.SourceEntry], SourceText: l.SourceText, SourcePlace: l.SourcePlace,
			AdoptingUnit: place(tree, l.AdoptingUnit, l.StartedOn), AdoptingEntry: names[l.AdoptingEntry],
			Mode: modeCode(l.Mode), StartedOn: l.StartedOn,
		})
	}
	return nil
}

// names are what the entries at both ends of adoptions are called, of those that the
// token sees.
func (f *Face) names(r *http.Request, links []replication.Link) (map[string]*entryName, error) {
	var ids []string
	for _, l := range links {
		ids = append(ids, l.SourceEntry, l.AdoptingEntry)
	}
	rows, err := f.Practices.Rows(r.Context(), webkit.Actor(r), ids)
	if err != nil {
		return nil, err
	}
	names := map[string]*entryName{}
	for _, e := range rows {
		names[e.Entry] = &entryName{Code: e.Code, Title: e.Title}
	}
	return names, nil
}
