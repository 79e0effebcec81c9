// Package ceremony is the pages by which a conference is run on its day: in which order
// those honoured are called, what is projected meanwhile, what the announcer reads, and who
// sits where. All of them show what the decisions say.
package ceremony

import (
	"net/http"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Face is these pages.
type Face struct {
	*desk.Desk
	conferences *conference.Service
}

// New makes the pages.
func New(frame *desk.Desk, conferences *conference.Service) *Face {
	return &Face{Desk: frame, conferences: conferences}
}

// Routes lists every address.
func (f *Face) Routes() []webkit.Route {
	const one = desk.ConferencesPath + "/{conference}"
	return []webkit.Route{
		desk.Get(one+"/call", award.RightRead, f.call),
		desk.Post(one+"/call", conference.RightManage, f.call),
		desk.Post(one+"/call/undo", conference.RightManage, f.callUndo),
		desk.Get(one+"/projector", award.RightRead, f.projector),
		desk.Get(one+"/announcer", award.RightRead, f.announcer),
		desk.Get(one+"/seating", conference.RightManage, f.seating),
		desk.Get(one+"/seating/edit", conference.RightManage, f.seatingEdit),
		desk.Post(one+"/seating/edit", conference.RightManage, f.seatingEdit),
		desk.Post(one+"/seating/undo", conference.RightManage, f.seatingUndo),
	}
}

// crumbs lead back to a conference.
func crumbs(lang i18n.Lang, c conference.Conference) []ui.Link {
	return []ui.Link{{Text: lang.T(i18n.ConferencepageTitle), Href: desk.ConferencesPath}, {Text: c.Title, Href: desk.ConferenceLink(c.ID)}}
}

// gets is what somebody receives, in words.
func gets(lang i18n.Lang, h conference.Honoured) string {
	words := make([]string, len(h.Gets))
	for i, g := range h.Gets {
		switch {
		case g.Act == ledger.Typical:
			words[i] = lang.T(i18n.CeremonyNamedTypical)
		case g.Act == ledger.Recognised:
			words[i] = lang.T(i18n.CeremonyNamedRecognised)
		case g.Kind == award.Praise:
			words[i] = lang.T(i18n.CeremonyPraise)
		default:
			words[i] = report.FormName(lang, g.Form)
		}
	}
	return strings.Join(words, "; ")
}

func (f *Face) undone(w http.ResponseWriter, r *http.Request, page string, err error) error {
	if err != nil {
		return err
	}
	return desk.Done(w, r, desk.ConferenceLink(r.PathValue("conference"))+"/"+page, i18n.CeremonyUndone)
}
