//go:build unix

package office

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestNothingOutlivesAnEnd has a program that starts another one, as LibreOffice does, be
// called off: neither is left, nor the folder, and nothing of the house's environment is told.
func TestNothingOutlivesAnEnd(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("NHANRONG_SECRET", "xin-chao")
	told := filepath.Join(dir, "told")
	if err := syscall.Mkfifo(told, 0o600); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "program")
	script := "#!/bin/sh\nsleep 600 &\necho $! \"$NHANRONG_SECRET\" > " + told + "\nwait\n"
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	o := &LibreOffice{program: program, turn: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- o.PDF(ctx, []byte("x"), new(bytes.Buffer)) }()
	raw, err := os.ReadFile(told)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ended; !errors.Is(err, ErrFailed) {
		t.Errorf("called off: %v", err)
	}
	words := strings.Fields(string(raw))
	if len(words) != 1 {
		t.Fatalf("it was told %q", raw)
	}
	if deadline, running := time.Now().Add(5*time.Second), "/proc/"+words[0]+"/cmdline"; lives(running) {
		for lives(running) && time.Now().Before(deadline) {
		}
		if lives(running) {
			t.Error("what it started is still there")
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, "nhanrong-office-*")); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// lives tells whether a program runs: of one that ended there is no command any more.
func lives(cmdline string) bool {
	raw, err := os.ReadFile(cmdline)
	return err == nil && len(raw) > 0
}
