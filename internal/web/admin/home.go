package admin

import (
	"net/http"

	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) homeRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get("/admin", "", f.home),
		desk.Post("/admin/notices/read", "", f.noticesRead),
	}
}

// homeView is what waits for the one who looks.
type homeView struct {
	chosen
	tabs     map[practice.Tab]int
	notices  []identity.Notice
	overview bool // may look at the year's figures
	register bool // may register
	work     ui.Table
	rest     []ui.Link // to all that waits, where there is more than stands on the page
}

func (f *Face) home(w http.ResponseWriter, r *http.Request) error {
	ctx, who := r.Context(), webkit.Actor(r)
	p, err := f.Page(r, webkit.Lang(r).T(i18n.AdminHome))
	if err != nil {
		return err
	}
	v := homeView{register: who.Can(practice.RightRegister)}
	if v.notices, err = f.Identity.Inbox(ctx, who, 8); err != nil {
		return err
	}
	if who.Can(practice.RightRead) {
		if v.chosen, err = f.chosen(ctx, who, webkit.Query(r)); err != nil {
			return err
		}
	}
	if v.movement.Code == "" {
		return desk.Render(w, r, http.StatusOK, homePage(p, v))
	}
	list, err := f.Practices.List(ctx, who, practice.Query{
		Period: v.period.No, Tab: practice.TabAll, Slice: ledger.Slice{Sort: ledger.ByDay, Limit: 1},
	})
	if err != nil {
		return err
	}
	v.tabs = list.Tabs
	if err := f.workInto(r, &v); err != nil {
		return err
	}
	v.overview = who.Can(report.RightRead)
	return desk.Render(w, r, http.StatusOK, homePage(p, v))
}

func (f *Face) noticesRead(w http.ResponseWriter, r *http.Request) error {
	who := webkit.Actor(r)
	all, err := f.Identity.Inbox(r.Context(), who, 50)
	if err != nil {
		return err
	}
	ids := make([]string, len(all))
	for i, n := range all {
		ids[i] = n.ID
	}
	if err := f.Identity.MarkRead(r.Context(), who, ids...); err != nil {
		return err
	}
	return webkit.Redirect(w, r, "/admin")
}

// tabWords are the words for the tabs of the register.
func tabWords(t practice.Tab) i18n.Key {
	return map[practice.Tab]i18n.Key{
		practice.TabAll: i18n.AdminTabAll, practice.TabWaiting: i18n.AdminTabWaiting, practice.TabReturned: i18n.AdminTabReturned,
		practice.TabInProgress: i18n.AdminTabInProgress, practice.TabRecognised: i18n.AdminTabRecognised,
		practice.TabTypical: i18n.AdminTabTypical, practice.TabStopped: i18n.AdminTabStopped,
	}[t]
}

// noticeEvents shows notices as points in time.
func noticeEvents(lang i18n.Lang, all []identity.Notice) []ui.TimelineEvent {
	events := make([]ui.TimelineEvent, len(all))
	for i, n := range all {
		events[i] = ui.TimelineEvent{At: n.Created, Title: lang.T(n.Key, n.Args...), Href: n.Link}
		if n.Read.IsZero() {
			events[i].Tone = ui.Info
		}
	}
	return events
}

// statusTone is the colour of a state.
func statusTone(s ledger.Status) ui.Tone {
	switch s {
	case ledger.StatusRegistered, ledger.StatusReturned, ledger.StatusSuspended:
		return ui.Wait
	case ledger.StatusReceived, ledger.StatusStarted:
		return ui.Info
	case ledger.StatusRecognised:
		return ui.OK
	case ledger.StatusRefused:
		return ui.Bad
	default:
		return ui.Neutral
	}
}
