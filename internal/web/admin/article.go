package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) articleRoutes() []webkit.Route {
	return []webkit.Route{
		get("/admin/articles", press.RightRead, f.articles),
		get("/admin/articles/new", press.RightWrite, f.articleNew),
		post("/admin/articles/new", press.RightWrite, f.articleNew),
		get("/admin/articles/{article}", press.RightRead, f.article),
		get("/admin/articles/{article}/edit", press.RightWrite, f.articleEdit),
		post("/admin/articles/{article}/edit", press.RightWrite, f.articleEdit),
		get("/admin/articles/{article}/{step}", press.RightRead, f.articleStep),
		post("/admin/articles/{article}/{step}", press.RightRead, f.articleStep),
	}
}

func articleLink(id string) string { return "/admin/articles/" + id }

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
	in := press.Desk{State: press.State(q.Choice("state", texts(press.States())...)), Words: q.Text("q", 200), Cursor: q.Text("cursor", 60), Limit: articleLimit}
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
		Columns: kinds(columns(lang, i18n.ArticledeskNo, i18n.ArticledeskTitle, i18n.ArticledeskUnit, i18n.ArticledeskState, i18n.ArticledeskChanged), ui.ColCode, ui.ColTitle),
		Empty:   ui.EmptyState(ui.IconNewspaper, lang.T(i18n.ArticlepageNothing), lang.T(i18n.ArticledeskNothingText), nil),
	}
	for _, h := range all {
		unit, _ := tree.Unit(h.Unit)
		v.table.Rows = append(v.table.Rows, ui.Row{ID: h.ID, Cells: []ui.Cell{
			{Text: strconv.Itoa(h.No)},
			{Text: h.Title, Href: articleLink(h.ID), Sub: lang.T(h.Category.Label())},
			{Text: unit.NameOn(clock.DateOf(h.UpdatedAt))},
			{Text: lang.T(h.State.Label())},
			{Text: lang.Instant(h.UpdatedAt)},
		}})
	}
	if next != "" {
		v.next = webkit.Link(r, "cursor", next)
	}
	p, err := f.page(r, lang.T(i18n.ArticlepageArticles))
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, articlesPage(p, v))
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
	v := articleView{article: a, edit: press.Editable(who, a.State), facts: articleFacts(lang, a, tree)}
	for _, verb := range press.Possible(who, a.State) {
		v.steps = append(v.steps, ui.Btn{Text: lang.T(articleVerb(verb)), Href: articleLink(a.ID) + "/" + verb, Icon: articleIcon(verb)})
	}
	aside, err := f.ratingFact(r, a.ID)
	if err != nil {
		return err
	}
	v.facts = append(v.facts, aside...)
	versions, err := f.Press.History(ctx, who, a.ID)
	if err != nil {
		return err
	}
	by := make([]string, len(versions))
	for i, version := range versions {
		by[i] = version.By
	}
	names, err := f.namesOf(r, by)
	if err != nil {
		return err
	}
	for i, version := range versions {
		text := version.Note
		if i+1 < len(versions) && text == "" {
			text = changedParts(lang, versions[i+1], version)
		}
		v.history = append(v.history, ui.TimelineEvent{At: version.At, Title: lang.T(version.State.Label()), By: names[version.By], Text: text})
	}
	p, err := f.page(r, a.Title, ui.Link{Text: lang.T(i18n.ArticlepageArticles), Href: "/admin/articles"})
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, articlePage(p, v))
}

func articleFacts(lang i18n.Lang, a press.Article, tree *org.Tree) []ui.Definition {
	all := []ui.Definition{
		{Term: lang.T(i18n.ArticledeskState), Text: lang.T(a.State.Label())},
		{Term: lang.T(i18n.ArticledeskUnit), Text: unitName(tree, a.Unit, clock.DateOf(a.UpdatedAt))},
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

// changedParts names what one wording has otherwise than the one before it.
func changedParts(lang i18n.Lang, before, now press.Version) string {
	var parts []string
	for _, p := range []struct {
		key  i18n.Key
		a, b string
	}{{i18n.ArticledeskTitle, before.Title, now.Title}, {i18n.ArticledeskLead, before.Lead, now.Lead}, {i18n.ArticledeskBody, before.Body, now.Body}} {
		if p.a != p.b {
			parts = append(parts, lang.T(p.key))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return lang.T(i18n.ArticledeskChangedParts, strings.Join(parts, ", "))
}

// articleForm is the form in which an article is written.
type articleForm struct {
	filled
	back      string
	units     unitChoice
	version   int
	published bool
}

func (f *Face) articleNew(w http.ResponseWriter, r *http.Request) error {
	who, lang := webkit.Actor(r), webkit.Lang(r)
	v, form, tree, err := f.articleForm(r)
	if err != nil {
		return err
	}
	v.back = "/admin/articles"
	v.start("category", string(press.News))
	if code := r.URL.Query().Get("entry"); v.first && code != "" {
		if err := f.fromEntry(r, &v, tree, code); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		in := readArticle(form, tree, who.Scope, f.Now.Today())
		if entry := r.URL.Query().Get("entry"); entry != "" {
			e, err := f.Practices.Get(r.Context(), who, entry)
			if err != nil {
				return err
			}
			in.Links = []press.Link{{Kind: press.ToPractice, ID: e.ID}}
		}
		var a press.Article
		if err = form.Err(); err == nil {
			a, err = f.Press.Create(r.Context(), who, in)
		}
		if err == nil {
			return done(w, r, articleLink(a.ID), i18n.ArticledeskSaved)
		}
		var ok bool
		if status, ok = v.refuse(lang, err, articleFields()...); !ok {
			return err
		}
	}
	p, err := f.page(r, lang.T(i18n.ArticledeskNew), ui.Link{Text: lang.T(i18n.ArticlepageArticles), Href: "/admin/articles"})
	if err != nil {
		return err
	}
	return render(w, r, status, articleFormPage(p, v))
}

func (f *Face) articleForm(r *http.Request) (articleForm, *webkit.FormReader, *org.Tree, error) {
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return articleForm{}, nil, nil, err
	}
	state, form := filledFrom(r)
	return articleForm{filled: state, units: unitChoiceOf(tree, webkit.Actor(r).Scope, f.Now.Today())}, form, tree, nil
}

// fromEntry fills the form from a practice of the register: a draft in one press.
func (f *Face) fromEntry(r *http.Request, v *articleForm, tree *org.Tree, code string) error {
	e, err := f.Practices.Get(r.Context(), webkit.Actor(r), code)
	if err != nil {
		return err
	}
	unit, _ := tree.Unit(e.Unit)
	var body strings.Builder
	for _, part := range e.Parts.All() {
		if *part.Text == "" {
			continue
		}
		body.WriteString("<h2>" + plain(i18n.Vi.T(part.Label)) + "</h2>")
		for line := range strings.SplitSeq(*part.Text, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				body.WriteString("<p>" + plain(line) + "</p>")
			}
		}
	}
	v.start("unit", unit.Code, "category", string(press.Model), "title", e.Title, "body", body.String())
	return nil
}

// plain writes a text so that it stands for itself in HTML.
func plain(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

func articleFields() []string {
	return []string{"unit", "category", "title", "lead", "body", "author", "sourceName", "sourceURL", "event", "eventOn", "tags", "correction"}
}

// readArticle reads the form.
func readArticle(q *webkit.FormReader, tree *org.Tree, scope actor.Scope, on clock.Date) press.Input {
	return press.Input{
		Unit: unitCode(tree, scope, on, q.Text("unit", 300)), Category: press.Category(q.Choice("category", texts(press.Categories())...)),
		Title: q.Text("title", 300), Lead: q.Text("lead", 1000), Body: q.Text("body", 200_000), Author: q.Text("author", 300),
		SourceName: q.Text("sourceName", 300), SourceURL: q.Text("sourceURL", 2000), Event: q.Text("event", 300), EventOn: q.Date("eventOn"),
		Tags: strings.FieldsFunc(q.Text("tags", 1500), func(r rune) bool { return r == ',' || r == ';' || r == '\n' }),
	}
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
	v.back, v.version, v.published = articleLink(a.ID), a.Version, a.State == press.Published
	v.start("unit", unit.Code, "category", string(a.Category), "title", a.Title, "lead", a.Lead, "body", a.Body, "author", a.Author,
		"sourceName", a.SourceName, "sourceURL", a.SourceURL, "event", a.Event, "eventOn", day(a.EventOn), "tags", strings.Join(a.Tags, ", "))
	status := http.StatusOK
	if r.Method == http.MethodPost {
		in := readArticle(form, tree, who.Scope, f.Now.Today())
		in.Links = a.Links
		if err = form.Err(); err == nil {
			_, err = f.Press.Edit(ctx, who, a.ID, webkit.Version(r), in, form.Text("correction", 2000))
		}
		if err == nil {
			return done(w, r, v.back, i18n.ArticledeskSaved)
		}
		var ok bool
		if status, ok = v.refuse(lang, err, articleFields()...); !ok {
			return err
		}
	}
	p, err := f.page(r, lang.T(i18n.ArticledeskEdit), ui.Link{Text: lang.T(i18n.ArticlepageArticles), Href: "/admin/articles"}, ui.Link{Text: a.Title, Href: v.back})
	if err != nil {
		return err
	}
	return render(w, r, status, articleFormPage(p, v))
}

// articleStepForm is the form by which an article is moved on.
type articleStepForm struct {
	filled
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
		return notFound()
	}
	a, err := f.Press.Get(ctx, who, r.PathValue("article"))
	if err != nil {
		return err
	}
	state, form := filledFrom(r)
	v := articleStepForm{filled: state, article: a, verb: verb}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		step := press.Step{Version: webkit.Version(r), Note: form.Text("note", 2000), At: readMoment(form)}
		if err = form.Err(); err == nil {
			_, err = do(ctx, who, a.ID, step)
		}
		if err == nil {
			return done(w, r, articleLink(a.ID), i18n.ArticledeskMoved)
		}
		var ok bool
		if status, ok = v.refuse(lang, err, "note", "at", "lead", "body", "author"); !ok {
			return err
		}
	}
	p, err := f.page(r, lang.T(articleVerb(verb)), ui.Link{Text: lang.T(i18n.ArticlepageArticles), Href: "/admin/articles"}, ui.Link{Text: a.Title, Href: articleLink(a.ID)})
	if err != nil {
		return err
	}
	return render(w, r, status, articleStepPage(p, v))
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

// entryArticleLink leads from a recognised practice to a draft about it.
func entryArticleLink(e practice.Entry) string {
	return "/admin/articles/new?" + url.Values{"entry": {e.Code}}.Encode()
}
