package chart

import (
	"fmt"
	"math"
	"strings"
)

// Course is how a figure grew, beside the period before.
type Course struct {
	Title     string
	Now, Then string // what the two lines are called; Then is "" where there is none
	Points    []Point
	Number    func(int) string
}

// The measures of a course.
const (
	courseHeight = 250
	courseTop    = 24
	courseFoot   = 30
	courseRight  = 14
	courseTicks  = 4
)

// Line draws a course.
func Line(c Course, w float64) Drawing {
	d := Drawing{Title: c.Title, W: w, H: courseHeight, Kind: "course"}
	if len(c.Points) == 0 {
		return d
	}
	f := frame{course: c, top: c.top(), right: w - courseRight}
	f.left = width(c.Number(f.top), 12) + 12
	for i := range courseTicks + 1 {
		n := f.top * i / courseTicks
		d.Paths = append(d.Paths, Path{fmt.Sprintf("M%s %s H%s", place(f.left), place(f.y(n)), place(f.right)), "sv-grid"})
		d.Texts = append(d.Texts, Text{X: f.left - 8, Y: f.y(n) + 4, Words: c.Number(n), Class: "m", Anchor: "end"})
	}
	if c.Then != "" {
		d.Paths = append(d.Paths, Path{f.path(func(p Point) (int, bool) { return p.Then, true }), "sv-then"})
	}
	d.Paths = append(d.Paths, Path{f.path(func(p Point) (int, bool) { return p.Value, !p.Ahead }), "sv-line"})
	for i, p := range c.Points {
		if !p.Ahead {
			d.Dots = append(d.Dots, Dot{X: f.x(i), Y: f.y(p.Value), R: f.radius(), Say: p.Say, Href: p.Href})
		}
	}
	d.Texts = append(d.Texts, f.days()...)
	d.Texts = append(d.Texts, f.ends()...)
	return d
}

// frame is where a course is drawn.
type frame struct {
	course      Course
	top         int
	left, right float64
}

func (c Course) top() int {
	top := 1
	for _, p := range c.Points {
		top = max(top, p.Value, p.Then)
	}
	for unit := 1; ; unit *= 10 {
		for _, m := range []int{4, 8, 12, 20, 40} {
			if top <= m*unit {
				return m * unit
			}
		}
	}
}

func (f frame) x(i int) float64 {
	if len(f.course.Points) < 2 {
		return (f.left + f.right) / 2
	}
	return f.left + (f.right-f.left)*float64(i)/float64(len(f.course.Points)-1)
}

func (f frame) y(n int) float64 {
	return courseHeight - courseFoot - (courseHeight-courseFoot-courseTop)*float64(n)/float64(f.top)
}

// radius makes points smaller the nearer they lie.
func (f frame) radius() float64 {
	return math.Max(1.8, math.Min(4.5, (f.right-f.left)/float64(len(f.course.Points))/4))
}

func (f frame) path(of func(Point) (int, bool)) string {
	var b strings.Builder
	for i, p := range f.course.Points {
		n, ok := of(p)
		if !ok {
			break
		}
		verb := "L"
		if i == 0 {
			verb = "M"
		}
		b.WriteString(verb + place(f.x(i)) + " " + place(f.y(n)))
	}
	return b.String()
}

// days names as many days below the drawing as have room.
func (f frame) days() []Text {
	var all []Text
	until := -math.MaxFloat64
	for i, p := range f.course.Points {
		w := width(p.Label, 12)
		x := math.Max(w/2, math.Min(f.x(i), f.right+courseRight-w/2))
		if x-w/2 < until+8 {
			continue
		}
		all = append(all, Text{X: x, Y: courseHeight - 8, Words: p.Label, Class: "m", Anchor: "middle"})
		until = x + w/2
	}
	return all
}

// ends writes at the end of each line what it is and how far it came, one above the other.
func (f frame) ends() []Text {
	last := -1
	for i, p := range f.course.Points {
		if !p.Ahead {
			last = i
		}
	}
	var all []Text
	if last >= 0 {
		all = append(all, f.end(last, f.course.Points[last].Value, f.course.Now, "sv-say"))
	}
	if f.course.Then == "" {
		return all
	}
	at := len(f.course.Points) - 1
	then := f.end(at, f.course.Points[at].Then, f.course.Then, "sv-say-then")
	if len(all) > 0 && math.Abs(then.Y-all[0].Y) < leading {
		if then.Y = all[0].Y + leading; f.course.Points[at].Then > f.course.Points[last].Value && all[0].Y-leading > 12 {
			then.Y = all[0].Y - leading
		}
	}
	return append(all, then)
}

func (f frame) end(i, n int, words, class string) Text {
	t := Text{X: f.x(i), Y: math.Max(14, f.y(n)-12), Words: words + ": " + f.course.Number(n), Class: class, Anchor: "end"}
	if w := width(t.Words, letter); t.X-w < f.left+6 {
		t.X, t.Anchor = f.left+6, "start"
	}
	return t
}
