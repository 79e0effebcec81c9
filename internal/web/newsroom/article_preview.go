package newsroom

import (
	"net/http"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// articlePreviewView is the page of readers in a frame.
type articlePreviewView struct {
	tabs       []ui.Tab
	width      string // of the frame, in pixels
	src, title string
}

// articlePreview shows an article as its readers will see it, on a telephone or at a desk.
func (f *Face) articlePreview(w http.ResponseWriter, r *http.Request) error {
	lang, q := webkit.Lang(r), webkit.Query(r)
	width := q.Choice("width", "390", "1280")
	if err := q.Err(); err != nil {
		return err
	}
	a, err := f.Press.Get(r.Context(), webkit.Actor(r), r.PathValue("article"))
	if err != nil {
		return err
	}
	v := articlePreviewView{width: "390", src: "/preview/articles/" + a.ID, title: a.Title}
	if width != "" {
		v.width = width
	}
	for _, t := range []struct {
		width string
		key   i18n.Key
	}{{"390", i18n.ArticledeskPreviewPhone}, {"1280", i18n.ArticledeskPreviewDesk}} {
		v.tabs = append(v.tabs, ui.Tab{Text: lang.T(t.key), Href: desk.ArticleLink(a.ID) + "/preview?width=" + t.width, NoCount: true, Current: v.width == t.width})
	}
	p, err := f.Page(r, lang.T(i18n.ArticledeskPreview), ui.Link{Text: lang.T(i18n.ArticlepageArticles), Href: "/admin/articles"}, ui.Link{Text: a.Title, Href: desk.ArticleLink(a.ID)})
	if err != nil {
		return err
	}
	webkit.Frames(w)
	return desk.Render(w, r, http.StatusOK, articlePreviewPage(p, v))
}
