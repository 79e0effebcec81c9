package approval

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// caseView is a case with what the actor may decide about it.
type caseView struct {
	desk.Filled
	c        review.Case
	steps    []stepView
	history  []ui.TimelineEvent
	entry    practice.Entry
	facts    []ui.Definition
	parts    []ui.Definition
	seats    []ui.Option // for which the actor may vote
	kinds    []ui.Option
	backs    []ui.OptionGroup
	reasons  []ui.Option
	flags    []ui.Option
	override bool
	partial  bool // the actor has a hand in the subject
}

// caseOf is the start of every page about a case.
func (f *Pages) caseOf(r *http.Request) (caseView, error) {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	c, err := f.Reviews.Case(ctx, who, r.PathValue("case"))
	if err != nil {
		return caseView{}, err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return caseView{}, err
	}
	names, err := f.caseNames(r, c)
	if err != nil {
		return caseView{}, err
	}
	v := caseView{c: c, steps: f.caseViews(lang, tree, c, names), history: history(lang, c, names)}
	if v.entry, err = f.Practices.Judged(ctx, who, c); err != nil {
		return v, err
	}
	v.facts = []ui.Definition{
		{Term: lang.T(i18n.ApprovalUnitOf), Text: desk.UnitName(tree, c.Subject.Unit, f.Now.Today())},
		{Term: lang.T(i18n.ApprovalFrom), Text: nameOf(lang, names, c.Subject.By)},
		{Term: lang.T(i18n.ApprovalRoute), Text: lang.T(i18n.ApprovalRouteNo, c.RouteName, c.No)},
		{Term: lang.T(i18n.ApprovalState), Text: lang.T(c.State.Phase.Label())},
	}
	for _, part := range v.entry.Parts.All() {
		if *part.Text != "" {
			v.parts = append(v.parts, ui.Definition{Term: lang.T(part.Label), Text: *part.Text, Lang: "vi"})
		}
	}
	if c.State.Phase == review.PhaseOpen {
		if v.partial, err = f.Reviews.Partial(ctx, who, c); err != nil {
			return v, err
		}
	}
	v.override = who.Can(review.RightOverride) && c.State.Phase.Running()
	err = f.offer(r, &v, names)
	return v, err
}

// offer fills in what the actor may decide.
func (f *Pages) offer(r *http.Request, v *caseView, names map[string]string) error {
	lang := webkit.Lang(r)
	chairs, err := f.Reviews.Chairs(r.Context(), webkit.Actor(r))
	if err != nil {
		return err
	}
	for _, x := range v.c.State.Awaited() {
		if !slices.Contains(chairs, x.Account) {
			continue
		}
		text := v.steps[x.Step].groups[x.Group].title
		if x.Account != chairs[0] {
			text = lang.T(i18n.ApprovalFor, nameOf(lang, names, x.Account)) + " · " + text
		}
		v.seats = append(v.seats, ui.Option{Value: number(x.Group) + "." + x.Account, Text: text})
	}
	if len(v.seats) == 0 {
		return nil
	}
	step := v.c.State.Plan.Steps[v.c.State.Step]
	v.kinds = []ui.Option{{Value: string(review.Approved), Text: lang.T(review.Approved.Label())}}
	var backs []ui.Option
	for _, to := range v.c.State.Back() {
		name := lang.T(i18n.ApprovalToRegistrant)
		if to != review.Registrant {
			name = lang.T(i18n.ApprovalReturnTo, v.c.State.Plan.Steps[to].Name)
		}
		backs = append(backs, ui.Option{Value: number(to), Text: name})
	}
	if step.Return {
		v.kinds, v.backs = append(v.kinds, ui.Option{Value: string(review.Returned), Text: lang.T(review.Returned.Label())}), ui.Options(backs...)
	}
	if step.Refuse {
		v.kinds = append(v.kinds, ui.Option{Value: string(review.Refused), Text: lang.T(review.Refused.Label())})
	}
	for _, reason := range review.Reasons() {
		v.reasons = append(v.reasons, ui.Option{Value: string(reason), Text: lang.T(reason.Label())})
	}
	for _, part := range practice.ReturnParts() {
		v.flags = append(v.flags, ui.Option{Value: part.Part, Text: lang.T(part.Label)})
	}
	return nil
}

// caseNames names everybody who has or had a hand in a case.
func (f *Pages) caseNames(r *http.Request, c review.Case) (map[string]string, error) {
	ids := []string{c.Subject.By}
	for _, x := range c.State.Seats {
		ids = append(ids, x.Account)
	}
	for _, e := range c.Events {
		for _, one := range []string{e.By, e.For, e.From, e.Into} {
			if one != "" {
				ids = append(ids, one)
			}
		}
	}
	return f.NamesOf(r, ids)
}

// history tells what happened to a case, the latest first.
func history(lang i18n.Lang, c review.Case, names map[string]string) []ui.TimelineEvent {
	var all []ui.TimelineEvent
	for _, e := range slices.Backward(c.Events) {
		if e.Kind == review.Seated {
			continue
		}
		line := ui.TimelineEvent{At: e.At, Title: lang.T(e.Kind.Label()), By: nameOf(lang, names, e.By), Text: e.Text, Tone: voteTone(e.Kind)}
		if e.Vote() {
			line.Title += " · " + c.State.Plan.Steps[e.Step].Name
			if e.For != e.By {
				line.By = lang.T(i18n.ApprovalInPlace, nameOf(lang, names, e.By), nameOf(lang, names, e.For))
			}
		}
		if e.Kind == review.Returned {
			line.Text = returnWords(lang, c, e)
		}
		if e.Kind == review.Reassigned {
			line.Text = lang.T(i18n.ApprovalSwapped, nameOf(lang, names, e.Into), e.Text)
		}
		all = append(all, line)
	}
	return all
}

// returnWords says where something was sent back to, and why.
func returnWords(lang i18n.Lang, c review.Case, e review.Event) string {
	to := lang.T(i18n.ApprovalToRegistrant)
	if e.To != review.Registrant {
		to = lang.T(i18n.ApprovalReturnTo, c.State.Plan.Steps[e.To].Name)
	}
	all := []string{to}
	for _, reason := range e.Reasons {
		all = append(all, lang.T(reason.Label()))
	}
	for _, part := range practice.ReturnParts() {
		if slices.Contains(e.Parts, part.Part) {
			all = append(all, lang.T(part.Label))
		}
	}
	return strings.Join(append(all, e.Text), " · ")
}

func (f *Pages) decide(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	v, err := f.caseOf(r)
	if err != nil {
		return err
	}
	var form *webkit.FormReader
	v.Filled, form = desk.FilledFrom(r)
	if v.First && len(v.seats) > 0 {
		v.Start("seat", v.seats[0].Value, "step", number(v.c.State.Step), "to", number(review.Registrant))
	}
	status := http.StatusOK
	if v.Sent(r) {
		in := readVote(form)
		err := form.Err()
		if err == nil {
			_, err = f.Reviews.Vote(ctx, who, v.c.ID, in)
		}
		if err == nil {
			return desk.Done(w, r, desk.ReviewsPath, i18n.ApprovalVoted)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "kind", "to", "reason", "part", "text"); !ok {
			return err
		}
		v.mark()
	}
	p, err := f.Page(r, v.c.Subject.Title, ui.Link{Text: lang.T(i18n.ApprovalWaiting), Href: desk.ReviewsPath})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, casePage(p, v))
}

func readVote(form *webkit.FormReader) review.VoteInput {
	group, account, _ := strings.Cut(form.Text("seat", 100), ".")
	no, err := strconv.Atoi(group)
	if err != nil {
		no = -1
	}
	in := review.VoteInput{
		Kind: review.EventKind(form.Choice("kind", string(review.Approved), string(review.Returned), string(review.Refused))), Group: no, For: account,
		Step: form.Int("step", 0, review.MaxSteps), To: form.Int("to", review.Registrant, review.MaxSteps), Text: form.Text("text", 4000),
	}
	for _, reason := range form.Choices("reason", desk.Texts(review.Reasons())...) {
		in.Reasons = append(in.Reasons, review.Reason(reason))
	}
	var parts []string
	for _, part := range practice.ReturnParts() {
		parts = append(parts, part.Part)
	}
	in.Parts = form.Choices("part", parts...)
	if in.Kind == "" {
		form.Errors.Add("kind", i18n.ErrsRequired)
	}
	return in
}

// mark ticks what was ticked.
func (v *caseView) mark() {
	for i := range v.reasons {
		v.reasons[i].On = slices.Contains(v.Values["reason"], v.reasons[i].Value)
	}
	for i := range v.flags {
		v.flags[i].On = slices.Contains(v.Values["part"], v.flags[i].Value)
	}
}

func (f *Pages) takeOut(w http.ResponseWriter, r *http.Request) error {
	return f.overriding(w, r, i18n.ApprovalTakeOut, func(v caseView, form *webkit.FormReader) error {
		_, err := f.Reviews.TakeOut(r.Context(), webkit.Actor(r), v.c.ID, form.Text("text", 4000))
		return err
	})
}

func (f *Pages) reassign(w http.ResponseWriter, r *http.Request) error {
	return f.overriding(w, r, i18n.ApprovalReassign, func(v caseView, form *webkit.FormReader) error {
		in := review.Swap{Step: form.Int("step", 0, review.MaxSteps), Into: form.Text("into", 64), Reason: form.Text("text", 4000)}
		group, from, _ := strings.Cut(form.Text("seat", 100), ".")
		no, err := strconv.Atoi(group)
		if err != nil {
			no = -1
		}
		in.Group, in.From = no, from
		if err := form.Err(); err != nil {
			return err
		}
		_, err = f.Reviews.Reassign(r.Context(), webkit.Actor(r), v.c.ID, in)
		return err
	})
}

// overrideForm is the form by which an administrator steps in.
type overrideForm struct {
	desk.Filled
	c      review.Case
	seats  []ui.OptionGroup // none where the whole case is taken out
	people []ui.OptionGroup
	lead   i18n.Key
}

func (f *Pages) overriding(w http.ResponseWriter, r *http.Request, title i18n.Key, do func(caseView, *webkit.FormReader) error) error {
	lang := webkit.Lang(r)
	c, err := f.caseOf(r)
	if err != nil {
		return err
	}
	filled, form := desk.FilledFrom(r)
	v := overrideForm{Filled: filled, c: c.c, lead: i18n.ApprovalTakeOutLead}
	v.Start("step", number(c.c.State.Step))
	if title == i18n.ApprovalReassign {
		if err := f.swaps(r, &v, c); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if v.Sent(r) {
		err := do(c, form)
		if err == nil {
			return desk.Done(w, r, caseLink(c.c.ID), i18n.ApprovalOverridden)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "text", "into", "seat"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(title), ui.Link{Text: lang.T(i18n.ApprovalWaiting), Href: desk.ReviewsPath}, ui.Link{Text: c.c.Subject.Code, Href: caseLink(c.c.ID)})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, overridePage(p, v))
}

// swaps offers the seats that can be given to another, and the accounts.
func (f *Pages) swaps(r *http.Request, v *overrideForm, c caseView) error {
	lang := webkit.Lang(r)
	v.lead = i18n.ApprovalReassignLead
	names, err := f.caseNames(r, c.c)
	if err != nil {
		return err
	}
	var seats []ui.Option
	for _, x := range c.c.State.Awaited() {
		seats = append(seats, ui.Option{Value: number(x.Group) + "." + x.Account, Text: nameOf(lang, names, x.Account) + " · " + c.steps[x.Step].groups[x.Group].title})
	}
	if c.c.State.Phase == review.PhaseOpen {
		for g := range c.steps[c.c.State.Step].groups {
			seats = append(seats, ui.Option{Value: number(g) + ".", Text: lang.T(i18n.ApprovalOneMore, c.steps[c.c.State.Step].groups[g].title)})
		}
	}
	v.seats = ui.Options(seats...)
	all, err := f.Identity.List(r.Context(), webkit.Actor(r), identity.ListFilter{Limit: desk.MostSuggestions})
	var options []ui.Option
	for _, a := range all {
		if !a.Disabled && a.Login != identity.Operator {
			options = append(options, ui.Option{Value: a.Login, Text: a.Name})
		}
	}
	v.people = desk.WithNone(ui.Options(options...), lang.T(i18n.ApprovalChoose))
	return err
}

// Block is the steps of the latest case of a subject, for the page of that subject; nothing
// where it has none that the actor sees.
func (f *Pages) Block(r *http.Request, kind, subject string) (templ.Component, error) {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	if !who.Can(review.RightRead) {
		return templ.NopComponent, nil
	}
	c, ok, err := f.Reviews.Latest(ctx, who, kind, subject)
	if err != nil || !ok {
		return templ.NopComponent, err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return nil, err
	}
	names, err := f.caseNames(r, c)
	if err != nil {
		return nil, err
	}
	v := caseView{c: c, steps: f.caseViews(lang, tree, c, names)}
	if err := f.offer(r, &v, names); err != nil {
		return nil, err
	}
	return block(ui.Page{Lang: lang}, v), nil
}
