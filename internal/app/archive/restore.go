package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/ledger"
	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Open reads the manifest of an archive.
func Open(r io.ReaderAt, size int64) (*zip.Reader, Manifest, error) {
	var m Manifest
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, m, errors.Join(ErrNotArchive, err)
	}
	f, err := z.Open(manifestName)
	if err != nil {
		return nil, m, errors.Join(ErrNotArchive, err)
	}
	defer f.Close()
	if err := json.NewDecoder(io.LimitReader(f, maxManifest)).Decode(&m); err != nil {
		return nil, m, errors.Join(ErrNotArchive, err)
	}
	if m.Format > format {
		return nil, m, ErrNewer
	}
	return z, m, nil
}

const maxManifest = 1 << 28

// Restore reads an archive into an empty store, compares what stands there with what the
// archive says, ends the sessions that it brought, and brings it to the newest form. Where
// a row or the chain of the audit is wrong, no row is kept; facts and files are looked at
// last, in the newest form, and what is wrong with them is told of data that stay.
func Restore(ctx context.Context, s Store, r io.ReaderAt, size int64, progress Progress) (Manifest, error) {
	z, m, err := Open(r, size)
	if err != nil {
		return m, err
	}
	newest, err := db.Newest()
	if err != nil {
		return m, err
	}
	if m.Schema > newest {
		return m, ErrNewer
	}
	if err := untouched(ctx, s.DB, m.Schema); err != nil {
		return m, err
	}
	if err := s.DB.MigrateTo(ctx, m.Schema); err != nil {
		return m, err
	}
	if err := putFiles(ctx, s.Files, z, m.Files); err != nil {
		return m, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		tables, err := emptied(ctx, tx, m)
		if err != nil {
			return err
		}
		done := 0
		for i, list := range m.Tables {
			if err := readTable(ctx, tx, z, list); err != nil {
				return fmt.Errorf("read table %s: %w", list.Name, err)
			}
			if err := compare(ctx, tx, tables[i], list); err != nil {
				return err
			}
			done += list.Rows
			progress(done, m.Rows())
		}
		if err := whole(ctx, tx, m); err != nil {
			return err
		}
		// Who was signed in when the archive was made may have been shut out since.
		_, err = db.Exec(ctx, tx, `DELETE FROM identity_session`)
		return err
	})
	if err != nil {
		return m, err
	}
	if err := s.DB.Migrate(ctx); err != nil {
		return m, err
	}
	if err := s.DB.Optimise(ctx); err != nil {
		return m, err
	}
	return m, sound(ctx, s, m)
}

// untouched refuses a database in which somebody has done something, before anything in
// it is changed, and one whose tables are newer than the archive.
func untouched(ctx context.Context, d *db.DB, schema int) error {
	have, err := d.SchemaVersion(ctx)
	if err != nil || have == 0 {
		return err
	}
	records, _, err := audit.Last(ctx, d)
	switch {
	case err != nil:
		return err
	case records > 0:
		return ErrNotEmpty
	case have > schema:
		return ErrOpened
	}
	return nil
}

// whole looks at the chain of the audit.
func whole(ctx context.Context, q db.Querier, m Manifest) error {
	v, err := audit.Verify(ctx, q)
	if err != nil {
		return err
	}
	if v.Broken != 0 || v.Records != m.Records || v.Head != m.Head {
		return fmt.Errorf("%w: the audit ends at record %d (%s)", ErrDiffers, v.Records, v.Head)
	}
	return nil
}

// emptied takes out what migrations put in, where nobody has done anything yet, and gives
// the tables in the order of the manifest.
func emptied(ctx context.Context, tx *db.Tx, m Manifest) ([]db.Table, error) {
	records, _, err := audit.Last(ctx, tx)
	if err != nil {
		return nil, err
	}
	if records > 0 {
		return nil, ErrNotEmpty
	}
	tables, err := db.Tables(ctx, tx)
	if err != nil {
		return nil, err
	}
	if len(tables) != len(m.Tables) {
		return nil, fmt.Errorf("%w: %d tables instead of %d", ErrDiffers, len(tables), len(m.Tables))
	}
	for i, t := range slices.Backward(tables) {
		if t.Name != m.Tables[i].Name || !slices.Equal(t.Names(), m.Tables[i].Names()) {
			return nil, fmt.Errorf("%w: the columns of table %s", ErrDiffers, t.Name)
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM `+t.Name); err != nil {
			return nil, err
		}
	}
	return tables, nil
}

// batch is how many rows are inserted at once.
const batch = 500

// maxLine bounds one row: an article with its text is the longest by far.
const maxLine = 16 << 20

func readTable(ctx context.Context, tx *db.Tx, z *zip.Reader, list List) error {
	f, err := z.Open(listFolder + list.Name + ".jsonl")
	if err != nil {
		return errors.Join(ErrNotArchive, err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 0, 1<<16), maxLine)
	head := `INSERT INTO ` + list.Name + ` (` + strings.Join(list.Names(), ", ") + `) VALUES `
	rows := make([][]any, 0, batch)
	for lines.Scan() {
		row, err := readRow(list.Table, lines.Bytes())
		if err != nil {
			return err
		}
		if rows = append(rows, row); len(rows) == batch {
			if err := db.InsertAll(ctx, tx, head, "", rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
	}
	if err := lines.Err(); err != nil {
		return errors.Join(ErrNotArchive, err)
	}
	return db.InsertAll(ctx, tx, head, "", rows)
}

func readRow(t db.Table, line []byte) ([]any, error) {
	var values []json.RawMessage
	if err := json.Unmarshal(bytes.TrimSpace(line), &values); err != nil || len(values) != len(t.Columns) {
		return nil, errors.Join(ErrNotArchive, err)
	}
	row := make([]any, len(values))
	for i, v := range values {
		var err error
		if row[i], err = argument(t.Columns[i].Kind, v); err != nil {
			return nil, errors.Join(ErrNotArchive, err)
		}
	}
	return row, nil
}

// compare writes a table once more, to nowhere: it must give what the archive says.
func compare(ctx context.Context, q db.Querier, t db.Table, want List) error {
	got, err := writeTable(ctx, q, t, io.Discard, func([]cell) {})
	if err != nil {
		return err
	}
	if got.Rows != want.Rows || got.SHA256 != want.SHA256 {
		return fmt.Errorf("%w: table %s has %d rows (%s), the archive says %d (%s)", ErrDiffers, t.Name, got.Rows, got.SHA256, want.Rows, want.SHA256)
	}
	return nil
}

func putFiles(ctx context.Context, to blob.Store, z *zip.Reader, files []File) error {
	for _, f := range files {
		if err := putFile(ctx, to, z, f); err != nil {
			return fmt.Errorf("restore file %s: %w", f.SHA256, err)
		}
	}
	return nil
}

func putFile(ctx context.Context, to blob.Store, z *zip.Reader, f File) error {
	if !blob.Valid(f.SHA256) {
		return ErrNotArchive
	}
	r, err := z.Open(fileFolder + f.SHA256)
	if err != nil {
		return errors.Join(ErrNotArchive, err)
	}
	defer r.Close()
	ref, err := to.Put(ctx, r, f.Size)
	if err != nil {
		return err
	}
	if ref.SHA256 != f.SHA256 || ref.Size != f.Size {
		return ErrDiffers
	}
	return nil
}

// sound looks at what was restored, in its newest form: the facts that follow from the
// acts, and every file.
func sound(ctx context.Context, s Store, m Manifest) error {
	if err := ledger.Renew(ctx, s.DB); err != nil {
		return err
	}
	stale, err := ledger.Stale(ctx, s.DB)
	if err != nil {
		return err
	}
	if len(stale) > 0 {
		return fmt.Errorf("%w: %d facts do not follow from their acts, the first is of %s", ErrUnsound, len(stale), stale[0])
	}
	for _, f := range m.Files {
		if err := readWhole(ctx, s.Files, f); err != nil {
			return fmt.Errorf("file %s: %w", f.SHA256, err)
		}
	}
	return nil
}

func readWhole(ctx context.Context, from blob.Store, f File) error {
	r, err := from.Open(ctx, blob.Ref{SHA256: f.SHA256, Size: f.Size})
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // it was only read
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		return ErrDiffers
	}
	return nil
}
