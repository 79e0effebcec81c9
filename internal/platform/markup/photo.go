package markup

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// photoPlace is the place of a photo as it stands in a clean text. A reader's "<" stands
// there as "&lt;", so that nothing else can look like it.
var photoPlace = regexp.MustCompile(`<figure data-photo="([A-Za-z0-9-]{1,64})"></figure>`)

// PhotoPlace marks a place in a text at which the photo with an identity is shown. The
// text holds nothing of the photo: what is said of it, and whether it may be seen, is found
// when the page is made.
func PhotoPlace(id string) string { return `<figure data-photo="` + id + `"></figure>` }

// Photos are the identities of the photos that have a place in a clean text, in order.
func Photos(fragment string) []string {
	var all []string
	for _, m := range photoPlace.FindAllStringSubmatch(fragment, -1) {
		all = append(all, m[1])
	}
	return all
}

// Part is a part of a text: HTML, or the place of a photo.
type Part struct {
	HTML  string
	Photo string // its identity, or ""
}

// Parts cuts a clean text at the places of photos. Joined with what is shown there it is
// the whole text again.
func Parts(fragment string) []Part {
	var all []Part
	end := 0
	for _, m := range photoPlace.FindAllStringSubmatchIndex(fragment, -1) {
		if m[0] > end {
			all = append(all, Part{HTML: fragment[end:m[0]]})
		}
		all = append(all, Part{Photo: fragment[m[2]:m[3]]})
		end = m[1]
	}
	if end < len(fragment) {
		all = append(all, Part{HTML: fragment[end:]})
	}
	return all
}

// emptyPhotos takes out of a clean text what stands within the places of photos. A place
// that somebody forgot to close takes nothing out.
func emptyPhotos(fragment string) string {
	if !strings.Contains(fragment, "data-photo") {
		return fragment
	}
	var b, hidden strings.Builder
	z := html.NewTokenizer(strings.NewReader(fragment))
	within := 0 // how many figures deep in a place
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			if within > 0 {
				b.WriteString(hidden.String())
			}
			return b.String()
		}
		raw := string(z.Raw()) // before the token is read, which writes into it
		t := z.Token()
		figure := t.Data == "figure" && kind != html.TextToken
		switch {
		case within > 0 && figure && kind == html.StartTagToken:
			within++
		case within > 0 && figure && kind == html.EndTagToken:
			within--
		case within > 0:
			hidden.WriteString(raw)
		case figure && kind == html.StartTagToken && len(t.Attr) > 0:
			b.WriteString(PhotoPlace(t.Attr[0].Val))
			hidden.Reset()
			within = 1
		default:
			b.WriteString(raw)
		}
	}
}
