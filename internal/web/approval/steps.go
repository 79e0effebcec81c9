package approval

import (
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
)

// stepView is a step in words.
type stepView struct {
	name     string
	about    string
	state    i18n.Key // 0 where no case is on it
	tone     ui.Tone
	warnings []i18n.Key
	groups   []groupView
}

func (s stepView) class() string {
	return [...]string{"", "now", "done", "", "bad"}[s.tone]
}

type groupView struct {
	title, about string
	warnings     []i18n.Key
	seats        []seatView
}

type seatView struct {
	name  string
	state string
	tone  ui.Tone
	due   string
	late  bool
}

// planViews are the steps of a plan that no case is on.
func (f *Pages) planViews(lang i18n.Lang, tree *org.Tree, plan review.Plan) []stepView {
	var all []stepView
	for _, step := range plan.Steps {
		v := stepView{name: step.Name, about: f.stepWords(lang, step)}
		for _, g := range step.Groups {
			who, rule := f.groupWords(lang, tree, g)
			v.groups = append(v.groups, groupView{title: groupTitle(g, who), about: about(g, who, rule)})
		}
		all = append(all, v)
	}
	return all
}

// about says where a group is found, unless that is its title, and by which rule it decides.
func about(g review.Group, who, rule string) string {
	if g.Name == "" {
		return rule
	}
	return who + " · " + rule
}

// stepWords says what a step allows, how long it takes and for whom it is.
func (f *Pages) stepWords(lang i18n.Lang, step review.Step) string {
	var all []string
	if step.Days > 0 {
		all = append(all, lang.T(i18n.ApprovalWithin, step.Days))
	}
	if step.Return {
		all = append(all, lang.T(i18n.ApprovalMayReturn))
	}
	if step.Refuse {
		all = append(all, lang.T(i18n.ApprovalMayRefuse))
	}
	if step.Twice {
		all = append(all, lang.T(i18n.ApprovalMayTwice))
	}
	var only []string
	for _, code := range step.Kinds {
		if k, ok := ledger.Parse(ledger.SubjectKinds(), code); ok {
			only = append(only, lang.T(k.Label()))
		}
	}
	for _, code := range step.Fields {
		if k, ok := ledger.Parse(ledger.Fields(), code); ok {
			only = append(only, lang.T(k.Label()))
		}
	}
	if len(only) > 0 {
		all = append(all, lang.T(i18n.ApprovalOnlyFor, strings.Join(only, ", ")))
	}
	return strings.Join(all, " · ")
}

// caseViews are the steps of a case: who has decided what, who is awaited, how long yet.
func (f *Pages) caseViews(lang i18n.Lang, tree *org.Tree, c review.Case, names map[string]string) []stepView {
	all := f.planViews(lang, tree, c.State.Plan)
	for i := range all {
		all[i].state, all[i].tone = stepState(c, i)
		for j := range all[i].groups {
			for _, x := range c.State.Seats {
				if x.Step == i && x.Group == j && (x.Vote != nil || i == c.State.Step) {
					all[i].groups[j].seats = append(all[i].groups[j].seats, f.seatWords(lang, c, x, names))
				}
			}
			if i == c.State.Step && c.State.Phase == review.PhaseOpen && len(all[i].groups[j].seats) == 0 {
				all[i].groups[j].warnings = append(all[i].groups[j].warnings, i18n.ReviewWarnNobody)
			}
		}
	}
	return all
}

func stepState(c review.Case, i int) (i18n.Key, ui.Tone) {
	switch {
	case slices.Contains(c.State.Skips, i):
		return i18n.ApprovalStepSkipped, ui.Neutral
	case c.State.StepPassed(i):
		return i18n.ApprovalStepPassed, ui.OK
	case c.State.Phase == review.PhaseRefused && i == c.State.Step:
		return i18n.ApprovalStepRefused, ui.Bad
	case c.State.Phase == review.PhaseOpen && i == c.State.Step:
		return i18n.ApprovalStepOpen, ui.Info
	default:
		return i18n.ApprovalStepAhead, ui.Neutral
	}
}

func (f *Pages) seatWords(lang i18n.Lang, c review.Case, x review.Seat, names map[string]string) seatView {
	v := seatView{name: nameOf(lang, names, x.Account), state: lang.T(i18n.ApprovalAwaited), tone: ui.Wait}
	if x.Vote != nil {
		v.state, v.tone = lang.T(x.Vote.Kind.Label()), voteTone(x.Vote.Kind)
		v.due = lang.Instant(x.Vote.At)
		if x.Vote.By != x.Account {
			v.due = lang.T(i18n.ApprovalInPlace, nameOf(lang, names, x.Vote.By), nameOf(lang, names, x.Account)) + " · " + v.due
		}
		return v
	}
	if c.State.Passed(x.Step, x.Group) || c.State.Phase != review.PhaseOpen {
		v.state, v.tone = lang.T(i18n.ApprovalNotNeeded), ui.Neutral
		return v
	}
	text, tone := dueWords(lang, c.Due(x), c.DaysLeft(f.Now.Today(), x))
	v.due, v.late = text, tone == ui.Bad
	return v
}

func voteTone(k review.EventKind) ui.Tone {
	switch k {
	case review.Approved:
		return ui.OK
	case review.Returned:
		return ui.Wait
	case review.Refused:
		return ui.Bad
	default:
		return ui.Neutral
	}
}

func nameOf(lang i18n.Lang, names map[string]string, account string) string {
	if names[account] == "" {
		return lang.T(i18n.ApprovalSomebody)
	}
	return names[account]
}
