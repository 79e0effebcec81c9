package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/domain/report"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// house is the sample behind a server, with programs of its accounts.
type house struct {
	*app.House
	t    *testing.T
	site *httptest.Server
}

// each tells a story to a house on each engine.
func each(t *testing.T, story func(t *testing.T, h house)) {
	t.Helper()
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		story(t, house{h, t, apptest.Serve(t, h)})
	})
}

// emptyHouse is a house with nothing in it.
func emptyHouse(t *testing.T) house {
	t.Helper()
	h := apptest.Empty(t, apptest.Open(t, db.SQLite))
	return house{h, t, apptest.Serve(t, h)}
}

// program is a client with a token of an account.
func (h house) program(login string, rights ...actor.Right) *apptest.Client {
	h.t.Helper()
	text, _ := apptest.Token(h.t, h.House, login, rights...)
	return apptest.Program(h.t, h.site, text)
}

// who is the account as the services know it.
func (h house) who(login string) actor.Actor {
	h.t.Helper()
	who, err := h.Identity.ActorByLogin(h.t.Context(), login, actor.API, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return who
}

// object asks for an address below /api/v1 and reads the object that comes back.
func (h house) object(c *apptest.Client, path string, pairs ...string) map[string]any {
	h.t.Helper()
	a := c.Get(address(path, pairs...))
	if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "application/json" {
		h.t.Fatalf("%s: %d %s\n%s", address(path, pairs...), a.Status, a.Header.Get("Content-Type"), a.Body)
	}
	return decode[map[string]any](h.t, a.Body)
}

// problem asks for an address and wants a problem document with the status.
func (h house) problem(c *apptest.Client, status int, path string) map[string]any {
	h.t.Helper()
	return h.problemOf(c.Get(path), status, path)
}

func (h house) problemOf(a apptest.Answer, status int, path string) map[string]any {
	h.t.Helper()
	p := map[string]any{}
	if a.Status != status || a.Header.Get("Content-Type") != "application/problem+json" {
		h.t.Errorf("%s: %d %s, want %d\n%s", path, a.Status, a.Header.Get("Content-Type"), status, a.Body)
		return p
	}
	p = decode[map[string]any](h.t, a.Body)
	if p["status"] != float64(status) || p["instance"] != "urn:uuid:"+a.Header.Get("X-Request-Id") || p["title"] == "" || p["detail"] == "" {
		h.t.Errorf("%s: %s", path, a.Body)
	}
	return p
}

func address(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return strings.TrimSuffix("/api/v1"+path+"?"+q.Encode(), "?")
}

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

func TestFiguresAreTheDocumentOfTheReport(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		for _, login := range []string{"canbo", "phuong"} {
			program, who := h.program(login), h.who(login)
			for _, in := range []report.Query{
				{Movement: sample.Movement},
				{Movement: sample.Movement, AsOf: apptest.Day("2024-09-30")},
				{Movement: sample.Movement, AsOf: apptest.Day("2024-10-16"), Scope: sample.CodeWard, List: true},
			} {
				want, err := h.Reports.Report(t.Context(), who, in)
				if err != nil {
					t.Fatal(err)
				}
				raw, err := json.Marshal(want)
				if err != nil {
					t.Fatal(err)
				}
				pairs := []string{"movement", in.Movement, "scope", in.Scope, "list", strconv.FormatBool(in.List)}
				if in.AsOf != 0 {
					pairs = append(pairs, "asOf", in.AsOf.String())
				}
				if got := program.Get(address("/figures", pairs...)); got.Body != string(raw)+"\n" {
					t.Errorf("%s %+v:\n%s\nwant\n%s", login, in, got.Body, raw)
				}
			}
		}
	})
}

// TestEachFigureOpensToItsList walks the list behind every figure, page by page, for an
// officer and for a ward's reporter: it has as many rows as the figure says.
func TestEachFigureOpensToItsList(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		for _, login := range []string{"canbo", "phuong"} {
			program := h.program(login)
			figures := h.object(program, "/figures", "movement", sample.Movement, "asOf", "2024-10-16")["figures"].(map[string]any)
			for _, d := range ledger.Definitions() {
				name := string(d.Figure)
				want := int(figures[name].(map[string]any)["total"].(float64))
				list := map[ledger.Counted]string{ledger.OfEntries: "entries", ledger.OfSubjects: "subjects", ledger.OfLinks: "links"}[d.Counted]
				rows, total := h.walk(program, list, "/figures/"+name+"/items", "movement", sample.Movement, "asOf", "2024-10-16", "limit", "100")
				if len(rows) != want || total != want {
					t.Errorf("%s: %s is %d, its list says %d and has %d", login, name, want, total, len(rows))
				}
			}
		}
	})
}

// walk reads a list to its end and gives its rows, as texts, and the total it declares.
func (h house) walk(c *apptest.Client, list, path string, pairs ...string) (rows []string, total int) {
	h.t.Helper()
	cursor, seen := "", map[string]bool{}
	for {
		page := h.object(c, path, append(slices.Clone(pairs), "cursor", cursor)...)
		total = int(page["total"].(float64))
		for _, row := range page[list].([]any) {
			raw, err := json.Marshal(row)
			if err != nil {
				h.t.Fatal(err)
			}
			rows = append(rows, string(raw))
		}
		next, more := page["next"].(string)
		if !more {
			return rows, total
		}
		if seen[next] {
			h.t.Fatalf("%s turns in a circle at %s", path, next)
		}
		cursor, seen[next] = next, true
	}
}

func TestTheRegisterIsReadWhole(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		program, who := h.program("canbo"), h.who("canbo")
		m, err := h.Movements.Get(t.Context(), who, sample.Movement)
		if err != nil {
			t.Fatal(err)
		}
		for _, pairs := range [][]string{
			{"sort", "day"},
			{"sort", "name", "tab", "recognised"},
			{"kind", "individual", "field", "economy"},
			{"q", "tu quan"},
			{"unit", sample.CodeWard, "from", "2024-02-01", "to", "2024-06-30"},
		} {
			rows, total := h.walk(program, "entries", "/entries", append(pairs, "movement", sample.Movement, "limit", "77")...)
			want, err := h.Practices.List(t.Context(), who, query(t, pairs, m.Periods[len(m.Periods)-1].No))
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(rows)
			if len(slices.Compact(rows)) != want.Total || total != want.Total || total == 0 {
				t.Errorf("%v: %d rows, %d declared, want %d", pairs, len(rows), total, want.Total)
			}
		}
	})
}

// query is what the parameters ask the service for, read by hand.
func query(t *testing.T, pairs []string, period int) practice.Query {
	t.Helper()
	q := practice.Query{Period: period, Tab: practice.TabAll}
	for i := 0; i < len(pairs); i += 2 {
		switch v := pairs[i+1]; pairs[i] {
		case "tab":
			q.Tab = practice.Tab(v)
		case "kind":
			q.Kind = ledger.Individual
		case "field":
			q.Field = ledger.Economy
		case "q":
			q.Name = v
		case "unit":
			q.Unit = v
		case "from":
			q.From = apptest.Day(v)
		case "to":
			q.To = apptest.Day(v)
		}
	}
	return q
}

func TestAnEntryIsTheSameByCodeAndByIdentity(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		program := h.program("canbo")
		rows, _ := h.walk(program, "entries", "/entries", "movement", sample.Movement, "tab", "recognised", "limit", "500")
		code := decode[map[string]any](t, rows[0])["code"].(string)
		e := h.object(program, "/entries/"+code)
		if again := h.object(program, "/entries/"+e["id"].(string)); again["code"] != code {
			t.Errorf("%v is found as %v", code, again["code"])
		}
		acts := e["acts"].([]any)
		i := slices.IndexFunc(acts, func(a any) bool { return a.(map[string]any)["kind"] == "recognised" })
		if i < 0 || acts[i].(map[string]any)["decision"].(map[string]any)["number"] == "" || e["status"] != "recognised" {
			t.Errorf("%s: %v", code, acts)
		}
	})
}

// TestAnEntryTellsWhatWasMeasured compares what programs read with what the register has.
func TestAnEntryTellsWhatWasMeasured(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		program := h.program("canbo")
		rows, _ := h.walk(program, "entries", "/entries", "movement", sample.Movement, "tab", "recognised", "limit", "500")
		measured := 0
		for _, row := range rows[:40] {
			code := decode[map[string]any](t, row)["code"].(string)
			e, err := h.Practices.Get(t.Context(), h.System(), code)
			if err != nil {
				t.Fatal(err)
			}
			got := h.object(program, "/entries/"+code)
			indicators, means := got["indicators"].([]any), got["means"].([]any)
			if len(indicators) != len(e.Indicators) || len(means) != len(e.Means) || len(got["corrections"].([]any)) != 0 {
				t.Fatalf("%s: %v %v", code, indicators, means)
			}
			for i, x := range e.Indicators {
				one := indicators[i].(map[string]any)
				if one["name"] != x.Name || one["actual"] != x.Actual.Float() || one["baseline"] != x.Baseline.Float() || one["unit"] != x.Unit {
					t.Errorf("%s: %v, want %+v", code, one, x)
				}
				measured++
			}
		}
		if measured < 20 {
			t.Errorf("the sample measures %d results in 40 entries", measured)
		}
	})
}

// TestAnEntryTellsItsTagsItsPlaceAndWhetherItIsFollowed narrows the register by each tag and
// compares what programs read with what the register has.
func TestAnEntryTellsItsTagsItsPlaceAndWhetherItIsFollowed(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		program := h.program("canbo")
		tags, err := h.Practices.Tags(t.Context(), h.System(), sample.Movement)
		if err != nil {
			t.Fatal(err)
		}
		focus := practice.Tag{ID: practice.Focused}
		tagged, followed, placed := 0, 0, 0
		for _, tag := range append(tags, focus) {
			rows, _ := h.walk(program, "entries", "/entries", "movement", sample.Movement, "tag", tag.ID)
			if tag.ID != practice.Focused && len(rows) != tag.Used {
				t.Errorf("%s is given to %d, and %d are listed", tag.Name, tag.Used, len(rows))
			}
			for _, row := range rows[:min(len(rows), 20)] {
				code := decode[map[string]any](t, row)["code"].(string)
				e, err := h.Practices.Get(t.Context(), h.System(), code)
				if err != nil {
					t.Fatal(err)
				}
				got := h.object(program, "/entries/"+code)
				names := got["tags"].([]any)
				has := slices.ContainsFunc(names, func(one any) bool {
					x := one.(map[string]any)
					return x["id"] == tag.ID && x["name"] == tag.Name && x["kind"] == string(tag.Kind)
				})
				address, _ := got["address"].(string)
				since, isFollowed := got["focusSince"].(string)
				if len(names) != len(e.Tags) || has != (tag.ID != practice.Focused) || address != e.Address || got["late"] != e.Late || isFollowed == e.FocusAt.IsZero() {
					t.Errorf("%s: tags %v, address %q, followed since %q", code, names, address, since)
				}
				tagged += len(names)
				if isFollowed {
					followed++
				}
				if address != "" {
					placed++
				}
			}
		}
		if tagged == 0 || followed == 0 || placed == 0 {
			t.Errorf("the sample has %d tagged, %d followed, %d placed", tagged, followed, placed)
		}
		h.problem(program, http.StatusUnprocessableEntity, "/api/v1/figures/received/items?movement="+sample.Movement+"&tag=focus")
	})
}

func TestErrorsAreProblems(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		program := h.program("canbo")
		for path, want := range map[string]struct {
			status int
			code   string
			field  string
		}{
			"/api/v1/figures": {422, "errs.required", "movement"},
			"/api/v1/figures?movement=HK-2024&asOf=31/9/2024":                         {422, "errs.bad_date", "asOf"},
			"/api/v1/figures?movement=HK-2024&unit=X":                                 {422, "api.unknown_parameter", "unit"},
			"/api/v1/movements?x=1":                                                   {422, "api.unknown_parameter", "x"},
			"/api/v1/figures?movement=HK-2024&scope=X":                                {404, "org.not_found", "scope"},
			"/api/v1/figures?movement=NONE":                                           {404, "movement.not_found", ""},
			"/api/v1/figures/nothing/items?movement=HK-2024":                          {404, "errs.not_found", ""},
			"/api/v1/figures/found/items?movement=HK-2024&q=x":                        {422, "api.not_in_this_list", "q"},
			"/api/v1/figures/received/items?movement=HK-2024&level=district":          {422, "errs.bad_choice", "level"},
			"/api/v1/entries":                                                         {422, "errs.required", "movement"},
			"/api/v1/entries?movement=HK-2024&limit=0":                                {422, "webkit.number_range", "limit"},
			"/api/v1/entries?movement=HK-2024&limit=501":                              {422, "webkit.number_range", "limit"},
			"/api/v1/entries?movement=HK-2024&cursor=x":                               {422, "ledger.bad_cursor", ""},
			"/api/v1/entries?movement=HK-2024&kind=group":                             {422, "errs.bad_choice", "kind"},
			"/api/v1/entries?movement=HK-2024&from=2024-05-01&to=2024-04-01":          {422, "movement.period_turned", "to"},
			"/api/v1/entries?movement=HK-2024&period=999999":                          {404, "movement.period_not_found", "period"},
			"/api/v1/entries?period=999999":                                           {404, "movement.period_not_found", ""},
			"/api/v1/entries/NONE":                                                    {404, "practice.not_found", ""},
			"/api/v1/movements/NONE":                                                  {404, "movement.not_found", ""},
			"/api/v1/nowhere":                                                         {404, "errs.not_found", ""},
			"/api/":                                                                   {404, "errs.not_found", ""},
			"/api/v1/entries?movement=HK-2024&unit=" + url.QueryEscape("1 OR 1=1;--"): {404, "org.not_found", "unit"},
		} {
			p := h.problem(program, want.status, path)
			field := ""
			if all, ok := p["errors"].([]any); ok {
				field = all[0].(map[string]any)["field"].(string)
			}
			if p["code"] != want.code || field != want.field {
				t.Errorf("%s: %v on %q, want %s on %q", path, p["code"], field, want.code, want.field)
			}
		}
		if a := program.Post("/api/v1/entries", nil); a.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("a post is allowed: %v", a.Header)
		} else {
			h.problemOf(a, http.StatusMethodNotAllowed, "POST /api/v1/entries")
		}
	})
}

func TestErrorsSpeakTheLanguageAskedFor(t *testing.T) {
	h := emptyHouse(t)
	for lang, title := range map[string]string{"": "Không tìm thấy", "en": "Not found", "fr, en;q=0.5": "Not found", "vi,en;q=0.9": "Không tìm thấy"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.site.URL+"/api/v1/nowhere", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Language", lang)
		r.Header.Set("Cookie", "lang=en") // the choice of a page is none of a program's
		if p := h.problemOf(apptest.Visitor(t, h.site).Do(r), http.StatusNotFound, lang); p["title"] != title || p["code"] != "errs.not_found" {
			t.Errorf("%q: %v", lang, p)
		}
	}
}

func TestOnlyATokenOpensTheAPI(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		const path = "/api/v1/movements"
		for name, c := range map[string]*apptest.Client{
			"a visitor": apptest.Visitor(t, h.site), "a session": apptest.As(t, h.site, "canbo"),
			"a wrong token": apptest.Program(t, h.site, "nr_wrong"), "a password": apptest.Program(t, h.site, sample.Password),
		} {
			a := c.Get(path)
			h.problemOf(a, http.StatusUnauthorized, name)
			if !strings.HasPrefix(a.Header.Get("WWW-Authenticate"), `Bearer realm="nhanrong"`) {
				t.Errorf("%s: %v", name, a.Header)
			}
		}
		a := h.program("phuong").Get(path)
		if a.Status != http.StatusOK || a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("%d %v", a.Status, a.Header)
		}
		if vary := strings.Join(a.Header.Values("Vary"), ", "); !strings.Contains(vary, "Authorization") || !strings.Contains(vary, "Accept-Language") {
			t.Errorf("Vary: %s", vary)
		}
	})
}

func TestEverythingWrongIsSaidAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		p := h.problem(h.program("canbo"), http.StatusUnprocessableEntity, "/api/v1/entries?phongtrao=HK-2024&kind=x&limit=0")
		var fields []string
		for _, e := range p["errors"].([]any) {
			fields = append(fields, e.(map[string]any)["field"].(string))
		}
		if got, want := strings.Join(fields, " "), "phongtrao kind limit movement"; got != want {
			t.Errorf("faults on %s, want %s", got, want)
		}
	})
}

func TestAFurtherRightIsAskedForByTheService(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		const path = "/api/v1/figures/adoptions/items?movement=HK-2024"
		a := h.program("canbo", report.RightRead, practice.RightRead, movement.RightRead).Get(path)
		h.problemOf(a, http.StatusForbidden, path)
		if !strings.Contains(a.Header.Get("WWW-Authenticate"), "insufficient_scope") {
			t.Errorf("headers %v", a.Header)
		}
	})
}
