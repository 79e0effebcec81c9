package reporting

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) reportRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get("/admin/reports", report.RightRead, f.report),
		desk.Get("/admin/reports/file", report.RightRead, f.reportFile),
	}
}

// reportView is what a report is made of, with what is still open on it.
type reportView struct {
	query  paper.ReportQuery
	names  []ui.Option // of movements
	made   paper.Made
	layout rulebook.Layout

	templates bool // the actor looks after them
	may       mayDo
	words     report.Written
	frozen    []report.Snapshot
	lang      i18n.Lang
}

// mayDo is what the actor may do with a report.
type mayDo struct{ write, freeze bool }

func mayOf(who actor.Actor) mayDo {
	return mayDo{who.Can(report.RightWrite), who.Can(report.RightFreeze)}
}

// asked reads what the address asks for; the latest movement where it names none.
func (f *Face) asked(r *http.Request) (paper.ReportQuery, []ui.Option, error) {
	q := webkit.Query(r)
	in := paper.ReportQuery{
		Query: report.Query{Movement: q.Text("movement", 64), Period: q.Int("period", 0, 1<<30), AsOf: q.Date("asOf"), Scope: q.Text("unit", 64), List: q.Bool("list")},
		Lang:  webkit.Lang(r), On: q.Date("on"), Interim: q.Bool("interim"),
	}
	in.Format = paper.Format(q.Choice("format", append(desk.Texts(paper.ReportFormats()), "")...))
	in.Profile = rulebook.Profile(q.Choice("profile", append(desk.Texts(rulebook.Profiles()), "")...))
	if in.Format == "" {
		in.Format = paper.DOCX
	}
	if err := q.Err(); err != nil {
		return in, nil, err
	}
	all, err := f.Movements.List(r.Context(), webkit.Actor(r))
	if err != nil {
		return in, nil, err
	}
	var names []ui.Option
	for _, m := range all {
		if in.Movement == "" {
			in.Movement = m.Code
		}
		names = append(names, ui.Option{Value: m.Code, Text: m.Name})
		if m.Code == in.Movement {
			settle(&in.Query, m, q.Int("was", 0, 1<<30))
		}
	}
	return in, names, q.Err()
}

// settle makes the period and the day of a question fit the movement: where another one than
// before was picked, the day that stood beside it is none of its.
func settle(in *report.Query, m movement.Movement, was int) {
	if _, ok := m.Period(in.Period); in.Period != 0 && !ok {
		in.Period, in.AsOf = 0, 0
	}
	if was != 0 && in.Period != 0 && was != in.Period {
		in.AsOf = 0
	}
}

func (f *Face) report(w http.ResponseWriter, r *http.Request) error {
	p, err := f.Page(r, webkit.Lang(r).T(i18n.ReportingTitle))
	if err != nil {
		return err
	}
	who := webkit.Actor(r)
	v := reportView{may: mayOf(who), lang: webkit.Lang(r)}
	if v.query, v.names, err = f.asked(r); err != nil {
		return err
	}
	if v.query.Movement == "" {
		return desk.Render(w, r, http.StatusOK, nothingPage(p))
	}
	if v.made, err = f.Papers.Trial(r.Context(), webkit.Actor(r), v.query); err != nil {
		return err
	}
	v.query.AsOf, v.query.Scope, v.query.Profile = v.made.Of.AsOf, v.made.Of.Scope.Code, v.made.Layout.Profile
	v.layout, v.templates = v.made.Layout, webkit.Actor(r).Can(paper.RightTemplate)
	v.query.Period = v.made.Of.PeriodNo
	if v.words, err = f.Reports.Narrative(r.Context(), who, v.query.Query); err != nil {
		return err
	}
	if v.frozen, err = f.Reports.Snapshots(r.Context(), who, v.query.Movement); err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, reportPage(p, v))
}

func (f *Face) reportFile(w http.ResponseWriter, r *http.Request) error {
	in, _, err := f.asked(r)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	made, err := f.Papers.Report(r.Context(), webkit.Actor(r), in, &b)
	if err != nil {
		return err
	}
	return webkit.Download(w, r, webkit.Attachment{
		Name: made.Name, Type: mediaType(in.Format), Endings: []string{"." + string(in.Format)}, Size: int64(b.Len()), Content: &b,
	})
}

func mediaType(f paper.Format) string {
	switch f {
	case paper.PDF:
		return "application/pdf"
	case paper.XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case paper.JSON:
		return "application/json"
	default:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	}
}

// file is the address of the report as a file.
func (v reportView) file(format paper.Format) string {
	q := url.Values{
		"movement": {v.query.Movement}, "period": {strconv.Itoa(v.query.Period)}, "asOf": {v.query.AsOf.String()}, "unit": {v.query.Scope}, "profile": {string(v.query.Profile)}, "format": {string(format)},
	}
	if v.query.List {
		q.Set("list", "1")
	}
	if v.query.Interim {
		q.Set("interim", "1")
	}
	if v.query.On != 0 {
		q.Set("on", v.query.On.String())
	}
	return "/admin/reports/file?" + q.Encode()
}

// asPaper is where the report gets its number, day and recipients.
func (v reportView) asPaper() string {
	about := paper.About{Kind: paper.FinalReport, ID: v.query.Movement, Part: v.query.AsOf.String()}
	if v.query.Interim {
		about.Kind = paper.InterimReport
	}
	if v.query.Scope != "" {
		about.Part += "/" + v.query.Scope
	}
	return desk.PaperLink(about)
}

// figures is the address of the figures behind the report.
func (v reportView) figures() string {
	return "/admin/figures?" + url.Values{"movement": {v.query.Movement}, "asOf": {v.query.AsOf.String()}, "unit": {v.query.Scope}}.Encode()
}

func (v reportView) movements() []ui.OptionGroup {
	options := make([]ui.Option, len(v.names))
	for i, one := range v.names {
		options[i] = one
		options[i].On = one.Value == v.query.Movement
	}
	return ui.Options(options...)
}

// periods are those of the movement.
func (v reportView) periods() []ui.OptionGroup {
	var options []ui.Option
	for _, p := range v.made.Of.Of.Periods {
		options = append(options, ui.Option{Value: strconv.Itoa(p.No), Text: p.Name, On: p.No == v.query.Period})
	}
	return ui.Options(options...)
}

func (v reportView) profiles(lang i18n.Lang) []ui.OptionGroup {
	var options []ui.Option
	for _, one := range rulebook.Profiles() {
		options = append(options, ui.Option{Value: string(one), Text: lang.T(one.Label()), On: one == v.query.Profile})
	}
	return ui.Options(options...)
}

// broken are the identities that do not hold.
func (v reportView) broken() []report.Identity {
	var all []report.Identity
	for _, one := range v.made.Of.Identities {
		if !one.Holds {
			all = append(all, one)
		}
	}
	return all
}

// on is the day of the paper as the form has it.
func (v reportView) on() string {
	if v.query.On == 0 {
		return ""
	}
	return v.query.On.String()
}
