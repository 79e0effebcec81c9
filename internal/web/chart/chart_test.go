package chart_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/web/chart"
)

func units(n int) []chart.Item {
	names := []string{"Phường Cửa Nam", "Tổ dân phố số 12 khu tập thể Nhà máy Cơ khí Trần Hưng Đạo", "Xã Thượng Phúc", "Trường Trung học cơ sở Nguyễn Thị Minh Khai cơ sở hai"}
	all := make([]chart.Item, n)
	for i := range all {
		all[i] = chart.Item{No: i + 1, Name: names[i%4], Value: (i * 37) % 50, Href: "/x", Say: "x"}
		all[i].Text = strconv.Itoa(all[i].Value)
	}
	return all
}

// TestDrawingsKeepTheirMarksApart looks at 1, 34 and 300 units in both widths: no two marks
// overlap, none leaves the drawing, every letter stands in its mark, and no name is cut.
func TestDrawingsKeepTheirMarksApart(t *testing.T) {
	for _, n := range []int{1, 34, 300} {
		for _, w := range []float64{chart.Narrow, chart.Wide} {
			all := units(n)
			all[0].Value, all[0].Text = 7, "7"
			root := chart.Item{No: 1, Name: "Quận", Text: "9", Parts: all}
			for _, d := range []chart.Drawing{chart.Treemap("t", all, w), chart.Tiles("t", all, w), chart.Tree("t", root, w)} {
				apart(t, fmt.Sprintf("%s of %d at %.0f", d.Kind, n, w), d, all)
			}
		}
	}
}

func apart(t *testing.T, about string, d chart.Drawing, all []chart.Item) {
	t.Helper()
	for i, b := range d.Boxes {
		if b.X < -2.1 || b.Y < 0 || b.X+b.W > d.W+.6 || b.Y+b.H > d.H+.6 {
			t.Errorf("%s: mark %d leaves the drawing: %+v of %v × %v", about, i, b, d.W, d.H)
		}
		for j, o := range d.Boxes[:i] {
			if b.X+.05 < o.X+o.W && o.X+.05 < b.X+b.W && b.Y+.05 < o.Y+o.H && o.Y+.05 < b.Y+b.H {
				t.Errorf("%s: marks %d and %d overlap", about, j, i)
			}
		}
		var words []string
		for _, text := range b.Texts {
			if text.Y > b.Y+b.H || text.Y-9 < b.Y {
				t.Errorf("%s: %q stands outside of its mark", about, text.Words)
			}
			if text.Class != "n" {
				words = append(words, text.Words)
			}
		}
		if name := strings.Join(words, " "); name != "" && name != "Quận" && !strings.HasPrefix(name, "(") && !known(name, all) {
			t.Errorf("%s: a name is cut: %q", about, name)
		}
	}
}

func known(name string, all []chart.Item) bool {
	for _, it := range all {
		if it.Name == name {
			return true
		}
	}
	return false
}

func TestAreasAreInProportion(t *testing.T) {
	d := chart.Treemap("t", []chart.Item{{Name: "a", Value: 30}, {Name: "b", Value: 10}, {Name: "c"}}, chart.Wide)
	if len(d.Boxes) != 2 {
		t.Fatalf("%d areas of two units that have something", len(d.Boxes))
	}
	a, b := (d.Boxes[0].W+2)*(d.Boxes[0].H+2), (d.Boxes[1].W+2)*(d.Boxes[1].H+2)
	if math.Abs(a/b-3) > .02 {
		t.Errorf("30 and 10 are drawn as %.0f and %.0f", a, b)
	}
}

func TestTheRestKeepsTheSum(t *testing.T) {
	all := units(300)
	got := chart.Rest(all, 40, func(n, sum int) chart.Item { return chart.Item{Name: strconv.Itoa(n), Value: sum} })
	if len(got) != 40 || got[39].Name != "261" {
		t.Fatalf("%d marks, the rest is of %s units", len(got), got[len(got)-1].Name)
	}
	was, is := 0, 0
	for _, it := range all {
		was += it.Value
	}
	for _, it := range got {
		is += it.Value
	}
	if was != is {
		t.Errorf("%d before, %d with the rest", was, is)
	}
}

func TestShadesCoverEveryFigure(t *testing.T) {
	for _, top := range []int{1, 3, 4, 5, 17, 84, 100, 999, 12000} {
		classes := chart.Shades([]chart.Item{{Value: top}, {Value: 0}})
		if len(classes) > 5 {
			t.Errorf("%d classes up to %d", len(classes), top)
		}
		for v := 1; v <= top; v++ {
			if chart.ShadeClass(v, classes) == "sv-shade-0" {
				t.Fatalf("%d of %d has no class: %v", v, top, classes)
			}
		}
	}
	if got := chart.ShadeClass(0, chart.Shades([]chart.Item{{Value: 5}})); got != "sv-shade-0" {
		t.Errorf("nothing is shaded as %s", got)
	}
}

func TestTheEndsOfACourseDoNotMeet(t *testing.T) {
	for _, then := range []int{0, 90, 100, 101, 110, 400} {
		c := chart.Course{Now: "Năm 2024", Then: "Năm 2023", Number: strconv.Itoa}
		for i := range 12 {
			c.Points = append(c.Points, chart.Point{Label: "30/6", Value: 100 * (i + 1) / 12, Then: then * (i + 1) / 12})
		}
		d := chart.Line(c, chart.Narrow)
		a, b := d.Texts[len(d.Texts)-2], d.Texts[len(d.Texts)-1]
		if math.Abs(a.Y-b.Y) < 13 {
			t.Errorf("100 beside %d: the words at the ends are %v and %v", then, a.Y, b.Y)
		}
	}
	if d := chart.Line(chart.Course{}, chart.Wide); len(d.Dots) != 0 {
		t.Error("a course of no days has points")
	}
}
