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
	part, m, err := writeBeside(ctx, s, path, program, at, progress)
	if err == nil {
		err = settle(part, path)
	}
	if err != nil {
		return m, errors.Join(fmt.Errorf("keep an archive: %w", err), removed(part))
	}
	return m, errors.Join(clearAway(filepath.Dir(path), at), flushFolder(filepath.Dir(path)))
}

// writeBeside writes an archive into a new file beside its place and gives the file's name.
func writeBeside(ctx context.Context, s Store, path, program string, at time.Time, progress Progress) (string, Manifest, error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*"+unfinished) // for its owner alone: it holds everything about everyone
	if err != nil {
		return "", Manifest{}, err
	}
	m, err := Write(ctx, s, file, program, at, progress)
	if err == nil {
		err = file.Sync()
	}
	return file.Name(), m, errors.Join(err, file.Close())
}

// settle gives a whole archive its name, unless another was quicker to take it.
func settle(part, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fs.ErrExist
	}
	return os.Rename(part, path)
}

// unfinished ends the name of an archive that is not whole yet, or never will be.
const unfinished = ".part"

// clear takes away what archives left of which the machine died a day ago or earlier.
func clearAway(folder string, now time.Time) error {
	all, err := filepath.Glob(filepath.Join(folder, "nhanrong-*.zip.*"+unfinished))
	if err != nil {
		return err
	}
	for _, left := range all {
		info, err := os.Stat(left)
		if err == nil && now.Sub(info.ModTime()) > 24*time.Hour {
			err = removed(left)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("clear away half an archive: %w", err)
		}
	}
	return nil
}

func removed(path string) error {
	if path == "" {
		return nil
	}
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
