package ui

import (
	"strconv"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// NewsTile is what NewsCard shows of an article.
type NewsTile struct {
	Title     string
	Href      string
	Lead      string
	Category  string
	Published time.Time
	Picture   Picture // without sizes where there is none
	Level     int     // heading level, 2 or 3; 0 means 3
}

// Picture is a photo in several sizes.
type Picture struct {
	Sizes   []PictureSize // the largest first
	Alt     string
	Caption string
	Credit  string
}

// PictureSize is a photo in one size, in pixels.
type PictureSize struct {
	Href          string
	Width, Height int
}

// plain is the size for browsers that do not choose: the one in the middle.
func (p Picture) plain() PictureSize { return p.Sizes[len(p.Sizes)/2] }

// set names the sizes for the browser to choose from.
func (p Picture) set() string {
	all := make([]string, len(p.Sizes))
	for i, z := range p.Sizes {
		all[i] = safeSrc(z.Href) + " " + strconv.Itoa(z.Width) + "w"
	}
	return strings.Join(all, ", ")
}

// How wide a photo stands, for the browser to choose a size by. On a telephone it is said to
// be half as wide as it is: what is lost on its fine screen is hardly seen, and the page
// comes in half the time on a weak line.
const (
	InText = "(min-width: 48rem) 42rem, 47vw" // of an article
	InTile = "(min-width: 40rem) 20rem, 47vw" // of a list
)

// Rating is a RatingBox: how a thing is rated, and the form to rate it.
type Rating struct {
	Action string // POST score, and website: the field that people leave empty
	Scores [5]int // how many gave 1, 2, 3, 4, 5
	Points int
	Mean   int // in hundredths
	Given  int // what this reader has just given; 0 is nothing
}

func (r Rating) count() int {
	n := 0
	for _, of := range r.Scores {
		n += of
	}
	return n
}

// mean writes the mean with one digit after the point: "4,6".
func (r Rating) mean(l i18n.Lang) string {
	point := ","
	if l == i18n.En {
		point = "."
	}
	tenths := (r.Mean + 5) / 10
	return l.Number(tenths/10) + point + l.Number(tenths%10)
}

// scoreKey is the word for a rating.
func scoreKey(score int) i18n.Key {
	return [...]i18n.Key{i18n.UiScore1, i18n.UiScore2, i18n.UiScore3, i18n.UiScore4, i18n.UiScore5}[score-1]
}
