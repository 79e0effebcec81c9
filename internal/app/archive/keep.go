package archive

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Keep writes the archive of a store to a file that is not there yet. Under its name it is
// whole: until its end it has another, and it is flushed to disk before it is renamed.
func Keep(ctx context.Context, s Store, path, program string, at time.Time, progress Progress) (Manifest, error) {
	if _, err := os.Lstat(path); err == nil {
		return Manifest{}, fmt.Errorf("keep an archive as %s: %w", path, fs.ErrExist)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return Manifest{}, fmt.Errorf("make the folder of archives: %w", err)
	}
	part := path + ".part"
	m, err := writeFileTo(ctx, s, part, program, at, progress)
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return m, errors.Join(fmt.Errorf("keep an archive: %w", err), removed(part))
	}
	return m, flushFolder(filepath.Dir(path))
}

func writeFileTo(ctx context.Context, s Store, path, program string, at time.Time, progress Progress) (Manifest, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // it holds everything about everyone
	if err != nil {
		return Manifest{}, err
	}
	m, err := Write(ctx, s, file, program, at, progress)
	if err == nil {
		err = file.Sync()
	}
	return m, errors.Join(err, file.Close())
}

func removed(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Name is what an archive is called by the moment at which it was made.
func Name(what string, at time.Time) string {
	return "nhanrong-" + what + at.Format("20060102-150405") + ".zip"
}

// RestoreFile is [Restore] from a file.
func RestoreFile(ctx context.Context, s Store, path string, progress Progress) (m Manifest, err error) {
	file, err := os.Open(path)
	if err != nil {
		return m, fmt.Errorf("open the archive: %w", err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	info, err := file.Stat()
	if err != nil {
		return m, fmt.Errorf("open the archive: %w", err)
	}
	return Restore(ctx, s, file, info.Size(), progress)
}

// flushFolder makes a new name in a folder outlive a loss of power. Windows does so by
// itself and cannot be asked to.
func flushFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("flush the folder of archives: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("flush the folder of archives: %w", err)
	}
	return nil
}
