// Package scan asks a virus scanner about every file before it is kept.
//
// The scanner is a command of the machine's, as clamdscan is one. It is given the path of
// a file and says by its exit code what it found: 0 nothing, 1 something; anything else
// means that it could not look, and then the file is not kept either.
package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// path is the word of a command that stands for the path of the file; a command without
// it has the path as its last word.
const path = "{}"

// patience is how long a scanner may look at one file.
const patience = time.Minute

// infected is the exit code of a scanner that found something, as clamscan(1) has it.
const infected = 1

// Scanner is a command that looks at files.
type Scanner struct{ words []string }

// New makes a scanner out of a command line, which is no shell's: its words are parted by
// spaces.
func New(command string) (Scanner, error) {
	words := strings.Fields(command)
	if len(words) == 0 {
		return Scanner{}, errors.New("the command of the virus scanner is empty")
	}
	if _, err := exec.LookPath(words[0]); err != nil {
		return Scanner{}, fmt.Errorf("find the virus scanner: %w", err)
	}
	return Scanner{words}, nil
}

// Look asks the scanner about a file. An error that a person can be told says that it
// found something; a technical one, that it could not look.
func (s Scanner) Look(ctx context.Context, file string) error {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	args := make([]string, 0, len(s.words))
	named := false
	for _, w := range s.words[1:] {
		named = named || strings.Contains(w, path)
		args = append(args, strings.ReplaceAll(w, path, file))
	}
	if !named {
		args = append(args, file)
	}
	said, err := exec.CommandContext(ctx, s.words[0], args...).CombinedOutput() //nolint:gosec // the command is a setting of whoever runs the server, and the path is our own
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == infected {
		return errs.New(errs.Invalid, i18n.BlobInfected).Because(fmt.Errorf("the virus scanner said no: %.500s", said))
	}
	if err != nil {
		return fmt.Errorf("the virus scanner could not look: %w: %.500s", err, said)
	}
	return nil
}

// Store is a store whose files a scanner has looked at.
type Store struct {
	blob.Store
	scanner Scanner
	logger  *slog.Logger
}

// Guard puts a scanner before a store. What it refuses, and that it cannot look, is logged.
func Guard(store blob.Store, scanner Scanner, logger *slog.Logger) Store {
	return Store{store, scanner, logger}
}

// Put has the scanner look at a copy before the store sees the first byte.
func (s Store) Put(ctx context.Context, r io.Reader, most int64) (ref blob.Ref, err error) {
	f, err := os.CreateTemp("", "nhanrong-scan-*")
	if err != nil {
		return blob.Ref{}, fmt.Errorf("make a copy for the virus scanner: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	// A scanner that runs as a user of its own reads the copy too; the folder's other
	// users see as much of a file that is about to be taken in.
	if err := f.Chmod(0o644); err != nil {
		return blob.Ref{}, fmt.Errorf("show a copy to the virus scanner: %w", err)
	}
	if _, err := blob.Spool(ctx, f, r, most); err != nil {
		return blob.Ref{}, err
	}
	if err := s.look(ctx, f.Name()); err != nil {
		return blob.Ref{}, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return blob.Ref{}, fmt.Errorf("read a copy again: %w", err)
	}
	return s.Store.Put(ctx, f, most)
}

// look gives both answers of a scanner as ones that a person can be told, so that a form
// keeps what was typed beside the file.
func (s Store) look(ctx context.Context, file string) error {
	err := s.scanner.Look(ctx, file)
	if err == nil {
		return nil
	}
	s.logger.WarnContext(ctx, "a file was not taken in", slog.Any("error", err))
	if told, ok := errors.AsType[*errs.Error](err); ok {
		return told
	}
	return errs.New(errs.Invalid, i18n.BlobUnscanned).Because(err)
}

// Close ends the store behind the scanner, where it has an end.
func (s Store) Close() error {
	if c, ok := s.Store.(io.Closer); ok {
		return c.Close()
	}
	return nil
}
