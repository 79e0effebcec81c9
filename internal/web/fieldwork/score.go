package fieldwork

import (
	"net/http"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// cited names the version of the criteria on which points rest.
func cited(lang i18n.Lang, set movement.CriteriaSet) string {
	if set.ID == "" {
		return ""
	}
	return lang.T(i18n.FieldworkSetNo, set.Movement, set.No, lang.Date(set.On))
}

// scoreView is the sheet on which one hand scores an entry.
type scoreView struct {
	desk.Filled
	set    string
	none   bool   // no criteria are in force
	where  string // the criteria of the movement
	again  bool   // what was given rests on another version
	groups []scoreGroup
	next   string // code of the entry that comes next
	back   string
}

// scoreGroup is the criteria under one heading.
type scoreGroup struct {
	name, cap string
	lines     []scoreLine
}

type scoreLine struct {
	legend, help             string
	mandatory, bonus         bool
	points, remark, evidence ui.Field
}

// score is the form by which one hand scores an entry; it leads to the next one where that is
// asked for.
func (f *Pages) score(w http.ResponseWriter, r *http.Request) error {
	lang, who := webkit.Lang(r), webkit.Actor(r)
	e, err := f.entryOf(r)
	if err != nil {
		return err
	}
	v := scoreView{back: entryLink(e.Code)}
	var form *webkit.FormReader
	v.Filled, form = desk.FilledFrom(r)
	q := webkit.Query(r)
	v.Start("by", q.Choice("by", desk.Texts(appraisal.Hands())...), "proposal", q.Text("proposal", 64))
	by, to := appraisal.By(plain(v.Values, "by")), appraisal.At{Entry: e.ID, Proposal: plain(v.Values, "proposal")}
	if by == "" {
		by = appraisal.BySelf
		v.Values.Set("by", string(by))
	}
	if to.Proposal != "" {
		v.back = proposalLink(to.Proposal)
	}
	sheet, err := f.Appraisals.Sheet(r.Context(), who, to)
	if err != nil {
		return err
	}
	v.Start("criteria", sheet.Set.ID, "version", number(sheet.Version))
	v.set, v.none, v.again = cited(lang, sheet.Set), sheet.Set.ID == "", sheet.MustAgain
	m, err := f.Movements.ByPeriod(r.Context(), who, e.Period)
	if err != nil {
		return err
	}
	v.where = desk.MovementCriteriaLink(m.Code)
	if v.next, err = f.nextAfter(r, e); err != nil {
		return err
	}
	status := http.StatusOK
	if v.Sent(r) {
		in := readScores(form, sheet.Set, by)
		if err = form.Err(); err == nil {
			_, err = f.Appraisals.PutScores(r.Context(), who, to, in)
		}
		if err == nil {
			if next := form.Text("next", 64); next != "" {
				return desk.Done(w, r, scoreLink(next, by, to.Proposal), i18n.FieldworkScored, e.Code)
			}
			return desk.Done(w, r, v.back, i18n.FieldworkScored, e.Code)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, scoreNames(sheet.Set)...); !ok {
			return err
		}
	}
	v.fill(lang, sheet, by)
	p, err := f.Page(r, lang.T(i18n.FieldworkScoreTitle, lang.T(by.Label()), e.Code), trail(lang, ui.Link{Text: e.Title, Href: entryLink(e.Code)})...)
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, scorePage(p, v))
}

// fill makes the lines of the sheet: what the hand gave before, and what the others gave.
func (v *scoreView) fill(lang i18n.Lang, x appraisal.Sheet, by appraisal.By) {
	no := 0
	for _, g := range x.Set.Groups {
		group := scoreGroup{name: g.Name}
		if g.Cap > 0 {
			group.cap = lang.T(i18n.FieldworkGroupCap, appraisal.Points(g.Cap))
		}
		for _, c := range g.Criteria {
			no++
			line := v.line(lang, x, c, by)
			line.legend = number(no) + ". " + c.Name
			group.lines = append(group.lines, line)
		}
		v.groups = append(v.groups, group)
	}
}

func (v *scoreView) line(lang i18n.Lang, x appraisal.Sheet, c movement.Criterion, by appraisal.By) scoreLine {
	p := ui.Page{Lang: lang}
	if s, ok := x.Find(c.ID, by); ok {
		v.Start("points."+c.ID, appraisal.Points(s.Points), "remark."+c.ID, s.Remark, "evidence."+c.ID, s.Evidence)
	}
	hints := []string{lang.T(i18n.FieldworkMost, appraisal.Points(c.Most))}
	if c.Weight != 100 {
		hints = append(hints, lang.T(i18n.FieldworkWeight, appraisal.Points(c.Weight)))
	}
	for _, hand := range appraisal.Hands() {
		if s, ok := x.Find(c.ID, hand); ok && hand != by {
			hints = append(hints, lang.T(hand.Label())+": "+appraisal.Points(s.Points))
		}
	}
	line := scoreLine{help: c.Help, mandatory: c.Mandatory, bonus: c.Bonus}
	line.points = v.Field(p, "points."+c.ID, i18n.FieldworkPoints)
	line.points.Type, line.points.Hint = "decimal", strings.Join(hints, " · ")
	line.remark = desk.Bounded(v.Field(p, "remark."+c.ID, i18n.FieldworkColRemark), appraisal.MaxReason)
	line.evidence = desk.Bounded(v.Field(p, "evidence."+c.ID, i18n.FieldworkEvidence), appraisal.MaxReason)
	if c.Evidence != movement.NoEvidence {
		line.evidence.Hint = lang.T(c.Evidence.Label())
	}
	return line
}
