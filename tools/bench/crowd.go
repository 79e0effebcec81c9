package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/config"
)

// crowdFigures is what was measured of the public site on one engine.
type crowdFigures struct {
	engine string
	load   string // of the machine before the measuring: how many want a processor
	pages  []crowdPage
	memory float64 // MB resident at most
	storm  *stormFigures
}

// crowdPage is a page under a crowd, beside the same bytes served by net/http alone.
type crowdPage struct {
	name       string
	bar        float64 // share of the fixed page's requests in a second; 0 is none
	bytes      int     // packed
	page, bare asked
	cpu, floor float64 // microseconds of the processor that the server takes for a page
}

func (p crowdPage) ratio() float64 { return p.page.perSecond / max(p.bare.perSecond, 1) }

const (
	crowdConns   = 64
	crowdLength  = 5 * time.Second
	crowdHottest = 200 // articles that the crowd reads
	slowestPage  = 30  // milliseconds, at p99
	mostMemory   = 150 // MB
)

// crowdPlaces finds the databases of the public site: they are apart from the others.
func crowdPlaces(ctx context.Context, s settings, folder string) ([]engine, error) {
	raw, err := os.ReadFile("tools/bench/crowd_data.go")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(fmt.Appendf(raw, "%v", s.crowd()))
	mark := "crowd_" + hex.EncodeToString(sum[:])[:12]
	file, err := filepath.Abs(filepath.Join(folder, mark+".db"))
	if err != nil {
		return nil, err
	}
	all := []engine{{"SQLite", "sqlite:" + file}}
	if server := os.Getenv("NHANRONG_TEST_POSTGRES"); server != "" {
		at, err := makeDatabase(ctx, server, mark)
		if err != nil {
			return nil, err
		}
		all = append(all, engine{"PostgreSQL", at})
	}
	return all, nil
}

// measureCrowds measures the public site on each engine.
func measureCrowds(ctx context.Context, s settings, folder, binary string) ([]crowdFigures, error) {
	engines, err := crowdPlaces(ctx, s, folder)
	if err != nil {
		return nil, err
	}
	var all []crowdFigures
	for _, e := range engines {
		if s.only != "" && s.only != e.name {
			continue
		}
		fmt.Println("== the public site,", e.name)
		f, err := measureCrowd(ctx, s, e, binary)
		if err != nil {
			return nil, fmt.Errorf("the public site on %s: %w", e.name, err)
		}
		all = append(all, f)
	}
	return all, nil
}

func measureCrowd(ctx context.Context, s settings, e engine, binary string) (out crowdFigures, err error) {
	before, _, _ := strings.Cut(firstLine("/proc/loadavg"), " ")
	out = crowdFigures{engine: e.name, load: before}
	if out.pages, out.memory, err = measurePages(ctx, s, e, binary); err != nil {
		return out, err
	}
	if e.name == "SQLite" && strings.HasPrefix("storm", s.question) {
		out.storm, err = measureStorm(ctx, s, e, binary)
	}
	return out, err
}

func measurePages(ctx context.Context, s settings, e engine, binary string) (all []crowdPage, memory float64, err error) {
	hot, err := crowdPaths(ctx, s, e)
	if err != nil {
		return nil, 0, err
	}
	run, err := start(ctx, e, binary)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, run.stop()) }()
	for _, q := range []struct {
		name  string
		bar   float64
		paths []string
	}{
		{"article", articleBar(e), hot[:crowdHottest]},
		{"one article", articleBar(e), hot[:1]},
		{"home", 0.2, []string{"/"}},
		{"practices, one field", 0.2, []string{"/practices?field=economy", "/practices?field=cultureSociety"}},
		{"article list, one category", 0.2, []string{"/articles?category=news", "/articles?category=practice"}},
		{"article made anew", 0, hot[crowdHottest:]},
	} {
		if !strings.HasPrefix(q.name, s.question) {
			continue
		}
		p := crowdPage{name: q.name, bar: q.bar}
		if err := p.measure(ctx, run, q.paths); err != nil {
			return nil, 0, fmt.Errorf("%s: %w", q.name, err)
		}
		fmt.Printf("%-28s %6.0f/s of %6.0f/s = %.2f  p50 %.1f p99 %.1f ms  cpu %.0f of %.0f µs\n", p.name, p.page.perSecond, p.bare.perSecond, p.ratio(),
			p.page.p50, p.page.p99, p.cpu, p.floor)
		all = append(all, p)
	}
	memory, err = run.status("VmHWM:")
	fmt.Printf("resident at most %.0f MB\n", memory)
	return all, memory, err
}

func articleBar(e engine) float64 {
	if e.name == "PostgreSQL" {
		return 0.3
	}
	return 0.5
}

// crowdPaths gives addresses of articles, the newest first; it loads the data where they
// are missing.
func crowdPaths(ctx context.Context, s settings, e engine) (paths []string, err error) {
	h, err := app.Open(ctx, &config.Config{Database: e.url, Files: "folder:" + filepath.Join(os.TempDir(), "nhanrong-bench-files")}, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	empty, err := h.Identity.Empty(ctx)
	if err != nil {
		return nil, err
	}
	if empty {
		if err := loadCrowd(ctx, h, s.crowd()); err != nil {
			return nil, err
		}
	}
	for cursor, most := "", min(20_000, s.crowd().articles); len(paths) < most; {
		all, next, err := h.Press.Published(ctx, press.Page{Limit: press.MaxPage, Cursor: cursor})
		if err != nil {
			return nil, err
		}
		for _, a := range all {
			paths = append(paths, a.Path())
		}
		if cursor = next; next == "" {
			break
		}
	}
	return paths, nil
}

// measure asks for pages, and for the same bytes from net/http alone before and after.
func (p *crowdPage) measure(ctx context.Context, run *running, paths []string) (err error) {
	body, kind, err := packedPage(ctx, run.base+paths[0])
	if err != nil {
		return err
	}
	p.bytes = len(body)
	bare, err := startBare(ctx, body, kind)
	if err != nil {
		return err
	}
	defer bare.kill()
	var ours, theirs []asked
	var cpu, floor []float64
	for round := range 3 {
		for _, side := range []struct {
			at    *running
			paths []string
			to    *[]asked
			cpu   *[]float64
		}{{bare, []string{"/"}, &theirs, &floor}, {run, paths, &ours, &cpu}} {
			got, each, err := side.at.crowd(ctx, side.paths, round == 0)
			if err != nil {
				return err
			}
			*side.to, *side.cpu = append(*side.to, got), append(*side.cpu, each)
		}
	}
	p.page, p.bare = median(ours), median(theirs)
	p.cpu, p.floor = middle(cpu), middle(floor)
	return err
}

// median is the round in the middle, by its number of answers.
func median(all []asked) asked {
	slices.SortFunc(all, func(a, b asked) int { return int(a.perSecond - b.perSecond) })
	return all[len(all)/2]
}

func middle(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}

// crowd asks for pages, after a second to warm up, and tells how much of the processor
// each took.
func (r *running) crowd(ctx context.Context, paths []string, warm bool) (asked, float64, error) {
	a := asking{addr: strings.TrimPrefix(r.base, "http://"), conns: crowdConns, length: crowdLength, next: pages(paths), good: http.StatusOK}
	if warm {
		short := a
		short.length = time.Second
		if _, err := short.run(ctx); err != nil {
			return asked{}, 0, err
		}
	}
	before, err := r.processor()
	if err != nil {
		return asked{}, 0, err
	}
	got, err := a.run(ctx)
	if err != nil {
		return got, 0, err
	}
	if len(got.other) > 0 {
		return got, 0, fmt.Errorf("other answers: %v", got.other)
	}
	after, err := r.processor()
	return got, (after - before) / float64(max(got.good, 1)), err
}

// processor is the time of the processor that the process took, in microseconds.
func (r *running) processor() (float64, error) {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(r.cmd.Process.Pid) + "/stat")
	if err != nil {
		return 0, err
	}
	fields := bytes.Fields(raw[bytes.LastIndexByte(raw, ')')+1:])
	sum := 0
	for _, f := range fields[11:13] { // utime and stime, in hundredths of a second
		n, err := strconv.Atoi(string(f))
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return float64(sum) * 10_000, nil
}

// packedPage is a page as it goes over the wire.
func packedPage(ctx context.Context, address string) (body []byte, kind string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, "", err
	}
	r.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close() //nolint:errcheck // it was read to its end
	if body, err = io.ReadAll(res.Body); err != nil {
		return nil, "", err
	}
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Encoding") != "gzip" {
		return nil, "", fmt.Errorf("GET %s: %d, %s", address, res.StatusCode, res.Header.Get("Content-Encoding"))
	}
	return body, res.Header.Get("Content-Type"), nil
}

// bareEnv makes this program the floor: net/http with one fixed page. It holds the
// address, the type and the file of the page.
const bareEnv = "NHANRONG_BENCH_BARE"

// serveBare is the floor; false where this program was not started as one.
func serveBare() bool {
	parts := strings.Split(os.Getenv(bareEnv), "|")
	if len(parts) != 3 {
		return false
	}
	body, err := os.ReadFile(parts[2])
	if err == nil {
		err = http.ListenAndServe(parts[0], http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", parts[1])
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(body) //nolint:errcheck // the reader has gone
		}))
	}
	fmt.Fprintln(os.Stderr, "bare:", err)
	return true
}

func startBare(ctx context.Context, body []byte, kind string) (*running, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(os.TempDir(), "nhanrong-bench-page")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), bareEnv+"="+addr+"|"+kind+"|"+file)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	r := &running{cmd: cmd, base: "http://" + addr}
	for range 1000 {
		if c, err := net.Dial("tcp", addr); err == nil {
			return r, c.Close()
		}
		time.Sleep(2 * time.Millisecond)
	}
	r.kill()
	return nil, errors.New("the floor did not answer")
}

// kill ends the process without a warning.
func (r *running) kill() {
	r.cmd.Process.Kill() //nolint:errcheck // it may have ended
	r.cmd.Wait()         //nolint:errcheck // it was killed
}
