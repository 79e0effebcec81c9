package chart

import (
	"math"
	"strconv"
)

// Shade is a class of figures on a map of tiles, from its least to its greatest.
type Shade struct{ From, To int }

// shades is how many classes there are beside nothing.
const shades = 4

// Shades divides figures into classes of whole numbers that people would choose; none is of
// nothing.
func Shades(all []Item) []Shade {
	top := 0
	for _, it := range all {
		top = max(top, it.Value)
	}
	if top == 0 {
		return nil
	}
	step := plain(int(math.Ceil(float64(top) / shades)))
	var out []Shade
	for from := 1; from <= top; from += step {
		out = append(out, Shade{from, from + step - 1})
	}
	return out
}

// plain is the next number of 1, 2, 5, 10, 20, 25, 50 and so on.
func plain(n int) int {
	for unit := 1; ; unit *= 10 {
		for _, m := range []int{1, 2, 5} {
			if n <= m*unit {
				return m * unit
			}
		}
		if n <= 25*unit && n > 20*unit {
			return 25 * unit
		}
	}
}

// ShadeClass is the look of a figure among classes: 0 is nothing.
func ShadeClass(value int, all []Shade) string {
	for i, s := range all {
		if value >= s.From && value <= s.To {
			return "sv-shade-" + strconv.Itoa(i+1)
		}
	}
	return "sv-shade-0"
}

// The measures of tiles: where there are many, they hold the number of their row and their
// figure alone.
const (
	tileGap  = 4
	fewTiles = 60
	tinyTile = 40
	bigTile  = 104
)

// Tiles draws units as equal tiles in their order; each is shaded by the class of its figure
// and has it written on it.
func Tiles(title string, all []Item, w float64) Drawing {
	d := Drawing{Title: title, W: w, Kind: "tiles"}
	least := float64(bigTile)
	if len(all) > fewTiles {
		least = tinyTile
	}
	columns := max(1, min(len(all), int((w+tileGap)/(least+tileGap))))
	size := math.Min((w+tileGap)/float64(columns)-tileGap, 1.6*bigTile)
	classes := Shades(all)
	texts := make([][]string, len(all))
	rows := 1
	for i, it := range all {
		if len(all) <= fewTiles {
			texts[i] = wrap(it.Name, size-10, 12)
		}
		if texts[i] == nil {
			texts[i] = []string{number(it)}
		}
		rows = max(rows, len(texts[i]))
	}
	h := float64(rows*leading + leading + 12)
	for i, it := range all {
		b := Box{
			X: float64(i%columns) * (size + tileGap), Y: float64(i/columns) * (h + tileGap), W: size, H: h,
			Class: ShadeClass(it.Value, classes), Say: it.Say, Href: it.Href,
		}
		for j, words := range texts[i] {
			b.Texts = append(b.Texts, Text{X: b.X + size/2, Y: b.Y + leading + float64(j*leading), Words: words, Class: "s", Anchor: "middle"})
		}
		b.Texts = append(b.Texts, Text{X: b.X + size/2, Y: b.Y + h - 8, Words: it.Text, Class: "n", Anchor: "middle"})
		d.Boxes = append(d.Boxes, b)
	}
	d.H = float64((len(all)+columns-1)/columns)*(h+tileGap) - tileGap
	return d
}
