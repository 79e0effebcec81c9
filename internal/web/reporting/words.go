package reporting

import (
	"net/http"
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) wordRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get("/admin/reports/words", report.RightWrite, f.writeWords),
		desk.Post("/admin/reports/words", report.RightWrite, f.writeWords),
		desk.Get("/admin/reports/words/versions", report.RightRead, f.wordVersions),
	}
}

// wordsForm is the form in which the words of a report are written.
type wordsForm struct {
	desk.Filled
	query  report.Query
	words  report.Written
	back   string
	theirs report.Narrative // that was saved meanwhile, on the page of a conflict
	names  map[string]string
}

// query reads which report an address is about.
func query(r *http.Request) (report.Query, error) {
	q := webkit.Query(r)
	in := report.Query{Movement: q.Text("movement", 64), Period: q.Int("period", 0, 1<<30), AsOf: q.Date("asOf"), Scope: q.Text("unit", 64)}
	return in, q.Err()
}

func reportsCrumb(lang i18n.Lang, q report.Query) ui.Link {
	return ui.Link{Text: lang.T(i18n.ReportingTitle), Href: at("/admin/reports", q)}
}

// sectionNames are the fields of the form.
func sectionNames() []string { return desk.Texts(report.Sections()) }

// mostWords bounds a field, in characters; the service has the bound that people read.
const mostWords = 25_000

// writeWords shows the words of a report to be written, takes them, and shows both where
// somebody else was faster.
func (f *Face) writeWords(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	in, err := query(r)
	if err != nil {
		return err
	}
	fill, form := desk.FilledFrom(r)
	v := wordsForm{Filled: fill, query: in, back: at("/admin/reports", in)}
	if v.words, err = f.Reports.NarrativeAt(r.Context(), who, in, 0); err != nil {
		return err
	}
	if err := f.start(r, &v); err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.FrozenWrite), reportsCrumb(lang, in))
	if err != nil {
		return err
	}
	status := http.StatusOK
	if v.Sent(r) {
		texts := report.Texts{}
		for _, s := range report.Sections() {
			texts[s] = form.Text(string(s), mostWords)
		}
		if err = form.Err(); err == nil {
			_, err = f.Reports.Write(r.Context(), who, report.NarrativeInput{Query: in, Over: webkit.Version(r), Texts: texts})
		}
		if err == nil {
			return desk.Done(w, r, v.back, i18n.FrozenWritten)
		}
		if errs.Is(err, errs.Conflict) && webkit.Version(r) != v.words.Version {
			return f.wordsConflict(w, r, p, v)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, sectionNames()...); !ok {
			return err
		}
	}
	return desk.Render(w, r, status, wordsPage(p, v))
}

// start fills the form with the words as they stand, or with an earlier version of them.
func (f *Face) start(r *http.Request, v *wordsForm) error {
	from := v.words.Narrative
	if n := webkit.Query(r).Int("from", 0, 1<<30); n > 0 && v.First {
		earlier, err := f.Reports.NarrativeAt(r.Context(), webkit.Actor(r), v.query, n)
		if err != nil {
			return err
		}
		from = earlier.Narrative
	}
	v.Start(webkit.VersionField, strconv.Itoa(v.words.Version))
	for _, s := range report.Sections() {
		v.Start(string(s), from.Texts[s])
	}
	return nil
}

// wordsConflict sets what somebody wrote beside what was saved meanwhile; sent again, it goes
// over the saved version.
func (f *Face) wordsConflict(w http.ResponseWriter, r *http.Request, p ui.Page, v wordsForm) error {
	v.theirs = v.words.Narrative
	v.Values.Set(webkit.VersionField, strconv.Itoa(v.theirs.Version))
	var err error
	if v.names, err = f.NamesOf(r, []string{v.theirs.WrittenBy}); err != nil {
		return err
	}
	p.Title = p.T(i18n.FrozenConflict)
	return desk.Render(w, r, http.StatusConflict, wordsConflictPage(p, v))
}

// versionsView is the versions of the words of a report.
type versionsView struct {
	query report.Query
	all   []report.Narrative
	names map[string]string
	may   mayDo
}

func (f *Face) wordVersions(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	in, err := query(r)
	if err != nil {
		return err
	}
	v := versionsView{query: in, may: mayOf(who)}
	if v.all, err = f.Reports.Narratives(r.Context(), who, in); err != nil {
		return err
	}
	var by []string
	for _, n := range v.all {
		by = append(by, n.WrittenBy)
	}
	if v.names, err = f.NamesOf(r, by); err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.FrozenVersions), reportsCrumb(lang, in))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, versionsPage(p, v))
}

// offered are the references that the form lists: those of single rows are too many, and
// follow one pattern.
func offered(all []report.Reference) []report.Reference {
	const most = 120
	return all[:min(len(all), most)]
}
