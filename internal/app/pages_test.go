package app_test

import (
	"bytes"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/conference"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/nurture"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/paper"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/domain/rulebook"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
	"github.com/nhanrong/nhanrong/internal/web/browsertest"
)

// pages are the pages that are looked at, as the officer of the standing body sees
// them; {practice} and the like stand for records of the sample.
func pages() []string {
	return []string{
		"/", "/practices", "/practices?field=economy&unit={unit}&q=pho", "/practices?q=khongcogi", "{practice}", "{gone}", "/awards", "/awards/{decision}",
		"/units", "/units/{unit}", "/movements", "/movements/{movement}", "/help", "/accessibility", "/admin", "/admin/overview", "/admin/dashboard?movement=HK-2024&asOf=2024-10-16", "/admin/dashboard?movement=HK-2024&asOf=2024-06-15&figure=found&pace=week&unit={unit}", "/admin/dashboard/units?movement=HK-2024&asOf=2024-06-15", "/admin/batches", "/admin/batches/new", "/admin/views", "/admin/views/new", "/admin/silent", "/admin/silent/letters", "/admin/figures?asOf=2024-09-30", "/admin/reports?movement=HK-2024&asOf=2024-10-15&list=1", "/admin/figures/recognised?asOf=2024-09-30",
		"/admin/papers/plan/HK-2024", "/admin/papers/registration_form/{entry}", "/admin/papers/recognition_decision/{recognising}", "/admin/papers/invitation/{conference}", "/admin/papers/final_report/HK-2024?part=2024-10-15",
		"/admin/templates?unit={unit}", "/admin/templates/of/plan?unit={unit}", "/admin/templates/versions/{own}", "/admin/numbers?unit={unit}",
		"/admin/reports/words?movement=HK-2024&asOf=2024-10-15", "/admin/reports/words/versions?movement=HK-2024", "/admin/reports/compare?movement=HK-2024&asOf=2024-10-15", "/admin/reports/frozen",
		"/admin/packages", "/admin/packages/upload", "/admin/packages/sent", "/admin/packages/keys", "/admin/packages/summary?movement=HK-2024&asOf=2024-09-30", "/admin/packages/expected?movement=HK-2024&asOf=2024-09-30",
		"/admin/figures/found?asOf=2024-09-30", "/admin/figures/adoptions", "/admin/sessions", "/admin/password", "/login",
		"/admin/nowhere",
		"/admin/people", "/admin/people/{account}", "/admin/people/{account}/letters", "/admin/people/{account}/close", "/admin/profile", "/admin/profile/letters", "/admin/privacy", "/admin/privacy/exemplars/{exemplar}", "/admin/terms", "/admin/delegations",
		"/introduce", "/introductions/{told}?sent=1", "/admin/introductions", "/admin/introductions/new", "/admin/introductions/{introduction}", "/admin/nurture", "/admin/nurture/{exemplar}",
		"/opinions/{receipt}?sent=1", "/admin/opinions", "/admin/opinions?tab=passed", "/admin/opinions?tab=aside",
		"/admin/opinions/blocks", "/admin/outbox", "/admin/outbox/{letter}", "/admin/outbox?state=failed", "/admin/ratings", "/admin/ratings?reason=brigade", "/admin/ratings/{article}",
		"/admin/entries?movement=HK-2024", "/admin/entries?movement=HK-2024&q=xyz&kind=household", "/admin/entries?movement=HK-2024&tab=typical&panel=cols&cols=status,title,subject,tags,focus,late,address", "/admin/entries/{entry}", "/admin/entries/{waiting}",
		"/admin/entries/new?movement=HK-2024", "/admin/entries/{entry}/edit", "/admin/entries/{waiting}/return", "/admin/entries/{mended}", "/admin/entries/{mended}/returns", "/admin/drafts", "/admin/drafts/00000000-0002", "/admin/forms/blank", "/admin/forms/{entry}", "/admin/tags", "/admin/tags/{tag}", "/admin/entries/{entry}/adopt",
		"/admin/entries/{entry}/reclassify", "/admin/entries/{entry}/consent", "/admin/entries/{entry}/files", "/admin/entries/{entry}/photos/new", "/admin/exemplars/{exemplar}", "/admin/exemplars/new",
		"/admin/units", "/admin/units/{unit}", "/admin/units/{unit}/letterhead", "/admin/places", "/admin/units/new", "/admin/units/reorganise", "/admin/units/{unit}/rename",
		"/admin/routes", "/admin/routes/new", "/admin/routes/{route}", "/admin/routes/{route}/edit", "/admin/routes/{route}/steps", "/admin/routes/{route}/on",
		"/admin/routes/{route}/try?entry={waiting}", "/admin/reviews", "/admin/reviews/away", "/admin/reviews/{case}", "/admin/entries/{routed}",
		"/admin/appraisals", "/admin/appraisals/silent", "/admin/appraisals/notes", "/admin/appraisals/notes/{note}", "/admin/appraisals/notes/{note}/return",
		"/admin/appraisals/entries/{told}", "/admin/appraisals/entries/{told}/note", "/admin/appraisals/entries/{told}/score?by=verified", "/admin/appraisals/entries/{told}/verdict", "/admin/appraisals/entries/{scored}", "/admin/appraisals/entries/{scored}/score?by=self", "/admin/appraisals/entries/{scored}/score?by=final", "/admin/appraisals/verdicts?entry={told}",
		"/admin/appraisals/papers", "/admin/appraisals/papers/new?kind=appraisal&entry={told}", "/admin/appraisals/papers/{minutes}", "/admin/appraisals/papers/{minutes}/void",
		"/admin/visits", "/admin/visits/new?entry={told}", "/admin/visits/{visit}", "/admin/visits/{visit}/sheets/{told}", "/admin/visits/{visit}/sheets/{told}/paper",
		"/admin/visits/{visit}/sheets/{told}/paper?blank=1", "/admin/appraisals/proposals",
		"/admin/movements", "/admin/movements/{movement}", "/admin/movements/new", "/admin/movements/{movement}/edit", "/admin/movements/{movement}/periods/new",
		"/admin/movements/{movement}/papers/new",
		"/admin/movements/{movement}/criteria", "/admin/movements/{movement}/criteria/{subjects}/sheet", "/admin/movements/{movement}/criteria/{subjects}/compare",
		"/admin/movements/{movement}/criteria/{subjects}/edit", "/admin/movements/{movement}/criteria/household/enforce", "/admin/movements/{movement}/criteria/household/drop",
		"/admin/movements/{movement}/targets", "/admin/movements/{movement}/targets/edit", "/admin/movements/{movement}/calendar",
		"/admin/movements/{movement}/phases/new", "/admin/movements/{movement}/phases/{phase}", "/admin/movements/{movement}/phases/{phase}/reopen",
		"/admin/movements/{movement}/phases/{phase}/remove", "/admin/movements/{movement}/duties/new", "/admin/movements/{movement}/duties/{duty}",
		"/admin/movements/{movement}/clone", "/admin/holidays?year=2024",
		"/admin/conferences", "/admin/conferences/{conference}", "/admin/conferences/new?movement={movement}", "/admin/conferences/{conference}/sheet",
		"/admin/conferences/{conference}/edit", "/admin/conferences/{conference}/programme", "/admin/conferences/{conference}/speeches",
		"/admin/conferences/{conference}/honoured", "/admin/conferences/{conference}/move/reopen", "/admin/conferences/{conference}/papers/new",
		"/admin/conferences/{conference}/call", "/admin/conferences/{conference}/projector", "/admin/conferences/{conference}/projector#p1", "/admin/conferences/{conference}/announcer#p2",
		"/admin/conferences/{conference}/seating", "/admin/conferences/{conference}/seating/edit",
		"/admin/conferences/{conference}/invitations", "/admin/conferences/{conference}/invitations/new", "/admin/conferences/{conference}/invitations/units",
		"/admin/conferences/{conference}/invitations/{invitation}", "/admin/articles/new?conference={conference}",
		"/admin/decisions", "/admin/decisions/{decision}", "/admin/decisions/new", "/admin/decisions/{decision}/give", "/admin/awards/{award}/revoke", "/admin/awards/{award}/void",
		"/articles", "/articles?category=practice", "{story}", "{story}?rated=4", "/admin/articles", "/admin/articles/{article}", "/admin/articles/new",
		"/admin/articles/{article}/edit", "/admin/articles/{article}/archive", "{illustrated}", "/admin/articles/{illustrated-id}", "/admin/articles/{illustrated-id}/edit",
		"/admin/articles/{illustrated-id}/photos/new", "/admin/articles/{illustrated-id}/photos/{photo}", "/admin/articles/{illustrated-id}/photos/{photo}/withdraw",
		"/admin/articles/{illustrated-id}/preview", "/admin/articles/{illustrated-id}/preview?width=1280", "/admin/articles/{illustrated-id}/versions/1",
		"/preview/articles/{illustrated-id}", "/admin/articles/new?decision={decision}",
	}
}

// TestPagesInABrowser looks at every page in both languages, at both widths, light and
// dark: nothing scrolls sideways, and axe and the Nu validator find nothing.
func TestPagesInABrowser(t *testing.T) {
	browsertest.Need(t)
	t.Parallel()
	h := apptest.Sample(t, db.SQLite)
	site := apptest.Serve(t, h)
	paths := map[string]string{}
	for range 2 { // to find what a page shows something may have to be done, after which others show something else
		for _, page := range pages() {
			paths[page] = fill(t, h, page)
		}
	}
	for _, lang := range []string{"vi", "en"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			lookAtAll(t, site, lang, paths)
		})
	}
}

// lookAtAll looks at every page in one language.
func lookAtAll(t *testing.T, site *httptest.Server, lang string, paths map[string]string) {
	t.Helper()
	b := browsertest.Open(t)
	officer, visitor := apptest.As(t, site, "canbo"), apptest.Visitor(t, site)
	officer.Speak(lang)
	visitor.Speak(lang)
	html := map[string]string{}
	for _, page := range pages() {
		who, path := officer, paths[page]
		if page == "/login" {
			who = visitor
		}
		name := strings.NewReplacer("/", "-", "?", "-", "=", "-", "{", "", "}", "").Replace("page" + page + "-" + lang)
		html[name] = who.Get(path).Body
		b.Cookies(t, who.Jar(), site.URL)
		for _, width := range browsertest.Widths() {
			t.Run(name+"-"+strconv.FormatInt(width, 10), func(t *testing.T) { b.Look(t, site.URL+path, width, name) })
		}
	}
	browsertest.Nu(t, html)
}

// fill puts records of the sample into the address of a page.
func fill(t *testing.T, h *app.House, page string) string {
	t.Helper()
	published, err := h.Practices.Published(t.Context(), practice.PublicQuery{Limit: 1})
	if err != nil || len(published.Rows) == 0 {
		t.Fatalf("nothing is published: %v", err)
	}
	e, err := h.Practices.PublishedEntry(t.Context(), published.Rows[0].Code)
	if err != nil {
		t.Fatal(err)
	}
	waiting, err := h.Practices.List(t.Context(), h.System(), practice.Query{Period: e.Period, Tab: practice.TabWaiting, Slice: ledger.Slice{Limit: 1}})
	if err != nil || len(waiting.Rows) == 0 {
		t.Fatalf("nothing waits: %v", err)
	}
	decisions, err := h.Movements.Decisions(t.Context(), h.System(), apptest.Day("2024-10-17"), 1)
	if err != nil || len(decisions) == 0 {
		t.Fatalf("nothing is decided: %v", err)
	}
	awards, err := h.Awards.Under(t.Context(), h.System(), decisions[0].ID)
	if err != nil || len(awards) == 0 {
		t.Fatalf("nobody is awarded: %v", err)
	}
	stories, _, err := h.Press.Published(t.Context(), press.Page{Limit: 1})
	if err != nil || len(stories) == 0 {
		t.Fatalf("no article is published: %v", err)
	}
	path := "/practices/" + e.Code + "/" + viet.Slug(e.Title)
	gone := takenDown(t, h, page)
	receipt := talkedAbout(t, h, stories[0].ID, page)
	illustrated, photo := illustratedArticle(t, h)
	meeting, invitation := sampleConference(t, h)
	route, onWay := sampleRoute(t, h)
	letter := letterOf(t, h, stories[0].ID, page)
	phase, duty := plannedIn(t, h)
	mended, tag := mendedEntry(t, h, page)
	note, told, minutes, visit := appraised(t, h)
	toldCode, introduction := introductionOf(t, h, page)
	return strings.NewReplacer(
		"{scored}", scored(t, h, page), "{recognising}", recognising(t, h, page), "{own}", ownTemplate(t, h, page), "/versions/{template}", "/versions/"+ownTemplate(t, h, page),
		"/{sort}/{about}", "/plan/"+sample.Movement, "/of/{sort}", "/of/plan",
		"{note}", note, "{told}", told, "{minutes}", minutes, "/appraisals/papers/{paper}", "/appraisals/papers/"+minutes, "{visit}/sheets/{code}", visit+"/sheets/"+told, "{visit}", visit,
		"/conferences/{conference}/papers/{paper}", "/conferences/"+meeting.ID+"/papers/"+meeting.Papers[0].ID, "{conference}", meeting.ID, "{invitation}", invitation, "{verb}", "reopen",
		"{illustrated}", illustrated.Path(), "{illustrated-id}", illustrated.ID, "/articles/{article}/photos/{photo}", "/articles/"+illustrated.ID+"/photos/"+photo,
		"{photo}", photo, "/versions/{version}", "/versions/1", "{width}", "960", "{hash}", strings.Repeat("0", 64), "{file}", "960.jpg",
		"/articles/{name}", stories[0].Path(), "{story}", stories[0].Path(), "{article}", stories[0].ID, "{step}", "archive", "{receipt}", receipt,
		"{letter}", letter, "{account}", accountOf(t, h), "{grant}", "gone", "{told}", toldCode, "{introduction}", introduction, "/introductions/{code}", "/introductions/"+toldCode, "{route}", route, "{case}", onWay.Case, "{routed}", onWay.Subject.Code, "{away}", "0", "{phase}", phase, "{duty}", duty, "{subjects}", "collective", "{mended}", mended, "{tag}", tag, "/tags/{id}", "/tags/"+tag, "/drafts/{id}", "/drafts/00000000-0002", "/forms/{code}", "/forms/"+e.Code,
		"{decision}", decisions[0].ID, "{movement}", sample.Movement, "{award}", awards[0].ID, "{unit}", sample.CodeWard,
		"/units/{code}", "/units/"+sample.CodeWard,
		"{practice}", path, "{gone}", gone, "{entry}", e.Code, "{waiting}", waiting.Rows[0].Code, "{exemplar}", e.Exemplar,
		"/entries/{code}", "/entries/"+e.Code, "/exemplars/{id}", "/exemplars/"+e.Exemplar,
	).Replace(page)
}

// recognising is a decision that recognises something, where a page shows one.
func recognising(t *testing.T, h *app.House, page string) string {
	t.Helper()
	if !strings.Contains(page, "{recognising}") {
		return ""
	}
	all, err := h.Papers.Candidates(t.Context(), h.System(), paper.RecognitionDecision)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if under, err := h.Practices.Under(t.Context(), h.System(), c.ID); err == nil && len(under[ledger.Recognised]) > 0 {
			return c.ID
		}
	}
	t.Fatal("nothing is recognised")
	return ""
}

// ownTemplate is a template of the ward, where a page shows one: one is put up where there is none.
func ownTemplate(t *testing.T, h *app.House, page string) string {
	t.Helper()
	if !strings.Contains(page, "{own}") && !strings.Contains(page, "/versions/{template}") {
		return ""
	}
	at := paper.TemplateAt{Unit: sample.CodeWard, Kind: paper.Plan, Profile: rulebook.StateProfile}
	all, err := h.Papers.Templates(t.Context(), h.System(), at.Unit, at.Kind)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) > 0 {
		return all[0].ID
	}
	_, content, err := h.Papers.OpenShipped(t.Context(), h.System(), at)
	if err != nil {
		t.Fatal(err)
	}
	made, err := h.Papers.Upload(t.Context(), h.System(), at, &paper.File{Name: "Kế hoạch của phường.docx", Content: bytes.NewReader(content), Size: int64(len(content))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Papers.Try(t.Context(), h.System(), made.ID, paper.About{ID: sample.Movement}); err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// sampleRoute is the route of the sample, and a case on it that waits for the officer.
func sampleRoute(t *testing.T, h *app.House) (string, review.Waiting) {
	t.Helper()
	routes, err := h.Reviews.Routes(t.Context(), h.System())
	if err != nil || len(routes) == 0 {
		t.Fatalf("there is no route: %v", err)
	}
	officer, err := h.Identity.ActorByLogin(t.Context(), "canbo", actor.CommandLine, "")
	if err != nil {
		t.Fatal(err)
	}
	all, err := h.Reviews.Waiting(t.Context(), officer)
	if err != nil || len(all) == 0 {
		t.Fatalf("nothing waits on the route: %v", err)
	}
	return routes[0].ID, all[0]
}

// accountOf is the account of the sample's leader.
func accountOf(t *testing.T, h *app.House) string {
	t.Helper()
	a, err := h.Identity.ByLogin(t.Context(), h.System(), "lanhdao")
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

// introductionOf is what a visitor tells of an exemplar where a page is about it: the code
// of its receipt, and its identity.
func introductionOf(t *testing.T, h *app.House, page string) (code, introduction string) {
	t.Helper()
	if !strings.Contains(page, "/introductions/{") {
		return "", ""
	}
	code, err := h.Nurture.Tell(t.Context(), nurture.Input{
		Name: "Bà Lê Thị Sen", Kind: ledger.Individual, Unit: sample.CodeWard, Doing: "Nấu cháo sáng cho người bệnh nghèo từ năm 2019.", Agreed: true,
		Network: press.NewDevice(),
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := h.Nurture.Queue(t.Context(), h.System(), nurture.Waiting)
	if err != nil || len(all) == 0 {
		t.Fatalf("nothing was told: %v", err)
	}
	return code, all[0].ID
}

// plannedIn is a phase and a duty of the sample.
func plannedIn(t *testing.T, h *app.House) (phase, duty string) {
	t.Helper()
	m, err := h.Movements.Get(t.Context(), h.System(), sample.Movement)
	if err != nil {
		t.Fatal(err)
	}
	c, err := h.Movements.Calendar(t.Context(), h.System(), m.Code, m.Periods[0].No)
	if err != nil || len(c.Phases) == 0 || len(c.Duties) == 0 {
		t.Fatalf("nothing is planned: %v", err)
	}
	return c.Phases[0].ID, c.Duties[0].ID
}

// mendedEntry is an entry that was sent back and came in again, and a tag, where a page shows
// one.
func mendedEntry(t *testing.T, h *app.House, page string) (code, tag string) {
	t.Helper()
	if !strings.Contains(page, "{mended}") && !strings.Contains(page, "/tags/") {
		return "", ""
	}
	all, err := h.Practices.Tags(t.Context(), h.System(), sample.Movement)
	if err != nil || len(all) == 0 {
		t.Fatalf("there is no tag: %v", err)
	}
	for _, one := range all {
		m, err := h.Movements.Get(t.Context(), h.System(), sample.Movement)
		if err != nil {
			t.Fatal(err)
		}
		list, err := h.Practices.List(t.Context(), h.System(), practice.Query{Period: m.Periods[0].No, Tag: one.ID, Tab: practice.TabAll, Slice: ledger.Slice{Limit: 1}})
		if err != nil {
			t.Fatal(err)
		}
		if len(list.Rows) > 0 {
			return list.Rows[0].Code, one.ID
		}
	}
	t.Fatal("no entry has a tag")
	return "", ""
}

// letterOf is a letter in the outbox, where a page shows some: one is written where there is
// none.
func letterOf(t *testing.T, h *app.House, article, page string) string {
	t.Helper()
	if !strings.HasPrefix(page, "/admin/outbox") {
		return ""
	}
	all, _, err := h.Outbox.List(t.Context(), h.System(), outbox.Query{State: outbox.Waiting, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) > 0 {
		return all[0].ID
	}
	_, err = h.Press.Say(t.Context(), press.OpinionInput{
		Article: article, Name: "Trần Thị Lụa", Text: "Tổ tôi muốn học cách làm này, mã " + press.NewDevice(), Wanted: true, Email: "lua@example.vn", Network: press.NewDevice(),
	})
	if err != nil {
		t.Fatal(err)
	}
	queue := waiting(t, h, press.TabWaiting)
	if err := h.Press.AnswerOpinion(t.Context(), h.System(), queue[len(queue)-1].ID, press.OpinionWaiting, "Mời bà liên hệ tổ trưởng, chiều thứ Năm hằng tuần."); err != nil {
		t.Fatal(err)
	}
	return letterOf(t, h, article, page)
}

// takenDown takes a published practice down where a page is about it, and gives its
// address.
func takenDown(t *testing.T, h *app.House, page string) string {
	t.Helper()
	if page != "{gone}" {
		return ""
	}
	all, err := h.Practices.Published(t.Context(), practice.PublicQuery{Sort: ledger.ByName, Limit: 1})
	if err != nil || len(all.Rows) == 0 {
		t.Fatalf("nothing is published: %v", err)
	}
	if err := h.Practices.Consent(t.Context(), h.System(), all.Rows[0].Entry, practice.Agreement{Reason: "Gỡ theo đề nghị của đơn vị."}); err != nil {
		t.Fatal(err)
	}
	return "/practices/" + all.Rows[0].Code
}

// sampleConference is the wrap-up of the sample, and one of its invitations.
func sampleConference(t *testing.T, h *app.House) (conference.Conference, string) {
	t.Helper()
	all, _, err := h.Conferences.List(t.Context(), h.System(), conference.Query{Movement: sample.Movement, Limit: 1})
	if err != nil || len(all) == 0 {
		t.Fatalf("there is no conference: %v", err)
	}
	c, err := h.Conferences.Get(t.Context(), h.System(), all[0].ID)
	if err != nil || len(c.Papers) == 0 {
		t.Fatalf("the conference has no paper: %v", err)
	}
	invited, _, _, err := h.Conferences.Invitations(t.Context(), h.System(), conference.InvitationQuery{Conference: c.ID, Limit: 1})
	if err != nil || len(invited) == 0 {
		t.Fatalf("nobody is invited: %v", err)
	}
	return c, invited[0].ID
}

// illustratedArticle is an article of the sample with photos, and its first photo: the one
// about the conference or, where an attack has changed it, any other; else the newest.
func illustratedArticle(t *testing.T, h *app.House) (press.Headline, string) {
	t.Helper()
	var newest press.Headline
	for _, words := range []string{"hội nghị tổng kết", ""} {
		all, _, err := h.Press.Published(t.Context(), press.Page{Words: words, Limit: press.MaxPage})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			if newest = all[0]; len(a.Photo.Sizes) > 0 {
				return a, a.Photo.ID
			}
		}
	}
	return newest, "gone"
}

// appraised names a note of the sample that waits, its entry, minutes and a visit.
func appraised(t *testing.T, h *app.House) (note, told, minutes, visit string) {
	t.Helper()
	notes, rows, err := h.Appraisals.Waiting(t.Context(), h.System())
	if err != nil || len(notes) == 0 {
		t.Fatalf("no note waits: %v", err)
	}
	m, err := h.Movements.Get(t.Context(), h.System(), sample.Movement)
	if err != nil {
		t.Fatal(err)
	}
	papers, _, err := h.Appraisals.Papers(t.Context(), h.System(), appraisal.Page{Period: m.Periods[0].No})
	if err != nil || len(papers) == 0 {
		t.Fatalf("there is no paper: %v", err)
	}
	i := slices.IndexFunc(papers, func(p appraisal.Paper) bool { return p.Count < 10 })
	visits, _, err := h.Appraisals.Visits(t.Context(), h.System(), appraisal.Page{Period: m.Periods[0].No})
	if err != nil || len(visits) == 0 {
		t.Fatalf("there is no visit: %v", err)
	}
	return notes[0].ID, rows[notes[0].Entry].Code, papers[max(i, 0)].ID, visits[0].ID
}

// scored is the code of the first entry of the sample to which every hand has given points.
func scored(t *testing.T, h *app.House, page string) string {
	t.Helper()
	if !strings.Contains(page, "{scored}") {
		return "gone"
	}
	m, err := h.Movements.Get(t.Context(), h.System(), sample.Movement)
	if err != nil {
		t.Fatal(err)
	}
	list, err := h.Practices.List(t.Context(), h.System(), practice.Query{
		Period: m.Periods[0].No, Tab: practice.TabInProgress, Kind: ledger.Collective, Slice: ledger.Slice{Sort: ledger.ByName, Limit: 1},
	})
	if err != nil || len(list.Rows) == 0 {
		t.Fatalf("nothing is scored: %v", err)
	}
	return list.Rows[0].Code
}
