package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/app/apptest"
	"github.com/nhanrong/nhanrong/internal/app/sample"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/domain/practice"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/db/dbtest"
)

// writerURL is set in the process that is to be killed.
const writerURL = "NHANRONG_TEST_WRITER"

// TestMain is the test program itself, or the writer, uploader or server that a test kills.
func TestMain(m *testing.M) {
	if url := os.Getenv(writerURL); url != "" {
		if err := write(context.Background(), url, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if url := os.Getenv(uploaderURL); url != "" {
		if err := upload(context.Background(), url, os.Getenv(uploaderDir)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if url := os.Getenv(serverURL); url != "" {
		if err := serve(context.Background(), url, os.Getenv(serverDir), os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// begun is what the writer tells before it begins a write.
const begun = "begun"

// write registers and receives practices for ever, and tells of each before its write
// begins and once it has returned.
func write(ctx context.Context, url string, out io.Writer) error {
	d, err := db.Open(ctx, db.Config{URL: url})
	if err != nil {
		return err
	}
	h := app.Build(d, nil, clock.System, slog.New(slog.DiscardHandler))
	for n := 0; ; n++ {
		if _, err := fmt.Fprintln(out, begun); err != nil {
			return err
		}
		e, err := h.Practices.Register(ctx, h.System(), practice.Input{
			Movement: sample.Movement, On: clock.MustDate("2024-11-05"), Unit: sample.CodeWard, Kind: ledger.Collective,
			Subject: fmt.Sprintf("Tập thể thử %d", n%7), Field: "economy", Origin: ledger.OriginNew, Title: fmt.Sprintf("Mô hình thử %d", n),
		})
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, "registered "+e.ID+"\n"+begun); err != nil {
			return err
		}
		if err := h.Practices.Receive(ctx, h.System(), practice.Step{Entries: []string{e.ID}, On: clock.MustDate("2024-11-06")}); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, "received", e.ID); err != nil {
			return err
		}
	}
}

// TestNoAcknowledgedWriteIsLost kills a writing process a hundred times, at ever other
// moments between the beginning of a write and its end. What it told of is there, each
// write is there as a whole or not at all, in all the tables that it goes to, the facts
// are what the acts say, and the chain of records is whole. (It is the program that dies
// here, not the machine; that a commit is on the disk is what synchronous FULL and the
// default of PostgreSQL promise.)
func TestNoAcknowledgedWriteIsLost(t *testing.T) {
	const kills = 100
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			url := dbtest.URL(t, engine)
			d := dbtest.Connect(t, url)
			h := apptest.Empty(t, d) // the writing process opens the same address
			if err := sample.Load(t.Context(), h, func(int, int) {}); err != nil {
				t.Fatal(err)
			}
			before := traces(t, d)
			told := map[string]string{}
			within := 0
			for i := range kills {
				if killWriter(t, url, 1+i%5, time.Duration(i*37%kills)*40*time.Microsecond, told) {
					within++
				}
			}
			if len(told) < kills || within < kills*9/10 {
				t.Fatalf("%d writes were told of, %d of %d kills came within one", len(told), within, kills)
			}
			checkAll(t, h, d, told)
			checkTraces(t, before, traces(t, dbtest.Connect(t, url)), len(told))
		})
	}
}

// traces counts what registrations leave behind in the tables that they go to.
func traces(t *testing.T, d *db.DB) map[string]int {
	t.Helper()
	all := map[string]int{}
	for what, question := range map[string]string{
		"entries": `SELECT count(*) FROM practice_entry`,
		"acts":    `SELECT count(*) FROM ledger_act WHERE kind = 'registered'`,
		"facts":   `SELECT count(*) FROM ledger_entry_fact`,
		"records": `SELECT count(*) FROM audit_entry WHERE action = 'practice.register'`,
		"jobs":    `SELECT count(*) FROM jobs_job WHERE kind = 'practice.registered'`,
	} {
		n, err := db.One(t.Context(), d, db.Int, question)
		if err != nil {
			t.Fatal(err)
		}
		all[what] = n
	}
	return all
}

// checkTraces wants as many of each as of every other, and no fewer than were told of. A
// killed writer may have written one more before it could tell.
func checkTraces(t *testing.T, before, after map[string]int, told int) {
	t.Helper()
	made := after["entries"] - before["entries"]
	if made < told {
		t.Errorf("%d entries were made, %d were told of", made, told)
	}
	for what := range after {
		if n := after[what] - before[what]; n != made {
			t.Errorf("%d entries left %d %s", made, n, what)
		}
	}
}

// killWriter lets a writer tell of some writes and kills it without warning a while
// after that, and tells whether that was within a write.
func killWriter(t *testing.T, url string, after int, while time.Duration, told map[string]string) (within bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), writerURL+"="+url)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); {
		what, id, _ := strings.Cut(lines.Text(), " ")
		if within = what == begun; within {
			continue
		}
		told[id] = what
		if n++; n == after {
			time.AfterFunc(while, func() { cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the writer ended by itself")
	}
	return within
}

func checkAll(t *testing.T, h *app.House, d *db.DB, told map[string]string) {
	t.Helper()
	for id, what := range told {
		e, err := h.Practices.Get(t.Context(), h.System(), id)
		if err != nil {
			t.Errorf("entry %s was %s and is lost: %v", id, what, err)
			continue
		}
		if what == "received" && e.Standing.Status() != ledger.StatusReceived {
			t.Errorf("entry %s was received and stands as %s", id, e.Standing.Status())
		}
	}
	if d.Engine() == db.SQLite {
		if sound, err := db.One(t.Context(), d, db.Text, `PRAGMA integrity_check`); err != nil || sound != "ok" {
			t.Errorf("the file: %s, %v", sound, err)
		}
	}
	if stale, err := ledger.Stale(t.Context(), d); err != nil || len(stale) > 0 {
		t.Errorf("facts that differ from their acts: %v, %v", stale, err)
	}
	if v, err := audit.Verify(t.Context(), d); err != nil || v.Broken != 0 {
		t.Errorf("the chain of records: %+v, %v", v, err)
	}
}
