// Command bench measures the program on the data of the benchmarks and writes
// docs/benchmarks.md: each figure with its floor, measured in the same run.
//
//	go run ./tools/pgtest -durable -- go run ./tools/bench
//
// The data are loaded by the batch verbs into .tools/bench (SQLite) and into a database
// of the PostgreSQL that NHANRONG_TEST_POSTGRES names, and kept there for the next run.
// Pages are asked of the program's own handler, signed in, in this process: what is
// measured is the time inside the server. Memory and the cold start are those of the
// built program, on the loopback address.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/platform/config"
)

func main() {
	if serveBare() || read() || storePhotos() || writePapers() {
		return
	}
	var s settings
	flag.StringVar(&s.out, "out", "docs/benchmarks.md", "where the figures are written")
	flag.IntVar(&s.draws, "draws", 100, "random draws of a round")
	flag.IntVar(&s.rounds, "rounds", 5, "rounds; the median of them is told")
	flag.StringVar(&s.only, "only", "", "SQLite or PostgreSQL: one engine alone, to try")
	flag.StringVar(&s.question, "question", "", "the one question to ask, by the beginning of its name, to try")
	flag.StringVar(&s.profile, "profile", "", "a file for the profile of the processor while one engine is asked, alone")
	flag.DurationVar(&s.slow, "slow", 0, "tell the address of every page that takes longer, to try")
	flag.BoolVar(&s.small, "small", false, "a fiftieth of the data: to try the program itself")
	flag.BoolVar(&s.crowdAlone, "crowd", false, "the public site under a crowd alone; the rest of the page of figures stays")
	flag.BoolVar(&s.heavyAlone, "heavy", false, "the heavy work alone; the rest of the page of figures stays")
	flag.Parse()
	if err := run(context.Background(), s); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type settings struct {
	out, only         string
	question, profile string
	draws, rounds     int
	slow              time.Duration
	small             bool
	crowdAlone        bool
	heavyAlone        bool
}

func (s settings) size() sample.Size {
	if s.small {
		return sample.Size{Years: 2, Entries: 4000, Communes: 20, Groups: 8}
	}
	return sample.Full()
}

func run(ctx context.Context, s settings) error {
	folder := filepath.Join(".tools", "bench")
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	binary := filepath.Join(folder, "nhanrong")
	if err := build(ctx, binary); err != nil {
		return err
	}
	if s.crowdAlone {
		return writeCrowds(ctx, s, folder, binary)
	}
	if s.heavyAlone {
		return writeHeavy(ctx, s, binary)
	}
	engines, err := places(ctx, s, folder)
	if err != nil {
		return err
	}
	doc := document{settings: s, machine: describeMachine()}
	for _, e := range engines {
		if s.only != "" && s.only != e.name {
			continue
		}
		fmt.Println("==", e.name)
		figures, err := measure(ctx, s, e, binary)
		if err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		doc.engines = append(doc.engines, figures)
	}
	if doc.binary, err = fileSize(binary); err != nil {
		return err
	}
	if err := doc.write(s.out); err != nil {
		return err
	}
	if err := writeHeavy(ctx, s, binary); err != nil {
		return err
	}
	return writeCrowds(ctx, s, folder, binary)
}

// open opens the house of an engine, and loads the data where they are missing.
func open(ctx context.Context, s settings, e engine) (*app.House, error) {
	h, err := app.Open(ctx, &config.Config{Database: e.url, Files: "folder:" + filepath.Join(os.TempDir(), "nhanrong-bench-files")}, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	part, err := h.Rulebook.Loading(ctx)
	if err != nil {
		return nil, err
	}
	if part {
		return nil, fmt.Errorf("the data in %s were loaded only in part: remove them", e.url)
	}
	empty, err := h.Identity.Empty(ctx)
	if err != nil || !empty {
		return h, err
	}
	begin, last := time.Now(), time.Time{} //nolint:forbidigo // this is a stopwatch
	fmt.Println("loading the data")
	err = sample.Bench(ctx, h, s.size(), func(done, of int) {
		if time.Since(last) > 20*time.Second { //nolint:forbidigo // this is a stopwatch
			last = time.Now()                                                                         //nolint:forbidigo // this is a stopwatch
			fmt.Printf("  step %d of about %d, %s\n", done, of, time.Since(begin).Round(time.Second)) //nolint:forbidigo // this is a stopwatch
		}
	})
	fmt.Println("loaded in", time.Since(begin).Round(time.Second)) //nolint:forbidigo // this is a stopwatch
	return h, err
}
