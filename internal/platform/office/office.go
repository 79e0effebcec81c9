// Package office has LibreOffice, where that is installed, turn documents for Word into pages
// (PDF). It runs one at a time, without a window and with a profile of its own that is thrown
// away, within a bound of time.
package office

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// LibreOffice is the program as it is installed.
type LibreOffice struct {
	program string
	turn    chan struct{}
}

// longest is how long one document may take: a report with a long list takes some seconds.
const longest = 2 * time.Minute

// ErrFailed says that the program was asked and gave no pages.
var ErrFailed = errors.New("office: no pages were made")

// Find looks where the program is installed; false where it is not.
func Find() (*LibreOffice, bool) {
	names := []string{"soffice", "libreoffice"}
	if runtime.GOOS == "windows" {
		for _, folder := range []string{os.Getenv("ProgramFiles"), os.Getenv("ProgramFiles(x86)")} {
			if folder != "" {
				names = append(names, filepath.Join(folder, "LibreOffice", "program", "soffice.exe"))
			}
		}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return &LibreOffice{program: path, turn: make(chan struct{}, 1)}, true
		}
	}
	return nil, false
}

// Name is what the program is called.
func (o *LibreOffice) Name() string { return "LibreOffice" }

// PDF turns a document into pages.
func (o *LibreOffice) PDF(ctx context.Context, document []byte, w io.Writer) error {
	select {
	case o.turn <- struct{}{}:
		defer func() { <-o.turn }()
	case <-ctx.Done():
		return fmt.Errorf("wait for LibreOffice: %w", ctx.Err())
	}
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	dir, err := os.MkdirTemp("", "nhanrong-office-")
	if err != nil {
		return fmt.Errorf("make a folder for LibreOffice: %w", err)
	}
	err = o.convert(ctx, dir, document, w)
	return errors.Join(err, os.RemoveAll(dir))
}

func (o *LibreOffice) convert(ctx context.Context, dir string, document []byte, w io.Writer) error {
	in := filepath.Join(dir, "paper.docx")
	if err := os.WriteFile(in, document, 0o600); err != nil {
		return fmt.Errorf("write for LibreOffice: %w", err)
	}
	profile := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, "profile"))}
	if !strings.HasPrefix(profile.Path, "/") { // a drive of Windows
		profile.Path = "/" + profile.Path
	}
	cmd := exec.CommandContext(ctx, o.program, "--headless", "--norestore", "-env:UserInstallation="+profile.String(), "--convert-to", "pdf", "--outdir", dir, in) //nolint:gosec // the program was found on the machine
	cmd.Dir, cmd.Env, cmd.WaitDelay = dir, surroundings(dir), 5*time.Second
	alone(cmd)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %w: %.300s", ErrFailed, err, out)
	}
	f, err := os.Open(filepath.Join(dir, "paper.pdf"))
	if err != nil {
		return fmt.Errorf("%w: %.300s", ErrFailed, out)
	}
	_, err = io.Copy(w, f)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("read the pages of LibreOffice: %w", err)
	}
	return nil
}

// surroundings are what the program is told of the machine: where programs are, and its own
// folder for all that it writes. What else the house runs with, passwords among it, is not
// its business.
func surroundings(dir string) []string {
	env := []string{"HOME=" + dir, "TMPDIR=" + dir, "TEMP=" + dir, "TMP=" + dir}
	for _, name := range []string{"PATH", "LANG", "LC_ALL", "SYSTEMROOT", "WINDIR", "COMSPEC"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}
