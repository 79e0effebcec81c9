// Package chart draws figures as SVG on the server: how they grew (a line), how they are
// spread over units (a tree, a treemap, equal tiles).
//
// A drawing is made for one width, so that its letters keep their size: a page holds one for
// phones and paper and one for wider screens, and its style sheet shows one of them. Every
// mark of a drawing is a link with a name that says its figure in words. A name stands on
// the drawing whole or not at all; where it has no room, the number of its row in the table
// beside stands for it. No drawing tells anything by its colour alone.
package chart

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Narrow and Wide are the widths for which drawings are made.
const (
	Narrow = 330
	Wide   = 600
)

// Item is something with a figure: a unit, or the rest that has no room of its own.
type Item struct {
	No    int // of its row in the table beside; 0 for the rest
	Name  string
	Value int
	Text  string // the value as the language writes it
	Say   string // name and value in words, for who hears the drawing
	Href  string
	Parts []Item
}

// Point is a day of a course.
type Point struct {
	Label       string
	Value, Then int
	Ahead       bool // the day had not come: there is no value
	Say, Href   string
}

// Metrics of letters, in the units of a drawing. A letter is taken to be as wide as the
// widest of its kind in bold: a name never runs out of its box.
const (
	letter  = 13
	leading = 17
)

// width is at most how wide a text is in letters of a size.
func width(s string, size int) float64 {
	w := 0.0
	for _, r := range s {
		switch {
		case r == ' ', r == '.', r == ',', r == '-', r == 'i', r == 'l', r == 'I', r == '(', r == ')':
			w += .36
		case unicode.Is(unicode.Mn, r):
		case r == 'm', r == 'w', r == 'M', r == 'W':
			w += .98
		case unicode.IsUpper(r):
			w += .80
		default:
			w += .67
		}
	}
	return w * float64(size)
}

// wrap breaks a text into lines that fit a width; none where a word alone does not.
func wrap(s string, most float64, size int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		if width(word, size) > most {
			return nil
		}
		if joined := strings.TrimSpace(line + " " + word); width(joined, size) <= most {
			line = joined
			continue
		}
		lines = append(lines, line)
		line = word
	}
	return append(lines, line)
}

// Text is a line of letters at a place.
type Text struct {
	X, Y   float64
	Words  string
	Class  string
	Anchor string
}

// lines sets lines below each other.
func lines(x, y float64, class string, all []string) []Text {
	texts := make([]Text, len(all))
	for i, words := range all {
		texts[i] = Text{X: x, Y: y + float64(i*leading), Words: words, Class: class, Anchor: "start"}
	}
	return texts
}

// Box is a mark of a drawing that is a link.
type Box struct {
	X, Y, W, H float64
	Class      string
	Say, Href  string
	Texts      []Text
}

// Drawing is a picture for one width.
type Drawing struct {
	Title string
	W, H  float64
	Kind  string // a class
	Boxes []Box
	Paths []Path
	Texts []Text
	Dots  []Dot
}

// Path is a stroke without a link.
type Path struct{ D, Class string }

// Dot is a point that is a link.
type Dot struct {
	X, Y, R   float64
	Say, Href string
}

func num(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func place(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

// number is how the row of an item in the table beside is written on a drawing.
func number(it Item) string { return "(" + strconv.Itoa(it.No) + ")" }

// Rest puts the smallest items together where there are more than a drawing can hold; it is
// named by the caller.
func Rest(all []Item, most int, rest func(units, sum int) Item) []Item {
	if len(all) <= most {
		return all
	}
	byValue := slices.Clone(all)
	slices.SortStableFunc(byValue, func(a, b Item) int { return b.Value - a.Value })
	kept := map[int]bool{}
	for _, it := range byValue[:most-1] {
		kept[it.No] = true
	}
	sum, units := 0, 0
	var out []Item
	for _, it := range all {
		if kept[it.No] {
			out = append(out, it)
			continue
		}
		sum += it.Value
		units++
	}
	return append(out, rest(units, sum))
}
