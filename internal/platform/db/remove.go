package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strconv"
)

// ErrForeign is what [DB.Migrate] gives where the database holds tables of another
// program and none of ours.
var ErrForeign = errors.New("the database belongs to another program")

// ErrInUse is what [Remove] gives where another program has the file open.
var ErrInUse = errors.New("another program uses the database")

// refuseForeign looks whose database it is before anything is written into it.
func (d *DB) refuseForeign(ctx context.Context) error {
	if d.write == nil {
		return nil
	}
	var ours, others int
	if err := d.write.QueryRowContext(ctx, tablesOf(d.engine)).Scan(&ours, &others); err != nil {
		return fmt.Errorf("look whose database it is: %w", err)
	}
	if ours == 0 && others > 0 {
		return ErrForeign
	}
	return nil
}

// beside are the files that SQLite keeps beside a database.
func beside() []string { return []string{"-wal", "-shm"} }

// Remove deletes a file of SQLite that nobody has open. On some systems a file can be
// taken away from a program that writes into it, which would go on and lose everything.
func Remove(ctx context.Context, path string) error {
	if err := alone(ctx, path); err != nil {
		return err
	}
	for _, suffix := range append(beside(), "") {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove the database: %w", err)
		}
	}
	return nil
}

// alone fails where another program has the file open: only who is alone can take it
// out of WAL mode.
func alone(ctx context.Context, path string) error {
	one, err := pool("sqlite", "file:"+pathURL(path)+"?_pragma=busy_timeout(200)", 1)
	if err != nil {
		return err
	}
	defer one.Close() //nolint:errcheck // nothing was written
	var mode string
	err = one.QueryRowContext(ctx, "PRAGMA journal_mode=DELETE").Scan(&mode)
	if isBusy(err) {
		return ErrInUse
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("look whether the database is in use: %w", err)
	}
	return nil
}

// SetAside renames a file that cannot be read, and what stands beside it, and gives the
// new name: what a program cannot read it must not throw away.
func SetAside(path string) (string, error) {
	for n := 1; ; n++ {
		to := path + ".damaged-" + strconv.Itoa(n)
		if _, err := os.Lstat(to); !errors.Is(err, os.ErrNotExist) {
			continue
		}
		for _, suffix := range append(beside(), "") {
			if err := os.Rename(path+suffix, to+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
				return "", fmt.Errorf("set the damaged database aside: %w", err)
			}
		}
		return to, nil
	}
}
