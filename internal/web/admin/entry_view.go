package admin

import (
	"net/http"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// wholeRegister is what the parameter "view" says where no saved view is meant, although
// the register would open with one.
const wholeRegister = "all"

// savedViews are the links to the views that the actor sees. Where the register is opened
// without saying what of it and the actor begins with a view, first is its address. Else
// the address says from now on that it is not opened so: no filter taken off leads there.
func (f *Face) savedViews(r *http.Request) (links []ui.Tab, first string, err error) {
	all, err := f.Worklist.Views(r.Context(), webkit.Actor(r))
	if err != nil {
		return nil, "", err
	}
	all = slices.DeleteFunc(all, worklist.View.Removed)
	if len(all) == 0 {
		return nil, "", nil
	}
	if i := slices.IndexFunc(all, func(v worklist.View) bool { return v.First }); i >= 0 && r.URL.RawQuery == "" {
		return nil, desk.ViewLink(all[i].ID, all[i].Query), nil
	}
	q := r.URL.Query()
	if q.Get("view") == "" {
		q.Set("view", wholeRegister)
		r.URL.RawQuery = q.Encode()
	}
	links = []ui.Tab{{Text: webkit.Lang(r).T(i18n.OfficeViewAll), Href: desk.ViewLink(wholeRegister, ""), NoCount: true, Current: q.Get("view") == wholeRegister}}
	shown, odd := worklist.ViewQuery(r.URL.RawQuery) // an odd address is no view's
	for _, v := range all { // one that was opened and then narrowed further is not what is shown
		links = append(links, ui.Tab{Text: v.Name, Href: desk.ViewLink(v.ID, v.Query), NoCount: true, Current: odd == nil && q.Get("view") == v.ID && shown == v.Query})
	}
	return links, "", nil
}
