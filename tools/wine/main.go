//go:build unix

// Command wine runs the program for Windows where there is no Windows:
//
//	go run ./tools/wine [-exe FILE]
//
// It builds the program for Windows on amd64, loads the sample into an empty folder under
// Wine, compares the figures that it prints with those of the program for this machine,
// serves, asks for pages and ends what it started. Wine's own folder is a temporary one.
//
// Wine and, for Wine before version 9, a compiler for Windows (x86_64-w64-mingw32-gcc)
// must be there: sh tools/setup.sh windows brings them.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// patience bounds each of the runs under Wine.
const patience = 5 * time.Minute

func main() {
	exe := flag.String("exe", "", "the program for Windows; built where it is not given")
	flag.Parse()
	if err := run(*exe); err != nil {
		fmt.Fprintln(os.Stderr, "wine:", err)
		os.Exit(1)
	}
}

func run(exe string) error {
	dir, err := os.MkdirTemp("", "nhanrong-wine-")
	if err != nil {
		return fmt.Errorf("make a folder for Wine: %w", err)
	}
	w := &windows{dir: dir, exe: exe}
	return errors.Join(w.check(), w.remove())
}

// windows is a Wine with a folder of its own.
type windows struct {
	dir string
	exe string
}

// check goes through all that the program must do.
func (w *windows) check() error {
	native := filepath.Join(w.dir, "native")
	if err := errors.Join(w.build(native), w.prepare()); err != nil {
		return err
	}
	want, err := output(exec.Command(native, "demo", "--no-serve", "--data", filepath.Join(w.dir, "data")))
	if err != nil {
		return err
	}
	got, err := output(w.command(context.Background(), "demo", "--no-serve", "--data", `C:\nhanrong`))
	if err != nil {
		return err
	}
	if figures(got) != figures(want) || figures(want) == "" {
		return fmt.Errorf("the figures under Wine differ:\n%s\nhere:\n%s", got, want)
	}
	fmt.Println("demo --no-serve: the same figures as on this machine")
	return w.serve()
}

// figures are the lines of the output from the first table on: those before name folders.
func figures(out string) string {
	_, tables, _ := strings.Cut(out, "tính đến ngày")
	return strings.ReplaceAll(tables, "\r", "")
}

// build makes the program for this machine and, where it was not given, for Windows.
func (w *windows) build(native string) error {
	if _, err := output(exec.Command("go", "build", "-o", native, "./cmd/nhanrong")); err != nil {
		return err
	}
	if w.exe != "" {
		return nil
	}
	w.exe = filepath.Join(w.dir, "nhanrong.exe")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", w.exe, "./cmd/nhanrong")
	build.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	_, err := output(build)
	return err
}

// prepare makes Wine's folder and gives it the one file that an old Wine lacks.
func (w *windows) prepare() error {
	system := filepath.Join(w.dir, "prefix", "drive_c", "windows", "system32")
	if _, err := output(w.wine(context.Background(), "wineboot", "--init")); err != nil {
		return err
	}
	random := filepath.Join(system, "bcryptprimitives.dll")
	if _, err := os.Stat(random); err == nil {
		return nil
	}
	_, err := output(exec.Command("x86_64-w64-mingw32-gcc", "-shared", "-Os", "-s", "-o", random, "tools/wine/random/prng.c", "-ladvapi32"))
	return err
}

// serve starts the program, asks for pages and ends it.
func (w *windows) serve() error {
	address, err := free()
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	program := w.command(ctx, "serve", "--data", `C:\nhanrong`, "--addr", address)
	var said bytes.Buffer
	program.Stdout, program.Stderr = &said, &said
	if err := program.Start(); err != nil {
		return fmt.Errorf("start the program under Wine: %w", err)
	}
	asked := pages(ctx, "http://"+address)
	stop() // ends Wine's process; what is left of it ends with its server, in remove
	if err := program.Wait(); err != nil && ctx.Err() == nil {
		asked = errors.Join(asked, err)
	}
	if asked != nil {
		return fmt.Errorf("%w\n%s", asked, said.String())
	}
	return nil
}

// pages asks for the first page until it is there, then for some more.
func pages(ctx context.Context, base string) error {
	for get(ctx, base+"/healthz") != nil {
		select {
		case <-ctx.Done():
			return errors.New("the program did not answer under Wine")
		case <-time.After(200 * time.Millisecond):
		}
	}
	for _, path := range []string{"/", "/practices", "/login", "/feed.rss"} {
		if err := get(ctx, base+path); err != nil {
			return err
		}
		fmt.Println("serve:", path, "answers")
	}
	return nil
}

func get(ctx context.Context, address string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("ask for %s: %w", address, err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask for %s: %w", address, err)
	}
	n, err := io.Copy(io.Discard, resp.Body)
	err = errors.Join(err, resp.Body.Close())
	if err != nil || resp.StatusCode != http.StatusOK || n == 0 {
		return fmt.Errorf("%s: status %d, %d bytes, %w", address, resp.StatusCode, n, err)
	}
	return nil
}

// free is a loopback address that nobody listens on.
func free() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// command is a run of the program under Wine.
func (w *windows) command(ctx context.Context, args ...string) *exec.Cmd {
	return w.wine(ctx, append([]string{w.exe}, args...)...)
}

func (w *windows) wine(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "wine", args...)
	cmd.Env = append(os.Environ(), "WINEPREFIX="+filepath.Join(w.dir, "prefix"), "WINEDEBUG=-all")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// output runs a command and gives what it printed.
func output(cmd *exec.Cmd) (string, error) {
	var out, wrong bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &wrong
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("%s: %w", cmd.Path, err)
	}
	late := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	if err := cmd.Wait(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s%s", strings.Join(cmd.Args, " "), err, out.String(), wrong.String())
	}
	return out.String(), nil
}

// remove ends Wine's server, and with it all that runs in this Wine, and takes the folder away.
func (w *windows) remove() error {
	server := exec.Command("wineserver", "-k")
	if _, err := exec.LookPath("wineserver"); err != nil { // Debian keeps it beside Wine's own programs
		server = exec.Command("/usr/lib/wine/wineserver", "-k")
	}
	server.Env = append(os.Environ(), "WINEPREFIX="+filepath.Join(w.dir, "prefix"))
	ended := server.Run()
	if exit, ok := errors.AsType[*exec.ExitError](ended); ok && exit.ExitCode() == 1 {
		ended = nil // it had ended by itself
	}
	return errors.Join(ended, os.RemoveAll(w.dir))
}
