package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/org"
)

// process is what the built program takes.
type process struct {
	coldStart    float64 // milliseconds until it answers, median of five
	idle         float64 // MB resident
	underLoad    float64 // MB resident at most, under 64 readers
	readers      int
	pagesASecond float64
}

// measureProcess starts the program on a loopback address, five times for the cold
// start, and once with 64 readers. It ends only what it started.
func measureProcess(ctx context.Context, s settings, e engine, binary string) (process, error) {
	var p process
	var starts []float64
	for range 5 {
		run, err := start(ctx, e, binary)
		if err != nil {
			return p, err
		}
		starts = append(starts, run.took)
		if err := run.stop(); err != nil {
			return p, err
		}
	}
	slices.Sort(starts)
	p.coldStart = starts[len(starts)/2]
	run, err := start(ctx, e, binary)
	if err != nil {
		return p, err
	}
	p.idle, err = run.resident()
	if err == nil {
		p.readers = 64
		p.underLoad, p.pagesASecond, err = run.load(ctx, s, p.readers)
	}
	fmt.Printf("cold start %.0f ms, idle %.0f MB, under %d readers %.0f MB, %.0f pages/s\n", p.coldStart, p.idle, p.readers, p.underLoad, p.pagesASecond)
	return p, errors.Join(err, run.stop())
}

// running is the program as a process.
type running struct {
	cmd  *exec.Cmd
	base string
	took float64
}

func start(ctx context.Context, e engine, binary string, more ...string) (*running, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, err
	}
	args := append([]string{"serve", "--database", e.url, "--addr", addr, "--log-level", "error", "--data", os.TempDir()}, more...)
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Stderr = os.Stderr
	begin := time.Now() //nolint:forbidigo // this is a stopwatch
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	r := &running{cmd: cmd, base: "http://" + addr}
	for deadline := begin.Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) { //nolint:forbidigo // this is a stopwatch
		res, err := http.Get(r.base + "/readyz")
		if err != nil {
			continue
		}
		res.Body.Close() //nolint:errcheck // only the status is of interest
		if res.StatusCode == http.StatusOK {
			r.took = float64(time.Since(begin).Microseconds()) / 1000 //nolint:forbidigo // this is a stopwatch
			return r, nil
		}
	}
	return nil, errors.Join(errors.New("the program did not answer"), r.stop())
}

func (r *running) stop() error {
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return r.cmd.Wait()
}

// resident is the memory of the process in MB, after it has rested for a moment.
func (r *running) resident() (float64, error) {
	time.Sleep(2 * time.Second)
	return r.status("VmRSS:")
}

func (r *running) status(key string) (float64, error) {
	return statusOf(strconv.Itoa(r.cmd.Process.Pid), key)
}

// statusOf is a figure of a process's status, in megabytes; "self" is this process.
func statusOf(process, key string) (float64, error) {
	raw, err := os.ReadFile("/proc/" + process + "/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, key); ok {
			kb, err := strconv.Atoi(strings.Fields(rest)[0])
			return float64(kb) / 1024, err
		}
	}
	return 0, fmt.Errorf("no %s on %s", key, runtime.GOOS)
}

// load lets so many readers ask for pages for ten seconds.
func (r *running) load(ctx context.Context, s settings, readers int) (peak, pages float64, err error) {
	const seconds = 10
	client, err := r.client()
	if err != nil {
		return 0, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, seconds*time.Second)
	defer cancel()
	var wait sync.WaitGroup
	var lock sync.Mutex
	asked, failed := 0, error(nil)
	for i := range readers {
		d := &draws{rnd: sample.Draw(uint64(i) + 500), size: s.size()}
		d.units = unitsFor(s)
		wait.Go(func() {
			for ctx.Err() == nil {
				for _, path := range []string{d.register(), d.drill(), d.funnel()} {
					err := fetch(ctx, client, r.base+path)
					lock.Lock()
					if err == nil {
						asked++
					} else if ctx.Err() == nil {
						failed = err
					}
					lock.Unlock()
				}
			}
		})
	}
	wait.Wait()
	peak, err = r.status("VmHWM:")
	return peak, float64(asked) / seconds, errors.Join(err, failed)
}

func (r *running) client() (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &http.Client{Jar: jar, Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	res, err := c.PostForm(r.base+"/login", url.Values{"login": {sample.BenchLogin}, "password": {sample.Password}})
	if err != nil {
		return nil, err
	}
	defer res.Body.Close() //nolint:errcheck // only the status is of interest
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("sign in: %d", res.StatusCode)
	}
	return c, nil
}

func fetch(ctx context.Context, c *http.Client, address string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	res, err := c.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close() //nolint:errcheck // it was read to its end
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %d", address, res.StatusCode)
	}
	return nil
}

// unitsFor are the units of the data by their codes, for draws outside the house.
func unitsFor(s settings) []org.Unit {
	all := []org.Unit{{Code: "BM"}}
	for c := range s.size().Communes {
		all = append(all, org.Unit{Code: fmt.Sprintf("BM.%03d", c)})
	}
	return all
}
