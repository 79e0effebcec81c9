package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/platform/config"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// stormFigures is what came of a storm of ratings and a flood of opinions, on SQLite.
type stormFigures struct {
	length          time.Duration
	votes, opinions asked
	lost            int     // acknowledged, and not there after the process was killed
	crowd, quiet    asked   // reading without the storm: a crowd without a pause, and at an even pace
	paced, calm     asked   // ratings as many as the bar, and reading at the pace beside them
	beside          asked   // reading at the pace in the storm
	both, crowded   asked   // ratings and a crowd that reads, both without a pause
	memory          float64 // MB resident at most
}

const (
	stormConns    = 180
	opinionConns  = 20 // with them 200
	stormReaders  = 64
	stormPause    = 80 * time.Millisecond // so that reading is 800 pages a second
	votesASecond  = 3000
	stormArticles = 20
)

func (s settings) storm() time.Duration {
	if s.small {
		return 6 * time.Second
	}
	return time.Minute
}

// measureStorm lets a crowd rate and write on a copy of the data, while others read, and
// kills the program at the end: what it acknowledged must be there.
func measureStorm(ctx context.Context, s settings, e engine, binary string) (out *stormFigures, err error) {
	hot, err := crowdPaths(ctx, s, e)
	if err != nil {
		return nil, err
	}
	hot = hot[:stormArticles]
	file := strings.TrimPrefix(e.url, "sqlite:")
	copied := filepath.Join(filepath.Dir(file), "storm.db")
	if err := copyFile(file, copied); err != nil {
		return nil, err
	}
	defer func() {
		for _, tail := range []string{"", "-wal", "-shm"} {
			err = errors.Join(err, ignoreMissing(os.Remove(copied+tail)))
		}
	}()
	on := engine{e.name, "sqlite:" + copied}
	votesBefore, saidBefore, err := counts(ctx, on)
	if err != nil {
		return nil, err
	}
	run, err := start(ctx, on, binary, "--trusted-proxy", "127.0.0.0/8")
	if err != nil {
		return nil, err
	}
	out = &stormFigures{length: s.storm()}
	err = out.blow(ctx, run, hot)
	run.kill()
	if err != nil {
		return nil, err
	}
	votes, said, err := counts(ctx, on)
	out.lost = max(0, out.votes.good+out.paced.good+out.both.good-(votes-votesBefore)) + max(0, out.opinions.good-(said-saidBefore))
	fmt.Printf("storm: %.0f votes/s p99 %.0f ms, %.0f opinions/s p99 %.0f ms, %d lost, others %v %v; reading p99: a crowd %.1f (%.0f/s), quiet %.1f, beside %.0f votes/s %.1f, in the storm %.1f (%.0f/s); both without a pause %.0f votes/s, reading %.1f (%.0f/s); %.0f MB\n",
		out.votes.perSecond, out.votes.p99, out.opinions.perSecond, out.opinions.p99, out.lost, out.votes.other, out.opinions.other,
		out.crowd.p99, out.crowd.perSecond, out.quiet.p99, out.paced.perSecond, out.calm.p99, out.beside.p99, out.beside.perSecond,
		out.both.perSecond, out.crowded.p99, out.crowded.perSecond, out.memory)
	return out, err
}

// blow reads in quiet, and then reads while the storm blows.
func (out *stormFigures) blow(ctx context.Context, run *running, hot []string) (err error) {
	addr := strings.TrimPrefix(run.base, "http://")
	crowd := audience{Addr: addr, Conns: stormReaders, Length: out.length / 4, Paths: hot}
	even := crowd
	even.Every = stormPause
	var rate, say []string
	for _, path := range hot {
		rate, say = append(rate, path+"/rate"), append(say, path+"/opinions")
	}
	ratings := asking{
		addr: addr, conns: stormConns, length: out.length / 4, good: http.StatusSeeOther,
		next: form(rate, func(conn, n int) string { return fmt.Sprintf("score=%d", 1+(conn+n)%5) }),
	}
	opinions := asking{
		addr: addr, conns: opinionConns, length: out.length, good: http.StatusSeeOther,
		next: form(say, func(conn, n int) string {
			return fmt.Sprintf("name=B%%E1%%BA%%A1n+%d&text=%%C3%%9D+ki%%E1%%BA%%BFn+th%%E1%%BB%%AD+s%%E1%%BB%%91+%d-%d", conn, conn, n)
		}),
	}
	paced, storm, stormed := ratings, ratings, even
	paced.every = stormConns * time.Second / (votesASecond + votesASecond/10)
	storm.length, stormed.Length = out.length, out.length
	for _, act := range [][]load{
		{{crowd, &out.crowd}},
		{{even, &out.quiet}},
		{{even, &out.calm}, {paced, &out.paced}},
		{{crowd, &out.crowded}, {ratings, &out.both}},
		{{stormed, &out.beside}, {storm, &out.votes}, {opinions, &out.opinions}},
	} {
		if err := together(ctx, act...); err != nil {
			return err
		}
	}
	out.memory, err = run.status("VmHWM:")
	return err
}

// load is a load, and where to put what came of it.
type load struct {
	of interface {
		run(ctx context.Context) (asked, error)
	}
	to *asked
}

// together lets loads come at one time.
func together(ctx context.Context, loads ...load) error {
	var wait sync.WaitGroup
	failed := make([]error, len(loads))
	for i, l := range loads {
		wait.Go(func() { *l.to, failed[i] = l.of.run(ctx) })
	}
	wait.Wait()
	return errors.Join(failed...)
}

// counts counts the ratings and the opinions in a database.
func counts(ctx context.Context, e engine) (votes, said int, err error) {
	h, err := app.Open(ctx, &config.Config{Database: e.url, Files: "folder:" + filepath.Join(os.TempDir(), "nhanrong-bench-files")}, slog.New(slog.DiscardHandler))
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	if votes, err = db.One(ctx, h.DB, db.Int, `SELECT count(*) FROM press_vote`); err != nil {
		return 0, 0, err
	}
	said, err = db.One(ctx, h.DB, db.Int, `SELECT count(*) FROM press_opinion`)
	return votes, said, err
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // it was only read
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	_, err = io.Copy(out, in)
	return err
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
