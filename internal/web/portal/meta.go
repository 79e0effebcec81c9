package portal

import (
	"encoding/json"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
)

// home is the first crumb of every page.
func (f *Face) home(lang i18n.Lang) ui.Link { return ui.Link{Text: lang.T(i18n.PortalHome), Href: "/"} }

// meta says what a page tells programs: its one address, what it is about, a picture for
// cards, the way to it, and further things (schema.org).
func (f *Face) meta(p *ui.Page, path, about string, things ...map[string]any) {
	p.Meta = &ui.Meta{
		Canonical: f.at(path), Description: about, Kind: "website", Feeds: f.feeds(*p),
		Image: f.at("/card.png"), ImageAlt: p.Site,
	}
	if len(p.Crumbs) > 0 {
		things = append(things, f.crumbsData(p.Crumbs, path))
	}
	if len(things) == 0 {
		return
	}
	raw, err := json.Marshal(map[string]any{"@context": "https://schema.org", "@graph": things}) // escapes <, > and &
	if err == nil {
		p.Meta.Data = string(raw)
	}
}

// crumbsData is the way to a page; its last step is the page itself.
func (f *Face) crumbsData(crumbs []ui.Link, path string) map[string]any {
	items := make([]map[string]any, len(crumbs))
	for i, c := range crumbs {
		at := c.Href
		if at == "" {
			at = path
		}
		items[i] = map[string]any{"@type": "ListItem", "position": i + 1, "name": c.Text, "item": f.at(at)}
	}
	return map[string]any{"@type": "BreadcrumbList", "itemListElement": items}
}
