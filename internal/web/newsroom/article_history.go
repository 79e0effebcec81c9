package newsroom

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/diff"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/markup"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// wording is a part of an article as it stood before and as it stands in one version.
type wording struct {
	label       i18n.Key
	before, now string
}

// wordings are the parts that two versions are compared in.
func wordings(before, now press.Version) []wording {
	return []wording{
		{i18n.ArticledeskTitle, before.Title, now.Title},
		{i18n.ArticledeskLead, before.Lead, now.Lead},
		{i18n.ArticledeskBody, markup.Lines(before.Body), markup.Lines(now.Body)},
	}
}

// articleHistory tells the versions of an article, the newest first; one that changed its
// wording leads to the difference.
func (f *Face) articleHistory(r *http.Request, article string) ([]ui.TimelineEvent, error) {
	lang := webkit.Lang(r)
	versions, err := f.Press.History(r.Context(), webkit.Actor(r), article)
	if err != nil {
		return nil, err
	}
	by := make([]string, len(versions))
	for i, version := range versions {
		by[i] = version.By
	}
	names, err := f.NamesOf(r, by)
	if err != nil {
		return nil, err
	}
	events := make([]ui.TimelineEvent, len(versions))
	for i, version := range versions {
		e := ui.TimelineEvent{At: version.At, Title: lang.T(version.State.Label()), By: names[version.By], Text: version.Note}
		if i+1 < len(versions) {
			if changed := changedParts(lang, versions[i+1], version); changed != "" {
				e.Href = desk.ArticleLink(article) + "/versions/" + strconv.Itoa(version.No)
				e.Text = strings.TrimSpace(version.Note + "\n" + changed)
			}
		}
		events[i] = e
	}
	return events, nil
}

// changedParts names what one wording has otherwise than the one before it.
func changedParts(lang i18n.Lang, before, now press.Version) string {
	var parts []string
	for _, w := range wordings(before, now) {
		if w.before != w.now || w.label == i18n.ArticledeskBody && before.Body != now.Body {
			parts = append(parts, lang.T(w.label))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return lang.T(i18n.ArticledeskChangedParts, strings.Join(parts, ", "))
}

// articleVersionView is what one version changed, part by part.
type articleVersionView struct {
	version press.Version
	by      string
	changes []wordChange
}

// wordChange is a part of the wording with what became of its words.
type wordChange struct {
	label  i18n.Key
	pieces []diff.Piece
}

// articleVersion shows what a version changed against the one before it.
func (f *Face) articleVersion(w http.ResponseWriter, r *http.Request) error {
	ctx, lang, who := r.Context(), webkit.Lang(r), webkit.Actor(r)
	a, err := f.Press.Get(ctx, who, r.PathValue("article"))
	if err != nil {
		return err
	}
	versions, err := f.Press.History(ctx, who, a.ID)
	if err != nil {
		return err
	}
	no, err := strconv.Atoi(r.PathValue("version"))
	i := len(versions) - no // the newest comes first
	if err != nil || i < 0 || i >= len(versions) {
		return desk.NotFound()
	}
	v := articleVersionView{version: versions[i]}
	var before press.Version
	if i+1 < len(versions) {
		before = versions[i+1]
	}
	for _, part := range wordings(before, versions[i]) {
		v.changes = append(v.changes, wordChange{part.label, diff.Words(part.before, part.now)})
	}
	names, err := f.NamesOf(r, []string{v.version.By})
	if err != nil {
		return err
	}
	v.by = names[v.version.By]
	p, err := f.Page(r, lang.T(i18n.ArticledeskVersion, no), ui.Link{Text: lang.T(i18n.ArticlepageArticles), Href: "/admin/articles"}, ui.Link{Text: a.Title, Href: desk.ArticleLink(a.ID)})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, articleVersionPage(p, v))
}
