package fieldwork

import (
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
)

// sideBySide is what the hands gave by one version of the criteria.
type sideBySide struct {
	lang   i18n.Lang
	set    movement.CriteriaSet
	given  appraisal.Appraisal
	totals map[appraisal.By]movement.Total // of the hands that gave anything
}

// scoreTable sets the three hands side by side, criterion by criterion, with what caps, the
// bonus and mandatory criteria make of their points.
func scoreTable(lang i18n.Lang, x appraisal.Sheet, set movement.CriteriaSet, scores []appraisal.Score) ui.Table {
	s := sideBySide{lang, set, appraisal.Appraisal{Scores: scores}, map[appraisal.By]movement.Total{}}
	for _, by := range appraisal.Hands() {
		if points := s.given.PointsBy(by); len(points) > 0 {
			s.totals[by] = movement.Score(set, points)
		}
	}
	t := ui.Table{
		Caption: lang.T(i18n.FieldworkScores),
		Columns: desk.Kinds(desk.Columns(lang, i18n.FieldworkColCriterion, i18n.FieldworkColMost, i18n.AppraisalBySelf, i18n.AppraisalByVerified, i18n.AppraisalByFinal,
			i18n.FieldworkColRemark), ui.ColTitle, ui.ColNumber, ui.ColNumber, ui.ColNumber, ui.ColNumber),
		Empty: ui.EmptyState(ui.IconScale, lang.T(i18n.FieldworkNoCriteria), lang.T(i18n.FieldworkNoCriteriaText), nil),
	}
	if len(scores) == 0 && set.ID != "" {
		t.Empty = ui.EmptyState(ui.IconScale, lang.T(i18n.FieldworkNoScores), lang.T(i18n.FieldworkNoScoresText), nil)
		return t
	}
	for _, c := range set.All() {
		t.Rows = append(t.Rows, s.row(c))
	}
	if set.ID != "" {
		t.Foot = s.foot(x.Verdict)
	}
	return t
}

// row is one criterion.
func (s sideBySide) row(c movement.Criterion) ui.Row {
	var sub []string
	if c.Evidence != movement.NoEvidence {
		sub = append(sub, s.lang.T(c.Evidence.Label()))
	}
	if c.Mandatory {
		sub = append(sub, s.lang.T(i18n.FieldworkMandatory))
	}
	if c.Bonus {
		sub = append(sub, s.lang.T(i18n.FieldworkBonus))
	}
	if c.Weight != 100 {
		sub = append(sub, s.lang.T(i18n.FieldworkWeight, appraisal.Points(c.Weight)))
	}
	cells := []ui.Cell{{Text: c.Name, Sub: strings.Join(sub, " · ")}, {Text: appraisal.Points(c.Most)}}
	var remarks []string
	for _, by := range appraisal.Hands() {
		x, ok := s.given.Find(c.ID, by)
		cell := ui.Cell{Text: "–"}
		if ok {
			cell.Text = appraisal.Points(x.Points)
		}
		if slices.Contains(s.totals[by].Failed, c.ID) {
			cell.Tone, cell.Sub = ui.Bad, s.lang.T(i18n.FieldworkMandatoryMissing)
		}
		cells = append(cells, cell)
		for _, remark := range []string{x.Remark, x.Evidence} {
			if remark != "" {
				remarks = append(remarks, s.lang.T(by.Label())+": "+remark)
			}
		}
	}
	return ui.Row{ID: c.ID, Cells: append(cells, ui.Cell{Text: strings.Join(remarks, "; ")})}
}

// foot is what each group comes to, the bonus, and the whole.
func (s sideBySide) foot(verdict appraisal.Verdict) []ui.Row {
	line := func(id, name string, most int, of func(movement.Total) int, last string) ui.Row {
		cells := []ui.Cell{{Text: name}, {Text: "–"}}
		if most > 0 {
			cells[1].Text = appraisal.Points(most)
		}
		for _, by := range appraisal.Hands() {
			text := "–"
			if total, ok := s.totals[by]; ok {
				text = appraisal.Points(of(total))
			}
			cells = append(cells, ui.Cell{Text: text})
		}
		return ui.Row{ID: id, Cells: append(cells, ui.Cell{Text: last})}
	}
	var all []ui.Row
	for i, g := range s.set.Groups {
		bonusOnly := !slices.ContainsFunc(g.Criteria, func(c movement.Criterion) bool { return !c.Bonus })
		if !bonusOnly && (len(s.set.Groups) > 1 || g.Cap > 0) {
			all = append(all, line("group"+number(i), s.lang.T(i18n.FieldworkGroup, g.Name), g.Cap, func(t movement.Total) int { return t.Groups[i] }, s.capped(g.Cap)))
		}
	}
	most, bonus := s.set.Most()
	if bonus > 0 {
		all = append(all, line("bonus", s.lang.T(i18n.FieldworkBonus), bonus, func(t movement.Total) int { return t.Bonus }, s.capped(s.set.BonusCap)))
	}
	return append(all, line("total", s.lang.T(i18n.FieldworkTotal), most, func(t movement.Total) int { return t.Points }, s.lang.T(verdict.Label())))
}

func (s sideBySide) capped(most int) string {
	if most == 0 {
		return ""
	}
	return s.lang.T(i18n.FieldworkGroupCap, appraisal.Points(most))
}
