package admin

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// verb is a step as pages offer it.
type verb struct {
	path   string // of its address: /admin/entries/{code}/return
	kind   ledger.Kind
	right  actor.Right
	label  i18n.Key
	about  i18n.Key
	icon   ui.Icon
	reason bool // a reason is needed
	danger bool
	do     func(*practice.Service, context.Context, actor.Actor, practice.Step) error
}

// verbs lists every step of an entry that rests on no paper.
func verbs() []verb {
	register, receive := practice.RightRegister, practice.RightReceive
	return []verb{
		{path: "receive", kind: ledger.Received, right: receive, label: i18n.RegisterDoReceived, about: i18n.RegisterAboutReceived, icon: ui.IconCheck, do: (*practice.Service).Receive},
		{path: "return", kind: ledger.Returned, right: receive, label: i18n.RegisterDoReturned, about: i18n.RegisterAboutReturned, icon: ui.IconUndo2, reason: true, do: (*practice.Service).Return},
		{path: "refuse", kind: ledger.Refused, right: receive, label: i18n.RegisterDoRefused, about: i18n.RegisterAboutRefused, icon: ui.IconBan, reason: true, danger: true, do: (*practice.Service).Refuse},
		{path: "resubmit", kind: ledger.Resubmitted, right: register, label: i18n.RegisterDoResubmitted, about: i18n.RegisterAboutResubmitted, icon: ui.IconSend, do: (*practice.Service).Resubmit},
		{path: "start", kind: ledger.Started, right: receive, label: i18n.RegisterDoStarted, about: i18n.RegisterAboutStarted, icon: ui.IconFlag, do: (*practice.Service).Start},
		{path: "suspend", kind: ledger.Suspended, right: receive, label: i18n.RegisterDoSuspended, about: i18n.RegisterAboutSuspended, icon: ui.IconClock, do: (*practice.Service).Suspend},
		{path: "resume", kind: ledger.Resumed, right: receive, label: i18n.RegisterDoResumed, about: i18n.RegisterAboutResumed, icon: ui.IconRefreshCw, do: (*practice.Service).Resume},
		{path: "end", kind: ledger.Ended, right: receive, label: i18n.RegisterDoEnded, about: i18n.RegisterAboutEnded, icon: ui.IconCircleCheck, do: (*practice.Service).End},
		{path: "withdraw", kind: ledger.Withdrawn, right: register, label: i18n.RegisterDoWithdrawn, about: i18n.RegisterAboutWithdrawn, icon: ui.IconRotateCcw, danger: true, do: (*practice.Service).Withdraw},
		{path: "strike-off", kind: ledger.StruckOff, right: receive, label: i18n.RegisterDoStruckOff, about: i18n.RegisterAboutStruckOff, icon: ui.IconX, reason: true, danger: true, do: (*practice.Service).StrikeOff},
	}
}

func verbOf(kind ledger.Kind) verb {
	all := verbs()
	return all[slices.IndexFunc(all, func(v verb) bool { return v.kind == kind })]
}

// inBulk are the steps that are taken for many entries at once, by tab.
func inBulk(tab practice.Tab) []ledger.Kind {
	switch tab {
	case practice.TabReturned:
		return []ledger.Kind{ledger.Received, ledger.Refused}
	case practice.TabWaiting:
		return []ledger.Kind{ledger.Received, ledger.Returned, ledger.Refused}
	case practice.TabInProgress, practice.TabRecognised:
		return []ledger.Kind{ledger.Started}
	case practice.TabTypical, practice.TabStopped:
		return nil
	default:
		return []ledger.Kind{ledger.Received, ledger.Returned, ledger.Refused, ledger.Started}
	}
}

// stepButtons are the buttons of the list for what is chosen.
func stepButtons(lang i18n.Lang, who actor.Actor, tab practice.Tab) []ui.Btn {
	var all []ui.Btn
	for _, kind := range inBulk(tab) {
		if v := verbOf(kind); who.Can(v.right) {
			all = append(all, ui.Btn{Text: lang.T(v.label), Icon: v.icon, Small: true, Name: "step", Value: v.path})
		}
	}
	return all
}

// stepView is the page on which a step is confirmed.
type stepView struct {
	verb    verb
	may     []ledger.EntryRow
	mayNot  []ledger.EntryRow
	units   map[string]string
	on      string
	reason  string
	action  string
	back    string
	bulk    bool
	period  int // of the list
	errors  []ui.FieldError
	byField map[string]string
	page    string // where the form is shown again after an expired session
	account string
}

// stepDay is the day that a form for a step begins with: today, within the period.
func stepDay(today clock.Date, p movement.Period) clock.Date {
	return max(p.From, min(today, p.To))
}

// entrySteps asks for, and after that takes, a step for many entries of the list.
func (f *Face) entrySteps(w http.ResponseWriter, r *http.Request) error {
	form, who := webkit.Form(r), webkit.Actor(r)
	at := slices.IndexFunc(verbs(), func(v verb) bool { return v.path == form.Values.Get("step") })
	if at < 0 || !slices.Contains(inBulk(practice.TabAll), verbs()[at].kind) {
		return errs.New(errs.NotFound, i18n.ErrsNotFound)
	}
	v := stepView{verb: verbs()[at], action: "/admin/entries/steps", back: listBack(form.Values.Get("back")), bulk: true, period: form.Int("period", 0, 1<<30)}
	if !who.Can(v.verb.right) {
		return errs.New(errs.Forbidden, i18n.ErrsForbidden)
	}
	v.page = v.back
	ids := form.Texts("id", 64)
	if len(ids) == 0 {
		if err := webkit.FlashBad(r, i18n.RegisterStepNothing); err != nil {
			return err
		}
		return webkit.Redirect(w, r, v.back)
	}
	on := form.Date("on")
	if !form.Bool("sure") {
		m, err := f.Movements.ByPeriod(r.Context(), who, form.Int("period", 0, 1<<30))
		if err != nil {
			return err
		}
		period, _ := m.Period(form.Int("period", 0, 1<<30))
		on = stepDay(f.Now.Today(), period)
	}
	step := practice.Step{Entries: ids, On: on, Reason: form.Text("reason", 2000)}
	return f.takeStep(w, r, v, step, form)
}

// listBack is the address of the list to go back to.
func listBack(address string) string {
	if address == "/admin/entries" || strings.HasPrefix(address, "/admin/entries?") {
		return address
	}
	return "/admin/entries"
}

// entryStep asks for, and after that takes, a step for one entry.
func (f *Face) entryStep(v verb) webkit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		who, form := webkit.Actor(r), webkit.Form(r)
		e, err := f.Practices.Get(r.Context(), who, r.PathValue("code"))
		if err != nil {
			return err
		}
		m, err := f.Movements.ByPeriod(r.Context(), who, e.Period)
		if err != nil {
			return err
		}
		address := desk.EntryLink(e.Code)
		view := stepView{verb: v, action: address + "/" + v.path, page: address + "/" + v.path, back: address}
		step := practice.Step{Entries: []string{e.ID}, On: form.Date("on"), Reason: form.Text("reason", 2000)}
		if r.Method != http.MethodPost {
			period, _ := m.Period(e.Period)
			step.On = stepDay(f.Now.Today(), period)
			if asked := webkit.Query(r).Date("on"); asked != 0 && asked <= f.Now.Today() { // recorded late
				step.On = asked
			}
			if kept := webkit.Kept(r); kept != nil {
				form.Values = kept
				step.On, step.Reason = form.Date("on"), form.Text("reason", 2000)
			}
		}
		return f.takeStep(w, r, view, step, form)
	}
}

// stepForMany takes a step for many entries, as a batch that can be taken back.
func (f *Face) stepForMany(ctx context.Context, who actor.Actor, v stepView, step practice.Step) (worklist.Batch, error) {
	return f.Worklist.Run(ctx, who, worklist.BatchInput{
		Action: worklist.Action(v.verb.path), Period: v.period, Entries: step.Entries, On: step.On, Reason: step.Reason,
	})
}

// takeStep takes a step that was confirmed, or shows the page that asks for it.
func (f *Face) takeStep(w http.ResponseWriter, r *http.Request, v stepView, step practice.Step, form *webkit.FormReader) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	v.on, v.reason, v.account = step.On.String(), step.Reason, who.Account
	status := http.StatusOK
	err := form.Err()
	if err == nil && form.Bool("sure") && r.Method == http.MethodPost {
		if v.bulk {
			var made worklist.Batch
			if made, err = f.stepForMany(ctx, who, v, step); err == nil {
				if err := webkit.FlashLink(r, desk.BatchLink(made.ID), i18n.OfficeUndo, i18n.RegisterStepDone, lang.T(v.verb.label), made.Done); err != nil {
					return err
				}
				return webkit.Redirect(w, r, v.back)
			}
		} else if err = v.verb.do(f.Practices, ctx, who, step); err == nil {
			if err := webkit.Flash(r, i18n.RegisterStepDone, lang.T(v.verb.label), len(step.Entries)); err != nil {
				return err
			}
			return webkit.Redirect(w, r, v.back)
		}
	}
	if err != nil {
		var ok bool
		if v.byField, v.errors, ok = desk.FieldErrors(lang, err); !ok || errs.Is(err, errs.NotFound) {
			return err
		}
		v.errors, status = named(lang, v.errors), webkit.Status(err)
		if form.Values.Get("on") != "" && step.On == 0 {
			v.on = form.Values.Get("on")
		}
	}
	asked := step
	asked.Reason = "" // what was wrong with the day and the reason is told already
	if asked.On == 0 || asked.On > f.Now.Today() {
		asked.On = f.Now.Today()
	}
	if v.may, v.mayNot, err = f.Practices.Ready(ctx, who, v.verb.kind, asked); err != nil {
		return err
	}
	if status != http.StatusOK && len(v.may) == 0 { // what stands in the way is told above the list
		v.may, v.mayNot = v.mayNot, nil
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	v.units = map[string]string{}
	for _, e := range slices.Concat(v.may, v.mayNot) {
		v.units[e.Unit] = desk.UnitName(tree, e.Unit, e.RegisteredOn)
	}
	p, err := f.Page(r, lang.T(v.verb.label), ui.Link{Text: lang.T(i18n.AdminRegister), Href: "/admin/entries"})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, stepPage(p, v))
}
