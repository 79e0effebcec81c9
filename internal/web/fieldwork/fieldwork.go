// Package fieldwork is the pages about what happens between reception and recognition: what
// units tell, visits to the place, points and verdicts, minutes and letters of submission,
// and proposals to the level above; and the blocks of it that the pages of an entry and of a
// decision embed.
package fieldwork

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
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

// Rooms are the capabilities that the pages show.
type Rooms struct {
	Now        clock.Clock
	Org        *org.Service
	Movements  *movement.Service
	Practices  *practice.Service
	Appraisals *appraisal.Service
}

// Pages are the pages.
type Pages struct {
	Rooms
	*desk.Desk
}

// New makes the pages.
func New(frame *desk.Desk, rooms Rooms) *Pages { return &Pages{Rooms: rooms, Desk: frame} }

// Where the lists stand.
const (
	silentPath   = desk.AppraisalsPath + "/silent"
	notesPath    = desk.AppraisalsPath + "/notes"
	papersPath   = desk.AppraisalsPath + "/papers"
	proposalPath = desk.AppraisalsPath + "/proposals"
	verdictsPath = desk.AppraisalsPath + "/verdicts"
	visitsPath   = "/admin/visits"
)

// Routes lists every address of the pages.
func (f *Pages) Routes() []webkit.Route {
	const entry, note, paper, proposal = desk.AppraisalsPath + "/entries/{code}", notesPath + "/{note}", papersPath + "/{paper}", proposalPath + "/{proposal}"
	const read, report, judge = appraisal.RightRead, appraisal.RightReport, appraisal.RightAppraise
	const visit = visitsPath + "/{visit}"
	return []webkit.Route{
		desk.Get(desk.AppraisalsPath, read, f.board),
		desk.Post(desk.AppraisalsPath+"/choose", report, f.choose),
		desk.Get(silentPath, read, f.silence),
		desk.Get(notesPath, read, f.notes),
		desk.Get(note, read, f.note),
		desk.Post(note+"/accept", judge, f.noteAccept),
		desk.Get(note+"/return", judge, f.noteReturn),
		desk.Post(note+"/return", judge, f.noteReturn),
		desk.Get(note+"/edit", report, f.noteEdit),
		desk.Post(note+"/edit", report, f.noteEdit),
		desk.Get(entry, read, f.entry),
		desk.Get(entry+"/note", report, f.noteNew),
		desk.Post(entry+"/note", report, f.noteNew),
		desk.Get(entry+"/score", report, f.score),
		desk.Post(entry+"/score", report, f.score),
		desk.Get(entry+"/verdict", judge, f.verdict),
		desk.Post(entry+"/verdict", judge, f.verdict),
		desk.Get(verdictsPath, judge, f.verdicts),
		desk.Post(verdictsPath, judge, f.verdicts),
		desk.Get(papersPath, read, f.papers),
		desk.Get(papersPath+"/new", report, f.paperNew),
		desk.WithFiles(desk.Post(papersPath+"/new", report, f.paperNew), 1),
		desk.Get(paper, read, f.paper),
		desk.Get(paper+"/file", read, f.paperFile),
		desk.Get(paper+"/void", judge, f.paperVoid),
		desk.Post(paper+"/void", judge, f.paperVoid),
		desk.Get(visitsPath, read, f.visits),
		desk.Get(visitsPath+"/new", judge, f.visitNew),
		desk.Post(visitsPath+"/new", judge, f.visitNew),
		desk.Get(visitsPath+"/worker.js", read, f.worker),
		desk.Get(visit, read, f.visit),
		desk.Get(visit+"/sheets/{code}", judge, f.sheet),
		desk.Post(visit+"/sheets/{code}", judge, f.sheet),
		desk.Get(visit+"/sheets/{code}/paper", read, f.sheetPaper),
		desk.Get(proposalPath, read, f.proposals),
		desk.Get(proposalPath+"/new", judge, f.proposalNew),
		desk.Post(proposalPath+"/new", judge, f.proposalNew),
		desk.Get(proposal, read, f.proposal),
		desk.Get(proposal+"/return", judge, f.proposalReturn),
		desk.Post(proposal+"/return", judge, f.proposalReturn),
	}
}

func entryLink(code string, more ...string) string {
	return strings.Join(append([]string{desk.AppraisalsPath, "entries", code}, more...), "/")
}

func noteLink(id string, more ...string) string {
	return strings.Join(append([]string{notesPath, id}, more...), "/")
}

func paperLink(id string, more ...string) string {
	return strings.Join(append([]string{papersPath, id}, more...), "/")
}

func visitLink(id string, more ...string) string {
	return strings.Join(append([]string{visitsPath, id}, more...), "/")
}

func proposalLink(id string, more ...string) string {
	return strings.Join(append([]string{proposalPath, id}, more...), "/")
}

// at is the movement and the period that a list is about.
type at struct {
	movement movement.Movement
	period   movement.Period
	page     appraisal.Page
}

// periodOf is the movement and the period that the address names, else the latest.
func (f *Pages) periodOf(r *http.Request) (at, error) {
	who, q := webkit.Actor(r), webkit.Query(r)
	all, err := f.Movements.List(r.Context(), who)
	if err != nil {
		return at{}, err
	}
	if code := q.Text("movement", 64); code != "" {
		m, err := f.Movements.Get(r.Context(), who, code)
		if err != nil {
			return at{}, err
		}
		all = []movement.Movement{m}
	}
	if len(all) == 0 {
		return at{}, errs.New(errs.NotFound, i18n.MovementNotFound)
	}
	m, err := f.Movements.Get(r.Context(), who, all[0].Code)
	if err != nil {
		return at{}, err
	}
	p, ok := m.Period(q.Int("period", 0, 1<<30))
	if !ok {
		p, ok = m.PeriodOn(f.Now.Today())
	}
	if !ok {
		return at{}, errs.New(errs.NotFound, i18n.MovementPeriodNotFound)
	}
	return at{m, p, appraisal.Page{Period: p.No, After: q.Text("after", 64)}}, q.Err()
}

// link leads to a list about the same period.
func (x at) link(path string) string {
	return path + "?" + url.Values{"movement": {x.movement.Code}, "period": {strconv.Itoa(x.period.No)}}.Encode()
}

// listView is a page of lists: the tabs, and one table or several.
type listView struct {
	next    string // the last row of a page that is not the last; then the address of what follows
	tabs    []ui.Tab
	lead    string
	again   int // of the entries shown, how many must be scored again
	actions []ui.Btn
	tables  []ui.Table
}

// list shows one of the lists.
func (f *Pages) list(w http.ResponseWriter, r *http.Request, x at, title i18n.Key, v listView) error {
	lang := webkit.Lang(r)
	for _, t := range []struct {
		key  i18n.Key
		path string
	}{
		{i18n.FieldworkBoard, desk.AppraisalsPath},
		{i18n.FieldworkNotes, notesPath},
		{i18n.FieldworkSilent, silentPath},
		{i18n.FieldworkVisits, visitsPath},
		{i18n.FieldworkPapers, papersPath},
		{i18n.FieldworkProposals, proposalPath},
	} {
		v.tabs = append(v.tabs, ui.Tab{Text: lang.T(t.key), Href: x.link(t.path), NoCount: true, Current: r.URL.Path == t.path})
	}
	if v.next != "" {
		v.next = x.link(r.URL.Path) + "&after=" + url.QueryEscape(v.next)
	}
	if v.lead == "" {
		v.lead = x.movement.Name + " · " + x.period.Name
	}
	p, err := f.Page(r, lang.T(title))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, listPage(p, v))
}

// formView is a form: its fields in their order.
type formView struct {
	desk.Filled
	title  string
	crumbs []ui.Link
	lead   string
	above  []ui.Definition // what the form is about
	fields []field
	send   i18n.Key
	back   string
	danger bool
}

// field is one field of a form with its kind.
type field struct {
	ui.Field
	kind    string // "text", "area", "date", "select", "radio", "file", "hidden", "check"
	options []ui.OptionGroup
}

func (v *formView) add(kind string, x ui.Field, options ...ui.OptionGroup) {
	v.fields = append(v.fields, field{x, kind, options})
}

func (v formView) names() []string {
	all := make([]string, len(v.fields))
	for i, x := range v.fields {
		all[i] = x.Name
	}
	return all
}

// trail is where a page stands: below the board, and below an entry where it has one.
func trail(lang i18n.Lang, more ...ui.Link) []ui.Link {
	return append([]ui.Link{{Text: lang.T(i18n.FieldworkTitle), Href: desk.AppraisalsPath}}, more...)
}

// titled gives a form its title and says where it stands.
func (v formView) titled(title string, crumbs []ui.Link) formView {
	v.title, v.crumbs = title, crumbs
	return v
}

// answer shows a form, or does what it asks and leads on.
func (f *Pages) answer(w http.ResponseWriter, r *http.Request, v formView, do func(*webkit.FormReader) (string, error)) error {
	lang := webkit.Lang(r)
	status := http.StatusOK
	if v.Sent(r) {
		form := webkit.Form(r)
		to, err := do(form)
		if err == nil {
			return desk.Done(w, r, to, i18n.FieldworkDone)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, v.names()...); !ok {
			return err
		}
		for i := range v.fields {
			v.fields[i].Error = v.ByField[v.fields[i].Name]
		}
	}
	p, err := f.Page(r, v.title, v.crumbs...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, formPage(p, v))
}

// entryOf finds the entry of the address.
func (f *Pages) entryOf(r *http.Request) (practice.Entry, error) {
	return f.Practices.Get(r.Context(), webkit.Actor(r), r.PathValue("code"))
}

func linesOf(s string) []string {
	return slices.DeleteFunc(strings.Split(s, "\n"), func(line string) bool { return strings.TrimSpace(line) == "" })
}
