package newsroom

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/album"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) articleRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get("/admin/articles", press.RightRead, f.articles),
		desk.Get("/admin/articles/new", press.RightWrite, f.articleNew),
		desk.Post("/admin/articles/new", press.RightWrite, f.articleNew),
		desk.Get("/admin/articles/{article}", press.RightRead, f.article),
		desk.Get("/admin/articles/{article}/edit", press.RightWrite, f.articleEdit),
		desk.Post("/admin/articles/{article}/edit", press.RightWrite, f.articleEdit),
		desk.Get("/admin/articles/{article}/versions/{version}", press.RightRead, f.articleVersion),
		desk.Get("/admin/articles/{article}/preview", press.RightRead, f.articlePreview),
		desk.Get("/admin/articles/{article}/{step}", press.RightRead, f.articleStep),
		desk.Post("/admin/articles/{article}/{step}", press.RightRead, f.articleStep),
	}
}

// articlesView is the list of articles as those who write them see it.
type articlesView struct {
	tabs  []ui.Tab
	table ui.Table
	words string
	state string
	next  string
	write bool
}

const articleLimit = 50

func (f *Face) articles(w http.ResponseWriter, r *http.Request) error {
	lang, who, q := webkit.Lang(r), webkit.Actor(r), webkit.Query(r)
	in := press.Desk{State: press.State(q.Choice("state", desk.Texts(press.States())...)), Words: q.Text("q", 200), Cursor: q.Text("cursor", 60), Limit: articleLimit}
	if err := q.Err(); err != nil {
		return err
	}
	all, counts, next, err := f.Press.List(r.Context(), who, in)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	v := articlesView{words: in.Words, state: string(in.State), write: who.Can(press.RightWrite), tabs: articleTabs(lang, counts, in.State)}
	v.table = ui.Table{
		Caption: lang.T(i18n.ArticlepageArticles),
		Columns: desk.Kinds(desk.Columns(lang, i18n.ArticledeskNo, i18n.ArticledeskTitle, i18n.ArticledeskUnit, i18n.ArticledeskState, i18n.ArticledeskChanged), ui.ColCode, ui.ColTitle),
		Empty:   ui.EmptyState(ui.IconNewspaper, lang.T(i18n.ArticlepageNothing), lang.T(i18n.ArticledeskNothingText), nil),
	}
	for _, h := range all {
		unit, _ := tree.Unit(h.Unit)
		v.table.Rows = append(v.table.Rows, ui.Row{ID: h.ID, Cells: []ui.Cell{
			{Text: strconv.Itoa(h.No)},
			{Text: h.Title, Href: desk.ArticleLink(h.ID), Sub: lang.T(h.Category.Label())},
			{Text: unit.NameOn(clock.DateOf(h.UpdatedAt))},
			{Text: lang.T(h.State.Label())},
			{Text: lang.Instant(h.UpdatedAt)},
		}})
	}
	if next != "" {
		v.next = webkit.Link(r, "cursor", next)
	}
	p, err := f.Page(r, lang.T(i18n.ArticlepageArticles))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, articlesPage(p, v))
}

func articleTabs(lang i18n.Lang, counts map[press.State]int, open press.State) []ui.Tab {
	all := 0
	for _, n := range counts {
		all += n
	}
	tabs := []ui.Tab{{Text: lang.T(i18n.ArticlepageAll), Href: "/admin/articles", Count: all, Current: open == ""}}
	for _, s := range press.States() {
		tabs = append(tabs, ui.Tab{Text: lang.T(s.Label()), Href: "/admin/articles?state=" + s.String(), Count: counts[s], Current: open == s})
	}
	return tabs
}

// articleView is an article with its steps and its history.
type articleView struct {
	article press.Article
	body    []press.Part
	photos  []ui.Picture // that have no place in the text
	facts   []ui.Definition
	steps   []ui.Btn
	edit    bool
	history []ui.TimelineEvent
}

func (f *Face) article(w http.ResponseWriter, r *http.Request) error {
	ctx, lang, who := r.Context(), webkit.Lang(r), webkit.Actor(r)
	a, err := f.Press.Get(ctx, who, r.PathValue("article"))
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	photos, err := f.articleAlbum(r)
	if err != nil {
		return err
	}
	v := articleView{article: a, edit: press.Editable(who, a.State), facts: articleFacts(lang, a, tree)}
	v.body, v.photos = photos.View(who).Within(a.Body)
	for _, verb := range press.Possible(who, a.State) {
		v.steps = append(v.steps, ui.Btn{Text: lang.T(articleVerb(verb)), Href: desk.ArticleLink(a.ID) + "/" + verb, Icon: articleIcon(verb)})
	}
	aside, err := f.ratingFact(r, a.ID)
	if err != nil {
		return err
	}
	linked, err := f.Press.Named(ctx, who, a.Links)
	if err != nil {
		return err
	}
	v.facts = append(v.facts, append(aside, linkedFacts(lang, linked)...)...)
	if v.history, err = f.articleHistory(r, a.ID); err != nil {
		return err
	}
	p, err := f.Page(r, a.Title, ui.Link{Text: lang.T(i18n.ArticlepageArticles), Href: "/admin/articles"})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, articlePage(p, v))
}

func articleFacts(lang i18n.Lang, a press.Article, tree *org.Tree) []ui.Definition {
	all := []ui.Definition{
		{Term: lang.T(i18n.ArticledeskState), Text: lang.T(a.State.Label())},
		{Term: lang.T(i18n.ArticledeskUnit), Text: desk.UnitName(tree, a.Unit, clock.DateOf(a.UpdatedAt))},
		{Term: lang.T(i18n.ArticledeskCategory), Text: lang.T(a.Category.Label())},
	}
	for _, d := range []struct {
		key i18n.Key
		at  time.Time
	}{{i18n.ArticledeskPublishAt, a.PublishAt}, {i18n.ArticledeskPublishedAt, a.PublishedAt}} {
		if !d.at.IsZero() {
			all = append(all, ui.Definition{Term: lang.T(d.key), Text: lang.Instant(d.at)})
		}
	}
	return append(all, ui.Definition{Term: lang.T(i18n.ArticledeskTags), Text: strings.Join(a.Tags, ", ")})
}

// editorModule is the script of the pages on which an article is written, and of no other.
const editorModule = "editor.js"

// articleForm is the form in which an article is written.
type articleForm struct {
	desk.Filled
	back      string
	units     desk.UnitChoice
	article   string // "" while it is new
	version   int
	published bool
	photos    album.View
	figures   []ui.FigureChoice
	links     []ui.Option // what it is about; ticked where it still is
}

func (f *Face) articleNew(w http.ResponseWriter, r *http.Request) error {
	who, lang := webkit.Actor(r), webkit.Lang(r)
	v, form, tree, err := f.articleForm(r)
	if err != nil {
		return err
	}
	v.back = "/admin/articles"
	if err := f.draft(r, &v, tree); err != nil {
		return err
	}
	v.Start("category", string(press.News))
	if v.links, err = f.linkOptions(r, v); err != nil {
		return err
	}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		var a press.Article
		var in press.Input
		if in, err = f.readArticle(r, form, tree, nil); err == nil {
			a, err = f.Press.Create(r.Context(), who, in)
		}
		if err == nil {
			return desk.Done(w, r, desk.ArticleLink(a.ID), i18n.ArticledeskSaved)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, articleFields()...); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.ArticledeskNew), ui.Link{Text: lang.T(i18n.ArticlepageArticles), Href: "/admin/articles"})
	if err != nil {
		return err
	}
	p.Module = editorModule
	return desk.Render(w, r, status, articleFormPage(p, v))
}

func (f *Face) articleForm(r *http.Request) (articleForm, *webkit.FormReader, *org.Tree, error) {
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return articleForm{}, nil, nil, err
	}
	state, form := desk.FilledFrom(r)
	v := articleForm{Filled: state, units: desk.UnitChoiceOf(tree, webkit.Actor(r).Scope, f.Now.Today())}
	v.figures, err = f.figureChoices(r)
	return v, form, tree, err
}

func articleFields() []string {
	return []string{"unit", "category", "title", "lead", "body", "author", "sourceName", "sourceURL", "event", "eventOn", "tags", "correction", "addLinks"}
}

// readArticle reads the form, with what the article is about beside what it was before.
func (f *Face) readArticle(r *http.Request, q *webkit.FormReader, tree *org.Tree, before []press.Link) (press.Input, error) {
	who := webkit.Actor(r)
	in := press.Input{
		Unit: desk.UnitCode(tree, who.Scope, f.Now.Today(), q.Text("unit", 300)), Category: press.Category(q.Choice("category", desk.Texts(press.Categories())...)),
		Title: q.Text("title", 300), Lead: q.Text("lead", 1000), Body: q.Text("body", 200_000), Author: q.Text("author", 300),
		SourceName: q.Text("sourceName", 300), SourceURL: q.Text("sourceURL", 2000), Event: q.Text("event", 300), EventOn: q.Date("eventOn"),
		Tags: strings.FieldsFunc(q.Text("tags", 1500), func(r rune) bool { return r == ',' || r == ';' || r == '\n' }),
	}
	added := strings.FieldsFunc(q.Text("addLinks", 5000), func(r rune) bool { return r == '\n' || r == ',' })
	if err := q.Err(); err != nil {
		return in, err
	}
	links, err := f.chosenLinks(r, q.Values, before)
	if err != nil {
		return in, err
	}
	more, err := f.Press.Resolve(r.Context(), who, added)
	in.Links = slices.Concat(links, more)
	return in, err
}

func (f *Face) articleEdit(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	a, err := f.Press.Get(ctx, who, r.PathValue("article"))
	if err != nil {
		return err
	}
	v, form, tree, err := f.articleForm(r)
	if err != nil {
		return err
	}
	unit, _ := tree.Unit(a.Unit)
	v.back, v.version, v.published, v.article = desk.ArticleLink(a.ID), a.Version, a.State == press.Published, a.ID
	photos, err := f.articleAlbum(r)
	if err != nil {
		return err
	}
	v.photos = photos.View(who)
	v.Start("unit", unit.Code, "category", string(a.Category), "title", a.Title, "lead", a.Lead, "body", a.Body, "author", a.Author,
		"sourceName", a.SourceName, "sourceURL", a.SourceURL, "event", a.Event, "eventOn", desk.Day(a.EventOn), "tags", strings.Join(a.Tags, ", "))
	v.startLinks(a.Links)
	if v.links, err = f.linkOptions(r, v); err != nil {
		return err
	}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		var in press.Input
		correction := form.Text("correction", 2000)
		if in, err = f.readArticle(r, form, tree, a.Links); err == nil {
			_, err = f.Press.Edit(ctx, who, a.ID, webkit.Version(r), in, correction)
		}
		if err == nil {
			return desk.Done(w, r, v.back, i18n.ArticledeskSaved)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, articleFields()...); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.ArticledeskEdit), ui.Link{Text: lang.T(i18n.ArticlepageArticles), Href: "/admin/articles"}, ui.Link{Text: a.Title, Href: v.back})
	if err != nil {
		return err
	}
	p.Module = editorModule
	return desk.Render(w, r, status, articleFormPage(p, v))
}

// articleStepForm is the form by which an article is moved on.
type articleStepForm struct {
	desk.Filled
	article press.Article
	verb    string
}

// noted tells whether the step asks for a reason.
func (v articleStepForm) noted() bool { return v.verb == "return" || v.verb == "archive" }

func (f *Face) articleStep(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	verb := r.PathValue("step")
	do, known := f.articleVerbs()[verb]
	if !known {
		return desk.NotFound()
	}
	a, err := f.Press.Get(ctx, who, r.PathValue("article"))
	if err != nil {
		return err
	}
	state, form := desk.FilledFrom(r)
	v := articleStepForm{Filled: state, article: a, verb: verb}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		step := press.Step{Version: webkit.Version(r), Note: form.Text("note", 2000), At: readMoment(form)}
		if err = form.Err(); err == nil {
			_, err = do(ctx, who, a.ID, step)
		}
		if err == nil {
			return desk.Done(w, r, desk.ArticleLink(a.ID), i18n.ArticledeskMoved)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "note", "at", "lead", "body", "author"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(articleVerb(verb)), ui.Link{Text: lang.T(i18n.ArticlepageArticles), Href: "/admin/articles"}, ui.Link{Text: a.Title, Href: desk.ArticleLink(a.ID)})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, articleStepPage(p, v))
}

// readMoment reads day and hour as a field for both sends them, in Việt Nam.
func readMoment(form *webkit.FormReader) time.Time {
	raw := form.Text("at", 30)
	if raw == "" {
		return time.Time{}
	}
	t, err := time.ParseInLocation("2006-01-02T15:04", raw, clock.VietNam())
	if err != nil {
		form.Errors.Add("at", i18n.ErrsBadDate)
	}
	return t
}
