//go:build unix

// Command pgtest runs a command beside a throw-away PostgreSQL:
//
//	go run ./tools/pgtest [-durable] -- go test ./...
//
// It makes a cluster in a temporary folder, sets NHANRONG_TEST_POSTGRES for the command,
// hands it the signals it gets, removes the cluster afterwards and ends with the
// command's exit code. The server listens on a socket in its own folder only, and runs
// as an unprivileged user where pgtest is run by root, because PostgreSQL refuses root.
//
// Flushing to disk is off, which makes tests several times faster and loses nothing that
// a test could miss; -durable leaves it on for tests that pull the plug.
//
// Where NHANRONG_TEST_POSTGRES is set already, the command is run with it as it is.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const variable = "NHANRONG_TEST_POSTGRES"

func main() {
	// The server is told to die with the thread that started it: keep that one.
	runtime.LockOSThread()
	durable := flag.Bool("durable", false, "flush to disk as in production")
	flag.Parse()
	code, err := run(*durable, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		code = 1
	}
	os.Exit(code)
}

func run(durable bool, command []string) (int, error) {
	if len(command) == 0 {
		return 0, errors.New("usage: pgtest [-durable] -- command …")
	}
	// From here on a signal ends the command, and the cluster is removed all the same.
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	if os.Getenv(variable) != "" {
		return beside(command, os.Environ(), signals)
	}
	c, err := newCluster(durable)
	if err != nil {
		return 0, err
	}
	code, err := 0, c.start()
	if err == nil {
		code, err = beside(command, append(os.Environ(), variable+"="+c.url()), signals)
	}
	return code, errors.Join(err, c.remove())
}

// beside runs the command to its end and gives its exit code.
func beside(command, env []string, signals <-chan os.Signal) (int, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = os.Stdin, os.Stdout, os.Stderr, env
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("start %s: %w", command[0], err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			cmd.Process.Signal(s) //nolint:errcheck // it may have ended in the meantime
		case err := <-done:
			return exitCode(err)
		}
	}
}

func exitCode(err error) (int, error) {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return 0, err
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return exit.ExitCode(), nil
}

// cluster is the server and its folder.
type cluster struct {
	bin     string
	folder  string
	durable bool
	runAs   *syscall.Credential
	server  *exec.Cmd
}

func newCluster(durable bool) (*cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	parent := ""
	if !durable {
		parent = fastFolder()
	}
	folder, err := os.MkdirTemp(parent, "nhanrong-pg-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the cluster: %w", err)
	}
	c := &cluster{bin: bin, folder: folder, durable: durable}
	if os.Getuid() != 0 {
		return c, nil
	}
	if c.runAs, err = unprivileged(); err != nil {
		return nil, errors.Join(err, c.remove())
	}
	if err := os.Chown(folder, int(c.runAs.Uid), int(c.runAs.Gid)); err != nil {
		return nil, errors.Join(fmt.Errorf("hand over the folder: %w", err), c.remove())
	}
	return c, nil
}

// binaries is the folder with initdb and postgres: Debian does not put it into PATH.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil && executable(filepath.Join(filepath.Dir(path), "postgres")) {
			return filepath.Dir(path), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil || len(found) == 0 {
		return "", errors.New("PostgreSQL's server is not installed: run make setup")
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return major(a) - major(b) })
	return filepath.Dir(newest), nil
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&0o111 != 0
}

func major(path string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	if err != nil {
		return 0
	}
	return n
}

func unprivileged() (*syscall.Credential, error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, fmt.Errorf("find a user for PostgreSQL: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("read the user of PostgreSQL: %w", err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("read the group of PostgreSQL: %w", err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func (c *cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.folder
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + c.folder, "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = attributes(c.runAs)
	return cmd
}

func (c *cluster) data() string { return filepath.Join(c.folder, "data") }

func (c *cluster) url() string { return "postgres://nhanrong@/postgres?host=" + c.folder }

// start makes the cluster and waits until the server takes connections.
func (c *cluster) start() error {
	// The order of texts is the C order on purpose: a test that passes only by the
	// collation of one machine should fail.
	args := []string{"-D", c.data(), "-U", "nhanrong", "--auth=trust", "--no-locale", "--encoding=UTF8"}
	if !c.durable {
		args = append(args, "--no-sync")
	}
	if out, err := c.command("initdb", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("make the cluster: %w\n%s", err, out)
	}
	settings := []string{
		"listen_addresses=", "unix_socket_directories=" + c.folder, "max_connections=300", "shared_buffers=128MB",
		"log_min_messages=log",
	}
	if !c.durable {
		settings = append(settings, "autovacuum_naptime=10min", "fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")
	}
	serve := []string{"-D", c.data()}
	for _, s := range settings {
		serve = append(serve, "-c", s)
	}
	c.server = c.command("postgres", serve...)
	log, err := c.server.StderrPipe()
	if err != nil {
		return fmt.Errorf("read the server's log: %w", err)
	}
	if err := c.server.Start(); err != nil {
		return fmt.Errorf("start the server: %w", err)
	}
	// A server that hangs is stopped, which ends its log.
	limit := time.AfterFunc(time.Minute, func() { c.server.Process.Kill() }) //nolint:errcheck // the log ends either way
	defer limit.Stop()
	return ready(log)
}

// ready reads the server's log up to the line that says so, and lets the rest pass.
func ready(log io.Reader) error {
	lines := bufio.NewScanner(log)
	var said []string
	for lines.Scan() {
		if strings.Contains(lines.Text(), "ready to accept connections") {
			go io.Copy(io.Discard, log) //nolint:errcheck // it ends with the server
			return nil
		}
		said = append(said, lines.Text())
	}
	return fmt.Errorf("the server did not start:\n%s", strings.Join(said, "\n"))
}

// remove stops the server without ceremony and removes its folder.
func (c *cluster) remove() error {
	if c.server != nil && c.server.Process != nil {
		c.server.Process.Signal(syscall.SIGQUIT) //nolint:errcheck // it may have ended by itself
		c.server.Wait()                          //nolint:errcheck // how it ended does not matter any more
	}
	if err := os.RemoveAll(c.folder); err != nil {
		return fmt.Errorf("remove the cluster: %w", err)
	}
	return nil
}
