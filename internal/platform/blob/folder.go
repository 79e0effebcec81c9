package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/clock"
)

// Folder keeps files in a folder: ab/cd/abcd…, two levels of folders so that none grows
// long. A file is written beside them, in "incoming", and takes its place by a rename when
// it is whole and on the disk.
type Folder struct {
	root *os.Root
	now  clock.Clock
	// placing lets no file be swept while it is put once more; between processes only
	// its age protects it, which is read again just before it is removed.
	placing sync.Mutex
}

const incoming = "incoming"

// OpenFolder opens a folder of files, and makes it where there is none.
func OpenFolder(dir string, now clock.Clock) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("make the folder of files: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of files: %w", err)
	}
	f := &Folder{root: root, now: now}
	if err := f.mkdir(incoming); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return f, nil
}

// Close lets go of the folder.
func (f *Folder) Close() error { return f.root.Close() }

// place is the path of a file below the folder.
func place(sha string) string { return path.Join(sha[:2], sha[2:4], sha) }

// Put keeps a file.
func (f *Folder) Put(ctx context.Context, r io.Reader, most int64) (Ref, error) {
	name := path.Join(incoming, rand.Text())
	out, err := f.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
	if err != nil {
		return Ref{}, fmt.Errorf("begin a file: %w", err)
	}
	ref, err := Spool(ctx, out, r, most)
	if err == nil {
		err = out.Sync()
	}
	err = errors.Join(err, out.Close())
	if err == nil {
		err = f.settle(name, ref)
	}
	if err != nil {
		if left := f.remove(name); left != nil && !errors.Is(left, fs.ErrNotExist) {
			err = errors.Join(err, left)
		}
		return Ref{}, err
	}
	return ref, nil
}

// settle gives a whole file its place, or finds that it has it by now.
func (f *Folder) settle(name string, ref Ref) error {
	f.placing.Lock()
	defer f.placing.Unlock()
	at := place(ref.SHA256)
	if f.sound(at, ref) {
		if err := f.root.Chtimes(at, time.Time{}, f.now()); err != nil {
			return fmt.Errorf("renew a file: %w", err)
		}
		return f.remove(name)
	}
	if err := errors.Join(f.mkdir(path.Dir(path.Dir(at))), f.mkdir(path.Dir(at))); err != nil {
		return err
	}
	if err := f.root.Chtimes(name, time.Time{}, f.now()); err != nil {
		return fmt.Errorf("date a file: %w", err)
	}
	if err := f.root.Rename(name, at); err != nil { // a link or a damaged file there is replaced, not followed
		return fmt.Errorf("put a file in its place: %w", err)
	}
	return f.sync(path.Dir(at))
}

// remove takes a file away. Windows removes below an open folder by a call that some file
// systems, and Wine, answer with "Invalid function"; the plain call is known to all.
func (f *Folder) remove(name string) error {
	err := f.root.Remove(name)
	if err == nil || errors.Is(err, fs.ErrNotExist) || runtime.GOOS != "windows" {
		return err
	}
	return os.Remove(filepath.Join(f.root.Name(), filepath.FromSlash(name)))
}

// sound tells whether the file is there and is what its name says.
func (f *Folder) sound(at string, ref Ref) bool {
	in, err := f.open(at, ref)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, Verify(in, ref))
	return errors.Join(err, in.Close()) == nil
}

// Open reads a file.
func (f *Folder) Open(_ context.Context, ref Ref) (io.ReadCloser, error) {
	if !Valid(ref.SHA256) {
		return nil, ErrNotFound
	}
	in, err := f.open(place(ref.SHA256), ref)
	if err != nil {
		return nil, err
	}
	return Verify(in, ref), nil
}

// open opens a regular file of the right size, and follows no link.
func (f *Folder) open(at string, ref Ref) (*os.File, error) {
	named, err := f.root.Lstat(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("look for a file: %w", err)
	}
	if !named.Mode().IsRegular() || named.Size() != ref.Size {
		return nil, ErrDamaged
	}
	in, err := f.root.Open(at)
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", err)
	}
	if opened, err := in.Stat(); err != nil || !os.SameFile(named, opened) {
		return nil, errors.Join(ErrDamaged, err, in.Close())
	}
	return in, nil
}

// mkdir makes one folder where there is none, so that it outlives a loss of power.
func (f *Folder) mkdir(dir string) error {
	err := f.root.Mkdir(dir, 0o750)
	if errors.Is(err, fs.ErrExist) {
		if there, err := f.root.Lstat(dir); err != nil || !there.IsDir() {
			return errors.Join(fmt.Errorf("%s in the folder of files is no folder", dir), err)
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("make a folder for files: %w", err)
	}
	return f.sync(path.Dir(dir))
}

// sync writes the entries of a folder to the disk.
func (f *Folder) sync(dir string) error {
	if runtime.GOOS == "windows" { // folders cannot be written out there; NTFS keeps a journal of them
		return nil
	}
	d, err := f.root.Open(dir)
	if err != nil {
		return fmt.Errorf("open a folder of files: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("write a folder of files: %w", err)
	}
	return nil
}

// Sweep removes orphans, and what a writer that died has left in "incoming".
func (f *Folder) Sweep(ctx context.Context, before time.Time, kept Kept) (int, error) {
	var old, left []string
	err := fs.WalkDir(f.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !info.Mode().IsRegular() || !info.ModTime().Before(before) {
			return err
		}
		switch base := path.Base(name); {
		case path.Dir(name) == incoming:
			left = append(left, name)
		case Valid(base) && place(base) == name:
			old = append(old, base)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("look through the files: %w", err)
	}
	orphans, err := Orphans(ctx, old, kept)
	if err != nil {
		return 0, err
	}
	removed := 0
	for _, sha := range orphans {
		left = append(left, place(sha))
	}
	for _, name := range left {
		gone, err := f.discard(name, before)
		if err != nil {
			return removed, err
		}
		removed += gone
	}
	return removed, nil
}

// discard removes a file, unless it was put once more meanwhile.
func (f *Folder) discard(name string, before time.Time) (int, error) {
	f.placing.Lock()
	defer f.placing.Unlock()
	info, err := f.root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look at an orphan: %w", err)
	}
	if !info.ModTime().Before(before) {
		return 0, nil
	}
	if err := f.remove(name); err != nil {
		return 0, fmt.Errorf("remove an orphan: %w", err)
	}
	return 1, nil
}
