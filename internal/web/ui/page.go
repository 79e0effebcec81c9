package ui

import (
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// The addresses that the layouts themselves speak to.
const (
	SignInPath  = "/login"  // GET
	SignOutPath = "/logout" // POST
	LangPath    = "/lang"   // POST to=vi|en, back=the page's path and query
)

// ThemeCookie is the cookie in which the script keeps the visitor's choice of light or
// dark; a handler copies it into [Page.Theme], so that a page begins in the right one.
const ThemeCookie = "theme"

// Page is what a layout and the components with words of their own need to know.
type Page struct {
	Lang      i18n.Lang
	Title     string // of the browser's tab; in Plain also the heading
	Site      string // name of the site
	Place     string // the small line above the site's name: "Phường Hoàn Kiếm"
	Path      string // present path with query; where the language switch comes back to
	Theme     string // "light", "dark", or "" for what the device prefers
	User      *User  // nil for a visitor
	Menu      []MenuItem
	Crumbs    []Link // from the top; the last one, without Href, is this page
	Flash     *Flash
	Search    *SearchSlot
	Foot      Foot // of the portal
	Meta      *Meta
	Module    string // a script of this page alone, by its plain name; "" is none
	Wide      bool   // Plain has room for a form in two columns
	Sample    bool   // says on top that all data are made up
	Preview   *Preview
	RequestID string
}

func (p Page) plain() string {
	if p.Wide {
		return "plain wide"
	}
	return "plain"
}

// User is the person signed in.
type User struct {
	Login, Name string
	Unit        string // shown beneath the name; may be ""
	Links       []Link // own pages: password, notices
}

// Preview says that somebody looks at the pages as a role sees them, and how that ends.
type Preview struct {
	Text string
	End  string // POST
}

// MenuItem is one entry of the main menu.
type MenuItem struct {
	Label   string
	Href    string
	Icon    Icon
	Current bool
	Count   int    // waiting there; nothing is shown for 0
	Group   string // a heading is drawn where it differs from the entry before; "" draws none
}

// Link is a text that leads somewhere; without Href it is only text.
type Link struct{ Text, Href string }

// Flash is the message left by the request before.
type Flash struct {
	Kind Tone
	Text string
	Link Link // where it leads, if anywhere
}

// SearchSlot is the search box in the head of a page.
type SearchSlot struct {
	Action string // GET, the words in "q"
	Label  string // "" for plain "Tìm kiếm"
	Value  string
}

// Foot is what the portal says at its foot.
type Foot struct {
	Lines []string // who runs it, address, telephone
	Links []Link
}

// Meta is what a public page tells programs: search engines, feed readers, and those that
// draw a card where the page is shared.
type Meta struct {
	Canonical   string // the one full address of the page, or its path where no base URL is set
	Description string
	Kind        string // "article" or "website" (Open Graph)
	Image       string // full address of a picture for cards, or ""
	ImageAlt    string
	Published   time.Time // of an article
	Data        string    // JSON-LD
	Feeds       []Feed
	NoIndex     bool // search engines are asked to leave it out
}

// full tells whether an address has its host. Without one (no base URL is set, and that of
// a request is not believed) it is no address for other machines, and they are not told it.
func full(address string) bool { return strings.Contains(address, "://") }

// Feed is a feed that belongs to a page.
type Feed struct{ Type, Title, Href string }

// Tone says what a badge, a message or a point means.
type Tone uint8

// The tones.
const (
	Neutral Tone = iota
	Info
	OK
	Wait // something is awaited, or a warning
	Bad
)

func (t Tone) class() string {
	return [...]string{"plain-tone", "go", "ok", "wait", "bad"}[t]
}

func (t Tone) icon() Icon {
	return [...]Icon{IconInfo, IconInfo, IconCircleCheck, IconTriangleAlert, IconCircleAlert}[t]
}

// role of a message that appears: what is wrong is told at once.
func (t Tone) role() string {
	if t >= Wait {
		return "alert"
	}
	return "status"
}

// T is the message of the catalogue in the page's language.
func (p Page) T(k i18n.Key, args ...any) string { return p.Lang.T(k, args...) }

// tab is the title of the browser's tab.
func (p Page) tab() string {
	if p.Site == "" || p.Title == p.Site {
		return p.Title
	}
	if p.Title == "" {
		return p.Site
	}
	return p.Title + " – " + p.Site
}

func (p Page) otherLang() string {
	if p.Lang == i18n.En {
		return i18n.Vi.Code()
	}
	return i18n.En.Code()
}

// SafeURL lets through addresses of this site, http, https, mailto and tel; anything
// else (javascript:, data:, //elsewhere) becomes "#". Every address that comes from
// data goes through it.
func SafeURL(s string) templ.SafeURL {
	s = strings.TrimSpace(s)
	u, err := url.Parse(s)
	if err != nil || strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\\n\r\t") {
		return "#"
	}
	switch strings.ToLower(u.Scheme) {
	case "", "http", "https", "mailto", "tel":
		return templ.SafeURL(s)
	}
	return "#"
}

// escapeQuery writes a text as the value of a parameter of an address, in the way that
// mail programs read: blanks as %20.
func escapeQuery(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// safeSrc is SafeURL for the attributes that take a plain string.
func safeSrc(s string) string { return string(SafeURL(s)) }

// classes joins the class names that are not empty.
func classes(names ...string) string {
	kept := names[:0:0]
	for _, n := range names {
		if n != "" {
			kept = append(kept, n)
		}
	}
	return strings.Join(kept, " ")
}
