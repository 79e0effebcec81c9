package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/config"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
	"github.com/nhanrong/nhanrong/internal/platform/telemetry"
)

// serverURL and serverDir are set in the process that serves a house and is to be killed.
const (
	serverURL = "NHANRONG_TEST_SERVER"
	serverDir = "NHANRONG_TEST_SERVER_FOLDER"
)

// serve does what the command "serve" does, and tells its address.
func serve(ctx context.Context, address, folder string, out io.Writer) error {
	cfg, err := config.Parse(nil, func(name string) string {
		return map[string]string{"NHANRONG_DATABASE": address, "NHANRONG_DATA": folder, "NHANRONG_TRUSTED_PROXY": "127.0.0.1"}[name]
	})
	if err != nil {
		return err
	}
	h, err := app.Open(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, l.Addr()); err != nil {
		return err
	}
	return h.Serve(ctx, cfg, l)
}

// storm is what a crowd was told before the server died.
type storm struct {
	mu       sync.Mutex
	votes    map[string]int    // the score by the secret of the device
	receipts map[string]string // the text by the code
	faults   int
}

// TestNoAcknowledgedVoteIsLost lets a crowd rate and write to a server in a process of its
// own, kills that without warning, and looks for each rating and each opinion that was
// acknowledged. The tally of each article is what its ratings say.
func TestNoAcknowledgedVoteIsLost(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			address := dbtest.URL(t, engine)
			s := apptest.NewSmall(t, dbtest.Connect(t, address))
			articles := []press.Article{article(t, s.House, "W1", "Ngõ một"), article(t, s.House, "W2", "Ngõ hai")}
			told := blow(t, address, articles)
			if len(told.votes) < 100 || len(told.receipts) < 5 || told.faults > 0 {
				t.Fatalf("%d ratings and %d opinions were acknowledged, %d faults", len(told.votes), len(told.receipts), told.faults)
			}
			t.Logf("%d ratings, %d opinions", len(told.votes), len(told.receipts))
			after := app.Build(dbtest.Connect(t, address), apptest.Files(t), s.Now, slog.New(slog.DiscardHandler))
			kept := 0
			for _, a := range articles {
				for secret, score := range told.votes {
					mine, err := after.Press.Mine(t.Context(), a.ID, press.DeviceOf(secret))
					s.Must(err)
					if mine == score {
						kept++
					}
				}
				tally, err := after.Press.Tally(t.Context(), a.ID)
				s.Must(err)
				aside, _, err := after.Press.Aside(t.Context(), s.System(), press.AsideQuery{Article: a.ID, Page: 1, Limit: 10})
				s.Must(err)
				set := 0
				for _, of := range aside {
					set += of.Count()
				}
				if tally.Aside != set {
					t.Errorf("the tally says %d are set aside, there are %d", tally.Aside, set)
				}
			}
			if kept != len(told.votes) {
				t.Errorf("%d of %d acknowledged ratings are there", kept, len(told.votes))
			}
			for code, text := range told.receipts {
				if r, err := after.Press.Receipt(t.Context(), code); err != nil || r.Text != text {
					t.Errorf("an acknowledged opinion is %q, %v", r.Text, err)
				}
			}
		})
	}
}

// blow starts the server, lets the storm blow for a moment and kills the server in it.
func blow(t *testing.T, address string, articles []press.Article) *storm {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), serverURL+"="+address, serverDir+"="+t.TempDir())
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the server tells no address")
	}
	told := &storm{votes: map[string]int{}, receipts: map[string]string{}}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	time.AfterFunc(2*time.Second, func() { cmd.Process.Kill() })
	client := &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 40},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	var wait sync.WaitGroup
	for i := range 40 {
		wait.Go(func() {
			for n := 0; told.one(ctx, client, "http://"+lines.Text(), articles[n%len(articles)], i, n); n++ { // until the server is gone
			}
		})
	}
	wait.Wait()
	if err := cmd.Wait(); err == nil {
		t.Fatal("the server ended by itself")
	}
	return told
}

// one rates or writes, and is false where the server has gone.
func (s *storm) one(ctx context.Context, client *http.Client, base string, a press.Article, i, n int) bool {
	path, form := a.Path()+"/rate", url.Values{"score": {fmt.Sprint(1 + (i+n)%5)}}
	text := fmt.Sprintf("Ý kiến thứ %d của người số %d", n, i)
	if i%10 == 0 {
		path, form = a.Path()+"/opinions", url.Values{"name": {"Bạn đọc"}, "text": {text}}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", formType)
	r.Header.Set("User-Agent", "Mozilla/5.0 (a person)")
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.1", i, n%250))
	res, err := client.Do(r)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch to := res.Header.Get("Location"); {
	case res.StatusCode >= http.StatusInternalServerError:
		s.faults++
	case res.StatusCode != http.StatusSeeOther:
	case strings.HasPrefix(to, "/opinions/"):
		s.receipts[regexp.MustCompile(`[A-Z2-7]{26}`).FindString(to)] = text
	default:
		for _, c := range res.Cookies() {
			s.votes[c.Value] = 1 + (i+n)%5
		}
	}
	return true
}

// TestTwoProcessesSeeEachOther lets one house keep pages and another one, on the same
// database, change what they show: the first shows it at once, on every page and feed.
func TestTwoProcessesSeeEachOther(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			address := dbtest.URL(t, engine)
			s := apptest.NewSmall(t, dbtest.Connect(t, address))
			a := article(t, s.House, "W1", "Ngõ nhỏ nở hoa")
			other := app.Build(dbtest.Connect(t, address), apptest.Files(t), s.Now, slog.New(slog.DiscardHandler))
			reader := apptest.Visitor(t, apptest.Serve(t, s.House))
			shown := []string{"/articles", "/feed.rss", "/feed.atom", "/feed.json"}
			for round, title := range []string{"Ngõ nhỏ thêm xanh", "Ngõ nhỏ thêm sạch", "Ngõ nhỏ thêm vui"} {
				for range 2 { // now they are kept
					for _, path := range append(shown, a.Path()) {
						reader.Get(path)
					}
				}
				changed, err := other.Press.Edit(t.Context(), s.System(), a.ID, a.Version, press.Input{
					Unit: "W1", Category: press.News, Title: title, Lead: "Bà con cùng bàn, cùng làm.", Body: "<p>Chuyện kể ở đây.</p>", Author: "Tổ thông tin",
				}, "Sửa tên bài")
				s.Must(err)
				a = changed
				for _, path := range append(shown, a.Path()) {
					if got := reader.Get(path); !strings.Contains(got.Body, title) {
						t.Errorf("round %d: %s is stale", round, path)
					}
				}
				s.Must(other.Press.Rate(t.Context(), press.Vote{Article: a.ID, Device: fmt.Sprint(round), Network: "one", Score: 5}))
				if got := reader.Get(a.Path()).Body; !strings.Contains(got, fmt.Sprintf("trong %d đánh giá", round+1)) {
					t.Errorf("round %d: the rating is stale", round)
				}
			}
		})
	}
}

// TestMeasuresHaveNoNameOfAVisitor: what a request names itself, a host or a port, becomes
// no label.
func TestMeasuresHaveNoNameOfAVisitor(t *testing.T) {
	m, err := telemetry.NewMetrics(telemetry.BuildInfo())
	if err != nil {
		t.Fatal(err)
	}
	web, err := apptest.Empty(t, apptest.Open(t, db.SQLite)).Web(apptest.Config(t), m.Provider)
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewServer(web.Handler)
	defer site.Close()
	for i := range 5 {
		for _, path := range []string{"/login", "/nowhere", "/api/v1/movements"} {
			asked(t, site.URL, "PLANTED"+fmt.Sprint(i), path)
			asked(t, site.URL, http.MethodGet, path, "Host", fmt.Sprintf("planted%d.example:%d", i, 4000+i), "User-Agent", "planted")
		}
	}
	families, err := m.Gatherer.Gather()
	if err != nil {
		t.Fatal(err)
	}
	series := 0
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), "http_server") {
			continue
		}
		for _, of := range f.GetMetric() {
			series++
			for _, l := range of.GetLabel() {
				if v := strings.ToLower(l.GetValue()); strings.Contains(v, "planted") || strings.HasPrefix(v, "400") && l.GetName() == "server_port" {
					t.Errorf("%s has the label %s=%s", f.GetName(), l.GetName(), v)
				}
			}
		}
	}
	if series == 0 || series > 60 {
		t.Errorf("%d series of a few kinds of request", series)
	}
}

// TestAnswersFromTheShelfAreCounted reads the measure of what passes by everything else.
func TestAnswersFromTheShelfAreCounted(t *testing.T) {
	m, err := telemetry.NewMetrics(telemetry.BuildInfo())
	if err != nil {
		t.Fatal(err)
	}
	web, err := apptest.Empty(t, apptest.Open(t, db.SQLite)).Web(apptest.Config(t), m.Provider)
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewServer(web.Handler)
	defer site.Close()
	for range 4 { // the first is made
		asked(t, site.URL, http.MethodGet, "/articles")
	}
	asked(t, site.URL, http.MethodGet, "/articles", "If-None-Match", "*")
	families, err := m.Gatherer.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range families {
		if f.GetName() == "nhanrong_shelf_answers_total" {
			for _, of := range f.GetMetric() {
				got[of.GetLabel()[0].GetValue()] = of.GetCounter().GetValue()
			}
		}
	}
	if got["200"] != 3 || got["304"] != 1 {
		t.Errorf("counted %v", got)
	}
}

// TestAStormOfRatingsLeavesNothingElseStale reads an article while it is rated many times a
// second: who rated sees the own rating at once, others a moment later, and a correction is
// seen by everybody at once.
func TestAStormOfRatingsLeavesNothingElseStale(t *testing.T) {
	s := apptest.NewSmall(t, apptest.Open(t, db.SQLite))
	a := article(t, s.House, "W1", "Ngõ nhỏ nở hoa")
	var later atomic.Int64
	house := app.Build(s.DB, s.Files, func() time.Time { return clock.System().Add(time.Duration(later.Load())) }, s.Logger)
	reader := apptest.Visitor(t, apptest.Serve(t, house))
	given := 0
	rate := func() {
		given++
		s.Must(house.Press.Rate(t.Context(), press.Vote{Article: a.ID, Device: fmt.Sprint(given), Network: fmt.Sprint(given), Score: 5}))
	}
	shows := func(path string) bool {
		return strings.Contains(reader.Get(path).Body, fmt.Sprintf("trong %d đánh giá", given))
	}
	late := 0
	for range 40 {
		rate()
		if !shows(a.Path()) {
			late++
		}
		if !shows(a.Path() + "?rated=5") {
			t.Fatalf("who rated as number %d does not see it", given)
		}
	}
	if late == 0 {
		t.Error("a page was made for each of 40 ratings in a row") // the test itself would show nothing
	}
	changed, err := house.Press.Edit(t.Context(), s.System(), a.ID, a.Version, press.Input{
		Unit: "W1", Category: press.News, Title: "Ngõ nhỏ thêm xanh", Lead: "Bà con cùng bàn.", Body: "<p>Chuyện.</p>", Author: "Tổ thông tin",
	}, "Sửa tên bài")
	s.Must(err)
	if got := reader.Get(changed.Path()).Body; !strings.Contains(got, "Ngõ nhỏ thêm xanh") || !strings.Contains(got, fmt.Sprintf("trong %d đánh giá", given)) {
		t.Error("in a storm a correction is not seen at once")
	}
	rate()
	later.Store(int64(3 * time.Second))
	if !shows(changed.Path()) {
		t.Error("two seconds after the storm its last rating is not seen")
	}
}
