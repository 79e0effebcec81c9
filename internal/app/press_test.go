package app_test

import (
	"encoding/json"
	"encoding/xml"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// TestAnArticleThroughItsPages writes an article as a ward's reporter, has it approved by
// the officer, and reads it as a citizen: at each step every page and feed shows at once
// what is so now.
func TestAnArticleThroughItsPages(t *testing.T) {
	t.Parallel()
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		site := apptest.Serve(t, h)
		writer, officer, citizen := apptest.As(t, site, "phuong"), apptest.As(t, site, "canbo"), apptest.Visitor(t, site)
		everywhere := []string{"/articles", "/feed.rss", "/feed.atom", "/feed.json", "/sitemap.xml"}
		absent := func(words string) {
			t.Helper()
			for _, path := range everywhere {
				if strings.Contains(citizen.Get(path).Body, words) {
					t.Errorf("%s shows %q", path, words)
				}
			}
		}
		absent("phien-cho")
		made := writer.Post("/admin/articles/new", url.Values{
			"unit": {"HN.HK.HBU"}, "category": {"news"}, "title": {"Phiên chợ không túi ni lông"}, "lead": {"Mang làn đi chợ."},
			"body": {`<p onclick="x()">Chuyện <script>alert(1)</script>kể.</p><img src="https://elsewhere.example/x.png">`}, "author": {"Người viết"}, "tags": {"chợ, môi trường"},
		})
		if made.Status != http.StatusSeeOther {
			t.Fatalf("write: %d\n%s", made.Status, made.Body)
		}
		page := made.Location
		version := regexp.MustCompile(`name="version" value="(\d+)"`)
		move := func(who *apptest.Client, verb string, more url.Values) {
			t.Helper()
			form := url.Values{"version": {version.FindStringSubmatch(who.Get(page + "/" + verb).Body)[1]}}
			maps.Copy(form, more)
			if a := who.Post(page+"/"+verb, form); a.Status != http.StatusSeeOther {
				t.Fatalf("%s: %d\n%s", verb, a.Status, a.Body)
			}
		}
		move(writer, "submit", nil)
		if a := writer.Post(page+"/approve", url.Values{"version": {"2"}}); a.Status != http.StatusForbidden {
			t.Errorf("the writer approves: %d", a.Status)
		}
		move(officer, "approve", nil)
		absent("phien-cho")
		move(officer, "publish", nil)
		link := regexp.MustCompile(`/articles/phien-cho-khong-tui-ni-long-\d+`)
		for _, path := range everywhere {
			if !link.MatchString(citizen.Get(path).Body) {
				t.Errorf("%s does not show what was published", path)
			}
		}
		address := link.FindString(citizen.Get("/articles").Body)
		read := citizen.Get(address)
		if read.Status != http.StatusOK || strings.Contains(read.Body, "alert(1)") || strings.Contains(read.Body, "onclick") || strings.Contains(read.Body, "elsewhere.example") {
			t.Errorf("a citizen reads (%d): %s", read.Status, read.Body)
		}
		rate(t, citizen, address, "5", "5 trong 1 đánh giá")
		rate(t, citizen, address, "3", "3 trong 1 đánh giá") // it changes its mind
		rate(t, apptest.Visitor(t, site), address, "4", "7 trong 2 đánh giá")
		if a := citizen.Get("/articles/khac-han-x" + address[strings.LastIndexByte(address, '-'):]); a.Status != http.StatusMovedPermanently || a.Location != address {
			t.Errorf("an older address leads to %d %s", a.Status, a.Location)
		}
		move(officer, "archive", url.Values{"note": {"Gỡ theo đề nghị."}})
		if a := citizen.Get(address); a.Status != http.StatusGone || !strings.Contains(a.Body, "Gỡ theo đề nghị.") || strings.Contains(a.Body, "Chuyện") {
			t.Errorf("what was taken down: %d\n%s", a.Status, a.Body)
		}
		absent("phien-cho")
	})
}

// rate rates an article as a reader and looks for what the page then says.
func rate(t *testing.T, who *apptest.Client, address, score, says string) {
	t.Helper()
	who.Get(address) // now it is on the shelf
	a := who.Post(address+"/rate", url.Values{"score": {score}})
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, address+"?rated="+score) {
		t.Fatalf("rate with %s: %d %s", score, a.Status, a.Location)
	}
	if got := who.Get(address).Body; !strings.Contains(got, says) {
		t.Errorf("after a rating of %s the page does not say %q: %s", score, says, regexp.MustCompile(`(?s)<section class="card rating".*?</section>`).FindString(got))
	}
}

// TestFeedsAreWellFormed reads the feeds as their readers do.
func TestFeedsAreWellFormed(t *testing.T) {
	citizen := apptest.Visitor(t, apptest.Serve(t, apptest.Sample(t, db.SQLite)))
	for path, kind := range map[string]string{"/feed.rss": "application/rss+xml", "/feed.atom": "application/atom+xml", "/sitemap.xml": "application/xml"} {
		a := citizen.Get(path)
		if !strings.HasPrefix(a.Header.Get("Content-Type"), kind) {
			t.Errorf("%s is %s", path, a.Header.Get("Content-Type"))
		}
		if err := xml.Unmarshal([]byte(a.Body), new(struct{})); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	var feed struct {
		Version string
		Items   []struct{ ID, URL, Title string }
	}
	if err := json.Unmarshal([]byte(citizen.Get("/feed.json").Body), &feed); err != nil || len(feed.Items) != 30 {
		t.Errorf("the JSON feed: %d items, %v", len(feed.Items), err)
	}
	list := citizen.Get("/articles").Header
	tag := list.Get("Etag")
	if _, err := http.ParseTime(list.Get("Last-Modified")); err != nil {
		t.Errorf("the list says nothing of when it changed: %v", err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, citizen.Base()+"/articles", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("If-None-Match", tag)
	if a := citizen.Do(r); tag == "" || a.Status != http.StatusNotModified || a.Body != "" {
		t.Errorf("a reader that has the page already (%s) gets %d", tag, a.Status)
	}
}

// TestFiguresOfAnArticleStayTrue publishes a figure, changes the register behind it by a
// late record, and reads that it has changed.
func TestFiguresOfAnArticleStayTrue(t *testing.T) {
	t.Parallel()
	apptest.EachSample(t, func(t *testing.T, h *app.House) {
		site := apptest.Serve(t, h)
		citizen := apptest.Visitor(t, site)
		address := regexp.MustCompile(`/articles/hoan-kiem-[^"]*`).FindString(citizen.Get("/articles").Body + citizen.Get("/articles?category=news").Body)
		if got := citizen.Get(address).Body; strings.Contains(got, "sổ hiện ghi") {
			t.Errorf("before anything changed: %s", got)
		}
		_, err := h.Practices.Find(t.Context(), h.System(), practice.ExemplarInput{
			Movement: "HK-2024", On: apptest.Day("2024-09-29"), Name: "Tổ mới ghi nhận muộn", Kind: ledger.Collective, Unit: "HN.HK.HBU", Field: "economy",
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := citizen.Get(address).Body; !strings.Contains(got, "240</data> <small>(sổ hiện ghi 241)") || strings.Contains(got, "157</data> <small>") {
			t.Errorf("after a late record: %s", got)
		}
	})
}
