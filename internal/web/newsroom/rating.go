package newsroom

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

func (f *Face) ratingRoutes() []webkit.Route {
	return []webkit.Route{
		desk.Get(desk.RatingsPath, press.RightModerate, f.ratings),
		desk.Get(desk.RatingsPath+"/{article}", press.RightModerate, f.ratingsOf),
		desk.Post(desk.RatingsPath+"/{article}", press.RightModerate, f.ratingsCount),
	}
}

func ratingsLink(article string) string { return desk.RatingsPath + "/" + article }

const ratingLimit = 50

// ratingsView is the list of ratings that were set aside, by article and reason.
type ratingsView struct {
	tabs   []ui.Tab
	table  ui.Table
	paging ui.Paging
}

func (f *Face) ratings(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang, q := r.Context(), webkit.Actor(r), webkit.Lang(r), webkit.Query(r)
	in := press.AsideQuery{Reason: press.Aside(q.Choice("reason", desk.Texts(press.Asides())...)), Page: q.Int("page", 1, 1000), Limit: ratingLimit}
	if err := q.Err(); err != nil {
		return err
	}
	all, counts, err := f.Press.Aside(ctx, who, in)
	if err != nil {
		return err
	}
	tree, err := f.Org.Current(ctx)
	if err != nil {
		return err
	}
	v := ratingsView{tabs: ratingTabs(lang, counts, in.Reason)}
	v.paging = ui.Paging{Shown: min(len(all), ratingLimit), Total: counts[in.Reason]}
	if in.Reason == press.Counted {
		v.paging.Total = sum(counts)
	}
	if in.Page > 1 {
		v.paging.Prev = webkit.Link(r, "page", strconv.Itoa(in.Page-1))
	}
	if len(all) > ratingLimit {
		all, v.paging.Next = all[:ratingLimit], webkit.Link(r, "page", strconv.Itoa(in.Page+1))
	}
	v.table = ui.Table{
		Caption: lang.T(i18n.RatingdeskTitle),
		Columns: desk.Kinds(desk.Columns(lang, i18n.RatingdeskArticle, i18n.RatingdeskReason, i18n.RatingdeskCount, i18n.RatingdeskScores, i18n.RatingdeskNetworks, i18n.RatingdeskLast),
			ui.ColTitle, ui.ColData, ui.ColNumber, ui.ColData, ui.ColNumber),
		Empty: ui.EmptyState(ui.IconCircleCheck, lang.T(i18n.RatingdeskNothing), lang.T(i18n.RatingdeskNothingText), nil),
	}
	for _, a := range all {
		unit, _ := tree.Unit(a.On.Unit)
		v.table.Rows = append(v.table.Rows, ui.Row{ID: a.On.ID, Cells: []ui.Cell{
			{Text: a.On.Title, Href: ratingsLink(a.On.ID), Sub: unit.NameOn(f.Now.Today())},
			{Text: lang.T(a.Reason.Label())},
			{Text: lang.Number(a.Count())},
			{Text: scoresText(lang, a.Scores)},
			{Text: lang.Number(a.Networks)},
			{Text: lang.Instant(a.Last)},
		}})
	}
	p, err := f.Page(r, lang.T(i18n.RatingdeskTitle))
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, ratingsPage(p, v))
}

func ratingTabs(lang i18n.Lang, counts map[press.Aside]int, open press.Aside) []ui.Tab {
	tabs := []ui.Tab{{Text: lang.T(i18n.RatingdeskAll), Href: desk.RatingsPath, Count: sum(counts), Current: open == press.Counted}}
	for _, reason := range press.Asides() {
		tabs = append(tabs, ui.Tab{Text: lang.T(reason.Label()), Href: desk.RatingsPath + "?reason=" + reason.String(), Count: counts[reason], Current: open == reason})
	}
	return tabs
}

func sum(counts map[press.Aside]int) int {
	n := 0
	for _, of := range counts {
		n += of
	}
	return n
}

func scoresText(lang i18n.Lang, scores [5]int) string {
	parts := make([]string, len(scores))
	for i, n := range scores {
		parts[i] = lang.Number(n)
	}
	return strings.Join(parts, "\u00a0·\u00a0")
}

// ratingsOfView are the ratings of one article that were set aside.
type ratingsOfView struct {
	article press.Article
	mean    string // of those that count
	groups  []ratingGroup
}

// ratingGroup is what was set aside for one reason.
type ratingGroup struct {
	press.AsideRatings
	why   string
	facts []ui.Definition
}

func (f *Face) ratingsOf(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	a, err := f.Press.Get(ctx, who, r.PathValue("article"))
	if err != nil {
		return err
	}
	tally, err := f.Press.Tally(ctx, a.ID)
	if err != nil {
		return err
	}
	all, _, err := f.Press.Aside(ctx, who, press.AsideQuery{Article: a.ID, Page: 1, Limit: press.MaxPage})
	if err != nil {
		return err
	}
	v := ratingsOfView{article: a, mean: meanText(lang, tally)}
	for _, of := range all {
		key, args := of.Reason.Explained()
		after := tally
		for i, n := range of.Scores {
			after.Scores[i] += n
		}
		v.groups = append(v.groups, ratingGroup{of, lang.T(key, args...), []ui.Definition{
			{Term: lang.T(i18n.RatingdeskCount), Text: lang.Number(of.Count())},
			{Term: lang.T(i18n.RatingdeskScores), Text: scoresText(lang, of.Scores)},
			{Term: lang.T(i18n.RatingdeskNetworks), Text: lang.Number(of.Networks)},
			{Term: lang.T(i18n.RatingdeskFirst), Text: lang.Instant(of.First)},
			{Term: lang.T(i18n.RatingdeskLast), Text: lang.Instant(of.Last)},
			{Term: lang.T(i18n.RatingdeskMeanAfter), Text: meanText(lang, after)},
		}})
	}
	p, err := f.Page(r, lang.T(i18n.RatingdeskOfArticle), ui.Link{Text: lang.T(i18n.RatingdeskTitle), Href: desk.RatingsPath})
	if err != nil {
		return err
	}
	return desk.Render(w, r, http.StatusOK, ratingsOfPage(p, v))
}

// meanText is the mean of the ratings that count, in tenths as readers see it.
func meanText(lang i18n.Lang, t press.Tally) string {
	if t.Count() == 0 {
		return lang.T(i18n.RatingdeskMeanNone)
	}
	tenths, point := (t.Mean()+5)/10, ","
	if lang == i18n.En {
		point = "."
	}
	return lang.T(i18n.RatingdeskMeanOf, fmt.Sprintf("%d%s%d", tenths/10, point, tenths%10), t.Count())
}

// ratingsCount asks first, and then counts what was set aside for a reason.
func (f *Face) ratingsCount(w http.ResponseWriter, r *http.Request) error {
	ctx, who, lang := r.Context(), webkit.Actor(r), webkit.Lang(r)
	v, form := desk.FilledFrom(r)
	reason := press.Aside(form.Choice("reason", desk.Texts(press.Asides())...))
	if err := form.Err(); err != nil {
		return err
	}
	back := ratingsLink(r.PathValue("article"))
	if !v.Sent(r) { // to be looked at once more
		return webkit.Redirect(w, r, back)
	}
	if v.Sure() {
		n, err := f.Press.CountAside(ctx, who, r.PathValue("article"), reason)
		if err != nil {
			return err
		}
		return desk.Done(w, r, back, i18n.RatingdeskCounted, n)
	}
	of, err := f.asideFor(ctx, r, reason)
	if err != nil {
		return err
	}
	ask := v.Ask(lang.T(i18n.RatingdeskCountText), back, ui.Btn{Text: lang.T(i18n.RatingdeskCountThem, of.Count()), Icon: ui.IconCheck, Kind: ui.Primary})
	ask.Count, ask.Items = of.Count(), []string{of.On.Title, lang.T(reason.Label()), lang.T(i18n.RatingdeskScores) + ": " + scoresText(lang, of.Scores)}
	return f.AskFirst(w, r, ask, lang.T(i18n.RatingdeskCountAsk), ui.Link{Text: lang.T(i18n.RatingdeskTitle), Href: desk.RatingsPath}, ui.Link{Text: of.On.Title, Href: back})
}

// asideFor finds what was set aside of the article of the address for a reason.
func (f *Face) asideFor(ctx context.Context, r *http.Request, reason press.Aside) (press.AsideRatings, error) {
	if reason == press.Counted {
		return press.AsideRatings{}, errs.New(errs.Invalid, i18n.ErrsBadChoice).On("reason")
	}
	a, err := f.Press.Get(ctx, webkit.Actor(r), r.PathValue("article"))
	if err != nil {
		return press.AsideRatings{}, err
	}
	all, _, err := f.Press.Aside(ctx, webkit.Actor(r), press.AsideQuery{Reason: reason, Article: a.ID, Page: 1, Limit: 1})
	if err == nil && len(all) == 0 {
		err = errs.New(errs.Conflict, i18n.RatingdeskGone)
	}
	if err != nil {
		return press.AsideRatings{}, err
	}
	return all[0], nil
}

// ratingFact is a line about an article: how many of its ratings stand aside.
func (f *Face) ratingFact(r *http.Request, article string) ([]ui.Definition, error) {
	lang := webkit.Lang(r)
	if !webkit.Actor(r).Can(press.RightModerate) {
		return nil, nil
	}
	tally, err := f.Press.Tally(r.Context(), article)
	return []ui.Definition{{Term: lang.T(i18n.RatingdeskTitle), Body: ratingsOpen(lang.Number(tally.Aside), article)}}, err
}
