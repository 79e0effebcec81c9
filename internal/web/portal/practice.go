package portal

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/domain/replication"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

const practicesPath = "/practices"

// practicePath is the address of a practice: its code finds it, the words are for people.
func practicePath(code, title string) string {
	path := practicesPath + "/" + code
	if words := viet.Slug(title); words != "" {
		path += "/" + words
	}
	return path
}

// practiceView is a published practice with what stands around it.
type practiceView struct {
	entry     practice.Shown
	cover     ui.PracticeTile
	photos    []ui.Picture // the first is the lead photo
	badges    []string
	meta      []ui.MetaItem
	facts     []ui.Definition
	story     []section // why and how
	result    result
	copying   []section // what somebody else needs to know
	adopters  []adopterRow
	papers    []paper
	files     []fileRow
	means     []string // what went into it
	about     []aboutRow
	related   []ui.NewsTile
	alike     []ui.PracticeTile
	published clock.Date
}

// section is a heading of the page with a text of the form.
type section struct {
	title i18n.Key
	text  string
}

// written are the sections that say something.
func written(all ...section) []section {
	return slices.DeleteFunc(all, func(s section) bool { return s.text == "" })
}

// result is what was aimed at beside what came of it, in words and measured.
type result struct {
	aim, got   string
	indicators []indicatorRow
}

// indicatorRow is a measure before and after.
type indicatorRow struct {
	name, unit, before, after, target, remark string
}

// fileRow is a document that readers may have.
type fileRow struct {
	link ui.Link
	what string // "PDF, 86 KB"
}

// adopterRow is a unit that took the practice up.
type adopterRow struct {
	year string
	unit ui.Link
}

// paper is a document that a page rests on.
type paper struct {
	link   ui.Link
	number string
	on     clock.Date
	by     string
}

// aboutRow is a fact with links.
type aboutRow struct {
	term  string
	links []ui.Link
}

func (f *Face) practice(w http.ResponseWriter, r *http.Request) error {
	e, err := f.Practices.Show(r.Context(), r.PathValue("code"))
	if errs.Is(err, errs.NotFound) {
		return f.practiceGone(w, r, err)
	}
	if err != nil {
		return err
	}
	if path := practicePath(e.Code, e.Title); r.URL.Path != path { // its title has changed, or was not given
		http.Redirect(w, r, path, http.StatusMovedPermanently)
		return nil
	}
	lang := webkit.Lang(r)
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	p, err := f.page(r, e.Title)
	if err != nil {
		return err
	}
	attr := e.Standing.AttrOn(f.Now.Today())
	v, err := f.practiceView(r, tree, e, attr)
	if err != nil {
		return err
	}
	unit, _ := tree.Unit(attr.Unit)
	p.Module = "article.js"
	p.Crumbs = []ui.Link{
		f.home(lang),
		{Text: lang.T(i18n.PortalPractices), Href: practicesPath},
		{Text: lang.T(attr.Field.Label()), Href: practicesPath + "?field=" + attr.Field.String()},
		{Text: e.Title},
	}
	path := practicePath(e.Code, e.Title)
	f.meta(&p, path, e.Summary(), map[string]any{
		"@type": "CreativeWork", "name": e.Title, "description": e.Summary(), "inLanguage": "vi", "url": f.at(path),
		"identifier": e.Code, "datePublished": v.published.String(), "about": i18n.Vi.T(attr.Field.Label()),
		"creator": f.organisation(unit, v.published),
	})
	p.Meta.Image, p.Meta.ImageAlt = f.at(practicesPath+"/"+e.Code+"/card.png"), e.Title
	if len(e.Photos) > 0 {
		p.Meta.Image, p.Meta.ImageAlt = f.at(e.Photos[0].Sizes[0].Path()), e.Photos[0].Alt
	}
	return render(w, r, practicePage(p, v))
}

func (f *Face) practiceView(r *http.Request, tree *org.Tree, e practice.Shown, attr ledger.Attr) (practiceView, error) {
	ctx, lang, today := r.Context(), webkit.Lang(r), f.Now.Today()
	recognised := e.Standing.InForce(ledger.Recognised, today)
	v := practiceView{
		entry: e, published: recognised[0].On, cover: ui.PracticeTile{Cover: int(attr.Field)},
		result: result{e.Parts.Goals, e.Parts.Outputs, indicatorRows(lang, e.Indicators)},
		story:  written(section{i18n.PortalWhy, e.Parts.Rationale}, section{i18n.PortalHow, e.Parts.Approach}),
		copying: written(section{i18n.PortalCopy, e.Parts.Sustainability}, section{i18n.PracticeArea, e.Parts.Area},
			section{i18n.PracticeForces, e.Parts.Forces}, section{i18n.PracticeResources, e.Parts.Resources}),
	}
	for _, x := range e.Photos {
		v.photos = append(v.photos, picture(x, public))
	}
	for _, x := range e.Means {
		v.means = append(v.means, meansLine(lang, x))
	}
	for _, a := range recognised {
		v.badges = append(v.badges, lang.T(i18n.PortalRecognisedAt, lang.T(a.Level.Label()), strconv.Itoa(a.On.Year())))
	}
	if len(e.Standing.InForce(ledger.Typical, today)) > 0 {
		v.badges = append(v.badges, lang.T(i18n.PortalTypical))
	}
	adopters, err := f.Replication.Adopters(ctx, e.Practice)
	if err != nil {
		return v, err
	}
	v.spread(tree, adopters)
	v.describe(lang, tree, attr, adopters)
	years, err := f.Practices.Published(ctx, practice.PublicQuery{Practice: e.Practice, Limit: 10, Uncounted: true})
	if err != nil {
		return v, err
	}
	v.otherYears(lang, years.Rows)
	for _, d := range e.Papers {
		v.papers = append(v.papers, paperOf(tree, d))
	}
	for _, d := range e.Documents {
		v.files = append(v.files, fileRow{
			ui.Link{Text: d.Title, Href: practicesPath + "/" + e.Code + "/documents/" + d.ID},
			lang.T(i18n.PortalFile, strings.ToUpper(string(d.FileKind)), int((d.FileSize+1023)/1024)),
		})
	}
	news, _, err := f.Press.Published(ctx, press.Page{Link: press.Link{Kind: press.ToPractice, ID: e.ID}, Limit: 5})
	if err != nil {
		return v, err
	}
	for _, h := range news {
		v.related = append(v.related, newsTile(lang, h, 3))
	}
	alike, err := f.Practices.Published(ctx, practice.PublicQuery{Field: attr.Field, Limit: 5, Uncounted: true})
	for _, t := range alike.Rows {
		if t.Entry != e.ID && len(v.alike) < 4 {
			v.alike = append(v.alike, tiles(lang, tree, []practice.PublicRow{t}, 3)...)
		}
	}
	return v, err
}

func (v *practiceView) spread(tree *org.Tree, adopters []replication.Adopter) {
	for _, a := range adopters {
		u, _ := tree.Unit(a.Unit)
		v.adopters = append(v.adopters, adopterRow{strconv.Itoa(a.On.Year()), unitLink(u, a.On)})
	}
}

// describe says who did it, where, since when.
func (v *practiceView) describe(lang i18n.Lang, tree *org.Tree, attr ledger.Attr, adopters []replication.Adopter) {
	unit, _ := tree.Unit(attr.Unit)
	name := unit.NameOn(v.published)
	v.meta = []ui.MetaItem{{Icon: ui.IconMapPin, Text: name}, {Icon: ui.IconTag, Text: lang.T(attr.Field.Label())}}
	started := v.entry.Standing.InForce(ledger.Started, v.published)
	v.facts = measuredFacts(lang, v.entry.Indicators)
	if len(adopters) > 0 {
		v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.PortalAdopters), Text: lang.Number(len(adopters)), Unit: lang.T(i18n.PortalAdoptersUnit)})
	}
	plain := []ui.Definition{{Term: lang.T(i18n.LedgerRecognised), Text: lang.Date(v.published)}}
	if len(started) > 0 {
		v.meta = append(v.meta, ui.MetaItem{Icon: ui.IconCalendar, Text: lang.T(i18n.PortalSince, lang.Date(started[0].On))})
		plain = append(plain, ui.Definition{Term: lang.T(i18n.PortalStarted), Text: lang.Date(started[0].On)})
	}
	plain = append(plain, ui.Definition{Term: lang.T(i18n.PortalKind), Text: lang.T(attr.Kind.Label())})
	v.facts = append(v.facts, plain[:min(len(plain), mostFacts-len(v.facts))]...) // what was measured says more
	v.about = []aboutRow{{lang.T(i18n.AdminColUnit), []ui.Link{unitLink(unit, v.published)}}}
	if s := v.entry.Subject; s != "" && s != name {
		v.about = append(v.about, aboutRow{lang.T(i18n.PortalSubject), []ui.Link{{Text: s}}})
	}
	var partners []ui.Link
	for _, id := range v.entry.Partners {
		u, _ := tree.Unit(id)
		partners = append(partners, unitLink(u, v.published))
	}
	if len(partners) > 0 {
		v.about = append(v.about, aboutRow{lang.T(i18n.PortalPartners), partners})
	}
}

// otherYears leads to the same practice in other years; where one of the two names its
// subject and the other does not, the one would tell what the other keeps.
func (v *practiceView) otherYears(lang i18n.Lang, rows []practice.PublicRow) {
	var links []ui.Link
	for _, y := range rows {
		if y.Entry != v.entry.ID && (y.Subject == "") == (v.entry.Subject == "") {
			links = append(links, ui.Link{Text: lang.T(i18n.PortalYear, strconv.Itoa(y.RecognisedOn.Year())), Href: practicePath(y.Code, y.Title)})
		}
	}
	if len(links) > 0 {
		v.about = append(v.about, aboutRow{lang.T(i18n.PortalOtherYears), links})
	}
}

// mostFacts is how many figures stand side by side under the title.
const mostFacts = 4

// measuredFacts are the first few figures that were measured.
func measuredFacts(lang i18n.Lang, all []practice.Indicator) []ui.Definition {
	var facts []ui.Definition
	for _, x := range all {
		if x.Actual.Known() && len(facts) < mostFacts-1 {
			facts = append(facts, ui.Definition{Term: x.Name, Text: lang.Decimal(x.Actual), Unit: x.Unit, Lang: "vi"})
		}
	}
	return facts
}

// indicatorRows puts what was measured into words; a measure without any number says
// nothing to readers.
func indicatorRows(lang i18n.Lang, all []practice.Indicator) []indicatorRow {
	var rows []indicatorRow
	for _, x := range all {
		row := indicatorRow{name: x.Name, unit: x.Unit, before: lang.Decimal(x.Baseline), after: lang.Decimal(x.Actual), target: lang.Decimal(x.Target), remark: x.Source}
		if row.before+row.after+row.target == "" {
			continue
		}
		rows = append(rows, row)
	}
	return rows
}

// meansLine is what went into a practice, on one line.
func meansLine(lang i18n.Lang, x practice.Resource) string {
	line := x.Quantity(lang)
	if x.Kind != practice.InKind && x.Text != "" {
		line += " – " + x.Text
	}
	return lang.T(i18n.PortalMeans, line, lang.T(x.Funding.Label()))
}

// document sends a document of a published practice that everybody may have.
func (f *Face) document(w http.ResponseWriter, r *http.Request) error {
	d, content, err := f.Practices.PublicDocument(r.Context(), r.PathValue("code"), r.PathValue("document"))
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // it was only read
	return webkit.Download(w, r, webkit.Attachment{
		Name: d.FileName, Type: d.FileKind.MediaType(), Endings: d.FileKind.Endings(), Size: d.FileSize, Content: content,
	})
}

func paperOf(tree *org.Tree, d ledger.Decision) paper {
	authority, _ := tree.Unit(d.Authority)
	return paper{link: ui.Link{Text: d.Title}, number: d.Number, on: d.SignedOn, by: authority.NameOn(d.SignedOn)}
}

// practiceGone shows the note of a practice that is no longer public; of one that never
// was there is none, and what was not found stays so.
func (f *Face) practiceGone(w http.ResponseWriter, r *http.Request, missing error) error {
	gone, err := f.Practices.Gone(r.Context(), r.PathValue("code"))
	if errs.Is(err, errs.NotFound) {
		return missing
	}
	if err != nil {
		return err
	}
	lang := webkit.Lang(r)
	p, err := f.page(r, lang.T(i18n.PortalGone, gone.Code))
	if err != nil {
		return err
	}
	p.Crumbs = []ui.Link{f.home(lang), {Text: lang.T(i18n.PortalPractices), Href: practicesPath}, {Text: gone.Code}}
	p.Meta = &ui.Meta{NoIndex: true}
	return renderStatus(w, r, http.StatusGone, gonePage(p, gone))
}

// goneWord says why a practice is no longer public.
func goneWord(g practice.Gone) i18n.Key {
	switch g.Why {
	case "":
		return i18n.PortalGoneAgreement
	case ledger.Suspended:
		return i18n.PortalGoneSuspended
	case ledger.Ended:
		return i18n.PortalGoneEnded
	default:
		return i18n.PortalGoneRevoked
	}
}

// paragraphs are the lines of a text that say something.
func paragraphs(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}
