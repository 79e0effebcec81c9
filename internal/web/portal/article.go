package portal

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) articleRoutes() []webkit.Route {
	return []webkit.Route{
		open(http.MethodGet, "/articles", f.kept(f.articles)),
		open(http.MethodGet, "/articles/{name}", f.keptArticle(f.article)),
		open(http.MethodPost, "/articles/{name}/rate", f.articleRate),
		open(http.MethodGet, "/media/{hash}/{file}", f.media),
		{Method: http.MethodGet, Pattern: previewPath + "{article}", Right: press.RightRead, Handle: f.articlePreview},
	}
}

// articlesPerPage is how many articles a list shows at a time.
const articlesPerPage = 24

// articlesView is a list of articles.
type articlesView struct {
	tiles []ui.NewsTile
	tabs  []ui.Tab
	next  string
	words string
}

func (f *Face) articles(w http.ResponseWriter, r *http.Request) error {
	lang, q := webkit.Lang(r), webkit.Query(r)
	in := press.Page{
		Category: press.Category(q.Choice("category", codes(press.Categories())...)), Tag: q.Text("tag", 60), Words: q.Text("q", 200),
		Cursor: q.Text("cursor", 60), Limit: articlesPerPage,
	}
	if err := q.Err(); err != nil {
		return err
	}
	all, next, err := f.Press.Published(r.Context(), in)
	if err != nil {
		return err
	}
	v := articlesView{words: in.Words, tabs: []ui.Tab{{Text: lang.T(i18n.ArticlepageAll), Href: "/articles", NoCount: true, Current: in.Category == ""}}}
	for _, c := range press.Categories() {
		v.tabs = append(v.tabs, ui.Tab{Text: lang.T(c.Label()), Href: "/articles?category=" + c.String(), NoCount: true, Current: in.Category == c})
	}
	for _, h := range all {
		v.tiles = append(v.tiles, newsTile(lang, h, 2))
	}
	if next != "" {
		v.next = webkit.Link(r, "cursor", next)
	}
	title := lang.T(i18n.ArticlepageArticles)
	if in.Tag != "" {
		title = lang.T(i18n.ArticlepageTagged, in.Tag)
	}
	p, err := f.page(r, title)
	if err != nil {
		return err
	}
	p.Crumbs = []ui.Link{f.home(lang), {Text: p.Title}}
	p.Meta = &ui.Meta{Canonical: f.at(webkit.Link(r, "q", "")), Description: lang.T(i18n.ArticlepageLead), Kind: "website", Feeds: f.feeds(p), NoIndex: in.Words != ""}
	return render(w, r, articlesPage(p, v))
}

func newsTile(lang i18n.Lang, h press.Headline, level int) ui.NewsTile {
	return ui.NewsTile{
		Title: h.Title, Href: h.Path(), Lead: h.Lead, Category: lang.T(h.Category.Label()), Published: h.PublishedAt, Level: level,
		Picture: picture(h.Photo, public),
	}
}

// codes are the codes of a list of choices.
func codes[T interface{ String() string }](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = v.String()
	}
	return out
}

// bodyPart is a part of the text: HTML, or a photo.
type bodyPart struct {
	html  string
	photo ui.Picture
}

// articleView is an article with what stands around it.
type articleView struct {
	shown   press.Shown
	body    []bodyPart
	changed bool // some figures of the text are not what the register says today
	unit    string
	meta    []ui.MetaItem
	tags    []ui.Tab
	rating  ui.Rating
	said    opinionsView
	related []ui.NewsTile
	others  []ui.NewsTile
	events  []eventView  // that it is about
	lead    ui.Picture   // without sizes where there is none, or it stands in the text
	photos  []ui.Picture // that have no place in the text
	draft   bool         // shown to those who write it
}

func (f *Face) article(w http.ResponseWriter, r *http.Request) error {
	shown, err := f.Press.Show(r.Context(), press.NoOf(r.PathValue("name")))
	if err != nil {
		return err
	}
	if r.URL.Path != shown.Path() && shown.State == press.Published { // its words have changed; the number found it
		http.Redirect(w, r, shown.Path(), http.StatusMovedPermanently)
		return nil
	}
	return f.showArticle(w, r, http.StatusOK, shown, opinionForm{})
}

// showArticle shows an article with a form for an opinion, as it was filled.
func (f *Face) showArticle(w http.ResponseWriter, r *http.Request, status int, shown press.Shown, form opinionForm) error {
	ctx, lang := r.Context(), webkit.Lang(r)
	given := webkit.Query(r).Int("rated", 0, 5)
	title := shown.Title
	if shown.State == press.Archived {
		title = lang.T(i18n.ArticlepageGone, shown.No)
	}
	p, err := f.page(r, title, f.home(lang), ui.Link{Text: lang.T(i18n.ArticlepageArticles), Href: "/articles"})
	if err != nil {
		return err
	}
	if r.Method == http.MethodPost {
		p.Path = shown.Path() // to which the language switch leads
	}
	if shown.State == press.Archived {
		p.Meta = &ui.Meta{NoIndex: true}
		return renderStatus(w, r, http.StatusGone, takenDownPage(p, shown.Article))
	}
	p.Module = "article.js"
	v, err := f.articleView(r, shown, public)
	if err != nil {
		return err
	}
	tally, err := f.Press.Tally(ctx, shown.ID)
	if err != nil {
		return err
	}
	v.rating = ui.Rating{Action: shown.Path() + "/rate", Scores: tally.Scores, Points: tally.Points(), Mean: tally.Mean(), Given: given}
	if v.said, err = f.opinionsView(r, shown, v.unit, form); err != nil {
		return err
	}
	p.Meta = &ui.Meta{
		Canonical: f.at(shown.Path()), Description: shown.Lead, Kind: "article", Published: shown.PublishedAt, Feeds: f.feeds(p),
		Image: f.at(shown.Path() + "/card.png"), ImageAlt: shown.Title,
		Data: f.articleData(p, shown, v.unit, tally),
	}
	if len(shown.Photos) > 0 {
		p.Meta.Image, p.Meta.ImageAlt = f.at(shown.Photos[0].Sizes[0].Path()), shown.Photos[0].Alt
	}
	return renderStatus(w, r, status, articlePage(p, v))
}

// articleView puts an article into the form of its page.
func (f *Face) articleView(r *http.Request, shown press.Shown, at address) (articleView, error) {
	ctx, lang := r.Context(), webkit.Lang(r)
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return articleView{}, err
	}
	unit, _ := tree.Unit(shown.Unit)
	v := articleView{shown: shown, unit: unit.NameOn(clock.DateOf(shown.PublishedAt))}
	body, changed, err := f.withFigures(ctx, lang, shown.Body)
	if err != nil {
		return v, err
	}
	v.changed = changed
	v.illustrate(body, shown.Photos, at)
	v.meta = articleMeta(lang, shown.Article, v.unit)
	for _, t := range shown.Tags {
		v.tags = append(v.tags, ui.Tab{Text: t, Href: "/articles?" + url.Values{"tag": {t}}.Encode(), NoCount: true})
	}
	v.events = eventViews(lang, shown.Events)
	for _, h := range shown.Related {
		v.related = append(v.related, newsTile(lang, h, 3))
	}
	for _, h := range shown.Others {
		v.others = append(v.others, newsTile(lang, h, 3))
	}
	return v, nil
}

// eventView is a conference that was held, as readers are told of it.
type eventView struct {
	title string
	facts []ui.Definition
}

func eventViews(lang i18n.Lang, all []conference.Event) []eventView {
	var views []eventView
	for _, e := range all {
		when := conference.Moment(lang, e.On, e.Begins)
		v := eventView{title: e.Title, facts: []ui.Definition{
			{Term: lang.T(i18n.ConferencepageOn), Text: when}, {Term: lang.T(i18n.ConferencepagePlace), Text: e.Place},
		}}
		if e.Occasion != "" {
			v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.ConferencepageOccasion), Text: e.Occasion})
		}
		v.facts = append(v.facts, ui.Definition{Term: lang.T(i18n.ArticlepageEventMovement), Body: eventMovement(e)})
		views = append(views, v)
	}
	return views
}

// withFigures puts beside each figure of a text of which the register says something else
// today what that is.
func (f *Face) withFigures(ctx context.Context, lang i18n.Lang, body string) (string, bool, error) {
	changed, err := f.Press.Figures(ctx, body)
	for _, c := range changed {
		mark := `<data value="` + c.Value + `">` + c.Was + `</data>`
		body = strings.ReplaceAll(body, mark, mark+` <small>`+lang.T(i18n.ArticlepageFigureNow, c.Now)+`</small>`)
	}
	return body, len(changed) > 0, err
}

func articleMeta(lang i18n.Lang, a press.Article, unit string) []ui.MetaItem {
	all := []ui.MetaItem{
		{Icon: ui.IconCalendar, Text: lang.Instant(a.PublishedAt)},
		{Icon: ui.IconTag, Text: lang.T(a.Category.Label())},
		{Icon: ui.IconBuilding2, Text: unit},
	}
	if a.Author != "" {
		all = append(all, ui.MetaItem{Icon: ui.IconUser, Text: lang.T(i18n.ArticlepageBy, a.Author)})
	}
	if a.Event != "" {
		all = append(all, ui.MetaItem{Icon: ui.IconMegaphone, Text: lang.T(i18n.ArticlepageOccasion, a.Event)})
	}
	return all
}

// readerCookie holds the random code by which a device has one rating of an article.
const readerCookie = "reader"

// articleRate keeps a rating and shows the article again, with thanks.
func (f *Face) articleRate(w http.ResponseWriter, r *http.Request) error {
	form := webkit.Form(r)
	score := form.Int("score", 0, 5)
	if err := form.Err(); err != nil {
		return err
	}
	a, err := f.about(r)
	if err != nil {
		return err
	}
	network, err := f.Press.NetworkOf(r.Context(), webkit.Address(r))
	if err != nil {
		return err
	}
	if err := f.Press.Rate(r.Context(), press.Vote{
		Article: a.ID, Device: press.DeviceOf(f.device(w, r)), Network: network, Score: score,
		Robot: form.Values.Get("website") != "" || press.LooksLikeRobot(r.UserAgent()),
	}); err != nil {
		return err
	}
	return webkit.Redirect(w, r, a.Path()+"?rated="+strconv.Itoa(score)+"#rating")
}

// device is the code of the reader's browser; one that has none is given one.
func (f *Face) device(w http.ResponseWriter, r *http.Request) string {
	fresh := press.NewDevice()
	if c, err := r.Cookie(readerCookie); err == nil && len(c.Value) == len(fresh) {
		return c.Value
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure follows the settings: an office may serve without TLS in its own network
		Name: readerCookie, Value: fresh, Path: "/articles", MaxAge: 365 * 24 * 3600, HttpOnly: true, Secure: f.Secure, SameSite: http.SameSiteLaxMode,
	})
	return fresh
}

// at is the address of a path of this site as pages give it: in full where the office has
// said under which name people reach it, else the path alone, for a page takes no name
// from a header.
func (f *Face) at(path string) string { return strings.TrimSuffix(f.BaseURL, "/") + path }

// full is the full address of a path of this site, for feeds and maps, which ask for one.
func (f *Face) full(r *http.Request, path string) string {
	if f.BaseURL == "" {
		return "http://" + r.Host + path
	}
	return f.at(path)
}
