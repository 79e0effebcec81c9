package admin

import (
	"net/http"

	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// mostWork is how much of what waits stands on the first page.
const mostWork = 12

// workInto fills in what waits for the one who looks, the most urgent first; where there is
// more than stands there, links lead to all of each kind.
func (f *Face) workInto(r *http.Request, v *homeView) error {
	lang := webkit.Lang(r)
	work, err := f.Worklist.Desk(r.Context(), webkit.Actor(r), v.movement.Code, v.period.No)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(r.Context())
	if err != nil {
		return err
	}
	v.work = ui.Table{
		Caption: lang.T(i18n.OfficeWork) + " (" + lang.Number(work.Total()) + ")", ShowCaption: true,
		Columns: desk.Kinds(desk.Columns(lang, i18n.OfficeWorkWhat, i18n.OfficeWorkKind, i18n.OfficeWorkSince, i18n.OfficeWorkDue), ui.ColTitle),
		Empty:   ui.EmptyState(ui.IconCircleCheck, lang.T(i18n.OfficeWorkNone), lang.T(i18n.AdminNothingWaitsText), nil),
	}
	urgent := work.Urgent(mostWork)
	for _, item := range urgent {
		title := ui.Cell{Text: desk.OrDash(item.Title), Href: workLink(*v, item)}
		if item.Unit != "" {
			title.Sub = desk.UnitName(tree, item.Unit, max(item.Since, v.period.From))
		}
		v.work.Rows = append(v.work.Rows, ui.Row{ID: item.Key, Cells: []ui.Cell{title, {Text: lang.T(item.Kind.Label())}, {Text: desk.OrDash(lang.Date(item.Since))}, dueCell(lang, item)}})
	}
	if work.Total() > len(urgent) {
		for _, src := range work.Sources {
			v.rest = append(v.rest, ui.Link{Text: lang.T(i18n.OfficeWorkAll, lang.T(src.Kind.Label()), src.Total), Href: allWorkLink(*v, src.Kind)})
		}
	}
	return nil
}

// allWorkLink leads to all that waits of a kind.
func allWorkLink(v homeView, k worklist.Kind) string {
	switch k {
	case worklist.ToReview:
		return desk.ReviewsPath
	case worklist.ToDo, worklist.Closing:
		return desk.MovementCalendarLink(v.movement.Code)
	case worklist.Unsent:
		return desk.DraftsPath
	case worklist.SentBack:
		return registerLink(v.chosen, "tab", string(practice.TabReturned))
	default:
		return registerLink(v.chosen, "tab", string(practice.TabWaiting))
	}
}

// workLink leads to where something is done.
func workLink(v homeView, item worklist.Item) string {
	switch item.Kind {
	case worklist.ToReview:
		return desk.ReviewsPath + "/" + item.Key
	case worklist.ToDo, worklist.Closing:
		return desk.MovementCalendarLink(v.movement.Code)
	case worklist.Unsent:
		return desk.DraftLink(item.Key)
	default:
		return desk.EntryLink(item.Key)
	}
}

// dueCell says by when something is due, and how long there is left.
func dueCell(lang i18n.Lang, item worklist.Item) ui.Cell {
	if item.Due == 0 {
		return ui.Cell{Text: "–"}
	}
	c := ui.Cell{Text: lang.Date(item.Due)}
	c.Sub, c.Tone = desk.DueWords(lang, item.Due, item.DaysLeft)
	return c
}
