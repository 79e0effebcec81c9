package chart

import (
	"math"
	"slices"
	"strconv"
)

const (
	mapGap  = 2
	mapHigh = 1.05 // height by width on a phone
	mapWide = .58
)

// Treemap draws items as areas in proportion to their figures, the greatest first.
func Treemap(title string, all []Item, w float64) Drawing {
	h := math.Round(w * mapWide)
	if w < Wide {
		h = math.Round(w * mapHigh)
	}
	d := Drawing{Title: title, W: w, H: h, Kind: "areas"}
	items := slices.DeleteFunc(slices.Clone(all), func(it Item) bool { return it.Value <= 0 })
	slices.SortStableFunc(items, func(a, b Item) int { return b.Value - a.Value })
	sum := 0
	for _, it := range items {
		sum += it.Value
	}
	left := Box{W: w, H: h}
	scale := w * h / math.Max(1, float64(sum))
	for i := 0; len(items) > 0; {
		n := rowOf(items, left, scale)
		for _, b := range layRow(items[:n], &left, scale) {
			b.Class = "sv-area-" + strconv.Itoa(i%3+1)
			d.Boxes = append(d.Boxes, b)
			i++
		}
		items = items[n:]
	}
	return d
}

// rowOf is how many of the items stand side by side along the shorter edge: as many as make
// their shapes squarer.
func rowOf(items []Item, left Box, scale float64) int {
	edge := math.Min(left.W, left.H)
	worst := func(n int) float64 {
		area, most, least := 0.0, 0.0, math.MaxFloat64
		for _, it := range items[:n] {
			a := float64(it.Value) * scale
			area, most, least = area+a, math.Max(most, a), math.Min(least, a)
		}
		return math.Max(edge*edge*most/(area*area), area*area/(edge*edge*least))
	}
	n := 1
	for n < len(items) && worst(n+1) <= worst(n) {
		n++
	}
	return n
}

// layRow places a row along the shorter edge of what is left, and takes it off.
func layRow(items []Item, left *Box, scale float64) []Box {
	area := 0.0
	for _, it := range items {
		area += float64(it.Value) * scale
	}
	upright := left.W >= left.H
	edge := math.Min(left.W, left.H)
	depth := area / edge
	var boxes []Box
	at := 0.0
	for _, it := range items {
		long := float64(it.Value) * scale / depth
		b := Box{X: left.X + at, Y: left.Y, W: long, H: depth}
		if upright {
			b = Box{X: left.X, Y: left.Y + at, W: depth, H: long}
		}
		at += long
		b.W, b.H = math.Max(b.W-mapGap, .5), math.Max(b.H-mapGap, .5)
		b.Say, b.Href, b.Texts = it.Say, it.Href, b.words(it)
		boxes = append(boxes, b)
	}
	if upright {
		left.X, left.W = left.X+depth, left.W-depth
	} else {
		left.Y, left.H = left.Y+depth, left.H-depth
	}
	return boxes
}

// words are the name and the figure of an area where they have room, else the number of the
// row, else nothing.
func (b Box) words(it Item) []Text {
	x, y := b.X+7, b.Y+leading+1
	if all := wrap(it.Name, b.W-14, letter); all != nil && float64(len(all)*leading+leading+8) <= b.H && width(it.Text, letter) <= b.W-14 {
		return append(lines(x, y, "b", all), Text{X: x, Y: y + float64(len(all)*leading), Words: it.Text, Class: "n", Anchor: "start"})
	}
	if no := number(it); it.No > 0 && width(no, 11) <= b.W-4 && b.H >= 15 {
		return []Text{{X: b.X + b.W/2, Y: b.Y + b.H/2 + 4, Words: no, Class: "s", Anchor: "middle"}}
	}
	return nil
}
