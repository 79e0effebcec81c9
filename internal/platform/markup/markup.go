// Package markup takes HTML that people wrote, or pasted from Word, and lets through only
// what an article is made of: paragraphs, headings from the second level on, lists,
// quotations, tables, pictures of our own, places of photos, links, and marks of figures.
// Scripts, styles, frames, event handlers and foreign pictures do not pass. It is cleaned
// once, on its way in.
package markup

import (
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// Clean gives the part of a fragment that may be kept and shown.
func Clean(fragment string) string {
	return strings.TrimSpace(emptyPhotos(policy().Sanitize(fragment)))
}

// ourPicture is the address of a picture that this house keeps.
var ourPicture = regexp.MustCompile(`^/media/[a-z0-9-]{1,64}/[0-9]{3,4}\.(jpg|png)$`)

// figureMark is the value by which a figure in a text names its place in the register.
var figureMark = regexp.MustCompile(`^[A-Za-z0-9.\-/]{5,120}$`)

// photoMark is the identity by which a place in a text names its photo.
var photoMark = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)

func policy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "b", "em", "i", "u", "s", "sub", "sup", "br", "hr",
		"table", "thead", "tbody", "tr", "th", "td", "caption", "figure", "figcaption")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnFullyQualifiedLinks(true)
	p.AllowAttrs("src").Matching(ourPicture).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("width", "height").Matching(bluemonday.Integer).OnElements("img")
	p.AllowAttrs("value").Matching(figureMark).OnElements("data")
	p.AllowAttrs("data-photo").Matching(photoMark).OnElements("figure")
	p.AllowAttrs("colspan", "rowspan").Matching(bluemonday.Integer).OnElements("td", "th")
	p.AllowAttrs("scope").Matching(regexp.MustCompile(`^(row|col)$`)).OnElements("th")
	return p
}

// Text is the text of a fragment without its marks, for search, summaries and feeds.
func Text(fragment string) string { return strings.Join(strings.Fields(blocks(fragment)), " ") }

// Lines is the text of a fragment with a line for each block, for those who compare two
// wordings.
func Lines(fragment string) string {
	var lines []string
	for line := range strings.SplitSeq(blocks(fragment), "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// blocks is the text of a fragment with a line end where a block begins or ends.
func blocks(fragment string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(fragment))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.WriteString(strings.ReplaceAll(string(z.Text()), "\n", " "))
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			if name, _ := z.TagName(); isBlock(string(name)) {
				b.WriteByte('\n')
			}
		}
	}
}

func isBlock(tag string) bool {
	switch tag {
	case "a", "strong", "b", "em", "i", "u", "s", "sub", "sup", "data":
		return false
	default:
		return true
	}
}
