package portal

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/photo"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) feedRoutes() []webkit.Route {
	return []webkit.Route{
		open(http.MethodGet, "/feed.rss", f.shelf.KeepForAll(f.rss)),
		open(http.MethodGet, "/feed.atom", f.shelf.KeepForAll(f.atom)),
		open(http.MethodGet, "/feed.json", f.shelf.KeepForAll(f.jsonFeed)),
		open(http.MethodGet, "/sitemap.xml", f.shelf.KeepForAll(f.sitemap)),
		open(http.MethodGet, "/robots.txt", f.robots),
		open(http.MethodGet, "/.well-known/security.txt", f.security),
	}
}

// feedLength is how many articles a feed holds.
const feedLength = 30

// feeds are the feeds of the site, for the head of a page.
func (f *Face) feeds(p ui.Page) []ui.Feed {
	return []ui.Feed{
		{Type: "application/rss+xml", Title: p.Site + " (RSS)", Href: f.at("/feed.rss")},
		{Type: "application/atom+xml", Title: p.Site + " (Atom)", Href: f.at("/feed.atom")},
		{Type: "application/feed+json", Title: p.Site + " (JSON)", Href: f.at("/feed.json")},
	}
}

// channel is what every feed says, in whatever form.
type channel struct {
	title, about, home, self string
	updated                  time.Time
	items                    []press.Headline
}

func (f *Face) channel(r *http.Request, self string) (channel, error) {
	items, _, err := f.Press.Published(r.Context(), press.Page{Limit: feedLength})
	if err != nil {
		return channel{}, err
	}
	site, err := f.site(r)
	if err != nil {
		return channel{}, err
	}
	c := channel{
		title: site, about: webkit.Lang(r).T(i18n.ArticlepageLead), home: f.full(r, "/"), self: f.full(r, self), items: items,
		updated: clock.NewDate(2024, 1, 1).Midnight(),
	}
	for _, h := range items {
		if h.UpdatedAt.After(c.updated) {
			c.updated = h.UpdatedAt
		}
	}
	return c, nil
}

// The form of RSS 2.0.
type (
	rssFeed struct {
		XMLName xml.Name   `xml:"rss"`
		Version string     `xml:"version,attr"`
		Atom    string     `xml:"xmlns:atom,attr"`
		Channel rssChannel `xml:"channel"`
	}
	rssChannel struct {
		Title       string    `xml:"title"`
		Link        string    `xml:"link"`
		Description string    `xml:"description"`
		Language    string    `xml:"language"`
		Built       string    `xml:"lastBuildDate"`
		Self        atomLink  `xml:"atom:link"`
		Items       []rssItem `xml:"item"`
	}
	rssItem struct {
		Title       string        `xml:"title"`
		Link        string        `xml:"link"`
		GUID        string        `xml:"guid"`
		Description string        `xml:"description"`
		Category    string        `xml:"category"`
		Published   string        `xml:"pubDate"`
		Photo       *rssEnclosure `xml:"enclosure"`
	}
	rssEnclosure struct {
		URL    string `xml:"url,attr"`
		Length int64  `xml:"length,attr"`
		Type   string `xml:"type,attr"`
	}
	atomLink struct {
		Href   string `xml:"href,attr"`
		Rel    string `xml:"rel,attr,omitempty"`
		Type   string `xml:"type,attr,omitempty"`
		Length int64  `xml:"length,attr,omitempty"`
	}
)

func (f *Face) rss(w http.ResponseWriter, r *http.Request) error {
	c, err := f.channel(r, "/feed.rss")
	if err != nil {
		return err
	}
	feed := rssFeed{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Channel: rssChannel{
		Title: c.title, Link: c.home, Description: c.about, Language: "vi", Built: c.updated.Format(time.RFC1123Z),
		Self: atomLink{Href: c.self, Rel: "self", Type: "application/rss+xml"},
	}}
	for _, h := range c.items {
		at := f.full(r, h.Path())
		item := rssItem{
			Title: h.Title, Link: at, GUID: f.full(r, permanent(h)), Description: h.Lead, Category: i18n.Vi.T(h.Category.Label()),
			Published: h.PublishedAt.Format(time.RFC1123Z),
		}
		if z, ok := largest(h.Photo); ok {
			item.Photo = &rssEnclosure{f.full(r, z.Path()), z.Bytes, photoType}
		}
		feed.Channel.Items = append(feed.Channel.Items, item)
	}
	return writeXML(w, "application/rss+xml; charset=utf-8", feed)
}

// permanent is the path of an article without its words, which may change: what feed
// readers know it by. It leads there.
func permanent(h press.Headline) string { return "/articles/bai-" + strconv.Itoa(h.No) }

// photoType is the type of every photo that the site shows.
const photoType = "image/jpeg"

// largest is a photo in its largest size; false where an article has none.
func largest(p photo.Photo) (photo.Size, bool) {
	if len(p.Sizes) == 0 {
		return photo.Size{}, false
	}
	return p.Sizes[0], true
}

// The form of Atom (RFC 4287).
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"xml:lang,attr"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Sub     string      `xml:"subtitle"`
		Updated string      `xml:"updated"`
		Author  atomPerson  `xml:"author"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomPerson struct {
		Name string `xml:"name"`
	}
	atomEntry struct {
		ID        string     `xml:"id"`
		Title     string     `xml:"title"`
		Updated   string     `xml:"updated"`
		Published string     `xml:"published"`
		Links     []atomLink `xml:"link"`
		Summary   string     `xml:"summary"`
	}
)

func (f *Face) atom(w http.ResponseWriter, r *http.Request) error {
	c, err := f.channel(r, "/feed.atom")
	if err != nil {
		return err
	}
	feed := atomFeed{
		Lang: "vi", ID: c.home, Title: c.title, Sub: c.about, Updated: c.updated.Format(time.RFC3339), Author: atomPerson{c.title},
		Links: []atomLink{{Href: c.home, Rel: "alternate", Type: "text/html"}, {Href: c.self, Rel: "self", Type: "application/atom+xml"}},
	}
	for _, h := range c.items {
		entry := atomEntry{
			ID: f.full(r, permanent(h)), Title: h.Title, Updated: h.UpdatedAt.Format(time.RFC3339), Published: h.PublishedAt.Format(time.RFC3339),
			Links: []atomLink{{Href: f.full(r, h.Path()), Rel: "alternate", Type: "text/html"}}, Summary: h.Lead,
		}
		if z, ok := largest(h.Photo); ok {
			entry.Links = append(entry.Links, atomLink{Href: f.full(r, z.Path()), Rel: "enclosure", Type: photoType, Length: z.Bytes})
		}
		feed.Entries = append(feed.Entries, entry)
	}
	return writeXML(w, "application/atom+xml; charset=utf-8", feed)
}

func writeXML(w http.ResponseWriter, kind string, doc any) error {
	raw, err := xml.MarshalIndent(doc, "", " ")
	if err != nil {
		return fmt.Errorf("write a feed: %w", err)
	}
	w.Header().Set("Content-Type", kind)
	_, err = w.Write(append([]byte(xml.Header), raw...))
	return err
}

// jsonFeed is the JSON Feed 1.1 of the site.
func (f *Face) jsonFeed(w http.ResponseWriter, r *http.Request) error {
	c, err := f.channel(r, "/feed.json")
	if err != nil {
		return err
	}
	type item struct {
		ID        string   `json:"id"`
		URL       string   `json:"url"`
		Title     string   `json:"title"`
		Summary   string   `json:"summary"`
		Text      string   `json:"content_text"`
		Published string   `json:"date_published"`
		Modified  string   `json:"date_modified"`
		Tags      []string `json:"tags"`
		Image     string   `json:"image,omitempty"`
	}
	items := make([]item, 0, len(c.items))
	for _, h := range c.items {
		it := item{
			ID: f.full(r, permanent(h)), URL: f.full(r, h.Path()), Title: h.Title, Summary: h.Lead, Text: h.Lead,
			Published: h.PublishedAt.Format(time.RFC3339), Modified: h.UpdatedAt.Format(time.RFC3339), Tags: []string{i18n.Vi.T(h.Category.Label())},
		}
		if z, ok := largest(h.Photo); ok {
			it.Image = f.full(r, z.Path())
		}
		items = append(items, it)
	}
	w.Header().Set("Content-Type", "application/feed+json; charset=utf-8")
	return json.NewEncoder(w).Encode(map[string]any{
		"version": "https://jsonfeed.org/version/1.1", "title": c.title, "home_page_url": c.home, "feed_url": c.self, "description": c.about,
		"language": "vi", "items": items,
	})
}

// sitemapMost bounds a site map (sitemaps.org: 50,000 addresses).
const sitemapMost = 50_000

// place is an address of the site map.
type place struct {
	Loc string `xml:"loc"`
	Mod string `xml:"lastmod,omitempty"`
}

// sitemap lists what search engines may find: practices, their units, award lists,
// movements and articles, and the lists of them.
func (f *Face) sitemap(w http.ResponseWriter, r *http.Request) error {
	doc := struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []place  `xml:"url"`
	}{}
	for _, path := range []string{"/", practicesPath, "/articles", awardsPath, unitsPath, movementsPath, helpPath, accessibilityPath} {
		doc.URLs = append(doc.URLs, place{Loc: f.full(r, path)})
	}
	for _, part := range []func(*http.Request, func(path, changed string)) error{f.mapMovements, f.mapPractices, f.mapAwards, f.mapArticles} {
		if err := part(r, func(path, changed string) { doc.URLs = append(doc.URLs, place{f.full(r, path), changed}) }); err != nil {
			return err
		}
	}
	doc.URLs = doc.URLs[:min(len(doc.URLs), sitemapMost)]
	return writeXML(w, "application/xml; charset=utf-8", doc)
}

func (f *Face) mapMovements(r *http.Request, add func(path, changed string)) error {
	all, err := f.Movements.PublicList(r.Context())
	for _, m := range all {
		add(movementPath(m.Code), "")
	}
	return err
}

// mapPractices adds the published practices, and the units that have some.
func (f *Face) mapPractices(r *http.Request, add func(path, changed string)) error {
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	in := practice.PublicQuery{Limit: practice.MaxPublic, Uncounted: true, Plain: true}
	units := map[string]bool{}
	for n := 0; n < sitemapMost; n += in.Limit {
		page, err := f.Practices.Published(r.Context(), in)
		if err != nil {
			return err
		}
		for _, e := range page.Rows {
			add(practicePath(e.Code, e.Title), "")
			units[e.Unit] = true
		}
		if in.Cursor = page.Next; in.Cursor == "" {
			break
		}
	}
	for _, id := range slices.Sorted(maps.Keys(units)) {
		if u, ok := tree.Unit(id); ok {
			add(unitPath(u.Code), "")
		}
	}
	return nil
}

func (f *Face) mapAwards(r *http.Request, add func(path, changed string)) error {
	in := award.ListQuery{Limit: award.MaxLists}
	for n := 0; n < sitemapMost; n += in.Limit {
		all, next, err := f.Awards.Lists(r.Context(), in)
		for _, one := range all {
			add(awardsPath+"/"+one.ID, "")
		}
		if in.Cursor = next; err != nil || next == "" {
			return err
		}
	}
	return nil
}

func (f *Face) mapArticles(r *http.Request, add func(path, changed string)) error {
	in := press.Page{Limit: press.MaxPage}
	for n := 0; n < sitemapMost; n += in.Limit {
		page, next, err := f.Press.Published(r.Context(), in)
		for _, h := range page {
			add(h.Path(), h.UpdatedAt.Format(time.RFC3339))
		}
		if in.Cursor = next; err != nil || next == "" {
			return err
		}
	}
	return nil
}

// robots asks robots to leave the back office, and forms, alone.
func (f *Face) robots(w http.ResponseWriter, r *http.Request) error {
	return writeText(w, "User-agent: *\nDisallow: /admin\nDisallow: /api/\nDisallow: /login\nDisallow: /preview/\nDisallow: /*?rated=\n\nSitemap: "+f.full(r, "/sitemap.xml")+"\n")
}

// security says where weaknesses are reported (RFC 9116). It names an address only where
// the office has set one.
func (f *Face) security(w http.ResponseWriter, r *http.Request) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Contact: %s\nExpires: %s\nPreferred-Languages: vi, en\nCanonical: %s\n", f.full(r, "/login"),
		f.Now.Today().AddYears(1).Midnight().Format(time.RFC3339), f.full(r, "/.well-known/security.txt"))
	return writeText(w, b.String())
}

func writeText(w http.ResponseWriter, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := w.Write([]byte(text)) //nolint:gosec // plain text, and said so
	return err
}

// articleData is the JSON-LD of an article (schema.org NewsArticle, with the rating that
// readers have given).
func (f *Face) articleData(p ui.Page, a press.Shown, unit string, tally press.Tally) string {
	author := map[string]any{"@type": "Person", "name": a.Author}
	if a.Author == "" {
		author = map[string]any{"@type": "Organization", "name": a.SourceName}
	}
	data := map[string]any{
		"@context": "https://schema.org", "@type": "NewsArticle", "headline": a.Title, "description": a.Lead, "inLanguage": "vi",
		"datePublished": a.PublishedAt.Format(time.RFC3339), "dateModified": a.UpdatedAt.Format(time.RFC3339), "author": author,
		"mainEntityOfPage": f.at(a.Path()), "articleSection": i18n.Vi.T(a.Category.Label()), "keywords": a.Tags,
		"publisher": map[string]any{"@type": "Organization", "name": p.Site, "department": map[string]any{"@type": "Organization", "name": unit}},
	}
	var images []any
	for _, photo := range a.Photos {
		z := photo.Sizes[0]
		images = append(images, map[string]any{
			"@type": "ImageObject", "url": f.at(z.Path()), "width": z.Width, "height": z.Height, "caption": photo.Alt, "creditText": photo.Credit,
		})
	}
	if images != nil {
		data["image"] = images
	}
	if n := tally.Count(); n > 0 {
		data["aggregateRating"] = map[string]any{
			"@type": "AggregateRating", "ratingValue": float64(tally.Mean()) / 100, "ratingCount": n, "bestRating": 5, "worstRating": 1,
		}
	}
	raw, err := json.Marshal(data) // escapes <, > and &
	if err != nil {
		return ""
	}
	return string(raw)
}
