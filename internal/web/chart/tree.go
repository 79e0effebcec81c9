package chart

import "fmt"

// The measures of a tree.
const (
	treeIndent = 22
	treePad    = 8
)

// Tree draws units below each other, each line by line with its figure at the right edge, and
// the ones below them further in.
func Tree(title string, root Item, w float64) Drawing {
	d := Drawing{Title: title, W: w, Kind: "tree"}
	t := tree{d: &d, w: w}
	for _, it := range append([]Item{root}, flat(root.Parts)...) {
		t.column = max(t.column, width(it.Text, letter)+8)
	}
	t.draw(root, 0)
	d.H = t.y + 2
	return d
}

func flat(all []Item) []Item {
	var out []Item
	for _, it := range all {
		out = append(append(out, it), flat(it.Parts)...)
	}
	return out
}

type tree struct {
	d      *Drawing
	w, y   float64
	column float64 // for the figures
}

// draw draws a unit and those below it, and tells where its dot is.
func (t *tree) draw(it Item, depth int) float64 {
	x := float64(depth*treeIndent) + 10
	words := wrap(it.Name, t.w-x-14-t.column, letter)
	if words == nil {
		words = []string{number(it)}
	}
	h := float64(len(words)*leading + treePad)
	dot := t.y + treePad/2 + leading/2
	class := "sv-row"
	if depth == 0 {
		class = "sv-row top"
	}
	box := Box{X: x - 8, Y: t.y, W: t.w - x + 8, H: h, Class: class, Say: it.Say, Href: it.Href}
	box.Texts = append(lines(x+12, t.y+leading, "", words), Text{X: t.w - 4, Y: t.y + leading, Words: it.Text, Class: "n", Anchor: "end"})
	t.d.Boxes = append(t.d.Boxes, box)
	t.d.Paths = append(t.d.Paths, Path{fmt.Sprintf("M%s %s m-4 0 a4 4 0 1 0 8 0 a4 4 0 1 0 -8 0", place(x), place(dot)), mark(it.Value)})
	t.y += h
	for _, part := range it.Parts {
		below := t.draw(part, depth+1)
		t.d.Paths = append(t.d.Paths, Path{fmt.Sprintf("M%s %s V%s H%s", place(x), place(dot+5), place(below), place(x+treeIndent-5)), "sv-branch"})
	}
	return dot
}

// mark is an open ring where there is nothing.
func mark(value int) string {
	if value == 0 {
		return "sv-ring"
	}
	return "sv-full"
}
