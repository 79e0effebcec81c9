package archive

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Missing reads every file that a row speaks of and names those that are not there, or not
// as they were put in; all is how many there are.
func Missing(ctx context.Context, s Store, progress Progress) (all int, missing []File, err error) {
	named := map[string]int64{}
	tables, err := db.Tables(ctx, s.DB)
	if err != nil {
		return 0, nil, err
	}
	for _, t := range tables {
		if err := filesOf(ctx, s.DB, t, named); err != nil {
			return 0, nil, fmt.Errorf("list the files of %s: %w", t.Name, err)
		}
	}
	for i, hash := range slices.Sorted(maps.Keys(named)) {
		progress(i, len(named))
		f := File{SHA256: hash, Size: named[hash]}
		switch err := readWhole(ctx, s.Files, f); {
		case errors.Is(err, blob.ErrNotFound), errors.Is(err, blob.ErrDamaged), errors.Is(err, ErrDiffers):
			missing = append(missing, f)
		case err != nil:
			return len(named), missing, fmt.Errorf("read file %s: %w", hash, err)
		}
	}
	if len(named) > 0 {
		progress(len(named), len(named))
	}
	return len(named), missing, nil
}

// filesOf gathers the files that the rows of a table speak of.
func filesOf(ctx context.Context, q db.Querier, t db.Table, files map[string]int64) error {
	hash, size, ok := fileColumns(t)
	if !ok {
		return nil
	}
	return db.Each(ctx, q, func(row db.Row) error {
		var f File
		err := row.Scan(&f.SHA256, &f.Size)
		files[f.SHA256] = f.Size
		return err
	}, `SELECT DISTINCT `+hash+`, `+size+` FROM `+t.Name+` WHERE length(`+hash+`) = 64`)
}

// fileColumns tells in which columns a table names files: by convention by their content
// in file_hash beside file_size, or in sha256 beside size.
func fileColumns(t db.Table) (hash, size string, ok bool) {
	for _, pair := range [][2]string{{"file_hash", "file_size"}, {"sha256", "size"}} {
		if slices.Contains(t.Names(), pair[0]) && slices.Contains(t.Names(), pair[1]) {
			return pair[0], pair[1], true
		}
	}
	return "", "", false
}
