package approval

import (
	"strconv"

	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// drawing is a route as a picture: boxes from above downwards, the groups of a step side by
// side. What it shows stands in words in the list beside it.
type drawing struct {
	height int
	steps  []drawnStep
	end    int // where the last arrow ends
}

type drawnStep struct {
	y, height int
	title     string
	back      bool // may send back
	groups    []drawnGroup
}

type drawnGroup struct {
	x, width   int
	title, sub string
}

// The measures of a drawing, in its own units.
const (
	drawnWidth  = 360
	drawnLeft   = 26
	drawnBox    = 318
	drawnHead   = 30
	drawnGroupH = 46
	drawnGap    = 26
	letterWidth = 7
)

// draw makes the picture of a plan.
func (f *Pages) draw(lang i18n.Lang, tree *org.Tree, plan review.Plan) drawing {
	d := drawing{}
	y := 40
	for i, step := range plan.Steps {
		rows := (len(step.Groups) + 1) / 2
		s := drawnStep{y: y, height: drawnHead + rows*(drawnGroupH+6) + 4, title: cut(strconv.Itoa(i+1)+". "+step.Name, drawnBox/(letterWidth+1)), back: step.Return}
		for j, g := range step.Groups {
			who, rule := f.groupWords(lang, tree, g)
			box := drawnGroup{x: drawnLeft + 8, width: drawnBox - 16}
			if len(step.Groups) > 1 {
				box.width = (drawnBox - 24) / 2
				box.x += j % 2 * (box.width + 8)
			}
			box.title, box.sub = cut(groupTitle(g, who), box.width/letterWidth), cut(rule, box.width/letterWidth)
			s.groups = append(s.groups, box)
		}
		d.steps = append(d.steps, s)
		y += s.height + drawnGap
	}
	d.end, d.height = y, y+34
	return d
}

// cut shortens a text to so many letters.
func cut(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most-1]) + "…"
}

func (s drawnStep) groupY(i int) int {
	return s.y + drawnHead + i/2*(drawnGroupH+6)
}

// arc is the way back of a step, along the left edge to the top.
func (s drawnStep) arc() string {
	return "M" + number(drawnLeft) + " " + number(s.y+s.height/2) + " H10 V24 H" + number(drawnLeft-4)
}
