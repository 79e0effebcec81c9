package approval

import (
	"net/http"

	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// waitingView is what waits for the actor.
type waitingView struct {
	table  ui.Table
	paging ui.Paging
	aways  []awayView
	late   int
}

type awayView struct {
	id, text string
}

func (f *Pages) waiting(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	q := webkit.Query(r)
	cut := review.WaitingCut{Cursor: q.Text("cursor", 200), Backward: q.Bool("back"), Limit: waitingLimit}
	if err := q.Err(); err != nil {
		return err
	}
	page, err := f.Reviews.WaitingPage(ctx, who, cut)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	var ids []string
	for _, one := range page.Rows {
		ids = append(ids, one.Seat.Account)
	}
	names, err := f.NamesOf(r, ids)
	if err != nil {
		return err
	}
	v := waitingView{late: page.Late, paging: waitingPaging(r, page), table: ui.Table{
		Caption: lang.T(i18n.ApprovalWaiting),
		Columns: desk.Kinds(desk.Columns(lang, i18n.ApprovalSubject, i18n.ApprovalUnitOf, i18n.ApprovalStep, i18n.ApprovalDeadline), ui.ColTitle, ui.ColData, ui.ColData, ui.ColStatus),
		Empty:   ui.EmptyState(ui.IconInbox, lang.T(i18n.ApprovalNothing), lang.T(i18n.ApprovalNothingText), nil),
	}}
	for _, one := range page.Rows {
		due, tone := dueWords(lang, one.Due, one.DaysLeft)
		step := ui.Cell{Text: one.StepName, Sub: one.RouteName}
		if one.Seat.Account != who.Account {
			step.Sub = lang.T(i18n.ApprovalFor, nameOf(lang, names, one.Seat.Account))
		}
		v.table.Rows = append(v.table.Rows, ui.Row{ID: one.Case + "." + one.Seat.Account, Cells: []ui.Cell{
			{Text: one.Subject.Title, Href: caseLink(one.Case), Sub: one.Subject.Code},
			{Text: desk.UnitName(tree, one.Subject.Unit, f.Now.Today())},
			step,
			{Text: due, Tone: tone},
		}})
	}
	if v.aways, err = f.awayViews(r); err != nil {
		return err
	}
	p, err := f.Page(r, lang.T(i18n.ApprovalWaiting))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, waitingPage(p, v))
}

// waitingLimit is how much of what waits stands on a page.
const waitingLimit = 50

func waitingPaging(r *http.Request, page review.WaitingPage) ui.Paging {
	paging := ui.Paging{Shown: len(page.Rows), Total: page.Total}
	if page.Next != "" {
		paging.Next = webkit.Link(r, "cursor", page.Next, "back", "")
	}
	if page.Prev != "" {
		paging.Prev = webkit.Link(r, "cursor", page.Prev, "back", "1")
	}
	return paging
}

func (f *Pages) awayViews(r *http.Request) ([]awayView, error) {
	lang := webkit.Lang(r)
	all, err := f.Reviews.Aways(r.Context(), webkit.Actor(r))
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, a := range all {
		ids = append(ids, a.StandIn)
	}
	names, err := f.NamesOf(r, ids)
	var views []awayView
	for _, a := range all {
		views = append(views, awayView{a.ID, lang.T(i18n.ApprovalAwayLine, a.From, a.To, nameOf(lang, names, a.StandIn))})
	}
	return views, err
}

// awayForm is the form by which one says that one is away.
type awayForm struct {
	desk.Filled
	people []ui.OptionGroup
}

func (f *Pages) away(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	filled, form := desk.FilledFrom(r)
	v := awayForm{Filled: filled}
	all, err := f.Reviews.StandIns(ctx, who)
	if err != nil {
		return err
	}
	var options []ui.Option
	for _, a := range all {
		options = append(options, ui.Option{Value: a.Login, Text: a.Name})
	}
	v.people = desk.WithNone(ui.Options(options...), lang.T(i18n.ApprovalChoose))
	v.Start("from", f.Now.Today().String())
	status := http.StatusOK
	if v.Sent(r) {
		in := review.AwayInput{StandIn: form.Text("standIn", 64), From: form.Date("from"), To: form.Date("to")}
		err := form.Err()
		if err == nil {
			_, err = f.Reviews.Delegate(ctx, who, in)
		}
		if err == nil {
			return desk.Done(w, r, desk.ReviewsPath, i18n.ApprovalAwaySaved)
		}
		var ok bool
		if status, ok = v.Refuse(lang, err, "standIn", "from", "to"); !ok {
			return err
		}
	}
	p, err := f.Page(r, lang.T(i18n.ApprovalAway), ui.Link{Text: lang.T(i18n.ApprovalWaiting), Href: desk.ReviewsPath})
	if err != nil {
		return err
	}
	return desk.Render(w, r, status, awayPage(p, v))
}

func (f *Pages) awayEnd(w http.ResponseWriter, r *http.Request) error {
	if err := f.Reviews.ComeBack(r.Context(), webkit.Actor(r), r.PathValue("away")); err != nil {
		return err
	}
	return desk.Done(w, r, desk.ReviewsPath, i18n.ApprovalAwayEnded)
}
