package app_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/appraisal"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/award"
	"github.com/nhanrong/nhanrong/internal/domain/draft"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/nurture"
	"github.com/nhanrong/nhanrong/internal/domain/org"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// theirs marks everything of ward W2: nobody of ward W1 may ever read it.
const theirs = "RIÊNG PHƯỜNG HAI"

// twoWards is a small house in which each ward has its records, an officer (canbo1,
// canbo2) and a reporter (phuong1, phuong2).
type twoWards struct {
	apptest.Small
	t    *testing.T
	site *httptest.Server
	// records of W2, by the names that routes give them
	entry            practice.Entry
	decision, award  string
	decision1, mine1 string // a decision and an entry of W1
	route, onWay     string // a route and a case on it
	away             string
}

func newTwoWards(t *testing.T, d *db.DB) *twoWards {
	t.Helper()
	w := &twoWards{Small: apptest.NewSmall(t, d), t: t}
	w.accounts()
	ours := apptest.Registration()
	w.mine1 = w.Recognised(ours, "01/QĐ-1").Code
	in := apptest.Registration()
	in.Unit, in.Title, in.Subject, in.Parts.Goals = "W2.G", "Mô hình "+theirs, "Tổ "+theirs, theirs
	w.entry = w.Recognised(in, "02/QĐ-2")
	ctx, system := t.Context(), w.System()
	w.decision1 = w.decide("W1", "11/QĐ-UBND", "Quyết định của phường Một")
	w.decision = w.decide("W2", "12/QĐ-UBND", "Quyết định "+theirs)
	_, err := w.Practices.Find(ctx, system, practice.ExemplarInput{
		Movement: "M-2024", On: apptest.Day("2024-09-02"), Name: "Người " + theirs, Kind: ledger.Individual, Unit: "W2", Field: "economy",
	})
	w.Must(err)
	given, err := w.Awards.Give(ctx, system, award.Input{
		Kind: award.Given, Movement: "M-2024", Decision: w.decision, Track: "state", Form: "giayKhen",
		Recipients: []award.Recipient{{Exemplar: w.entry.Exemplar, Entry: w.entry.ID, Achievement: theirs}},
	})
	w.Must(err)
	w.award = given[0].ID
	w.reviews(in)
	w.site = apptest.Serve(t, w.House)
	return w
}

// reviews draws a route for W2, puts an entry on it and lets the officer there be away.
func (w *twoWards) reviews(in practice.Input) {
	w.t.Helper()
	ctx, system := w.t.Context(), w.System()
	r, err := w.Reviews.Create(ctx, system, review.Input{Name: "Quy trình " + theirs, Purpose: review.Registration, Movement: "M-2024", Unit: "W2"})
	w.Must(err)
	w.Must(w.Reviews.Draw(ctx, system, r.ID, r.Version, review.Plan{Steps: []review.Step{{
		Name: "Xét " + theirs, Return: true, Refuse: true, Groups: []review.Group{{At: review.AtAbove, Level: org.Commune, Rule: review.Any}},
	}}}))
	w.Must(w.Reviews.SwitchOn(ctx, system, r.ID, r.Version+1))
	in.Title = "Đang xét " + theirs
	c, ok, err := w.Reviews.Latest(ctx, system, practice.SubjectEntry, w.Register(in).ID)
	w.Must(err)
	if !ok {
		w.t.Fatal("the entry is on no route")
	}
	who, err := w.Identity.ActorByLogin(ctx, "canbo2", "", "")
	w.Must(err)
	a, err := w.Reviews.Delegate(ctx, who, review.AwayInput{StandIn: "phuong2", From: w.Now.Today(), To: w.Now.Today() + 1})
	w.Must(err)
	w.route, w.onWay, w.away = r.ID, c.ID, a.ID
}

func (w *twoWards) decide(authority, number, title string) string {
	w.t.Helper()
	d, err := w.Movements.Decide(w.t.Context(), w.System(), movement.DecisionInput{
		Paper: ledger.PaperDecision, Number: number, Authority: authority, Level: org.Commune, SignedOn: apptest.Day("2024-09-10"), Title: title,
	})
	w.Must(err)
	return d.ID
}

func (w *twoWards) accounts() {
	w.t.Helper()
	_, err := w.Identity.Bootstrap(w.t.Context(), "quantri", "Quản trị", sample.Password)
	w.Must(err)
	tree, err := w.Org.Current(w.t.Context())
	w.Must(err)
	for login, at := range map[string][2]string{
		"canbo1": {app.RoleOfficer, "W1"}, "phuong1": {app.RoleReporter, "W1"}, "canbo2": {app.RoleOfficer, "W2"}, "phuong2": {app.RoleReporter, "W2"},
	} {
		unit, _ := tree.ByCode(at[1])
		name := "Người phường Một"
		if at[1] == "W2" {
			name = "Cán bộ " + theirs
		}
		_, err := w.Identity.Create(w.t.Context(), w.System(), identity.Input{
			Login: login, Name: name, Unit: unit.ID, Password: sample.Password, Settled: true,
			Grants: []identity.GrantInput{{Role: at[0], Unit: unit.ID}},
		})
		w.Must(err)
	}
}

// grantOf is the first role of an account.
func (w *twoWards) grantOf(account string) string {
	w.t.Helper()
	a, err := w.Identity.Get(w.t.Context(), w.System(), account)
	w.Must(err)
	return a.Grants[0].ID
}

// appraised is a note, a paper and a visit of W2.
func (w *twoWards) appraised() (note, paper, visit string) {
	w.t.Helper()
	ctx, system := w.t.Context(), w.System()
	n, err := w.Appraisals.Report(ctx, system, appraisal.NoteInput{Entry: w.entry.ID, Kind: appraisal.Progress, On: apptest.Day("2024-09-02"), Text: theirs})
	w.Must(err)
	p, err := w.Appraisals.Record(ctx, system, appraisal.PaperInput{
		Kind: appraisal.Submission, Unit: "W2", On: apptest.Day("2024-09-02"), Chair: theirs, Entries: []appraisal.PaperEntry{{Entry: w.entry.ID}},
	})
	w.Must(err)
	v, err := w.Appraisals.Plan(ctx, system, appraisal.VisitInput{Unit: "W2", On: apptest.Day("2024-09-02"), Goers: theirs, Entries: []string{w.entry.ID}})
	w.Must(err)
	return n.ID, p.ID, v.ID
}

// told is an introduction of W2.
func (w *twoWards) told() string {
	w.t.Helper()
	x, err := w.Nurture.Introduce(w.t.Context(), w.System(), nurture.Input{
		Name: "Người " + theirs, Kind: ledger.Individual, Unit: "W2.G", Doing: "Việc làm " + theirs + " từ năm 2019.",
	})
	w.Must(err)
	return x.ID
}

// records counts the records of the audit: nothing may have been written.
func (w *twoWards) records() int {
	w.t.Helper()
	v, err := audit.Verify(w.t.Context(), w.DB)
	w.Must(err)
	return v.Records
}

// TestNobodyActsOnAnotherWard takes every address that names a record, of every face,
// and asks and posts there for the records of another ward: it is as if they were not.
func TestNobodyActsOnAnotherWard(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTwoWards(t, d)
		other := apptest.As(t, w.site, "canbo2")
		who, err := w.Identity.ActorByLogin(t.Context(), "canbo2", "", "")
		w.Must(err)
		sessions, err := w.Identity.Sessions(t.Context(), who, "")
		w.Must(err)
		_, err = w.Drafts.Save(t.Context(), who, "0000-0001", 0, draft.Input{Movement: "M-2024", Form: draft.Form{"title": {theirs}}})
		w.Must(err)
		note, paper, visit := w.appraised()
		view, err := w.Worklist.SaveView(t.Context(), who, worklist.ViewInput{Name: theirs, Shared: true})
		w.Must(err)
		theirIDs := strings.NewReplacer(
			"{note}", note, "/appraisals/papers/{paper}", "/appraisals/papers/"+paper, "{visit}/sheets/{code}", visit+"/sheets/"+w.entry.Code, "{visit}", visit,
			"/drafts/{id}", "/drafts/0000-0001", "/forms/{code}", "/forms/"+w.entry.Code,
			"/entries/{code}", "/entries/"+w.entry.Code, "/exemplars/{id}", "/exemplars/"+w.entry.Exemplar, "/units/{code}", "/units/W2.G",
			"{decision}", w.decision, "{award}", w.award, "{act}", w.entry.Standing.Acts[len(w.entry.Standing.Acts)-1].ID,
			"/sessions/{id}", "/sessions/"+sessions[0].ID, "{route}", w.route, "{case}", w.onWay, "{away}", w.away, "{view}", view.ID, "{account}", who.Account, "{grant}", w.grantOf(who.Account), "{introduction}", w.told(), "/nurture/{exemplar}", "/nurture/"+w.entry.Exemplar, "/privacy/exemplars/{exemplar}", "/privacy/exemplars/"+w.entry.Exemplar,
		)
		for _, login := range []string{"canbo1", "phuong1"} {
			client := newAttacker(t, w.House, login) // whose posts are bounded by no address
			before, walked := w.records(), 0
			for _, rt := range apptest.Web(t, w.House).Routes {
				path := theirIDs.Replace(rt.Pattern)
				if path == rt.Pattern || strings.Contains(path, "{") || rt.Public {
					continue
				}
				walked++
				got := client.Get(path)
				if rt.Method != http.MethodGet {
					got = client.do(rt.Method, path, sure().Encode(), formType)
				}
				above := rt.Right != "" && !slices.Contains(app.Roles()[app.RoleOfficer], rt.Right) // an officer is refused before anything is looked up
				if got.Status != http.StatusNotFound && (got.Status != http.StatusForbidden || login == "canbo1" && !above) {
					t.Errorf("%s gets %d for %s %s", login, got.Status, rt.Method, path)
				}
				if strings.Contains(got.Body, theirs) {
					t.Errorf("%s reads what is not his at %s", login, path)
				}
			}
			if walked < 30 {
				t.Errorf("only %d addresses were walked", walked)
			}
			if after := w.records(); after != before {
				t.Errorf("%s wrote %d times into another ward", login, after-before)
			}
		}
		if got := other.Get("/admin/sessions").Status; got != http.StatusOK {
			t.Errorf("a stranger ended a session: %d", got)
		}
	})
}

// sure is a form that would be done if it were allowed.
func sure() url.Values {
	return url.Values{
		"on": {"2024-10-01"}, "reason": {"Thử"}, "sure": {"1"}, "note": {"Thử"}, "agreed": {"1"}, "period": {"1"}, "name": {"Tên khác"},
		"parent": {"W1"}, "tree": {"state"}, "unit": {"W1.G"}, "field": {"economy"}, "kind": {"collective"}, "origin": {"new"},
		"title": {"Cướp lấy"}, "version": {"1"}, "entry": {"M-0001"}, "codes": {"M-0001"}, "form": {"praise"}, "sourceText": {"x"}, "sourcePlace": {"y"},
		"mode": {"exact"}, "startedOn": {"2024-10-01"}, "achievement": {"x"},
	}
}

// TestNothingIsDoneToAnotherWardByItsCode posts forms of one's own ward that name
// records of another in their fields.
func TestNothingIsDoneToAnotherWardByItsCode(t *testing.T) {
	alone(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTwoWards(t, d)
		client := apptest.As(t, w.site, "canbo1")
		with := func(pairs ...string) url.Values {
			v := sure()
			for i := 0; i < len(pairs); i += 2 {
				v.Set(pairs[i], pairs[i+1])
			}
			return v
		}
		before := w.records()
		for _, c := range []struct {
			path string
			form url.Values
		}{
			{"/admin/entries/new", with("movement", "M-2024", "unit", "W2.G", "subject", "Ai đó", "on", "2024-10-01")},
			{"/admin/entries/new", with("movement", "M-2024", "unit", "W1.G", "subject", "Ai đó", "origin", "continued", "practice", w.entry.Code)},
			{"/admin/entries/steps", url.Values{"step": {"end"}, "period": {"1"}, "sure": {"1"}, "on": {"2024-10-01"}, "reason": {"x"}, "id": {w.entry.ID}}},
			{"/admin/exemplars/new", with("movement", "M-2024", "unit", "W2.G")},
			{"/admin/decisions/new", url.Values{"paper": {"decision"}, "number": {"99"}, "authority": {"W2"}, "signedOn": {"2024-09-10"}, "title": {"x"}}},
			{"/admin/decisions/" + w.decision1 + "/recognise", url.Values{"codes": {w.entry.Code}, "sure": {"1"}}},
			{"/admin/decisions/" + w.decision1 + "/typical", url.Values{"entry": {w.entry.ID}, "sure": {"1"}}},
			{"/admin/decisions/" + w.decision1 + "/give", url.Values{"codes": {w.entry.Code}, "form": {"praise"}, "sure": {"1"}}},
			{"/admin/units/new", url.Values{"code": {"W2.X"}, "name": {"x"}, "kind": {"other"}, "from": {"2024-01-01"}, "state": {"W2"}, "counting": {"state"}, "sure": {"1"}}},
			{"/admin/units/W1.G/move", with("parent", "W2")},
			{"/admin/units/reorganise", url.Values{"kind": {"abolish"}, "on": {"2024-10-01"}, "from0": {"W2.G"}, "sure": {"1"}}},
			{"/admin/movements/M-2024/periods/new", url.Values{"periodName": {"x"}, "from": {"2025-01-01"}, "to": {"2025-12-31"}, "sure": {"1"}}},
			{"/admin/entries/" + w.mine1 + "/reclassify", with("unit", "W2.G")},
			{"/admin/entries/" + w.mine1 + "/edit", with("unit", "W2.G")},
		} {
			a := client.Post(c.path, c.form)
			if a.Status < 400 || a.Status >= 500 {
				t.Errorf("%s %v is answered %d to %s", c.path, c.form, a.Status, a.Location)
			}
			if strings.Contains(a.Body, theirs) {
				t.Errorf("%s tells of another ward", c.path)
			}
		}
		if after := w.records(); after != before {
			t.Errorf("%d writes into another ward", after-before)
		}
	})
}

// TestPagesShowOnesOwnWardOnly follows every link from the start page, as an officer and
// as a reporter of one ward: no list, count, figure or drill list tells of another.
func TestPagesShowOnesOwnWardOnly(t *testing.T) {
	alone(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTwoWards(t, d)
		for _, login := range []string{"canbo1", "phuong1"} {
			client := apptest.As(t, w.site, login)
			pages := crawl(t, client, "/admin", 250)
			for path, a := range pages {
				if a.Status >= 400 {
					t.Errorf("%s: a link leads to %s, which answers %d", login, path, a.Status)
				}
				if i := strings.Index(a.Body, theirs); i >= 0 {
					t.Errorf("%s reads at %s: …%s", login, path, a.Body[max(0, i-200):i+40])
				}
			}
			if len(pages) < 25 {
				t.Errorf("only %d pages were found", len(pages))
			}
			if got := pages["/admin/entries"].Body; !strings.Contains(got, w.mine1) {
				t.Error("one's own entry is not listed")
			}
		}
		own, err := w.Reports.Report(t.Context(), w.At(app.RoleOfficer, "W1"), report.Query{Movement: "M-2024", List: true})
		w.Must(err)
		if n := own.Figures.Get(ledger.FigureRegistered).Total; n != 1 {
			t.Errorf("a ward's report counts %d", n)
		}
	})
}

// crawl gets every page of the house that links lead to.
func crawl(t *testing.T, client *apptest.Client, from string, most int) map[string]apptest.Answer {
	t.Helper()
	pages, waiting := map[string]apptest.Answer{}, []string{from}
	for len(waiting) > 0 && len(pages) < most {
		path := waiting[0]
		waiting = waiting[1:]
		if _, known := pages[path]; known {
			continue
		}
		pages[path] = client.Get(path)
		for n := range nodes(t, pages[path].Body) {
			if href, ok := attr(n, "href"); ok && n.Data == "a" && strings.HasPrefix(href, "/") {
				href, _, _ = strings.Cut(href, "#")
				waiting = append(waiting, href)
			}
		}
	}
	return pages
}

// TestThePortalShowsWhatIsRecognisedAndAgreed, and nothing else, by list and by address.
func TestThePortalShowsWhatIsRecognisedAndAgreed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTwoWards(t, d)
		ctx, system := t.Context(), w.System()
		in := apptest.Registration()
		in.Title = "Chưa được công nhận"
		waiting := w.Register(in)
		w.Must(w.Practices.Consent(ctx, system, waiting.ID, practice.Agreement{Agreed: true, Note: "Đã hỏi"}))
		visitor := apptest.Visitor(t, w.site)
		shown := func(code, title string) bool {
			byAddress := visitor.Get("/practices/" + code + "/" + viet.Slug(title)).Status
			listed := strings.Contains(visitor.Get("/").Body, title)
			if listed != (byAddress == http.StatusOK) {
				t.Errorf("%s is listed: %t, its address answers %d", code, listed, byAddress)
			}
			return listed
		}
		if shown(waiting.Code, in.Title) || shown(w.entry.Code, w.entry.Title) {
			t.Error("what is not recognised, or not agreed to, is public")
		}
		w.Must(w.Practices.Consent(ctx, system, w.entry.ID, practice.Agreement{Agreed: true, Note: "Đã hỏi"}))
		if !shown(w.entry.Code, w.entry.Title) {
			t.Error("what is recognised and agreed to is not public")
		}
		w.Must(w.Practices.Consent(ctx, system, w.entry.ID, practice.Agreement{}))
		if shown(w.entry.Code, w.entry.Title) {
			t.Error("an agreement that was taken back still counts")
		}
	})
}
