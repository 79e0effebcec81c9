package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Stat is a StatTile: one figure that opens to what stands behind it.
type Stat struct {
	Label string
	Value string // already in the form of the language: Lang.Number(n)
	Unit  string
	Note  string
	Href  string
	Icon  Icon
	Tone  Tone
}

func (s Stat) class() string {
	if s.Tone == Neutral {
		return "stat"
	}
	return "stat " + s.Tone.class()
}

// Funnel is a FunnelChart.
type Funnel struct {
	Title   string
	Caption string // period, cut-off date, scope
	Steps   []FunnelStep
}

// FunnelStep is one figure of a funnel with what it is made of; the three parts add up
// to Total, or are all 0 where they are not known.
type FunnelStep struct {
	Label      string
	Note       string // what is counted: "mô hình", "tập thể, cá nhân"
	Href       string // its list
	Total      int
	Collective int
	Individual int
	Household  int
	PartHref   [3]string // the lists of the three parts
}

func (s FunnelStep) parts() []int { return []int{s.Collective, s.Individual, s.Household} }

// parts are those of a step that the table has a column for.
func (f Funnel) parts(s FunnelStep) []int {
	if f.hasHouseholds() {
		return s.parts()
	}
	return s.parts()[:2]
}

func (s FunnelStep) split() bool { return s.Collective+s.Individual+s.Household > 0 }

// spoken is the whole step in words, for who does not see the bar.
func (s FunnelStep) spoken(p Page) string {
	return p.T(i18n.UiFunnelParts, s.Collective, s.Individual, s.Household)
}

func (f Funnel) max() int {
	top := 1
	for _, s := range f.Steps {
		top = max(top, s.Total)
	}
	return top
}

// hasHouseholds tells whether the third part is worth a column.
func (f Funnel) hasHouseholds() bool {
	for _, s := range f.Steps {
		if s.Household > 0 {
			return true
		}
	}
	return false
}

// segment is a piece of a drawn bar, in hundredths of the drawing's width.
type segment struct {
	class string
	x, w  float64
	text  string
}

func (s segment) X() string   { return percent(s.x) }
func (s segment) W() string   { return percent(s.w) }
func (s segment) Mid() string { return percent(s.x + s.w/2) }

// percent writes a share of the width for SVG.
func percent(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) + "%" }

// segments lays the parts of a step side by side; a number is written on its piece
// where it fits, taken that a digit needs 2.6 % of a phone's width.
func (f Funnel) segments(p Page, s FunnelStep) []segment {
	parts := s.parts()
	if !s.split() {
		parts = []int{s.Total}
	}
	var all []segment
	x, scale := 0.0, 100/float64(f.max())
	for i, n := range parts {
		if n == 0 {
			continue
		}
		g := segment{class: "sv-" + strconv.Itoa(i+1), x: x, w: float64(n) * scale}
		if text := p.Lang.Number(n); float64(utf8.RuneCountInString(text))*2.6+1.4 <= g.w {
			g.text = text
		}
		x += g.w
		g.w = max(g.w-0.25, 0.4) // a hair between the pieces; never invisible
		all = append(all, g)
	}
	return all
}

// beside is what is written after a short bar whose pieces have no room for their
// numbers, and where: "90 + 30".
func (f Funnel) beside(p Page, s FunnelStep) (x, words string) {
	end, short := 0.0, false
	var numbers []string
	for _, g := range f.segments(p, s) {
		end, short = g.x+g.w, short || g.text == ""
	}
	for _, n := range s.parts() {
		if n > 0 {
			numbers = append(numbers, p.Lang.Number(n))
		}
	}
	if !short || !s.split() || end > 60 {
		return "", ""
	}
	return percent(end), strings.Join(numbers, " + ")
}

// Bars is a BarChart.
type Bars struct {
	Title   string
	Caption string
	Unit    string // heads the column of figures in the table
	Items   []Bar
}

// Bar is one bar; with a Target a mark is drawn on it.
type Bar struct {
	Label  string
	Href   string
	Value  int
	Target int
}

func (b Bars) max() int {
	top := 1
	for _, i := range b.Items {
		top = max(top, i.Value, i.Target)
	}
	return top
}

func (b Bars) hasTargets() bool {
	for _, i := range b.Items {
		if i.Target > 0 {
			return true
		}
	}
	return false
}

func (b Bars) share(n int) string { return percent(100 * float64(n) / float64(b.max())) }

// Progress is a ProgressBar.
type Progress struct {
	Label string
	Value int
	Max   int
	Unit  string
}

func (g Progress) share() string {
	if g.Max <= 0 {
		return "0%"
	}
	return percent(100 * float64(min(max(g.Value, 0), g.Max)) / float64(g.Max))
}

// Line is a LineChart: what was, and, dashed, what is expected.
type Line struct {
	Title   string
	Caption string
	Unit    string
	Points  []Point
}

// Point is one value of a line; Ahead marks what is expected.
type Point struct {
	Label string
	Value int
	Ahead bool
}

// plotTicks is how many steps the upright axis has.
const plotTicks = 4

func (l Line) top() int {
	top := 1
	for _, pt := range l.Points {
		top = max(top, pt.Value)
	}
	return roundUp(top)
}

// roundUp gives the next number that divides into four plain ticks.
func roundUp(n int) int {
	for unit := 1; ; unit *= 10 {
		for _, m := range []int{4, 8, 12, 20, 40} {
			if n <= m*unit {
				return m * unit
			}
		}
	}
}

// x and y place a point in a square of 100 × 100.
func (l Line) x(i int) float64 {
	if len(l.Points) < 2 {
		return 0
	}
	return 100 * float64(i) / float64(len(l.Points)-1)
}

func (l Line) y(v int) float64 { return 100 - 100*float64(v)/float64(l.top()) }

func (l Line) across(i int) string { return percent(l.x(i)) }
func (l Line) down(v int) string   { return percent(l.y(v)) }

// anchor keeps the words at the last point inside the drawing.
func (l Line) anchor() string {
	if l.x(l.last()) > 60 {
		return "end"
	}
	return "start"
}

func coord(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) }

// path joins the points that were, or, from the last of those on, the expected ones.
func (l Line) path(ahead bool) string {
	last := l.last()
	d := ""
	for i, pt := range l.Points {
		if (ahead && i < last) || (!ahead && i > last) {
			continue
		}
		verb := "L"
		if d == "" {
			verb = "M"
		}
		d += fmt.Sprintf("%s%s %s", verb, coord(l.x(i)), coord(l.y(pt.Value)))
	}
	return d
}

func (l Line) area() string {
	foot := coord(l.y(0))
	return l.path(false) + "L" + coord(l.x(l.last())) + " " + foot + "L" + coord(l.x(0)) + " " + foot + "Z"
}

// last is the index of the last point that is not expected.
func (l Line) last() int {
	for i, v := range slices.Backward(l.Points) {
		if !v.Ahead {
			return i
		}
	}
	return 0
}

func (l Line) hasAhead() bool { return len(l.Points) > 0 && l.last() < len(l.Points)-1 }

func (l Line) ticks() []int {
	t := make([]int, plotTicks+1)
	for i := range t {
		t[i] = l.top() * i / plotTicks
	}
	return t
}
