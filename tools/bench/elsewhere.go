package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// readersEnv makes this program the readers of some pages: a process of their own, whose
// answers do not wait behind those of the storm in one scheduler, as the readers of a site
// are on machines of their own. It holds an [audience] as JSON.
const readersEnv = "NHANRONG_BENCH_READERS"

// audience is a load that only reads.
type audience struct {
	Addr   string
	Conns  int
	Length time.Duration
	Every  time.Duration
	Paths  []string
}

func (r audience) asking() asking {
	return asking{addr: r.Addr, conns: r.Conns, length: r.Length, every: r.Every, next: pages(r.Paths), good: http.StatusOK}
}

// read is what this program does as readers; false where it was not started as them.
func read() bool {
	text := os.Getenv(readersEnv)
	if text == "" {
		return false
	}
	var r audience
	err := json.Unmarshal([]byte(text), &r)
	if err == nil {
		var out asked
		if out, err = r.asking().run(context.Background()); err == nil {
			err = json.NewEncoder(os.Stdout).Encode(told{out.good, out.perSecond, out.p50, out.p99, out.other})
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "readers:", err)
		os.Exit(1)
	}
	return true
}

// told is an [asked] on its way between processes.
type told struct {
	Good      int
	PerSecond float64
	P50, P99  float64
	Other     map[int]int
}

// run starts the readers and waits for what came of them.
func (r audience) run(ctx context.Context) (asked, error) {
	self, err := os.Executable()
	if err != nil {
		return asked{}, err
	}
	text, err := json.Marshal(r)
	if err != nil {
		return asked{}, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), readersEnv+"="+string(text))
	cmd.Stderr = os.Stderr
	raw, err := cmd.Output()
	if err != nil {
		return asked{}, fmt.Errorf("readers: %w", err)
	}
	var t told
	err = json.NewDecoder(bytes.NewReader(raw)).Decode(&t)
	return asked{t.Good, t.PerSecond, t.P50, t.P99, t.Other}, err
}
