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

// TestMain is the test program itself, or the writer or uploader that a test kills.
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
	os.Exit(m.Run())
}

// write registers and receives practices for ever, and tells of each once its write has
// returned.
func write(ctx context.Context, url string, out io.Writer) error {
	d, err := db.Open(ctx, db.Config{URL: url})
	if err != nil {
		return err
	}
	h := app.Build(d, nil, clock.System, slog.New(slog.DiscardHandler))
	for n := 0; ; n++ {
		e, err := h.Practices.Register(ctx, h.System(), practice.Input{
			Movement: sample.Movement, On: clock.MustDate("2024-11-05"), Unit: sample.CodeWard, Kind: ledger.Collective,
			Subject: fmt.Sprintf("Tập thể thử %d", n%7), Field: "economy", Origin: ledger.OriginNew, Title: fmt.Sprintf("Mô hình thử %d", n),
		})
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, "registered", e.ID); err != nil {
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

// TestNoAcknowledgedWriteIsLost kills a writing process a hundred times in the middle
// of its work. What it told of is there, the facts are what the acts say, and the chain
// of records is whole.
func TestNoAcknowledgedWriteIsLost(t *testing.T) {
	const kills = 100
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			url := dbtest.URL(t, engine)
			d := dbtest.Connect(t, url)
			h := apptest.Sample(t, d)
			told := map[string]string{}
			for i := range kills {
				killWriter(t, url, 1+i%5, told)
			}
			if len(told) < kills {
				t.Fatalf("only %d writes were told of", len(told))
			}
			checkAll(t, h, d, told)
		})
	}
}

// killWriter lets a writer tell of some writes and kills it, without warning, while it
// works on the next one.
func killWriter(t *testing.T, url string, after int, told map[string]string) {
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
	for n := 0; lines.Scan(); n++ {
		what, id, _ := strings.Cut(lines.Text(), " ")
		told[id] = what
		if n == after {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the writer ended by itself")
	}
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
	if stale, err := ledger.Stale(t.Context(), d); err != nil || len(stale) > 0 {
		t.Errorf("facts that differ from their acts: %v, %v", stale, err)
	}
	if v, err := audit.Verify(t.Context(), d); err != nil || v.Broken != 0 {
		t.Errorf("the chain of records: %+v, %v", v, err)
	}
}
