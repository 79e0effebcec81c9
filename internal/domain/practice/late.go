package practice

import (
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// allows tells whether an entry may take the step on the day: by where it stood on that
// day, not by where it stands now, for much is recorded late. What was recorded of later
// days must still hold beside it.
func (r rule) allows(st ledger.Standing, on clock.Date) error {
	if err := r.allowsThen(st, on); err != nil {
		return err
	}
	return r.contradicts(st, on)
}

// allowsThen judges by the state at the end of the day alone.
func (r rule) allowsThen(st ledger.Standing, on clock.Date) error {
	for _, f := range r.needs {
		if !st.Has(f, on) && holdsLater(st, f, on) {
			return errs.New(errs.Invalid, i18n.PracticeNotYet, figureKey(f), on).On("on")
		}
	}
	if status := st.On(on).Status(); !slices.Contains(r.from, status) {
		return errs.New(errs.Conflict, i18n.PracticeNotNow, StatusKey(status), on)
	}
	for _, f := range r.needs {
		if !st.Has(f, on) {
			return errs.New(errs.Invalid, i18n.PracticeNotYet, figureKey(f), on).On("on")
		}
	}
	for _, f := range r.bars {
		if st.Has(f, on) {
			return errs.New(errs.Conflict, i18n.PracticeAlready, figureKey(f), on).On("on")
		}
	}
	return nil
}

// holdsLater tells whether a figure counts an entry on any later day.
func holdsLater(st ledger.Standing, f ledger.Figure, on clock.Date) bool {
	return slices.ContainsFunc(st.Acts, func(a ledger.Act) bool { return a.On > on && st.Has(f, a.On) })
}

// kinds are the acts of a step: itself, and what comes with it.
func (r rule) kinds(st ledger.Standing, on clock.Date) []ledger.Kind {
	kinds := []ledger.Kind{r.kind}
	if r.also != nil {
		kinds = append(kinds, r.also(st, on)...)
	}
	return kinds
}

// contradicts refuses a step of a day under which an act of a later day, which holds
// without it, would not hold any more.
func (r rule) contradicts(st ledger.Standing, on clock.Date) error {
	var later []ledger.Act
	for _, a := range st.Living() {
		if a.On > on {
			later = append(later, a)
		}
	}
	if len(later) == 0 {
		return nil
	}
	var acts []ledger.Act
	for _, kind := range r.kinds(st, on) {
		acts = append(acts, ledger.Act{Kind: kind, On: on})
	}
	with := st.With(acts...)
	for _, a := range later {
		if stands(st, a) && !stands(with, a) {
			return errs.New(errs.Conflict, i18n.PracticeLaterStands, a.Kind.Label(), a.On).On("on")
		}
	}
	if st.Consistent() && !with.Consistent() {
		return errs.New(errs.Conflict, i18n.PracticeLaterStands, later[0].Kind.Label(), later[0].On).On("on")
	}
	return nil
}

// stands tells whether an act has its ground in what came before it.
func stands(st ledger.Standing, act ledger.Act) bool {
	was := st.Before(act)
	if act.Kind == ledger.Recognised {
		return was.Has(ledger.FigureReceived, act.On)
	}
	if act.Kind == ledger.Typical {
		return was.Has(ledger.FigureRecognised, act.On)
	}
	i := slices.IndexFunc(rules(), func(r rule) bool { return r.kind == act.Kind })
	if i < 0 {
		return true
	}
	r := rules()[i]
	if r.keeps != nil && !slices.Contains(r.keeps, was.Status()) {
		return false
	}
	return !slices.ContainsFunc(r.needs, func(f ledger.Figure) bool { return !was.Has(f, act.On) }) &&
		!slices.ContainsFunc(r.bars, func(f ledger.Figure) bool { return was.Has(f, act.On) })
}

// LateStep is a step that can be recorded late only: the latest day on which it was
// possible.
type LateStep struct {
	Kind ledger.Kind
	On   clock.Date
}

// lateSteps are the steps of a life in the list that were possible before the day and
// are not on it: an entry that was suspended since may yet be said to have started.
func lateSteps(who actor.Actor, st ledger.Standing, on clock.Date) []LateStep {
	var all []LateStep
	for _, r := range rules() {
		now := map[ledger.Kind]ledger.Status{
			ledger.Started: ledger.StatusStarted, ledger.Suspended: ledger.StatusSuspended, ledger.Ended: ledger.StatusEnded,
		}
		status, lives := now[r.kind]
		if !lives || status == st.Status() || !who.Can(r.right) || r.allows(st, on) == nil {
			continue
		}
		var latest clock.Date
		for _, a := range st.Living() {
			if day := a.On - 1; day > latest && day < on && r.allows(st, day) == nil {
				latest = day
			}
		}
		if latest != 0 {
			all = append(all, LateStep{r.kind, latest})
		}
	}
	return all
}
