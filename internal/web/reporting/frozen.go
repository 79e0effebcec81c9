package reporting

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

const frozenPath = "/admin/reports/frozen"

func (f *Face) frozenRoutes() []webkit.Route {
	evidence := desk.Get(frozenPath+"/{id}/evidence", report.RightFreeze, f.evidence)
	evidence.MaxAnswer = paper.MaxEvidence
	return []webkit.Route{
		desk.Get("/admin/reports/freeze", report.RightFreeze, f.freeze),
		desk.Post("/admin/reports/freeze", report.RightFreeze, f.freeze),
		desk.Get("/admin/reports/compare", report.RightRead, f.compare),
		desk.Get(frozenPath, report.RightRead, f.frozenList),
		desk.Get(frozenPath+"/{id}", report.RightRead, f.frozen),
		desk.Get(frozenPath+"/{id}/file", report.RightRead, f.frozenFile),
		desk.Get(frozenPath+"/{id}/changes", report.RightRead, f.changes),
		evidence,
	}
}

func frozenLink(id string) string { return frozenPath + "/" + id }

// freeze asks first, says what will be frozen, and freezes. A breach leads back to the
// report, where the records stand that cause it.
func (f *Face) freeze(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	in, err := query(r)
	if err != nil {
		return err
	}
	fill, _ := desk.FilledFrom(r)
	if fill.Sent(r) && fill.Sure() {
		s, err := f.Reports.Freeze(r.Context(), who, in)
		if all := errs.All(err); len(all) > 0 && all[0].Key == i18n.ReportBroken {
			return desk.Done(w, r, at("/admin/reports", in), i18n.FrozenStopped)
		}
		if err != nil {
			return err
		}
		return desk.Done(w, r, frozenLink(s.ID), i18n.FrozenDone, s.Version)
	}
	words, err := f.Reports.Narrative(r.Context(), who, in)
	if err != nil {
		return err
	}
	made := words.Report
	var items []string
	for _, d := range ledger.Definitions() {
		items = append(items, lang.T(d.Label)+": "+lang.Number(made.Figures.Get(d.Figure).Total))
	}
	for _, one := range words.Typed {
		items = append(items, lang.T(i18n.FrozenTypedItem, one.Number, one.Around))
	}
	ask := fill.Ask(lang.T(i18n.FrozenAsk, made.Of.Name, made.Scope.Name, made.AsOf), at("/admin/reports", in),
		ui.Btn{Text: lang.T(i18n.FrozenFreeze), Icon: ui.IconLock, Kind: ui.Primary}, items...)
	ask.Count = made.Figures.Get(ledger.FigureRegistered).Total
	return f.AskFirst(w, r, ask, lang.T(i18n.FrozenFreeze), reportsCrumb(lang, in))
}

// frozenView is a frozen report.
type frozenView struct {
	report.Frozen
	report report.Report
	by     string
	may    mayDo
}

func (f *Face) frozen(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	v := frozenView{may: mayOf(who)}
	var err error
	if v.Frozen, err = f.Reports.Snapshot(r.Context(), who, r.PathValue("id")); err != nil {
		return err
	}
	v.report = v.Summary()
	names, err := f.NamesOf(r, []string{v.FrozenBy})
	if err != nil {
		return err
	}
	v.by = names[v.FrozenBy]
	p, err := f.Page(r, v.title(lang), ui.Link{Text: lang.T(i18n.FrozenAll), Href: frozenPath})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, frozenPage(p, v))
}

func (v frozenView) title(lang i18n.Lang) string {
	return lang.T(i18n.FrozenOne, v.report.Of.Name, v.report.Scope.Name, v.AsOf)
}

// frozenTable lists frozen reports.
func frozenTable(p ui.Page, all []report.Snapshot) ui.Table {
	t := ui.Table{Caption: p.T(i18n.FrozenAll), Columns: []ui.Column{
		{Label: p.T(i18n.FrozenReport), Kind: ui.ColTitle},
		{Label: p.T(i18n.FrozenScope)},
		{Label: p.T(i18n.FrozenAsOf)},
		{Label: p.T(i18n.FrozenNo), Kind: ui.ColNumber},
		{Label: p.T(i18n.FrozenAt)},
		{Label: p.T(i18n.FrozenState), Kind: ui.ColStatus},
	}}
	for _, s := range all {
		state := ui.Cell{Text: p.T(i18n.FrozenStands), Tone: ui.OK}
		if s.Replaced {
			state = ui.Cell{Text: p.T(i18n.FrozenReplaced), Tone: ui.Neutral}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: s.Movement, Href: frozenLink(s.ID)}, {Text: s.Scope}, {Text: p.Lang.Date(s.AsOf)}, {Text: strconv.Itoa(s.Version)}, {Text: p.Lang.Instant(s.FrozenAt)}, state,
		}})
	}
	return t
}

func (f *Face) frozenList(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	q := webkit.Query(r)
	movement := q.Text("movement", 64)
	if err := q.Err(); err != nil {
		return err
	}
	all, err := f.Reports.Snapshots(r.Context(), webkit.Actor(r), movement)
	if err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.FrozenAll), ui.Link{Text: lang.T(i18n.ReportingTitle), Href: "/admin/reports"})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, frozenListPage(p, all))
}

func (f *Face) frozenFile(w http.ResponseWriter, r *http.Request) error {
	q := webkit.Query(r)
	in := paper.ReportQuery{Format: paper.Format(q.Choice("format", desk.Texts(paper.ReportFormats())...)), Lang: webkit.Lang(r), On: q.Date("on")}
	in.List, in.Interim = true, q.Bool("interim")
	if err := q.Err(); err != nil {
		return err
	}
	return f.spooled(w, r, "."+string(in.Format), mediaType(in.Format), func(file *os.File) (string, error) {
		made, err := f.Papers.Frozen(r.Context(), webkit.Actor(r), r.PathValue("id"), in, file)
		return made.Name, err
	})
}

// evidence sends a frozen report with all that it rests on.
func (f *Face) evidence(w http.ResponseWriter, r *http.Request) error {
	return f.spooled(w, r, ".zip", "application/zip", func(file *os.File) (string, error) {
		return f.Papers.Evidence(r.Context(), webkit.Actor(r), r.PathValue("id"), webkit.Lang(r), file)
	})
}

// spooled makes a file on the disk before it is sent: only then is its length known, and what
// goes wrong is told before the first byte.
func (f *Face) spooled(w http.ResponseWriter, r *http.Request, ending, kind string, fill func(*os.File) (string, error)) (err error) {
	file, err := os.CreateTemp("", "nhanrong-*"+ending)
	if err != nil {
		return fmt.Errorf("make room for a file: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	name, err := fill(file)
	if err != nil {
		return err
	}
	size, err := file.Seek(0, 1)
	if err != nil {
		return fmt.Errorf("measure a file: %w", err)
	}
	if _, err := file.Seek(0, 0); err != nil {
		return fmt.Errorf("read a file again: %w", err)
	}
	return webkit.Download(w, r, webkit.Attachment{Name: name, Type: kind, Endings: []string{ending}, Size: size, Content: file})
}

// changesView is the difference note of a frozen report.
type changesView struct {
	frozenView
	note  report.Difference
	names map[string]string // of accounts
}

// mostChanges bounds the cells and the entries of the page; the files have them all.
const mostChanges = 400

func (f *Face) changes(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	v := changesView{frozenView: frozenView{may: mayOf(who)}}
	var err error
	if v.Frozen, err = f.Reports.Snapshot(r.Context(), who, r.PathValue("id")); err != nil {
		return err
	}
	if v.note, err = f.Reports.Difference(r.Context(), who, v.ID); err != nil {
		return err
	}
	v.report = v.note.Was
	seen := map[string]bool{}
	var by []string
	for _, c := range v.note.Changes {
		for _, cause := range c.Causes {
			if !seen[cause.Act.By] {
				seen[cause.Act.By] = true
				by = append(by, cause.Act.By)
			}
		}
	}
	if v.names, err = f.NamesOf(r, by); err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.FrozenChanges), ui.Link{Text: lang.T(i18n.FrozenAll), Href: frozenPath}, ui.Link{Text: v.title(lang), Href: frozenLink(v.ID)})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, changesPage(p, v))
}

// causes are the acts behind a change in words, a few of them.
func (v changesView) causes(lang i18n.Lang, all []report.Cause) []causeLine {
	const most = 8
	var lines []causeLine
	for _, c := range all[:min(len(all), most)] {
		line := causeLine{href: "", who: v.names[c.Act.By], day: lang.Date(c.Act.On), at: lang.Instant(c.Act.At), act: lang.T(c.Act.Kind.Label())}
		line.thing = strings.TrimSpace(c.Thing.Code + " " + c.Thing.Title)
		if c.Thing.Entry != "" && c.Thing.Code != "" {
			line.href = desk.EntryLink(c.Thing.Code)
		}
		if c.By != 0 {
			line.by = fmt.Sprintf("%+d", c.By)
		}
		lines = append(lines, line)
	}
	return lines
}

// causeLine is an act behind a change.
type causeLine struct{ href, thing, act, day, at, who, by string }

// compareView is the comparison with the period before by unit.
type compareView struct {
	query report.Query
	got   report.Compared
}

func (f *Face) compare(w http.ResponseWriter, r *http.Request) error {
	lang := webkit.Lang(r)
	in, err := query(r)
	if err != nil {
		return err
	}
	q := webkit.Query(r)
	by := report.Boundaries(q.Choice("by", append(desk.Texts(report.AllBoundaries()), "")...))
	if err := q.Err(); err != nil {
		return err
	}
	if by == "" {
		by = report.ByToday
	}
	v := compareView{query: in}
	if v.got, err = f.Reports.Compare(r.Context(), webkit.Actor(r), in, by); err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.FrozenCompare), reportsCrumb(lang, in))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, comparePage(p, v))
}

// table is the comparison by unit.
func (v compareView) table(p ui.Page) ui.Table {
	t := ui.Table{Caption: p.T(i18n.FrozenCompare), Pan: true, Columns: []ui.Column{{Label: p.T(i18n.FrozenScope), Kind: ui.ColTitle}}, Groups: []ui.ColumnGroup{{Span: 1}}}
	figures := []ledger.Figure{ledger.FigureRegistered, ledger.FigureRecognised, ledger.FigureTypical, ledger.FigureFound, ledger.FigureAwarded}
	for _, f := range figures {
		d, _ := ledger.Define(f)
		t.Groups = append(t.Groups, ui.ColumnGroup{Label: p.T(d.Label), Span: 3})
		for _, k := range []i18n.Key{i18n.FrozenThen, i18n.FrozenNow, i18n.FrozenChange} {
			t.Columns = append(t.Columns, ui.Column{Label: p.T(k), Kind: ui.ColNumber})
		}
	}
	for _, row := range v.got.Rows {
		line := ui.Row{Cells: []ui.Cell{{Text: row.Name, Sub: row.Code}}}
		for _, f := range figures {
			was, is := row.Was.Of(f), row.Is.Of(f)
			line.Cells = append(line.Cells, ui.Cell{Text: p.Lang.Number(was)}, ui.Cell{Text: p.Lang.Number(is)}, ui.Cell{Text: p.Lang.Number(is - was)})
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}
