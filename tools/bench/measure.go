package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/platform/config"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// figure is one line of the document, in milliseconds.
type figure struct {
	name       string
	bar        float64 // one reader, at p95
	barBeside  float64 // beside eight readers, at p95; 0 is none
	alone      spread
	beside     spread
	floor      spread
	floorNamed string
}

// spread is a distribution of times in milliseconds, the median of the rounds.
type spread struct{ p50, p95 float64 }

// engineFigures is what was measured on one engine.
type engineFigures struct {
	engine  string
	version string
	figures []figure
	process process
}

// site is the program's handler with a signed-in officer.
type site struct {
	handler http.Handler
	cookie  string
	house   *app.House
	slow    time.Duration // pages that take longer are told; 0 tells none
}

func measure(ctx context.Context, s settings, e engine, binary string) (engineFigures, error) {
	h, err := open(ctx, s, e)
	if err != nil {
		return engineFigures{}, err
	}
	out, err := measureHouse(ctx, s, e, h)
	if closeErr := h.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return out, err
	}
	out.process, err = measureProcess(ctx, s, e, binary)
	return out, err
}

func measureHouse(ctx context.Context, s settings, e engine, h *app.House) (engineFigures, error) {
	out := engineFigures{engine: e.name}
	var err error
	if out.version, err = version(ctx, h.DB); err != nil {
		return out, err
	}
	if err := prepareFloor(ctx, h.DB); err != nil {
		return out, err
	}
	at, err := signIn(ctx, h)
	if err != nil {
		return out, err
	}
	at.slow = s.slow
	d, err := newDraws(ctx, h, s)
	if err != nil {
		return out, err
	}
	for _, q := range questions(at, d) {
		if !strings.HasPrefix(q.name, s.question) {
			continue
		}
		f := figure{name: q.name, bar: q.bar, barBeside: q.barBeside, floorNamed: q.floorNamed}
		if f.floor, err = rounds(s, q.floor); err != nil {
			return out, fmt.Errorf("floor of %s: %w", q.name, err)
		}
		if f.alone, err = profiled(s, q.ask); err != nil {
			return out, fmt.Errorf("%s: %w", q.name, err)
		}
		stop := readers(site{handler: at.handler, cookie: at.cookie}, d, 8)
		f.beside, err = rounds(s.beside(), q.ask)
		stop()
		if err != nil {
			return out, fmt.Errorf("%s beside readers: %w", q.name, err)
		}
		fmt.Printf("%-22s alone %.1f/%.1f  beside eight %.1f/%.1f  floor %.2f/%.2f\n", f.name, f.alone.p50, f.alone.p95, f.beside.p50, f.beside.p95, f.floor.p50, f.floor.p95)
		out.figures = append(out.figures, f)
	}
	return out, nil
}

// profiled is [rounds] with a profile of the processor, where one is wanted.
func profiled(s settings, ask func() error) (out spread, err error) {
	if s.profile == "" {
		return rounds(s, ask)
	}
	file, err := os.Create(s.profile)
	if err != nil {
		return spread{}, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := pprof.StartCPUProfile(file); err != nil {
		return spread{}, err
	}
	defer pprof.StopCPUProfile()
	return rounds(s, ask)
}

// beside is a quarter of the draws: with eight readers on the same cores each takes
// many times as long.
func (s settings) beside() settings {
	s.draws = max(10, s.draws/4)
	return s
}

// rounds asks a question so many times, after a tenth to warm up, and gives the median
// of the rounds.
func rounds(s settings, ask func() error) (spread, error) {
	for range s.draws / 10 {
		if err := ask(); err != nil {
			return spread{}, err
		}
	}
	var p50, p95 []float64
	for range s.rounds {
		times := make([]float64, s.draws)
		for i := range times {
			begin := time.Now() //nolint:forbidigo // this is a stopwatch
			if err := ask(); err != nil {
				return spread{}, err
			}
			times[i] = float64(time.Since(begin).Microseconds()) / 1000 //nolint:forbidigo // this is a stopwatch
		}
		slices.Sort(times)
		p50, p95 = append(p50, times[len(times)/2]), append(p95, times[len(times)*95/100])
	}
	slices.Sort(p50)
	slices.Sort(p95)
	return spread{p50[len(p50)/2], p95[len(p95)/2]}, nil
}

// readers asks for pages of every kind, so many at once, until it is stopped.
func readers(at site, d *draws, n int) (stop func()) {
	done := make(chan struct{})
	var wait sync.WaitGroup
	for i := range n {
		own := d.fork(uint64(i) + 100)
		wait.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				for _, path := range []string{own.register(), own.drill(), own.entry(), own.funnel()} {
					if err := at.get(path); err != nil {
						fmt.Println("a reader:", err)
						return
					}
				}
			}
		})
	}
	return func() {
		close(done)
		wait.Wait()
	}
}

func signIn(ctx context.Context, h *app.House) (site, error) {
	cfg, err := config.Parse(nil, func(string) string { return "" })
	if err != nil {
		return site{}, err
	}
	web, err := h.Web(cfg, nil)
	if err != nil {
		return site{}, err
	}
	form := url.Values{"login": {sample.BenchLogin}, "password": {sample.Password}}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/login", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	web.Handler.ServeHTTP(w, r)
	if w.Code != http.StatusSeeOther {
		return site{}, fmt.Errorf("sign in: %d", w.Code)
	}
	return site{handler: web.Handler, cookie: w.Header().Get("Set-Cookie"), house: h}, nil
}

// get asks for a page; anything but a whole page is an error.
func (s site) get(path string) error {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Cookie", s.cookie)
	w := httptest.NewRecorder()
	begin := time.Now() //nolint:forbidigo // this is a stopwatch
	s.handler.ServeHTTP(w, r)
	if took := time.Since(begin); s.slow > 0 && took > s.slow { //nolint:forbidigo // this is a stopwatch
		fmt.Println("slow:", took.Round(time.Millisecond), path)
	}
	if w.Code != http.StatusOK {
		return fmt.Errorf("GET %s: %d", path, w.Code)
	}
	return nil
}

func version(ctx context.Context, d *db.DB) (string, error) {
	question := `SELECT 'SQLite ' || sqlite_version()`
	if d.Engine() == db.Postgres {
		question = `SELECT version()`
	}
	v, err := db.One(ctx, d, db.Text, question)
	v, _, _ = strings.Cut(v, " on ")
	return v, err
}
